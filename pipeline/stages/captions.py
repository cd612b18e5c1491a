"""The captions stage: words.json to caption files and what they break of the profile.

Cue making and formats are the `captions` room's.
"""

import logging
from collections import Counter

from pipeline.captions.cues import make_cues
from pipeline.captions.formats import FORMATS
from pipeline.captions.lint import lint
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import PROFILES
from pipeline.job.context import StepContext
from pipeline.records import TimedText

log = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Write the caption files asked for, and lint.json."""
    options = context.option("captions", CaptionOptions)
    timed = context.load("align", "words.json", TimedText)
    cues = make_cues(timed, options)
    context.progress(0.5)
    for name in options.formats:
        form = FORMATS[name]
        text = form.write(cues, timed.language)
        context.path(form.file_name).write_text(text, encoding="utf-8", newline="\n")
    report = lint(cues, PROFILES[options.profile])
    context.save("lint.json", report)
    counts = Counter(found.rule for found in report.breaks)
    log.info("%s cues; rules of %s broken: %s", len(cues), report.profile, dict(counts) or "none")
