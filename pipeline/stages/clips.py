"""Stage clips: words.json, topics.json and the recording to captioned clips and clips.json.

Clips are chosen in `pipeline/clips/` and rendered in `pipeline/media/`. The plan of one clip is in
`clip_files.py`, the checks of finished clips are in `clip_checks.py`.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.captions.options import CaptionOptions
from pipeline.clips.options import ClipOptions
from pipeline.clips.select import needs_sound, select_clips
from pipeline.clips.sentences import Recording
from pipeline.clips.window import find_cut_words
from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.job.context import StepContext
from pipeline.levels import Levels, measure_levels
from pipeline.media.decode import ingest_media
from pipeline.media.encoder import choose_encoder
from pipeline.media.fonts import FontSet, assign_fonts, open_fonts
from pipeline.media.options import AudioOptions
from pipeline.media.render import render_clips
from pipeline.media.stills import render_poster, render_preview, save_cover
from pipeline.media.tracks import add_tracks, copy_recording
from pipeline.media.wav import read_samples
from pipeline.records import Clip, ClipList, Media, Progress, TimedText, TopicList
from pipeline.stages.clip_checks import FinishedClip, check_clips
from pipeline.stages.clip_files import (
    PLAYED,
    ClipSource,
    ClipView,
    format_sidecar,
    make_tracks,
    name_files,
    plan_cut,
    poster_ms,
    show,
)
from pipeline.stages.texts import keep_cues, read_translation

log = logging.getLogger(__name__)

RENDERING = 0.85
"""Share of the stage's progress for rendering; the rest is for the checks."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """A clip with its files named, and its text, also in a second language."""

    clip: Clip
    shown: ClipView
    second: ClipView | None


def run(context: StepContext) -> None:
    """Render the chosen clips, check each, and write clips.json."""
    options = context.option("clips", ClipOptions)
    with TemporaryDirectory(prefix=".talk-", dir=context.path("")) as folder:
        talk = _open_talk(context, Path(folder))
        sound = _measure_sound(context, talk.media) if needs_sound(options) else None
        recording = Recording(talk.timed, talk.topics, sound)
        chosen = select_clips(options, recording, context.option("title", str))
        planned = [_plan(context, clip, talk) for clip in chosen]
        talk = replace(talk, families=_find_families(context, planned, talk.fonts))
        _render(context, planned, talk)
    _finish(context, planned, talk)
    made = [
        FinishedClip(
            each.clip, each.shown.cues, each.shown.window, find_cut_words(talk.timed, each.clip)
        )
        for each in planned
    ]
    checks = check_clips(context, made, talk.media)
    context.progress(1.0)
    clips = (replace(each.clip, check=check) for each, check in zip(planned, checks, strict=True))
    context.save("clips.json", ClipList(tuple(clips)))


def _measure_sound(context: StepContext, media: Media) -> Levels:
    """The level of the sound over time, which shows emphasis."""
    with TemporaryDirectory(prefix=".sound-", dir=context.path("")) as folder:
        wav = context.input("ingest", "audio.wav")
        if not wav.exists():  # `keep: outputs` removed it: it is decoded again
            wav = Path(folder) / "audio.wav"
            audio = context.option("audio", AudioOptions)
            ingest_media(context.source("media"), audio, wav, lambda share: None)
        return measure_levels(read_samples(wav), SAMPLE_RATE_HZ)


def _part(progress: Progress, begin: float, share: float) -> Progress:
    """Progress of one part as progress of the whole."""
    return lambda done: progress(begin + share * done)


def _open_talk(context: StepContext, folder: Path) -> ClipSource:
    """Load all that the clips are made from."""
    options = context.option("clips", ClipOptions)
    timed = context.load("align", "words.json", TimedText)
    media = context.load("ingest", "media.json", Media)
    source = context.source("media")
    cover = folder / "cover.png"
    has_cover = media.video is None and save_cover(source, cover)
    beds = {key: context.source(key) for key in ("intro", "outro") if context.has_source(key)}
    return ClipSource(
        source=source,
        timed=timed,
        media=media,
        topics=context.load("topics", "topics.json", TopicList).topics,
        retimed=keep_cues(context, timed),
        fonts=_open_fonts(context, options),
        families={},
        cover=cover if has_cover else None,
        translated=read_translation(context, timed),
        **beds,
    )


def _open_fonts(context: StepContext, options: ClipOptions) -> FontSet:
    main = context.source("font") if context.has_source("font") else None
    keys = (f"fallback_{number}" for number in range(1, 1 + len(options.look.fallback)))
    return open_fonts(main, [context.source(key) for key in keys])


def _plan(context: StepContext, clip: Clip, talk: ClipSource) -> _Planned:
    options = context.option("clips", ClipOptions)
    captions = context.option("captions", CaptionOptions)
    files = name_files(clip, options, talk)
    shown = show(clip, talk.timed, talk.topics, talk.retimed, captions)
    log.info("%s: %s to %s ms, %s", clip.id, clip.start_ms, clip.end_ms, clip.reason)
    second = show(clip, talk.translated, (), None, captions) if talk.translated else None
    return _Planned(replace(clip, files=tuple(files)), shown, second)


def _find_families(
    context: StepContext, planned: Sequence[_Planned], fonts: FontSet
) -> dict[str, str]:
    """Fonts for drawn characters that the main font lacks; those that no font has are logged."""
    options = context.option("clips", ClipOptions)
    rendered = "…".join(each.clip.title for each in planned)
    if options.captions in ("burned", "both"):
        rendered += "".join(each.shown.text for each in planned)
    families, lacking = assign_fonts(rendered, fonts)
    if lacking:
        log.warning(
            "%s: no font for %d characters, which show as boxes: %s; name one in "
            "clips.style.fallback", context.item, len(lacking), " ".join(lacking),
        )  # fmt: skip
    return families


def _render(context: StepContext, planned: Sequence[_Planned], talk: ClipSource) -> None:
    options = context.option("clips", ClipOptions)
    folder = context.path("")
    cuts = [plan_cut(each.clip, each.shown, talk, options, folder) for each in planned]
    encoder = choose_encoder(options.encoder)
    context.use(encoder=encoder)
    to_make = [cut for cut in cuts if cut.renditions or cut.sound.files]
    if to_make:
        progress = _part(context.progress, 0.0, RENDERING)
        render_clips(to_make, talk.fonts, encoder, context.cpus, progress)


def _finish(context: StepContext, planned: Sequence[_Planned], talk: ClipSource) -> None:
    """Make what needs the rendered files: sidecars, tracks, poster, preview."""
    options = context.option("clips", ClipOptions)
    for each in planned:
        tracks = make_tracks(each.shown, options, each.second)
        for file in each.clip.files:
            path = context.path(file.path)
            match file.kind:
                case "captions" if each.second and file.language:
                    _write(path, format_sidecar(each.second, None))
                case "captions":
                    _write(path, format_sidecar(each.shown, talk.retimed))
                case "soft" if not path.exists():
                    copy_recording(talk.source, talk.media, path, tracks)
                case "clean" | "burned" | "soft" if not tracks.is_empty:
                    add_tracks(path, tracks)
                case "poster" if not path.exists() and talk.media.video is not None:
                    clip_path = context.path(each.clip.files[0].path)
                    render_poster(clip_path, poster_ms(each.clip), path)
                case "preview":
                    played = (made for made in each.clip.files if made.kind in PLAYED)
                    source = next(made for made in played if made.frame == file.frame)
                    render_preview(context.path(source.path), path)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
