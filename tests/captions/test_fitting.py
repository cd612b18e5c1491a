"""Words wider than a line are broken at sensible places or set smaller, and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.fitting import SMALLEST_PX, TORN_SHARE, fit_lines
from pipeline.captions.looks import Line, Look, Run, clean_runs

WIDTHS = dict.fromkeys(map(chr, range(32, 1_000)), 0.5)
TOLERANCE_PX = 1e-6


def texts(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(run.text for run in line) for line in lines]


def fit(text: str, box_px: tuple[int, int], size_px: int = 40) -> tuple[list[str], int]:
    lines, fitted_px = fit_lines([(Run(text),)], box_px, size_px, WIDTHS)
    return texts(lines), fitted_px


letters = st.text(st.characters(min_codepoint=33, max_codepoint=500), min_size=1, max_size=120)


@given(st.lists(letters, min_size=1, max_size=5), st.integers(60, 900), st.integers(9, 60))
def test_no_word_is_wider_than_the_box_and_no_letter_is_lost(
    words: list[str], width_px: int, size_px: int
) -> None:
    (line,) = (clean_runs((Run(" ".join(words)),)),)
    (clean,) = texts((line,))
    lines, fitted_px = fit_lines([line], (width_px, 400), size_px, WIDTHS)
    assert "".join(texts(lines)).replace(" ", "") == clean.replace(" ", "")
    assert min(size_px, SMALLEST_PX) <= fitted_px <= size_px
    for word in " ".join(texts(lines)).split(" "):
        assert len(word) == 1 or len(word) * 0.5 * fitted_px <= width_px + TOLERANCE_PX


@given(st.lists(st.from_regex("[a-z]{1,9}", fullmatch=True), min_size=1, max_size=12))
def test_words_that_fit_are_left_to_the_renderer(words: list[str]) -> None:
    line = (Run(" ".join(words)),)
    assert fit_lines([line], (400, 4_000), 40, WIDTHS) == ((line,), 40)


parts = st.lists(st.from_regex("[a-z]{3,9}", fullmatch=True), min_size=6, max_size=20)


@given(parts, st.sampled_from("/.-_"))
def test_an_address_is_broken_after_its_signs(names: list[str], sign: str) -> None:
    lines, size_px = fit("https://" + sign.join(names), (300, 4_000))
    assert size_px == 40 and len(lines) > 1
    assert all(line[-1] in (sign, "/") for line in lines[:-1])


@given(parts)
def test_hashtags_and_camel_humps_begin_lines(names: list[str]) -> None:
    for text in ("#" + "#".join(names), "".join(map(str.capitalize, names))):
        lines, _ = fit(text, (300, 4_000))
        assert len(lines) > 1
        assert all(line[0] == "#" or line[0].isupper() for line in lines)


def test_a_long_word_is_set_smaller_before_it_is_broken_within_letters() -> None:
    lines, size_px = fit("x" * 20, (300, 400))
    assert lines == ["x" * 20] and TORN_SHARE * 40 <= size_px < 40
    lines, size_px = fit("x" * 60, (300, 400))
    assert len(lines) > 1 and size_px == 40


def test_accents_stay_on_their_letters() -> None:
    lines, _ = fit("e\u0301" * 60, (300, 400))
    assert len(lines) > 1
    assert all(line[0] == "e" for line in lines)


def test_text_too_high_for_its_box_is_set_smaller() -> None:
    short, long = "Bees", "A seat belt for bees and everything else " * 5
    assert fit(short, (1_000, 150), 50)[1] == 50
    assert SMALLEST_PX < fit(long.strip(), (1_000, 150), 50)[1] < 50


def test_a_broken_word_keeps_its_looks() -> None:
    italic = Look(is_italic=True)
    line = (Run("see "), Run("a" * 30 + "/", italic), Run("b" * 30))
    lines, _ = fit_lines([line], (700, 400), 40, WIDTHS)
    assert len(lines) == 3
    assert [run.look for part in lines for run in part if "a" in run.text] == [italic]
