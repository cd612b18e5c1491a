"""Cost of breaking a line or a cue between two words; 0 at a sentence's end.

From punctuation, pauses, function words and collocations; `split.py` adds width and reading speed.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.captions.fragments import Piece
from pipeline.captions.grammar import Grammar
from pipeline.captions.unspaced import Joint, is_continued
from pipeline.text import sentence_ends
from pipeline.text.sentence_ends import CLOSERS, OPENERS, SENTENCE_ENDS

# The order is that of the guides, the distances between are not: no reader was asked about them.
# Source: Netflix, Timed Text Style Guide, "Line Treatment" (after punctuation, before conjunctions
# and prepositions; never between article and noun, first and last name, subject and verb, verb and
# auxiliary or preposition); BBC Subtitle Guidelines, "Line breaks", agree.
SENTENCE = 0.0
CLAUSE = 1.5
BEFORE_CONJUNCTION = 2.5
BEFORE_PREPOSITION = 5.0
BEFORE_AUXILIARY = 6.0
PLAIN = 7.0
BEFORE_PARTICLE = 9.0
AFTER_MODIFIER = 10.0
AFTER_SUBJECT = 11.0
WITHIN_NAME = 12.0
AFTER_LEADER = 13.0
WITHIN_PHRASE = 20.0
"""Within a phrase of a script without spaces."""
BEFORE_MARK = 40.0
"""Before a token of punctuation alone, which belongs to the word before it."""

_NEVER = 1000.0
"""Where no line may end, as between the groups of digits of `1 000 000`: more than any sum of other
costs."""

_FULL_PAUSE_MS = 600
_PAUSE_SHARE = 0.8
"""Share of its cost that a break loses at a pause of _FULL_PAUSE_MS or longer."""

_HESITATION_SHARE = 0.5
"""The same for costs of WITHIN_NAME or more, where a pause is often a hesitation."""

_CLAUSE_ENDS = (",", ";", ":", "-", "–", "—", "،", "、", "，", "；", "：", "؛", "၊")
_AROUND_WORDS = (OPENERS + CLOSERS + ",.;:?!-–—…，。、；：？！").replace("'", "")

_SHORTEST_MODIFIER = 4
"""Characters; words up to this length end in -al or -ly by chance ("deal", "fly")."""

_MIN_MEETINGS = 2
_MIN_BESIDE = 0.5
"""Two words are a collocation if they meet twice, and in half of the rarer one's occurrences."""


class Reading(NamedTuple):
    """What a piece's own text says about breaks beside it, whatever its neighbours are.

    `bare` is lower case without punctuation; `is_open`: the text does not end in punctuation.
    """

    spoken: str
    bare: str
    has_letter: bool
    ends_sentence: bool
    ends_clause: bool
    is_open: bool


def read_pieces(pieces: Sequence[Piece], grammar: Grammar) -> list[Reading]:
    """Read each piece's text, without the speaker's name; each distinct text once."""
    texts = [piece.spoken for piece in pieces]
    known = {text: _read(text, grammar) for text in set(texts)}
    return [known[text] for text in texts]


def _read(text: str, grammar: Grammar) -> Reading:
    return Reading(
        text,
        _bare(text),
        has_letter(text),
        ends_sentence(text, grammar),
        ends_clause(text),
        not has_stop(text),
    )


def find_line_costs(
    pieces: Sequence[Piece], readings: Sequence[Reading], grammar: Grammar
) -> list[float]:
    """Cost of a line break before each piece, and after the last, from the text alone.

    Args:
        pieces: at least one.
        readings: one for each piece.
    Cost: linear.
    """
    beside = _find_beside(readings, grammar)
    costs = [SENTENCE]
    for (before, after), (spoken, then) in zip(pairwise(pieces), pairwise(readings), strict=True):
        cost = _mark_cost((before, after), spoken, then)
        if cost is None:
            cost = _phrase_cost(spoken.bare, then.bare, grammar) or _name_cost(
                spoken.spoken, then.spoken
            )
            if cost < WITHIN_NAME and (spoken.bare, then.bare) in beside:
                cost = WITHIN_NAME
        costs.append(cost)
    return [*costs, SENTENCE]


def find_cue_costs(pieces: Sequence[Piece], line_costs: Sequence[float]) -> list[float]:
    """Cost of a break between cues: that of a line break, lowered where the speaker pauses."""
    inner = [
        _relieved(cost, after.start_ms - before.end_ms)
        for cost, (before, after) in zip(line_costs[1:-1], pairwise(pieces), strict=True)
    ]
    return [line_costs[0], *inner, line_costs[-1]]


