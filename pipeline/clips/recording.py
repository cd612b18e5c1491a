"""What clips are chosen from: words, topics and sound levels; and one speaker's words."""

from dataclasses import dataclass, replace

from pipeline.errors import MediaError, did_you_mean
from pipeline.levels import Levels
from pipeline.records import TimedText, Topic


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording's words and topics; `sound` if its levels were measured."""

    timed: TimedText
    topics: tuple[Topic, ...] = ()
    sound: Levels | None = None


def find_speaker(timed: TimedText, name: str, what: str) -> str:
    """A speaker of the text by name, whatever its case.

    Raises:
        MediaError: no speaker has the name.
    """
    names = sorted({turn.speaker for turn in timed.turns if turn.speaker is not None})
    for known in names:
        if known.casefold() == name.casefold():
            return known
    remedy = did_you_mean(name, names, "speakers") if names else "name the item's speakers"
    raise MediaError(what, f"no speaker is called {name!r}", remedy)


def mute_others(timed: TimedText, speaker: str) -> TimedText:
    """The text with the words of all other speakers marked unspoken."""
    words = tuple(
        word
        if timed.turns[word.turn].speaker == speaker
        else replace(word, start_ms=None, end_ms=None, status="unspoken", confidence=0.0)
        for word in timed.words
    )
    return replace(timed, words=words)
