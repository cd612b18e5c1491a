"""The text stage: a transcript, captions or words.json, and the text says what it is itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.captions.srt import format_srt
from pipeline.captions.vtt import format_vtt
from pipeline.codec import format_record, read_record, write_record
from pipeline.errors import MediaError
from pipeline.job.context import StepContext
from pipeline.records import Bracket, Cue, Media, Sound, TimedText, Turn, Word
from pipeline.stages import text
from pipeline.stages.script import ItemText
from tests.stages.steps import MOST_WORDS, make_request

RECORDING = Media("talk.mp4", 9_000, 0, 16_000, 144_000, 1, 1)
CUES = (Cue(0, 900, ("Hello", "there."), "nora"), Cue(1000, 1900, ("Hi. (laughs)",), "emil"))
WORDS = TimedText(
    "en",
    "pocketsphinx",
    9000,
    (Turn("nora", "label", 0, 2), Turn("emil", "inferred", 2, 1)),
    (
        Word("Hello", 10, 20, "aligned", 1.0, 0),
        Word("there.", None, None, "unspoken", 0.0, 0),
        Word("Hi.", 30, 40, "estimated", 0.2, 1),
    ),
    (Sound("music", -1), Sound("sighs", 1, 25, 28, opens_turn=True), Sound("laughs", 2, 50, 60)),
)


def read(folder: Path, name: str, content: str | bytes, speakers: tuple[str, ...] = ()) -> ItemText:
    """What the stage writes of a text that is a file of this name."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return run_stage(folder, path, speakers)


def run_stage(folder: Path, path: Path, speakers: tuple[str, ...] = ()) -> ItemText:
    for needed in ("ingest", "text"):
        (folder / needed).mkdir(exist_ok=True)
    write_record(folder / "ingest" / "media.json", RECORDING)
    request = make_request("text", folder, {"text": path}, {"speakers": speakers})
    text.run(StepContext(request))
    return read_record(folder / "text" / "script.json", ItemText)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("talk.html", "<p>- [nora] Hel<b>lo</b></p><p>there.</p><p>- Hi.</p>"),
        ("talk.md", "- [nora] **Hello**\n  there.\n- Hi.\n"),
        ("talk.rtf", r"{\rtf1 - [nora] Hel{\b lo}\par there.\par - Hi.\par}"),
    ],
)
def test_a_transcript_may_have_markup(tmp_path: Path, name: str, content: str) -> None:
    script = read(tmp_path, name, content)
    assert script.words == ("Hello", "there.", "Hi.")
    assert [turn.speaker for turn in script.turns] == ["nora", None]


def test_a_transcript_is_plain_text(tmp_path: Path) -> None:
    script = read(tmp_path, "talk.txt", "\ufeff- [nora] Hello\r\nthere.\r\n- Hi.\r\n")
    assert script.words == ("Hello", "there.", "Hi.")
    assert [turn.speaker for turn in script.turns] == ["nora", None]


@pytest.mark.parametrize("name", ["talk.vtt", "TALK.VTT", "talk.txt"])
def test_webvtt_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    script = read(tmp_path, name, format_vtt(CUES))
    assert script.words == ("Hello", "there.", "Hi.")
    assert script.turns == (Turn("nora", "label", 0, 2), Turn("emil", "label", 2, 1))
    assert script.sounds == (Sound("laughs", 2),)


def test_subrip_is_read(tmp_path: Path) -> None:
    script = read(tmp_path, "talk.srt", format_srt(CUES))
    assert script.words == ("Hello", "there.", "Hi.")
    assert script.turns == (Turn(None, None, 0, 3),)


def test_one_named_speaker_says_all_of_the_captions(tmp_path: Path) -> None:
    script = read(tmp_path, "talk.srt", format_srt(CUES), ("otto",))
    assert script.turns == (Turn("otto", "inferred", 0, 3),)


def test_two_named_speakers_do_not_take_turns_at_the_dashes_of_captions(tmp_path: Path) -> None:
    text = format_srt([Cue(0, 9, ("Hello.",)), Cue(10, 19, ("- Well.", "- Hi."))])
    script = read(tmp_path, "talk.srt", text, ("nora", "emil"))
    assert [turn.speaker for turn in script.turns] == [None, None, None]


def test_words_json_keeps_words_turns_and_sounds_and_drops_times(tmp_path: Path) -> None:
    script = read(tmp_path, "words.json", format_record(WORDS))
    assert script.words == ("Hello", "there.", "Hi.")
    assert [(turn.speaker, turn.n_words) for turn in script.turns] == [("nora", 2), ("emil", 1)]
    assert script.sounds == (
        Sound("music", -1, opens_turn=True),
        Sound("sighs", 1, opens_turn=True),
        Sound("laughs", 2),
    )


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("talk.ass", "\ufeff[Script Info]\nTitle: x\n", "ASS"),
        ("talk.txt", "[Script Info]\nTitle: x\n", "ASS"),
        ("talk.ttml", '<?xml version="1.0"?>\n<tt xmlns="http://www.w3.org/ns/ttml"/>', "TTML"),
        ("talk.xml", "<tt:tt xml:lang='en'></tt:tt>", "TTML"),
    ],
)
def test_captions_of_other_forms_are_not_taken_for_words(
    tmp_path: Path, name: str, content: str, kind: str
) -> None:
    with pytest.raises(MediaError, match=rf"{name}: is {kind}, .+; convert it to SRT or WebVTT"):
        read(tmp_path, name, content)


