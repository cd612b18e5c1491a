"""How long the rest of a run will take, from what its steps have taken so far.

Knows only what happened in this run: until every kind of step that is still to come has been
seen, there is nothing to say and nothing is said.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
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
"""A running step's own progress says something from here on."""

Weigh = Callable[[str], float | None]


@dataclass(slots=True)
class _Running:
    started_s: float
    share: float = 0.0


@dataclass(slots=True)
class _Seen:
    """What a stage took where it is done: seconds for so much weight."""

    seconds: float = 0.0
    weight: float = 0.0


class Estimate:
    """Listens to a run and estimates what is left of it.

    Args:
        items: ids of the items the run takes up.
        stages: the names of their stages.
        n_parallel: steps that may run at once.
        weigh: how large an item is, in a unit of its own; None while it is not known.
    """

    def __init__(
        self,
        items: Sequence[str],
        stages: Sequence[str],
        n_parallel: int,
        weigh: Weigh,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open = {item: dict.fromkeys(stages) for item in items}
        self._n_items = len(items)
        self._n_steps = len(items) * len(stages)
        self._n_parallel = n_parallel
        self._weigh = weigh
        self._clock = clock
        self._weight_by_item: dict[str, float] = {}
        self._running: dict[tuple[str, str], _Running] = {}
        self._seen: dict[str, _Seen] = defaultdict(_Seen)

    @property
    def n_items(self) -> int:
        """How many items the run takes up."""
        return self._n_items

    @property
    def n_ended(self) -> int:
        """The items of which nothing is left to do."""
        return self._n_items - len(self._open)

    @property
    def share(self) -> float:
        """The share of the steps that is done, 0..1; steps are counted, not timed."""
        n_open = sum(len(stages) for stages in self._open.values())
        done = self._n_steps - n_open + sum(step.share for step in self._running.values())
        return done / max(1, self._n_steps)

    def note(self, event: Event) -> None:
        """Take in what has happened."""
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
        """Seconds left of a step that runs or is to come, None where that can't be known."""
        running = self._running.get((item, stage))
        elapsed_s = self._clock() - running.started_s if running else 0.0
        if running and running.share >= MIN_SHARE:
            return elapsed_s * (1 - running.share) / running.share
        seen = self._seen.get(stage)
        if seen is None or not seen.weight:
            return None
        return max(0.0, seen.seconds / seen.weight * self._weight(item) - elapsed_s)

    def left_s(self) -> float | None:
        """Seconds left of the run, None where that can't be known.

        No less than the longest item by itself: its stages follow one another.
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
        """How large an item is; one that is not known yet is as large as the others are."""
        known = self._weight_by_item
        return known.get(item) or (sum(known.values()) / len(known) if known else 1.0)
