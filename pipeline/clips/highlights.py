"""The best passages of a recording: ranked, chosen, named and explained.

Passages are rated in `ratings.py`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten

from pipeline.clips.passages import Passage, find_passages, rate_length
from pipeline.clips.quotes import normalize
from pipeline.clips.ratings import PassageScorer, Ratings
from pipeline.clips.sentences import Sentences
from pipeline.records import TimedText, Topic
from pipeline.text.capitals import capitalize_sentence, has_capitals

WEIGHTS = Ratings(answer=1.5, terms=1.0, emphasis=0.6, laughter=0.5, start=1.0, end=0.8)

AGAIN = 0.7
"""Factor of a passage's score for each passage of its topic already chosen."""

TOLD_FROM = 0.5
"""Ratings from this on are named as reasons."""

N_TERMS = 4
MAX_TITLE_CHARS = 80
MIN_TITLE_WORDS = 3
_FILLERS = frozenset("so and but well um uh okay ok now like yeah right i mean you know".split())


@dataclass(frozen=True, slots=True)
class Highlight:
    """A passage with its ratings and score."""

    passage: Passage
    ratings: Ratings
    score: float


def rank_highlights(
    scorer: PassageScorer,
    sentences: Sentences,
    topics: Sequence[Topic],
    lengths_ms: tuple[int, int],
) -> list[Highlight]:
    """All passages, best first.

    Cost: linear in passages, about ten for each sentence.
    """
    passages = list(find_passages(sentences, topics, lengths_ms))
    found = (
        Highlight(passage, ratings, ratings.weigh(WEIGHTS) - rate_length(passage))
        for passage, ratings in zip(passages, scorer.rate(passages), strict=True)
    )
    return sorted(found, key=lambda each: (-each.score, each.passage.first, each.passage.last))


def choose_highlights(ranked: Sequence[Highlight], count: int) -> list[Highlight]:
    """The best `count` of which no two touch, best first; repeated topics lose score (AGAIN)."""
    chosen: list[Highlight] = []
    n_of_topic: Counter[int] = Counter()
    left = list(ranked)
    while left and len(chosen) < count:
        best = max(left, key=lambda each: each.score * AGAIN ** n_of_topic[each.passage.topic])
        chosen.append(best)
        n_of_topic[best.passage.topic] += 1
        left = [each for each in left if not each.passage.touches(best.passage)]
    return chosen


def explain_highlight(scorer: PassageScorer, highlight: Highlight) -> str:
    """The reasons why a passage was chosen, strongest first."""
    told = sorted(_find_reasons(scorer, highlight), key=lambda reason: -reason[0])
    return "; ".join(text for _, text in told) or "whole sentences"


def name_highlight(
    scorer: PassageScorer, timed: TimedText, topics: Sequence[Topic], highlight: Highlight
) -> str:
    """A title: the question it answers, else its subtopic's title if all its words are spoken in
    it, else its first words."""
    passage = highlight.passage
    question = scorer.find_question(passage)
    if question is not None:
        return _format_title(timed, question.first, question.last)
    if topics:
        topic = topics[passage.topic]
        middle = (passage.first_word + passage.last_word) // 2
        parts = [part for part in topic.subtopics if part.first_word <= middle]
        title = (parts[-1] if parts else topic).title
        if _says(timed, passage, title):
            return title
    return _format_title(timed, passage.first_word, passage.last_word)


def _says(timed: TimedText, passage: Passage, title: str) -> bool:
    """Whether all words of a title are spoken in a passage."""
    spoken = {normalize(word.text) for word in timed.words[passage.words]}
    return set(normalize(title).split()) <= spoken


def _find_reasons(scorer: PassageScorer, highlight: Highlight) -> Iterator[tuple[float, str]]:
    """(weight, reason) of each high rating."""
    ratings, passage = highlight.ratings, highlight.passage
    if scorer.find_question(passage) is not None:
        yield WEIGHTS.answer * ratings.answer, "a question and its answer"
    if ratings.terms >= TOLD_FROM:
        spoken = ", ".join(scorer.find_terms(passage)[:N_TERMS])
        yield WEIGHTS.terms * ratings.terms, f"much about {spoken}"
    if ratings.emphasis >= TOLD_FROM:
        louder_db, faster = scorer.find_louder_db(passage), scorer.find_faster(passage)
        how = f"{louder_db:.1f} dB louder" if louder_db >= 1 else f"{faster:.0%} faster"
        yield WEIGHTS.emphasis * ratings.emphasis, f"{how} than usual"
    if ratings.laughter:
        yield WEIGHTS.laughter, "laughter"
    if ratings.start == 1 and ratings.end >= TOLD_FROM:
        yield 0.0, "begins with a turn and ends clean"


def _format_title(timed: TimedText, first: int, last: int) -> str:
    """Words as a title, without fillers at the start, shortened between words."""
    words = [word.text for word in timed.words[first : last + 1]]
    while len(words) > MIN_TITLE_WORDS and normalize(words[0]) in _FILLERS:
        words.pop(0)
    text = shorten(" ".join(words), MAX_TITLE_CHARS, placeholder="…")
    if not has_capitals([word.text for word in timed.words]):
        text = capitalize_sentence(text)
    return text[:1].upper() + text[1:]
