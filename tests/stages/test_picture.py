"""The picture stage makes a small copy of the video, on the recording's clock."""

import logging
from pathlib import Path

import pytest

from pipeline.job.context import StepContext
from pipeline.job.stage import Item
from pipeline.media.probe import probe_media, read_streams
from pipeline.stages import STAGES, picture
from tests.media.studio import Studio
from tests.stages.steps import SAMPLES, ingest, make_request

FRAME_S = 0.04
"""How far a frame or a click may lie from where it was: one frame."""


def render(folder: Path, media: Path, height: str = "360p") -> Path:
    """Run ingest and picture; returns the copy."""
    ingest(media, folder)
    (folder / "picture").mkdir()
    options = {"report": {"picture": height}}
    request = make_request("picture", folder, {"media": media}, options)
    picture.run(StepContext(request))
    return folder / "picture" / "picture.mp4"


def test_a_flash_and_a_click_stay_where_they_were_in_any_container(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    late = ["-itsoffset", "0.4", *studio.clicks([1.35], 3.6)]
    maps = ["-map", "0:v", "-map", "1:a"]
    for name in ("late.mp4", "late.ts", "late.mkv"):
        coding = ["-c:v", "mpeg2video"] if name.endswith(".ts") else []
        media = studio.make(name, *studio.flashes([1.76]), *late, *maps, *coding, "-c:a", "aac")
        copy = render(tmp_path / name.replace(".", "-"), media)
        assert studio.see_flashes(copy) == pytest.approx([1.76], abs=FRAME_S)
        assert studio.hear_clicks(copy) == pytest.approx([1.75], abs=FRAME_S)


def test_the_short_side_is_the_one_that_is_named_and_no_picture_is_enlarged(
    tmp_path: Path,
) -> None:
    studio = Studio(tmp_path)
    sound = studio.clicks([0.2], 0.5)
    for size, wanted in (("1280x720", (640, 360)), ("720x1280", (360, 640)), ("160x90", (160, 90))):
        source = ["-f", "lavfi", "-i", f"testsrc=s={size}:r=5:d=0.5"]
        media = studio.make(f"{size}.mp4", *source, *sound, "-c:a", "aac")
        streams = read_streams(render(tmp_path / size, media))
        assert (streams.size, streams.codecs) == (wanted, ("h264", "aac"))


def test_it_plays_while_it_is_read_and_is_the_same_bytes_again(tmp_path: Path) -> None:
    copies = [render(tmp_path / name, SAMPLES / "talk.mp4") for name in ("one", "another")]
    first, second = (copy.read_bytes() for copy in copies)
    assert first == second
    assert first.index(b"moov") < first.index(b"mdat")
    assert probe_media(copies[0]).video is not None


def test_a_recording_of_sound_only_has_no_copy_and_a_note(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    media = Studio(tmp_path).make("sound.wav", *Studio(tmp_path).clicks([0.2], 0.5))
    with caplog.at_level(logging.WARNING):
        assert not render(tmp_path / "item", media).exists()
    assert caplog.messages == ["talk: report.picture is ignored: the recording is sound only"]


def test_a_stretch_of_noise_stays_under_the_cap_of_the_bit_rate(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    source = ["-f", "lavfi", "-i", "nullsrc=s=640x360:r=25:d=4,geq=random(1)*255:128:128"]
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"]
    media = studio.make("noise.mp4", *source, *studio.clicks([0.2]), *coding)
    n_bits = 8 * render(tmp_path / "item", media).stat().st_size
    assert n_bits < 4 * (1_000_000 + 96_000) + 2_000_000  # and what the buffer holds at first


def test_an_item_has_the_stage_only_where_the_option_asks_for_it(tmp_path: Path) -> None:
    row = next(row for row in STAGES if row.name == "picture")
    for asked in ({"picture": None}, {"picture": "480p"}):
        item = Item("talk", tmp_path, {}, {"report": asked})
        assert row.is_for(item) == bool(asked["picture"])
