"""Rows of the feed in the forms of others: cells for a spreadsheet, and the targets that they name as entities."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from foedus import archive
from foedus.deposited import version_of
from foedus.feed import Exempted, Row
from foedus.sanctions.lists.model import Target
from foedus.sanctions.lists.writing import described
from foedus.sanctions.state import State

COLUMNS = (
    "id", "target", "issuer", "restriction", "regime", "status", "in_law", "since", "until", "owed_by", "instrument",
    "because", "entry", "exempted", "winds_down_until",
)  # fmt: skip

FORMULA = frozenset("=+-@\t\r")  # what a cell begins with that a spreadsheet would run


def cells(row: Row) -> tuple[str, ...]:
    """A row for a spreadsheet, in the order of COLUMNS."""
    said = row.properties
    (target,), (issuer,), (restriction,), (regime,) = said.entity, said.authority, said.provisions, said.program
    (status,), (entry,), (since,) = said.status, said.recordId, said.startDate
    return (
        row.id, target, issuer, restriction, regime, status, row.in_law, since.isoformat(),
        said.endDate[0].isoformat() if said.endDate else "", row.owed_by.isoformat() if row.owed_by else "",
        said.authorityId[0] if said.authorityId else "", said.reason[0] if said.reason else "", entry,
        "; ".join(map(_exempted, row.exempted)) if row.exempted else "",
        row.winds_down_until.isoformat() if row.winds_down_until else "",
    )  # fmt: skip


def _exempted(one: Exempted) -> str:
    return f"{one.kind} {one.exemption}" + (f" until {one.until.isoformat()}" if one.until else "")


def csv_of(rows: Iterable[Row]) -> str:
    """Rows for a spreadsheet; what it would take for a formula is given a quotation mark before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([f"'{one}" if one[:1] in FORMULA else one for one in cells(row)] for row in rows)
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
