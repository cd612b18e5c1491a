"""The words in a second language, as stages after `translate` read them. No stage itself."""

from pipeline.alignment.translation import carry_turns
from pipeline.job.context import StepContext
from pipeline.recognizers.options import TranslateOptions
from pipeline.records import TimedText


def name_translation(language: str) -> str:
    """The name of the file with the words in another language."""
    return f"words.{language}.json"


def load_translation(context: StepContext, timed: TimedText) -> TimedText | None:
    """The words in another language, with the original's turns; None where there are none."""
    language = context.option("translate", TranslateOptions).to
    if language is None or not context.has_input("translate", name_translation(language)):
        return None
    return carry_turns(context.load("translate", name_translation(language), TimedText), timed)
