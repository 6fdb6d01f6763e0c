"""What Home says of sanctions: how much is law, what is owed in law, what deviates, what ends next unless renewed."""

from __future__ import annotations

from msgspec import Struct

from foedus.sanctions.renewals import Term
from foedus.web.board import names
from foedus.web.listed import Sanctions
from foedus.web.overviews import Counts
from foedus.web.page import Page
from foedus.web.pages.sanctions_renewals import last_day, terms


class Package(Struct, frozen=True):
    """The package in one box. `ends`: the regime that ends next, first of all one whose renewal is refused."""

    whole: Counts
    issuers: int
    would_return: int
    conditions: int
    met: int
    ends: Term | None
    regime: str
    day: str
    left: str


def standing(page: Page) -> Package | None:
    """None where nobody ever listed anything, and of the past: it is added up anew there, on its own page alone."""
    if page.past or (not page.state.sanctions.listings and not page.state.sanctions.schedules):
        return None
    sanctions = Sanctions(page)
    overview, whole = sanctions.overview, Counts()
    for one in overview.counts.values():
        whole = Counts(whole.yes + one.yes, whole.owed + one.owed, whole.no + one.no, whole.deviating + one.deviating)
    ending = [one for one in terms(sanctions) if one.ends_at is not None and one.lapsed is None]
    first = next((one for one in ending if one.refused), ending[0] if ending else None)
    return Package(
        whole, len(overview.counts), len(overview.back), len(sanctions.conditions),
        sum(one.verdict.holds for one in sanctions.conditions), first,
        names(page).regime(first.issuer, first.regime) if first else "",
        page.day(last_day(first.ends_at)) if first and first.ends_at else "",
        page.words.left(first.ends_at, page.now) if first and first.ends_at else "",
    )  # fmt: skip
