"""PocketSphinx's English acoustic model, read from the files in its wheel.

Triphone HMMs with tied states (senones) that mix Gaussians shared by phone. How sound is scored is
`likelihoods.py`'s matter.
"""

import math
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.aligners.network import Floats, Indices

N_STATES = 3
"""Emitting states of a phone, left to right."""
SILENCE = "SIL"
INTERNAL, BEGIN, END, SINGLE = range(4)
"""A phone's position in its word, by which the model distinguishes triphones."""

_LOG_BASE = 1024 * math.log(1.0001)
"""Unit, in nats, of mixture weights, which are stored as one byte: the negative log."""
_VARIANCE_FLOOR = 1e-4
_NO_PATH = -1e30
_FEATURES = 13


@dataclass(frozen=True, slots=True)
class AcousticModel:
    """Phones, their states' senones, and the senones' Gaussian mixtures.

    Attributes:
        phone_names: context-independent phones; each has a codebook of Gaussians.
        silence: the index of the silence phone.
        fillers: the indices of all phones that are not speech.
        senones: (n_triphones, 3) the senone of each state of each phone in context.
        transitions: (n_triphones,) a row of `log_stay` and `log_leave`.
        log_stay, log_leave: (n_matrices, 3) log-probabilities of a state's two transitions.
        triphones: (phone, left, right, place in word) to a row of `senones`.
        codebooks: (n_senones,) the phone whose Gaussians a senone mixes.
        means, variances: (n_streams, n_phones, n_densities, 13).
        log_weights: (n_streams, n_densities, n_senones).
    """

    phone_names: tuple[str, ...]
    silence: int
    fillers: frozenset[int]
    senones: Indices
    transitions: Indices
    log_stay: Floats
    log_leave: Floats
    triphones: dict[tuple[int, int, int, int], int]
    codebooks: Indices
    means: Floats
    variances: Floats
    log_weights: Floats

    def find_triphone(self, phone: int, left: int, right: int, place: int) -> int:
        """The triphone; if the model lacks it, in another position, or else the plain phone."""
        left = self.silence if left in self.fillers else left
        right = self.silence if right in self.fillers else right
        for where in (place, INTERNAL, BEGIN, END, SINGLE):
            found = self.triphones.get((phone, left, right, where))
            if found is not None:
                return found
        return phone


@cache
def load_model() -> AcousticModel:
    """The model in PocketSphinx's wheel.

    Source: CMU Sphinx's file formats: S3 (parameters), BMDF (model definition), sendump (weights).
    """
    import pocketsphinx

    folder = Path(pocketsphinx.get_model_path("en-us/en-us"))
    definition = _read_definition((folder / "mdef").read_bytes())
    matrices = _read_transitions((folder / "transition_matrices").read_bytes())
    stay = np.stack([matrices[:, state, state] for state in range(N_STATES)], axis=1)
    leave = np.stack([matrices[:, state, state + 1] for state in range(N_STATES)], axis=1)
    names = definition.phone_names
    return AcousticModel(
        phone_names=names,
        silence=names.index(SILENCE),
        fillers=frozenset(
            index for index, name in enumerate(names) if name == SILENCE or name[0] == "+"
        ),
        senones=definition.senones,
        transitions=definition.transitions,
        log_stay=_log(stay),
        log_leave=_log(leave),
        triphones=definition.triphones,
        codebooks=definition.codebooks,
        means=_read_gaussians((folder / "means").read_bytes()),
        variances=np.maximum(
            _read_gaussians((folder / "variances").read_bytes()), np.float32(_VARIANCE_FLOOR)
        ),
        log_weights=_read_weights((folder / "sendump").read_bytes(), len(definition.codebooks)),
    )


@dataclass(frozen=True, slots=True)
class _Definition:
    """The content of the model definition file, as in `AcousticModel`."""

    phone_names: tuple[str, ...]
    senones: Indices
    transitions: Indices
    triphones: dict[tuple[int, int, int, int], int]
    codebooks: Indices


def _read_definition(content: bytes) -> _Definition:
    """A binary model definition: names, a tree (skipped), triphones, senone sequences."""
    (length,) = struct.unpack_from("<i", content, 8)
    counts = struct.unpack_from("<10i", content, 12 + length)
    n_names, n_phones, n_states, _, n_senones, _, n_sequences, _, n_tree, _ = counts
    start = end = 12 + length + 40
    names: list[str] = []
    for _ in range(n_names):
        begin, end = end, content.index(b"\0", end) + 1
        names.append(content[begin : end - 1].decode("ascii"))
    at = start + (end - start + 3) // 4 * 4 + 8 * n_tree
    kind = np.dtype([("sequence", "<i4"), ("matrix", "<i4"), ("context", "u1", 4)])
    phones = np.frombuffer(content, kind, n_phones, at)
    at += kind.itemsize * n_phones + 4
    sequences = np.frombuffer(content, "<u2", n_sequences * n_states, at).reshape(-1, n_states)
    senones = sequences[phones["sequence"]].astype(np.intp)
    contexts = phones["context"].tolist()
    triphones = {
        (phone, left, right, place): index
        for index, (place, phone, left, right) in enumerate(contexts)
        if index >= n_names
    }
    base = np.array([index if index < n_names else contexts[index][1] for index in range(n_phones)])
    codebooks = np.zeros(n_senones, np.intp)
    codebooks[senones] = base[:, None]
    transitions = phones["matrix"].astype(np.intp)
    return _Definition(tuple(names), senones, transitions, triphones, codebooks)


def _read_parameters(content: bytes) -> bytes:
    """The content of an S3 parameter file after its header."""
    end = content.index(b"endhdr\n") + len(b"endhdr\n")
    return content[end + 4 :]


def _read_gaussians(content: bytes) -> Floats:
    """(n_streams, n_phones, n_densities, 13) means or variances."""
    body = _read_parameters(content)
    n_phones, n_streams, n_densities = struct.unpack_from("<3i", body)
    values = np.frombuffer(body, "<f4", offset=12 + 4 * n_streams + 4)
    shaped = values[: n_phones * n_streams * n_densities * _FEATURES].reshape(
        n_phones, n_streams, n_densities, _FEATURES
    )
    return np.ascontiguousarray(shaped.swapaxes(0, 1))


def _read_transitions(content: bytes) -> Floats:
    """(n_matrices, 3, 4) probabilities."""
    body = _read_parameters(content)
    n_matrices, n_from, n_to, n_values = struct.unpack_from("<4i", body)
    matrices = np.frombuffer(body, "<f4", n_values, 16).reshape(n_matrices, n_from, n_to)
    normal: Floats = matrices / matrices.sum(axis=2, keepdims=True)
    return normal


def _read_weights(content: bytes, n_senones: int) -> Floats:
    """(n_streams, n_densities, n_senones) log-weights."""
    at = 0
    while length := struct.unpack_from("<i", content, at)[0]:
        at += 4 + length
    n_densities, n_columns = struct.unpack_from("<2i", content, at + 4)
    stored = np.frombuffer(content, "u1", offset=at + 12).reshape(-1, n_densities, n_columns)
    weights: Floats = stored[:, :, :n_senones] * np.float32(-_LOG_BASE)
    return weights


def _log(probabilities: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        logs: Floats = np.maximum(np.log(probabilities), np.float32(_NO_PATH))
    return logs
