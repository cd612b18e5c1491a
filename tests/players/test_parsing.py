"""A browser finds in WebVTT files what the standard and our parser find, whatever they hold."""

import hashlib
from pathlib import Path

import pytest

from pipeline.captions.text import clean_line
from pipeline.captions.vtt import format_vtt
from pipeline.records import Cue
from tests.captions.parsing import CASES
from tests.captions.texts import HOSTILE
from tests.players.test_players import NATIVE, read
from tests.preview.browser import Browser

pytestmark = pytest.mark.browser

LOADED = "document.getElementById('track').readyState === 2"


def load(browser: Browser, folder: Path, address: str, text: str) -> list[list[object]]:
    """The cues the browser finds in a file."""
    name = hashlib.sha256(text.encode()).hexdigest()  # a name of its own: browsers keep files
    with (folder / f"{name}.vtt").open("w", encoding="utf-8", newline="") as file:
        file.write(text)
    (folder / f"{name}.html").write_text(NATIVE.replace("{file}", f"{name}.vtt"))
    browser.open(f"{address}/{name}.html")
    browser.wait_for(LOADED)
    return read(browser)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_browser_finds_the_cues_that_the_standard_finds(
    browser: Browser, film: Path, address: str, name: str
) -> None:
    text, wanted = CASES[name]
    assert [tuple(cue) for cue in load(browser, film, address, text)] == wanted


def test_hostile_text_shows_as_text(browser: Browser, film: Path, address: str) -> None:
    texts = [clean_line(text) for text in HOSTILE]
    texts += [clean_line(f"{first} {second}") for first in HOSTILE for second in HOSTILE[:12]]
    cues = [Cue(n * 100, n * 100 + 99, (text,), text[:20]) for n, text in enumerate(texts)]
    found = load(browser, film, address, format_vtt(cues, "en"))
    assert [cue[2] for cue in found] == texts
    assert [(round(start * 1000), round(end * 1000)) for start, end, _ in found] == [
        (cue.start_ms, cue.end_ms) for cue in cues
    ]
