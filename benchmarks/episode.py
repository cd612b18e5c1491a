"""Make a long episode with true word times: `python benchmarks/episode.py TRANSCRIPT OUT_FOLDER`.

Writes episode.wav, episode.txt (what a user would have) and truth.json, for `align.py`: every token
of the text, with null times where it is not in the sound. The same command makes the same episode.
Voices: kal, slt and ked (festival, see `samples/voices.py`); rms, awb and flite-slt (libflite1);
us, gb, female, male, klatt and scot (eSpeak NG); `kal@0.9` is kal's tape at nine tenths of its
speed: another speaker.
"""

import argparse
import json
import sys
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parent.parent / "samples"))

from episodes.edits import (
    MISSING_SOUND_AT,
    MISSING_TEXT_AT,
    Draft,
    drop_sound,
    drop_text,
    estimate_ms,
    find_passage,
    format_text,
    leave_out_words,
    make_draft,
    make_truth,
    replace_words,
)
from episodes.rooms import make_music
from episodes.script import Token, Utterance, cut_utterances, read_tokens
from episodes.speakers import BATCH_UTTERANCES, RATE_HZ, Cast
from episodes.tape import Tape
from voices import VoiceError


@dataclass(frozen=True, slots=True)
class EpisodeOptions:
    """What the episode is; `minutes` is the length of the speech, None for the whole transcript."""

    voices: tuple[str, ...]
    minutes: float | None
    start_word: int
    seed: int
    wrong: float
    left_out: float
    missing_text_s: float
    missing_sound_s: float
    noise_db: float | None
    has_room: bool
    music_s: float
    rate: float


def main(arguments: list[str] | None = None) -> int:
    """Make one episode; 1, with a line on stderr, where that fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("transcript", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--voices", default="kal,slt", help="a voice a speaker, with commas")
    parser.add_argument("--minutes", type=float, help="of speech; default: the whole transcript")
    parser.add_argument("--start-word", type=int, default=0, help="from the next turn on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", type=float, default=0, help="share of words the text has wrong")
    parser.add_argument("--left-out", type=float, default=0, help="share of words the text lacks")
    parser.add_argument("--missing-text", type=float, default=0, help="seconds only in the sound")
    parser.add_argument("--missing-sound", type=float, default=0, help="seconds only in the text")
    parser.add_argument("--noise-db", type=float, help="speech over pink noise; default: none")
    parser.add_argument("--reverb", action="store_true")
    parser.add_argument("--music", type=float, default=0, help="seconds before the speech")
    parser.add_argument("--rate", type=float, default=1.0, help="speaking rate; above 1 is faster")
    given = parser.parse_args(arguments)
    options = EpisodeOptions(
        voices=tuple(given.voices.split(",")), minutes=given.minutes, start_word=given.start_word,
        seed=given.seed, wrong=given.wrong, left_out=given.left_out,
        missing_text_s=given.missing_text, missing_sound_s=given.missing_sound,
        noise_db=given.noise_db, has_room=given.reverb, music_s=given.music, rate=given.rate,
    )  # fmt: skip
    try:
        figures = make_episode(given.transcript.read_text(encoding="utf-8"), given.out, options)
    except (VoiceError, ValueError) as error:
        print(f"episode: {error}", file=sys.stderr)
        return 1
    print(json.dumps(figures))
    return 0


def make_episode(text: str, folder: Path, options: EpisodeOptions) -> dict[str, float]:
    """Plan, speak, write; what was made, in figures."""
    rng = np.random.default_rng(options.seed)
    tokens = read_tokens(text, options.voices)
    chosen = [
        utterance
        for utterance in cut_utterances(tokens)
        if utterance.tokens.start >= _find_turn(tokens, options.start_word)
    ]
    if not chosen:
        raise ValueError(f"no turn or word is left from word {options.start_word} on")
    draft = plan_draft(text, tokens, chosen, options, rng)
    folder.mkdir(parents=True, exist_ok=True)
    cast = Cast(tokens, options.rate, rng)
    with wave.open(str(folder / "episode.wav"), "wb") as target:
        tape = Tape(target, rng, has_room=options.has_room, noise_db=options.noise_db)
        tape.add_music(make_music(options.music_s, RATE_HZ, rng))
        end = record(tape, cast, chosen, draft, options.minutes)
        tape.end()
    for index in cast.failed:
        draft.written[index] = None
    said = range(chosen[0].tokens.start, end)
    written = format_text(text, tokens, draft, said)
    truth = make_truth(written, draft, said, tape.spans_ms)
    (folder / "episode.txt").write_text(written, encoding="utf-8")
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")
    return {
        "duration_s": round(tape.clock_ms / 1000, 1),
        "n_tokens": len(truth["words"]),
        "n_null": sum(word["start_ms"] is None for word in truth["words"]),
        "n_spoken_only": sum(draft.written[index] is None for index in tape.spans_ms),
        "n_no_voice_says": len(cast.failed),
        "first_token": said.start,
        "end_token": said.stop,
    }


def plan_draft(
    text: str,
    tokens: Sequence[Token],
    chosen: Sequence[Utterance],
    options: EpisodeOptions,
    rng: np.random.Generator,
) -> Draft:
    """What the text and the sound each lack."""
    draft = make_draft(text, tokens)
    all_ms = estimate_ms(tokens[index] for part in chosen for index in part.tokens)
    length_ms = all_ms if options.minutes is None else options.minutes * 60_000
    starts_ms = [length_ms * rng.uniform(*place) for place in (MISSING_SOUND_AT, MISSING_TEXT_AT)]
    if options.missing_sound_s:
        length = options.missing_sound_s * 1000
        drop_sound(draft, find_passage(tokens, chosen, starts_ms[0], length))
    if options.missing_text_s:
        length = options.missing_text_s * 1000
        drop_text(draft, find_passage(tokens, chosen, starts_ms[1], length))
    replace_words(draft, tokens, options.wrong, rng)
    leave_out_words(draft, tokens, options.left_out, rng)
    return draft


def record(
    tape: Tape,
    cast: Cast,
    chosen: Sequence[Utterance],
    draft: Draft,
    minutes: float | None,
) -> int:
    """Lay the utterances down until the tape is long enough; the token after the last one."""
    start_ms = tape.clock_ms
    for number, (utterance, parts) in enumerate(cast.perform(chosen, draft.is_spoken)):
        if parts:
            tape.pause(utterance.pause)
            tape.add_parts(parts)
        if parts and utterance.has_laugh_after:
            tape.add_laugh()
        if (number + 1) % BATCH_UTTERANCES == 0:
            tape.flush()
        if minutes is not None and tape.clock_ms - start_ms >= minutes * 60_000:
            break
    return utterance.tokens.stop


def _find_turn(tokens: Sequence[Token], start_word: int) -> int:
    """The first token of the first turn that starts there or later."""
    starts = (index for index, token in enumerate(tokens) if token.is_first_of_turn)
    return next((index for index in starts if index >= start_word), start_word)


if __name__ == "__main__":
    sys.exit(main())
