"""The model's tokens: byte pair encoding of text, as SentencePiece does it.

Source: Kudo & Richardson 2018, SentencePiece; pairs are merged in the order they were learnt, which
is that of their numbers.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

START, END = 1, 2
_N_SPECIAL = 3
_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
"""Stands for a space in a token."""


class Vocabulary:
    """Tokens by number, and back."""

    def __init__(self, pieces: tuple[bytes, ...]) -> None:
        """Take the text of each token in UTF-8; the first three are special tokens."""
        self._pieces = pieces
        # A byte token and an ASCII letter look the same: text uses the letter, which comes later.
        text = enumerate(pieces[_N_SPECIAL:], _N_SPECIAL)
        self._numbers = {piece: number for number, piece in text}

    def __len__(self) -> int:
        return len(self._pieces)

    @classmethod
    def read(cls, path: Path) -> "Vocabulary":
        """Read `tokenizer.bin`: before each piece its length, in a byte, or two from 128 on."""
        return cls(tuple(_split(path.read_bytes())))

    def cut(self, text: str) -> list[int]:
        """The tokens of words with a space before each; unknown letters become byte tokens."""
        letters = text.replace(" ", _SPACE)
        tokens: list[bytes] = []
        for letter in letters:
            whole = letter.encode()
            tokens += [whole] if whole in self._numbers else [bytes([byte]) for byte in whole]
        while len(tokens) > 1:
            rank, place = min(
                (self._numbers.get(tokens[at] + tokens[at + 1], len(self._pieces)), at)
                for at in range(len(tokens) - 1)
            )
            if rank == len(self._pieces):
                break
            tokens[place : place + 2] = [tokens[place] + tokens[place + 1]]
        return [self._numbers[token] for token in tokens]

    def join(self, tokens: Iterable[int]) -> str:
        """The text of tokens, special ones left out."""
        joined = b"".join(self._pieces[token] for token in tokens if token >= _N_SPECIAL)
        return joined.decode(errors="replace").replace(_SPACE, " ")


def _split(packed: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(packed):
        length = packed[at]
        at += 1
        if length >= 128:
            length += packed[at] * 128 - 128
            at += 1
        yield packed[at : at + length]
        at += length
