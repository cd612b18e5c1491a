"""Chinese, Japanese, Thai: no space where there was none, lines that end where they may."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.cues import make_cues
from pipeline.captions.formats import FORMATS
from pipeline.captions.lint import find_breaks
from pipeline.captions.options import CaptionOptions
from pipeline.captions.phrases import is_tight
from pipeline.captions.profile import OwnProfile, find_profile
from pipeline.captions.text import measure
from pipeline.captions.unspaced import Joint, cut_tokens, is_continued
from pipeline.records import Cue, TimedText, Turn, Word
from tests.captions.texts import UNSPACED, marked

CHINESE = (
    "大家好，欢迎收听今天的节目。我们今天要聊的是人工智能，特别是大语言模型在教育领域的应用！"
    "你觉得“机器”真的能代替老师吗？我用iPhone拍照，然后用Python编程处理这些照片，"
    "花了大概3个小时的时间才把它们全部整理完。"
)
JAPANESE = (
    "今日は「天気」がとてもいいですから、公園へ散歩に行きました。それから（たぶん午後三時ごろ"
    "だったと思いますが）友達のスミスさんに会って、一緒にコーヒーを飲みながら色々な話をしました。"
)
THAI = (
    "ถ้าฉันรู้ฉันคงไม่โทรไปหาเธอหรอก ขอบคุณมากครับที่มาร่วมรายการของเราในวันนี้ "
    "เราจะมาพูดคุยกันเกี่ยวกับปัญญาประดิษฐ์และอนาคตของการศึกษาในประเทศไทย"
)
TEXTS = {"zh": CHINESE, "ja": JAPANESE, "th": THAI}
PACE_MS = {"zh": 240, "ja": 240, "th": 90}
"""A character, as newsreaders speak."""

NEVER_FIRST = "、。，！？」）ょっーะาๆ"
NEVER_LAST = "「（“เแโไใ"


def say(tokens: list[str], language: str) -> TimedText:
    words: list[Word] = []
    now_ms = 1_000
    for token in tokens:
        end_ms = now_ms + len(token) * PACE_MS.get(language, 90)
        words.append(Word(token, now_ms, end_ms, "aligned", 0.9, 0))
        now_ms = end_ms
    turn = Turn(None, None, 0, len(words))
    return TimedText(language, "scripted", now_ms + 3_000, (turn,), tuple(words))


def make(tokens: list[str], language: str) -> tuple[Cue, ...]:
    return make_cues(say(tokens, language), CaptionOptions())


def characters(text: str) -> list[str]:
    """As engines hear such languages: signs one by one, with the marks that belong to them."""
    spoken = text.replace(" ", "")
    starts = [at for at in range(1, len(spoken)) if not is_tight(spoken, at)]
    return [spoken[start:end] for start, end in pairwise([0, *starts, len(spoken)])]


# --- for any tokens ----------------------------------------------------------------------------


@given(st.lists(st.sampled_from(UNSPACED), min_size=1, max_size=30), st.sampled_from([8, 26, 42]))
def test_cutting_loses_nothing_and_keeps_the_order(tokens: list[str], columns: int) -> None:
    fragments = list(cut_tokens(tokens, "ja", columns))
    for number, token in enumerate(tokens):
        own = [fragment for fragment in fragments if fragment.token == number]
        assert "".join(fragment.text for fragment in own) == token
        shares = [fragment.share for fragment in own]
        assert shares == sorted(shares)
        assert all(end == start for (_, end), (start, _) in pairwise(shares))
    assert [fragment.token for fragment in fragments] == sorted(
        fragment.token for fragment in fragments
    )


@given(st.lists(st.sampled_from(UNSPACED), min_size=1, max_size=30))
def test_what_fits_no_line_is_cut_where_it_may_be(tokens: list[str]) -> None:
    for fragment in cut_tokens(tokens, "zh", 26):
        text = fragment.text
        assert measure(text) <= 26 or all(is_tight(text, at) for at in range(1, len(text)))


@given(
    st.lists(st.sampled_from(UNSPACED), min_size=1, max_size=40),
    st.sampled_from(["zh", "ja", "th", "km", "en"]),
)
def test_text_and_order_are_kept_in_every_language(tokens: list[str], language: str) -> None:
    cues = make(tokens, language)
    assert "".join(marked(cues)) == "".join(tokens)
    profile = find_profile("netflix-en", language)
    for cue in cues:
        starts_ms = [mark.start_ms for mark in cue.marks]
        assert starts_ms == sorted(starts_ms)
        for number, line in enumerate(cue.lines):
            n_pieces = sum(mark.line == number for mark in cue.marks)
            assert measure(line) <= profile.columns_per_line or n_pieces == 1


@pytest.mark.parametrize("language", sorted(TEXTS))
@pytest.mark.parametrize("cut", [str.split, characters], ids=["as text", "as heard"])
def test_no_line_begins_or_ends_with_what_may_not(
    language: str, cut: Callable[[str], list[str]]
) -> None:
    tokens = cut(TEXTS[language])
    cues = make(tokens, language)
    assert len(cues) > 1
    for line in (line for cue in cues for line in cue.lines):
        assert line[0] not in NEVER_FIRST
        assert line[-1] not in NEVER_LAST
    assert find_breaks(cues, find_profile("netflix-en", language)) == ()


# --- spaces ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_what_was_heard_sign_by_sign_has_no_spaces(language: str) -> None:
    cues = make(characters(TEXTS[language]), language)
    lines = [line for cue in cues for line in cue.lines]
    assert not any(re.search(r"[^ -~] [^ -~]", line) for line in lines)


@pytest.mark.parametrize(
    ("tokens", "line"),
    [
        (["我", "觉得", "这", "个", "很好"], "我觉得这个很好"),
        (["我觉得这个很好，", "是吗？"], "我觉得这个很好，是吗？"),
        (["使用", "Python", "编程"], "使用 Python 编程"),
        (["他们都知道了", "我们也走了"], "他们都知道了 我们也走了"),
        (["他们都，知道了", "我们也走了"], "他们都，知道了我们也走了"),
        (["ขอบคุณมากครับ", "สวัสดีตอนเช้า"], "ขอบคุณมากครับ สวัสดีตอนเช้า"),
        (["ขอบ", "คุณ", "มาก", "ครับ"], "ขอบคุณมากครับ"),
        (["안녕", "하세요", "여러분"], "안녕 하세요 여러분"),
        (["one", "two", "「三」"], "one two 「三」"),
    ],
)
def test_spaces_stand_where_the_text_means_them(tokens: list[str], line: str) -> None:
    (cue,) = make(tokens, "zh")
    assert cue.lines == (line,)


def test_running_text_has_no_space_where_a_line_ended() -> None:
    cues = make([JAPANESE], "ja")
    assert FORMATS["txt"].write(cues, "ja") == f"- {JAPANESE}\n"
    bodies = [line for line in FORMATS["podcast"].write(cues, "ja").split('"') if "今日" in line]
    assert bodies == ["今日は「天気」がとてもいいですから、"]
    assert is_continued("です", "から")
    assert not is_continued("です", "from")


def test_a_thai_space_that_a_line_ended_with_comes_back() -> None:
    assert FORMATS["txt"].write(make(THAI.split(), "th"), "th") == f"- {THAI}\n"


# --- widths, phrases, times --------------------------------------------------------------------


def test_full_width_characters_take_two_columns() -> None:
    assert measure("日本go") == 6
    assert measure("ｱ") == 1
    assert measure("한국") == 4


@pytest.mark.parametrize(
    ("language", "name", "chars_per_line", "columns"),
    [("ja", "netflix-ja", 13, 26), ("zh-Hant", "netflix-zh", 16, 32), ("yue", "netflix-zh", 16, 32),
     ("ko", "netflix-ko", 16, 32), ("th", "netflix-th", 35, 35), ("ar", "netflix-en", 42, 42)],
)  # fmt: skip
def test_figures_are_those_for_the_language(
    language: str, name: str, chars_per_line: int, columns: int
) -> None:
    profile = find_profile("netflix-en", language)
    assert (profile.name, profile.chars_per_line) == (name, chars_per_line)
    assert profile.columns_per_line == columns


def test_children_read_more_slowly_and_other_standards_have_lines_as_wide() -> None:
    speeds = [
        find_profile(name, "zh").chars_per_second for name in ("netflix-en", "netflix-en-children")
    ]
    assert speeds == [9.0, 7.0]
    assert find_profile("bbc-online", "zh").columns_per_line == 36
    assert find_profile("bbc-online", "zh").chars_per_second == 9.0


def test_own_figures_are_in_the_languages_characters() -> None:
    own = find_profile(OwnProfile(chars_per_line=12), "zh")
    assert (own.name, own.columns_per_line, own.chars_per_second) == ("own", 24, 9.0)


def test_a_token_longer_than_a_cue_is_shared_out_in_time() -> None:
    (word,) = say([CHINESE], "zh").words
    cues = make([CHINESE], "zh")
    starts_ms = [mark.start_ms for cue in cues for mark in cue.marks]
    assert len(cues) > 4
    assert starts_ms[0] == word.start_ms
    assert starts_ms == sorted(set(starts_ms))
    half = [mark for mark in starts_ms if mark < (word.start_ms or 0) + 60 * PACE_MS["zh"]]
    assert len(half) == pytest.approx(len(starts_ms) / 2, rel=0.25)


def test_phrases_are_found_by_the_language_and_not_cut() -> None:
    assert [f.text for f in cut_tokens(["今日は天気です。"], "ja", 42)] == ["今日は", "天気です。"]
    assert [f.joint for f in cut_tokens(list("天気です"), "ja", 42)] == [
        Joint.SPACE, Joint.INNER, Joint.INNER, Joint.INNER,
    ]  # fmt: skip
    assert [f.text for f in cut_tokens(["ខ្ញុំ\u200bស្រឡាញ់"], "km", 42)] == ["ខ្ញុំ\u200b", "ស្រឡាញ់"]


def test_chinese_lines_do_not_begin_with_a_word_that_leans_on_the_last() -> None:
    text = "这个项目需要很多非常有经验的人来完成我们的计划和他们想要的结果对吧"
    for cue in make([text], "zh"):
        assert not any(line[0] in "的吧了" for line in cue.lines)


def test_what_spaces_mean_is_read_off_the_whole_text() -> None:
    tokens = ["他们都知道了", "我们也走了", "对", "我也觉得"]
    words = [
        Word(token, n * 1_000, n * 1_000 + 900, "aligned", 0.9, int(n > 1))
        for n, token in enumerate(tokens)
    ]
    turns = (Turn("a", None, 0, 2), Turn("b", None, 2, 2))
    cues = make_cues(TimedText("zh", "scripted", 9_000, turns, tuple(words)), CaptionOptions())
    assert [line for cue in cues for line in cue.lines][-1] == "对 我也觉得"
