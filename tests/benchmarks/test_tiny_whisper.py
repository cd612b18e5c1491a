"""The small Whisper's language, tokens and score: what its training and tests lean on."""

import json
from itertools import islice
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from benchmarks.tiny_whisper.score import Score, percentile
from benchmarks.tiny_whisper.sentences import (
    ENGLISH,
    GERMAN,
    draw_sentences,
    held_out,
    make_english,
    verbalize_number,
    write_sentence,
)  # fmt: skip
from benchmarks.tiny_whisper.tokens import SPECIAL, make_tokenizer, split_word

MODEL = Path(__file__).parents[1] / "tiny_whisper" / "model"
MAX_BYTES = 8_000_000


@pytest.mark.parametrize(
    ("number", "said"), [(0, "zero"), (13, "thirteen"), (40, "forty"), (47, "forty seven")]
)
def test_a_number_is_said_in_words(number: int, said: str) -> None:
    assert " ".join(verbalize_number(number)) == said


def test_a_sentence_is_written_with_digits_and_marks_and_said_in_words() -> None:
    sentence = write_sentence(["my", "room", "47,", "and", "yours."])
    assert " ".join(word.written for word in sentence) == "My room 47, and yours."
    assert sentence[2].spoken == ("forty", "seven,")


def test_the_held_out_sentences_are_never_drawn_for_training() -> None:
    kept = frozenset(held_out())
    assert len(kept) == len(held_out())
    # The same seed would draw them all.
    again = islice(draw_sentences(make_english, 1_000_003, kept), 200)
    assert kept.isdisjoint(again)


def test_every_word_is_one_token() -> None:
    tokenizer = make_tokenizer()
    assert all(len(split_word(tokenizer, word)[0]) == 1 for word in (*ENGLISH, *GERMAN))
    ids, mark = split_word(tokenizer, "47,")
    assert [tokenizer.decode([token]) for token in (*ids, *mark)] == [" 4", "7", ","]


def test_the_model_has_these_tokens_and_is_small() -> None:
    stored = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    assert stored.get_vocab() == make_tokenizer().get_vocab()
    tokens = json.loads((MODEL / "vocabulary.json").read_text())
    assert tokens[stored.token_to_id(SPECIAL[0])] == SPECIAL[0]
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < MAX_BYTES


def test_a_score_counts_errors_and_times_only_right_words() -> None:
    truth = [("we", 0.0, 0.2), ("sold", 0.2, 0.5), ("bread", 0.5, 0.9), ("here", 1.0, 1.3)]
    heard = [("we", 0.01, 0.2), ("told", 0.2, 0.5), ("here", 1.05, 1.3)]
    score = Score()
    score.add(truth, heard)
    assert (score.n_errors, score.n_words, score.wer) == (2, 4, 0.5)
    assert score.starts_ms == pytest.approx([10, 50])
    assert percentile([], 50) == float("inf")
