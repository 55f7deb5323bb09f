#!/usr/bin/env python3
"""
Writes what methods of interpretability give on the golden models bert and gpt2, which `udfs` is tested with.

    python methods.py [--out DIR]

Needs torch, transformers 5, numpy, safetensors; no network, no accelerator, ten seconds. The models run in float64, what
is written is float32 (int64 for token ids). README.md beside the files says what the tensors are.
"""
import argparse
import random
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors.torch import save_file

from capture import Trace
from families import LAYOUTS
from regenerate import GOLDENS, print_versions, sort_header, write_json

TARGET = GOLDENS.parents[4] / "udfs/src/test/resources/goldens"
TEXTS = ["a", "The cat sat by", "Né 😺 猫", "It rained for seven days, and the cat"]
CONSTANTS = [0.2, 0.4, 0.8, 1.0, 1 / 0.8, 1 / 0.4, 1 / 0.2]
PERIOD, COPIES, TOP, PERCENTILE = 5, 3, 10, 25
# Of which prompts the tests read what; prompt 4 is the repeated block.
READ = {"norm": (1, 4), "lens": (1, 3)} | dict.fromkeys(("l0", "l1", "l2", "rollout", "head"), (1, 2, 3, 4))


class Model:
    """One of the two in float64, its matrices the way vectors are multiplied with them: row · matrix."""

    def __init__(self, family):
        folder = GOLDENS / family / "model"
        kind = {"bert": transformers.BertForMaskedLM, "gpt2": transformers.GPT2LMHeadModel}[family]
        self.hf = kind.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
        self.hf.config.use_cache = False
        self.tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
        self.layout = LAYOUTS[family](self.hf.config)
        self.U = self.hf.get_output_embeddings().weight.T
        blocks = self.hf.bert.encoder.layer if family == "bert" else self.hf.transformer.h
        matrix = lambda block, path: block.get_submodule(path).weight.T if family == "bert" else block.get_submodule(path).weight
        self.W_O = [matrix(block, self.layout.attn_proj) for block in blocks]
        self.W_out = [matrix(block, self.layout.down) for block in blocks]

    def run(self, ids):
        return Trace(self.hf, self.layout, torch.tensor([ids]))

    def head(self, x):
        return self.hf.cls(x) if hasattr(self.hf, "cls") else self.hf.lm_head(self.hf.transformer.ln_f(x))


def top(scores):
    values, order = torch.sort(scores, descending=True, stable=True, dim=-1)
    return values[..., :TOP], order[..., :TOP].contiguous()


def mixing(model, trace):
    """Rollout, and how long the vectors are that attention moves."""
    found, rolled = {}, None
    for l, (a, v, x) in enumerate(zip(trace["attention"], trace["v"], trace["resid_pre"])):
        eye = torch.eye(len(x), dtype=a.dtype)
        step = (a.mean(0) + eye) / (a.mean(0) + eye).sum(-1, keepdim=True)
        rolled = step if rolled is None else step @ rolled
        moved = torch.einsum("hqk,hkd->qkd", a, v @ model.W_O[l].view(len(v), -1, x.shape[1]))
        found |= {f"l{l}.attention": a, f"rollout.attention.l{l}": rolled, f"norm.n.l{l}": moved.norm(dim=-1),
                  f"norm.res.l{l}": (moved + eye[..., None] * x[:, None]).norm(dim=-1)}
    return found


def heads(trace):
    a = torch.stack(trace["attention"])
    gap = (torch.arange(a.shape[-1])[:, None] - torch.arange(a.shape[-1])).abs()
    return {"head.entropy": -(a * a.clamp_min(1e-300).log()).sum(-1).mean(-1),
            "head.distance": (a * gap).sum(-1).mean(-1)}


def repeats(trace, first):
    """Of a block repeated from position `first` on."""
    a, rows = torch.stack(trace["attention"]), range(first + PERIOD, first + COPIES * PERIOD)
    at = lambda offset: torch.stack([a[..., q, q + offset] for q in rows]).mean(0)
    prefix = [sum(a[..., q, k + 1] for k in range(q - PERIOD, first - 1, -PERIOD)) for q in rows]
    return {"head.previous.inrange": at(-1), "head.duplicate.inrange": at(-PERIOD), "head.induction.inrange": at(1 - PERIOD),
            "head.previous.diagonal": a.diagonal(-1, -2, -1).mean(-1), "head.prefix": torch.stack(prefix).mean(0)}


