"""The acoustic model of a recording, kept and used for sound cut from it."""

import numpy as np
import pytest

from pipeline.aligners.recording.acoustic_model import RecordingModel, match_level, measure_level
from pipeline.aligners.recording.adapted_windows import AdaptedWindows
from pipeline.aligners.recording.phone_models import pack_models, unpack_models
from pipeline.aligners.window_decoding import open_short_windows
from pipeline.codec import from_plain, to_plain
from pipeline.contracts import EngineRequest, Samples
from pipeline.records import ArcTime, DecodeRequest
from tests.aligners.recording.test_adapted_windows import (
    CheckpointsInMemory,
    errors_ms,
    make_windows,
)

Truth = list[dict[int, int]]

ROUNDING_DB = 0.1
NOISE_DB = 15


@pytest.fixture(scope="module")
def noisy(talk: Samples) -> Samples:
    """The talk with noise 15 dB below it."""
    white = np.random.default_rng(5).standard_normal(len(talk))
    pink = np.fft.irfft(np.fft.rfft(white) / np.sqrt(np.arange(1, len(talk) // 2 + 2)), n=len(talk))
    power = np.square(talk.astype(np.float64)).mean() / 10 ** (NOISE_DB / 10)
    return (talk + pink * np.sqrt(power / np.square(pink).mean())).astype(np.int16)


@pytest.fixture(scope="module")
def windows(talk: Samples, talk_words: list[tuple[str, int]]) -> tuple[list[DecodeRequest], Truth]:
    return make_windows(talk_words, len(talk) // 16)


@pytest.fixture(scope="module")
def recording_model(noisy: Samples, windows: tuple[list[DecodeRequest], Truth]) -> RecordingModel:
    """The model of the noisy talk."""
    with AdaptedWindows(EngineRequest(), noisy) as adapted:
        list(adapted.decode(windows[0]))
        assert adapted.recording_model
        return adapted.recording_model


def test_models_are_unpacked_as_they_were_packed(recording_model: RecordingModel) -> None:
    models = unpack_models(recording_model.models)
    assert len(models.mixtures) > 50
    assert pack_models(models) == recording_model.models
    (state, mixture) = next(iter(models.mixtures.items()))
    frames = np.random.default_rng(3).standard_normal((9, 39)).astype(np.float32)
    again = unpack_models(pack_models(models)).mixtures[state]
    assert np.array_equal(again.score(frames), mixture.score(frames))
    assert from_plain(to_plain(recording_model), RecordingModel, "learnt.json") == recording_model


def test_sound_is_made_as_loud_as_the_training_data(noisy: Samples) -> None:
    level_db = measure_level(noisy)
    quiet = (noisy / 5).astype(np.int16)
    assert measure_level(quiet) < level_db - 10
    assert measure_level(match_level(quiet, level_db)) == pytest.approx(level_db, abs=ROUNDING_DB)
    silence = np.zeros(16_000, np.int16)
    assert np.array_equal(match_level(silence, level_db), silence)
    assert len(match_level(silence[:0], level_db)) == 0


def find(
    samples: Samples, requests: list[DecodeRequest], recording_model: RecordingModel | None
) -> list[tuple[ArcTime, ...]]:
    with open_short_windows("pocketsphinx", EngineRequest(), samples, recording_model) as decoder:
        return list(decoder.decode(requests))


@pytest.mark.parametrize("loudness", [1.0, 0.25])
def test_in_noise_words_of_a_recording_with_a_model_are_found_nearer_to_where_they_are(
    noisy: Samples,
    windows: tuple[list[DecodeRequest], Truth],
    recording_model: RecordingModel,
    loudness: float,
) -> None:
    requests, starts = windows
    sound = (noisy * loudness).astype(np.int16)
    knowing, plain = (
        errors_ms(find(sound, requests, each), starts) for each in (recording_model, None)
    )
    assert len(knowing) >= len(plain)
    assert np.percentile(knowing, 95) < 0.8 * np.percentile(plain, 95)


@pytest.mark.parametrize("late_ms", [-200, 200])
def test_the_model_says_nothing_of_where_words_are(
    noisy: Samples,
    windows: tuple[list[DecodeRequest], Truth],
    recording_model: RecordingModel,
    late_ms: int,
) -> None:
    requests, _ = windows
    moved = np.roll(noisy, late_ms * 16)
    usual, late = (find(each, requests[1:-1], recording_model) for each in (noisy, moved))
    shifts = [
        there.start_ms - one.start_ms
        for path, other in zip(usual, late, strict=True)
        for one in path
        for there in other
        if one.arc == there.arc
    ]
    assert len(shifts) > 100
    assert np.median(shifts) == late_ms
    assert np.mean(np.abs(np.array(shifts) - late_ms) <= 20) > 0.85


def test_a_run_that_goes_on_has_the_model_trained_before_it_was_killed(
    noisy: Samples, windows: tuple[list[DecodeRequest], Truth], recording_model: RecordingModel
) -> None:
    checkpoints = CheckpointsInMemory()
    for _ in range(2):
        with AdaptedWindows(EngineRequest(), noisy, checkpoints) as adapted:
            assert bool(adapted.recording_model) == bool(checkpoints.records)
            list(adapted.decode(windows[0]))
            assert adapted.recording_model == recording_model


def test_too_little_speech_leaves_no_model(
    noisy: Samples, windows: tuple[list[DecodeRequest], Truth]
) -> None:
    with AdaptedWindows(EngineRequest(), noisy) as adapted:
        list(adapted.decode(windows[0][:1]))
        assert adapted.recording_model is None
