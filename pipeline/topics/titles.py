"""What a topic is called, and its keywords: the phrases that set it off from the others.

Words only; a better namer would take the same places and give the same record.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from textwrap import shorten

from pipeline.topics.words import clean_speech, is_weak, normalize

OPENING_WORDS = 110
OPENING_WEIGHT = 2.5
"""People say what they are about to talk about: the first words of a topic weigh more."""

TAMED = 0.8
"""The power of a stem's count: saying a word ten times makes it less than ten times as telling."""

MAX_PHRASE_WORDS = 5
N_KEYWORDS = 6

QUESTION_WEIGHT = 4.0
MIN_QUESTION_WORDS = 6
"""The words of the first question that asks more than "really?" weigh more still."""

ONCE_WEIGHT = 0.3
ONCE_EARLY_WEIGHT = 0.9
ONCE_ASKED_WEIGHT = 1.0
ONE_WORD_WEIGHT = 0.65
"""A phrase said once, later than the opening, is rarely what a topic is called; nor is a word."""

MIN_SECOND_WORD = 3
"""How often a lone word is said that is a title's second half."""

VERB_WEIGHT = 0.6
"""So is one that ends like a verb: "part of bringing"."""

SECOND_SHARE = 0.6
SECOND_SHARE_OF_WORD = 0.4
"""A second phrase joins the title if it is worth this much of the first; of a lone word, less."""

MAX_TITLE_CHARS = 60
MAX_SUBTITLE_CHARS = 140
WORDS_A_CAPITAL = 200
"""A text with fewer capitals than one in so many words has none."""

MAX_PAIR_CHARS = 45

_CONNECTORS = frozenset("a an and at by for from in of on the to with".split())
_VERB_END = re.compile(r"(?:[a-z]{3,}(?:ing|ed))$")
_STOP = re.compile(r"[.,;:?!…—–()\[\]\"“”。、？！]$")
_BEGIN = re.compile(r"^[(\[\"“—–]")


@dataclass(frozen=True, slots=True)
class Name:
    """What a topic is called, what it is about, most telling first, and its opening question."""

    title: str
    keywords: tuple[str, ...]
    subtitle: str = ""


@dataclass(slots=True)
class _Phrase:
    """One phrase of a topic: how often, how early, in which spellings, in its question or not."""

    stems: tuple[str, ...]
    weight: float = 0.0
    n_said: int = 0
    first: int = 0
    spellings: Counter[str] | None = None
    is_asked: bool = False


def name_topics(
    tokens: Sequence[str], stems: Sequence[str | None], begins: Sequence[int]
) -> tuple[Name, ...]:
    """A name for each topic; no two share a title while there is another phrase to take.

    Args:
        stems: one a token, None where it tells no topic from another.
        begins: the first token of each topic, in order; the first is 0.
    Source: c-TF-IDF, Grootendorst 2022 (BERTopic), over phrases, the opening weighted.
    """
    spans = list(zip(begins, [*begins[1:], len(tokens)], strict=True))
    weights = _weigh_stems(tokens, stems, spans)
    taken: set[str] = set()
    names = []
    for number, (span, weight) in enumerate(zip(spans, weights, strict=True), 1):
        phrases = _rank_phrases(tokens, stems, span, weight)
        title = _choose_title(phrases, taken) or _fall_back(tokens, span, number)
        taken.add(title.casefold())
        names.append(Name(title, tuple(_choose_keywords(phrases)), _find_subtitle(tokens, span)))
    if _has_capitals(tokens):
        return tuple(names)
    return tuple(replace(name, title=capitalize_title(name.title)) for name in names)


def capitalize_title(title: str) -> str:
    """A title of a text without capitals, where nobody can tell names from words."""
    words = (
        word if index and word in _CONNECTORS else word[:1].upper() + word[1:]
        for index, word in enumerate(title.split())
    )
    return " ".join(words)


