"""A real HTTP server that speaks /v1/chat/completions, or misbehaves as told."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.serving import serve

Reply = Callable[[dict[str, Any]], tuple[int, bytes]]


@dataclass
class ChatServer:
    """Where it listens, and what it was asked: headers and body of each request."""

    url: str
    asked: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)


def say(text: Any) -> bytes:
    """A completion as the protocol has it."""
    message = {"role": "assistant", "content": text}
    return json.dumps({"object": "chat.completion", "choices": [{"message": message}]}).encode()


@contextmanager
def serve_chat(reply: Reply, delay_s: float = 0.0) -> Iterator[ChatServer]:
    """Serve until the block ends; `reply` makes the status and the body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append((dict(self.headers), {"path": self.path, **body}))
            time.sleep(delay_s)
            status, content = reply(body)
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:  # whoever asked has gone
                pass

        def log_message(self, *args: object) -> None:
            pass

    with serve(Handler) as url:
        server = ChatServer(f"{url}/v1")
        yield server
