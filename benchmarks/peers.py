"""The same text timed by cuecast and by peers, in one table: `python benchmarks/peers.py FOLDER`.

FOLDER is as `episode.py` makes it, or give MEDIA TEXT TRUTH; the sound has to start with the file.
Peers: PocketSphinx alone, given the text in small letters less the words its dictionary lacks; and
aeneas, one token a fragment, if `--aeneas` names an interpreter that has it:

    apt-get install espeak libespeak-dev ffmpeg
    python -m venv aeneas-venv
    aeneas-venv/bin/python -m pip install "numpy<2" "setuptools<60" wheel
    aeneas-venv/bin/python -m pip install --no-build-isolation aeneas

Peers have no verdict on a token: one without a time counts as missed. The last line is one JSON
object, a key a peer.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from accuracy import compare
from align import describe_cost, find_inputs, run_cuecast
from measure import Usage, run_measured

RATE_HZ = 16000
FRAME_MS = 10
OPEN_BEAM = 1e-48
"""PocketSphinx's own narrower beams lose words in alignment."""
COLUMNS = (
    "median_ms", "mae_ms", "p95_ms", "f1_20ms", "within_100ms", "within_200ms", "n_over_1s",
    "last_median_ms", "unspoken_flagged", "cpu_s", "wall_s",
)  # fmt: skip
WORKER = "--as-pocketsphinx"

Row = dict[str, Any]


def main() -> None:
    """Run each, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("media", type=Path, help="or the folder of an episode, alone")
    parser.add_argument("text", type=Path, nargs="?")
    parser.add_argument("truth", type=Path, nargs="?")
    parser.add_argument("--aeneas", type=Path, metavar="PYTHON", help="an interpreter that has it")
    given = parser.parse_args()
    media, text, truth_path = find_inputs(given.media, given.text, given.truth)
    truth = json.loads(truth_path.read_text())["words"]
    tokens = [word["text"] for word in truth]
    timed, usage = run_cuecast(media, text, "en")
    duration_ms = timed["duration_ms"]
    figures = {"cuecast": compare(timed["words"], truth) | describe_cost(usage, duration_ms)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sound = folder / "sound.wav"
        decode(media, sound)
        words, usage = run_pocketsphinx(sound, tokens, folder)
        figures["pocketsphinx"] = compare(words, truth) | describe_cost(usage, duration_ms)
        if given.aeneas:
            words, usage = run_aeneas(given.aeneas, sound, tokens, folder)
            figures["aeneas"] = compare(words, truth) | describe_cost(usage, duration_ms)
    print(f"{'':16}" + "".join(f"{peer:>14}" for peer in figures))
    for column in COLUMNS:
        print(f"{column:16}" + "".join(f"{row[column]!s:>14}" for row in figures.values()))
    print(json.dumps(figures))


def decode(media: Path, target: Path) -> None:
    """Write the sound as peers want it: 16 kHz, mono, 16 bits."""
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y", "-i", str(media)]
    form = ["-vn", "-ac", "1", "-ar", str(RATE_HZ), "-c:a", "pcm_s16le", str(target)]
    subprocess.run([*ffmpeg, *form], check=True)


def run_aeneas(
    python: Path, sound: Path, tokens: Sequence[str], folder: Path
) -> tuple[list[Row], Usage]:
    """Time each token by aeneas with its presets for words, all else as it comes."""
    kept = [index for index, token in enumerate(tokens) if any(map(str.isalnum, token))]
    text, target = folder / "aeneas.txt", folder / "aeneas.json"
    text.write_text("".join(f"{tokens[index]}\n" for index in kept), encoding="utf-8")
    task = "task_language=eng|is_text_type=plain|os_task_file_format=json"
    program = ["-X", "utf8", "-m", "aeneas.tools.execute_task"]
    command = [str(python), *program, str(sound), str(text), task, str(target), "--presets-word"]
    usage = run_measured(command)
    fragments = json.loads(target.read_text(encoding="utf-8"))["fragments"]
    spans = {
        index: (round(float(part["begin"]) * 1000), round(float(part["end"]) * 1000))
        for index, part in zip(kept, fragments, strict=True)
    }
    return list(_make_rows(tokens, spans)), usage


def run_pocketsphinx(sound: Path, tokens: Sequence[str], folder: Path) -> tuple[list[Row], Usage]:
    """Time each token by PocketSphinx alone, in a process of its own."""
    request, target = folder / "pocketsphinx.in.json", folder / "pocketsphinx.json"
    request.write_text(json.dumps(list(tokens)))
    command = [sys.executable, __file__, WORKER, str(sound), str(request), str(target)]
    usage = run_measured(command)
    spans = {int(index): span for index, span in json.loads(target.read_text()).items()}
    return list(_make_rows(tokens, spans)), usage


def align_by_pocketsphinx(sound: Path, tokens: Sequence[str]) -> dict[int, tuple[int, int]]:
    """Force the whole text onto the whole sound in one utterance; no spans if that fails."""
    from pocketsphinx import Decoder

    decoder = Decoder(
        samprate=RATE_HZ, lm=None, bestpath=False, beam=OPEN_BEAM, wbeam=OPEN_BEAM, loglevel="FATAL"
    )
    said = [
        (index, word)
        for index, token in enumerate(tokens)
        for word in re.findall(r"[a-z']+", token.lower())
        if decoder.lookup_word(word)
    ]
    decoder.set_align_text(" ".join(word for _, word in said))
    with wave.open(str(sound), "rb") as source:
        pcm = source.readframes(source.getnframes())
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    found = [
        (re.sub(r"\(\d+\)$", "", part.word), part.start_frame, part.end_frame + 1)
        for part in decoder.seg() or ()
        if not part.word.startswith(("<", "[", "(", "+"))
    ]
    if [word for word, _, _ in found] != [word for _, word in said]:
        return {}
    spans: dict[int, tuple[int, int]] = {}
    for (index, _), (_, first, end) in zip(said, found, strict=True):
        start_ms = spans[index][0] if index in spans else first * FRAME_MS
        spans[index] = (start_ms, end * FRAME_MS)
    return spans


def _make_rows(tokens: Sequence[str], spans: dict[int, tuple[int, int]]) -> Iterator[Row]:
    """Words as in words.json, as far as a peer can fill them."""
    for index, token in enumerate(tokens):
        start_ms, end_ms = spans.get(index, (None, None))
        status = "estimated" if start_ms is None else "aligned"
        yield {"text": token, "start_ms": start_ms, "end_ms": end_ms, "status": status}


def _work(sound: str, request: str, target: str) -> None:
    spans = align_by_pocketsphinx(Path(sound), json.loads(Path(request).read_text()))
    Path(target).write_text(json.dumps(spans))


if __name__ == "__main__":
    if sys.argv[1:2] == [WORKER]:
        _work(*sys.argv[2:])
    else:
        main()
