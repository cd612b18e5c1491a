"""How often a short caption file's encoding is guessed right: `benchmarks/text_encodings.py`.

The texts are sentences of Debian's translated manual pages (`--man`, /usr/share/man), as SubRip of
two and of six cues, in encodings of each language; nothing was tuned on them.
"""

import argparse
import gzip
import logging
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.captions.blocks import format_span
from pipeline.text_file import read_text_file

ENCODINGS = {
    "cs": "windows-1250 iso-8859-2", "da": "windows-1252 iso-8859-15", "de": "iso-8859-15 cp850",
    "es": "iso-8859-1 iso-8859-15", "fr": "iso-8859-15 mac_roman", "hr": "windows-1250 iso-8859-2",
    "hu": "iso-8859-2", "it": "iso-8859-1", "ja": "euc_jp iso2022_jp", "ko": "cp949 euc_kr",
    "nl": "windows-1252", "pl": "iso-8859-2", "pt": "iso-8859-1", "ro": "iso-8859-2 iso-8859-16",
    "ru": "koi8-r iso-8859-5 cp866", "sl": "windows-1250 iso-8859-2",
    "sr": "windows-1251 iso-8859-5", "sv": "windows-1252", "tr": "iso-8859-9",
    "uk": "windows-1251 koi8-u", "zh_CN": "gb2312", "zh_TW": "big5",
}  # fmt: skip
SIZES = (2, 6)
MIXED = "UTF-8 with a byte of Windows-1252"
LINE_END = re.compile(r"(?<=[.。])\s+")
ROFF = re.compile(r"\\f[A-Z]|\\f\([A-Z]+|\\[&%|^/,]|\\-")


def read_sentences(folder: Path) -> list[str]:
    """Sentences of 15 to 60 letters that are not ASCII and hold no markup."""
    found: dict[str, None] = {}
    for path in sorted(folder.glob("man*/*.gz")):
        try:
            text = gzip.decompress(path.read_bytes()).decode()
        except UnicodeDecodeError:
            continue
        prose = "\n".join(line for line in text.splitlines() if not line.startswith((".", "'")))
        for sentence in LINE_END.split(ROFF.sub("", prose)):
            shown = " ".join(sentence.split())
            is_plain = not re.search(r"[\\<>{}&_=/]", shown)
            if 8 <= len(shown) <= 60 and is_plain and not shown.isascii():
                found[shown] = None
    return list(found)


def make_files(man: Path) -> Iterator[tuple[str, str, int, str, bytes]]:
    """Language, encoding, number of cues, text and bytes of each file."""
    for language, names in ENCODINGS.items():
        sentences = read_sentences(man / language)
        for encoding in (*names.split(), MIXED):
            for n_cues in SIZES:
                chosen = random.Random(f"{language} {encoding} {n_cues}")
                codec = "utf-8" if encoding == MIXED else encoding
                fitting = [one for one in sentences if _fits(one, codec)]
                if len(fitting) < n_cues:
                    continue
                lines = chosen.sample(fitting, n_cues)
                text = "".join(
                    f"{n}\n{format_span((2_000 * n, 2_000 * n + 1_500), 'srt')}\n{line}\n\n"
                    for n, line in enumerate(lines, start=1)
                )
                content = text.encode(codec)
                if encoding == MIXED:
                    content = content.replace(b"\n\n", b" \x97\n\n", 1)
                    text = text.replace("\n\n", " —\n\n", 1)
                yield language, encoding, n_cues, text, content


def _fits(text: str, encoding: str) -> bool:
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeEncodeError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--man", type=Path, default=Path("/usr/share/man"))
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    files, right = Counter[str](), Counter[str]()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.srt"
        for language, encoding, n_cues, text, content in make_files(asked.man):
            path.write_bytes(content)
            is_right = read_text_file(path) == text
            for key in ("all", f"{n_cues} cues", encoding):
                files[key] += 1
                right[key] += is_right
            if not is_right:
                sys.stdout.write(f"wrong: {language} {encoding} {n_cues}\n")
    for key in files:
        sys.stdout.write(f"{key}: {right[key]} of {files[key]}\n")


if __name__ == "__main__":
    main()
