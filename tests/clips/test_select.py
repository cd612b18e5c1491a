"""Clips are where they were asked for, and cut in pauses."""

from collections.abc import Callable

import pytest

from pipeline.clips.options import ClipOptions
from pipeline.clips.requests import ClipRequest
from pipeline.clips.select import select_clips
from pipeline.clips.sentences import Recording
from pipeline.codec import from_plain, to_plain
from pipeline.errors import ConfigError, MediaError
from pipeline.records import Clip, TimedText, Topic

Speak = Callable[[str], TimedText]
MakeTimed = Callable[..., TimedText]

CHIMPS = (
    "So, tell me. Chimpanzee society is a brutal place; they chew their fingers off. "
    "Really? Yes, really. The café serves Kardashev-scale cakes at 9:15, it's true."
)


def by_quotes(timed: TimedText, first: str, last: str) -> Clip:
    request = ClipRequest(title="Chimps", first_quote=first, last_quote=last)
    return select_clips(ClipOptions(select=(request,)), Recording(timed), "Talk")[0]


def by_times(timed: TimedText, start: str | float, end: str | float) -> Clip:
    request = ClipRequest(title="Cold open", start=start, end=end)
    return select_clips(ClipOptions(select=(request,)), Recording(timed), "Talk")[0]


def text_of(clip: Clip, timed: TimedText) -> str:
    words = timed.words[clip.first_word : clip.first_word + clip.n_words]
    return " ".join(word.text for word in words)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Chimpanzee society is a", "chew their fingers off."),
        ("chimpanzee society", "FINGERS OFF"),
        ("chimpansee societys is a", "they chewed their fingers off"),
        ("  Chimpanzee,   society! ", "“their fingers off”"),
    ],
)
def test_quotes_are_matched_loosely(speak: Speak, first: str, last: str) -> None:
    timed = speak(CHIMPS)
    clip = by_quotes(timed, first, last)
    spoken = text_of(clip, timed)
    assert spoken.startswith("Chimpanzee society")
    assert spoken.endswith("fingers off.")


def test_accents_hyphens_and_apostrophes_do_not_count(speak: Speak) -> None:
    timed = speak(CHIMPS)
    assert text_of(by_quotes(timed, "cafe serves", "its true"), timed).startswith("The café")
    assert "cakes" in text_of(by_quotes(timed, "Kardashev scale cakes", "at 9 15"), timed)


def test_a_quote_said_twice_is_an_error_with_both_times(speak: Speak) -> None:
    with pytest.raises(MediaError) as caught:
        by_quotes(speak(CHIMPS), "so tell me", "really")
    message = str(caught.value)
    assert message.startswith("clip 'Chimps': to, after 0:00.1: \"really\" is said 2 times")
    assert '"Really?" at' in message
    assert "\n" not in message


def test_one_that_is_word_for_word_beats_one_that_is_only_close(speak: Speak) -> None:
    timed = speak("the Roman Empires fell and the Roman Empire rose again")
    assert text_of(by_quotes(timed, "the roman empire", "rose again"), timed).startswith(
        "the Roman Empire rose"
    )


def test_a_quote_never_said_is_an_error_with_the_nearest(speak: Speak) -> None:
    with pytest.raises(
        MediaError, match=r'nobody says "their thumbs on" \(nearest: "their fingers'
    ):
        by_quotes(speak(CHIMPS), "so tell me", "their thumbs on")


def test_the_last_quote_is_looked_for_after_the_first(speak: Speak) -> None:
    with pytest.raises(MediaError, match=r"to, after .*: nobody says"):
        by_quotes(speak(CHIMPS), "the cafe serves", "so tell me")


def test_words_that_are_not_in_the_audio_are_not_found(make_timed: MakeTimed) -> None:
    timed = make_timed([("hello", 0, 400), ("secret", None, None), ("world", 900, 1200)])
    with pytest.raises(MediaError, match="nobody says"):
        by_quotes(timed, "secret", "world")


def test_a_cut_lies_in_the_pause_and_in_no_other_word(make_timed: MakeTimed) -> None:
    timed = make_timed(
        [("a", 0, 1000), ("first", 1100, 1500), ("last", 2000, 2400), ("z", 5000, 5400)]
    )
    clip = by_quotes(timed, "first", "last")
    assert (clip.start_ms, clip.end_ms) == (1040, 2600)
    assert text_of(clip, timed) == "first last"


