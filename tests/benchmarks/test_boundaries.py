"""What the benchmark of topics measures: known errors have known scores, sets are as described."""

from pathlib import Path
from random import Random

import pytest
from boundaries.measures import measure, measure_f1, measure_pk, measure_window_diff
from boundaries.sets import join, make_choi, make_talk, shuffle
from boundaries.texts import Document, read_folder, split_sentences

TRUE = (0, 40, 80)
N_WORDS = 120


def documents(n_sentences: int) -> list[Document]:
    return [[f"Text {d} says its {s} here." for s in range(n_sentences)] for d in range(30)]


def test_the_true_boundaries_have_no_error() -> None:
    found = measure(TRUE, TRUE, N_WORDS, collar=5)
    assert (found.pk, found.window_diff, found.f1, found.count_error) == (0, 0, 1, 0)


def test_no_boundary_is_wrong_wherever_a_window_has_one() -> None:
    assert measure_pk((0,), TRUE, N_WORDS, 20) == pytest.approx(40 / 100)
    assert measure_window_diff((0,), TRUE, N_WORDS, 20) == pytest.approx(40 / 100)


def test_a_boundary_off_by_some_words_costs_a_window_at_each_end_of_them() -> None:
    assert measure_pk((0, 45, 80), TRUE, N_WORDS, 20) == pytest.approx(10 / 100)


def test_a_second_boundary_nearby_is_seen_by_window_diff_alone() -> None:
    twice = (0, 40, 42, 80)
    assert measure_pk(twice, TRUE, N_WORDS, 20) == pytest.approx(2 / 100)
    assert measure_window_diff(twice, TRUE, N_WORDS, 20) == pytest.approx(20 / 100)


@pytest.mark.parametrize(
    ("found", "f1"),
    [((0, 43, 78), 1.0), ((0, 46, 80), 0.5), ((0,), 0.0), ((0, 38, 41, 80), 0.8)],
)
def test_a_boundary_matches_one_within_the_collar(found: tuple[int, ...], f1: float) -> None:
    assert measure_f1(found, TRUE, 5) == pytest.approx(f1)


def test_a_text_after_choi_has_ten_segments_of_the_first_sentences_of_texts() -> None:
    sample = make_choi(documents(12), (3, 11), Random(1))
    ends = (*sample.begins[1:], sample.n_words)
    lengths = [end - begin for begin, end in zip(sample.begins, ends, strict=True)]
    assert len(lengths) == 10
    assert all(3 * 6 <= length <= 11 * 6 for length in lengths)
    firsts = [[w.text for w in sample.timed.words[b : b + 5]] for b in sample.begins]
    assert all(words[0] == "Text" and words[4] == "0" for words in firsts)
    assert len({words[1] for words in firsts}) == 10


def test_a_talk_has_long_segments_and_shuffled_keeps_its_sentences_alone() -> None:
    sample = make_talk(documents(400), Random(2))
    assert 8 <= len(sample.begins) <= 20
    mixed = shuffle(sample, Random(3))
    assert mixed.begins == (0,)
    texts = ([word.text for word in each.timed.words] for each in (sample, mixed))
    first, second = texts
    assert first != second
    assert sorted(first) == sorted(second)


def test_only_prose_counts_as_sentences(tmp_path: Path) -> None:
    text = (
        "HEADING\n\nThis is a sentence of some words. So is this one, which\nis longer.\n\n1 2 3 4."
    )
    wanted = ["This is a sentence of some words.", "So is this one, which is longer."]
    assert list(split_sentences(text)) == wanted
    (tmp_path / "a.txt").write_text(text)
    assert read_folder(tmp_path) == [wanted]


def test_joined_texts_begin_where_they_begin() -> None:
    assert join([["One two three."], ["Four five."], ["Six."]]).begins == (0, 3, 5)
