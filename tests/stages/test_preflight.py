"""A hundred job files, half of them wrong: `plan` and `run` say the same before anything runs.

Both ask `check_job`, as the commands do, of real files, models, fonts and media; only the process
that answers is this one, and not a child each time, which is what makes a hundred affordable.
`tests/cli/test_preflight.py` has the commands themselves. A run goes as far as the last stage that
checks anything, with engines that take no time, so that whatever is let through proves right; what
is refused has to be refused for its reason.
"""

import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from pipeline.codec import write_record
from pipeline.config import read_job
from pipeline.errors import ConfigError
from pipeline.job.events import Event, StepFailed
from pipeline.job.plan import plan_job
from pipeline.job.preflight import answer, check_job
from pipeline.job.runner import run_job
from pipeline.job.select import select_stages
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.models.installed import list_models
from pipeline.models.kinds import WHISPER
from pipeline.records import RecognizedWord, Segment, Transcript
from pipeline.stages import STAGES
from tests.excerpt import cut_sound
from tests.language_models.tiny_encoder import make_encoder
from tests.media.lettering import make_font

SEED = 1602
N_JOBS = 100
LENGTH_S = 2.0
TINY_WHISPER = Path(__file__).parents[1] / "tiny_whisper" / "model"
CHECKED_STAGES = select_stages(STAGES, ("translate", "clips"))

