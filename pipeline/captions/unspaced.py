"""Text in scripts that write no spaces between words: where spaces stand, and where lines may end.

Chinese, Japanese, Thai and their like, alone or amid other text. What a break costs is in
`breaks.py`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import budoux

from pipeline.captions.text import measure
from pipeline.records import Word

# Source: Unicode Standard, §6.2 "Line and Word Breaking", and Scripts.txt. Hangul writes spaces.
_SOUTH_EAST_ASIAN = "\u0e01-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\uaa7f"
_CHINESE_JAPANESE = (
    "\u2e80-\u2fdf\u3001-\u312f\u3190-\u31ff\u3220-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_SOUTH_EAST_ASIAN}{_CHINESE_JAPANESE}]")
_SPACE_IS_PUNCTUATION = re.compile(f"[{_SOUTH_EAST_ASIAN}]")
_KANA = re.compile("[\u3041-\u30ff]")
_THAI = re.compile("[\u0e01-\u0e5b]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")

# Source: W3C, Requirements for Japanese Text Layout, §3.1.7 and §3.1.8 (the characters that no
# line begins or ends with); Unicode Standard Annex 14, classes CL, EX, NS, CJ, OP and, in Thai and
# Lao, of vowels that stand before or after their consonant.
_NOT_FIRST = frozenset(
    "、。，．・：；？！ヽヾゝゞ々〻ー〜～…‥’”）〕］｝〉》」』】〙〗〟｠»›)]},.;:?!%％‰℃°′″¢"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶｰｧｨｩｪｫｯｬｭｮ·"
    "ะาำๅๆฯຯະາຳໆ"
)
_NOT_LAST = frozenset("‘“（〔［｛〈《「『【〘〖〝｟«‹([{$£¥￥＄￡#＃@＠เแโใไເແໂໃໄ")
_NEVER_APART = frozenset({("…", "…"), ("—", "—"), ("‥", "‥"), ("─", "─")})
_PAUSES = "、。，．！？；：!?"
_STACKERS = frozenset("\u200d\u1039\u17d2")
"""What follows these stands below or is one with what is before them."""
_BREAKING_SPACE = "\u200b"
"""Writers of Khmer, Lao and Thai put it between words: it has no width."""

_PHRASE_COLUMNS = 8
"""Tokens that are longer on average are phrases between spaces; shorter ones are words or
characters that someone, or an engine, has parted."""

_PROSE_COMMAS = 0.01
"""So many commas and full stops a character make prose, in which a break without one is none."""


class Joint(Enum):
    """What lies between a piece of text and the one before it."""

    SPACE = "space"
    FREE = "free"  # no space, but a phrase ends
    INNER = "inner"  # within a phrase
    TIGHT = "tight"  # where no line may end


class Fragment(NamedTuple):
    """A token, or a part of one: `share` says where in it the part begins and ends, from 0 to 1."""

    token: int
    text: str
    joint: Joint
    share: tuple[float, float] = (0.0, 1.0)


class Spacing(NamedTuple):
    """What a space between two tokens means in a text.

    Where tokens are words or characters, their spaces are no one's. Where they are phrases, a space
    is Thai's punctuation, and that of Chinese and Japanese which has no other; in prose, which has,
    a line was wrapped there.
    """

    is_phrased: bool
    is_prose: bool


def is_unspaced(text: str) -> bool:
    """Whether a text has letters of a script without spaces."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def is_continued(before: str, after: str) -> bool:
    """Whether a text goes on without a space: both ends are of scripts that have none."""
    ends = (_find_edge(before[::-1]), _find_edge(after))
    return all(edge is None or _UNSPACED.match(edge) for edge in ends) and any(ends)


def read_spacing(tokens: Sequence[str]) -> Spacing:
    """What spaces mean in a text of these tokens."""
    unspaced = [token for token in tokens if is_unspaced(token)]
    text = "".join(unspaced)
    return Spacing(
        is_phrased=measure(text) >= _PHRASE_COLUMNS * len(unspaced),
        is_prose=sum(map(text.count, "、。，．")) >= _PROSE_COMMAS * len(text),
    )


def cut_tokens(
    tokens: Sequence[str], language: str, max_columns: int, spacing: Spacing | None = None
) -> Iterator[Fragment]:
    """Cut the tokens of one speaker into parts that lines may be made of; nothing is lost.

    Tokens of scripts with spaces stay whole. Others are cut where phrases end, and where a phrase
    is wider than `max_columns`.

    Args:
        spacing: that of the whole text; else it is read off the tokens.
    Cost: linear.
    """
    if not is_unspaced("".join(tokens)):
        yield from (Fragment(number, token, Joint.SPACE) for number, token in enumerate(tokens))
        return
    first = 0
    spacing = spacing or read_spacing(tokens)
    for last in range(1, len(tokens) + 1):
        if last == len(tokens) or not _is_glued(tokens[last - 1], tokens[last], spacing):
            yield from _cut_run(tokens[first:last], first, language, max_columns)
            first = last


