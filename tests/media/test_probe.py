"""What a recording is found to hold: the picture as a player shows it."""

import pytest

from pipeline.media.probe import probe_audio, probe_media
from tests.media.studio import Studio

WIDE = ["-f", "lavfi", "-i", "testsrc=s=96x64:r=25:d=2"]


def test_size_and_rate_of_a_picture(studio: Studio) -> None:
    video = probe_media(studio.make("v.mp4", *WIDE)).video
    assert video is not None
    assert (video.width_px, video.height_px, video.fps) == (96, 64, 25.0)
    assert not video.is_variable_rate


@pytest.mark.parametrize("name", ["turned.mp4", "turned.mkv"])
def test_size_is_after_rotation(studio: Studio, name: str) -> None:
    flat = studio.make("flat.mp4", *WIDE)
    turned = studio.make(name, "-display_rotation", "90", "-i", str(flat), "-c", "copy")
    video = probe_media(turned).video
    assert video is not None
    assert (video.width_px, video.height_px) == (64, 96)


def test_size_is_in_square_pixels(studio: Studio) -> None:
    video = probe_media(studio.make("v.mp4", *WIDE, "-vf", "setsar=4/3")).video
    assert video is not None
    assert (video.width_px, video.height_px) == (128, 64)


def test_fractional_rate_is_kept(studio: Studio) -> None:
    source = "testsrc=s=96x64:r=30000/1001:d=2"
    video = probe_media(studio.make("v.mp4", "-f", "lavfi", "-i", source)).video
    assert video is not None
    assert video.fps == pytest.approx(30000 / 1001)


def test_variable_rate_is_seen(studio: Studio) -> None:
    drop = ["-vf", "select='not(mod(n,3))+lt(n,20)'", "-fps_mode", "vfr"]
    video = probe_media(studio.make("v.mp4", *WIDE, *drop)).video
    assert video is not None
    assert video.is_variable_rate
    assert video.fps == 25.0


@pytest.mark.parametrize(("name", "codec"), [("a.mp3", "libmp3lame"), ("a.m4a", "aac")])
def test_cover_art_is_no_picture(studio: Studio, name: str, codec: str) -> None:
    cover = studio.make("cover.png", *WIDE, "-frames:v", "1", "-update", "1")
    path = studio.make(
        name, *studio.clicks([0.5], 1), "-i", str(cover), "-map", "0", "-map", "1",
        "-c:a", codec, "-c:v", "copy", "-disposition:v", "attached_pic",
    )  # fmt: skip
    probe = probe_media(path)
    assert probe.video is None
    assert len(probe.sounds) == 1


def test_a_single_frame_is_no_picture(studio: Studio) -> None:
    one = [*WIDE, "-frames:v", "1"]
    still = studio.make("still.mp4", *one)
    sound = studio.make("v.mp4", "-i", str(still), *studio.clicks([0.5], 1), "-c:v", "copy")
    assert probe_media(sound).video is None


def test_channels_are_counted(studio: Studio) -> None:
    source = "anullsrc=channel_layout=5.1:d=1"
    path = studio.make("a.flac", "-f", "lavfi", "-i", source)
    assert probe_audio(path, 0).n_channels == 6