Section = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What a generated item says; if it is wrong, what is said of it, and whether of it alone."""

    entry: Section = field(default_factory=dict)
    error: str = ""
    is_items_own: bool = False


Draw = Callable[[random.Random, Path], Change]


# --- what may stand in a job ---------------------------------------------------------------------


def right_nothing(draw: random.Random, folder: Path) -> Change:
    return Change()


def right_sound(draw: random.Random, folder: Path) -> Change:
    stream = draw.randrange(2)
    channel = draw.choice(["mix", *range(1 + stream)])
    if stream and draw.random() < 0.3:
        return Change({"audio": {"stream": 1, "channel": "speakers"}, "speakers": ["A", "B"]})
    return Change({"audio": {"stream": stream, "channel": channel}})


def right_whisper(draw: random.Random, folder: Path) -> Change:
    engine = draw.choice(["auto", "faster_whisper"])
    named = {"engine": engine, "model": str(TINY_WHISPER), "device": "cpu"}
    more = draw.choice([{}, {"compute_type": "int8"}, {"batch_size": 2}, {"prompt": "Tides."}])
    return Change({"transcribe": named | more, "language": draw.choice(["en", "de"])})


def right_translation(draw: random.Random, folder: Path) -> Change:
    return Change({"translate": {"to": "en"}, "language": "de"})


def right_words(draw: random.Random, folder: Path) -> Change:
    way = draw.choice(["x a i", "EH1 K S EY1"])
    return Change({"align": {"engine": "recognizer", "vocabulary": {"xAI": way}}})


def right_topics(draw: random.Random, folder: Path) -> Change:
    titles = {"url": "http://127.0.0.1:9/v1", "model": "none"}
    topics = draw.choice([{"embedder": "encoder"}, {"titles": titles}])
    return Change({"topics": topics})


def right_clips(draw: random.Random, folder: Path) -> Change:
    style = draw.choice([{"font": "good.ttf"}, {"fallback": ["good.ttf"]}])
    more = draw.choice([{}, {"intro": "talk.wav"}, {"encoder": "x264"}])
    return Change({"clips": {"select": "none", "style": style, **more}})


RIGHT: tuple[Draw, ...] = (
    right_nothing, right_sound, right_whisper, right_translation, right_words, right_topics,
    right_clips,
)  # fmt: skip


# --- what may not --------------------------------------------------------------------------------


def misspell(draw: random.Random, name: str) -> str:
    """A name that is close to a known one, and none."""
    known = {model.name for model in list_models()}
    while True:
        at = draw.randrange(len(name))
        made = name[:at] + draw.choice("qxz") * draw.randrange(2) + name[at + 1 :]
        if made and made not in known:
            return made


def wrong_name(draw: random.Random, folder: Path) -> Change:
    name = misspell(draw, draw.choice(["small", "medium.en", "large-v3", "distil-large-v3"]))
    engine = draw.choice(["auto", "faster_whisper"])
    error = rf"transcribe\.model: '{re.escape(name)}' is not known; "
    return Change({"transcribe": {"engine": engine, "model": name}}, error)


def wrong_not_here(draw: random.Random, folder: Path) -> Change:
    name = draw.choice(["tiny", "small", "turbo", "acme/whisper"])
    error = rf"transcribe\.model: {name} is not on this machine; `cuecast models get {name}`"
    return Change({"transcribe": {"engine": "auto", "model": name}}, error)


def wrong_folder(draw: random.Random, folder: Path) -> Change:
    lacking = draw.choice([some[0] for some in WHISPER.needed])
    broken = folder / f"without-{lacking}"
    shutil.copytree(TINY_WHISPER, broken)
    (broken / lacking).unlink()
    model, error = draw.choice(
        [(broken.name, f"is no Whisper model: {lacking} missing; "), ("./gone", "no such folder; ")]
    )
    return Change({"transcribe": {"engine": "auto", "model": model}}, error)


def wrong_untaken(draw: random.Random, folder: Path) -> Change:
    engine = draw.choice(["moonshine", "pocketsphinx"])
    key, value = draw.choice(
        [("model", "small"), ("prompt", "Tides."), ("batch_size", 4), ("compute_type", "int8")]
    )
    error = rf"transcribe\.{key}: {engine} takes none; leave it out"
    return Change({"transcribe": {"engine": engine, key: value}, "language": "en"}, error)


def wrong_hotwords(draw: random.Random, folder: Path) -> Change:
    asked = {"engine": "moonshine", "hotwords": ["Kardashev"]}
    error = r"transcribe\.hotwords: moonshine takes none; "
    return Change({"transcribe": asked, "language": "en"}, error)


def wrong_numbers(draw: random.Random, folder: Path) -> Change:
    kind = draw.choice(["float7", "int8_float17", "half"])
    named = {"engine": "auto", "model": str(TINY_WHISPER), "device": "cpu", "compute_type": kind}
    section = draw.choice(["transcribe", "align"])
    entry = named if section == "transcribe" else {"device": "cpu", "compute_type": kind}
    return Change({section: entry}, rf"{section}\.compute_type: cpu can't compute in '{kind}'; ")


def wrong_language(draw: random.Random, folder: Path) -> Change:
    whisper = {"engine": "faster_whisper", "model": str(TINY_WHISPER)}
    engine, language, error = draw.choice(
        [
            (whisper, "fr", r"language: model .+ knows de, en, not 'fr'; "),
            (whisper, "tlh", r"language: Whisper does not know 'tlh'; "),
            ({"engine": "pocketsphinx"}, "de", "pocketsphinx knows English only, not 'de'; "),
            ({"engine": "faster_whisper", "model": "small.en"}, "de", "knows English only, not"),
        ]
    )
    return Change({"transcribe": engine, "language": language}, error)


def wrong_translation(draw: random.Random, folder: Path) -> Change:
    transcribe, model, error = draw.choice(
        [
            ({"engine": "pocketsphinx"}, "", r"pocketsphinx: can't translate; "),
            ({"engine": "auto"}, "", r"translate: needs a Whisper model, and small is not "),
            ({}, "acme/none", r"translate\.model: acme/none is not on this machine; "),
            ({"engine": "faster_whisper"}, "tiny.en", r"model tiny\.en: knows English only, and "),
        ]
    )
    asked = {"transcribe": transcribe, "translate": {"to": "en", "model": model}}
    return Change({**asked, "language": None}, error)


def wrong_aligner(draw: random.Random, folder: Path) -> Change:
    align, error = draw.choice(
        [
            ({"engine": "ctc"}, r"ctc: needs a model; "),
            ({"engine": "ctc", "model": "a/b"}, r"ctc: model 'a/b' is not on this machine; "),
            ({"engine": "auto", "model": "a/b"}, r"ctc: model 'a/b' is not on this machine; "),
            ({"engine": "recognizer", "model": "a/b"}, r"align\.model: recognizer takes none; "),
            ({"engine": "whisper"}, r"transcribe\.model: small is not on this machine; "),
            ({"vocabulary": {"xAI": "EH QQ"}}, r"align\.vocabulary\.xAI: 'QQ' is not an ARPABET"),
        ]
    )
    return Change({"align": align}, error)


def wrong_topics(draw: random.Random, folder: Path) -> Change:
    url = draw.choice(["http://", "http://host:99999/v1", "https://two words/v1"])
    key = {"url": "http://127.0.0.1:9/v1", "model": "x", "key_env": "CUECAST_NO_SUCH_KEY"}
    topics, error = draw.choice(
        [
            ({"embedder": "nowhere"}, r"embedder nowhere: is not on this machine; "),
            ({"embedder": "acme/none"}, r"embedder acme/none: is not on this machine; "),
            ({"embedder": "half"}, r"half: is no sentence encoder model: model\.onnx missing; "),
            ({"titles": {"url": url, "model": "x"}}, r": is no address of an endpoint; "),
            ({"titles": key}, r"the environment has no CUECAST_NO_SUCH_KEY; "),
        ]
    )
    return Change({"topics": topics}, error)


def wrong_clips(draw: random.Random, folder: Path) -> Change:
    font, spoken = draw.choice(
        [
            ("colour.ttf", r"colour\.ttf: has no outlines \(a colour or bitmap font\?\); "),
            ("text.txt", r"text\.txt: not a font; "),
            ("gone.ttf", r"gone\.ttf: No such file or directory; "),
        ]
    )
    clips, error = draw.choice(
        [
            ({"style": {"font": font}}, spoken),
            ({"style": {"fallback": ["good.ttf", font]}}, spoken),
            ({"intro": "text.txt"}, r"text\.txt: not a WAV file of samples; "),
            ({"outro": "gone.wav"}, r"gone\.wav: No such file or directory; "),
        ]
    )
    return Change({"clips": {"select": "none", **clips}}, error)


def wrong_output(draw: random.Random, folder: Path) -> Change:
    output = draw.choice(["text.txt/out", "text.txt/out/deeper"])
    return Change({"output": output}, rf"/{output}: can't be written \(Not a directory\); ")


def wrong_sound(draw: random.Random, folder: Path) -> Change:
    stream = draw.randrange(2, 9)
    audio, error = draw.choice(
        [
            ({"stream": stream}, rf"no audio stream {stream}: it has 2, counted from 0; "),
            ({"channel": stream}, rf"no channel {stream}: stream 0 has 1, counted from 0; "),
            ({"channel": "speakers"}, r": 2 speakers, but 1 channels; "),
        ]
    )
    return Change({"audio": audio, "speakers": ["A", "B"]}, error, is_items_own=True)


def wrong_source(draw: random.Random, folder: Path) -> Change:
    entry, error = draw.choice(
        [
            ({"media": "gone.mkv"}, r"gone\.mkv: no such file; "),
            ({"media": "no-*.mkv"}, r"no-\*\.mkv: no file matches; "),
            ({"media": "gone.mkv", "audio": {"stream": 1}}, r"gone\.mkv: no such file; "),
            ({"text": "gone.txt"}, r"gone\.txt: no such file; "),
            ({"media": "text.txt", "audio": {"stream": 1}}, r"not a recording that can be read "),
        ]
    )
    return Change(entry, error, is_items_own=True)


WRONG: tuple[Draw, ...] = (
    wrong_name, wrong_not_here, wrong_folder, wrong_untaken, wrong_hotwords, wrong_numbers,
    wrong_language, wrong_translation, wrong_aligner, wrong_topics, wrong_clips, wrong_output,
    wrong_sound, wrong_source,
)  # fmt: skip


# --- a hundred jobs ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """What a command ends with: its exit code, and its lines about what is wrong."""

    code: int
    lines: tuple[str, ...]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that jobs name: a recording of two streams, the second in stereo, and so on."""
    folder = tmp_path_factory.mktemp("sources")
    wav = cut_sound(folder / "talk.wav")
    both = ["-i", file_url(wav), "-t", f"{LENGTH_S}", "-map", "0:a", "-map", "0:a"]
    coded = ["-c:a", "flac", "-ac:a:0", "1", "-ac:a:1", "2"]
    run_ffmpeg(Run([*both, *coded, file_url(folder / "talk.mkv")], where="talk.mkv"))
    (folder / "text.txt").write_text("Es ist Ebbe.\n")
    spread = tuple(
        RecognizedWord(word, 300 * n, 300 * n + 250) for n, word in enumerate("Es ist Ebbe".split())
    )
    write_record(
        folder / "heard.json", Transcript("de", "scripted", "", (Segment(0, 900, spread),), ())
    )
    make_encoder(folder / "encoder", {"sea": ["Es", "ist", "Ebbe"]})
    shutil.copytree(folder / "encoder", folder / "half", ignore=lambda *_: ["model.onnx"])
    make_font(folder / "good.ttf", "Good", "abc")
    with TTFont(folder / "good.ttf") as font:
        for table in ("glyf", "loca"):
            del font[table]
        font.save(folder / "colour.ttf")
    return folder


