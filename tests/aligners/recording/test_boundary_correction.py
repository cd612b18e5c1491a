"""The network that says how far boundaries are off."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest

from pipeline.aligners.hmm.model import load_model
from pipeline.aligners.network import Floats
from pipeline.aligners.recording.boundary_correction import (
    MAX_SHIFT,
    N_AROUND,
    Boundaries,
    BoundaryCorrection,
    load_correction,
    make_inputs,
    pack_correction,
)
from pipeline.aligners.recording.features import FRAME_MS

STEP_AT = 60
"""The frame where the sound changes."""
HALF_FLOAT = 1e-2
EXACT_MS = 1e-3


def make_features() -> Floats:
    """Silence, then an open vowel: the loudness of the cepstra steps up."""
    features = np.random.default_rng(1).standard_normal((120, 39)).astype(np.float32) * 0.1
    features[:STEP_AT, 0] -= 2.0
    features[STEP_AT:, 0] += 1.0
    return features


def make_boundaries(*frames: int) -> Boundaries:
    """Between silence and a vowel."""
    n = len(frames)
    names = load_model().phone_names
    before, after = (np.full(n, names.index(name)) for name in ("SIL", "AA"))
    return Boundaries(np.array(frames, np.intp), before, after, np.full(n, 40), np.full(n, 20))


def test_boundaries_that_are_off_are_moved_towards_the_change_of_sound() -> None:
    early, right, late = load_correction().find_offsets(
        make_features(), make_boundaries(STEP_AT - 4, STEP_AT, STEP_AT + 4)
    )
    assert early > right > late
    assert early > 0 > late
    assert early - late >= 4 * FRAME_MS


def test_boundaries_do_not_depend_on_those_beside_them() -> None:
    correction, features = load_correction(), make_features()
    together = correction.find_offsets(features, make_boundaries(50, 60, 70))
    alone = [correction.find_offsets(features, make_boundaries(frame))[0] for frame in (50, 60, 70)]
    assert together == pytest.approx(alone, abs=EXACT_MS)


def test_no_boundaries_have_no_offsets() -> None:
    assert load_correction().find_offsets(make_features(), make_boundaries()).shape == (0,)


@pytest.mark.parametrize("frame", [0, 119, 300])
def test_an_edge_at_the_end_of_the_sound_can_be_looked_at(frame: int) -> None:
    assert np.isfinite(
        load_correction().find_offsets(make_features(), make_boundaries(frame))
    ).all()


def test_a_phone_that_it_never_met_is_one_of_the_others() -> None:
    phones = np.array([3, 5])
    boundaries = replace(make_boundaries(50, 50), after=np.array([5, 77]))
    inputs = make_inputs(phones, make_features(), boundaries, np.zeros(2, np.intp))
    marks = inputs[:, (2 * N_AROUND + 1) * 13 :]
    assert marks[:, 3:6].tolist() == [[0, 1, 0], [0, 0, 1]]


def test_looking_from_beside_sees_the_same_sound_moved() -> None:
    features, phones = make_features(), np.array([3, 5])
    beside = make_inputs(phones, features, make_boundaries(50), np.array([MAX_SHIFT]))
    there = make_inputs(phones, features, make_boundaries(50 + MAX_SHIFT), np.array([0]))
    assert np.array_equal(beside[:, :-1], there[:, :-1])
    assert beside[0, -1] == 1 and there[0, -1] == 0


def test_a_packed_one_is_the_same_again() -> None:
    known = load_correction()
    arrays = np.load(BytesIO(pack_correction(known)))
    again = BoundaryCorrection(**{name: arrays[name] for name in arrays.files})
    assert np.array_equal(again.phones, known.phones)
    assert np.abs(again.inner - known.inner).max() <= HALF_FLOAT
