"""Makes docs/images/styles.jpg: a frame of every style and shape of clip, cut by the library.

The words' times are the samples' true ones, so that nothing is recognised for it. Run it from the
repository's root: `python -m samples.contact_sheet`.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import cuecast
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.fonts import find_fonts
from pipeline.media.probe import probe_media
from pipeline.records import Plain, TimedText, Turn, Word

SAMPLES = Path(__file__).parent
SHEET = SAMPLES.parent / "docs" / "images" / "styles.jpg"
GAP_PX, LABEL_PX = 12, 20
ROW_WIDTH_PX = 1560
COVER = "gradients=s=640x640:c0=0xf2b134:c1=0xa23b72:x0=0:y0=0:x1=640:y1=640:n=2:seed=3:d=0.04"

MILL = {"title": "The mill that never sent a bill", "start": "0:35.5", "end": "0:44.9"}
BELT = {"title": "A seat belt for bees", "start": "0:51.29", "end": "1:01.5"}
LONG = {**BELT, "title": "A seat belt for bees, and all that a keeper learns on a roof in the wind"}


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the sheet: a clip of a recording in a shape, and when in the clip it is."""

    label: str
    recording: str
    shape: str
    select: Mapping[str, Plain]
    at_s: float
    options: Mapping[str, Plain] = field(default_factory=dict)


def _talk(label: str, shape: str, **options: Plain) -> Frame:
    return Frame(label, "talk.mp4", shape, MILL, 7.9, options)


def _episode(label: str, shape: str, recording: str = "episode.opus", **options: Plain) -> Frame:
    select = LONG if options.pop("is_long", False) else BELT
    return Frame(label, recording, shape, select, 8.35, options)


ROWS: tuple[tuple[Frame, ...], ...] = (
    tuple(_talk(kind, "source", style=kind) for kind in ("plain", "box", "karaoke", "word")),
    (
        _talk("9:16 crop, plain", "9:16"),
        _talk("blur, box", "9:16", fit="blur", style="box"),
        _talk("crop, karaoke", "9:16", style="karaoke"),
        _talk("blur, word", "9:16", fit="blur", style={"kind": "word", "lit": "#7cf29c"}),
        _episode("sound, karaoke", "9:16", style="karaoke"),
        _episode("with cover, word", "9:16", "cover.m4a", style="word", is_long=True),
    ),
    (
        _talk("1:1 crop, plain", "1:1"),
        _talk("blur, karaoke", "1:1", fit="blur", style="karaoke"),
        _episode("sound, box", "1:1", style="box"),
        _episode("with cover, plain", "1:1", "cover.m4a", is_long=True),
    ),
    (
        _episode("sound, plain", "16:9"),
        _episode("long title, karaoke", "16:9", style="karaoke", is_long=True),
        _episode("with cover, word", "16:9", "cover.m4a", style="word"),
        _talk("own colours, top", "16:9", style={
            "kind": "box", "color": "#102030", "ground": "#ffe08a", "position": "top",
        }),
    ),
)  # fmt: skip


def main() -> None:
    make_sheet(ROWS, SHEET)
    print(SHEET.relative_to(SAMPLES.parent))


