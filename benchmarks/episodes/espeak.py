"""Voices of eSpeak NG: words in, samples and the times of its own phones out.

A synthesiser by rule, unlike the others here: neither units nor models of anybody's speech.
Source: `espeak_Synth` and its events, as `speak_lib.h` describes them.
"""

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from ctypes import POINTER, c_char, c_char_p, c_int, c_short, c_uint, c_void_p
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from voices import PUNCTUATION, Speech, VoiceError, VoiceOptions, check_word, cut_speech, read_spans

from pipeline.pronunciation.espeak import shorten_path

ESPEAK_VOICES = {
    "us": "en-us",
    "gb": "gmw/en",
    "female": "en-us+f3",
    "male": "en-us+m3",
    "klatt": "en-us+klatt2",
    "scot": "en-gb-scotland+f2",
}
WORDS_PER_MINUTE = 165
OTHER_NAMES = {"tS": "ch", "dZ": "jh"}
"""Those of festival, for the stops whose closure can't be heard."""
_RETRIEVAL, _PHONEME_EVENTS, _DONT_EXIT = 1, 1, 0x8000
_UTF8, _BY_CHARACTER, _RATE = 1, 1, 1
_END_OF_LIST, _WORD, _PHONE = 0, 1, 7
_MARKS = "',%=_:|"


class _Id(ctypes.Union):
    _fields_ = (("number", c_int), ("name", c_char_p), ("string", c_char * 8))


class _Event(ctypes.Structure):
    """`espeak_EVENT`."""

    _fields_ = (
        ("type", c_int),
        ("unique_identifier", c_uint),
        ("text_position", c_int),
        ("length", c_int),
        ("audio_position_ms", c_int),
        ("sample", c_int),
        ("user_data", c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(c_int, POINTER(c_short), c_int, POINTER(_Event))


@dataclass(frozen=True, slots=True)
class _Phone:
    """A phone, the first sample of it, and the place in the text it belongs to."""

    name: str
    start_sample: int
    place: int


class _Synthesiser:
    """The library, which has one voice at a time and calls back as it speaks."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        data = shorten_path(Path(espeakng_loader.get_data_path()))
        options = _PHONEME_EVENTS | _DONT_EXIT
        self.rate_hz = self._library.espeak_Initialize(_RETRIEVAL, 0, str(data).encode(), options)
        self._sounds: list[NDArray[np.int16]] = []
        self._phones: list[_Phone] = []
        self._word_start = -1
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def choose(self, voice: str, stretch: float) -> None:
        """Take a voice and its pace."""
        if self._library.espeak_SetVoiceByName(ESPEAK_VOICES[voice].encode()):
            raise VoiceError(f"voice {voice}: eSpeak NG has none of this name")
        self._library.espeak_SetParameter(_RATE, round(WORDS_PER_MINUTE / stretch), 0)

    def say(self, text: str) -> tuple[NDArray[np.float32], list[_Phone]]:
        """The sound of a text and its phones; pauses are phones without a name."""
        self._sounds, self._phones, self._word_start = [], [], -1
        sent = text.encode("ascii") + b"\0"
        self._library.espeak_Synth(sent, len(sent), 0, _BY_CHARACTER, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        samples = np.concatenate([np.zeros(0, np.int16), *self._sounds])
        return samples.astype(np.float32) / 32768, self._phones

    def _take(
        self, sound: "ctypes._Pointer[c_short]", n: int, events: "ctypes._Pointer[_Event]"
    ) -> int:
        if n > 0:
            self._sounds.append(np.ctypeslib.as_array(sound, (n,)).copy())
        at = 0
        while (event := events[at]).type != _END_OF_LIST:
            if event.type == _WORD:
                self._word_start = event.sample
            elif event.type == _PHONE:
                self._add_phone(event)
            at += 1
        return 0

    def _add_phone(self, event: _Event) -> None:
        """Note a phone: a stop that opens a word starts with its closure, which the word has."""
        before = self._phones[-1].start_sample if self._phones else -1
        start = self._word_start if self._word_start > before else event.sample
        name = event.id.string.decode().strip(_MARKS)
        self._phones.append(_Phone(name, min(start, event.sample), event.text_position - 1))
        self._word_start = -1


def speak_each(
    utterances: Iterable[Sequence[str]], voice: str, options: VoiceOptions
) -> list[Speech | VoiceError]:
    """Speak each utterance; one that comes back as something else is its error.

    Raises:
        VoiceError: a word is no spoken form, or the voice is not there.
    """
    synthesiser = _load()
    synthesiser.choose(voice, options.stretch)
    spoken: list[Speech | VoiceError] = []
    for words in utterances:
        for word in words:
            check_word(word)
        samples, phones = synthesiser.say(" ".join(words))
        try:
            listing = "\n".join(_list_phones(phones, words, len(samples), synthesiser.rate_hz))
            spans = read_spans(listing, words)
            spoken.append(cut_speech(samples, synthesiser.rate_hz, spans, words, options))
        except VoiceError as error:
            spoken.append(error)
    return spoken


def _list_phones(
    phones: Sequence[_Phone], words: Sequence[str], n_samples: int, rate_hz: int
) -> Iterator[str]:
    """Rows as `read_spans` takes them."""
    ends = [phone.start_sample for phone in phones[1:]] + [n_samples]
    numbers = _find_words(phones, words)
    for phone, end, number in zip(phones, ends, numbers, strict=True):
        if phone.name and end > phone.start_sample:
            word = words[number].rstrip(PUNCTUATION)
            name = OTHER_NAMES.get(phone.name, phone.name)
            start_s, end_s = phone.start_sample / rate_hz, end / rate_hz
            yield f"{number} token {word} {name} {start_s:.6f} {end_s:.6f}"


def _find_words(phones: Sequence[_Phone], words: Sequence[str]) -> list[int]:
    """The word of each phone.

    Some pairs (`of the`) are one word to eSpeak NG, and have the place of the first: the last
    phones of it are the second's, as many as it has alone.
    """
    starts = np.cumsum([0, *(len(word) + 1 for word in words)])
    places = [phone.place for phone in phones]
    numbers = [int(behind) - 1 for behind in np.searchsorted(starts, places, side="right")]
    silent = [number for number in range(len(words)) if number not in numbers]
    for number in silent:
        own = sum(1 for phone in _say_alone(words[number].rstrip(PUNCTUATION)) if phone.name)
        mine = [at for at, of in enumerate(numbers) if of == number - 1 and phones[at].name]
        for at in mine[len(mine) - own :] if own < len(mine) else []:
            numbers[at] = number
    return numbers


@cache
def _load() -> _Synthesiser:
    return _Synthesiser()


@cache
def _say_alone(word: str) -> tuple[_Phone, ...]:
    """How a word sounds alone, in the voice that said it first: none has more phones for it."""
    return tuple(_load().say(word)[1])
