#!/usr/bin/env python3
"""
Writes the golden models and their reference activations.

    python regenerate.py [--out DIR] [--only FOLDER ...]

Needs torch, transformers 5, tokenizers and safetensors; no network, no accelerator, ten seconds. Every folder is
checked (checks.py), and the first thing that does not hold ends the run. README.md beside the models says what the
files are.
"""
import argparse
import gzip
import json
import os
import re
import shutil
import sys
import zipfile
import zlib
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import safetensors
import tokenizers
import torch
import transformers
from safetensors.torch import save_file

import corpus
from capture import PER_LAYER, Trace
from checks import Checks, describe, expected_attention
from families import FAMILIES, LAYOUTS, VOCABULARIES, VOCABULARY_SIZES

GOLDENS = Path(__file__).resolve().parents[2] / "engine/src/test/resources/goldens"
SHOWN = ["q", "k", "attention", "mlp_act", "resid_post"]      # of a model whose family has a whole reference
LINEAR, EMBEDDING, NORM, BIAS = 0.3, 0.5, 0.2, 0.2


def draw_weights(model, seed, scales):
    """
    Fills every parameter with normal numbers, larger than a fresh model has, so that attention is far from uniform.
    Each parameter has its own stream, named after seed and parameter, so variants of a model share their weights.
    """
    owners = dict(model.named_modules())
    prefix = model.base_model_prefix + "."
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            stream = torch.Generator().manual_seed(zlib.crc32(f"{seed}/{name.removeprefix(prefix)}".encode()))
            noise = torch.randn(parameter.shape, generator=stream)
            path, _, part = name.rpartition(".")
            owner = type(owners[path]).__name__
            centre = 0.0
            if part.endswith("bias"):
                scale = BIAS
            elif "Norm" in owner:
                centre, scale = (0.0 if owner.startswith("Gemma") else 1.0), NORM      # Gemma's norms add the 1
            elif "Embedding" in owner:
                scale = EMBEDDING
            else:
                scale = next((value for key, value in scales.items() if re.search(key, name)), LINEAR)
            parameter.copy_(centre + scale * noise)
    model.tie_weights()
    return model.eval()


def longest_prefix(tokenizer, text, length):
    """The longest beginning of `text` that has `length` tokens, special ones included (or as near below as can be)."""
    fitting = [text[:end] for end in range(1, len(text) + 1)
               if len(tokenizer.encode(text[:end]).ids) <= length and not text[end - 1].isspace()]
    return max(fitting, key=lambda prefix: (len(tokenizer.encode(prefix).ids), len(prefix)))


def choose_prompts(tokenizer):
    """Two prompts: one token besides the special ones, and one of odd length with strange characters and repeats."""
    single = next(text for text in corpus.SINGLE if len(tokenizer.encode(text, add_special_tokens=False).ids) == 1)
    encodings = [(text, tokenizer.encode(text)) for text in (single, longest_prefix(tokenizer, corpus.MIXED, corpus.LONGEST))]
    return [{"text": text, "ids": e.ids, "tokens": vocabulary_entries(tokenizer, e.ids), "special": e.special_tokens_mask}
            for text, e in encodings]


def vocabulary_entries(tokenizer, ids):
    """What transformers' convert_ids_to_tokens gives; `tokens` of a Unigram encoding has the text of unknown pieces."""
    return [tokenizer.id_to_token(i) for i in ids]


def configure(family, tokenizer):
    ids = {f"{role}_token_id": getattr(tokenizer, f"{role}_token_id") for role in ("bos", "eos", "pad")}
    return family.config(vocab_size=len(tokenizer), **{k: v for k, v in ids.items() if v is not None or k != "pad"},
                         **family.settings)


def write_model(family, folder):
    """Saves model and tokenizer; returns the tokenizer and the weights as they went into the file."""
    learned = () if family.whole else (corpus.SMALL_CORPUS, VOCABULARY_SIZES[family.vocabulary])
    tokenizer = VOCABULARIES[family.vocabulary](*learned)
    model = family.model(configure(family, tokenizer))
    draw_weights(model, family.seed or family.folder, family.scales)
    for parameter in model.parameters():        # not model.to(): it would round the rotary frequencies as well
        parameter.data = parameter.data.to(getattr(torch, family.dtype))
    model.save_pretrained(folder, max_shard_size=family.shard_size)
    tokenizer.save_pretrained(folder)
    for change in family.after_saving:
        change(folder)
    return tokenizer, model.float()


def read_model(kind, folder):
    """The folder as transformers reads it, in float32, with the attention that can be looked at."""
    model, report = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager",
                                         output_loading_info=True)
    if report["missing_keys"] or report["mismatched_keys"]:
        raise AssertionError(f"{folder}: {report}")
    model.config.use_cache = False
    return model.eval()


def without_prefix(model):
    return {name.removeprefix(model.base_model_prefix + "."): tensor for name, tensor in model.state_dict().items()}