def make_sheet(rows: Sequence[Sequence[Frame]], sheet: Path) -> None:
    """Make the clips, take a frame of each, and set them in rows."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        _make_recordings(folder)
        made = []
        for number, row in enumerate(rows):
            frames = [_take(frame, folder, f"{number}-{place}") for place, frame in enumerate(row)]
            made.append(
                _set_in_row(frames, [frame.label for frame in row], folder / f"{number}.png")
            )
        _stack(made, sheet)


def _make_recordings(folder: Path) -> None:
    """The samples, and one of them with a cover."""
    for name in ("talk.mp4", "episode.opus"):
        (folder / name).symlink_to(SAMPLES / name)
    cover = file_url(folder / "cover.png")
    run_ffmpeg(Run(["-f", "lavfi", "-i", COVER, "-frames:v", "1", cover], where="cover.png"))
    sound = ["-t", "70", "-i", file_url(SAMPLES / "episode.opus"), "-i", cover]
    maps = ["-map", "0:a", "-map", "1:v", "-c:a", "aac", "-c:v", "copy"]
    made = ["-disposition:v", "attached_pic", file_url(folder / "cover.m4a")]
    run_ffmpeg(Run([*sound, *maps, *made], where="cover.m4a"))


def _read_truth(recording: Path) -> TimedText:
    """A recording's words at their true times."""
    duration_ms = round(1000 * (probe_media(recording).duration_s or 0))
    name = "talk" if recording.stem == "talk" else "episode"
    spoken = json.loads((SAMPLES / f"{name}.truth.json").read_text())["words"]
    spoken = [word for word in spoken if word["end_ms"] <= duration_ms]
    turns: list[Turn] = []
    words = []
    for number, word in enumerate(spoken):
        speaker = word.get("speaker")
        if not turns or turns[-1].speaker != speaker:
            turns.append(Turn(speaker, "label" if speaker else None, number, 0))
        last = turns[-1]
        turns[-1] = Turn(last.speaker, last.speaker_from, last.first_word, last.n_words + 1)
        span = (word["start_ms"], word["end_ms"])
        words.append(Word(word["text"], *span, "aligned", 1.0, len(turns) - 1))
    return TimedText("en", "truth", duration_ms, tuple(turns), tuple(words))


def _take(frame: Frame, folder: Path, name: str) -> Path:
    """Make the clip and save the frame."""
    recording, made = folder / frame.recording, folder / name
    options: dict[str, Plain] = {"captions": "burned", "title": name, **frame.options}
    options |= {"frames": [frame.shape], "select": [dict(frame.select)]}
    (clip,) = cuecast.cut_clips(recording, _read_truth(recording), out=made, **options)
    if clip.check is None or clip.check.problems:
        raise SystemExit(f"{frame.label}: {clip.check}")
    picture = made / "frame.png"
    source = ["-ss", str(frame.at_s), "-i", file_url(Path(clip.files[0].path))]
    run_ffmpeg(Run([*source, "-frames:v", "1", file_url(picture)], where=name))
    return picture


def _set_in_row(frames: Sequence[Path], labels: Sequence[str], made: Path) -> Path:
    """Frames side by side at one height, each under its label, the row as wide as the sheet."""
    shapes = [_shape(path) for path in frames]
    free_px = ROW_WIDTH_PX - GAP_PX * (len(frames) + 1)
    height_px = int(free_px / sum(shapes)) // 2 * 2
    font = find_fonts()[0]
    chains = []
    for number, (shape, label) in enumerate(zip(shapes, labels, strict=True)):
        text = f"drawtext=fontfile={font}:text='{label.replace(':', chr(92) + ':')}'"
        place = f"fontsize={LABEL_PX}:fontcolor=0x303030:x={GAP_PX}:y={GAP_PX // 2}"
        size = f"{int(height_px * shape) // 2 * 2}:{height_px}"
        pad = f"pad=iw+{GAP_PX}:ih+{LABEL_PX + GAP_PX}:{GAP_PX}:{LABEL_PX + GAP_PX}:white"
        chains.append(f"[{number}]scale={size}:flags=lanczos,{pad},{text}:{place}[f{number}]")
    names = "".join(f"[f{number}]" for number in range(len(frames)))
    end = f"hstack=inputs={len(frames)},pad={ROW_WIDTH_PX}:ih:0:0:white"
    graph = ";".join([*chains, f"{names}{end}"])
    inputs = [word for path in frames for word in ("-i", file_url(path))]
    run_ffmpeg(Run([*inputs, "-filter_complex", graph, file_url(made)], where=made.name))
    return made


def _shape(path: Path) -> float:
    import av

    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        return context.width / context.height


def _stack(rows: Sequence[Path], sheet: Path) -> None:
    inputs = [word for path in rows for word in ("-i", file_url(path))]
    stack = f"vstack=inputs={len(rows)}," if len(rows) > 1 else ""
    stack += f"pad=iw:ih+{GAP_PX}:0:0:white"
    coding = ["-q:v", "4", "-bitexact", file_url(sheet)]
    run_ffmpeg(Run([*inputs, "-filter_complex", stack, *coding], where=sheet.name))


if __name__ == "__main__":
    sys.exit(main())
