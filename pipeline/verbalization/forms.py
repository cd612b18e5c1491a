"""Limits on the number and size of a token's spoken forms, whichever rule makes them.

The rules are in `tokens.py` and `vocabulary.py`.
"""

from collections.abc import Iterable
from itertools import accumulate

from pipeline.verbalization.numbers import SpokenForm

MAX_FORMS = 8
"""The most spoken forms of a token; the likeliest are kept."""

MAX_LETTERS = 1_000
"""The most letters read of a token, and kept of a form: a minute of speech at 15 letters a second.
A token is searched for in at most 20 s of sound, so a longer one can't be found."""

UNSAID: SpokenForm = ()
"""The form of a silent token, or of one that may be left unspoken."""


def settle_forms(forms: Iterable[SpokenForm]) -> tuple[SpokenForm, ...]:
    """Limit the forms that rules give a token, likeliest first, to those it is searched for by.

    Invariants: one at least and MAX_FORMS at most, no two alike; none has an empty word or more
    than MAX_LETTERS letters. The first is empty only if it is the only one: a token that is most
    likely unspoken is silent.
    """
    settled = tuple(dict.fromkeys(_cut_form(form) for form in forms))[:MAX_FORMS]
    return settled if settled and settled[0] else (UNSAID,)


def _cut_form(form: SpokenForm) -> SpokenForm:
    """A form without its empty words, cut after MAX_LETTERS letters."""
    if sum(map(len, form)) <= MAX_LETTERS and all(form):
        return form
    ends = accumulate(map(len, form))
    cut = (
        word[: max(0, MAX_LETTERS - end + len(word))] for word, end in zip(form, ends, strict=True)
    )
    return tuple(filter(None, cut))
