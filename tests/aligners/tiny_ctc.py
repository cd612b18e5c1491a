"""Builds a Wav2Vec2 model that writes what is said in one recording, and of others nonsense.

Nothing is downloaded, and nothing but NumPy trained: a bank of filters, random units that look at a
few frames of them, and letters fitted to those units by least squares on a recording whose words
are known. CTranslate2 runs it as it runs the large ones.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import numpy.typing as npt
from ctranslate2.specs import common_spec, transformer_spec, wav2vec2_spec

from pipeline.aligners.ctc.emissions import FRAME_MS, MIN_SAMPLES
from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.verbalization.tokens import spoken_forms

LABELS = ("<pad>", "<s>", "</s>", "<unk>", "|", *"ETAONIHSRDLUMWCFGYPBVK'XJQZ")
"""Those of the large English models, in their order."""
BLANK, DELIMITER = 0, 4
N_BANDS = 32
N_PHASES = 4
N_UNITS = 640
N_GROUPS = 16
N_TAPS = 128
"""CTranslate2 pads and groups the convolution over frames so."""
CONTEXT_TAPS = slice(36, 75)
"""From 28 frames before to 10 behind: so many that no two moments look alike."""
TALK_PARTS_S = ((0.4, 20.4), (50.4, 62.4))
"""What tests listen to in `samples/talk.mp4`, whose sound begins at 0.4 s."""
SHIFTS = (0, 160)
"""Where a window begins within a frame must not matter, so frames begin at several samples."""
RIDGE = 0.1
SHARPNESS = 20.0
"""Fitted figures lie between 0 and 1; times this they are as sure as a trained model's."""
GAIN = 0.3
SEED = 1

Floats = npt.NDArray[np.float64]


def learn_talk(folder: Path, samples: Samples, truth: Mapping[str, Any]) -> Path:
    """The model of `samples/talk.mp4`, given what `talk.truth.json` holds."""
    words = [(word["text"], word["start_ms"], word["end_ms"]) for word in truth["words"]]
    return make_model(folder, samples, words, TALK_PARTS_S)


