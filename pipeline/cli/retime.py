"""`retime`: adapts a caption file to a recording that was shifted, stretched or cut."""

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.command import command
from pipeline.cli.exits import opening
from pipeline.cli.options import CaptionFile, Display
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.captions.time_shift import TimeShift
    from pipeline.records import Stretch

Offset = Annotated[
    str | None, typer.Option(metavar="TIME", help="Later by so much: 1.5, 0:02; earlier: -1.5.")
]
Scale = Annotated[
    str | None, typer.Option(metavar="RATIO", help="Stretch times: 1.001, or 25/23.976.")
]
Cuts = Annotated[
    str | None,
    typer.Option(
        metavar="FROM-TO,…", help="What was cut out, at the old times: 0:10-0:20.5,1:00-2:00."
    ),
]
Written = Annotated[
    Path | None, typer.Option("--out", "-o", help="Write here; else in the file itself.")
]


@command
def retime(
    display: Display,
    file: CaptionFile,
    offset: Offset = None,
    scale: Scale = None,
    cuts: Cuts = None,
    out: Written = None,
) -> None:
    """Shift, stretch or cut a caption file's times; all else stays. First cuts, the offset last."""
    from pipeline.captions.formats import read_document
    from pipeline.captions.problems import format_numbers
    from pipeline.captions.time_shift import shift_document
    from pipeline.text_file import write_text_file

    shift = _read_shift(offset, scale, cuts)
    with opening():
        document = read_document(file)
    shifted, left_out = shift_document(document, shift)
    lost = format_numbers(left_out)
    if lost and out is None and not shift.cuts:
        problem = f"cues would lie before the beginning and be lost: {lost}"
        raise ConfigError(str(file), problem, "write elsewhere with --out, or give --cuts")
    if out is None:
        write_text_file(file, shifted.format())
    else:
        shifted.write(out)
    if display.is_json:
        event = {"event": "retimed", "file": str(out or file), "left_out": list(left_out)}
        print(json.dumps(event))
    elif not display.is_quiet:
        print(f"{out or file}: retimed; cues left out: {lost or 'none'}")


def _read_shift(offset: str | None, scale: str | None, cuts: str | None) -> "TimeShift":
    """The time shift that the options ask for.

    Raises:
        ConfigError: no option is given, or one can't be parsed.
    """
    from pipeline.captions.time_shift import TimeShift

    if offset is None and scale is None and cuts is None:
        raise ConfigError("retime", "nothing to do", "give --offset, --scale or --cuts")
    sign = -1 if offset is not None and offset.startswith("-") else 1
    return TimeShift(
        cuts=_read_cuts(cuts),
        scale=_read_scale(scale),
        offset_ms=sign * _read_time("--offset", offset.lstrip("+-")) if offset else 0,
    )


def _read_scale(written: str | None) -> Fraction:
    first, _, second = (written or "1").partition("/")
    try:
        # Fraction("1e999999999") would have as many digits; as a float it is infinite.
        is_sane = all(math.isfinite(float(part)) and float(part) for part in (first, second or "1"))
        scale = Fraction(first) / Fraction(second or "1") if is_sane else Fraction(0)
    except (ValueError, ZeroDivisionError):
        scale = Fraction(0)
    if not Fraction(1, 10) <= scale <= 10:
        raise ConfigError("--scale", f"{written!r} is no ratio from 0.1 to 10", "give 25/23.976")
    return scale


def _read_cuts(written: str | None) -> "tuple[Stretch, ...]":
    from pipeline.records import Stretch

    cuts: list[Stretch] = []
    for part in (written or "").split(",") if written else ():
        first, _, last = part.partition("-")
        start_ms, end_ms = _read_time("--cuts", first), _read_time("--cuts", last)
        if end_ms <= start_ms or (cuts and start_ms < cuts[-1].end_ms):
            raise ConfigError(
                "--cuts", f"{part!r} is not after what is before it", "mend the times"
            )
        cuts.append(Stretch(start_ms, end_ms))
    return tuple(cuts)


def _read_time(option: str, written: str) -> int:
    from pipeline.text.times import parse_time

    try:
        return parse_time(written.strip())
    except ValueError as error:
        raise ConfigError(option, f"{written!r} is no time", "write it as 1:02:03.5") from error
