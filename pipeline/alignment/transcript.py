"""The grammar of a plain transcript: words, turns, `(sound)` tags.

Each whitespace-separated token is a word, verbatim, unless it is a turn mark, a label, a time code
or a tag; how lines begin is read in `pipeline/text/labels.py`. Spoken forms of words are made in
`pipeline/verbalization/`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.alignment.parsed_text import Script, canonical_name, make_script
from pipeline.alignment.unsaid_marks import UNSAID, flag_unsaid_marks, take_off_flags
from pipeline.records import Bracket, SpokenTurn
from pipeline.text.brackets import (
    MAX_SOUND_WORDS,
    MAY_FOLLOW,
    is_heading,
    is_note_mark,
    may_be_spoken,
    names_sound,
)
from pipeline.text.labels import TEXT_LINES, is_time_code, read_openings

_MARK_AT_LINE_START = re.compile(r"^[^\S\n]*(-|>>+)(?=\s|$)", re.MULTILINE)
_TAG = re.compile(r"\((?P<sound>[^()]*)\)|\[(?P<label>[^][\n]*)\]:?")
_NEVER_IN_A_SOUND = re.compile(rf"[\0\1{UNSAID}\d.?!;:$%]")
_MARK = "\1"
"""Replaces a turn mark, so that other dashes are words."""
_HOLE = "\0"
"""Replaces a tag that was cut out; the tag's number follows it."""


_TagKind = Literal["label", "sound", "time code", "heading", "note"]
"""`note`: its mark, right behind a word; one that stands alone is a heading, and may be said."""


@dataclass(frozen=True, slots=True)
class _Tag:
    """A label, a sound, or what is left out; `is_glued` when no space follows it."""

    kind: _TagKind
    name: str
    is_glued: bool
    tokens: tuple[str, ...]


@dataclass(slots=True)
class _OpenBracket:
    """A bracket with the number of the turn's words before it; `tag` None for `()laughing`."""

    tokens: tuple[str, ...]
    n_before: int
    tag: _Tag | None
    marks: str = ""


@dataclass(slots=True)
class _OpenTurn:
    """A turn while it is parsed; each sound comes with the number of words before it.

    `brackets`: those taken as sounds or headings.
    """

    label: str | None = None
    words: list[str] = field(default_factory=list)
    sounds: list[tuple[str, int]] = field(default_factory=list)
    brackets: list[_OpenBracket] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.label or self.words or self.sounds)

    @property
    def takes_label(self) -> bool:
        """Whether a label found now names this turn: `- (laughing) [nora] yes`."""
        return not (self.label or self.words)


def parse_transcript(text: str, speakers: Sequence[str] = ()) -> Script:
    """Read a transcript.

    `-` or `>>` standing alone is a turn mark if the text has such marks at line starts. A `[label]`
    or a `NAME:` names the speaker of its turn; the named speakers take turns between labels.

    Args:
        text: the whole transcript; lines may be wrapped anywhere.
        speakers: who takes turns; with none given, only labelled turns have a speaker.
    """
    pieces, tags = _cut_out_tags(flag_unsaid_marks(text), speakers)
    turns = _read_turns(pieces, tags)
    unsaid = tuple(take_off_flags([turn.words for turn in turns]))
    script = make_script(
        [SpokenTurn(turn.label, tuple(turn.words), tuple(turn.sounds)) for turn in turns], speakers
    )
    kinds = [tag.kind for tag in tags]
    return replace(
        script,
        brackets=tuple(_find_brackets(turns)),
        unsaid=unsaid,
        n_time_codes=kinds.count("time code"),
        n_headings=kinds.count("heading") + kinds.count("note"),
    )


