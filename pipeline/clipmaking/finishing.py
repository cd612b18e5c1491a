"""What is made once a clip is rendered: captions beside it, tracks in it, poster, preview."""

from pathlib import Path

from pipeline.clipmaking.cutting import find_poster_ms
from pipeline.clipmaking.files import PLAYED, format_sidecar, make_tracks
from pipeline.clipmaking.source import ClipSource, PlannedClip
from pipeline.clips.options import ClipOptions
from pipeline.media.stills import render_poster, render_preview
from pipeline.media.tracks import add_tracks, copy_recording


def finish_clip(
    planned: PlannedClip, source: ClipSource, options: ClipOptions, folder: Path
) -> None:
    """Make the files of a clip that need the rendered ones: sidecars, tracks, poster, preview."""
    clip, second = planned.clip, planned.second
    tracks = make_tracks(planned.view, options, second)
    for file in clip.files:
        path = folder / file.path
        match file.kind:
            case "captions" if second and file.language:
                _write(path, format_sidecar(second, None))
            case "captions":
                _write(path, format_sidecar(planned.view, source.retimed))
            case "soft" if not path.exists():
                copy_recording(source.path, source.media, path, tracks)
            case "clean" | "burned" | "soft" if not tracks.is_empty:
                add_tracks(path, tracks)
            case "poster" if not path.exists() and source.media.video is not None:
                render_poster(folder / clip.files[0].path, find_poster_ms(clip), path)
            case "preview":
                played = (other for other in clip.files if other.kind in PLAYED)
                rendered = next(other for other in played if other.frame == file.frame)
                render_preview(folder / rendered.path, path)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