def _has_capitals(tokens: Sequence[str]) -> bool:
    n_capitals = sum(token != token.casefold() for token in tokens)
    return n_capitals * WORDS_A_CAPITAL >= len(tokens)


def _find_subtitle(tokens: Sequence[str], span: tuple[int, int]) -> str:
    """The first question of a topic's opening that asks something, as a person would write it."""
    asked = _find_question(tokens, span[0], min(span[1], span[0] + OPENING_WORDS))
    said = clean_speech(tokens[asked.start : asked.stop])
    return shorten(said, MAX_SUBTITLE_CHARS, placeholder=" …") if said else ""


def _weigh_stems(
    tokens: Sequence[str], stems: Sequence[str | None], spans: Sequence[tuple[int, int]]
) -> list[Mapping[str, float]]:
    """How much each stem of a topic tells it from the others."""
    total = Counter(stem for stem in stems if stem is not None)
    usual = sum(total.values()) / max(1, len(spans))
    weights: list[Mapping[str, float]] = []
    for begin, end in spans:
        question = _find_question(tokens, begin, min(end, begin + OPENING_WORDS))
        counts: defaultdict[str, float] = defaultdict(float)
        for index in range(begin, end):
            if (stem := stems[index]) is not None:
                early = OPENING_WEIGHT if index - begin < OPENING_WORDS else 1.0
                counts[stem] += QUESTION_WEIGHT if index in question else early
        weights.append({s: n**TAMED * log(1 + usual / total[s]) for s, n in counts.items()})
    return weights


def _find_question(tokens: Sequence[str], begin: int, end: int) -> range:
    """The words of the first question that asks something; none if there is no such question."""
    first = begin
    for index in range(begin, end):
        if tokens[index].endswith("?") and index + 1 - first >= MIN_QUESTION_WORDS:
            return range(first, index + 1)
        if tokens[index].endswith((".", "!", "?")):
            first = index + 1
    return range(0)


def _rank_phrases(
    tokens: Sequence[str],
    stems: Sequence[str | None],
    span: tuple[int, int],
    weights: Mapping[str, float],
) -> list[_Phrase]:
    """The topic's phrases, most telling first."""
    phrases: dict[tuple[str, ...], _Phrase] = {}
    question = _find_question(tokens, span[0], min(span[1], span[0] + OPENING_WORDS))
    for begin, end in _find_phrases(tokens, stems, span):
        words = [normalize(token) for token in tokens[begin:end]]
        key = tuple(stems[i] or words[i - begin] for i in range(begin, end))
        found = tuple(stem for stem in stems[begin:end] if stem is not None)
        phrase = phrases.setdefault(key, _Phrase(found, first=begin, spellings=Counter()))
        phrase.n_said += 1
        phrase.is_asked |= begin in question
        assert phrase.spellings is not None
        phrase.spellings[" ".join(_strip(token) for token in tokens[begin:end])] += 1
    for key, phrase in phrases.items():
        phrase.weight = _weigh_phrase(phrase, key, weights, phrase.first - span[0])
        if _VERB_END.search(next(iter(phrase.spellings or ()))) and phrase.n_said == 1:
            phrase.weight *= VERB_WEIGHT
    return sorted(phrases.values(), key=lambda phrase: (-phrase.weight, phrase.first))


def _weigh_phrase(
    phrase: _Phrase, key: tuple[str, ...], weights: Mapping[str, float], n_before: int
) -> float:
    """How well a phrase tells the topic from the others; long ones have to earn their length."""
    distinct = set(phrase.stems)
    telling = sum(weights[stem] for stem in distinct)
    if len(key) == 1:
        return telling * ONE_WORD_WEIGHT
    late = min(1.0, n_before / OPENING_WORDS)
    once = ONCE_EARLY_WEIGHT + late * (ONCE_WEIGHT - ONCE_EARLY_WEIGHT)
    once = ONCE_ASKED_WEIGHT if phrase.is_asked else once
    length = len(distinct) + sum(word in _CONNECTORS for word in key) / 10
    return telling * (1.0 if phrase.n_said > 1 else once) / float(length**0.7)


