"""Job files: what they mean, and the one line a person gets for each mistake."""

import json
import re
from pathlib import Path

import pytest

from pipeline.aligners.options import AlignOptions
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import OwnProfile
from pipeline.codec import from_plain
from pipeline.config import MODELS, read_job
from pipeline.errors import ConfigError
from pipeline.job.options import RunOptions
from pipeline.job.stage import Item, Job
from pipeline.job_file import format_schema
from pipeline.single_item import make_single_job

CONFIGS = Path(__file__).parent.parent / "configs"
ONE_ITEM = "output: out\nitems: [{media: a.mp3}]\n"


def read(folder: Path, text: str) -> Job:
    path = folder / "job.yaml"
    path.write_text(text, encoding="utf-8")
    return read_job(path)


def read_item(folder: Path, entry: str, rest: str = "") -> Item:
    (item,) = read(folder, f"output: out\nitems:\n  - {entry}\n{rest}").items
    return item


def complain_of_all(folder: Path, text: str) -> list[str]:
    """The errors a job file gets, less the folder's name."""
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    lines = [str(error).replace(f"{folder}/", "") for error in caught.value.each]
    assert not any("\n" in line for line in lines)
    return lines


def complain(folder: Path, text: str) -> str:
    """The one error a job file gets."""
    (line,) = complain_of_all(folder, text)
    return line


# --- what a job file means -----------------------------------------------------------------------


