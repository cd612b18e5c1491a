"""Scripts without spaces: where words and phrases begin in a text, and where no line may end.

Tokens are handled in `unspaced.py`; what a break costs is in `breaks.py`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Any

import budoux

from pipeline.text.graphemes import UNSPACED, is_attached

_KANA = re.compile("[\u3041-\u30ff]")
_THAI = re.compile("[\u0e01-\u0e5b]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_IN_DICTIONARIES = re.compile("[\u0e81-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\uaa7f]+")
"""Runs of Lao, Burmese, Khmer and Tibetan (whose syllables a mark separates)."""

# Source: W3C, Requirements for Japanese Text Layout, §3.1.7 and §3.1.8 (the characters that no
# line begins or ends with); Unicode Standard Annex 14, classes BA, CL, EX, NS, CJ, OP and, in Thai
# and Lao, of vowels that stand before or after their consonant.
NOT_FIRST = frozenset(
    "、。，．・：；？！ヽヾゝゞ々〻ー〜～…‥’”）〕］｝〉》」』】〙〗〟｠»›)]},.;:?!%％‰℃°′″¢"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶｰｧｨｩｪｫｯｬｭｮ·"
    "ะาำๅๆฯຯະາຳໆ၊။།༎་។៕៖ៗ៘៚"
)
NOT_LAST = frozenset("‘“（〔［｛〈《「『【〘〖〝｟«‹([{$£¥￥＄￡#＃@＠เแโใไເແໂໃໄ")
_NEVER_APART = frozenset({("…", "…"), ("—", "—"), ("‥", "‥"), ("─", "─")})
_PAUSES = "、。，．！？；：!?"
_BREAKING_SPACE = "\u200b"
"""Zero-width space, which Khmer, Lao and Thai texts may have between words."""

# Source: Unicode Standard, §16.1 (thanthakhat), §16.2 (cancellation mark), §16.3 (asat, virama),
# §16.4 (bantoc, toandakhiat, viriam).
_CLOSING = re.compile(
    "[ก-ฮ][\u0e34\u0e38]?\u0e4c|[ກ-ຮ]\u0ecc|[\u1000-\u102a]\u1037?[\u1039\u103a]|[ក-អ][\u17cb\u17cd\u17d1]"
)
"""A consonant with a vowel-killing mark: it closes the syllable before it."""


def is_unspaced(text: str) -> bool:
    """Whether a text has letters of a script without spaces."""
    return not text.isascii() and UNSPACED.search(text) is not None


def is_tight(text: str, at: int) -> bool:
    """Whether no line may end before the character at `at`: a mark, or within a syllable.

    Source: Unicode Standard Annex 29, extended grapheme clusters, and the sources above.
    """
    before, after = text[at - 1], text[at]
    return (
        after in NOT_FIRST
        or before in NOT_LAST
        or (before, after) in _NEVER_APART
        or is_attached(before, after)
        or (_is_spaced_letter(before) and _is_spaced_letter(after))
        or _CLOSING.match(text, at) is not None
    )


def _is_spaced_letter(char: str) -> bool:
    return char.isalnum() and not UNSPACED.match(char)


def find_phrases(text: str, language: str) -> set[int]:
    """Where phrases begin: by BudouX's model of the language, after punctuation and U+200B.

    Khmer, Lao and Burmese, which have no model, are cut into words by ICU's dictionaries.
    """
    parser = _load_parser(_choose_model(text, language))
    starts = {0}
    if parser is not None:
        starts |= set(accumulate(map(len, parser.parse(text))))
    for run in _IN_DICTIONARIES.finditer(text):
        starts |= {run.start() + at for at in (0, *_find_words(run[0]))}
    starts |= {at for at in range(1, len(text)) if text[at - 1] in _PAUSES + _BREAKING_SPACE}
    return {at for at in starts if not 0 < at < len(text) or not is_tight(text, at)}


def _choose_model(text: str, language: str) -> str:
    """Choose by script; a text of Han characters alone is Chinese unless the language says else."""
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
    """A BudouX parser; its models are in the package. None for an unknown model."""
    loaders = {
        "ja": budoux.load_default_japanese_parser,
        "th": budoux.load_default_thai_parser,
        "zh-hans": budoux.load_default_simplified_chinese_parser,
        "zh-hant": budoux.load_default_traditional_chinese_parser,
    }
    return loaders[model]() if model in loaders else None


def _find_words(run: str) -> Iterator[int]:
    """Where words end, by ICU's dictionaries, which ICU chooses by script.

    ICU counts UTF-16 units: every character of the run must be one of U+0000 to U+FFFF.
    """
    from icu4py.breakers import LineBreaker  # 11 MB of code, 33 MB of data: only where needed

    yield from (end for _, end in LineBreaker(run, "en").segments())
