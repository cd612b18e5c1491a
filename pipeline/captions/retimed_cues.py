"""The cues of a caption file at newly aligned times, as for media that were edited since.

Breaks and text are the file's; only times are new. Cues from words alone are made in `cues.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from pipeline.captions.caption_text import CaptionText
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.problems import format_numbers
from pipeline.captions.profile import Profile
from pipeline.captions.text import clean_line, measure
from pipeline.captions.timing import Speech, set_times
from pipeline.captions.unspaced import is_continued
from pipeline.records import Bracket, Cue, Sound, TimedText, Word, WordMark
from pipeline.text.bare_words import strip_marks

MIN_SPOKEN = 1 / 3
"""Share of a cue's words that must be spoken, or the cue is left out: a few words of a passage that
was cut may be found elsewhere by mistake."""
STRETCH = 1.5
"""A word further from its cue's median word than this many old lengths of the cue, and than the
profile's `max_ms`, is ignored: it lies beyond a cut or was found by mistake."""


@dataclass(frozen=True, slots=True)
class RetimedCues:
    """A file's cues at their new times, and the numbers, from 1, of those that were left out.

    Args:
        unspoken: left out, as their words are not spoken in this recording.
        wordless: left out, as they have no words, and no sound that was found.
        n_partly: number of cues shown though some of their words are not spoken.
    """

    cues: tuple[Cue, ...]
    unspoken: tuple[int, ...]
    wordless: tuple[int, ...]
    n_partly: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A cue of the file, its number, and its timed words and sounds."""

    number: int
    cue: RawCue
    words: tuple[Word, ...]
    sounds: tuple[Sound, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines as any format can show them."""
        return tuple(map(clean_line, self.cue.lines))


def retime(caption_text: CaptionText, timed: TimedText, profile: Profile) -> RetimedCues:
    """Give the file's cues new times, and leave out those that are not spoken any more.

    A cue starts with its first word and ends after its last, as the profile has it; a cue of sounds
    alone is shown at its sound's time, if a neighbouring cue is still spoken.
    Invariants: in order, not overlapping, every cue lasts.
    """
    parts = _share_out(caption_text, timed)
    speeches = [_find_speech(part, profile) for part in parts]
    is_spoken = [
        bool(speech) if part.words else None for part, speech in zip(parts, speeches, strict=True)
    ]
    spoken_before, spoken_after = _carry(is_spoken), _carry(is_spoken[::-1])[::-1]
    shown = [
        (part, speech)
        for part, speech, *neighbours in zip(
            parts, speeches, spoken_before, spoken_after, strict=True
        )
        if speech and any(neighbours)
    ]
    there = {part.number for part, _ in shown}
    gone = [part for part in parts if part.number not in there]
    times = _set_times([speech for _, speech in shown], timed.duration_ms, profile)
    return RetimedCues(
        cues=tuple(
            _make_cue(part, span, timed) for (part, _), span in zip(shown, times, strict=True)
        ),
        unspoken=tuple(part.number for part in gone if part.words),
        wordless=tuple(part.number for part in gone if not part.words),
        n_partly=sum(any(word.status == "unspoken" for word in part.words) for part, _ in shown),
    )


def cut_cues(cues: Iterable[Cue], start_ms: int, end_ms: int) -> tuple[Cue, ...]:
    """The cues whose middle lies between two times, with times counted from the first.

    So of two adjacent spans each cue is in exactly one.
    """
    cut = []
    for cue in cues:
        if start_ms <= (cue.start_ms + cue.end_ms) // 2 < end_ms:
            first_ms = max(cue.start_ms - start_ms, 0)
            last_ms = max(min(cue.end_ms, end_ms) - start_ms, first_ms + 1)
            marks = (replace(mark, start_ms=max(mark.start_ms - start_ms, 0)) for mark in cue.marks)
            cut.append(replace(cue, start_ms=first_ms, end_ms=last_ms, marks=tuple(marks)))
    return tuple(cut)


def format_losses(retimed: RetimedCues) -> Iterator[str]:
    """Say which cues were left out, a line for each reason."""
    for numbers, why in (
        (retimed.unspoken, "nobody says them in this recording"),
        (retimed.wordless, "they have no words of their own, and no sound that was found"),
    ):
        if numbers:
            yield f"{len(numbers)} cues left out, as {why}: {format_numbers(numbers)}"


def _share_out(caption_text: CaptionText, timed: TimedText) -> list[_Part]:
    words: list[list[Word]] = [[] for _ in caption_text.cues]
    sounds: list[list[Sound]] = [[] for _ in caption_text.cues]
    cue_of_word, cue_of_sound = _find_cues(caption_text, timed)
    for place, word in zip(cue_of_word, timed.words, strict=True):
        words[place].append(word)
    for place, sound in zip(cue_of_sound, timed.sounds, strict=True):
        sounds[place].append(sound)
    return [
        _Part(number, cue, tuple(spoken), tuple(own_sounds))
        for number, (cue, spoken, own_sounds) in enumerate(
            zip(caption_text.cues, words, sounds, strict=True), start=1
        )
    ]


