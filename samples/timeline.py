"""A script set in time: every utterance spoken and laid out with pauses, and the truth of it.

Knows nothing of files and codecs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import sounds
from script import Script, Sound, Token, Turn, split_utterances
from voices import Speech, VoiceOptions, speak

RATE_HZ = 32000
EDGE_MS = 60
LEAD_IN_MS = 500
LEAD_OUT_MS = 900
TOPIC_PAUSE_MS = 1500
TURN_PAUSE_MS = (160, 380)
SENTENCE_PAUSE_MS = (220, 380)
SOUND_PAUSE_MS = 130
LAUGH_PITCH_HZ = 185.0


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A token of the text and the samples in which it is said."""

    text: str
    start_sample: int
    end_sample: int
    speaker: str
    topic: int


@dataclass(frozen=True, slots=True)
class PlacedSound:
    """A sound that is no word; `after_word` is the index of the word before it, -1 for none."""

    text: str
    after_word: int
    start_sample: int
    end_sample: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The mix at RATE_HZ, its words and sounds in order, and the topics as (title, first word)."""

    samples: sounds.Samples
    words: tuple[PlacedWord, ...]
    sounds: tuple[PlacedSound, ...]
    topics: tuple[tuple[str, int], ...]


class _Tape:
    """What has been laid down so far, and `head`, the sample to go on from."""

    def __init__(self) -> None:
        self.head = _to_samples(LEAD_IN_MS)
        self.pieces: list[tuple[str, int, sounds.Samples]] = []
        self.words: list[PlacedWord] = []
        self.sounds: list[PlacedSound] = []

    def add_speech(self, tokens: list[Token], speech: Speech, speaker: str, topic: int) -> None:
        """Lay an utterance down, so that its first word starts at the head."""
        at = self.head - speech.words[0].start_sample
        self.pieces.append((speaker, at, sounds.fade_edges(speech.samples, RATE_HZ)))
        spoken = iter(speech.words)
        for token in tokens:
            said = [next(spoken) for _ in token.spoken]
            start, end = at + said[0].start_sample, at + said[-1].end_sample
            self.words.append(PlacedWord(token.text, start, end, speaker, topic))
        self.head = self.words[-1].end_sample

    def add_sound(self, sound: Sound, samples: sounds.Samples) -> None:
        """Lay a sound down with its own short pauses."""
        start = self.head + _to_samples(SOUND_PAUSE_MS)
        self.head = start + len(samples)
        self.pieces.append(("", start, samples))
        self.sounds.append(PlacedSound(sound.text, len(self.words) - 1, start, self.head))
        self.head += _to_samples(SOUND_PAUSE_MS)


def build_timeline(script: Script, seed: int) -> Timeline:
    """Speak a script and mix it. The same script, seed and voices give the same samples."""
    rng = np.random.default_rng(seed)
    spoken = _speak_all(script)
    tape = _Tape()
    topics = []
    for topic_number, topic in enumerate(script.topics):
        topics.append((topic.title, len(tape.words)))
        for turn_number, turn in enumerate(topic.turns):
            if tape.words:
                pause_ms = (
                    TOPIC_PAUSE_MS if turn_number == 0 else round(rng.uniform(*TURN_PAUSE_MS))
                )
                tape.head += _to_samples(pause_ms)
            _lay_turn(tape, turn, topic_number, spoken[turn.speaker], rng)
    return Timeline(_mix(tape, rng), tuple(tape.words), tuple(tape.sounds), tuple(topics))


def _speak_all(script: Script) -> dict[str, list[Speech]]:
    """Speak all sentences of each speaker in one go; last first, so that `pop` gives the next."""
    spoken = {}
    for speaker, (voice, stretch) in script.voices.items():
        turns = [turn for topic in script.topics for turn in topic.turns if turn.speaker == speaker]
        parts = [part for turn in turns for part in split_utterances(turn)]
        sentences = [
            [word for token in part for word in token.spoken]
            for part in parts
            if isinstance(part, list)
        ]
        options = VoiceOptions(
            stretch=stretch, rate_hz=RATE_HZ, edge_ms=EDGE_MS, lexicon=script.lexicon
        )
        spoken[speaker] = speak(sentences, voice, options)[::-1]
    return spoken


def _lay_turn(
    tape: _Tape, turn: Turn, topic: int, spoken: list[Speech], rng: np.random.Generator
) -> None:
    """Lay the sentences and sounds of one turn down."""
    for number, part in enumerate(split_utterances(turn)):
        if isinstance(part, Sound):
            tape.add_sound(part, sounds.laugh(RATE_HZ, LAUGH_PITCH_HZ, rng))
            continue
        if number:
            tape.head += _to_samples(round(rng.uniform(*SENTENCE_PAUSE_MS)))
        tape.add_speech(part, spoken.pop(), turn.speaker, topic)


def _mix(tape: _Tape, rng: np.random.Generator) -> sounds.Samples:
    """Level each speaker's track, add them up, and put the room and the noise floor on."""
    n_samples = tape.head + _to_samples(LEAD_OUT_MS)
    mix = np.zeros(n_samples, np.float32)
    for speaker in dict.fromkeys(name for name, _, _ in tape.pieces):
        track = np.zeros(n_samples, np.float32)
        for name, at, samples in tape.pieces:
            if name == speaker:
                track[at : at + len(samples)] += samples
        is_speech = np.zeros(n_samples, bool)
        for word in tape.words:
            is_speech[word.start_sample : word.end_sample] |= word.speaker == speaker
        mix += sounds.level_speech(track, is_speech) if speaker else track
    return sounds.add_noise_floor(sounds.round_peaks(sounds.add_room(mix, RATE_HZ, rng)), rng)


def format_truth(
    timeline: Timeline, audio_start_ms: int, first_ms: float, duration_ms: int
) -> dict[str, Any]:
    """Write the truth in whole milliseconds of the player's clock: 0 is the container's start.

    Args:
        audio_start_ms: where the audio stream starts.
        first_ms: where the first sample of the mix plays: later by what a codec puts in front.
    """

    def to_ms(sample: int) -> int:
        return round(first_ms + sample * 1000 / RATE_HZ)

    def span(placed: PlacedWord | PlacedSound) -> dict[str, int]:
        return {"start_ms": to_ms(placed.start_sample), "end_ms": to_ms(placed.end_sample)}

    return {
        "version": 1,
        "audio_start_ms": audio_start_ms,
        "duration_ms": duration_ms,
        "words": [
            {"text": word.text, **span(word), "speaker": word.speaker, "topic": word.topic}
            for word in timeline.words
        ],
        "sounds": [
            {"text": sound.text, "after_word": sound.after_word, **span(sound)}
            for sound in timeline.sounds
        ],
        "topics": [
            {
                "title": title,
                "first_word": first,
                "start_ms": to_ms(timeline.words[first].start_sample),
            }
            for title, first in timeline.topics
        ],
    }


def _to_samples(duration_ms: int) -> int:
    return round(duration_ms * RATE_HZ / 1000)
