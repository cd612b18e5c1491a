"""The passes of the aligner, joined, with a decoder that plays the truth back."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.alignment.aligner import PASSES, align_tokens, trust_first_pass
from pipeline.alignment.conflicts import resolve_conflicts
from pipeline.alignment.observations import Observations
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.records import RecognizedWord, Stretch
from pipeline.verbalization.spoken_text import (
    SpokenText,
    add_collocations,
    format_lines,
    speak_text,
)
from tests.alignment.playback import SpokenWord, TruthDecoder, find_stretches, hear, say

NAMES = [f"{first}{second}" for first in "bcdfghklmnprst" for second in "aeiou"]
"""Words for made-up texts: each has one spoken form, itself."""
MOST_ARCS = 3_000
"""A window's graph is never larger, however long the text."""


def make_text(n_words: int, seed: int = 1) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices(NAMES, k=3)) for _ in range(n_words)]


def align(
    tokens: Sequence[str],
    said: Sequence[SpokenWord],
    heard: Sequence[RecognizedWord] | None = None,
) -> tuple[TokenTimes, TruthDecoder]:
    """Find the tokens in what was said; the first pass hears it all if not told otherwise."""
    decoder = TruthDecoder(said)
    shares: list[float] = []
    observed = Observations(
        tuple(hear(said) if heard is None else heard),
        speech=tuple(find_stretches(said)),
        decoder=decoder,
        progress=shares.append,
    )
    found = align_tokens(speak_text(tokens, "en"), observed)
    assert shares == sorted(shares) and all(0 <= share <= 1 for share in shares)
    return found, decoder


def starts(found: TokenTimes) -> list[int | None]:
    return [time.start_ms if time else None for time in found.times]


# --- what is trusted ---------------------------------------------------------------------------


def test_what_a_trusted_first_pass_did_not_hear_is_looked_for_between() -> None:
    tokens = make_text(120)
    said = say(tokens)
    decoder = TruthDecoder(said)
    heard = hear(said[:40] + said[45:80] + said[95:])
    found = trust_first_pass(speak_text(tokens, "de"), heard, decoder)
    assert starts(found) == [one.start_ms for one in said]
    assert not found.undecided
    assert len(decoder.requests) == 2


