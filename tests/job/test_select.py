"""Choosing items and stages by what a person types."""

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.job.report import ItemReport, RunReport, StepReport, write_report
from pipeline.job.select import Selection, find_followers, narrow_job, select_stages
from pipeline.job.stage import Job
from tests.job.toy import TOY_STAGES, make_toy_job


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return make_toy_job(tmp_path, {"talk-1": {}, "talk-2": {}, "episode": {}})


def chosen(job: Job, selection: Selection) -> list[str]:
    return [item.id for item in narrow_job(job, TOY_STAGES, selection).chosen]


def test_without_a_wish_every_item_is_chosen(job: Job) -> None:
    assert job.chosen == job.items
    assert chosen(job, Selection()) == ["talk-1", "talk-2", "episode"]


def test_items_are_chosen_by_id_and_by_pattern_in_the_order_of_the_job(job: Job) -> None:
    assert chosen(job, Selection(only=("episode", "talk-1"))) == ["talk-1", "episode"]
    assert chosen(job, Selection(only=("talk-*",))) == ["talk-1", "talk-2"]


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (Selection(only=("epizode",)), "--only: there is no item 'epizode'; did you mean episode?"),
        (Selection(only=("x*",)), "--only: there is no item 'x*'; the items are talk-1, "),
        (Selection(redo=("cuont",)), "--force: there is no stage 'cuont'; did you mean count?"),
    ],
)
def test_a_name_that_is_not_known_is_said_with_the_closest(
    job: Job, selection: Selection, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        narrow_job(job, TOY_STAGES, selection)
    assert str(caught.value).startswith(message)


def test_of_many_items_a_message_names_some(tmp_path: Path) -> None:
    job = make_toy_job(tmp_path, {f"talk-{n}": {} for n in range(40)})
    with pytest.raises(ConfigError, match=r"talk-11, …$"):
        narrow_job(job, TOY_STAGES, Selection(only=("zzz",)))


def test_failed_items_are_those_that_failed_in_the_last_run(job: Job) -> None:
    assert chosen(job, Selection(is_failed_only=True)) == []
    steps = (StepReport("read", "failed", error="x"), StepReport("count", "skipped"))
    items = (ItemReport("talk-2", "failed", steps), ItemReport("gone", "failed", steps))
    write_report(job.output, RunReport("failed", items))
    assert chosen(job, Selection(is_failed_only=True)) == ["talk-2"]
    assert chosen(job, Selection(only=("talk-1",), is_failed_only=True)) == []


def test_a_stage_is_chosen_with_all_before_it() -> None:
    stages = select_stages(TOY_STAGES, ["show"])
    assert [stage.name for stage in stages] == ["read", "count", "show"]


def test_a_last_stage_comes_with_those_that_are_chosen_alone() -> None:
    first, *_, last = (stage.name for stage in TOY_STAGES)
    stages = select_stages(TOY_STAGES, [first], last=last)
    assert [stage.name for stage in stages] == [first, last]


def test_what_follows_a_stage_follows_it_at_any_remove() -> None:
    assert find_followers(TOY_STAGES, {"count"}) == {"count", "show"}
    assert find_followers(TOY_STAGES, {"read"}) == {"read", "count", "show", "tell"}
