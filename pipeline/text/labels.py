"""How lines of captions and of plain text begin: turn marks, time codes, speaker labels.

One grammar for both. A name is taken for a label only where the whole text shows it to be one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.text.brackets import is_heading, names_sound
from pipeline.text.names import has_name_form, is_name, is_numbered_role
from pipeline.text.times import ANY_TIME, read_fields

MIN_LABELS = 3
"""`Nora Field:` is a speaker label if this many lines begin so; in a dialogue, two do."""
DIALOGUE_SHARE = 0.5
"""A text is a dialogue if this share of its paragraphs or lines begins with a name and a colon."""
MIN_SHOUTED = 4
"""Letters of a name in capitals that is a label though it stands once: fewer may be `PS:`."""
MAX_TITLE_LINES = 2
"""Lines above the first time code: a title and a date."""

_SPAN = rf"{ANY_TIME}(?:\s*(?:-->|[-–—])\s*{ANY_TIME})?"
_TIME_CODE = re.compile(
    rf"\s*(?:(?P<square>\[\s*{_SPAN}\s*\])|(?P<round>\(\s*{_SPAN}\s*\))|{_SPAN}(?![\w:.,]))[:.]?\s*"
)
_SQUARE_CODE = re.compile(rf"\s*{_SPAN}\s*")
_CODE_AT_END = re.compile(rf"\s{{1,8}}(?:\[\s*{_SPAN}\s*\]|\(\s*{_SPAN}\s*\)|{_SPAN})\s*:?\s*$")
_CAPTION_MARK = re.compile(r"\s*(?:>{2,}|[-‐–—](?=\s|[^\W\d]|[\"'“‘(\[¿¡♪]))\s*")
_TEXT_MARK = re.compile(r"\s*(?:>{2,}|[-‐–—](?=\s|$))\s*")
_QUOTED_MAIL = re.compile(r"\s*>(?!>)")
_PREFIX = re.compile(
    r"(?P<name>[^\W_][^:：()\n]{0,40}?)\s?(?P<role>\([^()\d\n][^()\n]{0,30}\))?\s?(?::(?:\s+|$)|：\s*)"
)
_BEFORE_COLON = re.compile(r"(?<![^\s:])([^\s:]{1,60}):(?=\s|$)")
_BRACKETED = re.compile(r"\[(?P<name>[^][\n]+)\]:?\s*(?P<rest>\S?)")


@dataclass(frozen=True, slots=True)
class Opening:
    """How a line begins, and the rest of it.

    `has_mark`: a dash or `>>` before it. `label`: a speaker's name, without the role in brackets
    after it. `n_time_codes`: times that nobody says, which are left out.
    """

    rest: str
    has_mark: bool = False
    label: str | None = None
    n_time_codes: int = 0


@dataclass(frozen=True, slots=True)
class LineStyle:
    """Conventions of a kind of text.

    `mark`: what begins a turn; captions write `-Hello`, plain text a dash alone. `small_labels`:
    whether `[nora]` in small letters is a label (plain text) or a sound (captions). `bare_codes`:
    whether a name beside a time without brackets may be a label (plain text): captions have times
    of their own, and `Rome 10:30` is said there.
    """

    mark: re.Pattern[str]
    small_labels: bool
    bare_codes: bool


CAPTION_LINES = LineStyle(_CAPTION_MARK, small_labels=False, bare_codes=False)
TEXT_LINES = LineStyle(_TEXT_MARK, small_labels=True, bare_codes=True)


def read_openings(
    lines: Sequence[str], style: LineStyle, speakers: Sequence[str] = ()
) -> list[Opening]:
    """How each line of a text begins.

    A time code in square brackets is one everywhere; others where several lines begin with times
    that do not decrease, or where a name stands alone after one.

    Args:
        lines: all lines of the text; blank ones part paragraphs.
        speakers: names that are labels wherever a line begins with them, spelt as given here.
    """
    return _LineReader(lines, style, speakers).read()


def is_time_code(text: str) -> bool:
    """Whether the text of a bracket is a time, or a span of times."""
    return bool(_SQUARE_CODE.fullmatch(text))


class _LineReader:
    """Reads lines twice: first to learn what is a time code and a label, then to part them."""

    def __init__(self, lines: Sequence[str], style: LineStyle, speakers: Sequence[str]) -> None:
        self._lines = lines
        self._style = style
        self._speakers = {name.casefold(): name for name in speakers}
        self._marks = _find_marks(lines, style)
        self._trusts_codes = _do_times_rise(lines)
        self._has_names_with_codes = style.bare_codes and _count_names_with_codes(lines) > 1
        self._parts = [self._part(number) for number in range(len(lines))]
        self._has_marks = any(part.has_mark for part in self._parts)
        self._labels = _find_labels(self._parts, self._speakers)

    def read(self) -> list[Opening]:
        return [part if part.label else self._read_line(part) for part in self._parts]

    def _part(self, number: int) -> Opening:
        """A line without its mark and its time code; with a name that stands alone behind one."""
        line, n_codes, has_mark = self._lines[number], 0, False
        for _ in range(2):  # the mark stands before or after the time code
            mark = None if has_mark else self._style.mark.match(line)
            if mark and (n_codes or mark[0].strip()[:1] in self._marks):
                line, has_mark = line[mark.end() :], True
            code = None if n_codes else _TIME_CODE.match(line)
            if code and (
                self._trusts_codes
                or code["square"]
                or (self._style.bare_codes and self._names_next_lines(line[code.end() :], number))
                or (code["round"] and _begins_with_label(line[code.end() :]))
            ):
                line, n_codes = line[code.end() :], 1
        at_end = _CODE_AT_END.search(line)
        if at_end and at_end[0].rstrip(" :\t")[-1] not in ")]" and not self._has_names_with_codes:
            at_end = None
        name = line[: at_end.start()] if at_end else line
        if (at_end or n_codes) and self._names_next_lines(name, number):
            label = self._spell(name.strip().removesuffix(":"))
            return Opening("", has_mark, label, n_codes + bool(at_end))
        return Opening(line, has_mark, None, n_codes)

    def _names_next_lines(self, line: str, number: int) -> bool:
        """Whether a line's text is only the name of who says the lines after it."""
        name = line.strip().removesuffix(":")
        following = self._lines[number + 1] if number + 1 < len(self._lines) else ""
        is_followed = bool(following.strip()) and not _TIME_CODE.match(following)
        return is_followed and (name.casefold() in self._speakers or is_name(name))

    def _read_line(self, part: Opening) -> Opening:
        """A parted line with its label."""
        line, n_codes = part.rest, part.n_time_codes
        bracketed = _BRACKETED.match(line)
        label = self._find_label(line, bracketed, is_turn=part.has_mark or n_codes > 0)
        if label is None:
            return Opening(line, part.has_mark, None, n_codes)
        name, rest = label
        if not n_codes and (code := _TIME_CODE.match(rest)) and code["square"]:
            rest, n_codes = rest[code.end() :], 1
        return Opening(rest, part.has_mark, self._spell(name), n_codes)

    def _find_label(
        self, line: str, bracketed: re.Match[str] | None, is_turn: bool
    ) -> tuple[str, str] | None:
        """A speaker's name at the start of a line, and the line without it."""
        prefix = _PREFIX.match(line)
        if prefix and prefix["name"] in self._labels:
            return prefix["name"], line[prefix.end() :]
        if bracketed is None:
            return None
        name, rest = bracketed["name"].strip(), line[bracketed.start("rest") :]
        if name.casefold() in self._speakers:
            return name, rest
        if names_sound(name) or not name or is_time_code(name) or is_heading(name):
            return None
        if self._style.small_labels:
            is_label = (is_turn or not self._has_marks) and (has_name_form(name) or " " not in name)
        else:
            is_label = has_name_form(name) and bool(rest)
        return (name, rest) if is_label else None

    def _spell(self, name: str) -> str:
        """The job's spelling of a name, whatever the label's case; the name itself if unknown."""
        return self._speakers.get(name.casefold(), name)


