"""A file's own cues stay as they are and get the times of their words; what is not said goes."""

import re
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given

from pipeline.captions.ass import choose_style
from pipeline.captions.burned import format_burned
from pipeline.captions.caption_text import CaptionText, read_caption_text
from pipeline.captions.formats import FORMATS, READERS, find_format
from pipeline.captions.karaoke import format_words
from pipeline.captions.profile import NETFLIX_EN
from pipeline.captions.retimed_cues import RetimedCues, cut_cues, format_losses, retime
from pipeline.records import Cue, Sound, TimedText, Turn, Word, WordMark
from tests.captions.reading import parse_vtt
from tests.captions.test_ass import dialogues
from tests.captions.test_caption_text import ROLLING
from tests.captions.texts import numbered_cues, parts, retimed_files

PROFILE = NETFLIX_EN
WORD_MS = 250
SPOKEN_MS = 200
TALK = """WEBVTT

intro
00:10.000 --> 00:12.000 line:0
<v Ann>It <i>all</i> began
in May.

00:13.000 --> 00:14.000
<v Bob>Did it?

00:15.000 --> 00:17.000
<v Ann>It did, and never ended.
"""


def time(text: str, *starts_ms: int | None, sounds: tuple[Sound, ...] = ()) -> RetimedCues:
    """The cues of a file whose words start at these times; None is not said."""
    form = find_format(text)
    assert form is not None
    said = read_caption_text(READERS[form](text))
    return retime(said, say(said, *starts_ms, sounds=sounds), PROFILE)


def say(said: CaptionText, *starts_ms: int | None, sounds: tuple[Sound, ...] = ()) -> TimedText:
    turns: list[Turn] = []
    words: list[Word] = []
    for number, turn in enumerate(said.turns):
        turns.append(Turn(turn.label, None, len(words), len(turn.words)))
        for token in turn.words:
            at_ms = starts_ms[len(words)]
            if at_ms is None:
                words.append(Word(token, None, None, "unspoken", 0.0, number))
            else:
                words.append(Word(token, at_ms, at_ms + SPOKEN_MS, "aligned", 1.0, number))
    assert len(words) == len(starts_ms)
    return TimedText("en", "scripted", 60_000, tuple(turns), tuple(words), sounds)


def evenly(n_words: int, first_ms: int) -> list[int]:
    return [first_ms + WORD_MS * number for number in range(n_words)]


def srt(*cues: str) -> str:
    """Cues of a second each."""
    return "\n".join(
        f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{cue}\n" for n, cue in enumerate(cues)
    )


def shown(kept: RetimedCues) -> list[str]:
    return [" / ".join(cue.lines) for cue in kept.cues]


# --- for any file ------------------------------------------------------------------------------


@given(retimed_files())
def test_cues_are_in_order_last_and_do_not_overlap(file: tuple[CaptionText, TimedText]) -> None:
    cues = retime(*file, PROFILE).cues
    for cue, following in pairwise(cues):
        assert cue.end_ms <= following.start_ms
    assert all(cue.start_ms < cue.end_ms for cue in cues)


@given(retimed_files())
def test_every_cue_is_kept_as_it_was_or_counted_as_left_out(
    file: tuple[CaptionText, TimedText],
) -> None:
    kept = retime(*file, PROFILE)
    gone = {*kept.unspoken, *kept.wordless}
    there = [cue for number, cue in enumerate(file[0].cues, start=1) if number not in gone]
    assert [(cue.lines, cue.markup) for cue in kept.cues] == [
        (cue.lines, cue.markup) for cue in there
    ]


@given(retimed_files())
def test_every_spoken_word_is_marked_once_and_in_order(file: tuple[CaptionText, TimedText]) -> None:
    said, timed = file
    kept = retime(said, timed, PROFILE)
    marked = [
        (cue.lines[mark.line][mark.column :], mark.start_ms)
        for cue in kept.cues
        for mark in cue.marks
    ]
    gone = {*kept.unspoken, *kept.wordless}
    words = [
        (word.text, word.start_ms)
        for word, cue in zip(timed.words, said.cue_of_word, strict=True)
        if word.status != "unspoken" and cue + 1 not in gone
    ]
    assert [start_ms for _, start_ms in marked] == [start_ms for _, start_ms in words]
    assert all(rest.startswith(text) for (rest, _), (text, _) in zip(marked, words, strict=True))


# --- when they come and go ---------------------------------------------------------------------


