"""Status, confidence and time of each token; sounds; unheard speech."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.estimates import MAX_ESTIMATE_MS
from pipeline.alignment.status import MAX_SOUND_MS, Header, make_timed_text
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.alignment.transcript import parse_transcript
from pipeline.records import Stretch, TimedText
from pipeline.stages.align import load_calibration
from pipeline.verbalization.spoken_text import speak_text

CALIBRATION = load_calibration("pocketsphinx")
DURATION_MS = 60_000
GOOD = 0.0
HOPELESS = -20.0


def judge(
    text: str,
    times: Sequence[tuple[int, int] | None],
    *,
    scores: dict[int, float | None] | None = None,
    undecided: Sequence[int] = (),
    speech: Sequence[Stretch] = (),
) -> TimedText:
    """The verdict on a text whose tokens were found at these times."""
    script = parse_transcript(text)
    found = tuple(
        TokenTime(token, *time, (scores or {}).get(token, GOOD), 3) if time else None
        for token, time in enumerate(times)
    )
    return make_timed_text(
        script,
        speak_text(script.list_tokens(), "en"),
        TokenTimes(found, undecided=frozenset(undecided), calibration=CALIBRATION),
        speech,
        Header("en", "pocketsphinx", DURATION_MS),
    )


def statuses(timed: TimedText) -> list[str]:
    return [word.status for word in timed.words]


def times(timed: TimedText) -> list[tuple[int | None, int | None]]:
    return [(word.start_ms, word.end_ms) for word in timed.words]


def test_a_doubtful_time_is_unspoken_unless_a_recogniser_wrote_the_text() -> None:
    spans = [(0, 100), (100, 400), (400, 900)]
    doubtful = judge("It was cold", spans, scores={1: HOPELESS})
    believed = judge("It was cold", spans, scores={1: HOPELESS}, undecided=range(3))
    assert statuses(doubtful) == ["aligned", "unspoken", "aligned"]
    assert statuses(believed) == ["aligned"] * 3
    assert times(believed) == spans
    assert believed.words[1].confidence < 0.2


def test_a_rough_time_that_a_recogniser_wrote_is_an_estimate() -> None:
    spans = [(0, 100), (100, 400), (400, 900)]
    rough = judge("It was cold", spans, scores={1: None}, undecided=range(3))
    first_pass = judge("It was cold", spans, scores={1: None})
    assert statuses(rough) == ["aligned", "estimated", "aligned"]
    assert times(rough) == spans
    assert statuses(first_pass) == ["aligned"] * 3


# --- words -------------------------------------------------------------------------------------


def test_a_found_token_is_aligned_verbatim() -> None:
    timed = judge("It cost, $40!", [(0, 100), (100, 400), (400, 900)])
    assert [word.text for word in timed.words] == ["It", "cost,", "$40!"]
    assert times(timed) == [(0, 100), (100, 400), (400, 900)]
    assert statuses(timed) == ["aligned"] * 3
    assert all(word.confidence > 0.8 for word in timed.words)


def test_a_token_not_found_is_unspoken() -> None:
    timed = judge("one two three", [(0, 100), None, (200, 300)])
    unspoken = timed.words[1]
    assert (unspoken.status, unspoken.start_ms, unspoken.confidence) == ("unspoken", None, 0.0)


def test_a_token_forced_onto_other_sound_is_unspoken() -> None:
    timed = judge("one two", [(0, 100), (100, 200)], scores={1: HOPELESS})
    assert statuses(timed) == ["aligned", "unspoken"]


def test_words_end_before_the_next_begins() -> None:
    timed = judge("one two", [(0, 500), (300, 700)])
    assert times(timed) == [(0, 300), (300, 700)]


@given(st.integers(1, 999), st.lists(st.integers(0, 999), min_size=1, max_size=5))
def test_the_words_of_one_number_divide_its_time(first: int, groups: list[int]) -> None:
    words = [str(first), *(f"{group:03}" for group in groups)]
    timed = judge(" ".join(["about", *words, "people"]), [(0, 100), (100, 900), (900, 990)])
    assert [word.text for word in timed.words[1:-1]] == words
    assert statuses(timed) == ["aligned"] * (len(words) + 2)
    parts = times(timed)[1:-1]
    assert (parts[0][0], parts[-1][1]) == (100, 900)
    assert all(before[1] == after[0] for before, after in pairwise(parts))


def test_the_words_of_a_number_that_nobody_says_are_unspoken() -> None:
    timed = judge("about 10 000 people", [(0, 100), None, (900, 990)])
    assert statuses(timed) == ["aligned", "unspoken", "unspoken", "aligned"]


def test_digits_in_two_turns_are_two_numbers() -> None:
    timed = judge("- It cost 5\n- 100 people?", [(0, 100), (100, 200), (200, 300), None, None])
    assert statuses(timed) == [*["aligned"] * 3, "unspoken", "unspoken"]


# --- tokens with nothing to say ----------------------------------------------------------------


def test_a_dash_is_estimated_between_its_neighbours() -> None:
    timed = judge("one -- two", [(0, 100), None, (200, 300)])
    assert statuses(timed) == ["aligned", "estimated", "aligned"]
    assert times(timed)[1] == (100, 200)


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("-- one", [None, (500, 700)], (300, 500)),
        ("-- one", [None, (0, 700)], (0, 10)),
        ("one --", [(0, 100), None], (100, 100 + MAX_ESTIMATE_MS)),
        ("one --", [(DURATION_MS - 100, DURATION_MS), None], (DURATION_MS, DURATION_MS + 10)),
        ("one -- two", [(0, 100), None, (9_000, 9_100)], (100, 100 + MAX_ESTIMATE_MS)),
    ],
)
def test_a_dash_at_an_edge_is_estimated_beside_its_neighbour(
    text: str, found: Sequence[tuple[int, int] | None], expected: tuple[int, int]
) -> None:
    timed = judge(text, found)
    dash = next(word for word in timed.words if word.text == "--")
    assert (dash.start_ms, dash.end_ms) == expected


def test_dashes_on_both_sides_of_an_unspoken_word_do_not_run_backwards() -> None:
    timed = judge("one -- … two -- three", [(0, 100), None, None, None, None, (1000, 1100)])
    starts = [word.start_ms for word in timed.words if word.start_ms is not None]
    assert statuses(timed)[1:5] == ["estimated", "estimated", "unspoken", "estimated"]
    assert starts == sorted(starts)


def test_where_nothing_is_found_there_is_nowhere_to_put_a_dash() -> None:
    assert statuses(judge("one -- two", [None, None, None])) == ["unspoken"] * 3


def test_tokens_nobody_decided_about_are_estimated() -> None:
    timed = judge("one two three", [(0, 100), None, (300, 400)], undecided=[1])
    assert statuses(timed) == ["aligned", "estimated", "aligned"]


# --- sounds ------------------------------------------------------------------------------------


def test_a_sound_fills_the_pause_it_stands_in() -> None:
    timed = judge("(music) one (laughing) two (applause)", [(2_000, 2_500), (4_000, 4_500)])
    assert [(sound.start_ms, sound.end_ms) for sound in timed.sounds] == [
        (0, 2_000),
        (2_500, 4_000),
        (4_500, 4_500 + MAX_SOUND_MS),
    ]


def test_a_sound_without_a_pause_was_not_found() -> None:
    (sound,) = judge("one (laughing) two", [(0, 500), (520, 900)]).sounds
    assert (sound.start_ms, sound.end_ms) == (None, None)


def test_a_sound_looks_past_unspoken_words() -> None:
    (sound,) = judge("one (laughing) two three", [(0, 500), None, (1_500, 1_900)]).sounds
    assert (sound.start_ms, sound.end_ms) == (500, 1_500)


# --- unheard speech ----------------------------------------------------------------------------


def test_speech_that_no_word_covers_is_unheard() -> None:
    timed = judge("one two", [(0, 500), (8_000, 8_500)], speech=[Stretch(0, 8_500)])
    assert timed.unheard == (Stretch(900, 7_600),)


def test_speech_beside_all_words_is_unheard_whole() -> None:
    speech = [Stretch(0, 600), Stretch(10_000, 14_000)]
    assert judge("one", [(100, 500)], speech=speech).unheard == (Stretch(10_000, 14_000),)


def test_short_stretches_between_words_are_not_unheard() -> None:
    timed = judge("one two", [(0, 500), (2_000, 2_500)], speech=[Stretch(0, 2_500)])
    assert timed.unheard == ()


# --- properties --------------------------------------------------------------------------------


@st.composite
def findings(draw: st.DrawFn) -> tuple[str, list[tuple[int, int] | None], list[int]]:
    """Tokens of a text with times that increase, some missing, some undecided."""
    tokens = draw(st.lists(st.sampled_from(["one", "two", "--", "…", "(laughing)"]), max_size=40))
    words = parse_transcript(" ".join(tokens)).words
    at_ms, found, undecided = 0, [], []
    for index, word in enumerate(words):
        if word.isalpha() and draw(st.booleans()):
            start_ms = at_ms + draw(st.integers(0, 900))
            found.append((start_ms, start_ms + draw(st.integers(1, 900))))
            at_ms = start_ms + 1
        else:
            found.append(None)
            if draw(st.booleans()):
                undecided.append(index)
    return " ".join(tokens), found, undecided


@given(findings())
def test_every_token_gets_a_verdict_and_times_never_run_backwards(
    finding: tuple[str, list[tuple[int, int] | None], list[int]],
) -> None:
    text, found, undecided = finding
    timed = judge(text, found, undecided=undecided, speech=[Stretch(0, 50_000)])
    assert tuple(word.text for word in timed.words) == parse_transcript(text).words
    spans = [
        (word.start_ms, word.end_ms)
        for word in timed.words
        if word.start_ms is not None and word.end_ms is not None
    ]
    assert all(a[0] <= b[0] for a, b in pairwise(spans))
    assert all(start < end for start, end in spans)
    for word, time in zip(timed.words, found, strict=True):
        assert word.status != "aligned" or time is not None
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(timed.unheard))
