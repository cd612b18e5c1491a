"""The grammar of a plain transcript: what is a word, who says it, what else is heard."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.brackets import find_undecided, read_brackets
from pipeline.alignment.parsed_text import Script
from pipeline.alignment.transcript import parse_transcript

SPEAKERS = ("nora", "emil")


def read_turns(text: str, *speakers: str) -> list[tuple[str | None, str]]:
    """Each turn's speaker and words."""
    script = parse_transcript(text, speakers)
    return [
        (turn.speaker, " ".join(script.words[turn.first_word :][: turn.n_words]))
        for turn in script.turns
    ]


def read_sounds(text: str) -> list[tuple[str, int]]:
    return [(sound.text, sound.after_word) for sound in parse_transcript(text).sounds]


# --- words -------------------------------------------------------------------------------------


def test_words_are_the_texts_tokens_verbatim() -> None:
    text = "It cost $40, or 70% of 5,000 --\nwho “knew”?\n\n  I didn't …"
    assert parse_transcript(text).words == tuple(text.split())


def test_a_text_without_marks_is_one_turn_of_nobody() -> None:
    script = parse_transcript("one two\nthree")
    assert [(turn.speaker, turn.speaker_from, turn.n_words) for turn in script.turns] == [
        (None, None, 3)
    ]


def test_an_empty_text_has_no_words_and_no_turns() -> None:
    assert parse_transcript(" \n ") == Script((), (), ())


# --- turn marks --------------------------------------------------------------------------------


def test_a_dash_at_a_line_start_begins_a_turn() -> None:
    assert read_turns("- hello\n- hi there") == [(None, "hello"), (None, "hi there")]


def test_with_marks_at_line_starts_a_dash_in_mid_line_is_a_mark_too() -> None:
    assert read_turns("- hello\nagain. - hi") == [(None, "hello again."), (None, "hi")]


def test_without_marks_at_line_starts_a_dash_is_a_word() -> None:
    assert parse_transcript("this - or that").words == ("this", "-", "or", "that")


@pytest.mark.parametrize("token", ["--", "-5", "knock-", "state-of-the-art", "–"])
def test_only_a_dash_standing_alone_is_a_mark(token: str) -> None:
    assert token in parse_transcript(f"- well {token} yes").words


def test_a_mark_with_nothing_behind_it_is_no_turn() -> None:
    assert read_turns("- a\n- - b\n-", *SPEAKERS) == [("nora", "a"), ("emil", "b")]


# --- labels ------------------------------------------------------------------------------------


def test_a_label_names_its_turn_and_is_no_word() -> None:
    assert read_turns("- [nora] hello\n- hi") == [("nora", "hello"), (None, "hi")]


@pytest.mark.parametrize("text", ["- [nora]: yes", "-  [ nora ] yes", "- [NORA]yes"])
def test_labels_may_carry_a_colon_blanks_and_any_case(text: str) -> None:
    assert read_turns(text, *SPEAKERS) == [("nora", "yes")]


def test_a_label_at_a_line_start_begins_a_turn_where_there_are_no_marks() -> None:
    assert read_turns("[nora] hello\n[King] hi\nagain") == [("nora", "hello"), ("King", "hi again")]


def test_a_bracket_in_mid_turn_is_a_label_only_if_the_job_names_it() -> None:
    text = "- hello [emil] hi [2nd] there"
    assert "[2nd]" in parse_transcript(text).words
    assert read_turns(text, *SPEAKERS) == [("nora", "hello"), ("emil", "hi [2nd] there")]


def test_a_label_after_a_sound_still_names_that_turn() -> None:
    turns = read_turns("- yes\n- (laughing) [nora] no", *SPEAKERS)
    assert turns == [("emil", "yes"), ("nora", "no")]


def test_a_bracketed_sound_is_nobody() -> None:
    assert read_turns("- [laughing] yes") == [(None, "yes")]
    assert read_sounds("- [laughing] yes") == [("laughing", -1)]


