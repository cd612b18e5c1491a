"""Texts drawn from the grammar of transcripts: what is written, what is said, and where it goes.

Spoken and aligned by `grammar.py`, and read without sound in tests. English.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from html import escape

from num2words import num2words


class Place(Enum):
    """Where what is written goes: words.json, its sounds, or nowhere.

    UNSAID: words that nobody says and no caption shows. SILENT: words that nobody says, shown.
    """

    WORD = "word"
    SILENT = "silent"
    UNSAID = "unsaid"
    SOUND = "sound"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Part:
    """What is written, the words said for it, and its place; `before`: what parts it off.

    `kind` names the rule of the grammar, for reports. `mark`: punctuation written right after it,
    which joins the word before where the part itself is no word. `source`: as it stands in a
    document with markup.
    """

    written: str
    spoken: str = ""
    place: Place = Place.WORD
    kind: str = "word"
    before: str = " "
    mark: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text, its sentences in parts, and the file name's ending that it is written for."""

    sentences: tuple[tuple[Part, ...], ...]
    suffix: str = ".txt"
    head: str = ""
    tail: str = ""

    @property
    def parts(self) -> list[Part]:
        """All parts in order."""
        return [part for sentence in self.sentences for part in sentence]

    @property
    def text(self) -> str:
        """The text as written."""
        body = "".join(
            part.before + (part.source or part.written) + part.mark for part in self.parts
        )
        return f"{self.head}{body.lstrip()}{self.tail}\n"

    def list_tokens(self) -> list[tuple[str, Part]]:
        """The tokens that words.json must have, each with the part that it is of."""
        tokens: list[tuple[str, Part]] = []
        for part in self.parts:
            if part.place in (Place.SOUND, Place.NOWHERE):
                if part.mark and tokens:
                    last, of = tokens[-1]
                    tokens[-1] = (last + part.mark, of)
                elif part.mark:
                    tokens.append((part.mark, Part(part.mark, place=Place.SILENT, kind="silent")))
                continue
            tokens += [(token, part) for token in (part.written + part.mark).split()]
        return tokens

    def list_utterances(self) -> list[list[str]]:
        """The words said, sentence by sentence."""
        said = [" ".join(part.spoken for part in sentence).split() for sentence in self.sentences]
        return [words for words in said if words]


N_SENTENCES = 5

Draw = Callable[[random.Random], Part]

_PEOPLE = (
    "Nora", "Emil", "Kardashev", "Szczepański", "Zoë", "O'Brien", "Neuralink", "the committee",
    "my brother", "all of the children", "the people of the village", "Björk", "Anna-Lena",
    "the state-of-the-art machine", "everybody", "Mr. Miller", "Dr. Hansen", "Prof. Wagner",
)  # fmt: skip
_VERBS = (
    "walked along the river", "bought bread and butter", "talked about the weather",
    "couldn't find the key", "didn't answer", "looked at the mountains", "read the whole book",
    "said that it wasn't enough", "waited for the train", "wrote a letter to the office",
)  # fmt: skip
_ENDS = (
    "before the sun went down", "in the middle of the winter", "until the morning came",
    "with their friends", "as they always do", "for no reason at all", "when it was late",
    "because the road was closed", "and nobody knew why", "after the long meeting",
)  # fmt: skip
_ASIDES = (
    "or something like that", "about forty", "mostly", "not that many", "more or less",
    "the crowd was laughing",
)  # fmt: skip
_NOISES = ("laughing", "Music", "applause", "coughs", "inaudible 0:05", "crosstalk", "Nora sighs")
_NAMES = ("NORA", "EMIL", "HELEN")
_MONTHS = ("January", "March", "May", "October", "December")
_SHORT_MONTHS = {"Jan.": "january", "Feb.": "february", "Sept.": "september", "Nov.": "november"}
_UNITS = {
    "kg": "kilograms", "km": "kilometers", "cm": "centimeters", "MB": "megabytes",
    "°C": "degrees celsius", "mph": "miles per hour", "GHz": "gigahertz", "ms": "milliseconds",
    "%": "percent", "km/h": "kilometers per hour", "L": "liters", "lbs": "pounds",
}  # fmt: skip
_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"}
_ABBREVIATIONS = {
    "etc.": "et cetera", "vs.": "versus", "approx.": "approximately", "govt.": "government",
    "NASA": "nasa", "U.S.": "u s", "CPU": "c p u", "e.g.": "for example", "Ph.D.": "p h d",
    "Inc.": "incorporated", "FBI": "f b i", "w/o": "without", "R&D": "r and d", "i.e.": "that is",
    "St. Louis": "saint louis", "No. 5": "number five", "p. 12": "page twelve",
    "GPT-4": "g p t four", "Fig. 3": "figure three", "a.m.": "a m", "dept.": "department",
    "Mt. Everest": "mount everest",
}  # fmt: skip
_SYMBOLS = {
    "&": "and", "+": "plus", "=": "equals", "#5": "number five", "C++": "c plus plus",
    "and/or": "and or", "24/7": "twenty four seven", "1/2": "one half", "H₂O": "h two o",
    "x²": "x squared", "3×4": "three times four", "@nora": "at nora", "#summer": "hashtag summer",
    "example.com": "example dot com", "nora@example.org": "nora at example dot org",
    "readme.txt": "read me dot t x t", "~50": "about fifty", "II": "two", "½": "one half",
}  # fmt: skip
_SILENT = ("--", "—", "–", "...", "…", "-", "/", "|", "?!")
_TITLES = ("Verse 1", "Part Two", "Intro", "Chapter 3", "Part One: The Sea")
_RULES = ("* * *", "-----", "***", "___", "~~~~~", "⁂", "=====", "• • •")
_BULLETS = ("•", "*", "◦", "‣", "·")
_PAGES = ("Page {}", "- {} -", "{}", "page {} of 300", "— {} —")


