"""Files whose names are not UTF-8: shown, logged, told apart, and worked on like any other."""

import json
import os
import random
from pathlib import Path

from pipeline.codec import digest, format_record, read_record
from pipeline.config import read_job
from pipeline.job.report import ItemReport, RunReport, StepReport
from pipeline.job.store import read_seal
from tests.cli.test_commands import cuecast
from tests.excerpt import cut_sound, read_text

SEED = 16
N_NAMES = 20
ODD = [bytes([value]) for value in (0xFF, 0xFE, 0xC3, 0xE9, 0x80, 0xED, 0xA0, 0xF4)]
PLAIN = [b"a", b"Talk", b" ", b"\xc3\xa9", b"\xe2\x82\xac", b"-", b"1"]


def draw_names() -> list[str]:
    """Names of files with a byte or more that is no UTF-8, and a number that tells them apart."""
    chance = random.Random(SEED)
    names = []
    for number in range(N_NAMES):
        parts = [*chance.choices(ODD + PLAIN, k=chance.randint(1, 6)), chance.choice(ODD)]
        chance.shuffle(parts)
        names.append(os.fsdecode(b"%d" % number + b"".join(parts) + b".mp3"))
    return sorted(names)


def test_every_name_gets_an_item_of_its_own_and_a_line_that_is_json(tmp_path: Path) -> None:
    names = draw_names()
    for name in names:
        (tmp_path / name).touch()
    job = tmp_path / "job\udcff.yaml"
    job.write_text("output: out\nitems:\n  - media: '*.mp3'\n")
    items = read_job(job).items
    assert [item.sources["media"].name for item in items] == names
    assert len({item.id for item in items}) == len(names)
    for command in (["plan"], ["run"], ["status"]):
        done = cuecast(tmp_path, *command, job.name, "--json")
        assert "Traceback" not in done.stderr
        assert "UnicodeEncodeError" not in done.stderr
        events = [json.loads(line) for line in done.stdout.splitlines()]
        assert {event["item"] for event in events if "item" in event} == {i.id for i in items}
    report = read_record(tmp_path / "out" / "run.json", RunReport)
    errors = [item.steps[0].error or "" for item in report.items]
    assert all(error.endswith(": the file is empty; name a recording") for error in errors)


def test_a_recording_and_its_text_may_be_called_so(tmp_path: Path) -> None:
    media, text, out = "caf\udce9.wav", "\udcff\udcfe.txt", "out\udc80"
    cut_sound(tmp_path / "talk.wav").rename(tmp_path / media)
    (tmp_path / text).write_text(read_text())
    done = cuecast(tmp_path, "caption", media, "--text", text, "--out", out, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert read_seal(tmp_path / out / "captions") is not None
    assert json.loads(done.stdout.splitlines()[0])["output"] == str(tmp_path / out)


def test_a_text_on_the_command_line_is_utf_8(tmp_path: Path) -> None:
    (tmp_path / "talk.wav").touch()
    for option in ("--speakers", "--language", "--engine"):
        done = cuecast(tmp_path, "caption", "talk.wav", option, "\udcff")
        assert done.returncode == 2
        assert done.stderr == f"error: {option}: not UTF-8 text; type it in UTF-8\n"


def test_a_record_is_utf_8_whatever_it_names() -> None:
    step = StepReport("ingest", "failed", error="caf\udce9.mp3: no such file")
    written = format_record(RunReport("failed", (ItemReport("a", "failed", (step,)),)))
    error = json.loads(written.decode())["items"][0]["steps"][0]["error"]
    assert error == r"caf\udce9.mp3: no such file"


def test_names_that_differ_in_such_a_byte_give_fingerprints_that_differ() -> None:
    assert len({digest({"name": f"a{byte}"}) for byte in "\udce9\udce8e?"}) == 4
