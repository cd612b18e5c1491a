"""Makes small fonts whose every letter is a full square."""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

_EM = 1000


def make_font(path: Path, family: str, characters: str, weight: int = 400) -> Path:
    """A TrueType font of that family that has these characters and the space."""
    names = {character: f"u{ord(character):04X}" for character in characters}
    glyphs = {".notdef": _draw(0), "space": _draw(0), **dict.fromkeys(names.values(), _draw(900))}
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({32: "space", **{ord(c): name for c, name in names.items()}})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (_EM, 50)))
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    postscript = family.replace(" ", "") + "-Regular"
    builder.setupNameTable(
        {"familyName": family, "styleName": "Regular", "fullName": family, "psName": postscript}
    )
    builder.setupOS2(sTypoAscender=900, usWinAscent=900, usWinDescent=100, usWeightClass=weight)
    builder.setupPost()
    builder.save(path)
    return path


def _draw(side: int) -> object:
    pen = TTGlyphPen(None)
    if side:
        pen.moveTo((50, 0))
        for corner in ((50, side), (50 + side, side), (50 + side, 0)):
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()
