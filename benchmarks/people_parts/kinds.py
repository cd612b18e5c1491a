"""Errors by kind: after pauses, by the word's first phone and the one before, by recording."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from people_parts.measures import Row, find_bias, find_f1
from people_parts.recordings import Recording
from people_parts.runs import Judged
from people_parts.wrong_words import bare
from pipeline.pronunciation.lexicon import Lexicon

PAUSE_MS = 100
PHONE_CLASSES = {
    "vowel": "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW",
    "stop": "P T K B D G",
    "affricate": "CH JH",
    "fricative": "F V TH DH S Z SH ZH",
    "nasal": "M N NG",
    "approximant": "L R W Y",
    "h": "HH",
}
CLASS_OF = {phone: name for name, phones in PHONE_CLASSES.items() for phone in phones.split()}


def measure_kinds(recordings: Sequence[Recording], words: Sequence[Judged]) -> dict[str, Row]:
    """A row a kind of word, over words that are in the sound."""
    lexicon = Lexicon()
    by_place = {(word.recording, word.index): word for word in words}
    groups: dict[str, list[Judged]] = defaultdict(list)
    for recording in recordings:
        for index, name in list_kinds(recording, lexicon):
            if (recording.name, index) in by_place:
                groups[name].append(by_place[recording.name, index])
    order = sorted(groups, key=lambda name: (name.split(" ")[0], name))
    return {name: _describe(groups[name]) for name in order}


def list_kinds(recording: Recording, lexicon: Lexicon) -> Iterator[tuple[int, str]]:
    """Each spoken word's index with each of its kinds."""
    end_ms, last = -1e9, "pause"
    for index, token in enumerate(recording.tokens):
        ways = lexicon.pronounce(bare(token.text)) if bare(token.text) else ()
        if token.start_ms is None or token.end_ms is None or not ways:
            continue
        phones = ways[0].split()
        is_after_pause = token.start_ms - end_ms >= PAUSE_MS
        yield index, "after a pause" if is_after_pause else "after no pause"
        yield index, f"first {CLASS_OF[phones[0]]}"
        yield index, f"preceding {'pause' if is_after_pause else last}"
        yield index, f"recording {token.source}"
        end_ms, last = token.end_ms, CLASS_OF[phones[-1]]


def _describe(words: Sequence[Judged]) -> Row:
    return {"n": len(words), "bias_ms": find_bias(words), "f1": find_f1(words)}
