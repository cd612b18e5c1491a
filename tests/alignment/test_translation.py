"""Who says what of a translation."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.translation import LONG_SENTENCE, carry_turns
from pipeline.records import TimedText, Turn, Word

WORD_MS = 300


def make_text(*turns: tuple[str | None, int, str]) -> TimedText:
    """Turns as (speaker, start, words), each word as long as the others."""
    words: list[Word] = []
    made: list[Turn] = []
    for number, (speaker, start_ms, text) in enumerate(turns):
        tokens = text.split()
        source = "label" if speaker else None
        made.append(Turn(speaker, source, len(words), len(tokens)))  # type: ignore[arg-type]
        for place, token in enumerate(tokens):
            from_ms = start_ms + place * WORD_MS
            words.append(Word(token, from_ms, from_ms + WORD_MS, "aligned", 0.9, number))
    return TimedText("de", "test", 60_000, tuple(made), tuple(words))


def spoken(text: TimedText) -> list[tuple[str | None, str]]:
    words = [word.text for word in text.words]
    return [
        (turn.speaker, " ".join(words[turn.first_word : turn.first_word + turn.n_words]))
        for turn in text.turns
    ]


GERMAN = make_text(
    ("nora", 1_000, "Wie war das Meer heute?"), ("emil", 4_000, "Kalt. Sehr kalt, wie immer."),
    ("nora", 8_000, "Das dachte ich mir."),
)  # fmt: skip


def test_a_sentence_is_said_by_whoever_speaks_most_of_it() -> None:
    spread = make_text(
        (None, 1_100, "How was the sea today?"),
        (None, 3_800, "Cold. Very cold as it is."),
        (None, 8_300, "I thought so."),
    )
    one = tuple(replace(word, turn=0) for word in spread.words)
    english = replace(spread, turns=(Turn(None, None, 0, len(one)),), words=one)
    carried = carry_turns(english, GERMAN)
    assert spoken(carried) == [
        ("nora", "How was the sea today?"),
        ("emil", "Cold. Very cold as it is."),
        ("nora", "I thought so."),
    ]
    assert [word.turn for word in carried.words] == [0] * 5 + [1] * 6 + [2] * 3


def test_nothing_said_is_nobodys() -> None:
    nothing = TimedText("en", "test", 60_000, (), ())
    assert carry_turns(nothing, GERMAN) == nothing


def test_a_sentence_that_never_ends_is_cut() -> None:
    long = make_text((None, 0, "on " * (LONG_SENTENCE + 5)))
    original = make_text(
        ("a", 0, "ja " * LONG_SENTENCE), ("b", LONG_SENTENCE * WORD_MS, "nein " * 9)
    )
    assert [turn.n_words for turn in carry_turns(long, original).turns] == [LONG_SENTENCE, 5]


def test_without_times_there_is_nobody_to_ask() -> None:
    unspoken = TimedText(
        "de",
        "test",
        9_000,
        (Turn("a", "label", 0, 1),),
        (Word("ja", None, None, "unspoken", 0, 0),),
    )
    english = make_text((None, 0, "Yes."))
    assert carry_turns(english, unspoken) == english


@given(
    st.lists(st.tuples(st.integers(0, 9_000), st.sampled_from(["on", "on.", "so?"])), max_size=40),
    st.lists(st.integers(1, 5), min_size=1, max_size=12),
)
def test_every_word_is_kept_and_turns_follow_each_other_as_they_did(
    tokens: list[tuple[int, str]], lengths: list[int]
) -> None:
    starts = sorted(start for start, _ in tokens)
    words = tuple(
        Word(text, start_ms, start_ms + 200, "aligned", 0.5, 0)
        for start_ms, (_, text) in zip(starts, tokens, strict=True)
    )
    turns = (Turn(None, None, 0, len(words)),) if words else ()
    translated = TimedText("en", "test", 60_000, turns, words)
    begins = [sum(lengths[:number]) * WORD_MS for number in range(len(lengths))]
    original = make_text(*((str(n), begins[n], "ja " * length) for n, length in enumerate(lengths)))
    carried = carry_turns(translated, original)
    assert [(word.text, word.start_ms) for word in carried.words] == [
        (word.text, word.start_ms) for word in words
    ]
    numbers = [int(turn.speaker or 0) for turn in carried.turns]
    assert all(one < other for one, other in pairwise(numbers))
