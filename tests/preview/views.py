"""Small made-up recordings for tests of the pages, hostile ones among them."""

import wave
from pathlib import Path

from pipeline.preview.page import FileLink, PageView
from pipeline.records import (
    AlignmentSummary,
    Clip,
    ClipFile,
    Doubt,
    Media,
    Sound,
    SpeakerSource,
    Stretch,
    TimedText,
    Topic,
    Turn,
    Word,
)

WORD_MS = 250
FIRST_MS = 1000
DURATION_MS = 20_000

HOSTILE = (
    "</script><script>hacked=1</script>",
    "<img/src=x/onerror=hacked=1>",
    "&amp;",
    "\"'`",
    "\u202eright-to-left\u202c",
    "{{view}}",
    "<!--",
)
"""What a page must show as it is, and never act on."""

CAPTIONS = """WEBVTT

00:00:01.000 --> 00:00:03.000
<v host>Hello there &amp; welcome

00:00:03.100 --> 00:00:05.000
<v guest>Thank you
for having me
"""

Line = tuple[str | None, str]


def say(
    *lines: Line, sounds: tuple[Sound, ...] = (), unheard: tuple[Stretch, ...] = ()
) -> TimedText:
    """Speakers and what they say, a word every 250 ms; `~word` was estimated, `-word` unspoken,
    `?word` hardly heard."""
    words: list[Word] = []
    turns: list[Turn] = []
    for number, (speaker, line) in enumerate(lines):
        tokens = line.split()
        source: SpeakerSource | None = "label" if speaker else None
        turns.append(Turn(speaker, source, len(words), len(tokens)))
        words += [_make_word(token, len(words) + i, number) for i, token in enumerate(tokens)]
    return TimedText("en", "scripted", DURATION_MS, tuple(turns), tuple(words), sounds, unheard)


def _make_word(token: str, index: int, turn: int) -> Word:
    start_ms = FIRST_MS + WORD_MS * index
    end_ms = start_ms + WORD_MS - 50
    match token[0]:
        case "-":
            return Word(token[1:], None, None, "unspoken", 0.0, turn)
        case "~":
            return Word(token[1:], start_ms, end_ms, "estimated", 0.6, turn)
        case "?":
            return Word(token[1:], start_ms, end_ms, "aligned", 0.2, turn)
        case _:
            return Word(token, start_ms, end_ms, "aligned", 0.99, turn)


CONVERSATION = say(
    ("host", "Hello there & welcome. ~So, who -never are you?"),
    ("guest", "Thank you for having ?me. The empire. ~-- And so on."),
    ("host", " ".join(HOSTILE)),
    sounds=(Sound("laughing", 8, 3100, 3200), Sound("door", -1)),
    unheard=(Stretch(9000, 12_000),),
)


def summarise(timed: TimedText, reasons: tuple[str, ...] = ()) -> AlignmentSummary:
    """Counts as they are, doubts worst first."""
    counts = [
        sum(word.status == status for word in timed.words)
        for status in ("aligned", "estimated", "unspoken")
    ]
    doubts = [
        Doubt(index, word.text, word.start_ms, word.status, word.confidence)
        for index, word in enumerate(timed.words)
        if word.confidence < 0.5
    ]
    return AlignmentSummary(
        len(timed.words), *counts, matches=True, speech_covered=0.93,
        confidence_quantiles=(0.0, 0.5, 0.9, 0.99, 0.99, 1.0), n_label_contradictions=0,
        doubts=tuple(sorted(doubts, key=lambda doubt: doubt.confidence)),
        review=bool(reasons), reasons=reasons,
    )  # fmt: skip


def make_topic_in_parts(first: int, end: int) -> Topic:
    """A topic with a question, in two parts where it has two words."""
    parts = (
        (
            Topic("What <b>empires</b> are", 3250, 5000, first, 1),
            Topic("How they end", 5000, DURATION_MS, first + 1, end - first - 1),
        )
        if end - first > 1
        else ()
    )
    return Topic(
        "Empires & ends", 3250, DURATION_MS, first, end - first,
        subtitle="Why do <i>empires</i> end?", subtopics=parts,
    )  # fmt: skip


def make_view(
    timed: TimedText = CONVERSATION,
    title: str = "A talk",
    reasons: tuple[str, ...] = (),
) -> PageView:
    """A view with something of everything."""
    middle = timed.turns[1].first_word if len(timed.turns) > 1 else len(timed.words)
    n_words = len(timed.words)
    topics: tuple[Topic, ...] = ()
    if 0 < middle < n_words:
        topics = (
            Topic("Beginnings", 0, 3250, 0, middle, ("hello",)),
            make_topic_in_parts(middle, n_words),
        )
    files = (
        ClipFile("01-the end?.mp4", "clean", "source"),
        ClipFile("01.vtt", "captions", "source"),
    )
    return PageView(
        title=title,
        media=Media("talk.mp3", DURATION_MS, 16000, 16000 * 20, 1, 1),
        timed=timed,
        summary=summarise(timed, reasons),
        captions_vtt=CAPTIONS,
        topics=topics,
        clips=(Clip("01-the-end", "The <end>?", 1000, 4000, 0, 5, "by quotes", files),),
        clip_vtt_by_id={"01-the-end": CAPTIONS},
        profile="netflix-en",
        n_cues=2,
        files=(FileLink("captions.vtt", "captions/captions.vtt"),),
    )


def write_sound(path: Path, length_ms: int = DURATION_MS) -> None:
    """Silence as a WAV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(bytes(2 * 16 * length_ms))