def test_paths_are_relative_to_the_job_file(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    text = "output: ../out\nitems: [{media: ../rec/a.mp3, text: ../rec/a.txt}]"
    job = read(tmp_path / "jobs", text)
    (item,) = job.items
    assert job.output == tmp_path / "out"
    assert item.folder == tmp_path / "out" / "a"
    assert item.sources == {"media": tmp_path / "rec" / "a.mp3", "text": tmp_path / "rec" / "a.txt"}


@pytest.mark.parametrize(("section", "key"), MODELS)
def test_a_model_is_a_folder_beside_the_job_file_or_else_a_name(
    tmp_path: Path, section: str, key: str
) -> None:
    (tmp_path / "models" / "own").mkdir(parents=True)
    beside = read_item(tmp_path, "media: a.mp3", f"{section}: {{{key}: models/own}}")
    assert beside.options[section][key] == str(tmp_path / "models" / "own")
    named = read_item(tmp_path, "media: a.mp3", f"{section}: {{{key}: org/turbo}}")
    assert named.options[section][key] == "org/turbo"


def test_an_item_without_a_text_has_no_such_source(tmp_path: Path) -> None:
    assert "text" not in read_item(tmp_path, "media: a.mp3").sources


def test_defaults_are_those_of_the_rooms(tmp_path: Path) -> None:
    item = read_item(tmp_path, "media: My_great-talk.mp3")
    assert from_plain(item.options["align"], AlignOptions, "") == AlignOptions()
    assert item.options["audio"] == {"stream": "auto", "channel": "mix"}
    assert (item.options["title"], item.options["language"]) == ("My great talk", None)
    assert item.options["speakers"] == []
    assert json.loads(json.dumps(item.options)) == item.options


def test_a_default_written_out_is_the_same_request(tmp_path: Path) -> None:
    plain = read_item(tmp_path, "media: a.mp3")
    written = read_item(tmp_path, "media: a.mp3", "captions: {profile: netflix-en}")
    assert plain.options == written.options


def test_a_profile_may_be_a_base_and_figures_of_ones_own(tmp_path: Path) -> None:
    own = "captions: {profile: {base: bbc-online, chars_per_line: 30}}"
    options = from_plain(
        read_item(tmp_path, "media: a.mp3", own).options["captions"], CaptionOptions, ""
    )
    assert options.profile == OwnProfile(base="bbc-online", chars_per_line=30)


def test_an_items_section_is_laid_over_the_jobs_key_by_key(tmp_path: Path) -> None:
    rest = "transcribe: {engine: faster_whisper, model: tiny}\nclips: {captions: none}"
    item = read_item(tmp_path, "{media: a.mp3, transcribe: {model: base}}", rest)
    assert item.options["transcribe"]["engine"] == "faster_whisper"
    assert item.options["transcribe"]["model"] == "base"
    assert item.options["clips"]["captions"] == "none"


def test_a_section_with_nothing_under_it_means_its_defaults(tmp_path: Path) -> None:
    assert read_item(tmp_path, "media: a.mp3", "captions:").options["captions"]["formats"]


def test_scalars_are_what_they_look_like(tmp_path: Path) -> None:
    rest = "clips: {frames: [9:16, 1:1], select: [{title: no, start: 0:42, end: 61}]}"
    item = read_item(tmp_path, "{media: a.mp3, id: 001, title: 2001, language: no}", rest)
    assert (item.id, item.options["title"], item.options["language"]) == ("001", "2001", "no")
    assert item.options["clips"]["frames"] == ["9:16", "1:1"]
    (clip,) = item.options["clips"]["select"]
    assert (clip["title"], clip["start"], clip["end"]) == ("no", "0:42", 61)


def test_clips_are_asked_for_by_quotes(tmp_path: Path) -> None:
    item = read_item(
        tmp_path, "media: a.mp3", "clips: {select: [{title: Chimps, from: one, to: two}]}"
    )
    (clip,) = item.options["clips"]["select"]
    assert (clip["from"], clip["to"]) == ("one", "two")


def test_a_glob_makes_an_item_of_every_file_and_stem_names_its_text(tmp_path: Path) -> None:
    for name in ("b.mp3", "a [1].mp3", "c.wav"):
        (tmp_path / name).touch()
    items = read(tmp_path, "output: out\nitems: [{media: '*.mp3', text: '{stem}.txt'}]").items
    assert [item.id for item in items] == ["a-1", "b"]
    assert items[0].sources["text"] == tmp_path / "a [1].txt"


def test_a_file_of_that_very_name_wins_over_the_glob(tmp_path: Path) -> None:
    for name in ("take[1].mp3", "take1.mp3"):
        (tmp_path / name).touch()
    item = read_item(tmp_path, "media: take[1].mp3")
    assert item.sources["media"] == tmp_path / "take[1].mp3"


def test_media_that_are_not_there_are_no_error_of_the_job_file(tmp_path: Path) -> None:
    (item,) = read(tmp_path, "output: out\nitems: [{media: gone.mp3}]").items
    assert item.sources["media"] == tmp_path / "gone.mp3"


def test_names_of_every_sort_become_safe_ids(tmp_path: Path) -> None:
    names = ["Überblick: 100%.mp3", 'it\'s "quoted".mp3', "[a] b.mp3"]
    for name in names:
        (tmp_path / name).touch()
    items = read(tmp_path, "output: out\nitems: [{media: '*.mp3'}]").items
    assert all(re.fullmatch(r"[a-z0-9-]+", item.id) for item in items)


def test_a_section_may_be_shared_by_an_anchor(tmp_path: Path) -> None:
    text = (
        "output: out\nitems:\n"
        "  - {media: a.mp3, clips: &shared {captions: none, frames: [1:1]}}\n"
        "  - {media: b.mp3, clips: {<<: *shared, captions: both}}\n"
    )
    clips = [item.options["clips"] for item in read(tmp_path, text).items]
    assert [clip["captions"] for clip in clips] == ["none", "both"]
    assert [clip["frames"] for clip in clips] == [["1:1"], ["1:1"]]


def test_the_run_section_says_where_steps_run(tmp_path: Path) -> None:
    job = read(tmp_path, f"{ONE_ITEM}run: {{executor: serial, workers: 3, timeout_s: 60}}")
    assert job.run == RunOptions("serial", 3, 60.0)


def test_a_job_of_one_recording_lives_in_the_items_own_folder(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").touch()
    options = {
        "language": "en",
        "speakers": ("nora",),
        "transcribe": {"engine": "pocketsphinx"},
    }
    job = make_single_job(tmp_path / "a.mp3", None, tmp_path / "here", options)
    (item,) = job.items
    assert job.output == item.folder == tmp_path / "here"
    assert job.log_path(item, "align") == tmp_path / "here" / "logs" / "align.log"
    assert item.options["transcribe"]["engine"] == "pocketsphinx"
    assert item.options["speakers"] == ["nora"]


# --- what is wrong with one ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("output: out\nitems: [{media: a}]\nclip: {}", "job.yaml:3: clip: unknown key; did you"),
        (
            "output: out\nitems:\n- meda: a.mp3\n  media: b.mp3",
            "job.yaml:3: items[0].meda: unknown key; did you mean media?",
        ),
        (
            "output: out\nitems:\n- media: a\n  align:\n    vocab: {}",
            "job.yaml:5: items[0].align.vocab: unknown key; did you mean vocabulary?",
        ),
        (
            f"{ONE_ITEM}report: {{pictur: 360p}}",
            "job.yaml:3: report.pictur: unknown key; did you mean picture?",
        ),
        (
            f"{ONE_ITEM}report: {{picture: 360}}",
            "job.yaml:3: report.picture: '360' is not known; use '360p', '480p' or '720p'",
        ),
        (f"{ONE_ITEM}run: {{wrkers: 2}}", "job.yaml:3: run.wrkers: unknown key; did you"),
        ("items: [{media: a}]", "job.yaml:1: output is missing; add output:"),
        ("output: out", "job.yaml:1: items is missing; add items:"),
        ("output: out\nitems: []", "job.yaml:2: items: a list is empty; write at least one"),
        ("output: out\nitems:\n- id: x", "job.yaml:3: items[0]: media is missing; add media:"),
        ("output: out\nitems: a.mp3", "job.yaml:2: items: 'a.mp3' is no list; write it as a list"),
        (
            f"{ONE_ITEM}captions: {{profile: bbc}}",
            "job.yaml:3: captions.profile: 'bbc' is not known; use 'netflix-en'",
        ),
        (
            f"{ONE_ITEM}captions: {{profile: {{base: bbc}}}}",
            "job.yaml:3: captions.profile.base: 'bbc' is not known; use 'netflix-en'",
        ),
        (
            f"{ONE_ITEM}captions: {{profile: {{chars_per_lin: 30}}}}",
            "job.yaml:3: captions.profile.chars_per_lin: unknown key; did you mean chars_per_line?",
        ),
        (
            f"{ONE_ITEM}captions: {{profile: {{min_ms: 8000}}}}",
            "job.yaml:3: captions.profile: min_ms must be positive and at most max_ms",
        ),
        (
            f"{ONE_ITEM}align: {{vocabulary: {{GIF: Jif}}}}",
            "job.yaml:3: align: vocabulary.GIF: 'Jif' is neither words in small letters",
        ),
        (
            f"{ONE_ITEM}transcribe: {{hotwords: [Elon -- Musk]}}",
            "job.yaml:3: transcribe: hotwords: 'Elon -- Musk' has a word without a letter",
        ),
        (
            f"{ONE_ITEM}run: {{workers: 0}}",
            "job.yaml:3: run.workers: input should be greater than or equal to 1",
        ),
        (
            f"{ONE_ITEM}run: {{timeout_s: -1}}",
            "job.yaml:3: run.timeout_s: input should be greater than 0",
        ),
        (
            f"{ONE_ITEM}run: {{timeout_s: soon}}",
            "job.yaml:3: run.timeout_s: 'soon' is no number",
        ),
        (
            f"{ONE_ITEM}clips: {{select: [{{title: x, start: '1'}}]}}",
            "job.yaml:3: clips.select[0]: clip 'x' needs start and end, or from and to",
        ),
        (
            f"{ONE_ITEM}clips:\n  select:\n  - {{title: x, form: a, to: b}}",
            "job.yaml:5: clips.select[0].form: unknown key; did you mean from?",
        ),
        ("output: out\noutput: in\nitems: []", "job.yaml:2: output is given twice; keep one"),
        ("output: [", "job.yaml:1: [ is opened and never closed; close it with ]"),
        ("output: a\n\titems: b", "job.yaml:2: a tab begins the line; indent with spaces, not"),
        ("output: a\n- b", "job.yaml:2: not YAML: "),
        ("- a\n- b", "job.yaml: has no keys at its outermost level; begin with output: and items"),
        ("", "job.yaml: holds no keys; begin with output: and items:; see cuecast schema"),
        ("output: !!python/object:os.system x\nitems: []", "job.yaml:1: the tag "),
        ("a: 1\n---\nb: 2", "job.yaml:2: not YAML: but found another document"),
        (
            "output: out\nitems:\n- {media: a, id: ../x}",
            "job.yaml:3: items[0].id: '../x' can't name a folder; use letters",
        ),
        ("output: out\nitems: [{media: a, id: a/b}]", "job.yaml:2: items[0].id: 'a/b' can't"),
        ("output: out\nitems: [{media: a, id: ''}]", "job.yaml:2: items[0].id: '' can't name"),
        ("output: out\nitems: [{media: logs.mp3}]", "job.yaml:2: items[0]: 'logs' is the name"),
        (
            "output: out\nitems:\n- media: x/talk.mp3\n- media: y/talk.mp4",
            "job.yaml:4: items[1]: 'talk' is already the id of talk.mp3; give each item an id",
        ),
        (
            "output: out\nitems:\n- {media: a.mp3, id: X}\n- {media: b.mp3, id: x}",
            "job.yaml:4: items[1].id: 'x' is already the id of a.mp3",
        ),
    ],
)
def test_a_mistake_is_one_line_with_its_place_and_what_to_do(
    tmp_path: Path, text: str, line: str
) -> None:
    assert complain_of_all(tmp_path, text)[0].startswith(line)


