"""The CTC decoder: against all paths there are on made-up emissions, and on a small model."""

import json
import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.aligners.ctc.decoder import CtcDecoder, extend_emissions, load
from pipeline.aligners.ctc.emissions import load_emission_model
from pipeline.aligners.ctc.folder import find_ctc_model
from pipeline.aligners.ctc.letters import ANY, BETWEEN, Alphabet, read_alphabet
from pipeline.aligners.ctc.network import build_network, find_words
from pipeline.aligners.network import Floats
from pipeline.alignment.word_graph import build_graph
from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Samples
from pipeline.errors import EngineError
from pipeline.models.kinds import WAV2VEC2
from pipeline.records import GARBAGE, Arc, WordGraph

ROUNDING = 1e-3
"""Nats that sums of 32-bit figures may differ by."""
START_TOLERANCE_MS = 60
BLANK, DELIMITER = 0, 3
ABC = Alphabet({"a": 1, "b": 2}, BLANK, DELIMITER)
N_LABELS = 4


# --- against all paths there are ----------------------------------------------------------------


def all_routes(
    graph: WordGraph, state: int = 0, passed: frozenset[int] = frozenset()
) -> dict[tuple[int, ...], float]:
    """The word arcs of every route to the final state, and the best log-probability of each.

    Without a word between, no state is passed twice: that is never better.
    """
    routes: dict[tuple[int, ...], float] = {}
    if state == graph.final_state:
        routes[()] = 0.0
    for index, arc in enumerate(graph.arcs):
        if arc.from_state != state or (arc.word is None and arc.to_state in passed):
            continue
        own = () if arc.word is None else (index,)
        after = all_routes(graph, arc.to_state, frozenset() if own else passed | {state})
        for rest, log in after.items():
            words, log_route = (*own, *rest), log + math.log(arc.probability)
            routes[words] = max(log_route, routes.get(words, -math.inf))
    return routes


def all_spellings(letters: Sequence[int], n_frames: int) -> Iterator[list[int]]:
    """The columns of every way to write a word's letters in so many frames, by CTC's rule:
    repeats are one, blanks are none. Letters that stand for anything are never repeats."""
    names = [f"any {at}" if column == ANY else column for at, column in enumerate(letters)]
    for signs in product([*dict.fromkeys(names), "blank"], repeat=n_frames):
        written = [sign for sign, _ in groupby(signs) if sign != "blank"]
        if written == names and "blank" not in (signs[0], signs[-1]):
            column_of = {**dict(zip(names, letters, strict=True)), "blank": BLANK}
            yield [column_of[sign] for sign in signs]


def score_best(extended: Floats, words: Sequence[Sequence[int]], is_first: bool = True) -> float:
    """The best of all ways to share the frames among words and the gaps between them."""
    n_frames = len(extended)
    best = -math.inf
    if not words:
        return float(extended[:, BETWEEN].sum()) if n_frames or is_first else 0.0
    for gap in range(0 if is_first else 1, n_frames):
        for after in range(gap + 1, n_frames + 1):
            spellings = all_spellings(words[0], after - gap)
            own = max(
                (float(extended[range(gap, after), columns].sum()) for columns in spellings),
                default=-math.inf,
            )
            if own > -math.inf:
                rest = score_best(extended[after:], words[1:], is_first=False)
                best = max(best, float(extended[:gap, BETWEEN].sum()) + own + rest)
    return best


def find_and_rescore(extended: Floats, graph: WordGraph) -> float:
    """The log-probability of the path found, as its own frames tell it; -inf if there is none."""
    network = build_network(graph, ABC.spell, BLANK)
    words = find_words(network, extended)
    at = np.full(len(extended), BETWEEN)
    for word in words:
        at[word.first_frame :][: len(word.states)] = network.labels[word.states]
    log_route = all_routes(graph).get(tuple(word.arc for word in words), -math.inf)
    return log_route + float(extended[np.arange(len(extended)), at].sum())


