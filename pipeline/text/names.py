"""Whether a few words have the form of a speaker's name. Tables of words that name nobody.

Whether a name is a label in a text is decided in `labels.py`.
"""

import re

from pipeline.text.brackets import is_heading

MAX_NAME_WORDS = 4
"""Words of the longest name that is looked for."""
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’&/#-]*")
_LATER_WORD = re.compile(r"[\w.'’&/#-]+")
_PARTICLES = frozenset("al ben bin da de del den der di du el la le of san ter van von".split())
_NUMBERED_ROLE = re.compile(
    r"(?:speaker|voice|participant|interviewer|interviewee|respondent|guest|host|caller|"
    r"panel(?:l)?ist|man|woman|boy|girl|male|female|student)[ _#-]*(?:\d{1,3}|[a-z])",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    """
    achtung advice aim also and answer anmerkung attention aufgabe aviso beispiel bonus but caution
    chapter conclusion cons contents correction danger date day definition disclaimer edit end
    example exemple exercise fact faq figure first fix following frage goal hint hinweis however
    idea illustration important info ingredients instructions introduction kapitel lesson listen
    look location merke method monday tuesday wednesday thursday friday saturday sunday nota note
    notes notice now objective observation or ort outline overview page part plus problem pros
    ps quote ratio reason recap recipe reference reminder remember result rule secondly section see
    so solution source spoiler step story subject summary task teil then thesis thus time tip tips
    title tldr to todo topic topics translation trivia update warning well why what when where who
    how yet capítulo chapitre cuidado ejemplo esempio attenzione attenzione importante wichtig
    remarque résumé conclusión fazit lösung antwort pregunta respuesta réponse question questions
    http https ftp mailto file url web website email mail tel phone fax address price total version
    """.split()
)
"""Words that stand before a colon and name nobody; the first word of a longer phrase, too."""


def is_name(text: str) -> bool:
    """Whether a text has the form of a name, and is no notice, heading or start of a list."""
    first = re.split(r"[\s\d]", text.casefold(), maxsplit=1)[0]
    return has_name_form(text) and first not in _NO_NAMES and not is_heading(text)


def is_numbered_role(text: str) -> bool:
    """Whether a text is a role with a number or a letter, which names a speaker: `Speaker 1`."""
    return bool(_NUMBERED_ROLE.fullmatch(text))


def has_name_form(text: str) -> bool:
    """Whether a text has the form of a name: a few words, with capitals where a script has them."""
    words = text.split()
    if not 1 <= len(words) <= MAX_NAME_WORDS or not _NAME_WORD.fullmatch(words[0]):
        return False
    return not words[0][0].islower() and all(
        word in _PARTICLES or (_LATER_WORD.fullmatch(word) and not word[0].islower())
        for word in words[1:]
    )
