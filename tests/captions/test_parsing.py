"""What a WebVTT file holds by the standard, our parser finds."""

import pytest

from pipeline.captions.formats import READERS
from tests.captions.parsing import CASES, ONE, ClipView


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_file_holds_the_cues_that_the_standard_finds(name: str) -> None:
    text, wanted = CASES[name]
    found = [
        (cue.start_ms / 1000, cue.end_ms / 1000, "\n".join(cue.lines))
        for cue in READERS["vtt"](text)
    ]
    assert sorted(found) == wanted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"WEBVTT\n\n{ONE}\n1 < 2, 2 > 1\n", "1  1"),
        (f"WEBVTT\n\n{ONE}\nI <3 you\n", "I"),
        (f"WEBVTT\n\n{ONE}\na <b\n", "a"),
        (f"WEBVTT\n\n{ONE}\na <b\nc>d\n", "a d"),
    ],
)
def test_text_behind_a_bare_sign_is_dropped_as_in_browsers(text: str, shown: str) -> None:
    (cue,) = READERS["vtt"](text)
    assert cue.lines == (shown,)


@pytest.mark.parametrize("times", ["00:61.000 --> 00:62.000", "0:1 --> 0:2", "--> 00:02.000"])
def test_a_cue_whose_times_cannot_be_read_is_dropped_alone(times: str) -> None:
    (cue,) = READERS["vtt"](f"WEBVTT\n\n{times}\na\n\n{ONE}\nb\n")
    assert cue.lines == ("b",)


def test_the_cases_are_in_order() -> None:
    for _, cues in CASES.values():
        assert cues == sorted(cues, key=_start)


def _start(cue: ClipView) -> float:
    return cue[0]
