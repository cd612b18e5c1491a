"""Utterances spoken by synthesisers in batches, split further where a voice says otherwise.

Every speaker has a level of its own. Where things lie on the clock is `tape.py`'s.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import sounds
import voices
from voices import Speech, VoiceError, VoiceOptions

from episodes import espeak, flite
from episodes.script import Token, Utterance

RATE_HZ = 16000
EDGE_MS = 25
BATCH_UTTERANCES = 120
MAX_PROCESSES = 2
LIBRARIES = {
    **dict.fromkeys(flite.FLITE_VOICES, flite.speak_each),
    **dict.fromkeys(espeak.ESPEAK_VOICES, espeak.speak_each),
}
"""Voices that are no process of their own, and speak one after the other."""
LEVEL_SPREAD_DB, UTTERANCE_SPREAD_DB = 3.0, 1.0
SPEED_MARK = "@"
SPEEDS = (0.5, 2.0)
"""A tape played faster or slower than this is nobody's voice."""


CaptionText = list[tuple[tuple[int, ...], Speech]]
"""An utterance in the parts that a voice said right, each with its tokens."""


@dataclass(frozen=True, slots=True)
class SpokenPart:
    """Some of an utterance's tokens as they were said; `samples` are at the speaker's level."""

    tokens: tuple[int, ...]
    samples: sounds.Samples
    spans: tuple[tuple[int, int], ...]
    """Samples of each token, in the part."""


def split_voice(voice: str) -> tuple[str, float]:
    """A voice's name, and how fast its tape is played: `kal@0.9` is another speaker than `kal`.

    Raises:
        VoiceError: no speed stands behind the mark, or one that nobody speaks at.
    """
    name, mark, written = voice.partition(SPEED_MARK)
    try:
        speed = float(written) if mark else 1.0
    except ValueError:
        speed = 0.0
    if not SPEEDS[0] <= speed <= SPEEDS[1]:
        problem = f"no speed of {SPEEDS[0]} to {SPEEDS[1]} behind {SPEED_MARK}"
        raise VoiceError(f"voice {voice}: {problem}; write it like {name}{SPEED_MARK}0.9")
    return name, speed


class Cast:
    """Voices, their levels and their pace; `failed` are tokens that no voice would say."""

    def __init__(self, tokens: Sequence[Token], rate: float, rng: np.random.Generator) -> None:
        self.failed: list[int] = []
        self._tokens = tokens
        self._options = VoiceOptions(stretch=1 / rate, rate_hz=RATE_HZ, edge_ms=EDGE_MS)
        self._rng = rng
        names = dict.fromkeys(token.voice for token in tokens)
        self._offsets_db = {name: rng.uniform(-1, 1) * LEVEL_SPREAD_DB for name in names}
        self._gains: dict[str, float] = {}

    def perform(
        self, utterances: Sequence[Utterance], is_spoken: Sequence[bool]
    ) -> Iterator[tuple[Utterance, list[SpokenPart]]]:
        """Each utterance and its parts, in order; none for one of which nothing is spoken."""
        for start in range(0, len(utterances), BATCH_UTTERANCES):
            batch = utterances[start : start + BATCH_UTTERANCES]
            said = self._speak_batch(batch, is_spoken)
            for place, utterance in enumerate(batch):
                yield utterance, said.get(place, [])

    def _speak_batch(
        self, batch: Sequence[Utterance], is_spoken: Sequence[bool]
    ) -> Mapping[int, list[SpokenPart]]:
        by_voice: dict[str, dict[int, tuple[int, ...]]] = {}
        for place, utterance in enumerate(batch):
            tokens = tuple(index for index in utterance.tokens if is_spoken[index])
            if tokens:
                by_voice.setdefault(utterance.voice, {})[place] = tokens
        with ThreadPoolExecutor(MAX_PROCESSES) as pool:
            jobs = {
                voice: pool.submit(self._speak_groups, voice, list(groups.values()))
                for voice, groups in by_voice.items()
                if split_voice(voice)[0] not in LIBRARIES
            }
        said = {}
        for voice, groups in sorted(by_voice.items()):
            found = (
                jobs[voice].result()
                if voice in jobs
                else self._speak_groups(voice, list(groups.values()))
            )
            for place, speeches in zip(groups, found, strict=True):
                said[place] = [self._level(voice, *speech) for speech in speeches]
        return said

    def _speak_groups(self, voice: str, groups: Sequence[tuple[int, ...]]) -> list[CaptionText]:
        """Speak each group of tokens; one that fails is halved, and dropped if it is one token."""
        name, speed = split_voice(voice)
        speak = LIBRARIES.get(name, voices.speak_each)
        options = replace(self._options, rate_hz=round(RATE_HZ / speed))
        sentences = [
            [word for index in group for word in self._tokens[index].words] for group in groups
        ]
        found = speak(sentences, name, options)
        halves: list[tuple[int, ...]] = []
        for group, speech in zip(groups, found, strict=True):
            if isinstance(speech, VoiceError) and len(group) > 1:
                halves += [group[: len(group) // 2], group[len(group) // 2 :]]
            elif isinstance(speech, VoiceError):
                self.failed += group
        again = iter(self._speak_groups(voice, halves) if halves else [])
        said: list[CaptionText] = []
        for group, speech in zip(groups, found, strict=True):
            if not isinstance(speech, VoiceError):
                said.append([(group, speech)])
            elif len(group) > 1:
                said.append(next(again) + next(again))
            else:
                said.append([])
        return said

    def _level(self, voice: str, tokens: tuple[int, ...], speech: Speech) -> SpokenPart:
        """Bring speech to its speaker's level, which the speaker's first utterance sets."""
        if voice not in self._gains:
            rms = float(np.sqrt(np.mean(np.square(speech.samples))))
            wanted_db = sounds.SPEECH_DB + self._offsets_db[voice]
            self._gains[voice] = 10 ** (wanted_db / 20) / rms
        gain = self._gains[voice] * 10 ** (self._rng.uniform(-1, 1) * UTTERANCE_SPREAD_DB / 20)
        said = iter(speech.words)
        spans = []
        for index in tokens:
            words = [next(said) for _ in self._tokens[index].words]
            spans.append((words[0].start_sample, words[-1].end_sample))
        samples = sounds.fade_edges(speech.samples * np.float32(gain), RATE_HZ)
        return SpokenPart(tokens, samples, tuple(spans))
