"""Caption profiles: a standard's figures, one row a standard.

No rule is applied here: cues are made in `cues.py` and checked in `lint.py`.
"""

from pipeline.records import record


@record
class Profile:
    """What one standard asks of a cue; characters include spaces and punctuation.

    Args:
        chars_per_second: the fastest a viewer is asked to read.
        min_ms: the shortest time on screen.
        max_ms: the longest time on screen.
        gap_ms: the least time between two cues.
        open_gap_ms: a gap is either `gap_ms` or at least this; what lies between is closed.
        linger_ms: how long a cue may stay after its last word.
        lean_ms: how early or late a cue may come in, where it or the one before needs the time.
        dash: what begins the lines of two speakers who share a cue, a line each; empty where they
            never do.
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

PROFILES = {profile.name: profile for profile in (NETFLIX_EN,)}
