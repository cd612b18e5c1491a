"""What holds for the spoken forms of any token, in any language."""

from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.alignment.token_times import TokenTime
from pipeline.verbalization.forms import MAX_FORMS, MAX_LETTERS, settle_forms
from pipeline.verbalization.numbers import SpokenForm
from pipeline.verbalization.spoken_text import speak_text
from pipeline.verbalization.tokens import spoken_forms
from tests.alignment.passes.test_onsets import make_levels, refine

LANGUAGES = "en de fr es it pt nl pl ru uk cs sv fi tr ja zh th ar he hi ko".split()
SIGNS = (
    "$ € % & ² ½ # ' ’ ( ) [ ] ^ x × ° . , : ; / - – + = * ~ < > _ @ \" 1 7 09 a X IV 漢 ก ٣ am"
).split()

any_token = st.one_of(
    st.text(min_size=1, max_size=12),
    st.lists(st.sampled_from(SIGNS), min_size=1, max_size=8).map("".join),
    st.tuples(st.sampled_from(SIGNS), st.integers(1, 3_000)).map(lambda one: one[0] * one[1]),
).filter(lambda text: len(text.split()) == 1)


def check(forms: tuple[SpokenForm, ...]) -> None:
    """What all who read forms rely on."""
    assert 1 <= len(forms) <= MAX_FORMS
    assert len(set(forms)) == len(forms)
    assert forms[0] or forms == ((),)
    assert all(word and word.split() == [word] for form in forms for word in form)
    assert all(sum(map(len, form)) <= MAX_LETTERS for form in forms)


@given(any_token, st.sampled_from(LANGUAGES))
@example("-->", "en")
@example("$$", "en")
def test_a_form_is_empty_only_where_a_token_has_nothing_to_say(token: str, language: str) -> None:
    check(spoken_forms(token, language))


@given(st.lists(any_token, min_size=1, max_size=6), st.sampled_from(LANGUAGES), st.integers(2, 5))
def test_it_holds_too_where_some_words_have_no_pronunciation(
    tokens: list[str], language: str, divisor: int
) -> None:
    for forms in speak_text(tokens, language, lambda word: len(word) % divisor > 0).forms:
        check(forms)


@given(st.lists(st.lists(st.text("ab'é漢", max_size=400), max_size=9).map(tuple), max_size=12))
def test_it_holds_for_whatever_forms_rules_give(forms: list[SpokenForm]) -> None:
    check(settle_forms(forms))


@given(any_token)
@example("-->")
def test_any_token_found_after_a_pause_may_start_at_its_onset(token: str) -> None:
    levels = make_levels((1_000, 1_600))
    text = speak_text([token], "en")
    found = [TokenTime(0, 1_000, 1_600, -1, 1)] if any(text.forms[0]) else [None]
    assert len(refine(found, text, levels)) == 1
