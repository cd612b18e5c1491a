"""The job's own spoken forms of tokens (`align.vocabulary`), which come before all rules.

ARPABET is read by `pipeline/pronunciation/`; here it only makes the token one spoken word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.text.bare_words import PUNCTUATION
from pipeline.verbalization.forms import settle_forms
from pipeline.verbalization.tokens import SpokenForm, spoken_forms

_POSSESSIVES = ("'s", "’s")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Forms by lower-case token, looked up as written, then without surrounding punctuation."""

    forms_by_token: Mapping[str, tuple[SpokenForm, ...]] = field(default_factory=dict)

    def say(self, token: str, language: str) -> tuple[SpokenForm, ...]:
        """The spoken forms of a token: the job's, else those by the language's rules."""
        written = token.casefold()
        bare = written.strip(PUNCTUATION)
        for name in (written, bare):
            if name in self.forms_by_token:
                return self.forms_by_token[name]
            stem = name[:-2]
            if name.endswith(_POSSESSIVES) and stem in self.forms_by_token:
                return tuple(
                    (*spoken[:-1], f"{spoken[-1]}'s") for spoken in self.forms_by_token[stem]
                )
        return spoken_forms(token, language)


NO_VOCABULARY = Vocabulary()


def read_vocabulary(given: Mapping[str, str | Iterable[str]]) -> Vocabulary:
    """Read the job's entries; those that only give an ordinary word its phones are left out."""
    forms_by_token: dict[str, tuple[SpokenForm, ...]] = {}
    for token, ways in given.items():
        written = token.casefold()
        forms = [_read_way(way, token) for way in ([ways] if isinstance(ways, str) else ways)]
        if forms == [(token.lower(),)] * len(forms) and _is_word(token):
            continue  # the ordinary rule verbalises it; the lexicon has its phones
        for name in {written, written.strip(PUNCTUATION)} - {""}:
            forms_by_token[name] = settle_forms(forms)
    return Vocabulary(forms_by_token)


def is_respelled(way: str) -> bool:
    """Whether an entry is in words, not in ARPABET, which is in capitals."""
    return not way.isupper()


def _read_way(way: str, token: str) -> SpokenForm:
    return tuple(way.replace("-", " ").split()) if is_respelled(way) else (token.lower(),)


def _is_word(token: str) -> bool:
    return (token.lower(),) in spoken_forms(token)
