"""Files that are written whole or not at all, and read by nobody else."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from foedus.errors import Conflict


def put_durably(path: Path, data: bytes, put: Callable[[Path, Path], object] = os.replace) -> None:
    """Write a file of mode 0600 beside `path`, make it durable and `put` it there: in place of an earlier one, unless
    told otherwise. Raises OSError; then what was there before is still there, and nothing else is.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(draft, "xb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        put(draft, path)
        sync_folder(path.parent)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """The same for a file that may be replaced. Raises Conflict when it cannot be written now."""
    try:
        put_durably(path, data)
    except OSError as problem:
        raise Conflict(
            "{path} cannot be written: {problem}; make room and try again", path=path, problem=problem.strerror
        ) from None


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
