"""Talks to choose from: of two people, of one, and any at all."""

from hypothesis import strategies as st

from pipeline.clips.options import ClipOptions
from pipeline.clips.requests import ClipRequest
from pipeline.clips.select import select_clips
from pipeline.clips.sentences import Recording
from pipeline.levels import Levels
from pipeline.records import Clip, TimedText, Topic
from tests.topics.texts import speak

OPENING = "Welcome back. Today we talk about boats and other things that float on water."
ASKED = "What was the hardest thing about sailing alone across the northern sea?"
ANSWERED = (
    "The waves were higher than the mast. I tied myself to the rudder for two nights. "
    "Sleep came in pieces. The compass broke on the third day. A whale followed the keel. "
    "Then the harbour lights appeared, and the storm was over."
)
ASIDE = "Wow."
MORE = "Nobody believed a word of it later. The keel is in a museum today."
THEN = "And how do you bake bread on a boat that leans to one side?"
BAKED = "Flour and salt go into a bowl. The oven swings. That is all there is to it."


def interview() -> TimedText:
    """A welcome, two questions and two answers, the first with an aside inside."""
    return speak(OPENING, "Thank you.", ASKED, ANSWERED, ASIDE, MORE, THEN, BAKED)


def about(timed: TimedText, *firsts: int, keywords: tuple[str, ...] = ()) -> tuple[Topic, ...]:
    """Topics that begin with these words."""
    ends = (*firsts[1:], len(timed.words))
    starts_ms = [0, *((timed.words[first].start_ms or 0) for first in firsts[1:])]
    ends_ms = [*starts_ms[1:], timed.duration_ms]
    return tuple(
        Topic(f"Topic {first}", start_ms, end_ms, first, end - first, keywords)
        for first, end, start_ms, end_ms in zip(firsts, ends, starts_ms, ends_ms, strict=True)
    )


def choose(
    timed: TimedText,
    *requests: ClipRequest,
    topics: tuple[Topic, ...] = (),
    sound: Levels | None = None,
) -> tuple[Clip, ...]:
    return select_clips(ClipOptions(select=requests), Recording(timed, topics, sound), "Talk")


def text_of(clip: Clip, timed: TimedText) -> str:
    words = timed.words[clip.first_word : clip.first_word + clip.n_words]
    return " ".join(word.text for word in words)


_WORDS = st.sampled_from("the boat sails bread oven and so tell me waves honest keel".split())
_SENTENCES = st.tuples(st.lists(_WORDS, min_size=1, max_size=14), st.sampled_from(".?!")).map(
    lambda spoken: " ".join(spoken[0]) + spoken[1]
)


@st.composite
def talks(draw: st.DrawFn) -> TimedText:
    """Any talk of punctuated turns."""
    turns = draw(st.lists(st.lists(_SENTENCES, min_size=1, max_size=8), min_size=1, max_size=8))
    pauses = draw(st.dictionaries(st.integers(0, 7), st.integers(0, 3_000), max_size=4))
    speakers = draw(st.sampled_from([("host", "guest"), (None,)]))
    pause_ms = draw(st.sampled_from([0, 60, 400]))
    return speak(
        *(" ".join(turn) for turn in turns),
        speakers=speakers,
        pause_ms=pause_ms,
        before_ms=pauses,
    )


def edges_are_clean(clip: Clip, timed: TimedText) -> bool:
    """Whether a clip begins and ends where a sentence or turn does, and cuts no word."""
    firsts = {turn.first_word for turn in timed.turns}
    before = timed.words[clip.first_word - 1] if clip.first_word else None
    after = clip.first_word + clip.n_words
    begins = before is None or before.text[-1] in ".?!" or clip.first_word in firsts
    ends = timed.words[after - 1].text[-1] in ".?!" or after in firsts or after == len(timed.words)
    cuts = any(
        (word.start_ms or 0) < edge_ms < (word.end_ms or 0)
        for word in timed.words
        for edge_ms in (clip.start_ms, clip.end_ms)
    )
    return begins and ends and not cuts
