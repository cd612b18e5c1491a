"""The captions stage writes the files asked for, and a lint report always."""

from pathlib import Path

from pipeline.captions.lint import LintReport
from pipeline.captions.vtt import parse_vtt
from pipeline.codec import read_record, write_record
from pipeline.job.context import StepContext
from pipeline.job.stage import StepRequest
from pipeline.records import Plain
from pipeline.stages import captions
from tests.captions.texts import say


def run_stage(folder: Path, options: Plain) -> Path:
    """Run the stage on a short talk; returns the folder it wrote into."""
    align, scratch = folder / "align", folder / "scratch"
    align.mkdir()
    scratch.mkdir()
    write_record(align / "words.json", say("Hello there, my friend.", "Good morning, naïve £5."))
    captions.run(
        StepContext(
            StepRequest(
                item="talk",
                stage="captions",
                run="pipeline.stages.captions:run",
                fingerprint="0",
                folder=folder / "captions",
                scratch=scratch,
                log=folder / "captions.log",
                inputs={"align": align},
                sources={},
                options={"captions": options},
            )
        )
    )
    return scratch


def test_the_default_is_webvtt_and_subrip(tmp_path: Path) -> None:
    written = run_stage(tmp_path, {})
    names = sorted(path.name for path in written.iterdir())
    assert names == ["captions.srt", "captions.vtt", "lint.json"]
    cues = parse_vtt((written / "captions.vtt").read_text("utf-8"))
    assert [(cue.speaker, cue.lines) for cue in cues] == [
        ("host", ("Hello there, my friend.",)),
        ("guest", ("Good morning, naïve £5.",)),
    ]


def test_only_the_formats_asked_for_are_written(tmp_path: Path) -> None:
    written = run_stage(tmp_path, {"formats": ["podcast", "words"]})
    names = sorted(path.name for path in written.iterdir())
    assert names == ["lint.json", "podcast.json", "words.vtt"]


def test_the_report_names_its_profile_and_counts_cues(tmp_path: Path) -> None:
    written = run_stage(tmp_path, {"profile": "netflix-en", "formats": []})
    report = read_record(written / "lint.json", LintReport)
    assert (report.profile, report.n_cues) == ("netflix-en", 2)
