"""Rich Text Format as plain text."""

import re

from pipeline.documents.paragraphs import tidy_paragraphs
from pipeline.errors import MediaError

_ROW = re.compile(r"^.*\|$", re.MULTILINE)


def read_rtf(content: bytes) -> str:
    """The text of an RTF document; the cells of a table's row are parted by spaces.

    Raises:
        MediaError: it can't be read.
    """
    from striprtf.striprtf import rtf_to_text

    try:
        text: str = rtf_to_text(  # type: ignore[no-untyped-call]
            content.decode("cp1252", "replace"), errors="replace"
        )
    except (ValueError, LookupError, IndexError) as error:
        raise MediaError("text", "is RTF that can't be read", "save it as plain text") from error
    rows = _ROW.sub(lambda row: row[0].replace("|", " "), text)
    return tidy_paragraphs(re.sub(r"\n(?!\n)", "\n\n", rows))
