"""Which words of a text a recogniser is told to listen for."""

import pytest

from pipeline.alignment.names import MAX_NAMES, find_names

TALK = (
    "Well, we met Skarnholt in Fundy. Tides there rise fifteen metres, says Skarnholt's report"
    " (and Fundy's own). I think I'm sure. Most of what we know of tides is older than that, and"
    " we will be looking at some of it in the days that come, one after the other, as they do."
)


def test_names_are_capitals_that_no_sentence_asks_for_most_frequent_first() -> None:
    assert find_names(TALK.split(), [0]) == ("Skarnholt", "Fundy")


def test_who_begins_to_speak_begins_a_sentence() -> None:
    words = "so they went on and on - Then it was over and - Then they were home again".split()
    starts = [index + 1 for index, word in enumerate(words) if word == "-"]
    assert find_names(words, starts) == ()
    assert find_names("so they went on and on with Then and more of the".split(), [0]) == ("Then",)


def test_a_word_more_often_written_small_is_none() -> None:
    text = "we saw the Moon and the moon and the moon again, with all the Earth in its sky there"
    assert find_names(text.split(), [0]) == ("Earth",)


@pytest.mark.parametrize(
    "text",
    [
        "wir sahen das Haus mit dem Garten und die Katze auf der Mauer neben dem Tor und mehr",
        "WE SAW THE HOUSE AND ALL OF IT WAS GOOD",
        "大家好，欢迎收听今天的节目。",
        "",
        "-- … --",
    ],
)
def test_where_capitals_mark_more_than_names_there_are_none(text: str) -> None:
    assert find_names(text.split(), [0]) == ()


def test_a_few_are_enough() -> None:
    text = " ".join(
        f"here is N{chr(97 + n // 26)}{chr(97 + n % 26)} and so it goes on" for n in range(99)
    )
    assert len(find_names(text.split(), [0])) == MAX_NAMES
