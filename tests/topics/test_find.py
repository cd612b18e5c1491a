"""Topics are found where the subject changes, and share out the recording whatever the text."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codec import from_plain
from pipeline.errors import ConfigError
from pipeline.records import TimedText, TopicList, Turn, Word
from pipeline.topics.find import find_topics
from pipeline.topics.options import TopicOptions
from tests.captions.texts import timed_texts
from tests.topics.texts import SUBJECTS, read_sample, speak, talk_about, talk_about_all

AUTO = TopicOptions()


def begins(found: TopicList) -> list[int]:
    return [topic.first_word for topic in found.topics]


def check_shares(timed: TimedText, found: TopicList) -> None:
    """The topics share out words and time, in order, with nothing left over."""
    topics = found.topics
    assert sum(topic.n_words for topic in topics) == len(timed.words)
    for topic in topics:
        assert len(topic.subtopics) != 1
        if topic.subtopics:
            assert sum(part.n_words for part in topic.subtopics) == topic.n_words
            assert topic.subtopics[-1].end_ms == topic.end_ms
    assert begins(found) == sorted(set(begins(found)))
    if topics:
        assert (topics[0].start_ms, topics[0].first_word) == (0, 0)
        assert topics[-1].end_ms >= timed.duration_ms


@pytest.mark.parametrize("count", ["auto", 4])
def test_the_samples_four_topics_begin_at_the_right_turns(count: int) -> None:
    timed, wanted = read_sample()
    assert begins(find_topics(timed, TopicOptions(count=count))) == wanted


def test_the_samples_titles_name_what_it_is_about() -> None:
    timed, _ = read_sample()
    titles = [topic.title.casefold() for topic in find_topics(timed, AUTO).topics]
    for title, word in zip(titles, ("bees", "train", "sauerkraut", "asteroids"), strict=True):
        assert word in title


@pytest.mark.parametrize("language", ["en", "xx"])
def test_known_topics_are_found_and_counted_with_and_without_a_stop_list(language: str) -> None:
    timed = speak(" ".join(talk_about_all()), language=language)
    assert begins(find_topics(timed, AUTO)) == [0, 400, 800, 1200, 1600]


def talk_in_parts() -> str:
    """Two subjects, and four things said of each, one after the other."""
    sentences = []
    for subject in ("bees", "trains"):
        own = SUBJECTS[subject].split()
        for part in range(4):
            about = " ".join(own[3 * part : 3 * part + 3])
            sentences += [f"{own[-1]} {about} and it {own[0]} was {about} so.".capitalize()] * 25
    return " ".join(sentences)


def test_a_topic_has_subtopics_where_its_words_change() -> None:
    found = find_topics(speak(talk_in_parts()), TopicOptions(count=2))
    assert begins(found) == [0, 1200]
    parts = [part.first_word for topic in found.topics for part in topic.subtopics]
    assert parts == list(range(0, 2400, 300))
    assert all(part.score > 0 and part.evidence for part in found.topics[1].subtopics[1:])


def test_one_level_has_no_subtopics() -> None:
    timed = speak(talk_in_parts())
    both, one = (find_topics(timed, TopicOptions(count=2, levels=levels)) for levels in (2, 1))
    assert [replace(topic, subtopics=()) for topic in both.topics] == list(one.topics)


@pytest.mark.parametrize(("minutes", "n_topics"), [(2, 5), (5, 2), (60, 1)])
def test_topics_come_as_often_as_asked_for(minutes: float, n_topics: int) -> None:
    timed = replace(speak(" ".join(talk_about_all())), duration_ms=600_000)
    found = find_topics(timed, TopicOptions(every_minutes=minutes))
    assert len(found.topics) == n_topics


def test_a_count_and_minutes_are_refused_together() -> None:
    with pytest.raises(ConfigError, match="count and every_minutes both say how many"):
        from_plain({"count": 3, "every_minutes": 5}, TopicOptions, "job")


def test_words_without_sentences_are_split_at_pauses() -> None:
    turns = [" ".join(talk_about(s, 40, 1)).replace(".", "").lower() for s in SUBJECTS]
    spoken = speak(*turns, before_ms={1: 900, 2: 900, 3: 900, 4: 900})
    words = tuple(Word(w.text, w.start_ms, w.end_ms, w.status, 1.0, 0) for w in spoken.words)
    timed = TimedText(
        "en", "scripted", spoken.duration_ms, (Turn(None, None, 0, len(words)),), words
    )
    assert begins(find_topics(timed, AUTO)) == [0, 400, 800, 1200, 1600]


def test_shuffled_sentences_have_no_topics_left() -> None:
    sentences = talk_about_all()
    whole = find_topics(speak(" ".join(sentences)), TopicOptions(count=5))
    Random(1).shuffle(sentences)
    shuffled = find_topics(speak(" ".join(sentences)), TopicOptions(count=5))
    assert sum(t.score for t in shuffled.topics) < 0.3 * sum(t.score for t in whole.topics)
    assert len(find_topics(speak(" ".join(sentences)), AUTO).topics) <= 2


@pytest.mark.parametrize("n_sentences", [5, 60, 120])
def test_one_subject_is_nearly_always_one_topic(n_sentences: int) -> None:
    counts = [
        len(find_topics(speak(" ".join(talk_about(subject, n_sentences, seed))), AUTO).topics)
        for subject in SUBJECTS
        for seed in range(4)
    ]
    assert counts.count(1) >= 0.9 * len(counts)


def test_a_topic_begins_in_the_pause_before_its_first_word() -> None:
    turns = [" ".join(talk_about(subject, 30, 1)) for subject in ("bees", "stars")]
    timed = speak(*turns, before_ms={1: 2_000})
    found = find_topics(timed, TopicOptions(count=2))
    first = timed.words[300]
    assert begins(found) == [0, 300]
    assert found.topics[1].start_ms == (first.start_ms or 0) - 200
    assert "pause" in {item.cue for item in found.topics[1].evidence}


def test_a_score_is_the_sum_of_its_evidence() -> None:
    timed, _ = read_sample()
    first, *rest = find_topics(timed, AUTO).topics
    assert (first.score, first.evidence) == (0.0, ())
    for topic in rest:
        assert topic.score == pytest.approx(sum(item.nats for item in topic.evidence), abs=0.02)
        assert {"words", "question"} <= {item.cue for item in topic.evidence}


@given(timed_texts(), st.sampled_from(["auto", 1, 2, 3, 7, 200]))
def test_topics_share_out_any_text(timed: TimedText, count: int) -> None:
    found = find_topics(timed, TopicOptions(count=count))
    check_shares(timed, found)
    assert bool(found.topics) == bool(timed.words)
    for topic in found.topics:
        text = "".join((topic.title, *topic.keywords))
        assert topic.title
        assert text.isprintable()
        text.encode()


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from(sorted(SUBJECTS)), min_size=1, max_size=6),
    st.integers(1, 40),
    st.integers(0, 5),
)
def test_a_given_count_is_obeyed(subjects: list[str], count: int, seed: int) -> None:
    sentences = [s for subject in subjects for s in talk_about(subject, 15, seed)]
    timed = speak(" ".join(sentences))
    found = find_topics(timed, TopicOptions(count=count))
    check_shares(timed, found)
    assert len(found.topics) == min(count, len(sentences))


def test_more_topics_than_sentences_are_as_many_as_there_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    found = find_topics(speak("One bee. Two trains. Three stars."), TopicOptions(count=9))
    assert begins(found) == [0, 2, 4]
    assert "9 topics asked for, room for only 3" in caplog.text


def test_a_text_that_is_not_in_the_audio_is_one_topic() -> None:
    words = tuple(Word(w, None, None, "unspoken", 0.0, 0) for w in "One. Two. Three.".split())
    timed = TimedText("en", "scripted", 5_000, (Turn(None, None, 0, 3),), words)
    (topic,) = find_topics(timed, TopicOptions(count=3)).topics
    assert (topic.start_ms, topic.end_ms, topic.n_words) == (0, 5_000, 3)


def test_a_topic_of_words_that_are_not_in_the_audio_still_has_time() -> None:
    unspoken = Word("Lost.", None, None, "unspoken", 0.0, 0)
    spoken = Word("Found.", 100, 400, "aligned", 1.0, 0)
    timed = TimedText("en", "scripted", 500, (Turn(None, None, 0, 2),), (unspoken, spoken))
    first, second = find_topics(timed, TopicOptions(count=2)).topics
    assert (first.start_ms, first.end_ms, second.start_ms) == (0, 100, 100)


def test_no_words_are_no_topics() -> None:
    assert find_topics(TimedText("en", "scripted", 5_000, (), ()), AUTO).topics == ()


@pytest.mark.parametrize("count", [0, -1, 201, 2.5, "few", True])
def test_a_count_that_cannot_be_meant_is_refused(count: object) -> None:
    with pytest.raises(ConfigError, match="count"):
        from_plain({"count": count}, TopicOptions, "job")


def test_the_same_text_gives_the_same_topics() -> None:
    timed, _ = read_sample()
    assert find_topics(timed, AUTO) == find_topics(timed, AUTO)
