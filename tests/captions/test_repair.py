"""Repairing keeps every word, leaves alone what breaks nothing, and leaves fewer breaks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.blocks import CaptionForm, format_span
from pipeline.captions.check import check_document
from pipeline.captions.direction import strip_mark
from pipeline.captions.document import parse_document
from pipeline.captions.formats import READERS
from pipeline.captions.rewrite import repair_document
from tests.captions.parsing import CASES
from tests.captions.texts import srt_files, vtt_files

HEAD = "WEBVTT\n\n"

MEANT = re.compile(r"(<(?:/?[a-z][^<>]*|[0-9:.]+)>)|<")
"""A tag or a time; or a sign that is text, though browsers take what follows for a tag."""


def breaks(text: str, form: CaptionForm = "vtt") -> list[str]:
    return [found.rule for found in check_document(parse_document(text, form), "netflix-en").breaks]


def words(text: str, form: CaptionForm) -> list[str]:
    cues = sorted(READERS[form](text), key=lambda cue: cue.start_ms)
    return [word for cue in cues for line in cue.lines for word in strip_mark(line).split()]


def mend(text: str, form: CaptionForm = "vtt") -> str:
    return repair_document(parse_document(text, form), "netflix-en").format()


_WORDS = st.lists(st.sampled_from(["a", "word", "AT&amp;T", "extraordinarily", "it's"]), min_size=1)


@st.composite
def rough_files(draw: st.DrawFn) -> str:
    """Cues at any times, of any length."""
    cues = []
    for _ in range(draw(st.integers(1, 6))):
        start_ms, length_ms = draw(st.integers(0, 20_000)), draw(st.integers(-500, 9_000))
        times = [max(0, start_ms), max(0, start_ms + length_ms)]
        first, last = (f"00:00:{ms // 1000:02}.{ms % 1000:03}" for ms in times)
        lines = draw(st.lists(_WORDS.map(" ".join), min_size=1, max_size=4))
        cues.append(f"{first} --> {last}\n" + "\n".join(lines) + "\n")
    return HEAD + "\n".join(cues)


@given(rough_files())
def test_no_word_is_lost_or_doubled_and_what_can_be_is_repaired(text: str) -> None:
    mended = mend(text)
    is_turned = any(cue.end_ms < cue.start_ms for cue in READERS["vtt"](text))
    order = sorted if is_turned else list  # a cue that ends before it starts may be moved
    assert order(words(mended, "vtt")) == order(words(text, "vtt"))
    assert not {"line-count", "order", "no-duration", "no-text", "max-duration"} & {*breaks(mended)}
    assert not [cue for cue in READERS["vtt"](mended) if cue.end_ms <= cue.start_ms]
    assert len(breaks(mend(mended))) <= len(breaks(mended))


@st.composite
def turned_files(draw: st.DrawFn) -> tuple[list[tuple[int, int, str]], int]:
    """Cues in order with pauses between, easy to read; and the number of one of them."""
    cues, now_ms = [], 0
    for number in range(draw(st.integers(1, 6))):
        start_ms = now_ms + draw(st.integers(1_000, 5_000))
        now_ms = start_ms + draw(st.integers(1_000, 5_000))
        cues.append((start_ms, now_ms, f"word{number}"))
    return cues, draw(st.integers(0, len(cues) - 1))


def write_cues(cues: list[tuple[int, int, str]]) -> str:
    spans = [f"{format_span((a, b), 'vtt')}\n{text}\n" for a, b, text in cues]
    return HEAD + "\n".join(spans)


@given(turned_files())
def test_times_that_were_swapped_are_swapped_back(
    file: tuple[list[tuple[int, int, str]], int],
) -> None:
    cues, number = file
    start_ms, end_ms, text = cues[number]
    swapped = [*cues[:number], (end_ms, start_ms, text), *cues[number + 1 :]]
    assert mend(write_cues(swapped)) == write_cues(cues)


@given(turned_files(), st.integers(0, 60_000), st.integers(0, 60_000))
def test_a_cue_that_ends_before_it_starts_keeps_a_place_of_its_own(
    file: tuple[list[tuple[int, int, str]], int], one_ms: int, other_ms: int
) -> None:
    cues, number = file
    late_ms, early_ms = max(one_ms, other_ms) + 1, min(one_ms, other_ms)
    turned = [*cues[:number], (late_ms, early_ms, "turned"), *cues[number + 1 :]]
    mended = READERS["vtt"](mend(write_cues(turned)))
    assert sorted(cue.text for cue in mended) == sorted(text for *_, text in turned)
    others = [*cues[:number], *cues[number + 1 :]]
    is_free = all(b <= early_ms or a >= late_ms for a, b, _ in others)
    if is_free:
        found = next(cue for cue in mended if cue.text == "turned")
        assert found.start_ms == early_ms
    else:
        assert [cue.text for cue in mended] == [text for *_, text in turned]


@given(vtt_files())
def test_tags_and_words_of_webvtt_survive(text: str) -> None:
    meant = MEANT.sub(lambda sign: sign[1] or "&lt;", text)
    assert words(mend(text), "vtt") == words(meant, "vtt")


@given(srt_files())
def test_tags_and_words_of_subrip_survive(text: str) -> None:
    assert words(mend(text, "srt"), "srt") == words(text, "srt")


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_file_of_any_shape_keeps_its_words_and_repairing_it_again_changes_nothing(
    name: str,
) -> None:
    text = CASES[name][0].replace("\r\n", "\n").replace("\r", "\n")
    mended = mend(text)
    assert words(mended, "vtt") == words(text, "vtt")
    assert mend(mended) == mended


def test_a_cue_that_breaks_nothing_stays_as_it_is() -> None:
    fine = "00:00:01.000 --> 00:00:03.000 line:0\n<i>fine</i>\n"
    bad = "00:00:05.000 --> 00:00:05.100\nshort\n"
    assert mend(f"{HEAD}{fine}\n{bad}") == (f"{HEAD}{fine}\n{bad.replace('05.100', '05.833')}")


def test_a_line_too_long_is_broken_and_a_cue_too_long_is_parted_where_it_stood() -> None:
    text = " ".join(["This is a sentence of words."] * 6)
    mended = mend(f"{HEAD}00:01.000 --> 00:11.000 line:0\n<v Ann>{text}\n")
    cues = READERS["vtt"](mended)
    assert len(cues) > 1
    assert all(cue.markup and cue.markup.settings == "line:0" for cue in cues)
    assert {voice.speaker for cue in cues for voice in cue.voices} == {"Ann"}
    assert breaks(mended) == []


def test_gaps_overlaps_order_and_times_are_repaired() -> None:
    mended = mend(
        f"{HEAD}00:10.000 --> 00:12.000\nlast one\n\n00:01.000 --> 00:04.100\nfirst one\n\n"
        "00:04.000 --> 00:06.000\nsecond one\n\n00:06.300 --> 00:05.000\nthird one\n"
    )
    assert breaks(mended) == []
    assert words(mended, "vtt")[::2] == ["first", "second", "third", "last"]


def test_markup_is_repaired_where_it_can_be() -> None:
    text = f"{HEAD}00:01.000 --> 00:03.000 foo:1 line:0\nQ&A <b>1</b> < 2\n"
    assert set(breaks(text)) == {"vtt-setting", "vtt-ampersand", "vtt-unseen-text"}
    assert breaks(mend(text)) == []
    assert "Q&amp;A <b>1</b> &lt; 2" in mend(text)


def test_styles_and_language_stay() -> None:
    text = "WEBVTT Language: de\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:01.100\nja\n"
    assert mend(text).startswith("WEBVTT Language: de\n\nSTYLE\n::cue { color: red }\n\n00:00:01")


FULL = """WEBVTT a title

