"""Timed texts made from words and their times."""

from collections.abc import Callable, Sequence

import pytest

from pipeline.records import TimedText, Turn, Word

SpokenWord = tuple[str, int | None, int | None]


@pytest.fixture
def make_timed() -> Callable[..., TimedText]:
    """One turn of words, each with its start and end; an unspoken one has neither."""

    def make(spoken: Sequence[SpokenWord], duration_ms: int = 60_000) -> TimedText:
        words = tuple(
            Word(text, start_ms, end_ms, "unspoken" if start_ms is None else "aligned",
                 0.0 if start_ms is None else 1.0, 0)
            for text, start_ms, end_ms in spoken
        )  # fmt: skip
        turns = (Turn("host", "label", 0, len(words)),) if words else ()
        return TimedText("en", "scripted", duration_ms, turns, words)

    return make


@pytest.fixture
def speak(make_timed: Callable[..., TimedText]) -> Callable[[str], TimedText]:
    """Half a second a word, of which the last fifth is pause."""

    def make(text: str) -> TimedText:
        spoken = [(word, i * 500 + 100, i * 500 + 500) for i, word in enumerate(text.split())]
        return make_timed(spoken, len(spoken) * 500 + 400)

    return make
