"""The records that packages pass to each other and write to the output folder, checked when made.

No disk, no JSON (see `pipeline/codec.py`), no options (each package has its own). Times are whole
milliseconds of the player's clock: 0 is the start of the container.

In reading order: `base` (what makes a class a record), `recording` (media, transcript, word
graphs), `text` (words, turns and sounds with times), `topics`, `shown` (captions and clips).
"""

from pipeline.records.base import Plain, Progress, record
from pipeline.records.recording import (
    GARBAGE,
    Arc,
    ArcTime,
    DecodedSegment,
    DecodeRequest,
    Media,
    RecognizedWord,
    Refused,
    RefusedReason,
    RescoringRequest,
    Segment,
    Stretch,
    Transcript,
    VideoStream,
    WordGraph,
)
from pipeline.records.shown import (
    Clip,
    ClipCheck,
    ClipFile,
    ClipFileKind,
    ClipList,
    Cue,
    CueList,
    Markup,
    WordCheck,
    WordMark,
)
from pipeline.records.text import (
    AlignmentSummary,
    Doubt,
    Filler,
    FillerKind,
    Sound,
    Span,
    SpeakerSource,
    SpokenTurn,
    TimedText,
    Turn,
    Word,
    WordStatus,
)
from pipeline.records.topics import Evidence, EvidenceCue, Topic, TopicList

__all__ = [
    "GARBAGE",
    "AlignmentSummary",
    "Arc",
    "ArcTime",
    "Clip",
    "ClipCheck",
    "ClipFile",
    "ClipFileKind",
    "ClipList",
    "Cue",
    "CueList",
    "DecodeRequest",
    "DecodedSegment",
    "Doubt",
    "Evidence",
    "EvidenceCue",
    "Filler",
    "FillerKind",
    "Markup",
    "Media",
    "Plain",
    "Progress",
    "RecognizedWord",
    "Refused",
    "RefusedReason",
    "RescoringRequest",
    "Segment",
    "Sound",
    "Span",
    "SpeakerSource",
    "SpokenTurn",
    "Stretch",
    "TimedText",
    "Topic",
    "TopicList",
    "Transcript",
    "Turn",
    "VideoStream",
    "Word",
    "WordCheck",
    "WordGraph",
    "WordMark",
    "WordStatus",
    "record",
]
