"""Texts with markup give the words that a reader sees, in paragraphs, or an error of one line."""

import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from html import escape
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.documents import docx, html
from pipeline.documents.docx import read_docx
from pipeline.documents.html import read_html
from pipeline.documents.markdown import read_markdown
from pipeline.documents.reading import read_document
from pipeline.documents.rtf import read_rtf
from pipeline.errors import MediaError

Paragraph = Sequence[tuple[str, bool]]
"""Words, each with whether a part of it is bold."""

WORDS = st.text("abcdefghijklmnopqrstuvwxyzäéñßšжひ東", min_size=2, max_size=9)
PARAGRAPHS = st.lists(
    st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=8), min_size=1, max_size=6
)
WORD_XML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_html(paragraphs: Sequence[Paragraph]) -> str:
    rows = (
        " ".join(f"{w[0]}<b>{escape(w[1:])}</b>" if bold else escape(w) for w, bold in row)
        for row in paragraphs
    )
    body = "\n".join(f"<p>{row}</p><!-- no words --><script>no words</script>" for row in rows)
    return f"<!DOCTYPE html><html><head><title>No words</title></head><body>{body}</body></html>"


def make_markdown(paragraphs: Sequence[Paragraph]) -> str:
    rows = (" ".join(f"**{w}**" if bold else w for w, bold in row) for row in paragraphs)
    return "---\ntitle: no words\n---\n# " + "\n\n".join(rows)


def make_rtf(paragraphs: Sequence[Paragraph]) -> str:
    def spell(text: str) -> str:
        return "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in text)

    rows = (
        " ".join(f"{spell(w[0])}{{\\b {spell(w[1:])}}}" if bold else spell(w) for w, bold in row)
        for row in paragraphs
    )
    body = "\\par\n".join(rows)
    return f"{{\\rtf1\\ansi{{\\fonttbl{{\\f0 No words;}}}}{{\\info{{\\title No}}}}{body}\\par}}"


def pack(document: str, name: str = "word/document.xml") -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, document)
    return buffer.getvalue()


def make_docx(paragraphs: Sequence[Paragraph]) -> bytes:
    def run(text: str, form: str = "") -> str:
        return f'<w:r>{form}<w:t xml:space="preserve">{text}</w:t></w:r>'

    rows = (
        run(" ").join(
            run(w[0]) + run(w[1:], "<w:rPr><w:b/></w:rPr>") if bold else run(w) for w, bold in row
        )
        for row in paragraphs
    )
    gone = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
    body = "".join(f"<w:p>{row}{gone}</w:p>" for row in rows)
    return pack(f'<w:document xmlns:w="{WORD_XML}"><w:body>{body}</w:body></w:document>')


FORMATS: dict[str, Callable[[Sequence[Paragraph]], str | bytes]] = {
    "talk.html": make_html,
    "talk.HTM": make_html,
    "talk.txt": make_html,
    "talk.md": make_markdown,
    "talk.rtf": make_rtf,
    "talk.docx": make_docx,
}


def read(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path)


@pytest.mark.parametrize("name", FORMATS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(paragraphs=PARAGRAPHS)
def test_every_word_is_read_whole_and_paragraphs_stay_apart(
    tmp_path: Path, name: str, paragraphs: Sequence[Paragraph]
) -> None:
    text = read(tmp_path, name, FORMATS[name](paragraphs))
    expected = [" ".join(word for word, _ in paragraph) for paragraph in paragraphs]
    assert text.strip().split("\n\n") == expected


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (
            "<p>10<sup>6</sup> sold<br>in <i>a</i>n hour &amp; more</p>",
            "10⁶ sold\nin an hour & more",
        ),
        ("<div>one</div>two<ul><li>three<li>four</ul>", "one\n\ntwo\n\nthree\n\nfour"),
        ("<table><tr><td>one<td>two</table><hr>three", "one two\n\nthree"),
        ("<style>p{}</style>one<template>no</template> <img alt=no> two", "one two"),
        ("- [nora] Hello.<p>- Yes.", "- [nora] Hello.\n\n- Yes."),
        (
            "a<sup><a href='#n1'>1</a></sup> b<a href='#n2'><sup>2</sup></a> "
            "c<i role=doc-noteref>3</i><section role=doc-endnotes><p>A note.</section> d",
            "a b c\n\nd",
        ),
    ],
)
def test_html_is_read_as_a_browser_shows_it(document: str, text: str) -> None:
    assert read_html(document).strip() == text


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("- [nora] Hello.\n- Yes, *of* course.", "- [nora] Hello.\n\n- Yes, of course."),
        ("* one\n* two", "one\n\ntwo"),
        ("See[^1] [this](http://a.b) `code`.\n\n[^1]: A note.", "See this code."),
        ("one\n\n***\n\ntwo <b>th</b>ree &amp; four", "one\n\ntwo three & four"),
    ],
)
def test_markdown_is_read_without_its_marks(document: str, text: str) -> None:
    assert read_markdown(document).strip() == text