def write_golden(family, out):
    """One folder: model/, prompts.json, reference.safetensors. Returns its checks."""
    home, checks = out / family.folder, Checks(family.folder)
    shutil.rmtree(home, ignore_errors=True)
    tokenizer, written = write_model(family, home / "model")
    model = read_model(family.reader or family.model, home / "model")
    before, after = without_prefix(written), without_prefix(model)
    checks.true("weights survive saving", all(torch.equal(before[name], after[name]) for name in before))
    prompts = choose_prompts(tokenizer.backend_tokenizer)
    layout = LAYOUTS[model.config.model_type](model.config)

    tensors = {}
    for index, prompt in enumerate(prompts):
        ids = torch.tensor([prompt["ids"]])
        trace = Trace(model, layout, ids)
        q = trace["q"]
        attentions = [expected_attention(model.config, layer, q[layer].shape[-1]) for layer in range(len(q))]
        with torch.no_grad():
            plain = model(ids, output_attentions=True, output_hidden_states=True)
        checks.trace(trace, plain, attentions)
        if trace.logits is not None and type(written) is type(model):
            written.config._attn_implementation = "eager"
            with torch.no_grad():
                checks.close("logits before and after saving", written(ids).logits[0], trace.logits)
        tensors |= kept(trace, index, ["attention", "resid_post"] if index == 0 else SHOWN if family.seed else PER_LAYER)
    checks.tokens(home / "model", prompts)
    checks.lively(trace, attentions)            # on the longest prompt

    header = {"family": family.folder, "model_type": model.config.model_type, "transformers": transformers.__version__,
              "torch": torch.__version__.split("+")[0], "tokenizers": tokenizers.__version__,
              "class": type(model).__name__, "layers": str(len(q)), "heads": str(q[0].shape[0]),
              "kv_heads": str(trace["k"][0].shape[0]), "d_head": str(q[0].shape[2]),
              "d_model": str(trace["resid_pre"][0].shape[1]), "d_mlp": str(trace["mlp_act"][0].shape[1]),
              "norms": layout.placement, "weights_dtype": family.dtype, **describe(attentions),
              "rope": json.dumps(getattr(model.config, "rope_parameters", None))}
    save_file(tensors, home / "reference.safetensors", metadata=header)
    sort_header(home / "reference.safetensors")
    compress(home / "reference.safetensors")
    write_json(home / "prompts.json", prompts)
    compact(home / "model")
    checks.prompts = prompts
    return checks


def kept(trace, prompt, hooks):
    """
    What the reference holds of a prompt: the first residual stream, attention of every layer, these hooks of the last one.
    What is wrong in an earlier layer is wrong in the last.
    """
    last = len(trace["q"]) - 1
    whole = {"final": trace.final, "logits": trace.logits, "pooled": trace.pooled}
    found = {f"p{prompt}.l{last}.{name}": trace[name][last] for name in hooks if trace[name]}
    found |= {f"p{prompt}.l{layer}.attention": trace["attention"][layer] for layer in range(last)}
    found[f"p{prompt}.l0.resid_pre"] = trace["resid_pre"][0]
    found |= {f"p{prompt}.{name}": tensor for name, tensor in whole.items() if tensor is not None}
    return {name: tensor.contiguous() for name, tensor in found.items()}


def write_json(path, content):
    """One line to an element of the outermost list; files of other shapes in one line."""
    row = lambda element: json.dumps(element, ensure_ascii=False, separators=(",", ":"))
    text = "[\n" + ",\n".join(map(row, content)) + "\n]" if isinstance(content, list) else row(content)
    path.write_text(text + "\n", encoding="utf-8")


def compact(model):
    """Leaves out what is not read, and line breaks."""
    for unread in ("generation_config.json", "tokenizer_config.json"):
        (model / unread).unlink(missing_ok=True)
    for spread in (model / "tokenizer.json", model / "config.json"):
        if spread.exists():
            write_json(spread, json.loads(spread.read_text(encoding="utf-8")))


def compress(path):
    """The same content is the same file: without name and time."""
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    path.unlink()


def pack(folder, name):
    """Folders of small files as one: gzipped as a whole, as they have more in common than each in itself."""
    path = GOLDENS / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*"), key=lambda file: (file.name, file)):       # like beside like
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix())
                archive.writestr(entry, file.read_bytes())
    compress(path)


def sort_header(path):
    """safetensors writes its metadata in random order; in sorted order the same reference is the same file."""
    content = path.read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8:end]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(len(header).to_bytes(8, "little") + header + content[end:])


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def write_all(chosen, out):
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    print("| folder | tokens | attention | z | proj | residual | rotary | reload | entropy | kB |\n"
          "|---|---|---|---|---|---|---|---|---|---|")
    for family in chosen:
        checks = write_golden(family, out)
        shown = ["softmax(scale q.k) = attention", "z = attention . v", "projection(z)", "residual sums", "rotary",
                 "logits before and after saving"]
        errors = " | ".join(f"{checks.errors[name]:.0e}" if name in checks.errors else "" for name in shown)
        lengths = " ".join(str(len(prompt["ids"])) for prompt in checks.prompts)
        entropy = "{:.2f}–{:.2f}".format(*checks.entropy)
        print(f"| {family.folder} | {lengths} | {errors} | {entropy} | {size(out / family.folder) // 1000} |", flush=True)
    print(f"\n{sum(size(out / family.folder) for family in chosen) / 1e6:.2f} MB in {out.name}")


def print_versions():
    for library in (torch, transformers, tokenizers, safetensors):
        print(library.__name__, library.__version__)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0].strip())
    options.add_argument("--out", type=Path, default=GOLDENS, help="where the folders go")
    options.add_argument("--only", nargs="+", metavar="FOLDER", help="write these folders only")
    chosen = options.parse_args()
    print_versions()
    write_all([f for f in FAMILIES if not chosen.only or f.folder in chosen.only], chosen.out)


if __name__ == "__main__":
    main()
