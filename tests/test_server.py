"""The server over real sockets: ranges, what is never shown, and how it begins and ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.server.ranges import parse_range
from pipeline.server.site import Site
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parent.parent
CONTENT = bytes(range(256)) * 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An output folder beside a secret."""
    out = tmp_path / "out"
    (out / "a talk" / "report").mkdir(parents=True)
    (out / "a talk" / "report" / "index.html").write_text("<p>page")
    (out / "a talk" / "clip.mp4").write_bytes(CONTENT)
    (out / "empty.wav").write_bytes(b"")
    (out / ".cache").mkdir()
    (out / ".cache" / "lock").write_text("hidden")
    (tmp_path / "secret.txt").write_text("secret")
    return out


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    with Site(folder, port=0) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield site
        site.shutdown()
        thread.join()


class Answer:
    """What came back for one request."""

    def __init__(self, site: Site, path: str, method: str = "GET", **headers: str) -> None:
        connection = HTTPConnection("127.0.0.1", site.server_address[1], timeout=PATIENCE_S)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        self.status = response.status
        self.headers = response.headers
        self.content = response.read()
        connection.close()


def test_a_file_is_sent_whole_with_its_type(site: Site) -> None:
    answer = Answer(site, "/a%20talk/clip.mp4")
    assert (answer.status, answer.content) == (200, CONTENT)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=1000-", 1000, 1023),
        ("bytes=1000-9999", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=-9999", 0, 1023),
        ("Bytes= 5-5", 5, 5),
    ],
)
def test_a_range_is_sent_as_it_was_asked_for(site: Site, asked: str, first: int, last: int) -> None:
    answer = Answer(site, "/a%20talk/clip.mp4", Range=asked)
    assert answer.status == 206
    assert answer.content == CONTENT[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"


@pytest.mark.parametrize("asked", ["bytes=9-5", "bytes=0-1,5-6", "lines=0-5", "bytes=", "bytes=-"])
def test_a_range_that_is_not_understood_gets_the_whole_file(site: Site, asked: str) -> None:
    answer = Answer(site, "/a%20talk/clip.mp4", Range=asked)
    assert (answer.status, answer.content) == (200, CONTENT)


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_outside_the_file_is_refused_with_its_size(site: Site, asked: str) -> None:
    answer = Answer(site, "/a%20talk/clip.mp4", Range=asked)
    assert answer.status == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


def test_a_range_of_another_version_of_the_file_gets_the_whole_one(site: Site) -> None:
    now = Answer(site, "/a%20talk/clip.mp4", "HEAD").headers
    for validator in (now["ETag"], now["Last-Modified"]):
        answer = Answer(site, "/a%20talk/clip.mp4", Range="bytes=0-1", If_Range=validator)
        assert answer.status == 206
    answer = Answer(site, "/a%20talk/clip.mp4", Range="bytes=0-1", If_Range='"other"')
    assert answer.status == 200


def test_a_file_that_has_not_changed_is_not_sent_again(site: Site) -> None:
    tag = Answer(site, "/a%20talk/clip.mp4").headers["ETag"]
    answer = Answer(site, "/a%20talk/clip.mp4", If_None_Match=tag)
    assert (answer.status, answer.content) == (304, b"")


def test_head_says_the_same_without_the_content(site: Site) -> None:
    answer = Answer(site, "/a%20talk/clip.mp4", "HEAD", Range="bytes=0-9")
    assert (answer.status, answer.content) == (206, b"")
    assert answer.headers["Content-Length"] == "10"


def test_an_empty_file_is_sent_and_has_no_ranges(site: Site) -> None:
    assert Answer(site, "/empty.wav").status == 200
    assert Answer(site, "/empty.wav", Range="bytes=0-").status == 416


def test_one_connection_takes_many_requests(site: Site) -> None:
    connection = HTTPConnection("127.0.0.1", site.server_address[1], timeout=PATIENCE_S)
    for path in ("/", "/gone", "/a%20talk/clip.mp4", "/a%20talk/report/"):
        connection.request("GET", path)
        assert connection.getresponse().read()
    connection.close()


def test_the_list_names_and_links_the_reports(site: Site) -> None:
    answer = Answer(site, "/")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<a href="a%20talk/report/index.html"><bdi>a talk</bdi></a>' in answer.content.decode()


def test_a_folder_shows_its_page_and_has_a_slash_at_its_end(site: Site) -> None:
    answer = Answer(site, "/a%20talk/report")
    assert (answer.status, answer.headers["Location"]) == (301, "/a%20talk/report/")
    assert Answer(site, "/a%20talk/report/?x=1").content == b"<p>page"
    assert Answer(site, "/a%20talk/").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/a%20talk/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/.cache/lock",
        "/%00",
        "/a%20talk/clip.mp4/x",
        "/" + "x" * 5000,
        "/%ff%fe",
        "//secret.txt",
    ],
)
def test_nothing_outside_the_folder_and_nothing_hidden_is_shown(site: Site, path: str) -> None:
    answer = Answer(site, path)
    assert answer.status == 404
    assert b"secret" not in answer.content.replace(path.encode(), b"")


