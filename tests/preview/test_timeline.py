"""The line above the player: who speaks when."""

from pipeline.preview.timeline import LENGTH, MIN_WIDTH, make_timeline
from pipeline.records import Clip, Stretch, TimedText, Topic
from tests.preview.views import DURATION_MS, say


def marks_of(timed: TimedText) -> list[tuple[float, float, int | None]]:
    turns = make_timeline(timed, (), (), {"a": 0, "b": 1}).turns
    return [(mark.x, mark.width, mark.colour) for mark in turns]


def test_a_turn_goes_from_its_first_word_to_its_last() -> None:
    timed = say(("a", "one -two three"), ("b", "four"))
    assert marks_of(timed) == [(50.0, 35.0, 0), (87.5, 10.0, 1)]


def test_one_speakers_turns_in_a_row_are_one() -> None:
    assert len(marks_of(say(("a", "one"), ("a", "two"), ("b", "three")))) == 2


def test_a_turn_without_timed_words_is_not_there() -> None:
    assert len(marks_of(say(("a", "-one"), ("b", "two")))) == 1


def test_topics_clips_and_gaps_lie_where_they_are_and_can_be_seen() -> None:
    timed = say(("a", "one"), unheard=(Stretch(0, 1),))
    topic = Topic("All", 0, DURATION_MS, 0, 1)
    clip = Clip("01-a", "A", DURATION_MS // 2, DURATION_MS, 0, 1, "by times")
    line = make_timeline(timed, (topic,), (clip,), {})
    assert (line.topics[0].x, line.topics[0].width) == (0.0, LENGTH)
    assert (line.clips[0].x, line.clips[0].width) == (LENGTH / 2, LENGTH / 2)
    assert line.unheard[0].width == MIN_WIDTH
