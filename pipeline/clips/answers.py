"""A question and its whole answer, around given words.

Turns tell who answers; in a text of one turn, an answer ends at the next question.
"""

from pipeline.clips.sentences import Sentences

ASIDE_WORDS = 8
"""A turn of at most this many words that asks nothing ("Yeah.", "Wow.") does not end an answer."""

MAX_BACK = 40
"""Sentences searched for a question, back from the given words: some four minutes of 15 words a
sentence; what was asked before that is taken for another subject."""

MAX_QUESTIONS = 6
"""Most sentences that are taken before the question, from the turn that asks it: an introduction,
and not all of a long turn that ends in a question."""


def expand_to_answer(sentences: Sentences, first: int, last: int) -> range | None:
    """Numbers of the sentences of the question and answer that words first..last belong to.

    Returns:
        None if there is no question before.
    """
    begin, end = sentences.find(first), sentences.find(last)
    asked = _find_question(sentences, begin)
    if asked is None:
        return None
    if len(sentences.timed.turns) == 1:
        return range(asked, max(end, _find_next_question(sentences, asked)) + 1)
    opening = asked
    while opening and sentences.all[opening - 1].turn == sentences.all[asked].turn:
        if asked - opening == MAX_QUESTIONS:
            break
        opening -= 1
    closing = _find_answer_end(sentences, asked)
    return range(opening, max(end, closing) + 1)


def _find_question(sentences: Sentences, at: int) -> int | None:
    """The last question at sentence `at` or before it."""
    for number in range(at, max(-1, at - MAX_BACK), -1):
        if sentences.all[number].is_question and not _is_answered_by_itself(sentences, number, at):
            return number
    return None


def _is_answered_by_itself(sentences: Sentences, number: int, at: int) -> bool:
    """Whether a question is rhetorical: its turn goes on, up to sentence `at`."""
    is_only_turn = sentences.all[0].turn == sentences.all[-1].turn
    is_same = sentences.all[number].turn == sentences.all[at].turn
    return not is_only_turn and number != at and is_same


def _find_next_question(sentences: Sentences, asked: int) -> int:
    """The sentence before the next question (several in a row are one)."""
    for number in range(asked + 2, len(sentences.all)):
        if sentences.all[number].is_question and not sentences.all[number - 1].is_question:
            return number - 1
    return len(sentences.all) - 1


def _find_answer_end(sentences: Sentences, asked: int) -> int:
    """The last sentence of the answer; short asides of the asker don't end it."""
    turns, own_turn = sentences.timed.turns, sentences.all[asked].turn
    asker = turns[own_turn].speaker
    at = asked
    for number in range(asked + 1, len(sentences.all)):
        sentence = sentences.all[number]
        turn = turns[sentence.turn]
        # Without names, two speakers are assumed: every second turn is the asker's.
        is_asker = turn.speaker == asker if asker else (sentence.turn - own_turn) % 2 == 0
        if not is_asker or sentence.turn == own_turn:
            at = number
        elif turn.n_words > ASIDE_WORDS or sentence.is_question:
            break
    return at