def _find_marks(lines: Sequence[str], style: LineStyle) -> str:
    """The characters that begin marks: not `>` in quoted mail, nor every dash of wrapped prose."""
    begins = [line.lstrip()[:1] for line in lines if line.strip()]
    marks = "-" if any(map(_QUOTED_MAIL.match, lines)) else "->"
    if not style.small_labels:
        return marks + "‐–"
    is_dashed = begins[:1] in (["–"], ["—"]) and begins.count(begins[0]) > 1
    return marks + begins[0] if is_dashed else marks


def _do_times_rise(lines: Sequence[str]) -> bool:
    """Whether times that begin lines are time codes: several, each later than the one before.

    The first stands near the top, and none in a sentence that goes on from the line above it.
    """
    codes = [
        (number, code) for number, line in enumerate(lines) if (code := _TIME_CODE.match(line))
    ]
    times = [read_fields(_first_time(code)) for _, code in codes]
    n_above = sum(bool(line.strip()) for line in lines[: codes[0][0]]) if codes else 0
    begins = {number for number, _ in codes}
    is_wrapped = any(
        number and number - 1 not in begins and lines[number - 1].rstrip()[-1:].isalnum()
        for number in begins
    )
    is_rising = len(times) > 1 and all(a < b for a, b in pairwise(times))
    return is_rising and n_above <= MAX_TITLE_LINES and not is_wrapped


