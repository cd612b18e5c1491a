"""What holds for the spoken forms of every token, whoever makes them, and how large they may be.

How a token is said is `spoken.py`'s matter.
"""

from collections.abc import Iterable
from itertools import accumulate

from pipeline.verbalization.numbers import SpokenForm

MAX_FORMS = 8
"""A token is never given more spoken forms than this; the likeliest come first."""

MAX_LETTERS = 1_000
"""Letters of a token that are read, and of a form: a minute of speech at 15 letters a second. A
token is looked for in at most 20 s of sound, and no longer one can be found there."""

UNSAID: SpokenForm = ()
"""The form of a token with nothing to say, or of one that may go unsaid."""


def settle_forms(forms: Iterable[SpokenForm]) -> tuple[SpokenForm, ...]:
    """The forms that a token is looked for by, likeliest first, of those that rules give it.

    Invariants: one at least and MAX_FORMS at most, no two alike; none has an empty word or more
    than MAX_LETTERS letters. The first is empty only if it is the only one: what most likely goes
    unsaid has nothing to say.
    """
    settled = tuple(dict.fromkeys(_cut_form(form) for form in forms))[:MAX_FORMS]
    return settled if settled and settled[0] else (UNSAID,)


def _cut_form(form: SpokenForm) -> SpokenForm:
    """The words of a form, the empty ones left out, up to MAX_LETTERS letters."""
    if sum(map(len, form)) <= MAX_LETTERS and all(form):
        return form
    ends = accumulate(map(len, form))
    cut = (
        word[: max(0, MAX_LETTERS - end + len(word))] for word, end in zip(form, ends, strict=True)
    )
    return tuple(filter(None, cut))
