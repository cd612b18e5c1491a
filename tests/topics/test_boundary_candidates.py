"""Places a topic may begin, and what speaks for each."""

from itertools import pairwise

from hypothesis import given

from pipeline.records import TimedText
from pipeline.topics.boundary_candidates import MAX_GAP_WORDS, Place, find_places
from tests.captions.texts import timed_texts
from tests.topics.texts import speak

ANSWER = "It began with a borrowed boat. We sailed at night."


def cues(place: Place) -> dict[str, float]:
    return {item.cue: item.nats for item in place.evidence}


def place_at(timed: TimedText, word: int) -> Place:
    return next(place for place in find_places(timed) if place.word == word)


@given(timed_texts())
def test_places_run_forward_in_words_and_time(timed: TimedText) -> None:
    places = find_places(timed)
    assert places[0].word == 0
    for before, after in pairwise(places):
        assert before.word < after.word
        assert before.at_ms < after.at_ms
        assert after.pause_start_ms <= after.at_ms


def test_topics_may_begin_at_turns_and_sentences() -> None:
    timed = speak("Why do you sail?", ANSWER)
    assert [place.word for place in find_places(timed)] == [0, 4, 10]


def test_a_stretch_without_sentences_is_cut_at_its_longest_pauses() -> None:
    timed = speak(*["word " * 50] * 6, speakers=(None,), before_ms={3: 700})
    places = [place.word for place in find_places(timed)]
    assert 150 in places
    assert max(after - before for before, after in pairwise([*places, 300])) <= MAX_GAP_WORDS


def test_a_long_pause_speaks_for_a_place() -> None:
    timed = speak("One two three. Four five six.", ANSWER, "Seven.", before_ms={2: 3_000})
    assert cues(find_places(timed)[-1])["pause"] == 2.0
    assert "pause" not in cues(place_at(timed, 3))


def test_the_host_and_a_question_speak_for_a_place() -> None:
    timed = speak(ANSWER, "So why did you sail?", ANSWER, speakers=("guest", "host"))
    asked = place_at(timed, 10)
    assert cues(asked)["speaker"] == 2.0
    assert cues(asked)["question"] > 0
    assert next(i.seen for i in asked.evidence if i.cue == "question") == "So why did you sail?"
    assert place_at(timed, 15).bonus < 0


def test_a_guest_who_asks_back_opens_no_topic() -> None:
    asked = [f"What is the {thing}, then?" for thing in ("keel", "mast", "deck")]
    timed = speak(asked[0], ANSWER, asked[1], "Is that a question? " + ANSWER * 3, asked[2])
    assert "question" not in cues(place_at(timed, 20))
    assert "question" in cues(place_at(timed, 15))


def test_what_people_say_to_change_the_subject_speaks_for_a_place() -> None:
    timed = speak(ANSWER, "Let's move to the kitchen.", ANSWER, "Yeah, exactly.")
    assert cues(place_at(timed, 10))["marker"] == 2.0
    assert place_at(timed, 25).bonus < 0


def test_markers_are_english() -> None:
    timed = speak(ANSWER, "Let's move to the kitchen.", language="de")
    assert "marker" not in cues(place_at(timed, 10))
