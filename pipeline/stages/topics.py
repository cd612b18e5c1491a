"""Stage topics: words.json to topics.json, and chapters for players and editing programs.

Topics are found and named in `pipeline/topics/`.
"""

import logging
from dataclasses import replace

from pipeline.errors import EngineError
from pipeline.job.context import StepContext
from pipeline.language_models.chat import ChatRequest, ask
from pipeline.language_models.sentence_encoder import load_sentence_encoder
from pipeline.records import Media, TimedText, TopicList
from pipeline.topics.chapters import FORMATS
from pipeline.topics.edl import EDL_NAME, format_edl
from pipeline.topics.find import find_topics
from pipeline.topics.options import TitleModel, TopicOptions
from pipeline.topics.prompts import SYSTEM, format_prompt, read_title

log = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Find the topics; write them, and the chapter files."""
    timed = context.load("align", "words.json", TimedText)
    options = context.option("topics", TopicOptions)
    embed = None
    if options.embedder:
        embed = load_sentence_encoder(options.embedder, context.cpus).encode
        context.use(embedder=options.embedder)
    found = find_topics(timed, options, embed)
    if options.titles is not None:
        found = _ask_for_titles(context, timed, found, options.titles)
    context.progress(0.9)
    context.save("topics.json", found)
    for form in FORMATS.values():
        text = form.write(found.topics)
        context.path(form.file_name).write_text(text, encoding="utf-8", newline="\n")
    media = context.load("ingest", "media.json", Media)
    edl = format_edl(found.topics, media.name, media.video.fps if media.video else None)
    context.path(EDL_NAME).write_text(edl, encoding="utf-8", newline="\n")
    for topic in found.topics:
        log.info("%s ms: %s", topic.start_ms, topic.title)
    if not found.topics:
        log.warning("no words, so no topics")


def _ask_for_titles(
    context: StepContext, timed: TimedText, found: TopicList, model: TitleModel
) -> TopicList:
    """The topics with titles by a language model; if one request fails, all keep their own."""
    request = ChatRequest(model.url, model.model, model.key_env, model.timeout_s)
    tokens = [word.text for word in timed.words]
    named = []
    for topic in found.topics:
        try:
            title = read_title(ask(request, SYSTEM, format_prompt(topic, tokens)))
        except EngineError as error:
            log.warning("%s; topics keep their own titles (--force topics asks again)", error)
            return found
        if not title:
            log.warning("no title for %r: the model's answer is none", topic.title)
        named.append(replace(topic, title=title or topic.title))
        context.progress(0.5 + 0.4 * len(named) / len(found.topics))
    context.use(titles=model.model)
    return replace(found, topics=tuple(named))
