"""Where text and first pass agree."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.alignment.anchors import MIN_RUN, Run, find_anchors, find_equal_runs
from pipeline.records import RecognizedWord

WORD_MS = 300
BLOCK = 6
"""Words that stay together when blocks of a text are shuffled."""


def hear(words: Sequence[str], late_ms: int = 0) -> list[RecognizedWord]:
    return [
        RecognizedWord(word, late_ms + WORD_MS * i, late_ms + WORD_MS * i + 200)
        for i, word in enumerate(words)
    ]


def count(runs: Sequence[Run]) -> int:
    return sum(run.n_words for run in runs)


def test_the_same_words_are_one_run() -> None:
    words = "so this is what it was all about".split()
    assert find_anchors(words, hear(words)) == (Run(0, 0, 8),)


def test_a_misheard_word_parts_two_runs() -> None:
    recognized = "so this is not it was all".split()
    assert find_anchors("so this is what it was all".split(), hear(recognized)) == (
        Run(0, 0, 3),
        Run(4, 4, 3),
    )


def test_runs_of_less_than_three_words_anchor_nothing() -> None:
    recognized = hear("one two x four five".split())
    assert find_anchors("one two three four five".split(), recognized) == ()
    assert count(find_equal_runs("one two three four five".split(), recognized)) == 4


@pytest.mark.parametrize(("text", "recognized"), [("", "a b c"), ("a b c", ""), ("", "")])
def test_nothing_said_or_nothing_heard_has_no_anchors(text: str, recognized: str) -> None:
    assert find_anchors(text.split(), hear(recognized.split())) == ()


def test_a_text_of_something_else_has_no_anchors() -> None:
    assert find_anchors(["a"] * 1000, hear(["b"] * 1000)) == ()


def test_a_short_run_seconds_out_of_place_is_dropped() -> None:
    opening = [f"first{i}" for i in range(12)]
    closing = [f"last{i}" for i in range(12)]
    middle = [f"word{i}" for i in range(60)]
    text = [*opening, *middle[:30], "you", "know", "what", *middle[30:], *closing]
    noise = ["mumble"] * 30
    recognized = [*hear(opening), *hear(noise, 4_000), *hear(noise, 13_000)]
    in_place = [*recognized, *hear(["you", "know", "what"], 13_100), *hear(closing, 26_000)]
    too_late = [*recognized, *hear(["you", "know", "what"], 24_900), *hear(closing, 26_000)]
    assert Run(42, 72, 3) in find_anchors(text, in_place)
    assert Run(42, 72, 3) not in find_anchors(text, too_late)


REPEATED = "still in funny mode this is funny mode this is fun what now".split()


@pytest.mark.parametrize(
    ("text", "recognized", "expected"),
    [
        (REPEATED, "x y funny mode this is z what now it", ()),
        ("a b funny mode this is fun c".split(), "funny mode this is x funny mode this is", ()),
        (
            "net making up that more sense a b of making more and more sense c d e f".split(),
            "net of making more and more sense x y z making more and more sense z d e f",
            (Run(15, 16, 3),),
        ),
        (REPEATED, "still in funny mode this is z what now it", (Run(0, 0, 6),)),
        (REPEATED, "x y funny mode this is fun what now", (Run(6, 2, 7),)),
        (
            [*REPEATED, "a", "b", "c", *REPEATED],
            [*REPEATED, *REPEATED],
            (Run(0, 0, 13), Run(16, 13, 13)),
        ),
    ],
)
def test_words_said_or_heard_twice_between_two_anchors_are_none(
    text: list[str], recognized: str | list[str], expected: tuple[Run, ...]
) -> None:
    words = recognized.split() if isinstance(recognized, str) else recognized
    assert find_anchors(text, hear(words)) == expected


def test_a_word_said_over_and_over_is_an_anchor() -> None:
    words = ["la"] * 500
    assert find_anchors(words, hear(words)) == (Run(0, 0, 500),)


def test_a_long_run_is_kept_wherever_it_lies() -> None:
    text = [f"word{i}" for i in range(80)]
    recognized = [*hear(text[:12]), *hear(text[36:46], 60_000), *hear(text[70:], 64_000)]
    assert Run(36, 12, 10) in find_anchors(text, recognized)


def test_a_refrain_is_matched_in_order() -> None:
    refrain = "row row row your boat".split()
    text = [
        word for verse in range(200) for word in [*refrain, *(f"v{verse}w{i}" for i in range(4))]
    ]
    recognized = [word for i, word in enumerate(text) if i % 9 != 2]
    assert count(find_equal_runs(text, hear(recognized))) == len(recognized)


def test_a_long_text_of_one_word_is_matched_to_itself() -> None:
    assert count(find_equal_runs(["la"] * 5000, hear(["la"] * 5000))) == 5000


def longest_increasing(numbers: Sequence[int]) -> int:
    """By trying all predecessors of each number."""
    lengths: list[int] = []
    for index, number in enumerate(numbers):
        before = [lengths[i] for i in range(index) if numbers[i] < number]
        lengths.append(1 + max(before, default=0))
    return max(lengths, default=0)


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(90)))
def test_of_shuffled_blocks_the_longest_increasing_row_is_matched(order: list[int]) -> None:
    blocks = [[f"b{block}w{i}" for i in range(BLOCK)] for block in range(90)]
    text = [word for i, block in enumerate(blocks) for word in [*block, f"unheard{i}"]]
    recognized = [word for block in order for word in blocks[block]]
    assert count(find_equal_runs(text, hear(recognized))) == BLOCK * longest_increasing(order)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 300), st.integers(0, 10**6), st.floats(0, 0.6))
def test_runs_are_equal_words_that_increase_on_both_sides(
    n_words: int, seed: int, wrong: float
) -> None:
    chance = random.Random(seed)
    text = [f"w{chance.randrange(n_words)}" for _ in range(1500)]
    recognized = [f"w{chance.randrange(n_words)}" if chance.random() < wrong else w for w in text]
    done_text = done_heard = 0
    for run in find_equal_runs(text, hear(recognized)):
        assert run.first_spoken >= done_text and run.first_recognized >= done_heard
        done_text, done_heard = run.first_spoken + run.n_words, run.first_recognized + run.n_words
        assert text[run.first_spoken : done_text] == recognized[run.first_recognized : done_heard]
    assert all(run.n_words >= MIN_RUN for run in find_anchors(text, hear(recognized)))


def test_of_20000_words_with_a_fifth_misheard_four_fifths_are_matched() -> None:
    chance = random.Random(3)
    text = [f"w{min(int(chance.paretovariate(0.6)), 5000)}" for _ in range(20_000)]
    recognized = ["misheard" if chance.random() < 0.2 else word for word in text]
    n_right = sum(word != "misheard" for word in recognized)
    assert count(find_equal_runs(text, hear(recognized))) > 0.98 * n_right
