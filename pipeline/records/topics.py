"""Topics: where each begins and ends, what it is called, and why it begins there."""

from typing import Literal

from pipeline.records.base import check, check_span, record

EvidenceCue = Literal["words", "meaning", "pause", "speaker", "question", "marker", "continuation"]


@record
class Evidence:
    """Why a topic begins where it does: a cue, what was seen of it, and its weight in nats.

    `words` is what the change of vocabulary saves, `meaning` that of what sentences mean, where an
    embedder says it; both and a `continuation` may weigh against.
    """

    cue: EvidenceCue
    seen: str
    nats: float


@record
class Topic:
    """A stretch of the recording about one thing; `first_word` counts in words.json.

    `score` is what its beginning there saves, in nats (all of its evidence); 0 for the first.
    `subtitle` is the question that opens it, if one does; `subtopics` are two or more that share it
    out, or none.
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
            check(is_whole, f"the subtopics of {self.title!r} do not share it out")


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
    """Refuse topics that leave something out, or do not begin where they should."""
    for topic in topics:
        check(topic.start_ms == start_ms, f"topic {topic.title!r} leaves a gap in time")
        check(topic.first_word == first_word, f"topic {topic.title!r} leaves out words")
        start_ms, first_word = topic.end_ms, first_word + topic.n_words