def test_words_of_another_text_are_not_trusted_where_they_happen_to_be_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Every fifth word is in both, in the same order, but never two in a row."""
    tokens, others = make_text(400), make_text(400, 2)
    said = say([tokens[n] if n % 5 == 0 else other for n, other in enumerate(others)])
    decoder = TruthDecoder(said)
    found = trust_first_pass(speak_text(tokens, "de"), hear(said), decoder)
    assert set(found.times) == {None}
    assert not found.undecided
    assert not decoder.requests
    assert "nothing in common" in caplog.text


def test_a_decoder_is_told_what_the_text_writes() -> None:
    tokens = "Er ist da. Sie kam vor 7 Jahren (Haus, alt).".split()
    said = say("er ist da sie kam vor sieben jahren haus alt".split())
    heard = hear(said)
    decoder = TruthDecoder(said)
    trust_first_pass(speak_text(tokens, "de"), [*heard[:6], *heard[7:]], decoder)
    (request,) = decoder.requests
    written = {arc.word: arc.written for arc in request.graph.arcs if arc.written is not None}
    assert list(written.values()) == tokens[2:]
    assert written["sieben"] == "7"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das Haus, USA", "Das Haus, USA"),
        ("DAS HAUS IST ALT. McKAY WAR DA.", "das haus ist alt. mckay war da."),
        ("das haus", "das haus"),
        ("東京 24/7", "東京 24/7"),
    ],
)
def test_capitals_tell_nothing_where_all_letters_are(text: str, expected: str) -> None:
    assert " ".join(speak_text(text.split(), "de").written) == expected


# --- what is found -----------------------------------------------------------------------------


def test_a_text_that_was_said_is_found_whole() -> None:
    tokens = make_text(300)
    said = say(tokens)
    found, _ = align(tokens, said)
    assert starts(found) == [one.start_ms for one in said]
    assert found.anchored == set(range(300))


@pytest.mark.parametrize("n_words", [1, 2, 3])
def test_a_few_words_are_found(n_words: int) -> None:
    tokens = make_text(n_words)
    found, _ = align(tokens, say(tokens))
    assert None not in found.times


def test_a_token_spans_all_the_words_said_for_it() -> None:
    said = say("it cost forty dollars in nineteen eighty four".split())
    found, _ = align("It cost $40 in 1984.".split(), said)
    assert starts(found) == [said[i].start_ms for i in (0, 1, 2, 4, 5)]
    price, year = found.times[2], found.times[4]
    assert price and price.end_ms == said[3].end_ms
    assert year and year.end_ms == said[7].end_ms


def test_what_the_first_pass_did_not_hear_is_found_by_the_decoder() -> None:
    tokens = make_text(120)
    said = say(tokens)
    found, _ = align(tokens, said, hear(said[:40] + said[80:]))
    assert starts(found) == [one.start_ms for one in said]
    assert found.anchored == set(range(40)) | set(range(80, 120))


def test_tokens_of_speech_not_listened_to_are_found_and_said_to_be_so() -> None:
    tokens = make_text(120)
    said = say(tokens)
    skipped = Stretch(said[40].start_ms, said[79].end_ms)
    first_pass, speech = hear(said[:40] + said[80:]), find_stretches(said)
    decoder = TruthDecoder(said)
    observed = Observations(tuple(first_pass), (skipped,), tuple(speech), decoder)
    found = align_tokens(speak_text(tokens, "en"), observed)
    assert starts(found) == [one.start_ms for one in said]
    assert found.skipped == set(range(40, 80))


def test_a_pass_is_a_row_and_conflicts_are_resolved_after_it() -> None:
    """A toy pass puts every token a second later, and the first one a second time at the end."""

    def delay(text: SpokenText, found: TokenTimes, observed: Observations) -> TokenTimes:
        late = [
            time and replace(time, start_ms=time.start_ms + 1_000, end_ms=time.end_ms + 1_000)
            for time in found.times
        ]
        (first,) = [time for time in late[:1] if time]
        again = replace(first, start_ms=99_000, end_ms=99_300, run=first.run - 1)
        return replace(found, times=tuple(late), candidates=(again,))

    tokens = make_text(40)
    said = say(tokens)
    observed = Observations(
        tuple(hear(said)), speech=tuple(find_stretches(said)), decoder=TruthDecoder(said)
    )
    found = align_tokens(speak_text(tokens, "en"), observed, (*PASSES, delay))
    assert starts(found) == [one.start_ms + 1_000 for one in said]
    assert found.candidates == ()


def test_without_any_anchor_the_text_is_found_in_open_windows() -> None:
    tokens = make_text(150)
    said = say(tokens)
    found, _ = align(tokens, said, heard=[])
    assert starts(found) == [one.start_ms for one in said]
    assert not found.anchored


def test_tokens_that_were_not_said_have_no_time() -> None:
    tokens = make_text(100)
    found, _ = align(tokens, say(tokens[:50] + tokens[60:]))
    assert [token for token, start in enumerate(starts(found)) if start is None] == [*range(50, 60)]


def test_speech_that_is_not_in_the_text_leaves_the_rest_in_place() -> None:
    words = make_text(130)
    said = say(words)
    found, _ = align(words[:50] + words[80:], said)
    assert starts(found) == [one.start_ms for one in said[:50] + said[80:]]


def test_tokens_with_nothing_to_say_have_no_time_and_disturb_nobody() -> None:
    words = make_text(30)
    said = say(words)
    found, _ = align([*words[:10], "--", "…", *words[10:]], said)
    assert starts(found)[10:12] == [None, None]
    assert None not in starts(found)[:10] + starts(found)[12:]


def test_a_text_of_nothing_sayable_finds_nothing() -> None:
    found, _ = align(["--", "…"], say(make_text(20)))
    assert found.times == (None, None)


def test_without_speech_nothing_is_found() -> None:
    found = align_tokens(speak_text(["a"], "en"), Observations(decoder=TruthDecoder([])))
    assert found.times == (None,)


def test_a_refrain_is_found_each_time() -> None:
    refrain = "row row row your boat".split()
    tokens = [word for verse in range(12) for word in [*refrain, *make_text(6, seed=verse)]]
    said = say(tokens)
    found, _ = align(tokens, said)
    assert starts(found) == [one.start_ms for one in said]


# --- what it costs -----------------------------------------------------------------------------


def test_a_thousand_unspoken_words_in_mid_text_cost_no_more_than_a_few() -> None:
    tokens = make_text(1200)
    found, decoder = align(tokens, say(tokens[:100] + tokens[1100:]))
    assert max(len(request.graph.arcs) for request in decoder.requests) <= MOST_ARCS
    assert [token for token, start in enumerate(starts(found)) if start is None] == [
        *range(100, 1100)
    ]


def decoded_twice(decoder: TruthDecoder) -> list[tuple[int, int]]:
    """The windows that lie in one that was decoded before."""
    windows = [(one.start_ms, one.end_ms) for one in decoder.requests]
    return [
        (start_ms, end_ms)
        for number, (start_ms, end_ms) in enumerate(windows)
        if any(first <= start_ms and end_ms <= last for first, last in windows[:number])
    ]


def test_gaps_that_lay_whole_in_a_window_are_not_decoded_again() -> None:
    tokens = make_text(700)
    said = [one for number, one in enumerate(say(tokens)) if number % 10]
    _, decoder = align(tokens, said)
    assert not decoded_twice(decoder)


def test_where_the_text_is_right_gaps_are_decoded_again_wherever_they_lie() -> None:
    tokens = make_text(400)
    said = [one for number, one in enumerate(say(tokens)) if number not in (101, 302)]
    _, decoder = align(tokens, said)
    assert decoded_twice(decoder)


@pytest.mark.parametrize("n_unspoken", [100, 200])
def test_words_lost_beside_a_passage_that_was_not_said_are_found(n_unspoken: int) -> None:
    tokens = make_text(100 + n_unspoken + 100)
    begin, end = tokens[:100], tokens[100 + n_unspoken :]
    said = say(begin + end)
    heard = hear(said)
    misheard = tokens[140:146]
    for number, word in enumerate(misheard, start=90):
        heard[number] = replace(heard[number], text=word)
    found, _ = align(tokens, said, heard)
    placed = starts(found)
    assert placed[100 : 100 + n_unspoken] == [None] * n_unspoken
    assert placed[:100] + placed[100 + n_unspoken :] == [one.start_ms for one in said]


def test_of_a_text_ten_times_too_long_the_right_part_is_found() -> None:
    tokens = make_text(2000)
    found, decoder = align(tokens, say(tokens[900:1100]))
    assert max(len(request.graph.arcs) for request in decoder.requests) <= MOST_ARCS
    assert [token for token, start in enumerate(starts(found)) if start is not None] == [
        *range(900, 1100)
    ]


def test_a_text_of_another_recording_is_not_looked_for() -> None:
    tokens, others = make_text(3000, seed=1), make_text(3000, seed=2)
    others[500:510], others[1500:1510] = tokens[700:710], tokens[1700:1710]
    found, decoder = align(tokens, say(others))
    assert set(found.times) == {None}
    assert not decoder.requests


def test_a_short_passage_of_a_long_recording_is_looked_for() -> None:
    words = make_text(3000)
    said = say(words)
    found, _ = align(words[1000:1120], said)
    assert starts(found) == [one.start_ms for one in said[1000:1120]]


# --- the first pass alone ----------------------------------------------------------------------


def test_a_language_without_decoder_keeps_the_first_passs_times() -> None:
    said = say(["wir", "haben", "zwei", "tausend", "bienen"])
    found = trust_first_pass(speak_text("Wir haben 7 Bienen.".split(), "de"), hear(said))
    assert starts(found) == [said[0].start_ms, said[1].start_ms, None, said[4].start_ms]
    assert found.undecided == {2}


def test_numbers_the_engine_wrote_as_digits_match_numbers_in_words() -> None:
    heard = [
        RecognizedWord("cost", 0, 400),
        RecognizedWord("$40", 400, 1000),
        RecognizedWord("now", 1000, 1200),
    ]
    found = trust_first_pass(speak_text("cost forty dollars now".split(), "en"), heard)
    assert starts(found) == [0, 400, 700, 1000]


def test_heard_words_that_overlap_never_run_backwards() -> None:
    heard = [
        RecognizedWord("a", 0, 900),
        RecognizedWord("b", 800, 950),
        RecognizedWord("c", 700, 1200),
    ]
    found = trust_first_pass(speak_text(["a", "b", "c"], "fr"), heard)
    timed = [start for start in starts(found) if start is not None]
    assert timed == sorted(timed)
    assert found.undecided


@pytest.mark.parametrize(
    ("text", "language", "heard"),
    [
        (
            "今天天气很好，我们去公园。 在2024年 使用GPT-4模型",
            "zh",
            "今 天天 气 很 好， 我 们 去 公 园。 在 2024 年 使 用 GPT-4 模 型",
        ),
        ("今日は「天気」が いいです AIの話", "ja", "今 日 は 天気 が い い で す AI の 話"),
        ("ขอบคุณมาก ครับที่", "th", "ขอ บ คุณ มา ก ค รับ ที่"),
    ],
)
def test_a_phrase_without_spaces_is_where_its_characters_were_heard(
    text: str, language: str, heard: str
) -> None:
    """However the recogniser parts them."""
    starts_ms, now_ms = [], 0
    words = []
    for part in heard.split():
        words.append(RecognizedWord(part, now_ms, now_ms + 100 * len(part)))
        now_ms += 100 * len(part) + 20
    parts = iter(words)
    for token in text.split():
        left = sum(map(str.isalnum, token))
        for number in range(99):
            if left <= 0:
                break
            word = next(parts)
            starts_ms += [] if number else [word.start_ms]
            left -= sum(map(str.isalnum, word.text))
    found = trust_first_pass(speak_text(text.split(), language), words)
    assert starts(found) == starts_ms
    assert not found.undecided


# --- claims ------------------------------------------------------------------------------------


def claim(token: int, start_ms: int, run: int = 1) -> TokenTime:
    return TokenTime(token, start_ms, start_ms + 100, -1.0, run)


def test_of_two_claims_on_a_token_the_longer_run_wins() -> None:
    found = resolve_conflicts([claim(0, 500, run=2), claim(0, 900, run=5)], 1)
    assert found == [claim(0, 900, run=5)]


def test_of_two_claims_alike_the_better_score_wins() -> None:
    poor, good = TokenTime(0, 500, 600, -9.0, 1), TokenTime(0, 900, 990, -2.0, 1)
    assert resolve_conflicts([poor, good], 1) == resolve_conflicts([good, poor], 1) == [good]


def test_a_claim_that_runs_backwards_gives_way_to_the_weightier_ones() -> None:
    found = resolve_conflicts([claim(0, 100, 3), claim(1, 9_000, 1), claim(2, 200, 3)], 3)
    assert found == [claim(0, 100, 3), None, claim(2, 200, 3)]


def heaviest(times: Sequence[TokenTime]) -> int:
    """The most weight of an increasing row, by trying all predecessors."""
    weights: list[int] = []
    for index, time in enumerate(times):
        before = [weights[i] for i in range(index) if times[i].start_ms < time.start_ms]
        weights.append(time.run + max(before, default=0))
    return max(weights, default=0)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 5)), max_size=40))
def test_the_heaviest_increasing_claims_are_kept(rows: list[tuple[int, int]]) -> None:
    candidates = [claim(token, 10 * start, run) for token, (start, run) in enumerate(rows)]
    kept = [time for time in resolve_conflicts(candidates, len(rows)) if time]
    assert all(a.start_ms < b.start_ms for a, b in pairwise(kept))
    assert sum(time.run for time in kept) == heaviest(candidates)


# --- properties --------------------------------------------------------------------------------


@st.composite
def mangled_talks(draw: st.DrawFn) -> tuple[list[str], list[SpokenWord], list[RecognizedWord]]:
    """A text, what was said of it and beside it, and what the first pass made of that."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    few_words = draw(st.booleans())
    text = chance.choices("abcd", k=60) if few_words else make_text(60, chance.randrange(99))
    spoken = [word for word in text if chance.random() > draw(st.sampled_from([0, 0.1, 0.6]))]
    spoken += make_text(draw(st.integers(0, 8)), 100)
    said = say(spoken, draw(st.sampled_from([0, 700])))
    heard = [
        RecognizedWord(
            one.word if chance.random() < 0.8 else chance.choice(text),
            max(0, one.start_ms + chance.randrange(-400, 400)),
            one.end_ms + 400,
        )
        for one in said
    ]
    return text, said, heard


