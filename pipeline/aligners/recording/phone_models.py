"""Phone models of a recording: GMMs trained in turns with realignment, then a phone classifier.

Their use is `posteriors.py`'s and `goodness.py`'s matter.
"""

from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise

import numpy as np

from pipeline.aligners.hmm.features import FRAME_MS as TRIPHONE_FRAME_MS
from pipeline.aligners.hmm.model import load_model
from pipeline.aligners.hmm.phone_alignment import GARBAGE_PHONE, PhoneAlignment
from pipeline.aligners.network import Floats, Indices
from pipeline.aligners.recording.classifier import PhoneClassifier, splice_frames, train_classifier
from pipeline.aligners.recording.features import (
    FRAME_MS,
    NOISE_QUANTILE,
    make_cepstra,
    measure_powers,
)
from pipeline.aligners.recording.mixtures import Mixture, fit_mixture
from pipeline.aligners.recording.realignment import State, realign_boundaries
from pipeline.contracts import Samples

REACH_FRAMES = 80 // FRAME_MS
"""How far realignment may move a boundary in one round: 80 ms."""
MIN_TRAINING_FRAMES = 20_000 // FRAME_MS
"""With less than 20 s of speech no models are trained."""
N_GAUSSIANS = 8
N_ROUNDS = 3
MAX_STATE_FRAMES = 3_000
_MIN_STATE_FRAMES = 10
LATE_MS = 2
"""The triphones' frame k begins at 10 k + 2 ms."""
_SEED = 1995
SPEECH_STEP, SILENCE_STEP = 2, 6
"""Every how many frames one trains the classifier: neighbours are alike."""

_CLASSIFIER = ("phones", "inner", "inner_bias", "outer", "outer_bias")


@dataclass(frozen=True, slots=True)
class StateTimes:
    """A phone alignment as states with boundaries, in frames of 5 ms.

    Attributes:
        states: phone and state, in order of time.
        boundaries: (n_states + 1,) boundaries.
        first_states: (n_phones + 1,) index of each phone's first state, and the number of states.
    """

    states: tuple[State, ...]
    boundaries: Indices
    first_states: Indices


@dataclass(frozen=True, slots=True)
class PhoneModels:
    """The recording's models: one GMM for each state of each phone, and a classifier of phones.

    Attributes:
        noise: (26,) the background's power in each filter.
        mean, scale: (39,) normalise the recording's features to zero mean and unit variance.
        mixtures: by phone and state; silence has one state.
        classifier: phone posteriors of a frame in its context.
        spoken_s: seconds of speech that they were trained on.
    """

    noise: Floats
    mean: Floats
    scale: Floats
    mixtures: Mapping[State, Mixture]
    classifier: PhoneClassifier
    silence: int
    spoken_s: float

    def make_features(self, powers: Floats) -> Floats:
        """(n_frames, 39) normalised MFCC and deltas from mel filter powers."""
        return (make_cepstra(powers, self.noise) - self.mean) / self.scale

    def move_states(self, features: Floats, times: Sequence[StateTimes]) -> list[StateTimes]:
        """The states of a segment's paths with their boundaries realigned by the GMMs."""
        return _move(self.mixtures, features, times)


def train_models(parts: Sequence[tuple[Samples, Sequence[PhoneAlignment]]]) -> PhoneModels | None:
    """Train on segments of a recording and their phone alignments.

    Returns:
        None if there is less speech than MIN_TRAINING_FRAMES.
    Source: Rabiner 1989, VI (segmental k-means: boundaries and models re-estimated in turns), with
        mixtures fitted to each state's frames.
    """
    silence = load_model().silence
    powers = [measure_powers(samples) for samples, _ in parts]
    noise = np.quantile(np.concatenate(powers), NOISE_QUANTILE, axis=0).astype(np.float32)
    cepstra = [make_cepstra(power, noise) for power in powers]
    together = np.concatenate(cepstra)
    mean, scale = together.mean(axis=0), together.std(axis=0) + np.float32(1e-6)
    features = [(each - mean) / scale for each in cepstra]
    times = [[read_states(path, silence) for path in paths] for _, paths in parts]
    n_spoken = _count_spoken(times, silence)
    if n_spoken < MIN_TRAINING_FRAMES:
        return None
    rng = np.random.default_rng(_SEED)
    for _ in range(N_ROUNDS):
        mixtures = _fit(features, times, rng)
        times = [
            _move(mixtures, frames, paths) for frames, paths in zip(features, times, strict=True)
        ]
    classifier = train_classifier(*_label(features, parts, times, silence))
    spoken_s = n_spoken * FRAME_MS / 1000
    return PhoneModels(noise, mean, scale, mixtures, classifier, silence, spoken_s)


def pack_models(models: PhoneModels) -> str:
    """All arrays as a base64 .npz file; equal models give equal text."""
    states = sorted(models.mixtures)
    mixtures = [models.mixtures[state] for state in states]
    packed = BytesIO()
    np.savez(
        packed,
        noise=models.noise,
        mean=models.mean,
        scale=models.scale,
        silence=np.array(models.silence),
        spoken_s=np.array(models.spoken_s),
        states=np.array(states, np.int64).reshape(-1, 2),
        n_gaussians=np.array([len(each.constants) for each in mixtures], np.int64),
        squares=np.concatenate([each.squares for each in mixtures], axis=1),
        values=np.concatenate([each.values for each in mixtures], axis=1),
        constants=np.concatenate([each.constants for each in mixtures]),
        **{name: getattr(models.classifier, name) for name in _CLASSIFIER},
    )
    return b64encode(packed.getvalue()).decode("ascii")