def say_number(number: float | str, kind: str = "cardinal") -> str:
    """A number in words, in the way most people say it."""
    return " ".join(re.findall("[a-z]+", num2words(number, to=kind)))


def draw_text(chance: random.Random) -> WrittenText:
    """A text of a few sentences, with turn marks, marks of layout and notes of one style."""
    makers = {
        "plain": _lay_out_plain, "dashes": _lay_out_turns, "names": _lay_out_turns,
        "brackets": _lay_out_turns, "chevrons": _lay_out_turns, "codes": _lay_out_turns,
        "mail": _lay_out_mail, "list": _lay_out_list, "markdown": _lay_out_markup,
        "html": _lay_out_markup,
    }  # fmt: skip
    style = chance.choice(list(makers))
    sentences = [_draw_sentence(chance) for _ in range(N_SENTENCES)]
    if style == "dashes":  # where dashes begin turns, one alone within a line does as well
        sentences = [[part for part in one if part.written != "-"] for one in sentences]
    return makers[style](chance, style, sentences)


# --- words, numbers, notations --------------------------------------------------------------------


def _draw_amount(chance: random.Random) -> Part:
    number = chance.choice((chance.randint(0, 20), chance.randint(21, 999), 1000, 2_500, 40_000))
    written = str(number)
    if number >= 1000:
        written = chance.choice((f"{number:,}", f"{number:,}".replace(",", " "), written))
    return Part(written, say_number(number), kind="number")


def _draw_decimal(chance: random.Random) -> Part:
    whole, tenth = chance.randint(0, 30), chance.randint(1, 9)
    said = f"{say_number(whole)} point {say_number(tenth)}"
    return Part(f"{whole}.{tenth}", said, kind="decimal")


def _draw_ordinal(chance: random.Random) -> Part:
    number = chance.randint(1, 99)
    return Part(num2words(number, to="ordinal_num"), say_number(number, "ordinal"), kind="ordinal")


def _draw_year(chance: random.Random) -> Part:
    year = chance.randint(1801, 1999)
    decade = year // 10 * 10
    if chance.random() < 0.3 and decade % 100:
        said = say_number(decade, "year").removesuffix("y") + "ies"
        return Part(f"{decade}s", said, kind="decade")
    return Part(str(year), say_number(year, "year"), kind="year")


def _draw_unit(chance: random.Random) -> Part:
    number, unit = chance.randint(2, 300), chance.choice(list(_UNITS))
    gap = "" if unit == "%" else chance.choice(("", " "))
    return Part(f"{number}{gap}{unit}", f"{say_number(number)} {_UNITS[unit]}", kind="unit")


def _draw_currency(chance: random.Random) -> Part:
    sign, number = chance.choice(list(_CURRENCIES)), chance.randint(2, 99)
    amount = chance.choice(("", " million", "bn", "k"))
    said = {"": "", " million": " million", "bn": " billion", "k": " thousand"}[amount]
    return Part(
        f"{sign}{number}{amount}",
        f"{say_number(number)}{said} {_CURRENCIES[sign]}",
        kind="currency",
    )