def _find_cues(caption_text: CaptionText, timed: TimedText) -> tuple[list[int], list[int]]:
    """The cues of the timed words and sounds: brackets whose words are said are words."""
    after: dict[int, list[tuple[Bracket, int]]] = {}
    for bracket, cue in zip(caption_text.brackets, caption_text.cue_of_bracket, strict=True):
        after.setdefault(bracket.after_word, []).append((bracket, cue))
    words, sounds = list[int](), list[int]()
    for number, own in enumerate((None, *caption_text.cue_of_word), start=-1):
        words += [] if own is None else [own]
        for bracket, cue in after.get(number, ()):
            if _is_spoken(bracket, timed, len(words)):
                words += [cue] * len(bracket.tokens)
            elif bracket.is_sound:
                sounds.append(cue)
    return words, sounds


def _is_spoken(bracket: Bracket, timed: TimedText, place: int) -> bool:
    """Whether the words from this place on are the bracket's."""
    words = timed.words[place : place + len(bracket.tokens)]
    return len(words) == len(bracket.tokens) and all(
        word.from_bracket and word.text.startswith(token)
        for word, token in zip(words, bracket.tokens, strict=True)
    )


def _carry(is_spoken: Sequence[bool | None]) -> list[bool | None]:
    """For each cue whether it, or else the nearest cue before it that has words, is spoken."""
    carried: list[bool | None] = []
    for now in is_spoken:
        carried.append(carried[-1] if now is None and carried else now)
    return carried


def _find_speech(part: _Part, profile: Profile) -> Speech | None:
    """When a cue's words or sound occur; None where too few of its words are spoken."""
    spans = _find_spoken(part, profile) if part.words else _find_spans(part.sounds)[:1]
    n_columns = sum(map(measure, part.lines))
    return Speech(spans[0][0], max(end_ms for _, end_ms in spans), n_columns) if spans else None


def _find_spoken(part: _Part, profile: Profile) -> list[tuple[int, int]]:
    """The spans of a cue's spoken words; none if too few of its words are spoken.

    The first is that of an `aligned` word: an `estimated` one starts where the word before ends,
    which may be before a pause.
    """
    sayable = [word for word in part.words if any(map(str.isalnum, word.text))] or part.words
    spoken = [word for word in sayable if word.status != "unspoken"]
    if len(spoken) < MIN_SPOKEN * len(sayable):
        return []
    first = next((n for n, word in enumerate(spoken) if word.status == "aligned"), 0)
    spans = _find_spans(spoken[first:])
    middle_ms = median_low(start_ms for start_ms, _ in spans)
    reach_ms = max(profile.max_ms, STRETCH * (part.cue.end_ms - part.cue.start_ms))
    return [span for span in spans if abs(span[0] - middle_ms) <= reach_ms]


def _find_spans(timed: Iterable[Word | Sound]) -> list[tuple[int, int]]:
    return [span for one in timed if (span := one.span)]


def _set_times(speeches: list[Speech], duration_ms: int, profile: Profile) -> list[tuple[int, int]]:
    """Times as the profile has them, but with cues as long as their speech and without leaning."""
    longest_ms = max((speech.end_ms - speech.start_ms for speech in speeches), default=0)
    patient = replace(profile, max_ms=max(profile.max_ms, longest_ms), lean_ms=0)
    return set_times(speeches, duration_ms, patient)


def _make_cue(part: _Part, span: tuple[int, int], timed: TimedText) -> Cue:
    turns = {word.turn for word in part.words}
    speaker = timed.turns[turns.pop()].speaker if len(turns) == 1 else None
    return Cue(*span, part.lines, speaker, tuple(_mark_words(part)), part.cue.markup)


def _mark_words(part: _Part) -> list[WordMark]:
    """Find a cue's words in its lines, from the end: in roll-up captions the start is repeated."""
    text = "\n".join(part.lines)
    marks, end = [], len(text)
    for word in reversed(part.words):
        shown = clean_line(word.text)
        at = _find_last(shown, text, end)
        if at is None:  # a mark may have joined it from behind a bracket
            at = _find_last(strip_marks(shown), text, end)
        if at is None:
            continue
        end = at
        if word.start_ms is not None:
            column = at - (text.rfind("\n", 0, at) + 1)
            line = text.count("\n", 0, at)
            is_glued = _is_glued(part.lines, line, column)
            marks.append(WordMark(line, column, word.start_ms, is_glued))
    return marks[::-1]


def _is_glued(lines: Sequence[str], line: int, column: int) -> bool:
    """Whether no space belongs before a word, where it begins a line as the letters tell."""
    if column:
        return not lines[line][column - 1].isspace()
    return line > 0 and is_continued(lines[line - 1], lines[line])


def _find_last(word: str, text: str, end: int) -> int | None:
    """The last occurrence of a word before `end` that is not part of another word."""
    at = text.rfind(word, 0, end)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
        if not (before.isalnum() or after.isalnum()):
            return at
        at = text.rfind(word, 0, at + len(word) - 1)
    return None
