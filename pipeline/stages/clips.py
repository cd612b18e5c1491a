"""Stage clips: words.json, topics.json and the recording to captioned clips and clips.json.

Clips are chosen in `pipeline/clips/`, made and checked in `pipeline/clipmaking/`, and rendered in
`pipeline/media/`.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.aligners.options import AlignOptions
from pipeline.aligners.recording.acoustic_model import RECORDING_MODEL_NAME, RecordingModel
from pipeline.captions.options import CaptionOptions
from pipeline.clipmaking.checks import CheckOptions, check_clips
from pipeline.clipmaking.cutting import plan_clip, plan_cut
from pipeline.clipmaking.finishing import finish_clip
from pipeline.clipmaking.source import ClipSource, PlannedClip, choose_letters
from pipeline.clips.options import ClipOptions
from pipeline.clips.select import needs_sound, select_clips
from pipeline.clips.sentences import Recording
from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.job.context import StepContext
from pipeline.levels import Levels, measure_levels
from pipeline.media.decode import ingest_media
from pipeline.media.encoder import choose_encoder
from pipeline.media.fonts import FontSet, open_fonts
from pipeline.media.options import AudioOptions
from pipeline.media.render import render_clips
from pipeline.media.stills import save_cover
from pipeline.media.wav import read_samples
from pipeline.records import Clip, ClipList, CueList, Media, TimedText, TopicList
from pipeline.stages.translation import load_translation

log = logging.getLogger(__name__)

RENDERING = 0.85
"""Share of the stage's progress for rendering; the rest is for the checks."""


def run(context: StepContext) -> None:
    """Render the chosen clips, check each, and write clips.json."""
    options = context.option("clips", ClipOptions)
    captions = context.option("captions", CaptionOptions)
    with TemporaryDirectory(prefix=".source-", dir=context.path("")) as folder:
        source = _load_source(context, Path(folder))
        chosen = _choose(context, source)
        planned = [plan_clip(clip, source, options, captions) for clip in chosen]
        source = choose_letters(context.item, planned, source, options)
        _render(context, planned, source)
    for each in planned:
        finish_clip(each, source, options, context.path(""))
    checks = check_clips(planned, _load_checks(context, source))
    context.progress(1.0)
    clips = (replace(each.clip, check=check) for each, check in zip(planned, checks, strict=True))
    context.save("clips.json", ClipList(tuple(clips)))


def _choose(context: StepContext, source: ClipSource) -> Sequence[Clip]:
    options = context.option("clips", ClipOptions)
    sound = _measure_sound(context, source.media) if needs_sound(options) else None
    recording = Recording(source.timed, source.topics, sound)
    chosen = select_clips(options, recording, context.option("title", str))
    for clip in chosen:
        log.info("%s: %s to %s ms, %s", clip.id, clip.start_ms, clip.end_ms, clip.reason)
    _tell_replaced(context, chosen)
    return chosen


def _tell_replaced(context: StepContext, chosen: Sequence[Clip]) -> None:
    """Warn of the clips of an earlier selection, which the new ones replace."""
    earlier = context.load_earlier("clips.json", ClipList)
    stay = {clip.id for clip in chosen}
    gone = [clip.id for clip in earlier.clips if clip.id not in stay] if earlier else []
    if gone:
        log.warning(
            "%s: %d clips of an earlier selection are replaced: %s; to have both, name another "
            "output folder, or all of them in a job file", context.item, len(gone), ", ".join(gone),
        )  # fmt: skip


def _measure_sound(context: StepContext, media: Media) -> Levels:
    """The level of the sound over time, which shows emphasis."""
    with TemporaryDirectory(prefix=".sound-", dir=context.path("")) as folder:
        wav = context.input("ingest", "audio.wav")
        if not wav.exists():  # `keep: outputs` removed it: it is decoded again
            wav = Path(folder) / "audio.wav"
            audio = context.option("audio", AudioOptions)
            ingest_media(context.source("media"), audio, wav, lambda share: None)
        return measure_levels(read_samples(wav), SAMPLE_RATE_HZ)


def _load_source(context: StepContext, folder: Path) -> ClipSource:
    """Load all that the clips are made from."""
    timed = context.load("align", "words.json", TimedText)
    media = context.load("ingest", "media.json", Media)
    cues = context.load("captions", "cues.json", CueList)
    path = context.source("media")
    cover = folder / "cover.png"
    has_cover = media.video is None and save_cover(path, cover)
    intro, outro = (
        context.source(key) if context.has_source(key) else None for key in ("intro", "outro")
    )
    return ClipSource(
        path=path,
        timed=timed,
        media=media,
        topics=context.load("topics", "topics.json", TopicList).topics,
        retimed=cues if cues.is_retimed else None,
        fonts=_open_fonts(context),
        cover=cover if has_cover else None,
        translated=load_translation(context, timed),
        intro=intro,
        outro=outro,
    )


def _open_fonts(context: StepContext) -> FontSet:
    main = context.source("font") if context.has_source("font") else None
    n_fallback = len(context.option("clips", ClipOptions).look.fallback)
    keys = (f"fallback_{number}" for number in range(1, 1 + n_fallback))
    return open_fonts(main, [context.source(key) for key in keys])


def _render(context: StepContext, planned: Sequence[PlannedClip], source: ClipSource) -> None:
    options = context.option("clips", ClipOptions)
    folder = context.path("")
    cuts = [plan_cut(each.clip, each.view, source, options, folder) for each in planned]
    encoder = choose_encoder(options.encoder)
    context.use(encoder=encoder)
    rendered = [cut for cut in cuts if cut.renditions or cut.sound.files]
    if rendered:
        arguments = (rendered, source.fonts, encoder, context.cpus)
        render_clips(*arguments, lambda share: context.progress(RENDERING * share))


def _load_checks(context: StepContext, source: ClipSource) -> CheckOptions:
    """What finished clips are checked with."""
    has_model = context.has_input("align", RECORDING_MODEL_NAME)
    return CheckOptions(
        item=context.item,
        folder=context.path(""),
        source=source,
        clips=context.option("clips", ClipOptions),
        align=context.option("align", AlignOptions),
        cpus=context.cpus,
        recording_model=(
            context.load("align", RECORDING_MODEL_NAME, RecordingModel) if has_model else None
        ),
    )
