"""What a topic is called, and its keywords: the phrases that set it off from the others.

Words only; a better namer would take the same places and give the same record.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.text.capitals import capitalize_title
from pipeline.topics.phrases import Phrase, Phrases
from pipeline.topics.questions import find_question, format_question
from pipeline.topics.usage import Usage
from pipeline.topics.verbosity import Spoken

N_KEYWORDS = 6

MIN_SECOND_WORD = 3
"""How often a lone word is said that is a title's second half."""

SECOND_SHARE = 0.4
SECOND_WORD_SHARE = 0.5
"""A second phrase joins the title if it is worth this much of the first; a word behind a phrase
has to be worth more."""

MAX_TITLE_CHARS = 60
MAX_PAIR_CHARS = 45


@dataclass(frozen=True, slots=True)
class Name:
    """What a topic is called, what it is about, most telling first, and its opening question."""

    title: str
    keywords: tuple[str, ...]
    subtitle: str = ""


def name_topics(spoken: Spoken, begins: Sequence[int]) -> tuple[Name, ...]:
    """A name for each topic; no two share a title while there is another phrase to take.

    Args:
        begins: the first token of each topic, in order; the first is 0.
    Source: c-TF-IDF, Grootendorst 2022 (BERTopic), over phrases, the opening weighted.
    """
    spans = list(zip(begins, [*begins[1:], len(spoken.tokens)], strict=True))
    found = Phrases(spoken, spans)
    ranked = [found.rank(span) for span in spans]
    taken: list[Phrase] = []
    bests = [_choose_best(phrases, spoken.usage, taken) for phrases in ranked]
    names = []
    for number, (span, phrases, best) in enumerate(zip(spans, ranked, bests, strict=True), 1):
        title = _fall_back(spoken, span, number)
        if best is not None:
            second = _choose_second(best, phrases, spoken.usage, taken)
            title = ", ".join(filter(None, (best.spell(), second)))
        title = _shorten(title[:1].upper() + title[1:])
        title = title if spoken.is_cased else capitalize_title(title)
        subtitle = format_question(spoken, find_question(spoken, span))
        names.append(Name(title, tuple(_choose_keywords(phrases)), subtitle))
    return tuple(names)


def _choose_best(phrases: Sequence[Phrase], usage: Usage, taken: list[Phrase]) -> Phrase | None:
    """The best phrase that is not taken by another title; it is, then."""
    able = [phrase for phrase in phrases if _may_be_title(phrase, usage)] or phrases
    for phrase in able:
        if phrase.spell() and phrase.stems not in {other.stems for other in taken}:
            taken.append(phrase)
            return phrase
    return None


def _choose_second(
    best: Phrase, phrases: Sequence[Phrase], usage: Usage, taken: list[Phrase]
) -> str:
    """The next phrase that says something else than this and other titles, if nearly as good.

    Behind a lone word rather not another; there, what other titles say is better than nothing.
    """
    is_lone = len(best.words) == 1
    near = [phrase for phrase in phrases if phrase.weight >= SECOND_SHARE * best.weight]
    for other in sorted(near, key=lambda phrase: is_lone and len(phrase.words) == 1):
        own = set(other.stems)
        is_short = len(best.spell()) + len(other.spell()) <= MAX_PAIR_CHARS
        is_spoken = not is_lone and any(own <= set(phrase.stems) for phrase in taken)
        is_new = own.isdisjoint(best.stems) and not is_spoken
        if is_short and is_new and _may_be_second(other, best, usage):
            taken.append(other)
            return other.spell()
    return ""


def _may_be_title(phrase: Phrase, usage: Usage) -> bool:
    """Whether it is more than a word, or a word that names a thing."""
    return len(phrase.words) > 1 or (phrase.form == 1 and usage.is_thing(phrase.words[0]))


def _may_be_second(phrase: Phrase, best: Phrase, usage: Usage) -> bool:
    """Whether it is built as a name, and said often enough, or asked, to stand behind the best."""
    if phrase.form < 1:
        return False
    if len(phrase.words) > 1:
        return phrase.n_spoken > 1 or phrase.is_asked
    if len(best.words) > 1 and phrase.weight < SECOND_WORD_SHARE * best.weight:
        return False
    return phrase.n_spoken >= MIN_SECOND_WORD and usage.is_thing(phrase.words[0])


def _choose_keywords(phrases: Sequence[Phrase]) -> Iterator[str]:
    """The first phrases that share no word."""
    used: set[str] = set()
    n_chosen = 0
    for phrase in phrases:
        if n_chosen == N_KEYWORDS:
            return
        if not used & set(phrase.stems):
            used |= set(phrase.stems)
            n_chosen += 1
            yield phrase.spell()


def _shorten(title: str) -> str:
    return title if len(title) <= MAX_TITLE_CHARS else title[: MAX_TITLE_CHARS - 1].rstrip() + "…"


def _fall_back(spoken: Spoken, span: tuple[int, int], number: int) -> str:
    """The first words, where none of them tells the topic from others."""
    opening = " ".join(filter(None, spoken.spellings[span[0] : min(span[0] + 6, span[1])]))
    return _shorten(opening[:1].upper() + opening[1:]) or f"Topic {number}"
