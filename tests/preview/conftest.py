"""A browser for all tests of the pages, started once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.preview.browser import Browser

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with an empty profile."""
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("needs chromium and chromedriver: apt-get install chromium chromium-driver")
    profile: Path = tmp_path_factory.mktemp("profile")
    started = Browser(profile, chromium, chromedriver)
    yield started
    started.close()
