"""Talks of several people with fillers: `python benchmarks/conversations.py SPEAKERS`.

SPEAKERS has `NAME/text.json` (text by file name) and the recordings of these utterances. Two talks
are made, and each is aligned with a text that leaves the fillers out, and one that has them.

`--voice FILE.onnx --speaker-program FILE.py` (a Piper voice, and a program that speaks a text with
it: TEXT OUT --voice --tape --seed, which writes speech.wav and truth.json) say the utterances as
several people in turns, with fillers, repetitions and false starts in mid-sentence. Such a voice's
times are late by up to 130 ms in mid-sentence (at its sibilants), so a word is near within 200 ms.

The other talk is the people's own utterances in turns. There is no truth: the times are held
against those in the same talk without fillers, so this tells what moves; near is within 100 ms.

Into the pauses of both are put breaths, laughs, coughs and the fillers that `--fillers FOLDER`
marks in real speech (as people.py takes it); some of these lie softly over the word that follows.

The last line is one JSON object.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from people_parts.disfluencies import (
    GAP_MS,
    NOISES,
    OVER_WORDS,
    add_fillers,
    cut_fillers,
    insert,
    make_noise,
    mix,
    scale,
    sum_up_disfluencies,
    to_sample,
    write_text,
)
from people_parts.measures import NEAR_MS, Row
from people_parts.recordings import Recording, Token, join_recordings, read_recording
from people_parts.runs import align_recordings
from people_parts.tables import DISFLUENCIES, print_table
from transcribe import read_sound

VOICE = "a voice"
VOICE_NEAR_MS = 200
TAPES = (1.0, 0.88, 1.13)
"""Speeds at which the voice is played, pitch and all: several people."""
EVERY_WORDS = 9
"""A disfluency in so many words."""
SHORTEST_PAUSE_MS = 80
"""Nothing is put where people pause less; a voice's times have gaps where it does not pause."""
VOICE_PAUSE_MS = 150
BACKCHANNEL_LEVEL = 0.35
"""Of what is put over words, beside the speech: 9 dB less."""
REAL = "real filler"


