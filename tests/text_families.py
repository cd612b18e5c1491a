"""Texts of which any part may blow up: pieces of notations, repeated thousands of times.

Run as a program, it reads and speaks them all within a limit of memory, and prints a line for each
that fails: `python -m tests.text_families SEED N_FAMILIES`.
"""

import random
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.alignment.transcript import parse_transcript
from pipeline.captions.formats import READERS
from pipeline.errors import CuecastError
from pipeline.pronunciation.lexicon import Lexicon
from pipeline.verbalization.spoken_text import SPARE_WORDS, format_lines, speak_text
from tests.captions.reading import find_turns

LARGE, HUGE = 10_000, 30_000
"""Letters of one token; of a text, or of one line of captions."""
LIMIT_S = 20
"""Processor time for one family: each takes below 1 s where nothing grows with the square."""
LIMIT_BYTES = 1 << 30
"""Address space beyond that of the program itself."""
LANGUAGES = "de fr es pt pl ru ja zh th ar hi".split()
_PIECES = (
    "1 7 39 0. a b I X ab - – / . , : ; @ $ € % & ² ½ # ' ’ ( ) [ ] 漢 ก ٣ ^ x × ° www. http:// + "
    "= * ~ < > >> \" _ ! ? ... --> am st k km/h .com '90s 555- 4x4 12:30 1/2/ 1e9 10^9 9am R& "
    "(a) [a] (a b c d e) ♪ e\u0301 \u0301 \u200d v1 no. { <i> </i> <v A> <b {\\an8} &amp; - >> "
    "NORA: <00:00:01.000>"
).split(" ")
_KNOWN = (
    "a", "7", "X", "a.", "a@", "1-2-3-4-", "1/2/3/4/", "ab-", "(", "[", "a&b", "2²", "10^9", "$",
    "12:30", "1.", "'", "&", "漢", "#", "٣", "1,000", "(a).", "()a", "(a) ", " ",
)  # fmt: skip
"""What blew up once, and what is like it."""


def make_families(seed: int, n_families: int) -> Iterator[tuple[str, str]]:
    """(name, what is repeated): those known, then random ones."""
    yield from ((f"known {unit!r}", unit) for unit in _KNOWN)
    chance = random.Random(seed)
    for _ in range(n_families):
        unit = "".join(chance.choices(_PIECES, k=chance.randint(1, 4)))
        yield f"seed {seed} {unit!r}", unit


def make_texts(unit: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """One token of it, many tokens, a transcript in one line and in many, a cue and many cues."""
    token, words = unit * (LARGE // len(unit)), [unit * n for n in range(1, 300, 7)]
    lexicon = Lexicon()
    for language in ("en", *random.Random(unit).sample(LANGUAGES, 2)):
        yield (
            f"token, {language}",
            lambda language=language: format_lines(
                speak_text([f"www.{token}.com", token], language)
            ),
        )
    yield (
        "pronounced",
        lambda: speak_text([token], "en", lambda word: bool(lexicon.pronounce(word))),
    )
    yield "tokens", lambda: format_lines(speak_text(words, "en", max_words=SPARE_WORDS))
    for between in ("", " ", "\n"):
        line = (unit + between) * (HUGE // len(unit + between))
        yield f"text of {between!r}", lambda line=line: parse_transcript(f"- {line}", ("nora",))
        for form in READERS:
            yield (
                f"{form} of {between!r}",
                lambda line=line, form=form: find_turns(
                    READERS[form](_make_captions([line], form)), ("nora",)
                ),
            )
    for form in READERS:
        yield (
            f"{form} of cues",
            lambda form=form: find_turns(READERS[form](_make_captions([unit] * 1_000, form))),
        )


def _make_captions(lines: list[str], form: str) -> str:
    point = "," if form == "srt" else "."
    head = "WEBVTT\n\n" if form == "vtt" else ""
    return head + "".join(
        f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}{point}000 --> "
        f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}{point}900\n{line}\n\n"
        for at, line in enumerate(lines)
    )


def _find_failure(work: Callable[[], object]) -> str | None:
    """What goes wrong; errors that a person is told are none."""
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_S)
    try:
        work()
    except CuecastError:
        return None
    except Exception as error:
        return "".join(traceback.format_exception(error, limit=-2))
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return None


def _stop(*_: object) -> None:
    raise TimeoutError(f"more than {LIMIT_S} s")


def main(seed: int, n_families: int) -> int:
    """Try all families; print each failure, and how many texts there were."""
    signal.signal(signal.SIGVTALRM, _stop)
    Lexicon().pronounce("qwfpg")
    speak_text(["1984"], "en")
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + LIMIT_BYTES,) * 2)
    n_texts = n_failed = 0
    for name, unit in make_families(seed, n_families):
        for kind, work in make_texts(unit):
            n_texts += 1
            if failure := _find_failure(work):
                n_failed += 1
                sys.stdout.write(f"{name}, {kind}: {failure}\n")
    sys.stdout.write(f"{n_texts} texts\n")
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
