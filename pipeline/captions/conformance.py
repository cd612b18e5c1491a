"""Where a WebVTT or SubRip file departs from the grammar of its format.

Parsers tolerate most of this, each in its own way. Cues are checked against a profile in `lint.py`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from html.entities import html5

from pipeline.captions.blocks import Block, CaptionForm, Timing, read_lost_timing
from pipeline.captions.markup import find_open_tags
from pipeline.captions.problems import Problem
from pipeline.text.times import SRT_TIME, VTT_TIME, read_fields

# Source: W3C, WebVTT: The Web Video Text Tracks Format, §4 "Syntax": 4.1 file structure, 4.2 types
# of cue text, 4.4 cue settings.
_SIGNATURE = re.compile(r"WEBVTT(?:[ \t].*)?")
_VTT_TIMING = re.compile(rf"{VTT_TIME}[ \t]+-->[ \t]+{VTT_TIME}(?P<settings>(?:[ \t].*)?)")
_SRT_TIMING = re.compile(rf"{SRT_TIME} --> {SRT_TIME}(?P<settings>.*)")
_PERCENT = r"(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%"
_SETTINGS = {
    "vertical": re.compile(r"rl|lr"),
    "line": re.compile(rf"(?:-?\d+|{_PERCENT})(?:,(?:start|center|end))?"),
    "position": re.compile(rf"{_PERCENT}(?:,(?:line-left|center|line-right))?"),
    "size": re.compile(_PERCENT),
    "align": re.compile(r"start|center|end|left|right"),
    "region": re.compile(r"\S+"),
}
_TAG = re.compile(r"<(?P<end>/?)(?P<name>c|i|b|u|ruby|rt|v|lang)(?P<rest>(?:\.[^\s.<>&]+)*)"
                  r"(?:[ \t]+(?P<annotation>[^<>\n]*))?>")  # fmt: skip
_STAMP = re.compile(rf"<{VTT_TIME}>")
_REFERENCE = re.compile(r"&(?:#\d+;|#[xX][0-9a-fA-F]+;|(?P<name>\w+;))")
_BESIDE = re.compile(r"NOTE(?:[ \t].*)?|(?:STYLE|REGION)[ \t]*")
"""The first lines of the blocks that are no cues."""
_NAMED = frozenset({"v", "lang"})

AROUND_CUES = frozenset({
    "vtt-signature", "vtt-header", "vtt-blank-line", "vtt-late-block", "vtt-stray-line",
    "vtt-encoding", "srt-number", "srt-blank-line",
})  # fmt: skip
"""Rules about what stands between cues."""

UNSEEN_TEXT = "vtt-unseen-text"
"""The rule about a `<` without a `>`, after which browsers show nothing of a cue."""

EARLY = ("STYLE", "REGION")
"""How the blocks begin that belong before all cues."""


def find_departures(blocks: Sequence[Block], form: CaptionForm) -> Iterator[Problem]:
    """List where a file departs from its format, by line."""
    yield from _CHECKS[form](blocks)


def is_unseen(block: Block) -> bool:
    """Whether a block of WebVTT is dropped: a cue whose times can't be read, or stray lines."""
    is_other = block.timing is None and block.first > 1
    is_cue = block.find_timing_line() is not None
    return is_other and (is_cue or not _BESIDE.fullmatch(block.bare[0]))


def keep_settings(settings: str) -> str:
    """The valid settings; of those with the same name the last, as in a browser."""
    valid: dict[str, str] = {}
    for setting in settings.split():
        name, _, value = setting.partition(":")
        if name in _SETTINGS and _SETTINGS[name].fullmatch(value):
            valid[name] = setting
    return " ".join(valid.values())


def escape_ampersands(text: str) -> str:
    """Cue text with each `&` that begins no character reference escaped."""

    def escape(match: re.Match[str]) -> str:
        is_known = match["name"] is None or match["name"] in html5
        return match[0] if is_known and match[0] != "&" else "&amp;" + match[0][1:]

    return re.sub(rf"{_REFERENCE.pattern}|&", escape, text)


def _check_vtt(blocks: Sequence[Block]) -> Iterator[Problem]:
    bare = [line for block in blocks for line in block.bare]
    if not bare or not _SIGNATURE.fullmatch(bare[0]):
        yield _make("vtt-signature", 1, "the first line is not WEBVTT")
    if len(bare) > 1 and bare[1]:
        yield _make("vtt-header", 2, "no blank line after the first")
    cue = 0
    for block in blocks:
        if timing := block.timing:
            cue += 1
            if block.first > 2 and bare[block.first - 2]:
                line = block.first + timing.at
                yield _make("vtt-blank-line", line, "no blank line before a cue", cue)
            yield from _check_vtt_cue(block, timing, cue)
        elif is_unseen(block):
            at = block.find_timing_line()
            if at is None:
                yield _make("vtt-stray-line", block.first, "of no cue: no browser shows it", cue)
            else:
                problem = "times that can't be read: no browser shows this cue"
                yield _make("vtt-timing", block.first + at, problem, cue)
        elif cue and block.bare[0].startswith(EARLY):
            problem = f"{block.bare[0].split()[0]} after a cue"
            yield _make("vtt-late-block", block.first, problem, cue)


