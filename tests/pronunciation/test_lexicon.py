"""How English words sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.pronunciation.arpabet import PHONES, format_arpabet
from pipeline.pronunciation.lexicon import Lexicon, load_dictionary


def test_the_dictionary_knows_ordinary_words() -> None:
    assert Lexicon().pronounce("beach") == ("B IY CH",)
    assert len(load_dictionary()) > 100_000


def test_a_word_may_sound_several_ways() -> None:
    assert set(Lexicon().pronounce("read")) == {"R EH D", "R IY D"}


def test_the_jobs_vocabulary_comes_first_its_stress_taken_off() -> None:
    lexicon = Lexicon({"Kardashev": ("K AA1 R D AH0 SH EH2 V",), "beach": ("B IY1",)})
    assert lexicon.pronounce("kardashev") == ("K AA R D AH SH EH V",)
    assert lexicon.pronounce("beach") == ("B IY",)


@pytest.mark.parametrize("phones", ["K AAH", "BEACH"])
def test_phones_that_are_none_are_an_error_of_the_job(phones: str) -> None:
    with pytest.raises(ConfigError, match=r"align\.vocabulary\.x: .+; write it like"):
        Lexicon({"x": (phones,)})


def test_a_word_may_be_said_like_other_words() -> None:
    lexicon = Lexicon({"GIF": ("jif", "g i f"), "xAI": "x a i", "jif": "JH IH1 F"})
    assert lexicon.pronounce("gif") == ("JH IH F", "JH IY AY EH F")
    assert lexicon.pronounce("xai")[0].startswith("EH K S")
    assert lexicon.pronounce("gif's") == ("JH IH F S", "JH IY AY EH F S")


def test_phones_and_words_may_stand_side_by_side() -> None:
    assert Lexicon({"gif": ("JH IH1 F", "gift")}).pronounce("gif") == ("JH IH F", "G IH F T")


def test_a_word_said_like_itself_is_no_endless_loop() -> None:
    assert Lexicon({"beach": "beach"}).pronounce("beach") == ("B IY CH",)


def test_unstressed_words_have_their_weak_forms() -> None:
    assert {"AE N D", "AH N"} <= set(Lexicon().pronounce("and"))


@pytest.mark.parametrize(
    ("word", "phones"), [("'cause", "K AO Z"), ("they're", "DH EY ER"), ("gonna", "G AH N AH")]
)
def test_common_words_have_the_ways_that_the_dictionary_lacks(word: str, phones: str) -> None:
    known = Lexicon().pronounce(word)
    assert phones in known[1:]
    assert len(set(known)) == len(known)


@pytest.mark.parametrize("word", ["skarnholt", "ostravelle", "drommelin", "grok", "zxqv"])
def test_a_word_no_dictionary_has_is_said_by_rule(word: str) -> None:
    guesses = Lexicon().pronounce(word)
    assert guesses
    assert all(set(guess.split()) <= PHONES for guess in guesses)


def test_a_short_unknown_word_is_also_spelled() -> None:
    assert "EH K S EY AY" in Lexicon().pronounce("xai")


def test_a_possessive_sounds_as_its_stem() -> None:
    lexicon = Lexicon({"skarnholt": ("S K",), "ostravelle": ("V EH L",), "drommish": ("SH",)})
    assert lexicon.pronounce("skarnholt's") == ("S K S",)
    assert lexicon.pronounce("ostravelle's") == ("V EH L Z",)
    assert lexicon.pronounce("drommish's") == ("SH IH Z",)


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("h ə l ˈoʊ", "HH AH L OW"),
        ("tʃ ˈiː z", "CH IY Z"),
        ("b ˈɜː d", "B ER D"),
        ("t ˈʊɹ ɹ", "T UH R"),
        ("ɡ ɹ ˈɑː k", "G R AA K"),
        ("", ""),
        ("ǃ", ""),
    ],
)
def test_ipa_becomes_arpabet(ipa: str, phones: str) -> None:
    assert format_arpabet(ipa.split()) == phones


@given(st.text(st.characters(categories=("Ll", "Lo", "Mn")), min_size=1, max_size=12))
def test_whatever_the_word_its_phones_are_the_recognisers(word: str) -> None:
    for guess in Lexicon().pronounce(word):
        assert set(guess.split()) <= PHONES
