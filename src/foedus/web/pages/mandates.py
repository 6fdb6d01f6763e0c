"""Who could not decide within the compact's time today, by the steps of its own law, and which to take beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.mandated import ORDER, Code, Standing, late_parties, standings
from foedus.parties import mandates
from foedus.parties.acts import NationalStep
from foedus.web import asked
from foedus.web.fields import large
from foedus.web.frame import Table, render
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words.said_parties import national
from foedus.words.speech import Speech
from foedus.words.titles import MEASURE_KINDS, NATIONAL_STEPS, title

COLUMNS = ("party", "name", "kind", "state", "steps", "hours", "authorise", "until", "entry")


class Row(Struct, frozen=True):
    """One party, with the kinds of measure for which it stands alike."""

    party: str
    name: str
    kinds: tuple[str, ...]
    code: Code
    mark: Mark
    steps: str
    hours: int | None
    authorise: tuple[str, ...]
    until: datetime | None
    entry: int | None


@get("/mandates", include_in_schema=False, sync_to_thread=True)
def mandates_page(page: NamedDependency[Page]) -> Answer[Any]:
    """Every guarantor by kind of measure: `which` chooses how it stands, `party` one of them."""
    which = asked.choice(page, "which", ORDER)
    party = asked.choice(page, "party", tuple(page.parties))
    every = [one for one in found(page) if party in (None, one.party)]
    rows = rows_of(page, [one for one in every if which in (None, one.code)])
    limit = mandates.within(page.clauses)
    return render(
        page, "parties/mandates.html", title=heading(page, every), active="parties",
        data={"late": late_parties(every), "within": str(limit) if limit else None},
        tables={"mandates": Table(COLUMNS, [_cells(page, one) for one in every if which in (None, one.code)])},
        rows=rows, which=which, party=party, chips=_chips(page, every), limit=limit,
        clause=page.clauses.clock("decide"), permits=page.clauses.permits("StateMandate"),
    )  # fmt: skip


def found(page: Page) -> list[Standing]:
    """How everyone stands at the page's moment."""
    return standings(page.clauses, page.state, page.at, page.see)


def late(page: Page) -> int:
    """For Home: how many parties could not decide in time today, on some kind of measure."""
    return len(late_parties(found(page)))


def heading(page: Page, every: list[Standing]) -> str:
    """How many could not, and within what."""
    _ = page.words.gettext
    limit = mandates.within(page.clauses)
    if limit is None:
        return _("The compact has no time to decide")
    count, span = len(late_parties(every)), page.words.span(limit)
    if not count:
        return _("No party that has stated its steps would be too late: time to decide %(span)s", span=span)
    parties = page.words.ngettext("%(num)s party", "%(num)s parties", count)
    return _("Could not decide within %(span)s today: %(parties)s", span=span, parties=parties)


def rows_of(page: Page, every: Sequence[Standing]) -> list[Row]:
    """Standings of one party that say the same, as one row for all their kinds."""
    alike: dict[tuple[object, ...], list[Standing]] = {}
    for one in every:
        alike.setdefault((one.code, one.party, one.steps, one.entry if not one.steps else None), []).append(one)
    rows = [_row(page, some) for some in alike.values()]
    return sorted(rows, key=lambda row: (ORDER.index(row.code), page.sort_key(row.name)))


def _row(page: Page, some: list[Standing]) -> Row:
    first = some[0]
    kinds = tuple(large(title(page.words, MEASURE_KINDS, one.kind)) for one in some)
    if len(kinds) == len(mandates.kinds(page.clauses)):
        kinds = (page.words.gettext("Every kind of measure"),)
    return Row(
        first.party, page.name(first.party), kinds, first.code, mark(page, first.code),
        _said(page, first.steps), first.hours, tuple(title(page.words, NATIONAL_STEPS, one) for one in first.authorise),
        first.until, first.entry,
    )  # fmt: skip


def _said(page: Page, steps: tuple[NationalStep, ...]) -> str:
    return national(Speech(page.words, page.clauses, page.state), steps)


def mark(page: Page, code: Code) -> Mark:
    """How a party stands, with its symbol."""
    _ = page.words.gettext
    return {
        "late": Mark("triangle", "red", _("Could not decide in time")),
        "ending": Mark("half", "amber", _("Could, until a delegation ends")),
        "unstated": Mark("empty", "ink", _("Nothing stated")),
        "able": Mark("tick", "green", _("Could decide in time")),
    }[code]


def _chips(page: Page, every: list[Standing]) -> list[tuple[str | None, str, int | None]]:
    rows = rows_of(page, every)
    chips: list[tuple[str | None, str, int | None]] = [(None, page.words.gettext("All"), len(rows))]
    for code in ORDER:
        count = sum(row.code == code for row in rows)
        chips += [(code, mark(page, code).word, count)] if count else []
    return chips


def _cells(page: Page, one: Standing) -> tuple[object, ...]:
    return (
        one.party, page.name(one.party), one.kind, one.code, _said(page, one.steps), one.hours,
        " ".join(one.authorise), one.until, one.entry,
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [mandates_page]
