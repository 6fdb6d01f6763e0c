"""The package of sanctions as a whole, its conditions, and its calendar of renewals.

Shows what stands, what eases when, and what would come back now; the matrix, targets and lists have pages of their own.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.compact.model import Regime, Snapback
from foedus.history import current
from foedus.sanctions.matrix import Totals, totals
from foedus.sanctions.renewals import Term
from foedus.sanctions.renewals import calendar as terms_of
from foedus.sanctions.rules import SANCTIONS
from foedus.sanctions.snapback import exceptions
from foedus.sanctions.state import Easing, Listing, Schedule, found
from foedus.sanctions.state import Snapback as Known
from foedus.sanctions.status import Standing, standing
from foedus.web import duties
from foedus.web.board import names
from foedus.web.frame import Table, render
from foedus.web.listed import Sanctions, told
from foedus.web.marks import Mark
from foedus.web.package import kind
from foedus.web.page import Page
from foedus.web.pages import clause_words, sanctions_lists, sanctions_matrix, sanctions_target
from foedus.words.titles import GROUNDS, RELIEFS, title

TOTALS = ("issuer", "in_law_yes", "in_law_owed", "in_law_no", "deviating", "listings")
BACK = ("listing", "target", "name", "issuer", "restriction", "status", "because", "since", "until", "entry")
SAID = ("condition", "provision", "met", "party", "seat", "says", "at", "stale_at", "entry")
TERMS = ("regime", "issuer", "provision", "ends_at", "lapsed", "refusing", "refused", "listings")
SOON = 3


class Back(Struct, frozen=True):
    """What a snapback would bring back."""

    id: str
    target: str | None
    name: str
    issuer: str
    restriction: str
    standing: Standing
    mark: Mark
    because: str


def would_return(sanctions: Sanctions) -> list[Back]:
    """Listings and schedules under relief that the clause of snapback speaks of, as they stood; oldest relief first."""
    page, state = sanctions.page, sanctions.state
    clause = page.clauses.one(Snapback)
    every: list[Listing | Schedule] = [*state.schedules.values(), *state.listings.values()]
    made = []
    for one in every if clause is not None else ():
        if not one.facts and isinstance(one, Listing):
            continue
        now = standing(state, one, sanctions.at, sanctions.known)
        if now is not None and clause is not None and now.relieved and kind(now) in clause[1].returning:
            target = one.target if isinstance(one, Listing) else None
            name = sanctions.name(target) if target else rows_of(page, one)
            made.append(
                Back(
                    one.id, target, name, one.issuer, sanctions.restriction(one.restriction), now, sanctions.mark(now),
                    sanctions.because(now),
                )
            )  # fmt: skip
    return sorted(made, key=lambda one: (one.standing.since, one.id))


def rows_of(page: Page, one: Listing | Schedule) -> str:
    """A schedule by how many targets it lists."""
    count = one.rows if isinstance(one, Schedule) else 1
    return page.words.ngettext("%(num)s target of %(id)s", "%(num)s targets of %(id)s", count, id=one.id)


@get("/sanctions", include_in_schema=False, sync_to_thread=True)
def package(page: NamedDependency[Page]) -> Answer[Any]:
    """The whole: what is law, what would come back now, what eases when, what is owed by law, and by whom."""
    sanctions = Sanctions(page)
    every = sorted(totals(sanctions.state, page.at, page.known), key=lambda one: page.sort_key(page.name(one.issuer)))
    back = would_return(sanctions)
    clause = page.clauses.one(Snapback)
    met = sum(one.verdict.holds for one in sanctions.conditions)
    terms = [one for one in terms_of(page.clauses, page.state, page.at, page.known) if one.lapsed is None]
    return render(
        page, "sanctions/package.html", title=package_title(page, every, len(back)), active="sanctions",
        data={
            "conditions_met": met, "conditions": len(sanctions.conditions), "would_return": len(back),
            "targets": len(sanctions.overview.listing), "tables_not_held": sanctions.missing,
        },
        tables={
            "issuers": Table(TOTALS, [_totals_row(one) for one in every]),
            "would_return": Table(BACK, [_back_row(one) for one in back]),
        },
        sanctions=sanctions, every=every, back=back, clause=clause, met=met, out=stays(sanctions),
        easings=easings(sanctions),
        snapbacks=snapbacks(page), soon=[one for one in terms if one.ends_at is not None][:SOON],
        regime=lambda term: names(page).regime(term.issuer, term.regime),
        baselines=dict(_baselines(page)), total=whole(every), last_day=last_day,
        offers=offers(page, {"ProposeEasing", "ConsentToEasing", "VoteToContinueRelief", "EnactReinstatement"}),
    )  # fmt: skip


def package_title(page: Page, every: list[Totals], back: int) -> str:
    """How much is law, and how much would come back."""
    _, law = page.words.gettext, sum(one.by_law.get("yes", 0) for one in every)
    owed = sum(one.by_law.get("owed", 0) for one in every)
    if not every:
        return _("Nothing is listed yet")
    issuers = page.words.ngettext("%(num)s issuer", "%(num)s issuers", len(every))
    if owed:
        return _(
            "%(law)s listings in law at %(issuers)s; for %(owed)s the act of law is owed",
            law=page.number(law), issuers=issuers, owed=page.number(owed),
        )  # fmt: skip
    return _(
        "%(law)s listings in law at %(issuers)s; %(back)s would come back now",
        law=page.number(law), issuers=issuers, back=page.number(back),
    )  # fmt: skip


def whole(every: list[Totals]) -> tuple[int, int, int, int]:
    """In law, owed, not in law, deviating: over all issuers."""
    law = [sum(one.by_law.get(word, 0) for one in every) for word in ("yes", "owed", "no")]
    return law[0], law[1], law[2], sum(one.deviating for one in every)


def _totals_row(one: Totals) -> tuple[object, ...]:
    law = one.by_law
    return (
        one.issuer, law.get("yes", 0), law.get("owed", 0), law.get("no", 0), one.deviating, sum(law.values())
    )  # fmt: skip


def _back_row(one: Back) -> tuple[object, ...]:
    now = one.standing
    return (
        one.id, one.target, one.name, one.issuer, one.restriction, now.status, now.because, now.since, now.until,
        now.place.entry,
    )  # fmt: skip


def _baselines(page: Page) -> list[tuple[str, tuple[str, int, int]]]:
    """The newest baseline of each issuer by then: digest, how many listings, and its entry."""
    found = []
    for issuer, kept in page.state.sanctions.baselines.items():
        seen = [one for one in kept if one.place.seen(page.at, page.known)]
        if seen:
            found.append((issuer, (*seen[-1].value, seen[-1].place.entry)))
    return found


def stays(sanctions: Sanctions) -> list[tuple[str, str, str]]:
    """What a snapback leaves as it is: listing, what it is called, and the reason."""
    made = []
    for id_, why in sorted(exceptions(sanctions.page.state, sanctions.at)):
        one = found(sanctions.state, id_)
        if isinstance(one, Listing):
            made.append(
                (id_, f"{sanctions.name(one.target)}, {sanctions.page.name(one.issuer)}", _reason(sanctions.page, why))
            )
    return made


def _reason(page: Page, why: str) -> str:
    _ = page.words.gettext
    if why == "annulled":
        return _("annulled by a court")
    if why in GROUNDS:
        return title(page.words, GROUNDS, why)
    return _("carved out: %(what)s", what=why)


# --- easings and snapbacks ----------------------------------------------------------------------------------


class Phase(Struct, frozen=True):
    """One step of an easing."""

    restriction: str
    kind: str
    starts_at: datetime | None
    until: datetime | None


class Asked(Struct, frozen=True):
    """An easing put to the parties, and where it stands."""

    id: str
    by: str
    provision: str
    steps: tuple[Phase, ...]
    answers: tuple[tuple[str, int], ...]
    roll: int
    closes_at: datetime
    mark: Mark
    entry: int


def easings(sanctions: Sanctions) -> list[Asked]:
    """Easings, newest first."""
    page = sanctions.page
    made = []
    for known in page.state.sanctions.easings.values():
        one = page.see(known)
        if one is None:
            continue
        steps = tuple(
            Phase(
                sanctions.restriction(step.restriction), title(page.words, RELIEFS, step.kind), step.starts_at,
                step.until,
            )
            for step in one.steps
        )  # fmt: skip
        said = [current(each) for each in one.answers.values() if each]
        counts = tuple((word, said.count(word)) for word in ("yes", "no", "abstain"))
        made.append(
            Asked(
                one.id, page.name(one.party), one.provision, steps, counts, len(one.roll), one.closes_at,
                _stage(page, one), one.place.entry,
            )
        )  # fmt: skip
    return sorted(made, key=lambda one: -one.entry)


def _stage(page: Page, one: Easing) -> Mark:
    _ = page.words.gettext
    if one.ended is not None:
        return Mark("cross", "red", _("Ended: aggression was renewed"))
    if one.agreed is not None:
        return Mark("tick", "green", _("Agreed"))
    if one.failed is not None:
        return Mark("cross", "ink", _("Not agreed"))
    return Mark("clock", "blue", _("Before the parties"))


def snapbacks(page: Page) -> list[Known]:
    """Snapbacks, newest first, as they stood."""
    seen = [one for known in page.state.sanctions.snapbacks.values() if (one := page.see(known)) is not None]
    return sorted(seen, key=lambda one: -one.place.entry)


def offers(page: Page, acts: set[str]) -> list[duties.Offer]:
    """What the reader's seat may do now about sanctions, of these acts."""
    return [one for one in duties.offers(page, SANCTIONS) if one.act in acts]


