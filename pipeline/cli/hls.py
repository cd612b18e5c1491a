"""`hls`: WebVTT segments and a playlist beside an HLS stream, on the stream's own clock."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.command import command
from pipeline.cli.exits import opening
from pipeline.cli.options import CaptionFile, Display
from pipeline.errors import ConfigError

Stream = Annotated[
    Path,
    typer.Option(
        "--media",
        help="The stream's first segment (.ts), or the file it was made of if that is MP4.",
    ),
]
Folder = Annotated[Path, typer.Option("--out", help="Where segments and playlist go.")]
Seconds = Annotated[float, typer.Option("--segment", help="Seconds a segment.")]


@command
def hls(
    display: Display, file: CaptionFile, media: Stream, out: Folder, segment: Seconds = 6.0
) -> None:
    """Cut a caption file into WebVTT segments with a playlist, for HTTP Live Streaming."""
    from pipeline.captions.formats import read_document
    from pipeline.captions.hls import CLOCK_HZ, PLAYLIST, Clock, format_hls
    from pipeline.media.probe import probe_start
    from pipeline.text_file import write_text_file

    if not 1 <= segment <= 3600:
        raise ConfigError("--segment", f"{segment:g} is not from 1 to 3600", "give seconds")
    with opening():
        document = read_document(file)
    start_ticks = round(probe_start(media) * CLOCK_HZ)
    cues = sorted(document.list_shown(), key=lambda cue: cue.start_ms)
    out.mkdir(parents=True, exist_ok=True)
    written = list(format_hls(cues, Clock(start_ticks), round(segment * 1000)))
    for name, content in written:
        write_text_file(out / name, content)
    n_segments = len(written) - 1
    if display.is_json:
        event = {"event": "hls", "playlist": str(out / PLAYLIST)}
        print(json.dumps({**event, "n_segments": n_segments, "start_ticks": start_ticks}))
    elif not display.is_quiet:
        print(f"{out / PLAYLIST}: segments: {n_segments}, clock at 0: {start_ticks}")
