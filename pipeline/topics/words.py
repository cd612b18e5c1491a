"""Stems and stop words: each token's stem, or None where it tells no topic from another.

Times are in `boundary_candidates.py`, the segmentation in `segment.py`.
"""

import importlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache

from pipeline.text.bare_words import bare_word

CHUNK_WORDS = 500
"""Tokens in a chunk; common stems are counted by chunks where there is no stop list."""

MIN_CHUNKS = 6
"""Chunks are made smaller until there are this many."""

COMMON_SHARE = 1 / 3
"""A stem in more than this share of the chunks counts as a stop word."""

_LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""Languages with a Snowball stemmer, by their codes; words of others are their own stems."""

GRAMMAR_WORDS = frozenset(
    """
    a about above across after again against all almost along already also although always am
    among an and another any anybody anymore anyone anything anyway anywhere are aren't around as
    at away be became because become becomes been before behind being below beside besides
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't done
    down during each either else enough even ever every everybody everyone everything everywhere
    except few for from further had hadn't has hasn't have haven't having he her here hers herself
    him himself his how however i if in indeed inside instead into is isn't it its itself just
    least less like many may maybe me might mine more most much must my myself near neither never
    nevertheless no nobody none nor not nothing now nowhere of off often on once one ones only onto
    or other others otherwise ought our ours ourselves out outside over own per perhaps quite
    rather same several shall she should shouldn't since so some somebody somehow someone something
    sometime sometimes somewhat somewhere still such than that the their theirs them themselves
    then there thereby therefore these they this those though through throughout thus to together
    too toward towards under unless until up upon us very via was wasn't we were weren't what
    whatever whatsoever when whenever where whereas wherever whether which whichever while who
    whoever whole whom whose why will with within without won't would wouldn't yes yet you your
    yours yourself yourselves
    """.split()
)
"""Function words."""

TALK_WORDS = frozenset(
    # fillers and hedges
    """
    absolutely actual actually ah aha ahead alright anyways apparently basically certain certainly
    clearly completely constantly course definitely entirely essentially especially eventually
    exactly extremely fairly finally frankly fully fundamentally generally gonna gotta guy guys ha
    haha hello hey hi hmm honestly hopefully huh incredible incredibly kinda literally mainly man
    mhm mm mmm mostly nah nearly necessarily nope normally obviously oh ok okay particular
    particularly please possible possibly potentially presumably pretty probably quickly really
    relatively right seriously simply slightly sorry sorta specific specifically successfully super
    sure technically thank thanks totally truly typically uh uhm ultimately um unfortunately
    usually wanna welcome well wow ya yay yeah yep yup
    """.split()
    # verbs that go with any subject
    + """
    able add agree allow answer ask asked asking asks began begin begun bring brought call called
    came come comes coming decide depend depends end expect feel feeling feels felt find follow form
    found gave get gets getting give given gives giving go goes going gone got gotten guess happen
    happened happening happens hear heard help hold hope imagine keep keeps kept knew know knowing
    known knows lead leads leave left let lets look looked looking looks make makes making matter
    mean means meant mention mentioned need needed needs put puts putting ran reach read regard
    remember run running said saw say saying says see seeing seem seems seen set show shows spend
    spent stand start started starts stay stop suppose take taken takes taking talk talked talking
    talks tell tells tend think thinking thinks thought told took tried tries try trying turn turned
    turns understand understanding use used uses using want wanted wanting wants went wish wonder
    wondering work worked working works
    """.split()
)
"""Words of speech on any subject."""

VAGUE_WORDS = frozenset(
    """
    two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred
    thousand million billion trillion first second third fourth last next half quarter percent
    number numbers bit bunch couple lot lots amount dozen kind kinds sort sorts type types level
    day days week weeks month months year years hour hours minute minutes moment today tonight
    tomorrow yesterday morning evening night time times ago early late later recently soon currently
    back bad best better big care case change common deal deep difference different difficult easy
    effectively example extent fact fair far fine full good great hard high huge idea important
    interested interesting issue large larger largest likely little long low main meaning mind new
    nice old open opposite order part people person persons piece place point points problem
    problems question questions real reason reasons result sense short side similar simple single
    situation small story strong stuff term terms thing things thoughts top tough true useful
    usual various view way ways word words worth wrong
    """.split()
)
"""Vague nouns and adjectives: they tell no topic from another, but may stand in a title."""

STOP_WORDS = GRAMMAR_WORDS | TALK_WORDS | VAGUE_WORDS
"""Words without a stem for segmentation: removing them is half of its quality."""

_FILLERS = frozenset("um uh uhm er erm hmm mm mhm ah".split())
_OPENERS = frozenset("so and but or well okay ok now yeah right alright like because".split())
_ASIDES = frozenset({("you", "know"), ("i", "mean")})

_CONTRACTION = re.compile(r"n't$|'(?:m|re|ve|ll|d)$")
_SHORT_NUMBER = re.compile(r"[\d.,:/%]{1,3}|\d{1,3}(?:st|nd|rd|th)|\d+(?:[.,:/]\d+)+")


def find_stems(tokens: Sequence[str], language: str | None) -> list[str | None]:
    """The stem of each token; None for stop words, fillers and small numbers.

    Without a stop list (any language but English), stems in over a third of the text's chunks count
    as stop words.
    """
    code = (language or "").casefold().replace("_", "-").partition("-")[0]
    stem = _make_stemmer(code)
    stop = STOP_WORDS if code == "en" else frozenset()
    plain = [normalize(token) for token in tokens]
    stems = [None if _is_empty(word, stop) else stem(_bare(word, code)) for word in plain]
    if code == "en":
        return stems
    common = _find_common(stems)
    return [None if found in common else found for found in stems]


def normalize(token: str) -> str:
    """A token's bare word; empty if it has none, or is broken off ("be-")."""
    return "" if token.endswith("-") else bare_word(token)


