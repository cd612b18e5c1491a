"""The rules of other tools cut as their documentation says; the sample breaks no rule of ours."""

from pathlib import Path

import pytest
from captions import SAMPLES, describe, find_own_ends, join, read_timed
from segmenters import SEGMENTERS, cut_faster_whisper, cut_stable_ts, cut_whisperx

from pipeline.captions.cues import make_cues
from pipeline.captions.options import CaptionOptions
from pipeline.records import Word
from tests.captions.texts import say


def ends(cut: object, *turns: str, pauses_ms: dict[int, int] | None = None) -> list[str]:
    words = say(*turns, pauses_ms=pauses_ms).words
    return [words[n].text for n in cut(words)]  # type: ignore[operator]


def test_whisperx_cuts_at_sentences() -> None:
    assert ends(cut_whisperx, "One, two. Three?", "Four Mr. Five") == ["two.", "Three?", "Five"]


def test_stable_ts_cuts_at_sentences_gaps_long_clauses_and_lengths() -> None:
    assert ends(cut_stable_ts, "One, two. Three four", pauses_ms={3: 600}) == [
        "two.", "Three", "four",
    ]  # fmt: skip
    long = "this clause is a rather long one, and here follows another one that is"
    assert ends(cut_stable_ts, long) == ["one,", "is"]
    assert len(ends(cut_stable_ts, "word " * 40)) == 3


def test_faster_whisper_cuts_in_a_silence_before_30_seconds() -> None:
    words = "word " * 200
    assert len(ends(cut_faster_whisper, words)) == 2
    silent = say(words, pauses_ms={70: 200}).words
    assert cut_faster_whisper(silent)[0] == 69


@pytest.mark.parametrize("name", sorted(SEGMENTERS))
def test_every_segmenter_keeps_every_word_in_order(name: str) -> None:
    timed = read_timed(SAMPLES / "episode.txt", SAMPLES / "episode.truth.json")
    spoken: list[Word] = [word for word in timed.words if word.start_ms is not None]
    cut = SEGMENTERS[name](spoken)
    assert cut == sorted(set(cut))
    shown = " ".join(cue.lines[0] for cue in join(spoken, cut, timed))
    assert shown == " ".join(word.text for word in spoken)


def test_the_sample_breaks_no_rule_and_its_cues_end_well() -> None:
    timed = read_timed(SAMPLES / "episode.txt", SAMPLES / "episode.truth.json")
    spoken = [word for word in timed.words if word.start_ms is not None]
    cues = make_cues(timed, CaptionOptions())
    row = describe(cues, find_own_ends(cues), spoken)
    assert row["breaks"] == {}
    assert row["ends_well"] >= 0.95


def test_a_truth_of_another_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("something else")
    with pytest.raises(SystemExit, match="is not the truth of"):
        read_timed(tmp_path / "other.txt", SAMPLES / "episode.truth.json")