@pytest.fixture
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose cache of the hub is empty."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


def write_job(folder: Path, change: Change) -> Path:
    """A job of one item that is right, and the one that the change makes."""
    item = {"media": "talk.mkv", "text": "text.txt", "language": "de", "align": {"engine": "auto"}}
    recognized = {"engine": "scripted", "model": "heard.json"}
    job = {
        "output": change.entry.get("output", "out"),
        "run": {"executor": "serial"},
        "transcribe": recognized,
        "clips": {"select": "none"},
        "items": [{"id": "right", **item}, {"id": "drawn", **item, **change.entry}],
    }
    job["items"][1].pop("output", None)
    if change.entry.get("transcribe", {}).get("engine") not in (None, "scripted"):
        job["items"][1].pop("text") if "model" not in change.entry["transcribe"] else None
        job["items"][1]["transcribe"] = {"model": "", **change.entry["transcribe"]}
    # Whether a text is heard in its recording nobody knows before it runs.
    job["align"] = {"mismatch": "keep"}
    (folder / "job.yaml").write_text(json.dumps(job))
    return folder / "job.yaml"


def plan(path: Path) -> Verdict:
    """As `cuecast plan` does."""
    job = read_job(path)
    try:
        checked = check_job(job, CHECKED_STAGES, answer).job
    except ConfigError as error:
        return Verdict(2, tuple(map(str, error.each)))
    steps = [step for each in plan_job(checked, CHECKED_STAGES) for step in each.steps]
    lines = tuple(dict.fromkeys(step.reason for step in steps if step.decision == "fail"))
    return Verdict(1 if lines else 0, lines)


