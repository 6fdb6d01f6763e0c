"""Where what can be made anew is kept between two runs of the program, for its owner alone."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(name: str) -> Path:
    """Of this name under XDG_CACHE_HOME, or .cache of the user's home. Raises RuntimeError for who has no home."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "foedus" / name
