"""The report page in a real browser, from a disk and from `cuecast serve`."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.server.site import Site
from tests.preview.browser import Browser
from tests.preview.pages import (
    CHOSEN,
    CUES,
    ENTER,
    LEFT,
    LIT,
    MEDIA,
    RIGHT,
    SEEK_TOLERANCE_MS,
    SHIFT,
    WORDS,
    number_of,
    open_ready,
    position_ms,
    render_copy,
    write_item,
)
from tests.preview.views import CONVERSATION, FIRST_MS, WORD_MS, make_view, say

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("forgetful")]


def test_it_loads_without_a_complaint_and_shows_the_text_as_it_is(
    browser: Browser, address: str
) -> None:
    open_ready(browser, address)
    assert browser.run(f"return {WORDS}") == [word.text for word in CONVERSATION.words]
    assert browser.run("return window.hacked") is None
    assert browser.run("return document.querySelectorAll('#text img').length") == 0
    assert browser.complaints() == []


def test_it_asks_for_nothing_but_the_sound(browser: Browser, site: Site, talk: Path) -> None:
    open_ready(browser, f"{site.address}talk/report/")
    asked = browser.run("return performance.getEntriesByType('resource').map(e => e.name)")
    assert {name for name in asked if not name.startswith("blob:")} <= {
        f"{site.address}talk/ingest/audio.wav"
    }


def test_its_captions_are_on_the_clock_of_the_sound(browser: Browser, address: str) -> None:
    open_ready(browser, address)
    browser.wait_for(f"{CUES}.length == 2")
    starts = browser.run(f"return Array.from({CUES}, cue => Math.round(cue.startTime * 1000))")
    assert starts == [1000, 3100]
    browser.run(f"{MEDIA}.currentTime = 3.4")
    shown = "document.getElementById('caption').textContent"
    assert browser.wait_for(f"{shown}.includes('Thank you') && {shown}") == (
        "guestThank you\nfor having me"
    )


def test_a_click_on_a_word_plays_from_it_and_lights_it(browser: Browser, address: str) -> None:
    open_ready(browser, address)
    index = number_of("empire.")
    browser.click("#text .w", index)
    browser.wait_for(f"!{MEDIA}.paused")
    start_ms = CONVERSATION.words[index].start_ms
    assert start_ms is not None
    assert start_ms <= position_ms(browser) + 1 <= start_ms + SEEK_TOLERANCE_MS
    assert browser.run(f"{MEDIA}.pause(); return {LIT}") in ("empire.", "--")
    assert browser.complaints() == []


def test_the_word_being_spoken_is_lit_and_none_in_a_long_pause(
    browser: Browser, address: str
) -> None:
    open_ready(browser, address)
    for word in CONVERSATION.words[:12]:
        if word.start_ms is not None:
            at_s = word.start_ms / 1000
            browser.run(f"{MEDIA}.currentTime = {at_s}")
            browser.wait_for(f"{MEDIA}.currentTime === {at_s} && {LIT} === {word.text!r}")
    browser.run(f"{MEDIA}.currentTime = 15")
    browser.wait_for(f"{LIT} === undefined")


def test_an_unspoken_word_plays_from_the_word_before_it(browser: Browser, address: str) -> None:
    open_ready(browser, address)
    index = number_of("never")
    browser.click("#text .w", index)
    before_ms = CONVERSATION.words[index - 1].start_ms
    assert before_ms is not None
    assert before_ms <= position_ms(browser) + 1 <= before_ms + SEEK_TOLERANCE_MS


def test_keys_play_step_and_visit_doubts(browser: Browser, address: str) -> None:
    open_ready(browser, address)
    browser.press(" ")
    browser.wait_for(f"!{MEDIA}.paused")
    browser.press(" ")
    browser.wait_for(f"{MEDIA}.paused")
    browser.run(f"{MEDIA}.currentTime = 1")
    browser.wait_for(f"{LIT} === 'Hello'")
    browser.press(f"{SHIFT}{RIGHT}")
    browser.wait_for(f"{CHOSEN} === 'there'")
    browser.press(f"{SHIFT}{LEFT}")
    browser.wait_for(f"{CHOSEN} === 'Hello'")
    browser.press(RIGHT)
    browser.wait_for(f"{MEDIA}.currentTime > 5")
    browser.press("jj")
    browser.wait_for(f"{CHOSEN} === 'me.'")
    browser.press("k")
    browser.wait_for(f"{CHOSEN} === 'never'")
    assert browser.run("return document.querySelectorAll('[data-word][aria-current]').length") == 1


def test_search_finds_words_whatever_their_case_and_punctuation(
    browser: Browser, address: str
) -> None:
    open_ready(browser, address)
    hits = "document.getElementById('hits').textContent"
    browser.press("/")
    browser.press("EMPIRE, and s", "#query")
    browser.wait_for(f"{hits} === '1 of 1'")
    found = browser.run(
        "return Array.from(document.querySelectorAll('.hit'), word => word.textContent)"
    )
    assert found == ["empire.", "--", "And", "so"]
    browser.run("document.getElementById('query').value = ''")
    browser.press(f"a{ENTER}", "#query")
    browser.wait_for(f"{hits}.startsWith('1 of ')")
    browser.press(ENTER, "#query")
    browser.wait_for(f"{hits}.startsWith('2 of ')")
    browser.press("qqq", "#query")
    browser.wait_for(f"{hits} === 'not found'")


def test_a_chapter_jumps_and_says_that_it_is_the_current_one(
    browser: Browser, address: str
) -> None:
    open_ready(browser, address)
    browser.click("[data-chapter]", 1)
    browser.wait_for(f"{MEDIA}.currentTime * 1000 >= 3250")
    current = "document.querySelector('[data-chapter][aria-current]').textContent"
    assert "Empires & ends" in browser.run(f"return {current}")


def test_the_part_being_spoken_is_the_current_one_and_none_before_there_is_any(
    browser: Browser, address: str
) -> None:
    open_ready(browser, address)
    current = "document.querySelector('[data-part][aria-current]')"
    assert browser.run(f"return {current}") is None
    browser.click(".parts summary")
    browser.click("[data-part]", 1)
    browser.wait_for(f"{current}?.textContent.includes('How they end')")
    browser.click("[data-chapter]", 0)
    browser.wait_for(f"{current} === null")


def test_a_link_to_a_moment_opens_there(browser: Browser, address: str) -> None:
    open_ready(browser, f"{address}#t=4.25")
    browser.wait_for(f"Math.round({MEDIA}.currentTime * 1000) === 4250")
    assert browser.run("return document.getElementById('clock').textContent") == "0:04"


def test_search_stays_in_sight_and_steps_both_ways(browser: Browser, address: str) -> None:
    open_ready(browser, address)
    browser.press("/")
    browser.press("e", "#query")
    hits = "document.getElementById('hits').textContent"
    browser.wait_for(f"{hits}.startsWith('1 of ')")
    n_hits = int(browser.run(f"return {hits}").rpartition(" ")[2])
    browser.click("#next")
    browser.wait_for(f"{hits} === '2 of {n_hits}'")
    browser.click("#previous")
    browser.click("#previous")
    browser.wait_for(f"{hits} === '{n_hits} of {n_hits}'")
    browser.press("n")
    browser.wait_for(f"{hits} === '1 of {n_hits}'")
    browser.press("p")
    browser.wait_for(f"{hits} === '{n_hits} of {n_hits}'")
    browser.run("scrollTo({top: 1e6, behavior: 'instant'})")
    box = "document.getElementById('query').getBoundingClientRect()"
    assert browser.run(f"return {box}.top >= 0 && {box}.bottom <= innerHeight")
    browser.press("qq", "#query")
    browser.wait_for("document.getElementById('next').hidden")


def test_files_and_keys_are_listed_before_the_player(browser: Browser, talk: Path) -> None:
    open_ready(browser, talk.as_uri())
    top = "document.querySelector('.top')"
    assert browser.run(f"return {top}.querySelectorAll('a[href*=captions]').length") == 1
    keys = browser.run(f"return Array.from({top}.querySelectorAll('kbd'), key => key.textContent)")
    assert {"space", "j", "k", "/", "n", "p"} <= set(keys)


def test_captions_can_be_turned_off(browser: Browser, address: str) -> None:
    open_ready(browser, address)
    browser.click("#cc")
    assert browser.run("return document.getElementById('caption').hidden")


def test_captions_in_a_second_language_take_the_place_of_the_first(
    browser: Browser, folder: Path
) -> None:
    second = "WEBVTT\n\n00:01.000 --> 00:02.500\n<v host>Das war es.\n"
    view = replace(make_view(), second_vtt=second, second_language="de")
    open_ready(browser, write_item(folder, "both", view).as_uri())
    browser.wait_for(f"{CUES}.length == 2")
    browser.click("#second")
    browser.wait_for(f"{CUES}.length == 1 && {CUES}[0].text.includes('Das war es')")
    browser.wait_for(f"Math.round({CUES}[0].startTime * 1000) === 1000")
    assert browser.run("return document.getElementById('caption').lang") == "de"
    browser.click("#second")
    browser.wait_for(f"{CUES}.length == 2")
    assert browser.complaints() == []


def test_a_clip_without_captions_burned_in_has_its_own(browser: Browser, address: str) -> None:
    open_ready(browser, address)
    tracks = "document.querySelector('[data-clip]').textTracks"
    browser.wait_for(f"{tracks}.length == 1 && {tracks}[0].cues?.length == 2")


def test_a_recording_opened_by_hand_plays_on_the_players_clock(
    browser: Browser, address: str, folder: Path
) -> None:
    open_ready(browser, address)
    browser.press(str(folder / "talk" / "ingest" / "audio.wav"), "#file")
    browser.wait_for(f"{MEDIA}.src.startsWith('blob:') && {CUES}[0].startTime === 1")
    browser.click("#text .w", 1)
    browser.wait_for(f"{MEDIA}.currentTime >= 1.25")


def test_without_its_sound_it_says_so(browser: Browser, folder: Path) -> None:
    page = write_item(folder, "mute", make_view())
    (folder / "mute" / "ingest" / "audio.wav").unlink()
    browser.open(page.as_uri())
    browser.wait_for("!document.getElementById('silent').hidden")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width_px", [320, 390, 768, 1280])
def test_no_width_needs_scrolling_sideways(
    browser: Browser, talk: Path, width_px: int, scheme: str
) -> None:
    browser.resize(width_px, 800, scheme)
    open_ready(browser, talk.as_uri())
    assert browser.run("return document.documentElement.scrollWidth") <= width_px
    browser.resize(1280, 800)


def test_twenty_thousand_words_are_a_page_of_moderate_size_that_jumps_at_once(
    browser: Browser, folder: Path
) -> None:
    timed = say(*((f"speaker {i % 3}", "and so it went on " * 10) for i in range(400)))
    view = replace(make_view(timed), media=replace(make_view().media, duration_ms=6_000_000))
    page = write_item(folder, "long", view)
    assert page.stat().st_size < 3_000_000
    open_ready(browser, page.as_uri())
    browser.run(f"location.hash = '#t={(FIRST_MS + WORD_MS * 15_000) / 1000}'")
    assert browser.wait_for(
        "(box => box.top > 0 && box.bottom < innerHeight)"
        "(document.querySelectorAll('#text .w')[15000].getBoundingClientRect())"
    )


def test_a_small_copy_of_the_video_is_played_from_a_disk_with_its_picture(
    browser: Browser, tmp_path: Path
) -> None:
    view = replace(make_view(), played="picture/picture.mp4")
    page = write_item(tmp_path, "talk", view)
    render_copy(tmp_path / "talk" / "picture" / "picture.mp4", view.media.duration_ms)
    open_ready(browser, page.as_uri())
    browser.wait_for(f"{MEDIA}.videoWidth === 640 && !{MEDIA}.hidden")
    browser.click("#text .w", number_of("empire."))
    browser.wait_for(f"!{MEDIA}.paused && {MEDIA}.currentTime > 1")
    browser.run(f"{MEDIA}.pause()")
    assert browser.complaints() == []
