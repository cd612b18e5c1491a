"""The grammar of a plain transcript: words, `- ` turn marks, `[label]`s, `(sound)` tags.

Each whitespace-separated token is a word, verbatim, unless it is a turn mark, a label or a tag.
Spoken forms of words are made in `pipeline/verbalization/`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from pipeline.alignment.unsaid_marks import flag_unsaid_marks, take_off_flags
from pipeline.records import RecognizedWord, Sound, SpokenTurn, Turn, Word, record
from pipeline.verbalization.numbers import join_spaced_numbers

MAX_SOUND_WORDS = 4
"""Longer parentheses are spoken text: `(which nobody had asked for, mind you)`."""

_TURN_MARK = "-"
_MARK_AT_LINE_START = re.compile(r"^[^\S\n]*-(?=\s|$)", re.MULTILINE)
_MARK_BEFORE_TAG = re.compile(r"(?:^|\s)-\s*$")
_TAG = re.compile(r"\((?P<sound>[^()]*)\)|\[(?P<label>[^][\n]*)\]:?")
_NEVER_IN_A_SOUND = re.compile(r"[\d.?!;:$%]")
_SOUND_IN_BRACKETS = re.compile(
    r"\b(music|applause|laugh(s|ter|ing)?|chuckl(es|ing)|cheer(s|ing)?|clap(s|ping)|sigh(s|ing)|"
    r"cough(s|ing)|cr(ies|ying)|sing(s|ing)|whistl(es|ing)|play(s|ing)|silence|noise|pause|"
    r"inaudible|indistinct|crosstalk)$",
    re.IGNORECASE,
)
"""The last words of sound tags, listed one by one, as names may end in -ing too."""
_MAY_FOLLOW = ".,;:!?…\"'”’»-–—"
"""Marks that may follow a closing bracket in the same token."""
_HOLE = "\0"
"""Replaces a tag that was cut out; the tag's number follows it."""


@record
class Bracket:
    """A bracket of a transcript, which may describe a sound or hold spoken words: both readings.

    `tokens`: its words, verbatim. `after_word`: the word before it, or -1. `is_sound`: whether it
    was taken as a sound; if not, its tokens are the words that follow.
    """

    tokens: tuple[str, ...]
    after_word: int
    is_sound: bool


@record
class Script:
    """A parsed text: its words, its turns with their speakers, and its sound tags.

    `glued`: indices of the words without a space before them, where a recogniser wrote the text;
    `unsaid`: those of marks that nobody says, and of page numbers, which the sound decides.

    Invariants: turns cover the words in order and none is empty; `Sound.after_word` is -1 before
    the first word. Sounds have no times yet.
    """

    words: tuple[str, ...]
    turns: tuple[Turn, ...]
    sounds: tuple[Sound, ...]
    n_label_contradictions: int = 0
    glued: tuple[int, ...] = ()
    brackets: tuple[Bracket, ...] = ()
    unsaid: tuple[int, ...] = ()

    def list_tokens(self) -> list[str]:
        """The words as they are aligned: those of a number over several are one token, and a mark
        that nobody says is an empty one."""
        unsaid, tokens = frozenset(self.unsaid), list[str]()
        starts = {*(turn.first_word for turn in self.turns), *unsaid, *(n + 1 for n in unsaid)}
        for first, after in pairwise(sorted({*starts, len(self.words)})):
            words = self.words[first:after]
            is_mark = first in unsaid and not any(map(str.isalnum, words[0]))
            tokens += [""] if is_mark else join_spaced_numbers(words)
        return tokens


@dataclass(frozen=True, slots=True)
class _Tag:
    """A label or a sound; `is_glued` when no space follows it."""

    kind: Literal["label", "sound"]
    name: str
    is_glued: bool
    tokens: tuple[str, ...]


