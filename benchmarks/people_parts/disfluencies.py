"""Fillers, repetitions, false starts and noises in a talk, with their true times.

A talk is a recording whose tokens include them: `wrong` is then their kind. A text has them or not.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from people_parts.measures import FAR_MS, Row, share, wilson
from people_parts.recordings import Recording, Token, shift_token
from people_parts.runs import Judged
from pipeline.contracts import SAMPLE_RATE_HZ, Samples

FILLERS = ("um", "uh", "er", "mm-hmm")
REPETITION, FALSE_START = "repetition", "false start"
NOISES = ("breath", "laugh", "cough")
OVER_WORDS = "filler over words"
WORDLESS = frozenset((*NOISES, OVER_WORDS))
"""Kinds that no text writes."""
GAP_MS = (40, 250)
"""Silence on either side of what is put between two words."""
FADE_S = 0.005


def add_fillers(words: Sequence[str], chance: random.Random, every: int) -> list[tuple[str, str]]:
    """Words to be spoken, each with its kind ("" for those of the text); one in `every` is added.

    Fillers come with and without a comma, that is, a pause.
    """
    spoken: list[tuple[str, str]] = []
    turn = chance.randrange(every)
    for place, word in enumerate(words):
        if place and (place + turn) % every == 0:
            kind = chance.choice((*FILLERS, REPETITION, FALSE_START))
            if kind == REPETITION:
                spoken.append((word.strip(',.;:?!"'), kind))
            elif kind == FALSE_START:
                spoken.append((make_false_start(word), kind))
            else:
                spoken.append((kind + chance.choice((",", "")), f"filler {kind}"))
        spoken.append((word, ""))
    return spoken


def make_false_start(word: str) -> str:
    """The word's beginning up to its first vowels, broken off."""
    bare = "".join(filter(str.isalpha, word)).lower()
    first = next((at for at, letter in enumerate(bare) if letter in "aeiouy"), 0)
    return bare[: first + 1] + "-"


def cut_fillers(recording: Recording) -> list[tuple[str, Samples]]:
    """The fillers that a recording's truth marks, with their sound."""
    return [
        (token.text, recording.samples[to_sample(token.start_ms) : to_sample(token.end_ms)])
        for token in recording.tokens
        if token.text.lower().strip(",.") in FILLERS
        if token.start_ms is not None and token.end_ms is not None
    ]


def make_noise(kind: str, level: float, chance: np.random.Generator) -> Samples:
    """A breath, a laugh or a cough as a burst of shaped noise; `level` is the speech's RMS."""
    n_bursts, length_s = {"breath": (1, 0.45), "laugh": (5, 0.16), "cough": (2, 0.22)}[kind]
    bursts = []
    for _ in range(n_bursts):
        n = round(length_s * chance.uniform(0.8, 1.25) * SAMPLE_RATE_HZ)
        noise = chance.standard_normal(n)
        noise = np.convolve(noise, np.ones(4) / 4, "same")
        rise = np.linspace(0, 1, n)
        shape = np.sin(np.pi * rise) if kind == "breath" else rise**0.1 * np.exp(-4 * rise)
        if kind == "laugh":
            pitch = np.sin(2 * np.pi * 190 * np.arange(n) / SAMPLE_RATE_HZ)
            noise = noise + 1.5 * np.sign(pitch) * np.abs(pitch) ** 0.5
        bursts.append(noise * shape)
    loudness = {"breath": 0.25, "laugh": 0.9, "cough": 1.2}[kind]
    return scale(np.concatenate(bursts), loudness * level)


def insert(
    talk: Recording, place: int, token: Token, sound: Samples, gaps_ms: tuple[float, float]
) -> Recording:
    """The talk with a sound before its word `place`, silence around it; what follows is later."""
    at_ms = find_boundary(talk, place)
    cut = to_sample(at_ms)
    before, after = (np.zeros(to_sample(gap_ms), np.int16) for gap_ms in gaps_ms)
    parts = [fade(talk.samples[:cut]), before, fade(sound), after, fade(talk.samples[cut:])]
    start_ms = at_ms + gaps_ms[0]
    length_ms = len(sound) * 1000 / SAMPLE_RATE_HZ
    new = replace(token, start_ms=start_ms, end_ms=start_ms + length_ms)
    shift_ms = sum(map(len, parts[1:4])) * 1000 / SAMPLE_RATE_HZ
    later = (shift_token(one, shift_ms) for one in talk.tokens[place:])
    return replace(
        talk,
        samples=np.concatenate(parts),
        tokens=(*talk.tokens[:place], new, *later),
    )


