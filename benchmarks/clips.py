"""Clips beside ffmpeg by hand and moviepy: `python benchmarks/clips.py [--moviepy PYTHON]`.

Cuts clips out of five minutes of the sample talk, each clean, with captions burned in, and with a
poster, at one loudness: by this program, by ffmpeg commands as somebody who knows it well would
write them (one that measures all clips, then the faster of one process for all and of processes
side by side), and by moviepy, which measures nothing and makes no poster. Every round does all
ways in turn, so that they share whatever else the machine does; of each way the fastest round
counts. PYTHON is an interpreter that has moviepy; it is no part of the program. And an audiogram of
20 s of the sample episode at 720p, clean and burned, beside bare x264 that encodes the same frames
from raw files. The last line is one JSON object; ratios are this program's time over the other's.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.captions.ass import choose_style
from pipeline.captions.burned import format_burned
from pipeline.clipmaking.cutting import plan_cut
from pipeline.clipmaking.source import ClipSource, ClipView
from pipeline.clips.options import ClipOptions
from pipeline.media.cut import Cut, Rendition
from pipeline.media.decode import ingest_media
from pipeline.media.ffmpeg import find_ffmpeg
from pipeline.media.fonts import find_fonts, open_fonts
from pipeline.media.frames import choose_picture
from pipeline.media.options import AudioOptions
from pipeline.media.render import render_clips
from pipeline.records import Clip, ClipFile, Cue, Media, TimedText

SAMPLE = Path(__file__).parent.parent / "samples" / "talk.mp4"
N_LOOPS = 5
FIRST_MS, EVERY_MS = 8_500, 47_000
CUE_MS = 2_000
N_CPUS = 2
TARGET_LUFS, PEAK = -16.0, 0.75
ENCODE = "-c:v libx264 -preset veryfast -crf 20 -threads 2 -pix_fmt yuv420p -c:a aac -b:a 160k"
BARE = "-c:v libx264 -preset veryfast -crf 20 -threads 2 -x264-params sync-lookahead=0"
AUDIOGRAM_MS = 20_000
PLAIN = "-map_metadata -1 -map_chapters -1 -movflags +faststart -bitexact"
LIMIT = f"aresample=192000,alimiter=limit={PEAK}:attack=5:release=20:level=0,aresample=48000"

MOVIEPY = """
import json, sys
from moviepy import CompositeVideoClip, TextClip, VideoFileClip
job = json.load(open(sys.argv[1]))
coded = dict(codec="libx264", preset="veryfast", threads=2, audio_codec="aac",
             audio_bitrate="160k", ffmpeg_params=["-crf", "20"], logger=None)
for number, (start, end) in enumerate(job["spans"]):
    with VideoFileClip(job["source"]) as film:
        clip = film.subclipped(start, end)
        clip.write_videofile(f"{job['folder']}/{number}.mp4", **coded)
        texts = [
            TextClip(font=job["font"], text=text, font_size=40, color="white", stroke_color="black",
                     stroke_width=2, duration=stop - begin)
            .with_start(begin).with_position(("center", 0.85), relative=True)
            for begin, stop, text in job["cues"]
        ]
        burned = CompositeVideoClip([clip, *texts])
        burned.write_videofile(f"{job['folder']}/{number}.burned.mp4", **coded)
"""


@dataclass(frozen=True, slots=True)
class Job:
    """What every way is asked for."""

    source: Path
    media: Media
    spans_ms: tuple[tuple[int, int], ...]
    cues: tuple[Cue, ...]

    @property
    def ass(self) -> str:
        """The captions of each clip."""
        video = self.media.video
        assert video is not None
        return format_burned(self.cues, choose_style(video.width_px, video.height_px))


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, and of all processors."""

    wall_s: float
    cpu_s: float


def main() -> None:
    """Make the recording, go round, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option, default in (("--clips", 6), ("--seconds", 8), ("--rounds", 2)):
        parser.add_argument(option, type=int, default=default)
    parser.add_argument("--moviepy", type=Path, metavar="PYTHON")
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        job = make_job(Path(name), asked.clips, asked.seconds * 1000)
        ways: dict[str, Callable[[Job, Path], None]] = {
            "cuecast": run_cuecast,
            "ffmpeg, one process": run_one_ffmpeg,
            "ffmpeg, side by side": run_ffmpegs,
        }
        if asked.moviepy:
            ways["moviepy"] = lambda job, folder: run_moviepy(job, folder, asked.moviepy)
        costs = go_round(ways, job, Path(name), asked.rounds)
        costs |= draw_audiogram(Path(name), asked.rounds)
    for way, cost in costs.items():
        print(f"{way:22} {cost.wall_s:6.1f} s on the clock, {cost.cpu_s:6.1f} s of CPU")
    print(json.dumps(compare(costs)))


def compare(costs: dict[str, Cost]) -> dict[str, float]:
    """This program's cost over that of the others."""
    own = costs["cuecast"]
    by_hand = min((cost for way, cost in costs.items() if "ffmpeg" in way), key=lambda c: c.wall_s)
    figures = {"cuecast_s": round(own.wall_s, 1)}
    for name, other in (("ffmpeg", by_hand), ("moviepy", costs.get("moviepy"))):
        if other:
            figures[f"wall_ratio_{name}"] = round(own.wall_s / other.wall_s, 3)
            figures[f"cpu_ratio_{name}"] = round(own.cpu_s / other.cpu_s, 3)
    drawing, bare = costs["audiogram"], costs["audiogram, bare x264"]
    return {**figures, "cpu_ratio_audiogram": round(drawing.cpu_s / bare.cpu_s, 3)}


