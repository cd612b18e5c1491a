"""Texts in other scripts, as WebVTT or words.json, come through all stages and pass the lint."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.captions.check import check_document
from pipeline.captions.formats import read_document
from pipeline.codec import read_record, write_record
from pipeline.records import RecognizedWord, Segment, TimedText, Transcript
from tests.stages.steps import Staged

CUES = {
    "zh": ("大家好，欢迎收听。", "我们今天要聊的是 GPT-4，\n特别是大语言模型的应用！", "真的吗？"),
    "ja": ("今日は「天気」がとても\nいいですから、", "公園へ散歩に行きました。"),
    "th": ("ถ้าฉันรู้ฉันคงไม่โทรไปหาเธอหรอก", "ขอบคุณมากครับที่มาร่วมรายการ AI"),
    "ar": ("GPT-4 هو نموذج لغوي كبير.", "نعم، هذا صحيح!", "مرحبا بكم في البرنامج اليوم."),
    "km": ("ខ្ញុំស្រឡាញ់ប្រទេសកម្ពុជាណាស់។", "សូមអរគុណដែលបានមកចូលរួម"),
}
FIRST_MS = 600
PACE_MS = {"zh": 200, "ja": 200}
"""A character takes so long; letters of an alphabet 90."""


def listen(words: list[str], language: str) -> Transcript:
    """A transcript in which they are said one after the other."""
    recognized, now_ms = [], FIRST_MS
    for word in words:
        end_ms = now_ms + PACE_MS.get(language, 90) * len(word)
        recognized.append(RecognizedWord(word, now_ms, end_ms))
        now_ms = end_ms + 20
    segment = Segment(FIRST_MS, recognized[-1].end_ms, tuple(recognized))
    return Transcript(language, "scripted", "", (segment,), ())


def caption(staged: Staged) -> TimedText:
    for stage in ("transcribe", "align", "captions"):
        staged.run(stage)
    return read_record(staged.folder / "align" / "words.json", TimedText)


def find_rules(staged: Staged, timed: TimedText) -> set[str]:
    """The rules that the caption files break, with the words' times and without."""
    paths = (staged.folder / "captions" / f"captions.{form}" for form in ("vtt", "srt"))
    return {
        found.rule
        for path in paths
        for known in (timed, None)
        for found in check_document(read_document(path), "netflix-en", known).breaks
    }


@pytest.mark.parametrize("language", sorted(CUES))
def test_captions_of_a_text_in_another_script_keep_it_and_pass(
    untold_talk: Staged, tmp_path: Path, language: str
) -> None:
    cues = CUES[language]
    vtt = tmp_path / "text.vtt"
    blocks = (f"00:0{n}.000 --> 00:0{n}.900\n{cue}\n" for n, cue in enumerate(cues))
    vtt.write_text("\n".join(["WEBVTT\n", *blocks]), "utf-8")
    words = " ".join(cues).split()
    script = tmp_path / "heard.json"
    write_record(script, listen(words, language))
    recognized = {"engine": "scripted", "model": str(script)}
    options = {"formats": ["vtt", "srt", "txt"]}
    told = replace(untold_talk, text=vtt)
    staged = told.having(transcribe=recognized, language=language, captions=options)
    timed = caption(staged)
    assert [word.text for word in timed.words] == words
    assert {word.status for word in timed.words} == {"aligned"}
    assert find_rules(staged, timed) == set()
    shown = (staged.folder / "captions" / "transcript.txt").read_text("utf-8")
    assert "".join(shown.removeprefix("- ").split()) == "".join(words)
    again = tmp_path / "words.json"
    shutil.copy(staged.folder / "align" / "words.json", again)
    assert caption(replace(staged, text=again)).words == timed.words
