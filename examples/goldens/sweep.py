#!/usr/bin/env python3
"""
Tries every key of every family's configuration class: a folder per value, with what transformers computes when it reads
that config.json.

    python sweep.py OUT [--only FAMILY ...] [--random N]
    mvn -pl engine test -Dtest=GoldenModelTest -Dvitrine.goldens=OUT

A key without an entry in config_keys.py ends the run, so that a new version of transformers shows what is new. A folder has
reference.safetensors where transformers reads the setting, refused.txt, with what the message must contain, where Vitrine
must refuse it, and unread.txt, with its words, where transformers itself fails. Needs torch, transformers 5 and
safetensors; no network, no accelerator, five minutes.
"""
import argparse
import dataclasses
import hashlib
import json
import random
import shutil
from pathlib import Path

import config_keys
from capture import Trace
from config_keys import ABSENT, FAMILIES, SIZES, Refused
from regenerate import LAYOUTS, SHOWN, draw_weights, kept, print_versions, save_file, torch, transformers, write_json
from variants import IDS

LENGTHS = (1, 5, 12)         # the last is beyond the positions that dynamic and longrope scalings were trained on
SCALES = {"query|key|[qk]_(proj|lin)": 0.4}


def config_json(family, settings):
    """Neither more nor less than these keys: what is absent has to be understood as transformers understands it."""
    config = {"model_type": family.model_type, "architectures": [family.head]} | family.base | settings
    return {key: value for key, value in config.items() if value is not ABSENT}


def draw(kind, folder):
    """Weights for the config.json in the folder, in the class that is asked for."""
    model = draw_weights(kind(transformers.AutoConfig.from_pretrained(folder)), "sweep", SCALES)
    for matrix in model.parameters():       # the wide ones of default sizes would make large numbers, and large errors of rounding
        if matrix.dim() == 2 and matrix.shape[1] > 64:
            matrix.data *= (16 / matrix.shape[1]) ** 0.5
    scratch = folder / "scratch"
    model.save_pretrained(scratch)
    shutil.move(scratch / "model.safetensors", folder / "model.safetensors")
    shutil.rmtree(scratch)


def read(kind, folder):
    model, report = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    if report["missing_keys"] or report["mismatched_keys"]:
        raise ValueError(f"not in the file: {report}")
    model.config.use_cache, model.config.return_dict = False, True
    return model.eval()


def reference(model, lengths):
    layout = LAYOUTS[model.config.model_type](model.config)
    tensors = {}
    for index, length in enumerate(lengths):
        trace = Trace(model, layout, torch.tensor([IDS[:length]]))
        if not type(model).__name__.endswith(("ForMaskedLM", "ForCausalLM", "LMHeadModel")):        # scores of a classifier
            trace.logits = None
        if model.config.chunk_size_feed_forward:        # the neurons come in pieces
            trace["mlp_act"].clear()
        tensors |= kept(trace, index, SHOWN)
    if not all(torch.isfinite(tensor).all() for tensor in tensors.values()):
        raise ValueError("not finite")
    return tensors


def write(family, name, settings, out, change=None):
    """One folder. Returns how it came out: compared, refused, or what transformers says against it."""
    home = out / family.model_type / name
    folder = home / "model"
    folder.mkdir(parents=True)
    config = config_json(family, settings)
    write_json(home / "prompts.json", [{"ids": IDS[:length]} for length in LENGTHS])
    refused = next((value.needle for value in settings.values() if isinstance(value, Refused)), None)
    config = {key: value.value if isinstance(value, Refused) else value for key, value in config.items()}
    plain = config_json(family, {})
    drawn = plain if refused else config
    try:
        (folder / "config.json").write_text(json.dumps(drawn))
        kind = getattr(transformers, drawn["architectures"][0])
        draw(kind, folder)
        (folder / "config.json").write_text(json.dumps(config))
        if change:
            change(folder)
        if refused:
            (home / "refused.txt").write_text(refused)
            return "refused"
        save_file(reference(read(kind, folder), LENGTHS), home / "reference.safetensors")
        return "compared"
    except Exception as e:       # whatever keeps transformers from running it
        if not (folder / "model.safetensors").exists():
            shutil.rmtree(folder / "scratch", ignore_errors=True)
            (folder / "config.json").write_text(json.dumps(plain))
            draw(getattr(transformers, family.head), folder)
            (folder / "config.json").write_text(json.dumps(config))
        (home / "unread.txt").write_text(str(e))
        return f"{type(e).__name__}: {' '.join(str(e).split())[:150]}"


def label(key, value):
    shown = "absent" if value is ABSENT else json.dumps(value.value if isinstance(value, Refused) else value)
    plain = "".join(c if c.isalnum() or c in "._-" else "_" for c in f"{key}={shown}")
    return plain if len(plain) < 60 else plain[:50] + hashlib.sha256(shown.encode()).hexdigest()[:6]


def fields(family):
    config = getattr(transformers, family.name + "Config")
    return [field.name for field in dataclasses.fields(config)] + list(config_keys.OLDER)


def singly(family):
    """Every key on its own, the keys of other families among them."""
    aliases = getattr(transformers, family.name + "Config").attribute_map       # names of one thing that contradict each other
    for key in dict.fromkeys(fields(family) + list(family.values)):
        if key in config_keys.NOT_TRIED:
            continue
        for settings in family.tried(key):
            yield "+".join(label(*item) for item in settings.items()), settings
    own = set(fields(family))
    for key, value in config_keys.FOREIGN.items():
        if key in aliases:
            yield "alias-" + label(key, value), {key: Refused(value, key)}
        elif key not in own | family.values.keys():
            yield "foreign-" + label(key, value), {key: value}


def together(family, count):
    """Random choices of several keys at once."""
    dice = random.Random(family.model_type)
    left_out = lambda key, value: isinstance(value, Refused) or value is ABSENT and key in SIZES or key == "is_causal"
    choices = [settings for name, settings in singly(family)
               if not name.startswith("foreign") and not any(left_out(*item) for item in settings.items())]
    for index in range(count):
        settings = {}
        for chosen in dice.sample(choices, dice.randint(2, 6)):
            settings |= chosen
        rope = settings.get("rope_scaling") or settings.get("rope_parameters")
        if "dynamic" not in str(rope) and settings.get("max_position_embeddings") == 5:     # of a choice that is no longer there
            del settings["max_position_embeddings"]
        yield f"random-{index}", settings


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0].strip())
    options.add_argument("out", type=Path, help="an empty or new folder")
    options.add_argument("--only", nargs="+", metavar="FAMILY", help="these only")
    options.add_argument("--random", type=int, default=40, metavar="N", help="combinations per family")
    chosen = options.parse_args()
    print_versions()
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    total = {}
    for family in FAMILIES:
        if chosen.only and family.model_type not in chosen.only:
            continue
        folders = list(singly(family)) + list(together(family, chosen.random)) + list(config_keys.files(family))
        counts = {}
        for name, settings, *change in folders:
            outcome = write(family, name, settings, chosen.out, *change)
            if outcome not in ("compared", "refused"):
                print(f"{family.model_type}/{name}: {outcome}")
                outcome = "transformers refuses"
            counts[outcome] = counts.get(outcome, 0) + 1
        print(f"{family.model_type}: {counts}", flush=True)
        total = {outcome: total.get(outcome, 0) + counts.get(outcome, 0) for outcome in total | counts}
    print(total)


if __name__ == "__main__":
    main()
