#!/usr/bin/env python3
"""
Writes the variants: what a config.json may say within a family beyond the golden folders, each as a model of a few kB
with the reference's activations for one to three prompts of token ids.

    python variants.py [--out DIR [--only NAME ...]]

Needs torch, transformers 5, tokenizers and safetensors; no network, no accelerator, ten seconds.
"""
import argparse
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from regenerate import (GOLDENS, LAYOUTS, SHOWN, compact, draw_weights, kept, pack, print_versions, read_model, sort_header,
                        transformers, torch, save_file, write_json)
from capture import Trace
from checks import Attention, expected_attention
from rewrite import another_head, edit_config, gamma_and_beta

hf = transformers
VOCABULARY = 23
IDS = [7, 18, 12, 5, 18, 21, 9, 22, 14, 5, 19, 8, 20]



@dataclass(frozen=True)
class Variant:
    name: str
    model: type
    settings: dict
    lengths: tuple = (5,)
    after_saving: tuple = ()        # functions (model folder)
    causal: bool = False            # an encoder that only looks back
    ids: list = field(default_factory=lambda: IDS)

    def after(self, *changes):
        return replace(self, after_saving=changes)


def moved_out(key):
    """From rope_parameters to the top, where some models have it."""
    def change(config):
        config[key] = config["rope_parameters"].pop(key)
    return lambda folder: edit_config(folder, change)


def keys(**values):
    """Rewrites config.json; a value of ... removes the key."""
    def change(config):
        for key, value in values.items():
            config.pop(key, None)
            if value is not ...:
                config[key] = value
    return lambda folder: edit_config(folder, change)


ENCODER = dict(hidden_size=6, num_hidden_layers=1, num_attention_heads=2, intermediate_size=7,
               max_position_embeddings=13)
LLAMA = dict(hidden_size=8, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2, head_dim=4,
             intermediate_size=7, max_position_embeddings=13)
OPT = dict(hidden_size=6, num_hidden_layers=1, num_attention_heads=2, ffn_dim=7, max_position_embeddings=13)
NEOX = dict(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=7,
            max_position_embeddings=13)
GPT2 = dict(n_embd=6, n_layer=1, n_head=2, n_positions=13)


def llama(name, lengths=(5,), after_saving=(), **settings):
    return Variant(name, hf.LlamaForCausalLM, LLAMA | settings, lengths, after_saving)


def rope(name, lengths=(5,), theta=10000.0, **parameters):
    """Heads wide enough that their frequencies fall on both sides of every threshold."""
    return llama(f"rope-{name}", lengths, num_attention_heads=1, num_key_value_heads=1, head_dim=16,
                 hidden_size=3, intermediate_size=5,
                 rope_parameters=dict(rope_theta=theta, **parameters))


