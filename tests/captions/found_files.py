"""Caption files as people have them, drawn at random: odd times, lost lines, open tags."""

from dataclasses import dataclass

from hypothesis import strategies as st

WORDS = (
    *("the", "tide", "is", "out", "Rome", "1984", "it's", "$20", "Ça", "très", "Grüße"),
    *(
        "привет",
        "мир",
        "καλημέρα",
        "今日は",
        "你好",
        "안녕",
        "şöyle",
        "İyi",
        "50%",
        "10:30",
        "a->b",
    ),
)
"""No right-to-left text: SubRip gets marks for it, which `test_direction.py` looks at."""


@dataclass(frozen=True)
class FoundCue:
    """A cue as it is meant, and its timing line as it was found."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    timing: str

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@st.composite
def cue_lines(draw: st.DrawFn, most: int = 2) -> tuple[str, ...]:
    """Lines of text that are no number alone, as that may be a cue's."""
    line = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
    return tuple(draw(st.lists(line, min_size=1, max_size=most).filter(has_no_number)))


def has_no_number(lines: list[str]) -> bool:
    return not any(line.isdecimal() for line in lines)


@st.composite
def loose_times(draw: st.DrawFn, time_ms: int) -> str:
    """A time in one of the ways that people write it."""
    seconds, ms = divmod(time_ms, 1000)
    minutes, s = divmod(seconds, 60)
    hours, m = divmod(minutes, 60)
    gap = draw(st.sampled_from(["", "", " "]))
    width = draw(st.sampled_from([1, 2]))
    fields = [f"{m:0{width}}", f"{s:0{width}}"]
    needs_hours = hours > 0
    fraction = f"{ms:03}".rstrip("0") if draw(st.booleans()) else f"{ms:03}"
    if fraction or draw(st.booleans()):
        point = draw(st.sampled_from([",", ".", ":", ";"]))
        extra = draw(st.sampled_from(["", "", "0"])) if len(fraction) == 3 else ""
        tail = f"{gap}{point}{gap}{fraction or '0'}{extra}"
        needs_hours = needs_hours or point == ":"
    else:
        tail, needs_hours = "", True
    if needs_hours or draw(st.booleans()):
        fields.insert(0, f"{hours:0{width}}")
    return f"{gap}:{gap}".join(fields) + tail


ARROWS = ("-->", "->", "–>", "-- >", "- ->", "--->", "=>", "→", "--&gt;", "—>")


@st.composite
def found_srt_cues(draw: st.DrawFn) -> list[FoundCue]:
    """Cues in order, each timing line written in another way."""
    cues, now_ms = [], draw(st.integers(0, 5_000_000))
    for _ in range(draw(st.integers(1, 5))):
        end_ms = now_ms + draw(st.integers(1, 8_000))
        space = draw(st.sampled_from(["", " ", "  "]))
        first, last = draw(loose_times(now_ms)), draw(loose_times(end_ms))
        timing = f"{first}{space}{draw(st.sampled_from(ARROWS))}{space}{last}"
        cues.append(FoundCue(now_ms, end_ms, draw(cue_lines()), timing))
        now_ms = end_ms + draw(st.integers(0, 3_000))
    return cues


@st.composite
def found_srt_files(draw: st.DrawFn) -> tuple[str, list[FoundCue]]:
    """SubRip of such cues: numbered, numbered on the timing line, far from it, or not at all."""
    cues = draw(found_srt_cues())
    head = draw(st.sampled_from(["{}\n{}", "{}\n{}", "{} {}", "{}\n\n{}", "{1}"]))
    space = draw(st.sampled_from(["", "", "\n"]))
    blocks = [
        f"{head.format(number, cue.timing)}\n{space}{cue.text}\n"
        for number, cue in enumerate(cues, start=1)
    ]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return "\n".join(blocks).replace("\n", end), cues


@st.composite
def found_vtt_files(draw: st.DrawFn) -> tuple[str, list[FoundCue]]:
    """WebVTT in which browsers miss cues, lines or words; `lines` are all that is meant as text."""
    blocks, cues, now_ms = [], [], draw(st.integers(0, 3_000_000))
    for number in range(draw(st.integers(1, 4))):
        end_ms = now_ms + draw(st.integers(1_000, 7_000))
        first, last = (draw(vtt_times(ms)) for ms in (now_ms, end_ms))
        timing = f"{first} {draw(st.sampled_from(['-->', '-->', '->', '-- >']))} {last}"
        lines = draw(cue_lines(3))
        written = [draw(marked_lines(line)) for line in lines]
        gap = draw(st.sampled_from(["\n", "\n", "\n\n"]))
        name = draw(st.sampled_from(["", f"{number + 1}\n", f"{number + 1}\n\n"]))
        blocks.append(f"{name}{timing}{draw(st.sampled_from(['', ' line:0']))}\n")
        blocks[-1] += draw(st.sampled_from(["", "\n"])) + gap.join(text for text, _ in written)
        cues.append(FoundCue(now_ms, end_ms, tuple(meant for _, meant in written), timing))
        now_ms = end_ms + draw(st.integers(100, 3_000))
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n", cues


@st.composite
def vtt_times(draw: st.DrawFn, time_ms: int) -> str:
    """A time as WebVTT has it, or as people write it."""
    seconds, ms = divmod(time_ms, 1000)
    minutes, s = divmod(seconds, 60)
    hours, m = divmod(minutes, 60)
    width, point = draw(st.sampled_from([(2, "."), (2, "."), (2, ","), (1, "."), (1, ":")]))
    return f"{hours:0{width}}:{m:0{width}}:{s:0{width}}{point}{ms:03}"


@st.composite
def marked_lines(draw: st.DrawFn, line: str) -> tuple[str, str]:
    """A line as cue text, with tags or a bare `<`, and what is meant to be seen of it."""
    name = draw(st.sampled_from(["i", "b", "u", "c.red", "lang fr"]))
    text = line.replace("&", "&amp;").replace("->", "-&gt;")
    sign = draw(st.sampled_from(["<3", "< 5", "<", "<<", "<-"]))
    end = f"</{name.split('.')[0].split()[0]}>"
    return draw(
        st.sampled_from(
            [
                (text, line),
                (f"<{name}>{text}{end}", line),
                (f"<{name}>{text}", line),
                (f"{text}{end}", line),
                (f"{text} {sign}", f"{line} {sign}"),
                (f"{text} {sign} {text}", f"{line} {sign} {line}"),
                (f"<{name}>{text} {text} {text} {text}{end}", f"{line} {line} {line} {line}"),
            ]
        )
    )
