"""Where a topic may begin: at turns, sentences and pauses, each with its evidence.

Vocabulary before and after is compared in `segment.py`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log2
from statistics import median

from pipeline.records import Evidence, TimedText
from pipeline.text.sentence_ends import ends_question, ends_sentence
from pipeline.topics.words import normalize

MAX_GAP_WORDS = 60
"""A longer stretch without a turn or sentence is split at its longest pause."""

# Evidence is in nats, as what vocabulary saves: 2 nats are what two or three stems save by standing
# twice on one side of a boundary, not once on each. The weights were set by hand and fitted to
# nothing: a clear sign has 2, so it moves a boundary to it, and makes none where words go on.
PAUSE_NATS = 2.0
MIN_PAUSE_MS = 400
"""Shorter pauses are no evidence: speakers make them within sentences, too."""
LONG_PAUSE = 6.0
"""A pause of this many times the median pause before a sentence has the full weight."""

SPEAKER_NATS = 0.5
HOST_NATS = 2.0
"""Evidence where a new speaker begins: any speaker if no host is known; the host."""

TALK_TURN_WORDS = 150
"""With shorter turns on average, a recording is a conversation: a topic then rarely begins within a
turn, or with the guest's."""

MID_TURN_NATS = -1.5
GUEST_NATS = -1.0

INFERRED_WEIGHT = 0.5
"""Factor for speakers not from labels: attribution is less sure where people interrupt."""

QUESTION_NATS = 2.0
OPENING_WORDS = 25
"""Words up to a question's end from which it has full weight; a shorter one weighs less."""

MAX_QUESTION_WORDS = 100
"""Words from the place within which a question counts."""

MARKER_NATS = 2.0
WEAK_MARKER_NATS = 0.7
REPLY_NATS = -1.5
"""The turn or sentence begins like an answer or a continuation."""

