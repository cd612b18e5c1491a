"""Speech with known word times: plain spoken words in, samples and the span of every word out.

Drives Debian's festival as a child process. Knows nothing of scripts, mixes and captions, and
imports nothing of its neighbours, so that a benchmark can import it alone.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

INSTALL_HINT = "apt-get install festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts"
PUNCTUATION = ".,;:!?"
STOPS = frozenset({"p", "t", "k", "b", "d", "g", "ch", "jh"})
AUDIBLE_DB = -30.0

Span = tuple[str, float, float]
"""A phone, and where it starts and ends in seconds."""


class VoiceError(Exception):
    """A voice is not installed, or did not say what it was given."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A festival voice and the way its speaking rate is set.

    Invariants: `default_stretch` is what festival itself uses, so 1.0 is the voice's own pace.
    """

    festival_name: str
    package: str
    default_stretch: float
    is_hmm: bool


VOICES: Mapping[str, Voice] = MappingProxyType(
    {
        "slt": Voice("cmu_us_slt_arctic_hts", "festvox-us-slt-hts", 1.0, is_hmm=True),
        "kal": Voice("kal_diphone", "festvox-kallpc16k", 1.1, is_hmm=False),
        "ked": Voice("ked_diphone", "festvox-kdlpc16k", 1.1, is_hmm=False),
    }
)


@dataclass(frozen=True, slots=True)
class VoiceOptions:
    """How to speak.

    `stretch` above 1 is slower. `edge_ms` is what is kept of festival's silence before and after
    an utterance. `lexicon` maps a word to its ARPAbet phones, as in `"K AA1 R D AH0 SH EH2 V"`.
    """

    stretch: float = 1.0
    rate_hz: int = 32000
    edge_ms: int = 60
    lexicon: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone in festival's notation, and its samples: `end_sample` is the first after it."""

    name: str
    start_sample: int
    end_sample: int


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word as it was sent, and its phones, of which there is at least one.

    Invariants: spans from its first phone to its last, but for a stop after a pause, which counts
        from where it can be heard.
    """

    text: str
    start_sample: int
    end_sample: int
    phones: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class Speech:
    """One utterance: float32 mono samples in -1..1, and its words in order."""

    samples: NDArray[np.float32]
    rate_hz: int
    words: tuple[SpokenWord, ...]


def speak(
    utterances: Iterable[Sequence[str]], voice: str, options: VoiceOptions = VoiceOptions()
) -> list[Speech]:
    """Speak each utterance, a sequence of words in their spoken form, in one festival process.

    A word is letters and apostrophes (`five`, `doesn't`); punctuation at its end makes pauses.

    Raises:
        VoiceError: festival or the voice is missing, a word is no spoken form, or what came back is
            not what was sent.
    """
    spoken = []
    for speech in speak_each(utterances, voice, options):
        if isinstance(speech, VoiceError):
            raise speech
        spoken.append(speech)
    return spoken


def speak_each(
    utterances: Iterable[Sequence[str]], voice: str, options: VoiceOptions = VoiceOptions()
) -> list[Speech | VoiceError]:
    """Speak as `speak` does; an utterance that fails is its error, and the others are spoken.

    Raises:
        VoiceError: festival or the voice is missing, or a word is no spoken form.
    """
    wanted = [tuple(words) for words in utterances]
    chosen = _find_voice(voice)
    for words in wanted:
        for word in words:
            check_word(word)
    with tempfile.TemporaryDirectory(prefix="voices-") as folder_name:
        folder = Path(folder_name)
        program = folder / "speak.scm"
        program.write_text(_format_program(wanted, chosen, folder, options), encoding="ascii")
        finished = subprocess.run(
            ["festival", "-b", str(program)], capture_output=True, text=True, check=False
        )
        end = f"stopped with {finished.returncode}: {finished.stderr.strip()[-400:]}"
        return [_try_read(folder, index, words, options, end) for index, words in enumerate(wanted)]


def resample(samples: NDArray[np.float32], from_hz: int, to_hz: int) -> NDArray[np.float32]:
    """Change the sample rate by cutting or padding the spectrum: no delay.  Cost: one FFT."""
    if from_hz == to_hz:
        return samples
    n_out = round(len(samples) * to_hz / from_hz)
    spectrum = np.fft.rfft(samples)
    n_bins = n_out // 2 + 1
    kept = np.zeros(n_bins, dtype=complex)
    kept[: min(n_bins, len(spectrum))] = spectrum[:n_bins]
    return (np.fft.irfft(kept, n_out) * (n_out / len(samples))).astype(np.float32)


def _find_voice(name: str) -> Voice:
    """Look the voice up and make sure that festival has it."""
    if name not in VOICES:
        raise VoiceError(f"voice {name}: unknown; choose one of {', '.join(VOICES)}")
    if shutil.which("festival") is None:
        raise VoiceError(f"festival: not installed; on Debian or Ubuntu: {INSTALL_HINT}")
    voice = VOICES[name]
    listing = subprocess.run(
        ["festival", "-b", "(print (voice.list))"], capture_output=True, text=True, check=False
    )
    if voice.festival_name not in listing.stdout.replace("(", " ").replace(")", " ").split():
        raise VoiceError(
            f"voice {name}: not installed; on Debian or Ubuntu: apt-get install {voice.package}"
        )
    return voice


def check_word(word: str) -> None:
    """Refuse what festival would read in its own way: digits, symbols, brackets, hyphens."""
    bare = word.rstrip(PUNCTUATION)
    if not bare or not bare.replace("'", "").isalpha() or not bare.isascii():
        raise VoiceError(f"word {word!r}: not a spoken form; write it in letters and apostrophes")


def _format_program(
    utterances: Sequence[Sequence[str]], voice: Voice, folder: Path, options: VoiceOptions
) -> str:
    """Write the Scheme that speaks every utterance, saves it, and lists the phones of each token.

    The voice goes first: selecting it resets the lexicon and the duration stretch.
    """
    lines = [f"(voice_{voice.festival_name})"]
    if voice.is_hmm:
        pace = f'(list "-r" {1 / options.stretch:.4f})'
        lines.append(f"(set! hts_engine_params (cons {pace} hts_engine_params))")
    else:
        lines.append(f"(Param.set 'Duration_Stretch {voice.default_stretch * options.stretch:.4f})")
    for word, arpabet in options.lexicon.items():
        phones = arpabet.lower().replace("ah0", "ax0")
        lines.append(f'(lex.add.entry (list "{word}" nil (lex.syllabify.phstress \'({phones}))))')
    lines.append(_SCHEME)
    for index, words in enumerate(utterances):
        lines.append(f'(unwind-protect (say "{" ".join(words)}" "{folder}/{index}") nil)')
    return "\n".join(lines) + "\n"


# A line of `N.words` is: token number, token, word, phone, start_s, end_s. A phone's own start is
# the end of the phone before it, and pauses are phones: so a word after a pause starts where it
# sounds, not where the word before it ended.
_SCHEME = """
(define (list_phones out number token word)
  (mapcar (lambda (syllable)
    (mapcar (lambda (phone)
      (format out "%d %s %s %s %f %f\\n" number (item.name token) (item.name word) (item.name phone)
        (item.feat phone "segment_start") (item.feat phone "segment_end")))
      (item.relation.daughters syllable 'SylStructure)))
    (item.relation.daughters word 'SylStructure)))
(define (say text stem)
  (let ((utt (eval (list 'Utterance 'Text text)))
        (out (fopen (string-append stem ".words") "w"))
        (number 0))
    (utt.synth utt)
    (utt.save.wave utt (string-append stem ".wav") 'riff)
    (mapcar (lambda (token)
      (if (not (item.parent (item.relation token 'Token)))
        (begin
          (mapcar
            (lambda (word) (list_phones out number token word))
            (item.relation.daughters token 'Token))
          (set! number (+ number 1)))))
      (utt.relation.items utt 'Token))
    (fclose out)))
"""


def _try_read(
    folder: Path, index: int, words: Sequence[str], options: VoiceOptions, end: str
) -> Speech | VoiceError:
    """Read one utterance back, or say why that can't be done; `end` is how festival ended."""
    path = folder / f"{index}.wav"
    if not path.exists():
        return VoiceError(f"festival: did not say {' '.join(words)!r}; {end}")
    samples, from_hz = _read_wave(path)
    listing = (folder / f"{index}.words").read_text(encoding="ascii")
    try:
        return cut_speech(samples, from_hz, read_spans(listing, words), words, options)
    except VoiceError as error:
        return error


def cut_speech(
    samples: NDArray[np.float32],
    from_hz: int,
    spans: Sequence[Sequence[Span]],
    words: Sequence[str],
    options: VoiceOptions,
) -> Speech:
    """Cut an utterance's outer silence to `edge_ms`; a span is a phone, its start and its end."""
    edge_s = options.edge_ms / 1000
    first_sample = max(0, round((spans[0][0][1] - edge_s) * from_hz))
    last_sample = min(len(samples), round((spans[-1][-1][2] + edge_s) * from_hz))
    offset_s = first_sample / from_hz
    cut = resample(samples[first_sample:last_sample], from_hz, options.rate_hz)
    spoken: list[SpokenWord] = []
    for word, span in zip(words, spans, strict=True):
        phones = tuple(
            Phone(
                name,
                round((start_s - offset_s) * options.rate_hz),
                round((end_s - offset_s) * options.rate_hz),
            )
            for name, start_s, end_s in span
        )
        start_sample = phones[0].start_sample
        is_after_pause = not spoken or spoken[-1].end_sample < start_sample
        if is_after_pause and phones[0].name in STOPS:
            start_sample += _count_silent(
                cut[start_sample : phones[0].end_sample], cut, options.rate_hz
            )
        spoken.append(SpokenWord(word, start_sample, phones[-1].end_sample, phones))
    return Speech(cut, options.rate_hz, tuple(spoken))


def _count_silent(stop: NDArray[np.float32], speech: NDArray[np.float32], rate_hz: int) -> int:
    """Count the samples of a stop's closure: those before it is within AUDIBLE_DB of the speech."""
    n_smooth = rate_hz // 500
    power = np.convolve(np.square(stop), np.ones(n_smooth) / n_smooth, mode="same")
    is_audible = power > np.mean(np.square(speech)) * 10 ** (AUDIBLE_DB / 10)
    return int(np.argmax(is_audible))


def _read_wave(path: Path) -> tuple[NDArray[np.float32], int]:
    """Read a mono 16-bit WAV file."""
    with wave.open(str(path), "rb") as source:
        frames = source.readframes(source.getnframes())
        return np.frombuffer(frames, "<i2").astype(np.float32) * np.float32(
            1 / 32768
        ), source.getframerate()


def read_spans(listing: str, words: Sequence[str]) -> list[list[Span]]:
    """Gather the phones of each word sent from rows: number, token, word, phone, start_s, end_s.

    Raises:
        VoiceError: festival made other words of it, a word has no sound, or times run backwards.
    """
    rows = [line.split() for line in listing.splitlines()]
    spans = []
    before_s = 0.0
    for number, sent in enumerate(words):
        mine = [row for row in rows if int(row[0]) == number]
        if not mine:
            raise VoiceError(f"word {sent!r}: has no sound; spell it out")
        said = "".join(dict.fromkeys(row[2] for row in mine)).lower()
        bare = sent.rstrip(PUNCTUATION).lower()
        # The `'s` of a possessive has no phones of its own: its sound is in the word before.
        if said not in (bare, bare.removesuffix("'s"), bare.removesuffix("'")):
            raise VoiceError(
                f"word {sent!r}: festival said {said!r}; spell it out or give it a lexicon entry"
            )
        span = [(row[3], float(row[4]), float(row[5])) for row in mine]
        if span[0][1] < before_s or span[-1][2] <= span[0][1]:
            raise VoiceError(
                f"word {sent!r}: spans {span[0][1]:.3f}-{span[-1][2]:.3f} s, after {before_s:.3f} s"
            )
        spans.append(span)
        before_s = span[-1][2]
    if rows and int(rows[-1][0]) != len(words) - 1:
        raise VoiceError(
            f"{len(words)} words sent, {int(rows[-1][0]) + 1} came back: {' '.join(words)}"
        )
    return spans