VARIANTS = [
    rope("linear", rope_type="linear", factor=4.0),
    Variant("rope-dynamic", hf.LlamaForCausalLM,
            LLAMA | dict(max_position_embeddings=4, rope_parameters=dict(
                rope_type="dynamic", rope_theta=100.0, factor=2.0)), (3, 5, 8)),
    rope("yarn", rope_type="yarn", factor=4.0, original_max_position_embeddings=64),
    rope("yarn-options", rope_type="yarn", factor=8.0, original_max_position_embeddings=100, beta_fast=16, beta_slow=2,
         mscale=0.7, mscale_all_dim=1.2, truncate=False),
    rope("yarn-attention", theta=300.0, rope_type="yarn", factor=3.0, attention_factor=1.7,
         original_max_position_embeddings=16),
    rope("longrope", (4, 5), rope_type="longrope", original_max_position_embeddings=4,
         short_factor=[1.0, 1.1, 1.3, 1.5, 1.7, 2.0, 2.5, 3.0], long_factor=[1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0]),
    rope("longrope-factor", rope_type="longrope", original_max_position_embeddings=4, factor=3.0,
         short_factor=[1.0] * 8, long_factor=[1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0]),
    rope("llama3", rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
         original_max_position_embeddings=50),
    llama("rope-linear-v4", rope_parameters=dict(rope_type="linear", rope_theta=500.0, factor=2.0), after_saving=(
        keys(rope_parameters=..., rope_theta=500, rope_scaling={"type": "linear", "factor": 2.0}),)),
    rope("longrope-outside", (4, 5), rope_type="longrope", factor=2.0, attention_factor=0.8, short_factor=[1.0] * 8,
         long_factor=[1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0], original_max_position_embeddings=4).after(
             moved_out("original_max_position_embeddings")),
    Variant("rope-yarn-v4", hf.Qwen2ForCausalLM, dict(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=1, num_key_value_heads=1, intermediate_size=5,
        max_position_embeddings=13, tie_word_embeddings=True, rope_parameters=dict(
            rope_type="yarn", rope_theta=300.0, factor=4.0, original_max_position_embeddings=20)), after_saving=(
        keys(rope_parameters=..., layer_types=..., rope_theta=300.0, use_sliding_window=False, sliding_window=2, max_window_layers=0,
             rope_scaling={"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 20}),)),
    llama("llama-tied-in-name-only", after_saving=(another_head,)),
    llama("llama-biases", attention_bias=True, mlp_bias=True, hidden_act="gelu", tie_word_embeddings=True),
    llama("llama-sparse-config", num_attention_heads=2, num_key_value_heads=2, head_dim=4, rms_norm_eps=1e-6, after_saving=(
        keys(num_key_value_heads=..., head_dim=..., rms_norm_eps=..., attention_bias=..., mlp_bias=...,
             tie_word_embeddings=..., rope_parameters=..., hidden_act=...),)),
    Variant("neox-sequential", hf.GPTNeoXForCausalLM,
            NEOX | dict(use_parallel_residual=False, attention_bias=False, hidden_act="relu", rotary_pct=0.5,
                        rotary_emb_base=100),
            after_saving=(keys(rope_parameters=..., rotary_pct=0.5, rotary_emb_base=100),)),
    Variant("neox-rope", hf.GPTNeoXForCausalLM,
            NEOX | dict(rope_parameters=dict(rope_type="linear", factor=2.0, rope_theta=1000.0,
                                             partial_rotary_factor=1.0))),
    Variant("opt-post-norm", hf.OPTForCausalLM, OPT | dict(do_layer_norm_before=False, word_embed_proj_dim=4)),
    Variant("opt-bare", hf.OPTForCausalLM, OPT | dict(
        enable_bias=False, layer_norm_elementwise_affine=False, _remove_final_layer_norm=True,
        activation_function="gelu", tie_word_embeddings=False)),
    Variant("albert-groups", hf.AlbertModel, ENCODER | dict(
        embedding_size=4, num_hidden_layers=5, num_hidden_groups=3, inner_group_num=2, hidden_act="gelu")),
    Variant("gpt2-scales", hf.GPT2LMHeadModel, GPT2 | dict(
        n_layer=2, scale_attn_by_inverse_layer_idx=True, reorder_and_upcast_attn=True, activation_function="relu",
        tie_word_embeddings=False)),
    Variant("gpt2-no-scale", hf.GPT2LMHeadModel, GPT2 | dict(
        scale_attn_weights=False, reorder_and_upcast_attn=False, activation_function="quick_gelu")),
    Variant("gpt-neo-types", hf.GPTNeoForCausalLM, dict(
        hidden_size=6, num_layers=3, num_heads=2, window_size=3, max_position_embeddings=13,
        attention_types=[[["local"], 1], [["global", "local"], 1]]), after_saving=(keys(attention_layers=...),)),
    Variant("phi-options", hf.PhiForCausalLM, dict(
        hidden_size=12, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1, intermediate_size=7,
        max_position_embeddings=13, qk_layernorm=True, hidden_act="gelu", rope_parameters=dict(
            rope_type="yarn", factor=2.0, rope_theta=100.0, partial_rotary_factor=0.67,
            original_max_position_embeddings=8))),
    Variant("bert-decoder", hf.BertLMHeadModel, ENCODER | dict(is_decoder=True, hidden_act="relu"), causal=True),
    Variant("bert-untied", hf.BertForMaskedLM, ENCODER | dict(
        tie_word_embeddings=False, type_vocab_size=1, layer_norm_eps=1e-3)),
    Variant("bert-gamma-beta", hf.BertModel, ENCODER, after_saving=(gamma_and_beta,)),
    Variant("electra-wide", hf.ElectraModel, ENCODER | dict(embedding_size=6)),
    Variant("roberta-padding", hf.RobertaModel, ENCODER | dict(pad_token_id=3),
            ids=[7, 3, 12, 5, 3, 3, 9]),
    Variant("distilbert-sinusoids", hf.DistilBertModel, dict(
        dim=6, n_layers=1, n_heads=2, hidden_dim=7, max_position_embeddings=13, sinusoidal_pos_embds=True,
        activation="relu")),
    Variant("mistral-no-window", hf.MistralForCausalLM, LLAMA | dict(sliding_window=None, hidden_act="gelu_new")),
    Variant("qwen2-window-v4", hf.Qwen2ForCausalLM, LLAMA | dict(
        num_hidden_layers=3, use_sliding_window=True, sliding_window=3, max_window_layers=2),
        after_saving=(keys(layer_types=...),)),
    Variant("qwen3-options", hf.Qwen3ForCausalLM, LLAMA | dict(
        num_hidden_layers=2, attention_bias=True, use_sliding_window=True, sliding_window=4,
        layer_types=["sliding_attention", "full_attention"])),
    Variant("gemma2-options", hf.Gemma2ForCausalLM, LLAMA | dict(
        num_hidden_layers=2, attention_bias=True, attn_logit_softcapping=None, final_logit_softcapping=None, sliding_window=3,
        query_pre_attn_scalar=7), after_saving=(keys(layer_types=...),)),
]


def expected(variant, config, layer, d_head):
    attention = expected_attention(config, layer, d_head)
    if config.model_type == "gpt2" and not config.scale_attn_weights:
        attention = Attention(1.0, None, "causal", None)
    return Attention(attention.scale, None, "causal", None) if variant.causal else attention


def write(variant, out):
    home = out / variant.name
    shutil.rmtree(home, ignore_errors=True)
    config = variant.model.config_class(vocab_size=VOCABULARY, **{"pad_token_id": None} | variant.settings)
    model = draw_weights(variant.model(config), variant.name, {"query|key|[qk]_(proj|lin)": 0.4})
    for parameter in model.parameters():        # smaller files; the reference is computed in float32
        parameter.data = (parameter.data * 128).round().div(128).half()
    model.save_pretrained(home / "model")
    for change in variant.after_saving:
        change(home / "model")
    model = read_model(variant.model, home / "model")
    layout = LAYOUTS[config.model_type](config)
    tensors = {}
    for index, length in enumerate(variant.lengths):
        ids = torch.tensor([variant.ids[:length]])
        trace = Trace(model, layout, ids)
        with torch.no_grad():
            plain = model(ids)
        same = plain.logits[0] if trace.logits is not None else plain.last_hidden_state[0]
        assert torch.equal(same, trace.logits if trace.logits is not None else trace.final), variant.name
        for layer, (q, k, weights) in enumerate(zip(trace["q"], trace["k"], trace["attention"])):
            error = (expected(variant, model.config, layer, q.shape[-1]).weights(q, k) - weights).abs().max().item()
            assert error < 1e-5, (variant.name, layer, error)
        tensors |= kept(trace, index, SHOWN)
    save_file(tensors, home / "reference.safetensors", metadata={"transformers": transformers.__version__})
    sort_header(home / "reference.safetensors")
    prompts = [{"ids": variant.ids[:length]} for length in variant.lengths]
    write_json(home / "prompts.json", prompts)
    compact(home / "model")
    print(variant.name, sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) // 1000, "kB")


def write_activations(out):
    """Values of every activation that is read, at the same points."""
    x = torch.linspace(-6, 6, 25)
    names = ["gelu", "gelu_python", "gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh", "gelu_python_tanh",
             "quick_gelu", "silu", "swish", "relu", "relu2", "tanh"]
    values = {name: hf.activations.ACT2FN[name](x).tolist() for name in names}
    write_json(out / "activations.json", {"x": x.tolist(), **values})


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0].strip())
    options.add_argument("--out", type=Path, help="write the folders here, and no archive")
    options.add_argument("--only", nargs="+", metavar="NAME", help="write these only")
    chosen = options.parse_args()
    print_versions()
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as scratch:
        out = chosen.out or Path(scratch)
        for variant in VARIANTS:
            if not chosen.only or variant.name in chosen.only:
                write(variant, out)
        if not chosen.out:
            write_activations(GOLDENS)
            pack(out, "variants")


if __name__ == "__main__":
    main()
