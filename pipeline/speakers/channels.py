"""Speaker attribution by channel: a word's speaker is the one whose channel is loudest.

Turns that are labelled in the text keep their speakers. A text without turns is divided into some.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from pipeline.levels import Levels
from pipeline.records import TimedText, Turn, Word

LOUD_QUANTILE = 0.99
"""Quantile of a channel's levels that counts as its 0 dB, as microphones differ in gain."""
MAX_ADVANTAGE_DB = 6.0
"""Limit on a channel's level over the mean of all, so that a cough can't outweigh a sentence."""
CHANGE_COST_DB_S = 4.0
"""Cost of a change of speaker. A third of a second clearly on one of two channels outweighs it."""


def name_speakers(timed: TimedText, levels: Levels, speakers: Sequence[str]) -> TimedText:
    """Give every turn without a label its speaker; a text of one such turn is divided into turns.

    Args:
        speakers: one for each of the first channels, in their order.
    """
    scores = _score_words(timed.words, levels, len(speakers))
    if len(timed.turns) == 1 and timed.turns[0].speaker_from != "label":
        return _make_turns(timed, [speakers[each] for each in _follow(scores)])
    return replace(timed, turns=tuple(_name(turn, scores, speakers) for turn in timed.turns))


def _score_words(words: Sequence[Word], levels: Levels, n_speakers: int) -> npt.NDArray[np.float64]:
    """Level of each speaker's channel over the mean of all during each word, in dB · s.

    Returns:
        (n_words, n_speakers), 0 for a word without times.
    """
    db = levels.db[:, :n_speakers].astype(float)
    if len(db):
        db -= np.quantile(db, LOUD_QUANTILE, axis=0)
    advantage = np.clip(db - db.mean(axis=1, keepdims=True), -MAX_ADVANTAGE_DB, MAX_ADVANTAGE_DB)
    sums = np.vstack([np.zeros((1, n_speakers)), np.cumsum(advantage, axis=0)]) / levels.per_s
    scores = np.zeros((len(words), n_speakers))
    for index, word in enumerate(words):
        if word.span:
            first, last = map(levels.frame, word.span)
            scores[index] = sums[last] - sums[first]
    return scores


def _name(turn: Turn, scores: npt.NDArray[np.float64], speakers: Sequence[str]) -> Turn:
    total = scores[turn.first_word : turn.first_word + turn.n_words].sum(axis=0)
    if turn.speaker_from == "label" or not total.any():
        return turn
    return replace(turn, speaker=speakers[int(total.argmax())], speaker_from="inferred")


def _follow(scores: npt.NDArray[np.float64]) -> list[int]:
    """The speaker of each word: the best sequence by Viterbi search, where each change costs."""
    best = np.zeros(scores.shape[1])
    came_from: list[npt.NDArray[np.intp]] = []
    for score in scores:
        jump = best.max() - CHANGE_COST_DB_S
        came_from.append(np.where(best >= jump, np.arange(len(best)), best.argmax()))
        best = np.maximum(best, jump) + score
    speaker = int(best.argmax())
    path = []
    for before in reversed(came_from):
        path.append(speaker)
        speaker = int(before[speaker])
    return path[::-1]


def _make_turns(timed: TimedText, speaker_by_word: Sequence[str]) -> TimedText:
    """Divide the words into turns where the speaker changes."""
    turns: list[Turn] = []
    words: list[Word] = []
    for speaker, group in groupby(
        zip(speaker_by_word, timed.words, strict=True), lambda one: one[0]
    ):
        spoken = [replace(word, turn=len(turns)) for _, word in group]
        turns.append(Turn(speaker, "inferred", len(words), len(spoken)))
        words += spoken
    return replace(timed, turns=tuple(turns), words=tuple(words))
