"""Quotes and queries become whole sentences, or the question and its whole answer."""

import logging
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clips.options import ClipOptions
from pipeline.clips.requests import ClipRequest
from pipeline.clips.select import select_clips
from pipeline.clips.sentences import Recording
from pipeline.errors import MediaError
from pipeline.records import TimedText
from tests.clips.talks import (
    ANSWERED,
    ASIDE,
    ASKED,
    BAKED,
    MORE,
    THEN,
    about,
    choose,
    edges_are_clean,
    interview,
    talks,
    text_of,
)
from tests.topics.texts import speak


def quote(first: str, last: str | None, **more: object) -> ClipRequest:
    return ClipRequest(title="Clip", first_quote=first, last_quote=last, **more)  # type: ignore[arg-type]


def spoken(timed: TimedText, request: ClipRequest) -> str:
    (clip,) = choose(timed, request)
    assert edges_are_clean(clip, timed) or request.expand == "none"
    return text_of(clip, timed)


def test_a_quote_inside_a_sentence_brings_the_sentence() -> None:
    timed = interview()
    found = spoken(timed, quote("tied myself", "came in"))
    assert found == "I tied myself to the rudder for two nights. Sleep came in pieces."


def test_quotes_are_taken_to_the_word_where_nothing_is_to_be_added() -> None:
    assert spoken(interview(), quote("tied myself", "came in", expand="none")) == (
        "tied myself to the rudder for two nights. Sleep came in"
    )


def test_a_text_without_punctuation_has_no_sentences_to_add() -> None:
    timed = speak("alpha beta gamma delta " + "one two three four " * 40)
    (clip,) = choose(timed, quote("beta gamma", "gamma delta"))
    assert text_of(clip, timed) == "beta gamma delta"


def test_times_are_kept_unless_widened() -> None:
    timed = interview()
    start, end = (timed.words[n].start_ms or 0 for n in (20, 30))
    given_ms = ClipRequest(title="Clip", start=start / 1000, end=end / 1000)
    (retained,) = choose(timed, given_ms)
    assert (retained.start_ms, retained.end_ms) == (start, end)
    whole = ClipRequest(title="Clip", start=start / 1000, end=end / 1000, expand="sentence")
    assert edges_are_clean(choose(timed, whole)[0], timed)


@pytest.mark.parametrize("inside", ["compass broke on the third", "hardest thing about sailing"])
def test_an_answer_is_the_question_and_all_of_the_reply(inside: str) -> None:
    assert spoken(interview(), quote(inside, None, expand="answer")) == " ".join(
        (ASKED, ANSWERED, ASIDE, MORE)
    )


def test_an_answer_ends_where_the_host_goes_on() -> None:
    assert spoken(interview(), quote("flour and salt", None, expand="answer")) == f"{THEN} {BAKED}"


def test_an_answer_may_be_cut_short_at_a_sentence() -> None:
    request = quote("compass broke on", None, expand="answer", max_s=12)
    timed = interview()
    (clip,) = choose(timed, request)
    assert clip.end_ms - clip.start_ms <= 12_000
    assert text_of(clip, timed).startswith(ASKED)
    assert edges_are_clean(clip, timed)


def test_one_who_talks_alone_answers_until_the_next_question() -> None:
    timed = speak("Nice day. What is rust? Rust is iron and air. It grows. Why? Because.")
    assert spoken(timed, quote("rust is iron", None, expand="answer")) == (
        "What is rust? Rust is iron and air. It grows."
    )


def test_what_nobody_asked_for_stays_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    timed = speak("Rust is iron and air. It grows.", "Yes.")
    assert spoken(timed, quote("iron and air", None, expand="answer")) == "Rust is iron and air."
    assert "nobody asks anything before it" in caplog.text


# --- speakers ------------------------------------------------------------------------------------


