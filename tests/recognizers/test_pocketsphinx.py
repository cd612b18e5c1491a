"""The embedded recogniser: hotwords, with a text and without one; pieces apart from each other."""

import numpy as np
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Hints, Hotword, Samples
from pipeline.process_pool import SEGMENT_MS
from pipeline.recognizers.pocketsphinx import load
from pipeline.records import Stretch

LINES = ("in the baltic you would need a ruler to notice where i grew up", "an old mill still runs")
N_WORDS_AROUND = 3


def decode_windows(sound: Samples, hints: Hints) -> list[str]:
    """The words recognised in a sound."""
    stretch = Stretch(0, len(sound) * 1000 // SAMPLE_RATE_HZ)
    recognized = load(EngineRequest()).transcribe(sound, (stretch,), hints, lambda share: None)
    return [word.text for segment in recognized.segments for word in segment.words]


@pytest.fixture(scope="module")
def around_skarnholt(talk: Samples, talk_words: list[tuple[str, int]]) -> Samples:
    """`to notice. At Skarnholt, where I grew`: a name that no dictionary has."""
    place = next(i for i, (word, _) in enumerate(talk_words) if word == "Skarnholt,")
    start_ms, end_ms = (
        talk_words[place + by][1] - 100 for by in (-N_WORDS_AROUND, N_WORDS_AROUND + 1)
    )
    return talk[start_ms * 16 : end_ms * 16]


@pytest.mark.parametrize("lines", [(), LINES])
def test_a_hotword_is_recognized_that_was_not_without(
    around_skarnholt: Samples, lines: tuple[str, ...]
) -> None:
    hotword = Hotword("Skarnholt", (("skarnholt",),))
    written = "skarnholt" if lines else "Skarnholt"
    assert written not in decode_windows(around_skarnholt, Hints("en", lines))
    assert written in decode_windows(around_skarnholt, Hints("en", lines, (hotword,)))


def test_a_hotword_is_recognized_in_each_of_its_spoken_forms(around_skarnholt: Samples) -> None:
    hotword = Hotword("S-9", (("es", "nine"), ("skarn", "holt")))
    assert "S-9" in decode_windows(around_skarnholt, Hints("en", (), (hotword,)))


def test_a_hotword_that_is_not_spoken_is_not_recognized(around_skarnholt: Samples) -> None:
    hotwords = (Hotword("Kardashev", (("kardashev",),)), Hotword("water", (("water",),)))
    recognized = decode_windows(around_skarnholt, Hints("en", (), hotwords))
    assert recognized == decode_windows(around_skarnholt, Hints("en"))


def test_hotwords_without_a_pronunciation_are_left_out(
    around_skarnholt: Samples, caplog: pytest.LogCaptureFixture
) -> None:
    hints = Hints("en", (), (Hotword("♪", ((),)),))
    assert decode_windows(around_skarnholt, hints)
    assert "hotword ♪ can't be pronounced" in caplog.text


def test_what_a_piece_holds_does_not_depend_on_the_piece_before(
    talk: Samples, talk_words: list[tuple[str, int]]
) -> None:
    hints = Hints("en", (" ".join(word.strip(".,").lower() for word, _ in talk_words),))
    per_ms = SAMPLE_RATE_HZ // 1000
    sound = np.zeros((SEGMENT_MS + 8_000) * per_ms, talk.dtype)
    sound[: 8_000 * per_ms] = talk[: 8_000 * per_ms]
    sound[SEGMENT_MS * per_ms :] = talk[8_000 * per_ms : 16_000 * per_ms]
    first, second = Stretch(0, 8_000), Stretch(SEGMENT_MS, SEGMENT_MS + 8_000)
    alone, both = (
        load(EngineRequest()).transcribe(sound, speech, hints, lambda share: None).segments
        for speech in ((second,), (first, second))
    )
    assert alone[0].words
    assert alone[0] == both[1]
