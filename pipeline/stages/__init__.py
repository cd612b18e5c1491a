"""The stages of the pipeline, a row each, and the modules that run them.

In reading order: `ingest`, `transcribe`, `translate`, `align`, `captions`, `topics`, `clips` and
`report` run a stage each. Beside them: `texts` (the item's text and its cues), `listening` (parts
of a recording recognised), `given_words` (align without alignment), `clip_files` (the files of a clip), `clip_checks` (finished clips
checked), `preflight` and `engine_checks` (checks before a run), `overview` (summary.csv).
"""

from pipeline.job.stage import Stage

STAGES = (
    Stage("ingest", after=(), options=("audio",), sources=("media",), run="pipeline.stages.ingest:run", version=6, check="pipeline.stages.preflight:check_ingest"),
    Stage("transcribe", after=("ingest",), options=("transcribe", "language", "align.engine", "align.vocabulary"), sources=("text",), large_inputs=("ingest/audio.wav",), run="pipeline.stages.transcribe:run", version=14, check="pipeline.stages.preflight:check_transcribe"),
    Stage("translate", after=("ingest", "transcribe"), options=("translate", "transcribe"), large_inputs=("ingest/audio.wav",), run="pipeline.stages.translate:run", version=3, check="pipeline.stages.preflight:check_translate"),
    Stage("align", after=("ingest", "transcribe"), options=("align", "audio", "language", "speakers", "transcribe"), sources=("text",), large_inputs=("ingest/audio.wav",), run="pipeline.stages.align:run", version=23, check="pipeline.stages.preflight:check_align"),
    Stage("captions", after=("translate", "align"), options=("captions", "speakers", "translate"), sources=("media", "text"), run="pipeline.stages.captions:run", version=7),
    Stage("topics", after=("ingest", "align"), options=("topics",), run="pipeline.stages.topics:run", version=5, check="pipeline.stages.preflight:check_topics"),
    Stage("clips", after=("ingest", "translate", "align", "topics"), options=("clips", "captions", "speakers", "title", "align", "audio", "translate"), sources=("media", "text", "font", "fallback_1", "fallback_2", "fallback_3", "intro", "outro"), run="pipeline.stages.clips:run", version=12, check="pipeline.stages.preflight:check_clips"),
    Stage("report", after=("ingest", "translate", "align", "captions", "topics", "clips"), options=("captions", "speakers", "title", "translate"), sources=("text",), run="pipeline.stages.report:run", version=8),
)  # fmt: skip
