"""A parsed text, of whatever form: its words, its turns with their speakers, sounds and brackets.

Transcripts are parsed in `transcript.py`, a words.json in `words_text.py`, captions in
`pipeline/captions/`.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from pipeline.records import Bracket, RecognizedWord, Sound, SpokenTurn, Turn, Word, record
from pipeline.verbalization.numbers import join_spaced_numbers


@record
class Script:
    """A parsed text: its words, its turns with their speakers, and its sound tags.

    `glued`: indices of the words without a space before them, where a recogniser wrote the text;
    `unsaid`: those of marks that nobody says, and of page numbers, which the sound decides.
    `n_time_codes`, `n_headings`: what stands in the text and was left out.

    Invariants: turns cover the words in order and none is empty; `Sound.after_word` is -1 before
    the first word. Sounds have no times yet.
    """

    words: tuple[str, ...]
    turns: tuple[Turn, ...]
    sounds: tuple[Sound, ...]
    n_label_contradictions: int = 0
    glued: tuple[int, ...] = ()
    brackets: tuple[Bracket, ...] = ()
    n_time_codes: int = 0
    n_headings: int = 0
    unsaid: tuple[int, ...] = ()

    def list_tokens(self, bounds: Iterable[int] = ()) -> list[str]:
        """The words as they are aligned: those of a number over several are one token, and a mark
        that nobody says is an empty one.

        Args:
            bounds: words before which a number ends.
        """
        unsaid, tokens = frozenset(self.unsaid), list[str]()
        starts = {*(turn.first_word for turn in self.turns), *unsaid, *(n + 1 for n in unsaid)}
        for first, after in pairwise(sorted({*starts, *bounds, len(self.words)})):
            words = self.words[first:after]
            is_mark = first in unsaid and not any(map(str.isalnum, words[0]))
            tokens += [""] if is_mark else join_spaced_numbers(words)
        return tokens


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


def _name_turns(
    labels: Sequence[str | None], speakers: Sequence[str]
) -> tuple[list[str | None], int]:
    """Give each turn its speaker: its label, else one or two speakers alternate from the labels on.

    Returns:
        The names, and how many labels contradict the alternation since the label before.
    """
    given = [None if label is None else canonical_name(label, speakers) for label in labels]
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


def canonical_name(label: str, speakers: Sequence[str]) -> str:
    """The job's spelling of a name, whatever the label's case; the label itself if unknown."""
    by_folded = {speaker.casefold(): speaker for speaker in speakers}
    return by_folded.get(label.strip().casefold(), label.strip())
