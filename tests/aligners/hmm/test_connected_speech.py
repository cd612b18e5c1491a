"""What people's phones make of words: fillers, restarts, phones that are lost or merged.

A voice is stood in for by emissions: the states of the phone that it says fit well, others badly.
"""

import numpy as np
import pytest

from pipeline.aligners.hmm.builder import NO_SENONE, TriphoneBuilder
from pipeline.aligners.hmm.model import load_model
from pipeline.aligners.network import NO_ARC
from pipeline.aligners.search import find_best_paths
from pipeline.alignment.disfluencies import add_disfluencies
from pipeline.alignment.word_graph import build_graph
from pipeline.pronunciation.lexicon import Lexicon
from pipeline.records import GARBAGE

FRAMES = 8
"""How long each phone lasts."""
GOOD, GARBAGE_SCORE, BAD = 0.0, -3.0, -8.0


def hear(text: str, phones: str, *, fillers: tuple[str, ...] = ()) -> list[str]:
    """The words of the best path through a text's graph where these phones are said."""
    model, lexicon = load_model(), Lexicon()
    made = build_graph([((word,),) for word in text.split()], 0, is_open=False)
    if fillers:
        made = add_disfluencies(made, fillers)

    def pronounce(word: str) -> list[tuple[int, ...]]:
        ways = lexicon.pronounce(word)
        return [tuple(map(model.phone_names.index, way.split())) for way in ways]

    builder = TriphoneBuilder(model, pronounce)
    builder.add_graph(made.graph)
    network = builder.finish()
    said = np.repeat([model.phone_names.index(phone) for phone in phones.split()], FRAMES)
    of_state = np.where(network.labels == NO_SENONE, -1, model.codebooks[network.labels])
    emissions = np.where(of_state == said[:, None], GOOD, BAD)
    emissions[:, network.labels == NO_SENONE] = GARBAGE_SCORE
    (path,) = find_best_paths(network, [emissions.astype(np.float32)], [len(said)])
    return [made.graph.arcs[part.arc].word or "" for part in path if part.arc != NO_ARC]


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("had your", "HH AE JH AO R"),
        ("what you", "W AH CH UW"),
        ("must be", "M AH S B IY"),
        ("pretty fast", "P R IH IY F AE S T"),
        ("family name", "F AE M L IY N EY M"),
    ],
)
def test_words_in_connected_speech_are_found(text: str, phones: str) -> None:
    assert hear(text, phones) == text.split()


def test_a_filler_between_words_is_no_part_of_them() -> None:
    phones = "S OW AH M AE N D DH AE T"
    assert hear("so and that", phones, fillers=("um", "uh")) == ["so", "um", "and", "that"]
    assert GARBAGE in hear("so and that", "S OW AH M AH M AH M AE N D DH AE T")


@pytest.mark.parametrize("phones", ["W ER D Z W ER D Z AE N D", "W ER D W ER D Z AE N D"])
def test_a_word_said_again_is_found_twice(phones: str) -> None:
    assert hear("words and", phones, fillers=("um",)) == ["words", "words", "and"]
