"""A large language model behind an endpoint with OpenAI's chat protocol: one prompt, one reply.

Most servers speak it, local ones too. The prompts are the caller's matter.
"""

import json
import os
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from pipeline.errors import EngineError
from pipeline.records import record

MAX_REPLY_BYTES = 1_000_000
MAX_TOKENS = 60


@record
class ChatRequest:
    """The model, its endpoint (`…/v1`), and the timeout.

    `key_env` names the environment variable that holds the API key; if None, no key is sent.
    """

    url: str
    model: str
    key_env: str | None = None
    timeout_s: float = 30.0


def ask(request: ChatRequest, system: str, prompt: str) -> str:
    """The model's reply to a prompt, unchanged.

    Raises:
        EngineError: the endpoint can't be reached, refuses, times out, or its reply is invalid.
    Source: OpenAI API reference, "Create chat completion".
    """
    where = f"chat model at {request.url}"
    body = {
        "model": request.model,
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": prompt},
        ],
        "temperature": 0,
        "max_tokens": MAX_TOKENS,
    }
    posted = urllib.request.Request(
        request.url.rstrip("/") + "/chat/completions",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **_find_key(request)},
        method="POST",
    )
    try:
        with urllib.request.urlopen(posted, timeout=request.timeout_s) as response:
            reply = json.loads(response.read(MAX_REPLY_BYTES))
    except HTTPError as error:
        error.close()  # it holds the connection open
        problem = f"failed ({error.code} {error.reason})"
        raise EngineError(where, problem, "see whether it runs, and its url") from error
    except (OSError, HTTPException, ValueError) as error:  # refused, late, no JSON
        raise EngineError(where, _explain(error), "see whether it runs, and its url") from error
    return _read_content(where, reply)


def check_endpoint(request: ChatRequest) -> None:
    """Check an endpoint's settings without connecting to it.

    Raises:
        EngineError: its URL is invalid, or the environment lacks its key.
    """
    try:
        parts = urlsplit(request.url)
        is_address = bool(parts.hostname) and parts.port != 0 and request.url.isprintable()
    except ValueError:
        is_address = False
    if not is_address or " " in request.url:
        problem = "is no address of an endpoint"
        raise EngineError(f"chat model at {request.url}", problem, "write http://HOST:PORT/v1")
    _find_key(request)


def _find_key(request: ChatRequest) -> dict[str, str]:
    if request.key_env is None:
        return {}
    key = os.environ.get(request.key_env, "")
    if not key:
        problem = f"the environment has no {request.key_env}"
        raise EngineError(
            f"chat model at {request.url}", problem, "export it, or leave key_env out"
        )
    return {"Authorization": f"Bearer {key}"}


def _read_content(where: str, reply: Any) -> str:
    try:
        content = reply["choices"][0]["message"]["content"]
    except (LookupError, TypeError) as error:
        problem = "its reply holds no message"
        raise EngineError(where, problem, "see whether it speaks /v1/chat/completions") from error
    if not isinstance(content, str):
        raise EngineError(where, "its message is no text", "try another model")
    return content


def _explain(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "took too long"
    if isinstance(error, ValueError):
        return "its reply is no JSON"
    reason = str(getattr(error, "reason", "") or error).strip().splitlines()
    return f"failed ({reason[0] if reason else type(error).__name__})"
