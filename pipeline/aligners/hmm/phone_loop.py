"""The garbage model's reference: the best path through a loop of all phones.

A word's likelihood ratio against it tells whether it was spoken, for any voice and noise.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from pipeline.aligners.hmm.model import N_STATES, AcousticModel, Floats, Indices

_NEVER = np.float32(-1e30)


@dataclass(frozen=True, slots=True)
class PhoneLoop:
    """A loop of context-independent phones, in which any may follow any.

    Attributes:
        senones: (n_phones, 3).
        log_stay, log_leave: (n_phones, 3).
        log_next: log-probability of the next phone, the same for all.
    """

    senones: Indices
    log_stay: Floats
    log_leave: Floats
    log_next: float

    @classmethod
    def of(cls, model: AcousticModel) -> Self:
        """All phones of speech, and silence."""
        phones = [
            phone
            for phone in range(len(model.phone_names))
            if phone == model.silence or phone not in model.fillers
        ]
        rows = model.transitions[phones]
        return cls(
            model.senones[phones],
            model.log_stay[rows],
            model.log_leave[rows],
            -math.log(len(phones)),
        )

    def follow(self, scores: Sequence[Floats]) -> list[Floats]:
        """(n_frames,) log-likelihoods along the best path, for each of several sounds.

        Args:
            scores: (n_frames, n_senones) of all context-independent senones, in their order.
        Source: Wessel et al. 2001, "Confidence measures for large vocabulary continuous speech
            recognition" (normalisation by an unconstrained phone recogniser).
        """
        emissions = [each[:, self.senones.T] for each in scores]
        longest = max(len(each) for each in emissions)
        together = np.zeros((longest, N_STATES, len(scores), len(self.senones)), np.float32)
        for number, each in enumerate(emissions):
            together[: len(each), :, number] = each
        paths = self._search(together)
        return [
            self._trace(paths[: len(each), :, number], each)
            for number, each in enumerate(emissions)
        ]

    def _search(self, emissions: Floats) -> Floats:
        """Viterbi values of each state in each frame; both (n_frames, 3, n_sounds, n_phones)."""
        stay, leave = self.log_stay.T[:, None], self.log_leave.T[:, None]
        paths = np.empty_like(emissions)
        now = np.full_like(emissions[0], _NEVER)
        coming = np.zeros_like(now)
        entering = np.zeros_like(now[0, :, :1])
        for path, emitted in zip(paths, emissions, strict=True):
            coming[0] = entering + np.float32(self.log_next)
            np.add(now[:-1], leave[:-1], out=coming[1:])
            np.add(now, stay, out=path)
            np.maximum(path, coming, out=path)
            path += emitted
            now = path
            entering = np.max(now[-1] + leave[-1], axis=1, keepdims=True)
        return paths

    def _trace(self, paths: Floats, emissions: Floats) -> Floats:
        """(n_frames,) emissions along the best path; arguments are (n_frames, 3, n_phones)."""
        found = np.empty(len(paths), np.float32)
        last = N_STATES - 1
        leave = self.log_leave[:, last]
        phone, state = int((paths[-1, last] + leave).argmax()), last
        for frame in range(len(paths) - 1, 0, -1):
            found[frame] = emissions[frame, state, phone]
            before = paths[frame - 1]
            stayed = before[state, phone] + self.log_stay[phone, state]
            if state:
                if before[state - 1, phone] + self.log_leave[phone, state - 1] > stayed:
                    state -= 1
                continue
            left = before[last] + leave
            if left.max() + self.log_next > stayed:
                phone, state = int(left.argmax()), last
        found[0] = emissions[0, state, phone]
        return found
