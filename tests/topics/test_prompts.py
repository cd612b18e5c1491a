"""A language model is shown a topic's beginning and end; of its reply one line is a title."""

import pytest

from pipeline.records import Topic
from pipeline.topics.prompts import format_prompt, read_title


def test_a_prompt_has_the_keywords_and_the_words_of_the_topic_alone() -> None:
    tokens = [f"w{n}" for n in range(1000)]
    prompt = format_prompt(Topic("Old", 0, 9, 100, 800, ("bees", "hive")), tokens)
    assert prompt.startswith("Keywords: bees, hive\n\nTranscript: w100 w101 ")
    assert prompt.endswith(" w898 w899")
    assert len(prompt.split()) < 320
    short = format_prompt(Topic("Old", 0, 9, 0, 3), tokens)
    assert short.endswith("Transcript: w0 w1 w2")


@pytest.mark.parametrize(
    ("reply", "title"),
    [
        ("Keeping Bees", "Keeping Bees"),
        ('"Keeping Bees."\nI chose this because …', "Keeping Bees"),
        ("Title: **Bees**", "Bees"),
        ("<think>what about\nbees</think>\n\nBees", "Bees"),
        ("", ""),
        ("\x00\n", ""),
        ("I am sorry, but " * 20, ""),
    ],
)
def test_a_title_is_one_short_line(reply: str, title: str) -> None:
    assert read_title(reply) == title
