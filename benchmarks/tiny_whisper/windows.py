"""Training windows made on the fly: sentences, pauses, noise and gain in; frames and targets out.

What the decoder is to write, which frames each token stands for, and the phone of every frame.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from benchmarks.tiny_whisper.noises import make_noises
from benchmarks.tiny_whisper.tokens import N_TIMESTAMPS, split_word

MELS_PER_S = 100
POSITIONS_PER_S = 50
N_POSITIONS = 1500
WEIGHTS = {"espeak-en-us": 0.3, "espeak-de": 0.3}
"""How often a voice is drawn, where festival's count one each."""
FLOOR = -10.0
IGNORED = -100
NO_SPAN = (-1.0, -1.0)

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shares:
    """How often a window is made in each way; the rest are the plain ones."""

    previous: float = 0.2
    no_speech: float = 0.06
    short: float = 0.27
    one_voice: float = 0.7
    offset: float = 0.5
    noise: float = 0.4
    warp: float = 0.35


@dataclass(frozen=True, slots=True)
class Text:
    """What the decoder is given and is to write, and where in the window that was said.

    Invariants: one target for each token; a target of `IGNORED` is given, not learned. `spans` has
        one more: `spans[i]` is the i-th token's, `spans[i + 1]` its target's.
    """

    tokens: list[int]
    targets: list[int]
    spans: list[Span]


@dataclass(slots=True)
class Window:
    """One example: the same sound, and its text without and with timestamps.

    Positions are the encoder's, 20 ms each, counted from the window's start.
    """

    mel: NDArray[np.float32]
    offset: int
    phones: NDArray[np.int64]
    texts: list[Text] = field(default_factory=list)


