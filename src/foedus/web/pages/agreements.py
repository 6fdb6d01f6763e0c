"""Other instruments beside the compact: who signed, what they say of consultation and sums, with every
source.

What a file does not find is shown as not found, what nobody checked as not verified; nothing is added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.compact import model
from foedus.history import current
from foedus.web import asked, views
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.pages.clause_words import groups, kinds
from foedus.web.unanswered import NotHere
from foedus.words import mark
from foedus.words.titles import FORCES, STATUSES, title

KINDS = {
    "bilateral": mark("bilateral agreement"),
    "declaration": mark("declaration"),
    "additional": mark("additional agreement"),
}
EXTENTS = {"covers": mark("covers it"), "in_part": mark("covers it in part"), "weaker": mark("says less")}
BASES = {
    "fixed": mark("named sum"),
    "at_least": mark("at least"),
    "up_to": mark("up to"),
    "envelope": mark("envelope"),
    "percent_of_gdp": mark("share of GDP"),
    "units": mark("pieces"),
    "intention": mark("declared intention"),
}
PURPOSES = {
    "military": mark("military"),
    "mixed": mark("military and other"),
    "aircraft": mark("aircraft"),
    "humanitarian": mark("humanitarian"),
    "training": mark("training"),
    "macro_financial": mark("macro-financial"),
    "non_lethal": mark("non-lethal"),
    "air_defence": mark("air defence"),
}
CLAUSES = ("hours", "no-hours", "none")
SUMS = ("named", "not-found")
COLUMNS = (
    "instrument", "kind", "title", "parties", "signed", "status", "lapses", "force", "consultation",
    "within", "hard", "binding", "sums",
)  # fmt: skip


class Line(Struct, frozen=True):
    """One instrument in the list."""

    agreement: model.Agreement
    partners: tuple[str, ...]
    status: str
    lapses: date | None
    clause: str
    sums: str


@get("/compact/agreements", include_in_schema=False, sync_to_thread=True)
def agreement_list(page: NamedDependency[Page]) -> Answer[Any]:
    """Every instrument beside the compact: `kind`, `clause`, `sums`, `party` choose."""
    kind = asked.choice(page, "kind", tuple(KINDS))
    clause, sums = asked.choice(page, "clause", CLAUSES), asked.choice(page, "sums", SUMS)
    party = asked.code(page, "party")
    every = [line(page, one) for one in page.compact.agreements]
    chosen = [
        one
        for one in every
        if kind in (None, one.agreement.kind)
        and clause in (None, clause_kind(one.agreement))
        and sums in (None, _sums_kind(one.agreement))
        and (party is None or any(status.party == party for status in one.agreement.parties))
    ]
    chosen.sort(key=lambda one: (one.agreement.signed or date.max, one.agreement.id))
    return render(
        page, "compact/agreements.html", title=list_title(page, every), active="compact",
        data={"instruments": len(every), "shown": len(chosen)},
        tables={"instruments": Table(COLUMNS, [_cells(page, one) for one in chosen])},
        lines=chosen, total=len(every), kind=kind, clause=clause, sums=sums, party=party,
        chips=_chips(page, every),
    )  # fmt: skip


def list_title(page: Page, every: list[Line]) -> str:
    """How many there are, and how many of them name hours."""
    hours = sum(1 for one in every if clause_kind(one.agreement) == "hours")
    return page.words.ngettext(
        "%(num)s other instrument; %(hours)s name hours to consult",
        "%(num)s other instruments; %(hours)s name hours to consult",
        len(every),
        hours=page.number(hours),
    )


def line(page: Page, one: model.Agreement) -> Line:
    """One instrument in a line."""
    partners = tuple(page.name(status.party) for status in one.parties if status.party != page.compact.protected)
    return Line(one, partners, status_of(page, one), lapses(one), consultation(page, one), _sums(page, one))


def status_of(page: Page, one: model.Agreement) -> str:
    """Where it stands, by status and how many parties when they differ."""
    counted = Counter(status.status for status in one.parties)
    if len(counted) == 1:
        return title(page.words, STATUSES, next(iter(counted)))
    return ", ".join(f"{title(page.words, STATUSES, status)} {number}" for status, number in counted.items())


def lapses(one: model.Agreement) -> date | None:
    """The day it lapses by its own term, counted from signature; None when either is unknown."""
    if one.signed is None or one.lasts is None:
        return None
    return one.lasts.after(datetime.combine(one.signed, time(), UTC)).date()


def clause_kind(one: model.Agreement) -> str:
    """Whether it has a consultation clause, and whether that names hours."""
    if one.consultation is None:
        return "none"
    return "hours" if one.consultation.within else "no-hours"


def consultation(page: Page, one: model.Agreement) -> str:
    """The consultation clause in a few words."""
    _ = page.words.gettext
    found = one.consultation
    if found is None:
        return _("none found")
    if found.within is None:
        return _("no hours named")
    within = page.words.span(found.within)
    return within if found.hard else _("%(time)s where possible", time=within)


def _sums_kind(one: model.Agreement) -> str:
    return "named" if one.sums else "not-found"


def _sums(page: Page, one: model.Agreement) -> str:
    if not one.sums:
        return page.words.gettext("not found")
    return page.words.ngettext("%(num)s sum named", "%(num)s sums named", len(one.sums))


def _cells(page: Page, one: Line) -> tuple[object, ...]:
    found = one.agreement
    clause = found.consultation
    return (
        found.id, found.kind, page.say(found.title), " ".join(status.party for status in found.parties),
        found.signed, one.status, one.lapses, found.force, clause_kind(found),
        clause.within if clause else None,
        clause.hard if clause else None, clause.binding if clause else None, _sums_kind(found),
    )  # fmt: skip


def _chips(page: Page, every: list[Line]) -> dict[str, list[tuple[str | None, str, int | None]]]:
    _ = page.words.gettext
    counted: Counter[str] = Counter(one.agreement.kind for one in every)
    clauses = Counter(clause_kind(one.agreement) for one in every)
    sums = Counter(_sums_kind(one.agreement) for one in every)
    said = {"hours": _("Hours named"), "no-hours": _("No hours named"), "none": _("No clause found")}
    found = {"named": _("Sums named"), "not-found": _("Sums not found")}
    return {
        "kind": [
            (None, _("Every kind"), None),
            *((k, title(page.words, KINDS, k), counted[k]) for k in KINDS if counted[k]),
        ],
        "clause": [(None, _("With or without a clause"), None), *((k, said[k], clauses[k]) for k in CLAUSES)],
        "sums": [(None, _("With or without sums"), None), *((k, found[k], sums[k]) for k in SUMS)],
    }


# --- one instrument -----------------------------------------------------------------------------------------


class Opened(Struct, frozen=True):
    """Where its consultation clause was opened by an incident of this record."""

    response: str
    entry: int
    due_at: datetime | None
    state: str


@get("/compact/agreements/{id_:str}", include_in_schema=False, sync_to_thread=True)
def agreement_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """One instrument: every fact with its source."""
    found = page.clauses.agreement(id_)
    if found is None:
        raise NotHere("no instrument {code!r} stands beside this compact", code=id_[:40])
    standings = [
        standing for party in page.parties if (standing := page.see(page.state.parties.standings.get(f"{party} {id_}")))
    ]
    named = sources_of(found)
    references = [
        (key, reference)
        for key, reference in page.compact.sources.items()
        if any(key in source.ref for source in named)
    ]
    sums = [sum_of(page, one) for one in found.sums]
    return render(
        page, "compact/agreement.html", title=page.say(found.title), active="compact", data=found,
        tables=_tables(found),
        one=found, lapses=lapses(found), kind=title(page.words, KINDS, found.kind),
        force=title(page.words, FORCES, found.force), clause=consultation(page, found), sums=sums,
        standings=standings, current=current, opened=list(_opened(page, id_)), sources=references,
        on=kinds(page, found.consultation.on) if found.consultation else "",
        asked_by=groups(page, found.consultation.asked_by) if found.consultation else "",
        statuses={status: title(page.words, STATUSES, status) for status in STATUSES},
        extents={extent: title(page.words, EXTENTS, extent) for extent in EXTENTS},
        digest=page.clauses.digest_of(id_), unverified=sum(1 for source in named if not source.verified),
    )  # fmt: skip


def sources_of(found: model.Agreement) -> list[model.Source]:
    """The source of every fact of an instrument."""
    sources = [found.source, *(one.source for one in found.parties), *(one.source for one in found.sums)]
    sources += [one.source for one in found.corresponds]
    return sources + ([found.consultation.source] if found.consultation else [])


def _tables(found: model.Agreement) -> dict[str, Table]:
    return {
        "parties": Table(("party", "status", "since"), [(one.party, one.status, one.since) for one in found.parties]),
        "sums": Table(
            ("sum", "basis", "amount", "currency", "from", "to"),
            [(one.kind, one.basis, one.amount, one.currency, one.period_from, one.period_to) for one in found.sums],
        ),
        "corresponds": Table(("provision", "extent"), [(one.provision, one.extent) for one in found.corresponds]),
    }


def sum_of(page: Page, found: model.Sum) -> tuple[str, str, str, model.Source]:
    """What the sum is for, how much, for when, and where it stands."""
    basis = title(page.words, BASES, found.basis)
    purpose = title(page.words, PURPOSES, found.kind)
    unit = page.say(found.unit) if found.unit else ""
    if found.amount and found.currency:
        much = f"{page.words.money(found.amount, found.currency)} {unit}"
    elif found.amount:
        much = f"{page.words.number(found.amount)} {unit}"
    else:
        much = unit or page.words.gettext("no figure")
    days = [page.day(day) for day in (found.period_from, found.period_to) if day]
    return (f"{purpose}, {basis}", much.strip(), " – ".join(days), found.source)


def _opened(page: Page, agreement: str) -> Iterator[Opened]:
    for response in views.seen(page, dict(page.state.response.responses)):
        for clause in response.clauses:
            if clause.agreement == agreement:
                state = "met" if clause.met else "lapsed" if clause.lapsed else "running"
                yield Opened(response.id, clause.place.entry, clause.due_at, state)


routes: list[ControllerRouterHandler] = [agreement_list, agreement_page]