def test_a_quote_is_looked_for_in_what_one_speaker_says() -> None:
    timed = speak("Bread is old.", "Rice is old.", "Bread is old.", "Bread is old, yes.")
    with pytest.raises(MediaError, match="is said 3 times"):
        choose(timed, quote("bread is old", "yes"))
    (clip,) = choose(timed, quote("bread is old", "yes", speaker="Guest"))
    assert text_of(clip, timed) == "Bread is old, yes."
    with pytest.raises(MediaError, match='nobody says "rice is old"'):
        choose(timed, quote("rice is old", "yes", speaker="host"))


def test_an_unknown_speaker_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(MediaError, match=r"no speaker is called 'gest'; did you mean guest\?"):
        choose(interview(), quote("wow", "wow", speaker="gest"))


def test_an_error_shows_a_few_words_and_never_the_whole_text() -> None:
    timed = speak(*(f"The {n} boats of the harbour sail at night." for n in range(400)))
    for long in ("of the harbour sail", " ".join(f"{n} boats harbour" for n in range(300))):
        with pytest.raises(MediaError) as caught:
            choose(timed, quote(long, "boats"))
        assert len(str(caught.value)) < 600
        assert len(re.findall(r'" at \d+:\d\d', str(caught.value))) == 3


# --- queries -------------------------------------------------------------------------------------


def test_a_query_finds_the_passage_about_it() -> None:
    timed = interview()
    request = ClipRequest(query="baking breads", min_s=3, max_s=12)
    (clip,) = choose(timed, request)
    assert "bake bread" in text_of(clip, timed)
    assert (clip.title, clip.reason) == ("Baking breads", "by query: breads")
    assert edges_are_clean(clip, timed)


def test_a_query_says_what_is_not_said_there(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    choose(interview(), ClipRequest(query="compass submarine", min_s=3, max_s=12))
    assert "nothing of submarine is said there" in caplog.text


def test_a_query_of_what_nobody_says_is_an_error_with_the_nearest_words() -> None:
    with pytest.raises(MediaError, match=r'says anything of "kompas" \(nearest: compass\)'):
        choose(interview(), ClipRequest(query="kompas"))


def test_a_query_and_its_answer() -> None:
    request = ClipRequest(query="whale", expand="answer", min_s=3, max_s=60)
    assert spoken(interview(), request) == " ".join((ASKED, ANSWERED, ASIDE, MORE))


# --- lengths -------------------------------------------------------------------------------------


def test_topics_outside_the_lengths_are_left_out_or_cut_short() -> None:
    timed = speak("Short one. " + "A boat sails on the sea tonight. " * 20)
    topics = about(timed, 0, 2)
    options = ClipOptions(min_s=4, max_s=10)
    (clip,) = select_clips(options, Recording(timed, topics), "Talk")
    assert (clip.id, clip.reason) == ("02-topic-2", "by topic, its beginning")
    assert 4_000 <= clip.end_ms - clip.start_ms <= 10_000
    assert edges_are_clean(clip, timed)
    assert len(select_clips(ClipOptions(), Recording(timed, topics), "Talk")) == 2


def test_a_requests_own_lengths_come_before_the_sections() -> None:
    timed = interview()
    requests = (ClipRequest(query="compass"), ClipRequest(query="compass", max_s=6))
    options = ClipOptions(select=requests, min_s=3, max_s=14)
    long, short = select_clips(options, Recording(timed), "Talk")
    assert 6_000 < long.end_ms - long.start_ms <= 14_000
    assert 3_000 <= short.end_ms - short.start_ms <= 6_000


@settings(max_examples=60)
@given(talks(), st.data())
def test_any_quote_of_any_talk_becomes_whole_sentences(
    timed: TimedText, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(timed.words) - 1))
    last = data.draw(st.integers(first, min(len(timed.words), first + 9) - 1))
    words = [word.text for word in timed.words]
    request = quote(" ".join(words[first : last + 1]), " ".join(words[first : last + 1]))
    try:
        (clip,) = choose(timed, request)
    except MediaError as error:
        assert "is said" in str(error)
        return
    assert edges_are_clean(clip, timed)
    assert clip.first_word <= first <= last < clip.first_word + clip.n_words
