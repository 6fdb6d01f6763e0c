"""The first entries of a record put into a store of their own: what a new epoch goes on from.

Copies what was verified before, byte for byte, with the files that lie beside it. Stores never lose entries: a copy
that holds more than is continued is put aside whole, and another takes its place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from foedus.acts import decode_entry
from foedus.errors import Conflict, Tampered
from foedus.record.cosigned import keep
from foedus.record.files import sync_folder
from foedus.record.record import Record
from foedus.record.sqlite_file import FILE
from foedus.record.store import CHUNK, Store, open_store

MOVING = "moving"


def copy_first(store: Store, size: int, to: Store, progress: Callable[[int, int], None] | None = None) -> None:
    """Put the first `size` entries, every blob, and the checkpoints that cover no more of them into an empty store.

    The root they lead to is compared. Raises Tampered when it is another, Conflict where a store cannot be had now.
    """
    for digest in store.blobs():
        data = store.get_blob(digest)
        if data is not None:
            to.put_blob(digest, data)
    record = Record(to, "foedus/copied")
    with to.write() as write:
        for start in range(0, size, CHUNK):
            entries = list(store.entries(start, min(start + CHUNK, size)))
            record.append(write, decode_entry(entries[-1]).at, entries)
            if progress is not None:
                progress(start + len(entries), size)
    if record.root() != Record(store, "foedus/copied").root(size):
        raise Tampered("the first {size} entries do not lead to the root that the copy had: verify it", size=size)
    below: int | None = size + 1
    while part := store.checkpoints(CHUNK, below):
        for of, note in part:
            keep(to, of, note)
        below = part[-1][0]


def put_aside(folder: Path, size: int, settings: Mapping[str, bytes]) -> Path:
    """In place of the record in a folder, which nobody has open, its first `size` entries; where the whole now lies.

    `settings`: those of the copy that takes its place. Dying anywhere leaves one or the other in its place, never
    nothing. Raises Conflict when it cannot be done now.
    """
    moving = folder / MOVING
    shutil.rmtree(moving, ignore_errors=True)
    old = open_store(folder)
    try:
        whole, last = old.size(), decode_entry(next(old.entries(size - 1, size))).at
        new = open_store(moving, create=True, clock=lambda: last)
        try:
            copy_first(old, size, new)
            for name, value in settings.items():
                new.set_setting(name, value)
        finally:
            new.close()
    finally:
        old.close()
    aside = folder / f"until-{whole}.db"
    if (folder / f"{FILE}-wal").exists():
        raise Conflict("{folder}: another process has the copy open: end it, and try again", folder=folder)
    try:
        aside.unlink(missing_ok=True)
        os.link(folder / FILE, aside)
        os.replace(moving / FILE, folder / FILE)
        sync_folder(folder)
    except OSError as problem:
        raise Conflict(
            "{folder}: the copy could not be put aside: {problem}; try again", folder=folder, problem=problem.strerror
        ) from None
    shutil.rmtree(moving, ignore_errors=True)
    return aside