@dataclass(slots=True)
class _OpenTurn:
    """A turn while it is parsed; each sound comes with the number of words before it.

    `brackets`: the tokens in which each sound is written.
    """

    label: str | None = None
    words: list[str] = field(default_factory=list)
    sounds: list[tuple[str, int]] = field(default_factory=list)
    brackets: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.label or self.words or self.sounds)

    @property
    def takes_label(self) -> bool:
        """Whether a label found now names this turn: `- (laughing) [nora] yes`."""
        return not (self.label or self.words)


def parse_transcript(text: str, speakers: Sequence[str] = ()) -> Script:
    """Read a transcript.

    `-` standing alone is a turn mark if the text has such marks at line starts. A `[label]` names
    the speaker of its turn; the named speakers take turns between labels.

    Args:
        text: the whole transcript; lines may be wrapped anywhere.
        speakers: who takes turns; with none given, only labelled turns have a speaker.
    """
    turns = _read_turns(flag_unsaid_marks(text), speakers)
    unsaid = tuple(take_off_flags([turn.words for turn in turns]))
    script = make_script(
        [SpokenTurn(turn.label, tuple(turn.words), tuple(turn.sounds)) for turn in turns], speakers
    )
    return replace(script, brackets=tuple(_find_brackets(turns)), unsaid=unsaid)


def make_script(turns: Sequence[SpokenTurn], speakers: Sequence[str] = ()) -> Script:
    """The script of a text whose turns are known; the named speakers take turns between labels."""
    names, n_contradictions = _name_turns([turn.label for turn in turns], speakers)
    words: list[str] = []
    spans: list[Turn] = []
    sounds: list[Sound] = []
    for turn, name in zip(turns, names, strict=True):
        sounds += [
            Sound(tag, len(words) + n_before - 1, opens_turn=not n_before and bool(turn.words))
            for tag, n_before in turn.sounds
        ]
        if turn.words:
            source: Literal["label", "inferred"] | None = "label" if turn.label else "inferred"
            spans.append(Turn(name, source if name else None, len(words), len(turn.words)))
            words += turn.words
    return Script(tuple(words), tuple(spans), tuple(sounds), n_contradictions)


def find_glued(words: Sequence[Word | RecognizedWord]) -> tuple[int, ...]:
    """The indices of the words without a space before them."""
    return tuple(number for number, word in enumerate(words) if word.is_glued)


def _read_turns(text: str, speakers: Sequence[str]) -> list[_OpenTurn]:
    """Split the text at turn marks and labels, and each turn into words and sounds."""
    has_marks = bool(_MARK_AT_LINE_START.search(text))
    pieces, tags = _cut_out_tags(text, has_marks, speakers)
    turns = [_OpenTurn()]
    spoken_last: list[str] = []
    marks: list[str] = []
    glued_to: _Tag | None = None
    for piece in pieces.split():
        turn = turns[-1]
        if piece.startswith(_HOLE):
            tag = tags[int(piece.removeprefix(_HOLE))]
            if tag.kind == "label":
                if not turn.takes_label:
                    turns.append(turn := _OpenTurn())
                turn.label = tag.name
            elif tag.name:
                turn.sounds.append((tag.name, len(turn.words)))
                turn.brackets.append(tag.tokens)
            glued_to = tag if tag.is_glued and tag.kind == "sound" else None
            continue
        if piece == _TURN_MARK and has_marks:
            turns.append(_OpenTurn())
        elif glued_to and not glued_to.name:
            turn.sounds.append((piece, len(turn.words)))
            turn.brackets.append((*glued_to.tokens, piece))
        elif glued_to and spoken_last and not any(map(str.isalnum, piece)):
            marks.append(piece)
        else:
            _add_marks(spoken_last, marks)
            spoken_last = turn.words
            turn.words.append(piece)
        glued_to = None
    _add_marks(spoken_last, marks)
    return [turn for turn in turns if not turn.is_empty]


