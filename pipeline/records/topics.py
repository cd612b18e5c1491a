"""Topics: their boundaries, titles, and the evidence for each boundary."""

from typing import Literal

from pipeline.records.base import check, check_span, record

EvidenceCue = Literal["words", "meaning", "pause", "speaker", "question", "marker", "continuation"]


@record
class Evidence:
    """Evidence for a topic boundary: a cue, what was observed, and its weight in nats.

    `words`: gain by the change of vocabulary; `meaning`: by the change of sentence embeddings, if
    there are any. Both, and a `continuation`, may be negative.
    """

    cue: EvidenceCue
    seen: str
    nats: float


@record
class Topic:
    """A stretch of the recording on one subject; `first_word` is an index into words.json.

    `score` is the sum of the evidence for its boundary, in nats; 0 for the first. `subtitle` is the
    question that opens it, if any; `subtopics` are none, or two or more that cover it without
    gaps.
    """

    title: str
    start_ms: int
    end_ms: int
    first_word: int
    n_words: int
    keywords: tuple[str, ...] = ()
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    subtitle: str = ""
    subtopics: tuple["Topic", ...] = ()

    def __post_init__(self) -> None:
        check_span(self.start_ms, self.end_ms, f"topic {self.title!r}")
        check(bool(self.title), "a topic needs a title")
        check(self.n_words > 0, f"topic {self.title!r} has no words")
        if self.subtopics:
            _check_shares(self.subtopics, self.start_ms, self.first_word)
            whole = (self.end_ms, self.first_word + self.n_words)
            last = self.subtopics[-1]
            is_whole = (last.end_ms, last.first_word + last.n_words) == whole
            check(is_whole, f"the subtopics of {self.title!r} do not cover it")


@record
class TopicList:
    """topics.json: the topics in order.

    Invariants: contiguous in time from 0 and in words from word 0.
    """

    topics: tuple[Topic, ...]
    version: int = 1

    def __post_init__(self) -> None:
        _check_shares(self.topics, 0, 0)


def _check_shares(topics: tuple[Topic, ...], start_ms: int, first_word: int) -> None:
    """Raise a ValueError if topics leave gaps, or do not begin at this time and word."""
    for topic in topics:
        check(topic.start_ms == start_ms, f"topic {topic.title!r} leaves a gap in time")
        check(topic.first_word == first_word, f"topic {topic.title!r} leaves out words")
        start_ms, first_word = topic.end_ms, first_word + topic.n_words
