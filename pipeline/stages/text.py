"""Stage text: the item's text to script.json; the only stage that reads it.

A transcript, captions or a words.json, told apart by content; each is parsed in its own room.
Documents with markup (HTML, Markdown, RTF, DOCX) are transcripts.
"""

import re
from dataclasses import fields, replace

from pipeline.alignment.parsed_text import Script, make_script
from pipeline.alignment.transcript import parse_transcript
from pipeline.alignment.words_text import parse_words
from pipeline.captions.caption_text import CaptionText, read_caption_text
from pipeline.captions.formats import READERS, find_format
from pipeline.captions.vtt import read_head
from pipeline.documents.reading import read_document
from pipeline.errors import CuecastError, MediaError
from pipeline.job.context import StepContext
from pipeline.records import Media
from pipeline.stages.script import SCRIPT_NAME, ItemText
from pipeline.verbalization.spoken_text import WORD_LETTERS, limit_words

_OTHER_CAPTIONS = re.compile(
    r"\s*(?:(?P<ass>\[Script Info\])|(?:<\?xml[^>]*>\s*)?<(?:\w+:)?tt[\s>])", re.IGNORECASE
)


def run(context: StepContext) -> None:
    """Write script.json.

    Raises:
        MediaError: the text can't be read, is not what its name says, has no words, or far too many
            letters for its recording.
    """
    path = context.source("text")
    max_words = limit_words(context.load("ingest", "media.json", Media).duration_ms)
    speakers = context.option("speakers", tuple[str, ...])
    try:
        script = parse_text(read_document(path), path.name, speakers, max_words)
    except CuecastError as error:
        raise MediaError(str(path), error.problem, error.remedy) from error
    context.save(SCRIPT_NAME, script)


def parse_text(text: str, name: str, speakers: tuple[str, ...], max_words: int) -> ItemText:
    """Parse a text by its content and the name of its file.

    Raises:
        MediaError: as in `run`.
    """
    form = find_format(text, name)
    is_json = name.lower().endswith(".json") or (
        text.lstrip().startswith("{") and '"words"' in text
    )
    if not is_json and len(text) > max_words * WORD_LETTERS:
        problem = f"has {len(text):,} letters, far too many for its recording"
        raise MediaError("text", problem, "give the part of it that was recorded")
    if form is not None:
        parsed = _parse_captions(text, form, speakers)
    elif is_json:
        parsed = _make_text("words", parse_words(text, speakers))
    else:
        _refuse_other_captions(text)
        parsed = _make_text("transcript", parse_transcript(text, speakers))
    if not any(char.isalnum() for word in parsed.words for char in word):
        raise MediaError("text", "has no words", "give the text that was spoken, or none")
    return parsed


def _parse_captions(text: str, form: str, speakers: tuple[str, ...]) -> ItemText:
    """The script of captions. Several speakers don't alternate: not every turn is marked."""
    captions = read_caption_text(READERS[form](text), speakers)
    script = make_script(captions.turns, speakers if len(speakers) == 1 else ())
    script = replace(
        script,
        brackets=captions.brackets,
        n_time_codes=captions.n_time_codes,
        n_headings=captions.n_headings,
    )
    return _make_text(form, script, captions, read_head(text) if form == "vtt" else "")


def _make_text(
    form: str, script: Script, captions: CaptionText | None = None, head: str = ""
) -> ItemText:
    parts = {field.name: getattr(script, field.name) for field in fields(script)}
    return ItemText(**parts, format=form, captions=captions, head=head)


def _refuse_other_captions(text: str) -> None:
    """Refuse captions in formats that are not read, as their markup would be taken for words.

    Raises:
        MediaError: the text is ASS, SSA or TTML.
    """
    if other := _OTHER_CAPTIONS.match(text):
        kind = "ASS" if other["ass"] else "TTML"
        remedy = "convert it to SRT or WebVTT first (ffmpeg -i FILE captions.srt)"
        raise MediaError("text", f"is {kind}, which is not read", remedy)
