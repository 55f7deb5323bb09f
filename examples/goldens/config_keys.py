"""What sweep.py tries: values for every key of every configuration class, or why a key has none."""
from dataclasses import dataclass, field

import rewrite

ABSENT = ...


@dataclass(frozen=True)
class With:
    """A value that makes sense only with these other keys."""
    value: object
    others: dict


@dataclass(frozen=True)
class Refused:
    """A value that Vitrine must refuse, with this in its message."""
    value: object
    needle: str


NOT_TRIED = {
    "transformers_version": "read by nothing",
    "return_dict": "how Python gets the output",
    "output_attentions": "how Python gets the output",
    "output_hidden_states": "how Python gets the output",
}

# Keys of transformers 4 that today's classes take although they are no fields of theirs.
OLDER = ["torch_dtype", "rope_theta", "rope_scaling", "partial_rotary_factor", "rotary_pct", "rotary_emb_base",
         "position_embedding_type", "pruned_heads", "tie_encoder_decoder", "torchscript", "use_bfloat16", "is_causal",
         "original_max_position_embeddings", "quantization_config"]

DTYPES = ["float32", "float16", "bfloat16", None]
ACTIVATIONS = ["gelu", "gelu_python", "gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh", "gelu_python_tanh",
               "quick_gelu", "silu", "swish", "relu", "relu2", "tanh", ABSENT]
OTHER_ACTIVATIONS = ["mish", "leaky_relu", "sigmoid", "linear", "relu6", "laplace", "gelu_10", "hardswish"]
TRAINED = {"original_max_position_embeddings": 20}
LONGROPE = {"rope_type": "longrope", "short_factor": [1.0, 1.5], "long_factor": [1.0, 3.0]}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
YARN = {"rope_type": "yarn", "factor": 4.0} | TRAINED

ROPES = [
    {"rope_type": "default"},
    {"rope_type": "linear", "factor": 4},
    {"rope_type": "dynamic", "factor": 3.0},
    {"rope_type": "dynamic", "factor": 3.0, "original_max_position_embeddings": 5},
    {"rope_type": "yarn", "factor": 4.0},
    {"rope_type": "yarn", "original_max_position_embeddings": 4},
    YARN,
    YARN | {"attention_factor": 1.3},
    YARN | {"mscale": 0.7, "mscale_all_dim": 1.3},
    YARN | {"mscale": 0.7},
    YARN | {"mscale": 1, "mscale_all_dim": 0},
    YARN | {"beta_fast": 8, "beta_slow": 0.5},
    YARN | {"beta_fast": None, "beta_slow": None, "attention_factor": None},
    YARN | {"truncate": False},
    LONGROPE | {"original_max_position_embeddings": 4},
    LONGROPE | {"original_max_position_embeddings": 4, "factor": 5.0},
    LONGROPE | {"original_max_position_embeddings": 4, "factor": 5.0, "attention_factor": 0.9},
    LONGROPE | {"factor": 5.0},
    LLAMA3 | TRAINED,
    LLAMA3,
]
OTHER_ROPES = [Refused({"rope_type": "mrope", "mrope_section": [1, 1]}, "rope_type"),
               Refused({"type": "su", "factor": 2.0}, "type"),
               Refused({"rope_type": "proportional", "rope_theta": 100.0}, "rope_type"),
               Refused({"full_attention": {"rope_type": "default", "rope_theta": 100.0}}, "full_attention")]


def trained(rope, **others):
    """Dynamic scaling begins beyond the positions trained on; the others are tried within them."""
    return With(rope, others | {"max_position_embeddings": 5 if rope["rope_type"] == "dynamic" else 12})


def ropes(**part):
    """Every scaling with and without theta; `part` is what the family adds."""
    return ([trained(settings | part | {"rope_theta": 100.0}) for settings in ROPES] + [trained(settings | part) for settings in ROPES]
            + [{"rope_theta": 100.0} | part, part, None, ABSENT, {"type": "linear", "factor": 2.0} | part] + OTHER_ROPES)


