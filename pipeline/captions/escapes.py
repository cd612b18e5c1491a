r"""Plain text as it must stand in WebVTT and in SubRip to show as the text it is, and back.

SubRip has no escapes, and players look for `<b>`, `{\an8}` and timing lines in the text: the
joiner, which has no width, parts what would be read as one, and reading takes it out again.
"""

from pipeline.captions.text import JOINER

_COMMANDS = (("<", "<" + JOINER), ("-->", "-" + JOINER + "->"), ("\\", "\\" + JOINER))
_BRACES = (("{", "\uff5b" + JOINER), ("}", "\uff5d" + JOINER))
"""ffmpeg hands braces on to ASS as they are, where they hide what they hold: full-width ones show
everywhere, and the joiner after them tells them from those of the text."""


def escape_vtt(text: str) -> str:
    """Text that no parser takes for a tag, an entity or the arrow of a timing line."""
    return escape_brackets(text.replace("&", "&amp;"))


def escape_brackets(text: str) -> str:
    """The same for text whose entities are to stay entities."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def escape_srt(text: str) -> str:
    """A part of a line in which no player finds a tag, an override or a timing line."""
    for plain, parted in (*_COMMANDS, *_BRACES):
        text = text.replace(plain, parted)
    return text


def unescape_srt(text: str) -> str:
    """The text behind what `escape_srt` makes, and any other text as it is."""
    for plain, parted in (*_BRACES, *reversed(_COMMANDS)):
        text = text.replace(parted, plain)
    return text
