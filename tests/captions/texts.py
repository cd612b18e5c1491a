"""Timed texts for the caption tests: spoken by hand, and drawn at random."""

from hypothesis import strategies as st

from pipeline.records import Cue, Sound, TimedText, Turn, Word

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


_TOKENS = st.one_of(
    st.sampled_from(["the", "of", "and", "I", "yes.", "empire,", "Roman", "$20", "it's", "a"]),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=14),
    st.text(min_size=1, max_size=8).filter(lambda text: len(text.split()) == 1),
    st.sampled_from(HOSTILE),
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