def old_ropes(theta):
    """As version 4 wrote them: rope_scaling and, beside it, the base."""
    return ([trained(settings, **{theta: 300.0, "rope_parameters": ABSENT}) for settings in ROPES]
            + [With({"type": settings["rope_type"]} | {key: value for key, value in settings.items() if key != "rope_type"},
                    {"rope_parameters": ABSENT}) for settings in ROPES]
            + [With({"rope_type": "linear", "factor": 2.0}, {"rope_parameters": {"rope_type": "default", "rope_theta": 300.0}}),
               With(None, {"rope_parameters": ABSENT}), Refused({"type": "su", "factor": 2.0}, "type")])


NO_ROPE = {"rope_theta": [300.0], "rope_scaling": [{"type": "linear", "factor": 2.0}], "partial_rotary_factor": [0.5],
           "original_max_position_embeddings": [6],
           "rope_parameters": [{"rope_type": "linear", "factor": 2.0, "rope_theta": 300.0}]}
ENCODER_KEYS = NO_ROPE | {
    "position_embedding_type": ["absolute", Refused("relative_key", "position_embedding_type"),
                                Refused("relative_key_query", "position_embedding_type"),
                                Refused("alibi", "position_embedding_type")],
    "is_causal": [False, Refused(True, "is_causal")],
    "hidden_size": [16, ABSENT], "num_attention_heads": [4, 1, With(ABSENT, {"hidden_size": 24})],
}

COMMON = {
    "dtype": DTYPES, "torch_dtype": DTYPES,
    "chunk_size_feed_forward": [0, 1],
    "is_encoder_decoder": [False, True],
    "id2label": [{"0": "A", "1": "B", "2": "C"}], "label2id": [{"A": 0, "B": 1}],
    "problem_type": ["regression", None],
    "vocab_size": [29, ABSENT], "max_position_embeddings": [17, ABSENT],
    "hidden_dropout_prob": [0.5], "attention_probs_dropout_prob": [0.5], "attention_dropout": [0.5], "hidden_dropout": [0.5],
    "dropout": [0.5], "qa_dropout": [0.5], "seq_classif_dropout": [0.5], "resid_pdrop": [0.5], "embd_pdrop": [0.5],
    "attn_pdrop": [0.5], "resid_dropout": [0.5], "embed_dropout": [0.5], "layerdrop": [0.5],
    "classifier_dropout": [0.5], "classifier_dropout_prob": [0.5], "summary_first_dropout": [0.5], "summary_last_dropout": [0.5],
    "summary_type": ["mean"], "summary_use_proj": [False], "summary_activation": ["tanh"], "summary_proj_to_labels": [False],
    "initializer_range": [0.5], "init_std": [0.5],
    "use_cache": [True, False], "pretraining_tp": [2],
    "pad_token_id": [None, 3, ABSENT], "bos_token_id": [5, None], "eos_token_id": [5, [5, 6], None],
    "tie_word_embeddings": [True, False, ABSENT],
    "layer_norm_eps": [1e-2, 1, ABSENT], "layer_norm_epsilon": [1e-2, 1, ABSENT], "rms_norm_eps": [1e-2, 1, ABSENT],
    "hidden_size": [16, With(ABSENT, {"num_hidden_layers": 1})], "num_hidden_layers": [1, 3, ABSENT],
    "num_attention_heads": [4, 1, ABSENT], "intermediate_size": [11, ABSENT],
    "type_vocab_size": [1, 3, ABSENT],
    "is_decoder": [True, False, ABSENT], "add_cross_attention": [False, Refused(True, "add_cross_attention")],
    "position_embedding_type": ["absolute"],
    "pruned_heads": [{}, Refused({"0": [1]}, "pruned_heads")],
    "tie_encoder_decoder": [True], "torchscript": [True], "use_bfloat16": [True],
    "is_causal": [True, Refused(False, "is_causal")],
    "quantization_config": [Refused({"quant_method": "gptq", "bits": 4}, "quantization_config"), None],
    "rope_theta": [With(value, {"rope_parameters": ABSENT}) for value in (300.0, 300, None)] + [300.0],
    "rope_scaling": old_ropes("rope_theta"), "rope_parameters": ropes(),
    "partial_rotary_factor": [None, 1.0, Refused(0.5, "partial_rotary_factor")], "rotary_pct": [0.5], "rotary_emb_base": [300],
    "original_max_position_embeddings": [6, With(6, {"rope_parameters": YARN}), With(6, {"rope_scaling": YARN}),
                                         With(6, {"rope_parameters": LLAMA3}), With(6, {"rope_parameters": LONGROPE})],
    "num_key_value_heads": [1, 2, ABSENT, None, With(2, {"num_attention_heads": 4}), Refused(3, "num_key_value_heads")],
    "head_dim": [6, ABSENT, None],
    "attention_bias": [True, False, ABSENT], "mlp_bias": [True, False, ABSENT],
} | {key: [*ACTIVATIONS, *(Refused(name, key) for name in OTHER_ACTIVATIONS)]
     for key in ("hidden_act", "activation_function", "activation", "hidden_activation")}