def test_rtf_has_its_tables_and_signs() -> None:
    words = rb"Caf\'e9 \u8220?yes\u8221?{\footnote no}\par \trowd a\cell b\cell\row"
    assert read_rtf(rb"{\rtf1\ansi\ansicpg1252 " + words + b"}").split() == [
        "Café",
        "“yes”",
        "a",
        "b",
    ]


def test_docx_has_breaks_powers_and_accepted_changes() -> None:
    run = "<w:r><w:t>10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr>"
    body = f"<w:p>{run}<w:t>6</w:t></w:r><w:r><w:br/><w:t>next</w:t></w:r></w:p>"
    body += "<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>"
    xml = f'<w:document xmlns:w="{WORD_XML}"><w:body>{body}</w:body></w:document>'
    assert read_docx(pack(xml)).strip() == "10⁶\nnext\n\nnew"


def declare(n_levels: int) -> str:
    entities = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, n_levels))
    return f'<!DOCTYPE x [<!ENTITY e0 "no">{entities}]><x>&e{n_levels - 1};</x>'


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.pdf", b"%PDF-1.7\n\0", "is PDF, which is not read; save it as plain text"),
        ("a.txt", b"%PDF-1.7\n\0", "is PDF, which is not read"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "is an old Office document"),
        ("a.gz", b"\x1f\x8b\0", "is compressed by gzip"),
        ("a.png", b"\x89PNG\r\n", "is a PNG picture"),
        ("a.odt", pack("application/vnd.oasis.opendocument.text", "mimetype"), "is OpenDocument"),
        ("a.epub", pack("application/epub+zip", "mimetype"), "is EPUB"),
        ("a.xlsx", pack("", "xl/workbook.xml"), "is an Excel workbook"),
        ("a.zip", pack("hello", "hello.txt"), "is a ZIP archive"),
        ("a.docx", b"PK\x03\x04 cut", "is a damaged ZIP archive"),
        ("a.docx", pack("<w:p>"), "is a damaged DOCX"),
        ("a.docx", pack(declare(40)), "is DOCX with declarations inside"),
        ("a.docx", pack("<a>" * 300), "elements inside each other"),
        ("a.html", "<div>" * 300, "elements inside each other"),
        ("a.tex", "% a\n\\documentclass{article}", "is LaTeX, which is not read"),
        ("a.md", "a" * 5_000_001, "too large for a text with markup"),
        ("a.rtf", b"{\\rtf1 " + b"a" * 20_000_000, "too large to be a text"),
    ],
)
def test_what_is_not_read_is_named_in_one_line(
    tmp_path: Path, name: str, content: str | bytes, problem: str
) -> None:
    with pytest.raises(MediaError, match=problem) as caught:
        read(tmp_path, name, content)
    assert "\n" not in str(caught.value)


def test_a_docx_that_grows_is_refused() -> None:
    bomb = pack("<a>" + " " * docx.MAX_XML_BYTES)
    assert len(bomb) < 200_000
    with pytest.raises(MediaError, match="bytes inside"):
        read_docx(bomb)


@pytest.mark.parametrize(
    "piece", ["<!--", "<a ", "<a b='", "</a ", "<![CDATA[", "&", "<", "<p>x", "<td>"]
)
def test_broken_html_is_read_or_refused_at_once(piece: str) -> None:
    with suppress(MediaError):
        read_html(piece * 50_000)


def test_nesting_is_counted_without_elements_that_need_no_end() -> None:
    assert len(read_html("<p>word<br>" * (html.MAX_NESTING * 2)).split()) == html.MAX_NESTING * 2
