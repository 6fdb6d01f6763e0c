"""What parties owe under the compact: every obligation, and one from its clause to its evidence.

A delivery that waits for the recipient's word has its two forms beside it: receipt and dispute, signed from a phone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.commitments import account
from foedus.commitments.acts import ConfirmReceipt, DisputeReceipt, Quantity
from foedus.commitments.state import Allocation, Delivery, Obligation, Tranche
from foedus.web import asked, duties
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.unanswered import NotHere
from foedus.words import mark
from foedus.words.said_commitments import amount
from foedus.words.speech import Speech
from foedus.words.titles import title
from foedus.words.titles_commitments import BASES, BINDINGS, DISPUTES, KINDS, ORIGINS

MOST = 500
OBLIGATIONS = ("obligation", "party", "kind", "binding", "clause", "amount", "overdue")
DELIVERIES = ("delivery", "allocation", "on", "stated", "counts", "level", "entry")
TRANCHES = ("tranche", "due", "amount", "standing", "entry")
STANDINGS = {
    "planned": mark("planned"), "fulfilled": mark("came in time"), "overdue": mark("overdue"),
    "came_late": mark("came late"), "not_counted": mark("counts no more"),
}  # fmt: skip
LEVELS = {
    1: mark("stated by who delivers"), 2: mark("signed for by the recipient"), 3: mark("independent evidence"),
    4: mark("audited"),
}  # fmt: skip


class Line(Struct, frozen=True):
    """One obligation in the list. `late`: how many of its tranches are overdue."""

    id: str
    href: str
    party: str
    kind: str
    binding: str
    clause: str
    much: str
    late: int


class Came(Struct, frozen=True):
    """One delivery with its package: what was stated, what counts, how far it is verified, what may be said of it."""

    delivery: Delivery
    package: Allocation
    stated: str
    counts: str
    level: str
    dispute: str
    offers: list[duties.Offer]


class Step(Struct, frozen=True):
    """One tranche with where it stands, and what came of it; None for what has no date."""

    tranche: Tranche | None
    amount: str
    standing: str
    code: str
    packages: list[tuple[Allocation, str, str]]
    came: list[Came]


@get("/obligations", include_in_schema=False, sync_to_thread=False)
def obligations(page: NamedDependency[Page]) -> Answer[Any]:
    """Every obligation that stands, those with something overdue first; `party` chooses."""
    party = asked.choice(page, "party", tuple(one.id for one in page.compact.parties))
    state = page.state.commitments
    seen = (page.see(one) for one in state.obligations.values())
    known = [one for one in seen if one is not None and party in (None, one.party)]
    late: dict[str, int] = {}
    for tranche in (page.see(state.tranches[id_]) for id_ in state.ever_late):
        if tranche is not None and tranche.overdue is not None and not tranche.fulfilled:
            late[tranche.obligation] = late.get(tranche.obligation, 0) + 1
    lines = [line(page, one, late.get(one.id, 0)) for one in known]
    lines.sort(key=lambda one: (-one.late, one.id.startswith("R-"), len(one.id), one.id))
    words = page.words.ngettext("%(num)s obligation", "%(num)s obligations", len(lines))
    overdue = page.words.ngettext("%(num)s tranche overdue", "%(num)s tranches overdue", sum(late.values()))
    rows = [(one.id, one.party, one.kind, one.binding, one.clause, one.much, one.late) for one in lines]
    return render(
        page, "obligations/list.html", active="commitments", title=f"{words}, {overdue}",
        data={"party": party, "overdue": sum(late.values())}, tables={"obligations": Table(OBLIGATIONS, rows)},
        lines=lines[:MOST], total=len(lines), party=party,
    )  # fmt: skip


def line(page: Page, one: Obligation, late: int) -> Line:
    """An obligation as the list shows it."""
    words = page.words
    clause = _provision(page, one.terms.clause) if one.terms else _speech(page).measure(one.measure)
    return Line(
        one.id, page.link(f"/obligations/{one.id}"), page.name(one.party), title(words, KINDS, one.kind),
        title(words, BINDINGS, one.binding), clause, much(page, one), late,
    )  # fmt: skip


def _speech(page: Page) -> Speech:
    return Speech(page.words, page.clauses, page.state)


def _provision(page: Page, code: str) -> str:
    return _speech(page).names.provision(code)


def much(page: Page, one: Obligation) -> str:
    """How much is owed; of a measure its position says it."""
    if not one.figures or one.terms is None:
        return page.words.gettext("as its position says")
    return f"{title(page.words, BASES, one.terms.basis)} {amount(_speech(page), one.figures[-1].value)}"


@get("/obligations/{id_:path}", include_in_schema=False, sync_to_thread=False)
def obligation(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """Clause, tranches, packages, deliveries, evidence."""
    found = page.see(page.state.commitments.obligations.get(str(id_).strip("/")))
    if found is None:
        raise NotHere("there is no obligation {id} in this record", id=str(id_).strip("/")[:64])
    steps = [_step(page, tranche) for tranche in _tranches(page, found)]
    if found.allocations:
        steps.append(_undated(page, found))
    names, terms = _speech(page).names, found.terms
    late = sum(step.code == "overdue" for step in steps)
    kind = title(page.words, KINDS, found.kind)
    heading = page.words.gettext("%(party)s owes: %(kind)s", party=page.name(found.party), kind=kind)
    deliveries = [came for step in steps for came in step.came]
    return render(
        page, "obligations/obligation.html", active="commitments", title=heading,
        data={"obligation": found.id, "party": found.party, "kind": found.kind, "overdue": late, "terms": terms and {
            name: getattr(terms, name) for name in terms.__struct_fields__}},
        tables={
            "tranches": Table(TRANCHES, [
                (s.tranche.id, s.tranche.due_at, s.amount, s.code, s.tranche.place.entry) for s in steps if s.tranche]),
            "deliveries": Table(DELIVERIES, [
                (c.delivery.id, c.package.id, c.delivery.delivered_on, c.stated, c.counts, c.delivery.level,
                 c.delivery.place.entry) for c in deliveries]),
        },
        one=found, steps=steps, late=late, much=much(page, found),
        clause=names.provision(terms.clause) if terms else _speech(page).measure(found.measure),
        agreement=names.instrument(terms.agreement) if terms else "",
        binding=title(page.words, BINDINGS, found.binding), conditions=[names.caveat(one) for one in found.unmet],
        day=lambda moment: page.day((moment - timedelta.resolution).date()),
        unmet=found.unmet,
    )  # fmt: skip


def _tranches(page: Page, one: Obligation) -> list[Tranche]:
    seen = (page.see(page.state.commitments.tranches[each.value]) for each in one.tranches)
    return [tranche for tranche in seen if tranche is not None]


def _step(page: Page, tranche: Tranche) -> Step:
    obligation_ = page.see(page.state.commitments.obligations[tranche.obligation])
    assert obligation_ is not None, "a tranche that is seen is of an obligation that is"
    code = "not_counted" if not obligation_.counts else _standing(tranche)
    packages = [each.value for each in tranche.allocations]
    said = amount(_speech(page), tranche.figures[-1].value)
    return Step(tranche, said, page.words.gettext(STANDINGS[code]), code, *_came(page, packages))


def _standing(tranche: Tranche) -> str:
    if tranche.fulfilled:
        return "came_late" if account.came_late(tranche) else "fulfilled"
    return "overdue" if tranche.overdue is not None else "planned"


def _undated(page: Page, one: Obligation) -> Step:
    packages = [each.value for each in one.allocations]
    return Step(None, "", page.words.gettext("without a date"), "undated", *_came(page, packages))


def _came(page: Page, ids: list[str]) -> tuple[list[tuple[Allocation, str, str]], list[Came]]:
    """Packages with how much and from where, and their deliveries."""
    state, speech = page.state.commitments, _speech(page)
    packages, came = [], []
    for package in (page.see(state.allocations[id_]) for id_ in ids):
        if package is None:
            continue
        said = amount(speech, package.figures[-1].value)
        packages.append((package, said, title(page.words, ORIGINS, package.drawn_from)))
        seen = (page.see(state.deliveries[each.value]) for each in package.deliveries)
        came += [_one(page, speech, package, delivery) for delivery in seen if delivery is not None]
    return packages, came


def _one(page: Page, speech: Speech, package: Allocation, delivery: Delivery) -> Came:
    dispute = ""
    if delivery.answers and delivery.answers[-1].ground:
        dispute = title(page.words, DISPUTES, delivery.answers[-1].ground)
    stated: Quantity = delivery.figures[-1].value
    offers = [
        offer
        for offer in duties.offers(page, delivery.id)
        if offer.act in (ConfirmReceipt.__name__, DisputeReceipt.__name__)
    ]
    return Came(
        delivery, package, amount(speech, stated), amount(speech, delivery.counted),
        page.words.gettext(LEVELS[delivery.level]), dispute, offers,
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [obligations, obligation]
