"""The picture of a page in the documentation can be made again."""

from pathlib import Path

import av
import pytest

from pipeline.preview.page import make_page
from tests.preview.browser import Browser, find_browser
from tests.preview.page_picture import HEIGHT_PX, WIDTH_PX, take_picture
from tests.preview.views import make_view

pytestmark = pytest.mark.browser


def test_a_picture_of_a_page_is_a_jpeg_of_its_top(browser: Browser, tmp_path: Path) -> None:
    page, picture = tmp_path / "index.html", tmp_path / "page.jpg"
    page.write_text(make_page(make_view()))
    programs = find_browser()
    assert programs is not None
    take_picture(page, picture, programs)
    with av.open(str(picture)) as container:
        shown = next(container.decode(video=0))
    assert (shown.width, shown.height) == (WIDTH_PX, HEIGHT_PX)
    assert shown.to_ndarray(format="gray").std() > 10
