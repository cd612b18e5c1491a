"""An argument of the wrong kind is refused by name, before anything is begun."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cuecast

ROOT = Path(__file__).parents[2]
TALK = ROOT / "samples" / "talk.mp4"
WORDS = cuecast.TimedText("en", "scripted", 1_000, (), (), ())
ANY: Any = cuecast

CALLS: dict[str, tuple[Callable[[], object], str]] = {
    "a path that is None": (
        lambda: ANY.read_words(None),
        "path: a NoneType is no path; give a str or a pathlib.Path",
    ),
    "a path of bytes": (lambda: ANY.transcribe(b"a.mp3"), "media: a bytes is no path;"),
    "a list of paths": (lambda: ANY.transcribe([TALK]), "media: a list is no path;"),
    "no path of captions": (lambda: ANY.read_captions(5), "path: a int is no path;"),
    "no text": (lambda: ANY.align(TALK, None), "text: a NoneType is no path;"),
    "words as text": (lambda: ANY.align(TALK, WORDS), "text: a TimedText is no path;"),
    "no folder": (lambda: ANY.align(TALK, TALK, out=5), "out: a int is no path;"),
    "no out": (lambda: ANY.cut_clips(TALK, WORDS, out=None), "out: a NoneType is no path;"),
    "no function": (
        lambda: ANY.align(TALK, TALK, on_progress=5),
        "on_progress: a int is no function; give one, or None",
    ),
    "a path as words": (
        lambda: ANY.cut_clips(TALK, "words.json", out="out"),
        "words: a str is no TimedText; give what align, transcribe or read_words returns",
    ),
    "captions of text": (lambda: ANY.make_captions("Hello"), "words: a str is no TimedText;"),
    "topics of text": (lambda: ANY.find_topics("Hello"), "words: a str is no TimedText;"),
    "nowhere to save": (
        lambda: ANY.make_captions(WORDS).save(None),
        "path: a NoneType is no path;",
    ),
    "one name as text": (
        lambda: ANY.run_job(ROOT / "configs" / "demo.yaml", only="talk"),
        'only: a str is no list of names; give one: ["a", "b"]',
    ),
    "no names": (lambda: ANY.run_job("job.yaml", force=5), "force: a int is no list of names;"),
    "no callback": (lambda: ANY.run_job("job.yaml", on_event=5), "on_event: a int is no function;"),
    "no such item": (
        lambda: ANY.run_job(ROOT / "configs" / "demo.yaml", only=["nobody"]),
        "only: there is no item 'nobody'; the items are",
    ),
    "no such stage": (
        lambda: ANY.run_job(ROOT / "configs" / "demo.yaml", force=["aling"]),
        "force: there is no stage 'aling'; did you mean align?",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_it_names_the_argument_what_it_got_and_what_is_wanted(name: str) -> None:
    call, message = CALLS[name]
    with pytest.raises(cuecast.ConfigError) as raised:
        call()
    assert str(raised.value).startswith(message)
