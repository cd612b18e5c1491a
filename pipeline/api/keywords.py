"""The keyword arguments of the library's functions, for type checkers; defaults are elsewhere.

Names and values are those of a job file (docs/jobs.md). What may be given and what holds by default
is decided by the option records, which check it; a test compares their fields with these.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict

from pipeline.captions.profile import ProfileName
from pipeline.clips.options import CaptionsOnClips, Frame, StyleKind
from pipeline.contracts import Task

Device = Literal["auto", "cpu", "cuda"]
Section = Mapping[str, Any]
"""A section of a job file."""


class ItemKeywords(TypedDict, total=False):
    """What may be said of any recording, and how it is processed (`run`: workers, timeout_s)."""

    language: str | None
    speakers: Sequence[str]
    audio: Section
    run: Section


class TranscribeKeywords(ItemKeywords, total=False):
    """The `transcribe:` section; the other sections that have an effect are given whole."""

    engine: Literal["auto", "faster_whisper", "moonshine", "pocketsphinx", "scripted"]
    model: str | Path
    device: Device
    compute_type: str
    batch_size: int | Literal["auto"]
    task: Task
    hotwords: Sequence[str]
    prompt: str
    align: Section


class AlignKeywords(ItemKeywords, total=False):
    """The `align:` section; the other sections that have an effect are given whole."""

    engine: Literal["auto", "pocketsphinx", "ctc", "whisper", "recognizer"]
    model: str | Path
    device: Device
    compute_type: str
    vocabulary: Mapping[str, str | Sequence[str]]
    mismatch: Literal["refuse", "keep"]
    transcribe: Section


class CaptionKeywords(TypedDict, total=False):
    """The `captions:` section, but for `formats` (see `Captions.save`) and `breaks`."""

    profile: ProfileName | Section
    sounds: bool
    names: Literal["tagged", "shown", "none"]


class TopicKeywords(TypedDict, total=False):
    """The `topics:` section, but for `titles`."""

    count: int | Literal["auto"]
    every_minutes: float | None
    levels: Literal[1, 2]
    embedder: str | Path | None


class ClipKeywords(TypedDict, total=False):
    """The `clips:` section; the other sections that have an effect are given whole, and two are
    named like a key of this one: a mapping is then the section (`captions={"profile": "bbc"}`)."""

    select: Literal["topics", "highlights", "whole", "none"] | Sequence[Section]
    captions: CaptionsOnClips | Section
    frames: Sequence[Frame]
    fit: Literal["crop", "blur"]
    style: StyleKind | Section
    min_s: float | None
    max_s: float | None
    gain: Literal["clip", "recording"]
    loudness_lufs: float
    intro: str | Path | None
    outro: str | Path | None
    audio: Literal["none", "m4a", "mp3"] | Section
    preview: Literal["none", "gif", "webp"]
    encoder: Literal["auto", "x264", "nvenc"]
    title: str
    topics: Section
    run: Section
