"""A report page as a test writes it, opens it and asks it: what the tests in a browser share."""

from pathlib import Path

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


def position_ms(browser: Browser) -> float:
    """Where the player is, on its own clock."""
    position: float = browser.run(f"return {MEDIA}.currentTime * 1000")
    return position


def number_of(text: str) -> int:
    return next(i for i, word in enumerate(CONVERSATION.words) if word.text == text)


def open_ready(browser: Browser, address: str) -> None:
    browser.open(address)
    browser.wait_for(f"{MEDIA}.readyState >= 1 && {CUES}?.length")