def make_job(folder: Path, n_clips: int, length_ms: int) -> Job:
    """A recording of some minutes, and where to cut it."""
    source = folder / "talk.mp4"
    loop = ["-stream_loop", str(N_LOOPS - 1), "-i", str(SAMPLE), "-c", "copy", str(source)]
    run_ffmpeg_by_hand(loop)
    media = ingest_media(source, AudioOptions(), folder / "audio.wav", lambda share: None)
    starts = [FIRST_MS + EVERY_MS * number for number in range(n_clips)]
    if starts[-1] + length_ms > media.duration_ms:
        sys.exit(f"clips.py: no room for {n_clips} clips of {length_ms} ms")
    return Job(
        source, media, tuple((start, start + length_ms) for start in starts), make_cues(length_ms)
    )


def make_cues(length_ms: int) -> tuple[Cue, ...]:
    """A cue of two lines every two seconds."""
    lines = ("It goes on for as long as it goes,", "and no longer.")
    starts = range(0, length_ms - CUE_MS, CUE_MS)
    return tuple(Cue(at_ms, at_ms + CUE_MS - 100, lines) for at_ms in starts)


def go_round(
    ways: dict[str, Callable[[Job, Path], None]], job: Job, folder: Path, n_rounds: int
) -> dict[str, Cost]:
    """The cost of each way, in its fastest round."""
    best: dict[str, Cost] = {}
    for number in range(n_rounds):
        for place, (way, make) in enumerate(ways.items()):
            made = folder / f"round-{number}-{place}"
            made.mkdir()
            cost = measure(lambda make=make, made=made: make(job, made))
            n_films = sum(path.stat().st_size > 10_000 for path in made.glob("*.mp4"))
            if n_films != 2 * len(job.spans_ms):
                sys.exit(f"clips.py: {way} made {n_films} films")
            if way not in best or cost.wall_s < best[way].wall_s:
                best[way] = cost
    return best


