"""Which passages are heard again, and what comes of the answers."""

from dataclasses import replace
from functools import partial

import pytest

from pipeline.alignment.observations import Observations
from pipeline.alignment.passes import rescoring
from pipeline.alignment.passes.rescoring import (
    BREAK_MS,
    CONTEXT_MS,
    LONGEST_MS,
    MAX_ROOM_MS,
    MORE_CONTEXT_MS,
    RECOGNIZED_AS_LIKELY,
    add_ratios,
    rescore_doubtful_words,
)
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.records import RescoringRequest
from pipeline.stages.align import load_calibration
from pipeline.verbalization.spoken_text import SpokenText, speak_text

CALIBRATION = load_calibration("pocketsphinx")
find_requests = partial(rescoring.find_requests, most_ms=0)
"""Passages around what is in doubt, and no others."""
WORD_MS = 400
SURE = TokenTime(0, 0, WORD_MS, 2.5, 9, fit=-0.3)
UNSURE = replace(SURE, score=-3.0, fit=-6.2)


def find(
    times: dict[int, TokenTime | None], n_words: int = 40, words: dict[int, str] | None = None
) -> tuple[SpokenText, TokenTimes]:
    """A text of words in a row, each of 400 ms; those named have other times, or words."""
    text = speak_text([(words or {}).get(token, "word") for token in range(n_words)], "en")
    found: list[TokenTime | None] = []
    for token in range(n_words):
        time = times.get(token, SURE)
        start_ms = token * WORD_MS
        found.append(
            time and replace(time, token=token, start_ms=start_ms, end_ms=start_ms + WORD_MS)
        )
    return text, TokenTimes(tuple(found), calibration=CALIBRATION)


def doubtful(requests: tuple[RescoringRequest, ...]) -> list[int]:
    return [request.tokens[index] for request in requests for index in request.doubtful]


def test_nothing_is_asked_where_nothing_is_in_doubt() -> None:
    assert find_requests(*find({})) == ()


def test_a_token_in_doubt_is_heard_with_what_is_around_it() -> None:
    (request,) = find_requests(*find({20: UNSURE}))
    assert doubtful((request,)) == [20]
    assert request.words == ("word",) * len(request.tokens)
    most_ms = CONTEXT_MS + MORE_CONTEXT_MS + WORD_MS
    for context_ms in (20 * WORD_MS - request.start_ms, request.end_ms - 21 * WORD_MS):
        assert CONTEXT_MS <= context_ms <= most_ms


def test_tokens_near_each_other_are_asked_about_at_once_and_far_ones_apart() -> None:
    near, far = (find_requests(*find({3: UNSURE, other: UNSURE})) for other in (6, 36))
    assert [doubtful((request,)) for request in near] == [[3, 6]]
    assert [doubtful((request,)) for request in far] == [[3], [36]]


def test_no_passage_is_longer_than_is_good_to_hear_at_once() -> None:
    requests = find_requests(*find(dict.fromkeys(range(1, 39, 3), UNSURE)))
    assert sorted(doubtful(requests)) == sorted({*doubtful(requests)})
    assert set(range(1, 39, 3)) == set(doubtful(requests))
    for request in requests:
        assert request.end_ms - request.start_ms <= LONGEST_MS + 2 * WORD_MS


def test_a_passage_ends_at_a_long_pause() -> None:
    text, found = find({20: UNSURE})
    moved = tuple(
        replace(time, start_ms=time.start_ms + BREAK_MS + 1, end_ms=time.end_ms + BREAK_MS + 1)
        if time and time.token > 21
        else time
        for time in found.times
    )
    (request,) = find_requests(text, replace(found, times=moved))
    assert request.tokens[-1] == 21


def test_the_least_sure_words_are_asked_about_first_until_the_time_is_full() -> None:
    less_sure, least_sure = replace(SURE, score=-1.0, fit=-1.0), replace(SURE, score=-1.5, fit=-2.0)
    text, found = find({5: least_sure, 30: less_sure}, n_words=40)
    some = doubtful(rescoring.find_requests(text, found, most_ms=CONTEXT_MS))
    assert some == [5]
    more = doubtful(rescoring.find_requests(text, found, most_ms=4 * CONTEXT_MS))
    assert set(more) >= {5, 30}
    assert len(more) < 40
    assert set(doubtful(rescoring.find_requests(text, found))) == set(range(40))


def test_without_a_calibration_for_its_answers_no_second_recogniser_is_asked() -> None:
    text, found = find({20: UNSURE})
    asked: list[RescoringRequest] = []
    observed = Observations(rescore=asked.extend)  # type: ignore[arg-type]
    plain = replace(found, calibration=replace(CALIBRATION, rescoring=None))
    assert rescore_doubtful_words(text, plain, observed) == plain
    assert not asked
    rescore_doubtful_words(text, found, observed)
    assert asked


def test_a_lost_token_is_asked_about_and_a_lost_passage_is_not() -> None:
    lost = find_requests(*find({20: None}))
    assert doubtful(lost) == [20]
    passage = doubtful(find_requests(*find(dict.fromkeys(range(10, 30)))))
    assert not set(range(10, 30)) & set(passage)


@pytest.mark.parametrize("word", ["5,000", "a100s", "--"])
def test_what_may_be_written_otherwise_than_it_is_said_is_not_asked_about(word: str) -> None:
    assert find_requests(*find({20: UNSURE}, words={20: word})) == ()


def test_answers_go_to_their_tokens() -> None:
    text, found = find({3: UNSURE, 36: UNSURE})
    requests = find_requests(text, found)
    answered = add_ratios(found, requests, [(-7.0,), (0.0,)])
    assert {
        time.token: time.rescored for time in answered.times if time and time.rescored is not None
    } == {
        3: -7.0,
        36: 0.0,
    }


def test_a_lost_token_that_may_lie_elsewhere_is_not_asked_about() -> None:
    text, found = find({20: None})
    moved = tuple(
        replace(one, start_ms=one.start_ms + MAX_ROOM_MS, end_ms=one.end_ms + MAX_ROOM_MS)
        if one and one.token > 20
        else one
        for one in found.times
    )
    assert find_requests(text, replace(found, times=moved)) == ()


def test_a_lost_token_that_was_heard_comes_back_without_a_time_of_its_own() -> None:
    text, found = find({20: None})
    requests = find_requests(text, found)
    assert add_ratios(found, requests, [(RECOGNIZED_AS_LIKELY,)]).undecided == {20}
    assert add_ratios(found, requests, [(RECOGNIZED_AS_LIKELY - 1,)]).undecided == frozenset()
