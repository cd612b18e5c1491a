"""`cuecast serve` shows an item's own recording, and no other file outside its folder."""

import hashlib
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.codec import write_record
from pipeline.job.sources import SourceDigests
from pipeline.job.stage import StepIdentity
from pipeline.job.store import Seal
from pipeline.media.ffmpeg import find_ffmpeg
from pipeline.media.probe import probe_media
from pipeline.preview.page import make_page
from pipeline.server.site import Site
from tests.preview.browser import Browser
from tests.preview.conftest import browser  # noqa: F401
from tests.preview.pages import MEDIA
from tests.preview.views import make_view, write_sound
from tests.test_server import Answer


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty seconds of a picture with sound, in a form that every Chromium plays."""
    path = tmp_path_factory.mktemp("film") / "film.webm"
    made = ["-f", "lavfi", "-i", "testsrc=s=160x90:r=10:d=20", "-f", "lavfi", "-i", "sine=d=20"]
    coded = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"]
    subprocess.run([str(find_ffmpeg()), "-v", "error", *made, *coded, str(path)], check=True)
    return path


@pytest.fixture
def recording(tmp_path: Path, film: Path) -> Path:
    """The recording, beside the output folder."""
    path = tmp_path / "recordings" / "film.webm"
    path.parent.mkdir()
    path.write_bytes(film.read_bytes())
    return path


@pytest.fixture
def out(tmp_path: Path, recording: Path) -> Path:
    """An output folder with one item, as a run leaves it."""
    folder = tmp_path / "out" / "talk"
    write_sound(folder / "ingest" / "audio.wav")
    picture = probe_media(recording).video
    view = make_view()
    write_record(folder / "ingest" / "media.json", replace(view.media, video=picture))
    identity = StepIdentity("ingest", 1, sources={"media": digest(recording)})
    write_record(
        folder / "ingest" / "_done.json", Seal("ingest", identity.fingerprint, identity, ())
    )
    (folder / "report").mkdir()
    (folder / "report" / "index.html").write_text(make_page(view), "utf-8")
    learn(folder.parent, recording)
    return folder.parent


@pytest.fixture
def site(out: Path) -> Iterator[Site]:
    with Site(out, port=0) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield site
        site.shutdown()
        thread.join()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def learn(out: Path, path: Path) -> None:
    """Note a source's digest as a run does."""
    (out / ".cache").mkdir(exist_ok=True)
    digests = SourceDigests(out)
    digests.digest(path)
    digests.save()


def test_the_recording_is_sent_in_ranges_with_its_type(site: Site, recording: Path) -> None:
    content = recording.read_bytes()
    whole = Answer(site, "/talk/recording")
    assert (whole.status, whole.content) == (200, content)
    assert whole.headers["Content-Type"] == "video/webm"
    part = Answer(site, "/talk/recording", Range="bytes=100-199")
    assert (part.status, part.content) == (206, content[100:200])


@pytest.mark.parametrize("path", ["/talk/report/", "/talk/report/index.html"])
def test_a_page_learns_by_its_address_that_the_recording_is_there(
    site: Site, recording: Path, path: str
) -> None:
    answer = Answer(site, path)
    assert (answer.status, answer.headers["Location"]) == (302, "index.html?recording")
    assert Answer(site, "/talk/report/index.html?recording").status == 200
    recording.unlink()
    assert Answer(site, path).status == 200


def test_a_file_of_other_content_is_never_sent(site: Site, out: Path, recording: Path) -> None:
    assert Answer(site, "/talk/recording").status == 200
    recording.write_bytes(b"secret")
    assert Answer(site, "/talk/recording").status == 404


def test_a_forged_note_of_a_secret_shows_nothing(site: Site, out: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(b"secret")
    learn(out, secret)
    notes = out / ".cache" / "sources.json"
    sealed = digest(tmp_path / "recordings" / "film.webm")
    notes.write_text(notes.read_text().replace(digest(secret), sealed).replace("film.webm", "gone"))
    assert Answer(site, "/talk/recording").status == 404


@pytest.mark.parametrize("path", ["/recording", "/gone/recording", "/talk/ingest/recording",
                                  "/talk/recording/", "/../recordings/film.webm",
                                  "/talk/%2e%2e/recording", "/.cache/recording"])  # fmt: skip
def test_no_other_address_leads_outside_the_folder(site: Site, path: str) -> None:
    assert Answer(site, path).status == 404


def test_a_text_is_no_recording(site: Site, out: Path, recording: Path) -> None:
    text = recording.rename(recording.with_suffix(".txt"))
    learn(out, text)
    assert Answer(site, "/talk/recording").status == 404


@pytest.mark.browser
def test_the_picture_is_played_beside_the_text(browser: Browser, site: Site) -> None:  # noqa: F811
    browser.open(f"{site.address}talk/report/#t=4")
    browser.wait_for(f"{MEDIA}.videoWidth === 160 && !{MEDIA}.hidden && {MEDIA}.currentTime === 4")
    assert browser.complaints() == []


@pytest.mark.browser
def test_without_the_recording_the_sound_is_played(
    browser: Browser,  # noqa: F811
    site: Site,
    recording: Path,
) -> None:
    recording.write_bytes(b"no film")
    browser.open(f"{site.address}talk/report/index.html?recording#t=4")
    browser.wait_for(f"{MEDIA}.src.endsWith('audio.wav') && {MEDIA}.currentTime === 4")