def test_a_sound_at_the_beginning_of_a_turn_opens_it() -> None:
    script = parse_transcript("- yes (sighing)\n- (laughing) (coughing) no (humming)\n- (music)\n")
    assert [(sound.text, sound.opens_turn) for sound in script.sounds] == [
        ("sighing", False),
        ("laughing", True),
        ("coughing", True),
        ("humming", False),
        ("music", False),
    ]


# --- who speaks --------------------------------------------------------------------------------


def test_named_speakers_take_turns_from_the_first_on() -> None:
    script = parse_transcript("- a\n- b\n- c", SPEAKERS)
    assert [turn.speaker for turn in script.turns] == ["nora", "emil", "nora"]
    assert {turn.speaker_from for turn in script.turns} == {"inferred"}


def test_turns_are_inferred_backwards_from_the_first_label() -> None:
    assert read_turns("- a\n- b\n- [nora] c\n- d", *SPEAKERS) == [
        ("nora", "a"), ("emil", "b"), ("nora", "c"), ("emil", "d"),
    ]  # fmt: skip


def test_a_label_is_exact_and_those_behind_it_take_turns_from_it() -> None:
    script = parse_transcript("- [nora] a\n- [nora] b\n- c", SPEAKERS)
    assert [turn.speaker for turn in script.turns] == ["nora", "nora", "emil"]
    assert [turn.speaker_from for turn in script.turns] == ["label", "label", "inferred"]


def test_labels_that_break_the_taking_of_turns_are_counted() -> None:
    assert parse_transcript("- [nora] a\n- [emil] b", SPEAKERS).n_label_contradictions == 0
    assert parse_transcript("- [nora] a\n- [nora] b", SPEAKERS).n_label_contradictions == 1
    assert parse_transcript("- [nora] a\n- b\n- [emil] c", SPEAKERS).n_label_contradictions == 1


def test_a_turn_of_sounds_alone_counts_as_a_turn_taken() -> None:
    turns = read_turns("- [nora] a\n- (laughing)\n- b", *SPEAKERS)
    assert turns == [("nora", "a"), ("nora", "b")]


def test_one_speaker_says_everything() -> None:
    assert read_turns("- a\n- b", "nora") == [("nora", "a"), ("nora", "b")]


def test_of_three_speakers_only_labels_tell() -> None:
    turns = read_turns("- [nora] a\n- b", "nora", "emil", "ines")
    assert turns == [("nora", "a"), (None, "b")]


def test_a_guest_the_job_does_not_name_keeps_the_labels_spelling() -> None:
    assert read_turns("- [Ines] a\n- b", *SPEAKERS)[0] == ("Ines", "a")


# --- sounds ------------------------------------------------------------------------------------


def test_a_sound_stands_after_the_word_before_it() -> None:
    assert read_sounds("(applause) one two (both\nlaughing) three") == [
        ("applause", -1),
        ("both laughing", 1),
    ]


def test_a_sound_without_a_space_is_cut_off_its_words() -> None:
    assert parse_transcript("- (laughing)yes, yes(sighing)").words == ("yes,", "yes")


def test_empty_brackets_before_a_sound_are_cut_off_with_it() -> None:
    text = "how you do.()laughing so"
    assert parse_transcript(text).words == ("how", "you", "do.", "so")
    assert read_sounds(text) == [("laughing", 2)]


def test_punctuation_left_of_a_sound_joins_the_word_before() -> None:
    assert parse_transcript("this is really (indistinct), lemme").words == (
        "this", "is", "really,", "lemme",
    )  # fmt: skip


def test_punctuation_behind_a_sound_with_no_word_before_is_a_word() -> None:
    assert parse_transcript("(indistinct), lemme").words == (",", "lemme")


@pytest.mark.parametrize(
    "text",
    [
        "call print() twice",
        "the clip(s) we made",
        "it works (or so they had told us then) well",
        "it did (finally!) work",
        "in (2019) it",
        "an (unclosed one",
        "what ( ) is this",
        "so (?) then",
    ],
)
def test_brackets_that_are_no_sound_are_words(text: str) -> None:
    assert parse_transcript(text).words == tuple(text.split())


