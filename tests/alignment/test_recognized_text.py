"""Without a text, a recogniser's words keep their place where the aligner is unsure."""

import pytest

from pipeline.alignment.recognized_text import believe_recognizer
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.records import RecognizedWord, Segment
from pipeline.stages.align import load_calibration
from pipeline.verbalization.spoken_text import speak_text

WORDS = "the moon does most of the pulling".split()
WORD_MS = 300
GOOD, HOPELESS = 0.0, -20.0


def recognize() -> tuple[Segment, ...]:
    """Two segments, a minute between them."""
    words = tuple(
        RecognizedWord(word, at_ms, at_ms + WORD_MS)
        for number, word in enumerate(WORDS)
        for at_ms in [number * WORD_MS + (60_000 if number >= 4 else 0)]
    )
    return tuple(
        Segment(part[0].start_ms, part[-1].end_ms, part) for part in (words[:4], words[4:])
    )


def believe(changed: dict[int, TokenTime | None]) -> TokenTimes:
    """What becomes of times that are the recogniser's, 20 ms later, but for some tokens."""
    segments = recognize()
    words = [word for segment in segments for word in segment.words]
    times = [
        changed.get(token, TokenTime(token, word.start_ms + 20, word.end_ms, GOOD, 3))
        for token, word in enumerate(words)
    ]
    anchored = frozenset(range(len(times))) - set(changed)
    found = TokenTimes(tuple(times), anchored, calibration=load_calibration("pocketsphinx"))
    return believe_recognizer(speak_text(WORDS, "en"), found, segments)


def starts(found: TokenTimes) -> list[int | None]:
    return [time.start_ms if time else None for time in found.times]


def test_times_that_the_aligner_is_sure_of_stay() -> None:
    assert starts(believe({})) == [20, 320, 620, 920, 61_220, 61_520, 61_820]


@pytest.mark.parametrize(
    "doubtful",
    [
        pytest.param(None, id="none"),
        pytest.param(TokenTime(2, 700, 800, HOPELESS, 1), id="an unlikely one"),
        pytest.param(TokenTime(2, 30_000, 30_300, GOOD, 1), id="one outside the segment"),
    ],
)
def test_where_the_aligner_has_no_time_to_be_believed_the_recognisers_holds(
    doubtful: TokenTime | None,
) -> None:
    found = believe({2: doubtful})
    assert starts(found) == [20, 320, 600, 920, 61_220, 61_520, 61_820]
    assert found.times[2] and found.times[2].score is None


def test_no_word_is_lost_where_the_aligner_finds_nothing() -> None:
    found = believe(dict.fromkeys(range(len(WORDS))))
    assert starts(found) == [word.start_ms for part in recognize() for word in part.words]
    assert found.undecided == set(range(len(WORDS)))
