"""Mistakes put into a text: wrong words whose place and kind is known."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from people_parts.measures import FAR_MS, NEAR_MS, Row, share, wilson
from people_parts.recordings import Recording, Token
from people_parts.runs import Judged
from pipeline.pronunciation.arpabet import PHONES
from pipeline.pronunciation.lexicon import Lexicon, load_dictionary

BLOCK_WORDS = 10
"""One mistake in so many words, never in the first or last two of them."""
EDGE_WORDS = 2
PHRASE_WORDS = (3, 5)
LONGEST_INSERTION = 2
KINDS = ("function", "name", "near", "phrase", "inserted")

FUNCTION_WORDS = (
    "a an the this that these those my your his her its our their some any no each of in on at by "
    "to from with for about over under into and but or so if as than i you he she it we they is "
    "was are were be been has had have do did does will would can could should not"
).split()
NAMES = (
    "Sarah Michael Jennifer David Laura Thomas Emily Robert Anna Peter Susan Daniel Boston Chicago "
    "London Berlin Toronto Denver Paris Madrid Nixon Johnson Miller Garcia Wilson Peterson Canada "
    "Brazil Texas Norway"
).split()


def make_mistakes(
    recording: Recording, others: Sequence[Recording], chance: random.Random
) -> Recording:
    """The recording with a wrong text: one mistake a block of words, the kinds in turn.

    `others`: where the words of replaced phrases come from.
    """
    ends = find_line_ends(recording.text)
    lexicon = Lexicon()
    turn = chance.randrange(len(KINDS))
    tokens: list[Token] = []
    breaks: set[int] = set()
    for first in range(0, len(recording.tokens), BLOCK_WORDS):
        block = list(recording.tokens[first : first + BLOCK_WORDS])
        changes: Iterator[tuple[int, int, Sequence[str], str]] = (
            (*change, kind)
            for kind in (KINDS[(turn + step) % len(KINDS)] for step in range(len(KINDS)))
            if (change := _find_change(kind, block, others, lexicon, chance))
        )
        place, n_replaced, words, kind = next(changes, (len(block), 0, (), ""))
        turn += 1
        for offset, token in enumerate(block):
            if offset == place:
                tokens += (Token(word, None, None, recording.name, kind) for word in words)
            if not place <= offset < place + n_replaced:
                tokens.append(token)
            if first + offset in ends:
                breaks.add(len(tokens))
    return replace(recording, tokens=tuple(tokens), text=format_lines(tokens, breaks), bursts=())


def find_line_ends(text: str) -> set[int]:
    """The indices of the words that end a line."""
    ends, n_words = set(), 0
    for line in text.splitlines():
        n_words += len(line.split())
        ends.add(n_words - 1)
    return ends


def format_lines(tokens: Sequence[Token], breaks: set[int]) -> str:
    """The text, with a line break before each of `breaks`."""
    parts = [("\n" if index in breaks else " ") + token.text for index, token in enumerate(tokens)]
    return "".join(parts).strip() + "\n"


def sum_up_mistakes(words: Sequence[Judged]) -> dict[str, Row]:
    """For each kind of mistake how many wrong words are told, and what happens beside them."""
    wrong = [word for word in words if word.true.wrong]
    rows = {}
    for kind in (*KINDS, ""):
        own = [word for word in wrong if kind in ("", word.true.wrong)]
        n_told = sum(word.is_told for word in own)
        rows[kind or "all wrong words"] = {
            "n": len(own),
            "unspoken": share(sum(word.status == "unspoken" for word in own), len(own)),
            "estimated": share(sum(word.status == "estimated" for word in own), len(own)),
            "told": share(n_told, len(own)),
            "told_95": wilson(n_told, len(own)),
        }
    return rows


def sum_up_right_words(words: Sequence[Judged]) -> dict[str, Row]:
    """The right words of wrong texts: those beside wrong words, by their kind, and the others."""
    wrong = {(word.recording, word.index): word.true.wrong for word in words if word.true.wrong}
    groups: dict[str, list[Judged]] = defaultdict(list)
    for word in words:
        if word.true.start_ms is None:
            continue
        sides = (wrong.get((word.recording, word.index + step)) for step in (-1, 1))
        kind = next(filter(None, sides), None)
        for group in [f"beside {kind}", "beside any"] if kind else ["others"]:
            groups[group].append(word)
    names = [*(f"beside {kind}" for kind in KINDS), "beside any", "others"]
    return {name: _describe(groups[name]) for name in names}


def _describe(words: Sequence[Judged]) -> Row:
    errors = [abs(word.error_ms) for word in words if word.error_ms is not None]
    n_false = sum(word.status == "unspoken" for word in words)
    return {
        "n": len(words),
        "false_unspoken": share(n_false, len(words)),
        "false_unspoken_95": wilson(n_false, len(words)),
        "estimated": share(sum(word.status == "estimated" for word in words), len(words)),
        "within_100ms": share(sum(error <= NEAR_MS for error in errors), len(words)),
        "n_over_1s": sum(error > FAR_MS for error in errors),
    }


def bare(text: str) -> str:
    """A word in small letters without punctuation."""
    return re.sub(r"[^a-z']+", "", text.lower())


def _find_change(
    kind: str,
    block: Sequence[Token],
    others: Sequence[Recording],
    lexicon: Lexicon,
    chance: random.Random,
) -> tuple[int, int, Sequence[str]] | None:
    """Where the block changes: the place, how many words go, and what comes; None if nowhere."""
    inner = range(EDGE_WORDS, len(block) - EDGE_WORDS)
    if kind == "phrase":
        n_words = chance.randint(*PHRASE_WORDS)
        if len(inner) < n_words:
            return None
        source = chance.choice(others).tokens
        first = chance.randrange(len(source) - n_words)
        phrase = [token.text for token in source[first : first + n_words]]
        place = chance.choice(inner[: len(inner) - n_words + 1])
        gone = {bare(token.text) for token in block[place - 1 : place + n_words + 1]}
        return None if gone & set(map(bare, phrase)) else (place, n_words, phrase)
    if kind == "function":
        places = [place for place in inner if bare(block[place].text) in FUNCTION_WORDS]
    elif kind == "name":
        places = [place for place in inner if bare(block[place].text) not in FUNCTION_WORDS]
    else:
        places = list(inner)
    chance.shuffle(places)
    for place in places:
        near = [bare(token.text) for token in block[place - 1 : place + 2]]
        if kind == "inserted":
            n_words = chance.randint(1, LONGEST_INSERTION)
            words = [token.text for token in chance.choice(others).tokens if bare(token.text)]
            chosen = chance.sample(words, n_words)
            if not _sounds_of(near, lexicon) & _sounds_of(map(bare, chosen), lexicon):
                return place, 0, chosen
            continue
        choices: Sequence[str] = {"function": FUNCTION_WORDS, "name": NAMES}.get(kind, ())
        choices = choices or find_near_words(near[1])
        sounds = _sounds_of(near, lexicon)
        choices = [word for word in choices if not sounds & _sounds_of([bare(word)], lexicon)]
        if choices:
            return place, 1, [chance.choice(choices)]
    return None


def _sounds_of(words: Sequence[str] | Iterator[str], lexicon: Lexicon) -> set[str]:
    return {phones for word in words if word for phones in lexicon.pronounce(word)}


def find_near_words(word: str) -> list[str]:
    """Words of the CMU dictionary that differ from the word by one phone, in alphabetical order."""
    known = _words_by_phones()
    own = load_dictionary().get(word, ())
    found: set[str] = set()
    for phones in (way.split() for way in own):
        for place in range(len(phones) + 1):
            before, after = phones[:place], phones[place:]
            changes = [[*before, *after[1:]]]
            changes += [[*before, phone, *after[1:]] for phone in PHONES]
            changes += [[*before, phone, *after] for phone in PHONES]
            found |= {other for change in changes for other in known.get(" ".join(change), ())}
    same = {other for way in own for other in known.get(way, ())}
    return sorted(found - same - {word})


@cache
def _words_by_phones() -> Mapping[str, tuple[str, ...]]:
    """The dictionary's words of two letters and more, by each of their pronunciations."""
    words: dict[str, list[str]] = defaultdict(list)
    for word, ways in load_dictionary().items():
        if word.isalpha() and (len(word) > 1 or word in ("a", "i")):
            for way in ways:
                words[way].append(word)
    return {way: tuple(own) for way, own in words.items()}
