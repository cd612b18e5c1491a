"""A chat model is asked as the protocol says; whatever goes wrong is one line."""

import pytest

from pipeline.errors import EngineError
from pipeline.language_models.chat import ChatRequest, ask
from tests.language_models.chat_server import say, serve_chat


def test_the_prompt_goes_out_as_the_protocol_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TITLES_KEY", "secret")
    with serve_chat(lambda body: (200, say("Bees"))) as server:
        request = ChatRequest(server.url + "/", "tiny", "TITLES_KEY")
        assert ask(request, "Name it.", "Honey.") == "Bees"
        assert ask(ChatRequest(server.url, "tiny"), "Name it.", "Honey.") == "Bees"
    (headers, body), (plain, _) = server.asked
    assert headers["Authorization"] == "Bearer secret"
    assert "Authorization" not in plain
    assert (body["path"], body["model"]) == ("/v1/chat/completions", "tiny")
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["messages"][1]["content"] == "Honey."


@pytest.mark.parametrize(
    ("status", "content", "problem"),
    [
        (500, b"oops", r"failed \(500 Internal Server Error\)"),
        (401, b"{}", r"failed \(401 Unauthorized\)"),
        (200, b"<html>", "its reply is no JSON"),
        (200, b"\xff\xfe", "its reply is no JSON"),
        (200, b"{}", "its reply holds no message"),
        (200, b"[1]", "its reply holds no message"),
        (200, say(None), "its message is no text"),
    ],
)
def test_what_is_no_reply_is_an_error_of_one_line(
    status: int, content: bytes, problem: str
) -> None:
    with (
        serve_chat(lambda body: (status, content)) as server,
        pytest.raises(EngineError, match=problem) as caught,
    ):
        ask(ChatRequest(server.url, "tiny"), "", "")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"chat model at {server.url}: ")


def test_nobody_waits_longer_than_asked_for() -> None:
    with (
        serve_chat(lambda body: (200, say("late")), delay_s=0.6) as server,
        pytest.raises(EngineError, match="took too long"),
    ):
        ask(ChatRequest(server.url, "tiny", timeout_s=0.1), "", "")


def test_a_refused_connection_is_an_error() -> None:
    with serve_chat(lambda body: (200, say("gone"))) as server:
        pass
    with pytest.raises(EngineError, match="refused"):
        ask(ChatRequest(server.url, "tiny"), "", "")


def test_a_key_that_is_not_there_is_an_error() -> None:
    request = ChatRequest("http://127.0.0.1:9/v1", "tiny", "NO_SUCH_KEY")
    with pytest.raises(EngineError, match="the environment has no NO_SUCH_KEY; export it"):
        ask(request, "", "")