@st.composite
def graphs(draw: st.DrawFn) -> WordGraph:
    """Small graphs whose arcs lead onwards, one of them a word's at least."""
    n_states = draw(st.integers(2, 4))
    words = st.sampled_from(["a", "ab", "aa", "ba", "c", "bc", GARBAGE, None, None])
    probabilities = st.sampled_from([1.0, 0.5, 1e-3])
    arcs = [Arc(0, 1, 1.0, draw(st.sampled_from(["a", "ab", "aa"])))]
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, n_states - 2))
        end = draw(st.integers(start + 1, n_states - 1))
        arcs.append(Arc(start, end, draw(probabilities), draw(words)))
    return WordGraph(n_states, draw(st.integers(1, n_states - 1)), tuple(arcs))


def chance_emissions(n_frames: int, seed: int) -> Floats:
    recognized = np.random.default_rng(seed).normal(scale=3, size=(n_frames, N_LABELS))
    logs = recognized - np.log(np.exp(recognized).sum(axis=1, keepdims=True))
    return extend_emissions(logs.astype(np.float32), ABC)


@given(graphs(), st.integers(1, 6), st.integers(0, 10_000))
def test_no_path_is_better_than_the_one_found(graph: WordGraph, n_frames: int, seed: int) -> None:
    extended = chance_emissions(n_frames, seed)
    ways = (
        log + score_best(extended, [ABC.spell(graph.arcs[arc].word or "") for arc in words])
        for words, log in all_routes(graph).items()
    )
    best = max(ways, default=-math.inf)
    assert find_and_rescore(extended, graph) == pytest.approx(best, abs=ROUNDING)


@given(st.lists(st.sampled_from(["a", "ab", "ba"]), min_size=1, max_size=3), st.integers(0, 10_000))
def test_nor_in_a_graph_of_a_text(words: list[str], seed: int) -> None:
    made = build_graph([((word,),) for word in words], 0, is_open=False).graph
    # Anything may be said any number of times: that many routes can't be listed.
    arcs = tuple(arc for arc in made.arcs if arc.from_state != arc.to_state)
    graph = replace(made, arcs=arcs)
    extended = chance_emissions(5, seed)
    best = max(
        log + score_best(extended, [ABC.spell(graph.arcs[arc].word or "") for arc in arcs])
        for arcs, log in all_routes(graph).items()
    )
    assert find_and_rescore(extended, graph) == pytest.approx(best, abs=ROUNDING)


def test_what_lies_between_words_is_nothing_or_the_delimiter_or_anything() -> None:
    logs = np.log(np.array([[0.9, 0.05, 0.03, 0.02], [0.1, 0.1, 0.1, 0.7], [0.1, 0.7, 0.1, 0.1]]))
    extended = extend_emissions(logs.astype(np.float32), ABC)
    between = extended[:, BETWEEN]
    assert between == pytest.approx([math.log(0.9), math.log(0.7), extended[0, ANY]], abs=1e-6)
    without = extend_emissions(logs.astype(np.float32), Alphabet(ABC.columns, BLANK))
    assert without[1, BETWEEN] == without[1, ANY]


# --- letters ------------------------------------------------------------------------------------


UPPER = Alphabet({letter: index for index, letter in enumerate("ABCDEFGO'ẞS")}, 20)


@pytest.mark.parametrize(
    ("word", "letters"),
    [
        ("face", "FACE"),
        ("FACE", "FACE"),
        ("façade", "FACADE"),
        ("föé", "FOE"),
        ("d'oc", "D'OC"),
        ("ße", "SSE"),
    ],
)
def test_words_are_spelled_as_the_model_writes(word: str, letters: str) -> None:
    assert UPPER.spell(word) == tuple(UPPER.columns[letter] for letter in letters)


def test_a_letter_the_model_has_is_never_taken_apart() -> None:
    french = Alphabet({"c": 1, "ç": 2, "a": 3}, 0)
    assert french.spell("ça") == french.spell("c\u0327a") == (2, 3)


def test_what_the_model_cannot_write_is_anything() -> None:
    assert UPPER.spell("fж4") == (UPPER.columns["F"], ANY, ANY)
    assert UPPER.spell("你") == UPPER.spell("-") == UPPER.spell(GARBAGE) == (ANY,)
    assert Alphabet({"d": 1, "o": 2}, 0).spell("d'o") == (1, 2)


def write_vocabulary(folder: Path, vocabulary: object, **names: str) -> Path:
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "tokenizer_config.json").write_text(json.dumps(names))
    return folder


