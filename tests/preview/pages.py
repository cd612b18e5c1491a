"""A report page as a test writes it, opens it and asks it: what the tests in a browser share."""

from pathlib import Path

from pipeline.media.decode import ingest_media
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.options import AudioOptions
from pipeline.media.small_copy import render_small_copy
from pipeline.preview.page import PageView, make_page
from tests.preview.browser import Browser
from tests.preview.views import CONVERSATION, write_sound

SEEK_TOLERANCE_MS = 300
"""How far a player may have played on before it is asked where it is."""

RIGHT, LEFT, SHIFT, ENTER = "\ue014", "\ue012", "\ue008", "\ue007"
"""Keys as WebDriver names them; shift goes up again at the end of what is typed."""

WORDS = "Array.from(document.querySelectorAll('#text .w'), word => word.textContent)"
MEDIA = "document.getElementById('media')"
CUES = "document.getElementById('captions').track.cues"
LIT = "document.querySelector('.lit')?.textContent"
CHOSEN = "document.querySelector('.chosen')?.textContent"

FORGET = "try { localStorage.clear(); Storage.prototype.setItem = () => {}; } catch {}"
"""What a page remembers is gone, and nothing more is saved by it."""


def write_item(folder: Path, name: str, view: PageView) -> Path:
    """An item of sound and page; returns its page."""
    write_sound(folder / name / "ingest" / "audio.wav")
    page = folder / name / "report" / "index.html"
    page.parent.mkdir(exist_ok=True)
    page.write_text(make_page(view), "utf-8")
    return page


def render_copy(made: Path, duration_ms: int) -> None:
    """A small copy of a recording that is as long, as the picture stage makes it."""
    seconds = f"d={duration_ms / 1000}"
    film = made.with_name("film.mp4")
    made.parent.mkdir()
    source = ["-f", "lavfi", "-i", f"testsrc=s=1280x720:r=10:{seconds}"]
    source += ["-f", "lavfi", "-i", f"sine={seconds}", "-c:a", "aac"]
    run_ffmpeg(Run([*source, "-preset", "ultrafast", file_url(film)], where="film"))
    media = ingest_media(film, AudioOptions(), made.with_suffix(".wav"), lambda share: None)
    render_small_copy(film, media, 360, made, lambda share: None)


def position_ms(browser: Browser) -> float:
    """Where the player is, on its own clock."""
    position: float = browser.run(f"return {MEDIA}.currentTime * 1000")
    return position


def number_of(text: str) -> int:
    return next(i for i, word in enumerate(CONVERSATION.words) if word.text == text)


def open_ready(browser: Browser, address: str) -> None:
    browser.open(address)
    browser.wait_for(f"{MEDIA}.readyState >= 1 && {CUES}?.length")