def _relieved(cost: float, pause_ms: int) -> float:
    share = _PAUSE_SHARE if cost < WITHIN_NAME else _HESITATION_SHARE
    return cost * (1 - share * min(max(0, pause_ms), _FULL_PAUSE_MS) / _FULL_PAUSE_MS)


def _mark_cost(pieces: tuple[Piece, Piece], spoken: Reading, then: Reading) -> float | None:
    """Cost where punctuation, speaker or script decides it; None where the two words do."""
    before, after = pieces
    if before.is_sound or after.is_sound:
        return CLAUSE
    if after.joint is Joint.TIGHT:
        return _NEVER
    if after.joint is Joint.INNER:
        return WITHIN_PHRASE
    if not then.has_letter:
        return BEFORE_MARK
    if before.turn != after.turn or spoken.ends_sentence:
        return SENTENCE
    is_parted = spoken.ends_clause or (
        not then.spoken.isascii() and _is_spaced_apart(spoken, after)
    )
    return CLAUSE if is_parted else None


def _is_spaced_apart(spoken: Reading, after: Piece) -> bool:
    """Whether a space stands where the script writes none between words: it ends a phrase."""
    if spoken.spoken.isascii() or after.is_glued:
        return False
    return is_continued(spoken.spoken, after.spoken)


def ends_sentence(text: str, grammar: Grammar) -> bool:
    """Whether a word ends its sentence; an abbreviation, an initial or three dots don't."""
    is_cut_off = text.rstrip(CLOSERS).endswith("...")
    return not is_cut_off and sentence_ends.ends_sentence(text, grammar.abbreviations)


def ends_clause(text: str) -> bool:
    """Whether the word ends in a comma, dash or other mark that ends a clause."""
    closed = text.rstrip(CLOSERS)
    return closed.endswith(_CLAUSE_ENDS) or closed.endswith(("...", "…"))


def has_stop(text: str) -> bool:
    """Whether the word ends in any such mark, an abbreviation's full stop included."""
    return text.rstrip(CLOSERS).endswith((*SENTENCE_ENDS, *_CLAUSE_ENDS))


def _phrase_cost(before: str, after: str, grammar: Grammar) -> float:
    """Cost by the two words alone; 0 where the grammar lists neither."""
    if (before, after) in grammar.bonds:
        return WITHIN_NAME
    if after in grammar.enclitics:
        return WITHIN_NAME
    if before in grammar.leaders and before not in grammar.particles:
        return AFTER_LEADER
    if before in grammar.subjects:
        return BEFORE_CONJUNCTION if after in grammar.conjunctions else AFTER_SUBJECT
    if before in grammar.leaders:
        return AFTER_SUBJECT
    if after in grammar.conjunctions:
        return BEFORE_CONJUNCTION
    if after in grammar.particles:
        return BEFORE_PARTICLE
    if after in grammar.prepositions:
        return BEFORE_PREPOSITION
    if _is_modifier(before, grammar):
        return AFTER_MODIFIER
    return BEFORE_AUXILIARY if after in grammar.auxiliaries else 0.0


def _is_modifier(word: str, grammar: Grammar) -> bool:
    return word in grammar.modifiers or (
        word.endswith(grammar.modifier_endings) and len(word) > _SHORTEST_MODIFIER
    )


def _name_cost(before: str, after: str) -> float:
    if before[-1].isdigit() and after[:3].isdecimal() and not after[3:4].isdigit():
        return _NEVER
    is_capital = before[:1].isupper() and after[:1].isupper()
    is_counted = before[-1].isdigit() or (before[0] in "$€£" and before[1:2])
    return WITHIN_NAME if is_capital or is_counted else PLAIN


def _find_beside(readings: Sequence[Reading], grammar: Grammar) -> frozenset[tuple[str, str]]:
    """Collocations of this text: names and set phrases, whatever their capitals."""
    n_words = Counter([reading.bare for reading in readings])
    pairs = Counter(
        [(spoken.bare, then.bare) for spoken, then in pairwise(readings) if spoken.is_open]
    )
    small = grammar.leaders | grammar.subjects | grammar.conjunctions | grammar.particles
    return frozenset(
        (first, second)
        for (first, second), n_pairs in pairs.items()
        if n_pairs >= _MIN_MEETINGS
        and first not in small
        and second not in small
        and n_pairs >= _MIN_BESIDE * min(n_words[first], n_words[second])
    )


def has_letter(text: str) -> bool:
    """Whether a token has a letter or digit."""
    return any(char.isalnum() for char in text)


def _bare(text: str) -> str:
    """A word in lower case without the punctuation around it; a leading apostrophe stays."""
    return text.lower().strip(_AROUND_WORDS).rstrip("'")