def _find_brackets(turns: Sequence[_OpenTurn]) -> Iterator[Bracket]:
    """The brackets of each turn: those taken as sounds, then those whose words stay."""
    n_before = 0
    for turn in turns:
        for tokens, (_, place) in zip(turn.brackets, turn.sounds, strict=True):
            yield Bracket(tokens, n_before + place - 1, is_sound=True)
        first: int | None = None
        for number, word in enumerate(turn.words):
            first = number if word[0] in "([" else first
            if first is not None and word.rstrip(_MAY_FOLLOW)[-1:] in (")", "]"):
                yield Bracket(tuple(turn.words[first : number + 1]), n_before + first - 1, False)
                first = None
        n_before += len(turn.words)


def _add_marks(words: list[str], marks: list[str]) -> None:
    """Join punctuation found after tags to the word before them, all at once: there may be much."""
    if marks:
        words[-1] += "".join(marks)
        marks.clear()


def _cut_out_tags(text: str, has_marks: bool, speakers: Sequence[str]) -> tuple[str, list[_Tag]]:
    """Replace each label and sound by a numbered hole; other brackets stay as text."""
    tags: list[_Tag] = []

    def cut(match: re.Match[str]) -> str:
        is_label = match["label"] is not None and _is_label(match, has_marks, speakers)
        name = " ".join((match["label"] or match["sound"] or "").split())
        if not is_label and not _is_sound(match, name):
            return match[0]
        is_glued = not match.string[match.end() : match.end() + 1].isspace()
        kind: Literal["label", "sound"] = "label" if is_label else "sound"
        tags.append(_Tag(kind, name, is_glued, tuple(match[0].split())))
        return f" {_HOLE}{len(tags) - 1} "

    return _TAG.sub(cut, text.replace(_HOLE, " ")), tags


def _is_label(match: re.Match[str], has_marks: bool, speakers: Sequence[str]) -> bool:
    """Whether a bracket is a speaker's name: one that the job gives, or at the start of a turn."""
    name = match["label"].strip()
    if not name:
        return False
    if _canonical(name, speakers) in speakers:
        return True
    before = match.string[max(0, match.start() - 80) : match.start()]
    if _SOUND_IN_BRACKETS.search(name):
        return False
    if has_marks:
        return bool(_MARK_BEFORE_TAG.search(before))
    return not before.rpartition("\n")[2].strip()


def _is_sound(match: re.Match[str], name: str) -> bool:
    """Whether a bracket describes a sound: a few plain words, not the `(s)` of `clip(s)`.

    An empty one does if a word follows without a space, `()laughing`; `print()` is a word.
    """
    before = match.string[max(0, match.start() - 1) : match.start()]
    if not name:
        return match[0] == "()" and match.string[match.end() : match.end() + 1].isalpha()
    if before.isalnum() and len(name) < 3:
        return False
    return len(name.split()) <= MAX_SOUND_WORDS and not _NEVER_IN_A_SOUND.search(name)


def _name_turns(
    labels: Sequence[str | None], speakers: Sequence[str]
) -> tuple[list[str | None], int]:
    """Give each turn its speaker: its label, else one or two speakers alternate from the labels on.

    Returns:
        The names, and how many labels contradict the alternation since the label before.
    """
    given = [None if label is None else _canonical(label, speakers) for label in labels]
    names = list(given)
    if not 1 <= len(speakers) <= 2:
        return names, 0
    first = next((index for index, name in enumerate(given) if name in speakers), 0)
    offset = speakers.index(given[first]) if given and given[first] in speakers else 0
    anchor, n_contradictions = first, 0
    for index, name in enumerate(given):
        expected = speakers[(offset + index - anchor) % len(speakers)]
        if name is None:
            names[index] = expected
        elif name in speakers:
            n_contradictions += name != expected
            anchor, offset = index, speakers.index(name)
    return names, n_contradictions


def _canonical(label: str, speakers: Sequence[str]) -> str:
    """The job's spelling of a name, whatever the label's case; the label itself if unknown."""
    by_folded = {speaker.casefold(): speaker for speaker in speakers}
    return by_folded.get(label.strip().casefold(), label.strip())