def _find_phrases(
    tokens: Sequence[str], stems: Sequence[str | None], span: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Runs of words, within one clause, that end with a word of the topic's."""
    for begin in range(*span):
        if not _may_begin(tokens[begin], stems[begin]):
            continue
        has_stem = False
        for end in range(begin + 1, min(begin + MAX_PHRASE_WORDS, span[1]) + 1):
            last = end - 1
            if last > begin and (_BEGIN.search(tokens[last]) or not _may_stand(tokens[last])):
                break
            has_stem = has_stem or stems[last] is not None
            if has_stem and stems[last] is not None:
                yield begin, end
            if _STOP.search(tokens[last]):
                break


def _may_begin(token: str, stem: str | None) -> bool:
    """Whether a phrase may begin with it: a word of the topic's, or a name or quality."""
    word = normalize(token)
    return stem is not None or (len(word) > 2 and word.isalpha() and not is_weak(word))


def _may_stand(token: str) -> bool:
    """Whether it may stand inside a phrase."""
    word = normalize(token)
    return bool(word) and (word in _CONNECTORS or not is_weak(word))


def _strip(token: str) -> str:
    """The token as it is spelled, without the punctuation around it."""
    kept = "".join(char for char in token if char.isprintable())
    begin, end = 0, len(kept)
    while begin < end and not kept[begin].isalnum():
        begin += 1
    while end > begin and not kept[end - 1].isalnum():
        end -= 1
    return kept[begin:end]


def _choose_title(phrases: Sequence[_Phrase], taken: set[str]) -> str | None:
    """The best phrase, with the next that says something else if it is nearly as good."""
    for index, phrase in enumerate(phrases):
        title = _spell(phrase)
        share = SECOND_SHARE_OF_WORD if " " not in title else SECOND_SHARE
        for other in phrases[index + 1 :]:
            if other.weight < share * phrase.weight:
                break
            is_short = len(title) + len(_spell(other)) <= MAX_PAIR_CHARS
            is_new = not set(other.stems) & set(phrase.stems)
            if is_short and is_new and _may_be_second(other):
                title = f"{title}, {_spell(other)}"
                break
        title = _shorten(title[:1].upper() + title[1:])
        if title and title.casefold() not in taken:
            return title
    return None


def _may_be_second(phrase: _Phrase) -> bool:
    """Whether it is said often enough, or asked, to be worth a place behind the best."""
    if len(phrase.stems) == 1 and " " not in _spell(phrase):
        return phrase.n_said >= MIN_SECOND_WORD
    return phrase.n_said > 1 or phrase.is_asked


def _spell(phrase: _Phrase) -> str:
    assert phrase.spellings is not None
    return max(phrase.spellings, key=lambda text: (phrase.spellings[text], text))  # type: ignore[index]


def _choose_keywords(phrases: Sequence[_Phrase]) -> Iterator[str]:
    """The first phrases that share no word."""
    used: set[str] = set()
    n_chosen = 0
    for phrase in phrases:
        if n_chosen == N_KEYWORDS:
            return
        if not used & set(phrase.stems):
            used |= set(phrase.stems)
            n_chosen += 1
            yield _spell(phrase)


def _shorten(title: str) -> str:
    return title if len(title) <= MAX_TITLE_CHARS else title[: MAX_TITLE_CHARS - 1].rstrip() + "…"


def _fall_back(tokens: Sequence[str], span: tuple[int, int], number: int) -> str:
    """The first words, where none of them tells the topic from others."""
    said = " ".join(filter(None, (_strip(token) for token in tokens[span[0] : span[0] + 6])))
    return _shorten(said[:1].upper() + said[1:]) or f"Topic {number}"
