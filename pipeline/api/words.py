"""`read_words` and `find_topics`: timed words from a file, and what they are about."""

from pathlib import Path
from typing import Unpack

from pipeline.api.arguments import check_words, take_path
from pipeline.api.keywords import TopicKeywords
from pipeline.codec import read_record
from pipeline.errors import ConfigError, MediaError, StepError
from pipeline.job.executors.process import call_in_child
from pipeline.records import TimedText, Topic
from pipeline.single_item import read_section
from pipeline.topics.options import TopicOptions

EMBEDDING_TIMEOUT_S = 3_600.0
"""Time for a sentence model over the longest recording."""


def read_words(path: str | Path) -> TimedText:
    """Read a words.json, of an item's folder or saved by `TimedText.save`.

    Raises:
        MediaError: it can't be read, or is no words.json.
    """
    try:
        return read_record(take_path("path", path), TimedText)
    except StepError as error:
        raise MediaError(error.where, error.problem, "give the words.json of an item") from error


def find_topics(words: TimedText, **options: Unpack[TopicKeywords]) -> tuple[Topic, ...]:
    """Find the topics of timed words, in order, with their subtopics; none without words.

    Args:
        options: the keys of a job file's `topics:` section but `titles`, which needs a network.
    Raises:
        CuecastError: a ConfigError if an option is wrong; an EngineError if the embedder is.
    """
    check_words(words)
    chosen = read_section("topics", TopicOptions, options)
    if chosen.titles is not None:
        raise ConfigError("topics.titles", "means nothing here", "use a job file")
    if chosen.embedder:
        found: tuple[Topic, ...] = call_in_child(
            f"{__name__}:find_with_embedder", words, chosen, timeout_s=EMBEDDING_TIMEOUT_S
        )
        return found
    from pipeline.topics import find

    return find.find_topics(words, chosen).topics


def find_with_embedder(words: TimedText, options: TopicOptions) -> tuple[Topic, ...]:
    """Find topics with a sentence model's help; in a child process, as it is native code."""
    from pipeline.language_models.sentence_encoder import load_sentence_encoder
    from pipeline.topics import find

    encoder = load_sentence_encoder(options.embedder or "", 1)
    return find.find_topics(words, options, encoder.encode).topics
