"""Distributions of the fund: rule, dry run, decision, what differs from the last run, result, payments, and for one
claim why it got its figure, computed again step by step.
"""

from __future__ import annotations

from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from foedus.claims.distribution import Run
from foedus.claims.why import Difference, Why
from foedus.reparations.state import Distribution, shown
from foedus.web import asked, duties
from foedus.web.claimed import Claimed
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.pages import clause_words_claims as said
from foedus.web.unanswered import NotHere

ACTIVE = "reparations"
LIST = ("distribution", "fund", "paid", "reserve", "left", "currency", "rows", "state", "outstanding", "entry")
STEPS = ("step", "categories", "claims", "entitled", "money", "paid")
PAYMENTS = ("entry", "rows", "amount", "currency", "instrument", "table")
CHANGES = ("claim", "category", "before", "after")
WHY = ("step", "at_most", "had", "entitled", "share", "by_largest_remainder", "paid")


@get("/reparations/distributions", include_in_schema=False, sync_to_thread=True)
def distribution_list(page: NamedDependency[Page]) -> Answer[Any]:
    """Every distribution, newest first, and the rule by which the next would be made."""
    claimed = Claimed(page)
    every = claimed.distributions[::-1]
    title = page.words.ngettext("%(num)s distribution was decided", "%(num)s distributions were decided", len(every))
    return render(
        page, "reparations/distributions.html", active=ACTIVE,
        title=title if every else page.words.gettext("No distribution was decided"),
        data={"distributions": len(every)}, tables={"distributions": Table(LIST, [_row(one) for one in every])},
        claimed=claimed, every=every, step=said.step, offers=duties.offers(page, ACTIVE),
    )  # fmt: skip


def _row(one: Distribution) -> tuple[object, ...]:
    state = "revoked" if one.revoked else "decided" if one.run is None else "run"
    return (
        one.id, shown(one.fund), shown(one.paid), shown(one.reserve), shown(one.left), one.currency, one.rows, state,
        shown(one.outstanding), one.place.entry,
    )  # fmt: skip


@get("/reparations/distributions/{id_:str}", include_in_schema=False, sync_to_thread=True)
def distribution_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """One distribution; `claim` asks why one claim got its figure."""
    claimed = Claimed(page)
    one = next((each for each in claimed.distributions if each.id == id_), None)
    if one is None:
        raise NotHere("there is no distribution {distribution}", distribution=id_[:40])
    claim = asked.code(page, "claim")
    run, differs = claimed.run(one), claimed.difference(one)
    because = claimed.why(one, claim) if claim else None
    if because is not None and not claimed.may_see(because.category):
        because = None  # nor is it said that it is there: that a claim is of such a category says what befell somebody
    if differs is not None:
        seen = tuple(each for each in differs.changes if claimed.may_see(each.category))
        differs = replace(differs, changes=seen)
    return render(
        page, "reparations/distribution.html", title=title(claimed, one), active=ACTIVE,
        data={
            "distribution": dict(zip(LIST, _row(one), strict=True)), "run": run, "difference": differs, "why": because,
        },
        tables={
            "steps": Table(STEPS, _steps(run)),
            "payments": Table(PAYMENTS, [(
                each.place.entry, each.rows, shown(each.amount), one.currency, each.instrument, each.table)
                for each in one.payments]),
            "changes": Table(CHANGES, _changes(differs)),
            "why": Table(WHY, _why(because)),
        },
        claimed=claimed, one=one, run=run, differs=differs, before=claimed.before(one), claim=claim, because=because,
        step=said.step, cents=shown, offers=duties.offers(page, ACTIVE),
    )  # fmt: skip


def title(claimed: Claimed, one: Distribution) -> str:
    """How much of the fund goes to how many claims, and how far that has come."""
    return claimed.words.ngettext(
        "%(id)s: %(paid)s for %(num)s claim, %(state)s", "%(id)s: %(paid)s for %(num)s claims, %(state)s", one.rows,
        id=one.id, paid=claimed.sum(one.paid, one.currency), state=claimed.standing(one).word,
    )  # fmt: skip


def _steps(run: Run | None) -> list[tuple[object, ...]]:
    if run is None:
        return []
    return [
        (number, " ".join(step.categories), taken.claims, shown(taken.entitled_cents), shown(taken.money_cents),
         shown(taken.paid_cents))
        for number, (step, taken) in enumerate(zip(run.rule.steps, run.steps, strict=True), 1)
    ]  # fmt: skip


def _changes(found: Difference | None) -> list[tuple[object, ...]]:
    def cents(amount: int | None) -> str | None:
        return None if amount is None else shown(amount)

    return [(each.id, each.category, cents(each.before_cents), cents(each.after_cents))
            for each in found.changes] if found else []  # fmt: skip


def _why(found: Why | None) -> list[tuple[object, ...]]:
    if found is None:
        return []
    return [
        (each.step, shown(each.most_cents), shown(each.had_cents), shown(each.entitled_cents), each.share,
         each.rounded_up, shown(each.paid_cents)) for each in found.steps
    ]  # fmt: skip


routes: list[ControllerRouterHandler] = [distribution_list, distribution_page]
