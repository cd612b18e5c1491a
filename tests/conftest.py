"""What every test shares: marks that need a program of this machine, and CI's rule on skips.

No fixtures of one room; those live beside the tests that use them.
"""

import os
import shutil
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure; how fast things are is measured in benchmarks.
settings.register_profile("cuecast", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cuecast")

pytest_plugins = ["tests.sound_fixtures"]

PROGRAMS_BY_MARK = {
    "browser": ("chromium", "chromium-browser", "google-chrome"),
    "festival": ("festival",),
}
"""A test with the mark is skipped where none of these programs is found."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is missing, saying which."""
    for mark, programs in PROGRAMS_BY_MARK.items():
        if item.get_closest_marker(mark) and not any(map(shutil.which, programs)):
            pytest.skip(f"needs {programs[0]}: apt-get install {programs[0]}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skip is a failure: what is not tested there is tested nowhere.

    Except for models in packages by others: one that is withdrawn fails no build.
    """
    report = yield
    may_skip = hasattr(report, "wasxfail") or item.get_closest_marker("model_packages")
    if report.skipped and not may_skip and os.environ.get("CUECAST_CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {call.excinfo.value if call.excinfo else 'no reason'}"
    return report
