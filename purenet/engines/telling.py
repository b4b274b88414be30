"""A warning that points to the line that called into this package, from any depth of it."""

from __future__ import annotations

import sys
import warnings


def warn_caller(message: str | Warning, kind: type[Warning] = UserWarning) -> None:
    """Issue a warning that points to the line that called into this package."""
    frame, level = sys._getframe(), 1
    package = __name__.partition(".")[0]
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, kind, stacklevel=level)