def test_a_cue_comes_with_its_first_word_and_goes_after_its_last() -> None:
    kept = time(TALK, *evenly(5, 1_000), *evenly(2, 5_000), *evenly(5, 9_000))
    assert [cue.start_ms for cue in kept.cues] == [1_000, 5_000, 9_000]
    ends_ms = [2_000 + SPOKEN_MS, 5_250 + SPOKEN_MS, 10_000 + SPOKEN_MS]
    for cue, end_ms in zip(kept.cues, ends_ms, strict=True):
        assert end_ms <= cue.end_ms <= end_ms + PROFILE.linger_ms
    assert (kept.unspoken, kept.wordless, kept.n_partly) == ((), (), 0)


def test_breaks_tags_settings_and_names_stay() -> None:
    kept = time(TALK, *evenly(12, 1_000))
    assert shown(kept)[0] == "It all began / in May."
    markup = kept.cues[0].markup
    assert markup is not None
    assert markup.text == "<v Ann>It <i>all</i> began\nin May."
    assert (markup.name, markup.settings) == ("intro", "line:0")
    assert [cue.speaker for cue in kept.cues] == ["Ann", "Bob", "Ann"]


def test_a_cue_that_is_said_for_longer_than_the_profile_allows_stays_all_along() -> None:
    starts_ms = [1_000, 4_000, 7_000, 10_000]
    (cue,) = time(srt("one two three four"), *starts_ms).cues
    assert cue.end_ms - cue.start_ms > PROFILE.max_ms
    assert cue.end_ms >= starts_ms[-1] + SPOKEN_MS


def test_a_cue_of_two_speakers_is_nobodys() -> None:
    (cue,) = time(srt("ANN: Yes.\nBOB: No."), 1_000, 2_000).cues
    assert cue.speaker is None


def test_a_first_word_without_evidence_does_not_bring_its_cue_in_before_a_pause() -> None:
    said = read_caption_text(READERS["srt"](srt("Well, then.", "$5 it is.")))
    timed = say(said, 1_000, 1_250, 1_460, 9_000, 9_250)
    guess = Word("$5", 1_460, 1_600, "estimated", 0.2, 0)
    words = (*timed.words[:2], guess, *timed.words[3:])
    kept = retime(said, TimedText("en", "", 60_000, timed.turns, words), PROFILE)
    assert [cue.start_ms for cue in kept.cues] == [1_000, 9_000]


def test_a_word_found_far_from_its_cue_does_not_stretch_it() -> None:
    kept = time(srt("it is so", "the end of it all"), *evenly(3, 1_000), 2_000, *evenly(4, 40_000))
    assert [cue.start_ms for cue in kept.cues] == [1_000, 40_000]


# --- what goes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_spoken", "is_retained"), [(0, False), (1, False), (2, True), (5, True)]
)
def test_a_cue_stays_if_a_third_of_its_words_is_said(n_spoken: int, is_retained: bool) -> None:
    spoken = evenly(n_spoken, 9_000)
    kept = time(TALK, *evenly(7, 1_000), *spoken, *[None] * (5 - n_spoken))
    assert len(kept.cues) == 2 + is_retained
    assert kept.unspoken == (() if is_retained else (3,))
    assert kept.n_partly == (n_spoken == 2)


def test_a_sound_stays_while_a_neighbour_is_said() -> None:
    text = srt("[music]", "one", "[laughs]", "two", "three", "[door]")
    sounds = (Sound("music", -1, 0, 900), Sound("laughs", 0, 1_200, 3_000), Sound("door", 2))
    kept = time(text, 1_000, None, None, sounds=sounds)
    assert shown(kept) == ["[music]", "one", "[laughs]"]
    assert [cue.start_ms for cue in kept.cues] == [0, 1_000, 1_200]
    assert (kept.unspoken, kept.wordless) == ((4, 5), (6,))


def test_a_sound_of_a_passage_that_was_cut_out_goes_with_it() -> None:
    sounds = (Sound("music", 1, 1_200, 3_000),)
    kept = time(srt("one", "two", "[music]", "three", "four"), 1_000, None, None, 4_000,
                sounds=sounds)  # fmt: skip
    assert shown(kept) == ["one", "four"]
    assert (kept.unspoken, kept.wordless) == ((2, 4), (3,))


def test_a_recording_in_which_nothing_is_said_has_no_cues() -> None:
    assert time(TALK, *[None] * 12).cues == ()


def test_what_was_left_out_is_said_in_a_line_a_reason() -> None:
    kept = RetimedCues((), unspoken=(1, 2, 3, 7), wordless=(5,), n_partly=2)
    assert list(format_losses(kept)) == [
        "4 cues left out, as nobody says them in this recording: 1-3, 7",
        "1 cues left out, as they have no words of their own, and no sound that was found: 5",
    ]
    assert list(format_losses(RetimedCues((), (), (), n_partly=2))) == []