# --- conditions ---------------------------------------------------------------------------------------------


@get("/sanctions/conditions", include_in_schema=False, sync_to_thread=True)
def conditions(page: NamedDependency[Page]) -> Answer[Any]:
    """The conditions in the text's words: whose word counts, with what evidence, until when."""
    sanctions = Sanctions(page)
    met = sum(one.verdict.holds for one in sanctions.conditions)
    lines = [(one, told(page, one)) for one in sanctions.conditions]
    _ = page.words.gettext
    if not lines:
        heading = _("The compact names no condition of easing")
    elif met == len(lines):
        heading = _("All %(of)s conditions are met: an easing may be proposed", of=page.number(met))
    else:
        heading = _("%(met)s of %(of)s conditions are met: nothing may be eased", met=page.number(met), of=len(lines))
    rows = [
        (
            one.clause.id, one.provision.id, one.verdict.holds, said.party, said.seat, said.mark.shape, said.place.at,
            said.stale_at, said.place.entry,
        )
        for one, everybody in lines
        for said in everybody
    ]  # fmt: skip
    return render(
        page, "sanctions/conditions.html", title=heading, active="sanctions",
        data=[
            {"condition": one.clause.id, "provision": one.provision.id, "met": one.verdict.holds, "stale": one.stale}
            for one, _said in lines
        ],
        tables={"said": Table(SAID, rows)}, lines=lines, met=met,
        rule=lambda one: clause_words.rule(page, one.clause.rule), span=page.words.span,
        offers=offers(page, {"AttestCondition", "ContestCondition"}), easings=easings(sanctions),
    )  # fmt: skip


