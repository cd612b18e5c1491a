"""What any speech at all would score: the best path through all phones in any order.

A word's likelihood against it tells whether the word was said, whatever the voice and the noise.
"""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from pipeline.engines.triphones.model import N_STATES, AcousticModel, Floats, Indices

_NEVER = np.float32(-1e30)


@dataclass(frozen=True, slots=True)
class PhoneLoop:
    """Context-independent phones, each able to follow each.

    Attributes:
        senones: (n_phones, 3).
        log_stay, log_leave: (n_phones, 3).
        log_next: log-probability of one phone after another: any is as likely.
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

    def follow(self, scores: Floats) -> Floats:
        """(n_frames,) log-likelihoods along the best path.

        Args:
            scores: (n_frames, n_senones) of all context-independent senones, in their order.
        Source: Wessel et al. 2001, "Confidence measures for large vocabulary continuous speech
            recognition" (normalisation by an unconstrained phone recogniser).
        """
        emissions = scores[:, self.senones]
        n_frames, n_phones, _ = emissions.shape
        paths = np.empty((n_frames, n_phones, N_STATES), np.float32)
        now = np.full((n_phones, N_STATES), _NEVER)
        entering = np.float32(0)
        for frame in range(n_frames):
            coming = np.empty_like(now)
            coming[:, 0] = entering + np.float32(self.log_next)
            coming[:, 1:] = now[:, :-1] + self.log_leave[:, :-1]
            now = np.maximum(now + self.log_stay, coming) + emissions[frame]
            paths[frame] = now
            entering = (now[:, -1] + self.log_leave[:, -1]).max()
        return self._trace(paths, emissions)

    def _trace(self, paths: Floats, emissions: Floats) -> Floats:
        found = np.empty(len(paths), np.float32)
        last = N_STATES - 1
        phone, state = int((paths[-1, :, last] + self.log_leave[:, last]).argmax()), last
        for frame in range(len(paths) - 1, 0, -1):
            found[frame] = emissions[frame, phone, state]
            before = paths[frame - 1]
            stayed = before[phone, state] + self.log_stay[phone, state]
            if state:
                if before[phone, state - 1] + self.log_leave[phone, state - 1] > stayed:
                    state -= 1
                continue
            left = before[:, last] + self.log_leave[:, last]
            if left.max() + self.log_next > stayed:
                phone, state = int(left.argmax()), last
        found[0] = emissions[0, phone, state]
        return found
