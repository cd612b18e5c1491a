r"""Plain text escaped for WebVTT and for SubRip, and back.

SubRip has no escapes, and players look for `<b>`, `{\an8}` and timing lines in the text: an
invisible word joiner is put into what would be read as one, and taken out when reading.
"""

from pipeline.captions.text import JOINER

_COMMANDS = (("<", "<" + JOINER), ("-->", "-" + JOINER + "->"), ("\\", "\\" + JOINER))
_BRACES = (("{", "\uff5b" + JOINER), ("}", "\uff5d" + JOINER))
"""ffmpeg passes braces on to ASS, where they hide the text in them. Full-width braces show
everywhere; the joiner after them tells them from full-width braces of the text."""


def escape_vtt(text: str) -> str:
    """Text in which no WebVTT parser finds a tag, an entity or a timing line's arrow."""
    return escape_brackets(text.replace("&", "&amp;"))


def escape_brackets(text: str) -> str:
    """Escape `<` and `>` only, for text whose entities stay."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def escape_srt(text: str) -> str:
    """Text in which no player finds a tag, an override or a timing line."""
    for plain, parted in (*_COMMANDS, *_BRACES):
        text = text.replace(plain, parted)
    return text


def unescape_srt(text: str) -> str:
    """The inverse of `escape_srt`; other text stays as it is."""
    for plain, parted in (*_BRACES, *reversed(_COMMANDS)):
        text = text.replace(parted, plain)
    return text