class Corpus:
    """All speech in a folder, and the windows drawn from it."""

    def __init__(self, folder: Path, tokenizer: Tokenizer, shares: Shares = Shares()) -> None:
        self.tokenizer, self.shares = tokenizer, shares
        self.folder = folder
        self.token_id = tokenizer.token_to_id
        self.first_timestamp = self.token_id("<|0.00|>")
        self.noises = make_noises(5)
        self.phone_ids: dict[str, int] = {"pau": 0}
        self.items: dict[str, list[dict[str, Any]]] = {}
        self._read: set[str] = set()
        self.read_new()

    def read_new(self) -> None:
        """Take in the batches that have been spoken since."""
        for path in sorted(self.folder.glob("*.json")):
            if path.stem in self._read:
                continue
            self._read.add(path.stem)
            frames = np.load(path.with_suffix(".npy"), mmap_mode="r")
            for item in json.loads(path.read_text()):
                first = item["first_frame"]
                item["mel"] = frames[first : first + item["n_frames"]]
                item["ids"] = [split_word(self.tokenizer, word["text"]) for word in item["words"]]
                for name, _, _ in item["phones"]:
                    self.phone_ids.setdefault(name, len(self.phone_ids))
                self.items.setdefault(item["voice"], []).append(item)

    def draw(self, chance: random.Random, length_s: int) -> Window:
        """A window of so many seconds."""
        n_frames = length_s * MELS_PER_S
        n_positions = length_s * POSITIONS_PER_S
        is_moved = n_positions < N_POSITIONS and chance.random() < self.shares.offset
        offset = chance.randrange(N_POSITIONS - n_positions) if is_moved else 0
        window = Window(
            np.full((n_frames, 80), FLOOR, np.float32), offset, np.zeros(n_positions, np.int64)
        )
        if chance.random() < self.shares.no_speech:
            self._fill_with_nothing(window, chance)
            return window
        placed, end_s = self._place(window, chance, length_s)
        self._set_phones(window, placed)
        for has_times in (False, True):
            self._write(window, chance, placed, length_s, has_times)
        self._colour(window, chance)
        self._add_noise(window, chance)
        _scale(window, chance, end_s)
        return window

    def _pick(self, chance: random.Random, voice: str | None) -> dict[str, Any]:
        return chance.choice(self.items[voice or self._pick_voice(chance)])

    def _pick_voice(self, chance: random.Random) -> str:
        voices = list(self.items)
        return chance.choices(voices, [WEIGHTS.get(voice, 1.0) for voice in voices])[0]

    def _place(
        self, window: Window, chance: random.Random, length_s: int
    ) -> tuple[list[tuple[float, dict[str, Any]]], float]:
        """Lay sentences one after the other; returns them, their starts, and the sound's end."""
        voice = self._pick_voice(chance)
        is_one = chance.random() < self.shares.one_voice
        most = chance.randint(1, 3) if chance.random() < self.shares.short else 1000
        language = self.items[voice][0]["language"]
        placed: list[tuple[float, dict[str, Any]]] = []
        cursor_s = chance.uniform(0, 0.6)
        while len(placed) < most and cursor_s < length_s - 0.3:
            item = self._pick(chance, voice if is_one else None)
            if item["language"] != language:
                continue
            if not placed:
                for _ in range(20):
                    if cursor_s + item["n_frames"] / MELS_PER_S <= length_s:
                        break
                    item = self._pick(chance, voice if is_one else None)
                    cursor_s = chance.uniform(0, 0.1)
            is_cut = cursor_s + item["n_frames"] / MELS_PER_S > length_s
            if is_cut and placed and chance.random() < 0.25:
                break
            first = round(cursor_s * MELS_PER_S)
            piece = item["mel"][: len(window.mel) - first]
            window.mel[first : first + len(piece)] = piece
            placed.append((cursor_s, item))
            pause_s = chance.uniform(1, 4) if chance.random() < 0.1 else chance.uniform(0.05, 0.9)
            cursor_s += item["n_frames"] / MELS_PER_S + pause_s
        return placed, min(length_s, cursor_s)

    def _set_phones(self, window: Window, placed: list[tuple[float, dict[str, Any]]]) -> None:
        """Name the phone of every position; a voice without phones is left out."""
        for start_s, item in placed:
            if not item["phones"]:
                first, last = _position(start_s), _position(start_s + item["n_frames"] / MELS_PER_S)
                window.phones[first:last] = IGNORED
            for name, first_s, end_s in item["phones"]:
                first, last = _position(start_s + first_s), _position(start_s + end_s)
                window.phones[first:last] = self.phone_ids[name]

    def _write(
        self, window: Window, chance: random.Random, placed: list[tuple[float, dict[str, Any]]],
        length_s: int, has_times: bool,
    ) -> None:  # fmt: skip
        """Add the prompt, the text and the end; of a sentence that is cut, only when it starts."""
        language = placed[0][1]["language"]
        tokens = self._start(chance, language, has_times, is_long=length_s == 30)
        given = len(tokens)
        spans: list[Span] = [NO_SPAN] * given
        last_s = 0.0

        def stamp(time_s: float) -> None:
            shown = min(N_TIMESTAMPS - 1, _position(time_s) + window.offset)
            tokens.append(self.first_timestamp + shown)
            spans.append((max(0, time_s - 0.04), time_s + 0.04))

        for start_s, item in placed:
            ends_s = start_s + item["words"][-1]["spans"][-1][1]
            if has_times:
                stamp(start_s + item["words"][0]["spans"][0][0])
                if ends_s > length_s:
                    break
            tokens_of, spans_of = _spell(item, start_s, length_s)
            tokens += tokens_of
            spans += spans_of
            last_s = min(ends_s, length_s)
            if has_times:
                stamp(ends_s)
        tokens.append(self.token_id("<|endoftext|>"))
        spans.append((last_s, min(length_s, last_s + 0.3)) if last_s < length_s - 0.04 else NO_SPAN)
        self._add_text(window, tokens, spans, given, f"<|{language}|>")

    def _start(
        self, chance: random.Random, language: str, has_times: bool, is_long: bool
    ) -> list[int]:
        """The prompt: at times a previous text, always start, language and task."""
        tokens: list[int] = []
        voices = [name for name, items in self.items.items() if items[0]["language"] == language]
        if voices and chance.random() < self.shares.previous * (1 if is_long else 0.4):
            tokens.append(self.token_id("<|startofprev|>"))
            n_most = chance.choice([5, 20, 60] if is_long else [5, 20, 40])
            while len(tokens) < n_most:
                item = self._pick(chance, chance.choice(voices))
                tokens += [token for ids, mark in item["ids"] for token in (*ids, *mark)]
            tokens = tokens[:1] + tokens[-min(len(tokens) - 1, n_most) :]
        names = ["<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>"]
        names += [] if has_times else ["<|notimestamps|>"]
        return tokens + [self.token_id(name) for name in names]

    def _fill_with_nothing(self, window: Window, chance: random.Random) -> None:
        """Silence or noise alone: no words, and `<|nospeech|>` where the language would stand."""
        if chance.random() < 0.8:
            level = chance.uniform(-4, 1)
            window.mel[:] = self._draw_noise(chance, len(window.mel)) + level
        for has_times in (False, True):
            language = chance.choice(["en", "de"])
            tokens = self._start(chance, language, has_times, is_long=False)
            given = len(tokens)
            tokens += [self.first_timestamp + window.offset] if has_times else []
            tokens.append(self.token_id("<|endoftext|>"))
            self._add_text(window, tokens, [NO_SPAN] * len(tokens), given, "<|nospeech|>")
        _scale(window, chance, len(window.mel) / MELS_PER_S * chance.uniform(0.3, 1))

    def _add_text(
        self, window: Window, tokens: list[int], spans: list[Span], given: int, found: str
    ) -> None:
        """Each token is asked for the next one; the start for the language, or for no speech."""
        targets = [IGNORED if index < given else token for index, token in enumerate(tokens)][1:]
        targets[tokens.index(self.token_id("<|startoftranscript|>"))] = self.token_id(found)
        window.texts.append(Text(tokens[:-1], targets, spans))

    def _draw_noise(self, chance: random.Random, n_frames: int) -> NDArray[np.float32]:
        pieces, missing = [], n_frames
        while missing > 0:
            first = chance.randrange(len(self.noises) - 200)
            pieces.append(self.noises[first : first + min(missing, chance.randint(200, 600))])
            missing -= len(pieces[-1])
        return np.concatenate(pieces).astype(np.float32)

    def _colour(self, window: Window, chance: random.Random) -> None:
        """Another throat (frequencies stretched), another microphone, another distance."""
        if chance.random() < self.shares.warp:
            window.mel = np.ascontiguousarray(window.mel @ _warp(chance.uniform(0.88, 1.14)))
        knots = [chance.uniform(-0.35, 0.35) for _ in range(5)]
        curve = np.interp(np.arange(80), np.linspace(0, 79, 5), knots)
        is_sound = window.mel > FLOOR + 0.5
        window.mel += is_sound * (curve.astype(np.float32) + chance.uniform(-2.5, 0.5))

    def _add_noise(self, window: Window, chance: random.Random) -> None:
        """Noise under the speech, 12 to 45 dB below it, and always a faint floor of some height."""
        loud = float(np.percentile(window.mel, 95))
        if chance.random() < self.shares.noise:
            level = loud - chance.uniform(1.2, 4.5)
            noise = self._draw_noise(chance, len(window.mel))
            noise += level - float(np.percentile(noise, 90))
            window.mel = np.logaddexp2(window.mel * _LOG2_10, noise * _LOG2_10) / _LOG2_10


