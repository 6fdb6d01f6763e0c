"""A feed of the package as a folder that any web server can serve, and a subscriber's copy of one.

    head                    the newest version's signed note, written last
    deltas/000001.json …    from nothing to the first version, and from each version to the next
    listings.ftm.json       the rows of the newest version
    listings.csv            the same for a spreadsheet
    targets.ftm.json        the targets they name

It refuses to add to a folder whose head the record does not bear out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from foedus import feed
from foedus.depositary import Depositary
from foedus.errors import Malformed, Tampered
from foedus.feed_forms import csv_of, targets
from foedus.record.note import VerifierKey

HEAD, DELTAS, ROWS, CSV, TARGETS = "head", "deltas", "listings.ftm.json", "listings.csv", "targets.ftm.json"


class Published(Struct, frozen=True):
    """What publishing came to. `number`: of the newest delta; `changes` is 0 where nothing is new."""

    number: int
    at: datetime
    rows: int
    digest: str
    changes: int
    missing: tuple[str, ...]


def publish(depositary: Depositary, folder: Path, at: datetime, keys: Sequence[VerifierKey]) -> Published:
    """Add the version of this moment to a folder, or begin one. Nothing is added where the rows are the same.

    Raises Tampered when the folder is not of this record, Malformed where no key is here to sign.
    """
    state, store = depositary.catch_up().sanctions, depositary.store
    before, size, number = None, 0, len(_deltas(folder))
    if (folder / HEAD).exists():
        last = feed.read_head((folder / HEAD).read_bytes(), keys)
        before, size = feed.version(store, state, last.at, last.size), last.size
        if before.digest != last.digest:
            raise Tampered(
                "{folder}: the record does not bear out the version of {at}: publish into a new folder",
                folder=folder, at=last.at.isoformat(),
            )  # fmt: skip
        number = next(place for place, one in enumerate(_deltas(folder), 1) if _gives(one, keys) == last.digest)
    after = feed.version(store, state, at)
    if before is not None and before.digest == after.digest:
        return Published(number, before.at, len(before.rows), before.digest, 0, before.missing)
    made = feed.delta(depositary, before, size, after)
    (folder / DELTAS).mkdir(parents=True, exist_ok=True)
    _write(folder / DELTAS / f"{number + 1:06}.json", feed.write_delta(made))
    _write(folder / ROWS, b"".join(after.rows.values()))
    said = feed.read(after.rows)
    _write(folder / CSV, csv_of(said).encode())
    _write(folder / TARGETS, b"".join(targets(store, state, said)))
    _write(folder / HEAD, made.note.encode())
    return Published(number + 1, at, len(after.rows), after.digest, len(made.changes), after.missing)


def _gives(delta: Path, keys: Sequence[VerifierKey]) -> str:
    """The digest of the version that a delta leads to."""
    with delta.open("rb") as file:
        first = file.readline()
    return feed.read_head(feed.first_of(first, delta.name).note.encode(), keys).digest


def _deltas(folder: Path) -> list[Path]:
    return sorted((folder / DELTAS).glob("[0-9]*.json"))


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all."""
    draft = file.with_name(f".{file.name}.unfinished")
    draft.write_bytes(data)
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(file)


# --- a subscriber -------------------------------------------------------------------------------------------------


class Copy(Struct, frozen=True):
    """What a subscriber holds: the rows, and the head by which they were proved; nothing yet at first."""

    rows: feed.Rows
    head: feed.Head | None


def open_copy(folder: Path, keys: Sequence[VerifierKey]) -> Copy:
    """A subscriber's copy, proved anew. Raises Malformed, Tampered."""
    if not (folder / HEAD).exists():
        return Copy({}, None)
    head = feed.read_head((folder / HEAD).read_bytes(), keys)
    rows = feed.parse_rows((folder / ROWS).read_bytes(), ROWS)
    if feed.digest_of(rows) != head.digest:
        raise Tampered("{folder}: the rows are not those of the head: remove the copy and begin anew", folder=folder)
    return Copy(rows, head)


def deltas_after(folder: Path, digest: str, keys: Sequence[VerifierKey]) -> list[feed.Delta]:
    """What a published folder has after the version of this digest. Raises Malformed where it never had that."""
    every = _deltas(folder)
    if not every:
        raise Malformed("{folder}: no feed is published here", folder=folder)
    start = 0
    if digest != feed.NOTHING:
        given = [place for place, one in enumerate(every, 1) if _gives(one, keys) == digest]
        if not given:
            raise Malformed(
                "{folder}: the version {digest} was never published here", folder=folder, digest=digest[:16]
            )
        start = given[-1]
    return [feed.parse_delta(one.read_bytes(), one.name) for one in every[start:]]


def catch_up(copy: Path, deltas: Iterable[feed.Delta], keys: Sequence[VerifierKey]) -> Copy:
    """Bring a copy to the version that the deltas lead to, all of it proved; otherwise it stays as it was."""
    mine = open_copy(copy, keys)
    last, notes = mine, []
    for one in deltas:
        rows, head = feed.caught_up(last.rows, last.head, [one], keys)
        last, notes = Copy(rows, head), [one.note]
    if notes:
        copy.mkdir(parents=True, exist_ok=True)
        (copy / HEAD).unlink(missing_ok=True)  # rows without a head are no copy: cut off here, it begins anew
        _write(copy / ROWS, b"".join(last.rows.values()))
        _write(copy / HEAD, notes[0].encode())
    return last
