"""What captions say becomes turns of plain words, whatever house style they are written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.caption_text import read_caption_text
from pipeline.captions.formats import READERS, find_format
from pipeline.captions.parsed_cue import RawCue, Voice
from pipeline.captions.srt import format_srt
from pipeline.captions.vtt import format_vtt
from pipeline.records import Cue, SpokenTurn
from tests.captions.reading import find_turns

ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.080 --> 00:00:02.150 align:start position:0%
{blank}
hello<00:00:00.320><c> and</c><00:00:00.480><c> welcome</c>

00:00:02.150 --> 00:00:02.160 align:start position:0%
hello and welcome
{blank}

00:00:02.160 --> 00:00:04.309 align:start position:0%
hello and welcome
to<00:00:02.320><c> the</c><00:00:02.480><c> show</c>

00:00:04.309 --> 00:00:04.319 align:start position:0%
to the show
{blank}

00:00:04.319 --> 00:00:06.000 align:start position:0%
to the show
[Music]

00:00:06.000 --> 00:00:06.010 align:start position:0%
[Music]
{blank}

00:00:06.010 --> 00:00:08.000 align:start position:0%
[Music]
&gt;&gt; so<00:00:06.320><c> the</c><00:00:06.500><c> [\u00a0__\u00a0]</c>
""".replace("{blank}", " ")


def turns(*cues: str, speakers: tuple[str, ...] = ()) -> list[tuple[str | None, str]]:
    """Who says what in cues, two seconds each."""
    raws = [
        RawCue(2000 * n, 2000 * n + 1900, (Voice(None, tuple(cue.split("\n"))),))
        for n, cue in enumerate(cues)
    ]
    return [(turn.label, " ".join(turn.words)) for turn in find_turns(raws, speakers)]


def sounds(*cues: str) -> list[tuple[str, int]]:
    raws = [RawCue(2000 * n, 2000 * n + 9, (Voice(None, (cue,)),)) for n, cue in enumerate(cues)]
    return [sound for turn in find_turns(raws) for sound in turn.sounds]


def test_cues_of_one_voice_are_one_turn() -> None:
    text = format_vtt([Cue(0, 1, ("Hello", "there."), "Ann"), Cue(1, 2, ("Again.",), "Ann")])
    assert find_turns(READERS["vtt"](text)) == (SpokenTurn("Ann", ("Hello", "there.", "Again.")),)


def test_voices_change_within_a_cue() -> None:
    spoken = "<v Ann>Hi <b>you</b></v>\n<v.loud Bob Lee>No &amp; no.\n"
    text = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{spoken}"
    assert find_turns(READERS["vtt"](text)) == (
        SpokenTurn("Ann", ("Hi", "you")),
        SpokenTurn("Bob Lee", ("No", "&", "no.")),
    )


@pytest.mark.parametrize(
    ("cue", "spoken"),
    [
        ("- Hello.\n- Hi.", [(None, "Hello."), (None, "Hi.")]),
        ("-Hello.\n-Hi.", [(None, "Hello."), (None, "Hi.")]),
        ("–“Hello.”\n–[Nora] Hi.", [(None, "“Hello.”"), ("Nora", "Hi.")]),
        (">> Hello.\n>>> Hi.", [(None, "Hello."), (None, "Hi.")]),
        ("It is\n-5 degrees - or so.", [(None, "It is -5 degrees - or so.")]),
        ("MAN 2: Hello.\nDR. O'NEIL: Hi.", [("MAN 2", "Hello."), ("DR. O'NEIL", "Hi.")]),
        ("- NORA: Hello.\n- EMIL: Hi.", [("NORA", "Hello."), ("EMIL", "Hi.")]),
        ("Remember: it's 10:30.\nI: none", [(None, "Remember: it's 10:30. I: none")]),
        ("[Nora King] Hello.\n[EMIL]: Hi.", [("Nora King", "Hello."), ("EMIL", "Hi.")]),
        ("[laughing] Hello.\n[Applause] Hi.", [(None, "Hello. Hi.")]),
        ("♪ la la ♪", [(None, "la la")]),
        ("(which nobody had asked for) you", [(None, "(which nobody had asked for) you")]),
        ("clip(s) (555) 1234", [(None, "clip(s) (555) 1234")]),
        ("what the [ __ ]", [(None, "what the [__]")]),
    ],
)  # fmt: skip
def test_every_house_style_gives_its_turns(cue: str, spoken: list[tuple[str | None, str]]) -> None:
    assert turns(cue) == spoken


def test_a_name_before_a_colon_is_a_label_when_it_comes_often() -> None:
    cues = ("Nora Field: one", "Emil: two", "Nora Field: three", "So: no", "Nora Field: four")
    spoken = [("Nora Field", "one"), ("Emil", "two"), ("Nora Field", "three So: no four")]
    assert turns(*cues) == spoken


