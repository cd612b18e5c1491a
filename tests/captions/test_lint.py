"""Every rule of a profile is found broken where it is, and only there."""

from dataclasses import replace

import pytest

from pipeline.captions.document import make_document, parse_document
from pipeline.captions.lint import (
    RULES,
    find_breaks,
    lint,
    lint_document,
)
from pipeline.captions.problems import NO_DURATION, NO_TEXT, UNITS, Problem
from pipeline.captions.profile import NETFLIX_EN, PROFILES
from pipeline.codec import from_plain, to_plain
from pipeline.records import Cue

GOOD = Cue(1_000, 3_000, ("one line",))


def cue(start_ms: int, end_ms: int, *lines: str) -> Cue:
    return Cue(start_ms, end_ms, lines)


@pytest.mark.parametrize(
    ("rule", "cues", "measured", "limit"),
    [
        ("line-length", [cue(0, 4_000, "x" * 43)], 43, 42),
        ("line-count", [cue(0, 4_000, "a", "b", "c")], 3, 2),
        ("reading-speed", [cue(0, 2_000, "x" * 41)], 20.5, 20),
        ("min-duration", [cue(0, 832, "a")], 832, 833),
        ("max-duration", [cue(0, 7_001, "a")], 7_001, 7_000),
        ("gap", [cue(0, 1_000, "a"), cue(1_082, 3_000, "b")], 82, 83),
        ("gap", [cue(0, 1_000, "a"), cue(900, 3_000, "b")], -100, 83),
        ("open-gap", [cue(0, 1_000, "a"), cue(1_125, 3_000, "b")], 125, 500),
        ("open-gap", [cue(0, 1_000, "a"), cue(1_458, 3_000, "b")], 458, 500),
    ],
)
def test_a_broken_rule_is_found_with_its_figures(
    rule: str, cues: list[Cue], measured: float, limit: float
) -> None:
    (found,) = find_breaks(cues, NETFLIX_EN)
    assert found == Problem(rule, 1, cues[0].start_ms, measured, limit)


def test_cues_out_of_order_are_found() -> None:
    found = find_breaks([cue(5_000, 6_000, "a"), cue(1_000, 2_000, "b")], NETFLIX_EN)
    assert {"order", "gap"} == {each.rule for each in found}


@pytest.mark.parametrize(
    "cues",
    [
        [],
        [cue(0, 4_200, "x" * 42, "y" * 42)],
        [cue(0, 833, "a")],
        [cue(0, 7_000, "a")],
        [cue(0, 1_000, "a"), cue(1_083, 3_000, "b")],
        [cue(0, 1_000, "a"), cue(1_500, 3_000, "b")],
    ],
)
def test_the_limits_themselves_are_allowed(cues: list[Cue]) -> None:
    assert find_breaks(cues, NETFLIX_EN) == ()


def test_a_report_survives_being_saved() -> None:
    report = lint([cue(0, 400, "x" * 43), GOOD], NETFLIX_EN)
    assert {found.rule for found in report.breaks} == {
        "line-length",
        "reading-speed",
        "min-duration",
    }
    assert from_plain(to_plain(report), type(report), "lint.json") == report


def test_every_rule_and_profile_goes_by_its_name() -> None:
    assert all(name == profile.name for name, profile in PROFILES.items())
    assert all(name == name.lower() and "_" not in name for name in RULES)
    assert {*RULES, NO_TEXT, NO_DURATION} < set(UNITS)


def test_cues_of_a_file_are_numbered_as_they_stand_in_it() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:03,000\nfine\n\n"
        "2\n00:00:04,000 --> 00:00:03,000\nbackwards\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\n \n\n"
        f"4\n00:00:07,000 --> 00:00:10,000\n{'x' * 43}\n"
    )
    report = lint_document(parse_document(text, "srt"), NETFLIX_EN)
    assert report.n_cues == 4
    assert report.breaks == (
        Problem(NO_DURATION, 2, 4_000, -1_000, 1, line=6),
        Problem(NO_TEXT, 3, 5_000, 0, 1, line=10),
        Problem("line-length", 4, 7_000, 43, 42, line=14),
    )


def test_a_file_of_ours_has_no_breaks_that_its_cues_have_not() -> None:
    cues = [GOOD, cue(3_083, 4_000, "x" * 43), cue(4_100, 4_200, "a")]
    report = lint_document(make_document(cues), NETFLIX_EN)
    assert [replace(each, line=None) for each in report.breaks] == [*find_breaks(cues, NETFLIX_EN)]
