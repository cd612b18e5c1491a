"""Decode the windows of a recording after recording adaptation.

A few segments are decoded first: the triphones are adapted on them (MLLR, MAP), then phone models
are trained on them that realign the boundaries of all words. The segments are chosen by the
recording alone, so that nothing depends on the number of processes.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Self

import numpy as np

from pipeline.aligners.hmm.adaptation import SufficientStatistics
from pipeline.aligners.hmm.decoder import TriphoneDecoder
from pipeline.aligners.recording.acoustic_model import RecordingModel, measure_level
from pipeline.aligners.recording.phone_models import pack_models, train_models, unpack_models
from pipeline.aligners.recording.segment_worker import (
    Adaptation,
    Outcome,
    Task,
    Wanted,
    make_worker,
    read_sound,
)
from pipeline.aligners.segments import cut_segment, find_bounds_ms
from pipeline.contracts import CheckpointStore, EngineRequest, Samples
from pipeline.process_pool import SEGMENT_MS, ProcessPool, group_by_segment, one_thread
from pipeline.records import ArcTime, DecodedSegment, DecodeRequest
from pipeline.speech.dereverberation import is_echoing
from pipeline.speech.excerpts import PER_MS

N_ADAPTATION_SEGMENTS, N_ADAPTATION_SEGMENTS_REVERBERANT = 5, 8
"""Adaptation segments of two minutes, spread evenly over the recording; more where it is
reverberant, as each then tells less of the phones."""
N_ADAPTATION_ROUNDS = 2
"""Rounds of decoding the adaptation segments and training phone models: the second finds words with
the first's models (docs/experiments/recording-adaptation.md, decision 38)."""
_MODEL_KEY = "learnt"
"""The name of the recording's model among the checkpoints."""

_Windows = Sequence[DecodeRequest]
"""The windows that start in one segment."""

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
        self._first_round: Sequence[_Windows] = ()
        self._adaptation: Adaptation | None = None
        self._recording_model: RecordingModel | None = None

    @classmethod
    def knowing(
        cls, engine: EngineRequest, samples: Samples, recording_model: RecordingModel
    ) -> Self:
        """Windows of sound cut from a recording whose model is known; nothing is adapted.

        Args:
            samples: of any level; each segment is scaled to the recording's.
        """
        windows = cls(engine, samples)
        windows._adaptation = Adaptation(
            recording_model.is_echoing,
            recording_model.level_db,
            models=unpack_models(recording_model.models),
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
        """End all processes; decoding more starts new ones."""
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
        segments = list(group_by_segment(requests))
        self._n_rounds += 1
        self._first_round = self._first_round or segments
        done = {number: self._find_done(number, own) for number, own in enumerate(segments)}
        left = [number for number, earlier in done.items() if earlier is None]
        if left and not self._adaptation:
            self._adaptation = self._adapt(self._first_round)
        adaptation = self._adaptation or Adaptation()
        outcomes = self._pool.work(
            self._task(segments[number], adaptation, "times") for number in left
        )
        for number, earlier in done.items():
            if earlier:
                yield from earlier.paths
                continue
            outcome = next(outcomes)
            self._save_dereverberated(segments[number], adaptation, outcome.sound)
            if self._checkpoints:
                self._checkpoints.save_checkpoint(self._name(number), DecodedSegment(outcome.times))
            yield from outcome.times

    def _name(self, number: int) -> str:
        """The checkpoint name of a segment in this round."""
        return f"windows-{self._n_rounds}-{number:04}"

    def _find_done(self, number: int, own: _Windows) -> DecodedSegment | None:
        """A segment's word times from a run that was killed; None if there are none that fit."""
        if self._checkpoints is None:
            return None
        earlier = self._checkpoints.load_checkpoint(self._name(number), DecodedSegment)
        return earlier if earlier and len(earlier.paths) == len(own) else None

    def _save_dereverberated(self, own: _Windows, adaptation: Adaptation, sound: bytes) -> None:
        """Keep a segment's dereverberated sound: WPE takes longer than all else about it."""
        if self._checkpoints and adaptation.is_echoing and sound:
            self._checkpoints.save_checkpoint_bytes(_name_sound(own), sound)

    def _adapt(self, segments: Sequence[_Windows]) -> Adaptation:
        """Adapt to the recording: choose segments, adapt the triphones, train phone models."""
        middle = read_sound(cut_segment(self._samples, segments[len(segments) // 2]).sound)
        with one_thread():
            adaptation = Adaptation(is_echoing(middle[: SEGMENT_MS // 2 * PER_MS]))
        n_chosen = (
            N_ADAPTATION_SEGMENTS_REVERBERANT if adaptation.is_echoing else N_ADAPTATION_SEGMENTS
        )
        n_chosen = min(n_chosen, len(segments))
        chosen = [
            segments[int((index + 0.5) * len(segments) / n_chosen)] for index in range(n_chosen)
        ]
        outcomes = list(
            self._pool.work(self._task(own, adaptation, "statistics") for own in chosen)
        )
        parts = [outcome.statistics for outcome in outcomes if outcome.statistics]
        sounds = [outcome.sound for outcome in outcomes]
        for own, sound in zip(chosen, sounds, strict=True):
            self._save_dereverberated(own, adaptation, sound)
        statistics = SufficientStatistics.of(parts) if parts else None
        adaptation = replace(adaptation, statistics=statistics)
        for _ in range(N_ADAPTATION_ROUNDS):
            tasks = (
                self._task(own, adaptation, "paths", sound)
                for own, sound in zip(chosen, sounds, strict=True)
            )
            paths = [outcome.paths for outcome in self._pool.work(tasks)]
            with one_thread():
                models = train_models(list(zip(map(read_sound, sounds), paths, strict=True)))
            adaptation = replace(adaptation, models=models)
        self._save_model(adaptation, [read_sound(sound) for sound in sounds])
        logger.info(
            "adapted to the recording on %d of its %d segments%s%s",
            n_chosen,
            len(segments),
            ", dereverberated" if adaptation.is_echoing else "",
            "" if adaptation.models else ": too little speech to train phone models",
        )
        return adaptation

    def _save_model(self, adaptation: Adaptation, sounds: Sequence[Samples]) -> None:
        """Keep the phone models, and the level of the sound that they were trained on."""
        if adaptation.models is None:
            return
        level_db = round(measure_level(np.concatenate(sounds)), 2)
        self._recording_model = RecordingModel(
            TriphoneDecoder.name, adaptation.is_echoing, level_db, pack_models(adaptation.models)
        )
        if self._checkpoints:
            self._checkpoints.save_checkpoint(_MODEL_KEY, self._recording_model)

    def _task(
        self, own: _Windows, adaptation: Adaptation, wanted: Wanted, sound: bytes | None = None
    ) -> Task:
        """The task of decoding a segment with the models trained so far.

        Args:
            sound: the segment's, if that is already dereverberated.
        """
        if not sound and self._checkpoints:
            sound = self._checkpoints.load_checkpoint_bytes(_name_sound(own))
        segment = cut_segment(self._samples, own, sound)
        return Task(segment, adaptation, sound is not None, wanted)


def _name_sound(own: _Windows) -> str:
    """The checkpoint name of a segment's dereverberated sound."""
    start_ms, end_ms = find_bounds_ms(own)
    return f"dereverberated-{start_ms}-{end_ms}.raw"
