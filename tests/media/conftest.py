"""A studio for every test of media."""

from pathlib import Path

import pytest

from tests.media.studio import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """A studio with a folder of its own."""
    folder = tmp_path / "studio"
    folder.mkdir()
    return Studio(folder)
