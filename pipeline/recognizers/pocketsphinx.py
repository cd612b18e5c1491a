"""PocketSphinx as a recogniser: with a language model of the text, or, without one, its own.

Word graphs are `aligners/hmm/`'s matter. Times here are rough, for anchors only.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.contracts import EngineRequest, Hints, Hotword, Recognition, Samples
from pipeline.process_pool import group_by_segment, spread
from pipeline.pronunciation.lexicon import Lexicon
from pipeline.recognizers.options import check_english
from pipeline.records import Progress, RecognizedWord, Segment, Stretch, record
from pipeline.speech.excerpts import cut_out

if TYPE_CHECKING:
    from pocketsphinx import Decoder

FRAME_MS = 10
MODEL = "en-us"

_SEARCH = {
    "fwdflat": False, "bestpath": False, "ds": 2, "topn": 2, "lw": 10.0,
    "beam": 1e-55, "pbeam": 1e-55, "wbeam": 1e-35, "maxhmmpf": 2000,
}  # fmt: skip
"""Decoder settings with a text: coarse acoustic scores, a high language weight and wide beams.

`ds` scores densities every other frame. Utterances are independent only with the phone lookahead
(`pl_window`), which scores all densities in an utterance's first frame.
"""

HOTWORD_WEIGHT = 100.0
"""How much likelier a hotword is than the average word: 100 finds three of four names of the sample
episode that are missed without, and no false one."""
HOTWORD_LINES = 5
"""The same with a text: how often each hotword is added to the language model's training text."""

_HOTWORD = "~"
"""Suffix of a hotword's dictionary entry, as the dictionary may have the word already."""

_FILLERS = ("<", "[", "(", "++")
"""Prefixes of silence and noise: `<sil>`, `[NOISE]`, `(NULL)`, `++COUGH++`."""

logger = logging.getLogger(__name__)


@record
class _Files:
    """A dictionary and a language model on disk; None for those of the wheel.

    `hotwords` are added to the wheel's: name and phones of each pronunciation.
    """

    dictionary: str | None = None
    model: str | None = None
    hotwords: tuple[tuple[str, str], ...] = ()


_Piece = list[tuple[Stretch, bytes]]
"""Consecutive stretches of speech, each with its sound."""


class PocketSphinxRecognizer:
    """The embedded recogniser: American English, model in the wheel."""

    def __init__(self, lexicon: Lexicon, cpus: int = 1) -> None:
        self._lexicon = lexicon
        self._cpus = cpus

    def transcribe(
        self, samples: Samples, speech: Sequence[Stretch], hints: Hints, progress: Progress
    ) -> Recognition:
        """Recognise each stretch as one utterance.

        Raises:
            EngineError: the language isn't English, or the decoder failed.
        """
        check_english("pocketsphinx", hints)
        segments: list[Segment] = []
        pieces = list(_cut_pieces(samples, speech))
        with tempfile.TemporaryDirectory(prefix="pocketsphinx-") as folder:
            if hints.lines:
                lines = (*hints.lines, *_hotword_lines(hints.hotwords))
                files = self._write_text_model(lines, Path(folder))
            else:
                files = _Files(hotwords=tuple(self._pronounce_hotwords(hints.hotwords)))
            for found in spread(_make_decoder, (files,), pieces, self._cpus):
                segments += found
                progress(len(segments) / len(speech))
        return Recognition("en", "pocketsphinx", MODEL, "cpu", tuple(segments))

    def _pronounce_hotwords(self, hotwords: Sequence[Hotword]) -> Iterator[tuple[str, str]]:
        """Dictionary entries of the hotwords; those without a pronunciation are left out."""
        for hotword in hotwords:
            name = hotword.text + _HOTWORD
            ways = (way for words in hotword.spoken for way in self._lexicon.pronounce_all(words))
            spoken = [phones for phones in dict.fromkeys(ways) if phones]
            if not spoken:
                logger.warning("hotword %s can't be pronounced", hotword.text)
            for number, phones in enumerate(spoken, start=1):
                yield (name if number == 1 else f"{name}({number})"), phones

    def _write_text_model(self, lines: Sequence[str], folder: Path) -> _Files:
        """Write a dictionary of the text's words, and a trigram model of the text."""
        known = [line.split() for line in lines]
        vocabulary = {word: self._lexicon.pronounce(word) for line in known for word in line}
        mute = sorted(word for word, phones in vocabulary.items() if not phones)
        if mute:
            logger.warning("%d words can't be pronounced: %s", len(mute), " ".join(mute[:10]))
        dictionary, model = folder / "text.dict", folder / "text.arpa"
        dictionary.write_text("".join(_dictionary_lines(vocabulary)), encoding="utf-8")
        lines_sayable = [[word for word in line if vocabulary[word]] for line in known]
        model.write_text(_trigram_model(lines_sayable), encoding="utf-8")
        return _Files(str(dictionary), str(model))


