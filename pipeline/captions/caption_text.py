"""The text of captions by speaker turns, from cues of any house style.

Voices, `- `, `>>`, `NAME:` and `[Name]` begin turns; `[sounds]`, `(sounds)` and notes are no words,
unless the sound has a bracket's words.
The cues' times are not used: words are aligned again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.captions.direction import strip_mark
from pipeline.captions.parsed_cue import RawCue, Voice
from pipeline.captions.rolling import unroll
from pipeline.records import Bracket, SpokenTurn, record
from pipeline.text.brackets import MAX_SOUND_WORDS, is_heading, is_note_mark, may_be_spoken
from pipeline.text.labels import CAPTION_LINES, Opening, is_time_code, read_openings

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
    """The turns of captions, and the index of the cue in which each word, sound and bracket stands.

    `cues` are all of the file's, in order of their starts. `brackets`: sounds and headings, which
    are no `words` here. `n_time_codes`, `n_headings`: what stands in their text and was left out.
    """

    turns: tuple[SpokenTurn, ...]
    cues: tuple[RawCue, ...]
    cue_of_word: tuple[int, ...]
    cue_of_sound: tuple[int, ...]
    brackets: tuple[Bracket, ...] = ()
    cue_of_bracket: tuple[int, ...] = ()
    n_time_codes: int = 0
    n_headings: int = 0


def read_caption_text(cues: Sequence[RawCue], speakers: Sequence[str] = ()) -> CaptionText:
    """The turns of cues in order of their starts, with the cue in which each word and sound stands.

    Args:
        cues: words that roll-up captions repeat are taken once.
        speakers: names that are labels wherever a line begins with them; spelt as given here.
    """
    in_order = sorted(cues, key=_start)
    voices = [(n, voice) for n, cue in enumerate(unroll(in_order)) for voice in cue.voices]
    lines = [_join_tags(voice) for _, voice in voices]
    openings = iter(read_openings([one for each in lines for one in each], CAPTION_LINES, speakers))
    reader = _CaptionTurns({name.casefold(): name for name in speakers})
    for (number, voice), each in zip(voices, lines, strict=True):
        reader.read(voice.speaker, [next(openings) for _ in each], number)
    turns = tuple(
        SpokenTurn(turn.label, tuple(turn.words), tuple(turn.sounds))
        for turn in reader.turns
        if turn.words or turn.sounds
    )
    return CaptionText(
        turns,
        tuple(in_order),
        tuple(reader.cue_of_word),
        tuple(reader.cue_of_sound),
        reader.brackets,
        tuple(reader.cue_of_bracket),
        reader.n_time_codes,
        reader.n_headings,
    )


def _start(cue: RawCue) -> int:
    return cue.start_ms


def _join_tags(voice: Voice) -> list[str]:
    """A voice's lines, without line breaks in brackets and without marks of direction."""
    text = _TAG.sub(lambda tag: " ".join(tag[0].split()), "\n".join(voice.lines))
    return [strip_mark(line) for line in text.split("\n")]


class _CaptionTurns:
    """Collects turns, line by line."""

    def __init__(self, speaker_by_folded: dict[str, str]) -> None:
        self.turns = [_OpenTurn()]
        self.cue_of_word: list[int] = []
        self.cue_of_sound: list[int] = []
        self.cue_of_bracket: list[int] = []
        self.n_time_codes = 0
        self.n_headings = 0
        self._speaker_by_folded = speaker_by_folded
        self._brackets: list[tuple[Bracket, _OpenTurn]] = []
        self._last: list[str] = []

    @property
    def brackets(self) -> tuple[Bracket, ...]:
        """The brackets; none is words in a turn that has no others."""
        return tuple(
            bracket if turn.words else replace(bracket, may_be_spoken=False)
            for bracket, turn in self._brackets
        )

    def read(self, speaker: str | None, lines: Sequence[Opening], cue: int) -> None:
        """Add a voice's lines in the cue of this index."""
        if speaker is not None:
            self._begin(speaker)
        for number, line in enumerate(lines):
            # A dash after a voice tag belongs to that speaker's turn, and begins no other.
            if line.has_mark and not (speaker is not None and number == 0):
                self._open()
            self._read_line(line, cue)

    def _read_line(self, line: Opening, cue: int) -> None:
        if line.label is not None:
            self._begin(line.label)
        self.n_time_codes += line.n_time_codes
        before: str | None = None
        for name, written in _cut(line.rest):
            if name is None:
                words = written.split()
                follows_tag = before is not None and words and written.startswith(words[0])
                if follows_tag and self._last and not any(map(str.isalnum, words[0])):
                    self._join(words.pop(0), is_bracket=not is_time_code(before or ""))
                self._add_words(words, cue)
            elif is_time_code(name):
                self.n_time_codes += 1
            else:
                self._add_bracket(name, written, cue)
            before = name

    def _add_words(self, words: Sequence[str], cue: int) -> None:
        if words:
            self._last = self.turns[-1].words
            self._last.extend(words)
            self.cue_of_word += [cue] * len(words)

    def _add_bracket(self, name: str, written: str, cue: int) -> None:
        turn = self.turns[-1]
        is_left_out = is_heading(name) or is_note_mark(name)
        if is_left_out:
            self.n_headings += 1
        else:
            turn.sounds.append((name, len(turn.words)))
            self.cue_of_sound.append(cue)
        bracket = Bracket(
            tuple(written.split()),
            len(self.cue_of_word) - 1,
            is_sound=not is_left_out,
            is_heading=is_left_out,
            opens_turn=not turn.words,
            may_be_spoken=may_be_spoken(name),
        )
        self._brackets.append((bracket, turn))
        self.cue_of_bracket.append(cue)

    def _join(self, mark: str, is_bracket: bool) -> None:
        """Join punctuation behind a tag to the word before it."""
        self._last[-1] += mark
        if is_bracket:
            bracket, turn = self._brackets[-1]
            self._brackets[-1] = (replace(bracket, marks=mark), turn)

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


def _cut(line: str) -> Iterator[tuple[str | None, str]]:
    """The parts of a line: a bracket's text, or None of words, and both as written."""
    text = _NOTES.sub(" ", line)
    if not text.strip() and line:
        yield "music", line
        return
    at, whole = 0, text.strip()
    for tag in _TAG.finditer(text):
        name = " ".join((tag["square"] or tag["round"] or "").split())
        if not _is_sound(tag, name, is_alone=tag[0] == whole):
            continue
        yield None, text[at : tag.start()]
        # A censored word, `[ __ ]`, still counts as a word.
        yield (name, tag[0]) if any(map(str.isalnum, name)) else (None, tag[0].replace(" ", ""))
        at = tag.end()
    yield None, text[at:]


def _is_sound(tag: re.Match[str], name: str, is_alone: bool) -> bool:
    """Whether a bracket holds a sound: round ones may hold speech, or an ending as in word(s)."""
    if tag["square"] is not None:
        return True
    before = tag.string[max(0, tag.start() - 1) : tag.start()]
    if before.isalnum() or not any(map(str.isalpha, name)):
        return False
    return is_alone or len(name.split()) <= MAX_SOUND_WORDS
