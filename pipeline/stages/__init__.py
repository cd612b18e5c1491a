"""The stages of the pipeline, a row each, and the modules that run them.

In reading order: `ingest`, `text`, `transcribe`, `translate`, `align`, `captions`, `topics`, `clips`
and `report` run a stage each. Beside them: `script` (what `text` sealed), `translation` (what
`translate` sealed), `listening` (parts of a recording recognised), `given_words` (align without alignment), `preflight` and `engine_checks`
(checks before a run), `overview` (summary.csv, index.html).
"""

from pipeline.job.stage import Resources, Stage

ONE_THREAD = Resources(cpus=1)

STAGES = (
    Stage("ingest", after=(), options=("audio",), sources=("media",), run="pipeline.stages.ingest:run", version=7, check="pipeline.stages.preflight:check_ingest"),
    Stage("text", after=("ingest",), options=("speakers",), sources=("text",), run="pipeline.stages.text:run", resources=ONE_THREAD, version=2, when="text"),
    Stage("transcribe", after=("ingest", "text"), options=("transcribe", "language", "align.engine", "align.vocabulary"), large_inputs=("ingest/audio.wav",), run="pipeline.stages.transcribe:run", version=16, check="pipeline.stages.preflight:check_transcribe"),
    Stage("translate", after=("ingest", "transcribe"), options=("translate", "transcribe"), large_inputs=("ingest/audio.wav",), run="pipeline.stages.translate:run", version=5, when="translate.to", check="pipeline.stages.preflight:check_translate"),
    Stage("align", after=("ingest", "text", "transcribe"), options=("align", "audio", "language", "speakers", "transcribe"), large_inputs=("ingest/audio.wav",), run="pipeline.stages.align:run", version=26, check="pipeline.stages.preflight:check_align"),
    Stage("captions", after=("text", "translate", "align"), options=("captions", "translate"), sources=("media",), run="pipeline.stages.captions:run", resources=ONE_THREAD, version=10),
    Stage("topics", after=("ingest", "align"), options=("topics",), run="pipeline.stages.topics:run", version=7, check="pipeline.stages.preflight:check_topics"),
    Stage("clips", after=("ingest", "translate", "align", "captions", "topics"), options=("clips", "captions", "title", "align", "audio", "translate"), sources=("media", "font", "fallback_1", "fallback_2", "fallback_3", "intro", "outro"), run="pipeline.stages.clips:run", version=15, check="pipeline.stages.preflight:check_clips"),
    Stage("report", after=("ingest", "align", "captions", "topics", "clips"), options=("captions", "title", "translate"), run="pipeline.stages.report:run", resources=ONE_THREAD, version=11),
)  # fmt: skip
