"""Stage report: the results of all other stages as one HTML page.

Of a run without topics or clips the page lacks those. It is made in `pipeline/preview/`.
"""

import logging
from collections.abc import Iterator

from pipeline.captions.formats import KARAOKE, find_file_name
from pipeline.captions.lint import LintReport
from pipeline.captions.options import CaptionOptions
from pipeline.captions.vtt import format_vtt
from pipeline.job.context import StepContext
from pipeline.preview.page import SOUND, FileLink, PageView, make_page
from pipeline.recognizers.options import TranslateOptions
from pipeline.records import (
    AlignmentSummary,
    Clip,
    ClipList,
    CueList,
    Media,
    TimedText,
    TopicList,
)
from pipeline.topics.chapters import FORMATS as CHAPTER_FORMATS
from pipeline.topics.edl import EDL_NAME

log = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Write index.html."""
    timed = context.load("align", "words.json", TimedText)
    lint = context.load("captions", "lint.json", LintReport)
    has_clips = context.has_input("clips", "clips.json")
    clips = context.load("clips", "clips.json", ClipList).clips if has_clips else ()
    has_topics = context.has_input("topics", "topics.json")
    topics = context.load("topics", "topics.json", TopicList).topics if has_topics else ()
    # Not read from captions.vtt, which a job may leave out.
    cues = context.load("captions", "cues.json", CueList)
    second = _load_second(context)
    picture = "picture/picture.mp4"
    has_picture = context.has_input(*picture.split("/"))
    context.progress(0.5)
    view = PageView(
        title=context.option("title", str),
        media=context.load("ingest", "media.json", Media),
        timed=timed,
        summary=context.load("align", "summary.json", AlignmentSummary),
        captions_vtt=format_vtt(cues.cues, cues.language),
        second_vtt=format_vtt(second.cues, second.language) if second else "",
        second_language=second.language if second else "",
        played=picture if has_picture else SOUND,
        topics=topics,
        clips=clips,
        clip_vtt_by_id=dict(_read_clip_captions(context, clips)),
        profile=lint.profile,
        n_cues=lint.n_cues,
        n_caption_breaks=len(lint.breaks),
        files=tuple(_list_files(context, second.language if second else "")),
    )
    page = make_page(view)
    context.path("index.html").write_text(page, encoding="utf-8", newline="\n")
    log.info("%s words, %s clips, %s bytes", len(timed.words), len(clips), len(page.encode()))


def _load_second(context: StepContext) -> CueList | None:
    """The captions in the job's second language, if it has one."""
    name = f"cues.{context.option('translate', TranslateOptions).to}.json"
    return context.load("captions", name, CueList) if context.has_input("captions", name) else None


def _read_clip_captions(context: StepContext, clips: tuple[Clip, ...]) -> Iterator[tuple[str, str]]:
    """WebVTT by id of clips without burned captions: a page on disk can't load files."""
    for clip in clips:
        kinds = [file.kind for file in clip.files]
        if "captions" in kinds and "burned" not in kinds:
            name = clip.files[kinds.index("captions")].path
            yield clip.id, context.input("clips", name).read_text("utf-8")


def _list_files(context: StepContext, second: str) -> Iterator[FileLink]:
    options = context.option("captions", CaptionOptions)
    names = [find_file_name(name) for name in options.formats]
    if second:
        plain = (name for name in options.formats if name not in KARAOKE)
        names += [find_file_name(name, second) for name in plain]
    yield from (FileLink(name, f"captions/{name}") for name in (*names, "lint.json"))
    if context.has_input("topics", "topics.json"):
        chapters = (form.file_name for form in CHAPTER_FORMATS.values())
        yield from (FileLink(name, f"topics/{name}") for name in (*chapters, EDL_NAME))
    yield FileLink("words.json", "align/words.json")
    yield FileLink("summary.json", "align/summary.json")