def main() -> None:
    """Make the talks, align, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("speakers", type=Path)
    parser.add_argument("--fillers", type=Path, action="append", default=[])
    parser.add_argument("--voice", type=Path)
    parser.add_argument("--speaker-program", type=Path)
    parser.add_argument("--utterances", type=int, default=50, help="at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    given = parser.parse_args()
    utterances = list_utterances(given.speakers, random.Random(given.seed), given.utterances)
    fillers = [one for folder in given.fillers for one in cut_fillers(read_recording(folder))]
    talks: list[Recording] = []
    if given.voice and given.speaker_program:
        spoken = speak(utterances, given.voice, given.speaker_program, given.seed)
        talks.append(put_in(spoken, fillers, random.Random(given.seed), VOICE_PAUSE_MS))
    talks.append(make_people(utterances, fillers, given.seed, given.workers))
    texts = {(talk.name, way): write_text(talk, way) for talk in talks for way in (False, True)}
    found = align_recordings({one.name: one for one in texts.values()}, given.workers)
    figures: Row = {}
    for (name, _), text in texts.items():
        (talk,) = (one for one in talks if one.name == name)
        near_ms = VOICE_NEAR_MS if name == VOICE else NEAR_MS
        figures[text.name] = sum_up_disfluencies(talk, found[text.name], near_ms)
        print_table(text.name, figures[text.name], DISFLUENCIES)
    print(json.dumps(figures))


def list_utterances(
    folder: Path, chance: random.Random, n_utterances: int
) -> list[tuple[str, Path, str]]:
    """Speaker, sound and text of utterances, the speakers mixed."""
    utterances = [
        (person.name, person / name, text)
        for person in sorted(folder.iterdir())
        for name, text in json.loads((person / "text.json").read_text()).items()
    ]
    chance.shuffle(utterances)
    return utterances[:n_utterances]


# --- by a voice -----------------------------------------------------------------------------------


def speak(
    utterances: Sequence[tuple[str, Path, str]], voice: Path, program: Path, seed: int
) -> Recording:
    """The utterances in turns by a voice at several speeds, disfluencies in their midst."""
    chance = random.Random(seed)
    turns = [add_fillers(text.split(), chance, EVERY_WORDS) for _, _, text in utterances]
    parts: dict[int, Recording] = {}
    for number, tape in enumerate(TAPES):
        own = range(number, len(turns), len(TAPES))
        recordings = _speak_turns([turns[at] for at in own], voice, program, tape, seed)
        parts |= dict(zip(own, recordings, strict=True))
    return join_recordings(VOICE, [parts[at] for at in sorted(parts)])


def _speak_turns(
    turns: Sequence[Sequence[tuple[str, str]]], voice: Path, program: Path, tape: float, seed: int
) -> list[Recording]:
    """A recording a turn: all are spoken in one go, and parted in the silence between."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = ("- " + " ".join(word for word, _ in turn) for turn in turns)
        (folder / "text.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        options = ["--voice", str(voice), "--tape", str(tape), "--seed", str(seed)]
        files = [str(folder / "text.txt"), str(folder)]
        subprocess.run([sys.executable, str(program), *files, *options], check=True, stdout=2)
        samples = read_sound(folder / "speech.wav")
        rows = iter(json.loads((folder / "truth.json").read_text()))
    row = next(rows, None)
    timed: list[list[Token]] = []
    for turn in turns:
        tokens = []
        for word, kind in turn:
            if row and row["text"] == word:
                times = (row["start"] * 1000, row["end"] * 1000)
                tokens.append(Token(word, *times, f"voice at {tape}", kind))
                row = next(rows, None)
            elif not kind:
                tokens.append(Token(word, None, None, f"voice at {tape}"))
        timed.append(tokens)
    return _part(samples, timed)


def _part(samples: np.ndarray, timed: Sequence[Sequence[Token]]) -> list[Recording]:
    starts = [min(one.start_ms for one in tokens if one.start_ms is not None) for tokens in timed]
    cuts = [to_sample(start_ms - 100) for start_ms in starts] + [len(samples)]
    recordings = []
    for number, tokens in enumerate(timed):
        first_ms = cuts[number] / 16
        own = tuple(
            token
            if token.start_ms is None or token.end_ms is None
            else replace(token, start_ms=token.start_ms - first_ms, end_ms=token.end_ms - first_ms)
            for token in tokens
        )
        sound = samples[cuts[number] : cuts[number + 1]]
        recordings.append(Recording("turn", sound, own, " ".join(one.text for one in own)))
    return recordings


# --- by people ------------------------------------------------------------------------------------


def make_people(
    utterances: Sequence[tuple[str, Path, str]],
    fillers: Sequence[tuple[str, np.ndarray]],
    seed: int,
    workers: int,
) -> Recording:
    """People's utterances in turns, fillers and noises in their pauses; times as in the clean talk.

    Words that the clean talk's alignment does not time are left without a time.
    """
    parts = [
        Recording(name, read_sound(sound), _list_tokens(name, text), text)
        for name, sound, text in utterances
    ]
    clean = join_recordings("people", parts)
    words = align_recordings({clean.name: clean}, workers)[clean.name]
    tokens = list(clean.tokens)
    for word in words:
        if not word.is_told:
            at = word.index
            tokens[at] = replace(tokens[at], start_ms=word.start_ms, end_ms=word.end_ms)
    timed = replace(clean, tokens=tuple(tokens))
    return put_in(timed, fillers, random.Random(seed), SHORTEST_PAUSE_MS)


def _list_tokens(name: str, text: str) -> tuple[Token, ...]:
    return tuple(Token(word, None, None, name) for word in text.split())


def put_in(
    talk: Recording,
    fillers: Sequence[tuple[str, np.ndarray]],
    chance: random.Random,
    shortest_pause_ms: float,
) -> Recording:
    """The talk with real fillers and noises in pauses, some of the fillers over words instead."""
    level = float(np.sqrt(np.mean(talk.samples.astype(np.float64) ** 2)))
    generator = np.random.default_rng(chance.randrange(2**32))
    places = [
        place for place in range(1, len(talk.tokens)) if _is_free(talk, place, shortest_pause_ms)
    ]
    n_chosen = min(len(places), len(talk.tokens) // EVERY_WORDS)
    for place in sorted(chance.sample(places, n_chosen), reverse=True):
        kinds = [*NOISES, *((REAL,) * len(NOISES) + (OVER_WORDS,) if fillers else ())]
        kind = chance.choice(kinds)
        if kind in NOISES:
            token, sound = Token(kind, None, None, "", kind), make_noise(kind, level, generator)
        else:
            text, sound = chance.choice(fillers)
            token = Token(text, None, None, "", f"real {text}" if kind == REAL else kind)
        if kind == OVER_WORDS:
            talk = mix(talk, place, token, scale(sound, BACKCHANNEL_LEVEL * level))
            continue
        sound = sound if kind in NOISES else scale(sound, level)
        gaps_ms = (chance.uniform(*GAP_MS), chance.uniform(*GAP_MS))
        talk = insert(talk, place, token, sound, gaps_ms)
    return talk


def _is_free(talk: Recording, place: int, shortest_pause_ms: float) -> bool:
    """Words of the text on both sides, with times, and a pause between them."""
    before, after = talk.tokens[place - 1], talk.tokens[place]
    if before.wrong or after.wrong or before.end_ms is None or after.start_ms is None:
        return False
    return after.start_ms - before.end_ms >= shortest_pause_ms


if __name__ == "__main__":
    main()
