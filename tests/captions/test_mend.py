"""What browsers drop of a WebVTT file is named by lint, and brought back by `--fix`."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.conformance import find_departures
from pipeline.captions.document import parse_document
from pipeline.captions.mend import mend_document
from pipeline.captions.rewrite import repair_document
from tests.captions.found_files import FoundCue, found_vtt_files

Found = tuple[str, list[FoundCue]]
ONE, TWO = "00:00:01.000 --> 00:00:03.000", "00:00:04.000 --> 00:00:06.000"


def mend(text: str) -> str:
    return mend_document(parse_document(text, "vtt")).format()


def squeeze(text: str) -> str:
    return "".join(text.split())


@given(found_vtt_files())
def test_every_cue_comes_back_with_its_times_and_all_its_text(file: Found) -> None:
    text, meant = file
    cues = parse_document(mend(text), "vtt").cues
    assert [(cue.start_ms, cue.end_ms, squeeze(cue.text)) for cue in cues] == [
        (cue.start_ms, cue.end_ms, squeeze(cue.text)) for cue in meant
    ]


@given(found_vtt_files())
def test_a_repaired_file_departs_from_nothing_and_has_all_text(file: Found) -> None:
    text, meant = file
    fixed = repair_document(parse_document(text, "vtt"), "netflix-en")
    assert list(find_departures(fixed.blocks, "vtt")) == []
    shown = "".join(squeeze(cue.text) for cue in fixed.cues)
    assert shown == "".join(squeeze(cue.text) for cue in meant)


@given(found_vtt_files())
def test_every_cue_that_browsers_miss_or_show_in_part_is_named(file: Found) -> None:
    text, meant = file
    document = parse_document(text, "vtt")
    lines = text.split("\n")
    named = {found.line for found in document.problems}
    seen = {(cue.start_ms, cue.end_ms): squeeze(cue.text) for cue in document.cues}
    begins = [0]
    for cue in meant:
        places = range(begins[-1], len(lines))
        begins.append(next(n for n in places if lines[n].startswith(cue.timing)) + 1)
    for cue, at, after in zip(meant, begins[1:], [*begins[2:], len(lines) + 1], strict=True):
        if seen.get((cue.start_ms, cue.end_ms)) != squeeze(cue.text):
            assert named & set(range(at, after))


def test_a_comment_a_style_and_the_cues_around_them_stay() -> None:
    text = f"WEBVTT\n\nSTYLE\n::cue {{}}\n\n{ONE}\na\n\nNOTE b\nc\n\nd\n{TWO}\ne\n\nNOTE\n"
    assert mend(text) == text


@pytest.mark.parametrize("timing", ["00:00:04.000 --> soon", "-->", "a --> b"])
def test_times_that_nobody_can_guess_stay_with_their_lines(timing: str) -> None:
    text = f"WEBVTT\n\n{ONE}\na\n\n{timing}\nb\n\nc\n"
    assert mend(text) == text
    fixed = repair_document(parse_document(text, "vtt"), "netflix-en")
    assert [found.line for found in find_departures(fixed.blocks, "vtt")] == [6, 9]


def test_lines_with_times_but_no_arrow_end_the_cue_before() -> None:
    text = f"WEBVTT\n\n{ONE}\na\n2\n00:04,5 -> 00:06,5\nb\n"
    assert mend(text) == f"WEBVTT\n\n{ONE}\na\n\n2\n00:00:04.500 --> 00:00:06.500\nb\n"


@given(
    st.lists(st.sampled_from(["i", "b", "u"]), min_size=1, max_size=3, unique=True),
    st.sampled_from(["vtt", "srt"]),
)
def test_tags_that_are_left_open_are_closed_at_their_cues_end(
    names: list[str], form: Literal["vtt", "srt"]
) -> None:
    opens = "".join(f"<{name}>" for name in names)
    timing = ONE if form == "vtt" else ONE.replace(".", ",")
    head = "WEBVTT\n\n" if form == "vtt" else "1\n"
    text = f"{head}{timing}\n{opens}what she said\n"
    assert [one.rule for one in find_departures(parse_document(text, form).blocks, form)]
    fixed = repair_document(parse_document(text, form), "netflix-en")
    closes = "".join(f"</{name}>" for name in reversed(names))
    assert f"{opens}what she said{closes}" in fixed.format()
    assert list(find_departures(fixed.blocks, form)) == []
