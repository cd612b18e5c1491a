"""Tokens without evidence: over the speech between their neighbours, each by its length."""

import random
from collections.abc import Container
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.estimates import Between, estimate_spans
from pipeline.records import Span, Stretch
from pipeline.verbalization.spoken_text import speak_text

DURATION_MS = 60_000
words = st.text(st.sampled_from("abcdefiklmnorstuğışöü"), min_size=2, max_size=12)
notations = st.one_of(
    st.integers(1, 99_999).map(str),
    st.integers(1, 99).map("{}%".format),
    st.text(st.sampled_from("BCDFGHKLMNPRST"), min_size=2, max_size=5),
    st.integers(2, 9).map("x^{}".format),
)


def estimate(
    tokens: list[str],
    found: dict[int, Span],
    speech: list[Span],
    undecided: Container[int] = (),
    language: str = "en",
) -> list[Span | None]:
    """The spans of tokens of which some were found."""
    text = speak_text(tokens, language)
    spans = [found.get(token) for token in range(len(tokens))]
    between = Between([Stretch(*span) for span in speech], DURATION_MS)
    return estimate_spans(spans, text, undecided, between)


@given(notations, st.integers(0, 5_000), st.integers(1_500, 3_000))
def test_a_notation_said_in_an_unknown_way_lies_over_the_speech_that_no_token_claims(
    notation: str, pause_ms: int, length_ms: int
) -> None:
    start_ms = 1_000 + pause_ms
    after_ms = start_ms + length_ms + pause_ms
    speech = [(500, 1_000), (start_ms, start_ms + length_ms), (after_ms, after_ms + 400)]
    found = {0: (500, 1_000), 2: (after_ms, after_ms + 400)}
    _, placed, _ = estimate(["so", notation, "went"], found, speech)
    assert placed is not None
    assert placed[0] == start_ms
    assert start_ms < placed[1] <= start_ms + length_ms


@given(notations)
def test_a_notation_without_speech_for_it_was_not_said(notation: str) -> None:
    found = {0: (500, 1_000), 2: (1_100, 1_500)}
    assert estimate(["so", notation, "went"], found, [(400, 1_600)])[1] is None


@given(words, st.booleans())
def test_a_plain_word_without_evidence_was_not_said_whatever_speech_is_there(
    word: str, is_beside_notation: bool
) -> None:
    tokens = ["so", word, *(["5%"] if is_beside_notation else []), "went"]
    found = {0: (500, 1_000), len(tokens) - 1: (4_000, 4_500)}
    assert estimate(tokens, found, [(400, 4_600)])[1:-1] == [None] * (len(tokens) - 2)


@given(st.lists(words, min_size=2, max_size=8), st.integers(500, 6_000))
def test_undecided_words_share_the_speech_between_their_neighbours_by_their_letters(
    missing: list[str], pause_ms: int
) -> None:
    n_letters = sum(map(len, missing))
    start_ms = 1_000 + pause_ms
    end_ms = start_ms + 80 * n_letters
    speech = [(500, 1_000), (start_ms, end_ms), (end_ms + pause_ms, end_ms + pause_ms + 400)]
    found = {0: speech[0], len(missing) + 1: speech[2]}
    undecided = range(1, len(missing) + 1)
    placed = estimate(["iyi", *missing, "evet"], found, speech, undecided, "tr")[1:-1]
    starts = [span[0] for span in placed if span]
    assert len(starts) == len(missing)
    at_ms = start_ms
    for word, start in zip(missing, starts, strict=True):
        assert abs(start - at_ms) <= 1
        at_ms += 80 * len(word)


@pytest.mark.parametrize("is_first", [True, False])
def test_at_an_edge_of_the_text_words_lie_beside_their_neighbour(is_first: bool) -> None:
    tokens = ["gün", "evet"] if is_first else ["evet", "gün"]
    found = {int(is_first): (30_000, 30_500)}
    undecided = range(1 - is_first, 2 - is_first)
    placed = estimate(tokens, found, [(0, DURATION_MS)], undecided, "tr")[1 - is_first]
    assert placed == ((29_400, 30_000) if is_first else (30_500, 31_100))


@given(
    st.lists(st.one_of(words, notations, st.sampled_from(["--", "…"])), min_size=1, max_size=15),
    st.lists(st.integers(0, DURATION_MS), min_size=2, max_size=20, unique=True),
    st.randoms(use_true_random=False),
)
def test_times_never_run_backwards(
    tokens: list[str], times: list[int], chance: random.Random
) -> None:
    times.sort()
    speech = [(a, b) for a, b in pairwise(times) if chance.random() < 0.5]
    starts = sorted(chance.sample(times, min(len(tokens), len(times))))
    found = {
        token: (start, start + 50)
        for token, start in zip(range(len(tokens)), starts, strict=False)
        if any(map(str.isalnum, tokens[token]))
        and chance.random() < 0.5
        and all(abs(start - other) > 50 for other in starts if other != start)
    }
    spans = estimate(tokens, found, speech, set(range(len(tokens))) - set(found))
    placed = [span for span in spans if span]
    assert all(a[0] <= b[0] for a, b in pairwise(placed))
    assert all(start < end for start, end in placed)
    assert all(spans[token] == span for token, span in found.items())
