"""A whole text verbalised: each token's spoken forms, the spoken words, lines for a language model.

The rules for one token are in `tokens.py`.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from pipeline.errors import AlignmentError
from pipeline.records import RecognizedWord
from pipeline.text.bare_words import strip_marks
from pipeline.text.graphemes import cut_unspaced
from pipeline.text.letters import plain_letters
from pipeline.verbalization.forms import MAX_LETTERS, settle_forms
from pipeline.verbalization.numbers import DIGIT_SPACE, join_spaced_numbers
from pipeline.verbalization.quantities import name_scaled_currency
from pipeline.verbalization.tokens import SpokenForm
from pipeline.verbalization.vocabulary import NO_VOCABULARY, Vocabulary

LINE_WORDS = 12
SHOUTED_SHARE = 0.9
"""Above this share of capitals a text counts as written in capitals, as some captions are."""


_PLAIN_WORD = re.compile(r"[^\W\d_]+(?:[-'’‑][^\W\d_]+)*")
_LAST_LATIN = 0x24F
"""End of the block Latin Extended-B. Source: Unicode, Blocks.txt."""

FASTEST_WORDS_PER_S = 11
"""Upper limit of speaking rate: the record is 655 words a minute.

Source: Guinness World Records, "Fastest talker" (S. Shannon, 1995).
"""
SPARE_WORDS = 200_000
"""Words that a text may have beyond that rate, as a recording may hold a minute of a long book.
Each unspoken word costs 0.1 ms and 1 kB."""
WORD_LETTERS = 20
"""A word counts once more for every 20 letters."""


@dataclass(frozen=True, slots=True)
class SpokenText:
    """A verbalised text: each token's spoken forms, and the words of the likeliest forms.

    `words` has scripts without spaces character by character, as recognisers divide them into
    words in different ways. `token_of[i]` is the token of `words[i]`. `written`: each token as in
    the text, in plain letters, and lower-cased if the text is all capitals. `collocations[i]`:
    pointwise mutual information of token i and the one before it, in nats; 0 at both ends, and
    where it is unknown. `fillers`: words to be looked for between all tokens, as `um`.
    """

    language: str
    written: tuple[str, ...]
    forms: tuple[tuple[SpokenForm, ...], ...]
    words: tuple[str, ...]
    token_of: tuple[int, ...]
    collocations: tuple[float, ...]
    vocabulary: Vocabulary = NO_VOCABULARY
    fillers: tuple[str, ...] = ()

    @property
    def n_tokens(self) -> int:
        return len(self.forms)

    def find_first_words(self) -> list[int]:
        """The text's word that each token begins with, and the number of all its words."""
        return list(accumulate(map(count_words, self.written), initial=0))

    def say(self, token: str) -> SpokenForm:
        """The likeliest form of a token, in the text's language and divided as in `words`."""
        return _cut(self.vocabulary.say(token, self.language)[0])

    def count_cut(self) -> int:
        """The number of tokens of which only the first MAX_LETTERS letters are searched for."""
        return sum(
            len(written) > MAX_LETTERS or self.count_letters(token) >= MAX_LETTERS
            for token, written in enumerate(self.written)
        )

    def is_notation(self, token: int) -> bool:
        """Whether a token is written otherwise than it is said, so that its forms may lack the one
        that was: digits, signs, capitals, abbreviations, letters that the language has not."""
        written = self.written[token]
        core = strip_marks(written)
        following = self.written[token + 1] if token + 1 < self.n_tokens else ""
        is_cut = written.endswith(core + ".") and (
            following[:1].islower() or following[:1].isdigit()
        )
        is_foreign = self.language == "en" and any(ord(char) > _LAST_LATIN for char in core)
        return bool(core) and (
            is_cut
            or is_foreign
            or not _PLAIN_WORD.fullmatch(core)
            or (core.isupper() and len(core) > 1)
        )

    def count_letters(self, token: int) -> int:
        """The letters of a token's longest form, 1 at least."""
        return max(1, *(sum(map(len, form)) for form in self.forms[token]))


def speak_text(
    tokens: Sequence[str],
    language: str,
    can_say: Callable[[str], bool] = bool,
    vocabulary: Vocabulary = NO_VOCABULARY,
    max_words: int = sys.maxsize,
) -> SpokenText:
    """The spoken forms of a text; forms with words that `can_say` refuses are left out.

    Raises:
        AlignmentError: there are more than `max_words`; the text after them is not read.
    """
    ways = _say_tokens(tokens, language, vocabulary)
    forms = tuple(
        settle_forms(form for form in each if all(map(can_say, form)))
        for each in _stop_after(max_words, ways)
    )
    spelled = [(word, token) for token, choices in enumerate(forms) for word in _cut(choices[0])]
    words, token_of = tuple(word for word, _ in spelled), tuple(token for _, token in spelled)
    written = _take_off_shouts([plain_letters(token) for token in tokens])
    collocations = (0.0,) * (len(forms) + 1)
    return SpokenText(language, written, forms, words, token_of, collocations, vocabulary)


