"""Titles a person can read: whole phrases of the topic's own words, none twice."""

import pytest

from pipeline.topics.clauses import Spoken
from pipeline.topics.titles import Name, name_topics
from pipeline.topics.words import STOP_WORDS, find_stems
from tests.topics.texts import SUBJECTS, talk_about


def name(
    *texts: str, language: str | None = "en", speakers: tuple[str, ...] = ()
) -> tuple[Name, ...]:
    tokens, begins = [], []
    for text in texts:
        begins.append(len(tokens))
        tokens += text.split()
    return name_topics(Spoken(tokens, find_stems(tokens, language), speakers), begins)


def test_a_title_is_of_the_topics_own_words() -> None:
    names = name(*(" ".join(talk_about(subject, 30, 1)) for subject in SUBJECTS))
    for found, own in zip(names, SUBJECTS.values(), strict=True):
        assert set(found.title.lower().replace(",", "").split()) - STOP_WORDS <= set(own.split())
        assert found.title[0].isupper()


def test_the_question_that_opens_a_topic_names_it() -> None:
    bees, _ = name(
        "How do you keep bees on a rooftop? " + "Well, the wind blows and you tie them down.",
        "And what of night trains? The rails sing. The rails rust.",
    )
    assert bees.title.startswith("Bees on a rooftop")


def test_names_keep_the_spelling_of_the_text() -> None:
    (rome,) = name("The Roman Empire fell. Everyone thinks about the Roman Empire, they say.")
    assert rome.title.startswith("Roman Empire")


def test_a_phrase_stays_within_a_clause_and_ends_in_a_word_of_its_own() -> None:
    for found in name("We ate honey, trains ran late. Honey, trains and the queen of the."):
        for phrase in (found.title, *found.keywords):
            assert "honey trains" not in phrase.lower()
            assert phrase.split()[-1].lower() not in STOP_WORDS


def test_no_title_is_given_twice() -> None:
    text = "Bees make honey in the hive. The queen sleeps."
    titles = [found.title.casefold() for found in name(text, text, text)]
    assert len(set(titles)) == 3


def test_a_topic_of_fillers_alone_is_called_by_its_first_words() -> None:
    assert [n.title for n in name("Yeah, well, you know.", "--")] == [
        "Yeah well you know",
        "Topic 2",
    ]


def test_a_title_is_short_however_long_the_words() -> None:
    (found,) = name("x" * 500 + " " + "y" * 500)
    assert len(found.title) <= 60


def test_words_of_another_script_make_titles() -> None:
    (found,) = name("пчёлы любят мёд, пчёлы живут в улье", language="ru")
    assert "пчёлы" in found.title.lower()


def test_the_question_that_opens_a_topic_is_its_subtitle() -> None:
    bees, trains = name(
        "So, um, how do you, you know, keep bees on a a rooftop? Well, the wind blows.",
        "Night trains sing. The rails rust.",
    )
    assert bees.subtitle == "How do you keep bees on a rooftop?"
    assert trains.subtitle == ""


def test_a_text_without_capitals_gets_titles_with_them() -> None:
    (rome,) = name("the roman empire fell. everyone thinks about the roman empire, they say.")
    assert rome.title.startswith("Roman Empire")
    (bees,) = name("Bees on a rooftop: Bees on a rooftop. Bees love it.")
    assert bees.title.startswith("Bees on a rooftop")


def test_a_word_mentioned_in_passing_is_no_second_half() -> None:
    (found,) = name("The Roman Empire fell. The Roman Empire rose. A plumber came. " * 1)
    assert found.title == "Roman Empire"


FORMS = """
We play Diablo at night. They play Diablo all day, and we play it again. Diablo is a game. The game
has a nuclear war. A nuclear war is bad, and the threat of nuclear war is worse. It is very
significant, more significant than ever, and so significant. The war ended. Threat, they say.
"""


def test_a_title_does_not_begin_with_a_verb_nor_end_with_a_quality() -> None:
    (found,) = name(FORMS)
    for phrase in (found.title, *found.keywords):
        assert not phrase.lower().startswith("play ")
        assert not phrase.lower().endswith("nuclear")
    assert "significant" not in found.title.lower()
    assert "nuclear war" in found.title.lower()


def test_a_phrase_is_not_cut_out_of_a_longer_one() -> None:
    pros, _ = name(
        "What are the pros and cons of open sourcing engines to you? "
        "The pros and cons of open sourcing engines are many.",
        "Night trains sing. The rails rust.",
    )
    assert not pros.title.startswith("Cons")


def test_a_number_is_no_name() -> None:
    (found,) = name("The list has 1500 songs, 1500 films, 1500 books. A song of the sea.")
    assert "1500" not in found.title.split(", ")[-1].split()[-1:]


def test_acronyms_are_in_capitals_where_a_text_has_none() -> None:
    (found,) = name("an ai system learns. the ai system of nasa forgets, and the ai system fails.")
    assert found.title.startswith("AI System")


