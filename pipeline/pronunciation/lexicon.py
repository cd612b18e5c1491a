"""Pronunciations of English words: the job's vocabulary, the CMU dictionary, then eSpeak's rules.

All are in ARPABET without stress, the phones of PocketSphinx's model.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice, product
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.pronunciation.arpabet import PHONES, format_arpabet

LONGEST_ACRONYM = 5
"""Longest unknown word, in letters, that may also be spelled out: `xai`, `iq`."""

MAX_PRONUNCIATIONS = 8
"""Most pronunciations of several words said as one, whose variants multiply."""

_WEAK_FORMS = {
    "and": "AH N", "had": "HH AH D, AH D", "has": "HH AH Z, AH Z", "have": "HH AH V, AH V",
    "her": "ER", "him": "IH M", "his": "IH Z", "just": "JH AH S", "of": "AH", "them": "AH M",
    "would": "AH D",
}  # fmt: skip
"""Weak forms of function words that lose a consonant when unstressed; the dictionary lacks them.

Source: Cruttenden 2014, "Gimson's Pronunciation of English", 11.3 (weak forms).
"""

_OTHER_FORMS = {
    "'cause": "K AO Z, K AA Z", "'em": "EH M", "gonna": "G AH N AH, G OW N AH",
    "there's": "DH ER Z", "they're": "DH EY ER, DH ER", "wanna": "W AH N AH",
    "you're": "Y AO R, Y ER",
}  # fmt: skip
"""Pronunciation variants that the dictionary lacks.

Source: Wells 2008, "Longman Pronunciation Dictionary".
"""

_ALTERNATIVE = re.compile(r"\(\d+\)$")


class Lexicon:
    """Pronunciations of spoken words, each a string of phones separated by spaces."""

    def __init__(self, vocabulary: Mapping[str, str | Sequence[str]] | None = None) -> None:
        """Take the job's pronunciations: ARPABET in upper case, or other words in lower case.

        Raises:
            ConfigError: something in capitals is no ARPABET phone.
        """
        self._vocabulary: dict[str, tuple[str, ...]] = {}
        self._guessed: dict[str, tuple[str, ...]] = {}
        given = [
            (word, (ways,) if isinstance(ways, str) else tuple(ways))
            for word, ways in (vocabulary or {}).items()
        ]
        for word, ways in given:
            if phones := tuple(_check_phones(word, way) for way in ways if way.isupper()):
                self._vocabulary[word.lower()] = phones
        # Respelled words may themselves be in the vocabulary, but not respelled in turn.
        respelled = {
            word.lower(): tuple(spoken for way in ways for spoken in self._read_way(way))
            for word, ways in given
        }
        self._vocabulary |= {word: spoken for word, spoken in respelled.items() if spoken}

    def pronounce(self, word: str) -> tuple[str, ...]:
        """The word's pronunciations, likeliest first; empty if it can't be pronounced."""
        known = self._vocabulary.get(word) or load_dictionary().get(word)
        if known:
            return known
        if word not in self._guessed:
            self._guessed[word] = self._guess(word)
        return self._guessed[word]

    def pronounce_all(self, words: Sequence[str]) -> tuple[str, ...]:
        """The pronunciations of words said as one, likeliest first."""
        choices = [self.pronounce(word) for word in words]
        return tuple(" ".join(each) for each in islice(product(*choices), MAX_PRONUNCIATIONS))

    def _read_way(self, way: str) -> tuple[str, ...]:
        if way.isupper():
            return (_check_phones("", way),)
        return self.pronounce_all(way.replace("-", " ").split())

    def _guess(self, word: str) -> tuple[str, ...]:
        """A possessive by its stem in the dictionary, else eSpeak's rules, else the letters."""
        from pipeline.pronunciation.espeak import EspeakVoice

        stem = word.removesuffix("'s")
        if stem != word and (known := self._vocabulary.get(stem) or load_dictionary().get(stem)):
            return tuple(f"{phones} {_possessive(phones)}" for phones in known)
        voice = EspeakVoice()
        guesses = [format_arpabet(voice.phonemes(word.strip("'")))]
        if len(word) <= LONGEST_ACRONYM and word.isalpha():
            guesses.append(" ".join(format_arpabet(voice.phonemes(letter)) for letter in word))
        return tuple(dict.fromkeys(guess for guess in guesses if guess))


def check_vocabulary(vocabulary: Mapping[str, str | Sequence[str]]) -> None:
    """Reject a job's invalid pronunciations; nothing is looked up.

    Raises:
        ConfigError: something in capitals is no ARPABET phone.
    """
    for word, ways in vocabulary.items():
        for way in (ways,) if isinstance(ways, str) else ways:
            if way.isupper():
                _check_phones(word, way)


def _possessive(phones: str) -> str:
    last = phones.rsplit(maxsplit=1)[-1]
    if last in {"S", "Z", "SH", "ZH", "CH", "JH"}:
        return "IH Z"
    return "S" if last in {"P", "T", "K", "F", "TH"} else "Z"


def _check_phones(word: str, phones: str) -> str:
    """A pronunciation given by the job, without stress digits."""
    bare = [phone.rstrip("012") for phone in phones.upper().split()]
    unknown = next((phone for phone in bare if phone not in PHONES), None)
    if unknown or not bare:
        problem = f"{unknown!r} is not an ARPABET phone" if unknown else "has no phones"
        raise ConfigError(
            f"align.vocabulary.{word}",
            problem,
            "write it like 'K AA1 R D', or words in small letters",
        )
    return " ".join(bare)


@cache
def load_dictionary() -> Mapping[str, tuple[str, ...]]:
    """The CMU dictionary in PocketSphinx's wheel, 126,000 words, with other forms added."""
    import pocketsphinx

    path = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
    entries: dict[str, tuple[str, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, phones = line.partition(" ")
        word = _ALTERNATIVE.sub("", name)
        entries[word] = (*entries.get(word, ()), phones.strip())
    for word, forms in (*_WEAK_FORMS.items(), *_OTHER_FORMS.items()):
        entries[word] = tuple(dict.fromkeys((*entries[word], *forms.split(", "))))
    return entries
