"""Captions in real players: every cue with its text and times as written, shown when it is due."""

from pathlib import Path
from typing import Any

import pytest

from tests.players.conftest import CUES
from tests.preview.browser import Browser

pytestmark = pytest.mark.browser

STREAM_TOLERANCE_S = 0.1
"""A stream's clock begins with whichever of picture and sound comes first."""

PAGE = """<!doctype html><meta charset="utf-8"><title>whole</title>
<video id="video" muted width="160" height="90" {video}</video>{scripts}"""

NATIVE = PAGE.format(
    video='src="film.mp4"><track id="track" default kind="captions" srclang="en" src="{file}">',
    scripts="<script>window.track = document.getElementById('track').track;</script>",
)
HLS = PAGE.format(
    video=">",
    scripts="""<script src="hls.js"></script><script>
const hls = new Hls({enableWorker: false});
hls.loadSource('hls/master.m3u8');
hls.attachMedia(document.getElementById('video'));
hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => { hls.subtitleTrack = 0; });
const find = () => { window.track = [...document.getElementById('video').textTracks][0]; };
setInterval(find, 20);
</script>""",
)
VIDEO_JS = PAGE.format(
    video='class="video-js">',
    scripts="""<script src="video.js"></script><script>
const player = videojs('video', {muted: true, html5: {vhs: {overrideNative: true}}});
player.src({src: 'hls/master.m3u8', type: 'application/vnd.apple.mpegurl'});
const find = () => {
  const found = Array.from(player.textTracks()).find(track => track.kind === 'subtitles');
  if (found) { found.mode = 'showing'; window.track = found; }
};
setInterval(find, 20);
</script>""",
)
SHAKA = PAGE.format(
    video=">",
    scripts="""<script src="shaka.js"></script><script>
shaka.polyfill.installAll();
(async () => {
  const video = document.getElementById('video');
  const player = new shaka.Player();
  await player.attach(video);
  await player.load('hls/master.m3u8');
  player.selectTextTrack(player.getTextTracks()[0]);
  const find = () => { window.track = [...video.textTracks].find(track => track.cues?.length); };
  setInterval(find, 20);
})().catch(error => { window.failure = String(error.code || error); });
</script>""",
)

STREAMS = {"hls": HLS, "videojs": VIDEO_JS, "shaka": SHAKA}

READ = """
const show = cue => arguments[0] ? cue.text : cue.getCueAsHTML().textContent;
return Array.from(window.track.cues).map(cue => [cue.startTime, cue.endTime, show(cue)]);
"""
ACTIVE = "window.track.activeCues[0].startTime"


def expected() -> list[tuple[float, float, str]]:
    return [(cue.start_ms / 1000, cue.end_ms / 1000, "\n".join(cue.lines)) for cue in CUES]


def play(browser: Browser, seconds: float) -> None:
    """Play until all cues have come in, and past a moment."""
    browser.run("document.querySelector('video').play()")
    browser.wait_for(f"document.querySelector('video').currentTime > {seconds}")


def read(browser: Browser, is_plain: bool = False) -> list[Any]:
    """Starts, ends and texts; `is_plain` where the player has parsed the texts itself.

    Shaka then writes voices as tags again, with all the rest unescaped.
    """
    cues = sorted(browser.run(READ, is_plain))
    names = {name for cue in CUES for name in cue.line_speakers}
    for cue in cues if is_plain else ():
        for name in names:
            cue[2] = cue[2].replace(f"<v.voice-{name}>", "").replace(f"</v.voice-{name}>", "")
    return cues


@pytest.mark.parametrize("file", ["captions.vtt", "words.vtt"])
def test_a_native_track_has_every_cue_to_the_millisecond(
    browser: Browser, film: Path, address: str, file: str
) -> None:
    (film / f"{file}.html").write_text(NATIVE.replace("{file}", file))
    browser.open(f"{address}/{file}.html")
    browser.wait_for(f"window.track?.cues?.length === {len(CUES)}")
    assert [tuple(cue) for cue in read(browser)] == expected()
    assert browser.run("return document.title") == "whole"


@pytest.mark.parametrize("moment_s", [1.0, 4.5, 8.0])
def test_a_native_track_shows_a_cue_when_it_is_due(
    browser: Browser, film: Path, address: str, moment_s: float
) -> None:
    (film / "native.html").write_text(NATIVE.replace("{file}", "captions.vtt"))
    browser.open(f"{address}/native.html")
    browser.wait_for(f"window.track?.cues?.length === {len(CUES)}")
    browser.run(f"document.querySelector('video').currentTime = {moment_s}")
    browser.wait_for("!document.querySelector('video').seeking")
    (due,) = [cue.start_ms / 1000 for cue in CUES if cue.start_ms < moment_s * 1000 < cue.end_ms]
    browser.wait_for(f"window.track.activeCues.length === 1 && {ACTIVE} === {due}")
    browser.run("document.querySelector('video').currentTime = 6.4")
    browser.wait_for("window.track.activeCues.length === 0")


@pytest.mark.parametrize("stream", ["hls", "fmp4"])
@pytest.mark.parametrize("player", sorted(STREAMS))
def test_a_stream_has_every_cue_at_its_time(
    browser: Browser, players: Path, address: str, player: str, stream: str
) -> None:
    page = STREAMS[player].replace("hls/master.m3u8", f"{stream}/master.m3u8")
    (players / f"{player}-{stream}.html").write_text(page)
    browser.open(f"{address}/{player}-{stream}.html")
    browser.wait_for("document.querySelector('video').readyState >= 2")
    # Played before its captions have begun to come in, a player leaves out those that it passes.
    browser.wait_for("window.track?.cues?.length >= 1")
    browser.run("document.querySelector('video').playbackRate = 4")
    play(browser, 9.0)
    browser.wait_for(f"window.track?.cues?.length >= {len(CUES)}")
    cues = read(browser, is_plain=player == "shaka")
    assert [text for _, _, text in cues] == [text for _, _, text in expected()]
    for (start, end, _), (start_s, end_s, _) in zip(cues, expected(), strict=True):
        assert start == pytest.approx(start_s, abs=STREAM_TOLERANCE_S)
        assert end == pytest.approx(end_s, abs=STREAM_TOLERANCE_S)
    assert browser.run("return document.title") == "whole"