def test_links_that_lead_outside_are_not_followed(site: Site, folder: Path) -> None:
    (folder / "file.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "up").symlink_to(folder.parent, target_is_directory=True)
    (folder / "page").mkdir()
    (folder / "page" / "index.html").symlink_to(folder.parent / "secret.txt")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "cache.txt").symlink_to(folder / ".cache" / "lock")
    (folder / "same.mp4").symlink_to(folder / "a talk" / "clip.mp4")
    for path in ("/file.txt", "/up/secret.txt", "/page/", "/page", "/loop", "/cache.txt"):
        assert Answer(site, path).status == 404
    assert Answer(site, "/same.mp4").content == CONTENT


def test_what_is_neither_file_nor_folder_is_not_read(site: Site, folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    assert Answer(site, "/pipe.txt").status == 404


def test_a_page_elsewhere_cannot_call_it_by_a_name_of_its_own(site: Site) -> None:
    assert Answer(site, "/", Host="evil.example:8000").status == 421
    assert Answer(site, "/", Host="localhost:8000").status == 200


def test_other_methods_are_refused(site: Site) -> None:
    assert Answer(site, "/", "POST").status == 501


def test_a_reader_who_leaves_in_mid_file_disturbs_nobody(site: Site, folder: Path) -> None:
    (folder / "long.wav").write_bytes(bytes(20_000_000))
    with socket.create_connection(site.server_address[:2]) as connection:
        connection.sendall(b"GET /long.wav HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(1000)
    assert Answer(site, "/a%20talk/clip.mp4").status == 200


def test_a_range_is_read_without_spaces_only() -> None:
    assert parse_range("bytes=0-", 1) is not None
    assert parse_range("bytes=٣-", 9) is None


@pytest.mark.parametrize("port", [None, 70_000])
def test_where_nobody_can_listen_is_said_in_one_line(folder: Path, port: int | None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken_port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match="can't listen there"):
            Site(folder, port=port or taken_port)


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        Site(tmp_path / "gone")


def serve(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pipeline", "serve", *arguments]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_says_where_it_is_and_ends_well(folder: Path, number: signal.Signals) -> None:
    with serve(folder, ".", "--port", "0", "--json") as process:
        assert process.stdout is not None
        event = json.loads(process.stdout.readline())
        assert event["event"] == "serving"
        port = int(event["address"].rstrip("/").rpartition(":")[2])
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request("GET", "/a%20talk/clip.mp4")
        assert connection.getresponse().read() == CONTENT
        connection.close()
        process.send_signal(number)
        _, complaints = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, complaints) == (0, "")


def test_the_command_refuses_a_folder_that_is_not_there(folder: Path) -> None:
    with serve(folder, "gone") as process:
        _, complaints = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert complaints == "error: gone: no such folder; name a job's output folder\n"
