"""Styles of burned captions: which words show when, in which colour, in which font."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.ass import choose_style
from pipeline.captions.burned import flow, format_burned
from pipeline.captions.looks import format_color
from pipeline.captions.text import JOINER, measure
from pipeline.records import Cue, WordMark
from tests.captions.test_ass import MAX_ROUNDING_MS, dialogues, read_ms
from tests.captions.texts import HOSTILE

STYLE = choose_style(1280, 720)
LIT = "#ffd54a"
LIT_TAG = f"{{\\1c{format_color(LIT)}&}}"
KINDS = ("plain", "box", "karaoke", "word")
CUE = Cue(
    1_000,
    4_000,
    ("Now every hive", "wears a seat belt."),
    "emil",
    tuple(
        WordMark(line, column, start_ms)
        for line, column, start_ms in (
            (0, 0, 1_000), (0, 4, 1_300), (0, 10, 1_600),
            (1, 0, 2_000), (1, 6, 2_300), (1, 8, 2_400), (1, 13, 3_000),
        )
    ),
)  # fmt: skip


def events(kind: str, *cues: Cue) -> list[tuple[int, int, str]]:
    document = format_burned(cues, STYLE, kind, LIT)  # type: ignore[arg-type]
    return [(read_ms(row[1]), read_ms(row[2]), row[9]) for row in dialogues(document)]


def shown(text: str) -> str:
    """What is read: without tags, breaks as spaces."""
    plain = re.sub(r"(?<!\\)\{[^}]*(?<!\\)\}", "", text).replace("\\N", " ")
    return plain.replace("\\{", "{").replace("\\}", "}").replace(JOINER, "")


def test_karaoke_lights_each_word_from_its_start_to_the_next() -> None:
    found = events("karaoke", CUE)
    assert [(start, end) for start, end, _ in found] == list(
        pairwise([1_000, 1_300, 1_600, 2_000, 2_300, 2_400, 3_000, 4_000])
    )
    assert {shown(text) for *_, text in found} == {"Now every hive wears a seat belt."}
    lit = [re.search(re.escape(LIT_TAG) + r"([^{]*)", text) for *_, text in found]
    assert [one[1] for one in lit if one] == CUE.lines[0].split() + CUE.lines[1].split()


def test_words_come_few_at_a_time_and_all_of_them_once() -> None:
    found = events("word", CUE)
    groups = list(dict.fromkeys(shown(text) for *_, text in found))
    assert groups == ["Now every hive", "wears a seat", "belt."]
    assert found[0][0] == 1_000 and found[-1][1] == 4_000
    assert all(before[1] == after[0] for before, after in pairwise(found))


def test_large_words_of_a_script_without_spaces_have_none() -> None:
    marks = (WordMark(0, 0, 0), WordMark(0, 1, 200, True), WordMark(0, 3, 500, True))
    cue = Cue(0, 2_000, ("我觉得 AI 很好",), None, (*marks, WordMark(0, 4, 600)))
    groups = list(dict.fromkeys(shown(text) for *_, text in events("word", cue)))
    assert groups == ["我觉得", "AI 很好"]


def test_large_words_are_larger_and_stay_inside_the_picture() -> None:
    def size(kind: str) -> int:
        document = format_burned([CUE], STYLE, kind, LIT)  # type: ignore[arg-type]
        row = next(line for line in document.splitlines() if line.startswith("Style: Caption"))
        return int(row.split(",")[2])

    assert size("word") > 1.5 * size("plain")
    assert size("word") * 14 * 0.46 <= STYLE.width_px


def test_a_box_is_one_box_and_in_the_grounds_colour() -> None:
    document = format_burned([CUE], replace(STYLE, ground="#102030"), "box", LIT)
    row = next(line for line in document.splitlines() if line.startswith("Style: Caption"))
    fields = row.split(",")
    assert (fields[6], fields[15]) == ("&H33302010", "4")


@pytest.mark.parametrize("kind", ["karaoke", "word"])
def test_a_cue_whose_words_have_no_times_shows_whole(kind: str) -> None:
    plain = replace(CUE, marks=())
    assert events(kind, plain) == events("plain", plain)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_shows_as_text_in_every_style(kind: str, text: str) -> None:
    words = [word for word in text.split() if word] or ["x"]
    line = " ".join(words)
    columns = [len(" ".join([*words[:index], ""])) for index in range(len(words))]
    marks = tuple(WordMark(0, column, 100 * index) for index, column in enumerate(columns))
    cue = Cue(0, 100 * len(words) + 50, (line,), None, marks)
    for *_, written in events(kind, cue):
        bare = re.sub(r"\{\\1c(&H[0-9A-F]{8}&)?\}", "", written)
        assert not re.search(r"(?<!\\)[{}]|\\[Nnh]", bare)
        assert "\n" not in written


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=12))
def test_styles_never_overlap_and_cover_the_cue(gaps_ms: list[int]) -> None:
    words = [f"w{index}" for index in range(len(gaps_ms))]
    marks, start_ms = [], 0
    for index, gap_ms in enumerate(gaps_ms):
        marks.append(WordMark(0, len(" ".join([*words[:index], ""])), start_ms))
        start_ms += gap_ms
    cue = Cue(0, max(start_ms, 500), (" ".join(words),), None, tuple(marks))
    for kind in ("karaoke", "word"):
        found = events(kind, cue)
        assert found[0][0] == 0 and abs(found[-1][1] - cue.end_ms) <= MAX_ROUNDING_MS
        assert all(before[1] == after[0] for before, after in pairwise(found))


def test_where_there_are_no_spaces_a_cue_that_flows_is_broken_at_phrases() -> None:
    lines = ("特别是大语言模型", "在教育领域的应用，Yes")
    marks = (WordMark(0, 0, 0), WordMark(1, 0, 900, is_glued=True), WordMark(1, 9, 1_500, True))
    cue = Cue(0, 2_000, lines, None, marks)
    assert flow(cue, 60).lines == ("".join(lines),)
    flowing = flow(cue, 12)
    assert "".join(flowing.lines) == "".join(lines)
    assert all(measure(line) <= 12 for line in flowing.lines)
    assert not any(line[0] in "的，" for line in flowing.lines)
    assert [flowing.lines[mark.line][mark.column] for mark in flowing.marks] == ["特", "在", "Y"]


def test_a_cue_that_flows_keeps_its_words_times() -> None:
    flowing = flow(CUE, 28)
    assert flowing.lines == ("Now every hive wears a seat belt.",)
    words = flowing.lines[0].split()
    assert [flowing.lines[0][mark.column :].split()[0] for mark in flowing.marks] == words
    assert [mark.start_ms for mark in flowing.marks] == [mark.start_ms for mark in CUE.marks]


def test_two_speakers_keep_a_line_each() -> None:
    both = replace(CUE, line_speakers=("emil", "nora"))
    assert flow(both, 28) is both


def test_characters_of_another_font_are_set_in_it() -> None:
    style = replace(STYLE, families={"東": "Square Han", "京": "Square Han"})
    cue = Cue(0, 1_000, ("in 東京, {ok}",))
    (row,) = dialogues(format_burned([cue], style, "plain", LIT))
    assert row[9] == "in {\\fnSquare Han}東京{\\fn}, \\{ok\\}"


@pytest.mark.parametrize("kind", ["karaoke", "word"])
def test_marks_that_turn_text_round_are_taken_out_of_every_style(kind: str) -> None:
    cue = Cue(0, 900, ("one \u202etwo three",), None, (WordMark(0, 0, 0), WordMark(0, 4, 300)))
    written = "".join(text for *_, text in events(kind, cue))
    assert "\u202e" not in written
    assert "two" in written
