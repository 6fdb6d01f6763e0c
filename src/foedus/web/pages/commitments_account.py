"""The record's own account in figures: what parties owe, set aside and deliver, at each stage, by party, kind and time,
and who carries which share. A tracker's sums are never among it.
"""

from __future__ import annotations

from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from foedus.commitments.account import overdue_first
from foedus.commitments.state import STAGES
from foedus.web.accounted import MONEY, PER, Accounted
from foedus.web.figures import OWN, OWN_MAPS, Figure
from foedus.web.frame import render
from foedus.web.page import Page, with_query
from foedus.web.pages.commitments_owed import list_title

PATH = "/commitments/account"
Options = list[tuple[str, str, str, list[tuple[str, str]]]]


@get(PATH, include_in_schema=False, sync_to_thread=True)
def account(page: NamedDependency[Page]) -> Answer[Any]:
    """Every figure: `stage`, `unit`, `kind`, `year` and `party` choose, `per` by what shares are measured."""
    return shown(page)


def shown(page: Page, *, no_vintage: bool = False) -> Answer[Any]:
    """The account; where no tracker's vintage is kept, with how one is."""
    of = Accounted(page)
    found = [figure for one in OWN.values() if (figure := one(of)) is not None]
    owing = of.state.owing.items()
    count = sum(number for name, number in owing if of.party in (None, name.partition("|")[0]))
    late, _ = overdue_first(of.state, of.owed.late, 0, party=of.party)
    said = list_title(page, count, late)
    title = f"{page.name(of.party)}: {said}" if of.party else said
    return render(
        page, "commitments/account.html", title=title, active="commitments",
        data={
            "obligations": count, "overdue": late, "vintage": None, "stage": of.stage, "unit": of.unit,
            "kind": of.kind, "year": of.year, "party": of.party, "per": of.per,
        },
        tables={one.name: one.table for one in found},
        accounted=of, figures=found, options=options(of) if of.stages else [],
        tab="overview" if no_vintage else "account",
        undone=page.here(stage=None, unit=None, kind=None, year=None, party=None, per=None, format=None),
        permanent=with_query(PATH, of.lasting), no_vintage=no_vintage,
    )  # fmt: skip


def options(of: Accounted, *, shares: bool = True) -> Options:
    """The filters: name, label, what is chosen, and what can be. `shares`: also by what shares are measured."""
    page, _ = of.page, of.page.words.gettext
    found: Options = [
        ("stage", _("Stage"), of.stage, [(one, of.owed.stage(one)) for one in STAGES if one in of.stages]),
        ("unit", _("Unit"), of.unit, [
            (one, _("money, in EUR") if one == MONEY else of.owed.unit(one)) for one in of.units]),
        ("kind", _("Kind"), of.kind or "", [("", _("every kind")), *((one, of.owed.kind(one)) for one in of.kinds)]),
        ("year", _("Year"), of.year or "", [("", _("all years")), *((one, of.year_words(one)) for one in of.years)]),
        ("party", _("Party"), of.party or "", [("", _("every party")), *((one, page.name(one)) for one in of.parties)]),
    ]  # fmt: skip
    if shares and of.money:
        found.append(("per", _("Shares of"), of.per, [(one, of.per_words(one)) for one in PER]))
    return found


def figure(page: Page, name: str) -> Figure | None:
    """A figure of the account by its name; None where there is none, or nothing to show in it."""
    made = (OWN | OWN_MAPS).get(name)
    return made(Accounted(page)) if made else None


routes: list[ControllerRouterHandler] = [account]
