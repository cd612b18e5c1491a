"""A browser for all tests of the pages, started once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.preview.browser import Browser, find_browser


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