def load(request: EngineRequest) -> PocketSphinxRecognizer:
    """The embedded recogniser, with the job's pronunciations."""
    return PocketSphinxRecognizer(Lexicon(dict(request.vocabulary)), request.cpus)


def _make_decoder(files: _Files) -> Callable[[_Piece], list[Segment]]:
    """The function that recognises pieces in one process."""
    from pocketsphinx import Config, Decoder

    if files.hotwords:
        decoder = _make_hotword_decoder(files.hotwords)
    elif files.model is None:
        decoder = Decoder(Config(loglevel="FATAL", bestpath=False))
    else:
        decoder = Decoder(Config(lm=None, dict=files.dictionary, loglevel="FATAL", **_SEARCH))
        decoder.add_lm_file("text", files.model)
        decoder.activate_search("text")

    def decode_piece(piece: _Piece) -> list[Segment]:
        # Noise estimates last beyond an utterance: a piece must not depend on those before it.
        decoder.reinit_feat()
        return [
            Segment(stretch.start_ms, stretch.end_ms, tuple(_decode(decoder, sound, stretch)))
            for stretch, sound in piece
        ]

    return decode_piece


def _make_hotword_decoder(hotwords: Sequence[tuple[str, str]]) -> "Decoder":
    """A decoder with the wheel's dictionary and language model, hotwords added to both."""
    from pocketsphinx import Config, Decoder, NGramModel, get_model_path

    decoder = Decoder(Config(lm=None, loglevel="FATAL", bestpath=False))
    model = NGramModel(decoder.config, decoder.logmath, get_model_path(f"{MODEL}/{MODEL}.lm.bin"))
    for name, phones in hotwords:
        decoder.add_word(name, phones, False)
        if "(" not in name:
            model.add_word(name, HOTWORD_WEIGHT)
    decoder.add_lm("hotwords", model)
    decoder.activate_search("hotwords")
    return decoder


def _hotword_lines(hotwords: Sequence[Hotword]) -> tuple[str, ...]:
    return (
        tuple(" ".join(words) for hotword in hotwords for words in hotword.spoken) * HOTWORD_LINES
    )


def _cut_pieces(samples: Samples, speech: Sequence[Stretch]) -> Iterator[_Piece]:
    """The speech in pieces, which don't depend on the number of processes."""
    for stretches in group_by_segment(speech):
        yield [(one, cut_out(samples, one.start_ms, one.end_ms).tobytes()) for one in stretches]


def _dictionary_lines(vocabulary: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for word, pronunciations in sorted(vocabulary.items()):
        for number, phones in enumerate(pronunciations, start=1):
            yield f"{word} {phones}\n" if number == 1 else f"{word}({number}) {phones}\n"


def _trigram_model(lines: Sequence[Sequence[str]]) -> str:
    """An ARPA trigram model of the lines, each a sentence of its own."""
    from io import StringIO

    from pocketsphinx.lm import ArpaBoLM

    text = "\n".join(" ".join(line) for line in lines if line)
    builder = ArpaBoLM(text=text, add_start=True)
    builder.compute()
    out = StringIO()
    builder.write(out)
    return out.getvalue()


def _decode(decoder: "Decoder", sound: bytes, stretch: Stretch) -> Iterator[RecognizedWord]:
    """The words of one stretch, without variant numbers (`read(2)`) and fillers (`<sil>`)."""
    if not sound:
        return
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()
    for piece in decoder.seg() or ():
        if piece.word.startswith(_FILLERS):
            continue
        start_ms = stretch.start_ms + piece.start_frame * FRAME_MS
        end_ms = stretch.start_ms + (piece.end_frame + 1) * FRAME_MS
        word = piece.word.partition("(")[0].removesuffix(_HOTWORD)
        yield RecognizedWord(word, start_ms, end_ms)
