"""A stage in place of `align` that saves the evidence for each word, before anything is decided."""

import json

from pipeline.alignment.brackets import read_brackets
from pipeline.alignment.confidence import collect_evidence
from pipeline.job.context import StepContext
from pipeline.records import Transcript
from pipeline.stages.align import find_tokens, read_script, speak_reading

EVIDENCE_NAME = "evidence.json"


def run(context: StepContext) -> None:
    """Align, and save for each token that is spoken somehow: its first word, when it was found
    (null if it was not), its features, the second recogniser's ratio (null if it was not asked)."""
    transcript = context.load("transcribe", "transcript.json", Transcript)
    written = read_script(context, transcript)
    text = speak_reading(context, read_brackets(written, ()), transcript.language)
    found, _ = find_tokens(context, text, transcript)
    evidence = collect_evidence(text, found)
    words = [
        {
            "word": first,
            "start_ms": time.start_ms if time else None,
            "features": evidence.get(token, {}),
            "ratio": time.rescored if time else None,
        }
        for token, (time, first) in enumerate(
            zip(found.times, text.find_first_words()[:-1], strict=True)
        )
        if text.forms[token][0]
    ]
    context.path(EVIDENCE_NAME).write_text(json.dumps(words))
