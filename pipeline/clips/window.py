"""A stretch cut out of a timed text, with times from the stretch's start.

Of two adjacent windows each word is in exactly one.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from pipeline.records import Clip, Sound, Stretch, TimedText, Topic, Turn, Word

SHORTEST_CHAPTER_MS = 1_000

EDGE_MS = 20
"""A cut this far inside a word still counts as outside: word boundaries are no more exact."""


def find_words(timed: TimedText, start_ms: int, end_ms: int) -> range:
    """The words whose middles lie in [start_ms, end_ms); an unspoken one goes with the one before.

    Middles are made non-decreasing first, so the words are one run.
    """
    middles = list(accumulate((_middle_ms(word) for word in timed.words), max))
    inside = [index for index, middle in enumerate(middles) if start_ms <= middle < end_ms]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def cut_window(timed: TimedText, start_ms: int, end_ms: int) -> TimedText:
    """The words, turns, sounds and unheard speech of [start_ms, end_ms), rebased to 0."""
    words = find_words(timed, start_ms, end_ms)
    turns, turn_numbers = _cut_turns(timed, words)
    return replace(
        timed,
        duration_ms=end_ms - start_ms,
        turns=turns,
        words=tuple(
            _rebase_word(
                timed.words[index], turn_numbers[timed.words[index].turn], start_ms, end_ms
            )
            for index in words
        ),
        sounds=_cut_sounds(timed, words, start_ms, end_ms),
        unheard=_cut_unheard(timed, start_ms, end_ms),
    )


def find_cut_words(timed: TimedText, clip: Clip) -> tuple[str, ...]:
    """The words that a clip's start or end cuts by more than EDGE_MS."""
    return tuple(
        word.text
        for word in timed.words
        if (span := word.span)
        for edge_ms in (clip.start_ms, clip.end_ms)
        if span[0] + EDGE_MS < edge_ms < span[1] - EDGE_MS
    )


def name_speakers(window: TimedText) -> tuple[tuple[int, int, str], ...]:
    """(start_ms, end_ms, name) of each speaker, until the next begins; names in title case."""
    starts: list[tuple[int, str]] = []
    for turn in window.turns:
        words = window.words[turn.first_word : turn.first_word + turn.n_words]
        start_ms = next((word.start_ms for word in words if word.start_ms is not None), None)
        if turn.speaker is None or start_ms is None:
            continue
        name = turn.speaker if turn.speaker != turn.speaker.lower() else turn.speaker.title()
        if not starts or starts[-1][1] != name:
            starts.append((start_ms if starts else 0, name))
    ends = [*(start_ms for start_ms, _ in starts[1:]), window.duration_ms]
    spans = zip(starts, ends, strict=False)
    return tuple((start_ms, end_ms, name) for (start_ms, name), end_ms in spans)


def cut_chapters(topics: Sequence[Topic], start_ms: int, end_ms: int) -> tuple[Topic, ...]:
    """The topics of [start_ms, end_ms), rebased to 0, without subtopics.

    Topics with less than SHORTEST_CHAPTER_MS inside are left out.
    """
    inside = [(max(topic.start_ms, start_ms), min(topic.end_ms, end_ms), topic) for topic in topics]
    long_enough = [span for span in inside if span[1] - span[0] >= SHORTEST_CHAPTER_MS]
    if not long_enough:
        return ()
    starts = [start_ms, *(span[0] for span in long_enough[1:]), end_ms]
    return tuple(
        replace(topic, start_ms=begin_ms - start_ms, end_ms=stop_ms - start_ms, subtopics=())
        for (_, _, topic), begin_ms, stop_ms in zip(
            long_enough, starts[:-1], starts[1:], strict=True
        )
    )


def _middle_ms(word: Word) -> int:
    return sum(word.span or (0, 0)) // 2


def _cut_turns(timed: TimedText, words: range) -> tuple[tuple[Turn, ...], dict[int, int]]:
    """The turns that have a word inside, and their new numbers by old number."""
    turns: list[Turn] = []
    numbers: dict[int, int] = {}
    for number, turn in enumerate(timed.turns):
        first = max(turn.first_word, words.start)
        last = min(turn.first_word + turn.n_words, words.stop)
        if first < last:
            numbers[number] = len(turns)
            turns.append(replace(turn, first_word=first - words.start, n_words=last - first))
    return tuple(turns), numbers


def _rebase_word(word: Word, turn: int, start_ms: int, end_ms: int) -> Word:
    if word.span is None:
        return replace(word, turn=turn)
    span = _clamp(*word.span, start_ms, end_ms)
    return replace(word, start_ms=span[0], end_ms=span[1], turn=turn)


def _clamp(start_ms: int, end_ms: int, window_start_ms: int, window_end_ms: int) -> tuple[int, int]:
    """The part inside the window, rebased, at least 1 ms long."""
    length_ms = window_end_ms - window_start_ms
    inside_start_ms = min(max(start_ms - window_start_ms, 0), length_ms - 1)
    return inside_start_ms, max(min(end_ms - window_start_ms, length_ms), inside_start_ms + 1)


def _cut_sounds(timed: TimedText, words: range, start_ms: int, end_ms: int) -> tuple[Sound, ...]:
    """Timed sounds whose middles lie inside; others go with the word before them."""
    inside = []
    for sound in timed.sounds:
        after_word = min(max(sound.after_word - words.start, -1), len(words) - 1)
        if sound.span is None:
            if sound.after_word in words or (sound.after_word < 0 and words.start == 0 and words):
                inside.append(replace(sound, after_word=after_word))
        elif start_ms <= sum(sound.span) // 2 < end_ms:
            span = _clamp(*sound.span, start_ms, end_ms)
            inside.append(replace(sound, after_word=after_word, start_ms=span[0], end_ms=span[1]))
    return tuple(inside)


def _cut_unheard(timed: TimedText, start_ms: int, end_ms: int) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(max(stretch.start_ms, start_ms) - start_ms, min(stretch.end_ms, end_ms) - start_ms)
        for stretch in timed.unheard
        if max(stretch.start_ms, start_ms) < min(stretch.end_ms, end_ms)
    )
