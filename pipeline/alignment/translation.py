"""Who says what of a translation: it is heard without the text, so its turns are the text's.

How it comes about is the engines' matter.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.records import TimedText, Turn, Word

_ENDS = ".!?…。！？"
LONG_SENTENCE = 60
"""Words after which a sentence without an end is taken to end."""


def carry_turns(translated: TimedText, original: TimedText) -> TimedText:
    """The translation with the turns of the original: a sentence goes to the one it lies in most.

    Whole sentences, as word times are rough, and no sentence has two speakers.
    """
    timed = [(word.start_ms, word.turn) for word in original.words if word.start_ms is not None]
    starts = [start_ms for start_ms, _ in timed]
    if not timed or not translated.words:
        return translated
    turns: list[Turn] = []
    turn_of_words: list[int] = []
    latest = -1
    for sentence in _cut_sentences(translated.words):
        votes = Counter(
            timed[max(0, bisect_right(starts, _middle(word)) - 1)][1] for word in sentence
        )
        # Turns follow each other as they do in the original.
        source = max(latest, votes.most_common(1)[0][0])
        if source != latest:
            spoken = original.turns[source]
            turns.append(replace(spoken, first_word=len(turn_of_words), n_words=0))
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
        if word.text.rstrip("\"'”’)]")[-1:] in _ENDS or len(sentence) == LONG_SENTENCE:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _middle(word: Word) -> int:
    return ((word.start_ms or 0) + (word.end_ms or 0)) // 2