def clean_speech(tokens: Sequence[str]) -> str:
    """Speech as it would be written: without fillers, repeated words or an opening "so"."""
    clean: list[str] = []
    for token in tokens:
        word = normalize(token)
        is_again = bool(clean) and word == normalize(clean[-1]) and word.isalpha()
        if word in _FILLERS or token.endswith(("-", "—", "–")) or not word:
            _close_gap(clean, token)
            continue
        if is_again and clean[-1][-1].isalnum():
            clean[-1] = token
            continue
        if not clean and word in _OPENERS:
            continue
        clean.append(token)
        if tuple(map(normalize, clean[-2:])) in _ASIDES and (
            token.endswith(",") or len(clean) == 2
        ):
            del clean[-2:]
            _close_gap(clean, token)
    text = "".join(char for char in " ".join(clean) if char.isprintable())
    return text[:1].upper() + text[1:]


def _close_gap(clean: list[str], dropped: str) -> None:
    """Where a word between two commas was dropped, drop the first comma too."""
    if clean and dropped.endswith(","):
        clean[-1] = clean[-1].removesuffix(",")


def is_weak(word: str) -> bool:
    """Whether an English word, in lower case, is a function word or one of TALK_WORDS."""
    return word in GRAMMAR_WORDS or _make_stemmer("en")(word) in _find_own_stems(TALK_WORDS)


def is_vague(word: str) -> bool:
    """Whether an English word, in lower case, is one of VAGUE_WORDS."""
    return _make_stemmer("en")(word) in _find_own_stems(VAGUE_WORDS)


@cache
def _find_own_stems(words: frozenset[str]) -> frozenset[str]:
    """The stems of a word list, so that "bringing" is found by "bring"."""
    stem = _make_stemmer("en")
    return frozenset(stem(word) for word in words)


def _is_empty(word: str, stop: frozenset[str]) -> bool:
    if len(word) < 2 and not word > "\u2e7f":  # one letter; but one Han character is a word
        return True
    if not stop:
        return bool(_SHORT_NUMBER.fullmatch(word))
    return (
        word in stop
        or is_weak(_bare(word, "en"))
        or bool(_CONTRACTION.search(word))
        or bool(_SHORT_NUMBER.fullmatch(word))
    )


def _bare(word: str, code: str) -> str:
    return word.removesuffix("'s").removesuffix("'") if code == "en" else word


@cache
def _make_stemmer(code: str) -> Callable[[str], str]:
    """The stemmer of a language, which stems each word once."""
    if code not in _LANGUAGES:
        return str
    name = _LANGUAGES[code]
    # Not `snowballstemmer.stemmer()`, which takes another package where it finds one.
    module = importlib.import_module(f"snowballstemmer.{name}_stemmer")
    return cache(getattr(module, f"{name.title()}Stemmer")().stemWord)


def _find_common(stems: Sequence[str | None]) -> set[str]:
    """Stems in more than a third of the chunks."""
    size = max(1, min(CHUNK_WORDS, len(stems) // MIN_CHUNKS))
    chunks = [{*stems[begin : begin + size]} for begin in range(0, len(stems), size)]
    counts = Counter(stem for chunk in chunks for stem in chunk if stem is not None)
    return {stem for stem, n in counts.items() if n > max(1, len(chunks) * COMMON_SHARE)}
