"""The text of captions by speaker turns, from cues of any house style.

Voices, `- `, `>>`, `NAME:` and `[Name]` begin turns; `[sounds]`, `(sounds)` and notes are no words.
The cues' times are not used: words are aligned again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.captions.direction import strip_mark
from pipeline.captions.parsed_cue import RawCue, Voice
from pipeline.captions.rolling import unroll
from pipeline.records import SpokenTurn, record

MAX_SOUND_WORDS = 4
"""Longer parentheses within a line are speech: `(which nobody had asked for, mind you)`."""
MIN_LABELS = 3
"""`Nora Field:` is a speaker label if this many lines begin so; one may be `Remember:`."""

_MARK = re.compile(r"\s*(?:>{2,}|[-‐–](?=\s|[^\W\d]|[\"'“‘(\[¿¡♪]))\s*")
_PREFIX = re.compile(r"(?P<name>[^\W_][^:：]{0,40})(?::(?:\s+|$)|：\s*)")
_BRACKETED = re.compile(r"\[(?P<name>[^][]+)\]:?\s*(?P<rest>\S?)")
_NAME = re.compile(r"[A-Z][\w.'’&/-]*(?: [A-Z0-9][\w.'’&/-]*){0,2}")
_SOUND = re.compile(
    r"\b(music|applause|laugh(s|ing|ter)?|chuckl(es|ing)|cheer(s|ing)?|clapping|silence|pause|"
    r"noises?|sighs?|gasps?|coughs?|groans?|grunts?|sniff(le)?s?|sobs?|scoffs?|screams?|crying|"
    r"singing|speaking|whispering|ringing|playing|inaudible|indistinct|unintelligible|crosstalk)$",
    re.IGNORECASE,
)
_TAG = re.compile(r"\[(?P<square>[^][]*)\]|\((?P<round>[^()]*)\)")
_NOTES = re.compile(r"[♩♪♫♬]+")


@dataclass(slots=True)
class _OpenTurn:
    """A turn while it is read."""

    label: str | None = None
    words: list[str] = field(default_factory=list)
    sounds: list[tuple[str, int]] = field(default_factory=list)


@record
class CaptionText:
    """The turns of captions, and the index of the cue in which each word and sound stands.

    `cues` are all of the file's, in order of their starts.
    """

    turns: tuple[SpokenTurn, ...]
    cues: tuple[RawCue, ...]
    cue_of_word: tuple[int, ...]
    cue_of_sound: tuple[int, ...]


def read_caption_text(cues: Sequence[RawCue], speakers: Sequence[str] = ()) -> CaptionText:
    """The turns of cues in order of their starts, with the cue in which each word and sound stands.

    Args:
        cues: words that roll-up captions repeat are taken once.
        speakers: names that are labels wherever a line begins with them; spelt as given here.
    """
    in_order = sorted(cues, key=_start)
    voices = [(n, voice) for n, cue in enumerate(unroll(in_order)) for voice in cue.voices]
    labels = _find_labels([voice for _, voice in voices], speakers)
    reader = _CaptionTurns(labels, {name.casefold(): name for name in speakers})
    for number, voice in voices:
        reader.read(voice, number)
    turns = tuple(
        SpokenTurn(turn.label, tuple(turn.words), tuple(turn.sounds))
        for turn in reader.turns
        if turn.words or turn.sounds
    )
    return CaptionText(
        turns, tuple(in_order), tuple(reader.cue_of_word), tuple(reader.cue_of_sound)
    )


def _start(cue: RawCue) -> int:
    return cue.start_ms


def _find_labels(voices: Sequence[Voice], speakers: Sequence[str]) -> set[str]:
    """Names before a colon that are speakers: given ones, in capitals, or frequent."""
    found = Counter(
        match["name"]
        for voice in voices
        for line in voice.lines
        if (match := _PREFIX.match(_skip_mark(line)))
    )
    known = {name.casefold() for name in speakers}
    return {
        name
        for name, n_times in found.items()
        if name.casefold() in known
        or (_NAME.fullmatch(name) and (n_times >= MIN_LABELS or name[1:].isupper()))
    }


def _skip_mark(line: str) -> str:
    """A line without a dash or `>>` at its start."""
    mark = _MARK.match(line)
    return line[mark.end() :] if mark else line


class _CaptionTurns:
    """Collects turns, line by line."""

    def __init__(self, labels: set[str], speaker_by_folded: dict[str, str]) -> None:
        self.turns = [_OpenTurn()]
        self.cue_of_word: list[int] = []
        self.cue_of_sound: list[int] = []
        self._labels = labels
        self._speaker_by_folded = speaker_by_folded

    def read(self, voice: Voice, cue: int) -> None:
        """Add a voice's lines in the cue of this index."""
        if voice.speaker is not None:
            self._begin(voice.speaker)
        is_named = voice.speaker is not None
        text = _TAG.sub(lambda tag: " ".join(tag[0].split()), "\n".join(voice.lines))
        for number, line in enumerate(text.split("\n")):
            # A dash after a voice tag belongs to that speaker's turn, and begins no other.
            self._read_line(_skip_mark(line) if is_named and number == 0 else line, cue)

    def _read_line(self, line: str, cue: int) -> None:
        line = strip_mark(line)
        if mark := _MARK.match(line):
            self._open()
            line = line[mark.end() :]
        label = self._find_label(line)
        if label is not None:
            name, line = label
            self._begin(name)
        for is_sound, part in _cut(line):
            turn = self.turns[-1]
            if is_sound:
                turn.sounds.append((part, len(turn.words)))
                self.cue_of_sound.append(cue)
            else:
                words = part.split()
                turn.words.extend(words)
                self.cue_of_word += [cue] * len(words)

    def _find_label(self, line: str) -> tuple[str, str] | None:
        """A speaker's name at the start of a line, and the line without it."""
        prefix = _PREFIX.match(line)
        if prefix and prefix["name"] in self._labels:
            return prefix["name"], line[prefix.end() :]
        bracketed = _BRACKETED.match(line)
        if not bracketed:
            return None
        name = bracketed["name"].strip()
        looks_like_one = _NAME.fullmatch(name) and not _SOUND.search(name) and bracketed["rest"]
        if looks_like_one or name.casefold() in self._speaker_by_folded:
            return name, line[bracketed.start("rest") :]
        return None

    def _begin(self, name: str) -> None:
        """Continue the turn of a speaker, or begin one."""
        name = self._speaker_by_folded.get(name.strip().casefold(), name.strip())
        if self.turns[-1].label != name:
            self._open()
            self.turns[-1].label = name

    def _open(self) -> None:
        """Begin a turn, unless the last one is still empty."""
        turn = self.turns[-1]
        if turn.label or turn.words or turn.sounds:
            self.turns.append(_OpenTurn())


def _cut(line: str) -> Iterator[tuple[bool, str]]:
    """The parts of a line, as (is_sound, text)."""
    text = _NOTES.sub(" ", line)
    if not text.strip() and line:
        yield True, "music"
        return
    at, whole = 0, text.strip()
    for tag in _TAG.finditer(text):
        name = " ".join((tag["square"] or tag["round"] or "").split())
        if not _is_sound(tag, name, is_alone=tag[0] == whole):
            continue
        yield False, text[at : tag.start()]
        # A censored word, `[ __ ]`, still counts as a word.
        yield (True, name) if any(map(str.isalnum, name)) else (False, tag[0].replace(" ", ""))
        at = tag.end()
    yield False, text[at:]


def _is_sound(tag: re.Match[str], name: str, is_alone: bool) -> bool:
    """Whether a bracket holds a sound: round ones may hold speech, or an ending as in word(s)."""
    if tag["square"] is not None:
        return True
    before = tag.string[max(0, tag.start() - 1) : tag.start()]
    if before.isalnum() or not any(map(str.isalpha, name)):
        return False
    return is_alone or len(name.split()) <= MAX_SOUND_WORDS
