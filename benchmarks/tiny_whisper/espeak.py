"""eSpeak NG's voices: words in, samples and the start of every word out, in English and German.

Plainer than festival's: no phones, and a word lasts until the next begins.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

from samples.voices import PUNCTUATION, Phone, Speech, SpokenWord, VoiceError, resample

RATE_HZ = 16_000
_RETRIEVAL, _UTF8, _RATE = 1, 1, 1
_WORD, _END = 1, 5
_WORDS_PER_MINUTE = 165
VARIANTS = ("", "+m1", "+m3", "+m5", "+m7", "+f1", "+f2", "+f4", "+f5")


class _Event(ctypes.Structure):
    """eSpeak's `espeak_EVENT`; `position` counts characters from one."""

    _fields_ = (
        ("kind", ctypes.c_int),
        ("message", ctypes.c_uint),
        ("position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


def speak(words: Sequence[str], voice: str, stretch: float) -> Speech:
    """Speak one utterance; a voice is a language and a variant (`de+f2`).

    Raises:
        VoiceError: no such voice, or the words that came back are not those sent.
    """
    sound, from_hz, starts = synthesize(words, voice, stretch)
    return _cut(sound, from_hz, words, starts)


def synthesize(
    words: Sequence[str], voice: str, stretch: float
) -> tuple[NDArray[np.float32], int, dict[int, int]]:
    """One utterance's samples, -1..1, their rate in Hz, and the sample at which each word starts
    that eSpeak tells apart, by the place of its first letter in the text.

    Raises:
        VoiceError: no such voice, or nothing was said.
    """
    library, from_hz = _load()
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise VoiceError(f"espeak has no voice {voice!r}")
    library.espeak_SetParameter(_RATE, round(_WORDS_PER_MINUTE / stretch), 0)
    chunks: list[NDArray[np.int16]] = []
    starts: dict[int, int] = {}

    @_CALLBACK
    def take(samples: object, n_samples: int, events: object) -> int:
        if samples and n_samples:
            chunks.append(np.ctypeslib.as_array(samples, (n_samples,)).copy())  # type: ignore[arg-type]
        index = 0
        while (event := events[index]).kind:  # type: ignore[index]
            if event.kind == _WORD:
                starts.setdefault(event.position - 1, event.sample)
            index += 1
        return 0

    library.espeak_SetSynthCallback(take)
    text = " ".join(words).encode()
    library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    if not chunks:
        raise VoiceError(f"espeak did not say {' '.join(words)!r}")
    return np.concatenate(chunks).astype(np.float32) / 32768, from_hz, starts


def _cut(
    sound: NDArray[np.float32], from_hz: int, words: Sequence[str], starts: dict[int, int]
) -> Speech:
    """Outer silence off; a word before a mark ends where its sound does."""
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    first, last = max(0, int(loud[0]) - from_hz // 20), int(loud[-1]) + from_hz // 20
    positions = np.cumsum([0, *(len(word) + 1 for word in words)])[:-1]
    if any(int(position) not in starts for position in positions):
        raise VoiceError(f"espeak said other words than {' '.join(words)!r}")
    edges = [max(starts[int(position)], first) for position in positions] + [last]
    scale = RATE_HZ / from_hz
    spoken = []
    for word, (start, end) in zip(words, pairwise(edges), strict=True):
        if word[-1] in PUNCTUATION:
            inside = np.flatnonzero(np.abs(sound[start:end]) > 0.01)
            end = start + int(inside[-1]) if len(inside) else end
        phone = Phone("", round((start - first) * scale), round((end - first) * scale))
        if phone.end_sample <= phone.start_sample:
            raise VoiceError(f"word {word!r} has no sound")
        spoken.append(SpokenWord(word, phone.start_sample, phone.end_sample, (phone,)))
    return Speech(resample(sound[first:last], from_hz, RATE_HZ), RATE_HZ, tuple(spoken))


@cache
def _load() -> tuple[ctypes.CDLL, int]:
    library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
    rate_hz = library.espeak_Initialize(
        _RETRIEVAL, 0, str(espeakng_loader.get_data_path()).encode(), 0x8000
    )
    if rate_hz <= 0:
        raise VoiceError("espeak did not start; install espeakng-loader again")
    library.espeak_SetSynthCallback.argtypes = [_CALLBACK]
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint,
        ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
    ]  # fmt: skip
    return library, rate_hz
