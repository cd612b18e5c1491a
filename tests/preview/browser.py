"""A real Chromium, driven over the W3C WebDriver protocol that chromedriver speaks: plain HTTP.

Source: W3C WebDriver §8 to §17; `se/log` is Chromium's own.
"""

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE_S

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
)
POLL_S = 0.02
REST_S = 0.05
N_MISSES = 3

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of an element's name in what the protocol returns."""

_STARTED = re.compile(r"started successfully on port (\d+)")


CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> tuple[str, str] | None:
    """Chromium and its driver, if both are installed."""
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    chromedriver = shutil.which("chromedriver")
    return (chromium, chromedriver) if chromium and chromedriver else None


class Browser:
    """One browser with one tab and a profile of its own."""

    def __init__(self, folder: Path, chromium: str, chromedriver: str) -> None:
        self._early: list[str] = []
        self._driver = subprocess.Popen(
            [chromedriver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            self._address = f"http://127.0.0.1:{self._find_port()}"
            options = {"binary": chromium, "args": [*FLAGS, f"--user-data-dir={folder}"]}
            wanted = {
                "browserName": "chrome",
                "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL"},
            }
            made = self._send("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
            self._session = f"/session/{made['sessionId']}"
        except BaseException:
            self._driver.kill()
            self._driver.communicate()
            raise

    def close(self) -> None:
        """End browser and driver."""
        self._send("DELETE", self._session)
        self._driver.terminate()
        self._driver.communicate(timeout=PATIENCE_S)

    def open(self, address: str) -> None:
        """Load a page; what the page before it complained of is forgotten."""
        self._send("POST", f"{self._session}/url", {"url": "about:blank"})
        self.complaints()
        self._send("POST", f"{self._session}/url", {"url": address})

    def resize(
        self, width_px: int, height_px: int, scheme: str = "light", is_forced: bool = False
    ) -> None:
        """Give the page a size (a window can't be narrower than 500) and a colour scheme, or the
        forced colours of a high contrast theme."""
        size = {"width": width_px, "height": height_px, "deviceScaleFactor": 1, "mobile": False}
        self._command("Emulation.setDeviceMetricsOverride", size)
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "forced-colors", "value": "active" if is_forced else "none"},
        ]
        self._command("Emulation.setEmulatedMedia", {"features": features})

    def before_pages(self, script: str) -> None:
        """Run a script in every page before its own; an empty one ends that."""
        for name in self._early:
            self._command("Page.removeScriptToEvaluateOnNewDocument", {"identifier": name})
        self._early = []
        if script:
            source = {"source": script}
            added = self._command("Page.addScriptToEvaluateOnNewDocument", source)
            self._early = [added["identifier"]]

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a function body in the page; returns what it returns."""
        body = {"script": script, "args": list(arguments)}
        return self._send("POST", f"{self._session}/execute/sync", body)

    def wait_for(self, expression: str) -> Any:
        """Wait until an expression is true in the page, and return it."""
        end_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < end_s:
            if found := self.run(f"return {expression}"):
                return found
            time.sleep(POLL_S)
        raise AssertionError(f"never true: {expression}; {self.complaints()}")

    def click(self, selector: str, number: int = 0) -> None:
        """Click an element as a person does: in view, where nothing covers it, and at rest.

        The page may still be scrolling, or be scrolled by its player just then: then once more.
        """
        found = f"document.querySelectorAll({json.dumps(selector)})[{number}]"
        for is_last in (*[False] * N_MISSES, True):
            self.run(f"{found}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
            self._wait_for_rest(found)
            element = self.run(f"return {found}")
            try:
                self._send("POST", f"{self._session}/element/{element[ELEMENT]}/click", {})
                return
            except AssertionError as error:
                if is_last or "element click intercepted" not in str(error):
                    raise

    def _wait_for_rest(self, found: str) -> None:
        """Wait until an element stands still: where it was a moment ago."""
        place, end_s = None, time.monotonic() + PATIENCE_S
        while (now := self.run(f"return {found}.getBoundingClientRect().top")) != place:
            if time.monotonic() > end_s:
                raise AssertionError(f"never at rest: {found}")
            place = now
            time.sleep(REST_S)

    def press(self, keys: str, selector: str = "body") -> None:
        """Type into an element."""
        element = self.run("return document.querySelector(arguments[0])", selector)
        path = f"{self._session}/element/{element[ELEMENT]}/value"
        self._send("POST", path, {"text": keys})

    def complaints(self) -> list[str]:
        """What the browser's console has to say since the last time."""
        entries = self._send("POST", f"{self._session}/se/log", {"type": "browser"})
        return [f"{entry['level']}: {entry['message']}" for entry in entries]

    def picture(self) -> bytes:
        """The view as PNG."""
        return base64.b64decode(self._send("GET", f"{self._session}/screenshot"))

    def _command(self, name: str, parameters: dict[str, Any]) -> Any:
        body = {"cmd": name, "params": parameters}
        return self._send("POST", f"{self._session}/goog/cdp/execute", body)

    def _find_port(self) -> int:
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            if started := _STARTED.search(line):
                return int(started[1])
        raise AssertionError("chromedriver did not start")

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address + path, content, method=method)
        # Whatever proxy this machine uses is not for 127.0.0.1.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{path}: {error.read().decode()[:500]}") from error
