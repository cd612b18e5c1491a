"""Captions of timed words and of files: cues as they are shown, problems, and saving."""

from pathlib import Path

import pytest

import cuecast
from pipeline.captions.cues import make_cues
from pipeline.captions.formats import FORMATS
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import OwnProfile
from tests.api.test_words import make_words

VTT = """WEBVTT

STYLE
::cue { color: red }

intro
00:01.000 --> 00:03.000 align:start
<v Nora>Fish &amp; <i>chips</i>
for two</v>

00:04.000 --> 00:04.100
Too fast to read, by far, for anybody.
"""

SRT = """1
00:00:01,000 --> 00:00:03,000
<b>Fish</b> & chips
for two

3
00:00:04,000 --> 00:00:06,000
{\\an8}And tea.
"""


def test_captions_are_those_of_the_stage_and_of_a_job(tmp_path: Path) -> None:
    words = make_words()
    captions = cuecast.make_captions(words, profile={"base": "netflix-en", "max_lines": 1})
    own = OwnProfile(base="netflix-en", max_lines=1)
    cues = make_cues(words, CaptionOptions(profile=own))
    assert [(cue.start_ms, cue.text.split("\n"), cue.speaker) for cue in captions.cues] == [
        (cue.start_ms, list(cue.lines), cue.speaker) for cue in cues
    ]
    for form in ("vtt", "srt"):
        captions.save(tmp_path / f"a.{form}")
        written = (tmp_path / f"a.{form}").read_text()
        assert written == FORMATS[form].write(cues, "en")  # type: ignore[index]


def test_cues_of_webvtt_are_as_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text(VTT)
    captions = cuecast.read_captions(path)
    first, second = captions.cues
    assert first == cuecast.CaptionCue(
        1_000, 3_000, "Fish & chips\nfor two", "Nora", "intro", "align:start"
    )
    assert (second.speaker, second.id, second.settings) == (None, "", "")
    lines = [(problem.line, problem.what.partition(",")[0]) for problem in captions.problems]
    assert (11, "cue 2: reading-speed: 380 characters/s") in lines


def test_cues_of_subrip_are_as_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(SRT)
    captions = cuecast.read_captions(str(path))
    assert [cue.text for cue in captions.cues] == ["Fish & chips\nfor two", "And tea."]
    (problem,) = (each for each in captions.problems if "srt-number" in each.what)
    assert problem.line == 7
    assert problem.what == "cue 2: srt-number: the number before it is not 2"


def test_a_file_that_is_saved_again_is_the_same_and_may_change_its_format(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text(VTT)
    captions = cuecast.read_captions(path)
    captions.save(tmp_path / "b.vtt")
    captions.save(tmp_path / "b.srt")
    assert (tmp_path / "b.vtt").read_text() == VTT
    texts = [cue.text for cue in cuecast.read_captions(tmp_path / "b.srt").cues]
    assert texts == [cue.text for cue in captions.cues]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"profil": "bbc-online"}, "captions.profil: unknown key; did you mean profile?"),
        ({"profile": "netflix"}, "captions.profile: 'netflix' is not known; use 'netflix-en'"),
        ({"formats": ["vtt"]}, "captions.formats: means nothing here; leave it out"),
        ({"breaks": "keep"}, "captions.breaks: means nothing here; leave it out"),
    ],
)
def test_a_wrong_option_is_told(options: dict[str, object], line: str) -> None:
    with pytest.raises(cuecast.ConfigError) as caught:
        cuecast.make_captions(make_words(), **options)  # type: ignore[arg-type]
    assert str(caught.value).startswith(line)


def test_what_is_no_caption_file_is_one_line(tmp_path: Path) -> None:
    for name, text in {"a.txt": "words", "b.vtt": "", "c.vtt": "WEBVTTX\n\n0:1 --> 2\nx\n"}.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(cuecast.MediaError, match=f"{name}: .+; .+"):
            cuecast.read_captions(tmp_path / name)
    with pytest.raises(cuecast.ConfigError, match=r"a\.ass: neither \.vtt nor \.srt"):
        cuecast.make_captions(make_words()).save(tmp_path / "a.ass")
    with pytest.raises(cuecast.MediaError, match="No such file"):
        cuecast.make_captions(make_words()).save(tmp_path / "gone" / "a.vtt")
