"""What of the compact is promised, under which agreement, and what nobody has promised: provisions by agreements."""

from __future__ import annotations

from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from foedus.commitments.coverage import LEVELS, Cell, Covered, agreements, by_least, matrix, nobody
from foedus.web.frame import Table, render
from foedus.web.marks import Mark
from foedus.web.owed import Owed
from foedus.web.page import Page

COVERED = ("provision", "kind", "obligations", "texts", "without", *LEVELS[:-1])
CELLS = ("provision", "agreement", "level", "extent", "obligations")


@get("/commitments/coverage", include_in_schema=False, sync_to_thread=True)
def coverage(page: NamedDependency[Page]) -> Answer[Any]:
    """Each lasting commitment of the text by each agreement: how it is covered, and by which obligations."""
    owed = Owed(page)
    rows = by_least(matrix(page.clauses, owed.state))
    columns, lacking = agreements(page.clauses, rows), nobody(rows)
    grid = {(row.provision, one): row.under(one) for row in rows for one in columns}
    words = {one: name(page, one) for one in columns}
    return render(
        page, "commitments/coverage.html", title=_title(page, rows, lacking), active="commitments",
        data={"provisions": len(rows), "nobody": lacking},
        tables={
            "coverage": Table(COVERED, [
                (one.provision, one.kind, " ".join(id_ for cell in one.cells for id_ in cell.obligations),
                 " ".join(cell.agreement for cell in one.cells if cell.extent), " ".join(one.without),
                 *(one.number(level) for level in LEVELS[:-1])) for one in rows]),
            "grid": Table(("agreement", *(row.provision for row in rows)), [
                (one, *(grid[row.provision, one].level for row in rows)) for one in columns]),
            "cells": Table(CELLS, [
                (row.provision, one, cell.level, cell.extent, " ".join(cell.obligations))
                for row in rows for one in columns for cell in (grid[row.provision, one],)]),
        },
        owed=owed, rows=rows, lacking=lacking, grid=grid, columns=columns, marks=marks(page), names=words,
        address=lambda row, cell: address(owed, row, cell), legend=[marks(page)[level] for level in LEVELS],
    )  # fmt: skip


def _title(page: Page, rows: list[Covered], lacking: list[str]) -> str:
    if not rows:
        return page.words.gettext("The text asks for nothing lasting")
    return page.words.ngettext(
        "%(without)s of %(num)s lasting commitment of the text: nobody has promised anything",
        "%(without)s of %(num)s lasting commitments of the text: nobody has promised anything", len(rows),
        without=page.number(len(lacking)),
    )  # fmt: skip


def name(page: Page, agreement: str) -> str:
    """What stands at the head of a row: of a bilateral agreement its other party with the year, else its title."""
    known = page.clauses.agreements.get(agreement)
    if known is None or known.kind != "bilateral":
        return page.say(known.title if known else page.compact.short_title)
    others = page.words.items(page.name(one.party) for one in known.parties if one.party != page.compact.protected)
    return f"{others}, {known.signed.year}" if known.signed else others


def marks(page: Page) -> dict[str, Mark]:
    """How a cell is covered, with its symbol."""
    _ = page.words.gettext
    return {
        "binding": Mark("tick", "green", _("owed by law")),
        "promised": Mark("half", "ink", _("promised")),
        "intention": Mark("dot", "ink", _("an intention")),
        "text": Mark("empty", "ink", _("in words alone")),
        "nothing": Mark("bar", "grey", _("nothing")),
    }


def address(owed: Owed, row: Covered, cell: Cell) -> str:
    """Where the obligations of a cell are: the one, or the list of who owes them; of a text alone the agreement."""
    page = owed.page
    if len(cell.obligations) == 1:
        return page.link(f"/commitments/obligations/{cell.obligations[0]}")
    if not cell.obligations:
        return page.link(f"/compact/agreements/{cell.agreement}")
    parties = {owed.state.obligations[id_].party for id_ in cell.obligations}
    return page.link("/commitments/obligations", kind=row.kind, party=parties.pop() if len(parties) == 1 else None)


routes: list[ControllerRouterHandler] = [coverage]