# Keys of one family, or of a family that Vitrine does not read, in the config.json of another.
FOREIGN = {
    "sliding_window": 3, "use_sliding_window": True, "max_window_layers": 1, "window_size": 3, "attention_window": 3,
    "layer_types": ["sliding_attention", "full_attention"], "attention_chunk_size": 3,
    "attention_types": [[["local"], 2]], "attention_layers": ["local", "local"],
    "head_dim": 6, "num_key_value_heads": 1, "num_kv_heads": 1, "multi_query": True, "n_inner": 11, "ffn_dim": 11,
    "attention_bias": True, "mlp_bias": True, "use_bias": True, "qkv_bias": True, "qk_layernorm": True, "bias": False,
    "attn_logit_softcapping": 2.0, "final_logit_softcapping": 2.0, "query_pre_attn_scalar": 3,
    "use_parallel_residual": False, "parallel_attn": True, "alibi": True, "do_layer_norm_before": False,
    "scale_attn_by_inverse_layer_idx": True, "scale_attn_weights": False, "reorder_and_upcast_attn": True, "attention_scale": 2.0,
    "embedding_size": 6, "word_embed_proj_dim": 4, "num_hidden_groups": 2, "inner_group_num": 2,
    "hidden_act": "relu", "activation_function": "relu", "activation": "relu", "hidden_activation": "relu",
    "rms_norm_eps": 0.1, "layer_norm_eps": 0.1, "layer_norm_epsilon": 0.1, "layernorm_epsilon": 0.1,
    "is_decoder": True, "add_cross_attention": False, "use_bidirectional_attention": True,
    "sinusoidal_pos_embds": True, "type_vocab_size": 1, "scale_embedding": True,
    "embedding_multiplier": 2.0, "logits_scaling": 2.0, "logit_scale": 2.0, "residual_multiplier": 2.0,
    "rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 300.0},
    "hidden_size": 12, "num_hidden_layers": 3, "num_attention_heads": 1, "intermediate_size": 11,
    "n_embd": 12, "n_layer": 3, "n_head": 1, "n_layers": 3, "n_heads": 1, "num_layers": 3, "num_heads": 1, "dim": 12,
    "hidden_dim": 11, "n_positions": 17, "n_ctx": 17, "max_position_embeddings": 19, "_remove_final_layer_norm": True,
    "enable_bias": False, "layer_norm_elementwise_affine": False, "normalize_before": True, "dual_chunk_attention_config": {"a": 1},
}


@dataclass(frozen=True)
class Family:
    model_type: str
    name: str                   # of the classes in transformers
    head: str
    base: dict                  # sizes
    values: dict = field(default_factory=dict)
    classes: tuple = ()         # others whose folders are read, with what they need

    def tried(self, key):
        """The settings that vary this key."""
        if key == "architectures":
            return [{key: [self.name + tail]} | settings for tail, settings in self.classes]
        values = self.values.get(key, COMMON.get(key))
        if values is None:
            raise KeyError(f"{self.name}Config.{key} is new: give it values in config_keys.py")
        return [{key: value.value} | value.others if isinstance(value, With) else {key: value} for value in values]


def tails(*names):
    return tuple((name, {}) for name in names)


ENCODER = dict(vocab_size=23, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=7,
               max_position_embeddings=17, pad_token_id=0)