STYLE
::cue(.red) { color: red }

REGION
id:up

NOTE before all

first
00:01.000 --> 00:03.000 region:up
<v.loud Ann>One <00:01.500><c.red>two</c></v> &nbsp;&amp; three

NOTE
of two lines

second
00:04.000 --> 00:04.300 line:0
too <00:04.200>short

third
00:09.000 --> 00:11.000
fine

NOTE at the end
"""


def test_all_that_is_right_stays_as_it_stands() -> None:
    mended = FULL.replace("00:04.000 --> 00:04.300", "00:00:04.000 --> 00:00:04.833")
    assert mend(FULL) == mended
    assert mend(mended) == mended


def test_comments_stay_before_the_cue_they_stood_before_and_late_blocks_move_up() -> None:
    text = (
        f"{HEAD}NOTE of c\n\n00:07.000 --> 00:09.000\nc\n\nSTYLE\n::cue {{ color: red }}\n\n"
        "NOTE of nothing\n\n00:03.000 --> 00:05.000\n<b></b>\n\n"
        "NOTE of a\n\nname\n00:01.000 --> 00:02.500\na\n"
    )
    assert mend(text) == (
        f"{HEAD}STYLE\n::cue {{ color: red }}\n\nNOTE of nothing\n\nNOTE of a\n\n"
        "name\n00:01.000 --> 00:02.500\na\n\nNOTE of c\n\n00:07.000 --> 00:09.000\nc\n"
    )


def test_a_cue_that_is_parted_gives_its_name_to_the_first_part() -> None:
    text = " ".join(["This is a sentence of words."] * 6)
    mended = mend(f"{HEAD}NOTE it\n\nlong\n00:01.000 --> 00:11.000\n{text}\n")
    names = [cue.markup.name for cue in READERS["vtt"](mended) if cue.markup]
    assert names == ["long", *[""] * (len(names) - 1)]
    assert len(names) > 1
    assert mended.startswith(f"{HEAD}NOTE it\n\nlong\n")


def test_cues_that_share_words_keep_their_names_and_comments() -> None:
    text = (
        f"{HEAD}one\n00:01.000 --> 00:01.400\nOne\n\nNOTE two\n\ntwo\n"
        "00:01.400 --> 00:03.400\ntwo three four five.\n"
    )
    assert mend(text) == (
        f"{HEAD}NOTE two\n\none\n00:00:01.000 --> 00:00:03.400\nOne two three four five.\n"
    )


def test_header_lines_join_the_first_and_a_missing_signature_is_written() -> None:
    cue = "00:01.000 --> 00:03.000\nfine\n"
    assert mend(f"WEBVTT\nKind: captions\nLanguage: en\n\n{cue}") == (
        f"WEBVTT Kind: captions Language: en\n\n{cue}"
    )
    assert mend(f"WEBVTT\n{cue}") == f"WEBVTT\n\n{cue}"


def test_times_within_that_break_the_grammar_go_and_others_stay() -> None:
    text = f"{HEAD}00:01.000 --> 00:03.000\na <00:02.000>b <00:01.500>c <00:02.500>d <00:03.000>e\n"
    assert mend(text).endswith("a <00:02.000>b c <00:02.500>d e\n")
    assert breaks(mend(text)) == []


def test_chinese_is_broken_anew_with_the_spaces_it_has() -> None:
    line = "大家好 欢迎收听今天的节目。我们今天要聊的是人工智能，特别是大语言模型在教育领域的应用！"
    mended = mend(f"{HEAD}00:01.000 --> 00:12.000\n{line}\n")
    assert breaks(mended) == []
    assert "大家好 欢迎" in mended
    shown = "".join(line for cue in READERS["vtt"](mended) for line in cue.lines)
    assert shown.replace(" ", "") == line.replace(" ", "")


def test_what_is_too_short_shares_words_with_its_neighbour() -> None:
    text = (
        f"{HEAD}00:01.000 --> 00:01.400\nOne\n\n"
        "00:01.400 --> 00:03.400\ntwo three four five.\n\n00:09.000 --> 00:11.000\nsix\n"
    )
    mended = mend(text)
    assert breaks(mended) == []
    assert [cue.lines for cue in READERS["vtt"](mended)] == [
        ("One two three four five.",), ("six",),
    ]  # fmt: skip


def test_words_of_two_speakers_or_in_tags_stay_apart() -> None:
    for first, second in (("<v A>One", "<v B>two three"), ("<i>One</i>", "two three")):
        text = f"{HEAD}00:01.000 --> 00:01.400\n{first}\n\n00:01.400 --> 00:03.400\n{second}\n"
        assert [cue.lines for cue in READERS["vtt"](mend(text))] == [("One",), ("two three",)]
