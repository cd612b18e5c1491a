"""The item's text, parsed and verbalised, and the cues of its caption file, for several stages.

No stage itself.
"""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.alignment.options import AlignOptions
from pipeline.alignment.transcript import Script, make_script, parse_transcript
from pipeline.alignment.translation import carry_turns
from pipeline.captions.caption_text import find_turns, read_caption_text
from pipeline.captions.formats import READERS, find_format
from pipeline.captions.options import CaptionOptions
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.profile import find_profile
from pipeline.captions.retimed_cues import RetimedCues, retime
from pipeline.captions.vtt import read_head
from pipeline.codec import from_plain
from pipeline.errors import ConfigError, CuecastError, MediaError
from pipeline.job.context import StepContext
from pipeline.pronunciation.lexicon import Lexicon
from pipeline.recognizers.options import TranslateOptions
from pipeline.records import RecognizedWord, Sound, SpokenTurn, TimedText, Word
from pipeline.text_file import read_text_file
from pipeline.verbalization.spoken_text import WORD_LETTERS, SpokenText, speak_text
from pipeline.verbalization.vocabulary import read_vocabulary

_OTHER_CAPTIONS = re.compile(
    r"\s*(?:(?P<ass>\[Script Info\])|(?:<\?xml[^>]*>\s*)?<(?:\w+:)?tt[\s>])", re.IGNORECASE
)


def read_script(
    context: StepContext, speakers: tuple[str, ...] = (), max_words: int = sys.maxsize
) -> Script:
    """Read the item's text: a transcript, captions, or words.json, told apart by content.

    Raises:
        MediaError: the text can't be read, is not what its name says, has no words, or far too many
            letters for its recording.
    """
    path, text, form = _read_text(context)
    is_json = path.suffix.lower() == ".json" or (
        text.lstrip().startswith("{") and '"words"' in text
    )
    if not is_json and len(text) > max_words * WORD_LETTERS:
        problem = f"has {len(text):,} letters, far too many for its recording"
        raise MediaError(str(path), problem, "give the part of it that was recorded")
    try:
        if form is not None:
            script = _read_captions(READERS[form](text), speakers)
        elif is_json:
            script = _read_words(text, speakers)
        else:
            _refuse_other_captions(text)
            script = parse_transcript(text, speakers)
    except CuecastError as error:
        raise MediaError(str(path), error.problem, error.remedy) from error
    if not any(char.isalnum() for word in script.words for char in word):
        raise MediaError(str(path), "has no words", "give the text that was spoken, or none")
    return script


def keep_cues(context: StepContext, timed: TimedText) -> RetimedCues | None:
    """The text's own cues at new times; None where it has none, or new ones are to be made.

    Raises:
        MediaError: the text is no longer the one that was aligned.
    """
    options = context.option("captions", CaptionOptions)
    if options.breaks == "auto" or not context.has_source("text"):
        return None
    path, text, form = _read_text(context)
    if form is None:
        return None
    caption_text = read_caption_text(
        READERS[form](text), context.option("speakers", tuple[str, ...])
    )
    words = [word for turn in caption_text.turns for word in turn.words]
    sounds = [name for turn in caption_text.turns for name, _ in turn.sounds]
    timed_sounds = [sound.text for sound in timed.sounds]
    if (words, sounds) != ([word.text for word in timed.words], timed_sounds):
        raise MediaError(str(path), "changed while the job ran", "run the job again")
    head = read_head(text) if form == "vtt" else ""
    return replace(
        retime(caption_text, timed, find_profile(options.profile, timed.language)), head=head
    )


def name_translation(language: str) -> str:
    """The name of the file with the words in another language."""
    return f"words.{language}.json"


def read_translation(context: StepContext, timed: TimedText) -> TimedText | None:
    """The words in another language, with the original's turns; None where there are none."""
    language = context.option("translate", TranslateOptions).to
    if language is None or not context.input("translate", name_translation(language)).is_file():
        return None
    return carry_turns(context.load("translate", name_translation(language), TimedText), timed)


def _read_text(context: StepContext) -> tuple[Path, str, str | None]:
    """The path of the item's text, the text, and its caption format if it has one."""
    path = context.source("text")
    text = read_text_file(path)
    return path, text, find_format(text, path.name)


def _refuse_other_captions(text: str) -> None:
    """Refuse captions in formats that are not read, as their markup would be taken for words.

    Raises:
        MediaError: the text is ASS, SSA or TTML.
    """
    if other := _OTHER_CAPTIONS.match(text):
        kind = "ASS" if other["ass"] else "TTML"
        remedy = "convert it to SRT or WebVTT first (ffmpeg -i FILE captions.srt)"
        raise MediaError("text", f"is {kind}, which is not read", remedy)


def _read_captions(cues: Sequence[RawCue], speakers: tuple[str, ...]) -> Script:
    """The script of captions. Several speakers don't alternate: not every turn is marked."""
    return make_script(find_turns(cues, speakers), speakers if len(speakers) == 1 else ())


def _read_words(text: str, speakers: tuple[str, ...]) -> Script:
    """The script of a words.json; where the job names speakers, inferred ones are inferred again.

    Raises:
        CuecastError: the text is no words.json.
    """
    remedy = "give the words.json of an item, or plain text"
    try:
        timed = from_plain(json.loads(text), TimedText, "text")
    except (ValueError, RecursionError, ConfigError) as error:
        problem = error.problem if isinstance(error, ConfigError) else "not JSON"
        raise MediaError("text", f"not a words.json ({problem})", remedy) from error
    words = [word.text for word in timed.words]
    if odd := next((word for word in words if word.split() != [word]), None):
        raise MediaError("text", f"not a words.json ({odd!r} is not one word)", remedy)
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
    return replace(make_script(turns, speakers), glued=find_glued(timed.words))


def _find_home(sound: Sound) -> int:
    """The index of a word in the turn that a sound belongs to."""
    return sound.after_word + 1 if sound.opens_turn else max(0, sound.after_word)


def find_glued(words: Sequence[Word | RecognizedWord]) -> frozenset[int]:
    """The indices of the words without a space before them."""
    return frozenset(number for number, word in enumerate(words) if word.is_glued)


def speak_script(
    context: StepContext, script: Script, language: str, max_words: int = sys.maxsize
) -> SpokenText:
    """The text's spoken forms; in English without forms that the lexicon can't pronounce.

    Raises:
        AlignmentError: there are more than `max_words` spoken words.
    """
    return speak_words(context, script.words, language, max_words)


def speak_words(
    context: StepContext, words: Sequence[str], language: str, max_words: int = sys.maxsize
) -> SpokenText:
    """The spoken forms of some words, as in `speak_script`."""
    given = context.option("align", AlignOptions).vocabulary
    vocabulary = read_vocabulary(given)
    if language != "en":
        return speak_text(words, language, vocabulary=vocabulary, max_words=max_words)
    lexicon = Lexicon(given)
    return speak_text(
        words, language, lambda word: bool(lexicon.pronounce(word)), vocabulary, max_words
    )
