"""The package of sanctions as a whole, its conditions, and its calendar of renewals.

Shows what stands, what eases when, and what would come back now; the matrix, targets and lists have pages of their own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.compact.model import Snapback
from foedus.history import current
from foedus.sanctions.rules import SANCTIONS
from foedus.sanctions.snapback import exceptions
from foedus.sanctions.state import Easing, Listing, found
from foedus.sanctions.state import Snapback as Known
from foedus.sanctions.status import Standing
from foedus.web import duties
from foedus.web.board import names
from foedus.web.frame import Table, render
from foedus.web.listed import Sanctions, told
from foedus.web.marks import Mark
from foedus.web.overviews import Counts, kind
from foedus.web.page import Page
from foedus.web.pages import (
    clause_words,
    sanctions_divergence,
    sanctions_feed,
    sanctions_lists,
    sanctions_matrix,
    sanctions_renewals,
    sanctions_target,
)
from foedus.web.pages.clause_words_sanctions import ROLL
from foedus.web.pages.sanctions_renewals import last_day, terms
from foedus.words.titles import GROUNDS, RELIEFS, title

TOTALS = ("issuer", "in_law_yes", "in_law_owed", "in_law_no", "deviating", "listings")
BACK = ("listing", "target", "name", "issuer", "restriction", "status", "because", "since", "until", "entry")
SAID = ("condition", "provision", "met", "party", "seat", "says", "at", "stale_at", "entry")
SOON = 3
MOST = 50  # of what would come back on the page; the CSV has all


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
    clause = sanctions.page.clauses.one(Snapback)
    if clause is None:
        return []
    made = [
        Back(
            one.id, one.target if isinstance(one, Listing) else None, sanctions.named(one), one.issuer,
            sanctions.restriction(one.restriction), now, sanctions.mark(now), sanctions.because(now),
        )
        for one, now in sanctions.relieved
        if kind(now) in clause[1].returning
    ]  # fmt: skip
    return sorted(made, key=lambda one: (one.standing.since, one.id))


@get("/sanctions", include_in_schema=False, sync_to_thread=True)
def package(page: NamedDependency[Page]) -> Answer[Any]:
    """The whole: what is law, what would come back now, what eases when, what is owed by law, and by whom."""
    sanctions = Sanctions(page)
    every = sorted(sanctions.overview.counts.items(), key=lambda one: page.sort_key(page.name(one[0])))
    back = would_return(sanctions)
    clause = page.clauses.one(Snapback)
    met = sum(one.verdict.holds for one in sanctions.conditions)
    ending = [one for one in terms(sanctions) if one.lapsed is None and one.ends_at is not None]
    return render(
        page, "sanctions/package.html", title=package_title(page, every, len(back)), active="sanctions",
        data={
            "conditions_met": met, "conditions": len(sanctions.conditions), "would_return": len(back),
            "targets": len(sanctions.overview.listing), "tables_not_held": sanctions.missing,
        },
        tables={
            "issuers": Table(TOTALS, [_totals_row(*one) for one in every]),
            "would_return": Table(BACK, [_back_row(one) for one in back]),
        },
        sanctions=sanctions, every=every, back=back, clause=clause, met=met, out=stays(sanctions),
        easings=easings(sanctions),
        snapbacks=snapbacks(page), soon=ending[:SOON],
        regime=lambda term: names(page).regime(term.issuer, term.regime),
        baselines=dict(_baselines(page)), total=whole(every), last_day=last_day, most=MOST,
        offers=offers(page, {"ProposeEasing", "ConsentToEasing", "VoteToContinueRelief", "EnactReinstatement"}),
    )  # fmt: skip


def package_title(page: Page, every: list[tuple[str, Counts]], back: int) -> str:
    """How much is law, and how much would come back."""
    _, law, owed = page.words.gettext, sum(one.yes for _, one in every), sum(one.owed for _, one in every)
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


def whole(every: list[tuple[str, Counts]]) -> tuple[int, int, int, int]:
    """In law, owed, not in law, deviating: over all issuers."""
    counts = [one for _, one in every]
    return (
        sum(one.yes for one in counts), sum(one.owed for one in counts), sum(one.no for one in counts),
        sum(one.deviating for one in counts),
    )  # fmt: skip


def _totals_row(issuer: str, one: Counts) -> tuple[object, ...]:
    return issuer, one.yes, one.owed, one.no, one.deviating, one.yes + one.owed + one.no


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
        rule=lambda one: clause_words.rule(page, one.clause.rule, ROLL), span=page.words.span,
        offers=offers(page, {"AttestCondition", "ContestCondition"}), easings=easings(sanctions),
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [
    package, conditions, *sanctions_renewals.routes, *sanctions_matrix.routes, *sanctions_target.routes,
    *sanctions_divergence.routes, *sanctions_lists.routes, *sanctions_feed.routes,
]  # fmt: skip