def test_of_many_that_were_left_out_the_first_are_named() -> None:
    (line,) = format_losses(RetimedCues((), tuple(range(1, 3_000, 2)), (), 0))
    assert line.startswith("1500 cues left out")
    assert line.endswith(": 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, …")


# --- rolling captions, words within cues, and clips --------------------------------------------


def test_what_rolls_up_comes_with_the_words_that_are_new_in_it() -> None:
    kept = time(ROLLING, *evenly(6, 1_000), *evenly(3, 5_000), sounds=(Sound("Music", 5),))
    assert shown(kept) == ["hello and welcome", "hello and welcome / to the show", "[Music] / "
                           ">> so the [\u00a0__\u00a0]"]  # fmt: skip
    assert [cue.start_ms for cue in kept.cues] == [1_000, 1_750, 5_000]
    assert kept.cues[1].marks == (
        WordMark(1, 0, 1_750),
        WordMark(1, 3, 2_000),
        WordMark(1, 7, 2_250),
    )
    assert kept.wordless == (2, 4, 5, 6)


def test_words_are_marked_beside_labels_dashes_and_sounds() -> None:
    kept = time(srt("-NORA: No (no) no, $5."), *evenly(3, 1_000), sounds=(Sound("no", 0),))
    (cue,) = parse_vtt(format_words(kept.cues))
    assert cue.lines == ("-NORA: No (no) no, $5.",)
    assert [kept.cues[0].lines[0][mark.column :] for mark in kept.cues[0].marks] == [
        "No (no) no, $5.", "no, $5.", "$5.",
    ]  # fmt: skip


def test_the_cues_of_a_clip_are_in_its_own_time() -> None:
    cues = (
        Cue(1_000, 3_000, ("one more",), None, (WordMark(0, 0, 900), WordMark(0, 4, 1_500))),
        Cue(4_000, 6_000, ("two",)),
    )
    assert cut_cues(cues, 1_000, 5_001) == (
        Cue(0, 2_000, ("one more",), None, (WordMark(0, 0, 0), WordMark(0, 4, 500))),
        Cue(3_000, 4_001, ("two",)),
    )


@given(numbered_cues(), parts())
def test_clips_that_touch_share_the_cues_out(
    cues: tuple[Cue, ...], spans: list[tuple[int, int]]
) -> None:
    shown = [cue for span in spans for cue in cut_cues(cues, *span)]
    assert [cue.lines for cue in shown] == [cue.lines for cue in cues]


def test_words_of_kept_cues_light_up_in_clips_and_none_of_their_text_is_lost() -> None:
    kept = time(srt("-NORA: No, good-bye\nmy friend"), *evenly(4, 1_000))
    cues = cut_cues(kept.cues, 500, 4_000)
    style = choose_style(1_280, 720)
    karaoke = dialogues(format_burned(cues, style, "karaoke", "#ff0000"))
    assert [row[-1].split("&H000000FF&}")[1].split("{")[0] for row in karaoke[-4:]] == [
        "No,", "good-bye", "my", "friend",
    ]  # fmt: skip
    few = dialogues(format_burned(cues, style, "word"))
    shown = {word for row in few for word in re.sub(r"\{[^}]*\}", "", row[-1]).split()}
    assert shown == {"-NORA:", "No,", "good-bye", "my", "friend"}


CHINESE = """WEBVTT

00:10.000 --> 00:12.000
我们今天要聊的是 GPT-4，
特别是大语言模型

00:13.000 --> 00:14.000
在教育领域的应用！
"""


def test_words_of_kept_cues_stay_joined_where_a_line_of_chinese_ends() -> None:
    first, _ = time(CHINESE, 10_000, 11_000, 12_000, 13_000).cues
    assert [mark.is_glued for mark in first.marks if mark.line == 1][:1] == [True]


@pytest.mark.parametrize("form", ["txt", "podcast"])
def test_running_text_of_kept_cues_has_no_space_where_a_line_of_chinese_ends(
    form: Literal["txt", "podcast"],
) -> None:
    written = FORMATS[form].write(time(CHINESE, 10_000, 11_000, 12_000, 13_000).cues, "zh")
    assert "我们今天要聊的是 GPT-4，特别是大语言模型" in written
    assert form == "podcast" or "大语言模型在教育领域的应用！" in written


def test_running_text_of_kept_cues_has_a_space_where_a_line_of_english_ends() -> None:
    written = FORMATS["txt"].write(time(TALK, *evenly(12, 10_000)).cues, "en")
    assert "It all began in May." in written