def unpack_models(text: str) -> PhoneModels:
    """The models of `pack_models`'s text."""
    arrays = np.load(BytesIO(b64decode(text)))
    cuts = np.cumsum(arrays["n_gaussians"])[:-1]
    forms = (np.split(arrays[name], cuts, axis=-1) for name in ("squares", "values", "constants"))
    mixtures = (Mixture(*map(np.ascontiguousarray, form)) for form in zip(*forms, strict=True))
    states = ((int(phone), int(state)) for phone, state in arrays["states"])
    return PhoneModels(
        noise=arrays["noise"],
        mean=arrays["mean"],
        scale=arrays["scale"],
        mixtures=dict(zip(states, mixtures, strict=True)),
        classifier=PhoneClassifier(*(arrays[name] for name in _CLASSIFIER)),
        silence=int(arrays["silence"]),
        spoken_s=float(arrays["spoken_s"]),
    )


def read_states(path: PhoneAlignment, silence: int) -> StateTimes:
    """A path's states and their boundaries; states of no frames are left out."""
    start_ms = path.first_frame * TRIPHONE_FRAME_MS + LATE_MS
    lasting = path.n_frames > 0
    phone_of, state_of = np.nonzero(lasting)
    phones = path.phones[phone_of]
    is_plain = (phones == silence) | (phones == GARBAGE_PHONE)
    places = np.where(is_plain, 0, state_of)
    ends_ms = start_ms + TRIPHONE_FRAME_MS * np.cumsum(path.n_frames[lasting])
    boundaries = np.round(np.concatenate([[start_ms], ends_ms]) / FRAME_MS).astype(np.intp)
    first_states = np.concatenate([[0], np.cumsum(lasting.sum(axis=1))]).astype(np.intp)
    states = tuple(zip(phones.tolist(), places.tolist(), strict=True))
    return StateTimes(states, boundaries, first_states)


def _move(
    mixtures: Mapping[State, Mixture], features: Floats, times: Sequence[StateTimes]
) -> list[StateTimes]:
    paths = [(each.states, each.boundaries) for each in times]
    moved = realign_boundaries(features, paths, mixtures.get, REACH_FRAMES)
    return [
        replace(each, boundaries=boundaries) for each, boundaries in zip(times, moved, strict=True)
    ]


def _count_spoken(times: Sequence[Sequence[StateTimes]], silence: int) -> int:
    return sum(
        int(
            np.diff(path.boundaries)[
                [phone not in (silence, GARBAGE_PHONE) for phone, _ in path.states]
            ].sum()
        )
        for paths in times
        for path in paths
    )


def _fit(
    features: Sequence[Floats], times: Sequence[Sequence[StateTimes]], rng: np.random.Generator
) -> dict[State, Mixture]:
    """A GMM for every state with at least _MIN_STATE_FRAMES frames."""
    met: dict[State, list[Floats]] = defaultdict(list)
    for frames, paths in zip(features, times, strict=True):
        for path in paths:
            boundaries = np.clip(path.boundaries, 0, len(frames))
            for state, first, after in zip(
                path.states, boundaries[:-1], boundaries[1:], strict=True
            ):
                met[state].append(frames[first:after])
    mixtures = {}
    for state in sorted(met):
        own = np.concatenate(met[state])
        if len(own) >= _MIN_STATE_FRAMES:
            if len(own) > MAX_STATE_FRAMES:
                own = own[np.sort(rng.choice(len(own), MAX_STATE_FRAMES, replace=False))]
            mixtures[state] = fit_mixture(own, N_GAUSSIANS, rng)
    return mixtures


def _label(
    features: Sequence[Floats],
    parts: Sequence[tuple[Samples, Sequence[PhoneAlignment]]],
    times: Sequence[Sequence[StateTimes]],
    silence: int,
) -> tuple[Floats, Indices]:
    """The classifier's training data: frames of the text's phones with their labels.

    Phones that the triphones score badly are included: this voice may just say them so.
    """
    inputs: list[Floats] = []
    labels: list[Indices] = []
    for frames, (_, paths), own in zip(features, parts, times, strict=True):
        wanted: list[Indices] = []
        for path, each in zip(paths, own, strict=True):
            for phone, (first, last) in enumerate(pairwise(each.first_states.tolist())):
                name = int(path.phones[phone])
                if first < last and name != GARBAGE_PHONE:
                    step = SILENCE_STEP if name == silence else SPEECH_STEP
                    end = min(int(each.boundaries[last]), len(frames))
                    wanted.append(np.arange(each.boundaries[first], end, step))
                    labels.append(np.full(len(wanted[-1]), name, np.intp))
        if wanted:
            inputs.append(splice_frames(frames, np.concatenate(wanted)))
    return np.concatenate(inputs), np.concatenate(labels)
