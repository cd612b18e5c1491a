"""Office Open XML (.docx) as plain text: the document's own paragraphs, tracked changes accepted.

Source: ECMA-376-1, clause 17 (WordprocessingML).
"""

import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from pipeline.documents.paragraphs import raise_digits, tidy_paragraphs
from pipeline.errors import MediaError

PART = "word/document.xml"
MAX_XML_BYTES = 100_000_000
"""The largest text inside: five times the largest text file, as markup takes most of it."""
MAX_NESTING = 256
"""Elements inside each other; a table in a table in a table has 40."""

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_UNSHOWN = frozenset({"del", "moveFrom", "rt", "instrText", "delText", "footnote", "endnote"})
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}


def read_docx(content: bytes) -> str:
    """The text of a document.

    Raises:
        MediaError: it is damaged, too large inside, or nested too deep.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package, package.open(PART) as part:
            xml = part.read(MAX_XML_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError) as error:
        raise MediaError("text", "is a damaged DOCX", "save it again, or as plain text") from error
    if len(xml) > MAX_XML_BYTES:
        problem = f"is DOCX with more than {MAX_XML_BYTES:,} bytes inside"
        raise MediaError("text", problem, "save it as plain text")
    reader = _Reader()
    try:
        reader.parse(xml)
    except expat.ExpatError as error:
        raise MediaError("text", "is a damaged DOCX", "save it again, or as plain text") from error
    return tidy_paragraphs("".join(reader.parts))


class _Reader:
    """Collects the shown text of document.xml, element by element."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._open: list[str] = []
        self._n_unshown = 0
        self._is_raised = False

    def parse(self, xml: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_declarations
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._read
        parser.Parse(xml, True)

    def _refuse_declarations(self, *_: object) -> None:
        """Entities are declared there, and may grow without end; the format has no such part."""
        raise MediaError("text", "is DOCX with declarations inside", "save it as plain text")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = name.rpartition(" ")
        self._open.append(tag)
        if len(self._open) > MAX_NESTING:
            problem = f"is DOCX with more than {MAX_NESTING} elements inside each other"
            raise MediaError("text", problem, "save it as plain text")
        is_word = namespace in (_WORD, _STRICT)
        self._n_unshown += bool(self._n_unshown) or name == _FALLBACK or tag in _UNSHOWN
        if self._n_unshown or not is_word:
            return
        if tag == "r":
            self._is_raised = False
        elif tag == "vertAlign":
            self._is_raised = attributes.get(f"{namespace} val") == "superscript"
        elif self._open[-2:] == ["r", tag]:
            self.parts.append(_SIGNS.get(tag, ""))

    def _end(self, name: str) -> None:
        tag = self._open.pop()
        self._n_unshown -= bool(self._n_unshown)
        if tag == "p" and name != _FALLBACK and not self._n_unshown:
            self.parts.append("\n\n")

    def _read(self, text: str) -> None:
        if self._open[-1] == "t" and not self._n_unshown:
            self.parts.append(raise_digits(text) if self._is_raised else text)
