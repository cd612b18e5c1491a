"""The pages for people with other eyes: no finding of axe-core, and all to be told apart under
forced colours (the high contrast themes of Windows)."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from pipeline.preview.listing import ListedItem, make_listing
from pipeline.preview.page import make_page
from tests.preview.browser import Browser
from tests.preview.views import make_view, say, write_sound

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent.parent / "players" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = "axe.run({resultTypes: ['violations']}).then(report => { window.findings = report })"

WORD_CLASSES = ("", "estimated", "low")
"""How a word that is spoken is marked; `<s>` is one that isn't."""

STATES = ("", "lit", "hit", "chosen")
"""What happens to a word while somebody listens and searches."""

LOOK = """
const looks = [];
const pick = (element, pseudo) => {
  const style = getComputedStyle(element, pseudo);
  return ["backgroundColor", "color", "fill", "rotate", "borderTopLeftRadius", "outlineStyle",
    "textDecorationLine", "textDecorationStyle"].map(name => style[name]).join(" ");
};
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page with something of everything, its sound beside it."""
    write_sound(tmp_path / "talk" / "ingest" / "audio.wav")
    path = tmp_path / "talk" / "report" / "index.html"
    path.parent.mkdir()
    path.write_text(make_page(make_view(reasons=("2 words", "a gap"))), "utf-8")
    return path


@pytest.fixture
def plain(browser: Browser) -> Iterator[Browser]:
    """The browser, left as wide and as light as it was found."""
    yield browser
    browser.resize(1280, 800)


def find_faults(browser: Browser) -> list[str]:
    """What axe-core finds on the page that is open: rule and element."""
    if not AXE.exists():
        pytest.skip("needs axe-core: npm ci --prefix tests/players")
    browser.run(AXE.read_text("utf-8") + f";{RUN_AXE}")
    report: dict[str, Any] = browser.wait_for("window.findings")
    return [
        f"{fault['id']}: {node['html'][:120]}"
        for fault in report["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width_px", [390, 1280])
def test_axe_finds_nothing_on_the_page_of_a_recording(
    plain: Browser, page: Path, width_px: int, scheme: str
) -> None:
    plain.resize(width_px, 800, scheme)
    plain.open(f"{page.as_uri()}#t=1.3")
    plain.wait_for("document.querySelector('.lit')")
    plain.press("empire", "#query")
    plain.wait_for("document.getElementById('hits').textContent === '1 of 1'")
    assert find_faults(plain) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_page_without_topics_and_clips(
    plain: Browser, tmp_path: Path, scheme: str
) -> None:
    bare = tmp_path / "index.html"
    view = replace(make_view(say((None, "Only ~this."))), topics=(), clips=(), files=())
    bare.write_text(make_page(view), "utf-8")
    plain.resize(1280, 800, scheme)
    plain.open(bare.as_uri())
    assert find_faults(plain) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_list_of_items(
    plain: Browser, tmp_path: Path, scheme: str
) -> None:
    items = (
        ListedItem("a", "A talk", "a/report/index.html", "failed", "no", 61_000, 1, 3, 2, ("few",)),
        ListedItem("b", "Another"),
    )
    path = tmp_path / "index.html"
    path.write_text(make_listing("demo", items), "utf-8")
    plain.resize(390, 800, scheme)
    plain.open(path.as_uri())
    assert find_faults(plain) == []


def test_words_are_told_apart_under_forced_colours_whatever_befalls_them(
    plain: Browser, page: Path
) -> None:
    plain.resize(1280, 800, is_forced=True)
    plain.open(page.as_uri())
    script = """
    const said = document.querySelector("#text .said");
    for (const [tag, mark] of arguments[0]) for (const state of arguments[1]) {
      const word = document.createElement(tag);
      word.className = `w ${mark} ${state}`.trim();
      word.textContent = "word";
      said.append(word);
      looks.push([`${tag} ${word.className}`, pick(word)]);
    }
    return looks;
    """
    kinds = [*(("span", name) for name in WORD_CLASSES), ("s", "")]
    looks = plain.run(LOOK + script, kinds, STATES)
    assert len(looks) == len(kinds) * len(STATES)
    for (one, look), (other, other_look) in combinations(looks, 2):
        assert look != other_look, (one, other)


def test_statuses_buttons_and_places_are_told_apart_under_forced_colours(
    plain: Browser, page: Path
) -> None:
    plain.resize(1280, 800, is_forced=True)
    plain.open(f"{page.as_uri()}#t=1")
    plain.wait_for("document.querySelector('.lit')")
    plain.press("j")
    plain.wait_for("document.querySelector('.doubts [aria-current]')")
    script = """
    const all = selector => Array.from(document.querySelectorAll(selector));
    const states = ["aligned", "estimated", "unspoken"];
    find("follow").setAttribute("aria-pressed", "false");
    return {
      dots: states.map(name => pick(document.querySelector(`.counts .${name}`), "::before")),
      bars: states.map(name => pick(document.querySelector(`.shares .${name}`))),
      buttons: ["cc", "follow"].map(name => pick(find(name))),
      chapters: all("[data-chapter]").map(link => pick(link)),
      doubts: all(".doubts button").slice(0, 2).map(button => pick(button)),
      play: [getComputedStyle(document.querySelector("#play svg")).fill,
        getComputedStyle(find("play")).backgroundColor],
      kinds: ["gap", "cut"].map(name => pick(document.querySelector(`.scrub .${name}`))),
    };
    """
    for name, looks in plain.run(LOOK + script).items():
        assert len(looks) > 1 and len(set(looks)) == len(looks), name