DECODER = ENCODER | dict(num_key_value_heads=2, head_dim=4, pad_token_id=None, max_position_embeddings=12)
PLAIN = {key: value for key, value in DECODER.items() if key not in ("num_key_value_heads", "head_dim")}
# Not ForQuestionAnswering of Llama and Qwen: its base is saved as `transformer.`, which is refused as missing tensors.
CLASSIFIERS = ("ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering")
WINDOWED = {
    "sliding_window": [With(value, {"use_sliding_window": True, "max_window_layers": 1}) for value in (3, 1, 100, None, ABSENT)]
                      + [3, 0, None, With(Refused(0, "sliding_window"), {"use_sliding_window": True, "max_window_layers": 0})],
    "use_sliding_window": [True, False, None, ABSENT, With(True, {"sliding_window": 3}),
                           With(False, {"sliding_window": 3, "max_window_layers": 0})],
    "max_window_layers": [With(value, {"use_sliding_window": True, "sliding_window": 3}) for value in (0, 1, 2, 28, ABSENT)] + [0],
    "layer_types": [["full_attention", "full_attention"], None, ABSENT,
                    With(["sliding_attention", "full_attention"], {"use_sliding_window": True, "sliding_window": 3}),
                    With(["full_attention", "sliding_attention"],
                         {"use_sliding_window": True, "sliding_window": 3, "max_window_layers": 0}),
                    Refused(["sliding_attention", "full_attention"], "layer_types"),
                    Refused(["full_attention", "chunked_attention"], "layer_types"),
                    Refused(["full_attention"], "layer_types")],
}

