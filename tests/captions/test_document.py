"""A file is written back byte for byte; what is changed changes only its own lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.blocks import CaptionForm, split_blocks
from pipeline.captions.document import make_document, parse_document
from pipeline.captions.formats import read_document
from pipeline.captions.rewrite import repair_document
from pipeline.captions.time_shift import TimeShift, shift_document
from pipeline.errors import MediaError
from pipeline.records import Cue, Stretch
from tests.captions.parsing import CASES
from tests.captions.texts import cue_lists

VTT = (
    "\ufeffWEBVTT a title\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n\r\nNOTE  odd  space\r\n\r\n"
    "first\r\n00:01.000  -->\t00:03.000   line:0\r\n<v Ann>Q &amp; <i>A</i>\r\n\r\n\r\n"
    "00:04.000 --> 00:06.000\r\ntwo\r\nlines"
)
SRT = (
    "1\n00:00:01,000 --> 00:00:03,000 X1:0\n{\\an8}One\n\ntwo\n\n\n"
    "2\n00:04.5 --> 00:06,000\n<i>three</i>\n3\n00:00:08,000 --> 00:00:09,000\nfour  \n"
)

_PIECES = st.sampled_from(
    ["\n", "\r\n", "\r", "\ufeff", "WEBVTT", "NOTE", "1", " ", "a <b>b", "&amp;", "a --> b",
     "00:01.000 --> 00:02.000", "00:00:01,000 --> 00:00:02,000 X1:0"]
)  # fmt: skip


@pytest.mark.parametrize(("text", "form"), [(VTT, "vtt"), (SRT, "srt")])
def test_an_untouched_file_is_written_back_as_it_was(text: str, form: CaptionForm) -> None:
    assert parse_document(text, form).format() == text


@pytest.mark.parametrize("name", sorted(CASES))
def test_so_is_a_file_of_any_shape(name: str) -> None:
    assert parse_document(CASES[name][0], "vtt").format() == CASES[name][0]


@given(st.lists(_PIECES).map("".join))
def test_no_line_is_lost_in_blocks_and_their_numbers_are_the_files(text: str) -> None:
    blocks = list(split_blocks(text, "srt"))
    assert "".join(line for block in blocks for line in block.lines) == text
    first = 1
    for block in blocks:
        assert block.first == first
        first += len(block.lines)


def test_cues_have_text_as_shown_and_what_stands_beside_it() -> None:
    first, second = parse_document(VTT, "vtt").cues
    assert (first.start_ms, first.end_ms, first.text) == (1_000, 3_000, "Q & A")
    assert (first.speaker, first.id, first.settings) == ("Ann", "first", "line:0")
    assert (second.text, second.speaker, second.id, second.settings) == ("two\nlines", None, "", "")
    one, three, four = parse_document(SRT, "srt").cues
    assert (one.text, one.id, one.settings) == ("One\ntwo", "1", "X1:0")
    assert (three.start_ms, three.text, four.id) == (4_500, "three", "3")


def test_problems_have_lines_and_say_what_is_wrong() -> None:
    found = parse_document(SRT.replace("four  ", " "), "srt").problems
    assert [(each.line, each.what) for each in found] == [
        (5, "a blank line before it, within a cue"),
        (9, "times are not 00:01:02,345 --> 00:01:04,000"),
        (12, "0 characters, limit 1"),
        (12, "no blank line before a cue"),
    ]


def test_an_arrow_in_subrip_text_is_text_and_a_problem() -> None:
    document = parse_document("1\n00:00:01,000 --> 00:00:03,000\nA --> B\n12:30 --> 13:00\n", "srt")
    assert [cue.text for cue in document.cues] == ["A --> B\n12:30 --> 13:00"]
    assert [(each.rule, each.line) for each in document.problems] == [
        ("srt-timing", 3), ("srt-timing", 4),
    ]  # fmt: skip


def test_a_shift_changes_timing_lines_alone() -> None:
    for text, form in ((VTT, "vtt"), (SRT, "srt")):
        document = parse_document(text, "vtt" if form == "vtt" else "srt")
        shifted = shift_document(document, TimeShift(offset_ms=500))[0].format()
        old, new = text.splitlines(keepends=True), shifted.splitlines(keepends=True)
        assert len(old) == len(new)
        assert all(a == b for a, b in zip(old, new, strict=True) if "-->" not in a)
        assert all(a != b for a, b in zip(old, new, strict=True) if "-->" in a)


def test_a_repair_leaves_other_cues_and_their_spacing_alone() -> None:
    text = VTT.replace("00:06.000", "00:04.100")
    repaired = repair_document(parse_document(text, "vtt"), "netflix-en").format()
    assert repaired == text.replace("00:04.000 --> 00:04.100", "00:00:04.000 --> 00:00:04.833")
    fixed = repair_document(parse_document(SRT, "srt"), "netflix-en").format()
    assert fixed == (
        SRT.replace("00:04.5 --> 00:06,000", "00:00:04,500 --> 00:00:06,000")
        .replace("</i>\n3", "</i>\n\n3")
        .replace("One\n\ntwo\n\n\n", "One\ntwo\n\n")
    )


def test_words_before_times_that_cannot_be_read_survive_a_repair() -> None:
    text = "1\n00:00:01,000 --> soon\nfirst\n\n2\n00:00:02,000 --> 00:00:02,100\nsecond\n"
    repaired = repair_document(parse_document(text, "srt"), "netflix-en").format()
    assert repaired.startswith("1\n00:00:01,000 --> soon\nfirst\n\n1\n00:00:02,000 -->")


def test_a_byte_order_mark_stays_first_where_the_first_cue_goes_or_moves() -> None:
    text = (
        "\ufeff1\n00:00:05,000 --> 00:00:07,000\na\ufeffb\n\n2\n00:00:01,000 --> 00:00:03,000\nc\n"
    )
    shifted, left_out = shift_document(
        parse_document(text, "srt"), TimeShift(cuts=(Stretch(4_000, 9_000),))
    )
    assert left_out == (1,)
    assert shifted.format() == "\ufeff1\n00:00:01,000 --> 00:00:03,000\nc\n"
    assert repair_document(parse_document(text, "srt"), "netflix-en").format() == (
        "\ufeff1\n00:00:01,000 --> 00:00:03,000\nc\n\n2\n00:00:05,000 --> 00:00:07,000\na\ufeffb\n"
    )


@given(cue_lists())
def test_cues_made_here_become_a_document_of_either_format(cues: tuple[Cue, ...]) -> None:
    shown = [cue.text for cue in make_document(cues, "vtt", "en").cues]
    assert [cue.text for cue in make_document(cues, "srt").cues] == shown
    assert len(shown) == len(cues)


def test_a_document_is_read_and_written_by_the_files_name(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_bytes(VTT.encode())
    document = read_document(path)
    document.write(tmp_path / "b.vtt")
    assert (tmp_path / "b.vtt").read_bytes() == path.read_bytes()
    document.write(tmp_path / "b.srt")
    assert (tmp_path / "b.srt").read_text().startswith("1\n00:00:01,000 --> 00:00:03,000\n{\\an8}Q")
    (tmp_path / "empty.vtt").write_text("\n")
    for name in ("empty.vtt", "gone.vtt"):
        with pytest.raises(MediaError, match=name):
            read_document(tmp_path / name)
