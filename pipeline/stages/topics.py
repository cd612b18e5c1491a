"""The topics stage: words.json to topics.json and chapters in every format.

Finding and naming topics is the `topics` room's.
"""

import logging

from pipeline.engines.catalog import load_sentence_encoder
from pipeline.job.context import StepContext
from pipeline.records import TimedText
from pipeline.topics.chapters import FORMATS
from pipeline.topics.find import find_topics
from pipeline.topics.options import TopicOptions

log = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Find the topics; write them, and the chapters they make."""
    timed = context.load("align", "words.json", TimedText)
    options = context.option("topics", TopicOptions)
    embed = None
    if options.embedder:
        embed = load_sentence_encoder(options.embedder, context.cpus).encode
        context.use(embedder=options.embedder)
    found = find_topics(timed, options, embed)
    context.progress(0.9)
    context.save("topics.json", found)
    for form in FORMATS.values():
        text = form.write(found.topics)
        context.path(form.file_name).write_text(text, encoding="utf-8", newline="\n")
    for topic in found.topics:
        log.info("%s ms: %s", topic.start_ms, topic.title)
    if not found.topics:
        log.warning("no words, so no topics")
