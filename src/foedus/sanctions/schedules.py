"""The rows of a schedule as bytes: one canonical form, so that its digest is the same for whoever computes it.

A row is a target and the entry of the instrument that names it. The canonical table is sorted, one row a line,
`target TAB instrument LF`, UTF-8; no file format's bytes are ever hashed. Nothing here reads or writes a file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from foedus.errors import Malformed
from foedus.sanctions.state import Listing, Schedule, State
from foedus.sanctions.status import Standing, standing

_TARGET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_INSTRUMENT = re.compile(r"[^\t\r\n]{0,200}")


class Row(Struct, frozen=True, order=True, gc=False, array_like=True):
    """One target of a schedule; `instrument`: where its instrument names it, such as an entry of an annex."""

    target: str
    instrument: str = ""


def encode(rows: Iterable[Row]) -> bytes:
    """The canonical bytes. Raises Malformed for a target twice, or a row that no line can hold."""
    ordered = sorted(rows)
    for before, row in zip((None, *ordered), ordered, strict=False):
        if not _TARGET.fullmatch(row.target) or not _INSTRUMENT.fullmatch(row.instrument):
            raise Malformed(
                "the row {row!r} cannot stand in a table: a target such as ofac-sdn.123 was expected and, after a tab,"
                " where its instrument names it; see docs/sanctions.md, Schedules",
                row=row.target,
            )
        if before is not None and before.target == row.target:
            raise Malformed("{target} stands twice in one table: give each target one row", target=row.target)
    return "".join(f"{row.target}\t{row.instrument}\n" for row in ordered).encode()


def digest(table: bytes) -> str:
    """The digest by which an act names the table."""
    return hashlib.sha256(table).hexdigest()


def decode(table: bytes, expected: str) -> tuple[Row, ...]:
    """The rows of a table named by digest. Raises Malformed when these are other bytes, or not canonical."""
    if digest(table) != expected:
        raise Malformed(
            "the table has the digest {found}, the schedule names {expected}: fetch it again",
            found=digest(table)[:16], expected=expected[:16],
        )  # fmt: skip
    rows = tuple(Row(*line.split("\t", 1)) for line in table.decode().split("\n")[:-1])
    if encode(rows) != table:
        raise Malformed("the table is not in its canonical form: sort it by target, one row a line")
    return rows


def listing(state: State, schedule: Schedule, target: str) -> Listing:
    """The row of a schedule, with whatever was said of it alone."""
    id_ = f"{schedule.id}/{target}"
    return state.listings.get(id_) or Listing(
        id_, schedule.issuer, target, schedule.restriction, schedule.regime, schedule.place, schedule.id
    )


def standings(
    state: State, schedule: Schedule, targets: Iterable[str], at: datetime, known: datetime
) -> Iterator[tuple[str, Standing | None]]:
    """What each row was `at`, as `known`: what its schedule was, but where something was said of the row alone."""
    whole = standing(state, schedule, at, known)
    for target in targets:
        alone = state.listings.get(f"{schedule.id}/{target}")
        yield target, whole if alone is None else standing(state, alone, at, known)


def strays(state: State, schedule: Schedule, rows: Iterable[Row]) -> Iterator[str]:
    """Ids of rows of which something was said that the table does not hold: such an act changed no listing."""
    there = {f"{schedule.id}/{row.target}" for row in rows}
    for id_ in state.listings:
        if id_.startswith(f"{schedule.id}/") and id_ not in there:
            yield id_
