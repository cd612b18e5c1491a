"""Which font draws which character: looked up before anything is drawn, seen in what is drawn."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

from pipeline.captions.ass import choose_style
from pipeline.captions.burned import format_burned
from pipeline.errors import MediaError
from pipeline.media.fonts import assign_fonts, find_fonts, open_fonts
from pipeline.records import Cue
from tests.media.damaging import damage
from tests.media.lettering import make_font
from tests.media.rendering import Render
from tests.media.studio import Studio

N_DAMAGED = 100
MAX_CHECK_S = 10.0
"""On a busy machine; a font whose names are believed takes minutes."""


def test_what_the_main_font_has_is_left_to_it() -> None:
    families, lacking = assign_fonts("Größe, “quoted” — 5 €\u2060\u200d", open_fonts())
    assert (families, lacking) == ({}, ())


def test_what_no_font_has_is_named() -> None:
    _, lacking = assign_fonts("東京 مرحبا 😀 ok", open_fonts())
    assert {"東", "京", "م", "😀"} <= set(lacking)
    assert "o" not in lacking


def test_a_fallback_draws_what_the_main_font_lacks(tmp_path: Path) -> None:
    square = make_font(tmp_path / "square.ttf", "Square Han", "東京")
    families, lacking = assign_fonts("in 東京 and 😀", open_fonts(fallback=[square]))
    assert families == {"東": "Square Han", "京": "Square Han"}
    assert lacking == ("😀",)


def test_ones_own_font_comes_first_and_roboto_fills_in(tmp_path: Path) -> None:
    own = make_font(tmp_path / "own.ttf", "Own Face", "abc")
    fonts = open_fonts(own)
    assert fonts.main.family == "Own Face"
    assert assign_fonts("abcd", fonts) == ({"d": "Roboto"}, ())


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "No such file"), (b"not a font", "not a font")]
)
def test_what_is_no_font_is_one_line(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / "a.ttf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MediaError, match=problem):
        open_fonts(path)


def test_a_font_without_outlines_is_one_line_before_anything_is_drawn(tmp_path: Path) -> None:
    with TTFont(make_font(tmp_path / "a.ttf", "Square Han", "東京")) as font:
        del font["glyf"], font["loca"]
        font.save(tmp_path / "bitmaps.ttf")
    with pytest.raises(MediaError, match="no outlines"):
        open_fonts(tmp_path / "bitmaps.ttf")


def test_the_first_font_of_a_collection_is_taken(tmp_path: Path) -> None:
    collection = TTCollection()
    collection.fonts = [TTFont(path) for path in find_fonts()[:2]]
    collection.save(tmp_path / "all.ttc")
    assert open_fonts(tmp_path / "all.ttc").main.family == "Roboto"


def test_a_damaged_font_is_taken_or_refused_in_one_line_and_at_once(tmp_path: Path) -> None:
    whole = find_fonts()[0].read_bytes()
    n_refused = 0
    for seed in range(N_DAMAGED):
        path = tmp_path / "a.ttf"
        path.write_bytes(damage(whole, f"font {seed}"))
        started_s = time.monotonic()
        try:
            open_fonts(path)
        except MediaError as error:
            assert len(str(error).splitlines()) == 1
            n_refused += 1
        assert time.monotonic() - started_s < MAX_CHECK_S
    assert 0 < n_refused < N_DAMAGED


def test_the_fonts_are_in_their_package() -> None:
    assert all(path.suffix == ".ttf" and path.stat().st_size > 0 for path in find_fonts())


def test_the_fallbacks_letters_are_what_is_seen(
    studio: Studio, render: Render, tmp_path: Path
) -> None:
    square = make_font(tmp_path / "square.ttf", "Square Han", "東京")
    source = studio.make(
        "v.mp4", *studio.flashes([], 2), *studio.clicks([1], 2), "-map", "0:v", "-map", "1:a"
    )
    fonts = open_fonts(fallback=[square])
    seen = {}
    for name, families in (("with", {"東": "Square Han", "京": "Square Han"}), ("without", {})):
        style = replace(choose_style(1280, 720), families=families)
        ass = format_burned([Cue(0, 1_000, ("東京",))], style)
        (clip,) = render(source, (0, 1_000), ("16:9",), ass=ass, fonts=fonts)
        seen[name] = studio.see(clip, 0.5)
    # A full square of letter is brighter than the hollow box of what is missing.
    assert seen["with"].mean() > 1.5 * seen["without"].mean()
