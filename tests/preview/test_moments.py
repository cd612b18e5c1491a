"""Links to a moment or a span of a recording, and what a page remembers of its last visit."""

from pathlib import Path

import pytest

from tests.preview.browser import Browser
from tests.preview.pages import (
    MEDIA,
    SEEK_TOLERANCE_MS,
    number_of,
    open_ready,
    position_ms,
    write_item,
)
from tests.preview.views import make_view

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("forgetful")]

TIMES = (("4.25", 4250), ("0:04", 4000), ("npt:0:00:04.5", 4500), ("00:01:00", 20_000), (",6", 0))
"""Times of a link, and where they lead in a recording of 20 s."""


@pytest.mark.parametrize(("text", "at_ms"), TIMES)
def test_a_moment_is_written_in_seconds_or_as_a_clock(
    browser: Browser, talk: Path, text: str, at_ms: int
) -> None:
    open_ready(browser, f"{talk.as_uri()}#t={text}")
    browser.wait_for(f"Math.abs({MEDIA}.currentTime * 1000 - {at_ms}) < {SEEK_TOLERANCE_MS}")


@pytest.mark.parametrize("text", ["x", "1:2:3:4", "-3", "9,5", "5,x", "", "1e1", "4.2.1"])
def test_what_is_no_moment_leads_nowhere(browser: Browser, talk: Path, text: str) -> None:
    open_ready(browser, f"{talk.as_uri()}#t={text}")
    assert position_ms(browser) == 0
    assert browser.complaints() == []


@pytest.mark.parametrize(
    ("text", "from_ms", "to_ms"), [("1,1.6", 1000, 1600), ("0:4,0:5", 4000, 5000)]
)
def test_a_span_is_played_to_its_end_and_no_further(
    browser: Browser, address: str, text: str, from_ms: int, to_ms: int
) -> None:
    browser.open(f"{address}#t={text}")
    browser.wait_for(f"{MEDIA}.currentTime * 1000 > {from_ms} && !{MEDIA}.paused")
    browser.wait_for(f"{MEDIA}.paused")
    browser.wait_for(f"Math.round({MEDIA}.currentTime * 1000) === {to_ms}")
    browser.press(" ")
    browser.wait_for(f"{MEDIA}.currentTime * 1000 > {to_ms + 200}")


def test_who_goes_elsewhere_in_a_span_plays_on_beyond_its_end(browser: Browser, talk: Path) -> None:
    browser.open(f"{talk.as_uri()}#t=1,1.8")
    browser.wait_for(f"!{MEDIA}.paused && {MEDIA}.currentTime > 1")
    browser.click("#text .w", number_of("there"))
    browser.wait_for(f"!{MEDIA}.paused && {MEDIA}.currentTime > 2.2")


def test_position_and_speed_are_remembered_for_each_page(
    browser: Browser, address: str, folder: Path
) -> None:
    open_ready(browser, address)
    browser.run(
        "const speed = document.getElementById('speed'); speed.value = '1.5';"
        "speed.dispatchEvent(new Event('change'))"
    )
    browser.run(f"{MEDIA}.currentTime = 7.5")
    browser.wait_for("Object.values(localStorage).some(left => left.includes('7500'))")
    other = write_item(folder, "other", make_view())
    open_ready(browser, other.as_uri())
    assert position_ms(browser) == 0
    assert browser.run(f"return {MEDIA}.playbackRate") == 1
    open_ready(browser, address)
    browser.wait_for(f"{MEDIA}.currentTime === 7.5 && {MEDIA}.playbackRate === 1.5")
    assert browser.run("return document.getElementById('speed').value") == "1.5"
    open_ready(browser, f"{address}#t=2")
    browser.wait_for(f"{MEDIA}.currentTime === 2")


@pytest.mark.parametrize(
    "left",
    ["null", "[]", "{", "7", '{"position_ms":"x","speed":{}}', '{"position_ms":19000,"speed":9}'],
)
def test_what_it_cannot_use_of_its_memory_it_leaves(
    browser: Browser, talk: Path, left: str
) -> None:
    open_ready(browser, talk.as_uri())
    browser.run("localStorage.setItem(`cuecast ${location.pathname}`, arguments[0])", left)
    open_ready(browser, talk.as_uri())
    assert position_ms(browser) == 0
    assert browser.run(f"return {MEDIA}.playbackRate") == 1
    assert browser.complaints() == []


def test_a_browser_that_keeps_nothing_still_plays(browser: Browser, folder: Path) -> None:
    page = write_item(folder, "kept from", make_view())
    refused = "get localStorage() { throw new DOMException('no', 'SecurityError') }"
    browser.before_pages(
        f"Object.defineProperties(window, Object.getOwnPropertyDescriptors({{{refused}}}))"
    )
    try:
        open_ready(browser, page.as_uri())
        browser.click("#text .w", 1)
        browser.wait_for(f"{MEDIA}.currentTime >= 1.25")
        assert browser.complaints() == []
    finally:
        browser.before_pages("")
