"""Starts of words that a recording's own models found in a talk, and how far off each of them is.

`python -m benchmarks.corrector.examples TALK ALIGNED EXAMPLES.npz`: an episode of `episode.py`, the
folder that `cuecast caption` made of it, and what to write. What is learnt from them is
`train.py`'s matter.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.aligners.hmm.decoder import TriphoneDecoder
from pipeline.aligners.hmm.phone_alignment import PhoneAlignment
from pipeline.aligners.network import Floats
from pipeline.aligners.recording.acoustic_model import RECORDING_MODEL_NAME, RecordingModel
from pipeline.aligners.recording.boundary_correction import MAX_SHIFT, N_AROUND, Boundaries
from pipeline.aligners.recording.features import FRAME_MS, N_CEPSTRA
from pipeline.aligners.recording.goodness import find_starts
from pipeline.aligners.recording.phone_models import PhoneModels, read_states, unpack_models
from pipeline.aligners.recording.posteriors import Posteriors, compute_posteriors, rate_phones
from pipeline.alignment.word_graph import TokenGraph, build_graph
from pipeline.codec import read_record
from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.media.wav import read_samples
from pipeline.pronunciation.lexicon import Lexicon
from pipeline.records import DecodeRequest
from pipeline.speech.dereverberation import dereverberate
from pipeline.verbalization.spoken_text import SpokenText, speak_text

SEGMENT_MS = 120_000
WINDOW_MS = 3_000
"""A window is cut in the first pause behind this."""
PAUSE_MS = 100
PAD_MS = 300
MAX_OFFSET_MS = 100
"""An edge further off was not found at all."""
REACH = N_AROUND + MAX_SHIFT


@dataclass(frozen=True, slots=True)
class Examples:
    """Indices, what lies around them, and how much later the true ones lie.

    Attributes:
        features: (n, 2 · REACH + 1, 13) the cepstra around each.
        boundaries: frames count in `features` laid end to end.
        offsets_ms: (n,).
    """

    features: Floats
    boundaries: Boundaries
    offsets_ms: Floats


@dataclass(frozen=True, slots=True)
class _Word:
    """A token of the talk and where it was truly said."""

    token: int
    start_ms: int
    end_ms: int


def main() -> None:
    """Read one talk, write its examples."""
    talk, aligned, target = map(Path, sys.argv[1:])
    made = read_examples(talk, aligned)
    boundaries = {
        name: getattr(made.boundaries, name) for name in ("before", "after", "n_before", "n_after")
    }
    np.savez(
        target, features=made.features.astype(np.float16), offsets_ms=made.offsets_ms, **boundaries
    )
    print(f"{target}: {len(made.offsets_ms)} boundaries, median {np.median(made.offsets_ms)} ms")


def load_examples(path: Path) -> Examples:
    """Those that `main` wrote."""
    arrays = np.load(path)
    features = arrays["features"].astype(np.float32)
    names = ("before", "after", "n_before", "n_after")
    boundaries = Boundaries(find_centres(features), *(arrays[name] for name in names))
    return Examples(features, boundaries, arrays["offsets_ms"].astype(np.float32))


def find_centres(features: Floats) -> NDArray[np.intp]:
    """(n,) the frame each edge was found at, the examples laid end to end."""
    return np.arange(len(features)) * features.shape[1] + REACH


def read_examples(talk: Path, aligned: Path) -> Examples:
    """All starts of words found within `MAX_OFFSET_MS`, by the recording's own models."""
    recording_model = read_record(aligned / "align" / RECORDING_MODEL_NAME, RecordingModel)
    models = unpack_models(recording_model.models)
    samples = read_samples(aligned / "ingest" / "audio.wav")
    truth = json.loads((talk / "truth.json").read_text(encoding="utf-8"))["words"]
    text = speak_text([word["text"] for word in truth], "en")
    words = [
        _Word(token, word["start_ms"], word["end_ms"])
        for token, word in enumerate(truth)
        if word["start_ms"] is not None
    ]
    decoder = TriphoneDecoder(Lexicon())
    parts: list[tuple[Floats, Boundaries, Floats]] = []
    per_ms = SAMPLE_RATE_HZ // 1000
    for first_ms in range(0, len(samples) // per_ms, SEGMENT_MS):
        inside = [one for one in words if 0 <= one.start_ms - first_ms < SEGMENT_MS]
        if not inside:
            continue
        end_ms = inside[-1].end_ms + PAD_MS
        piece = samples[first_ms * per_ms : end_ms * per_ms]
        dereverberated = dereverberate(piece) if recording_model.is_echoing else piece
        parts += _read_piece(dereverberated, first_ms, list(_cut(inside)), text, models, decoder)
    features = np.concatenate([part[0] for part in parts])
    boundaries = Boundaries.join([part[1] for part in parts])
    return Examples(features, boundaries, np.concatenate([part[2] for part in parts]))


def _cut(words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Words in windows between pauses."""
    window: list[_Word] = []
    for word in words:
        is_long = bool(window) and word.start_ms - window[0].start_ms > WINDOW_MS
        if is_long and word.start_ms - window[-1].end_ms >= PAUSE_MS:
            yield window
            window = []
        window.append(word)
    if window:
        yield window


def _read_piece(
    samples: Samples,
    first_ms: int,
    windows: Sequence[list[_Word]],
    text: SpokenText,
    models: PhoneModels,
    decoder: TriphoneDecoder,
) -> Iterator[tuple[Floats, Boundaries, Floats]]:
    """What lies around the boundaries of each window, they themselves, how far off they are."""
    heard = compute_posteriors(models, samples)
    graphs = [
        build_graph([text.forms[word.token] for word in window], 0, is_open=False, is_right=True)
        for window in windows
    ]
    requests = [
        DecodeRequest(
            max(0, window[0].start_ms - first_ms - PAUSE_MS),
            window[-1].end_ms - first_ms + PAUSE_MS,
            made.graph,
        )
        for window, made in zip(windows, graphs, strict=True)
    ]
    paths = decoder.find_paths(samples, requests, rate_phones(heard, decoder.n_phones))
    times = models.move_states(
        heard.features, [read_states(path, models.silence) for path in paths]
    )
    for window, made, path, each in zip(windows, graphs, paths, times, strict=True):
        places, boundaries = find_starts(path, each)
        true_ms = _find_true(path, made, window)
        wanted = np.array([true_ms.get(int(place), np.nan) for place in places]) - first_ms
        offsets = wanted - FRAME_MS * boundaries.frames
        is_near = np.abs(np.nan_to_num(offsets, nan=np.inf)) <= MAX_OFFSET_MS
        if is_near.any():
            yield (
                _look_around(heard, boundaries.frames[is_near]),
                boundaries.choose(is_near),
                offsets[is_near].astype(np.float32),
            )


def _find_true(path: PhoneAlignment, made: TokenGraph, window: Sequence[_Word]) -> dict[int, int]:
    """Where the phones that begin a token truly begin (ms)."""
    true_ms: dict[int, int] = {}
    token_before = -1
    for arc, first, _ in path.words():
        token = made.tokens[arc]
        if token >= 0 and token != token_before:
            true_ms[first] = window[token].start_ms
        token_before = token
    return true_ms


def _look_around(heard: Posteriors, frames: NDArray[np.intp]) -> Floats:
    around = np.clip(frames[:, None] + np.arange(-REACH, REACH + 1), 0, len(heard.features) - 1)
    return heard.features[around, :N_CEPSTRA]


if __name__ == "__main__":
    main()