# --- renewals -----------------------------------------------------------------------------------------------


@get("/sanctions/renewals", include_in_schema=False, sync_to_thread=True)
def renewals(page: NamedDependency[Page]) -> Answer[Any]:
    """The calendar: what ends when, who refuses, and what lapses for everyone if nobody renews."""
    terms = terms_of(page.clauses, page.state, page.at, page.known)
    ending = [one for one in terms if one.ends_at is not None and one.lapsed is None]
    return render(
        page, "sanctions/renewals.html", title=renewals_title(page, ending), active="sanctions", data={},
        tables={"renewals": Table(TERMS, [_term_row(one) for one in terms])},
        ending=ending, open=[one for one in terms if one.ends_at is None and one.lapsed is None],
        lapsed=[one for one in terms if one.lapsed is not None],
        plan={one.id: one.plan for _, one in page.clauses.every(Regime)},
        last_day=last_day,
        regime=lambda one: names(page).regime(one.issuer, one.regime), parties=names(page).parties,
        offers=offers(page, {"RenewRegime", "RefuseRenewal"}),
    )  # fmt: skip


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


def _term_row(one: Term) -> tuple[object, ...]:
    return (
        one.regime, one.issuer, one.provision, one.ends_at, one.lapsed, " ".join(one.refusing), one.refused,
        one.listings,
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [
    package, conditions, renewals, *sanctions_matrix.routes, *sanctions_target.routes, *sanctions_lists.routes,
]  # fmt: skip
