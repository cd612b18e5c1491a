"""The clips stage: words.json, topics.json and the recording to captioned clips and clips.json.

Choosing is the `clips` room's, cutting `media`'s, captions `captions`'; here they meet.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten

from pipeline.captions.ass import choose_style, format_ass
from pipeline.captions.cues import make_cues
from pipeline.captions.kept import Kept, cut_cues
from pipeline.captions.options import CaptionOptions
from pipeline.captions.vtt import format_vtt, insert_head
from pipeline.clips.emphasis import SoundLevels
from pipeline.clips.options import ClipOptions, Frame
from pipeline.clips.recording import Recording
from pipeline.clips.select import needs_sound, needs_topics, select_clips
from pipeline.clips.window import cut_window
from pipeline.engines.base import SAMPLE_RATE_HZ
from pipeline.job.context import StepContext
from pipeline.media.decode import ingest_media
from pipeline.media.frames import Picture, choose_picture
from pipeline.media.levels import LEVELS_PER_S, measure_levels
from pipeline.media.options import AudioOptions
from pipeline.media.render import Cut, Rendition, render_clip, render_poster
from pipeline.media.wav import read_samples
from pipeline.records import (
    Clip,
    ClipFile,
    ClipList,
    Cue,
    Media,
    Progress,
    TimedText,
    Topic,
    TopicList,
)
from pipeline.stages.texts import keep_cues

log = logging.getLogger(__name__)

TALL_CHARS_PER_LINE = 28
"""A tall picture has room for fewer and larger letters (BBC, 9:16: about 25 a line, 3 lines)."""

TITLE_CHARS = 100
"""What of a title is drawn: three lines at most, which stay clear of what is below them."""


@dataclass(frozen=True, slots=True)
class _Talk:
    """What clips are cut from; `kept` are the cues of its own caption file, if it keeps them."""

    timed: TimedText
    media: Media
    kept: Kept | None


def run(context: StepContext) -> None:
    """Make every clip asked for, one after the other, and list them."""
    options = context.option("clips", ClipOptions)
    timed = context.load("align", "words.json", TimedText)
    media = context.load("ingest", "media.json", Media)
    topics: tuple[Topic, ...] = ()
    if needs_topics(options):
        topics = context.load("topics", "topics.json", TopicList).topics
    kept = keep_cues(context, timed)
    sound = _measure_sound(context, media) if needs_sound(options) else None
    chosen = select_clips(options, Recording(timed, topics, sound), context.option("title", str))
    total_ms = sum(clip.end_ms - clip.start_ms for clip in chosen)
    made, done_ms = [], 0
    for clip in chosen:
        length_ms = clip.end_ms - clip.start_ms
        progress = _part(context.progress, done_ms / total_ms, length_ms / total_ms)
        made.append(_make_clip(context, clip, _Talk(timed, media, kept), progress))
        done_ms += length_ms
        log.info("%s: %s to %s ms, %s", clip.id, clip.start_ms, clip.end_ms, clip.reason)
    context.save("clips.json", ClipList(tuple(made)))


def _measure_sound(context: StepContext, media: Media) -> SoundLevels:
    """How loud it is from moment to moment: what is said with emphasis is."""
    with TemporaryDirectory(prefix=".sound-", dir=context.path("")) as folder:
        wav = context.input("ingest", "audio.wav")
        if not wav.exists():  # `keep: outputs` took it away; what it holds the recording does too
            wav = Path(folder) / "audio.wav"
            audio = context.option("audio", AudioOptions)
            ingest_media(context.source("media"), audio, wav, lambda share: None)
        levels_db = measure_levels(read_samples(wav), SAMPLE_RATE_HZ)
    return SoundLevels(levels_db, LEVELS_PER_S, media.audio_start_ms)


def _part(progress: Progress, begin: float, share: float) -> Progress:
    """Progress of one part as progress of the whole."""
    return lambda done: progress(begin + share * done)


def _make_clip(context: StepContext, clip: Clip, talk: _Talk, progress: Progress) -> Clip:
    """Render the clip's files and write its captions; the clip with its files listed."""
    options, media = context.option("clips", ClipOptions), talk.media
    cues = _show(talk, clip, context.option("captions", CaptionOptions))
    files = [file for frame in options.frames for file in _name_files(clip, options, frame)]
    renditions = []
    for file in files:
        if file.kind == "captions":
            text = format_vtt(cues, talk.timed.language)
            text = insert_head(text, talk.kept.head) if talk.kept else text
            context.path(file.path).write_text(text, encoding="utf-8", newline="\n")
            continue
        picture = choose_picture(file.frame or "source", media.video)
        ass = _draw_text(clip, cues if file.kind == "burned" else (), picture, media)
        renditions.append(Rendition(context.path(file.path), picture, ass))
    span = (clip.start_ms, clip.end_ms)
    render_clip(Cut(context.source("media"), media, *span, tuple(renditions)), progress)
    poster = ClipFile(f"{clip.id}.jpg", "poster", options.frames[0])
    render_poster(renditions[0].path, (span[1] - span[0]) // 3, context.path(poster.path))
    return replace(clip, files=(*files, poster))


def _show(talk: _Talk, clip: Clip, options: CaptionOptions) -> tuple[Cue, ...]:
    """The captions of a clip, in its own time."""
    span = (clip.start_ms, clip.end_ms)
    if talk.kept:
        return cut_cues(talk.kept.cues, *span)
    return make_cues(cut_window(talk.timed, *span), options)


def _name_files(clip: Clip, options: ClipOptions, frame: Frame) -> Iterator[ClipFile]:
    """The files of a clip in one frame; what has captions burned in gets none beside it."""
    stem = clip.id if frame == "source" else f"{clip.id}.{frame.replace(':', 'x')}"
    if options.captions != "burned":
        yield ClipFile(f"{stem}.mp4", "clean", frame)
    if options.captions in ("sidecar", "both"):
        yield ClipFile(f"{stem}.vtt", "captions", frame)
    if options.captions in ("burned", "both"):
        yield ClipFile(f"{stem}.burned.mp4", "burned", frame)


def _draw_text(clip: Clip, cues: tuple[Cue, ...], picture: Picture, media: Media) -> str | None:
    """What is written over the picture: captions, and a title where there is nothing to see."""
    title = shorten(clip.title, TITLE_CHARS, placeholder="…") if media.video is None else None
    if not cues and title is None:
        return None
    size = (picture.width_px, picture.height_px)
    if size[0] >= size[1]:
        return format_ass(cues, choose_style(*size, title))
    flowing = (
        cue if cue.line_speakers else replace(cue, lines=(" ".join(cue.lines),), marks=())
        for cue in cues
    )
    return format_ass(flowing, choose_style(*size, title, TALL_CHARS_PER_LINE))
