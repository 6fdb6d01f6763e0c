"""Rows of the feed in the forms of others: cells for a spreadsheet, and the targets that they name as entities."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from foedus import archive
from foedus.deposited import version_of
from foedus.feed import Row
from foedus.sanctions.lists.model import Target
from foedus.sanctions.lists.writing import described
from foedus.sanctions.state import State

COLUMNS = (
    "id", "target", "issuer", "restriction", "regime", "status", "in_law", "since", "until", "owed_by", "instrument",
    "because", "entry", "exempted", "winds_down_until",
)  # fmt: skip


def cells(row: Row) -> tuple[str, ...]:
    """A row for a spreadsheet, in the order of COLUMNS."""
    said = row.properties
    until, instrument, because = (each[0] if each else "" for each in (said.endDate, said.authorityId, said.reason))
    times = [
        one.isoformat() if isinstance(one, datetime) else ""
        for one in (said.startDate[0], until, row.owed_by, row.winds_down_until)
    ]
    exempted = "; ".join(
        f"{one.kind} {one.exemption}" + (f" until {one.until.isoformat()}" if one.until else "")
        for one in row.exempted or ()
    )
    return (
        row.id, said.entity[0], said.authority[0], said.provisions[0], said.program[0], said.status[0], row.in_law,
        times[0], times[1], times[2], str(instrument), str(because), said.recordId[0], exempted, times[3],
    )  # fmt: skip


def csv_of(rows: Iterable[Row]) -> str:
    """Rows for a spreadsheet; what it would take for a formula is given a quotation mark before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        made = cells(row)
        writer.writerow([f"'{one}" if one[:1] in ("=", "+", "-", "@", "\t", "\r") else one for one in made])
    return out.getvalue()


def targets(store: archive.Keeps, state: State, rows: Iterable[Row]) -> Iterator[bytes]:
    """The targets of the rows as entities, one a line: named where a list held here has the entry `LIST.ID`.

    The topic `sanction` is of those alone that somebody has in law.
    """
    law: dict[str, bool] = {}
    for row in rows:
        target = row.properties.entity[0]
        law[target] = law.get(target, False) or row.in_law == "yes"
    lists: dict[str, Mapping[str, Target]] = {}
    for target, in_law in sorted(law.items()):
        name, _, id_ = target.partition(".")
        if name not in lists:
            lists[name] = _entries(store, state, name)
        said = described(target, lists[name].get(id_), ["sanction"] if in_law else [])
        yield msgspec.json.encode(said) + b"\n"


def _entries(store: archive.Keeps, state: State, name: str) -> Mapping[str, Target]:
    """The entries of the newest version of a list that is held here."""
    for one in reversed(state.lists.get(name, ())):
        if archive.holds(store, one.table):
            return {each.id: each for each in version_of(store, name, one.table).targets}
    return {}
