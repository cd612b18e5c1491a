"""A real HTTP server that speaks the hub's protocol: listings, redirects, ranges; or misbehaves.

Files of LARGE_BYTES and more are stored as the hub stores large ones: `resolve` answers with their
SHA-256 and a redirect to another path.
"""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.serving import serve

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE_BYTES = 100_000
PIECE_BYTES = 16_384
HELD_AFTER_BYTES, HELD_PIECE_BYTES, HELD_INTERVAL_S = 300_000, 64, 0.1
_API = re.compile(r"/api/models/([^/]+/[^/]+)(?:/revision/[^/]+)?")
_TREE = re.compile(rf"/api/models/([^/]+/[^/]+)/tree/{COMMIT}")
_RESOLVE = re.compile(rf"/([^/]+/[^/]+)/resolve/(?:{COMMIT}|main)/(.+)")
_STORE = re.compile(r"/store/([0-9a-f]{64})")


@dataclass
class Faults:
    """What goes wrong, by a file's name.

    Args:
        cuts: after so many bytes of an answer the connection breaks, once each; -1 never.
        swapped: what comes instead of the file, of whatever length.
        claimed: what the listing says a file's size is.
        delay_s: before every piece of PIECE_BYTES.
        is_held: beyond HELD_AFTER_BYTES a file comes too slowly to end, until this is unset.
        statuses: answers instead of a listing: a status and the hub's code for it, once each.
        knows_ranges: else it sends all of a file, whatever is asked for.
    """

    cuts: dict[str, list[int]] = field(default_factory=dict)
    swapped: dict[str, bytes] = field(default_factory=dict)
    claimed: dict[str, int] = field(default_factory=dict)
    delay_s: float = 0.0
    is_held: bool = False
    statuses: list[tuple[int, str]] = field(default_factory=list)
    knows_ranges: bool = True


@dataclass
class Hub:
    """Where it listens, what it has, and what was asked: paths, which of them with a token, and the
    ranges of each file."""

    url: str
    repos: Mapping[str, Mapping[str, bytes]]
    faults: Faults
    asked: list[str] = field(default_factory=list)
    told_token: list[str] = field(default_factory=list)
    ranges: dict[str, list[str | None]] = field(default_factory=dict)

    @property
    def store_url(self) -> str:
        """Another host, as the client has it: it looks no further for what the first one says."""
        return f"{self.url.replace('127.0.0.1', 'localhost')}/store"


def checksum(contents: bytes) -> str:
    """The name that the hub gives to contents: SHA-256 of large ones, git's SHA-1 of small ones."""
    if len(contents) >= LARGE_BYTES:
        return hashlib.sha256(contents).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(contents) + contents).hexdigest()


@contextmanager
def serve_hub(
    repos: Mapping[str, Mapping[str, bytes]], faults: Faults | None = None
) -> Iterator[Hub]:
    """Serve models, each a name and its files, until the block ends."""

    class Handler(_Handler):
        pass

    with serve(Handler) as url:
        hub = Handler.hub = Hub(url, repos, faults or Faults())
        yield hub


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(has_body=False)

    def do_GET(self) -> None:
        self._answer(has_body=True)

    def _answer(self, has_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append(f"{self.command} {path}")
        if "Authorization" in self.headers:
            self.hub.told_token.append(path)
        try:
            if found := _TREE.fullmatch(path):
                self._list(found[1], self._tree)
            elif found := _API.fullmatch(path):
                self._list(found[1], self._facts)
            elif found := _RESOLVE.fullmatch(path):
                self._resolve(found[1], found[2], has_body)
            elif found := _STORE.fullmatch(path):
                self._send_stored(found[1])
            else:
                self._refuse(404, "EntryNotFound")
        except OSError:  # whoever asked has gone
            self.close_connection = True

    def _list(self, repo: str, describe: Any) -> None:
        if self.hub.faults.statuses:
            self._refuse(*self.hub.faults.statuses.pop(0))
        elif repo not in self.hub.repos:
            self._refuse(401, "RepoNotFound")
        else:
            body = json.dumps(describe(repo)).encode()
            self._head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))})
            self.wfile.write(body)

    def _facts(self, repo: str) -> dict[str, Any]:
        rows = [
            {"rfilename": name, "size": size, "blobId": blob, **({"lfs": lfs} if lfs else {})}
            for name, size, blob, lfs in self._rows(repo, "sha256")
        ]
        return {"id": repo, "sha": COMMIT, "siblings": rows, "tags": [], "downloads": 0}

    def _tree(self, repo: str) -> list[dict[str, Any]]:
        return [
            {
                "type": "file",
                "path": name,
                "size": size,
                "oid": blob,
                **({"lfs": lfs} if lfs else {}),
            }
            for name, size, blob, lfs in self._rows(repo, "oid")
        ]

    def _rows(self, repo: str, sum_key: str) -> Iterator[tuple[str, int, str, Any]]:
        for name, contents in self.hub.repos[repo].items():
            size = self.hub.faults.claimed.get(name, len(contents))
            if len(contents) < LARGE_BYTES:
                yield name, size, checksum(contents), None
                continue
            lfs = {sum_key: checksum(contents), "size": size, "pointerSize": 134}
            yield name, size, hashlib.sha1(contents).hexdigest(), lfs

    def _resolve(self, repo: str, name: str, has_body: bool) -> None:
        contents = self.hub.repos.get(repo, {}).get(name)
        if contents is None:
            self._refuse(404, "EntryNotFound")
            return
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{checksum(contents)}"'}
        if len(contents) >= LARGE_BYTES:
            place = {"Location": f"{self.hub.store_url}/{checksum(contents)}"}
            linked = {"X-Linked-Etag": headers["ETag"], "X-Linked-Size": str(len(contents))}
            self._head(302, {**headers, **linked, **place, "Content-Length": "0"})
        elif has_body:
            self._send(name, contents, headers)
        else:
            self._head(200, {**headers, "Content-Length": str(len(contents))})

    def _send_stored(self, digest: str) -> None:
        for files in self.hub.repos.values():
            for name, contents in files.items():
                if len(contents) >= LARGE_BYTES and checksum(contents) == digest:
                    self._send(name, contents, {"ETag": f'"{digest}"'})
                    return
        self._refuse(404, "EntryNotFound")

    def _send(self, name: str, contents: bytes, headers: dict[str, str]) -> None:
        faults = self.hub.faults
        asked = self.headers.get("Range")
        self.hub.ranges.setdefault(name, []).append(asked)
        body = faults.swapped.get(name, contents)
        first = 0
        if asked and faults.knows_ranges:
            first = int(asked.removeprefix("bytes=").partition("-")[0])
            if first >= len(body):
                self._refuse(416, "")
                return
            headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
        self._head(206 if first else 200, {**headers, "Content-Length": str(len(body) - first)})
        cuts = faults.cuts.get(name, [])
        cut = cuts.pop(0) if cuts else -1
        body = body[first:] if cut < 0 else body[first : first + cut]
        n_sent = 0
        while n_sent < len(body):
            is_held = faults.is_held and n_sent >= HELD_AFTER_BYTES
            n_bytes = HELD_PIECE_BYTES if is_held else PIECE_BYTES
            time.sleep(HELD_INTERVAL_S if is_held else faults.delay_s)
            self.wfile.write(body[n_sent : n_sent + n_bytes])
            self.wfile.flush()
            n_sent += n_bytes
        self.close_connection |= cut >= 0

    def _refuse(self, status: int, code: str) -> None:
        self._head(status, {"X-Error-Code": code, "Content-Length": "0"})

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass
