"""Whether a file's cues hold the words that were said, and come and go with them.

Only the comparison, given the words' times; how they get them is the aligner's matter.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from pipeline.captions.lint import Break
from pipeline.captions.profile import Profile
from pipeline.captions.raw import RawCue
from pipeline.captions.said import read_said
from pipeline.records import TimedText, Word

TOLERANCE_MS = 42
"""A frame at 24 frames a second, beside what the profile lets a cue lean."""

UNITS = {
    "early": "ms",
    "late": "ms",
    "cut-off": "ms",
    "word-missing": "words",
    "word-added": "words",
}
"""What a rule's figures are in."""


def find_first_words(cues: Sequence[RawCue], timed: TimedText) -> list[int | None]:
    """When the first word of each cue is said; None where that is not known."""
    found: list[int | None] = [None] * len(cues)
    for number, words in _share_out(cues, timed)[0].items():
        found[number] = words[0].start_ms
    return found


def find_lags(cues: Sequence[RawCue], timed: TimedText, profile: Profile) -> tuple[Break, ...]:
    """List cues that come early or late, or go while they are said; words missing or added.

    Args:
        cues: in the order of their starts.
    """
    shared, differences = _share_out(cues, timed)
    found = list(differences)
    limit_ms = profile.lean_ms + TOLERANCE_MS
    for number, words in shared.items():
        cue, first_ms, last_ms = cues[number], words[0].start_ms or 0, words[-1].start_ms or 0
        lag_ms = cue.start_ms - first_ms
        if abs(lag_ms) > limit_ms:
            rule = "late" if lag_ms > 0 else "early"
            found.append(Break(rule, number + 1, cue.start_ms, abs(lag_ms), limit_ms))
        if last_ms - cue.end_ms > TOLERANCE_MS:
            cut_ms = last_ms - cue.end_ms
            found.append(Break("cut-off", number + 1, cue.start_ms, cut_ms, TOLERANCE_MS))
    return tuple(sorted(found, key=lambda each: (each.cue, each.rule)))


def _share_out(
    cues: Sequence[RawCue], timed: TimedText
) -> tuple[dict[int, list[Word]], list[Break]]:
    """The timed words of each cue that hold all of its own, and where the two texts differ.

    Cost: linear where the texts agree.
    """
    said = read_said(cues)
    shown = [_bare(word) for turn in said.turns for word in turn.words]
    spoken = [word for word in timed.words if word.start_ms is not None]
    shared: dict[int, list[Word]] = {}
    differences: list[Break] = []
    matcher = SequenceMatcher(None, shown, [_bare(word.text) for word in spoken], autojunk=False)
    for kind, first, last, said_first, said_last in matcher.get_opcodes():
        if kind == "equal":
            for at in range(last - first):
                word = spoken[said_first + at]
                shared.setdefault(said.cue_of_word[first + at], []).append(word)
            continue
        number = said.cue_of_word[min(first, len(shown) - 1)] if shown else 0
        start_ms = cues[number].start_ms if cues else 0
        missing = [word.text for word in spoken[said_first:said_last]]
        for rule, words in (("word-missing", missing), ("word-added", shown[first:last])):
            if words:
                note = " ".join(words[:8])
                differences.append(Break(rule, number + 1, start_ms, len(words), 0, note=note))
    doubtful = {said.cue_of_word[at] for at in _find_unsaid(matcher)}
    return {
        number: words for number, words in shared.items() if number not in doubtful
    }, differences


def _find_unsaid(matcher: SequenceMatcher[str]) -> list[int]:
    """The words of the cues that were not said."""
    return [
        at
        for kind, first, last, _, _ in matcher.get_opcodes()
        if kind != "equal"
        for at in range(first, last)
    ]


def _bare(word: str) -> str:
    """A word as it may be told from others: case and punctuation are the captioner's choice."""
    return "".join(char for char in word.casefold() if char.isalnum()) or word
