"""Khmer, Lao, Burmese and their neighbours: lines end between words, never within a syllable."""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.cues import make_cues
from pipeline.captions.options import CaptionOptions
from pipeline.captions.phrases import find_phrases, is_tight
from pipeline.captions.profile import OwnProfile
from pipeline.records import Cue, TimedText, Turn, Word

WORDS = {
    "km": (
        "ខ្ញុំ ស្រឡាញ់ ប្រទេស កម្ពុជា ណាស់។ សូម អរគុណ ដែល បាន មក ចូលរួម ក្នុង កម្មវិធី របស់ យើង នៅ ថ្ងៃ នេះ "
        "មនុស្ស ទាំងអស់ កើត មក មាន សេរីភាព និង សមភាព ក្នុង ផ្នែក សេចក្ដី ថ្លៃថ្នូរ និង សិទ្ធិ។"
    ).split(),
    "lo": (
        "ຂ້ອຍ ຮັກ ປະເທດ ລາວ ຫຼາຍ ຂອບໃຈ ທີ່ ມາ ຮ່ວມ ລາຍການ ຂອງ ພວກ ເຮົາ ໃນ ມື້ ນີ້ ພວກ ເຮົາ ຈະ ເວົ້າ ກ່ຽວກັບ "
        "ປັນຍາ ປະດິດ ແລະ ອະນາຄົດ ຂອງ ການ ສຶກສາ"
    ).split(),
    "my": (
        "ကျွန်တော် မြန်မာ နိုင်ငံ ကို ချစ် ပါ တယ်။ ဒီ နေ့ ကျွန်တော် တို့ ရဲ့ အစီအစဉ် မှာ ပါဝင် တဲ့ အတွက် "
        "ကျေးဇူး တင် ပါ တယ်။ လူ တိုင်း သည် လွတ်လပ် သော အခွင့်အရေး များ ဖြင့် မွေး ဖွား လာ သည်။"
    ).split(),
}
NARROW = OwnProfile(chars_per_line=16, max_lines=2, chars_per_second=40)
PACE_MS = 70
"""A character."""


def make(tokens: Sequence[str], language: str, profile: OwnProfile = NARROW) -> tuple[Cue, ...]:
    words, now_ms = [], 0
    for token in tokens:
        end_ms = now_ms + len(token) * PACE_MS
        words.append(Word(token, now_ms, end_ms, "aligned", 0.9, 0))
        now_ms = end_ms
    turn = Turn(None, None, 0, len(words))
    timed = TimedText(language, "scripted", now_ms + 9_000, (turn,), tuple(words))
    return make_cues(timed, CaptionOptions(profile=profile))


def lines_of(cues: Sequence[Cue]) -> list[str]:
    return [line for cue in cues for line in cue.lines]


def find_starts(parts: Sequence[str]) -> set[int]:
    """Where each part begins in all of them together."""
    return {sum(map(len, parts[:n])) for n in range(len(parts))}


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize("cut", ["".join, list], ids=["text", "code points"])
def test_lines_end_between_words(language: str, cut: type) -> None:
    words = WORDS[language]
    spoken = "".join(words)
    tokens = list(spoken) if cut is list else [spoken]
    lines = lines_of(make(tokens, language))
    assert len(lines) > 5
    assert "".join(lines) == spoken
    assert find_starts(lines) <= find_starts(words)


@pytest.mark.parametrize("language", sorted(WORDS))
def test_words_are_found_where_writers_see_them(language: str) -> None:
    words = WORDS[language]
    spoken = "".join(words)
    found = find_phrases(spoken, language) - {len(spoken)}
    assert found <= find_starts(words)
    assert len(found) >= 0.8 * len(words)


@given(st.data(), st.sampled_from(sorted(WORDS)), st.integers(12, 24))
def test_a_line_never_begins_with_a_mark_wherever_an_engine_cuts(
    data: st.DataObject, language: str, chars_per_line: int
) -> None:
    spoken = "".join(WORDS[language])
    places = st.lists(st.integers(1, len(spoken) - 1), max_size=60, unique=True)
    cuts = [0, *sorted(data.draw(places)), len(spoken)]
    tokens = [spoken[start:end] for start, end in pairwise(cuts)]
    profile = OwnProfile(chars_per_line=chars_per_line, max_lines=2, chars_per_second=40)
    for line in lines_of(make(tokens, language, profile)):
        assert not unicodedata.category(line[0]).startswith("M")
        assert line[-1] not in "\u17d2\u1039"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ក្រុម", ["ក្រុ", "ម"]),  # a subscript stays below
        ("ចាប់ដៃ", ["ចាប់", "ដៃ"]),  # bantoc: the consonant under it closes the syllable
        ("တက္ကသိုလ်", ["တက္က", "သိုလ်"]),  # stacked, then closed by asat
        ("အင်္ဂလိပ်", ["အင်္ဂ", "လိပ်"]),  # kinzi
        ("ကျွန်တော့်", ["ကျွန်", "တော့်"]),
        ("ເວົ້າ", ["ເວົ້າ"]),  # vowels before, above and after
        ("ວັນຈັນທ໌", ["ວັ", "ນ", "ຈັ", "ນທ໌"]),
        ("สิทธิ์", ["สิ", "ทธิ์"]),  # silent
        ("ศุกร์", ["ศุ", "กร์"]),
    ],
)
def test_where_no_dictionary_helps_syllables_hold_together(text: str, parts: list[str]) -> None:
    starts = [at for at in range(1, len(text)) if not is_tight(text, at)]
    cut = [text[a:b] for a, b in zip([0, *starts], [*starts, len(text)], strict=True)]
    assert cut == parts


@pytest.mark.parametrize("cluster", ["ក្រុំ", "ລີ້", "ကြို", "လိပ်"])
def test_what_is_no_word_and_fits_no_line_is_cut_between_syllables(cluster: str) -> None:
    lines = lines_of(make([cluster * 40], "km"))
    assert len(lines) > 1
    assert all(len(line) % len(cluster) == 0 for line in lines)


def test_tibetan_lines_end_after_a_syllables_mark() -> None:
    spoken = "འགྲོ་བ་མིའི་རིགས་རྒྱུད་ཡོངས་ལ་སྐྱེས་ཙམ་ཉིད་ནས་ཆེ་མཐོང༌དང༌། ཐོབ་ཐངགི་རང་དབང་འདྲ་མཉམ་དུ་ཡོད་ལ།"
    lines = lines_of(make([spoken.replace(" ", "")], "bo"))
    assert len(lines) > 2
    assert all(line[-1] in "་།༌" for line in lines)


def test_other_letters_among_them_keep_their_places() -> None:
    spoken = "𠀋ខ្ញុំស្រឡាញ់Pythonនិង日本語"
    starts = find_phrases(spoken, "km")
    assert {spoken.index("ស្រឡាញ់"), spoken.index("Python"), spoken.index("និង")} <= starts
