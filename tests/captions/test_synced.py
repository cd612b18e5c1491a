"""Cues are held against the words' times: early, late, gone too soon, words missing or added."""

from dataclasses import replace

import pytest

from pipeline.captions.blocks import CaptionForm
from pipeline.captions.check import check_document
from pipeline.captions.cues import make_cues
from pipeline.captions.document import make_document, parse_document
from pipeline.captions.options import CaptionOptions
from pipeline.captions.problems import Problem
from pipeline.records import Cue
from tests.captions.texts import say

TIMED = say("Hello there, my friend.", "Good morning, how are you?", ms_per_char=75)
FIRST = Cue(1_000, 2_500, ("Hello there, my friend.",))
SECOND = Cue(2_583, 4_400, ("Good morning, how are you?",))


def check(*cues: Cue) -> list[tuple[str, int, float]]:
    report = check_document(make_document(cues, "srt"), "netflix-en", TIMED)
    return [(found.rule, found.cue, found.measured) for found in report.breaks]


def moved(cue: Cue, start_ms: int, end_ms: int) -> Cue:
    return Cue(start_ms, end_ms, cue.lines)


def test_cues_made_of_the_words_are_in_time_with_them() -> None:
    cues = make_cues(TIMED, CaptionOptions())
    forms: tuple[CaptionForm, ...] = ("vtt", "srt")
    for form in forms:
        assert check_document(make_document(cues, form), "netflix-en", TIMED).breaks == ()


@pytest.mark.parametrize(
    ("cues", "found"),
    [
        ((moved(FIRST, 500, 2_417), SECOND), ("early", 1, 500)),
        ((FIRST, moved(SECOND, 2_800, 4_700)), ("late", 2, 300)),
        ((moved(FIRST, 1_000, 1_800), SECOND), ("cut-off", 1, 175)),
        ((Cue(1_000, 2_417, ("Hello there, friend.",)), SECOND), ("word-missing", 1, 1)),
        ((Cue(1_000, 2_417, ("Hello there, my old friend.",)), SECOND), ("word-added", 1, 1)),
        ((SECOND, moved(FIRST, 500, 2_417)), ("early", 2, 500)),
    ],
)
def test_what_is_out_of_time_is_found_with_its_cue(
    cues: tuple[Cue, ...], found: tuple[str, int, float]
) -> None:
    assert found in check(*cues)


def test_case_and_punctuation_are_the_captioners_choice() -> None:
    assert check(Cue(1_000, 2_500, ("HELLO THERE MY FRIEND",)), SECOND) == []


def test_a_break_that_is_the_speakers_says_so() -> None:
    fast = say("This was said so fast.", "And so was this.", ms_per_char=30)
    cues = [
        Cue(1_000, 1_457, ("This was said so fast.",)),
        Cue(1_540, 2_400, ("And so was this.",)),
    ]
    breaks = check_document(make_document(cues, "srt"), "netflix-en", fast).breaks
    assert [found.what for found in breaks if found.rule == "reading-speed"] == [
        "48.14 characters/s, limit 20 (the next is said 540 ms later)"
    ]


def test_large_figures_are_shown_whole() -> None:
    found = Problem("gap", 2, 0, measured=-359_999_917.0, limit=83)
    assert found.what == "-359999917 ms, limit 83"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("大家好，欢迎收听今天的节目。 我们今天要聊的是人工智能，特别是大语言模型！", "zh"),
        ("ถ้าฉันรู้ฉันคงไม่โทรไปหาเธอหรอก ขอบคุณมากครับที่มาร่วมรายการของเราในวันนี้", "th"),
    ],
)
def test_where_words_are_not_parted_characters_are_compared(text: str, language: str) -> None:
    timed = replace(say(text, ms_per_char=200), language=language)
    cues = make_cues(timed, CaptionOptions())
    assert len(cues) > 1
    assert check_document(make_document(cues, "srt"), "netflix-en", timed).breaks == ()
    late = [replace(cue, start_ms=cue.start_ms + 300) for cue in cues]
    rules = [
        found.rule for found in check_document(make_document(late, "srt"), "podcast", timed).breaks
    ]
    assert rules.count("late") == len(cues)
    (lost,) = check_document(make_document(cues[:-1], "srt"), "podcast", timed).breaks
    assert lost.rule == "word-missing"


def test_words_of_other_scripts_are_one_word_among_characters_too() -> None:
    words = say("我 用 GPT-4 模型 有 20,000 人", ms_per_char=200)
    glued = [replace(word, is_glued=number > 0) for number, word in enumerate(words.words)]
    timed = replace(words, language="zh", words=tuple(glued))
    cues = make_cues(timed, CaptionOptions())
    assert cues[0].lines == ("我用GPT-4模型有20,000人",)
    assert check_document(make_document(cues, "srt"), "netflix-en", timed).breaks == ()
    other = [replace(cue, lines=(cue.lines[0].replace("GPT-4", "BERT"),)) for cue in cues]
    found = check_document(make_document(other, "srt"), "netflix-en", timed).breaks
    assert {(each.rule, each.measured) for each in found} == {
        ("word-missing", 1), ("word-added", 1),
    }  # fmt: skip


def test_a_files_language_is_the_one_it_names_or_that_of_its_letters() -> None:
    line = "这是一个非常非常非常非常长的句子。"
    timing = "00:00:01.000 --> 00:00:06.000"
    for head, limit in (("WEBVTT", 16), ("WEBVTT Language: ja", 13), ("WEBVTT Language: en", 42)):
        report = check_document(
            parse_document(f"{head}\n\n{timing}\n{line}\n", "vtt"), "netflix-en"
        )
        limits = [found.limit for found in report.breaks if found.rule == "line-length"]
        assert limits == ([limit] if limit < 42 else [])
    assert parse_document(f"1\n{timing}\nこれは長い文です\n", "srt").language == "ja"
    assert parse_document(f"1\n{timing}\n안녕하세요\n", "srt").language == "ko"
    assert parse_document(f"1\n{timing}\nschön\n", "srt").language == "en"
