"""Makes docs/images/page.jpg: the page of the demo's episode, as Chromium shows it.

Run it from the repository's root after `make demo`: `python -m tests.preview.page_picture`.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from tests.preview.browser import Browser, find_browser

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "out" / "demo" / "episode" / "report" / "index.html"
PICTURE = ROOT / "docs" / "images" / "page.jpg"
WIDTH_PX, HEIGHT_PX = 1280, 900
POSTERS_ARE_THERE = "[...document.images].every(image => image.complete)"


def main() -> None:
    found = find_browser()
    if found is None or not PAGE.exists():
        raise SystemExit("needs chromium, chromedriver and what `make demo` makes")
    take_picture(PAGE, PICTURE, found)
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}\n")


def take_picture(page: Path, picture: Path, programs: tuple[str, str]) -> None:
    """Save the top of a page, as wide as a desktop shows it, as a JPEG."""
    with TemporaryDirectory() as name:
        shot = Path(name) / "page.png"
        browser = Browser(Path(name) / "profile", *programs)
        try:
            browser.resize(WIDTH_PX, HEIGHT_PX)
            browser.open(page.as_uri())
            browser.run("document.documentElement.style.scrollbarWidth = 'none'")
            browser.wait_for(POSTERS_ARE_THERE)
            shot.write_bytes(browser.picture())
        finally:
            browser.close()
        coding = ["-vf", "scale=out_color_matrix=bt601:out_range=pc", "-q:v", "7", "-bitexact"]
        run_ffmpeg(Run(["-i", file_url(shot), *coding, file_url(picture)], where=picture.name))


if __name__ == "__main__":
    sys.exit(main())
