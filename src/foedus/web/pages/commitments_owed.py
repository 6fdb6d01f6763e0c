"""What parties owe by their own acts: all of it with what is late first, and one obligation from clause to evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from foedus.commitments.account import listing, overdue_first, totals
from foedus.commitments.acts import (
    Allocate,
    ConfirmReceipt,
    CorrectFigure,
    DisputeReceipt,
    LinkPledge,
    ReportDelivery,
    RequestPerformance,
    ReturnDelivery,
    ScheduleTranche,
    SettleCondition,
    TransferFunding,
    UndertakeObligation,
    VerifyDelivery,
)
from foedus.commitments.calendar import falls
from foedus.commitments.options import COMMITMENTS
from foedus.commitments.sources.policies import of_one_day
from foedus.commitments.state import FUNDED, STAGES, Bounds, Obligation, Tranche, bounds
from foedus.commitments.valuing import in_euros as in_euros_at
from foedus.commitments.valuing import rounded
from foedus.web import asked, duties
from foedus.web.charts import WIDE, Drawing, Frame, gantt
from foedus.web.figures.own_tranches import span, step_words
from foedus.web.frame import Table, render, wanted
from foedus.web.owed import Owed, day_of
from foedus.web.page import Page, with_query
from foedus.web.unanswered import NotHere
from foedus.words import titles_commitments as codes
from foedus.words.titles import title

SIZE, MOST_LATE, NEAR, MOST_BESIDE = 50, 100, 180, 20
OBLIGATIONS = ("obligation", "party", "kind", "agreement", "clause", "binding", "basis", "unit", "amount", "low",
               "high", "owed_to", "starts_on", "ends_on", "tranches", "counts", "entry")  # fmt: skip
LATE = ("tranche", "party", "kind", "unit", "amount", "came_low", "due_at", "overdue_at", "days", "entry")
TRANCHES = ("tranche", "unit", "amount", "due_at", "overdue_at", "standing", "came_low", "entry")
DELIVERIES = ("delivery", "allocation", "tranche", "funder", "supplier", "deliverer", "source", "unit", "amount",
              "counted_low", "level", "disputed", "delivered_on", "entry")  # fmt: skip
# What is offered beside a delivery, beside its obligation, and beside all of them.
ON_DELIVERY = tuple(
    act.__name__ for act in (ConfirmReceipt, DisputeReceipt, VerifyDelivery, ReturnDelivery, CorrectFigure)
)
ON_FIGURE = (CorrectFigure.__name__, TransferFunding.__name__)
ON_OBLIGATION = tuple(
    act.__name__
    for act in (
        SettleCondition, ScheduleTranche, RequestPerformance, Allocate, ReportDelivery, LinkPledge, CorrectFigure,
    )
)  # fmt: skip
ON_ALL = (UndertakeObligation.__name__, TransferFunding.__name__)
SUMS = ("stage", "unit", "low", "high", "open")


@get("/commitments/obligations", include_in_schema=False, sync_to_thread=True)
def obligation_list(page: NamedDependency[Page]) -> Answer[Any]:
    """Every obligation: `party` and `kind` choose; what is overdue stands before."""
    owed, data = Owed(page), wanted(page) != "html"
    party, kind = asked.code(page, "party"), asked.choice(page, "kind", tuple(codes.KINDS))
    state = owed.state
    parties = sorted({name.partition("|")[0] for name in state.owing}, key=lambda one: page.sort_key(page.name(one)))
    kinds = sorted({name.partition("|")[2] for name in state.owing}, key=owed.kind)
    lists = [
        name for one in parties for what in kinds
        if party in (None, one) and kind in (None, what) and (name := f"{one}|{what}") in state.owing
    ]  # fmt: skip
    count = sum(state.owing[name] for name in lists)
    offset = asked.number(page, "offset", 0, 0, max(0, count - 1) // SIZE * SIZE)
    most = len(state.tranches) if data else MOST_LATE
    late_count, ids = overdue_first(state, owed.late, most, party=party, kind=kind)
    late = [state.tranches[id_] for id_ in ids]
    sums = totals(owed.state, ("stage", "unit"), parties=None if party is None else (party,),
                  only=None if kind is None else {"kind": kind})  # fmt: skip
    order = {stage: place for place, stage in enumerate((*STAGES, FUNDED))}
    stages = sorted((key, total) for key, total in sums.items() if key[0] in STAGES)
    stages.sort(key=lambda one: (one[0][1], order[one[0][0]]))
    by_unit: dict[str, dict[str, Bounds]] = {}
    for (stage, unit), total in stages:
        by_unit.setdefault(unit, {})[stage] = total
    said = (
        list_title(page, count, late_count)
        if count or not (party or kind)
        else page.words.gettext("No obligation is of what was chosen")
    )
    said = f"{page.name(party)}: {said}" if party else said
    return render(
        page, "commitments/obligations.html", title=said, active="commitments",
        data={"obligations": count, "overdue": late_count, "party": party, "kind": kind},
        tables={
            "overdue": Table(LATE, [_late(owed, one) for one in late] if data else []),
            "obligations": Table(OBLIGATIONS, [_cells(one) for one in listing(state, lists)] if data else []),
            "sums": Table(SUMS, [(*key, total.low, total.high, total.open) for key, total in stages]),
        },
        owed=owed, rows=listing(state, lists, offset, SIZE), count=count, offset=offset, size=SIZE,
        late=late[:MOST_LATE], late_count=late_count, sums=by_unit, party=party, kind=kind, day_of=day_of,
        stages=[one for one in STAGES if any(one in each for each in by_unit.values())],
        parties=parties, kinds=kinds, acts=_of_all(page, party), euros=in_euros(page, by_unit),
        guarantor=of_one(owed, party) if party else None,
    )  # fmt: skip


def _newest(tranches: list[Tranche], packages: list[Any]) -> list[str]:
    """The newest of them, whose figures may be corrected, and of packages a cost taken over."""
    return [*(one.id for one in tranches[-MOST_BESIDE:]), *(one.value for one in packages[-MOST_BESIDE:])]


def _of_all(page: Page, party: str | None) -> list[duties.Offer]:
    """What is open beside all obligations; beside those of one party, to take over a cost of that party."""
    found = acts_here(page, COMMITMENTS, ON_ALL)
    if party is None:
        return found
    transfer = TransferFunding.__name__
    return [
        replace(one, href=with_query(one.href, {"relieved": party})) if one.act == transfer else one for one in found
    ]


def list_title(page: Page, count: int, late: int) -> str:
    """How many are overdue, else that none is."""
    if not count:
        return page.words.gettext("Nobody owes anything in this record yet")
    said = page.words.ngettext("%(num)s obligation", "%(num)s obligations", count)
    if not late:
        return page.words.gettext("%(obligations)s; nothing is overdue", obligations=said)
    return page.words.ngettext(
        "%(obligations)s; %(num)s tranche is overdue", "%(obligations)s; %(num)s tranches are overdue", late,
        obligations=said,
    )  # fmt: skip


def _late(owed: Owed, one: Tranche) -> tuple[object, ...]:
    obligation, figure = owed.state.obligations[one.obligation], one.figures[-1].value
    return (
        one.id, obligation.party, obligation.kind, figure.unit, figure.amount, _came(owed, one), one.due_at,
        one.overdue_at, (owed.page.at - one.due_at).days, one.place.entry,
    )  # fmt: skip


def _came(owed: Owed, one: Tranche) -> object:
    return sum((bounds(each.counted).low for each in owed.deliveries(one)
                if each.counted.unit == one.figures[-1].value.unit), bounds(one.figures[-1].value).low * 0)  # fmt: skip


def _cells(one: Obligation) -> tuple[object, ...]:
    terms, figure = one.terms, one.figures[-1].value if one.figures else None
    return (
        one.id, one.party, one.kind, terms.agreement if terms else None, terms.clause if terms else one.measure,
        one.binding, terms.basis if terms else None, figure.unit if figure else None, figure.amount if figure else None,
        figure.low if figure else None, figure.high if figure else None, terms.owed_to if terms else None,
        terms.starts_on if terms else None, terms.ends_on if terms else None, len(one.tranches), one.counts,
        one.place.entry,
    )  # fmt: skip


@get("/commitments/obligations/{id_:path}", include_in_schema=False, sync_to_thread=True)
def obligation_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """One obligation: its clause, its tranches, what was set aside, what was handed over, and the evidence of it."""
    owed = Owed(page, id_.lstrip("/"))
    one = owed.state.obligations.get(id_.lstrip("/"))
    if one is None:
        raise NotHere("nothing is recorded of the obligation {id}", id=id_.lstrip("/")[:96])
    tranches = owed.tranches(one)
    packages = [*one.allocations, *(each for tranche in tranches for each in tranche.allocations)]
    return render(
        page, "commitments/obligation.html", title=obligation_title(owed, one), active="commitments",
        data={"obligation": one.id, "party": one.party, "kind": one.kind, "binding": one.binding, "counts": one.counts,
              "unmet": one.unmet},
        tables={
            "tranches": Table(TRANCHES, [
                (each.id, each.figures[-1].value.unit, each.figures[-1].value.amount, each.due_at, each.overdue_at,
                 owed.standing(each), _came(owed, each), each.place.entry) for each in tranches]),
            "deliveries": Table(DELIVERIES, list(_delivered(owed, [each.value for each in packages]))),
        },
        owed=owed, one=one, tranches=tranches, packages=[owed.state.allocations[each.value] for each in packages],
        chart=chart(owed, one, tranches), day_of=day_of, codes=codes,
        acts=acts_here(page, one.id, ON_OBLIGATION),
        offers={
            **{each: acts_here(page, each, ON_FIGURE) for each in _newest(tranches, packages)},
            **{each.value: acts_here(page, each.value, ON_DELIVERY) for package in packages
               for each in owed.state.allocations[package.value].deliveries},
        },
        word=lambda table, code: title(page.words, table, code),
    )  # fmt: skip


def acts_here(page: Page, about: str, wanted: tuple[str, ...]) -> list[duties.Offer]:
    """What the reader's seat may sign about something, of the acts that belong beside it, and of no part of it."""
    parts = (CorrectFigure.__name__, TransferFunding.__name__)
    return [
        one for one in duties.offers(page, about)
        if one.act in wanted and (one.act not in parts or _beside(one.href, about))
    ]  # fmt: skip


