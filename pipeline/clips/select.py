"""Chooses the clips: by topic, times, quotes, query or ratings, or the whole recording.

Pure: a clip's files are named and made by the stage. Each way of choosing that is not simple has a
module of its own.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.clips.answers import expand_to_answer
from pipeline.clips.cuts import LEAD_MS, TAIL_MS, make_clip, open_pauses
from pipeline.clips.highlights import (
    choose_highlights,
    explain_highlight,
    name_highlight,
    rank_highlights,
)
from pipeline.clips.options import ClipOptions
from pipeline.clips.passages import Passage
from pipeline.clips.queries import find_about
from pipeline.clips.quotes import find_quote
from pipeline.clips.ratings import PassageScorer
from pipeline.clips.requests import ClipRequest
from pipeline.clips.sentences import Recording, Sentences
from pipeline.clips.times import find_span
from pipeline.errors import MediaError, did_you_mean
from pipeline.records import Clip, TimedText
from pipeline.text.times import format_tenths

log = logging.getLogger(__name__)

N_HIGHLIGHTS = 5
"""Number of clips of `select: highlights`."""

MIN_S, MAX_S = 20.0, 90.0
"""Default lengths of a chosen passage: long enough to make a point, short enough to be watched to
its end."""

Choice = tuple[str, tuple[int, int], str]
"""The title, the span in ms and the reason of a clip."""


def needs_sound(options: ClipOptions) -> bool:
    """Whether choosing the clips needs the sound's levels."""
    if isinstance(options.select, str):
        return options.select == "highlights"
    return any(request.highlights is not None for request in options.select)


def select_clips(options: ClipOptions, recording: Recording, title: str) -> tuple[Clip, ...]:
    """The clips asked for, in the order of the requests; highlights best first.

    Args:
        title: the recording's, for a clip of the whole.
    Raises:
        MediaError: a quote is missing or ambiguous, times lie outside the recording, no word of a
            query is spoken.
    Invariants: ids are unique; a clip lies inside the recording; it begins and ends in no word, and
        in no sentence unless given by times, or by quotes with `expand: none`.
    """
    match options.select:
        case "none":
            return ()
        case "whole":
            span = (0, recording.timed.duration_ms)
            return (make_clip(recording.timed, 1, title, span, "whole recording"),)
        case "topics":
            return tuple(_select_topics(options, recording))
        case "highlights":
            requests: Sequence[ClipRequest] = (ClipRequest(highlights=N_HIGHLIGHTS),)
        case _:
            requests = options.select
    sentences = Sentences(recording.timed)
    choices = (
        choice
        for request in requests
        for choice in _Finder(options, recording, sentences).find(request)
    )
    return tuple(
        make_clip(recording.timed, number, *choice) for number, choice in enumerate(choices, 1)
    )


def _select_topics(options: ClipOptions, recording: Recording) -> Iterator[Clip]:
    """A clip for each topic, with the topic's number, from its first timed word to its last."""
    timed, sentences = recording.timed, Sentences(recording.timed)
    for number, topic in enumerate(recording.topics, 1):
        words = range(topic.first_word, topic.first_word + topic.n_words)
        spoken = [word for word in words if timed.words[word].start_ms is not None]
        if not spoken:
            log.warning("topic %s, %r: no word of it is in the audio", number, topic.title)
            continue
        last = _shorten(sentences, (spoken[0], spoken[-1]), options.max_s)
        span = open_pauses(timed, spoken[0], last)
        length_s = (span[1] - span[0]) / 1000
        if options.min_s is not None and length_s < options.min_s:
            log.info("topic %s, %r: left out, %.1f s long", number, topic.title, length_s)
            continue
        reason = "by topic" if last == spoken[-1] else "by topic, its beginning"
        yield make_clip(timed, number, topic.title, span, reason)


def _shorten(sentences: Sentences, words: tuple[int, int], max_s: float | None) -> int:
    """The last word of a stretch cut to `max_s` after a sentence."""
    if max_s is None:
        return words[1]
    first, last = (sentences.timed.words[word] for word in words)
    end_ms = (first.start_ms or 0) + 1000 * max_s - LEAD_MS - TAIL_MS
    if (last.end_ms or 0) <= end_ms:
        return words[1]
    inside = [sentences.all[number] for number in sentences.inside(*words)]
    fitting = [sentence.last for sentence in inside if sentence.end_ms <= end_ms]
    if inside and not fitting:
        log.warning("no sentence is as short as %g s: the first is taken", max_s)
        return inside[0].last
    return fitting[-1] if fitting else words[1]


