"""Logging of the calling process, to stderr. `job/step.py` has the log files of steps."""

import logging


def configure_logging(*, is_debug: bool) -> None:
    """Show warnings, or with `is_debug` all that cuecast itself logs."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("pipeline").setLevel(logging.DEBUG if is_debug else logging.WARNING)
