"""The prompt that asks a language model for a topic's title, and the title in its reply.

The request is sent elsewhere; without a model, titles are those of `titles.py`.
"""

from collections.abc import Sequence

from pipeline.records import Topic

OPENING_WORDS = 220
CLOSING_WORDS = 80
MAX_TITLE_CHARS = 70

SYSTEM = (
    "You name the chapters of recorded talks. Reply with the title alone: two to seven words that"
    " say what this chapter is about, in the language of the talk, without quotes or a full stop."
)


def format_prompt(topic: Topic, tokens: Sequence[str]) -> str:
    """The prompt for a topic: its keywords, its beginning and its end."""
    spoken = tokens[topic.first_word : topic.first_word + topic.n_words]
    text = " ".join(spoken)
    if len(spoken) > OPENING_WORDS + CLOSING_WORDS:
        text = f"{' '.join(spoken[:OPENING_WORDS])} […] {' '.join(spoken[-CLOSING_WORDS:])}"
    return f"Keywords: {', '.join(topic.keywords)}\n\nTranscript: {text}"


def read_title(reply: str) -> str:
    """The title in a reply; empty if there is none.

    Reasoning before `</think>`, quotes and "Title:" are removed.
    """
    lines = reply.rpartition("</think>")[2].strip().splitlines()
    title = lines[0].strip() if lines else ""
    title = "".join(char for char in title if char.isprintable())
    title = title.removeprefix("Title:").strip(" \"'“”«»*#`.")
    return title if len(title) <= MAX_TITLE_CHARS else ""
