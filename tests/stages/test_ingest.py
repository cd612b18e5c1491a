"""The ingest stage writes the sound and what is known of the recording."""

from pathlib import Path

import pytest

from pipeline.codec import read_record
from pipeline.errors import MediaError
from pipeline.job.context import StepContext
from pipeline.media.wav import read_samples
from pipeline.records import Media, Plain
from pipeline.stages import ingest
from tests.media.studio import Studio
from tests.stages.steps import make_request


def run_stage(folder: Path, media: Path, audio: Plain) -> Path:
    """Run the stage on a recording; returns the folder it wrote into."""
    scratch = folder / "scratch"
    scratch.mkdir()
    request = make_request("ingest", folder, {"media": media}, {"audio": audio}, scratch)
    ingest.run(StepContext(request))
    return scratch


def test_sound_and_facts_are_written(tmp_path: Path) -> None:
    recording = Studio(tmp_path).make("a.opus", *Studio(tmp_path).clicks([1.0], 2.0))
    written = run_stage(tmp_path, recording, {})
    media = read_record(written / "media.json", Media)
    assert sorted(path.name for path in written.iterdir()) == ["audio.wav", "media.json"]
    assert (media.name, media.duration_ms, media.sample_rate_hz) == ("a.opus", 2000, 16_000)
    assert len(read_samples(written / "audio.wav")) == media.n_samples == 32_000


def test_the_stream_asked_for_is_noted(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    inputs = [*studio.clicks([0.5], 1), *studio.clicks([0.2], 1)]
    recording = studio.make("a.mka", *inputs, "-map", "0", "-map", "1", "-c:a", "flac")
    written = run_stage(tmp_path, recording, {"stream": 1})
    assert read_record(written / "media.json", Media).audio_stream == 1


def test_a_recording_without_sound_fails_the_step(tmp_path: Path) -> None:
    recording = Studio(tmp_path).make("v.mp4", *Studio(tmp_path).flashes([], 1))
    with pytest.raises(MediaError, match="no sound in it"):
        run_stage(tmp_path, recording, {})
