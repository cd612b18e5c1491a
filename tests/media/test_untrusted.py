"""A recording is one file: nothing in it makes another file of this machine be read or written."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import MediaError
from pipeline.media.decode import ingest_media
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.options import AudioOptions
from pipeline.media.wav import read_samples
from tests.media.hostile import refer_elsewhere
from tests.media.studio import Studio

HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{canary}\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile '{canary}'\n"
DASH = (
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
    'mediaPresentationDuration="PT2S"><Period><AdaptationSet mimeType="audio/wav">'
    '<Representation id="0" bandwidth="1"><BaseURL>{canary}</BaseURL></Representation>'
    "</AdaptationSet></Period></MPD>"
)
PLAYLIST = "#EXTM3U\nfile://{canary}\n"


@pytest.fixture
def canary(studio: Studio) -> Path:
    """A recording nobody asked for: whoever hears its noise has opened it."""
    return studio.make("canary.wav", "-f", "lavfi", "-i", "anoisesrc=d=2:a=0.9")


def ingest(path: Path, wav: Path) -> np.ndarray:
    ingest_media(path, AudioOptions(), wav, lambda share: None)
    return np.array(read_samples(wav))


@pytest.mark.parametrize(
    "script", [HLS, CONCAT, DASH, PLAYLIST], ids=["hls", "concat", "dash", "m3u"]
)
@pytest.mark.parametrize("name", ["talk.mp4", "talk.mp3", "talk.m3u8", "talk.wav"])
def test_a_list_of_files_is_no_recording_whatever_it_is_called(
    canary: Path, tmp_path: Path, script: str, name: str
) -> None:
    path = canary.parent / name
    for named in (canary.name, str(canary)):
        path.write_text(script.format(canary=named))
        with pytest.raises(MediaError, match="not a recording that can be read"):
            ingest(path, tmp_path / "audio.wav")


def test_a_movie_whose_sound_lies_in_another_file_has_none(
    studio: Studio, canary: Path, tmp_path: Path
) -> None:
    silent = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=1", "-c:a", "pcm_s16le"]
    path = studio.folder / "talk.mov"
    path.write_bytes(refer_elsewhere(studio.make("silent.mov", *silent).read_bytes(), canary))
    allowed = ["-enable_drefs", "1", "-use_absolute_path", "1", "-i", file_url(path)]
    run_ffmpeg(Run([*allowed, file_url(tmp_path / "heard.wav")], where="the canary sings"))
    assert np.abs(read_samples(tmp_path / "heard.wav")).max() > 10_000
    with pytest.raises(MediaError, match="its sound has no length"):
        ingest(path, tmp_path / "audio.wav")


def test_what_is_attached_to_a_recording_stays_in_it(
    studio: Studio, canary: Path, tmp_path: Path
) -> None:
    subtitles = studio.folder / "tricks.ass"
    subtitles.write_text(
        "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Start, End, Text\n"
        f"Dialogue: 0:00:00.00,0:00:01.00,{{\\fnfile:{canary}}}look\n"
    )
    path = studio.make(
        "talk.mkv", *studio.clicks([0.5], 1), "-i", str(subtitles), "-attach", str(canary),
        "-metadata:s:t", "mimetype=font/ttf", "-metadata:s:t", f"filename={tmp_path}/out.ttf",
    )  # fmt: skip
    before = set(_files(studio.folder.parent))
    samples = ingest(path, tmp_path / "audio.wav")
    assert len(samples) == 16_000
    assert set(_files(studio.folder.parent)) - before == {tmp_path / "audio.wav"}


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
