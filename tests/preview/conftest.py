"""For all tests of the pages: a browser, started once, and a page on a disk and from a server."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.server.site import Site
from tests.preview.browser import Browser, find_browser
from tests.preview.pages import FORGET, write_item
from tests.preview.views import make_view


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with an empty profile."""
    found = find_browser()
    if found is None:
        pytest.skip("needs chromium and chromedriver: apt-get install chromium chromium-driver")
    profile: Path = tmp_path_factory.mktemp("profile")
    started = Browser(profile, *found)
    yield started
    started.close()


@pytest.fixture
def forgetful(browser: Browser) -> Iterator[None]:
    """No test finds what the page remembers of another."""
    yield
    browser.run(FORGET)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder; items are written into it."""
    return tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with Site(folder, port=0) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        yield site
        site.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def talk(folder: Path) -> Path:
    return write_item(folder, "talk", make_view(reasons=("2 <b>", "3")))


@pytest.fixture(params=["disk", "server"])
def address(request: pytest.FixtureRequest, site: Site, talk: Path) -> str:
    return talk.as_uri() if request.param == "disk" else f"{site.address}talk/report/"
