"""Windows of one recording decoded by a model that learns the recording first.

A few pieces are decoded to hear how it sounds; then triphones are moved towards it, and phone
models of its own are trained, which place the edges of all words. What is learnt depends on the
recording alone, never on the number of processes.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from pipeline.aligners.hmm.adaptation import SufficientStatistics
from pipeline.aligners.hmm.decoder import TriphoneDecoder, time_arcs
from pipeline.aligners.hmm.phone_alignment import PhoneAlignment
from pipeline.aligners.recording.acoustic_model import RecordingModel, match_level, measure_level
from pipeline.aligners.recording.goodness import time_words
from pipeline.aligners.recording.packing import pack_models, unpack_models
from pipeline.aligners.recording.phone_models import PhoneModels, train_models
from pipeline.aligners.recording.posteriors import compute_posteriors, rate_phones
from pipeline.contracts import CheckpointStore, EngineRequest, Samples
from pipeline.process_pool import PIECE_MS, ProcessPool, cut_pieces, one_thread
from pipeline.pronunciation.lexicon import Lexicon
from pipeline.records import ArcTime, DecodedPiece, DecodeRequest
from pipeline.speech.dereverberation import dereverberate, is_echoing
from pipeline.speech.excerpts import PER_MS, cut_out

N_ADAPTATION_SEGMENTS, N_ADAPTATION_SEGMENTS_REVERBERANT = 5, 8
"""Pieces to learn from, spread over the recording: ten minutes, or a quarter of an hour where what
the room leaves of each sound is worth less."""
N_ADAPTATION_ROUNDS = 2
"""By models of its own, a recording's words are found better, and then teach better models."""
PAD_MS = 15_000
"""A piece's sound goes on for so long: windows may begin in one piece and end in the next."""
_MODEL_KEY = "learnt"
"""What it goes by on the shelf."""
_Wanted = Literal["evidence", "paths", "times"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Task:
    """A piece of the recording, its windows, and what is known by now.

    `is_echoing`: the room has to be taken out of the sound; `level_db`: how loud it has to be made,
    None if it is. `wanted`: what its windows tell of the recording, with the sound as it was then;
    their paths to learn models from; the times of words.
    """

    start_ms: int
    sound: bytes
    windows: tuple[DecodeRequest, ...]
    is_echoing: bool
    level_db: float | None
    evidence: SufficientStatistics | None
    models: PhoneModels | None
    wanted: _Wanted


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a task: what was wanted of it.

    `sound`: without the room; empty where that is known.
    """

    evidence: SufficientStatistics | None = None
    sound: bytes = b""
    paths: tuple[PhoneAlignment, ...] = ()
    times: tuple[tuple[ArcTime, ...], ...] = ()


class AdaptedWindows:
    """Decodes windows, in as many rounds as needed; use it as a context."""

    def __init__(
        self, engine: EngineRequest, samples: Samples, checkpoints: CheckpointStore | None = None
    ) -> None:
        """Nothing is done before there are windows.

        Args:
            shelf: finished pieces are kept there, and not decoded again.
        """
        self._samples = samples
        self._checkpoints = checkpoints
        self._pool: ProcessPool[_Task, _Outcome] = ProcessPool(
            _make_worker, (engine.vocabulary,), engine.cpus
        )
        self._n_rounds = 0
        self._adaptation_segments: Sequence[Sequence[DecodeRequest]] = ()
        self._is_adapted = self._is_echoing = False
        self._evidence: SufficientStatistics | None = None
        self._models: PhoneModels | None = None
        self._recording_model: RecordingModel | None = None
        self._level_db: float | None = None

    @classmethod
    def knowing(
        cls, engine: EngineRequest, samples: Samples, recording_model: RecordingModel
    ) -> Self:
        """Windows of sound cut from a recording that was learnt before; nothing more is learnt.

        Args:
            samples: as loud as may be; each piece is made as loud as the recording.
        """
        windows = cls(engine, samples)
        windows._is_adapted, windows._is_echoing = True, recording_model.is_echoing
        windows._level_db, windows._models = (
            recording_model.level_db,
            unpack_models(recording_model.models),
        )
        return windows

    @property
    def recording_model(self) -> RecordingModel | None:
        """What the recording taught, by now or before this process was killed; None if it is too
        short."""
        if self._recording_model or not self._checkpoints:
            return self._recording_model
        return self._checkpoints.load_checkpoint(_MODEL_KEY, RecordingModel)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.__exit__()

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[tuple[ArcTime, ...]]:
        """The best path of each request, in milliseconds since the first sample.

        Args:
            requests: in order of time. The first round's are what is learnt from.
        Raises:
            EngineError: a word can't be pronounced, or a process crashed.
        """
        if not requests:
            return
        pieces = list(cut_pieces(requests))
        self._n_rounds += 1
        self._adaptation_segments = self._adaptation_segments or pieces
        done = {number: self._find_checkpoint(number, piece) for number, piece in enumerate(pieces)}
        left = [number for number, earlier in done.items() if earlier is None]
        if left and not self._is_adapted:
            self._learn(self._adaptation_segments)
        outcomes = self._pool.work(self._task(pieces[number], "times") for number in left)
        for number, earlier in done.items():
            if earlier:
                yield from earlier.paths
                continue
            outcome = next(outcomes)
            self._save_dereverberated(pieces[number], outcome.sound)
            if self._checkpoints:
                self._checkpoints.save_checkpoint(self._name(number), DecodedPiece(outcome.times))
            yield from outcome.times

    def _name(self, piece: int) -> str:
        """What a piece of this round goes by among the checkpoints."""
        return f"windows-{self._n_rounds}-{piece:04}"

    def _find_checkpoint(self, number: int, piece: Sequence[DecodeRequest]) -> DecodedPiece | None:
        """What was found in a piece before."""
        if self._checkpoints is None:
            return None
        earlier = self._checkpoints.load_checkpoint(self._name(number), DecodedPiece)
        return earlier if earlier and len(earlier.paths) == len(piece) else None

    def _save_dereverberated(self, piece: Sequence[DecodeRequest], sound: bytes) -> None:
        """Keep a piece's sound without the room: that takes longer than all else about a piece."""
        if self._checkpoints and self._is_echoing and sound:
            self._checkpoints.save_checkpoint_bytes(_name_dereverberated(piece), sound)

    def _find_dereverberated(self, piece: Sequence[DecodeRequest]) -> bytes | None:
        """What was kept of a piece."""
        return (
            self._checkpoints.load_checkpoint_bytes(_name_dereverberated(piece))
            if self._checkpoints
            else None
        )

    def _learn(self, pieces: Sequence[Sequence[DecodeRequest]]) -> None:
        """Learn the recording from some pieces."""
        self._is_adapted = True
        middle = _read(self._sound(pieces[len(pieces) // 2]))
        with one_thread():
            self._is_echoing = is_echoing(middle[: PIECE_MS // 2 * PER_MS])
        n_segments = min(
            N_ADAPTATION_SEGMENTS_REVERBERANT if self._is_echoing else N_ADAPTATION_SEGMENTS,
            len(pieces),
        )
        places = [int((index + 0.5) * len(pieces) / n_segments) for index in range(n_segments)]
        chosen = [pieces[place] for place in places]
        posteriors = list(self._pool.work(self._task(piece, "evidence") for piece in chosen))
        parts = [outcome.evidence for outcome in posteriors if outcome.evidence]
        self._evidence = SufficientStatistics.of(parts) if parts else None
        sounds = [outcome.sound for outcome in posteriors]
        for piece, sound in zip(chosen, sounds, strict=True):
            self._save_dereverberated(piece, sound)
        for _ in range(N_ADAPTATION_ROUNDS):
            adaptation_segments = zip(chosen, sounds, strict=True)
            tasks = (self._task(piece, "paths", sound) for piece, sound in adaptation_segments)
            paths = [outcome.paths for outcome in self._pool.work(tasks)]
            with one_thread():
                self._models = train_models(list(zip(map(_read, sounds), paths, strict=True)))
        self._note([_read(sound) for sound in sounds])
        logger.info(
            "%d of %d pieces taught the recording's sound%s%s",
            len(chosen),
            len(pieces),
            ", the room taken out" if self._is_echoing else "",
            "" if self._models else ": too little speech for models of its own",
        )

    def _note(self, sounds: Sequence[Samples]) -> None:
        """Write down what was learnt."""
        if self._models is None:
            return
        level_db = round(measure_level(np.concatenate(sounds)), 2)
        models = pack_models(self._models)
        self._recording_model = RecordingModel(
            TriphoneDecoder.name, self._is_echoing, level_db, models
        )
        if self._checkpoints:
            self._checkpoints.save_checkpoint(_MODEL_KEY, self._recording_model)

    def _task(
        self, piece: Sequence[DecodeRequest], wanted: _Wanted, dry: bytes | None = None
    ) -> _Task:
        """What is to be found in a piece with what is known by now.

        Args:
            dry: its sound, if the room has been taken out before.
        """
        start_ms = _start_of(piece)
        dry = dry or self._find_dereverberated(piece)
        windows = tuple(
            DecodeRequest(max(0, one.start_ms - start_ms), one.end_ms - start_ms, one.graph)
            for one in piece
        )
        return _Task(
            start_ms,
            self._sound(piece) if dry is None else dry,
            windows,
            self._is_echoing and dry is None,
            self._level_db,
            self._evidence,
            self._models,
            wanted,
        )

    def _sound(self, piece: Sequence[DecodeRequest]) -> bytes:
        """The two minutes that the piece lies in, and some more, whatever its windows."""
        return cut_out(self._samples, _start_of(piece), _end_of(piece)).tobytes()


def _read(sound: bytes, is_echoing: bool = False, level_db: float | None = None) -> Samples:
    """A piece's samples, without the room if it echoes, and as loud as the recording."""
    samples = np.frombuffer(sound, np.int16)
    dry = dereverberate(samples) if is_echoing else samples
    return dry if level_db is None else match_level(dry, level_db)


def _start_of(piece: Sequence[DecodeRequest]) -> int:
    return max(0, piece[0].start_ms) // PIECE_MS * PIECE_MS


def _end_of(piece: Sequence[DecodeRequest]) -> int:
    return max(_start_of(piece) + PIECE_MS + PAD_MS, *(one.end_ms for one in piece))


def _name_dereverberated(piece: Sequence[DecodeRequest]) -> str:
    return f"dry-{_start_of(piece)}-{_end_of(piece)}.raw"


def _make_worker(
    vocabulary: tuple[tuple[str, str | tuple[str, ...]], ...],
) -> Callable[[_Task], _Outcome]:
    """What works on tasks in one process."""
    decoder = TriphoneDecoder(Lexicon(dict(vocabulary)))
    known: list[SufficientStatistics | None] = [None]

    def work(task: _Task) -> _Outcome:
        if not _is_same(task.evidence, known[0]):
            decoder.adapt(task.evidence)
            known[0] = task.evidence
        samples = _read(task.sound, task.is_echoing, task.level_db)
        if task.wanted == "evidence":
            return _Outcome(decoder.accumulate(samples, task.windows[::2]), samples.tobytes())
        posteriors = compute_posteriors(task.models, samples) if task.models else None
        ratings = rate_phones(posteriors, decoder.n_phones) if posteriors else None
        paths = tuple(decoder.find_paths(samples, task.windows, ratings))
        if task.wanted == "paths":
            return _Outcome(paths=paths)
        if task.models and posteriors:
            times = time_words(task.models, posteriors, paths)
        else:
            times = [tuple(time_arcs(path)) for path in paths]
        sound = samples.tobytes() if task.is_echoing else b""
        return _Outcome(sound=sound, times=tuple(_shift(path, task.start_ms) for path in times))

    return work


def _is_same(one: SufficientStatistics | None, other: SufficientStatistics | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one.sums, other.sums)


def _shift(path: Sequence[ArcTime], by_ms: int) -> tuple[ArcTime, ...]:
    return tuple(
        ArcTime(step.arc, step.start_ms + by_ms, step.end_ms + by_ms, step.score, step.fit)
        for step in path
    )
