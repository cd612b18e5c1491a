"""A short film with its captions as files and as a stream, over HTTP, and a browser for it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.captions.formats import format_files
from pipeline.captions.hls import CLOCK_HZ, Clock, format_hls
from pipeline.captions.karaoke import format_words
from pipeline.captions.vtt import format_vtt
from pipeline.media.ffmpeg import find_ffmpeg
from pipeline.media.probe import probe_start
from pipeline.records import Cue, WordMark
from tests.players.serving import serve_folder
from tests.preview.conftest import browser  # noqa: F401

MODULES = Path(__file__).parent / "node_modules"
SEGMENT_MS = 4_000
FILM_S = 12

CUES = (
    Cue(
        500,
        2_000,
        ("Hello there,", "my friend."),
        "Ann",
        (WordMark(0, 0, 500), WordMark(0, 6, 900)),
    ),
    Cue(2_083, 3_500, ("-Q&A: is 1 < 2?", "-&lt;b&gt;"), "Ann", line_speakers=("Ann", "R&D <x>")),
    Cue(3_583, 5_900, ("--> <script>document.title = 'hurt'</script>", "{\\an8}top\\Nnext")),
    Cue(7_000, 9_123, ("שלום עולם", "naïve café 日本語")),
    Cue(9_500, 11_000, ("[laughing]",)),
)

MASTER = """#EXTM3U
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="captions.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=300000,CODECS="avc1.42c00b,mp4a.40.2",RESOLUTION=160x90,SUBTITLES="subs"
film.m3u8
"""


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with film.mp4, captions.vtt, words.vtt, and streams of the same.

    In hls/ they are MPEG-TS, with captions on their first segment's clock; in fmp4/ fragmented MP4,
    with captions as a job writes them, on the film's.
    """
    folder = tmp_path_factory.mktemp("film")
    source = ["-f", "lavfi", "-i", f"testsrc=s=160x90:r=25:d={FILM_S}"]
    source += ["-f", "lavfi", "-i", f"sine=d={FILM_S}"]
    coded = ["-c:v", "libx264", "-profile:v", "baseline", "-pix_fmt", "yuv420p", "-g", "50"]
    coded += ["-c:a", "aac", "-b:a", "64k"]
    ffmpeg = [str(find_ffmpeg()), "-v", "error"]
    subprocess.run([*ffmpeg, *source, *coded, str(folder / "film.mp4")], check=True)
    _pack(folder, "hls")
    ticks = round(probe_start(folder / "hls" / "film0.ts") * CLOCK_HZ)
    for name, text in format_hls(CUES, Clock(ticks), SEGMENT_MS):
        (folder / "hls" / name).write_text(text, encoding="utf-8")
    _pack(folder, "fmp4", "-hls_segment_type", "fmp4")
    ticks = round(probe_start(folder / "film.mp4") * CLOCK_HZ)
    for name, text in format_files("hls", CUES, "en", Clock(ticks, FILM_S * 1000)):
        (folder / "fmp4" / Path(name).name).write_text(text, encoding="utf-8")
    (folder / "captions.vtt").write_text(format_vtt(CUES, "en"), encoding="utf-8")
    (folder / "words.vtt").write_text(format_words(CUES, "en"), encoding="utf-8")
    return folder


def _pack(folder: Path, name: str, *options: str) -> None:
    """Make a stream of the film in a folder of its own; its captions are to be in it."""
    (folder / name).mkdir()
    stream = ["-c", "copy", "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", *options]
    made = ["-i", str(folder / "film.mp4"), *stream, str(folder / name / "film.m3u8")]
    subprocess.run([str(find_ffmpeg()), "-v", "error", *made], check=True)
    (folder / name / "master.m3u8").write_text(MASTER)


@pytest.fixture(scope="session")
def players(film: Path) -> Path:
    """The players' programs, beside the film."""
    programs = {
        "hls.js": "hls.js/dist/hls.min.js",
        "video.js": "video.js/dist/video.min.js",
        "shaka.js": "shaka-player/dist/shaka-player.compiled.js",
    }
    for name, program in programs.items():
        if not (MODULES / program).exists():
            pytest.skip(f"needs {program}: npm ci --prefix tests/players")
        shutil.copyfile(MODULES / program, film / name)
    return film


@pytest.fixture(scope="session")
def address(film: Path) -> Iterator[str]:
    """Where the film's folder is served."""
    with serve_folder(film) as url:
        yield url
