"""Stage captions: words.json to cues.json and caption files, and the profile's rules they break.

The cues are new, or those of the item's own caption file at new times. Cues and formats are made
in `pipeline/captions/`.
"""

import logging
from collections import Counter

from pipeline.captions.cues import make_cues
from pipeline.captions.formats import KARAOKE, format_files
from pipeline.captions.hls import CLOCK_HZ, Clock
from pipeline.captions.lint import lint
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import find_profile
from pipeline.captions.retimed_cues import format_losses, retime
from pipeline.captions.vtt import insert_head
from pipeline.job.context import StepContext
from pipeline.media.probe import probe_start
from pipeline.records import CueList, TimedText
from pipeline.stages.script import has_text, load_text
from pipeline.stages.translation import load_translation

log = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Write cues.json, caption files and lint.json, and all of them in a second language."""
    options = context.option("captions", CaptionOptions)
    timed = context.load("align", "words.json", TimedText)
    cues = _retime_own(context, timed, options) if options.breaks == "keep" else None
    if cues is None:
        cues = CueList(timed.language, make_cues(timed, options))
    context.progress(0.5)
    clock = _read_clock(context, timed) if "hls" in options.formats else Clock(0)
    _write_language(context, cues, options, clock)
    if translated := load_translation(context, timed):
        second = CueList(translated.language, make_cues(translated, options))
        _write_language(context, second, options, clock, is_second=True)


def _retime_own(context: StepContext, timed: TimedText, options: CaptionOptions) -> CueList | None:
    """The cues of the item's own caption file at new times; None if it has none."""
    text = load_text(context) if has_text(context) else None
    if text is None or text.captions is None:
        problem = "no cues to keep, as it has no WebVTT or SubRip text: made anew"
        log.warning("%s: %s", context.item, problem)
        return None
    retimed = retime(text.captions, timed, find_profile(options.profile, timed.language))
    for line in format_losses(retimed):
        log.warning("%s: %s", context.item, line)
    log.info("%s cues kept, %s of them only partly spoken", len(retimed.cues), retimed.n_partly)
    return CueList(timed.language, retimed.cues, is_retimed=True, head=text.head)


def _write_language(
    context: StepContext, found: CueList, options: CaptionOptions, clock: Clock,
    is_second: bool = False,
) -> None:  # fmt: skip
    """Write the cues, files and report of one language; karaoke formats only of the one spoken."""
    suffix = f".{found.language}" if is_second else ""
    context.save(f"cues{suffix}.json", found)
    for name in options.formats:
        if is_second and name in KARAOKE:
            continue
        for file_name, text in format_files(name, found.styled, found.language, clock, is_second):
            path = context.path(file_name)
            path.parent.mkdir(exist_ok=True)
            whole = insert_head(text, found.head) if name == "vtt" else text
            path.write_text(whole, encoding="utf-8", newline="\n")
    report = lint(found.cues, find_profile(options.profile, found.language))
    context.save(f"lint{suffix}.json", report)
    rules = dict(Counter(one.rule for one in report.breaks)) or "none"
    log.info("%s cues; rules of %s broken: %s", report.n_cues, report.profile, rules)


def _read_clock(context: StepContext, timed: TimedText) -> Clock:
    """The clock of the media file, with which HLS segments packed from it continue."""
    start_ticks = round(probe_start(context.source("media")) * CLOCK_HZ)
    return Clock(start_ticks, timed.duration_ms)
