"""Cues keep every word, stay within the profile where speech lets them, and read well."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.cues import make_cues
from pipeline.captions.lint import find_breaks
from pipeline.captions.options import CaptionOptions
from pipeline.captions.phrases import is_unspaced
from pipeline.captions.profile import NETFLIX_EN
from pipeline.captions.text import clean_line, measure
from pipeline.records import Cue, Sound, TimedText, Turn, Word
from tests.captions.texts import marked, say, timed_texts

PROFILE = NETFLIX_EN

TALK = (
    "So I was just thinking about the Roman empire. As one does, you know.",
    "Yeah. There's that whole meme where old guys are thinking about the Roman empire "
    "at least once a day, and half the population's confused whether it's true or not.",
    "But more seriously, war and military conquest has been a big part of Roman society "
    "and culture, and it has been a big part of most empires and dynasties.",
)


def make(timed: TimedText) -> tuple[Cue, ...]:
    return make_cues(timed, CaptionOptions())


def texts(cues: tuple[Cue, ...]) -> list[str]:
    return [" / ".join(cue.lines) for cue in cues]


# --- for any text ------------------------------------------------------------------------------


@given(timed_texts())
def test_every_spoken_word_is_kept_once_and_in_order(timed: TimedText) -> None:
    retained = [text for text in marked(make(timed)) if text != "[laughing]"]
    spoken = [clean_line(word.text) for word in timed.words if word.status != "unspoken"]
    assert "".join(retained) == "".join(spoken)
    assert is_unspaced("".join(spoken)) or retained == spoken


@given(timed_texts())
def test_starts_increase_and_nothing_overlaps(timed: TimedText) -> None:
    for cue, following in pairwise(make(timed)):
        assert cue.start_ms < cue.end_ms <= following.start_ms


@given(timed_texts())
def test_cue_never_holds_more_than_two_lines(timed: TimedText) -> None:
    assert all(len(cue.lines) <= PROFILE.max_lines for cue in make(timed))


@given(timed_texts())
def test_line_is_too_long_only_when_it_is_one_word(timed: TimedText) -> None:
    for cue in make(timed):
        for number, line in enumerate(cue.lines):
            n_pieces = sum(mark.line == number for mark in cue.marks)
            assert measure(line) <= PROFILE.columns_per_line or n_pieces == 1


@given(timed_texts())
def test_cue_never_stays_longer_than_the_profile_allows(timed: TimedText) -> None:
    assert all(cue.end_ms - cue.start_ms <= PROFILE.max_ms for cue in make(timed))


@given(timed_texts())
def test_a_line_is_all_of_one_speaker_and_a_cue_of_two_at_most(timed: TimedText) -> None:
    speakers_at: dict[int | None, set[str | None]] = {}
    for word in timed.words:
        speakers_at.setdefault(word.start_ms, set()).add(timed.turns[word.turn].speaker)
    for cue in make(timed):
        assert len(cue.line_speakers) in (0, 2)
        for mark in cue.marks:
            is_shared = bool(cue.line_speakers)
            speaker = cue.line_speakers[mark.line] if is_shared else cue.speaker
            is_word = mark.start_ms in speakers_at
            is_spoken = "[laughing]" not in cue.lines
            assert not (is_word and is_spoken) or speaker in speakers_at[mark.start_ms]


@given(timed_texts())
def test_the_same_text_makes_the_same_cues(timed: TimedText) -> None:
    assert make(timed) == make(timed)


# --- how they read -----------------------------------------------------------------------------


def test_speech_at_an_easy_pace_breaks_no_rule() -> None:
    cues = make(say(*TALK, ms_per_char=75))
    assert find_breaks(cues, PROFILE) == ()


def test_cues_end_where_sentences_and_clauses_do() -> None:
    cues = make(say(*TALK, ms_per_char=75))
    for cue in cues:
        assert cue.lines[-1].endswith((".", ",", "thinking", "society"))


@pytest.mark.parametrize("small", ["the", "a", "of", "to", "my", "I'm", "very", "and", "can"])
def test_no_line_ends_with_a_word_that_leads_the_next(small: str) -> None:
    text = f"we talked all day long about things with {small} people somewhere near Athens"
    for cue in make(say(text, ms_per_char=75)):
        assert not any(line.endswith(f" {small}") for line in cue.lines)


def test_a_name_is_not_torn_apart() -> None:
    timed = say("yesterday evening we all went along and met up with Werner Herzog of Munich")
    for cue in make(timed):
        assert not any(line.endswith("Werner") for line in cue.lines)


def test_a_set_phrase_is_recognised_without_capitals() -> None:
    timed = say(
        "the neural lattice is old. the neural lattice is slow. "
        "what they built over all these long years was a neural lattice with glass"
    )
    assert not any(line.endswith("neural") for cue in make(timed) for line in cue.lines)


def test_what_fits_one_line_stays_on_one_line() -> None:
    assert texts(make(say("forty-two characters fit on one line, yes."))) == [
        "forty-two characters fit on one line, yes."
    ]


def test_the_lower_line_is_the_longer_one_where_nothing_else_decides() -> None:
    (cue,) = make(say("lanterns guard houses until Tuesday morning comes again.", ms_per_char=75))
    assert len(cue.lines[0]) < len(cue.lines[1])


def test_a_long_pause_parts_cues_even_within_a_sentence() -> None:
    timed = say("where are they going tonight", pauses_ms={3: 2_500})
    assert texts(make(timed)) == ["where are they", "going tonight"]


def test_speakers_share_a_cue_only_where_one_alone_would_be_too_short() -> None:
    short = make(say("Yes.", "No.", "Yes.", pauses_ms={2: 2_000}))
    assert [(cue.line_speakers, cue.lines) for cue in short] == [
        (("host", "guest"), ("-Yes.", "-No.")),
        ((), ("Yes.",)),
    ]
    long = make(say("Yes.", "No.", "Yes.", ms_per_char=350))
    assert [(cue.speaker, *cue.lines) for cue in long] == [
        ("host", "Yes."),
        ("guest", "No."),  # no abbreviation at the end of a turn
        ("host", "Yes."),
    ]


def test_one_speaker_is_not_parted_by_a_dash() -> None:
    spoken = say("Yes.", "I say so.")
    turns = tuple(replace(turn, speaker="host") for turn in spoken.turns)
    assert not any(cue.line_speakers for cue in make(replace(spoken, turns=turns)))


def test_a_dash_stays_with_the_word_before_it() -> None:
    timed = say("that is what I was going to tell you all -- but then it started to rain there")
    assert not any(line.startswith("--") for cue in make(timed) for line in cue.lines)


def test_a_language_without_a_grammar_breaks_at_punctuation() -> None:
    talk = say("Das war im Jahr danach, als wir es wussten, und niemand wollte es glauben damals.")
    timed = TimedText("de", "scripted", talk.duration_ms, talk.turns, talk.words)
    assert any(line.endswith(",") for cue in make(timed) for line in cue.lines)


def test_a_word_longer_than_a_line_stays_whole() -> None:
    long = "x" * 10_000
    cues = make(say(f"before it {long} after it"))
    assert sum(long in cue.lines for cue in cues) == 1


def test_unspoken_words_are_not_shown() -> None:
    spoken = say("one two three")
    words = (
        spoken.words[0],
        Word("two", None, None, "unspoken", 0.0, 0),
        spoken.words[2],
    )
    timed = TimedText("en", "scripted", spoken.duration_ms, spoken.turns, words)
    assert texts(make(timed)) == ["one three"]


@given(st.sampled_from(["*", "•", "———", ">", "12"]), st.integers(0, 3))
def test_marks_that_nobody_says_are_not_shown(mark: str, place: int) -> None:
    plain = say("one two three")
    words = list(plain.words)
    at_ms = words[place].start_ms if place < 3 else words[-1].end_ms
    assert at_ms is not None
    words.insert(place, Word(mark, at_ms, at_ms + 10, "estimated", 0.5, 0, is_unsaid=True))
    turns = (replace(plain.turns[0], n_words=4),)
    assert texts(make(replace(plain, words=tuple(words), turns=turns))) == texts(make(plain))


@given(st.integers(1, 999), st.lists(st.integers(0, 999), min_size=1, max_size=3))
def test_no_line_ends_within_a_number_of_several_words(first: int, groups: list[int]) -> None:
    number = " ".join([str(first), *(f"{group:03}" for group in groups)])
    for n_before in range(1, 9):
        timed = say(" ".join(["people"] * n_before) + f" {number} people were there with us all")
        assert sum(number in line for cue in make(timed) for line in cue.lines) == 1


def test_a_text_nobody_spoke_has_no_cues() -> None:
    words = (Word("silence", None, None, "unspoken", 0.0, 0),)
    assert make(TimedText("en", "scripted", 1_000, (Turn(None, None, 0, 1),), words)) == ()
    assert make(TimedText("en", "scripted", 1_000, (), ())) == ()


# --- when they come and go ---------------------------------------------------------------------


@given(timed_texts())
def test_a_cue_comes_in_with_its_first_word_or_two_frames_from_it(timed: TimedText) -> None:
    ends_ms = [0]
    for cue in make(timed):
        first_ms = cue.marks[0].start_ms
        is_pressed = cue.start_ms - ends_ms[-1] < PROFILE.gap_ms
        assert is_pressed or abs(cue.start_ms - first_ms) <= PROFILE.lean_ms
        ends_ms.append(cue.end_ms)


def test_a_short_word_before_a_pause_stays_the_least_time() -> None:
    cues = make(say("Yes.", "And then nothing.", pauses_ms={1: 3_000}))
    assert cues[0].end_ms - cues[0].start_ms == PROFILE.min_ms


def test_a_cue_lingers_for_reading_but_not_past_half_a_second() -> None:
    timed = say("this is said much too fast to read", ms_per_char=30, pauses_ms={})
    (cue,) = make(timed)
    assert cue.end_ms == timed.words[-1].end_ms + PROFILE.linger_ms  # type: ignore[operator]


@pytest.mark.parametrize("pause_ms", [0, 50, 83, 84, 125, 300, 458, 583])
def test_a_short_pause_leaves_a_gap_of_two_frames(pause_ms: int) -> None:
    cues = make(
        say("That is what I said.", "And I agree with it.", pauses_ms={5: pause_ms}, ms_per_char=75)
    )
    assert cues[1].start_ms - cues[0].end_ms == PROFILE.gap_ms


@pytest.mark.parametrize("pause_ms", [584, 700, 1_000, 5_000])
def test_a_longer_pause_leaves_a_gap_that_shows(pause_ms: int) -> None:
    cues = make(say("That is what I said.", "And I agree with it.", pauses_ms={5: pause_ms}))
    assert cues[1].start_ms - cues[0].end_ms >= PROFILE.open_gap_ms


# --- sounds ------------------------------------------------------------------------------------


def test_a_sound_in_a_pause_has_a_cue_of_its_own() -> None:
    sound = Sound("Elon laughing", 1, 1_700, 2_900)
    cues = make(say("Oh no. You did it.", sounds=(sound,), pauses_ms={2: 2_000}))
    assert texts(cues) == ["Oh no.", "[elon laughing]", "You did it."]
    assert cues[1].speaker is None
    assert find_breaks(cues[1:2], PROFILE) == ()


def test_a_sound_leaves_the_words_before_it_the_time_to_be_read() -> None:
    sound = Sound("laughing", 8, 2_600, 4_500)
    timed = say("That was said too fast to read it.", sounds=(sound,), ms_per_char=60)
    cues = make(timed)
    assert texts(cues)[-1] == "[laughing]"
    assert cues[0].end_ms == timed.words[-1].end_ms + PROFILE.linger_ms  # type: ignore[operator]
    assert find_breaks(cues, PROFILE) == ()


def test_a_sound_without_room_of_its_own_joins_the_words() -> None:
    sound = Sound("laughing", 1, 1_310, 1_600)
    cues = make(say("Oh no. You really did it.", sounds=(sound,), pauses_ms={2: 300}))
    assert " ".join(texts(cues)).count("[laughing]") == 1


@pytest.mark.parametrize(
    ("opens_turn", "lines"),
    [
        (False, ("-Oh no. [laughing]", "-You really did it.")),
        (True, ("-Oh no.", "-[laughing] You really did it.")),
    ],
)
def test_a_sound_that_opens_a_turn_is_its_speakers(opens_turn: bool, lines: tuple[str]) -> None:
    sound = Sound("laughing", 1, 1_310, 1_320, opens_turn=opens_turn)
    timed = say("Oh no.", "You really did it.", sounds=(sound,), pauses_ms={2: 300})
    (cue,) = make(timed)
    assert cue.lines == lines


def test_a_sound_nobody_has_time_to_read_is_left_out() -> None:
    sound = Sound("audience cheering and clapping", 1, 1_100, 1_101)
    timed = say("We did it and then we did it again.", sounds=(sound,), ms_per_char=48)
    assert "[" not in " ".join(texts(make(timed)))


def test_a_sound_that_was_not_found_is_left_out() -> None:
    assert texts(make(say("Oh no.", sounds=(Sound("laughing", 1),)))) == ["Oh no."]


def test_sounds_before_and_after_all_words_are_shown() -> None:
    sounds = (Sound("music", -1, 0, 900), Sound("applause", 1, 2_500, 4_000))
    timed = say("Oh no.", sounds=sounds, pauses_ms={0: 1_000})
    assert texts(make(timed)) == ["[music]", "Oh no.", "[applause]"]
