"""Texts drawn from the grammar of transcripts: each token goes where the grammar has it."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

from grammar import Tally, count, run_texts
from hypothesis import given, settings
from hypothesis import strategies as st
from written_texts import Place, WrittenText, draw_text

from pipeline.alignment.brackets import read_brackets
from pipeline.alignment.parsed_text import Script
from pipeline.documents.reading import read_document
from pipeline.stages.text import parse_text

MOST_WORDS = 10_000
MAX_LOST = 0.02
"""Share of the words said that may be lost in two texts; in 72 it was .004."""
texts = st.integers(0, 2**32).map(lambda seed: draw_text(random.Random(seed)))


def read(text: WrittenText) -> Script:
    """The text as its document is read, with the brackets as words that are said."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"talk{text.suffix}"
        path.write_text(text.text)
        script = parse_text(read_document(path), path.name, (), MOST_WORDS)
    drawn = [part for part in text.parts if part.kind in ("bracket", "unspoken bracket")]
    found = [
        number
        for number, bracket in enumerate(script.brackets)
        if bracket.may_be_spoken and not bracket.is_heading
    ]
    said = {number for number, part in zip(found, drawn, strict=True) if part.place is Place.WORD}
    return read_brackets(script, said).script


@settings(max_examples=100)
@given(texts)
def test_every_token_is_a_word_once_in_order_and_verbatim(text: WrittenText) -> None:
    script = read(text)
    assert list(script.words) == [token for token, _ in text.list_tokens()]
    marks = [n for n, (_, part) in enumerate(text.list_tokens()) if part.place is Place.UNSAID]
    assert list(script.unsaid) == marks
    assert len(script.sounds) == sum(part.place is Place.SOUND for part in text.parts)
    kinds = [part.kind for part in text.parts]
    assert script.n_headings == kinds.count("heading") + kinds.count("note mark")


def test_every_token_that_is_said_is_found_and_shown(tmp_path: Path) -> None:
    drawn = {seed: draw_text(random.Random(seed)) for seed in (7, 8)}
    run_texts(drawn, tmp_path, workers=1)
    tally = Tally()
    for seed, text in drawn.items():
        count(tally, text, tmp_path / "out" / f"{seed:03}", seed)
    assert tally.n_texts == len(drawn)
    assert (tally.n_failed, tally.n_other_tokens) == (0, 0), tally.faults
    assert (tally.n_other_sounds, tally.n_shown_marks) == (0, 0), tally.faults
    assert max(tally.n_unspoken, tally.n_unshown) <= MAX_LOST * tally.n_spoken, tally.faults
