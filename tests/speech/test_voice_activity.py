"""Where there is speech."""

from itertools import pairwise

import numpy as np
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.records import Stretch
from pipeline.speech.voice_activity import BLOCK_S, find_speech

LONGEST_MS = 30_500
PAUSE_S = 2
INSIDE_MS = 100
"""So far into a word the detector has noticed it."""
EDGE_TOLERANCE_MS = 600
"""Pads, and a detector that starts in mid-recording."""


def covered_ms(speech: tuple[Stretch, ...]) -> int:
    return sum(stretch.end_ms - stretch.start_ms for stretch in speech)


def test_stretches_are_in_order_and_short(talk_speech: tuple[Stretch, ...], talk: Samples) -> None:
    assert talk_speech
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(talk_speech))
    assert all(stretch.end_ms - stretch.start_ms <= LONGEST_MS for stretch in talk_speech)
    assert talk_speech[-1].end_ms <= len(talk) * 1000 / SAMPLE_RATE_HZ


def test_every_word_lies_in_speech(
    talk_speech: tuple[Stretch, ...], talk_words: list[tuple[str, int]]
) -> None:
    for text, start_ms in talk_words:
        at_ms = start_ms + INSIDE_MS
        assert any(one.start_ms <= at_ms < one.end_ms for one in talk_speech), text


@pytest.mark.parametrize("n_samples", [0, 1, 500, 16_000])
def test_silence_is_no_speech(n_samples: int) -> None:
    assert find_speech(np.zeros(n_samples, np.int16)) == ()


def test_noise_is_no_speech() -> None:
    noise = np.random.default_rng(1).normal(0, 300, 10 * SAMPLE_RATE_HZ).astype(np.int16)
    assert find_speech(noise) == ()


def test_nothing_is_lost_where_blocks_meet(
    talk: Samples, talk_speech: tuple[Stretch, ...], talk_words: list[tuple[str, int]]
) -> None:
    pause = np.zeros(PAUSE_S * SAMPLE_RATE_HZ, np.int16)
    period = np.concatenate([talk, pause])
    n_periods = BLOCK_S * SAMPLE_RATE_HZ // len(period) + 2
    found = find_speech(np.tile(period, n_periods))
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(found))
    assert all(stretch.end_ms - stretch.start_ms <= LONGEST_MS for stretch in found)
    period_ms = len(period) * 1000 / SAMPLE_RATE_HZ
    for number in range(n_periods):
        for text, start_ms in talk_words:
            at_ms = number * period_ms + start_ms + INSIDE_MS
            assert any(one.start_ms <= at_ms < one.end_ms for one in found), (number, text)
    per_period_ms = covered_ms(found) / n_periods
    assert abs(per_period_ms - covered_ms(talk_speech)) <= EDGE_TOLERANCE_MS
