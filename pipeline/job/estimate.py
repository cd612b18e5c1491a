"""Estimates the time left of a run from the durations of its finished steps.

A stage that has not finished once in this run counts with its usual rate.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.job.events import (
    Event,
    ItemEnded,
    StepDone,
    StepFailed,
    StepProgress,
    StepReused,
    StepSkipped,
    StepStarted,
)

MIN_SHARE = 0.1
"""The share done from which a running step's own progress is used for its estimate."""

Weigh = Callable[[str], float | None]


@dataclass(slots=True)
class _Running:
    started_s: float
    share: float = 0.0


@dataclass(slots=True)
class _Seen:
    """Total seconds and item weight of a stage's finished steps."""

    seconds: float = 0.0
    weight: float = 0.0


class Estimate:
    """Follows the events of a run and estimates the time left.

    Args:
        stages_by_item: the names of the stages of each item of the run, by its id.
        n_parallel: steps that may run at once.
        weigh: the size of an item in any unit (its duration); None while it is unknown.
        usual: seconds per unit of size by stage, for stages not yet seen. Given none, there is no
            estimate until every stage has been; given some, the others take no time.
    """

    def __init__(
        self,
        stages_by_item: Mapping[str, Sequence[str]],
        n_parallel: int,
        weigh: Weigh,
        usual: Mapping[str, float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open = {item: dict.fromkeys(stages) for item, stages in stages_by_item.items()}
        self._n_items = len(stages_by_item)
        self._n_steps = sum(map(len, stages_by_item.values()))
        self._n_parallel = n_parallel
        self._weigh = weigh
        self._usual = usual
        self._clock = clock
        self._weight_by_item: dict[str, float] = {}
        self._running: dict[tuple[str, str], _Running] = {}
        self._seen: dict[str, _Seen] = defaultdict(_Seen)

    @property
    def n_items(self) -> int:
        """The number of items of the run."""
        return self._n_items

    @property
    def n_ended(self) -> int:
        """The number of items that have ended."""
        return self._n_items - len(self._open)

    @property
    def share(self) -> float:
        """The share of steps done, 0..1, each step counted alike."""
        n_open = sum(len(stages) for stages in self._open.values())
        done = self._n_steps - n_open + sum(step.share for step in self._running.values())
        return done / max(1, self._n_steps)

    def note(self, event: Event) -> None:
        """Update the estimate by an event."""
        match event:
            case StepStarted(item=item, stage=stage):
                self._running[item, stage] = _Running(self._clock())
            case StepProgress(item=item, stage=stage, share=share):
                self._running[item, stage].share = share
            case StepDone(item=item, stage=stage, seconds=seconds):
                self._close(item, stage)
                self._learn_weight(item)
                seen = self._seen[stage]
                seen.seconds += seconds
                seen.weight += self._weight(item)
            case StepReused(item=item, stage=stage):
                self._close(item, stage)
                self._learn_weight(item)
            case StepFailed(item=item, stage=stage) | StepSkipped(item=item, stage=stage):
                self._close(item, stage)
            case ItemEnded(item=item):
                self._open.pop(item, None)

    def step_left_s(self, item: str, stage: str) -> float | None:
        """Seconds left of a step that is running or still to come; None if unknown."""
        running = self._running.get((item, stage))
        elapsed_s = self._clock() - running.started_s if running else 0.0
        if running and running.share >= MIN_SHARE:
            return elapsed_s * (1 - running.share) / running.share
        seen = self._seen.get(stage)
        if seen is not None and seen.weight:
            rate = seen.seconds / seen.weight
        elif self._usual is not None and self._weight_by_item:
            rate = self._usual.get(stage, 0.0)
        else:
            return None
        return max(0.0, rate * self._weight(item) - elapsed_s)

    def left_s(self) -> float | None:
        """Seconds left of the run; None if unknown.

        At least the time of the longest item, whose stages run one after another.
        """
        longest_s = total_s = 0.0
        for item, stages in self._open.items():
            lefts = [self.step_left_s(item, stage) for stage in stages]
            known = [left_s for left_s in lefts if left_s is not None]
            if len(known) < len(lefts):
                return None
            total_s += sum(known)
            longest_s = max(longest_s, sum(known))
        return max(longest_s, total_s / self._n_parallel) if self._open else None

    def _close(self, item: str, stage: str) -> None:
        self._running.pop((item, stage), None)
        self._open.get(item, {}).pop(stage, None)

    def _learn_weight(self, item: str) -> None:
        if item not in self._weight_by_item and (weight := self._weigh(item)):
            self._weight_by_item[item] = weight

    def _weight(self, item: str) -> float:
        """The weight of an item; the mean of the known ones while it is unknown."""
        known = self._weight_by_item
        return known.get(item) or (sum(known.values()) / len(known) if known else 1.0)
