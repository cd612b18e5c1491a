"""What it costs to break a line or a cue between two words: 0 is a sentence's end.

Knows punctuation, pauses, small words and words that keep company; not widths or reading speed.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from pipeline.captions.grammar import Grammar
from pipeline.captions.pieces import Piece
from pipeline.captions.unspaced import Joint, is_continued

# Source: Netflix, Timed Text Style Guide, "Line Treatment" (after punctuation, before conjunctions
# and prepositions; never between article and noun, first and last name, subject and verb, verb and
# auxiliary or preposition); BBC Subtitle Guidelines, "Line breaks" say the same.
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
"""Where no space is written, between the syllables of a phrase."""
BEFORE_MARK = 40.0
"""Before a token without a letter or digit: it belongs to the word before."""

_NEVER = 1000.0
"""Where no line may end, be it ever so short of other places."""

_FULL_PAUSE_MS = 600
_PAUSE_SHARE = 0.8
"""How much of its cost a break loses at a full pause: a speaker's pause is a reader's too."""

_HESITATION_SHARE = 0.5
"""The same within a phrase, where speakers stop to think of the word that follows."""

_SENTENCE_ENDS = (".", "?", "!", "…", "。", "．", "？", "！", "؟", "।", "۔", "။", "។")
_CLAUSE_ENDS = (",", ";", ":", "-", "–", "—", "،", "、", "，", "；", "：", "؛", "၊")
_CLOSERS = "\"'”’»)]}›」』）】》〉"
_OPENERS = "\"'“‘«([{‹¿¡「『（【《〈"

_SHORTEST_MODIFIER = 4
"""Shorter words end in -al or -ly by chance ("deal", "fly")."""

_MIN_MEETINGS = 2
_MIN_COMPANY = 0.5
"""Two words keep company if half of the rarer one's occurrences are beside the other."""


def find_line_costs(pieces: Sequence[Piece], grammar: Grammar) -> list[float]:
    """What a line break costs before each piece, and after the last, by the text alone.

    Args:
        pieces: at least one.
    Cost: linear.
    """
    company = _find_company(pieces, grammar)
    costs = [SENTENCE]
    for before, after in pairwise(pieces):
        cost = _text_cost(before, after, grammar)
        if CLAUSE < cost < WITHIN_NAME and (_bare(before.said), _bare(after.said)) in company:
            cost = WITHIN_NAME
        costs.append(cost)
    return [*costs, SENTENCE]


def find_cue_costs(pieces: Sequence[Piece], line_costs: Sequence[float]) -> list[float]:
    """The same for a break between cues, which is cheaper where the speaker pauses."""
    inner = [
        _relieved(cost, after.start_ms - before.end_ms)
        for cost, (before, after) in zip(line_costs[1:-1], pairwise(pieces), strict=True)
    ]
    return [line_costs[0], *inner, line_costs[-1]]


def _relieved(cost: float, pause_ms: int) -> float:
    share = _PAUSE_SHARE if cost < WITHIN_NAME else _HESITATION_SHARE
    return cost * (1 - share * min(max(0, pause_ms), _FULL_PAUSE_MS) / _FULL_PAUSE_MS)


def _text_cost(before: Piece, after: Piece, grammar: Grammar) -> float:
    if before.is_sound or after.is_sound:
        return CLAUSE
    if after.is_glued and after.joint is not Joint.FREE:
        return _NEVER if after.joint is Joint.TIGHT else WITHIN_PHRASE
    if not has_letter(after.said):
        return BEFORE_MARK
    if before.turn != after.turn:
        return SENTENCE
    if ends_sentence(before.text, grammar):
        return SENTENCE
    if ends_clause(before.text) or (not after.text.isascii() and _is_spaced_apart(before, after)):
        return CLAUSE
    return _phrase_cost(_bare(before.said), _bare(after.said), grammar) or _name_cost(before, after)


def _is_spaced_apart(before: Piece, after: Piece) -> bool:
    """Whether a space stands where the script writes none between words: it parts phrases."""
    if before.text.isascii() or after.is_glued:
        return False
    return is_continued(before.said, after.said)


def ends_sentence(text: str, grammar: Grammar) -> bool:
    """Whether a word ends its sentence: not an abbreviation, an initial or a trailing-off."""
    closed = text.rstrip(_CLOSERS)
    if not closed.endswith(_SENTENCE_ENDS):
        return False
    if not closed.endswith("."):
        return True
    word = closed.lstrip(_OPENERS).rstrip(".").lower()
    is_initial = len(word) == 1 and word.isalpha() and word not in ("i", "a")
    return not (closed.endswith("...") or is_initial or word in grammar.abbreviations)


def ends_clause(text: str) -> bool:
    """Whether punctuation after the word parts it from the next."""
    closed = text.rstrip(_CLOSERS)
    return closed.endswith(_CLAUSE_ENDS) or closed.endswith(("...", "…"))


@lru_cache(maxsize=65536)
def _phrase_cost(before: str, after: str, grammar: Grammar) -> float:
    """The cost by the two words alone, 0 where the grammar has nothing to say."""
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


def _name_cost(before: Piece, after: Piece) -> float:
    is_capital = before.said[:1].isupper() and after.said[:1].isupper()
    is_counted = before.text[-1].isdigit() or (before.text[0] in "$€£" and before.text[1:2])
    return WITHIN_NAME if is_capital or is_counted else PLAIN


def _find_company(pieces: Sequence[Piece], grammar: Grammar) -> frozenset[tuple[str, str]]:
    """Pairs that nearly always come together: names and set phrases, whatever their capitals."""
    words = [_bare(piece.said) for piece in pieces]
    n_words = Counter(words)
    pairs = Counter(
        pair
        for pair, before in zip(pairwise(words), pieces, strict=False)
        if not ends_clause(before.text) and not before.text.endswith(_SENTENCE_ENDS)
    )
    small = grammar.leaders | grammar.subjects | grammar.conjunctions | grammar.particles
    return frozenset(
        (first, second)
        for (first, second), n_pairs in pairs.items()
        if n_pairs >= _MIN_MEETINGS
        and first not in small
        and second not in small
        and n_pairs >= _MIN_COMPANY * min(n_words[first], n_words[second])
    )


def has_letter(text: str) -> bool:
    """Whether there is something to say in a token."""
    return any(char.isalnum() for char in text)


@lru_cache(maxsize=65536)
def _bare(text: str) -> str:
    """A word without the punctuation around it, lower case; an apostrophe before it stays."""
    word = text.lower().strip(
        _OPENERS.replace("'", "") + _CLOSERS.replace("'", "") + ",.;:?!-–—…，。、；：？！"
    )
    return word.rstrip("'")
