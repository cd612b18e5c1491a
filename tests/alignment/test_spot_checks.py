"""Words looked for once more: which are chosen, and where they are found."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.alignment.spot_checks import SpotChecked, choose_spot_checks, find_spot_checks
from pipeline.records import ArcTime, DecodeRequest, TimedText, Turn, Word
from pipeline.verbalization.spoken_text import speak_text

WORDS = "Well there were 16 metres of water under every single bridge so nobody crossed them."


def say(text: str, confidence: float = 0.95) -> TimedText:
    words = tuple(
        Word(word, 300 * index, 300 * index + 250, "aligned", confidence, 0)
        for index, word in enumerate(text.split())
    )
    return TimedText("en", "", 300 * len(words), (Turn(None, None, 0, len(words)),), words)


class Recorded:
    """A decoder that hears every word of a request evenly spread over it, and notes the request."""

    def __init__(self) -> None:
        self.requests: list[DecodeRequest] = []

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[Sequence[ArcTime]]:
        for request in requests:
            self.requests.append(request)
            spoken = [n for n, arc in enumerate(request.graph.arcs) if arc.word not in (None, "*")]
            step_ms = (request.end_ms - request.start_ms) // len(spoken)
            yield [
                ArcTime(
                    arc, request.start_ms + n * step_ms, request.start_ms + (n + 1) * step_ms, -5
                )
                for n, arc in enumerate(spoken)
            ]


def test_first_and_last_and_some_sure_words_between_are_chosen() -> None:
    timed = say(WORDS)
    probes = choose_spot_checks(timed, 5)
    assert (probes[0], probes[-1]) == (0, len(timed.words) - 1)
    assert len(probes) == 5
    for probe in probes[1:-1]:
        assert len(timed.words[probe].text) >= 4
        assert timed.words[probe].text not in ("were", "metres")


def test_words_that_nobody_is_sure_of_are_not_chosen() -> None:
    assert choose_spot_checks(say(WORDS, confidence=0.5), 8) == (0, 14)


def test_words_behind_a_pause_are_not_chosen() -> None:
    timed = say("all over these rivers bridges stand")
    late = tuple(
        replace(word, start_ms=300 * index + 200, end_ms=300 * index + 450)
        for index, word in enumerate(timed.words[3:], 3)
    )
    paused = replace(timed, words=timed.words[:3] + late, duration_ms=2_100)
    assert choose_spot_checks(timed, 9) == (0, 1, 2, 3, 4, 5)
    assert choose_spot_checks(paused, 9) == (0, 1, 2, 4, 5)


def test_under_music_the_outermost_words_are_chosen_only_where_words_lie_around_them() -> None:
    timed = say("all over these rivers bridges stand")
    paused = tuple(
        replace(word, start_ms=word.start_ms + 200, end_ms=word.end_ms + 200)
        if index == 5 and word.start_ms is not None and word.end_ms is not None else word
        for index, word in enumerate(timed.words)
    )  # fmt: skip
    late = replace(timed, words=paused, duration_ms=2_100)
    assert choose_spot_checks(timed, 9, (True, False)) == (1, 2, 3, 4, 5)
    assert choose_spot_checks(timed, 9, (True, True)) == (1, 2, 3, 4, 5)
    assert choose_spot_checks(late, 9, (False, True)) == (0, 1, 2, 3, 4)
    assert choose_spot_checks(say("no"), 9, (True, True)) == ()


def test_a_clip_without_words_has_none_to_look_for() -> None:
    assert choose_spot_checks(TimedText("en", "", 1_000, (), ()), 8) == ()


def test_words_of_several_sounds_in_a_row_are_found_in_the_time_of_each() -> None:
    one, two = say("all of them came"), say("none of them went")
    parts = [SpotChecked(one, (0, 3), 0), SpotChecked(two, (3,), 10_000)]
    text = speak_text([word.text for part in parts for word in part.timed.words], "en")
    decoder = Recorded()
    found = find_spot_checks(parts, text, decoder)
    assert [len(times) for times in found] == [2, 1]
    assert decoder.requests[-1].start_ms >= 10_000
    assert {arc.word for arc in decoder.requests[-1].graph.arcs} >= {"none", "went"}
    assert not {arc.word for arc in decoder.requests[-1].graph.arcs} & {"came", "all"}
    (last,) = found[1]
    assert last is not None and 0 < last < two.duration_ms
