"""The report stage puts what the others found on one page."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.captions.lint import LintReport
from pipeline.captions.markup import escape_vtt
from pipeline.codec import write_record
from pipeline.job.context import StepContext
from pipeline.records import Clip, ClipFile, ClipList, Plain, TopicList
from pipeline.stages import report
from tests.preview.views import CAPTIONS, make_view
from tests.stages.steps import make_request, write_cues, write_script

STAGES_BEFORE = ("ingest", "translate", "align", "captions", "topics", "clips")


def write_item(folder: Path, *kinds: str) -> None:
    """What the stages before it would have sealed; one clip with files of these kinds."""
    view = make_view()
    for name in STAGES_BEFORE:
        (folder / name).mkdir(parents=True)
    files = tuple(ClipFile(f"01.{kind}", kind, "source") for kind in kinds)  # type: ignore[arg-type]
    clip = Clip("01-the-end", "The end", 1000, 4000, 0, 5, "by quotes", files)
    write_record(folder / "ingest" / "media.json", view.media)
    write_record(folder / "align" / "words.json", view.timed)
    write_record(folder / "align" / "summary.json", view.summary)
    write_cues(folder)
    write_record(folder / "captions" / "lint.json", LintReport("netflix-en", 7, ()))
    write_record(folder / "topics" / "topics.json", TopicList(view.topics))
    write_record(folder / "clips" / "clips.json", ClipList((clip,)))
    (folder / "clips" / "01.captions").write_text(CAPTIONS)


def run_stage(
    folder: Path,
    options: Plain = None,
    title: str = "A talk",
    second: str | None = None,
) -> str:
    """Run the stage; returns the page."""
    (folder / "report").mkdir(exist_ok=True)
    asked = {"captions": options or {}, "title": title, "translate": {"to": second}}
    report.run(StepContext(make_request("report", folder, options=asked)))
    assert [path.name for path in (folder / "report").iterdir()] == ["index.html"]
    return (folder / "report" / "index.html").read_text("utf-8")


def test_captions_in_a_second_language_are_on_the_page_with_their_files(tmp_path: Path) -> None:
    write_item(tmp_path, "clean")
    english = replace(make_view().timed, language="en", translated_from="de")
    write_record(tmp_path / "translate" / "words.en.json", english)
    write_cues(tmp_path, second="en")
    page = run_stage(tmp_path, {"formats": ["srt", "words"]}, second="en")
    assert 'data-language="en"' in page
    assert "captions/captions.en.srt" in page
    assert "words.en.vtt" not in page


def test_the_page_shows_title_captions_topics_and_clips(tmp_path: Path) -> None:
    write_item(tmp_path, "clean")
    page = run_stage(tmp_path, title="Ends & means")
    assert "<title>Ends &amp; means</title>" in page
    assert "WEBVTT" in page
    assert "Empires &amp; ends" in page
    assert 'src="../clips/01.clean"' in page
    assert "7 cues, no breaks of netflix-en" in page


def test_the_page_plays_the_small_copy_of_the_video_where_there_is_one(tmp_path: Path) -> None:
    write_item(tmp_path)
    assert 'src="../ingest/audio.wav"' in run_stage(tmp_path)
    (tmp_path / "picture").mkdir()
    (tmp_path / "picture" / "picture.mp4").touch()
    page = run_stage(tmp_path)
    assert 'id="media" src="../picture/picture.mp4"' in page
    assert "audio.wav" not in page


@pytest.mark.parametrize("gone", [("topics",), ("clips",), ("topics", "clips")])
def test_a_page_lacks_the_parts_that_were_not_asked_for(
    tmp_path: Path, gone: tuple[str, ...]
) -> None:
    write_item(tmp_path, "clean")
    for name in gone:
        shutil.rmtree(tmp_path / name)
    page = run_stage(tmp_path)
    assert "Hello" in page
    assert ('id="chapters"' in page, "topics/" in page) == ("topics" not in gone,) * 2
    assert ('id="clips"' in page, "clips/" in page) == ("clips" not in gone,) * 2


def test_the_files_of_every_stage_are_linked_by_the_formats_asked_for(tmp_path: Path) -> None:
    write_item(tmp_path)
    page = run_stage(tmp_path, {"formats": ["podcast"]})
    assert 'href="../captions/podcast.json"' in page
    assert 'href="../captions/captions.vtt"' not in page
    assert 'href="../topics/chapters.vtt"' in page
    assert 'href="../align/words.json"' in page


def test_captions_beside_a_clip_go_into_the_page_where_none_are_burned_in(tmp_path: Path) -> None:
    for name, kinds in (("beside", ("clean", "captions")), ("both", ("captions", "burned"))):
        write_item(tmp_path / name, *kinds)
    assert '"01-the-end":"WEBVTT' in run_stage(tmp_path / "beside")
    assert '"clip_captions":{}' in run_stage(tmp_path / "both")


def test_own_cues_are_shown_with_their_tags_and_can_not_end_the_pages_script(
    tmp_path: Path,
) -> None:
    write_item(tmp_path, "clean")
    timed = replace(make_view().timed, sounds=())
    write_record(tmp_path / "align" / "words.json", timed)
    spoken = escape_vtt(" ".join(word.text for word in timed.words))
    own = f"WEBVTT\n\n00:01.000 --> 00:02.000\n</script><b>{spoken}</b>\n"
    write_script(tmp_path, "own.vtt", own)
    write_cues(tmp_path, {"breaks": "keep"})
    page = run_stage(tmp_path)
    write_cues(tmp_path)
    assert "\\n\\u003c/script\\u003e\\u003cb\\u003eHello there" in page
    assert page.count("</script>") == run_stage(tmp_path).count("</script>")


def test_the_same_request_gives_the_same_bytes_wherever_it_lies(tmp_path: Path) -> None:
    for name in ("one", "another"):
        write_item(tmp_path / name, "clean")
    page = run_stage(tmp_path / "one")
    assert page == run_stage(tmp_path / "another")
    assert str(tmp_path) not in page
