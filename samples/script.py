"""The written source of a sample: what is said and how, and the plain text made of it.

Knows nothing of sound. A script is read line by line:

    @voice nora slt 0.93        speaker, voice, stretch (see voices.py)
    @word fundy F AH1 N D IY0   a pronunciation in ARPAbet
    == A title                  a topic starts
    nora: words …               a turn
    [nora] words …              a turn whose label is printed in the text
    (emil laughing)             a sound after the turn above
    $40{forty dollars}          in a turn: a token as printed, and in braces as spoken
    (laughing)yes               in a turn: a sound, printed glued to the token after it
"""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

TOKEN = re.compile(r"\([^)]*\)|[^\s({]+(?:\{[^}]*\}[^\s({]*)?")
TURN = re.compile(r"(?:(?P<name>\w+):|\[(?P<label>\w+)\]) (?P<body>.+)")
LINE_WIDTHS = (30, 34, 58, 78, 96)


@dataclass(frozen=True, slots=True)
class Token:
    """A word as printed, and the words spoken for it, punctuation at the end of the last."""

    text: str
    spoken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """A tag such as `(laughing)` without its brackets; `is_glued`: printed so to the next token."""

    text: str
    is_glued: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in one go."""

    speaker: str
    is_labelled: bool
    parts: tuple[Token | Sound, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A title and the turns under it."""

    title: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole sample.

    `voices` maps a speaker to (voice name, stretch), `lexicon` a word to its ARPAbet phones.
    """

    voices: dict[str, tuple[str, float]]
    lexicon: dict[str, str]
    topics: tuple[Topic, ...]


def read_script(path: Path) -> Script:
    """Read a script file.

    Raises:
        ValueError: a line is none of the kinds above, or a speaker has no voice.
    """
    voices: dict[str, tuple[str, float]] = {}
    lexicon: dict[str, str] = {}
    topics: list[tuple[str, list[Turn]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("@voice "):
            _, speaker, voice, stretch = line.split()
            voices[speaker] = (voice, float(stretch))
        elif line.startswith("@word "):
            _, word, phones = line.split(maxsplit=2)
            lexicon[word] = phones
        elif line.startswith("== "):
            topics.append((line[3:].strip(), []))
        elif line.startswith("("):
            before = topics[-1][1].pop()
            topics[-1][1].append(
                Turn(before.speaker, before.is_labelled, before.parts + _parse_parts(line))
            )
        elif (match := TURN.fullmatch(line)) and (
            speaker := match["name"] or match["label"]
        ) in voices:
            topics[-1][1].append(
                Turn(speaker, match["label"] is not None, _parse_parts(match["body"]))
            )
        else:
            raise ValueError(
                f"{path.name}:{number}: not a line of a script, or a speaker without @voice:"
                f" {line[:40]}"
            )
    return Script(voices, lexicon, tuple(Topic(title, tuple(turns)) for title, turns in topics))


def split_utterances(turn: Turn) -> list[list[Token] | Sound]:
    """Cut a turn into sentences and sounds, in order."""
    utterances: list[list[Token] | Sound] = []
    sentence: list[Token] = []
    for part in turn.parts:
        if isinstance(part, Token):
            sentence.append(part)
        if sentence and (isinstance(part, Sound) or part.text[-1] in ".?!"):
            utterances.append(sentence)
            sentence = []
        if isinstance(part, Sound):
            utterances.append(part)
    return utterances + ([sentence] if sentence else [])


def format_text(script: Script) -> str:
    """Print the script as a transcript without times.

    A conversation gets a `- ` at each change of speaker, mostly at a line start and now and then
    within a line, and lines of uneven length as subtitles leave them behind. A monologue gets a
    paragraph a turn. The same script gives the same text.
    """
    turns = [turn for topic in script.topics for turn in topic.turns]
    if len(script.voices) == 1:
        return (
            "\n\n".join(textwrap.fill(" ".join(_format_parts(turn)), 72) for turn in turns) + "\n"
        )
    choice = random.Random(len(turns))
    lines: list[str] = []
    room = 0
    for turn in turns:
        pieces = _format_parts(turn)
        pieces[0] = " ".join(["-"] + [f"[{turn.speaker}]"] * turn.is_labelled + [pieces[0]])
        is_new_line = choice.random() < 0.7
        for piece in pieces:
            if is_new_line or not lines or len(lines[-1]) + 1 + len(piece) > room:
                lines.append(piece)
                room = choice.choice(LINE_WIDTHS)
            else:
                lines[-1] += " " + piece
            is_new_line = False
    return "\n".join(lines) + "\n"


def parse_text(text: str) -> tuple[list[str], list[tuple[str, int]]]:
    """Read a transcript as cuecast does: its words, and its sounds as (text, word before).

    Kept apart from `format_text` on purpose: the one is checked with the other.
    """
    words: list[str] = []
    sounds: list[tuple[str, int]] = []
    for piece in re.findall(r"\([^)]*\)|\[[^\]]*\]|[^\s(\[]+", text):
        if piece.startswith("("):
            sounds.append((piece[1:-1], len(words) - 1))
        elif piece != "-" and not piece.startswith("["):
            words.append(piece)
    return words, sounds


def _parse_parts(body: str) -> tuple[Token | Sound, ...]:
    """Read the tokens and sounds of a turn."""
    parts: list[Token | Sound] = []
    for match in TOKEN.finditer(body):
        piece = match.group()
        if piece.startswith("("):
            parts.append(
                Sound(piece[1:-1], is_glued=body[match.end() : match.end() + 1].strip() != "")
            )
        elif "{" in piece:
            shown, spoken, tail = re.split(r"[{}]", piece)
            parts.append(Token(shown + tail, tuple((spoken + tail).lower().split())))
        else:
            parts.append(Token(piece, (piece.lower(),)))
    return tuple(parts)


def _format_parts(turn: Turn) -> list[str]:
    """Print a turn as pieces that no line break may cut."""
    pieces: list[str] = []
    glue = ""
    for part in turn.parts:
        if isinstance(part, Sound):
            glue = f"({part.text})"
            if part.is_glued:
                continue
            pieces.append(glue)
        else:
            pieces.append(glue + part.text)
        glue = ""
    return pieces