def test_a_name_the_job_gives_is_a_label_in_the_jobs_spelling() -> None:
    cues = ("NORA: one", "emil: two", "[Nora]\nthree", "[emil] four")
    spoken = [("nora", "one"), ("Emil", "two"), ("nora", "three"), ("Emil", "four")]
    assert turns(*cues, speakers=("nora", "Emil")) == spoken


def test_a_speaker_goes_on_until_another_begins() -> None:
    assert turns("ANN: one", "two", "BOB: three") == [("ANN", "one two"), ("BOB", "three")]


@pytest.mark.parametrize(
    ("cue", "found"),
    [
        ("well (laughs) yes", [("laughs", 1)]),
        ("[dramatic music playing in background]", [("dramatic music playing in background", 0)]),
        ("(a very long sound that goes on)", [("a very long sound that goes on", 0)]),
        ("♪♪", [("music", 0)]),
        ("[MUSIC]", [("MUSIC", 0)]),
        ("yes. [sighs]", [("sighs", 1)]),
    ],
)
def test_sounds_are_kept_with_their_place(cue: str, found: list[tuple[str, int]]) -> None:
    assert sounds(cue) == found


def test_a_sound_may_be_wrapped() -> None:
    raw = RawCue(0, 1, (Voice(None, ("yes [door", "slams] no")),))
    assert find_turns([raw]) == (SpokenTurn(None, ("yes", "no"), (("door slams", 1),)),)


def test_rolling_captions_are_taken_once() -> None:
    assert find_format(ROLLING) == "vtt"
    assert find_turns(READERS["vtt"](ROLLING)) == (
        SpokenTurn(None, ("hello", "and", "welcome", "to", "the", "show"), (("Music", 6),)),
        SpokenTurn(None, ("so", "the", "[__]")),
    )


def test_captions_painted_word_by_word_are_taken_once() -> None:
    painted = ("it", "it grows", "it grows\nand", "it grows\nand grows", "and grows\nand stops")
    raws = [
        RawCue(n * 300, n * 300 + 300, (Voice(None, tuple(cue.split("\n"))),))
        for n, cue in enumerate(painted)
    ]
    (turn,) = find_turns(raws)
    assert " ".join(turn.words) == "it grows and grows and stops"


def test_words_said_twice_are_said_twice() -> None:
    assert turns("No.", "No.", "I said", "no.", "Then", "leave.") == [
        (None, "No. No. I said no. Then leave.")
    ]


def test_each_word_and_sound_has_its_cue() -> None:
    raws = [
        RawCue(at, at + 9, (Voice(None, (text,)),))
        for at, text in ((50, "d [e] f"), (10, "- NORA: a (sighs)"), (30, "[b]"), (40, "- c"))
    ]
    spoken = read_caption_text(raws)
    assert [cue.start_ms for cue in spoken.cues] == [10, 30, 40, 50]
    assert [word for turn in spoken.turns for word in turn.words] == ["a", "c", "d", "f"]
    assert spoken.cue_of_word == (0, 2, 3, 3)
    assert [name for turn in spoken.turns for name, _ in turn.sounds] == ["sighs", "b", "e"]
    assert spoken.cue_of_sound == (0, 1, 3)


def test_cues_out_of_order_are_read_in_order() -> None:
    raws = [RawCue(at, at + 9, (Voice(None, (word,)),)) for at, word in ((50, "b"), (10, "a"))]
    assert find_turns(raws) == (SpokenTurn(None, ("a", "b")),)


@given(st.lists(st.text("abcxyz'.", min_size=1, max_size=6), min_size=1, max_size=60))
def test_every_word_is_kept_once_and_in_order(words: list[str]) -> None:
    cues = [
        Cue(n * 5000, n * 5000 + 900, (" ".join(words[n : n + 4]),))
        for n in range(0, len(words), 4)
    ]
    for text in (format_vtt(cues), format_srt(cues)):
        form = find_format(text)
        assert form is not None
        (turn,) = find_turns(READERS[form](text))
        assert list(turn.words) == words


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("WEBVTT", "vtt"),
        ("\ufeffWEBVTT - it's\n", "vtt"),
        ("1\n00:00:01,000 --> 00:00:02,000\nhi\n", "srt"),
        ("\n\n0:00:01.0 --> 0:00:02.0\nhi\n", "srt"),
        ("WEBVTTS are fine", None),
        ("1\nplain text --> with an arrow", None),
        ("", None),
    ],
)
def test_a_format_is_known_by_how_it_begins(text: str, form: str | None) -> None:
    assert find_format(text) == form


def test_a_chinese_name_and_a_wide_colon_begin_a_turn() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n小明：你好。\n小红：再见。\n"
    turns = find_turns(READERS["srt"](text), ("小明", "小红"))
    assert [(turn.label, turn.words) for turn in turns] == [
        ("小明", ("你好。",)), ("小红", ("再见。",)),
    ]  # fmt: skip
