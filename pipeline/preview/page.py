"""The report on one recording: a self-contained page that loads only media beside it.

The transcript is made in `transcript.py`; the caller says where files lie.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from pipeline.preview.html import render_html
from pipeline.preview.timeline import make_timeline
from pipeline.preview.transcript import lay_out, number_speakers
from pipeline.records import (
    AlignmentSummary,
    Clip,
    ClipCheck,
    ClipFile,
    Doubt,
    Media,
    TimedText,
    Topic,
)
from pipeline.text.times import format_clock

N_CONTEXT_WORDS = 4
"""Words shown before and after an uncertain word in their list."""

_VIDEO_KINDS = ("burned", "clean", "soft")
"""Kinds of a clip's files that the page plays: the first that exists."""

SOUND = "ingest/audio.wav"
"""Path of the recording's sound in the item's folder."""

_STATUSES = ("aligned", "estimated", "unspoken")


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file of the item, with its path in the item's folder."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class _Card:
    """A clip with the file that plays, its poster and all its files.

    `seen` describes what the check of the finished clip found.
    """

    clip: Clip
    video: str | None
    poster: str | None
    is_burned: bool
    links: tuple[FileLink, ...]
    seen: str = ""


@dataclass(frozen=True, slots=True)
class PageView:
    """What the page shows.

    Args:
        played: path of a small copy of the video, or of the sound, in the item's folder.
        captions_vtt: the recording's captions.
        second_vtt: captions in `second_language`.
        clip_vtt_by_id: captions of the clips that have none burned in.
        n_caption_breaks: number of breaks of the profile's rules.
        files: other files to link.
    """

    title: str
    media: Media
    timed: TimedText
    summary: AlignmentSummary
    captions_vtt: str
    second_vtt: str = ""
    second_language: str = ""
    played: str = SOUND
    topics: tuple[Topic, ...] = ()
    clips: tuple[Clip, ...] = ()
    clip_folder: str = "clips"
    clip_vtt_by_id: Mapping[str, str] = field(default_factory=dict)
    profile: str = ""
    n_cues: int = 0
    n_caption_breaks: int = 0
    files: tuple[FileLink, ...] = ()


def make_page(view: PageView) -> str:
    """The page as one HTML file, for a subfolder of the item's folder.

    Invariants: the view's text is escaped; equal views give equal pages.
    Cost: linear in the words, about 50 bytes of page for each.
    """
    speakers = number_speakers(view.timed)
    return render_html(
        "page",
        scripts=("page.js", "captions.js", "search.js", "memory.js", "moves.js"),
        view=view,
        facts=_list_facts(view),
        shares=list(_share_statuses(view.summary)),
        speakers=speakers,
        paragraphs=lay_out(view.timed, view.topics, speakers),
        timeline=make_timeline(view.timed, view.topics, view.clips, speakers),
        cards=[_make_card(clip, view.clip_folder) for clip in view.clips],
        doubts=list(_list_doubtful(view)),
        payload=_make_payload(view),
    )


def _list_facts(view: PageView) -> list[str]:
    """Facts about the recording: name, length, picture, language, engine."""
    media, timed = view.media, view.timed
    video = media.video
    picture = f"{video.width_px} × {video.height_px}" if video else "sound only"
    return [media.name, format_clock(media.duration_ms), picture, timed.language, timed.engine]


def _share_statuses(summary: AlignmentSummary) -> Iterator[tuple[str, int, float, float]]:
    """Each status, its number of words, left edge and width of its part of a bar 1000 wide."""
    counts = (summary.n_aligned, summary.n_estimated, summary.n_unspoken)
    scale = 1000 / max(1, summary.n_words)
    for name, count, end in zip(_STATUSES, counts, accumulate(counts), strict=True):
        yield name, count, round((end - count) * scale, 1), round(count * scale, 1)


def _make_card(clip: Clip, folder: str) -> _Card:
    file_by_kind: dict[str, ClipFile] = {}
    for file in clip.files:
        file_by_kind.setdefault(file.kind, file)
    video = next((file_by_kind[kind] for kind in _VIDEO_KINDS if kind in file_by_kind), None)
    poster = file_by_kind.get("poster")
    return _Card(
        clip,
        video=f"{folder}/{video.path}" if video else None,
        poster=f"{folder}/{poster.path}" if poster else None,
        is_burned=video is not None and video.kind == "burned",
        links=tuple(
            FileLink(_name_file(file, clip.files), f"{folder}/{file.path}")
            for file in clip.files
            if file.kind != "poster"
        ),
        seen=_describe_check(clip.check) if clip.check else "",
    )


def _describe_check(check: ClipCheck) -> str:
    """The check's error of word times, and the clip's loudness."""
    spoken = ["checked"]
    if check.error_ms is not None:
        spoken.append(f"words within {check.error_ms} ms")
    if check.loudness_lufs is not None:
        spoken.append(f"{check.loudness_lufs:.1f} LUFS".replace("-", "−"))
    return ", ".join(spoken)


def _name_file(file: ClipFile, files: Sequence[ClipFile]) -> str:
    """The text of a link to a clip's file: its kind, its language if a second one, and its frame if
    there are several."""
    kind = f"{file.kind} {file.language}" if file.language else file.kind
    frames = {other.frame for other in files}
    is_plain = len(frames) == 1 or file.frame in ("source", None)
    return kind if is_plain else f"{kind} {file.frame}"


def _list_doubtful(view: PageView) -> Iterator[tuple[Doubt, int, str, str]]:
    """Each doubtful word, its time (or that of the word before), and the words before and after."""
    words = [word.text for word in view.timed.words]
    near_ms = list(accumulate((word.start_ms or 0 for word in view.timed.words), max))
    for doubt in view.summary.doubts:
        before = words[max(0, doubt.word - N_CONTEXT_WORDS) : doubt.word]
        after = words[doubt.word + 1 : doubt.word + 1 + N_CONTEXT_WORDS]
        yield doubt, near_ms[doubt.word], " ".join(before), " ".join(after)


def _make_payload(view: PageView) -> str:
    """Data for the page's script, as JSON that can't end its script element."""
    words = view.timed.words
    payload = {
        "duration_ms": view.media.duration_ms,
        "starts_ms": [word.start_ms for word in words],
        "lengths_ms": [(word.end_ms or 0) - (word.start_ms or 0) for word in words],
        "percents": [round(100 * word.confidence) for word in words],
        "captions": view.captions_vtt,
        "second": view.second_vtt,
        "clip_captions": dict(view.clip_vtt_by_id),
    }
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
