"""A recogniser that returns the words of a file: for tests, and for transcripts made elsewhere.

The file is a transcript.json with times since the first sample.
"""

from collections.abc import Sequence
from pathlib import Path

from pipeline.codec import read_record
from pipeline.contracts import EngineRequest, Hints, Recognition, Samples
from pipeline.records import Progress, Stretch, Transcript


class ScriptedRecognizer:
    """Returns a transcript, whatever the sound."""

    def __init__(self, script: Path) -> None:
        self._script = script

    def transcribe(
        self, samples: Samples, speech: Sequence[Stretch], hints: Hints, progress: Progress
    ) -> Recognition:
        """The file's segments, and the words it has as refused.

        Raises:
            StepError: the file is missing or no transcript.
        """
        script = read_record(self._script, Transcript)
        name = self._script.name
        recognized = (script.segments, script.refused)
        return Recognition(script.language, "scripted", name, "cpu", *recognized)


def load(request: EngineRequest) -> ScriptedRecognizer:
    """The recogniser of the script that `transcribe.model` names."""
    return ScriptedRecognizer(Path(request.model))
