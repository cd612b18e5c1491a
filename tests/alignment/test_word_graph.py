"""The word graph of a stretch of text."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.word_graph import TokenGraph, build_graph
from pipeline.records import GARBAGE
from pipeline.verbalization.tokens import SpokenForm
from tests.alignment.playback import SpokenWord, find_best_path

forms = st.lists(
    st.sampled_from(
        [
            (("a",),),
            (("b",),),
            (("c",), ("d", "e")),
            (("f", "g", "h"),),
            ((),),
        ]
    ),
    min_size=1,
    max_size=5,
)


def hear(made: TokenGraph, *words: str) -> list[int]:
    """The tokens on the best path when these words are heard."""
    spoken = [SpokenWord(word, 100 * i, 100 * i + 90) for i, word in enumerate(words)]
    path = find_best_path(made.graph, spoken)
    return [made.tokens[step.arc] for step in path]


def list_sayings(made: TokenGraph) -> set[tuple[str, ...]]:
    """Every row of the text's words some path through the graph says."""
    sayings: dict[int, set[tuple[str, ...]]] = {0: {()}}
    for _ in range(made.graph.n_states):
        for arc in made.graph.arcs:
            if arc.word == GARBAGE:
                continue
            spoken = {
                (*row, arc.word) if arc.word else row for row in sayings.get(arc.from_state, ())
            }
            sayings.setdefault(arc.to_state, set()).update(spoken)
    return sayings[made.graph.final_state]


def test_each_token_may_be_said_in_any_of_its_forms() -> None:
    made = build_graph([(("nineteen", "eighty"), ("one", "nine")), (("yes",),)], 7, is_open=False)
    assert hear(made, "nineteen", "eighty", "yes") == [7, 7, 8]
    assert hear(made, "one", "nine", "yes") == [7, 7, 8]


def test_a_form_is_said_whole_or_not_at_all() -> None:
    made = build_graph([(("nineteen", "eighty"),), (("yes",),)], 0, is_open=False)
    assert hear(made, "nineteen", "yes") == [1]


def test_a_token_with_nothing_to_say_is_passed_freely() -> None:
    made = build_graph([(("a",),), ((),), (("b",),)], 0, is_open=False)
    assert hear(made, "a", "b") == [0, 2]
    free = [arc for arc in made.graph.arcs if arc.word is None and arc.probability == 1.0]
    assert [(arc.from_state, arc.to_state) for arc in free] == [(1, 2)]


@pytest.mark.parametrize("n_unspoken", [1, 2, 9, 40, 200])
def test_any_number_of_tokens_may_be_left_out(n_unspoken: int) -> None:
    unspoken = [((f"x{i}",),) for i in range(n_unspoken)]
    made = build_graph([(("a",),), *unspoken, (("b",),)], 0, is_open=False)
    assert hear(made, "a", "b") == [0, n_unspoken + 1]


def test_a_page_is_left_out_in_a_few_steps() -> None:
    n_tokens = 280
    made = build_graph([((f"x{i}",),) for i in range(n_tokens)], 0, is_open=False)
    steps = {0: 0}
    for _ in range(20):
        for arc in made.graph.arcs:
            if arc.word is None and arc.from_state in steps:
                n_steps = steps[arc.from_state] + 1
                steps[arc.to_state] = min(n_steps, steps.get(arc.to_state, n_steps))
    assert steps[made.graph.final_state] <= 15


def test_leaving_out_costs_unless_the_window_is_open_there() -> None:
    tokens = [((word,),) for word in "abcde"]
    costs = {}
    for is_open in (False, True):
        made = build_graph(tokens, 0, is_open)
        path = find_best_path(made.graph, [SpokenWord("c", 0, 90)])
        assert [made.tokens[step.arc] for step in path] == [2]
        costs[is_open] = cheapest(made, "c")
    assert costs[True] > costs[False] + math.log(1e6)


