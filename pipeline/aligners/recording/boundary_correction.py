"""Boundary correction: a network predicts how far phone boundaries are off.

The recording's own models are as early or late as the alignment they were trained on; this network
was trained by `benchmarks/corrector/` on voices whose boundaries are known. It knows no words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Self

import numpy as np
import numpy.typing as npt

from pipeline.aligners.network import Floats, Indices
from pipeline.aligners.recording.features import FRAME_MS, N_CEPSTRA

N_AROUND = 12
"""Input frames on each side of a boundary, 5 ms each: 120 ms in all."""
INPUT_SHIFTS = (-2, -1, 0, 1, 2)
"""Shifts of the input in frames; the prediction is the mean over all of them."""
MAX_SHIFT = 8
"""Largest shift in training, in frames; scales that input to ±1."""
LONGEST_FRAMES = 60
"""Durations of phones are capped at this many frames."""
OFFSET_MS = 20.0
"""Milliseconds that an output of 1 stands for."""

_FIELDS = ("frames", "before", "after", "n_before", "n_after")
_WEIGHTS = ("inner", "inner_bias", "middle", "middle_bias", "outer", "outer_bias")


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Boundaries in a segment, each with the phones on both sides.

    Attributes:
        frames: (n,) positions in frames of 5 ms.
        before, after: (n,) phones, as the acoustic model numbers them.
        n_before, n_after: (n,) how many frames these last.
    """

    frames: Indices
    before: Indices
    after: Indices
    n_before: Indices
    n_after: Indices

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """The boundaries of several windows, concatenated."""
        return cls(*(np.concatenate([getattr(part, field) for part in parts]) for field in _FIELDS))

    def choose(self, wanted: Indices | npt.NDArray[np.bool_]) -> Self:
        """Those at the indices, or where the mask is true."""
        return type(self)(*(getattr(self, field)[wanted] for field in _FIELDS))


@dataclass(frozen=True, slots=True)
class BoundaryCorrection:
    """The weights of a network with two hidden layers (ReLU).

    Attributes:
        phones: (n_phones,) phones with an input of their own, increasing; all others share one.
    """

    phones: Indices
    inner: Floats
    inner_bias: Floats
    middle: Floats
    middle_bias: Floats
    outer: Floats
    outer_bias: Floats

    def find_offsets(self, features: Floats, boundaries: Boundaries) -> Floats:
        """(n,) milliseconds by which each true boundary is predicted to lie later than found.

        Args:
            features: (n_frames, at least 13), the MFCC first.
        Source: Stolcke et al. 2014, "Highly accurate phonetic segmentation using boundary
            correction models and system fusion", with a network that regresses.
        """
        looks = [self._predict(features, boundaries, moved) for moved in INPUT_SHIFTS]
        mean: Floats = np.mean(looks, axis=0, dtype=np.float32)
        return mean

    def _predict(self, features: Floats, boundaries: Boundaries, moved: int) -> Floats:
        inputs = make_inputs(
            self.phones, features, boundaries, np.full(len(boundaries.frames), moved)
        )
        hidden = np.maximum(inputs @ self.inner + self.inner_bias, 0)
        hidden = np.maximum(hidden @ self.middle + self.middle_bias, 0)
        seen: Floats = (hidden @ self.outer + self.outer_bias)[:, 0]
        return seen * np.float32(OFFSET_MS) + np.float32(moved * FRAME_MS)


def make_inputs(
    phones: Indices, features: Floats, boundaries: Boundaries, moved: Indices
) -> Floats:
    """(n, n_inputs): MFCC around each boundary, phones on both sides, their durations, the shift.

    Args:
        moved: (n,) frames by which the input's centre lies after each boundary.
    """
    around = (boundaries.frames + moved)[:, None] + np.arange(-N_AROUND, N_AROUND + 1)
    seen = features[np.clip(around, 0, len(features) - 1), :N_CEPSTRA]
    lengths = np.stack([boundaries.n_before, boundaries.n_after], axis=1)
    return np.concatenate(
        [
            seen.reshape(len(seen), (2 * N_AROUND + 1) * N_CEPSTRA),
            _mark(phones, boundaries.before),
            _mark(phones, boundaries.after),
            np.log1p(np.minimum(lengths, LONGEST_FRAMES)).astype(np.float32),
            (moved / MAX_SHIFT).astype(np.float32)[:, None],
        ],
        axis=1,
    )


def pack_correction(correction: BoundaryCorrection) -> bytes:
    """All arrays as an .npz file, the weights in float16."""
    packed = BytesIO()
    weights = {name: getattr(correction, name).astype(np.float16) for name in _WEIGHTS}
    np.savez_compressed(packed, phones=correction.phones, **weights)
    return packed.getvalue()


@cache
def load_correction() -> BoundaryCorrection:
    """The network shipped in this package."""
    arrays = np.load(BytesIO((files(__package__) / "boundary_correction.npz").read_bytes()))
    weights = (arrays[name].astype(np.float32) for name in _WEIGHTS)
    return BoundaryCorrection(arrays["phones"], *weights)


def _mark(known: Indices, phones: Indices) -> Floats:
    """(n, n_known + 1) one-hot phones; the last column stands for all unknown ones."""
    places = np.searchsorted(known, phones)
    is_known = known[np.minimum(places, len(known) - 1)] == phones
    columns = np.where(is_known, places, len(known))
    return np.eye(len(known) + 1, dtype=np.float32)[columns]
