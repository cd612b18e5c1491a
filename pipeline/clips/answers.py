"""A question and its whole answer, around given words.

Turns tell who answers; in a text of one turn, an answer ends at the next question.
"""

from pipeline.clips.sentences import Sentences
from pipeline.records import TimedText

ASIDE_WORDS = 8
"""A turn of at most this many words that asks nothing ("Yeah.", "Wow.") does not end an answer."""

MAX_BACK = 40
"""Sentences searched for a question, back from the given words."""

MAX_QUESTIONS = 6
"""Most sentences that are taken before the question, from the turn that asks it."""


def expand_to_answer(timed: TimedText, sentences: Sentences, first: int, last: int) -> range | None:
    """Numbers of the sentences of the question and answer that words first..last belong to.

    Returns:
        None if there is no question before.
    """
    begin, end = sentences.find(first), sentences.find(last)
    asked = _find_question(sentences, begin)
    if asked is None:
        return None
    turn = timed.turns[sentences.all[asked].turn]
    if len(timed.turns) == 1:
        return range(asked, max(end, _find_next_question(sentences, asked)) + 1)
    opening = asked
    while opening and sentences.all[opening - 1].turn == sentences.all[asked].turn:
        if asked - opening == MAX_QUESTIONS:
            break
        opening -= 1
    closing = _find_answer_end(timed, sentences, asked, turn.speaker)
    return range(opening, max(end, closing) + 1)


def _find_question(sentences: Sentences, at: int) -> int | None:
    """The last question at sentence `at` or before it."""
    for number in range(at, max(-1, at - MAX_BACK), -1):
        if sentences.all[number].is_question and not _is_answered_by_itself(sentences, number, at):
            return number
    return None


def _is_answered_by_itself(sentences: Sentences, number: int, at: int) -> bool:
    """Whether a question is rhetorical: its turn goes on, up to sentence `at`."""
    turn = sentences.all[number].turn
    follows = sentences.all[number + 1] if number + 1 < len(sentences.all) else None
    is_only_turn = sentences.all[0].turn == sentences.all[-1].turn
    return (
        not is_only_turn
        and number != at
        and follows is not None
        and follows.turn == turn == sentences.all[at].turn
    )


def _find_next_question(sentences: Sentences, asked: int) -> int:
    """The sentence before the next question (several in a row are one)."""
    for number in range(asked + 2, len(sentences.all)):
        if sentences.all[number].is_question and not sentences.all[number - 1].is_question:
            return number - 1
    return len(sentences.all) - 1


def _find_answer_end(timed: TimedText, sentences: Sentences, asked: int, asker: str | None) -> int:
    """The last sentence of the answer; short asides of the asker don't end it."""
    own_turn = sentences.all[asked].turn
    at = asked
    for number in range(asked + 1, len(sentences.all)):
        sentence = sentences.all[number]
        turn = timed.turns[sentence.turn]
        # Without names, two speakers are assumed: every second turn is the asker's.
        has_name = asker is not None
        is_asker = turn.speaker == asker if has_name else (sentence.turn - own_turn) % 2 == 0
        if not is_asker or sentence.turn == own_turn:
            at = number
        elif turn.n_words > ASIDE_WORDS or sentence.is_question:
            break
    return at
