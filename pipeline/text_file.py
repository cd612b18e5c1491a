"""Reads and writes text files of the user: UTF-8, or else what a detector takes them for.

Written is UTF-8 alone.
"""

import logging
import os
import re
from pathlib import Path

from pipeline.errors import MediaError

log = logging.getLogger(__name__)

MAX_BYTES = 20_000_000
"""The largest text file, about a hundred hours of speech."""

UTF_8 = "UTF-8"
MIXED = "UTF-8 with bytes of another encoding"

_NO_UTF_8 = re.compile("[\udc80-\udcff]+")
"""Bytes that are not UTF-8, decoded to surrogates. Source: PEP 383."""

_BYTE_ORDER_MARKS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}

_ENCODINGS = (
    *("windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254"),
    *("windows-1255", "windows-1256", "windows-1257", "windows-1258", "iso-8859-1", "iso-8859-9"),
    *("cp932", "euc-jp", "gb18030", "big5", "cp949"),
)
"""What subtitles and texts are found in beside UTF-8; rarer ones only mislead the detector."""

_MIXED_WORD = re.compile(
    "[A-Za-z\u00c0-\u024f][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z\u00c0-\u024f]"
    "|[a-z][\u3040-\u9fff\uff61-\uff9f]{1,2}[a-z]"
)
"""Letters of two scripts in one word: of Latin with Greek, Cyrillic, Hebrew or Arabic, or with Han
or kana inside it. Text that is full of them was decoded wrongly."""

WESTERN_PRIOR = 1.25
"""Windows-1252 is by far the most common of these: it is taken where the detector is undecided, as
it is between French and Slovak in a line or two (docs/decisions/0060)."""

_WEBVTT = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT[ \t\r\n]")
"""The only text in which a zero may stand. Source: W3C, WebVTT, §6.1, step 1."""


def read_text_file(path: Path) -> str:
    r"""The text, its lines ended by `\n`, without a byte order mark.

    Raises:
        MediaError: as `read_exact_text`.
    """
    text = read_exact_text(path)[0].removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_exact_text(path: Path) -> tuple[str, str]:
    """The text with its line ends, so that it can be written back as it was, and its encoding.

    An encoding other than UTF-8 is logged; of a text that is UTF-8 in the main, the line of what is
    not. Only the byte order mark of UTF-8 stays in the text.

    Raises:
        MediaError: missing, too large, or binary.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        problem = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise MediaError(str(path), problem or "unreadable", "check the path") from error
    if len(content) > MAX_BYTES:
        raise MediaError(str(path), "too large to be a text", "check which file it is")
    marks = (name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark))
    encoding = next(marks, UTF_8)
    if encoding == UTF_8 and b"\0" in content and not _WEBVTT.match(content):
        problem = f"not text (a zero at byte {content.index(0)})"
        raise MediaError(str(path), problem, "save it as UTF-8 text")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == UTF_8 and (mixed := _decode_mixed(path, content)):
            return mixed, MIXED
        encoding = _detect_encoding(content) if encoding == UTF_8 else ""
        if not encoding:
            problem = f"not text (byte {error.start})"
            raise MediaError(str(path), problem, "save it as UTF-8 text") from error
        text = content.decode(encoding, "replace")
    if encoding != UTF_8:
        log.warning("%s: not UTF-8; read as %s", path.name, encoding)
    return text, encoding


def _decode_mixed(path: Path, content: bytes) -> str:
    """UTF-8 text with bytes of another encoding in it; empty unless those are fewer than the
    letters of UTF-8 that are not ASCII.

    A byte alone is read as Windows-1252, several together as one replacement character. The number
    of such places and the line of the first are logged.
    """
    text = content.decode("utf-8", "surrogateescape")
    wrong = list(_NO_UTF_8.finditer(text))
    n_wrong = sum(len(place[0]) for place in wrong)
    if sum(not char.isascii() for char in text) <= 2 * n_wrong:
        return ""
    log.warning(
        "%s: line %d: not UTF-8, as the rest is; read as Windows-1252 (such places: %d)",
        path.name, text.count("\n", 0, wrong[0].start()) + 1, len(wrong),
    )  # fmt: skip
    return _NO_UTF_8.sub(_read_as_western, text)


def _read_as_western(place: re.Match[str]) -> str:
    found = place[0].encode("utf-8", "surrogateescape")
    return found.decode("cp1252", "replace") if len(found) == 1 else "\ufffd"


def _detect_encoding(content: bytes) -> str:
    """The most probable encoding of a text that is not UTF-8; empty if it is none.

    Of the detector's candidates, the likeliest of those with the fewest words in two scripts. It is
    given only the lines with letters outside ASCII, not numbers and times.
    """
    import chardet

    lines = b"\n".join(line for line in content.splitlines() if not line.isascii())
    best, least = "", (len(content), 0.0)
    for found in chardet.detect_all(
        lines, ignore_threshold=True, prefer_superset=True, include_encodings=_ENCODINGS
    ):
        name = found["encoding"]
        if name is None:
            continue
        n_mixed = len(_MIXED_WORD.findall(lines.decode(name, "replace")))
        prior = WESTERN_PRIOR if name.lower() == "windows-1252" else 1.0
        if (n_mixed, -prior * found["confidence"]) < least:
            best, least = name, (n_mixed, -prior * found["confidence"])
    return best


def write_text_file(path: Path, text: str) -> None:
    """Write a file atomically, its line ends as they are in the text.

    Raises:
        MediaError: it can't be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, path)  # noqa: PTH105
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise MediaError(str(path), error.strerror or "unwritable", "check the path") from error