def _beside(href: str, about: str) -> bool:
    """Whether an address of a form is about this very figure or package, or about none."""
    told = dict(parse_qsl(urlsplit(href).query))
    return told.get("subject", told.get("allocation", about)) == about


def obligation_title(owed: Owed, one: Obligation) -> str:
    """Whose it is, of what kind, and how much."""
    return f"{owed.page.name(one.party)}: {owed.kind(one.kind)}, {owed.much(one)}"


def _delivered(owed: Owed, packages: list[str]) -> Any:
    for id_ in packages:
        package = owed.state.allocations[id_]
        for each in package.deliveries:
            one = owed.state.deliveries[each.value]
            figure = one.figures[-1].value
            yield (
                one.id, package.id, package.tranche, package.funder, package.supplier, package.deliverer,
                package.drawn_from, figure.unit, figure.amount, bounds(one.counted).low, one.level, one.disputed,
                one.delivered_on, one.place.entry,
            )  # fmt: skip


def chart(owed: Owed, one: Obligation, tranches: list[Tranche]) -> Any:
    """Its tranches over time, each filled by how far it has come; None where there is none."""
    if not tranches:
        return None
    page = owed.page
    spans = [span(owed, each, each.id.removeprefix(f"{one.id}/")) for each in tranches]
    late = sum(each.late for each in spans)
    said = page.words.ngettext("%(num)s tranche", "%(num)s tranches", len(spans))
    name = page.words.ngettext("%(tranches)s, %(num)s overdue", "%(tranches)s, %(num)s overdue", late, tranches=said)
    shows = page.words.gettext(
        "From the entry that scheduled each to its due day; filled by how far it has come. The red line is the day of"
        " this page."
    )
    frame = Frame("tranches", name, shows, f"{one.id}. {owed.source}")
    return frame, lambda width: gantt(frame, spans, step_words(page), width, page.at.date())


