"""One donor by a tracker: what it says that this donor committed, allocated and delivered, and what contradicts itself.

Beside it, never added to it: the instruments of the compact that this party signed, with the sums that they name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.commitments.sources.donors import donor_name
from foedus.commitments.sources.doubts import findings
from foedus.commitments.sources.model import Note
from foedus.commitments.sources.totals import totals
from foedus.compact import model
from foedus.web.figures import DONOR, Maker
from foedus.web.frame import Table, render
from foedus.web.owed import Owed
from foedus.web.page import Page
from foedus.web.pages.agreements import sum_of
from foedus.web.pages.commitments_rows import COLUMNS, cells
from foedus.web.tracked import ZERO, Tracked
from foedus.web.unanswered import NotHere

FIRST = 10  # rows shown here; the rest stand on a page of their own


class Signed(Struct, frozen=True):
    """An instrument that the party signed, and the sums that it names."""

    id: str
    title: str
    sums: tuple[tuple[str, str, str, model.Source], ...]


def maker(tracked: Tracked, code: str) -> Maker:
    """Makes the figures of one donor. Raises NotHere when the vintage does not know it."""
    rows = [row for row in tracked.rows if row.donor == code]
    if not any(row.donor == code for row in tracked.vintage.rows):
        raise NotHere("this vintage says nothing of the donor {code!r}", code=code[:40])
    return Maker(tracked, rows, "donor-")


@get("/commitments/donors/{id_:str}", include_in_schema=False, sync_to_thread=True)
def donor_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """One donor in one vintage: `vintage`, `stage`, `kind` and `year` choose."""
    tracked = Tracked(page)
    if tracked.entry is None:
        raise NotHere("no vintage of a tracker is kept here")
    make = maker(tracked, id_)
    found = [figure for one in DONOR.values() if (figure := one(make)) is not None]
    largest = sorted((row for row in make.rows if row.standing == "counted"), key=lambda row: -(row.eur or ZERO))
    numbers = {id(row): number for number, row in enumerate(tracked.vintage.rows)}
    doubts, owed = list(about(tracked, id_)), Owed(page)
    owes = [one for one in owed.state.obligations.values() if one.party == id_]
    return render(
        page, "commitments/donor.html", title=title(tracked, make, id_), active="commitments",
        data={
            "donor": id_, "vintage": tracked.entry, "stages": {
                stage: make.totals().eur(stage) for stage in tracked.stages}, "findings": len(doubts),
        },
        tables={**{one.name: one.table for one in found}, "rows": Table(COLUMNS, [
            cells(tracked, numbers[id(row)], row) for row in make.rows])},
        tracked=tracked, code=id_, name=tracked.donor(id_), figures=found, findings=doubts, largest=[
            (numbers[id(row)], row) for row in largest[:FIRST]], count=len(make.rows),
        share=next((one for one in tracked.shares(tracked.denominator) if one.donor == id_), None)
        if tracked.denominator else None,
        signed=list(signed(page, id_)), party=page.parties.get(id_), owed=owed, owes=owes[:FIRST],
        owes_count=len(owes),
    )  # fmt: skip


def title(tracked: Tracked, make: Maker, code: str) -> str:
    """The donor, and how much at each stage that the source has."""
    _ = tracked.page.words.gettext
    sums = totals(make.rows)
    said = [
        _("%(stage)s %(eur)s bn EUR", stage=tracked.stage_words(one), eur=tracked.billions(sums.eur(one)))
        for one in tracked.stages
    ]
    return f"{tracked.donor(code)}: {tracked.page.words.items(said)}"


def about(tracked: Tracked, code: str) -> Iterator[Note]:
    """What contradicts itself in what is said of this donor."""
    rows = {(row.place.sheet, row.place.row) for row in tracked.vintage.rows if row.donor == code}
    for one in findings(tracked.vintage):
        named = one.what.found.get("whom") == donor_name(code)
        if named or (one.place.row and (one.place.sheet, one.place.row) in rows):
            yield one


def signed(page: Page, code: str) -> Iterator[Signed]:
    """The instruments beside the compact that name the party, oldest first, those without a date last."""
    every = sorted(page.compact.agreements, key=lambda one: (one.signed is None, one.signed or page.compact.dated))
    for one in every:
        if any(status.party == code for status in one.parties):
            yield Signed(one.id, page.say(one.title), tuple(sum_of(page, each) for each in one.sums))


routes: list[ControllerRouterHandler] = [donor_page]