_LOG2_10 = np.float32(np.log2(10))


def _position(time_s: float) -> int:
    return round(time_s * POSITIONS_PER_S)


def _spell(item: dict[str, Any], start_s: float, length_s: float) -> tuple[list[int], list[Span]]:
    """The tokens of the words that end inside the window, and the seconds each stands for."""
    tokens: list[int] = []
    spans: list[Span] = []
    words = item["words"]
    for index, (word, (ids, mark)) in enumerate(zip(words, item["ids"], strict=True)):
        end_s = word["spans"][-1][1]
        if start_s + end_s > length_s:
            break
        spans += [
            (start_s + first, start_s + last) for first, last in _share(word["spans"], len(ids))
        ]
        tokens += ids
        if mark:
            after_s = words[index + 1]["spans"][0][0] if index + 1 < len(words) else end_s + 0.3
            spans += [(start_s + end_s, start_s + max(after_s, end_s + 0.04))] * len(mark)
            tokens += mark
    return tokens, spans


def _share(spans: list[Span], n_tokens: int) -> list[Span]:
    """One spoken word a token where they match (`47`), else equal shares of the whole."""
    if len(spans) == n_tokens:
        return spans
    edges = np.linspace(spans[0][0], spans[-1][1], n_tokens + 1)
    return [(float(edges[i]), float(edges[i + 1])) for i in range(n_tokens)]


def _warp(factor: float) -> NDArray[np.float32]:
    """(80, 80): mel bands moved by a factor, interpolated between neighbours."""
    source = np.clip(np.arange(80) * factor, 0, 79)
    low = source.astype(int)
    high = np.minimum(low + 1, 79)
    matrix = np.zeros((80, 80), np.float32)
    matrix[low, np.arange(80)] += 1 - (source - low)
    matrix[high, np.arange(80)] += source - low
    return matrix


def _scale(window: Window, chance: random.Random, end_s: float) -> None:
    """Whisper's floor and scale; behind the sound's end the zeros that faster-whisper pads with."""
    loudest = float(window.mel.max()) + chance.uniform(0, 0.4)
    window.mel = (np.maximum(window.mel, loudest - 8.0) + 4.0) / 4.0
    window.mel[round(end_s * MELS_PER_S) :] = 0.0
