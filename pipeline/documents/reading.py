"""Which kind of document a file is, by its content and then by its name, and its plain text."""

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from pipeline.documents.docx import PART, read_docx
from pipeline.documents.html import read_html
from pipeline.documents.markdown import read_markdown
from pipeline.documents.rtf import read_rtf
from pipeline.errors import MediaError
from pipeline.text_file import MAX_BYTES, read_text_file

MAX_MARKUP_LETTERS = 5_000_000
"""The largest HTML or Markdown: ten books. Their parsers take a minute for as much."""

_REMEDY = "save it as plain text, HTML, Markdown, RTF or DOCX"
_HEAD_BYTES = 1024
_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (.doc, .xls, .ppt)"),
    (b"\x1f\x8b", "compressed by gzip"),
    (b"BZh", "compressed by bzip2"),
    (b"\xfd7zXZ\0", "compressed by xz"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"%!PS", "PostScript"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
)
_PACKAGES = (
    ("opendocument", "OpenDocument"), ("epub", "EPUB"), ("xl/workbook.xml", "an Excel workbook"),
    ("ppt/presentation.xml", "a PowerPoint presentation"), ("Index/Document.iwa", "Pages"),
)  # fmt: skip
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,1000}?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_TEX = re.compile(r"(?:\s|%.*\n)*\\documentclass\b")
_HTML_NAMES = (".html", ".htm", ".xhtml")
_MARKDOWN_NAMES = (".md", ".markdown")


def read_document(path: Path) -> str:
    r"""A file's text without markup, its lines ended by `\n`.

    Raises:
        MediaError: as `read_text_file`, or it is a document of another kind.
    """
    name, head = path.name.lower(), _read_start(path, _HEAD_BYTES)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise MediaError("text", f"is {kind}, which is not read", _REMEDY)
    if head.startswith(b"PK\x03\x04"):
        return read_docx(_read_package(path))
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return read_rtf(_read_whole(path))
    text = read_text_file(path)
    if name.endswith(_HTML_NAMES) or _HTML.match(text):
        return read_html(_limit(text))
    if _TEX.match(text):
        raise MediaError("text", "is LaTeX, which is not read", _REMEDY)
    return read_markdown(_limit(text)) if name.endswith(_MARKDOWN_NAMES) else text


def _limit(text: str) -> str:
    if len(text) > MAX_MARKUP_LETTERS:
        raise MediaError("text", "too large for a text with markup", "save it as plain text")
    return text


def _read_start(path: Path, n_bytes: int) -> bytes:
    """The first bytes; none of what can't be opened, which reading the text explains."""
    try:
        with path.open("rb") as file:
            return file.read(n_bytes)
    except OSError:
        return b""


def _read_whole(path: Path) -> bytes:
    content = _read_start(path, MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise MediaError("text", "too large to be a text", "check which file it is")
    return content


def _read_package(path: Path) -> bytes:
    """The bytes of a ZIP archive that is a DOCX.

    Raises:
        MediaError: it is another kind of archive.
    """
    content = _read_whole(path)
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = package.namelist()
            if PART in names:
                return content
            kind = package.open("mimetype").read(_HEAD_BYTES) if "mimetype" in names else b""
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError) as error:
        raise MediaError("text", "is a damaged ZIP archive", _REMEDY) from error
    marks = " ".join([kind.decode("ascii", "replace"), *names])
    name = next((name for mark, name in _PACKAGES if mark in marks), "a ZIP archive")
    raise MediaError("text", f"is {name}, which is not read", _REMEDY)
