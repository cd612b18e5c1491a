"""The HTTP server: files and byte ranges of them, from below one folder, and items' recordings.

It is read-only; names that begin with a dot are not served.
"""

import email.utils
import logging
import os
import socket
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import IO, Any
from urllib.parse import quote, unquote

from pipeline.errors import ConfigError
from pipeline.preview.listing import make_listing
from pipeline.server.ranges import Span, parse_range
from pipeline.server.recording import RECORDING_NAME, VIDEO_TYPES, Recordings
from pipeline.stages.overview import PAGE, find_items

CHUNK_BYTES = 256 * 1024

IDLE_S = 60.0
"""An idle connection is closed after this time."""

CONTENT_TYPES = {
    **VIDEO_TYPES,
    ".ffmeta": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".log": "text/plain; charset=utf-8",
    ".opus": "audio/ogg; codecs=opus",
    ".png": "image/png",
    ".srt": "application/x-subrip; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".wav": "audio/wav",
}
"""MIME types by suffix, since the table of the operating system varies between machines."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

log = logging.getLogger(__name__)


class Site(ThreadingHTTPServer):
    """Serves one folder until it is closed; `address` is the URL for a browser.

    Raises:
        ConfigError: there is no such folder, or the address can't be listened on.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, root: Path, host: str = "127.0.0.1", port: int = 8000) -> None:
        if not root.is_dir():
            raise ConfigError(str(root), "no such folder", "name a job's output folder")
        self.root = root.resolve()
        self.recordings = Recordings(self.root)
        self.host = host
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            super().__init__((host, port), _Exchange)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            remedy = "try another --port (0 takes a free one) or --host"
            raise ConfigError(f"{host}:{port}", f"can't listen there ({reason})", remedy) from error

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in _LOOPBACK

    @property
    def address(self) -> str:
        """The URL of the list of items."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.server_address[1]}/"

    def server_bind(self) -> None:
        # HTTPServer's own version looks up the host name by DNS, which can take long.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A player that seeks drops its connection in the middle of a file.
        is_usual = isinstance(sys.exc_info()[1], ConnectionError | TimeoutError)
        log.log(logging.DEBUG if is_usual else logging.ERROR, "an answer broke off", exc_info=True)

    def find_recording(self, path: str) -> Path | None:
        """The recording of the item whose address, with "recording" after it, is a URL's path."""
        address, _, name = path.rpartition("/")
        folder = self.find_file(address) if name == RECORDING_NAME else None
        return self.recordings.find_verified(folder) if folder else None

    def has_recording(self, page: Path) -> bool:
        """Whether a file is the page of an item whose recording can be played beside it."""
        folder = page.parent.parent
        return page == folder / PAGE and self.recordings.find(folder) is not None

    def find_file(self, path: str) -> Path | None:
        """The file or folder of a URL's path; None if there is none or it is hidden.

        Invariants: what is returned lies below the root, links followed.
        """
        parts = [part for part in path.split("/") if part]
        if any(part.startswith(".") or "\0" in part for part in parts):
            return None
        try:
            found = self.root.joinpath(*parts).resolve(strict=True)
        except (OSError, RuntimeError):
            return None
        hidden = found.relative_to(self.root).parts if found.is_relative_to(self.root) else (".",)
        return None if any(part.startswith(".") for part in hidden) else found