def _draw_date(chance: random.Random) -> Part:
    day, year = chance.randint(1, 31), chance.randint(1901, 1999)
    month, said_day = chance.choice(_MONTHS), say_number(day, "ordinal")
    short = chance.choice(list(_SHORT_MONTHS))
    said_year = say_number(year, "year")
    return chance.choice(
        (
            Part(f"{month} {day}, {year}", f"{month} {said_day} {said_year}", kind="date"),
            Part(f"{short} {day}", f"{_SHORT_MONTHS[short]} {said_day}", kind="date"),
            Part(f"{day} {month} {year}", f"the {said_day} of {month} {said_year}", kind="date"),
            Part(f"{month} {num2words(day, to='ordinal_num')}", f"{month} {said_day}", kind="date"),
        )
    )


def _draw_clock(chance: random.Random) -> Part:
    hour, minute = chance.randint(1, 12), chance.choice((10, 15, 20, 30, 45, 59))
    suffix = chance.choice(("", "am", " p.m."))
    said = {"": "", "am": " a m", " p.m.": " p m"}[suffix]
    written = f"{hour}:{minute}{suffix}"
    return Part(written, f"{say_number(hour)} {say_number(minute)}{said}", kind="clock")


def _draw_abbreviation(chance: random.Random) -> Part:
    written = chance.choice(list(_ABBREVIATIONS))
    return Part(written, _ABBREVIATIONS[written], kind="abbreviation")


def _draw_symbol(chance: random.Random) -> Part:
    written = chance.choice(list(_SYMBOLS))
    return Part(written, _SYMBOLS[written], kind="symbol")


def _draw_silent(chance: random.Random) -> Part:
    return Part(chance.choice(_SILENT), place=Place.SILENT, kind="silent")


def _draw_noise(chance: random.Random) -> Part:
    ends = chance.choice(("()", "[]"))
    name, mark = chance.choice(_NOISES), chance.choice(("", "", ".", ","))
    return Part(f"{ends[0]}{name}{ends[1]}", "", Place.SOUND, "noise", mark=mark)


def _draw_spoken_bracket(chance: random.Random) -> Part:
    aside, mark = chance.choice(_ASIDES), chance.choice(("", ".", ","))
    return Part(f"({aside})", aside, kind="bracket", mark=mark)


def _draw_unspoken_bracket(chance: random.Random) -> Part:
    return Part(f"({chance.choice(_ASIDES)})", "", Place.SOUND, "unspoken bracket")


def _draw_code(chance: random.Random) -> Part:
    minute, second = chance.randint(0, 59), chance.randint(0, 59)
    return Part(f"[00:{minute:02}:{second:02}]", "", Place.NOWHERE, "time code")


def _draw_heading(chance: random.Random) -> Part:
    return Part(f"[{chance.choice(_TITLES)}]", "", Place.NOWHERE, "heading")


def _draw_note_mark(chance: random.Random) -> Part:
    return Part(f"[{chance.randint(1, 40)}]", "", Place.NOWHERE, "note mark")


_INSERTED: tuple[Draw, ...] = (
    _draw_amount, _draw_decimal, _draw_ordinal, _draw_year, _draw_unit, _draw_currency,
    _draw_date, _draw_clock, _draw_abbreviation, _draw_symbol, _draw_silent, _draw_silent,
    _draw_noise, _draw_noise, _draw_spoken_bracket, _draw_unspoken_bracket, _draw_code,
    _draw_heading, _draw_note_mark,
)  # fmt: skip


def _draw_sentence(chance: random.Random) -> list[Part]:
    """Plain words with two to four other things between them, and a mark at the end."""
    words = [
        part
        for phrases in (_PEOPLE, _VERBS, _ENDS)
        for word in chance.choice(phrases).split()
        for part in [Part(word, _say_word(word))]
    ]
    if chance.random() < 0.2:
        at = chance.randrange(len(words))
        one = words[at]
        words[at] = Part(f"“{one.written},”", one.spoken, kind="quoted")
    for draw in chance.choices(_INSERTED, k=chance.randint(2, 4)):
        at = chance.randint(1, len(words) - 1)
        words[at:at] = [draw(chance)]
    mark = chance.choice((".", ".", "?", "!", "..."))
    last = words[-1]
    words[-1] = Part(last.written + mark, last.spoken, last.place, last.kind)
    return words


def _say_word(word: str) -> str:
    titles = {"Mr.": "mister", "Dr.": "doctor", "Prof.": "professor"}
    return titles.get(word, word.replace("-", " "))


# --- lines ----------------------------------------------------------------------------------------


