"""What a recogniser wrote without a space is shown without one, from its tokens to the captions."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.codec import read_record, write_record
from pipeline.recognizers.whisper.words import read_words
from pipeline.records import Segment, TimedText, Transcript
from tests.captions.reading import parse_vtt
from tests.recognizers.whisper.library import write_down
from tests.stages.steps import Staged


def caption(talk: Staged, folder: Path, text: str, language: str) -> tuple[TimedText, str]:
    """The words and the captions of a talk in which a model heard this."""
    words = tuple(read_words(write_down(text, language), language))
    segment = Segment(words[0].start_ms, words[-1].end_ms, words)
    script = folder / "heard.json"
    write_record(script, Transcript(language, "scripted", "", (segment,), ()))
    recognized = {"engine": "scripted", "model": str(script)}
    staged = talk.having(transcribe=recognized, language=language, captions={})
    for stage in ("transcribe", "align", "captions"):
        staged.run(stage)
    timed = read_record(staged.folder / "align" / "words.json", TimedText)
    cues = parse_vtt((staged.folder / "captions" / "captions.vtt").read_text("utf-8"))
    return timed, " / ".join(line for cue in cues for line in cue.lines)


@pytest.mark.parametrize(
    "text",
    ["我用 GPT 模型", "我用GPT模型", "Open AI 公司", "OpenAI 公司有9,000人", "都知道了 我们也走了"],
)
def test_captions_have_the_spaces_that_were_written(
    untold_talk: Staged, tmp_path: Path, text: str
) -> None:
    timed, shown = caption(untold_talk, tmp_path, text, "zh")
    assert shown == text
    assert any(word.is_glued for word in timed.words)


def test_another_runs_words_keep_the_spaces_that_were_written(
    untold_talk: Staged, tmp_path: Path
) -> None:
    caption(untold_talk, tmp_path, "我用GPT模型 OpenAI", "zh")
    words = tmp_path / "words.json"
    shutil.copy(untold_talk.folder / "align" / "words.json", words)
    told = replace(untold_talk, text=words)
    timed, shown = caption(told, tmp_path, "我用GPT模型 OpenAI", "zh")
    assert [word.text for word in timed.words] == ["我", "用", "GPT", "模", "型", "OpenAI"]
    assert shown == "我用GPT模型 OpenAI"


def test_words_of_a_script_with_spaces_say_nothing_of_it(
    untold_talk: Staged, tmp_path: Path
) -> None:
    timed, _ = caption(untold_talk, tmp_path, " It cost 10,000 dollars", "en")
    assert [word.text for word in timed.words] == ["It", "cost", "10,000", "dollars"]
    written = (untold_talk.folder / "align" / "words.json").read_text("utf-8")
    assert "is_glued" not in written
