"""Decode the windows of a recording after recording adaptation.

A few segments are decoded first: the triphones are adapted on them (MLLR, MAP), then phone models
are trained on them that realign the boundaries of all words. The segments are chosen by the
recording alone, so that nothing depends on the number of processes.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np

from pipeline.aligners.hmm.adaptation import SufficientStatistics
from pipeline.aligners.hmm.decoder import TriphoneDecoder
from pipeline.aligners.recording.acoustic_model import RecordingModel, measure_level
from pipeline.aligners.recording.packing import pack_models, unpack_models
from pipeline.aligners.recording.phone_models import PhoneModels, train_models
from pipeline.aligners.recording.segment_worker import (
    Outcome,
    Task,
    Wanted,
    make_worker,
    read_sound,
)
from pipeline.contracts import CheckpointStore, EngineRequest, Samples
from pipeline.process_pool import PIECE_MS, ProcessPool, cut_pieces, one_thread
from pipeline.records import ArcTime, DecodedPiece, DecodeRequest
from pipeline.speech.dereverberation import is_echoing
from pipeline.speech.excerpts import PER_MS, cut_out

N_ADAPTATION_SEGMENTS, N_ADAPTATION_SEGMENTS_REVERBERANT = 5, 8
"""Adaptation segments of two minutes, spread evenly over the recording; more where it is
reverberant, as each then tells less of the phones."""
N_ADAPTATION_ROUNDS = 2
"""Rounds of decoding the adaptation segments and training phone models: the second finds words with
the first's models (docs/experiments/recording-adaptation.md, decision 38)."""
PAD_MS = 15_000
"""Sound added after a segment's two minutes, as windows may begin in it and end in the next."""
_MODEL_KEY = "learnt"
"""The name of the recording's model among the checkpoints."""

logger = logging.getLogger(__name__)


class AdaptedWindows:
    """Decodes windows of one recording, in as many rounds as needed; a context manager."""

    def __init__(
        self, engine: EngineRequest, samples: Samples, checkpoints: CheckpointStore | None = None
    ) -> None:
        """Start no process yet.

        Args:
            checkpoints: finished segments are kept there, and not decoded again.
        """
        self._samples = samples
        self._checkpoints = checkpoints
        self._pool: ProcessPool[Task, Outcome] = ProcessPool(
            make_worker, (engine.vocabulary,), engine.cpus
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
        """Windows of sound cut from a recording whose model is known; nothing is adapted.

        Args:
            samples: of any level; each segment is scaled to the recording's.
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
        """The model trained in this run, or in one that was killed; None before training, or if
        there was too little speech."""
        if self._recording_model or not self._checkpoints:
            return self._recording_model
        return self._checkpoints.load_checkpoint(_MODEL_KEY, RecordingModel)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes; nothing is decoded after that."""
        self._pool.__exit__()

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[tuple[ArcTime, ...]]:
        """The best path of each request, in milliseconds since the first sample.

        Args:
            requests: in order of time. Adaptation segments are chosen from the first round's.
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
        """The checkpoint name of a segment in this round."""
        return f"windows-{self._n_rounds}-{piece:04}"

    def _find_checkpoint(self, number: int, piece: Sequence[DecodeRequest]) -> DecodedPiece | None:
        """A segment's word times from a run that was killed; None if there are none that fit."""
        if self._checkpoints is None:
            return None
        earlier = self._checkpoints.load_checkpoint(self._name(number), DecodedPiece)
        return earlier if earlier and len(earlier.paths) == len(piece) else None

    def _save_dereverberated(self, piece: Sequence[DecodeRequest], sound: bytes) -> None:
        """Keep a segment's dereverberated sound: WPE takes longer than all else about it."""
        if self._checkpoints and self._is_echoing and sound:
            self._checkpoints.save_checkpoint_bytes(_name_dereverberated(piece), sound)

    def _find_dereverberated(self, piece: Sequence[DecodeRequest]) -> bytes | None:
        """A segment's dereverberated sound, if it was kept."""
        return (
            self._checkpoints.load_checkpoint_bytes(_name_dereverberated(piece))
            if self._checkpoints
            else None
        )

    def _learn(self, pieces: Sequence[Sequence[DecodeRequest]]) -> None:
        """Adapt to the recording: choose segments, adapt the triphones, train phone models."""
        self._is_adapted = True
        middle = read_sound(self._sound(pieces[len(pieces) // 2]))
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
                self._models = train_models(list(zip(map(read_sound, sounds), paths, strict=True)))
        self._note([read_sound(sound) for sound in sounds])
        logger.info(
            "adapted to the recording on %d of its %d segments%s%s",
            len(chosen),
            len(pieces),
            ", dereverberated" if self._is_echoing else "",
            "" if self._models else ": too little speech to train phone models",
        )

    def _note(self, sounds: Sequence[Samples]) -> None:
        """Keep the phone models, and the level of the sound that they were trained on."""
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
        self, piece: Sequence[DecodeRequest], wanted: Wanted, dry: bytes | None = None
    ) -> Task:
        """The task of decoding a segment with the models trained so far.

        Args:
            dry: its sound, if that is already dereverberated.
        """
        start_ms = _start_of(piece)
        dry = dry or self._find_dereverberated(piece)
        windows = tuple(
            DecodeRequest(max(0, one.start_ms - start_ms), one.end_ms - start_ms, one.graph)
            for one in piece
        )
        return Task(
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
        """The two minutes that the segment lies in, and PAD_MS more or all of its last window."""
        return cut_out(self._samples, _start_of(piece), _end_of(piece)).tobytes()


def _start_of(piece: Sequence[DecodeRequest]) -> int:
    return max(0, piece[0].start_ms) // PIECE_MS * PIECE_MS


def _end_of(piece: Sequence[DecodeRequest]) -> int:
    return max(_start_of(piece) + PIECE_MS + PAD_MS, *(one.end_ms for one in piece))


def _name_dereverberated(piece: Sequence[DecodeRequest]) -> str:
    return f"dry-{_start_of(piece)}-{_end_of(piece)}.raw"
