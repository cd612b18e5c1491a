"""How likely a token is where it was found, by what speaks for it."""

from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.calibration import Calibration, Weight
from pipeline.alignment.confidence import MAX_DELETIONS, rate_tokens
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.stages.align import load_calibration
from pipeline.verbalization.spoken_text import add_collocations, speak_text

CALIBRATION = load_calibration("pocketsphinx")
TIME = TokenTime(0, 0, 300, -1.0, 3)
FITTED = replace(TIME, fit=-1.5)


def rate(
    *times: TokenTime | None,
    anchored: Collection[int] = (),
    skipped: Collection[int] = (),
    lift: float = 0.0,
    word: str = "yes",
) -> list[float]:
    """The ratings of a word at these times, each so much likelier behind the one before it."""
    numbered = [time and replace(time, token=token) for token, time in enumerate(times)]
    text = add_collocations(speak_text([word] * len(times), "en"), lambda _first, _second: lift)
    found = TokenTimes(
        tuple(numbered), frozenset(anchored), frozenset(skipped), calibration=CALIBRATION
    )
    return rate_tokens(text, found)


@pytest.mark.parametrize("time", [TIME, FITTED])
def test_a_better_score_and_the_first_pass_give_more_confidence(time: TokenTime) -> None:
    (poor,), (good,) = (rate(replace(time, score=score)) for score in (-6.0, -3.0))
    assert poor < good
    assert poor < rate(replace(time, score=-6.0), anchored=[0])[0]


def test_where_the_first_pass_did_not_listen_confidence_lies_between() -> None:
    (unsure,), (skipped,), (sure,) = (
        rate(FITTED),
        rate(FITTED, skipped=[0]),
        rate(FITTED, anchored=[0]),
    )
    assert unsure < skipped < sure


def test_what_fits_the_recordings_own_models_gives_more_confidence() -> None:
    poor, good = rate(replace(FITTED, score=-3.0, fit=-5.0), replace(FITTED, score=-1.0, fit=-0.5))
    assert poor < good - 0.1


def test_a_token_without_a_time_has_none() -> None:
    assert rate(None, TIME)[0] == 0


@pytest.mark.parametrize("good", [TIME, FITTED])
def test_speech_that_the_text_lacks_speaks_against_the_less_likely_word_beside_it(
    good: TokenTime,
) -> None:
    poor = replace(good, score=-3)
    plain = rate(good, poor, good)
    before = rate(replace(good, extra_after=True), replace(poor, extra_before=True), good)
    after = rate(good, replace(poor, extra_after=True), replace(good, extra_before=True))
    assert before == after
    assert [before[0], before[2]] == [plain[0], plain[2]]
    assert before[1] < plain[1] - 0.2


def test_extra_speech_far_from_a_word_says_nothing_of_it() -> None:
    poor = replace(FITTED, fit=-3.0)
    assert rate(replace(FITTED, extra_after=True), poor) == rate(FITTED, poor)


def test_a_word_that_goes_with_those_beside_it_is_likelier() -> None:
    poor = replace(FITTED, fit=-4.0)
    strange, plain, usual = (rate(FITTED, poor, FITTED, lift=lift)[1] for lift in (-2.0, 0.0, 2.0))
    assert strange < plain < usual


def test_a_neighbour_that_was_not_found_says_nothing_of_a_word() -> None:
    poor = replace(FITTED, fit=-4.0)
    alone = rate(None, poor, None)[1]
    assert rate(None, poor, None, lift=2.0)[1] == alone
    assert alone < rate(FITTED, poor, None, lift=2.0)[1] < rate(FITTED, poor, FITTED, lift=2.0)[1]


def test_a_word_among_words_that_were_not_found_is_less_likely() -> None:
    poor = replace(FITTED, fit=-3.0)
    between, beside, alone = (
        rate(*[FITTED] * 2, poor, *[FITTED] * 2)[2],
        rate(*[FITTED] * 2, poor, None, FITTED)[2],
        rate(FITTED, None, poor, None, FITTED)[2],
    )
    assert alone < beside < between
    many, more = (
        rate(*[None] * n_deletions, poor)[n_deletions] for n_deletions in (MAX_DELETIONS, 40)
    )
    assert many == more < alone


def test_what_is_no_word_is_none_that_was_not_found() -> None:
    script, times = speak_text(["yes", "--", "yes"], "en"), (FITTED, None, replace(FITTED, token=2))
    plain = rate(FITTED, FITTED)
    assert rate_tokens(script, TokenTimes(times, calibration=CALIBRATION))[::2] == plain


def test_what_a_second_recogniser_heard_instead_speaks_against_a_token() -> None:
    doubtful = replace(FITTED, score=-2.5, fit=-2.6)
    usual = [replace(FITTED, rescored=0.0)] * 30
    recognized, unasked, other = (
        rate(*usual, replace(doubtful, rescored=ratio))[-1] for ratio in (0.0, None, -9.0)
    )
    assert other < unasked < recognized


def test_a_second_recogniser_that_is_often_wrong_has_less_say() -> None:
    other = replace(FITTED, rescored=-9.0)
    (sure, unsure) = (
        rate(*[replace(FITTED, rescored=ratio)] * 30, other)[-1] for ratio in (0.0, -9.0)
    )
    assert sure < unsure - 0.2


def test_a_second_recogniser_has_no_more_say_than_this() -> None:
    low, lower = rate(*(replace(FITTED, rescored=rescored) for rescored in (-15.0, -90.0)))
    assert low == lower


@given(st.floats(-20, 20), st.floats(-6, 3))
def test_a_feature_that_is_not_known_adds_nothing(goodness: float, likelihood: float) -> None:
    weights = (Weight("likelihood", 2.0), Weight("goodness", 0.5, offset=3.0, least=-1.0, most=1.0))
    calibration = Calibration((), 1.0, weights, None, 0.5)
    assert calibration.weigh({"likelihood": likelihood}) == 1 + 2 * likelihood
    bounded = max(-1.0, min(1.0, goodness))
    both = calibration.weigh({"likelihood": likelihood, "goodness": goodness})
    assert both == pytest.approx(1 + 2 * likelihood + 0.5 * bounded + 3)


def test_first_pass_times_alone_have_one_confidence() -> None:
    assert len(set(rate(*[replace(TIME, score=None)] * 3, anchored=[1]))) == 1
