"""What clips are chosen from: the words, the topics, how loud it is; and who says what of it."""

from dataclasses import dataclass, replace

from pipeline.clips.emphasis import SoundLevels
from pipeline.errors import MediaError, did_you_mean
from pipeline.records import TimedText, Topic


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording's words and topics; `sound` where anyone measured how loud it is."""

    timed: TimedText
    topics: tuple[Topic, ...] = ()
    sound: SoundLevels | None = None


def find_speaker(timed: TimedText, name: str, what: str) -> str:
    """A speaker of the text by name, whatever its case.

    Raises:
        MediaError: nobody is called so.
    """
    names = sorted({turn.speaker for turn in timed.turns if turn.speaker is not None})
    for known in names:
        if known.casefold() == name.casefold():
            return known
    remedy = did_you_mean(name, names, "speakers") if names else "name the item's speakers"
    raise MediaError(what, f"no speaker is called {name!r}", remedy)


def mute_others(timed: TimedText, speaker: str) -> TimedText:
    """The text as if nobody but one speaker had said anything; no word is lost."""
    words = tuple(
        word
        if timed.turns[word.turn].speaker == speaker
        else replace(word, start_ms=None, end_ms=None, status="unspoken", confidence=0.0)
        for word in timed.words
    )
    return replace(timed, words=words)