# --- a whole transcript ------------------------------------------------------------------------

CONVERSATION = """- [nora] hello and welcome
to the long table. (both laughing) 5,000 bees? - five thousand. - and
you keep them in vellimor street - [emil] yes.
- (laughing)that's it. one (indistinct), two.
- [emil] what we'd do.()laughing"""


def test_of_a_conversation_nothing_but_marks_labels_and_tags_is_taken_away() -> None:
    script = parse_transcript(CONVERSATION, SPEAKERS)
    assert len(script.turns) == 6
    assert [turn.speaker for turn in script.turns if turn.speaker_from == "label"] == [
        "nora", "emil", "emil",
    ]  # fmt: skip
    n_marks, n_labels = 6, 3
    n_tag_tokens = len(["(both", "laughing)", "(indistinct),"])
    n_tokens = len(CONVERSATION.split())
    assert len(script.words) == n_tokens - n_marks - n_labels - n_tag_tokens
    assert [sound.text for sound in script.sounds] == [
        "both laughing", "laughing", "indistinct", "laughing",
    ]  # fmt: skip


# --- properties --------------------------------------------------------------------------------

plain_words = st.text(
    st.characters(categories=("L", "N", "P", "S"), exclude_characters="()[]-"), min_size=1
)
parts = st.one_of(
    plain_words,
    st.sampled_from(
        ["-", "\n-", "[nora]", "[emil]:", "[x", "(laughing)", "(both laughing),", "()", "do.()so"]
    ),
    st.text(st.sampled_from("ab-()[]:,. \n"), max_size=12),
)
texts = st.lists(parts).map(" ".join)


@given(texts, st.sampled_from([(), ("nora",), SPEAKERS, (*SPEAKERS, "ines")]))
def test_turns_cover_the_words_in_order_and_none_is_empty(
    text: str, speakers: tuple[str, ...]
) -> None:
    script = parse_transcript(text, speakers)
    first_words = [turn.first_word for turn in script.turns]
    ends = [turn.first_word + turn.n_words for turn in script.turns]
    assert all(turn.n_words > 0 for turn in script.turns)
    assert [0, *ends] == [*first_words, len(script.words)] if script.turns else not script.words


@given(texts.map(lambda text: re.sub(r"[][:]", "", text)))
def test_no_letter_is_lost_or_invented(text: str) -> None:
    script = parse_transcript(text, SPEAKERS)
    retained = " ".join([*script.words, *(sound.text for sound in script.sounds)])
    assert Counter(re.findall(r"\w", retained)) == Counter(re.findall(r"\w", text))


@given(texts)
def test_the_words_letters_are_the_texts_in_order(text: str) -> None:
    letters = iter(text)
    words = parse_transcript(text, SPEAKERS).words
    assert all(char in letters for word in words for char in word if char.isalnum())


@given(st.lists(plain_words, min_size=1))
def test_plain_words_come_back_as_they_are(words: list[str]) -> None:
    tokens = " ".join(words).split()
    assert parse_transcript(" ".join(tokens)).words == tuple(tokens)


@given(texts)
def test_sounds_stand_in_order_inside_the_text(text: str) -> None:
    script = parse_transcript(text, SPEAKERS)
    places = [sound.after_word for sound in script.sounds]
    assert places == sorted(places)
    assert all(-1 <= place < len(script.words) for place in places)


@pytest.mark.parametrize("mark", ["[1]", "[12]", "[note 3]", "[^4]"])
def test_the_mark_of_a_note_is_no_word(mark: str) -> None:
    script = parse_transcript(f"we went{mark}. then (mostly) home{mark}, and {mark} back")
    assert script.words == ("we", "went.", "then", "home,", "and", "back")
    assert script.n_headings == 3
    everything = read_brackets(script, find_undecided(script)).script
    assert " ".join(everything.words) == f"we went. then (mostly) home, and {mark} back"