def cheapest(made: TokenGraph, word: str) -> float:
    """The log-probability of the best path that says one word."""
    best = {(0, False): 0.0}
    for _ in range(made.graph.n_states):
        for arc, has_said in itertools.product(made.graph.arcs, (False, True)):
            if (arc.from_state, has_said) not in best or (arc.word and arc.word != word):
                continue
            if arc.word and has_said:
                continue
            to = (arc.to_state, has_said or arc.word == word)
            cost = best[arc.from_state, has_said] + math.log(arc.probability)
            best[to] = max(cost, best.get(to, -math.inf))
    return best[made.graph.final_state, True]


@given(forms, st.booleans())
def test_the_graph_says_every_choice_of_tokens_in_order_and_nothing_else(
    tokens: list[tuple[SpokenForm, ...]], is_open: bool
) -> None:
    made = build_graph(tokens, 0, is_open)
    choices = [[(), *token_forms] for token_forms in tokens]
    expected = {tuple(word for form in row for word in form) for row in itertools.product(*choices)}
    assert list_sayings(made) == expected


def test_anything_may_be_said_in_a_tokens_place_or_beside_it() -> None:
    made = build_graph([(("a",),), (("b",),), (("c",),)], 0, is_open=False)
    assert hear(made, "a", GARBAGE, "c") == [0, -1, 2]
    assert hear(made, "a", "b", GARBAGE, GARBAGE, "c") == [0, 1, -1, -1, 2]


def test_of_a_text_that_is_right_anything_else_is_the_last_thing_to_believe() -> None:
    tokens = [((word,),) for word in "abc"]
    logs = {
        is_right: [
            math.log(arc.probability)
            for arc in build_graph(tokens, 0, False, is_right).graph.arcs
            if arc.word == GARBAGE
        ]
        for is_right in (False, True)
    }
    assert max(logs[True]) < min(logs[False]) - math.log(1e20)


def test_the_first_word_of_a_form_has_all_that_is_written_for_it() -> None:
    tokens = [(("nineteen", "eighty"), ("one", "nine", "eight")), ((),), (("yes",),)]
    written = build_graph(tokens, 0, False, written=["1980,", "--", "Yes."]).graph.arcs
    expected = [
        ("nineteen", "1980,"), ("eighty", ""), ("one", "1980,"), ("nine", ""), ("eight", ""),
        ("yes", "Yes."),
    ]  # fmt: skip
    assert [(arc.word, arc.written) for arc in written if arc.written is not None] == expected
    plain = build_graph(tokens, 0, False).graph.arcs
    assert [replace(arc, written=None) for arc in written] == list(plain)


@given(forms, st.booleans(), st.integers(0, 1000))
def test_arcs_stay_inside_the_graph_and_know_their_token(
    tokens: list[tuple[SpokenForm, ...]], is_open: bool, first: int
) -> None:
    made = build_graph(tokens, first, is_open)
    assert len(made.tokens) == len(made.graph.arcs)
    for arc, token in zip(made.graph.arcs, made.tokens, strict=True):
        assert 0 <= arc.from_state < made.graph.n_states
        assert 0 <= arc.to_state < made.graph.n_states
        assert 0 < arc.probability <= 1
        assert (token == -1) == (arc.word in (None, GARBAGE))
        assert token == -1 or any(arc.word in form for form in tokens[token - first])


@given(forms, st.data())
def test_a_required_token_is_said_in_every_saying(
    token_forms: list[tuple[SpokenForm, ...]], data: st.DataObject
) -> None:
    spoken = [at for at, own in enumerate(token_forms) if own[0]]
    required = data.draw(st.sets(st.sampled_from(spoken))) if spoken else set()
    first = 10
    made = build_graph(
        token_forms, first, is_open=False, required=frozenset(first + at for at in required)
    )
    for saying in list_sayings(made):
        said = {word for word in saying if word}
        for at in required:
            assert any(set(form) <= said for form in token_forms[at])
