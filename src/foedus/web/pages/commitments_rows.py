"""Rows of a tracker as its source has them, each with sheet, row and column: what a sum is made of.

Nothing is corrected. The publisher's file lies in the archive and is not given out here: its licence may not allow it;
its digest says whether a reader's own copy is the same.
"""

from __future__ import annotations

from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from foedus.commitments.sources.model import Row
from foedus.web import asked
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.tracked import Tracked
from foedus.web.unanswered import NotHere
from foedus.words import trackers as said

SIZE = 50
COLUMNS = ("number", "id", "donor", "kind", "stage", "first", "last", "amount", "currency", "basis", "eur", "rate",
           "item", "category", "low", "high", "said", "standing", "sheet", "row", "column")  # fmt: skip


def cells(tracked: Tracked, number: int, row: Row) -> tuple[object, ...]:
    """A row as plain values, of COLUMNS."""
    money, count, place = row.money, row.quantity, row.place
    return (
        number, row.id, row.donor, row.kind, row.stage, row.first, row.last, money.amount if money else None,
        money.currency if money else None, money.basis if money else None, row.eur, row.rate, row.item, row.category,
        count.low if count else None, count.high if count else None, count.said if count else None, row.standing,
        place.sheet, place.row, place.column,
    )  # fmt: skip


@get("/commitments/rows", include_in_schema=False, sync_to_thread=True)
def row_list(page: NamedDependency[Page]) -> Answer[Any]:
    """The rows that `donor`, `stage`, `kind`, `group` and `year` leave, in the order of the source."""
    tracked = Tracked(page)
    if tracked.entry is None:
        raise NotHere("no vintage of a tracker is kept here")
    donor = asked.code(page, "donor")
    stage = asked.choice(page, "stage", tracked.stages)
    kept = set(map(id, tracked.rows))
    found = [
        (number, row)
        for number, row in enumerate(tracked.vintage.rows)
        if id(row) in kept and donor in (None, row.donor) and stage in (None, row.stage)
    ]
    offset = asked.number(page, "offset", 0, 0, max(0, len(found) - 1) // SIZE * SIZE)
    title = page.words.ngettext("%(num)s row of the source", "%(num)s rows of the source", len(found))
    if donor:
        title = f"{tracked.donor(donor)}: {title}"
    return render(
        page, "commitments/rows.html", title=title, active="commitments",
        data={"vintage": tracked.entry, "rows": len(found), "donor": donor},
        tables={"rows": Table(COLUMNS, [cells(tracked, number, row) for number, row in found])},
        tracked=tracked, rows=found[offset : offset + SIZE], count=len(found), offset=offset, size=SIZE, donor=donor,
    )  # fmt: skip


@get("/commitments/rows/{number:int}", include_in_schema=False, sync_to_thread=True)
def row_page(page: NamedDependency[Page], number: FromPath[int]) -> Answer[Any]:
    """One row of a vintage, and where it stands in the source."""
    tracked = Tracked(page)
    if tracked.entry is None or not 0 <= number < len(tracked.vintage.rows):
        raise NotHere("this vintage has no row {number}", number=str(number)[:20])
    row = tracked.vintage.rows[number]
    notes = [*tracked.vintage.doubts, *tracked.vintage.skipped]
    here = [
        one for one in notes if one.place.row and (one.place.sheet, one.place.row) == (row.place.sheet, row.place.row)
    ]
    return render(
        page, "commitments/row.html", title=f"{tracked.donor(row.donor)}: {tracked.place(row.place)}",
        active="commitments", data={"vintage": tracked.entry, "number": number},
        tables={"row": Table(COLUMNS, [cells(tracked, number, row)])},
        tracked=tracked, row=row, number=number, notes=here, basis=page.words.gettext(said.BASES[row.money.basis])
        if row.money else "", counted=page.words.gettext(said.STANDINGS[row.standing]),
        digest=tracked.entry.files.get(row.place.sheet) or next(iter(tracked.entry.files.values())),
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [row_list, row_page]
