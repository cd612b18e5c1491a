"""Convert eSpeak's IPA phonemes of American English to ARPABET without stress.

Pure; the phonemes of a word come from `espeak.py`.
"""

from collections.abc import Iterable
from itertools import groupby

PHONES = frozenset(
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W "
    "Y Z ZH".split()
)
"""The phones of the CMU dictionary, and of PocketSphinx's American English model."""

_MARKS = str.maketrans("", "", "ˈˌːˑ̩̃ʲ͡ʔ‍")
_ARPABET_OF = {
    "i": "IY", "ɪ": "IH", "ᵻ": "IH", "e": "EY", "ɛ": "EH", "æ": "AE", "a": "AA", "ɑ": "AA",
    "ɒ": "AA", "ɔ": "AO", "o": "OW", "ʊ": "UH", "u": "UW", "ʌ": "AH", "ə": "AH", "ɐ": "AH",
    "ɜ": "ER", "ɚ": "ER", "y": "UW", "ø": "ER", "œ": "ER", "eɪ": "EY", "aɪ": "AY", "aʊ": "AW",
    "ɔɪ": "OY", "oʊ": "OW", "əʊ": "OW", "əl": "AH L", "ən": "AH N", "aɪə": "AY AH",
    "aɪɚ": "AY ER", "iə": "IY AH", "ɪə": "IH AH", "ʊɹ": "UH R", "ɔɹ": "AO R", "oɹ": "AO R",
    "ɑɹ": "AA R", "ɛɹ": "EH R", "ɪɹ": "IH R", "ɜɹ": "ER", "əɹ": "ER", "ɐɹ": "ER", "b": "B",
    "d": "D", "f": "F", "ɡ": "G", "g": "G", "h": "HH", "ɦ": "HH", "j": "Y", "k": "K", "l": "L",
    "ɫ": "L", "ʎ": "L Y", "m": "M", "n": "N", "ɲ": "N Y", "ŋ": "NG", "p": "P", "ɹ": "R",
    "r": "R", "ʁ": "R", "ɾ": "T", "s": "S", "ʃ": "SH", "ɕ": "SH", "t": "T", "θ": "TH", "v": "V",
    "w": "W", "ʍ": "W", "x": "K", "ç": "HH", "z": "Z", "ʒ": "ZH", "ð": "DH", "tʃ": "CH",
    "dʒ": "JH", "ts": "T S", "dz": "D Z",
}  # fmt: skip


def format_arpabet(phonemes: Iterable[str]) -> str:
    """One pronunciation, phones separated by spaces; phonemes without an ARPABET phone are dropped,
    doubled ones (`ʊɹ ɹ`) written once."""
    phones: list[str] = []
    for phoneme in phonemes:
        bare = phoneme.translate(_MARKS)
        if bare in _ARPABET_OF:
            phones += _ARPABET_OF[bare].split()
        else:
            phones += [
                phone for sign in bare if sign in _ARPABET_OF for phone in _ARPABET_OF[sign].split()
            ]
    return " ".join(phone for phone, _ in groupby(phones))