def _count_names_with_codes(lines: Sequence[str]) -> int:
    """Lines that are a name and a time after it: `Rome 10:30` once is said, twice heads turns."""
    found = ((line, _CODE_AT_END.search(line)) for line in lines)
    return sum(bool(code and is_name(line[: code.start()].strip())) for line, code in found)


def _first_time(code: re.Match[str]) -> list[str | None]:
    found = re.search(ANY_TIME, code[0])
    return list(found.groups()) if found else []


def _find_labels(parts: Sequence[Opening], speakers: dict[str, str]) -> frozenset[str]:
    """The names before a colon that are speakers', told by the whole text."""
    lines = [part.rest for part in parts]
    matches = [_PREFIX.match(line) for line in lines]
    found = Counter(match["name"] for match in matches if match)
    names = {name for name in found if is_name(name)}
    is_named = [bool(match and match["name"] in names) for match in matches]
    n_named = sum(is_named)
    is_dialogue = n_named > 1 and _is_mostly_named(is_named, lines)
    has_guests = len(names) > 1 and (n_named == 2 or n_named > len(names))
    words = {word for line in lines for word in re.findall(r"\w+", line) if word.islower()}
    inside = Counter(word for line in lines for word in _BEFORE_COLON.findall(line))
    inside.subtract(name.split()[-1] for name in found.elements() if name in names)
    marked = {
        match["name"]
        for match, part in zip(matches, parts, strict=True)
        if match and (part.n_time_codes or _is_marked(match))
    }

    def is_label(name: str) -> bool:
        if name.casefold() in speakers or is_numbered_role(name):
            return True
        n_inside = inside[name.split()[-1]]
        if name not in names or 2 * n_inside > (found[name] if is_dialogue else 0):
            return False
        if name in marked or (name.isupper() and (is_dialogue or len(name) >= MIN_SHOUTED)):
            return True
        is_word = name.casefold() in words
        if is_dialogue:
            return found[name] > 1 or (has_guests and not is_word)
        return found[name] >= MIN_LABELS and not is_word

    return frozenset(filter(is_label, found))


def _begins_with_label(line: str) -> bool:
    prefix = _PREFIX.match(line)
    return bool(prefix and is_name(prefix["name"]))


def _is_marked(label: re.Match[str]) -> bool:
    """Whether a role in brackets stands before a name's colon, or a time code after it."""
    code = _TIME_CODE.match(label.string, label.end())
    return (label["role"] or "").islower() or bool(code and code["square"])


def _is_mostly_named(is_named: Sequence[bool], lines: Sequence[str]) -> bool:
    """Whether DIALOGUE_SHARE of the lines, or of the lines that begin paragraphs, have a name."""
    full = [number for number, line in enumerate(lines) if line.strip()]
    first = [number for number in full if not number or not lines[number - 1].strip()]
    return any(
        sum(is_named[number] for number in starts) >= max(2, DIALOGUE_SHARE * len(starts))
        for starts in (full, first)
    )
