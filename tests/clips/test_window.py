"""A window holds the words of its time, once, rebased to 0."""

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.clips.window import cut_chapters, cut_window, find_words
from pipeline.records import Sound, Stretch, TimedText, Topic, Turn, Word


@st.composite
def timed_texts(draw: st.DrawFn) -> TimedText:
    words: list[Word] = []
    turns: list[Turn] = []
    start_ms = 0
    for number in range(draw(st.integers(0, 5))):
        first = len(words)
        for _ in range(draw(st.integers(1, 5))):
            start_ms += draw(st.integers(0, 400))
            if draw(st.integers(0, 4)) == 0:
                words.append(Word(f"w{len(words)}", None, None, "unspoken", 0.0, number))
            else:
                end_ms = start_ms + draw(st.integers(1, 900))
                words.append(Word(f"w{len(words)}", start_ms, end_ms, "aligned", 1.0, number))
        turns.append(Turn(f"s{number}", "label", first, len(words) - first))
    sounds = tuple(
        Sound(f"s{after}", after, at, None if at is None else at + 50)
        for after, at in draw(
            st.lists(
                st.tuples(st.integers(-1, len(words) - 1), st.none() | st.integers(0, 3000)),
                max_size=4,
            )
        )
    )
    duration_ms = start_ms + 2000
    unheard = (Stretch(0, duration_ms),)
    return TimedText("en", "scripted", duration_ms, tuple(turns), tuple(words), sounds, unheard)


@given(timed_texts(), st.lists(st.integers(1, 5000), max_size=5))
def test_windows_that_touch_share_the_words_out(timed: TimedText, cuts: list[int]) -> None:
    inner = {cut for cut in cuts if cut < timed.duration_ms}
    edges = [0, *sorted(inner), max(timed.duration_ms, 100_000)]
    windows = [cut_window(timed, a, b) for a, b in pairwise(edges)]
    texts = [word.text for window in windows for word in window.words]
    assert texts == [word.text for word in timed.words]


@given(timed_texts(), st.integers(0, 3000), st.integers(1, 3000))
def test_a_window_stays_inside_itself(timed: TimedText, start_ms: int, length_ms: int) -> None:
    window = cut_window(timed, start_ms, start_ms + length_ms)
    assert window.duration_ms == length_ms
    for each in (*window.words, *window.sounds, *window.unheard):
        if each.start_ms is not None and each.end_ms is not None:
            assert 0 <= each.start_ms < each.end_ms <= length_ms
    for number, turn in enumerate(window.turns):
        inside = window.words[turn.first_word : turn.first_word + turn.n_words]
        assert {word.turn for word in inside} == {number}


@given(timed_texts())
def test_the_whole_is_a_window_too(timed: TimedText) -> None:
    whole = cut_window(timed, 0, 1_000_000)
    assert (whole.words, whole.turns) == (timed.words, timed.turns)


def test_times_count_from_the_windows_start(make_timed: Callable[..., TimedText]) -> None:
    timed = make_timed([("a", 0, 400), ("b", 1000, 1400), ("c", 2000, 2400)])
    window = cut_window(timed, 900, 1900)
    assert [(word.text, word.start_ms, word.end_ms) for word in window.words] == [("b", 100, 500)]


def test_a_word_over_the_edge_goes_where_its_middle_is(
    make_timed: Callable[..., TimedText],
) -> None:
    timed = make_timed([("a", 0, 400), ("b", 400, 800)])
    assert list(find_words(timed, 0, 500)) == [0]
    assert list(find_words(timed, 0, 700)) == [0, 1]
    assert cut_window(timed, 0, 700).words[1].end_ms == 700


def test_an_unspoken_word_goes_with_the_one_before(make_timed: Callable[..., TimedText]) -> None:
    timed = make_timed([("a", 0, 400), ("x", None, None), ("b", 1000, 1400)])
    assert list(find_words(timed, 0, 700)) == [0, 1]
    assert list(find_words(timed, 700, 2000)) == [2]


def test_a_window_of_silence_is_empty(make_timed: Callable[..., TimedText]) -> None:
    window = cut_window(make_timed([("a", 0, 400)]), 1000, 2000)
    assert (window.words, window.turns) == ((), ())


def test_a_turn_cut_in_two_keeps_its_speaker() -> None:
    words = tuple(
        Word(t, i * 500, i * 500 + 400, "aligned", 1.0, i // 2) for i, t in enumerate("abcd")
    )
    turns = (Turn("ann", "label", 0, 2), Turn("bob", "inferred", 2, 2))
    window = cut_window(TimedText("en", "scripted", 2000, turns, words), 500, 1500)
    assert window.turns == (Turn("ann", "label", 0, 1), Turn("bob", "inferred", 1, 1))
    assert [word.turn for word in window.words] == [0, 1]


def test_chapters_of_a_clip_that_begins_inside_a_part_of_a_topic_are_whole_topics() -> None:
    parts = (Topic("God", 0, 4_000, 0, 4), Topic("Simulation", 4_000, 9_000, 4, 5))
    topics = (
        Topic("Life on Earth", 0, 9_000, 0, 9, subtopics=parts),
        Topic("Video games", 9_000, 20_000, 9, 11),
    )
    first, second = cut_chapters(topics, 6_000, 12_000)
    assert (first.title, first.start_ms, first.end_ms) == ("Life on Earth", 0, 3_000)
    assert (second.title, second.start_ms, second.end_ms) == ("Video games", 3_000, 6_000)
