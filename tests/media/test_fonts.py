"""Which font draws which character: looked up before anything is drawn, seen in what is drawn."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.captions.ass import choose_style, format_ass
from pipeline.errors import MediaError
from pipeline.media.fonts import assign_fonts, find_fonts, open_fonts
from pipeline.records import Cue
from tests.media.lettering import make_font
from tests.media.rendering import Render
from tests.media.studio import Studio


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
        ass = format_ass([Cue(0, 1_000, ("東京",))], style)
        (clip,) = render(source, (0, 1_000), ("16:9",), ass=ass, fonts=fonts)
        seen[name] = studio.see(clip, 0.5)
    # A full square of letter is brighter than the hollow box of what is missing.
    assert seen["with"].mean() > 1.5 * seen["without"].mean()
