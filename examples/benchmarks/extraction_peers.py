"""Measures Hugging Face and TransformerLens at what Vitrine's extraction does, on the same folder and prompts.

    python extraction_peers.py TOOL MODE FOLDER TOKENS PROMPTS SAMPLES WORK

TOOL is hf or tl. MODE is bare (the forward pass, nothing kept), captured (every activation in memory until the prompt
ends) or durable (each prompt's activations saved as safetensors and forced to the disk). Kept are, for every layer: q, k,
v, attention, the residual stream before, between and after the parts, what attention and MLP add to it, the neurons.
Prints one line of JSON, as ExtractionMeasurement.java does. Needs torch, transformers, safetensors, transformer_lens 3.0
or newer for tl; reads nothing from the network. The runner is ExtractionBenchmark.java.
"""

import json
import os
import shutil
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from safetensors.torch import load_file, save_file


def prompt(index, tokens):
    ids = [(7919 * (index + 1) + 104729 * position) % 50257 for position in range(tokens)]
    return torch.tensor([ids])


class HuggingFace:
    def __init__(self, folder):
        from transformers import GPT2Model

        # Eager is the only implementation that gives attention weights.
        self.model = GPT2Model.from_pretrained(folder, attn_implementation="eager").eval()
        self.kept = {}

    def bare(self, ids):
        return self.model(ids, use_cache=False).last_hidden_state

    def hook(self):
        """What output_attentions and output_hidden_states do not give, and the last block's output before the final norm."""
        last = len(self.model.h) - 1
        for i, block in enumerate(self.model.h):
            block.attn.c_attn.register_forward_hook(self.keep_output(f"{i}.qkv"))
            block.attn.register_forward_hook(self.keep_output(f"{i}.attn_out"))
            block.ln_2.register_forward_pre_hook(self.keep_input(f"{i}.resid_mid"))
            block.mlp.c_proj.register_forward_pre_hook(self.keep_input(f"{i}.mlp_act"))
            block.mlp.register_forward_hook(self.keep_output(f"{i}.mlp_out"))
            if i == last:
                block.register_forward_hook(self.keep_output(f"{i}.resid_post"))

    def keep_output(self, name):
        def keep(module, inputs, output):
            self.kept[name] = output[0] if isinstance(output, tuple) else output

        return keep

    def keep_input(self, name):
        def keep(module, inputs):
            self.kept[name] = inputs[0]

        return keep

    def captured(self, ids):
        self.kept = {}
        output = self.model(ids, use_cache=False, output_attentions=True, output_hidden_states=True)
        kept = self.kept
        for i, weights in enumerate(output.attentions):
            kept[f"{i}.attention"] = weights
            kept[f"{i}.resid_pre"] = output.hidden_states[i]
        self.kept = {}
        return kept

    def picks(self, kept, n):
        d = kept["7.resid_pre"].shape[-1]
        return [
            kept["7.qkv"][0, n // 2, :d].view(12, -1)[2, 5],
            kept["5.attention"][0, 3, n - 1, n // 2],
            kept["3.resid_mid"][0, n - 1, 7],
            kept["11.mlp_act"][0, n - 1, 100],
            kept["11.resid_post"][0, n - 1, 0],
        ]


class TransformerLens:
    # One name per activation: the cache has several more of most, and scores, norms and z besides.
    NAMES = ["attn.hook_q", "attn.hook_k", "attn.hook_v", "attn.hook_pattern", "hook_resid_pre", "hook_resid_mid"]
    NAMES += ["hook_attn_out", "mlp.hook_post", "hook_mlp_out"]

    def __init__(self, folder):
        from transformer_lens.model_bridge import TransformerBridge

        self.model = TransformerBridge.boot_transformers(folder, device="cpu")
        self.names = [f"blocks.{i}.{name}" for i in range(12) for name in self.NAMES] + ["blocks.11.hook_resid_post"]

    def bare(self, ids):
        return self.model(ids, return_type=None, stop_at_layer=12)  # without the head, as the others

    def hook(self):
        pass

    def captured(self, ids):
        _, cache = self.model.run_with_cache(ids, return_type=None, names_filter=self.names, stop_at_layer=12)
        return {name: cache[name] for name in self.names}

    def picks(self, kept, n):
        return [
            kept["blocks.7.attn.hook_q"][0, n // 2, 2, 5],
            kept["blocks.5.attn.hook_pattern"][0, 3, n - 1, n // 2],
            kept["blocks.3.hook_resid_mid"][0, n - 1, 7],
            kept["blocks.11.mlp.hook_post"][0, n - 1, 100],
            kept["blocks.11.hook_resid_post"][0, n - 1, 0],
        ]


def save(kept, file):
    save_file({name: tensor.contiguous() for name, tensor in kept.items()}, file)
    with open(file, "rb+") as written:
        os.fsync(written.fileno())


def peak_resident_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM"))


def main(tool, mode, folder, tokens, prompts, samples, work):
    tokens, prompts, samples = int(tokens), int(prompts), int(samples)
    begun = time.perf_counter()
    model = {"hf": HuggingFace, "tl": TransformerLens}[tool](folder)
    result = {"open": time.perf_counter() - begun}
    if mode != "bare":
        model.hook()
    inputs = [prompt(i, tokens) for i in range(prompts)]

    def run():
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        start = time.perf_counter()
        for i, ids in enumerate(inputs):
            if mode == "bare":
                model.bare(ids)
            else:
                kept = model.captured(ids)
                if mode == "durable":
                    save(kept, os.path.join(work, f"{i}.safetensors"))
                del kept
        return (time.perf_counter() - start) / prompts

    with torch.inference_mode():
        run()  # warms up
        result["seconds"] = [run() for _ in range(samples)]
        result["peak"] = peak_resident_bytes()
        if mode == "durable":
            first = os.path.join(work, "0.safetensors")
            result["stored"] = os.path.getsize(first)
            kept = load_file(first)
        else:
            if mode == "bare":
                model.hook()
            kept = model.captured(inputs[0])
        result["check"] = [float(number) for number in model.picks(kept, tokens)]
    shutil.rmtree(work)
    import transformers

    result["versions"] = f"torch {torch.__version__}, transformers {transformers.__version__}"
    if tool == "tl":
        from importlib.metadata import version

        result["versions"] += f", transformer_lens {version('transformer_lens')}"
    result["threads"] = torch.get_num_threads()
    print(json.dumps(result))


if __name__ == "__main__":
    if len(sys.argv) != 8:
        sys.exit(__doc__)
    main(*sys.argv[1:])