def make_model(
    folder: Path,
    samples: Samples,
    words: Sequence[tuple[str, int, int]],
    parts_s: Sequence[tuple[float, float]],
) -> Path:
    """Write a converted model with its vocabulary, as `ct2-transformers-converter` leaves it.

    Args:
        words: what is said, and when it begins and ends, in ms since the first sample.
        parts_s: what of the recording is learnt; the more, the worse.
    """
    folder.mkdir(parents=True)
    _save(folder, np.eye(N_UNITS), np.zeros(N_UNITS), [f"unit {i}" for i in range(N_UNITS)])
    model = ctranslate2.models.Wav2Vec2(str(folder), intra_threads=1)
    units, labels = [], []
    for first_s, last_s in parts_s:
        for shift in SHIFTS:
            first = round(first_s * SAMPLE_RATE_HZ) + shift
            recognized = _decode(model, samples[first : round(last_s * SAMPLE_RATE_HZ)])
            begin_ms = first * 1000 / SAMPLE_RATE_HZ
            units.append(recognized)
            labels.append(_write_letters(words, len(recognized), begin_ms))
    weights = _fit(np.concatenate(units), np.concatenate(labels))
    _save(folder, weights[:-1].T, weights[-1], LABELS)
    vocabulary = {label: column for column, label in enumerate(LABELS)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    facts = {"sampling_rate": SAMPLE_RATE_HZ, "do_normalize": False}
    (folder / "preprocessor_config.json").write_text(json.dumps(facts))
    names = {"pad_token": "<pad>", "word_delimiter_token": "|"}
    (folder / "tokenizer_config.json").write_text(json.dumps(names))
    return folder


def _decode(model: ctranslate2.models.Wav2Vec2, samples: Samples) -> Floats:
    """The units' values: (n_frames, N_UNITS)."""
    sound = (samples / 32768).astype(np.float32)[None, None]
    view = ctranslate2.StorageView.from_array(np.ascontiguousarray(sound))
    return np.array(model.encode(view, to_cpu=True))[0].astype(np.float64)


def _write_letters(
    words: Sequence[tuple[str, int, int]], n_frames: int, begin_ms: float
) -> npt.NDArray[np.intp]:
    """The label of each frame: letters share their word's time, its last frame is a delimiter."""
    labels = np.full(n_frames, BLANK, np.intp)
    column = {label: index for index, label in enumerate(LABELS)}
    for text, *span_ms in words:
        first, after = (round((at_ms - begin_ms) / FRAME_MS) for at_ms in span_ms)
        letters = "|".join(spoken_forms(text)[0]).upper()
        n_own = after - 1 - first
        if first < 0 or after > n_frames or n_own < 1:
            continue
        places = np.arange(n_own) * len(letters) // n_own
        for frame, place in enumerate(places):
            is_last = frame + 1 == n_own or places[frame + 1] != place
            is_doubled = letters[place] == letters[place + 1 : place + 2]
            labels[first + frame] = BLANK if is_last and is_doubled else column[letters[place]]
        labels[after - 1] = DELIMITER
    return labels


def _fit(units: Floats, labels: npt.NDArray[np.intp]) -> Floats:
    """(N_UNITS + 1, n_labels) weights and biases of the labels, by ridge regression."""
    inputs = np.column_stack([units, np.ones(len(units))])
    targets = np.eye(len(LABELS))[labels] * SHARPNESS
    moments = inputs.T @ inputs + RIDGE * np.eye(inputs.shape[1])
    return np.linalg.solve(moments, inputs.T @ targets)


def _save(folder: Path, weights: Floats, biases: Floats, labels: Sequence[str]) -> None:
    """Write the model with these as its last layer."""
    spec = wav2vec2_spec.Wav2Vec2Spec(7, 1, 1, len(labels), False)
    encoder = spec.encoder
    _set_filters(encoder)
    chance = np.random.default_rng(SEED)
    n_outputs = N_BANDS + 1
    _set(encoder.fp_projection, chance.normal(size=(N_UNITS, n_outputs)) / N_BANDS**0.5)
    taps = np.zeros((N_UNITS, N_UNITS // N_GROUPS, N_TAPS))
    context = taps[:, :, CONTEXT_TAPS]
    context[:] = chance.normal(size=context.shape) * 3 / context[0].size ** 0.5
    _set(encoder.pos_conv_embed.conv, taps, chance.normal(size=N_UNITS) * 0.3)
    _set_idle(encoder.layer[0])
    _set_norm(encoder.layer_norm, N_UNITS)
    _set(encoder.lm_head, weights, biases)
    spec.register_vocabulary(list(labels))
    spec.validate()
    spec.save(str(folder))


def _set_filters(encoder: wav2vec2_spec.Wav2Vec2EncoderSpec) -> None:
    """How much of each band there is every 20 ms: filters in several phases, rectified, added."""
    times_s = np.arange(MIN_SAMPLES) / SAMPLE_RATE_HZ
    bands_hz = 700 * (10 ** np.linspace(0.06, 1.04, N_BANDS) - 1)
    angles = 2 * np.pi * bands_hz[:, None, None] * times_s
    phases = angles + np.arange(N_PHASES)[:, None] * 2 * np.pi / N_PHASES
    filters = (np.hanning(MIN_SAMPLES) * np.cos(phases)).reshape(-1, 1, MIN_SAMPLES) * GAIN
    constant = np.zeros((1, 1, MIN_SAMPLES))
    n_inputs, n_outputs = N_BANDS * N_PHASES + 1, N_BANDS + 1
    loudness = np.append(np.zeros(n_inputs - 1), 0.5)  # beside it, silence is quiet
    _set(encoder.feat_layer0.conv, np.concatenate([filters, constant]), loudness)
    _set_norm(encoder.feat_layer0.layer_norm, n_inputs)
    added = np.zeros((n_outputs, n_inputs, 1))
    added[np.repeat(np.arange(N_BANDS), N_PHASES), np.arange(n_inputs - 1)] = 1
    added[-1, -1] = N_PHASES
    for layer in encoder.feat_layer:
        _set(layer.conv, added)
        _set_norm(layer.layer_norm, n_outputs)
        added = np.eye(n_outputs)[:, :, None]
    _set_norm(encoder.fp_layer_norm, n_outputs)


def _set_idle(layer: transformer_spec.TransformerEncoderLayerSpec) -> None:
    """A layer of attention that adds nothing."""
    for norm in (layer.self_attention.layer_norm, layer.ffn.layer_norm):
        _set_norm(norm, N_UNITS)
    _set(layer.self_attention.linear[0], np.zeros((3 * N_UNITS, N_UNITS)))
    _set(layer.self_attention.linear[1], np.zeros((N_UNITS, N_UNITS)))
    _set(layer.ffn.linear_0, np.zeros((N_GROUPS, N_UNITS)))
    _set(layer.ffn.linear_1, np.zeros((N_UNITS, N_GROUPS)))


def _set(
    layer: common_spec.LinearSpec | common_spec.Conv1DSpec,
    weights: Floats,
    biases: Floats | None = None,
) -> None:
    layer.weight = weights.astype(np.float32)
    layer.bias = (np.zeros(len(weights)) if biases is None else biases).astype(np.float32)


def _set_norm(norm: common_spec.LayerNormSpec, n_channels: int) -> None:
    norm.gamma = np.ones(n_channels, np.float32)
    norm.beta = np.zeros(n_channels, np.float32)
