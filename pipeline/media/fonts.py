"""The fonts of burned-in text: which font draws which character, and which characters none has.

libass silently takes another font if it doesn't find the one asked for, and draws boxes for missing
characters; so characters are looked up before, and libass's log is checked after.
"""

import importlib.util
import re
import struct
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import MediaError

FONT_FAMILY = "Roboto"

FONT_FILES = (
    "Roboto-Regular.ttf",
    "Roboto-Bold.ttf",
    "Roboto-Italic.ttf",
    "Roboto-BoldItalic.ttf",
)

BOLD_WEIGHT = 600

_ONLY_OURS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><cachedir prefix="cwd">font-cache</cachedir></fontconfig>
"""

_OUTLINES = ("glyf", "CFF ", "CFF2")
"""Tables that hold glyph outlines. Source: OpenType."""

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f")
"""Joiners, direction marks, variation selectors."""

_FAMILY, _FULL_NAME, _POSTSCRIPT = 1, 4, 6
"""Name IDs in a font's "name" table. Source: OpenType."""


@dataclass(frozen=True, slots=True)
class Font:
    """One family: its files, the names in them, and the characters it has.

    `widths`: by code point, of each character as a share of the font size as libass counts it.
    """

    family: str
    files: tuple[Path, ...]
    names: frozenset[str]
    widths: Mapping[int, float]
    is_bold: bool


@dataclass(frozen=True, slots=True)
class FontSet:
    """The fonts of a job: the main font, then the fallback fonts."""

    fonts: tuple[Font, ...]

    @property
    def main(self) -> Font:
        """The font of all characters that it has."""
        return self.fonts[0]


def open_fonts(main: Path | None = None, fallback: Sequence[Path] = ()) -> FontSet:
    """The fonts that a job names, and Roboto: first if the job names no main font, else last.

    Raises:
        MediaError: a file is missing, no font, or has no outlines.
    """
    roboto = _open_roboto()
    others = tuple(_open_font(path) for path in fallback)
    if main is None:
        return FontSet((roboto, *others))
    return FontSet((_open_font(main), *others, roboto))


def assign_fonts(text: Iterable[str], fonts: FontSet) -> tuple[dict[str, str], tuple[str, ...]]:
    """The fallback family of each character the main font lacks, and the characters none has."""
    families: dict[str, str] = {}
    lacking = []
    for character in sorted({*text} - _INVISIBLE):
        if ord(character) in fonts.main.widths:
            continue
        font = next((font for font in fonts.fonts if ord(character) in font.widths), None)
        if font is not None:
            families[character] = font.family
        elif character.isprintable() and not character.isspace():
            lacking.append(character)
    return families, tuple(lacking)


def measure_characters(text: Iterable[str], fonts: FontSet) -> dict[str, float]:
    """The width of each character as a share of the font size, in the font that draws it.

    A character that no font has is left out; invisible ones take no room.
    """
    measured = dict.fromkeys(_INVISIBLE, 0.0)
    for character in {*text, " "} - _INVISIBLE:
        code = ord(character)
        width = next((font.widths[code] for font in fonts.fonts if code in font.widths), None)
        if width is not None:
            measured[character] = width
    return measured


def find_fonts() -> list[Path]:
    """The font files of `FONT_FAMILY`, in the font package.

    Raises:
        MediaError: the package or a file of it is missing.
    """
    package = importlib.util.find_spec("font_roboto")
    folders = list(package.submodule_search_locations or ()) if package else []
    paths = [Path(folder) / "files" / name for folder in folders for name in FONT_FILES]
    missing = next((path for path in paths if not path.is_file()), None)
    if not paths or missing:
        raise MediaError(
            "fonts", f"{missing or 'font-roboto'} is missing", "install font-roboto again"
        )
    return paths


def link_fonts(fonts: FontSet, folder: Path) -> dict[str, str]:
    """Make `fonts/` in the folder, for libass's fontsdir, and hide the machine's own fonts.

    Returns:
        Environment variables for ffmpeg; with them only these fonts are used.
    """
    shown = folder / "fonts"
    shown.mkdir()
    paths = (path for font in fonts.fonts for path in font.files)
    for number, path in enumerate(paths):
        (shown / f"{number}{path.suffix}").symlink_to(path.absolute())
    config = folder / "fonts.conf"
    config.write_text(_ONLY_OURS, encoding="utf-8")
    return {"FONTCONFIG_FILE": str(config)}


