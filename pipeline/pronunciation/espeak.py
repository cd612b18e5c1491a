"""eSpeak NG's phonemes for words that no dictionary has, through its C library.

Mapping them to a recogniser's phones is `arpabet.py`'s matter. The library keeps global state:
one process, one voice at a time.
"""

import ctypes
import re
import tempfile
from functools import cache
from pathlib import Path

from pipeline.errors import EngineError

_AUDIO_OUTPUT_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_IPA = 0x02
_SEPARATOR = "_"
_LONGEST_DATA_PATH = 120
"""eSpeak NG truncates longer paths (its buffers hold 160 characters), so they get a short link."""


class EspeakVoice:
    """One eSpeak NG voice, used for phonemes only."""

    def __init__(self, voice: str = "en-us") -> None:
        self._library = _load_library()
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise EngineError("espeak", f"has no voice {voice!r}", "name another language")

    def phonemes(self, word: str) -> tuple[str, ...]:
        """The word's phonemes in IPA with stress marks; empty if it can't be pronounced."""
        text = ctypes.create_string_buffer(word.encode())
        cursor = ctypes.c_void_p(ctypes.addressof(text))
        mode = _IPA | ord(_SEPARATOR) << 8
        parts: list[bytes] = []
        while cursor.value:
            parts.append(
                self._library.espeak_TextToPhonemes(ctypes.byref(cursor), _UTF8, mode) or b""
            )
        spoken = re.sub(r"\([a-z-]+\)", "", b" ".join(parts).decode())
        return tuple(part for part in re.split(rf"[{_SEPARATOR}\s]+", spoken) if part)


@cache
def _load_library() -> ctypes.CDLL:
    import espeakng_loader

    library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [
        ctypes.POINTER(ctypes.c_void_p), ctypes.c_int, ctypes.c_int,
    ]  # fmt: skip
    data = shorten_path(Path(espeakng_loader.get_data_path()))
    rate_hz = library.espeak_Initialize(
        _AUDIO_OUTPUT_SYNCHRONOUS, 0, str(data).encode(), _DONT_EXIT
    )
    if rate_hz <= 0:
        raise EngineError("espeak", "did not start", "reinstall the package espeakng-loader")
    return library


def shorten_path(data: Path) -> Path:
    """The data folder, by a link if its path is longer than eSpeak NG's buffers hold."""
    if len(str(data)) <= _LONGEST_DATA_PATH:
        return data
    link = Path(_link_folder().name) / "espeak-ng-data"
    link.symlink_to(data, target_is_directory=True)
    return link


@cache
def _link_folder() -> tempfile.TemporaryDirectory[str]:
    """A temporary folder for the link; Python removes it at exit."""
    return tempfile.TemporaryDirectory(prefix="espeak-")
