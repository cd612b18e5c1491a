"""Lines of Arabic and Hebrew run leftward in every player, whatever they begin with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.cues import make_cues
from pipeline.captions.direction import embed, find_mark, hold_signs, runs_left, unembed
from pipeline.captions.formats import FORMATS, READERS
from pipeline.captions.lint import find_breaks
from pipeline.captions.markup import write_srt, write_vtt
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import NETFLIX_EN
from pipeline.captions.text import measure
from pipeline.records import Cue, Markup, TimedText
from tests.captions.reading import find_turns, parse_srt, parse_vtt
from tests.captions.texts import marked, say

RLM, LRM = "\u200f", "\u200e"
ARABIC = (
    "GPT-4 هو نموذج لغوي كبير، وقد استخدمته أمس مع C++ لكتابة 3 برامج صغيرة. "
    "هل تعتقد أن الآلة تستطيع أن تحل محل المعلم؟ نعم، هذا صحيح!"
)
HEBREW = "YouTube הוא אתר שבו אפשר לראות 24/7 סרטים של .NET ועוד."
WORDS = ("GPT-4", "هو", "نموذج", "שלום,", "C++", "24/7", "...", "-", "(x)", "كبير.")


def make(text: str, language: str, **options: object) -> tuple[Cue, ...]:
    spoken = say(text, ms_per_char=80)
    timed = TimedText(language, "scripted", spoken.duration_ms, spoken.turns, spoken.words)
    return make_cues(timed, CaptionOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "language"), [(ARABIC, "ar"), (HEBREW, "he")])
def test_lines_that_begin_with_latin_letters_are_marked_and_no_others(
    text: str, language: str
) -> None:
    cues = make(text, language)
    lines = [line for cue in cues for line in cue.lines]
    assert sum(line.startswith(RLM) for line in lines) == 1
    for line in lines:
        is_latin = line.lstrip(RLM)[0].isascii()
        assert line.startswith(RLM) == is_latin
    assert find_breaks(cues, NETFLIX_EN) == ()
    plain = [word.replace(LRM, "") for word in marked(cues)]
    assert plain == text.split()


@pytest.mark.parametrize(
    ("line", "is_leftward", "mark"),
    [
        ("GPT-4 هو", True, RLM),
        ("-Ann هو", True, RLM),
        ("3 كتب", True, ""),
        ("...", True, RLM),
        ("...", False, ""),
        ("שלום he said", False, LRM),
        ("he said שלום", False, ""),
    ],
)
def test_a_line_takes_its_direction_from_its_first_letter(
    line: str, is_leftward: bool, mark: str
) -> None:
    assert find_mark(line, is_leftward) == mark


def test_a_text_runs_as_most_of_its_letters_do_or_as_its_language() -> None:
    assert runs_left("I said שלום לכולם", "en")
    assert not runs_left("I said so, שלום", "he")
    assert runs_left("24/7", "fa")
    assert not runs_left("24/7", "en")


def test_signs_of_a_latin_name_stay_on_their_side() -> None:
    assert [hold_signs(token) for token in ("C++", "C#،", ".NET", "Amazon.", "+5", "كتب")] == [
        f"C++{LRM}", f"C#{LRM}،", f"{LRM}.NET", "Amazon.", "+5", "كتب",
    ]  # fmt: skip


def test_names_before_a_line_do_not_turn_it() -> None:
    spoken = say("نعم هذا صحيح", "لا", ms_per_char=200)
    timed = TimedText("ar", "scripted", spoken.duration_ms, spoken.turns, spoken.words)
    cues = make_cues(timed, CaptionOptions(names="shown"))
    assert [cue.lines[0][:7] for cue in cues] == [f"{RLM}[host]", f"{RLM}[guest"]
    assert all(measure(line) < len(line) for cue in cues for line in cue.lines)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=20))
def test_marks_point_at_words_and_files_give_lines_back(words: list[str]) -> None:
    cues = make(" ".join(words), "ar")
    assert [word.replace(LRM, "") for word in marked(cues)] == words
    for form, parse in (("vtt", parse_vtt), ("srt", parse_srt)):
        text = FORMATS[form].write(cues, "ar")  # type: ignore[index]
        assert [cue.lines for cue in parse(text)] == [cue.lines for cue in cues]


def test_subrip_has_a_leftward_line_embedded_for_players_that_know_one_direction() -> None:
    cues = make("نعم، صحيح!", "ar")
    assert "\u202bنعم، صحيح!\u202c\n" in FORMATS["srt"].write(cues, "ar")
    assert "\u202b" not in FORMATS["vtt"].write(cues, "ar")
    assert unembed(embed("שלום")) == "שלום"
    assert embed("plain") == "plain"


def test_a_files_own_markup_is_embedded_on_its_way_to_subrip_and_not_on_its_way_back() -> None:
    text, _ = write_srt(Markup("vtt", "<i>שלום!</i>\nplain", "line:0"))
    assert text == "{\\an8}\u202b<i>שלום!</i>\u202c\nplain"
    assert write_vtt(Markup("srt", text)) == ("<i>שלום!</i>\nplain", "line:0")


def test_running_text_has_no_marks_of_direction() -> None:
    cues = make("GPT-4 هو نموذج لغوي كبير.", "ar")
    assert FORMATS["txt"].write(cues, "ar") == "- [host] GPT-4 هو نموذج لغوي كبير.\n"


def test_what_our_own_files_say_has_no_marks_of_direction() -> None:
    cues = make("GPT-4 هو نموذج لغوي كبير.", "ar")
    assert cues[0].lines[0].startswith(RLM)
    (turn,) = find_turns(READERS["vtt"](FORMATS["vtt"].write(cues, "ar")))
    assert turn.words == ("GPT-4", "هو", "نموذج", "لغوي", "كبير.")
