"""A words.json read as an item's text: its words, turns and sounds, without their times.

Plain transcripts are parsed in `transcript.py`.
"""

import json
from collections.abc import Sequence
from dataclasses import replace

from pipeline.alignment.parsed_text import Script, find_glued, make_script
from pipeline.codec import from_plain
from pipeline.errors import ConfigError, MediaError
from pipeline.records import Bracket, Sound, SpokenTurn, TimedText

_REMEDY = "give the words.json of an item, or plain text"


def parse_words(text: str, speakers: Sequence[str] = ()) -> Script:
    """The script of a words.json; where the job names speakers, inferred ones are inferred again.

    Raises:
        MediaError: the text is no words.json.
    """
    try:
        timed = from_plain(json.loads(text), TimedText, "text")
    except (ValueError, RecursionError, ConfigError) as error:
        problem = error.problem if isinstance(error, ConfigError) else "not JSON"
        raise MediaError("text", f"not a words.json ({problem})", _REMEDY) from error
    words = [word.text for word in timed.words]
    if odd := next((word for word in words if word.split() != [word]), None):
        raise MediaError("text", f"not a words.json ({odd!r} is not one word)", _REMEDY)
    turns = [
        SpokenTurn(
            None if speakers and turn.speaker_from == "inferred" else turn.speaker,
            tuple(words[turn.first_word : turn.first_word + turn.n_words]),
            tuple(
                (sound.text, sound.after_word + 1 - turn.first_word)
                for sound in timed.sounds
                if turn.first_word <= _find_home(sound) < turn.first_word + turn.n_words
            ),
        )
        for turn in timed.turns
    ]
    unsaid = tuple(number for number, word in enumerate(timed.words) if word.is_unsaid)
    brackets = tuple(
        Bracket((word.text,), number - 1, is_sound=False)
        for number, word in enumerate(timed.words)
        if word.from_bracket
    )
    script = make_script(turns, speakers)
    return replace(script, glued=find_glued(timed.words), unsaid=unsaid, brackets=brackets)


def _find_home(sound: Sound) -> int:
    """The index of a word in the turn that a sound belongs to."""
    return sound.after_word + 1 if sound.opens_turn else max(0, sound.after_word)