def check_fonts(fonts: FontSet, ffmpeg_log: Iterable[str], where: str) -> None:
    """Check in ffmpeg's log that libass drew with the fonts that were asked for.

    Raises:
        MediaError: it chose another font.
    """
    names_by_family = {font.family.casefold(): font.names for font in fonts.fonts}
    for line in ffmpeg_log:
        chosen = re.search(r"fontselect: \((.+), \d+, \d+\) -> ([^,]+),", line)
        if chosen and chosen[2] not in names_by_family.get(chosen[1].casefold(), ()):
            raise MediaError(
                where, f"captions were drawn in {chosen[2]}, not in {chosen[1]}",
                "name another font in clips.style",
            )  # fmt: skip


def _open_roboto() -> Font:
    opened = [_open_font(path) for path in find_fonts()]
    return Font(
        FONT_FAMILY,
        tuple(path for font in opened for path in font.files),
        frozenset(name for font in opened for name in font.names),
        {code: max(font.widths.get(code, 0.0) for font in opened) for code in opened[0].widths},
        is_bold=True,
    )


def _open_font(path: Path) -> Font:
    from fontTools.ttLib import TTFont

    try:
        # Opened here, since fontTools doesn't close a file that is no font.
        with path.open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as font:
            if not any(name in font and len(font.reader[name]) > 1 for name in _OUTLINES):
                problem = "has no outlines (a colour or bitmap font?)"
                raise MediaError(str(path), problem, "name another font")
            _check_tables(font)
            names = _read_names(font)
            widths = _read_widths(font)
            weight = font["OS/2"].usWeightClass if "OS/2" in font else 400
    except OSError as error:
        raise MediaError(str(path), error.strerror or "unreadable", "check the path") from error
    except MediaError:
        raise
    except Exception as error:  # fontTools raises anything on a damaged file
        raise MediaError(str(path), "not a font", "name a TrueType or OpenType file") from error
    if _FAMILY not in names or not widths:
        raise MediaError(str(path), "a font without a name or characters", "name another font")
    own = frozenset(names.values())
    return Font(names[_FAMILY], (path,), own, widths, weight >= BOLD_WEIGHT)


def _check_tables(font: Any) -> None:
    """Check that the counts of names and characters fit the size of the file.

    fontTools trusts them, and would read for minutes or until memory runs out.

    Raises:
        ValueError: they don't fit.
    Source: OpenType, "name" and "cmap" (formats 12 and 13).
    """
    names = font.reader["name"]
    n_names, text_at = struct.unpack_from(">HH", names, 2)
    if not 6 + 12 * n_names <= text_at <= len(names):
        raise ValueError("more names than there is room for")
    characters = font.reader["cmap"]
    (n_tables,) = struct.unpack_from(">H", characters, 2)
    for number in range(n_tables):
        (at,) = struct.unpack_from(">I", characters, 8 + 8 * number)
        if struct.unpack_from(">H", characters, at)[0] not in (12, 13):
            continue
        (n_groups,) = struct.unpack_from(">I", characters, at + 12)
        groups = struct.iter_unpack(">III", characters[at + 16 : at + 16 + 12 * n_groups])
        if sum(max(0, last + 1 - first) for first, last, _ in groups) > sys.maxunicode:
            raise ValueError("more characters than there are")


def _read_names(font: Any) -> Mapping[int, str]:
    """The font's names by name ID, in English if it has them."""
    kinds = (_FAMILY, _FULL_NAME, _POSTSCRIPT)
    return {kind: name for kind in kinds if (name := font["name"].getDebugName(kind))}


def _read_widths(font: Any) -> Mapping[int, float]:
    """The advance width of each character, over the height that libass takes for the font size.

    Source: OpenType, "hmtx"; libass, which counts from the `usWinAscent` of "OS/2" to its
    `usWinDescent`, or else from the ascender of "hhea" to its descender.
    """
    height = 0
    if "OS/2" in font:
        height = font["OS/2"].usWinAscent + font["OS/2"].usWinDescent
    if not height:
        height = font["hhea"].ascent - font["hhea"].descent
    advances = font["hmtx"].metrics
    return {code: advances[name][0] / height for code, name in (font.getBestCmap() or {}).items()}
