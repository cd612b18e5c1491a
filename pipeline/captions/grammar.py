"""Lists of function words by language, which say what words belong together.

What a break between two words costs is in `breaks.py`.
"""

from pipeline.records import record
from pipeline.text.abbreviations import NEVER_LAST


@record
class Grammar:
    """Function words of a language, in lower case, by their effect on a break beside them.

    Args:
        leaders: no line should end with one (articles, prepositions, auxiliaries).
        subjects: pronouns and the like that a verb follows; a line seldom ends with one.
        conjunctions: begin a clause; a line may begin with one.
        prepositions: begin a phrase; a line may begin with one.
        particles: belong to the verb before them as often as to what follows.
        auxiliaries: begin the predicate of the subject before them.
        modifiers: adjectives and adverbs, which belong to the noun or verb after them.
        modifier_endings: suffixes of words taken for modifiers.
        enclitics: belong to the word before them; no line begins with one.
        bonds: pairs of words that are not parted.
        abbreviations: words whose full stop ends no sentence.
    """

    leaders: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    conjunctions: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()
    auxiliaries: frozenset[str] = frozenset()
    modifiers: frozenset[str] = frozenset()
    modifier_endings: tuple[str, ...] = ()
    enclitics: frozenset[str] = frozenset()
    bonds: frozenset[tuple[str, str]] = frozenset()
    abbreviations: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _bonds(first: str, second: str) -> frozenset[tuple[str, str]]:
    return frozenset((a, b) for a in first.split() for b in second.split())


_PREPOSITIONS = _words(
    "about above across after against along amid among around as at before behind below beneath "
    "beside between beyond by despite during except for from in inside into like near of on onto "
    "outside over past per since through throughout till to toward towards under until unto upon "
    "versus via with within without"
)

_CONJUNCTIONS = _words(
    "and but or nor so because cause 'cause although though unless until while whereas whether "
    "if when whenever where wherever since than that which who whom whose what how why as"
)

_AUXILIARIES = _words(
    "am is are was were isn't aren't wasn't weren't has have had hasn't haven't hadn't do does did "
    "don't doesn't didn't will would shall should can could may might must cannot can't couldn't "
    "won't wouldn't shouldn't"
)

_MODIFIERS = _words(
    "first last next new old young good bad great best worst better worse big small little long "
    "short high low large huge real true own same different whole entire early late recent public "
    "full open free main major common current clear hard easy strong low poor rich human few "
    "just also even still only ever always already then now almost pretty rather maybe perhaps "
    "two three four five six seven eight nine ten twelve twenty hundred thousand million billion"
)

_ENGLISH_BONDS = (
    _bonds("going want wants wanted need needs needed have has had able trying tried tries", "to")
    | _bonds("used supposed ought got like seem seems seemed about order", "to")
    | _bonds("kind sort lot lots out one part some most all none because instead type", "of")
    | _bonds("you", "know")
    | _bonds("i", "mean think guess")
    | _bonds("at", "least all once")
    | _bonds("of", "course")
    | _bonds("right", "now")
    | _bonds("in", "fact order")
    | _bonds("each", "other")
    | _bonds("as", "well")
    | _bonds("no", "one")
    | _bonds("such", "as a an")
)

_ENGLISH = Grammar(
    leaders=_PREPOSITIONS
    | _words("and but or nor so because 'cause although though unless while whether if when than")
    | _words("a an the my your our their its his every each no some any these those such whose")
    | _AUXILIARIES
    | _words("be been being having gonna wanna gotta lemme let's not never very really quite too")
    | _words("more most less least much many few several another other both either neither")
    | _words("who which what how why where whose mr mrs ms dr st prof sir saint")
    | _words("i'm you're we're they're he's she's it's that's there's what's who's here's how's")
    | _words("i've you've we've they've i'd you'd he'd she'd we'd they'd i'll you'll he'll she'll")
    | _words("it'll we'll they'll that'll it'd there'd where's when's why's let kind sort lot"),
    subjects=_words("i he she we they you it there this that people"),
    conjunctions=_CONJUNCTIONS,
    prepositions=_PREPOSITIONS - _words("of"),
    particles=_words("up down out off away back over on in along around of through"),
    auxiliaries=_AUXILIARIES,
    modifiers=_MODIFIERS,
    modifier_endings=("al", "ive", "ous", "ful", "ic", "able", "ible", "less", "ly", "ish", "ary"),
    bonds=_ENGLISH_BONDS,
    abbreviations=NEVER_LAST | _words("etc inc ltd co no a.m p.m"),
)

_CHINESE = Grammar(
    leaders=_words(
        "把 被 在 从 從 对 對 给 給 跟 和 与 與 或 很 不 没 沒 更 最 太 这 這 那 一 每 各"
    ),
    conjunctions=_words(
        "但 但是 可是 不过 不過 因为 因為 所以 而且 而 如果 虽然 雖然 然后 然後 或者 "
        "还是 還是 以及 于是 於是 因此 只要 只有 除非 无论 無論 即使 为了 為了 比如"
    ),
    enclitics=_words(
        "的 地 得 了 着 著 过 過 们 們 吗 嗎 呢 吧 啊 呀 嘛 啦 里 裡 上 下 中 "
        "个 個 些 位 次 年 月 日"
    ),
)

_GRAMMARS = {"en": _ENGLISH, "zh": _CHINESE, "yue": _CHINESE}

_NO_GRAMMAR = Grammar()


def choose_grammar(language: str) -> Grammar:
    """The grammar of a language tag; empty where the language has none."""
    return _GRAMMARS.get(language.replace("_", "-").split("-")[0].lower(), _NO_GRAMMAR)
