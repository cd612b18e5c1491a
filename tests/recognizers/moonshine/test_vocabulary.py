"""Text to tokens and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.moonshine.model import MoonshineModel
from pipeline.recognizers.moonshine.vocabulary import Vocabulary

PIECES = (b"<unk>", b"<s>", b"</s>", *(bytes([byte]) for byte in range(256)), "▁".encode())
MERGED = ("▁a", "an", "▁an", "▁b", "ba", "na", "▁ba", "nana")


@pytest.fixture(scope="module")
def small() -> Vocabulary:
    letters = [*map(chr, range(97, 123)), "é"]
    return Vocabulary((*PIECES, *(piece.encode() for piece in (*letters, *MERGED))))


def test_pieces_are_merged_in_the_order_of_their_numbers(small: Vocabulary) -> None:
    tokens = small.cut(" banana")
    assert [small.join([token]) for token in tokens] == [" b", "an", "an", "a"]


def test_a_letter_that_is_no_piece_is_its_bytes(small: Vocabulary) -> None:
    assert len(small.cut("漢")) == 3
    assert small.join(small.cut(" é漢")) == " é漢"


@given(st.text(st.characters(exclude_characters="▁", exclude_categories=["Cs"]), max_size=40))
def test_cut_text_joins_again(text: str) -> None:
    vocabulary = Vocabulary(PIECES)
    assert vocabulary.join(vocabulary.cut(text)) == text


def test_what_is_no_text_is_left_out(small: Vocabulary) -> None:
    assert small.join([1, *small.cut(" an"), 2]) == " an"


def test_the_wheel_has_the_tokens_of_llama(model: MoonshineModel) -> None:
    assert model.vocabulary.cut(" there's a nice") == [727, 29915, 29879, 263, 7575]
