"""What the benchmarks count."""

from typing import Any

import pytest
from accuracy import TokensDifferError, compare, measure_confidence

Rows = list[dict[str, Any]]


def found(*words: tuple[str, int | None, float]) -> Rows:
    return [
        {
            "text": text,
            "start_ms": start_ms,
            "status": "unspoken" if start_ms is None else "aligned",
            "confidence": confidence,
        }
        for text, start_ms, confidence in words
    ]


def truth(*words: tuple[str, int | None]) -> Rows:
    return [{"text": text, "start_ms": start_ms} for text, start_ms in words]


def test_starts_are_measured_over_the_spoken_tokens() -> None:
    figures = compare(
        found(("a", 100, 1), ("b", 250, 1), ("c", None, 0), ("d", 4000, 1)),
        truth(("a", 110), ("b", 200), ("c", 300), ("d", 400)),
    )
    assert figures["median_ms"] == 50
    assert figures["f1_20ms"] == round(2 / 7, 4)
    assert figures["within_100ms"] == 0.5
    assert figures["n_over_1s"] == 1
    assert figures["false_unspoken"] == 0.25


def test_a_token_that_is_not_in_the_sound_should_be_flagged() -> None:
    figures = compare(
        found(("a", 100, 1), ("b", None, 0), ("c", 300, 1)),
        truth(("a", 100), ("b", None), ("c", None)),
    )
    assert (figures["n_unspoken"], figures["missed_unspoken"]) == (2, 1)
    assert figures["unspoken_flagged"] == 0.5
    assert figures["f1_20ms"] == round(2 / 3, 4)


def test_tokens_with_nothing_to_say_count_nowhere() -> None:
    figures = compare(found(("a", 100, 1), ("--", 999, 0.5)), truth(("a", 100), ("--", None)))
    assert (figures["n_words"], figures["n_unspoken"], figures["f1_20ms"]) == (2, 0, 1.0)


def test_the_ends_of_an_episode_are_measured_by_themselves() -> None:
    spoken = [(str(number), number * 1000) for number in range(101)]
    drifted = [(text, start_ms + start_ms // 1000, 1.0) for text, start_ms in spoken]
    figures = compare(found(*drifted), truth(*spoken))
    assert (figures["first_median_ms"], figures["last_median_ms"]) == (5, 95)
    assert (figures["first_f1_20ms"], figures["last_f1_20ms"]) == (1.0, 0.0)
    assert figures["last_within_100ms"] == 1.0


def test_nothing_timed_is_a_figure_not_an_error() -> None:
    rows, facts = found(("a", None, 0)), truth(("a", 10))
    figures = compare(rows, facts)
    assert figures["median_ms"] is None
    assert (figures["f1_20ms"], figures["false_unspoken"]) == (0.0, 1.0)
    assert measure_confidence(rows, facts) == ([], None)
    assert compare([], [])["f1_20ms"] is None


def test_other_tokens_are_refused() -> None:
    with pytest.raises(TokensDifferError):
        compare(found(("a", 1, 1)), truth(("b", 1)))


def test_confidence_is_measured_against_near_starts() -> None:
    rows, error = measure_confidence(
        found(("a", 100, 0.96), ("b", 900, 0.96), ("c", 300, 0.2), ("d", 400, 1.0)),
        truth(("a", 100), ("b", 200), ("c", None), ("d", 400)),
    )
    assert [(row["from"], row["n"], row["within_100ms"]) for row in rows] == [
        (0.1, 1, 0),
        (0.95, 2, 0.5),
        (0.98, 1, 1),
    ]
    assert error == pytest.approx((0.2 + 2 * 0.46) / 4)
