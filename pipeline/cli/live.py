"""Shows a run on a terminal: a bar for each running step, a line for each finished one."""

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column

from pipeline.cli.lines import format_event, format_failure, format_left
from pipeline.job.estimate import Estimate
from pipeline.job.events import (
    Event,
    ItemEnded,
    RunEnded,
    RunStarted,
    StepDone,
    StepFailed,
    StepProgress,
    StepStarted,
)

BAR_WIDTH = 16
LEFT_WIDTH = len("~10 h 50 min left")
NAME_ROOM = 50
"""Columns of a line beside the step's name: bar, percent, time, time left, spaces."""
MIN_NAME_WIDTH = 20


class LiveRenderer:
    """Lines above, bars below; with several items the first bar is that of the whole run."""

    def __init__(self, estimate: Estimate) -> None:
        self._estimate = estimate
        self._console = Console(stderr=True, highlight=False)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=BAR_WIDTH),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            TextColumn(
                "{task.fields[left]}", table_column=Column(no_wrap=True, min_width=LEFT_WIDTH)
            ),
            console=self._console,
            transient=True,
        )
        self._whole: TaskID | None = None
        self._bar_by_step: dict[tuple[str, str], TaskID] = {}
        self._bars.start()

    def show(self, event: Event) -> None:
        """Add, move or remove bars and print lines for an event."""
        match event:
            case RunStarted(n_items=n_items) if n_items > 1:
                self._print_lines(event)
                self._whole = self._bars.add_task(f"0 of {n_items} items", total=1.0, left="")
            case StepStarted(item=item, stage=stage):
                bar = self._bars.add_task(self._name(item, stage), total=1.0, left="")
                self._bar_by_step[item, stage] = bar
            case StepProgress(item=item, stage=stage, share=share):
                left = format_left(self._step_left_s(item, stage))
                self._bars.update(self._bar_by_step[item, stage], completed=share, left=left)
            case StepFailed(item=item, stage=stage):
                self._drop(item, stage)
                self._print(f"[red]✗[/red] {escape(format_failure(event))}")
            case StepDone(item=item, stage=stage):
                self._drop(item, stage)
                *notes, done = format_event(event)
                for note in notes:
                    self._print(f"[yellow]![/yellow] {escape(note)}")
                self._print(f"[green]✓[/green] {escape(done)}")
            case RunEnded():
                self._bars.stop()
            case _:
                self._print_lines(event)
        if isinstance(event, StepProgress | StepDone | ItemEnded):
            self._update_whole()

    def close(self) -> None:
        """Remove the bars."""
        self._bars.stop()

    def _step_left_s(self, item: str, stage: str) -> float | None:
        """Seconds left to show beside a step: with one item, those of the whole run."""
        if self._estimate.n_items == 1:
            return self._estimate.left_s()
        return self._estimate.step_left_s(item, stage)

    def _update_whole(self) -> None:
        if self._whole is not None:
            n_ended, n_items = self._estimate.n_ended, self._estimate.n_items
            self._bars.update(
                self._whole,
                completed=self._estimate.share,
                description=f"{n_ended} of {n_items} items",
                left=format_left(self._estimate.left_s()),
            )

    def _name(self, item: str, stage: str) -> str:
        """A step's name, fitted to the terminal's width by cutting the end of the item's id."""
        width = max(MIN_NAME_WIDTH, self._console.width - NAME_ROOM) - len(stage) - 2
        shown = item if len(item) <= width else f"{item[: width - 1]}…"
        return escape(f"{shown}  {stage}")

    def _drop(self, item: str, stage: str) -> None:
        bar = self._bar_by_step.pop((item, stage), None)
        if bar is not None:
            self._bars.remove_task(bar)

    def _print_lines(self, event: Event) -> None:
        for line in format_event(event):
            self._print(f"  {escape(line)}")

    def _print(self, line: str) -> None:
        self._bars.print(line, soft_wrap=True)
