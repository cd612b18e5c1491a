"""Turns of a translation, taken from the original: it is recognised without text and speakers.

The translation itself is made in `pipeline/stages/translate.py`.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.records import TimedText, Turn, Word
from pipeline.text.sentence_ends import ends_sentence

LONG_SENTENCE = 60
"""A sentence without a final mark is cut after this many words."""


def carry_turns(translated: TimedText, original: TimedText) -> TimedText:
    """A translation with the turns of the original: each sentence joins the turn it overlaps most.

    Whole sentences, as word times are rough and a sentence has one speaker.
    """
    spoken = [word for word in original.words if word.start_ms is not None]
    if not spoken or not translated.words:
        return translated
    starts = [word.start_ms or 0 for word in spoken]
    turns: list[Turn] = []
    turn_of_words: list[int] = []
    latest = -1
    for sentence in _cut_sentences(translated.words):
        votes = Counter(_find_nearest(word, spoken, starts).turn for word in sentence)
        # Turns stay in the order of the original.
        source = max(latest, votes.most_common(1)[0][0])
        if source != latest:
            turn = original.turns[source]
            turns.append(replace(turn, first_word=len(turn_of_words), n_words=0))
            latest = source
        turns[-1] = replace(turns[-1], n_words=turns[-1].n_words + len(sentence))
        turn_of_words += [len(turns) - 1] * len(sentence)
    words = tuple(
        replace(word, turn=turn) for word, turn in zip(translated.words, turn_of_words, strict=True)
    )
    return replace(translated, turns=tuple(turns), words=words)


def _cut_sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if ends_sentence(word.text) or len(sentence) == LONG_SENTENCE:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _find_nearest(word: Word, spoken: Sequence[Word], starts: Sequence[int]) -> Word:
    """The spoken word at the middle of another word, or the nearest to it."""
    middle_ms = ((word.start_ms or 0) + (word.end_ms or 0)) // 2
    place = bisect_right(starts, middle_ms)
    before, after = spoken[max(0, place - 1)], spoken[min(place, len(spoken) - 1)]
    is_after = starts[min(place, len(spoken) - 1)] - middle_ms < middle_ms - (before.end_ms or 0)
    return after if is_after else before
