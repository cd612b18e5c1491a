"""How other tools cut words into cues by default, written from what their documentation says.

Each takes the timed words in order and says after which ones a cue ends. Their own code is not
used: where a rule leans on what only their model knows, what stands here is the nearest that words
and times allow, and its docstring says so.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from pipeline.captions.breaks import ends_sentence
from pipeline.captions.grammar import choose_grammar
from pipeline.records import Word

CHUNK_MS = 30_000
CHUNK_SILENCE_MS = 160
SPLIT_SILENCE_MS = 100
REGROUP_GAP_MS = 500
REGROUP_COMMA_CHARS = 50
REGROUP_CHARS = 70

Ends = list[int]
"""The numbers of the words that cues end with."""


def cut_whisperx(words: Sequence[Word]) -> Ends:
    """A cue a sentence, within chunks of speech of at most 30 s.

    Source: whisperX README, "v3 transcript segment-per-sentence", and the defaults of its command
    line: `--chunk_size 30`, `--segment_resolution sentence`, no `--max_line_width`. Its sentences
    are NLTK's and its chunks pyannote's; here they are those that punctuation and silences make.
    """
    grammar = choose_grammar("en")
    ends = {n for n, word in enumerate(words) if ends_sentence(word.text, grammar)}
    return sorted(ends | set(cut_faster_whisper(words)))


def cut_faster_whisper(words: Sequence[Word]) -> Ends:
    """A cue a chunk of speech of at most 30 s, cut in silences.

    Source: faster-whisper README, "Batched Transcription" (speech is cut in silences of 0.16 s and
    merged up to the model's window, without timestamps of its own), and its `VadOptions` (longer
    speech is cut in its last silence of 0.1 s, else at the limit). Without batches the model itself
    says where its segments end, up to 30 s: no rule on words does that.
    """
    ends: Ends = []
    first, silence, short = 0, -1, -1
    for n, (word, after) in enumerate(pairwise(words)):
        gap_ms = start_of(after) - end_of(word)
        silence = n if gap_ms >= CHUNK_SILENCE_MS else silence
        short = n if gap_ms > SPLIT_SILENCE_MS else short
        if end_of(after) - start_of(words[first]) > CHUNK_MS:
            ends.append(next(at for at in (silence, short, n) if at >= first))
            first = ends[-1] + 1
    return [*ends, len(words) - 1]


def cut_stable_ts(words: Sequence[Word]) -> Ends:
    """Sentences, parted at gaps of 0.5 s, at commas if of 50 characters, evenly over 70.

    Source: stable-ts README, "Regrouping Words", the default `da`:
    `isp_cm_sp=.* /。/?/？_sg=.5_sp=,* /，++++50_sl=70_cm`. Special periods are abbreviations';
    clamping (`cm`) only changes words that last too long.
    """
    grammar = choose_grammar("en")
    cuts = [
        n
        for n, word in enumerate(words)
        if n == len(words) - 1
        or (word.text.endswith((".", "?")) and ends_sentence(word.text, grammar))
        or start_of(words[n + 1]) - end_of(word) > REGROUP_GAP_MS
    ]
    ends: Ends = []
    first = 0
    for last in cuts:
        is_long = length(words[first : last + 1]) >= REGROUP_COMMA_CHARS
        commas = [n for n in range(first, last) if is_long and words[n].text.endswith(",")]
        for part_end in [*commas, last]:
            ends += _cut_evenly(words, first, part_end)
            first = part_end + 1
    return ends


def _cut_evenly(words: Sequence[Word], first: int, last: int) -> Ends:
    n_chars = length(words[first : last + 1])
    n_parts = -(-n_chars // REGROUP_CHARS)
    ends: Ends = []
    begun = first
    for n in range(first, last):
        if len(ends) < n_parts - 1 and length(words[begun : n + 2]) > n_chars / n_parts:
            ends.append(n)
            begun = n + 1
    return [*ends, last]


def length(words: Sequence[Word]) -> int:
    """Characters of words with spaces between."""
    return sum(len(word.text) + 1 for word in words) - 1


def start_of(word: Word) -> int:
    """When a spoken word starts."""
    assert word.start_ms is not None
    return word.start_ms


def end_of(word: Word) -> int:
    """When a spoken word ends."""
    assert word.end_ms is not None
    return word.end_ms


SEGMENTERS: dict[str, Callable[[Sequence[Word]], Ends]] = {
    "WhisperX": cut_whisperx,
    "stable-ts": cut_stable_ts,
    "faster-whisper": cut_faster_whisper,
}