_MARKERS = re.compile(
    r"(?:(?:so|okay|ok|all right|alright|well|and|but|now|um|uh|yeah) )*"
    r"(?:let's (?:move|talk|turn|go|switch|shift|start|get|jump|change|come|look)"
    r"|let me (?:ask|turn|start|move|go back|switch|change)|let us "
    r"|(?:i|we) (?:want|wanted|have|had|would like|'d like|need) to (?:ask|talk|turn|get|go back)"
    r"|i'd like to (?:ask|talk|turn)|i've got to ask|i gotta ask|i have to ask|can i ask"
    r"|speaking of|moving on|turning to|on to |onto |by the way|on (?:a|another|the) (?:\w+ ){1,3}"
    r"(?:note|topic|subject|front|side)|(?:the )?(?:next|last|final|second|third|another|first|"
    r"one (?:more|last|final)) (?:\w+ )?(?:question|topic|subject|thing|point|chapter|part|one|"
    r"item|story|segment|section)|back to |going back|coming back|when it comes to|as for "
    r"|you (?:mentioned|talked|spoke|wrote|tweeted|once said|have said)|you've (?:said|talked|"
    r"written|mentioned|spoken|been|shown|posted)|what do you think (?:of|about)|what about "
    r"|how about |tell me about"
    r"|welcome (?:to|back)|(?:a |the )?listener|to change the subject|changing (?:topic|the))"
)
_WEAK_MARKERS = re.compile(r"(?:so|okay|ok|all right|alright|now|anyway|anyways|next|finally)\b")
_REPLIES = frozenset(
    """
    yeah yes yep no nope right exactly sure true mhm hmm because and but or which that that's it
    it's its they them he she then oh ha well totally absolutely definitely indeed agreed correct
    they're there's these those this also plus
    """.split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A boundary candidate: the word that a topic may begin with, its start, and the evidence.

    `pause_start_ms` is the start of the pause before it, or `at_ms` if there is none. `is_inside`:
    neither a turn nor a sentence begins with the word.
    """

    word: int
    at_ms: int
    pause_start_ms: int
    evidence: tuple[Evidence, ...] = ()
    is_inside: bool = False

    @property
    def bonus(self) -> float:
        """All of the evidence, in nats."""
        return sum(item.nats for item in self.evidence)


def find_candidates(timed: TimedText) -> tuple[Candidate, ...]:
    """Every place where a topic may begin, in order; the first is word 0.

    Invariants: each lies later in time than the one before.
    """
    if not timed.words:
        return ()
    pauses = _find_pauses(timed)
    found = [Candidate(0, 0, 0)]
    for word, is_inside in _find_starts(timed, pauses):
        span = pauses[word]
        if span is not None and span[1] > found[-1].at_ms:
            found.append(Candidate(word, span[1], span[0], is_inside=is_inside))
    usual_ms = max(1.0, median([p.at_ms - p.pause_start_ms for p in found[1:]] or [0]))
    scorer = _Scorer(timed, usual_ms)
    return (found[0], *(scorer.score(candidate) for candidate in found[1:]))


Pauses = Sequence[tuple[int, int] | None]
"""For each word the span of the pause before it, to its start; None after the last timed word."""


def _find_pauses(timed: TimedText) -> Pauses:
    """An untimed word has the pause of the next timed one."""
    pauses: list[tuple[int, int] | None] = []
    latest_ms = 0
    for word in timed.words:
        start_ms, end_ms = word.span or (None, 0)
        pauses.append((min(latest_ms, start_ms), start_ms) if start_ms is not None else None)
        latest_ms = max(latest_ms, end_ms)
    following = None
    for index in range(len(pauses) - 1, -1, -1):
        following = pauses[index] = pauses[index] or following
    return pauses


def _find_starts(timed: TimedText, pauses: Pauses) -> Iterator[tuple[int, bool]]:
    """First words of turns and sentences, and words after pauses in long stretches without any.

    Yields (word, is_inside); `is_inside` is true for words after pauses.
    """
    turns = {turn.first_word for turn in timed.turns}
    before = 0
    for word in range(1, len(timed.words) + 1):
        is_end = word == len(timed.words)
        if is_end or word in turns or ends_sentence(timed.words[word - 1].text):
            yield from ((inside, True) for inside in _split_gap(before, word, pauses))
            if not is_end:
                yield word, False
            before = word


def _split_gap(begin: int, end: int, pauses: Pauses) -> list[int]:
    """Words after the longest pauses, so that no stretch is longer than `MAX_GAP_WORDS`."""
    if end - begin <= MAX_GAP_WORDS:
        return []
    margin = MAX_GAP_WORDS // 4
    inside = range(begin + margin, end - margin)
    middle = (begin + end) // 2

    def rate(word: int) -> tuple[int, int]:
        begin_ms, end_ms = pauses[word] or (0, 0)
        return end_ms - begin_ms, -abs(word - middle)

    best = max(inside, key=rate)
    return [*_split_gap(begin, best, pauses), best, *_split_gap(best, end, pauses)]


class _Scorer:
    """Scores a place by everything but vocabulary: pause, speaker, question, opening words."""

    def __init__(self, timed: TimedText, usual_pause_ms: float) -> None:
        self._timed = timed
        self._usual_pause_ms = usual_pause_ms
        self._host = _find_host(timed)
        self._is_talk = len(timed.words) < TALK_TURN_WORDS * len(timed.turns)
        self._is_english = timed.language.casefold().startswith("en")

    def score(self, candidate: Candidate) -> Candidate:
        """The place with its evidence."""
        evidence = (
            self._score_pause(candidate.at_ms - candidate.pause_start_ms),
            self._score_speaker(candidate.word),
            self._score_question(candidate.word),
            *(self._score_words(candidate.word) if self._is_english else ()),
        )
        counted = tuple(item for item in evidence if item is not None and item.nats)
        return replace(candidate, evidence=counted)

    def _score_pause(self, pause_ms: int) -> Evidence | None:
        if pause_ms < MIN_PAUSE_MS:
            return None
        share = log2(max(1.0, pause_ms / self._usual_pause_ms)) / log2(LONG_PAUSE)
        return Evidence("pause", f"{pause_ms} ms", round(PAUSE_NATS * min(1.0, share), 2))

    def _score_speaker(self, word: int) -> Evidence | None:
        turn = self._timed.turns[self._timed.words[word].turn]
        if turn.first_word != word:
            nats = MID_TURN_NATS if self._is_talk else 0.0
            return Evidence("continuation", "mid-turn", nats)
        name = turn.speaker or "another speaker"
        if self._host is None or turn.speaker is None:
            return Evidence("speaker", name, SPEAKER_NATS)
        sure = 1.0 if turn.speaker_from == "label" else INFERRED_WEIGHT
        if turn.speaker == self._host:
            return Evidence("speaker", name, HOST_NATS * sure)
        return Evidence("continuation", name, GUEST_NATS * sure)

    def _score_question(self, word: int) -> Evidence | None:
        """The first question in the rest of the turn, unless a label says it is a guest's."""
        turn = self._timed.turns[self._timed.words[word].turn]
        is_guest = self._host is not None and turn.speaker not in (None, self._host)
        if is_guest and turn.speaker_from == "label":
            return None
        weight = QUESTION_NATS * (INFERRED_WEIGHT if is_guest else 1.0)
        end = min(turn.first_word + turn.n_words, word + MAX_QUESTION_WORDS)
        texts = [w.text for w in self._timed.words[word:end]]
        for index, text in enumerate(texts):
            if ends_question(text):
                begin = max((i + 1 for i in range(index) if ends_sentence(texts[i])), default=0)
                nats = weight * min(1.0, (index + 1) / OPENING_WORDS)
                return Evidence("question", " ".join(texts[begin : index + 1]), round(nats, 2))
        return None

    def _score_words(self, word: int) -> Iterator[Evidence]:
        spoken = (normalize(w.text) for w in self._timed.words[word : word + 12])
        opening = " ".join(text for text in spoken if text) + " "
        if marker := _MARKERS.match(opening):
            yield Evidence("marker", marker[0].strip(), MARKER_NATS)
        elif weak := _WEAK_MARKERS.match(opening):
            yield Evidence("marker", weak[0], WEAK_MARKER_NATS)
        elif (first := opening.partition(" ")[0]) in _REPLIES:
            yield Evidence("continuation", first, REPLY_NATS)


def _find_host(timed: TimedText) -> str | None:
    """The speaker with the most questions per word; None if speakers are unknown or none asks."""
    n_words: Counter[str] = Counter()
    n_questions: defaultdict[str, int] = defaultdict(int)
    for turn in timed.turns:
        if turn.speaker is not None:
            n_words[turn.speaker] += turn.n_words
            texts = timed.words[turn.first_word : turn.first_word + turn.n_words]
            n_questions[turn.speaker] += sum(ends_question(w.text) for w in texts)
    is_known = 2 * n_words.total() > len(timed.words) and len(n_words) > 1
    if not is_known or not any(n_questions.values()):
        return None
    return max(n_words, key=lambda name: (n_questions[name] / n_words[name], name))
