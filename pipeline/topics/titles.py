"""What a topic is called, and its keywords: the phrases that set it off from the others.

Words only; a better namer would take the same places and give the same record.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.capitals import capitalize_title
from pipeline.topics.phrases import Phrase, Phrases
from pipeline.topics.questions import find_question, format_question
from pipeline.topics.spoken import Spoken
from pipeline.topics.usage import Usage

N_KEYWORDS = 6

MIN_SECOND_WORD = 3
"""How often a lone word is said that is a title's second half."""

SECOND_SHARE = 0.5
SECOND_SHARE_OF_WORD = 0.4
"""A second phrase joins the title if it is worth this much of the first; of a lone word, less."""

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
    taken: set[str] = set()
    names = []
    for number, span in enumerate(spans, 1):
        phrases = found.rank(span)
        title = _choose_title(phrases, spoken.usage, taken) or _fall_back(spoken, span, number)
        taken.add(title.casefold())
        title = title if spoken.is_cased else capitalize_title(title)
        subtitle = format_question(spoken, find_question(spoken, span))
        names.append(Name(title, tuple(_choose_keywords(phrases)), subtitle))
    return tuple(names)


def _choose_title(phrases: Sequence[Phrase], usage: Usage, taken: set[str]) -> str | None:
    """The best phrase, with the next that says something else if it is nearly as good."""
    able = [phrase for phrase in phrases if _may_be_title(phrase, usage)] or phrases
    for index, phrase in enumerate(able):
        title = phrase.spell()
        share = SECOND_SHARE_OF_WORD if " " not in title else SECOND_SHARE
        for other in able[index + 1 :]:
            if other.weight < share * phrase.weight:
                break
            is_short = len(title) + len(other.spell()) <= MAX_PAIR_CHARS
            is_new = not set(other.stems) & set(phrase.stems)
            if is_short and is_new and _may_be_second(other, usage):
                title = f"{title}, {other.spell()}"
                break
        title = _shorten(title[:1].upper() + title[1:])
        if title and title.casefold() not in taken:
            return title
    return None


def _may_be_title(phrase: Phrase, usage: Usage) -> bool:
    """Whether it is more than a word, or a word that names a thing."""
    return len(phrase.words) > 1 or usage.is_thing(phrase.words[0])


def _may_be_second(phrase: Phrase, usage: Usage) -> bool:
    """Whether it is said often enough, or asked, to be worth a place behind the best."""
    if len(phrase.words) == 1:
        (word,) = phrase.words
        is_thing = usage.is_thing(word) and not word.isdecimal()
        return is_thing and phrase.n_said >= MIN_SECOND_WORD
    return phrase.n_said > 1 or phrase.is_asked


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
    said = " ".join(filter(None, spoken.spellings[span[0] : min(span[0] + 6, span[1])]))
    return _shorten(said[:1].upper() + said[1:]) or f"Topic {number}"