def _check_vtt_cue(block: Block, timing: Timing, cue: int) -> Iterator[Problem]:
    number = block.first + timing.at
    strict = _VTT_TIMING.fullmatch(block.bare[timing.at].strip())
    if strict is None:
        yield _make("vtt-timing", number, "times are not 00:01:02.345 --> 00:01:04.000", cue)
        return
    for rule, problem in _check_settings(strict["settings"].split()):
        yield _make(rule, number, problem, cue, timing.start_ms)
    for at, shown in enumerate(block.text, start=number + 1):
        if read_lost_timing(shown):
            problem = "times without -->, which are shown as text"
            yield _make("vtt-timing", at, problem, cue, timing.start_ms)
    text = "\n".join(block.text)
    for begin, rule, problem in [*_check_marks(text), *_check_stamps(text, timing)]:
        line = number + 1 + text.count("\n", 0, begin)
        yield _make(rule, line, problem, cue, timing.start_ms)


def _check_settings(settings: list[str]) -> Iterator[tuple[str, str]]:
    seen = set()
    for setting in settings:
        name, _, value = setting.partition(":")
        if name not in _SETTINGS or not _SETTINGS[name].fullmatch(value):
            yield "vtt-setting", f"{setting[:40]!r} is no setting"
        elif name in seen:
            yield "vtt-setting", f"{name} is set twice"
        seen.add(name)


def _check_marks(text: str) -> Iterator[tuple[int, str, str]]:
    """Invalid tags, text taken for one, tags not closed or closed in the wrong order, bare `&`."""
    for match in re.finditer("&", text):
        reference = _REFERENCE.match(text, match.start())
        if not reference or (reference["name"] and reference["name"] not in html5):
            yield match.start(), "vtt-ampersand", "a bare &; write &amp;"
    open_tags: list[tuple[int, str]] = []
    for match in re.finditer("<", text):
        at = match.start()
        if _STAMP.match(text, at):
            continue
        tag = _TAG.match(text, at)
        if ">" not in text[at:]:
            yield at, UNSEEN_TEXT, "unseen in browsers from this < on; write &lt;"
            break
        if tag is None:
            yield at, "vtt-tag", "a < that begins no tag; write &lt;"
        elif tag["end"]:
            if not open_tags or open_tags.pop()[1] != tag["name"]:
                yield at, "vtt-tag", f"</{tag['name']}> closes nothing"
        else:
            open_tags.append((at, tag["name"]))
            if tag["name"] in _NAMED and not (tag["annotation"] or "").strip():
                yield at, "vtt-tag", f"<{tag['name']}> names nobody"
    for at, name in open_tags:
        if (at, name) != (0, "v"):  # a voice that holds the whole cue needs no end
            yield at, "vtt-tag", f"<{name}> is not closed"


def _check_stamps(text: str, timing: Timing) -> Iterator[tuple[int, str, str]]:
    latest_ms = timing.start_ms
    for stamp in _STAMP.finditer(text):
        time_ms = read_fields(stamp.groups())
        if not latest_ms < time_ms < timing.end_ms:
            problem = "a time does not increase or lies outside the cue"
            yield stamp.start(), "vtt-inner-time", problem
        latest_ms = max(latest_ms, time_ms)


def _check_srt(blocks: Sequence[Block]) -> Iterator[Problem]:
    """Check SubRip by what its players agree on; it has no standard."""
    bare = [line for block in blocks for line in block.bare]
    cue = 0
    for block in blocks:
        timing = block.timing
        number = block.first + timing.at if timing else 0
        for at, line in enumerate(block.bare, start=block.first):
            cue += at == number
            is_timing = at == number or "-->" in line
            if is_timing and not _SRT_TIMING.fullmatch(line.strip()):
                problem = "times are not 00:01:02,345 --> 00:01:04,000"
                yield _make("srt-timing", at, problem, cue)
        if timing is None:
            continue
        if timing.number:
            yield _make("srt-timing", number, "the cue's number stands beside the times", cue)
        counted = bare[number - 2].strip() if number > 1 else ""
        if counted != str(cue):
            yield _make("srt-number", number, f"the number before it is not {cue}", cue)
        if block.first > 1 and bare[block.first - 2].strip():
            yield _make("srt-blank-line", number, "no blank line before a cue", cue)
        yield from _check_srt_text(block, timing, cue)


def _check_srt_text(block: Block, timing: Timing, cue: int) -> Iterator[Problem]:
    """Lines after a blank one, which some players drop, and tags that are not closed."""
    number = block.first + timing.at + 1
    is_apart = False
    for at, line in enumerate(block.bare[timing.at + 1 :], start=number):
        if line.strip() and is_apart:
            yield _make("srt-stray-line", at, "a blank line before it, within a cue", cue)
        is_apart = not line.strip()
    text = "\n".join(block.bare[timing.at + 1 :])
    for begin, name in find_open_tags(text):
        at = number + text.count("\n", 0, begin)
        yield _make("srt-tag", at, f"<{name}> is not closed", cue, timing.start_ms)


_CHECKS: dict[CaptionForm, Callable[[Sequence[Block]], Iterator[Problem]]] = {
    "vtt": _check_vtt,
    "srt": _check_srt,
}


def _make(rule: str, line: int, problem: str, cue: int = 0, start_ms: int = 0) -> Problem:
    return Problem(rule, cue, start_ms, 1, 0, line=line, note=problem)
