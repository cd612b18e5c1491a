"""What a bracket may name: a sound, or a heading of the text. Tables of such words.

Whether a bracket's words are said is decided by the sound, in `alignment/brackets.py`.
"""

import re

MAX_SOUND_WORDS = 4
"""Longer parentheses within a line are speech: `(which nobody had asked for, mind you)`."""

MIN_SPOKEN_WORDS = 3
"""Fewer words that end in a noise's name are never looked for, as laughter is like speech."""

MAY_FOLLOW = ".,;:!?…\"'”’»-–—"
"""Marks that may follow a closing bracket in the same token."""

_SOUND = re.compile(
    r"\b(music|applause|laugh(s|ing|ter)?|chuckl(es|ing)|cheer(s|ing)?|clap(s|ping)|silence|pause|"
    r"noises?|sigh(s|ing)?|gasp(s|ing)?|cough(s|ing)?|groans?|grunts?|sniff(le)?s?|sob(s|bing)?|"
    r"scoffs?|scream(s|ing)?|cr(ies|ying)|sing(s|ing)|whistl(es|ing)|speaking|whispering|ringing|"
    r"play(s|ing)|inaudible|indistinct|unintelligible|crosstalk)$",
    re.IGNORECASE,
)
"""The last words of sound tags, listed one by one, as names may end in -ing too."""

_HEADING = re.compile(
    r"(intro(duction)?|outro|prologue|epilogue|(pre-?)?chorus|refrain|hook|bridge|interlude|verse|"
    r"coda|part|chapter|section|segment|act|scene|title|opening|closing|conclusion|credits|"
    r"the end|end|ad|break|sponsor|teaser|trailer)"
    r"(\s+(\d+|[ivxl]+|[a-z]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))?"
    r"(\s*[:–—-]\s.*)?",
    re.IGNORECASE,
)
"""A part of a lyric, a script or a programme, its number, and a title behind a colon."""

_NOTE_MARK = re.compile(r"(\^|(foot)?note\s|fn\s?)?[1-9]\d{0,2}", re.IGNORECASE)

_TIME_AT_END = re.compile(r"[\s\d:.,]+$")
"""As in `inaudible 0:05`."""


def names_sound(name: str) -> bool:
    """Whether a bracket's text ends in a word of sound tags, or in one and a time."""
    return bool(_SOUND.search(_TIME_AT_END.sub("", name)))


def may_be_spoken(name: str) -> bool:
    """Whether the sound decides if a bracket's text is words: not of the bare name of a noise."""
    return not names_sound(name) or len(name.split()) >= MIN_SPOKEN_WORDS


def is_note_mark(name: str) -> bool:
    """Whether a square bracket's text is the number of a note: `1`, `note 2`."""
    return bool(_NOTE_MARK.fullmatch(name))


def is_heading(name: str) -> bool:
    """Whether a bracket's text is a heading: `Intro`, `Verse 1`, `Part Two: The Sea`."""
    return bool(_HEADING.fullmatch(name))
