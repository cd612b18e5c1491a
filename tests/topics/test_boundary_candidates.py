"""Places a topic may begin, and what speaks for each."""

from itertools import pairwise

from hypothesis import given

from pipeline.records import TimedText
from pipeline.topics.boundary_candidates import MAX_GAP_WORDS, Candidate, find_candidates
from tests.captions.texts import timed_texts
from tests.topics.texts import speak

ANSWER = "It began with a borrowed boat. We sailed at night."


def cues(candidate: Candidate) -> dict[str, float]:
    return {item.cue: item.nats for item in candidate.evidence}


def candidate_at(timed: TimedText, word: int) -> Candidate:
    return next(candidate for candidate in find_candidates(timed) if candidate.word == word)


@given(timed_texts())
def test_places_run_forward_in_words_and_time(timed: TimedText) -> None:
    candidates = find_candidates(timed)
    assert candidates[0].word == 0
    for before, after in pairwise(candidates):
        assert before.word < after.word
        assert before.at_ms < after.at_ms
        assert after.pause_start_ms <= after.at_ms


def test_topics_may_begin_at_turns_and_sentences() -> None:
    timed = speak("Why do you sail?", ANSWER)
    assert [candidate.word for candidate in find_candidates(timed)] == [0, 4, 10]


def test_a_stretch_without_sentences_is_cut_at_its_longest_pauses() -> None:
    timed = speak(*["word " * 50] * 6, speakers=(None,), before_ms={3: 700})
    candidates = [candidate.word for candidate in find_candidates(timed)]
    assert 150 in candidates
    assert max(after - before for before, after in pairwise([*candidates, 300])) <= MAX_GAP_WORDS


def test_a_long_pause_speaks_for_a_place() -> None:
    timed = speak("One two three. Four five six.", ANSWER, "Seven.", before_ms={2: 3_000})
    assert cues(find_candidates(timed)[-1])["pause"] == 2.0
    assert "pause" not in cues(candidate_at(timed, 3))


def test_the_host_and_a_question_speak_for_a_place() -> None:
    timed = speak(ANSWER, "So why did you sail?", ANSWER, speakers=("guest", "host"))
    asked = candidate_at(timed, 10)
    assert cues(asked)["speaker"] == 2.0
    assert cues(asked)["question"] > 0
    assert next(i.seen for i in asked.evidence if i.cue == "question") == "So why did you sail?"
    assert candidate_at(timed, 15).bonus < 0


def test_a_guest_who_asks_back_opens_no_topic() -> None:
    asked = [f"What is the {thing}, then?" for thing in ("keel", "mast", "deck")]
    timed = speak(asked[0], ANSWER, asked[1], "Is that a question? " + ANSWER * 3, asked[2])
    assert "question" not in cues(candidate_at(timed, 20))
    assert "question" in cues(candidate_at(timed, 15))


def test_what_people_say_to_change_the_subject_speaks_for_a_place() -> None:
    timed = speak(ANSWER, "Let's move to the kitchen.", ANSWER, "Yeah, exactly.")
    assert cues(candidate_at(timed, 10))["marker"] == 2.0
    assert candidate_at(timed, 25).bonus < 0


def test_markers_are_english() -> None:
    timed = speak(ANSWER, "Let's move to the kitchen.", language="de")
    assert "marker" not in cues(candidate_at(timed, 10))