def test_without_a_pause_the_cut_is_at_the_word(make_timed: MakeTimed) -> None:
    timed = make_timed(
        [("a", 0, 1000), ("one", 1000, 1500), ("two", 1500, 2400), ("z", 2410, 2600)]
    )
    clip = by_quotes(timed, "one", "two")
    assert (clip.start_ms, clip.end_ms) == (1000, 2400)


def test_the_first_and_last_words_of_a_recording_are_cut_inside_it(make_timed: MakeTimed) -> None:
    timed = make_timed([("one", 40, 500), ("two", 600, 950)], duration_ms=1000)
    clip = by_quotes(timed, "one", "two")
    assert (clip.start_ms, clip.end_ms) == (0, 1000)


def test_times_are_kept_to_the_millisecond(speak: Speak) -> None:
    clip = by_times(speak(CHIMPS), "0:01.05", 3.05)
    assert (clip.start_ms, clip.end_ms, clip.reason) == (1050, 3050, "by times")


def test_times_inside_a_word_move_to_its_nearer_edge(speak: Speak) -> None:
    clip = by_times(speak(CHIMPS), 0.2, 2.4)
    assert (clip.start_ms, clip.end_ms) == (100, 2500)


def test_times_past_the_end_are_cut_short(speak: Speak) -> None:
    timed = speak("one two three")
    assert by_times(timed, 0, "1:00:00").end_ms == timed.duration_ms
    with pytest.raises(MediaError, match=r"starts after the recording ends, at 0:01\.9"):
        by_times(timed, "2:00", "3:00")


def test_whole_and_none(speak: Speak) -> None:
    timed = speak("one two three")
    (whole,) = select_clips(ClipOptions(select="whole"), Recording(timed), "A talk: part 1")
    assert (whole.start_ms, whole.end_ms, whole.n_words) == (0, timed.duration_ms, 3)
    assert (whole.id, whole.title) == ("01-a-talk-part-1", "A talk: part 1")
    assert select_clips(ClipOptions(select="none"), Recording(timed), "A talk") == ()


def test_a_clip_a_topic_from_its_first_word_to_its_last(make_timed: MakeTimed) -> None:
    timed = make_timed(
        [("bees", 500, 900), ("sting", 1000, 1400), ("lost", None, None), ("trains", 3000, 3400)],
        duration_ms=5000,
    )
    topics = (
        Topic("Bees, wasps", 0, 2800, 0, 2),
        Topic("Lost", 2800, 2900, 2, 1),
        Topic("Trains", 2900, 5000, 3, 1),
    )
    clips = select_clips(ClipOptions(), Recording(timed, topics), "Talk")
    assert [(clip.id, clip.start_ms, clip.end_ms) for clip in clips] == [
        ("01-bees-wasps", 350, 1600),
        ("03-trains", 2850, 3600),
    ]
    assert (clips[0].title, clips[0].reason) == ("Bees, wasps", "by topic")


def test_clips_with_one_title_have_ids_of_their_own(speak: Speak) -> None:
    request = ClipRequest(title="Roman Empire", start=0, end=1)
    clips = select_clips(
        ClipOptions(select=(request, request)), Recording(speak("one two three")), "Talk"
    )
    assert [clip.id for clip in clips] == ["01-roman-empire", "02-roman-empire"]


@pytest.mark.parametrize(
    ("plain", "problem"),
    [
        ({"title": "x"}, "needs start and end, or from and to"),
        ({"title": "x", "start": "0:00"}, "needs start and end, or from and to"),
        ({"title": "x", "start": "0", "end": "1", "from": "a", "to": "b"}, "needs start and end"),
        ({"title": "x", "start": "0:10", "end": "0:05"}, "must end after it starts"),
        ({"title": "x", "start": "soon", "end": "later"}, "not a time"),
        ({"title": "x", "from": "...", "to": "b"}, "a quote without words"),
    ],
)
def test_a_clip_that_cannot_be_meant_is_refused(plain: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        from_plain({"select": [plain]}, ClipOptions, "job")


def test_options_survive_the_way_to_a_worker() -> None:
    plain = {
        "select": [
            {"title": "a", "from": "b", "to": "c"},
            {"title": "d", "start": "0:00", "end": 42.5},
        ],
        "frames": ["source", "9:16"],
    }
    options = from_plain(plain, ClipOptions, "job")
    assert from_plain(to_plain(options), ClipOptions, "job") == options


def test_a_frame_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="twice"):
        from_plain({"frames": ["1:1", "1:1"]}, ClipOptions, "job")
