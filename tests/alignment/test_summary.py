"""How well a text fits its recording, in one record."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.calibration import UNCALIBRATED, Calibration
from pipeline.alignment.summary import MAX_DOUBTFUL, summarise
from pipeline.alignment.transcript import parse_transcript
from pipeline.records import AlignmentSummary, Stretch, TimedText, Word, WordStatus

SPEECH = (Stretch(0, 100_000),)


def sum_up(
    *statuses: WordStatus,
    text: str = "word",
    unheard: tuple[Stretch, ...] = (),
    script_text: str = "",
    confidence: float = 0.9,
    agreement: float | None = None,
    calibration: Calibration = UNCALIBRATED,
) -> AlignmentSummary:
    """The summary of as many words as statuses."""
    script = parse_transcript(script_text or " ".join([text] * len(statuses)), ("nora", "emil"))
    words = tuple(
        Word(text, None, None, "unspoken", 0.0, 0)
        if status == "unspoken"
        else Word(text, 100 * i, 100 * i + 90, status, confidence, 0)
        for i, status in enumerate(statuses)
    )
    turns = parse_transcript(" ".join([text] * len(statuses))).turns
    timed = TimedText("en", "e", 100_000, turns, words, (), unheard)
    return summarise(timed, script, SPEECH, agreement, calibration)


def test_a_text_that_fits_needs_no_review() -> None:
    summary = sum_up(*["aligned"] * 20)
    assert (summary.n_words, summary.n_aligned, summary.matches) == (20, 20, True)
    assert (summary.review, summary.reasons, summary.doubts) == (False, (), ())


def test_a_text_of_another_recording_does_not_match() -> None:
    summary = sum_up(*["unspoken"] * 15, *["aligned"] * 5)
    assert not summary.matches
    assert summary.reasons == ("the text does not belong to this recording",)


@pytest.mark.parametrize("seed", range(30))
def test_what_is_heard_without_the_text_decides_where_not_nearly_all_of_it_is_found(
    seed: int,
) -> None:
    chance = random.Random(seed)
    n_found = chance.randrange(18)
    agreement = chance.choice([0.0, chance.uniform(0, 0.09), chance.uniform(0.11, 1)])
    words: list[WordStatus] = ["aligned"] * n_found + ["unspoken"] * (20 - n_found)
    chance.shuffle(words)
    assert sum_up(*words, agreement=agreement).matches == (agreement > 0.1)


@pytest.mark.parametrize("agreement", [0.0, None, 1.0])
def test_a_text_that_is_found_nearly_whole_belongs_whatever_was_heard(
    agreement: float | None,
) -> None:
    assert sum_up(*["aligned"] * 18, *["unspoken"] * 2, agreement=agreement).matches


def test_where_nobody_can_hear_without_the_text_half_of_it_decides() -> None:
    assert sum_up(*["aligned"] * 5, *["unspoken"] * 5).matches
    assert not sum_up(*["aligned"] * 4, *["unspoken"] * 6).matches


def test_words_nobody_could_decide_about_do_not_make_a_match() -> None:
    assert not sum_up(*["estimated"] * 15, *["aligned"] * 5).matches


def test_tokens_with_nothing_to_say_are_left_out_of_account() -> None:
    script = "-- -- -- a"
    words = tuple(Word("--", i, i + 1, "estimated", 0.2, 0) for i in range(3))
    timed = TimedText(
        "en", "e", 1000, parse_transcript(script).turns, (*words, Word("a", 5, 9, "aligned", 1, 0))
    )
    assert summarise(timed, parse_transcript(script), SPEECH).matches


def test_a_tenth_of_the_text_missing_is_for_a_person_to_look_at() -> None:
    assert not sum_up(*["unspoken"] * 2, *["aligned"] * 18).review
    summary = sum_up(*["unspoken"] * 3, *["aligned"] * 17)
    assert summary.matches
    assert summary.reasons == ("3 words of the text were not heard",)


def test_speech_that_is_not_in_the_text_is_for_a_person_to_look_at() -> None:
    assert not sum_up("aligned", unheard=(Stretch(0, 9_000),)).review
    summary = sum_up("aligned", unheard=(Stretch(0, 30_000),))
    assert summary.speech_covered == 0.7
    assert summary.reasons == ("30% of the speech is not in the text",)


def test_labels_that_contradict_are_told() -> None:
    summary = sum_up("aligned", "aligned", script_text="- [nora] a\n- [nora] b")
    assert summary.n_label_contradictions == 1
    assert summary.reasons == ("1 labels contradict the taking of turns",)


def test_doubts_come_worst_first_and_not_without_end() -> None:
    summary = sum_up(*["aligned"] * 5, *["unspoken"] * 3, confidence=0.4)
    assert [doubt.status for doubt in summary.doubts] == ["unspoken"] * 3 + ["aligned"] * 5
    assert [doubt.word for doubt in summary.doubts[:3]] == [5, 6, 7]
    assert len(sum_up(*["unspoken"] * 500).doubts) == MAX_DOUBTFUL


def test_quantiles_go_from_the_least_to_the_most_confident() -> None:
    quantiles = sum_up(*["aligned"] * 5, *["unspoken"] * 5).confidence_quantiles
    assert quantiles[0] == 0.0 and quantiles[-1] == 0.9
    assert list(quantiles) == sorted(quantiles)


def test_an_engine_that_heard_nothing_but_noise_matches_nothing() -> None:
    assert not sum_up(*["unspoken"] * 3).matches


@given(
    st.integers(1, 60),
    st.floats(0.3, 1.0).map(lambda one: round(one, 3)),
    st.floats(0.0, 4.0),
)
def test_the_guarantee_is_below_what_is_expected_and_names_as_many_words_to_check(
    n_words: int, confidence: float, shortfall: float
) -> None:
    calibration = replace(UNCALIBRATED, shortfall=shortfall)
    summary = sum_up(*["aligned"] * n_words, confidence=confidence, calibration=calibration)
    assert summary.guarantee is not None
    assert 0 <= summary.guarantee.share <= confidence + 1e-9
    assert (1 - summary.guarantee.share) * n_words <= summary.guarantee.n_to_check + 1e-9
    assert len(summary.doubts) >= min(MAX_DOUBTFUL, summary.guarantee.n_to_check)


def test_more_words_make_a_guarantee_firmer() -> None:
    calibration = replace(UNCALIBRATED, shortfall=1.5)
    few, many = (
        sum_up(*["aligned"] * n_words, confidence=0.99, calibration=calibration).guarantee
        for n_words in (25, 2_500)
    )
    assert few and many and few.share < many.share


def test_where_nothing_is_known_of_errors_nothing_is_guaranteed() -> None:
    known = replace(UNCALIBRATED, shortfall=1.5)
    assert sum_up(*["aligned"] * 9).guarantee is None
    assert sum_up(*["estimated"] * 9, calibration=known).guarantee is None
