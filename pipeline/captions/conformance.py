"""Where a WebVTT or SubRip file departs from the grammar of its format.

Parsers tolerate most of this, each in its own way. Cues are read in `vtt.py` and `srt.py` and
checked against a profile in `lint.py`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from html.entities import html5
from itertools import pairwise
from types import MappingProxyType

from pipeline.captions.lint import Break

# Source: W3C, WebVTT: The Web Video Text Tracks Format, §4 "Syntax": 4.1 file structure, 4.2 types
# of cue text, 4.4 cue settings.
_SIGNATURE = re.compile(r"\ufeff?WEBVTT(?:[ \t].*)?")
_VTT_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_VTT_TIMING = re.compile(rf"{_VTT_TIME}[ \t]+-->[ \t]+{_VTT_TIME}(?P<settings>(?:[ \t].*)?)")
_SRT_TIME = r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3})"
_SRT_TIMING = re.compile(rf"{_SRT_TIME} --> {_SRT_TIME}(?P<settings>.*)")
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
_STAMP = re.compile(rf"<{_VTT_TIME}>")
_REFERENCE = re.compile(r"&(?:#\d+;|#[xX][0-9a-fA-F]+;|(?P<name>\w+;))")
_NAMED = frozenset({"v", "lang"})

AROUND_CUES = frozenset({"vtt-signature", "vtt-header", "vtt-blank-line", "vtt-late-block"})
"""Rules about what stands between cues."""

Problem = tuple[str, str]
"""A rule's name and what is wrong."""


def find_departures(text: str, form: str) -> tuple[Break, ...]:
    """List where a text departs from WebVTT (`vtt`) or SubRip (`srt`), by line."""
    return tuple(_CHECKS[form](text.removeprefix("\ufeff").split("\n")))


def keep_settings(settings: str) -> str:
    """The valid settings, each name once."""
    retained: dict[str, str] = {}
    for setting in settings.split():
        name, _, value = setting.partition(":")
        if name in _SETTINGS and _SETTINGS[name].fullmatch(value):
            retained.setdefault(name, setting)
    return " ".join(retained.values())


def escape_ampersands(text: str) -> str:
    """Cue text with each `&` that begins no character reference escaped."""

    def escape(match: re.Match[str]) -> str:
        is_known = match["name"] is None or match["name"] in html5
        return match[0] if is_known and match[0] != "&" else "&amp;" + match[0][1:]

    return re.sub(rf"{_REFERENCE.pattern}|&", escape, text)


def find_timing_lines(text: str) -> list[int]:
    """Numbers, from 1, of the timing lines, in order."""
    return [number for number, line in enumerate(text.split("\n"), start=1) if "-->" in line]


def _check_vtt(lines: list[str]) -> Iterator[Break]:
    if not _SIGNATURE.fullmatch(lines[0]):
        yield _make("vtt-signature", 1, "the first line is not WEBVTT")
    if len(lines) > 1 and lines[1]:
        yield _make("vtt-header", 2, "no blank line after the first")
    n_cues, cue_line = 0, 0
    for first, block in _split_blocks(lines):
        timed = [number for number, line in enumerate(block) if "-->" in line]
        if block[0].startswith(("STYLE", "REGION")) and not timed and n_cues:
            yield _make("vtt-late-block", first, f"{block[0].split()[0]} after a cue", n_cues)
        for at, end in pairwise([*timed, len(block)]):
            n_cues += 1
            cue_line = first + at
            if at > 1:
                yield _make("vtt-blank-line", cue_line, "no blank line before a cue", n_cues)
            yield from _check_vtt_cue(block[at:end], cue_line, n_cues)


def _split_blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The runs of lines between blank ones, each with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line:
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _check_vtt_cue(lines: list[str], number: int, cue: int) -> Iterator[Break]:
    timing = _VTT_TIMING.fullmatch(lines[0].strip())
    if timing is None:
        yield _make("vtt-timing", number, "times are not 00:01:02.345 --> 00:01:04.000", cue)
        return
    start_ms, end_ms = _to_ms(timing.groups()[:4]), _to_ms(timing.groups()[4:8])
    for rule, problem in _check_settings(timing["settings"].split()):
        yield _make(rule, number, problem, cue, start_ms)
    text = "\n".join(lines[1:])
    for at, rule, problem in [*_check_marks(text), *_check_stamps(text, start_ms, end_ms)]:
        line = number + 1 + text.count("\n", 0, at)
        yield _make(rule, line, problem, cue, start_ms)


def _check_settings(settings: list[str]) -> Iterator[Problem]:
    seen = set()
    for setting in settings:
        name, _, value = setting.partition(":")
        if name not in _SETTINGS or not _SETTINGS[name].fullmatch(value):
            yield "vtt-setting", f"{setting[:40]!r} is no setting"
        elif name in seen:
            yield "vtt-setting", f"{name} is set twice"
        seen.add(name)


def _check_marks(text: str) -> Iterator[tuple[int, str, str]]:
    """Invalid tags, tags not closed or closed in the wrong order, bare `&`."""
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


def _check_stamps(text: str, start_ms: int, end_ms: int) -> Iterator[tuple[int, str, str]]:
    latest_ms = start_ms
    for stamp in _STAMP.finditer(text):
        time_ms = _to_ms(stamp.groups())
        if not latest_ms < time_ms < end_ms:
            yield (
                stamp.start(),
                "vtt-inner-time",
                "a time does not increase or lies outside the cue",
            )
        latest_ms = max(latest_ms, time_ms)


def _check_srt(lines: list[str]) -> Iterator[Break]:
    """Check SubRip by what its players agree on; it has no standard."""
    cue = 0
    for number, line in enumerate(lines, start=1):
        if "-->" not in line:
            continue
        cue += 1
        if not _SRT_TIMING.fullmatch(line.strip()):
            yield _make("srt-timing", number, "times are not 00:01:02,345 --> 00:01:04,000", cue)
        counted = lines[number - 2].strip() if number > 1 else ""
        if counted != str(cue):
            yield _make("srt-number", number, f"the number before it is not {cue}", cue)
        if number > 2 and lines[number - 3].strip():
            yield _make("srt-blank-line", number, "no blank line before a cue", cue)


_CHECKS: Mapping[str, Callable[[list[str]], Iterator[Break]]] = MappingProxyType(
    {"vtt": _check_vtt, "srt": _check_srt}
)


def _to_ms(fields: tuple[str | None, ...]) -> int:
    h, m, s, ms = (int(field or 0) for field in fields)
    return ((h * 60 + m) * 60 + s) * 1000 + ms


def _make(rule: str, line: int, problem: str, cue: int = 0, start_ms: int = 0) -> Break:
    return Break(rule, cue, start_ms, 1, 0, line=line, note=problem)
