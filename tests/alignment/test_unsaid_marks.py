"""Marks of a text's layout are words that nobody says, and no others are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.status import Header, make_timed_text
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.alignment.transcript import parse_transcript
from pipeline.records import TimedText
from pipeline.verbalization.spoken_text import speak_text

WORD_MS = 300

RULES = st.builds(
    lambda sign, between, n: between.join(sign * n),
    st.sampled_from("*-–—_=~#•·"),
    st.sampled_from(["", " ", "  "]),
    st.integers(3, 12),
)
BULLETS = st.sampled_from("•◦▪‣*·")
QUOTES = st.sampled_from([">", "> >", "> > >"])
PAGES = st.builds(
    lambda number, form: form.format(number, number + 9),
    st.integers(1, 999),
    st.sampled_from(["{}", "- {} -", "— {} —", "Page {}", "page {} of {}", "{} / {}", "{}/{}"]),
)


def unsaid_of(text: str) -> list[str]:
    script = parse_transcript(text)
    return [script.words[number] for number in script.unsaid]


@given(RULES | PAGES)
def test_a_rule_or_a_page_number_alone_on_a_line_is_unsaid(line: str) -> None:
    text = f"It was late\n{line}\nand they went."
    assert unsaid_of(text) == line.split()
    assert list(parse_transcript(text).words) == text.split()


@given(BULLETS | QUOTES)
def test_a_bullet_or_quote_mark_before_a_line_is_unsaid(mark: str) -> None:
    text = f"Two things:\n{mark} bread\n  {mark} milk"
    assert unsaid_of(text) == mark.split() * 2
    assert list(parse_transcript(text).words) == text.split()


@pytest.mark.parametrize(
    "text",
    ["...", "We saw 12\nships", "well -- yes", "4 * 5 > 19", "?!", "--", "♪ ♪", "mix\nand", "#tag"],
)
def test_other_marks_and_numbers_are_not(text: str) -> None:
    assert unsaid_of(f"So\n{text}\nthen") == []


def test_a_rule_of_dashes_begins_no_turns() -> None:
    script = parse_transcript("- Hello.\n- - -\n- Yes.")
    assert [turn.n_words for turn in script.turns] == [4, 1]


def test_digits_beside_a_page_number_are_not_joined_with_it() -> None:
    script = parse_transcript("there were\n12\n100 people")
    assert script.list_tokens() == ["there", "were", "12", "100", "people"]


def time_words(text: str, missing: str) -> TimedText:
    """A text timed, whose words are all found but marks and those of `missing`."""
    script = parse_transcript(text)
    spoken = speak_text(script.list_tokens(), "en")
    found = [
        TokenTime(n, WORD_MS * n, WORD_MS * (n + 1), 0.0, 3)
        if forms[0] and spoken.written[n] != missing
        else None
        for n, forms in enumerate(spoken.forms)
    ]
    header = Header("en", "pocketsphinx", WORD_MS * len(found))
    return make_timed_text(script, spoken, TokenTimes(tuple(found)), (), header)


@given(RULES)
def test_a_rule_is_estimated_between_its_neighbours(rule: str) -> None:
    timed = time_words(f"one two\n{rule}\nthree four", missing="")
    marks = [word for word in timed.words if word.is_unsaid]
    assert [word.text for word in marks] == rule.split()
    assert {word.status for word in marks} == {"estimated"}


@given(st.integers(1, 999))
def test_the_sound_decides_whether_a_number_alone_on_a_line_is_a_page_number(page: int) -> None:
    text = f"one two\n{page}\nthree four"
    unsaid, said = time_words(text, missing=str(page)).words[2], time_words(text, "").words[2]
    assert (unsaid.status, unsaid.is_unsaid) == ("estimated", True)
    assert (said.status, said.is_unsaid) == ("aligned", False)