def test_blank_and_delimiter_are_those_the_tokenizer_names(tmp_path: Path) -> None:
    vocabulary = {"[PAD]": 0, "a": 1, "_": 2, "<unk>": 3, "|": 4}
    plain = read_alphabet(write_vocabulary(tmp_path, vocabulary))
    assert (plain.blank, plain.delimiter, plain.columns) == (0, 4, {"a": 1, "_": 2})
    named = read_alphabet(
        write_vocabulary(tmp_path, vocabulary, pad_token="<unk>", word_delimiter_token="_")
    )
    assert (named.blank, named.delimiter, named.columns) == (3, 2, {"a": 1, "|": 4})


def test_a_model_for_aligning_has_a_blank_beside_its_padding(tmp_path: Path) -> None:
    vocabulary = {"<blank>": 0, "<pad>": 1, "a": 2}
    alphabet = read_alphabet(write_vocabulary(tmp_path, vocabulary, pad_token="<pad>"))
    assert (alphabet.blank, alphabet.delimiter) == (0, None)


@pytest.mark.parametrize(
    ("vocabulary", "problem"),
    [
        ({"a": 0}, "has no blank"),
        ({"eng": {"a": 0}}, "is not one list of letters"),
        (["a"], "is no JSON object"),
    ],
)
def test_a_vocabulary_of_another_kind_is_one_line(
    tmp_path: Path, vocabulary: object, problem: str
) -> None:
    with pytest.raises(EngineError, match=f"vocab.json: {problem}; "):
        read_alphabet(write_vocabulary(tmp_path, vocabulary))


# --- where a model lies ---------------------------------------------------------------------------


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hub's cache, empty, on a machine without a network."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    return tmp_path / "hub"


def test_a_folder_with_a_model_is_found(tiny_ctc: Path) -> None:
    assert find_ctc_model(str(tiny_ctc)) == tiny_ctc


def test_a_name_is_found_in_the_hubs_cache(tiny_ctc: Path, hub: Path) -> None:
    cached = hub / "models--org--german-ct2"
    shutil.copytree(tiny_ctc, cached / "snapshots" / "abc")
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text("abc")
    assert find_ctc_model("org/german-ct2") == cached / "snapshots" / "abc"
    (cached / "snapshots" / "abc" / "model.bin").unlink()
    assert find_ctc_model("org/german-ct2") is None


@pytest.mark.parametrize("name", [some[0] for some in WAV2VEC2.needed])
def test_a_folder_without_a_needed_file_is_no_model(
    tiny_ctc: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_ctc, folder)
    (folder / name).unlink()
    with pytest.raises(EngineError, match=f"Wav2Vec2 model: {name} missing; convert one: ct2-tr"):
        find_ctc_model(str(folder))


def test_a_folder_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"no such folder; check align\.model, or give"):
        find_ctc_model(str(tmp_path / "nowhere"))


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("model", "problem"),
    [("", "needs a model"), ("org/german", "'org/german' is not on"), ("large", "'large' is not")],
)
def test_without_a_model_it_says_how_to_make_one(model: str, problem: str) -> None:
    with pytest.raises(
        EngineError, match=rf"ctc: .*{problem}.*; set align\.model .*ct2-"
    ) as caught:
        load(EngineRequest(model=model))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "contents", "problem"),
    [
        ("model.bin", b"", "can't be loaded on cpu"),
        ("vocab.json", b"{", "can't be read as JSON"),
        ("preprocessor_config.json", b"[]", "can't be read as JSON"),
        ("preprocessor_config.json", b'{"sampling_rate": 8000}', "asks for 8000 samples a second"),
        ("vocab.json", b'{"<pad>": 0, "a": 99}', "has more letters than the model's 32 labels"),
    ],
)
def test_a_broken_model_is_one_line(
    tiny_ctc: Path, tmp_path: Path, name: str, contents: bytes, problem: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_ctc, folder)
    (folder / name).write_bytes(contents)
    with pytest.raises(EngineError, match=problem) as caught:
        load(EngineRequest(model=str(folder), device="cpu"))
    assert "\n" not in str(caught.value)


# --- what a model hears ---------------------------------------------------------------------------


def test_emissions_are_log_probabilities_every_20_ms(tiny_ctc: Path, talk: Samples) -> None:
    model = load_emission_model(EngineRequest(str(tiny_ctc), "cpu"), tiny_ctc)
    logs = model.emit(talk[: 3 * SAMPLE_RATE_HZ])
    assert logs.shape == (149, 32)
    assert np.exp(logs).sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert model.count_labels() == 32