@dataclass(frozen=True, slots=True)
class _Finder:
    """Finds the clips that requests ask for in one recording."""

    options: ClipOptions
    recording: Recording
    sentences: Sentences

    def find(self, request: ClipRequest) -> Iterator[Choice]:
        """The clips of one request: one, or as many highlights as it asks for."""
        if request.highlights is not None:
            yield from self._find_highlights(request, request.highlights)
        elif request.query is not None:
            yield self._find_query(request, request.query)
        elif request.first_quote is not None:
            yield self._find_quotes(request, request.first_quote)
        else:
            yield self._find_times(request)

    def _find_highlights(self, request: ClipRequest, count: int) -> Iterator[Choice]:
        timed, topics = self.recording.timed, self.recording.topics
        scorer = PassageScorer(self.sentences, topics, self.recording.sound)
        lengths_ms = self._choose_lengths(request)
        ranked = rank_highlights(scorer, self.sentences, topics, lengths_ms)
        if request.speaker is not None:
            speaker = _find_speaker(timed, request.speaker, "highlights: speaker")
            ranked = [each for each in ranked if self._is_mostly_of(each.passage, speaker)]
        chosen = choose_highlights(ranked, count)
        if len(chosen) < count:
            log.warning("%s highlights asked for, %s found", count, len(chosen))
        for each in chosen:
            title = name_highlight(scorer, timed, topics, each)
            span = open_pauses(timed, each.passage.first_word, each.passage.last_word)
            yield title, span, f"highlight: {explain_highlight(scorer, each)}"

    def _find_query(self, request: ClipRequest, query: str) -> Choice:
        what = f"clip {request.title or query!r}: query"
        own = replace(self.recording, timed=self._mute_others(request, what))
        lengths_ms = self._choose_lengths(request)
        found = find_about(own, self.sentences, query, lengths_ms, what)
        if found.missing:
            log.warning("%s: nothing of %s is said there", what, ", ".join(found.missing))
        words = (found.passage.first_word, found.passage.last_word)
        if request.expand == "answer":
            words = (found.focus, found.focus)
        reason = f"by query: {', '.join(found.terms)}"
        return request.title or query[:1].upper() + query[1:], *self._widen(request, words, reason)

    def _find_quotes(self, request: ClipRequest, quote: str) -> Choice:
        what = f"clip {request.title!r}"
        words = self._mute_others(request, what).words
        first = last = find_quote(words, quote, f"{what}: from")
        if request.last_quote is not None:
            spoken_at = format_tenths(words[first.first].start_ms or 0)
            where = f"{what}: to, after {spoken_at}"
            last = find_quote(words, request.last_quote, where, begin=first.first)
        span_and_reason = self._widen(request, (first.first, last.last), "by quotes")
        return request.title or quote, *span_and_reason

    def _find_times(self, request: ClipRequest) -> Choice:
        assert request.start is not None and request.end is not None
        timed, title = self.recording.timed, request.title or ""
        span = find_span(timed, (request.start, request.end), f"clip {title!r}")
        touched = [
            number
            for number, word in enumerate(timed.words)
            if word.span and word.span[0] < span[1] and word.span[1] > span[0]
        ]
        if request.expand in (None, "none") or not touched:
            return title, span, "by times"
        return title, *self._widen(request, (touched[0], touched[-1]), "by times")

    def _widen(
        self, request: ClipRequest, words: tuple[int, int], reason: str
    ) -> tuple[tuple[int, int], str]:
        """The span of the words, or of the sentences or the answer that they are in."""
        timed, sentences = self.recording.timed, self.sentences
        is_answer = request.expand == "answer"
        if request.expand == "none" or not (sentences.is_punctuated or is_answer):
            return open_pauses(timed, *words), reason
        numbers = range(sentences.find(words[0]), sentences.find(words[1]) + 1)
        if is_answer:
            answer = expand_to_answer(sentences, *words)
            if answer is None:
                title = request.title or request.query
                log.warning("clip %r: nobody asks anything before it", title)
            else:
                numbers, reason = answer, f"{reason}, the question and its answer"
        first, last = sentences.all[numbers[0]].first, sentences.all[numbers[-1]].last
        if is_answer:
            max_s = request.max_s if request.max_s is not None else self.options.max_s
            last = _shorten(sentences, (first, last), max_s)
        return open_pauses(timed, first, last), reason

    def _choose_lengths(self, request: ClipRequest) -> tuple[int, int]:
        """The request's least and most length in ms, else the section's, else the defaults."""
        least = request.min_s or self.options.min_s
        most = request.max_s or self.options.max_s
        least = least or min(MIN_S, (most or MAX_S) / 2)
        most = most or max(MAX_S, 2 * least)
        return round(1000 * least), round(1000 * most)

    def _mute_others(self, request: ClipRequest, what: str) -> TimedText:
        """The text; if one speaker is asked for, the words of all others marked unspoken."""
        timed = self.recording.timed
        if request.speaker is None:
            return timed
        speaker = _find_speaker(timed, request.speaker, f"{what}: speaker")
        words = tuple(
            word
            if timed.turns[word.turn].speaker == speaker
            else replace(word, start_ms=None, end_ms=None, status="unspoken", confidence=0.0)
            for word in timed.words
        )
        return replace(timed, words=words)

    def _is_mostly_of(self, passage: Passage, speaker: str) -> bool:
        timed = self.recording.timed
        words = timed.words[passage.words]
        return 2 * sum(timed.turns[word.turn].speaker == speaker for word in words) > len(words)


def _find_speaker(timed: TimedText, name: str, what: str) -> str:
    """A speaker of the text by name, whatever its case.

    Raises:
        MediaError: no speaker has the name.
    """
    names = sorted({turn.speaker for turn in timed.turns if turn.speaker is not None})
    for known in names:
        if known.casefold() == name.casefold():
            return known
    remedy = did_you_mean(name, names, "speakers") if names else "name the item's speakers"
    raise MediaError(what, f"no speaker is called {name!r}", remedy)