def mix(talk: Recording, place: int, token: Token, sound: Samples) -> Recording:
    """The talk with a sound over its word `place` and what follows; no time changes."""
    start_ms = talk.tokens[place].start_ms
    first = to_sample(start_ms)
    samples = talk.samples.astype(np.int32)
    sound = sound[: len(samples) - first]
    samples[first : first + len(sound)] += sound
    new = replace(token, start_ms=start_ms, end_ms=start_ms)
    return replace(
        talk,
        samples=np.clip(samples, -32_768, 32_767).astype(np.int16),
        tokens=(*talk.tokens[:place], new, *talk.tokens[place:]),
    )


def find_boundary(talk: Recording, place: int) -> float:
    """Where a sound can be put before a word: in the middle of the pause, or at its start."""
    start_ms, end_ms = talk.tokens[place].start_ms, talk.tokens[place - 1].end_ms
    if start_ms is None or end_ms is None:
        raise ValueError(f"word {place} of {talk.name} has no true time")
    return (start_ms + min(end_ms, start_ms)) / 2


def write_text(talk: Recording, has_fillers: bool) -> Recording:
    """The talk with the text that an aligner is given, with or without what is no word of it."""
    tokens = tuple(
        token
        for token in talk.tokens
        if not token.wrong or (has_fillers and token.wrong not in WORDLESS)
    )
    name = f"{talk.name}, fillers {'written' if has_fillers else 'left out'}"
    return replace(talk, name=name, tokens=tokens, text=" ".join(one.text for one in tokens) + "\n")


def sum_up_disfluencies(talk: Recording, words: Sequence[Judged], near_ms: float) -> dict[str, Row]:
    """For each kind: the word after it, the word before it, and itself where the text has it.

    A word is near within `near_ms`; one said twice, of either time. The row "no disfluency" has the
    other words.
    """
    by_time = {(word.true.start_ms, word.true.text): word for word in words}
    find = [
        None if token.start_ms is None else by_time.get((token.start_ms, token.text))
        for token in talk.tokens
    ]
    groups: dict[str, dict[str, list[tuple[Judged, float | None]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    beside: set[int] = set()
    for place, kind, after in list_events(talk):
        names = (kind, "all")
        roles = {"itself": place, "after": after, "before": place - 1}
        for role, at in roles.items():
            if 0 <= at < len(find) and (found := find[at]):
                other = talk.tokens[place].start_ms if kind == REPETITION else None
                for name in names:
                    groups[name][role].append((found, _error(found, other)))
                beside.add(at)
    for at, found in enumerate(find):
        if found and at not in beside:
            groups["no disfluency"]["after"].append((found, _error(found, None)))
    return {name: _describe(groups[name], near_ms) for name in sorted(groups)}


def list_events(talk: Recording) -> Iterator[tuple[int, str, int]]:
    """Each disfluency's place, its kind, and the place of the next word of the text."""
    for place, token in enumerate(talk.tokens):
        if token.wrong:
            after = place + 1
            while after < len(talk.tokens) and talk.tokens[after].wrong:
                after += 1
            yield place, token.wrong, after


def scale(sound: npt.NDArray[Any], level: float) -> Samples:
    """The sound at an RMS level."""
    now = float(np.sqrt(np.mean(np.asarray(sound, np.float64) ** 2))) or 1.0
    return np.clip(np.asarray(sound) * (level / now), -32_768, 32_767).astype(np.int16)


def fade(sound: Samples) -> Samples:
    """The sound without a click at its ends."""
    n = min(round(FADE_S * SAMPLE_RATE_HZ), len(sound) // 2)
    ramp = np.ones(len(sound))
    ramp[:n] = np.linspace(0, 1, n)
    ramp[len(sound) - n :] = np.linspace(1, 0, n)
    return (sound * ramp).astype(np.int16)


def to_sample(time_ms: float | None) -> int:
    """The sample at a time."""
    return round((time_ms or 0) * SAMPLE_RATE_HZ / 1000)


def _error(word: Judged, other_start_ms: float | None) -> float | None:
    if word.error_ms is None or word.start_ms is None or other_start_ms is None:
        return None if word.error_ms is None else abs(word.error_ms)
    return min(abs(word.error_ms), abs(word.start_ms - other_start_ms))


def _describe(roles: Mapping[str, Sequence[tuple[Judged, float | None]]], near_ms: float) -> Row:
    row: Row = {}
    for role in ("after", "before", "itself"):
        pairs = roles.get(role, ())
        n_near = sum(error is not None and error <= near_ms for _, error in pairs)
        row |= {
            f"n_{role}": len(pairs),
            f"{role}_near": share(n_near, len(pairs)),
            f"{role}_95": wilson(n_near, len(pairs)),
            f"{role}_over_1s": sum(error is not None and error > FAR_MS for _, error in pairs),
            f"{role}_told": sum(word.is_told for word, _ in pairs),
        }
    return row