def test_a_long_sound_heard_in_blocks_is_heard_as_a_whole(tiny_ctc: Path, talk: Samples) -> None:
    model = load_emission_model(EngineRequest(str(tiny_ctc), "cpu", "float32"), tiny_ctc)
    long = model.emit(talk[: 30 * SAMPLE_RATE_HZ])
    short = model.emit(talk[15 * SAMPLE_RATE_HZ : 25 * SAMPLE_RATE_HZ])
    assert len(long) == 1499
    assert long[800:1200] == pytest.approx(short[50:450], abs=0.01)


def test_a_model_that_wants_it_hears_quiet_sound_as_loud(
    tiny_ctc: Path, tmp_path: Path, talk: Samples
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_ctc, folder)
    loud = talk[: 2 * SAMPLE_RATE_HZ]
    quiet = (loud // 4).astype(np.int16)
    differences = {}
    for is_normalized in (True, False):
        facts = json.dumps({"do_normalize": is_normalized})
        (folder / "preprocessor_config.json").write_text(facts)
        model = load_emission_model(EngineRequest(str(folder), "cpu", "float32"), folder)
        differences[is_normalized] = np.abs(model.emit(loud) - model.emit(quiet)).mean()
    assert differences[True] < 0.1 * differences[False]


# --- what is found so -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def decoder(tiny_ctc: Path) -> CtcDecoder:
    return load(EngineRequest(model=str(tiny_ctc), device="cpu"))


def chain(*words: str) -> WordGraph:
    """A graph that leaves no word out."""
    arcs = tuple(Arc(at, at + 1, 1.0, word) for at, word in enumerate(words))
    return WordGraph(len(words) + 1, len(words), arcs)


def test_speech_that_the_text_lacks_is_passed_over(
    decoder: CtcDecoder, talk: Samples, talk_words: list[tuple[str, int]]
) -> None:
    words = [(word.lower().strip(",."), start_ms) for word, start_ms in talk_words[:16]]
    told = [*words[:4], *words[9:16]]
    path = decoder.decode(talk[: 6 * SAMPLE_RATE_HZ], chain(*(word for word, _ in told)))
    for step, (_, true_ms) in zip(path, told, strict=True):
        assert abs(step.start_ms - true_ms) <= START_TOLERANCE_MS


def test_a_word_that_was_not_said_scores_less(decoder: CtcDecoder, talk: Samples) -> None:
    sound = talk[: 3 * SAMPLE_RATE_HZ]
    told = [
        decoder.decode(sound, chain("stand", "on", "a", word, "for", "six", "hours"))[3].score
        for word in ("beach", "bridge")
    ]
    assert told[0] > -2 and told[1] < -6


@pytest.mark.parametrize("word", ["stånd", "stжnd", "*"])
def test_a_word_with_letters_that_the_model_lacks_is_found(
    decoder: CtcDecoder, talk: Samples, talk_words: list[tuple[str, int]], word: str
) -> None:
    path = decoder.decode(talk[: 3 * SAMPLE_RATE_HZ], chain(word, "on", "a", "beach"))
    for step, (_, true_ms) in list(zip(path, talk_words, strict=False))[1:]:
        assert abs(step.start_ms - true_ms) <= START_TOLERANCE_MS
    assert path[0].end_ms <= path[1].start_ms


def test_of_a_word_of_unknown_letters_nothing_is_known(decoder: CtcDecoder, talk: Samples) -> None:
    known, unknown = (
        decoder.decode(talk[: 3 * SAMPLE_RATE_HZ], chain(word, "on", "a"))[0].score
        for word in ("stand", "шжю")
    )
    assert unknown < known - 3


@pytest.mark.gpu
def test_a_gpu_finds_the_same_words(
    tiny_ctc: Path, talk: Samples, talk_words: list[tuple[str, int]]
) -> None:
    words = chain(*(word.lower().strip(",.") for word, _ in talk_words[:10]))
    path = load(EngineRequest(str(tiny_ctc), "cuda")).decode(talk[: 4 * SAMPLE_RATE_HZ], words)
    for step, (_, true_ms) in zip(path, talk_words, strict=False):
        assert abs(step.start_ms - true_ms) <= START_TOLERANCE_MS
