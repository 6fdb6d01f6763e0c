"""Claims by category as the record has them, and how far the bodies that judge them have come.

A claim is never shown: there are sums only. That a commission enters into force and that there is money to pay awards
are two things, and each stands as it is.
"""

from __future__ import annotations

from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from foedus.compact.model import Condition
from foedus.reparations.distributions import holds
from foedus.reparations.state import shown
from foedus.web import duties
from foedus.web.claimed import Claimed
from foedus.web.figures.claims import by_category, table
from foedus.web.frame import Table, render
from foedus.web.held import Held
from foedus.web.page import Page
from foedus.web.pages import clause_words_claims as said
from foedus.words.titles_claims import MEASURES

ACTIVE = "reparations"
BATCHES = ("batch", "measure", "register", "rows", "table", "entry")
DECISIONS = ("decision", "batch", "to", "rows", "instrument", "corrects", "stands", "table", "entry")
PAID = ("distribution", "category", "claims", "amount", "currency")
ACCOUNTS = ("condition", "party", "currency", "awarded_damage", "awarded_loss", "paid", "entry")


@get("/reparations/claims", include_in_schema=False, sync_to_thread=True)
def claims_page(page: NamedDependency[Page]) -> Answer[Any]:
    """Claims by category: intake, recorded, assessed, awarded, paid; batches and decisions; the account beside the
    condition of easing that is about compensation.
    """
    claimed, held = Claimed(page), Held(page)
    figures = [by_category(claimed, one) for one in MEASURES if any(line.measure == one for line in claimed.lines)]
    paid = [(one, claimed.paid(one)) for one in claimed.distributions if one.payments]
    conditions = [one for _, one in page.clauses.every(Condition) if one.account == "compensation"]
    accounts = [(one, claimed.taken(one.id)) for one in conditions]
    return render(
        page, "reparations/claims.html", title=title(claimed), active=ACTIVE,
        data={"batches": len(claimed.batches), "claims": sum(one.rows for one in claimed.batches)},
        tables={
            "claims": table(claimed), **{one.name: one.table for one in figures},
            "batches": Table(BATCHES, [(
                one.id, one.measure, one.register, one.rows, one.table, one.place.entry) for one in claimed.batches]),
            "decisions": Table(DECISIONS, [(
                one.id, one.batch, one.to, one.rows, one.instrument, one.corrects or None, one.corrected is None,
                one.table, one.place.entry) for batch in claimed.batches for one in batch.decisions]),
            "paid": Table(PAID, [(
                one.id, line.category, line.claims, shown(line.paid_cents), one.currency)
                for one, lines in paid for line in lines or ()]),
            "accounts": Table(ACCOUNTS, [(
                one.id, taken.party, line.currency, line.damage, line.loss, line.paid, taken.place.entry)
                for one, several in accounts for taken in several for line in taken.account]),
        },
        claimed=claimed, held=held, figures=figures, paid=paid, accounts=accounts, fund=_fund(claimed),
        came=said.standing, published=[
            one for one in held.collection.figures if one.measure in ("claims", "signatories")],
        offers=duties.offers(page, ACTIVE),
    )  # fmt: skip


def title(claimed: Claimed) -> str:
    """How many claims are on record."""
    words, count = claimed.words, sum(one.rows for one in claimed.batches)
    if not count:
        return words.gettext("No claim is on record")
    batches = words.ngettext("%(num)s batch", "%(num)s batches", len(claimed.batches))
    return words.ngettext(
        "%(num)s claim is on record, in %(batches)s", "%(num)s claims are on record, in %(batches)s", count,
        batches=batches,
    )  # fmt: skip


def _fund(claimed: Claimed) -> str:
    """What the fund holds in the currency in which it is shared out; as of now, whatever moment is asked about."""
    if claimed.sharing is None:
        return ""
    currency = claimed.sharing[1].currency
    return claimed.sum(holds(claimed.state, currency)[0], currency)


routes: list[ControllerRouterHandler] = [claims_page]