def drawing(page: Page, id_: str) -> Drawing | None:
    """The tranches of one obligation as a picture; None where there is none."""
    owed = Owed(page, id_)
    one = owed.state.obligations.get(id_)
    found = chart(owed, one, owed.tranches(one)) if one else None
    return found[1](WIDE) if found else None


def of_one(owed: Owed, party: str) -> dict[str, Any]:
    """What is shown of one guarantor beside its obligations: under which agreements it owes, and what is due next."""
    page = owed.page
    agreements = [one for one in page.compact.agreements if any(each.party == party for each in one.parties)]
    first = page.at.date()
    near = falls(owed.state, first, first + timedelta(days=NEAR), (party,), awaited_at=page.at)
    return {"agreements": agreements, "near": [one for one in near if one.what == "tranche"][:MOST_LATE]}


def in_euros(page: Page, by_unit: dict[str, dict[str, Bounds]]) -> Any:
    """Money of every stage in euros, at one rate for everything; with what has no rate, and of which day it is."""
    money = {unit: stages for unit, stages in by_unit.items() if unit.isupper()}
    if set(money) <= {"EUR"}:
        return None
    policy = of_one_day(page.at.date())
    euros: dict[str, Bounds] = {}
    left, used = [], None
    for unit, stages in money.items():
        rate = policy.rate(unit, page.at.date())
        if rate is None:
            left.append(unit)
            continue
        used = rate if rate.on else used
        for stage, total in stages.items():
            euros[stage] = euros.get(stage, Bounds()).plus(in_euros_at(total, rate))
    found = {stage: rounded(total) for stage, total in euros.items()}
    return {"sums": found, "left": left, "on": used.on if used else None, "source": used.source if used else ""}


routes: list[ControllerRouterHandler] = [obligation_list, obligation_page]