FAMILIES = [
    Family("albert", "Albert", "AlbertForMaskedLM", ENCODER | dict(embedding_size=6), ENCODER_KEYS | {
        "hidden_size": [16], "num_attention_heads": [4, 1, With(ABSENT, {"hidden_size": 64})],
        "embedding_size": [4, 8, ABSENT], "num_hidden_groups": [1, 2, With(2, {"num_hidden_layers": 5}), ABSENT],
        "inner_group_num": [1, 2, ABSENT]}, tails("Model", "ForPreTraining", *CLASSIFIERS)),
    Family("bert", "Bert", "BertForMaskedLM", ENCODER, ENCODER_KEYS,
           tails("Model", "ForPreTraining", "ForNextSentencePrediction", *CLASSIFIERS)
           + (("LMHeadModel", {"is_decoder": True}), ("Model", {"is_decoder": True}))),
    Family("distilbert", "DistilBert", "DistilBertForMaskedLM",
           dict(vocab_size=23, dim=8, n_layers=2, n_heads=2, hidden_dim=7, max_position_embeddings=17, pad_token_id=0),
           ENCODER_KEYS | {
               "position_embedding_type": ["absolute"], "hidden_size": [], "num_attention_heads": [],     # dim and n_heads
               "dim": [16, ABSENT], "n_layers": [1, 3, ABSENT], "n_heads": [4, 1, With(ABSENT, {"dim": 24})],
               "hidden_dim": [11, ABSENT], "sinusoidal_pos_embds": [True, False]}, tails("Model", *CLASSIFIERS)),
    Family("electra", "Electra", "ElectraForMaskedLM", ENCODER | dict(embedding_size=6), ENCODER_KEYS | {
        "embedding_size": [4, 8, ABSENT], "num_attention_heads": [4, 1, ABSENT]},
        tails("Model", "ForPreTraining", *CLASSIFIERS) + (("ForCausalLM", {"is_decoder": True}),)),
    Family("gemma2", "Gemma2", "Gemma2ForCausalLM",
           DECODER | dict(query_pre_attn_scalar=5, attn_logit_softcapping=2.0, final_logit_softcapping=3.0, sliding_window=3), {
               "sliding_window": [2, 1, 100, ABSENT, Refused(None, "sliding_window"), Refused(0, "sliding_window")],
               "layer_types": [["full_attention", "sliding_attention"], ["full_attention"] * 2, None, ABSENT,
                               Refused(["full_attention", "chunked_attention"], "layer_types"),
                               Refused(["full_attention"], "layer_types")],
               "query_pre_attn_scalar": [3, 4.5, ABSENT, None],
               "attn_logit_softcapping": [1.5, None, ABSENT, Refused(0.0, "attn_logit_softcapping")],
               "final_logit_softcapping": [1.5, None, ABSENT, Refused(0.0, "final_logit_softcapping")],
               "use_bidirectional_attention": [False, None, Refused(True, "use_bidirectional_attention")]},
           tails("Model", "ForSequenceClassification", "ForTokenClassification")),
    Family("gpt2", "GPT2", "GPT2LMHeadModel", dict(vocab_size=23, n_embd=8, n_layer=2, n_head=2, n_inner=7, n_positions=17),
           NO_ROPE | {
        "n_positions": [13, ABSENT], "n_embd": [16, ABSENT], "n_layer": [1, 3, ABSENT],
        "n_head": [4, 1, With(ABSENT, {"n_embd": 24})], "n_inner": [11, None, ABSENT],
        "scale_attn_weights": [True, False, ABSENT], "scale_attn_by_inverse_layer_idx": [True, False, ABSENT],
        "reorder_and_upcast_attn": [True, False, With(True, {"scale_attn_by_inverse_layer_idx": True})]},
        tails("Model", "DoubleHeadsModel", *CLASSIFIERS)),
    Family("gpt_neo", "GPTNeo", "GPTNeoForCausalLM",
           dict(vocab_size=23, hidden_size=8, num_layers=2, num_heads=2, intermediate_size=7, max_position_embeddings=17,
                window_size=3, attention_types=[[["global", "local"], 1]]), NO_ROPE | {
               "hidden_size": [16, With(ABSENT, {"num_heads": 256})],
               "num_layers": [With(24, {"attention_types": ABSENT}), With(ABSENT, {"attention_types": ABSENT}),
                              With(3, {"attention_types": [[["local"], 3]]})],
               "num_heads": [4, 1, With(ABSENT, {"hidden_size": 32})], "intermediate_size": [11, None, ABSENT],
               "window_size": [1, 2, 100, ABSENT],
               "attention_types": [[[["local"], 1], [["global"], 1]], [[["local"], 2]], [[["global"], 2]],
                                   With([[["global"], 2]], {"attention_layers": ["local", "global"]}),
                                   With([[["global"], 2]], {"attention_layers": ["global", "global"]}),
                                   With(ABSENT, {"attention_layers": ["local", "global"]}),
                                   Refused([[["banded"], 2]], "attention_types"), Refused([[["local"], 3]], "attention_types")]},
           tails("Model", *CLASSIFIERS)),
    Family("gpt_neox", "GPTNeoX", "GPTNeoXForCausalLM",
           PLAIN | dict(hidden_size=16, rope_parameters={"rope_type": "default", "rope_theta": 100.0, "partial_rotary_factor": 0.5}), {
               "hidden_size": [8, 24],
               "num_attention_heads": [4, 1, With(ABSENT, {"hidden_size": 128, "rope_parameters": {"partial_rotary_factor": 1.0}})],
               "head_dim": [8, Refused(6, "head_dim")], "use_parallel_residual": [True, False, ABSENT],
               "rope_parameters": ropes(partial_rotary_factor=0.5),
               "rope_scaling": [trained(value, rope_parameters=ABSENT, rotary_pct=0.5, rotary_emb_base=300) for value in ROPES],
               "rotary_pct": [With(value, {"rope_parameters": ABSENT}) for value in (0.25, 0.5, 1.0, 0.3)] + [1.0],
               "rotary_emb_base": [With(value, {"rope_parameters": ABSENT, "rotary_pct": 0.5}) for value in (300, 300.0)] + [300],
               "rope_theta": [With(300.0, {"rope_parameters": ABSENT}), 300.0],
               "partial_rotary_factor": [With(0.5, {"rope_parameters": ABSENT}), 1.0, None],
               "original_max_position_embeddings": [With(6, {"rope_parameters": YARN | {"partial_rotary_factor": 0.5}})]},
           tails("Model", *CLASSIFIERS)),
    Family("llama", "Llama", "LlamaForCausalLM", DECODER, {}, tails("Model", *CLASSIFIERS[:2])),
    Family("mistral", "Mistral", "MistralForCausalLM", DECODER, {
        "sliding_window": [3, 1, 100, None, ABSENT, Refused(0, "sliding_window")],
        "layer_types": [None, Refused(["sliding_attention", "full_attention"], "layer_types")]}, tails("Model", *CLASSIFIERS)),
    Family("opt", "OPT", "OPTForCausalLM",
           dict(vocab_size=23, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, ffn_dim=7, max_position_embeddings=17,
                word_embed_proj_dim=8), NO_ROPE | {
               "hidden_size": [16, With(ABSENT, {"word_embed_proj_dim": ABSENT})], "ffn_dim": [11, ABSENT],
               "num_attention_heads": [4, 1, With(ABSENT, {"hidden_size": 24})],
               "do_layer_norm_before": [True, False, ABSENT, With(False, {"word_embed_proj_dim": 4})],
               "_remove_final_layer_norm": [True, False], "word_embed_proj_dim": [4, 8, ABSENT, None],
               "enable_bias": [True, False], "layer_norm_elementwise_affine": [True, False]},
           tails("Model", "ForSequenceClassification", "ForQuestionAnswering")),
    Family("phi", "Phi", "PhiForCausalLM",
           PLAIN | dict(hidden_size=16, rope_parameters={"rope_type": "default", "rope_theta": 100.0, "partial_rotary_factor": 0.5}), {
               "qk_layernorm": [True, False, ABSENT], "rope_parameters": ropes(partial_rotary_factor=0.5),
               "num_attention_heads": [4, 1, With(ABSENT, {"hidden_size": 128})],
               "rope_scaling": [trained(value, rope_parameters=ABSENT, partial_rotary_factor=0.5) for value in ROPES],
               "partial_rotary_factor": [With(value, {"rope_parameters": ABSENT}) for value in (0.25, 0.5, 1.0, 0.3)] + [1.0],
               "original_max_position_embeddings": [With(6, {"rope_parameters": YARN | {"partial_rotary_factor": 0.5}})],
               "num_key_value_heads": [1, 2, None, ABSENT]},
           tails("Model", "ForSequenceClassification", "ForTokenClassification")),
    Family("qwen2", "Qwen2", "Qwen2ForCausalLM", {key: value for key, value in DECODER.items() if key != "head_dim"},
           WINDOWED | {"num_key_value_heads": [1, 2, None, With(ABSENT, {"num_attention_heads": 32, "hidden_size": 64})]},
           tails("Model", *CLASSIFIERS[:2])),
    Family("qwen3", "Qwen3", "Qwen3ForCausalLM", DECODER,
           WINDOWED | {"num_key_value_heads": [1, 2, None, With(ABSENT, {"num_attention_heads": 32})]},
           tails("Model", *CLASSIFIERS[:2])),
    Family("roberta", "Roberta", "RobertaForMaskedLM", ENCODER | dict(pad_token_id=1), ENCODER_KEYS | {
        "pad_token_id": [1, 3, 0, ABSENT, 9]}, tails("Model", *CLASSIFIERS) + (("ForCausalLM", {"is_decoder": True}),)),
    Family("xlm-roberta", "XLMRoberta", "XLMRobertaForMaskedLM", ENCODER | dict(pad_token_id=1), ENCODER_KEYS | {
        "pad_token_id": [1, 3, 0, ABSENT, 9]}, tails("Model", *CLASSIFIERS) + (("ForCausalLM", {"is_decoder": True}),)),
]

SIZES = {"vocab_size", "hidden_size", "n_embd", "dim", "num_hidden_layers", "num_attention_heads", "intermediate_size",
         "max_position_embeddings", "n_layer", "n_layers", "num_layers", "hidden_dim", "ffn_dim"}


def files(family):
    """Weights that say more than config.json, or say it in older words."""
    changes = [rewrite.buffers, rewrite.another_head, rewrite.prefixless, rewrite.base_class, rewrite.halves, rewrite.gamma_and_beta]
    return [(f"file-{change.__name__}", {}, change) for change in changes]
