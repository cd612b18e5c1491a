"""How the transcript is laid out in paragraphs."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.preview.transcript import (
    MAX_PARAGRAPH_WORDS,
    N_COLOURS,
    PARAGRAPH_WORDS,
    Paragraph,
    lay_out,
    number_speakers,
)
from pipeline.records import Sound, Stretch, TimedText, Topic
from tests.preview.views import say


def set_text(timed: TimedText, *topics: Topic) -> list[Paragraph]:
    return lay_out(timed, topics, number_speakers(timed))


def words_of(paragraph: Paragraph) -> str:
    return " ".join(token.text for token in paragraph.tokens)


def test_a_turn_is_a_paragraph_under_its_speaker() -> None:
    first, second = set_text(say(("host", "Hello there."), ("guest", "Hello.")))
    assert (first.speaker, first.colour, words_of(first)) == ("host", 0, "Hello there.")
    assert (second.speaker, second.colour, second.start_ms) == ("guest", 1, 1500)


def test_a_long_turn_gets_paragraphs_where_sentences_end() -> None:
    line = " ".join(["word"] * PARAGRAPH_WORDS + ["end.”"] + ["more"] * 5)
    first, second = set_text(say(("host", line)))
    assert len(first.tokens) == PARAGRAPH_WORDS + 1
    assert (first.is_turn, second.is_turn) == (True, False)


def test_a_turn_without_sentences_is_cut_anyway() -> None:
    sizes = [len(part.tokens) for part in set_text(say((None, "word " * 600)))]
    assert sizes == [MAX_PARAGRAPH_WORDS, MAX_PARAGRAPH_WORDS, 100]


def test_a_topic_begins_a_paragraph() -> None:
    topics = (Topic("One", 0, 1500, 0, 2), Topic("Two", 1500, 9000, 2, 1))
    first, second = set_text(say(("host", "Hello there. New.")), *topics)
    assert (first.topic_number, second.topic_number) == (1, 2)
    assert second.topic is topics[1]
    assert not second.is_turn


def test_a_subtopic_begins_a_paragraph() -> None:
    parts = (Topic("Hello", 0, 1500, 0, 2), Topic("New", 1500, 9000, 2, 1))
    topic = Topic("All", 0, 9000, 0, 3, subtopics=parts)
    first, second = set_text(say(("host", "Hello there. New.")), topic)
    assert (first.topic, first.part) == (topic, parts[0])
    assert (second.topic, second.part) == (None, parts[1])


def test_words_stand_out_by_status_and_confidence() -> None:
    (paragraph,) = set_text(say((None, "sure ~guessed -silent ?shaky")))
    assert [token.mark for token in paragraph.tokens] == ["", "estimated", "unspoken", "low"]


def test_sounds_stand_where_the_text_has_them() -> None:
    sounds = (Sound("music", -1), Sound("laughing", 0, 1200, 1250))
    before, paragraph = set_text(say((None, "one two"), sounds=sounds))
    assert [token.text for token in before.tokens] == ["music"]
    assert [token.text for token in paragraph.tokens] == ["one", "laughing", "two"]


def test_a_sound_that_opens_a_turn_stands_in_its_paragraph() -> None:
    sounds = (Sound("music", -1, opens_turn=True), Sound("laughing", 1, opens_turn=True))
    first, second = set_text(say(("host", "one two"), ("guest", "three"), sounds=sounds))
    assert words_of(first) == "music one two"
    assert words_of(second) == "laughing three"


def test_speech_that_the_text_lacks_stands_where_it_was_spoken() -> None:
    unheard = (Stretch(200, 900), Stretch(1490, 1900), Stretch(5000, 65_000))
    before, paragraph = set_text(say((None, "one two -never three"), unheard=unheard))
    assert [token.text for token in before.tokens] == ["0:00–0:00"]
    assert [token.text for token in paragraph.tokens] == [
        "one", "two", "0:01–0:01", "never", "three", "0:05–1:05",
    ]  # fmt: skip


def test_a_word_that_turns_the_direction_of_writing_is_set_apart() -> None:
    (paragraph,) = set_text(say((None, "plain \u202eturned \u200fmark")))
    assert [token.is_isolated for token in paragraph.tokens] == [False, True, False]


def test_speakers_beyond_the_colours_share_them() -> None:
    timed = say(*((f"speaker {i}", "word") for i in range(N_COLOURS + 1)))
    assert number_speakers(timed)[f"speaker {N_COLOURS}"] == 0


@given(st.lists(st.lists(st.sampled_from(["a", "b.", "-c", "~d"]), max_size=200), max_size=8))
def test_every_word_is_kept_once_and_in_order(lines: list[list[str]]) -> None:
    timed = say(*((None, " ".join(line)) for line in lines))
    tokens = [token.text for part in set_text(timed) for token in part.tokens]
    assert tokens == [word.text for word in timed.words]
