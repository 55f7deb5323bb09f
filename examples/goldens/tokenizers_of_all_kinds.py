#!/usr/bin/env python3
"""
Writes one folder per kind of tokenizer, learned from the whole corpus, with what Hugging Face makes of odd texts.

    python tokenizers_of_all_kinds.py [--out DIR]

Needs transformers 5, tokenizers; no network, no accelerator, ten seconds.
"""
import argparse
import json
import shutil
import tempfile
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

import vocabularies
from families import VOCABULARIES
from regenerate import compact, pack, print_versions, write_json

TEXTS = [
    "Né 😺 猫 Łódź Ω ☃ 25 °C", "", " ", "  two  spaces   three ", "\ttab\nline\r\n", "\u00a0\u2003\u200b\u200d\ufeff",
    "a\u0301 e\u0308\u0323 ñ n\u0303 ﬁ \u212b ½ ｆ", "한국어 日本 العربية ไทย हि", "👩‍👧 🏳️‍🌈 🇵🇹 🫠", "\x00\x01\x1b\x7f\x85",
    "I'm don't WE'LL", "3.14159 1,000 1e-5", "http://a.bc/d?e=f&g#i", "[CLS] [SEP] [UNK] <s> </s> <unk> <|endoftext|>",
    "a<s>b</s>c [MASK]d <mask> e", "``a'' \"b\" ‘c’ …—", "▁ Ġ ## ▁the Ġthe ##the <0x41>", "ǅ ß İ ı Σς",
]
LONG = "x" * 101        # a longer word than WordPiece cuts


def unigram_with_bytes():
    """T5's and Llama's successors: unknown characters are spelled in bytes."""
    tokenizer = vocabularies.unigram("xlm-roberta").backend_tokenizer
    model = json.loads(tokenizer.to_str())["model"]
    scored = [tuple(entry) for entry in model["vocab"]] + [(f"<0x{byte:02X}>", -20.0) for byte in range(256)]
    tokenizer.model = models.Unigram(scored, unk_id=model["unk_id"], byte_fallback=True)
    return vocabularies.wrap(tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<pad>")


def words():
    """Whole words only, the rest unknown, nothing added around."""
    found = sorted({word for line in vocabularies.common(vocabularies.CORPUS) for word in line.split()})[:120]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(["[UNK]", *found])}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return vocabularies.wrap(tokenizer, unk_token="[UNK]")


KINDS = VOCABULARIES | {
    "wordpiece-cased": lambda: vocabularies.wordpiece(lowercase=False),
    "roberta-prefix-space": lambda: vocabularies.roberta(prefix_space=True),
    "unigram-bytes": unigram_with_bytes,
    "words": words,
}


def write(out):
    for kind, make in KINDS.items():
        tokenizer, folder = make(), out / kind
        shutil.rmtree(folder, ignore_errors=True)
        tokenizer.save_pretrained(folder)
        encodings = [(text, tokenizer(text, return_special_tokens_mask=True)) for text in [*TEXTS, *[LONG] * kind.startswith("wordpiece")]]
        write_json(folder / "texts.json", [
            {"text": text, "ids": e["input_ids"], "special": [i for i, s in enumerate(e["special_tokens_mask"]) if s]}
            for text, e in encodings])
        compact(folder)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0].strip())
    options.add_argument("--out", type=Path, help="write the folders here, and no archive")
    chosen = options.parse_args().out
    print_versions()
    with tempfile.TemporaryDirectory() as scratch:
        write(chosen or Path(scratch))
        if not chosen:
            pack(Path(scratch), "tokenizers")


if __name__ == "__main__":
    main()
