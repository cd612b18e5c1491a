"""Whatever a text holds, it is read and spoken within seconds and little memory."""

import subprocess
import sys

import pytest

from pipeline.alignment.decoding import MAX_LETTER_SECONDS, decode_windows
from pipeline.alignment.windows import MAX_TOKENS, Window
from pipeline.errors import AlignmentError
from pipeline.records import GARBAGE, ArcTime, DecodeRequest
from pipeline.verbalization.spoken_text import SPARE_WORDS, limit_words, speak_text
from tests.text_families import make_families

SEED, N_FAMILIES = 16, 6
LONGEST_S = 300


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited as Linux has it")
def test_no_family_of_texts_blows_up() -> None:
    command = [sys.executable, "-m", "tests.text_families", str(SEED), str(N_FAMILIES)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert (run.returncode, run.stderr) == (0, ""), run.stdout
    assert int(run.stdout.split()[-2]) > 10 * N_FAMILIES


class GraphCounter:
    """A decoder that finds nothing, and notes how large the graphs are."""

    def __init__(self) -> None:
        self.spoken: list[list[str]] = []

    def decode(self, requests: list[DecodeRequest]) -> list[list[ArcTime]]:
        self.spoken += [[arc.word for arc in one.graph.arcs if arc.word] for one in requests]
        return [[] for _ in requests]


@pytest.mark.parametrize("length_ms", [500, 6_000, 20_000])
def test_no_graph_has_more_letters_than_its_sound_has_room_for(length_ms: int) -> None:
    for _, unit in make_families(SEED, N_FAMILIES):
        tokens = ["plain", *[unit * 50, "words"] * (MAX_TOKENS // 2)][:MAX_TOKENS]
        counter = GraphCounter()
        text = speak_text(tokens, "en")
        list(decode_windows(text, [Window(0, length_ms, 0, len(tokens), False)], counter))
        (spoken,) = counter.spoken
        n_letters = sum(len(word) for word in spoken if word != GARBAGE)
        assert n_letters * length_ms <= MAX_LETTER_SECONDS * 1000
        assert {"plain", "words"} <= set(spoken)


@pytest.mark.parametrize("token", ["a" * 1_001, "7" * 300, "a." * 400 + "com", "漢" * 2_000])
def test_tokens_that_are_cut_are_counted(token: str) -> None:
    assert speak_text(["word", token, "7" * 39, "--", token], "en").count_cut() == 2


def test_a_text_may_be_of_a_whole_of_which_the_recording_is_a_minute() -> None:
    assert speak_text(["word"] * 100_000, "en", max_words=limit_words(60_000)).n_tokens == 100_000


@pytest.mark.parametrize("token", ["word", "--", "7" * 39, "a" * 900, "漢" * 300])
def test_a_text_of_far_more_words_is_refused_before_all_of_it_is_read(token: str) -> None:
    n_read = 0

    def can_say(word: str) -> bool:
        nonlocal n_read
        n_read += 1
        return bool(word)

    with pytest.raises(AlignmentError, match="has more than 200,154 words"):
        speak_text([token] * 2 * SPARE_WORDS, "en", can_say, max_words=limit_words(14_000))
    assert n_read <= 2 * SPARE_WORDS