def _begin(sentence: list[Part], before: str, *openings: Part) -> tuple[Part, ...]:
    """A sentence on a line of its own, behind the parts that open the line."""
    first, *rest = (*openings, *sentence)
    return (_put(first, before), *rest)


def _put(part: Part, before: str) -> Part:
    return replace(part, before=before)


def _lay_out_plain(chance: random.Random, style: str, sentences: list[list[Part]]) -> WrittenText:
    """Paragraphs, with rules, headings and page numbers on lines of their own between them."""
    laid = []
    for sentence in sentences:
        made = _begin(sentence, chance.choice((" ", "\n", "\n\n")))
        if chance.random() < 0.4:
            made = (*_draw_line(chance), *_begin(sentence, "\n"))
        laid.append(made)
    return WrittenText(tuple(laid))


def _draw_line(chance: random.Random) -> list[Part]:
    kind = chance.choice(("rule", "page", "heading", "noise"))
    if kind == "rule":
        return [Part(chance.choice(_RULES), "", Place.UNSAID, "rule", "\n")]
    if kind == "page":
        written = chance.choice(_PAGES).format(chance.randint(2, 300))
        return [Part(written, "", Place.UNSAID, "page", "\n")]
    return [_put(_draw_heading(chance) if kind == "heading" else _draw_noise(chance), "\n")]


def _lay_out_turns(chance: random.Random, style: str, sentences: list[list[Part]]) -> WrittenText:
    """A turn a sentence, each with a mark, a label, or a time code and a name."""
    gap = chance.choice(("\n", "\n\n"))
    names = chance.sample(_NAMES, 2)
    laid, second = [], 0
    for number, sentence in enumerate(sentences):
        name = names[number % 2]
        second += chance.randint(3, 9)
        clock = f"{second // 60:02}:{second % 60:02}"
        opening = {
            "dashes": "-", "names": f"{name}:", "brackets": f"[{name.title()}]", "chevrons": ">>",
            "codes": chance.choice((f"[00:{clock}] {name}:", f"({clock}) {name}:")),
        }[style]  # fmt: skip
        mark = Part(opening, "", Place.NOWHERE, style)
        laid.append(_begin(sentence, gap, mark))
    return WrittenText(tuple(laid))


def _lay_out_mail(chance: random.Random, style: str, sentences: list[list[Part]]) -> WrittenText:
    """Sentences of which some are quoted; every line of a quoted one begins with the mark."""
    laid = [
        _begin(sentence, "\n", Part(">", "", Place.UNSAID, "quote"))
        if number in (1, 2)
        else _begin(sentence, "\n")
        for number, sentence in enumerate(sentences)
    ]
    return WrittenText(tuple(laid))


def _lay_out_list(chance: random.Random, style: str, sentences: list[list[Part]]) -> WrittenText:
    """Sentences behind bullets of one kind."""
    bullet = chance.choice(_BULLETS)
    laid = [
        _begin(sentence, "\n", Part(bullet, "", Place.UNSAID, "bullet")) for sentence in sentences
    ]
    return WrittenText(tuple(laid))


def _lay_out_markup(chance: random.Random, style: str, sentences: list[list[Part]]) -> WrittenText:
    """Paragraphs with emphasis, a note's mark and a comment, as HTML or Markdown has them."""
    is_html = style == "html"
    gap = "</p>\n<p>" if is_html else "\n\n"
    opens, closes = ("<em>", "</em>") if is_html else ("**", "**")
    note = '<sup><a href="#fn1" role="doc-noteref">1</a></sup>' if is_html else "[^1]"
    laid = []
    for number, sentence in enumerate(sentences):
        parts = [
            replace(part, source=escape(part.written)) if is_html else part for part in sentence
        ]
        plain = [
            at for at, part in enumerate(parts) if part.kind == "word" and part.written.isalpha()
        ]
        bold, noted = chance.sample(plain, 2)
        parts[bold] = replace(parts[bold], source=f"{opens}{parts[bold].written}{closes}")
        if number == 1:
            parts[noted] = replace(parts[noted], source=f"{parts[noted].written}{note}")
        parts.insert(noted + 1, Part("", "", Place.NOWHERE, "comment", source="<!-- check -->"))
        laid.append(_begin(parts, gap if number else ""))
    if is_html:
        head, tail = "<!DOCTYPE html><html><body><p>", "</p></body></html>"
        return WrittenText(tuple(laid), ".html", head, tail)
    return WrittenText(tuple(laid), ".md", "", "\n\n[^1]: A note that nobody says.")
