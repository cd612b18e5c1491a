"""The state of one item during a run: its plan, and the state of each of its stages.

`runner.py` acts on it.
"""

from dataclasses import dataclass, field

from pipeline.job.events import ItemState
from pipeline.job.plan import PlannedStep
from pipeline.job.report import ItemReport, StepReport, judge_item
from pipeline.job.sources import Traits
from pipeline.job.stage import Item


@dataclass
class ItemRun:
    """One item of a run; `traits` (size, time, inode) are of the files being hashed, by key."""

    item: Item
    reports: dict[str, StepReport]
    steps: dict[str, PlannedStep] = field(default_factory=dict)
    traits: dict[str, Traits | None] = field(default_factory=dict)
    has_ended: bool = False

    def is_ready(self, step: PlannedStep) -> bool:
        is_waiting = self.reports[step.stage].state == "waiting"
        return is_waiting and all(self.reports[name].state == "done" for name in step.after)

    @property
    def ready(self) -> list[PlannedStep]:
        return [step for step in self.steps.values() if self.is_ready(step)]

    @property
    def state(self) -> ItemState:
        return judge_item(self.reports.values())

    @property
    def report(self) -> ItemReport:
        return ItemReport(self.item.id, self.state, tuple(self.reports.values()))
