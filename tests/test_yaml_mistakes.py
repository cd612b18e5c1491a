"""What beginners write in a job file, and what they are told: the place, and what to write."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import read_job
from pipeline.errors import ConfigError

GOOD = """\
output: out
items:
  - media: talk.mp3
    text: talk.txt
    title: A talk
    speakers: [Nora, Sam]
  - media: other.mp3
    clips:
      captions: none
clips:
  style:
    color: "#ffffff"
  min_s: 5
run:
  workers: 2
"""
LINES = GOOD.splitlines()

QUOTED = r"quote it: `{key}: {quoted}`"


def told(folder: Path, text: str) -> dict[int, str]:
    """What is said of a job file, by line; nothing if it is right."""
    path = folder / "job.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        read_job(path)
    except ConfigError as error:
        lines = [str(one).removeprefix(f"{path}:") for one in error.each]
        assert not any("\n" in line for line in lines)
        spoken: dict[int, str] = {}
        for number, line in ((int(one.partition(":")[0]), one.partition(": ")[2]) for one in lines):
            spoken[number] = f"{spoken[number]} | {line}" if number in spoken else line
        return spoken
    return {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("yaml")


FEW = settings(max_examples=30)
WORDS = st.text("abcdefghij", min_size=1, max_size=6)


@st.composite
def unquoted(draw: st.DrawFn) -> tuple[str, str]:
    """A value that YAML does not take for text as it is, and what is wrong with it."""
    first, second = draw(WORDS), draw(WORDS)
    return draw(
        st.sampled_from(
            [
                (f"{first}: {second}", "a colon and a space in the value begin another key"),
                (f"{first}: {second}: {first}", "a colon and a space in the value begin another"),
                (f"*{first}", "`*` at its beginning means something else in YAML"),
                (f"@{first} {second}", "`@` at its beginning means something else in YAML"),
                (f"%{first}", "`%` at its beginning means something else in YAML"),
                (f"`{first}`", "``` at its beginning means something else in YAML"),
                (f"[{first}] {second}", "`[` at its beginning means something else in YAML"),
                (f"'{first}'{second}'", "the value goes on after its closing quote"),
                (f'"{first}" {second}', "the value goes on after its closing quote"),
            ]
        )
    )


@FEW
@given(unquoted(), st.sampled_from([LINES.index(line) for line in LINES if "title: A" in line]))
def test_a_value_that_needs_quotes_is_shown_with_them(
    folder: Path, value: tuple[str, str], number: int
) -> None:
    written, problem = value
    lines = [*LINES]
    lines[number] = f"    title: {written}"
    (spoken,) = told(folder, "\n".join(lines)).values()
    assert spoken.startswith(f"title: {problem}")
    quoted = spoken.partition("quote it: `title: ")[2].removesuffix("`")
    lines[number] = f"    title: {quoted}"
    assert told(folder, "\n".join(lines)) == {}


@FEW
@given(st.sets(st.sampled_from(range(2, len(LINES))), min_size=1, max_size=4))
def test_tabs_are_to_be_spaces(folder: Path, numbers: set[int]) -> None:
    lines = [
        line.replace("  ", "\t") if at in numbers and line.startswith(" ") else line
        for at, line in enumerate(LINES)
    ]
    spoken = told(folder, "\n".join(lines))
    first = next((at for at, line in enumerate(lines) if line.startswith("\t")), None)
    if first is None:
        assert spoken == {}
    else:
        assert spoken[first + 1] == "a tab begins the line; indent with spaces, not tabs"


@FEW
@given(st.sampled_from([at for at, line in enumerate(LINES) if ": " in line and "{" not in line]))
def test_a_key_without_its_space_is_shown_with_it(folder: Path, number: int) -> None:
    lines = [*LINES]
    lines[number] = lines[number].replace(": ", ":", 1)
    written = LINES[number].strip(" -")
    (spoken,) = told(folder, "\n".join(lines)).values()
    assert spoken.endswith(f"no space after the colon; write `{written}`")


@FEW
@given(st.sampled_from(["'", '"', "[", "{"]), WORDS)
def test_what_is_opened_is_to_be_closed(folder: Path, opening: str, word: str) -> None:
    closing = {"[": "]", "{": "}"}.get(opening, opening)
    text = GOOD.replace("A talk", f"{opening}{word}").replace('"#ffffff"', "red")
    spoken = told(folder, text)
    assert spoken[5].startswith(f"{opening} is opened and never closed; close it with {closing}")


@FEW
@given(st.text("0123456789abcdef", min_size=6, max_size=6), st.booleans())
def test_a_colour_is_to_be_quoted(folder: Path, color: str, is_flow: bool) -> None:
    style = f"  style: {{color: #{color}}}" if is_flow else f"  style:\n    color: #{color}"
    lines = told(folder, GOOD.replace('  style:\n    color: "#ffffff"', style))
    (spoken,) = lines.values()
    assert spoken.endswith(f'color: `#` begins a comment; quote it: `color: "#{color}"`') or (
        spoken == f'clips.style.color: `#` begins a comment; quote it: `color: "#{color}"`'
    )


MISPLACED = {
    "text: a.txt": "text: unknown key; put text under items, beside media",
    "media: a.mp3": "media: unknown key; put media under items, beside media",
    "language: en": "language: unknown key; put language under items, beside media",
    "engine: auto": "engine: unknown key; put engine under transcribe or align",
    "profile: podcast": "profile: unknown key; put profile under captions",
    "outptu: x": "outptu: unknown key; did you mean output?",
    "captoins: {}": "captoins: unknown key; did you mean captions?",
    "run: {worker: 2}": "run is given twice; keep one of them",
    "align: {vocabulary: {GIF: Jif}}": "align: vocabulary.GIF: 'Jif' is neither words in small",
    "topics: {count: 0}": "topics.count: input should be greater than or equal to 1; mend the",
    "transcribe: {engine: whisper}": "transcribe.engine: 'whisper' is not known; use 'auto',",
    "translate: {to: gemran}": "translate.to: 'gemran' is no language; did you mean German?",
}


@FEW
@given(st.lists(st.sampled_from(sorted(MISPLACED)), min_size=1, unique=True), st.booleans())
def test_all_mistakes_are_told_at_once(folder: Path, wrong: list[str], is_title: bool) -> None:
    text = GOOD.replace("A talk", "Tides: a story") if is_title else GOOD
    first = len(LINES) + 1
    spoken = told(folder, text + "\n".join(wrong))
    expected = {first + at: MISPLACED[line] for at, line in enumerate(wrong)}
    assert set(spoken) == {*expected, *([5] if is_title else [])}
    for line, start in expected.items():
        assert spoken[line].startswith(start)