@settings(max_examples=60, deadline=None)
@given(mangled_talks())
def test_times_always_increase_and_belong_to_their_token(
    talk: tuple[list[str], list[SpokenWord], list[RecognizedWord]],
) -> None:
    text, said, heard = talk
    if not said:
        return
    found, _ = align(text, said, heard)
    timed = [time for time in found.times if time]
    assert all(a.start_ms < b.start_ms for a, b in pairwise(timed))
    assert [time.token for time in timed] == [t for t, time in enumerate(found.times) if time]
    for time in timed:
        if time.score is not None:
            assert SpokenWord(text[time.token], time.start_ms, time.end_ms) in said
    assert found.anchored <= {time.token for time in timed}


# --- the text as lines for a language model ----------------------------------------------------


@given(st.lists(st.sampled_from([*NAMES, "--", "1984", "$5"]), max_size=80))
def test_every_three_words_in_a_row_stand_in_some_line(tokens: list[str]) -> None:
    text = speak_text(tokens, "en")
    rows = [tuple(line.split()) for line in format_lines(text)]
    phrases = {row[i : i + 3] for row in rows for i in range(len(row) - 2)}
    words = text.words
    assert all(words[i : i + 3] in phrases for i in range(len(words) - 2))


def test_other_ways_to_say_a_token_stand_between_its_neighbours() -> None:
    lines = format_lines(speak_text("in the year 1984 it all began".split(), "en"))
    assert "the year one nine eight four it all" not in lines
    assert "year one nine eight four it" in lines


def test_a_token_is_lifted_by_the_last_word_of_the_one_before_it() -> None:
    seen: list[tuple[str, str]] = []

    def measure(first: str, second: str) -> float:
        seen.append((first, second))
        return float(len(seen))

    text = add_collocations(speak_text(["in", "1984", "--", "it", "began"], "en"), measure)
    assert seen == [("in", "nineteen"), ("it", "began")]
    assert text.collocations == (0, 1, 0, 0, 2, 0)


def test_words_nobody_can_say_are_left_out() -> None:
    text = speak_text(["yes", "жук", "no"], "en", can_say=str.isascii)
    assert text.forms[1] == ((),)
    assert text.words == ("yes", "no")
