"""Stage captions: words.json to caption files, and lint.json with the profile's rules they break.

The cues are new, or those of the item's own caption file at new times. Cues and formats are made
in `pipeline/captions/`.
"""

import logging
from collections import Counter

from pipeline.captions.cues import make_cues
from pipeline.captions.formats import KARAOKE, format_files
from pipeline.captions.hls import CLOCK_HZ, Clock
from pipeline.captions.lint import LintReport, lint
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import find_profile
from pipeline.captions.retimed_cues import RetimedCues, format_losses
from pipeline.captions.vtt import insert_head
from pipeline.job.context import StepContext
from pipeline.media.probe import probe_start
from pipeline.records import TimedText
from pipeline.stages.texts import keep_cues, read_translation

log = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Write the caption files and lint.json, and both in a second language if the job has one."""
    options = context.option("captions", CaptionOptions)
    timed = context.load("align", "words.json", TimedText)
    retimed = keep_cues(context, timed)
    if options.breaks == "keep":
        _log_retimed(context.item, retimed)
    cues = retimed.cues if retimed else make_cues(timed, options)
    context.progress(0.5)
    clock = _read_clock(context, timed) if "hls" in options.formats else Clock(0)
    for name in options.formats:
        for file_name, text in format_files(name, cues, timed.language, clock):
            if retimed and name == "vtt":
                text = insert_head(text, retimed.head)
            _write(context, file_name, text)
    _save_lint(context, "lint.json", lint(cues, find_profile(options.profile, timed.language)))
    translated = read_translation(context, timed)
    if translated is not None:
        _write_second(context, translated, clock)


def _write_second(context: StepContext, translated: TimedText, clock: Clock) -> None:
    """Write the files in a second language, except karaoke formats."""
    options = context.option("captions", CaptionOptions)
    language = translated.language
    cues = make_cues(translated, options)
    for name in options.formats:
        if name not in KARAOKE:
            for file_name, text in format_files(name, cues, language, clock, is_second=True):
                _write(context, file_name, text)
    profile = find_profile(options.profile, language)
    _save_lint(context, f"lint.{language}.json", lint(cues, profile))


def _write(context: StepContext, name: str, text: str) -> None:
    path = context.path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _save_lint(context: StepContext, name: str, report: LintReport) -> None:
    context.save(name, report)
    counts = Counter(found.rule for found in report.breaks)
    rules = dict(counts) or "none"
    log.info("%s cues; rules of %s broken: %s", report.n_cues, report.profile, rules)


def _read_clock(context: StepContext, timed: TimedText) -> Clock:
    """The clock of the media file, with which HLS segments packed from it continue."""
    start_ticks = round(probe_start(context.source("media")) * CLOCK_HZ)
    return Clock(start_ticks, timed.duration_ms)


def _log_retimed(item: str, retimed: RetimedCues | None) -> None:
    """Log what could not be kept; later stages that use the same cues don't."""
    if retimed is None:
        log.warning("%s: no cues to keep, as it has no WebVTT or SubRip text: made anew", item)
        return
    for line in format_losses(retimed):
        log.warning("%s: %s", item, line)
    log.info("%s cues kept, %s of them only partly spoken", len(retimed.cues), retimed.n_partly)
