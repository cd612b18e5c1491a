"""Timed texts for the topic tests: spoken by hand, made of known topics, and the sample's."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

from pipeline.records import TimedText, Turn, Word

SAMPLES = Path(__file__).parent.parent.parent / "samples"

SUBJECTS = {
    "bees": "hive honey queen nectar swarm pollen smoke comb drone keeper flower sting wax",
    "trains": "carriage rails sleeper engine station ticket whistle signal wheel brake steam track",
    "bread": "flour yeast oven crust dough salt kneading loaf sourdough baker crumb rye starter",
    "stars": "telescope orbit comet galaxy nebula lens planet eclipse dust gravity light moon",
    "boats": "harbour sail anchor keel rudder mast tide captain rope deck compass storm hull",
}
FILLERS = "and then you know it is like the thing that we were going to say so well".split()


def speak(*turns: str, speakers: Sequence[str | None] = ("host", "guest"), pause_ms: int = 120,
          before_ms: dict[int, int] | None = None, language: str = "en") -> TimedText:  # fmt: skip
    """Turns by speakers in turn; `before_ms` is how much more silence comes before a turn."""
    words: list[Word] = []
    made: list[Turn] = []
    now_ms = 1_000
    for number, text in enumerate(turns):
        now_ms += (before_ms or {}).get(number, 0)
        first = len(words)
        for token in text.split():
            end_ms = now_ms + 60 * len(token)
            words.append(Word(token, now_ms, end_ms, "aligned", 0.9, number))
            now_ms = end_ms + (pause_ms if token[-1] in ".?!" else 0)
        speaker = speakers[number % len(speakers)]
        made.append(Turn(speaker, "label" if speaker else None, first, len(words) - first))
    return TimedText(language, "scripted", now_ms + 500, tuple(made), tuple(words))


def talk_about(subject: str, n_sentences: int, seed: int) -> list[str]:
    """Sentences of ten words, four of them the subject's."""
    random = Random(f"{subject} {seed}")
    own = SUBJECTS[subject].split()
    sentences = []
    for _ in range(n_sentences):
        spoken = random.choices(own, k=4) + random.choices(FILLERS, k=6)
        random.shuffle(spoken)
        sentences.append(" ".join(spoken).capitalize() + ".")
    return sentences


def talk_about_all(n_sentences: int = 40) -> list[str]:
    """The subjects one after the other."""
    return [s for subject in SUBJECTS for s in talk_about(subject, n_sentences, 1)]


def read_sample() -> tuple[TimedText, list[int]]:
    """The sample as it was made, with the first word of each of its topics."""
    truth = json.loads((SAMPLES / "episode.truth.json").read_text())
    words: list[Word] = []
    turns: list[Turn] = []
    begins: list[int] = []
    spoken = truth["words"]
    for index, word in enumerate(spoken):
        before = spoken[index - 1] if index else {"speaker": None, "topic": None}
        if word["speaker"] != before["speaker"]:
            turns.append(Turn(word["speaker"], "label", index, 0))
        if word["topic"] != before["topic"]:
            begins.append(index)
        words.append(
            Word(word["text"], word["start_ms"], word["end_ms"], "aligned", 1.0, len(turns) - 1)
        )
    ends = [*(turn.first_word for turn in turns[1:]), len(words)]
    whole = tuple(
        Turn(turn.speaker, turn.speaker_from, turn.first_word, end - turn.first_word)
        for turn, end in zip(turns, ends, strict=True)
    )
    return TimedText("en", "scripted", truth["duration_ms"], whole, tuple(words)), begins