def _read_turns(pieces: str, tags: Sequence[_Tag]) -> list[_OpenTurn]:
    """Split the text at turn marks and labels, and each turn into words and sounds."""
    turns = [_OpenTurn()]
    spoken_last: list[str] = []
    marks: list[str] = []
    glued_to: _Tag | None = None
    for piece in pieces.split():
        turn = turns[-1]
        if piece.startswith(_HOLE):
            tag = tags[int(piece.removeprefix(_HOLE))]
            if tag.kind == "label" and tag.name != turn.label:
                if not turn.takes_label:
                    turns.append(turn := _OpenTurn())
                turn.label = tag.name
            elif tag.kind in ("sound", "heading") and tag.name:
                if tag.kind == "sound":
                    turn.sounds.append((tag.name, len(turn.words)))
                turn.brackets.append(_OpenBracket(tag.tokens, len(turn.words), tag))
            glued_to = tag if tag.is_glued and tag.kind != "label" else None
            continue
        if piece == _MARK:
            turns.append(_OpenTurn())
        elif glued_to and not glued_to.name:
            turn.sounds.append((piece, len(turn.words)))
            turn.brackets.append(_OpenBracket((*glued_to.tokens, piece), len(turn.words), None))
        elif glued_to and spoken_last and not any(map(str.isalnum, piece)):
            marks.append(piece)
            if turn.brackets and glued_to.kind in ("sound", "heading"):
                turn.brackets[-1].marks = piece
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
        for one in turn.brackets:
            kind = one.tag.kind if one.tag else "sound"
            yield Bracket(
                one.tokens,
                n_before + one.n_before - 1,
                is_sound=kind == "sound",
                marks=one.marks,
                is_heading=kind == "heading",
                opens_turn=not one.n_before,
                may_be_spoken=bool(one.tag and turn.words and may_be_spoken(one.tag.name)),
            )
        first: int | None = None
        for number, word in enumerate(turn.words):
            first = number if word[0] in "([" else first
            if first is not None and word.rstrip(MAY_FOLLOW)[-1:] in (")", "]"):
                yield Bracket(tuple(turn.words[first : number + 1]), n_before + first - 1, False)
                first = None
        n_before += len(turn.words)


def _add_marks(words: list[str], marks: list[str]) -> None:
    """Join punctuation found after tags to the word before them, all at once: there may be much."""
    if marks:
        words[-1] += "".join(marks)
        marks.clear()


def _cut_out_tags(text: str, speakers: Sequence[str]) -> tuple[str, list[_Tag]]:
    """Replace each turn mark, label, sound, time code and heading; other brackets stay as text."""
    tags: list[_Tag] = []

    def leave_hole(kind: _TagKind, name: str, is_glued: bool = False, written: str = "") -> str:
        tags.append(_Tag(kind, name, is_glued, tuple(written.split())))
        return f" {_HOLE}{len(tags) - 1} "

    def cut(match: re.Match[str]) -> str:
        name = " ".join((match["label"] or match["sound"] or "").split())
        kind = _classify(match, name, speakers)
        if kind is None:
            return match[0]
        is_glued = not match.string[match.end() : match.end() + 1].isspace()
        return leave_hole(kind, name, is_glued, match[0])

    lines = []
    for line in read_openings(_split_at_marks(text), TEXT_LINES, speakers):
        mark = f"{_MARK} " if line.has_mark else ""
        codes = [leave_hole("time code", "time") for _ in range(line.n_time_codes)]
        label = "" if line.label is None else leave_hole("label", line.label)
        lines.append("".join((mark, *codes, label, line.rest)))
    return _TAG.sub(cut, "\n".join(lines)), tags


def _split_at_marks(text: str) -> list[str]:
    """The lines of a text, and a new one at each mark, if marks begin lines of it."""
    text = text.replace(_HOLE, " ").replace(_MARK, " ")
    marks = sorted({found[1][:2] for found in _MARK_AT_LINE_START.finditer(text)})
    if marks:
        inner = "|".join(rf"{re.escape(mark)}(?=\s)" for mark in marks)
        text = re.sub(rf"(?<=[^\S\n])(?:{inner})", lambda found: f"\n{found[0]}", text)
    return text.split("\n")


def _classify(match: re.Match[str], name: str, speakers: Sequence[str]) -> _TagKind | None:
    """What a bracket within a line is; None if it is text."""
    if match["label"] is not None and name:
        if canonical_name(name, speakers) in speakers:
            return "label"
        if is_time_code(name):
            return "time code"
        if is_note_mark(name) and not match.string[max(0, match.start() - 1)].isspace():
            return "note"
        if is_heading(name) or is_note_mark(name):
            return "heading"
    return "sound" if _is_sound(match, name) else None


def _is_sound(match: re.Match[str], name: str) -> bool:
    """Whether a bracket describes a sound: a few plain words, not the `(s)` of `clip(s)`.

    An empty one does if a word follows without a space, `()laughing`; `print()` is a word.
    """
    before = match.string[max(0, match.start() - 1) : match.start()]
    if not name:
        return match[0] == "()" and match.string[match.end() : match.end() + 1].isalpha()
    if before.isalnum() and len(name) < 3:
        return False
    if names_sound(name) and len(name.split()) <= MAX_SOUND_WORDS:
        return not {_HOLE, _MARK, UNSAID} & set(name)
    return len(name.split()) <= MAX_SOUND_WORDS and not _NEVER_IN_A_SOUND.search(name)
