"""Titles and keywords of topics: the phrases that tell each from the others.

Phrases are ranked in `phrases.py`; a language model may replace the titles (`prompts.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.text.capitals import capitalize_title
from pipeline.topics.clauses import Spoken
from pipeline.topics.phrases import Phrase, Phrases
from pipeline.topics.questions import find_question, format_question
from pipeline.topics.usage import Usage

N_KEYWORDS = 6

MIN_SECOND_WORD = 3
"""Times that a single word must occur to be a title's second half."""

SECOND_SHARE = 0.4
SECOND_WORD_SHARE = 0.5
"""A second phrase joins the title if its weight is at least this share of the first's; for a single
word after a phrase, SECOND_WORD_SHARE."""

MAX_TITLE_CHARS = 60
MAX_PAIR_CHARS = 45


@dataclass(frozen=True, slots=True)
class Name:
    """A topic's title, its keywords (best first), and its opening question."""

    title: str
    keywords: tuple[str, ...]
    subtitle: str = ""


def name_topics(spoken: Spoken, begins: Sequence[int]) -> tuple[Name, ...]:
    """Name each topic; titles differ as long as there are phrases to choose from.

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
        names.append(Name(title, tuple(islice(_choose_keywords(phrases), N_KEYWORDS)), subtitle))
    return tuple(names)


def _choose_best(phrases: Sequence[Phrase], usage: Usage, taken: list[Phrase]) -> Phrase | None:
    """The best phrase that no other title has taken; adds it to `taken`."""
    able = [phrase for phrase in phrases if _may_be_title(phrase, usage)] or phrases
    for phrase in able:
        if phrase.spell() and phrase.stems not in {other.stems for other in taken}:
            taken.append(phrase)
            return phrase
    return None


def _choose_second(
    best: Phrase, phrases: Sequence[Phrase], usage: Usage, taken: list[Phrase]
) -> str:
    """The next best phrase that shares no stem with the first, if its weight is near enough.

    After a single word a phrase is preferred, and may repeat what another title has.
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
    """Whether a phrase has several words, or is a noun by its usage."""
    return len(phrase.words) > 1 or (phrase.form == 1 and usage.is_thing(phrase.words[0]))


def _may_be_second(phrase: Phrase, best: Phrase, usage: Usage) -> bool:
    """Whether a phrase is formed like a name, and frequent or asked, so may follow the best."""
    if phrase.form < 1:
        return False
    if len(phrase.words) > 1:
        return phrase.n_spoken > 1 or phrase.is_asked
    if len(best.words) > 1 and phrase.weight < SECOND_WORD_SHARE * best.weight:
        return False
    return phrase.n_spoken >= MIN_SECOND_WORD and usage.is_thing(phrase.words[0])


def _choose_keywords(phrases: Sequence[Phrase]) -> Iterator[str]:
    """Phrases that share no stem, best first."""
    used: set[str] = set()
    for phrase in phrases:
        if used.isdisjoint(phrase.stems):
            used.update(phrase.stems)
            yield phrase.spell()


def _shorten(title: str) -> str:
    return title if len(title) <= MAX_TITLE_CHARS else title[: MAX_TITLE_CHARS - 1].rstrip() + "…"


def _fall_back(spoken: Spoken, span: tuple[int, int], number: int) -> str:
    """A title from the topic's first words, if no phrase was found."""
    opening = " ".join(filter(None, spoken.spellings[span[0] : min(span[0] + 6, span[1])]))
    return _shorten(opening[:1].upper() + opening[1:]) or f"Topic {number}"