def test_named_speakers_take_turns_anew_in_words_json(tmp_path: Path) -> None:
    script = read(tmp_path, "words.json", format_record(WORDS), ("nora", "lena"))
    assert script.turns == (Turn("nora", "label", 0, 2), Turn("lena", "inferred", 2, 1))


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.txt", b"", "has no words"),
        ("a.txt", b" \n (laughs) \n", "has no words"),
        ("a.txt", "hello".encode("utf-16-be"), "not text"),
        ("a.txt", "hello".encode("utf-16")[:-1], r"not text \(byte \d+\)"),
        ("a.txt", b"ID3\x03\0\0\0", r"not text \(a zero at byte 4\)"),
        ("a.txt", b"%PDF-1.7", "is PDF, which is not read"),
        ("a.vtt", b"hello", "not WebVTT"),
        ("a.vtt", b"WEBVTT\n\n00:61:00.000 --> 00:62:00.000\nhi\n", "has no words"),
        ("a.vtt", b"WEBVTT\n", "has no words"),
        ("a.srt", b"hello", "not SubRip"),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\n[music]\n", "has no words"),
        ("a.json", b"hello", r"not a words.json \(not JSON\)"),
        ("a.json", b'{"a": 1}', r"not a words.json \(.*\); give the words.json of an item"),
        ("a.json", b"[" * 100_000, r"not a words.json \(not JSON\)"),
        ("a.txt", b'{"words": []}', r"not a words.json"),
        ("a.json", format_record(WORDS).replace(b"Hello", b"Hello you"), "is not one word"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    with pytest.raises(MediaError, match=problem) as caught:
        read(tmp_path, name, content)
    assert str(caught.value).startswith(f"{tmp_path}/{name}: ")
    assert "\n" not in str(caught.value)


def test_a_text_that_is_a_folder_or_missing_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name, problem in (("folder", "directory"), ("gone.txt", "no such file")):
        with pytest.raises(MediaError, match=problem):
            run_stage(tmp_path, tmp_path / name)


def test_far_too_many_letters_for_the_recording_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"letters, far too many for its recording; give the part"):
        read(tmp_path, "talk.txt", "word " * 1_000_000)


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.txt", "Hello there.", "transcript"),
        ("a.txt", format_record(WORDS), "words"),
        ("a.txt", format_vtt(CUES), "vtt"),
        ("a.txt", format_srt(CUES), "srt"),
    ],
)
def test_the_script_says_which_format_the_text_has(
    tmp_path: Path, name: str, content: str | bytes, form: str
) -> None:
    script = read(tmp_path, name, content)
    assert script.format == form
    plain = content if isinstance(content, str) else content.decode()
    assert script == text.parse_text(plain, name, (), MOST_WORDS)


def test_a_caption_files_cues_head_and_labels_are_in_the_script(tmp_path: Path) -> None:
    style = "STYLE\n::cue(.red) { color: red }"
    content = f"WEBVTT\n\n{style}\n\n00:01.000 --> 00:02.000 line:0\n<v nora>Hello <i>there</i>.\n"
    script = read(tmp_path, "talk.vtt", content, ("Nora",))
    assert script.head == style
    assert script.captions is not None
    (cue,) = script.captions.cues
    assert cue.markup is not None
    assert (cue.start_ms, cue.end_ms, cue.lines) == (1000, 2000, ("Hello there.",))
    assert (cue.markup.text, cue.markup.settings) == ("<v nora>Hello <i>there</i>.", "line:0")
    assert script.captions.cue_of_word == (0, 0)
    assert [turn.speaker for turn in script.turns] == ["Nora"]


def test_words_that_had_no_space_before_them_are_noted(tmp_path: Path) -> None:
    glued = replace(WORDS, words=(*WORDS.words[:2], replace(WORDS.words[2], is_glued=True)))
    assert read(tmp_path, "words.json", format_record(glued)).glued == (2,)


def test_a_bracket_that_may_be_either_keeps_both_readings(tmp_path: Path) -> None:
    content = "Well (laughing loudly) yes.\n(which nobody had asked for, mind you) So."
    script = read(tmp_path, "talk.txt", content)
    assert script.sounds == (Sound("laughing loudly", 0),)
    assert script.words[2:9] == ("(which", "nobody", "had", "asked", "for,", "mind", "you)")
    assert script.brackets == (
        Bracket(("(laughing", "loudly)"), 0, is_sound=True, may_be_spoken=True),
        Bracket(("(which", "nobody", "had", "asked", "for,", "mind", "you)"), 1, is_sound=False),
    )


def test_the_same_text_is_the_same_script_for_every_stage(tmp_path: Path) -> None:
    content = "So I say [Speaker 1] that we go. And [Speaker 2] we went."
    script = read(tmp_path, "talk.txt", content, ("Speaker 1", "Speaker 2"))
    assert "[Speaker" not in script.words
    assert [turn.n_words for turn in script.turns] == [3, 4, 2]
