"""Files that are written whole or not at all, and read by nobody else."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from foedus.errors import Conflict, Malformed


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


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file of mode 0600, written within, that gets its name only when it is whole and durable.

    Linux keeps it without any name until then, so that being killed leaves nothing; elsewhere a draft beside it may be
    left. Raises Malformed when the folder may not be written to or the name is taken, Conflict when there is no room.
    """
    handle, draft = _nameless(path)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(handle)
            # With a handle given for its folder, the link is followed to the file and not named itself.
            os.link(draft or f"/proc/self/fd/{handle}", path, src_dir_fd=handle, follow_symlinks=True)
        sync_folder(path.parent)
    except FileExistsError:
        raise Malformed("{path} exists and stays as it is: name another", path=path) from None
    except OSError as problem:
        raise Conflict(
            "{path} cannot be written: {problem}; make room and try again", path=path, problem=problem.strerror
        ) from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _nameless(path: Path) -> tuple[int, Path | None]:
    """A file to write to, and the name that it has meanwhile; None where it has none."""
    folder = path.absolute().parent
    try:
        if hasattr(os, "O_TMPFILE") and os.path.exists("/proc/self/fd"):
            with suppress(OSError):  # some file systems have none
                return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600), None
        draft = folder / f".{path.name}.{secrets.token_hex(8)}"
        return os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), draft
    except OSError as problem:
        raise Malformed(
            "{path} cannot be written: {problem}; name a folder you may write to", path=path, problem=problem.strerror
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
