"""Where log lines go in the calling process: to stderr. A step's own log is `job/step.py`'s."""

import logging


def configure_logging(*, is_debug: bool) -> None:
    """Show warnings, or with `is_debug` everything cuecast itself logs."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("pipeline").setLevel(logging.DEBUG if is_debug else logging.WARNING)
