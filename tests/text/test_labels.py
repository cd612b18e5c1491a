"""How lines begin: turn marks, time codes, labels and headings, and what only looks like them."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.brackets import is_heading, names_sound
from pipeline.text.labels import CAPTION_LINES, TEXT_LINES, is_time_code, read_openings

NAMES = ["Nora", "Emil Silva-Reyes", "Dr. O'Neil", "Aiko van Dyck", "Ruth", "Zoë", "María José"]
SENTENCES = [
    "we went down to the water.",
    "is that so?",
    "it's 10:30 already, look:",
    "no, and see https://example.org/a: it says why",
    "and then what?",
]
NOTICES = ["Note", "Warning", "Chapter 3", "Remember", "Step 2", "Hinweis", "Monday", "Answer"]
FORMS = [
    "{name}: {said}",
    "{shout}: {said}",
    "[{name}] {said}",
    "{name} (guest): {said}",
    "[{code}] {name}: {said}",
    "({code}) {name}: {said}",
    "{code} {name}\n{said}",
    "{name} {code}\n{said}",
    "{name} ({code}):\n{said}",
    "{name}: [{code}] {said}",
    "- {name}: {said}",
    ">> {shout}: {said}",
    ">>{shout}: {said}",
]

conversations = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(SENTENCES)), min_size=4, max_size=20
).filter(lambda turns: {0, 1} <= {who for who, _ in turns[:4]})


def read(text: str, *speakers: str, style=TEXT_LINES) -> list[tuple[str | None, str]]:
    """Who says what by the openings of a text's lines: a label lasts until the next."""
    spoken: list[tuple[str | None, str]] = []
    for line in read_openings(text.split("\n"), style, speakers):
        if line.label is not None:
            spoken.append((line.label, line.rest))
        elif line.rest:
            label, before = spoken.pop() if spoken else (None, "")
            spoken.append((label, f"{before} {line.rest}".strip()))
    return spoken


@given(
    conversations,
    st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True),
    st.sampled_from(FORMS),
    st.sampled_from(["\n", "\n\n"]),
)
def test_the_labels_of_a_conversation_are_found_in_every_form(
    turns: list[tuple[int, str]], names: list[str], form: str, between: str
) -> None:
    written, expected = [], []
    for number, (who, said) in enumerate(turns):
        name, code = names[who], f"00:{number:02}:07"
        written.append(form.format(name=name, shout=name.upper(), said=said, code=code))
        expected.append((name.upper() if "{shout}" in form else name, said))
    assert read(between.join(written)) == expected


@given(st.randoms(use_true_random=False), st.integers(30, 80))
def test_words_before_colons_in_prose_are_no_labels(chance: random.Random, columns: int) -> None:
    words = " ".join(chance.choices(SENTENCES, k=60)).split()
    for place in range(0, len(words), 23):
        words[place] += f" {chance.choice([*NOTICES, 'Paris', 'One more thing'])}:"
    lines, line = [], ""
    for word in words:
        line = f"{line} {word}".strip()
        if len(line) > columns:
            lines.append(line)
            line = ""
    for style in (TEXT_LINES, CAPTION_LINES):
        assert [one.label for one in read_openings(lines, style)] == [None] * len(lines)
        assert [one.rest for one in read_openings(lines, style)] == lines


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_in_a_conversation_is_no_label_however_often_it_comes(notice: str) -> None:
    text = "\n".join(["Nora: one", "Emil: two", f"{notice}: three"] * 4)
    assert read(text)[:2] == [("Nora", "one"), ("Emil", f"two {notice}: three")]


def test_a_list_of_things_is_no_conversation() -> None:
    assert read("Flour: two cups\nSugar: one\nButter: a little") == [
        (None, "Flour: two cups Sugar: one Butter: a little")
    ]


@pytest.mark.parametrize("label", ["NORA:", "nora (on the phone):", "[Nora]", "Nora:"])
def test_a_speaker_of_the_job_is_a_label_everywhere_in_the_jobs_spelling(label: str) -> None:
    assert read(f"so it was\n{label} yes", "Nora") == [(None, "so it was"), ("Nora", "yes")]


@pytest.mark.parametrize("number", ["1", "12", "B"])
def test_a_numbered_speaker_is_one_though_it_stands_once(number: str) -> None:
    assert read(f"it was\nSpeaker {number}: yes") == [
        (None, "it was"),
        (f"Speaker {number}", "yes"),
    ]


@pytest.mark.parametrize(
    ("text", "n_codes", "rest"),
    [
        ("[00:00:03] we went", 1, ["we went"]),
        ("[00:03.000 --> 00:05.000]  we went", 1, ["we went"]),
        ("(0:03) we\n(0:09) went", 2, ["we", "went"]),
        ("00:03\nwe\n\n00:09\nwent", 2, ["", "we", "", "", "went"]),
        ("it was\n10:30 then\nand (11:30) so", 0, ["it was", "10:30 then", "and (11:30) so"]),
        ("11:30 then\n10:30 now", 0, ["11:30 then", "10:30 now"]),
    ],
)
def test_time_codes_are_told_from_times_that_are_said(
    text: str, n_codes: int, rest: list[str]
) -> None:
    openings = read_openings(text.split("\n"), TEXT_LINES)
    assert sum(line.n_time_codes for line in openings) == n_codes
    assert [line.rest for line in openings] == rest


@pytest.mark.parametrize("heading", ["Intro", "Verse 1", "Part One", "Chorus: all", "SCENE IV"])
def test_a_heading_is_nobodys_name(heading: str) -> None:
    (line,) = read_openings([f"[{heading}]"], TEXT_LINES)
    assert is_heading(heading)
    assert line.label is None


def test_quoted_mail_has_no_turn_marks() -> None:
    openings = read_openings(["> so it was", ">> and before", "yes"], TEXT_LINES)
    assert [line.rest for line in openings] == ["> so it was", ">> and before", "yes"]


def test_dashes_of_dialogue_are_marks_only_where_the_text_begins_with_one() -> None:
    for dash in "–—":
        dialogue = read_openings([f"{dash} So.", f"{dash} Yes {dash} no."], TEXT_LINES)
        assert [(line.has_mark, line.rest) for line in dialogue] == [
            (True, "So."), (True, f"Yes {dash} no."),
        ]  # fmt: skip
        prose = read_openings(["it was so", f"{dash} and not"], TEXT_LINES)
        assert not any(line.has_mark for line in prose)


def test_a_time_may_stand_in_the_bracket_of_a_sound() -> None:
    assert names_sound("inaudible 0:05")
    assert not names_sound("Nora 0:05")
    assert is_time_code("0:05")
    assert not is_time_code("inaudible 0:05")


@given(st.lists(st.text("ab:[]()-> .0123N", max_size=12), max_size=12))
def test_any_lines_are_read_and_what_is_left_stood_there(lines: list[str]) -> None:
    for style in (TEXT_LINES, CAPTION_LINES):
        openings = read_openings(lines, style)
        assert len(openings) == len(lines)
        assert all(line.endswith(one.rest) for line, one in zip(lines, openings, strict=True))


@pytest.mark.parametrize("line", ["a" * 100_000, " " * 100_000 + "x", "a" + " " * 100_000 + "x"])
def test_long_lines_take_no_longer_than_many(line: str) -> None:
    started = time.process_time()
    read_openings([line], TEXT_LINES)
    assert time.process_time() - started < 1
