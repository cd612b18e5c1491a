"""Timed texts and caption files for the caption tests: made by hand, and drawn at random."""

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import strategies as st

from pipeline.alignment.parsed_text import make_script
from pipeline.captions.caption_text import CaptionText, read_caption_text
from pipeline.captions.formats import READERS
from pipeline.captions.parsed_cue import RawCue, Voice
from pipeline.records import Cue, Markup, Sound, TimedText, Turn, Word

HOSTILE = (
    "-->",
    "<script>alert(1)</script>",
    "&amp;",
    "&lt;b&gt;",
    "<b>",
    "{\\an8}",
    "\\N",
    "a\\h",
    "{",
    "}",
    "00:00:01.000-->00:00:02.000",
    "1984",
    "NOTE",
    "WEBVTT",
    "STYLE",
    "\u202eturned",
    "\u2067isolated",
    "\x00\x1b[31m",
    "\ud800",
    "\ufeff",
    "x" * 10_000,
    "שלום",
    "e\u0301",
    "--",
    "…",
)


def say(
    *turns: str,
    sounds: tuple[Sound, ...] = (),
    ms_per_char: int = 60,
    pauses_ms: dict[int, int] | None = None,
) -> TimedText:
    """Speak turns at an even pace, host and guest by turns; `pauses_ms` come before a word."""
    words: list[Word] = []
    made: list[Turn] = []
    now_ms = 1_000
    for number, text in enumerate(turns):
        first = len(words)
        for token in text.split():
            now_ms += (pauses_ms or {}).get(len(words), 0)
            end_ms = now_ms + len(token) * ms_per_char
            words.append(Word(token, now_ms, end_ms, "aligned", 0.9, number))
            now_ms = end_ms
        speaker = ("host", "guest")[number % 2]
        made.append(Turn(speaker, "label", first, len(words) - first))
    return TimedText("en", "scripted", now_ms + 5_000, tuple(made), tuple(words), sounds)


def marked(cues: Iterable[Cue]) -> list[str]:
    """The words of cues as their marks part the lines."""
    words = []
    for cue in cues:
        for mark, following in pairwise([*cue.marks, None]):
            assert mark is not None
            is_inside = following is not None and following.line == mark.line
            end = following.column - (not following.is_glued) if following and is_inside else None
            words.append(cue.lines[mark.line][mark.column : end])
    return words


UNSPACED = (
    *("今日は", "「天気」ですから、", "行きました。", "我", "觉得", "机器学习", "很好！", "你好"),
    *("ถ้าฉันรู้", "ขอบคุณ", "ครับ", "a\u200bก", "ខ្ញុំស្រឡាញ់", "iPhone", "Python编程", "３个", "（"),
    *("……", "汉" * 60, "กา" * 60, "。", "ー"),
)
"""Of scripts that write no spaces between words: words, phrases, marks, what fits no line."""

_TOKENS = st.one_of(
    st.sampled_from(["the", "of", "and", "I", "yes.", "empire,", "Roman", "$20", "it's", "a"]),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=14),
    st.text(min_size=1, max_size=8).filter(lambda text: len(text.split()) == 1),
    st.sampled_from(HOSTILE),
    st.sampled_from(UNSPACED),
)


@st.composite
def timed_texts(draw: st.DrawFn) -> TimedText:
    """Any text an aligner may hand on: overlapping words, unspoken ones, sounds anywhere."""
    words: list[Word] = []
    turns: list[Turn] = []
    now_ms = draw(st.integers(0, 5_000))
    for number in range(draw(st.integers(1, 4))):
        first = len(words)
        for token in draw(st.lists(_TOKENS, min_size=1, max_size=25)):
            if draw(st.integers(0, 9)) == 0:
                words.append(Word(token, None, None, "unspoken", 0.0, number))
                continue
            now_ms += draw(st.sampled_from([0, 0, 0, 1, 90, 400, 2_000, 20_000]))
            duration_ms = draw(st.sampled_from([1, 60, 250, 700, 9_000]))
            words.append(Word(token, now_ms, now_ms + duration_ms, "aligned", 0.5, number))
            now_ms += draw(st.sampled_from([duration_ms, 0]))
        speaker = draw(st.sampled_from(["host", "<guest> & co", None]))
        turns.append(Turn(speaker, None, first, len(words) - first))
    sounds = draw(st.lists(_sounds(len(words), now_ms), max_size=3))
    duration_ms = draw(st.integers(1, now_ms + 10_000))
    return TimedText("en", "scripted", duration_ms, tuple(turns), tuple(words), tuple(sounds))


def _sounds(n_words: int, end_ms: int) -> st.SearchStrategy[Sound]:
    places = st.integers(-1, n_words - 1)
    found = st.builds(
        lambda place, start_ms, ms: Sound("Laughing", place, start_ms, start_ms + ms),
        places,
        st.integers(0, end_ms + 1_000),
        st.integers(1, 5_000),
    )
    return st.one_of(found, st.builds(Sound, st.just("lost"), places))


_LINES = st.one_of(
    st.text(min_size=1, max_size=60),
    st.lists(st.sampled_from(HOSTILE[:-3]), min_size=1, max_size=4).map(" ".join),
)


