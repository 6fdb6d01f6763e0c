"""The calendar of renewals: what ends when, whose refusal alone would end it, what lapses for everyone, the plan."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.compact.model import Regime
from foedus.sanctions.renewals import Term, renewable
from foedus.sanctions.renewals import calendar as terms_of
from foedus.sanctions.rules import SANCTIONS
from foedus.web import duties
from foedus.web.board import names
from foedus.web.frame import Table, render
from foedus.web.listed import Sanctions
from foedus.web.page import Page

TERMS = ("regime", "issuer", "provision", "ends_at", "lapsed", "refusing", "refused", "listings", "targets", "alone")


class Ending(Struct, frozen=True):
    """A regime that ends unless renewed. `alone`: parties each of which would suffice to prevent it by refusing.

    `escaping`: targets that nobody else has in law or owed, so that they would be listed nowhere; told where it is the
    issuer's one regime.
    """

    term: Term
    alone: tuple[str, ...]
    members: int
    targets: int
    escaping: int


@get("/sanctions/renewals", include_in_schema=False, sync_to_thread=True)
def renewals(page: NamedDependency[Page]) -> Answer[Any]:
    """What ends when, who refuses, and what lapses for everyone if one that suffices refuses."""
    sanctions = Sanctions(page)
    every = terms(sanctions)
    ending = [_ending(sanctions, one) for one in every if one.ends_at is not None and one.lapsed is None]
    known = {(one.term.issuer, one.term.regime): one for one in ending}
    return render(
        page, "sanctions/renewals.html", title=renewals_title(page, [one.term for one in ending]), active="sanctions",
        data={},
        tables={"renewals": Table(TERMS, [_row(one, known.get((one.issuer, one.regime))) for one in every])},
        ending=ending, open=[one for one in every if one.ends_at is None and one.lapsed is None],
        lapsed=[one for one in every if one.lapsed is not None],
        plan={one.id: one.plan for _, one in page.clauses.every(Regime)}, last_day=last_day,
        regime=lambda one: names(page).regime(one.issuer, one.regime), parties=names(page).parties,
        offers=[one for one in duties.offers(page, SANCTIONS) if one.act in ("RenewRegime", "RefuseRenewal")],
    )  # fmt: skip


def terms(sanctions: Sanctions) -> tuple[Term, ...]:
    """Every regime as the page shows it, with how many listings would end with it."""
    page = sanctions.page
    return terms_of(page.clauses, page.state, page.at, page.known, sanctions.overview.lapsing)


def _ending(sanctions: Sanctions, term: Term) -> Ending:
    page = sanctions.page
    members = [one.id for one in page.compact.parties if term.issuer in one.part_of] or [term.issuer]
    clause = page.clauses.regime(term.regime)
    alone = [one for one in members if clause and not renewable(page.clauses, clause[1], term.issuer, (one,))]
    overview = sanctions.overview
    bit = overview.bits.get(term.issuer, 0)
    mine = [mask for mask in overview.listing.values() if mask & bit]
    regimes = [key for key, n in overview.lapsing.items() if n and key.startswith(f"{term.issuer}/")]
    escaping = sum(mask == bit for mask in mine) if len(regimes) == 1 else 0
    return Ending(term, tuple(alone), len(members), len(mine), escaping)


def renewals_title(page: Page, ending: list[Term]) -> str:
    """What ends next."""
    _ = page.words.gettext
    refused = [one for one in ending if one.refused]
    if refused:
        number = sum(one.listings for one in refused)
        said = page.words.ngettext("%(num)s listing lapses", "%(num)s listings lapse", number)
        return _("Renewal is refused: %(what)s unless that is taken back", what=said)
    if not ending:
        return _("No regime has a fixed end")
    first = ending[0]
    said = page.words.ngettext("%(num)s listing lapses", "%(num)s listings lapse", first.listings)
    assert first.ends_at is not None, "it has an end"
    return _("%(what)s on %(day)s unless renewed", what=said, day=page.day(last_day(first.ends_at)))


def last_day(ends_at: datetime) -> date:
    """The day at whose end a term ends."""
    return (ends_at - timedelta(seconds=1)).date()


def _row(one: Term, ending: Ending | None) -> tuple[object, ...]:
    return (
        one.regime, one.issuer, one.provision, one.ends_at, one.lapsed, " ".join(one.refusing), one.refused,
        one.listings, ending.targets if ending else None, " ".join(ending.alone) if ending else None,
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [renewals]
