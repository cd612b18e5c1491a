"""Highlights are whole, of the right length, apart, and the best there are, with their reasons."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clips.options import ClipOptions
from pipeline.clips.requests import ClipRequest
from pipeline.clips.select import needs_sound, select_clips
from pipeline.clips.sentences import Recording
from pipeline.levels import Levels
from pipeline.records import Sound
from tests.clips.talks import (
    ANSWERED,
    ASKED,
    about,
    choose,
    edges_are_clean,
    interview,
    talks,
    text_of,
)
from tests.topics.texts import speak

FLAT = "A plain remark of no weight is made here today. " * 12


def test_the_best_is_a_question_and_its_answer() -> None:
    timed = interview()
    (best,) = choose(timed, ClipRequest(highlights=1, min_s=8, max_s=40))
    assert text_of(best, timed).startswith(f"{ASKED} {ANSWERED[:20]}")
    assert best.title == ASKED[:51] + "…" or best.title.startswith("What was the hardest thing")
    assert "a question and its answer" in best.reason


def test_a_title_is_the_topics_only_where_the_passage_says_it() -> None:
    timed = speak("The keel holds the mast. " * 4 + "A sail hangs from the yard there. " * 4)
    request = ClipRequest(highlights=2, min_s=4, max_s=7)
    titles = {clip.title for clip in choose(timed, request, topics=about(timed, 0))}
    assert len(titles) == 2


def test_a_title_in_a_text_without_capitals_has_its_capital_i() -> None:
    timed = speak("what should i do with ai? " + "you should keep it in a box. " * 4)
    (best,) = choose(timed, ClipRequest(highlights=1, min_s=5, max_s=20))
    assert best.title == "What should I do with AI?"


def test_much_about_the_topic_counts() -> None:
    timed = speak(FLAT + "The keel and the rudder hold the mast over the keel. " * 4 + FLAT)
    request = ClipRequest(highlights=1, min_s=5, max_s=14)
    (plain,) = choose(timed, request)
    (told,) = choose(timed, request, topics=about(timed, 0, keywords=("keel", "rudder", "mast")))
    assert "keel" not in text_of(plain, timed)
    assert text_of(told, timed).count("keel") >= 4
    assert "much about keel, rudder, mast" in told.reason


def test_laughter_counts() -> None:
    timed = speak(*["A plain remark of no weight is made here today. " * 3] * 4)
    laughing = replace(timed, sounds=(Sound("laughing", 69),))
    request = ClipRequest(highlights=1, min_s=5, max_s=8)
    (plain,), (laughed,) = choose(timed, request), choose(laughing, request)
    assert (plain.first_word, laughed.first_word) == (0, 60)
    assert "laughter" in laughed.reason
    assert "laughter" not in plain.reason


def test_louder_speech_counts() -> None:
    timed = speak(FLAT)
    levels = np.full(timed.duration_ms // 10, -40, np.float32)
    begin, end = timed.words[80].start_ms or 0, timed.words[100].end_ms or 0
    levels[begin // 10 : end // 10] = -30
    sound = Levels(levels, 100)
    request = ClipRequest(highlights=1, min_s=5, max_s=10)
    (loud,) = choose(timed, request, sound=sound)
    assert loud.first_word <= 90 < loud.first_word + loud.n_words
    assert "dB louder than usual" in loud.reason


def test_what_leans_on_what_came_before_opens_no_highlight() -> None:
    timed = speak("And then it broke in two. " * 3 + "A ship sails on a sea of glass. " * 3)
    (best,) = choose(timed, ClipRequest(highlights=1, min_s=3, max_s=7))
    assert text_of(best, timed).startswith("A ship")


def test_topics_take_turns() -> None:
    timed = speak("The keel holds the mast. " * 40)
    topics = about(timed, 0, 100, keywords=("keel",))
    clips = choose(timed, ClipRequest(highlights=2, min_s=3, max_s=6), topics=topics)
    assert sorted(clip.first_word >= 100 for clip in clips) == [False, True]


def test_a_speaker_says_most_of_it() -> None:
    timed = interview()
    clips = choose(timed, ClipRequest(highlights=2, min_s=3, max_s=12, speaker="HOST"))
    for clip in clips:
        words = timed.words[clip.first_word : clip.first_word + clip.n_words]
        assert 2 * sum(word.turn % 2 == 0 for word in words) > len(words)


def test_fewer_passages_than_asked_for_are_as_many_as_there_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert len(choose(speak("One boat. Two boats."), ClipRequest(highlights=9, min_s=1))) == 1
    assert "9 highlights asked for, 1 found" in caplog.text


def test_select_highlights_are_five_of_20_to_90_seconds() -> None:
    timed = speak(*(FLAT for _ in range(12)))
    options = ClipOptions(select="highlights")
    clips = select_clips(options, Recording(timed), "Talk")
    assert len(clips) == 5
    assert all(20_000 <= clip.end_ms - clip.start_ms <= 90_000 for clip in clips)
    assert [clip.id[:2] for clip in clips] == ["01", "02", "03", "04", "05"]


def test_only_highlights_ask_for_sound() -> None:
    wants = {name: ClipOptions(select=name) for name in ("highlights", "topics", "whole")}
    assert [needs_sound(options) for options in wants.values()] == [True, False, False]
    listed = ClipOptions(select=(ClipRequest(highlights=2),))
    assert needs_sound(listed)


@settings(max_examples=60)
@given(talks(), st.integers(1, 5), st.sampled_from([(1, 3), (2, 10), (5, 30)]), st.data())
def test_highlights_of_any_talk_are_whole_within_lengths_and_apart(
    timed: object, count: int, lengths: tuple[float, float], data: st.DataObject
) -> None:
    half = len(timed.words) // 2  # type: ignore[attr-defined]
    topics = about(timed, 0, half) if half and data.draw(st.booleans()) else ()  # type: ignore[arg-type]
    request = ClipRequest(highlights=count, min_s=lengths[0], max_s=lengths[1])
    clips = choose(timed, request, topics=topics)  # type: ignore[arg-type]
    assert len(clips) <= count
    for clip in clips:
        assert lengths[0] * 1000 <= clip.end_ms - clip.start_ms <= lengths[1] * 1000
        assert 0 <= clip.start_ms < clip.end_ms <= timed.duration_ms  # type: ignore[attr-defined]
        assert edges_are_clean(clip, timed)  # type: ignore[arg-type]
        assert clip.reason.startswith("highlight: ")
    for one, other in combinations(clips, 2):
        assert one.end_ms <= other.start_ms or other.end_ms <= one.start_ms
        words = (range(c.first_word, c.first_word + c.n_words) for c in (one, other))
        assert not set.intersection(*map(set, words))
