"""The tokenizer: a byte-level BPE of the small language, with Whisper's special tokens behind it.

Every word of the language is one token, and every digit. Knows nothing of sound.
"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from benchmarks.tiny_whisper.sentences import (
    ENGLISH,
    GERMAN,
    GERMAN_STARTERS,
    STARTERS,
    draw_sentences,
    make_english,
)  # fmt: skip

N_TIMESTAMPS = 1501
TIMESTAMP_S = 0.02
LANGUAGES = ("en", "de")
SPECIAL = (
    "<|endoftext|>", "<|startoftranscript|>", *(f"<|{language}|>" for language in LANGUAGES),
    "<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>",
    "<|notimestamps|>",
)  # fmt: skip


def make_tokenizer() -> Tokenizer:
    """Learn the merges from the word list itself, so that none is missing."""
    words = [*ENGLISH, *GERMAN, *(word.capitalize() for word in (*STARTERS, *GERMAN_STARTERS))]
    words += [str(digit) for digit in range(10)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=10_000, min_frequency=1, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator([f" {word}" for word in words], trainer)
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.add_special_tokens([f"<|{step * TIMESTAMP_S:.2f}|>" for step in range(N_TIMESTAMPS)])
    return tokenizer


def split_word(tokenizer: Tokenizer, written: str) -> tuple[list[int], list[int]]:
    """The tokens of a word with a space before it, and apart those of the mark behind it."""
    bare = written.rstrip(".,?")
    mark = written[len(bare) :]
    return tokenizer.encode(f" {bare}").ids, tokenizer.encode(mark).ids if mark else []


if __name__ == "__main__":
    made = make_tokenizer()
    made.save(str(Path(sys.argv[1])))
    for sentence in islice(draw_sentences(make_english, 7), 10):
        print([made.encode(" " + word.written).tokens for word in sentence])
    print(made.get_vocab_size())
