"""Words keep the spaces that the model wrote, and no others, whatever tokens the library cuts."""

import pytest

from pipeline.recognizers.whisper.words import read_words
from tests.recognizers.whisper.library import WORD_MS, write_down


def read(text: str, language: str) -> list[str]:
    """The words, each with the space before it that was written."""
    words = list(read_words(write_down(text, language), language))
    return [("" if word.is_glued else " ") + word.text for word in words]


def test_parts_of_a_word_are_one_word() -> None:
    text = " It cost 10,000 dollars, a well-known U.S. firm's e-mail said"
    assert read(text, "en") == [f" {word}" for word in text.split()]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我用 GPT-4 模型", " 我|用| GPT-4| 模|型"),
        ("我用GPT-4模型", " 我|用|GPT-4|模|型"),
        ("Open AI 公司", " Open| AI| 公|司"),
        ("OpenAI 公司", " OpenAI| 公|司"),
        ("有20,000人", " 有|20,000|人"),
        ("你好 世界", " 你|好| 世|界"),
        ("看，《红楼梦》。", " 看，|《|红|楼|梦|》。"),
    ],
)
def test_chinese_has_the_spaces_that_were_written(text: str, words: str) -> None:
    assert read(text, "zh") == words.split("|")


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("今日はAIの話", "ja", " 今|日|は|AI|の|話"),
        ("ใช้ iPhone", "th", " ใ|ช้| iPhone"),
        ("ကျွန်တော်", "my", " ကျွ|န်|တော်"),
        ("တက္က", "my", " တ|က္က"),
        ("က\u200dကက", "my", " က\u200dက|က"),
        ("ก\u200bข", "th", " ก\u200b|ข"),
    ],
)
def test_marks_stay_on_what_they_are_drawn_on(text: str, language: str, words: str) -> None:
    assert read(text, language) == words.split("|")


def test_a_joined_word_lasts_from_its_first_part_to_its_last() -> None:
    whole, after = read_words(write_down(" 10,000 more", "en"), "en")
    assert (whole.start_ms, whole.end_ms) == (0, 2 * WORD_MS)
    assert after.start_ms == 2 * WORD_MS


def test_a_text_of_spaces_has_no_words() -> None:
    assert read("  ", "zh") == []