def find_moment(word: Word, share: float, until_ms: int | None = None) -> int:
    """When so much of a spoken word's width is said: by then, where the next begins before its end.

    Times within a word are a guess: of its length, all characters take alike.
    """
    start_ms, end_ms = word.start_ms or 0, word.end_ms or 0
    last_ms = end_ms if until_ms is None else min(end_ms, until_ms)
    return start_ms + int((last_ms - start_ms) * share)


def _find_edge(text: str) -> str | None:
    """The first character of a script; else of plain ASCII; None where there are only marks."""
    of_scripts = (char for char in text if char.isalnum() or _UNSPACED.match(char))
    return next(of_scripts, text[0] if text.isascii() else None)


def _is_glued(before: str, after: str, spacing: Spacing) -> bool:
    """Whether a token follows the one before it without a space."""
    if not is_continued(before, after):
        return False
    if _SPACE_IS_PUNCTUATION.search(before[-1] + after[0]):
        return not spacing.is_phrased
    is_marked = before[-1] in _NOT_FIRST or after[0] in _NOT_LAST
    return is_marked or spacing.is_prose or not spacing.is_phrased


def _cut_run(
    tokens: Sequence[str], first: int, language: str, max_columns: int
) -> Iterator[Fragment]:
    """Cut tokens that follow each other without spaces at their own ends and those of phrases."""
    text = "".join(tokens)
    starts = [0, *accumulate(map(len, tokens))]
    phrase_starts = _find_phrases(text, language) if is_unspaced(text) else set()
    cuts = phrase_starts | set(starts)
    cuts |= set(_find_forced(text, sorted(cuts), max_columns))
    number = 0
    for start, end in pairwise(sorted(cuts)):
        while starts[number + 1] <= start:
            number += 1
        token, begun = tokens[number], starts[number]
        n_columns = max(1, measure(token))
        share = (
            measure(token[: start - begun]) / n_columns,
            measure(token[: end - begun]) / n_columns,
        )
        joint = _find_joint(text, start, phrase_starts) if start else Joint.SPACE
        yield Fragment(first + number, text[start:end], joint, share)


def _find_joint(text: str, at: int, phrase_starts: set[int]) -> Joint:
    if is_tight(text[at - 1], text[at]):
        return Joint.TIGHT
    return Joint.FREE if at in phrase_starts else Joint.INNER


def is_tight(before: str, after: str) -> bool:
    """Whether no line may end between two characters."""
    return (
        after in _NOT_FIRST
        or before in _NOT_LAST
        or (before, after) in _NEVER_APART
        or unicodedata.category(after) in ("Mn", "Mc", "Me", "Cf")
        or before in _STACKERS
        or (_is_spaced_letter(before) and _is_spaced_letter(after))
    )


def _is_spaced_letter(char: str) -> bool:
    return char.isalnum() and not _UNSPACED.match(char)


def _find_phrases(text: str, language: str) -> set[int]:
    """Where phrases begin: by a model where there is one, after pauses, after a mark for it."""
    parser = _load_parser(_choose_model(text, language))
    starts = {0}
    if parser is not None:
        starts |= set(accumulate(map(len, parser.parse(text))))
    starts |= {at for at in range(1, len(text)) if text[at - 1] in _PAUSES + _BREAKING_SPACE}
    return {at for at in starts if not 0 < at < len(text) or not is_tight(text[at - 1], text[at])}


def _choose_model(text: str, language: str) -> str:
    """By the script; Chinese characters alone are what the language says, else Chinese."""
    if _THAI.search(text):
        return "th"
    tag = language.replace("_", "-").lower()
    if _KANA.search(text) or (tag.startswith("ja") and _HAN.search(text)):
        return "ja"
    if not _HAN.search(text):
        return ""
    is_traditional = tag.startswith("yue") or any(part in tag for part in ("hant", "-tw", "-hk"))
    return "zh-hant" if is_traditional else "zh-hans"


@lru_cache
def _load_parser(model: str) -> Any:
    """BudouX's; its models are in the package."""
    loaders = {
        "ja": budoux.load_default_japanese_parser,
        "th": budoux.load_default_thai_parser,
        "zh-hans": budoux.load_default_simplified_chinese_parser,
        "zh-hant": budoux.load_default_traditional_chinese_parser,
    }
    return loaders[model]() if model in loaders else None


def _find_forced(text: str, cuts: Sequence[int], max_columns: int) -> Iterator[int]:
    """Where what is too wide for a line is cut, as late as a line may end."""
    for start, end in pairwise(cuts):
        while measure(text[start:end]) > max_columns:
            widths = accumulate(map(measure, text[start:end]))
            fitting = sum(width <= max_columns for width in widths)
            places = range(start + max(1, fitting), start, -1)
            legal = (at for at in places if not is_tight(text[at - 1], text[at]))
            at = next(legal, None)
            if at is None:
                break
            yield at
            start = at
