"""The same texts timed by viter (MFA's recipe), which is trained on these recordings themselves.

It needs short utterances: the recording is cut in the pauses between cuecast's words. Nothing else
of cuecast's times goes in.
"""

import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from people_parts.recordings import Recording, write_sound
from people_parts.runs import Judged, judge
from people_parts.wrong_words import bare
from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.pronunciation.lexicon import Lexicon

PAUSE_MS = 200
"""The shortest pause that is cut in."""
SAMPLES_A_MS = SAMPLE_RATE_HZ // 1000

Cut = tuple[list[int], float, float]
"""The indices of an utterance's words, and when it begins and ends, in ms."""


def align_with_viter(
    recordings: Mapping[str, Recording], found: Mapping[str, Sequence[Judged]], packages: Path
) -> dict[str, list[Judged]]:
    """The words of recordings as viter times them, trained on all of these together.

    It runs in processes of its own, as it ends the process where it has too little sound; then it
    is trained without LDA and speaker adaptation. Words of utterances where it fails have no times.

    Args:
        found: cuecast's words of each recording.
        packages: the folder where `pip install --target` put viter.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "corpus").mkdir()
        tokens = (token for recording in recordings.values() for token in recording.tokens)
        words = sorted({bare(token.text) for token in tokens} - {""})
        (folder / "words.dict").write_text("".join(_list_pronunciations(words)))
        cuts = {
            key: _write_utterances(recording, found[key], folder / "corpus" / f"{number:02}")
            for number, (key, recording) in enumerate(recordings.items())
        }
        model, options = folder / "model.viter", ["--dict", str(folder / "words.dict"), "--cpu"]
        train = ["train", str(folder / "corpus"), "-o", str(model), *options]
        align = ["align", str(folder / "corpus"), str(model), "-o", str(folder / "out"), "--ctm"]
        if _run(packages, train) or _run(packages, [*train, "--no-lda", "--no-sat"]):
            _run(packages, [*align, *options])
        return {
            key: judge(recordings[key], _read_times(recordings[key], own, folder / "out"))
            for key, own in cuts.items()
        }


def _write_utterances(
    recording: Recording, found: Sequence[Judged], speaker: Path
) -> dict[str, Cut]:
    """The recording's utterances as files in a folder, by the names that viter gives them."""
    speaker.mkdir()
    cuts = {}
    for number, (indices, start_ms, end_ms) in enumerate(cut_in_pauses(recording, found)):
        own = [index for index in indices if bare(recording.tokens[index].text)]
        path = speaker / f"{number:04}.wav"
        write_sound(path, recording.samples[_sample(start_ms) : _sample(end_ms)])
        text = " ".join(bare(recording.tokens[index].text) for index in own)
        path.with_suffix(".txt").write_text(text + "\n")
        cuts[f"{speaker.name}/{path.stem}"] = (own, start_ms, end_ms)
    return cuts


def cut_in_pauses(recording: Recording, found: Sequence[Judged]) -> Iterator[Cut]:
    """Utterances: words between pauses, and their sound from the middle of one to the next's."""
    start_ms, end_ms = 0.0, None
    indices: list[int] = []
    by_index = {word.index: word for word in found}
    for index in range(len(recording.tokens)):
        word = by_index.get(index)
        if word and word.start_ms is not None and word.end_ms is not None:
            if end_ms is not None and word.start_ms - end_ms >= PAUSE_MS:
                middle_ms = (end_ms + word.start_ms) / 2
                yield indices, start_ms, middle_ms
                indices, start_ms = [], middle_ms
            end_ms = word.end_ms
        indices.append(index)
    yield indices, start_ms, len(recording.samples) / SAMPLES_A_MS


def _read_times(
    recording: Recording, cuts: Mapping[str, Cut], aligned: Path
) -> list[dict[str, object]]:
    """Rows as in words.json from the utterances' words; none of one whose words are not all."""
    spans: dict[int, tuple[int, int]] = {}
    by_utterance: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for path in aligned.glob("*.words.ctm"):
        for line in path.read_text().splitlines():
            utterance, _, start_s, length_s, _ = line.split(maxsplit=4)
            by_utterance[utterance].append((float(start_s), float(start_s) + float(length_s)))
    for utterance, (indices, start_ms, _) in cuts.items():
        times = by_utterance[utterance]
        if len(times) == len(indices):
            for index, (first_s, last_s) in zip(indices, times, strict=True):
                spans[index] = round(start_ms + first_s * 1000), round(start_ms + last_s * 1000)
    rows: list[dict[str, object]] = []
    for index, token in enumerate(recording.tokens):
        first_ms, last_ms = spans.get(index, (None, None))
        status = "unspoken" if first_ms is None else "aligned"
        times_ms = {"start_ms": first_ms, "end_ms": last_ms}
        rows.append({"text": token.text, **times_ms, "status": status, "confidence": 0.0})
    return rows


def _run(packages: Path, arguments: Sequence[str]) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(packages)}
    command = [sys.executable, str(packages / "bin" / "viter"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True).returncode == 0


def _list_pronunciations(words: Sequence[str]) -> Iterator[str]:
    lexicon = Lexicon()
    for word in sorted(set(filter(None, words))):
        yield from (f"{word}\t{phones}\n" for phones in lexicon.pronounce(word))


def _sample(time_ms: float) -> int:
    return round(time_ms * SAMPLES_A_MS)
