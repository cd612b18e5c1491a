"""SubRip as it is found: every cue is kept, lint names the lines, `--fix` writes what all read."""

from fractions import Fraction

import pysubs2
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.check import check_document
from pipeline.captions.conformance import find_departures
from pipeline.captions.document import parse_document
from pipeline.captions.formats import READERS, find_format
from pipeline.captions.rewrite import repair_document
from pipeline.captions.rolling import MIN_CUES
from pipeline.captions.srt import format_srt
from pipeline.captions.time_shift import TimeShift, shift_document
from pipeline.records import Cue
from pipeline.text.times import format_timestamp
from tests.captions.found_files import FoundCue, cue_lines, found_srt_files
from tests.captions.reading import find_turns

Found = tuple[str, list[FoundCue]]


@given(found_srt_files())
def test_every_cue_is_kept_with_its_times_and_text(file: Found) -> None:
    text, meant = file
    shown = [(cue.start_ms, cue.end_ms, cue.text) for cue in parse_document(text, "srt").cues]
    assert shown == [(cue.start_ms, cue.end_ms, cue.text) for cue in meant]


@given(found_srt_files())
def test_every_line_that_players_may_not_read_is_named(file: Found) -> None:
    text, meant = file
    lines = text.splitlines()
    named = {found.line for found in parse_document(text, "srt").problems}
    for cue in meant:
        strict = " --> ".join(format_timestamp(ms, ",") for ms in (cue.start_ms, cue.end_ms))
        at = next(n for n, line in enumerate(lines) if line.endswith(cue.timing))
        lines[at] = ""
        assert cue.timing == strict or at + 1 in named


@given(found_srt_files())
def test_caption_retime_and_lint_find_the_same_cues(file: Found) -> None:
    text, meant = file
    words = [word for cue in meant for word in cue.text.split()]
    turns = find_turns(READERS["srt"](text))
    is_rolling = len(meant) >= MIN_CUES  # then words that the cue before ends with count once
    assert is_rolling or [word for turn in turns for word in turn.words] == words
    document = parse_document(text, "srt")
    shifted, _ = shift_document(document, TimeShift(scale=Fraction(2), offset_ms=500))
    assert [(cue.start_ms, cue.end_ms) for cue in parse_document(shifted.format(), "srt").cues] == [
        (2 * cue.start_ms + 500, 2 * cue.end_ms + 500) for cue in meant
    ]
    assert check_document(document, "netflix-en").n_cues == len(meant)


@given(found_srt_files())
def test_a_repaired_file_is_read_alike_by_pysubs2(file: Found) -> None:
    fixed = repair_document(parse_document(file[0], "srt"), "netflix-en")
    assert list(find_departures(fixed.blocks, "srt")) == []
    read = pysubs2.SSAFile.from_string(fixed.format().replace("\r\n", "\n"), "srt")
    assert [(event.start, event.end, event.plaintext.split()) for event in read] == [
        (cue.start_ms, cue.end_ms, cue.text.split()) for cue in fixed.cues
    ]
    words = ["".join(cue.text.split()) for cue in file[1]]
    assert "".join("".join(cue.text.split()) for cue in fixed.cues) == "".join(words)


@given(st.integers(1, 5_000_000), st.integers(1, 9_000), cue_lines(), st.sampled_from("-−"))
def test_a_time_before_0_is_0(
    first_ms: int, last_ms: int, lines: tuple[str, ...], sign: str
) -> None:
    first, last = format_timestamp(first_ms, ","), format_timestamp(last_ms, ",")
    document = parse_document(f"1\n{sign}{first} --> {last}\n" + "\n".join(lines), "srt")
    (cue,) = document.cues
    assert (cue.start_ms, cue.end_ms, cue.lines) == (0, last_ms, lines)
    assert [found.line for found in document.problems] == [2]


@given(st.integers(2, 300), st.integers(1, 900), cue_lines())
def test_a_number_glued_to_the_times_is_told_from_hours(
    n_cues: int, ms: int, lines: tuple[str, ...]
) -> None:
    cues = [Cue(n * 1000, n * 1000 + ms, lines) for n in range(n_cues)]
    glued = format_srt(cues).replace(f"\n{n_cues}\n", f"\n{n_cues}")
    document = parse_document(glued, "srt")
    assert [(cue.start_ms, cue.end_ms) for cue in document.cues] == [
        (cue.start_ms, cue.end_ms) for cue in cues
    ]
    assert document.cues[-1].id == str(n_cues)
    assert {found.rule for found in document.problems} == {"srt-timing", "srt-number"}


@given(st.integers(0, 23), st.integers(0, 59), st.sampled_from(["-->", "->", "→"]))
def test_times_of_day_in_text_are_text(hour: int, minute: int, arrow: str) -> None:
    line = f"{hour}:{minute:02} {arrow} {hour}:{minute:02}"
    text = f"1\n00:00:01,000 --> 00:00:03,000\nopen\n{line}\n"
    (cue,) = parse_document(text, "srt").cues
    assert cue.lines == ("open", line)


@given(st.integers(0, 9), st.sampled_from(["->", "→", "- >", "=>"]))
def test_text_that_reads_as_a_timing_line_is_written_so_that_it_does_not(
    s: int, arrow: str
) -> None:
    cue = Cue(1_000, 2_000, ("before", f"00:00:0{s},000 {arrow} 00:00:09,500"))
    (again,) = parse_document(format_srt([cue]), "srt").cues
    assert again.lines == cue.lines


@given(found_srt_files())
def test_such_a_file_is_subrip_whatever_its_name(file: Found) -> None:
    assert find_format(file[0], "talk.txt") == "srt"