def pearson(x, y, w):
    mean = lambda v: (w * v).sum() / w.sum()
    covariance = lambda u, v: mean((u - mean(u)) * (v - mean(v)))
    return covariance(x, y) / np.sqrt(covariance(x, x) * covariance(y, y))


def distances(traces, causal):
    """How q·k and the distance of q/c and k·c go together, [layer, head, c]."""
    layers, count = len(traces[0]["q"]), len(traces[0]["q"][0])
    names = ["unweighted", "report.percentile25"] + ["unweighted.causal"] * causal
    found = {name: np.zeros((layers, count, len(CONSTANTS))) for name in ["threshold", *names]}
    for l, h, n in np.ndindex(found["threshold"].shape):
        q, k = ([t[name][l][h].numpy() for t in traces] for name in "qk")
        dots = [a @ b.T for a, b in zip(q, k)]
        gaps = [np.linalg.norm(a[:, None] / CONSTANTS[n] - b * CONSTANTS[n], axis=-1) for a, b in zip(q, k)]
        cut = found["threshold"][l, h, n] = np.percentile(np.concatenate([g.ravel() for g in gaps]), PERCENTILE)
        rows = {name: [] for name in names}
        for x, y in ((x, y) for dot, gap in zip(dots, gaps) for x, y in zip(dot, gap)):
            near = y < cut
            if len(x) > 1:
                rows["unweighted"].append(pearson(x, y, np.ones(len(x))))
            if near.sum() > 1:
                rows["report.percentile25"].append(pearson(x[near], y[near], (cut - y[near]) ** 2))
        if causal:
            rows["unweighted.causal"] = [pearson(dot[i, :i + 1], gap[i, :i + 1], np.ones(i + 1))
                                         for dot, gap in zip(dots, gaps) for i in range(1, len(dot))]
        for name in names:
            found[name][l, h, n] = np.mean(rows[name])
    threshold = found.pop("threshold")
    lengths = {name: sum(torch.stack(t[name]).norm(dim=-1).sum(-1) for t in traces) for name in "qk"}
    return {"qk.threshold.percentile25": torch.tensor(threshold), "qk.normratio.mean": lengths["q"] / lengths["k"],
            **{f"qk.correlation.{name}": torch.tensor(value) for name, value in found.items()}}


def write(family, out):
    model = Model(family)
    prompts = [dict(name=f"text{i}", text=text, ids=model.tokenizer(text)["input_ids"]) for i, text in enumerate(TEXTS)]
    around = model.tokenizer("")["input_ids"]
    words = [i for i in range(len(model.tokenizer)) if model.tokenizer.convert_ids_to_tokens(i).lstrip("Ġ").isalpha()]
    block = random.Random(1).sample(words, PERIOD)
    prompts.append(dict(name="repeat", text=None, ids=around[:1] + block * COPIES + around[1:]))
    found = {}
    with torch.no_grad():
        traces = [model.run(prompt["ids"]) for prompt in prompts]
        for p, trace in enumerate(traces):
            values = mixing(model, trace) | heads(trace)
            if p < len(TEXTS):
                lens = model.head(torch.stack(trace["resid_pre"] + trace["resid_post"][-1:]))
                assert (lens[-1] - trace.logits).abs().max() < 1e-12, family
                values["lens.scores"], values["lens.tokens"] = top(lens)
            else:
                values |= repeats(trace, len(around[:1]))
            found |= {f"p{p}.{name}": value for name, value in values.items() if p in READ[name.split(".")[0]]}
        found |= distances(traces[:len(TEXTS)], family == "gpt2")
        found["w.ffvalue.scores.l0"], found["w.ffvalue.tokens.l0"] = top(model.W_out[0] @ model.U)
    stored = {name: value if value.dtype == torch.int64 else value.float() for name, value in found.items()}
    path = out / f"{family}.methods.safetensors"
    save_file({name: value.contiguous() for name, value in stored.items()}, path)
    sort_header(path)
    write_json(out / f"{family}.prompts.json", prompts)
    print(family, path.stat().st_size // 1000, "kB, prompts of", [len(prompt["ids"]) for prompt in prompts], "tokens")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0].strip())
    options.add_argument("--out", type=Path, default=TARGET, help="where the files go")
    out = options.parse_args().out
    torch.set_num_threads(1)
    print_versions()
    for family in ("bert", "gpt2"):
        write(family, out)


if __name__ == "__main__":
    main()
