"""Makes small recordings, and sees and hears what is in a finished file."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.records import Media

FPS = 25
PICTURE = "96x64"
CLICK_HZ = 1500
LISTEN_HZ = 48_000

N_BITS, BAR_PX = 12, 16
"""Bars of a numbered frame, and the width of each."""

Ingest = Callable[..., tuple[Media, np.ndarray]]
"""A recording and options of `audio:` to what is known of it, and its samples."""


def read_number(frame: npt.NDArray[np.uint8]) -> int:
    """The number drawn in a frame (see `Studio.numbered`)."""
    bars = np.array_split(frame, N_BITS, axis=1)
    return sum((bar[:, 2:-2].mean() > 128) << bit for bit, bar in enumerate(bars))


class Studio:
    """Makes small recordings in a folder of their own and takes finished files apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, name: str, *arguments: str) -> Path:
        """Run ffmpeg with these arguments; the file it makes is the last one."""
        path = self.folder / name
        run_ffmpeg(Run(arguments=[*arguments, file_url(path)], where=name))
        return path

    def clicks(self, times_s: Sequence[float], length_s: float = 4.0) -> list[str]:
        """An input: 10 ms of tone at each time, nothing between."""
        on = "+".join(f"between(t,{at},{at + 0.01})" for at in times_s)
        tone = f"0.5*sin(2*PI*{CLICK_HZ}*t)*({on})"
        return ["-f", "lavfi", "-i", f"aevalsrc='{tone}':s=48000:d={length_s}"]

    def flashes(self, times_s: Sequence[float], length_s: float = 4.0) -> list[str]:
        """An input: black, one white frame at each time."""
        on = "+".join(f"between(t,{at - 0.01},{at + 0.02})" for at in times_s) or "0"
        source = f"color=black:s={PICTURE}:r={FPS}:d={length_s}"
        return ["-f", "lavfi", "-i", f"{source},drawbox=t=fill:c=white:enable='{on}'"]

    def numbered(self, fps: int, length_s: float) -> list[str]:
        """An input: the number of each frame as `N_BITS` bars, the lowest bit at the left."""
        bit = f"mod(floor(N/pow(2,floor(X/{BAR_PX}))),2)"
        bars = f"geq=lum='if({bit},235,16)':cb=128:cr=128"
        size = f"{N_BITS * BAR_PX}x32"
        return ["-f", "lavfi", "-i", f"color=s={size}:r={fps}:d={length_s},format=yuv420p,{bars}"]

    def read_numbers(self, path: Path) -> list[tuple[float, int]]:
        """The time (s) of each frame of a file, and the number drawn in it."""
        import av

        with av.open(str(path)) as container:
            frames = [(float(f.time or 0), f.to_ndarray(format="gray"))
                      for f in container.decode(video=0)]  # fmt: skip
        return [(at_s, read_number(frame)) for at_s, frame in frames]

    def hear_clicks(self, path: Path, stream: int = 0) -> list[float]:
        """When each click begins on the player's clock, in seconds."""
        samples = self.listen(path, stream)
        loud = np.flatnonzero(np.abs(samples) > 0.2 * np.abs(samples).max())
        firsts = loud[np.flatnonzero(np.diff(loud, prepend=-LISTEN_HZ) > LISTEN_HZ // 10)]
        return [float(first) / LISTEN_HZ for first in firsts]

    def listen(self, path: Path, stream: int = 0) -> npt.NDArray[np.float32]:
        """The sound from the player's 0 on, mixed to mono."""
        raw = self.folder / "heard.f32"
        graph = f"aresample={LISTEN_HZ}:async=1:first_pts=0,aformat=channel_layouts=mono"
        run_ffmpeg(
            Run(
                ["-i", file_url(path), "-map", f"0:a:{stream}", "-af", graph,
                 "-f", "f32le", file_url(raw)],
                where=path.name,
            )
        )  # fmt: skip
        return np.fromfile(raw, np.float32)

    def see_flashes(self, path: Path) -> list[float]:
        """When each white frame is shown, in seconds on the player's clock."""
        import av

        with av.open(str(path)) as container:
            begin_s = (container.start_time or 0) / 1e6
            return [
                float(frame.pts * frame.time_base) - begin_s
                for frame in container.decode(video=0)
                if frame.to_ndarray(format="gray").mean() > 128
            ]

    def see(self, path: Path, at_s: float) -> npt.NDArray[np.uint8]:
        """The frame shown at a time: (height, width) grey."""
        import av

        with av.open(str(path)) as container:
            shown = None
            for frame in container.decode(video=0):
                if float(frame.time) > at_s:
                    break
                shown = frame
            assert shown is not None
            return shown.to_ndarray(format="gray")