def run(path: Path) -> Verdict:
    """As `cuecast run` does."""
    events: list[Event] = []
    try:
        checked = check_job(read_job(path), CHECKED_STAGES, answer).job
        ended = run_job(checked, CHECKED_STAGES, events.append)
    except ConfigError as error:
        return Verdict(2, tuple(map(str, error.each)))
    lines = tuple(str(event.error) for event in events if isinstance(event, StepFailed))
    assert ended.n_failed == len(lines)
    return Verdict(1 if lines else 0, lines)


@pytest.mark.usefixtures("no_models")
def test_plan_and_run_agree_on_a_hundred_jobs_and_are_right(sources: Path) -> None:
    draw = random.Random(SEED)
    for number in range(N_JOBS):
        kinds = WRONG if number % 2 else RIGHT
        kind = kinds[number // 2 % len(kinds)]
        folder = sources / f"job-{number}"
        folder.mkdir()
        for path in sources.iterdir():
            if not path.name.startswith("job-"):
                (folder / path.name).symlink_to(path)
        change = kind(draw, folder)
        job = write_job(folder, change)
        planned = plan(job)
        assert not (folder / "out").exists()
        ran = run(job)
        where = f"seed {SEED}, job {number}: {kind.__name__} {change.entry}"
        assert planned == ran, where
        expected = (1 if change.is_items_own else 2) if change.error else 0
        assert (ran.code, len(ran.lines)) == (expected, bool(expected)), f"{where}: {ran.lines}"
        for line in ran.lines:
            assert re.search(change.error, line), f"{where}: {line}"
            assert "\n" not in line
        assert (folder / "out").exists() == (expected < 2), where
