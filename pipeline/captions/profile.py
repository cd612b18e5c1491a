"""Caption profiles: the figures of each standard, and those that a job sets itself.

Cues are made by them in `cues.py` and checked in `lint.py`.
"""

from dataclasses import fields, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from pipeline.records import record
from pipeline.records.base import check

ProfileName = Literal["netflix-en", "netflix-en-children", "bbc-online", "bbc-9x16", "podcast"]
"""The names in `PROFILES`."""

FRAME_MS = 42
"""One frame at 24 frames per second, rounded up: the tolerance of checks."""

_MAX_DASH = 3
_MOST_CHARS = 10_000
"""Limit of characters a line and a second that a job may set: far above any sensible value."""
_MOST_LINES = 100
_Milliseconds = Annotated[int, Field(ge=0, le=3_600_000)]
"""Up to an hour, longer than any cue."""


@record
class Profile:
    """What one standard requires of a cue; characters include spaces and punctuation.

    Width is measured in columns: a full-width character takes two, others one.

    Args:
        chars_per_second: the highest reading speed.
        min_ms: the shortest time on screen.
        max_ms: the longest time on screen.
        gap_ms: the least time between two cues.
        open_gap_ms: a gap is either `gap_ms` or at least this; one in between is closed.
        linger_ms: how long a cue may stay after its last word.
        lean_ms: how early or late a cue may start, where it or the one before needs the time.
        dash: what begins each line of a cue shared by two speakers; empty where none may be.
        char_columns: columns of one character as the standard counts: 2 if it means full-width.
    """

    name: str
    chars_per_line: int
    max_lines: int
    chars_per_second: float
    min_ms: int
    max_ms: int
    gap_ms: int
    open_gap_ms: int
    linger_ms: int
    lean_ms: int
    dash: str
    char_columns: int = 1

    @property
    def columns_per_line(self) -> int:
        """Greatest width of a line, in columns."""
        return self.chars_per_line * self.char_columns

    @property
    def columns_per_second(self) -> float:
        """Highest reading speed, in columns per second."""
        return self.chars_per_second * self.char_columns

    def __post_init__(self) -> None:
        check(self.chars_per_line >= 1, "chars_per_line must be positive")
        check(self.max_lines >= 1, "max_lines must be positive")
        check(self.chars_per_second > 0, "chars_per_second must be positive")
        check(0 < self.min_ms <= self.max_ms, "min_ms must be positive and at most max_ms")
        check(self.gap_ms >= 0, "gap_ms must not be negative")
        check(self.open_gap_ms >= 0, "open_gap_ms must not be negative")
        check(self.linger_ms >= 0, "linger_ms must not be negative")
        check(0 <= self.lean_ms <= self.min_ms // 2, "lean_ms must lie between 0 and half min_ms")
        is_short = len(self.dash) <= _MAX_DASH and self.dash.isprintable()
        check(is_short, f"dash must be {_MAX_DASH} characters or fewer")


@record
class OwnProfile:
    """A job's own profile: a base, and the figures that differ. Reports call it by `name`."""

    base: ProfileName = "netflix-en"
    name: str = "own"
    chars_per_line: Annotated[int, Field(ge=1, le=_MOST_CHARS)] | None = None
    max_lines: Annotated[int, Field(ge=1, le=_MOST_LINES)] | None = None
    chars_per_second: Annotated[float, Field(ge=0.1, le=_MOST_CHARS)] | None = None
    min_ms: _Milliseconds | None = None
    max_ms: _Milliseconds | None = None
    gap_ms: _Milliseconds | None = None
    open_gap_ms: _Milliseconds | None = None
    linger_ms: _Milliseconds | None = None
    lean_ms: _Milliseconds | None = None
    dash: str | None = None

    def __post_init__(self) -> None:
        find_profile(self)


def find_profile(choice: ProfileName | OwnProfile, language: str = "en") -> Profile:
    """The figures of the chosen profile for a language.

    Raises:
        ValueError: the job's own figures contradict each other.
    """
    if isinstance(choice, str):
        return _in_language(PROFILES[choice], language)
    own = {field.name: getattr(choice, field.name) for field in fields(choice)}
    given = {name: figure for name, figure in own.items() if figure is not None}
    return replace(_in_language(PROFILES[given.pop("base")], language), **given)


def _in_language(profile: Profile, language: str) -> Profile:
    """The profile with the figures for a language, by its standard or by full-width letters."""
    tag = language.replace("_", "-").split("-")[0].lower()
    tag = _SAME_FIGURES.get(tag, tag)
    if profile.name in _NETFLIX and tag in _NETFLIX_BY_LANGUAGE:
        name = profile.name.replace("-en", f"-{tag}")
        return replace(profile, name=name, **_NETFLIX_BY_LANGUAGE[tag][_NETFLIX[profile.name]])
    if tag not in _FULL_WIDTH:
        return profile
    return replace(
        profile,
        chars_per_line=max(1, profile.chars_per_line // 2),
        chars_per_second=profile.chars_per_second / 2,
        char_columns=2,
    )


# Netflix, Timed Text Style Guide: "General Requirements" (General), "English (USA)" (English) and
# "Subtitle Timing Guidelines" (Timing); frames are 1/24 s, as there.
NETFLIX_EN = Profile(
    name="netflix-en",
    chars_per_line=42,  # English, "Character Limitation"
    max_lines=2,  # General, "Line Treatment": two lines maximum
    chars_per_second=20.0,  # English, "Reading Speed Limits": adult programs
    min_ms=833,  # General, "Duration": 5/6 s
    max_ms=7_000,  # General, "Duration": 7 s
    gap_ms=83,  # General, "Frame Gap": 2 frames
    open_gap_ms=500,  # Timing, "Timing to audio": gaps of 3-11 frames are closed to 2
    linger_ms=500,  # Timing, "Timing to audio": out-times up to half a second past speech
    lean_ms=83,  # Timing, "Timing to audio": in-times within 2 frames of the first sound
    dash="-",  # English, "Dual Speakers": a hyphen without a space, a line a speaker
)

NETFLIX_EN_CHILDREN = replace(
    NETFLIX_EN,
    name="netflix-en-children",
    chars_per_second=17.0,  # English, "Reading Speed Limits": children's programs
)

# BBC, Subtitle Guidelines; sections by their titles there.
BBC_ONLINE = Profile(
    name="bbc-online",
    chars_per_line=37,  # "Line length": 37 characters; online 68 % of the width at 16:9
    max_lines=2,  # "Subtitle length": two lines
    chars_per_second=18.0,  # "Timing": 180 words a minute, of five letters and a space each
    min_ms=300,  # "Target minimum timing": 0.3 s a word
    max_ms=7_000,  # no figure there; Netflix's
    gap_ms=0,  # "Gaps": none, or
    open_gap_ms=1_000,  # a second at least
    linger_ms=1_500,  # "Keep lag behind speech to a minimum": 1.5 s after it at most
    lean_ms=0,  # "Match the pace of speaking": in with the speech
    dash="– ",  # "Speakers": where there is no colour, a dash, not a hyphen, a line a speaker
)

BBC_9X16 = replace(
    BBC_ONLINE,
    name="bbc-9x16",
    chars_per_line=25,  # "Line length": 25 characters in 90 % of the width of a 9:16 video
    max_lines=3,  # "Subtitle length": three lines in a 9:16 video
)

# Podcasting 2.0, podcast-namespace, transcripts.md, "SRT"; it has no figures for times, which are
# Netflix's.
PODCAST = replace(
    NETFLIX_EN,
    name="podcast",
    chars_per_line=32,  # "Max characters per line"
    max_lines=2,  # "Max number of lines"
    gap_ms=0,  # its examples follow without a gap
    open_gap_ms=0,
    lean_ms=0,
    dash="",  # "Speaker names": a new card when the speaker changes
)

PROFILES = {
    profile.name: profile
    for profile in (NETFLIX_EN, NETFLIX_EN_CHILDREN, BBC_ONLINE, BBC_9X16, PODCAST)
}

_NETFLIX = {NETFLIX_EN.name: 0, NETFLIX_EN_CHILDREN.name: 1}
_FULL_WIDTH = frozenset({"ja", "ko", "zh"})
_SAME_FIGURES = {"yue": "zh", "cmn": "zh", "wuu": "zh"}


def _figures(
    chars_per_line: int, speeds: tuple[float, float], char_columns: int = 2
) -> list[dict[str, Any]]:
    """The figures that differ, for adults and for children, with their two reading speeds."""
    width = {"chars_per_line": chars_per_line, "char_columns": char_columns}
    return [{**width, "chars_per_second": speed} for speed in speeds]


# Netflix, Timed Text Style Guides by language: "Character Limitation", where half-width characters
# count as half of one, and "Reading Speed Limits" of adult and children's programs. Captions are
# verbatim, so Japanese has the speed of its captions (SDH, 7), not of its translations (4).
_NETFLIX_BY_LANGUAGE = {
    "ja": _figures(13, (7.0, 7.0)),
    "ko": _figures(16, (12.0, 9.0)),
    "zh": _figures(16, (9.0, 7.0)),
    "th": _figures(35, (17.0, 13.0), char_columns=1),
}
