"""Voices of Debian's flite: words in, samples and true phone times out.

Like `samples/voices.py`, which has festival's; nothing of scripts and mixes here.
"""

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from ctypes import c_char_p, c_float, c_int, c_short, c_void_p
from functools import cache

import numpy as np
from voices import PUNCTUATION, Speech, VoiceError, VoiceOptions, check_word, cut_speech, read_spans

FLITE_VOICES = {"rms": "cmu_us_rms", "awb": "cmu_us_awb", "flite-slt": "cmu_us_slt"}
"""Those of rms and awb taught nothing, and no figure was tuned on them; slt is festival's, too."""
INSTALL_HINT = "apt-get install libflite1"
OTHER_NAMES = {"_a": "a", "red": "read", "led": "lead"}
"""What flite calls a letter and words that are said in two ways."""


class _Wave(ctypes.Structure):
    """flite's `cst_wave`."""

    _fields_ = (
        ("type", c_char_p),
        ("rate_hz", c_int),
        ("n_samples", c_int),
        ("n_channels", c_int),
        ("samples", ctypes.POINTER(c_short)),
    )


_SIGNATURES = {
    "flite_synth_text": (c_void_p, [c_char_p, c_void_p]),
    "utt_wave": (ctypes.POINTER(_Wave), [c_void_p]),
    "utt_relation": (c_void_p, [c_void_p, c_char_p]),
    "relation_head": (c_void_p, [c_void_p]),
    "item_next": (c_void_p, [c_void_p]),
    "item_prev": (c_void_p, [c_void_p]),
    "item_daughter": (c_void_p, [c_void_p]),
    "item_as": (c_void_p, [c_void_p, c_char_p]),
    "item_feat_string": (c_char_p, [c_void_p, c_char_p]),
    "item_feat_float": (c_float, [c_void_p, c_char_p]),
    "feat_set_float": (None, [c_void_p, c_char_p, c_float]),
    "delete_utterance": (None, [c_void_p]),
}


class _VoiceStart(ctypes.Structure):
    """The first fields of flite's `cst_voice`: enough to reach its features."""

    _fields_ = (("name", c_char_p), ("features", c_void_p))


def speak_each(
    utterances: Iterable[Sequence[str]], voice: str, options: VoiceOptions
) -> list[Speech | VoiceError]:
    """Speak each utterance; one that comes back as something else is its error.

    Raises:
        VoiceError: flite is missing, or a word is no spoken form.
    """
    flite, handle = _load()[0], _load_voice(voice)
    start = ctypes.cast(handle, ctypes.POINTER(_VoiceStart)).contents
    flite.feat_set_float(start.features, b"duration_stretch", options.stretch)
    spoken: list[Speech | VoiceError] = []
    for words in utterances:
        for word in words:
            check_word(word)
        utterance = flite.flite_synth_text(" ".join(words).encode("ascii"), handle)
        try:
            spoken.append(_read_utterance(flite, utterance, words, options))
        except VoiceError as error:
            spoken.append(error)
        finally:
            flite.delete_utterance(utterance)
    return spoken


def _read_utterance(
    flite: ctypes.CDLL, utterance: int, words: Sequence[str], options: VoiceOptions
) -> Speech:
    wave = flite.utt_wave(utterance).contents
    samples = np.ctypeslib.as_array(wave.samples, (wave.n_samples,)).astype(np.float32) / 32768
    listing = "\n".join(_list_phones(flite, utterance, words))
    return cut_speech(samples, wave.rate_hz, read_spans(listing, words), words, options)


def _list_phones(flite: ctypes.CDLL, utterance: int, words: Sequence[str]) -> Iterator[str]:
    """Rows as `read_spans` takes them; flite's names of words lack apostrophes (`doesnt`)."""
    tokens = flite.relation_head(flite.utt_relation(utterance, b"Token"))
    for number, token in enumerate(_walk(flite, tokens)):
        rows = []
        for word in _daughters(flite, token, b"Token"):
            name = flite.item_feat_string(word, b"name").decode()
            for syllable in _daughters(flite, word, b"SylStructure"):
                for phone in _walk(flite, flite.item_daughter(syllable)):
                    rows.append((name, phone))
        sent = words[number].rstrip(PUNCTUATION) if number < len(words) else ""
        said = "".join(dict.fromkeys(name for name, _ in rows)).replace("'", "").lower()
        is_sent = OTHER_NAMES.get(said, said) == sent.replace("'", "").lower()
        for name, phone in rows:
            segment = flite.item_as(phone, b"Segment")
            before = flite.item_prev(segment)
            start_s = flite.item_feat_float(before, b"end") if before else 0.0
            yield (
                f"{number} token {sent if is_sent else name}"
                f" {flite.item_feat_string(phone, b'name').decode()}"
                f" {start_s:.6f} {flite.item_feat_float(segment, b'end'):.6f}"
            )


def _daughters(flite: ctypes.CDLL, item: int, relation: bytes) -> Iterator[int]:
    return _walk(flite, flite.item_daughter(flite.item_as(item, relation)))


def _walk(flite: ctypes.CDLL, item: int | None) -> Iterator[int]:
    while item:
        yield item
        item = flite.item_next(item)


@cache
def _load() -> tuple[ctypes.CDLL, ...]:
    """flite and what its voices lean on."""
    try:
        libraries = [
            ctypes.CDLL(f"libflite{part}.so.1", mode=ctypes.RTLD_GLOBAL)
            for part in ("", "_usenglish", "_cmulex")
        ]
    except OSError as error:
        raise VoiceError(f"flite: not installed; on Debian or Ubuntu: {INSTALL_HINT}") from error
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(libraries[0], name)
        function.restype, function.argtypes = result, arguments
    libraries[0].flite_init()
    return tuple(libraries)


@cache
def _load_voice(name: str) -> int:
    """A voice's handle."""
    _load()
    library = ctypes.CDLL(f"libflite_{FLITE_VOICES[name]}.so.1")
    register = getattr(library, f"register_{FLITE_VOICES[name]}")
    register.restype, register.argtypes = c_void_p, [c_char_p]
    return int(register(None))