def test_one_id_cannot_name_what_a_glob_finds(tmp_path: Path) -> None:
    for name in ("a.mp3", "b.mp3"):
        (tmp_path / name).touch()
    line = complain(tmp_path, "output: out\nitems: [{media: '*.mp3', id: x}]")
    assert line.startswith("job.yaml:2: items[0].id: 2 files match, and one id can't name them")


def test_a_missing_job_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; check the path"):
        read_job(tmp_path / "nothing.yaml")


def test_a_file_that_is_not_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_bytes(b"\xff\xfe\x00output")
    with pytest.raises(ConfigError, match="not UTF-8 text"):
        read_job(tmp_path / "job.yaml")


def test_an_alias_bomb_is_refused_quickly(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert "too many or too deep values" in complain(tmp_path, "\n".join(lines))


def test_an_alias_of_itself_is_refused(tmp_path: Path) -> None:
    for text in ("items: &a [*a]", "items: &a {<<: *a}"):
        assert "an alias stands within what it names" in complain_of_all(tmp_path, text)[0]


def test_a_huge_or_deep_file_is_refused(tmp_path: Path) -> None:
    assert "larger than" in complain(tmp_path, "#" * 1_000_001)
    for text in ("a: " + "[" * 5000, "a: " + "[" * 3000 + "]" * 3000, "- " * 3000, "? " * 3000):
        assert "too many or too deep values" in complain(tmp_path, text)


# --- the schema ----------------------------------------------------------------------------------


def test_the_schema_in_configs_is_the_one_the_code_gives() -> None:
    assert json.loads((CONFIGS / "job.schema.json").read_text()) == format_schema()


def test_the_schema_names_every_key_of_a_job_and_an_item() -> None:
    schema = format_schema()
    assert {"output", "items", "run", "transcribe"} <= set(schema["properties"])
    assert {"media", "text", "id", "speakers"} <= set(schema["$defs"]["ItemEntry"]["properties"])
    assert schema["additionalProperties"] is False