def _say_tokens(
    tokens: Sequence[str], language: str, vocabulary: Vocabulary
) -> Iterator[tuple[SpokenForm, ...]]:
    """Each token's forms; a price's currency is said after the word that scales it, if any."""
    for before, token, after in zip(("", *tokens), tokens, (*tokens[1:], ""), strict=False):
        forms = vocabulary.say(token, language)
        if language == "en" and (name := name_scaled_currency(before, token)):
            forms = ((*forms[0], name), *forms)
        elif language == "en" and (name := name_scaled_currency(token, after)):
            forms = tuple(sorted(forms, key=lambda form: form[-1:] == (name,)))
        yield forms


def limit_words(duration_ms: int) -> int:
    """The most words that the text of a recording may have."""
    return SPARE_WORDS + FASTEST_WORDS_PER_S * duration_ms // 1000


def _stop_after(
    max_words: int, tokens: Iterable[tuple[SpokenForm, ...]]
) -> Iterator[tuple[SpokenForm, ...]]:
    """The forms of each token, up to `max_words`; silent tokens count as a word."""
    n_words = 0
    for forms in tokens:
        n_words += max(1, sum(1 + len(word) // WORD_LETTERS for word in _cut(forms[0])))
        if n_words > max_words:
            problem = f"has more than {max_words:,} words, far too many for its recording"
            raise AlignmentError("text", problem, "give the part of it that was recorded")
        yield forms


def add_collocations(text: SpokenText, measure_pmi: Callable[[str, str], float]) -> SpokenText:
    """The text with `collocations`, measured between the likeliest forms of neighbours."""
    inner = tuple(
        measure_pmi(left[0][-1], right[0][0]) if left[0] and right[0] else 0.0
        for left, right in pairwise(text.forms)
    )
    return replace(text, collocations=(0.0, *inner, 0.0) if inner else text.collocations)


def _cut(form: SpokenForm) -> SpokenForm:
    return tuple(piece for word in form for piece in cut_unspaced(word))


def _take_off_shouts(tokens: Sequence[str]) -> tuple[str, ...]:
    """The tokens, lower-cased if nearly all letters are capitals."""
    n_capitals, n_small = (
        sum(sum(map(is_case, token)) for token in tokens) for is_case in (str.isupper, str.islower)
    )
    is_shouted = n_capitals > SHOUTED_SHARE * (n_capitals + n_small)
    return tuple(token.lower() for token in tokens) if is_shouted else tuple(tokens)


def format_lines(text: SpokenText) -> tuple[str, ...]:
    """The spoken text in lines of LINE_WORDS for a language model, twice, half a line apart.

    So each trigram lies within a line at least once. Other forms of a token (`nineteen eighty
    four`, `one nine eight four`) follow, each between its neighbours.
    """
    lines = [
        " ".join(text.words[start : start + LINE_WORDS])
        for offset in (0, LINE_WORDS // 2)
        for start in range(offset, len(text.words), LINE_WORDS)
    ]
    for token, forms in enumerate(text.forms):
        before = text.forms[token - 1][0][-2:] if token else ()
        after = text.forms[token + 1][0][:2] if token + 1 < text.n_tokens else ()
        lines += [" ".join((*before, *form, *after)) for form in forms[1:]]
    return tuple(lines)


def spell_out(recognized: Sequence[RecognizedWord], text: SpokenText) -> list[RecognizedWord]:
    """Recognised words verbalised: `5,000` becomes `five thousand`, its time divided evenly."""
    spelled: list[RecognizedWord] = []
    first = 0
    for token in join_spaced_numbers(word.text for word in recognized):
        after = first + count_words(token)
        form, word = text.say(token), recognized[first]
        for number, spoken in enumerate(form):
            span_ms = recognized[after - 1].end_ms - word.start_ms
            start_ms = word.start_ms + span_ms * number // len(form)
            end_ms = max(start_ms + 1, word.start_ms + span_ms * (number + 1) // len(form))
            spelled.append(RecognizedWord(spoken, start_ms, end_ms, word.probability))
        first = after
    return spelled


def count_words(token: str) -> int:
    """The words of a text that make a token: several for a number in groups of digits."""
    return 1 + token.count(DIGIT_SPACE)
