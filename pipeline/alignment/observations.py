"""What is known of the sound: all that a pass may use to find or move the times of tokens."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.alignment.calibration import UNCALIBRATED, Calibration
from pipeline.alignment.decoding import Decoder
from pipeline.alignment.matching import Match
from pipeline.alignment.token_times import TokenTimes
from pipeline.levels import Levels
from pipeline.records import (
    ArcTime,
    DecodeRequest,
    Progress,
    RecognizedWord,
    RescoringRequest,
    Stretch,
)
from pipeline.verbalization.spoken_text import SpokenText

Rescore = Callable[[Sequence[RescoringRequest]], Sequence[Sequence[float]] | None]
"""A second recogniser (`contracts.Rescorer`) over the recording; None if the language has none."""


class NoDecoder:
    """A decoder that finds nothing, for languages without one."""

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[Sequence[ArcTime]]:
        """An empty path for each request."""
        return iter([()] * len(requests))


@dataclass(frozen=True, slots=True)
class Observations:
    """The recognised words in order of time, the speech, and ways to look closer at the sound.

    `skipped` is speech that the first pass did not decode; `match` is filled in by the aligner;
    `calibration` is the decoder's.
    """

    recognized: tuple[RecognizedWord, ...] = ()
    skipped: tuple[Stretch, ...] = ()
    speech: tuple[Stretch, ...] = ()
    decoder: Decoder = field(default_factory=NoDecoder)
    rescore: Rescore = lambda _: None
    levels: Levels = field(default_factory=lambda: Levels(np.zeros(0, np.float32), 1))
    progress: Progress = lambda _: None
    match: Match = field(default_factory=Match)
    calibration: Calibration = UNCALIBRATED


Pass = Callable[[SpokenText, TokenTimes, Observations], TokenTimes]
"""A step of the alignment: from token times to better ones. What it adds as `candidates` competes
with the times, or it replaces these."""
