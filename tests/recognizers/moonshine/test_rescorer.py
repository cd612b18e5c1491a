"""Doubtful words, compared with the decoded text of a real voice."""

from pipeline.contracts import EngineRequest, Samples
from pipeline.recognizers.moonshine.rescorer import load
from pipeline.records import RescoringRequest
from tests.recognizers.moonshine.conftest import SPOKEN

UNLIKELY = -3.0
"""Nats."""


def ask(spoken: str, *doubtful: int, end_ms: int = 9_000) -> RescoringRequest:
    return RescoringRequest(0, end_ms, tuple(spoken.split()), doubtful)


def compare(
    beckett: Samples, *passages: RescoringRequest, cpus: int = 1
) -> tuple[tuple[float, ...], ...]:
    return load(EngineRequest(cpus=cpus)).compare(beckett, passages)


def test_spoken_words_are_as_likely_as_the_decoded_ones(beckett: Samples) -> None:
    n_words = len(SPOKEN.split())
    assert compare(beckett, ask(SPOKEN, *range(n_words))) == ((0.0,) * n_words,)


def test_how_words_are_written_is_no_matter(beckett: Samples) -> None:
    assert compare(beckett, ask(SPOKEN.lower().replace(",", ""), 0, 1, 5)) == ((0.0, 0.0, 0.0),)


def test_a_word_in_the_place_of_another_is_unlikely(beckett: Samples) -> None:
    (answer,) = compare(beckett, ask(SPOKEN.replace("matter", "water"), 5, 6))
    assert answer[0] < UNLIKELY
    assert answer[1] == 0.0


def test_a_word_too_many_is_unlikely(beckett: Samples) -> None:
    (answer,) = compare(beckett, ask(SPOKEN.replace("No matter", "No the matter"), 4, 5, 6))
    assert answer[0] == answer[2] == 0.0
    assert answer[1] < UNLIKELY


def test_a_word_that_was_not_asked_about_takes_no_answer(beckett: Samples) -> None:
    assert compare(beckett, ask(SPOKEN)) == ((),)


def test_silence_makes_words_unlikely_and_does_not_fail(beckett: Samples) -> None:
    nothing = RescoringRequest(60_000, 60_020, ("ever",), (0,))
    ((answer,),) = compare(beckett, nothing)
    assert answer < UNLIKELY


def test_answers_do_not_depend_on_the_number_of_threads(beckett: Samples) -> None:
    wrong = SPOKEN.replace("matter", "water")
    passages = [ask(wrong, 5, end_ms=3_000 + 200 * number) for number in range(14)]
    assert compare(beckett, *passages) == compare(beckett, *passages, cpus=2)


def test_no_passages_no_answers(beckett: Samples) -> None:
    assert compare(beckett) == ()
