"""Arabic lines as players draw them: in the order that explicit marks around each line give."""

import subprocess
from pathlib import Path

import pytest

from pipeline.captions.cues import make_cues
from pipeline.captions.options import CaptionOptions
from pipeline.captions.srt import format_srt
from pipeline.captions.vtt import format_vtt
from pipeline.media.ffmpeg import find_ffmpeg
from pipeline.records import Cue, TimedText
from tests.captions.texts import say
from tests.players.test_players import PAGE
from tests.preview.browser import Browser

TEXT = "GPT-4 هو نموذج لغوي كبير، هل تعرفه؟ اشتريت 3 كتب من Amazon، وهذا صحيح!"
EMBEDDED, EMBEDDED_END = "\u202b", "\u202c"
MARKS = "\u200e\u200f"


def cue() -> Cue:
    """Two lines, the first of which begins with Latin letters, shown all along."""
    spoken = say(TEXT, ms_per_char=80)
    timed = TimedText("ar", "scripted", spoken.duration_ms, spoken.turns, spoken.words)
    made = make_cues(timed, CaptionOptions())[0]
    assert len(made.lines) == 2
    return Cue(0, 2_000, made.lines)


def bare(lines: tuple[str, ...]) -> list[str]:
    return [line.strip(MARKS) for line in lines]


@pytest.fixture(scope="module")
def still(film: Path) -> Path:
    """Two seconds of nothing but grey."""
    path = film / "still.mp4"
    source = ["-f", "lavfi", "-i", "color=gray:s=640x360:r=10:d=2", "-pix_fmt", "yuv420p"]
    subprocess.run([str(find_ffmpeg()), "-v", "error", *source, str(path)], check=True)
    return path


def draw_in_browser(browser: Browser, folder: Path, address: str, text: str) -> bytes:
    """The picture with a file's captions as a native track."""
    number = len(list(folder.glob("direction-*.vtt")))
    (folder / f"direction-{number}.vtt").write_text(text, encoding="utf-8")
    track = f'<track id="track" default kind="captions" src="direction-{number}.vtt">'
    video = f'src="still.mp4" style="width: 640px; height: 360px">{track}'
    (folder / f"direction-{number}.html").write_text(PAGE.format(video=video, scripts=""))
    browser.resize(660, 380)
    browser.open(f"{address}/direction-{number}.html")
    browser.wait_for("document.getElementById('track').track.cues?.length === 1")
    browser.run("document.querySelector('video').play()")
    browser.wait_for("document.querySelector('video').currentTime > 0.2")
    browser.run("document.querySelector('video').pause()")
    browser.wait_for("document.getElementById('track').track.activeCues.length === 1")
    return browser.picture()


@pytest.mark.browser
def test_a_browser_draws_lines_as_if_each_were_embedded(
    browser: Browser, film: Path, address: str, still: Path
) -> None:
    ours = format_vtt([cue()], "ar")
    head, _, _ = ours.rpartition(" --> ")
    lines = bare(cue().lines)
    around = "\n".join(f"{EMBEDDED}{line}{EMBEDDED_END}" for line in lines)
    explicit = f"{head} --> 00:00:02.000\n{around}\n"
    unmarked = f"{head} --> 00:00:02.000\n" + "\n".join(lines) + "\n"
    rendered = draw_in_browser(browser, film, address, ours)
    assert rendered == draw_in_browser(browser, film, address, explicit)
    assert rendered != draw_in_browser(browser, film, address, unmarked)


def draw_with_ffmpeg(film: Path, still: Path, text: str, style: str) -> bytes:
    """The picture with a file's captions burned in, as raw pixels."""
    (film / "direction.srt").write_text(text, encoding="utf-8")
    burn = f"subtitles=direction.srt:force_style='{style}'"
    command = [str(find_ffmpeg()), "-v", "error", "-i", still.name, "-vf", burn]
    command += ["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    return subprocess.run(command, cwd=film, capture_output=True, check=True).stdout


def test_ffmpeg_burns_our_subrip_as_if_it_looked_for_each_lines_direction(
    film: Path, still: Path
) -> None:
    """Its style for SubRip runs all from left to right; Encoding=-1 lets libass look."""
    ours = format_srt([cue()])
    unmarked = ours.replace(EMBEDDED, "").replace(EMBEDDED_END, "")
    rendered = draw_with_ffmpeg(film, still, ours, "FontSize=20")
    assert rendered == draw_with_ffmpeg(film, still, unmarked, "FontSize=20,Encoding=-1")
    assert rendered != draw_with_ffmpeg(film, still, unmarked, "FontSize=20")
