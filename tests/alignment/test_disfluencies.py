"""Fillers and words said again: on the path, beside their tokens, and in words.json."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.alignment.disfluencies import MIN_MS, add_disfluencies
from pipeline.alignment.paths import MAX_WORSE, join_arcs
from pipeline.alignment.status import Header, make_timed_text
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.alignment.transcript import parse_transcript
from pipeline.alignment.word_graph import build_graph
from pipeline.codec import read_record
from pipeline.records import ArcTime, Filler, TimedText
from pipeline.verbalization.spoken_text import speak_text

Said = tuple[str, int, int] | tuple[str, int, int, float]
"""A word, its start and end, and its score if that matters."""


def join(text: str, *said: Said) -> list[TokenTime]:
    """The token times of a path on which these words are said."""
    graph = build_graph([((word,),) for word in text.split()], 0, is_open=False)
    made = add_disfluencies(graph, ("um", "uh"))
    arc_of = {arc.word: number for number, arc in enumerate(made.graph.arcs)}
    path = [
        ArcTime(arc_of[word], start_ms, end_ms, *(score or [0.0]))
        for word, start_ms, end_ms, *score in said
    ]
    return list(join_arcs(path, made.tokens, made.graph.arcs))


def list_spans(times: Sequence[TokenTime]) -> list[tuple[int, int, int]]:
    return [(time.token, time.start_ms, time.end_ms) for time in times]


def write_words(text: str, times: Sequence[TokenTime]) -> TimedText:
    script = parse_transcript(text)
    spoken = speak_text(script.list_tokens(), "en")
    header = Header("en", "pocketsphinx", 10_000)
    return make_timed_text(script, spoken, TokenTimes(tuple(times)), (), header)


def test_a_filler_is_no_token_and_breaks_no_run() -> None:
    first, second = join("and that", ("um", 0, 300), ("and", 300, 500), ("that", 500, 700))
    assert (first.start_ms, first.run, second.run, first.extra_before) == (300, 2, 2, False)
    assert first.fillers == (Filler("um", "filler", 0, 300),)
    assert not second.fillers


def test_a_filler_after_the_last_token_is_kept_with_it() -> None:
    (only,) = join("and", ("and", 0, 300), ("uh", 300, 600))
    assert [one.text for one in only.fillers] == ["uh"]


def test_of_a_word_said_again_the_last_counts() -> None:
    times = join("the boat", ("the", 0, 200), ("the", 200, 400), ("boat", 400, 700))
    assert list_spans(times) == [(0, 200, 400), (1, 400, 700)]
    assert times[0].fillers == (Filler("the", "restart", 0, 200),)


def test_other_speech_that_a_word_fits_badly_is_no_repetition_of_it() -> None:
    bad = -MAX_WORSE - 0.1
    times = join("a while", ("a", 0, 100), ("while", 100, 400), ("while", 900, 1_500, bad))
    assert list_spans(times) == [(0, 0, 100), (1, 100, 400)]
    assert not any(time.fillers for time in times)


def test_words_json_lists_fillers_with_the_word_before_them(tmp_path: Path) -> None:
    said: tuple[Said, ...] = (
        ("um", 0, 300),
        ("so", 300, 500),
        ("uh", 600, 900),
        ("yes", 900, 1200),
    )
    timed = write_words("so yes", join("so yes", *said))
    assert timed.fillers == (
        Filler("um", "filler", 0, 300, after_word=-1),
        Filler("uh", "filler", 600, 900, after_word=0),
    )
    timed.save(tmp_path / "words.json")
    assert read_record(tmp_path / "words.json", TimedText) == timed


@pytest.mark.parametrize(("length_ms", "n_listed"), [(MIN_MS, 1), (MIN_MS - 1, 0)])
def test_very_short_fillers_are_not_listed(length_ms: int, n_listed: int) -> None:
    times = join("so yes", ("so", 0, 200), ("um", 200, 200 + length_ms), ("yes", 500, 900))
    assert len(write_words("so yes", times).fillers) == n_listed
