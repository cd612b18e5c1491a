"""A stretch cut out of a timed text, its times counted from the stretch's start.

Windows that touch share the words out: each is in one of them, none in two.
"""

from dataclasses import replace
from itertools import accumulate

from pipeline.records import Sound, Stretch, TimedText, Turn, Word


def find_words(timed: TimedText, start_ms: int, end_ms: int) -> range:
    """The words of [start_ms, end_ms), by their middles; an unspoken one goes with the one before.

    A word's middle never counts as earlier than that of a word before it, so they are one run.
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


def _middle_ms(word: Word) -> int:
    if word.start_ms is None or word.end_ms is None:
        return 0
    return (word.start_ms + word.end_ms) // 2


def _cut_turns(timed: TimedText, words: range) -> tuple[tuple[Turn, ...], dict[int, int]]:
    """The turns that have a word inside, and their new numbers by their old ones."""
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
    if word.start_ms is None or word.end_ms is None:
        return replace(word, turn=turn)
    span = _clamp(word.start_ms, word.end_ms, start_ms, end_ms)
    return replace(word, start_ms=span[0], end_ms=span[1], turn=turn)


def _clamp(start_ms: int, end_ms: int, window_start_ms: int, window_end_ms: int) -> tuple[int, int]:
    """The part inside the window, rebased; at least a millisecond of it."""
    length_ms = window_end_ms - window_start_ms
    inside_start_ms = min(max(start_ms - window_start_ms, 0), length_ms - 1)
    return inside_start_ms, max(min(end_ms - window_start_ms, length_ms), inside_start_ms + 1)


def _cut_sounds(timed: TimedText, words: range, start_ms: int, end_ms: int) -> tuple[Sound, ...]:
    """Timed sounds by their middles, others with the word before them."""
    inside = []
    for sound in timed.sounds:
        after_word = min(max(sound.after_word - words.start, -1), len(words) - 1)
        if sound.start_ms is None or sound.end_ms is None:
            if sound.after_word in words or (sound.after_word < 0 and words.start == 0 and words):
                inside.append(replace(sound, after_word=after_word))
        elif start_ms <= (sound.start_ms + sound.end_ms) // 2 < end_ms:
            span = _clamp(sound.start_ms, sound.end_ms, start_ms, end_ms)
            inside.append(replace(sound, after_word=after_word, start_ms=span[0], end_ms=span[1]))
    return tuple(inside)


def _cut_unheard(timed: TimedText, start_ms: int, end_ms: int) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(max(stretch.start_ms, start_ms) - start_ms, min(stretch.end_ms, end_ms) - start_ms)
        for stretch in timed.unheard
        if max(stretch.start_ms, start_ms) < min(stretch.end_ms, end_ms)
    )