@pytest.mark.parametrize(
    "text",
    [
        "It was bigger than any other island, you know? Bees.",
        "The keel and the rudder go together, don't they? Bees.",
        "Is it what it would be for you? Bees.",
    ],
)
def test_what_asks_nothing_is_no_subtitle(text: str) -> None:
    (found,) = name(text)
    assert found.subtitle == ""


def test_a_subtitle_begins_where_it_says_something_and_has_a_capital_i() -> None:
    (found,) = name(
        "so maybe a good question to ask is, how should i keep bees if i live on a rooftop? yes."
    )
    assert found.subtitle == "How should I keep bees if I live on a rooftop?"


def test_a_subtitle_has_its_acronyms_in_capitals() -> None:
    (found,) = name("what is ai's place in the voyages of nasa, and will it steer rockets? yes.")
    assert found.subtitle.startswith("What is AI's place in the voyages of NASA, and")


FILLER = "And so we went on and on, and that was that, and then there was more of it as well. " * 3


def test_what_recurs_throughout_names_a_topic_rather_than_what_stands_in_one_place() -> None:
    aside = "The seal. A seal! One seal, two seals, the seal and the seal. "
    rocket = "The rocket flew. "
    (found,) = name(FILLER + aside + "".join(FILLER + rocket for _ in range(6)))
    assert found.title.startswith("Rocket")
    (swapped,) = name(FILLER + rocket * 3 + aside.replace("seal", "rocket") + FILLER)
    assert swapped.title.startswith("Rocket")


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("The cheek implemented. A cheek implemented. The cheek is sore.", "implemented", "cheek"),
        (
            "I like the way China grows. The way China builds. China, of China, to China.",
            "way china",
            "china",
        ),
        (
            "Our car is very computer efficient. It is so computer efficient, that car. "
            "The brain is very computer efficient. The car, the car, the car.",
            "efficient",
            "car",
        ),
        (
            "The flower of Ukrainian and Russian youth. The Ukrainian boys and the Ukrainian "
            "girls. The flower of Ukrainian and Russian youth is young.",
            "ukrainian",
            "youth",
        ),
        (
            "The jar of sauerkraut smells. My jar of sauerkraut bubbles.",
            "jar",
            "jar of sauerkraut",
        ),
        (
            "Hundreds of tweets, hundreds of tweets. Tweets are short. The tweets rhyme.",
            "hundreds of tweets",
            "tweets",
        ),
        (
            "They loved writing. Greeks loved writing. The writing is old. The loved ones.",
            "loved writing",
            "writing",
        ),
    ],
)
def test_a_title_is_not_cut_from_what_it_belongs_to(text: str, wrong: str, right: str) -> None:
    (found,) = name(text)
    parts = found.title.casefold().split(", ")
    assert not any(part.endswith(wrong) for part in parts if part != right), parts
    assert any(right in part for part in parts), parts


def test_those_who_speak_are_no_topic() -> None:
    text = "What has Ada Lovelace got wrong? Ada Lovelace, hedge funds. Ada Lovelace."
    (stranger,) = name(text)
    assert stranger.title.startswith("Ada Lovelace")
    (speaker,) = name(text, speakers=("ada", "host"))
    assert speaker.title.startswith("Hedge funds")


def test_a_second_half_says_nothing_that_another_title_says() -> None:
    notes = "Community notes are read. Community notes are written. Community notes win. "
    encyclopedia = "Free encyclopedia, free encyclopedia, free encyclopedia. "
    first, second = name(notes, encyclopedia + notes)
    assert "Community notes" in first.title
    assert "notes" not in second.title.lower()


def test_a_word_follows_another_only_if_there_is_no_phrase() -> None:
    text = "The data is old. The data is new. " + "The data, the data. " * 3
    noise = "The noise, a noise, the noise. " * 2 + "Noise. "
    assert name(text + noise)[0].title == "Data, noise"
    assert name(text + noise + "Giant file, giant file. ")[0].title == "Data, giant file"


def test_a_word_after_a_phrase_has_nearly_its_weight() -> None:
    text = "Neural network. Neural network. Neural network. Neural network. "
    tweet = "A tweet. The tweet. The tweet. "
    assert name(text, FILLER)[0].title == "Neural network"
    assert name(text + tweet, FILLER)[0].title == "Neural network"
    assert name(text + tweet * 2, FILLER)[0].title == "Neural network, tweet"


def test_numbers_of_wars_and_kings_are_in_capitals() -> None:
    (found,) = name("after world war ii came peace. world war ii was long, and world war ii ended.")
    assert found.title == "World War II"


def test_what_is_quoted_before_a_question_is_no_part_of_it() -> None:
    (found,) = name('"the bees are free." how many bees live in one hive of wood? many.')
    assert found.subtitle == "How many bees live in one hive of wood?"
