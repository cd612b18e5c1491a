"""Every profile's figures hold for its cues, and every figure of one's own changes them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.cues import make_cues
from pipeline.captions.lint import find_breaks
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import PROFILES, OwnProfile, ProfileName, find_profile
from pipeline.captions.text import measure
from pipeline.records import Cue, TimedText
from tests.captions.texts import say, timed_texts

NAMES = sorted(PROFILES)

TALK = say(
    "It was the year in which we first went out to look for the old road, and found nothing.",
    "And then? Did you ever go back there, or did you leave it at that?",
    "We went back every year. Every year we found a little less of it than the year before.",
    ms_per_char=75,
    pauses_ms={19: 700, 34: 450, 40: 3_000},
)


def make(profile: ProfileName | OwnProfile, timed: TimedText = TALK) -> tuple[Cue, ...]:
    return make_cues(timed, CaptionOptions(profile=profile))


@pytest.mark.parametrize("name", NAMES)
def test_speech_at_an_easy_pace_breaks_no_rule_of_any_profile(name: ProfileName) -> None:
    assert find_breaks(make(name), PROFILES[name]) == ()


@pytest.mark.parametrize("name", NAMES)
@given(timed=timed_texts())
def test_what_no_speech_can_force_holds_in_every_profile(
    name: ProfileName, timed: TimedText
) -> None:
    profile = PROFILES[name]
    cues = make(name, timed)
    for cue in cues:
        assert len(cue.lines) <= profile.max_lines
        assert cue.end_ms - cue.start_ms <= profile.max_ms
        assert profile.dash or not cue.line_speakers
        for line in cue.lines:
            bare = line.removeprefix(profile.dash)
            assert measure(line) <= profile.chars_per_line or " " not in bare
    for cue, following in pairwise(cues):
        assert cue.start_ms < cue.end_ms <= following.start_ms


def test_children_have_more_time_to_read() -> None:
    timed = say("This is a sentence for all to read.", ms_per_char=50)
    ends = [make(name, timed)[0].end_ms for name in ("netflix-en", "netflix-en-children")]
    assert ends[0] < ends[1]


def test_a_tall_picture_has_three_short_lines() -> None:
    assert max(len(cue.lines) for cue in make("bbc-9x16")) == 3
    assert max(measure(line) for cue in make("bbc-9x16") for line in cue.lines) <= 25


def test_the_bbc_leaves_no_gap_or_a_second() -> None:
    gaps = {after.start_ms - before.end_ms for before, after in pairwise(make("bbc-online"))}
    assert 0 in gaps
    assert all(gap_ms == 0 or gap_ms >= 1_000 for gap_ms in gaps)


def test_a_podcast_has_a_card_a_speaker() -> None:
    timed = say("Yes.", "No.", "Yes.")
    assert len(make("podcast", timed)) == 3
    assert len(make("netflix-en", timed)) < 3


@pytest.mark.parametrize(
    "own",
    [
        OwnProfile(base="bbc-online"),
        OwnProfile(chars_per_line=20),
        OwnProfile(max_lines=1),
        OwnProfile(chars_per_second=11),
        OwnProfile(min_ms=2_500),
        OwnProfile(max_ms=2_000),
        OwnProfile(gap_ms=200),
        OwnProfile(open_gap_ms=900),
        OwnProfile(linger_ms=0),
    ],
    ids=str,
)
def test_each_figure_of_ones_own_changes_the_cues(own: OwnProfile) -> None:
    assert make(own) != make("netflix-en")


def test_a_dash_of_ones_own_begins_the_lines_of_two_speakers() -> None:
    (cue,) = make(OwnProfile(dash="* "), say("Yes.", "No."))
    assert cue.lines == ("* Yes.", "* No.")


def test_without_leaning_a_cue_comes_in_with_its_word() -> None:
    timed = say("That was all that we ever knew of it.", "Was it?", ms_per_char=63)
    assert [cue.start_ms for cue in make(OwnProfile(lean_ms=0, dash=""), timed)] == [
        timed.words[0].start_ms, timed.words[9].start_ms,
    ]  # fmt: skip
    assert make(OwnProfile(dash=""), timed)[1].start_ms > timed.words[9].start_ms  # type: ignore[operator]


def test_a_profile_of_ones_own_is_its_base_but_for_what_it_says() -> None:
    profile = find_profile(OwnProfile(base="bbc-9x16", name="reels", chars_per_line=18))
    assert (profile.name, profile.chars_per_line, profile.max_lines) == ("reels", 18, 3)
    assert find_profile("podcast") is PROFILES["podcast"]


@pytest.mark.parametrize(
    "figures",
    [
        {"chars_per_line": 0},
        {"max_lines": 0},
        {"chars_per_second": 0.0},
        {"min_ms": 0},
        {"min_ms": 8_000},
        {"gap_ms": -1},
        {"open_gap_ms": -1},
        {"linger_ms": -1},
        {"lean_ms": 500},
        {"dash": "----"},
        {"dash": "\n"},
    ],
    ids=str,
)
def test_figures_that_cannot_be_are_refused(figures: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(figures))):
        OwnProfile(**figures)  # type: ignore[arg-type]


@given(st.sampled_from(NAMES), timed_texts())
def test_the_same_text_makes_the_same_cues_in_every_profile(
    name: ProfileName, timed: TimedText
) -> None:
    assert make(name, timed) == make(name, timed)
