"""The plain transcript, karaoke as ASS, words as JSON: the same words as the cues, as text."""

import json
import re

from hypothesis import given

from pipeline.alignment.transcript import parse_transcript
from pipeline.captions.ass import choose_style
from pipeline.captions.burned import format_burned
from pipeline.captions.cues import make_cues
from pipeline.captions.formats import FORMATS
from pipeline.captions.options import CaptionOptions
from pipeline.captions.text import clean_line
from pipeline.records import Cue, Sound, TimedText, WordMark
from tests.captions.texts import say, timed_texts

TALK = say("Hello there, my friend.", "Good morning.", "It is cold out here today, isn't it?")


def write(name: str, timed: TimedText) -> str:
    return FORMATS[name].write(make_cues(timed, CaptionOptions()), timed.language)  # type: ignore[index]


def shown_words(timed: TimedText) -> list[str]:
    return [clean_line(word.text) for word in timed.words if word.status != "unspoken"]


# --- transcript.txt ----------------------------------------------------------------------------


def test_a_transcript_has_a_paragraph_a_turn_with_its_speaker() -> None:
    assert write("txt", TALK) == (
        "- [host] Hello there, my friend.\n\n"
        "- [guest] Good morning.\n\n"
        "- [host] It is cold out here today, isn't it?\n"
    )


def test_a_transcript_can_be_read_again() -> None:
    sounds = (Sound("laughing", 3, 2_300, 2_600),)
    timed = say("Hello there, my friend.", "Yes.", "No.", sounds=sounds, pauses_ms={4: 3_000})
    again = parse_transcript(write("txt", timed))
    assert list(again.words) == [word.text for word in timed.words]
    assert [turn.speaker for turn in again.turns] == [turn.speaker for turn in timed.turns]
    assert [sound.text for sound in again.sounds] == ["laughing"]


def test_two_speakers_of_one_cue_have_a_paragraph_each_without_dashes() -> None:
    timed = say("Yes.", "No.")
    assert make_cues(timed, CaptionOptions())[0].line_speakers
    assert write("txt", timed) == "- [host] Yes.\n\n- [guest] No.\n"


# --- captions.ass ------------------------------------------------------------------------------

_FILLED = re.compile(r"\{\\kf(\d+)\}([^{]*(?:\\\{[^{]*)*)")


def test_each_word_fills_from_its_start_to_the_next() -> None:
    marks = (WordMark(0, 0, 1_200), WordMark(0, 3, 1_500), WordMark(1, 0, 2_004))
    cue = Cue(1_000, 3_000, ("Oh no,", "you"), "A, B", marks)
    (event,) = [
        line for line in FORMATS["ass"].write([cue], "en").splitlines() if "Dialogue" in line
    ]
    assert event == (
        "Dialogue: 1,0:00:01.00,0:00:03.00,Caption,A B,0,0,0,,"
        r"{\k20}{\kf30}Oh {\kf50}no,\N{\kf100}you"
    )


def test_the_unsaid_has_another_colour_and_burned_captions_have_not() -> None:
    style = choose_style(1_920, 1_080)
    rows = [
        text.splitlines()[10] for text in (format_burned([], style), FORMATS["ass"].write([], "en"))
    ]
    assert [len(set(row.split(",")[3:5])) for row in rows] == [1, 2]


@given(timed_texts())
def test_karaoke_fills_no_longer_than_its_cue_and_holds_the_words(timed: TimedText) -> None:
    cues = make_cues(timed, CaptionOptions())
    text = FORMATS["ass"].write(cues, "en")
    events = [line for line in text.split("\n") if line.startswith("Dialogue")]
    assert len(events) == len(cues)
    for cue, event in zip(cues, events, strict=True):
        filled = [int(length) for length in re.findall(r"(?<!\\)\{\\kf?(\d+)\}", event)]
        assert sum(filled) <= (cue.end_ms - cue.start_ms) // 10 + 1
        assert len(re.findall(r"(?<!\\)\{\\kf\d+\}", event)) == len(cue.marks)


# --- captions.json -----------------------------------------------------------------------------


@given(timed_texts())
def test_json_has_every_word_that_is_shown(timed: TimedText) -> None:
    document = json.loads(write("json", timed))
    words = [word["text"] for cue in document["cues"] for word in cue["words"]]
    assert "".join(word for word in words if word != "[laughing]") == "".join(shown_words(timed))


def test_json_names_times_and_speakers() -> None:
    cue = json.loads(write("json", say("Yes.", "No.")))["cues"][0]
    assert cue["lines"] == [
        {"speaker": "host", "text": "-Yes."}, {"speaker": "guest", "text": "-No."},
    ]  # fmt: skip
    assert [(word["text"], word["start_ms"]) for word in cue["words"]] == [
        ("Yes.", 1_000), ("No.", 1_240),
    ]  # fmt: skip


# --- for those who can't hear ------------------------------------------------------------------


def show(**options: object) -> list[tuple[str | None, str]]:
    sounds = (Sound("laughing", 3, 2_600, 3_900),)
    timed = say("Hello there, my friend.", "Good morning to you.", sounds=sounds, ms_per_char=75,
                pauses_ms={4: 2_000})  # fmt: skip
    cues = make_cues(timed, CaptionOptions(**options))  # type: ignore[arg-type]
    return [(cue.speaker, " ".join(cue.lines)) for cue in cues]


def test_sounds_stand_in_brackets_unless_they_are_off() -> None:
    assert [text for _, text in show()] == [
        "Hello there, my friend.", "[laughing]", "Good morning to you.",
    ]  # fmt: skip
    assert [text for _, text in show(sounds=False)] == [
        "Hello there, my friend.", "Good morning to you.",
    ]  # fmt: skip


def test_names_are_tagged_or_shown_on_change_or_none() -> None:
    assert show(sounds=False, names="shown") == [
        ("host", "[host] Hello there, my friend."), ("guest", "[guest] Good morning to you."),
    ]  # fmt: skip
    assert {speaker for speaker, _ in show(names="none")} == {None}
    assert {speaker for speaker, _ in show()} == {"host", None, "guest"}


def test_a_shown_name_stands_only_where_the_speaker_changes() -> None:
    timed = say("One sentence, and quite a long one at that. And another one, as long as that one.")
    cues = make_cues(timed, CaptionOptions(names="shown"))
    assert len(cues) > 1
    assert sum("[host]" in line for cue in cues for line in cue.lines) == 1
    assert [cue.lines[mark.line][mark.column] for cue in cues[:1] for mark in cue.marks[:1]] == [
        "O"
    ]
