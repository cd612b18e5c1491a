"""Public texts by the document, as sentences: manual pages, the King James Bible, folders of files.

None is kept here. `apt-get install bible-kjv` brings the Bible (public domain); manual pages come
with `manpages` and `manpages-dev`, which `dpkg-deb -x` unpacks where an image leaves them out.
"""

import gzip
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

Document = list[str]
"""Its sentences."""

SECTIONS = ("man2", "man4", "man5", "man7")
PROSE = ("DESCRIPTION", "NOTES")
MIN_WORDS = 6
MAX_WORDS = 60
MIN_LETTERS = 0.75
"""What counts as a sentence of prose: neither a heading nor a table, an address or code."""

_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z(\"])")


def read_manual(folder: Path) -> list[Document]:
    """The prose of every manual page below a folder such as `usr/share/man`; a link is no page."""
    found = sorted(page for section in SECTIONS for page in folder.glob(f"{section}/*.gz"))
    pages = [page for page in found if not page.is_symlink()]
    with ThreadPoolExecutor() as pool:
        return [sentences for sentences in pool.map(_read_page, pages) if sentences]


def read_verses() -> list[Document]:
    """The chapters of the Bible, in order, a verse a sentence."""
    said = subprocess.run(
        ["bible", "-f", "gen1:1-rev22:21"], capture_output=True, text=True, check=True
    ).stdout
    chapters: dict[str, Document] = {}
    for line in said.splitlines():
        place, _, verse = line.partition(" ")
        chapters.setdefault(place.partition(":")[0], []).append(verse)
    return list(chapters.values())


def read_folder(folder: Path) -> list[Document]:
    """A document a `.txt` file."""
    files = sorted(folder.glob("*.txt"))
    return [list(split_sentences(file.read_text("utf-8"))) for file in files]


def split_sentences(text: str) -> Iterator[str]:
    """What reads like a sentence of prose, paragraph by paragraph."""
    for paragraph in re.split(r"\n\s*\n", text):
        for sentence in _SENTENCE.split(" ".join(paragraph.split())):
            words = sentence.split()
            n_letters = sum(map(str.isalpha, sentence.replace(" ", "")))
            is_prose = n_letters >= MIN_LETTERS * len(sentence.replace(" ", ""))
            if MIN_WORDS <= len(words) <= MAX_WORDS and sentence[-1] in ".?!" and is_prose:
                yield sentence


def _read_page(page: Path) -> Document:
    source = gzip.decompress(page.read_bytes())
    if source.startswith(b".so "):  # the page of another name
        return []
    command = ["groff", "-man", "-Tutf8", "-P-c", "-P-b", "-P-u", "-rLL=9999n"]
    shown = subprocess.run(command, input=source, capture_output=True, check=True).stdout.decode()
    blocks = (block.partition("\n") for block in re.split(r"\n(?=\S)", shown))
    prose = (body for heading, _, body in blocks if heading.strip() in PROSE)
    return [sentence for body in prose for sentence in split_sentences(body)]