class _Exchange(BaseHTTPRequestHandler):
    """Handles the requests of one connection."""

    server: Site
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S

    def version_string(self) -> str:
        return "cuecast"

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)

    def do_GET(self) -> None:
        """Answer with a file, a byte range of it, or the list of items; HEAD without content."""
        path = unquote(self.path.split("?")[0].split("#")[0], errors="surrogateescape")
        if not self._is_for_us():
            # Otherwise a foreign page could resolve its name to this machine and read all files.
            self._say(HTTPStatus.MISDIRECTED_REQUEST, "not a name of this server\n")
        elif path == "/":
            items = find_items(self.server.root)
            page = make_listing(self.server.root.name, items)
            self._say(HTTPStatus.OK, page, CONTENT_TYPES[".html"])
        elif found := self.server.find_file(path) or self.server.find_recording(path):
            self._show(path, found)
        else:
            self._say(HTTPStatus.NOT_FOUND, "no such file\n")

    do_HEAD = do_GET  # noqa: N815 (the name that http.server asks for)

    def _show(self, path: str, found: Path) -> None:
        """Answer with a file, or a folder's page; `path` is that of the URL."""
        if found.is_file():
            self._send_page(found)
        elif (index := self.server.find_file(f"{path}/index.html")) is None:
            self._say(HTTPStatus.NOT_FOUND, "no such file\n")
        elif not path.endswith("/"):
            location = quote(f"/{path.strip('/')}/", errors="surrogateescape")
            self._say(HTTPStatus.MOVED_PERMANENTLY, "", extra={"Location": location})
        else:
            self._send_page(index)

    def _send_page(self, found: Path) -> None:
        """Answer with a file; an item's page learns by its address that the recording is here."""
        if "?" not in self.path and self.server.has_recording(found):
            location = {"Location": f"{found.name}?{RECORDING_NAME}"}
            self._say(HTTPStatus.FOUND, "", extra=location)
        else:
            self._send_file(found)

    def _is_for_us(self) -> bool:
        """Whether the Host header names this machine; checked only while the server is local.

        Source: protection against DNS rebinding, as in Jupyter and Vite.
        """
        host = self.headers.get("Host", "")
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        return not self.server.is_local or name.strip("[]").lower() in _LOOPBACK

    def _send_file(self, path: Path) -> None:
        try:
            file = path.open("rb")
        except OSError:
            self._say(HTTPStatus.NOT_FOUND, "can't be read\n")
            return
        with file:
            found = os.fstat(file.fileno())
            tag = f'"{found.st_size:x}-{found.st_mtime_ns:x}"'
            modified = email.utils.formatdate(found.st_mtime, usegmt=True)
            headers = {"ETag": tag, "Last-Modified": modified, "Accept-Ranges": "bytes"}
            if self.headers.get("If-None-Match") in (tag, "*"):
                self._send_head(HTTPStatus.NOT_MODIFIED, headers)
                return
            headers["Content-Type"] = CONTENT_TYPES.get(
                path.suffix.lower(), "application/octet-stream"
            )
            try:
                span = self._find_span(found.st_size, (tag, modified))
            except ValueError:
                whole = {"Content-Range": f"bytes */{found.st_size}"}
                status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
                self._say(status, "no such range\n", extra=whole)
                return
            status = HTTPStatus.OK
            if span is None:
                span = Span(0, found.st_size - 1)
            else:
                status = HTTPStatus.PARTIAL_CONTENT
                headers["Content-Range"] = f"bytes {span.first}-{span.last}/{found.st_size}"
            self._send_head(status, {**headers, "Content-Length": str(span.n_bytes)})
            if self.command != "HEAD":
                self._copy(file, span)

    def _find_span(self, n_bytes: int, validators: tuple[str, str]) -> Span | None:
        """The range asked for; None for the whole file, also if If-Range shows that it changed."""
        if self.headers.get("If-Range", validators[0]) not in validators:
            return None
        header = self.headers.get("Range")
        return parse_range(header, n_bytes) if header is not None else None

    def _copy(self, file: IO[bytes], span: Span) -> None:
        file.seek(span.first)
        n_left = span.n_bytes
        while n_left and (chunk := file.read(min(n_left, CHUNK_BYTES))):
            self.wfile.write(chunk)
            n_left -= len(chunk)
        # The file shrank meanwhile: the Content-Length sent is wrong, so close the connection.
        self.close_connection = self.close_connection or n_left > 0

    def _say(
        self,
        status: HTTPStatus,
        text: str,
        content_type: str = "text/plain; charset=utf-8",
        extra: dict[str, str] | None = None,
    ) -> None:
        content = text.encode("utf-8", "replace")
        headers = {"Content-Type": content_type, "Content-Length": str(len(content))}
        self._send_head(status, {**headers, **(extra or {})})
        if self.command != "HEAD":
            self.wfile.write(content)

    def _send_head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.end_headers()
