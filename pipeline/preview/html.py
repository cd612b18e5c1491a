"""Renders templates to HTML: text escaped, styles and scripts inline, all others forbidden.

What pages show is in `page.py` and `listing.py`.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.filters import do_urlencode
from markupsafe import Markup

from pipeline.text.clocks import format_clock


def render_html(page: str, /, scripts: tuple[str, ...] = (), **values: Any) -> str:
    """Fill the template `page` with values, its styles and scripts inline.

    The content security policy names those by hash, and allows besides only pictures and media
    beside the page and files that a person opens.
    """
    style = _read_assets("base.css", f"{page}.css")
    script = _read_assets(*scripts)
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_name_by_hash(script)}",
            f"style-src {_name_by_hash(style)}",
            "img-src 'self' file: data:",
            "media-src 'self' file: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    template = _make_environment().get_template(f"{page}.html.j2")
    return template.render(policy=policy, style=Markup(style), script=Markup(script), **values)


@cache
def _make_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.preview", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        clock=format_clock, seconds=format_seconds, url=_format_url, many=_format_count
    )
    return environment


def _read_assets(*names: str) -> str:
    return "\n".join(
        files("pipeline.preview").joinpath("assets", name).read_text("utf-8") for name in names
    )


def _name_by_hash(content: str) -> str:
    """The policy's hash of an inline element. Source: CSP3 §2.3.1, hash-source."""
    if not content:
        return "'none'"
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def format_seconds(time_ms: int) -> str:
    """Seconds for a link's media fragment (`#t=91.234`), without trailing zeros."""
    return f"{time_ms // 1000}.{time_ms % 1000:03}".rstrip("0").rstrip(".")


def _format_url(path: str) -> str:
    """URL of a path in the item's folder, relative to a page in one of its subfolders."""
    return f"../{do_urlencode(path)}"


def _format_count(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 clip, 2 clips, 20,000 words."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
