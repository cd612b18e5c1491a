"""The pipeline on one screen. What a stage does is in the module its row names."""

from pipeline.job.stage import Stage

STAGES = (
    Stage("ingest", after=(), options=("audio",), sources=("media",), run="pipeline.stages.ingest:run", version=4),
    Stage("transcribe", after=("ingest",), options=("transcribe", "language", "align"), sources=("text",), large_inputs=("ingest/audio.wav",), run="pipeline.stages.transcribe:run", version=5),
    Stage("align", after=("ingest", "transcribe"), options=("align", "audio", "language", "speakers", "transcribe"), sources=("text",), large_inputs=("ingest/audio.wav",), run="pipeline.stages.align:run", version=8),
    Stage("captions", after=("align",), options=("captions", "speakers"), sources=("media", "text"), run="pipeline.stages.captions:run", version=4),
    Stage("topics", after=("ingest", "align"), options=("topics",), run="pipeline.stages.topics:run", version=4),
    Stage("clips", after=("ingest", "align", "topics"), options=("clips", "captions", "speakers", "title", "align", "audio"), sources=("media", "text", "font", "fallback_1", "fallback_2", "fallback_3", "intro", "outro"), run="pipeline.stages.clips:run", version=7),
    Stage("report", after=("ingest", "align", "captions", "topics", "clips"), options=("captions", "speakers", "title"), sources=("text",), run="pipeline.stages.report:run", version=5),
)  # fmt: skip