def draw_audiogram(folder: Path, n_rounds: int) -> dict[str, Cost]:
    """The cost of an audiogram as the clips stage makes it, and of encoding its frames alone."""
    source = SAMPLE.parent / "episode.opus"
    media = ingest_media(source, AudioOptions(), folder / "audio.wav", lambda share: None)
    names = ((0, AUDIOGRAM_MS // 2, "Anna"), (AUDIOGRAM_MS // 2, AUDIOGRAM_MS, "Ben"))
    kinds = (("a.mp4", "clean"), ("a.burned.mp4", "burned"), ("a.jpg", "poster"))
    files = tuple(ClipFile(name, kind) for name, kind in kinds)
    clip = Clip("a", "How long it goes on", FIRST_MS, FIRST_MS + AUDIOGRAM_MS, 0, 1, "given", files)
    timed = TimedText("en", "scripted", media.duration_ms, (), ())
    talk = ClipSource(source, timed, media, (), None, open_fonts())
    view = ClipView(timed, make_cues(AUDIOGRAM_MS), names, ())
    cut = plan_cut(clip, view, talk, ClipOptions(), folder)
    raw, coded = [folder / "0.y4m", folder / "1.y4m"], [*BARE.split(), str(folder / "bare.mp4")]
    best: dict[str, Cost] = {}
    for _ in range(n_rounds):
        drawn = measure(lambda: render_clips([cut], talk.fonts, "x264", N_CPUS, lambda share: None))
        for file, path in zip(files, raw, strict=False):
            run_ffmpeg_by_hand(["-i", str(folder / file.path), str(path)])
        bare = measure(lambda: [run_ffmpeg_by_hand(["-i", str(path), *coded]) for path in raw])
        for way, cost in (("audiogram", drawn), ("audiogram, bare x264", bare)):
            best[way] = min(best.get(way, cost), cost, key=lambda one: one.cpu_s)
    return best


def measure(run: Callable[[], object]) -> Cost:
    """What something costs, its child processes with it."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    before = [resource.getrusage(who) for who in whose]
    start_s = time.monotonic()
    run()
    wall_s = time.monotonic() - start_s
    after = [resource.getrusage(who) for who in whose]
    spent = sum(new.ru_utime + new.ru_stime for new in after)
    return Cost(wall_s, spent - sum(old.ru_utime + old.ru_stime for old in before))


def run_cuecast(job: Job, folder: Path) -> None:
    """As the clips stage does it."""
    picture = choose_picture("source", job.media.video)
    cuts = []
    for number, (start_ms, end_ms) in enumerate(job.spans_ms):
        poster = (folder / f"{number}.jpg", (end_ms - start_ms) // 3)
        renditions = (
            Rendition(folder / f"{number}.mp4", picture, poster=poster),
            Rendition(folder / f"{number}.burned.mp4", picture, job.ass),
        )
        cuts.append(Cut(job.source, job.media, start_ms, end_ms, renditions, folder))
    render_clips(cuts, open_fonts(), "x264", N_CPUS, lambda share: None)


def run_one_ffmpeg(job: Job, folder: Path) -> None:
    """One process that measures every clip, and one that makes them all."""
    make_by_hand(job, folder, range(len(job.spans_ms)), measure_by_hand(job))


def run_ffmpegs(job: Job, folder: Path) -> None:
    """One process that measures every clip, then one a clip, as many as there are cores."""
    gains = measure_by_hand(job)
    with ThreadPoolExecutor(N_CPUS) as pool:
        list(pool.map(lambda n: make_by_hand(job, folder, [n], gains), range(len(job.spans_ms))))


def measure_by_hand(job: Job) -> list[float]:
    """The gain of each clip, by one run of ffmpeg."""
    outputs = []
    for number in range(len(job.spans_ms)):
        outputs += ["-map", f"{number}:a", "-af", "ebur128=framelog=quiet", "-f", "null", "-"]
    told = run_ffmpeg_by_hand([*seek(job, range(len(job.spans_ms))), *outputs])
    found = re.findall(r"Parsed_ebur128.*?\bI:\s+(-?[0-9.]+) LUFS", told, re.DOTALL)
    if len(found) != len(job.spans_ms):
        sys.exit("clips.py: ffmpeg told no loudness")
    # Summaries come in any order; the clips are of one voice.
    return [TARGET_LUFS - float(lufs) for lufs in found]


def make_by_hand(job: Job, folder: Path, numbers: Sequence[int], gains: Sequence[float]) -> None:
    """Clips in one run of ffmpeg, their inputs seeked, the picture decoded once for each."""
    ass = folder / "captions.ass"
    ass.write_text(job.ass)
    chains, outputs = [], []
    for place, number in enumerate(numbers):
        start_ms, end_ms = job.spans_ms[number]
        at_s = (end_ms - start_ms) / 3000
        drawn = f"ass={ass}:fontsdir={find_fonts()[0].parent}"
        chains += [
            f"[{place}:v]fps=25,format=yuv420p,split=3[c{number}][b{number}][p{number}]",
            f"[b{number}]{drawn}[d{number}]",
            f"[p{number}]trim=start={at_s:.3f}[q{number}]",
            f"[{place}:a]volume={gains[number]:.2f}dB,{LIMIT},asplit=2[s{number}][t{number}]",
        ]
        for picture, sound, name in (("c", "s", ".mp4"), ("d", "t", ".burned.mp4")):
            outputs += ["-map", f"[{picture}{number}]", "-map", f"[{sound}{number}]"]
            outputs += [*ENCODE.split(), *PLAIN.split(), str(folder / f"{number}{name}")]
        outputs += ["-map", f"[q{number}]", "-frames:v", "1", "-update", "1"]
        outputs.append(str(folder / f"{number}.jpg"))
    run_ffmpeg_by_hand([*seek(job, numbers), "-filter_complex", ";".join(chains), *outputs])


def seek(job: Job, numbers: Sequence[int]) -> list[str]:
    """An input a clip."""
    words = []
    for start_ms, end_ms in (job.spans_ms[number] for number in numbers):
        words += ["-ss", str(start_ms / 1000), "-t", str((end_ms - start_ms) / 1000)]
        words += ["-i", str(job.source)]
    return words


def run_ffmpeg_by_hand(arguments: Sequence[str]) -> str:
    """What ffmpeg logged."""
    command = [str(find_ffmpeg()), "-nostdin", "-hide_banner", "-y", "-nostats", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"clips.py: {done.stderr[-2000:]}")
    return done.stderr


def run_moviepy(job: Job, folder: Path, python: Path) -> None:
    """The same clips by moviepy, as its documentation does it."""
    cues = [(cue.start_ms / 1000, cue.end_ms / 1000, "\n".join(cue.lines)) for cue in job.cues]
    spans = [(start_ms / 1000, end_ms / 1000) for start_ms, end_ms in job.spans_ms]
    files = {"source": str(job.source), "folder": str(folder), "font": str(find_fonts()[1])}
    (folder / "job.json").write_text(json.dumps({**files, "spans": spans, "cues": cues}))
    subprocess.run([str(python), "-c", MOVIEPY, str(folder / "job.json")], check=True)


if __name__ == "__main__":
    main()
