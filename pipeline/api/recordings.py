"""`transcribe`, `align` and `cut_clips`: one recording through the stages, as the commands do it.

Steps run in worker processes, so nothing heavy is imported here, and a crash of native code is an
exception. No signal handler, no logging and no variable of the caller's process is changed, so that
any thread may call, and several at once.
"""

import logging
import shutil
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Unpack

from pipeline.api.arguments import check_callback, check_words, take_path
from pipeline.api.keywords import AlignKeywords, ClipKeywords, TranscribeKeywords
from pipeline.codec import read_record
from pipeline.errors import CuecastError, StepError
from pipeline.job.estimate import Estimate
from pipeline.job.events import Event, StepDone, StepFailed
from pipeline.job.preflight import check_job
from pipeline.job.runner import run_job
from pipeline.job.select import select_stages
from pipeline.job.stage import Item, Job, Stage, choose_stages
from pipeline.job_file import SECTIONS
from pipeline.records import Clip, ClipList, TimedText
from pipeline.single_item import make_single_job
from pipeline.stages import STAGES
from pipeline.stages.given_words import WORDS, replace_alignment

StrPath = str | Path
OnProgress = Callable[[float], None]
"""Called with the share done, 0..1, in the thread that called; an exception in it ends the call."""

LOG_LINES_SHOWN = 100
"""Last lines of a step's log that go with its error, where the log itself is removed: so many that
the stack of a crash is among them."""

logger = logging.getLogger(__name__)


def transcribe(
    media: StrPath,
    *,
    out: StrPath | None = None,
    on_progress: OnProgress | None = None,
    **options: Unpack[TranscribeKeywords],
) -> TimedText:
    """Recognise the words of a recording, with their times.

    Args:
        media: audio or video, anything that ffmpeg decodes.
        out: a folder that keeps the stages' sealed files, as `cuecast caption --out` does: what is
            done there is reused. By default they are temporary.
        options: the keys of a job file's `transcribe:` section, `language`, `speakers`, and other
            sections as mappings.
    Raises:
        CuecastError: a ConfigError if an option or a path is wrong, else what a stage raised.
    """
    return _find_words(media, None, out, _sort("transcribe", options), on_progress)


def align(
    media: StrPath,
    text: StrPath,
    *,
    out: StrPath | None = None,
    on_progress: OnProgress | None = None,
    **options: Unpack[AlignKeywords],
) -> TimedText:
    """Find the time of every word of a text in its recording.

    Args:
        text: the file with what is spoken: plain text, captions, or a words.json.
        options: the keys of a job file's `align:` section; else as in `transcribe`.
    Raises:
        CuecastError: as in `transcribe`; an AlignmentError if the text is of another recording.
    """
    return _find_words(media, take_path("text", text), out, _sort("align", options), on_progress)


def cut_clips(
    media: StrPath,
    words: TimedText,
    *,
    out: StrPath,
    on_progress: OnProgress | None = None,
    **options: Unpack[ClipKeywords],
) -> tuple[Clip, ...]:
    """Cut captioned clips out of a recording, whose words are taken as they are.

    Args:
        words: the recording's words, from `align`, `transcribe` or `read_words`.
        out: the folder of the item; the clips are in `clips/` in it.
        options: the keys of a job file's `clips:` section, `title`, and other sections as mappings.
    Returns:
        The clips in order, with what was measured on each; the paths of their files are absolute.
    Raises:
        CuecastError: as in `transcribe`.
    """
    check_words(words)
    given, target = take_path("media", media), take_path("out", out)
    check_callback("on_progress", on_progress)
    with _temporary_folder() as folder:
        words.save(folder / "words.json")
        job = make_single_job(given, None, target, _sort("clips", options))
        (item,) = job.items
        item = replace(item, sources={**item.sources, WORDS: folder / "words.json"})
        stages = select_stages(replace_alignment(STAGES), ("clips",))
        _run(replace(job, items=(item,)), stages, on_progress)
    clips = item.folder / "clips"
    return tuple(_locate(clip, clips) for clip in read_record(clips / "clips.json", ClipList).clips)


def _locate(clip: Clip, folder: Path) -> Clip:
    files = (replace(file, path=str(folder / file.path)) for file in clip.files)
    return replace(clip, files=tuple(files))


def _sort(own: str, options: Mapping[str, object]) -> dict[str, object]:
    """Keywords as the keys of a job file's item: a function takes its own section's by name."""
    item: dict[str, object] = {}
    section: dict[str, object] = {}
    for key, value in options.items():
        is_section = key in {*SECTIONS, "audio", "run"} and isinstance(value, Mapping)
        (item if is_section or key in ("language", "speakers", "title") else section)[key] = value
    if section:
        item[own] = section
    return item


def _find_words(
    media: StrPath,
    text: Path | None,
    out: StrPath | None,
    options: Mapping[str, object],
    on_progress: OnProgress | None,
) -> TimedText:
    """Run the stages up to the words."""
    stages = select_stages(STAGES, ("align",))
    recording = take_path("media", media)
    check_callback("on_progress", on_progress)
    if out is not None:
        job = make_single_job(recording, text, take_path("out", out), options)
        item = _run(job, stages, on_progress)
        return read_record(item.folder / "align" / "words.json", TimedText)
    with _temporary_folder() as folder:
        job = make_single_job(recording, text, folder / "item", options)
        try:
            item = _run(job, stages, on_progress)
        except StepError as error:
            raise _keep_log(error, folder) from None
        return read_record(item.folder / "align" / "words.json", TimedText)


def _run(job: Job, stages: Sequence[Stage], on_progress: OnProgress | None) -> Item:
    """Run a job of one item; its notes are logged.

    Raises:
        CuecastError: it can't run, or a step failed.
    """
    job = check_job(job, stages).job
    (item,) = job.items
    names = [stage.name for stage in choose_stages(stages, item)]
    estimate = Estimate({item.id: names}, 1, lambda item: None)
    errors: list[CuecastError] = []

    def tell(event: Event) -> None:
        before = estimate.share
        estimate.note(event)
        if isinstance(event, StepFailed):
            errors.append(event.error)
        elif isinstance(event, StepDone):
            for note in event.notes:
                logger.warning("%s", note)
        if on_progress is not None and estimate.share != before:
            on_progress(estimate.share)

    run_job(job, stages, tell)
    if errors:
        raise errors[0]
    return item


@contextmanager
def _temporary_folder() -> Generator[Path]:
    """A folder that is removed at the end.

    Not TemporaryDirectory: a fork of the process would remove it too when it exits.
    """
    folder = Path(tempfile.mkdtemp(prefix="cuecast-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keep_log(error: StepError, folder: Path) -> StepError:
    """The error with the end of the log that it refers to, which is about to be removed."""
    if str(folder) not in error.remedy:
        return error
    log = Path(error.remedy.removeprefix("see "))
    named = StepError(error.where, error.problem, "give out= a folder, which keeps the log")
    if log.is_file() and (lines := log.read_text("utf-8", "replace").splitlines()):
        named.add_note("\n".join(lines[-LOG_LINES_SHOWN:]))
    return named
