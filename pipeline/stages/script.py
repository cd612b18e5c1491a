"""script.json, the item's text as the stages after `text` read it. No stage itself."""

from pipeline.alignment.parsed_text import Script
from pipeline.captions.caption_text import CaptionText
from pipeline.job.context import StepContext
from pipeline.records import record

SCRIPT_NAME = "script.json"


@record
class ItemText(Script):
    """script.json: an item's text, parsed.

    `format`: transcript, words, vtt or srt. `captions`: a caption file's turns as they are labelled
    there, and its cues; `head`: its STYLE and REGION blocks.
    """

    format: str = "transcript"
    captions: CaptionText | None = None
    head: str = ""
    version: int = 1


def has_text(context: StepContext) -> bool:
    """Whether the item has a text."""
    return context.has_input("text", SCRIPT_NAME)


def load_text(context: StepContext) -> ItemText:
    """The text of an item that has one."""
    return context.load("text", SCRIPT_NAME, ItemText)
