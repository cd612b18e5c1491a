"""Clips of recordings as they come play in a browser, and decode without a complaint."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.media.cut import Cut, Rendition
from pipeline.media.decode import ingest_media
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.frames import choose_picture
from pipeline.media.options import AudioOptions
from tests.media.rendering import make_clip
from tests.media.studio import Studio
from tests.players.serving import serve_folder
from tests.preview.browser import Browser

pytestmark = pytest.mark.browser

LENGTH_S = 1.6
LENGTH_TOLERANCE_S = 0.06
TONE = ["-f", "lavfi", "-i", "sine=f=300:d=3:r=48000"]
MAPS = ["-map", "0:v", "-map", "1:a", "-c:a", "aac"]
HDR = "setparams=color_trc=smpte2084:color_primaries=bt2020:colorspace=bt2020nc:range=tv"

Make = Callable[[Studio], Path]


def film(studio: Studio, name: str, size: str = "320x180", *more: str) -> Path:
    source = ["-f", "lavfi", "-i", f"testsrc=s={size}:d=3:r=25", *TONE]
    return studio.make(name, *source, *MAPS, *more)


def turned(studio: Studio) -> Path:
    flat = film(studio, "flat.mp4")
    return studio.make("turned.mp4", "-display_rotation", "90", "-i", str(flat), "-c", "copy")


def covered(studio: Studio) -> Path:
    still = studio.make("red.png", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1")
    attached = ["-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic"]
    return studio.make("c.m4a", *TONE, "-i", str(still), "-map", "0:a", "-c:a", "aac", *attached)


def in_hdr(studio: Studio) -> Path:
    source = ["-f", "lavfi", "-i", f"testsrc2=s=320x180:d=3:r=25,format=yuv420p10,{HDR}", *TONE]
    coded = ["-c:v", "libx265", "-x265-params", "log-level=none"]
    return studio.make("hdr.mp4", *source, *MAPS, *coded)


def late(studio: Studio) -> Path:
    source = ["-f", "lavfi", "-i", "testsrc=s=320x180:d=3:r=25", "-itsoffset", "0.5", *TONE]
    return studio.make("late.mkv", *source, *MAPS)


SOURCES: dict[str, Make] = {
    "odd": lambda studio: film(studio, "odd.mp4", "321x181", "-pix_fmt", "yuv444p"),
    "variable rate": lambda studio: film(
        studio, "v.mkv", "320x180", "-vf", "select='not(mod(n,3))+lt(n,20)'", "-fps_mode", "vfr"
    ),
    "surround": lambda studio: film(studio, "s.mkv", "320x180", "-af", "pan=5.1|FC=c0|BL=c0"),
    "hostile name": lambda studio: film(studio, 'it\'s [a] 100% "talk": 東京; x.mp4'),
    "rotated": turned,
    "cover": covered,
    "hdr": in_hdr,
    "late sound": late,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    with serve_folder(folder) as url:
        yield url


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_a_clip_plays(browser: Browser, folder: Path, served: str, kind: str) -> None:
    source = SOURCES[kind](Studio(folder))
    media = ingest_media(source, AudioOptions(), folder / "audio.wav", lambda share: None)
    frames = ("source", "9:16")
    renditions = tuple(
        Rendition(folder / f"clip{number}.mp4", choose_picture(frame, media.video))
        for number, frame in enumerate(frames)
    )
    make_clip(Cut(source, media, 700, 700 + round(LENGTH_S * 1000), renditions, folder, "blur"))
    for rendition in renditions:
        complaints = run_ffmpeg(
            Run(["-i", file_url(rendition.path), "-f", "null", "-"], where=kind)
        )
        assert not [line for line in complaints if "[error]" in line or "[warning]" in line]
        page = f'<!doctype html><video id="v" muted src="{rendition.path.name}"></video>'
        (folder / "page.html").write_text(page)
        browser.open(f"{served}/page.html")
        browser.wait_for("document.getElementById('v').readyState >= 2")
        length_s = browser.run("return document.getElementById('v').duration")
        assert length_s == pytest.approx(LENGTH_S, abs=LENGTH_TOLERANCE_S)
        browser.run("document.getElementById('v').play()")
        browser.wait_for("document.getElementById('v').currentTime > 0.4")
        assert browser.run("return document.getElementById('v').error") is None
        assert browser.run("return document.getElementById('v').videoWidth") > 0