@st.composite
def cue_lists(draw: st.DrawFn) -> tuple[Cue, ...]:
    """Cues in order whose lines hold anything at all."""
    cues = []
    now_ms = draw(st.integers(0, 400_000_000))
    for _ in range(draw(st.integers(0, 6))):
        end_ms = now_ms + draw(st.integers(1, 9_000))
        lines = draw(st.lists(_LINES, min_size=1, max_size=3))
        speaker = draw(st.one_of(st.none(), st.text(max_size=12), st.sampled_from(HOSTILE)))
        cues.append(Cue(now_ms, end_ms, tuple(lines), speaker))
        now_ms = end_ms + draw(st.integers(0, 2_000))
    return tuple(cues)


@st.composite
def numbered_cues(draw: st.DrawFn, most_ms: int = 900) -> tuple[Cue, ...]:
    """Cues in order, in the first minutes, whose text is their number."""
    lengths = st.integers(1, most_ms)
    cues, now_ms = [], 0
    for number, (pause_ms, ms) in enumerate(
        draw(st.lists(st.tuples(lengths, lengths), max_size=9))
    ):
        cues.append(Cue(now_ms + pause_ms, now_ms + pause_ms + ms, (str(number),)))
        now_ms += pause_ms + ms
    return tuple(cues)


def parts() -> st.SearchStrategy[list[tuple[int, int]]]:
    """Stretches that touch, and together hold all of `numbered_cues`."""
    borders = st.lists(st.integers(1, 17_000), max_size=4)
    return borders.map(lambda inner: list(pairwise(sorted({0, *inner, 20_000}))))


_PIECES = ("word", "1984", "a", " ", " ", "-", "--", "&", "&amp;", "<", "{", "\\", "שלום")
_VTT_PIECES = (
    *_PIECES, "<b>", "</b>", "<i.loud>", "</i>", "<c.red>", "</c>", "<v Ann>", "<lang fr>",
    "<00:00:01.000>", "&lt;b&gt;", "&gt;", "&nbsp;", "&#10;", "{\\an8}", "b>",
)  # fmt: skip
_SRT_PIECES = (
    *_PIECES, "<b>", "</b>", "<I>", "</I>", "<font color=red>", "</font>", "{\\an8}", "{\\b1}",
    "&lt;b&gt;", "<3", ">", "}",
)  # fmt: skip


def vtt_files() -> st.SearchStrategy[str]:
    """WebVTT of one cue in which tags, entities and what looks like them stand anywhere."""
    head = "WEBVTT\n\nid 7\n00:01.000 --> 00:02.000 align:end line:0\n"
    files = _texts(_VTT_PIECES).map(lambda text: f"{head}{text}\n")
    return files.filter(lambda file: bool(READERS["vtt"](file)[0].lines))


def srt_files() -> st.SearchStrategy[str]:
    """SubRip of one cue, likewise."""
    files = _texts(_SRT_PIECES).map(lambda text: f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n")
    return files.filter(lambda file: bool(READERS["srt"](file)[0].lines))


def _texts(pieces: tuple[str, ...]) -> st.SearchStrategy[str]:
    line = st.lists(st.sampled_from(pieces), min_size=1, max_size=8).map("".join)
    text = st.lists(line, min_size=1, max_size=3).map("\n".join)
    return text.filter(lambda text: "-->" not in text)


_FILE_LINES = st.one_of(
    st.lists(st.sampled_from(["one", "two", "it's", "$20", "—", "a"]), min_size=1).map(" ".join),
    st.sampled_from(
        ["- Yes.", "NORA: No.", "[music]", "well (laughs) no", "♪ la la ♪", "<3 & you"]
    ),
)


@st.composite
def retimed_files(draw: st.DrawFn) -> tuple[CaptionText, TimedText]:
    """What a caption file says, and any times an aligner may hand on for it."""
    cues = []
    for number in range(draw(st.integers(1, 8))):
        lines = tuple(draw(st.lists(_FILE_LINES, min_size=1, max_size=2)))
        markup = Markup("srt", "\n".join(lines), name=str(number))
        cues.append(RawCue(number * 900, number * 900 + 800, (Voice(None, lines),), markup))
    spoken = read_caption_text(cues)
    script = make_script(spoken.turns)
    words: list[Word] = []
    now_ms = draw(st.integers(0, 5_000))
    for number, turn in enumerate(script.turns):
        for token in script.words[turn.first_word : turn.first_word + turn.n_words]:
            status = draw(st.sampled_from(["aligned", "aligned", "estimated", "unspoken"]))
            if status == "unspoken":
                words.append(Word(token, None, None, "unspoken", 0.0, number))
                continue
            now_ms += draw(st.sampled_from([0, 1, 90, 2_000, 40_000]))
            end_ms = now_ms + draw(st.sampled_from([1, 60, 700, 9_000]))
            words.append(Word(token, now_ms, end_ms, status, 0.5, number))  # type: ignore[arg-type]
            now_ms += draw(st.sampled_from([0, end_ms - now_ms]))
    sounds = tuple(
        draw(st.sampled_from([sound, Sound(sound.text, sound.after_word, 500, 900)]))
        for sound in script.sounds
    )
    return spoken, TimedText("en", "scripted", now_ms + 1_000, script.turns, tuple(words), sounds)
