"""Parties and seats: who signed what, which offices may act, with which keys, and who may do what by which
clause.

Named as possible is not party: only a signature makes a party, and the page says which is which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.compact import model
from foedus.history import Dated, Place, current
from foedus.parties.state import PRESENT_STATUS, Seat, Standing, key_id
from foedus.web import api_types, asked, entries, views
from foedus.web.board import names
from foedus.web.frame import Table, render
from foedus.web.index import index_of
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.web.pages import mandates, permits
from foedus.web.unanswered import NotHere
from foedus.words.titles import ACTS, STATUSES, title

STANDINGS = ("party", "notice", "former", "named")
COLUMNS = (
    "party",
    "name",
    "tier",
    "standing",
    "since",
    "lapses",
    "seats",
    "revoked",
    "instruments",
    "fictional",
)
NEWEST = 10


class Line(Struct, frozen=True):
    """One state or union in the list."""

    id: str
    name: str
    tier: str | None
    standing: str
    mark: Mark
    since: Place | None
    instruments: int
    seats: int
    revoked: int
    fictional: bool


@get("/parties", include_in_schema=False, sync_to_thread=True)
def party_list(page: NamedDependency[Page]) -> Answer[Any]:
    """Every state and union the compact names: `tier` and `standing` choose."""
    tiers = tuple(group.id for group in page.compact.groups if group.tier)
    tier = asked.choice(page, "tier", ("protected", *tiers))
    standing = asked.choice(page, "standing", STANDINGS)
    every = [line(page, id_) for id_ in page.parties]
    chosen = [one for one in every if tier in (None, one.tier) and standing in (None, one.standing)]
    chosen.sort(key=lambda one: (STANDINGS.index(one.standing), page.sort_key(one.name)))
    return render(
        page, "parties/list.html", title=list_title(page, every), active="parties",
        data={"named": len(every), "shown": len(chosen)},
        tables={"parties": Table(COLUMNS, [cells(page, one) for one in chosen])},
        lines=chosen, total=len(every), tier=tier, standing=standing, chips=chips(page, every, tiers),
        tier_name=lambda id_: names(page).group(id_),
    )  # fmt: skip


def list_title(page: Page, every: list[Line]) -> str:
    """How many of those named are parties, and how many seats may act."""
    present = sum(1 for one in every if one.standing in ("party", "notice"))
    seats = page.words.ngettext("%(num)s seat may act", "%(num)s seats may act", sum(one.seats for one in every))
    return page.words.gettext(
        "%(present)s of %(named)s named are parties; %(seats)s",
        present=page.number(present),
        named=page.number(len(every)),
        seats=seats,
    )


def line(page: Page, id_: str) -> Line:
    """One party in a line."""
    standing = page.see(page.state.parties.standings.get(f"{id_} {page.compact.id}"))
    seats = seats_of(page, id_)
    others = sum(1 for one in page.compact.agreements if any(status.party == id_ for status in one.parties))
    place = standing.statuses[-1].place if standing and standing.statuses else None
    word = where(standing)
    live = [seat for seat in seats if seat.revoked is None]
    return Line(
        id_, page.name(id_), views.tier_of(page, id_), word, mark_of(page, standing, word), place, others,
        len(live), len(seats) - len(live), page.parties[id_].fictional,
    )  # fmt: skip


def where(standing: Standing | None) -> str:
    """Whether it is a party: `party`, `notice`, `former`, or only `named`."""
    status = current(standing.statuses) if standing else None
    if status is None:
        return "named"
    if status == "notice_given":
        return "notice"
    return "party" if status in PRESENT_STATUS else "former"


def mark_of(page: Page, standing: Standing | None, word: str) -> Mark:
    """The same with its symbol and the status in words."""
    if standing is None or word == "named":
        return Mark("empty", "ink", page.words.gettext("Named, not signed"))
    said = title(page.words, STATUSES, current(standing.statuses) or "")
    shape, colour = {"party": ("tick", "green"), "notice": ("half", "amber"), "former": ("cross", "red")}[word]
    return Mark(shape, colour, said[:1].upper() + said[1:])


def seats_of(page: Page, party: str) -> list[Seat]:
    """The party's seats as they stood, highest office first."""
    found = [seat for seat in page.state.parties.seats.values() if seat.party == party]
    seen = [one for seat in found if (one := page.see(seat)) is not None and one.keys]
    order = {role.id: place for place, role in enumerate(page.compact.roles)}
    return sorted(seen, key=lambda seat: (order.get(seat.role, len(order)), seat.id))


def cells(page: Page, one: Line) -> tuple[object, ...]:
    """A line as plain values."""
    standing = page.see(page.state.parties.standings.get(f"{one.id} {page.compact.id}"))
    lapses = current(standing.lapses_at) if standing else None
    return (
        one.id, one.name, one.tier, one.standing, one.since.at if one.since else None, lapses, one.seats,
        one.revoked, one.instruments, one.fictional,
    )  # fmt: skip


def chips(page: Page, every: list[Line], tiers: Iterable[str]) -> dict[str, list[tuple[str | None, str, int | None]]]:
    """The filters with how many each leaves."""
    _ = page.words.gettext
    counted = Counter(one.tier for one in every)
    where_ = Counter(one.standing for one in every)
    words = {
        "party": _("Parties"), "notice": _("Notice given"), "former": _("Former"), "named": _("Named only"),
    }  # fmt: skip
    return {
        "tier": [(None, _("All"), len(every)), *((t, names(page).group(t), counted[t]) for t in tiers)],
        "standing": [
            (None, _("Every standing"), None),
            *((s, words[s], where_[s]) for s in STANDINGS if where_[s]),
        ],
    }


# --- one party ----------------------------------------------------------------------------------------------


class Office(Struct, frozen=True):
    """A seat with its keys, newest last: id of the key, since when, and until when it counted."""

    id: str
    role: str
    scope: tuple[str, ...]
    keys: tuple[tuple[str, str, Place], ...]
    mark: Mark
    revoked: Place | None


class Instrument(Struct, frozen=True):
    """An instrument for this party: what its file says, and what this record knows."""

    id: str
    name: str
    href: str
    said: str
    source: model.Source | None
    history: tuple[Dated[str], ...]
    lapses: datetime | None
    notice_ends: datetime | None


@get("/parties/{id_:str}", include_in_schema=False, sync_to_thread=True)
def party_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """One party: instruments, seats and keys, what it agreed to beforehand, its newest acts."""
    named = page.parties.get(id_)
    if named is None:
        raise NotHere("the compact names no party {code!r}", code=id_[:40])
    summary = line(page, id_)
    root = page.see(page.state.parties.roots.get(id_))
    view: api_types.PartyView = views.party(page, id_)
    offices = [office(page, seat) for seat in seats_of(page, id_)]
    instruments = instruments_of(page, id_)
    members = [page.name(one.id) for one in page.compact.parties if id_ in one.part_of]
    return render(
        page, "parties/party.html", title=party_title(page, summary), active="parties", data=view,
        tables={
            "seats": Table(("seat", "role", "key_id", "since", "revoked"), [
                (seat.id, seat.role, seat.key_id, seat.since.at, seat.revoked.at if seat.revoked else None)
                for seat in view.seats]),
            "instruments": Table(("instrument", "status", "lapses"), [
                (one.id, one.said or (one.history[-1].value if one.history else None), one.lapses)
                for one in instruments]),
        },
        named=named, line=summary, offices=offices, root=root, root_id=key_id(root.key) if root else "",
        instruments=instruments, members=members,
        tier=names(page).group(summary.tier) if summary.tier else "",
        groups=[names(page).group(group) for group in named.groups if group not in page.clauses.tiers],
        advance=[
            (measure, names(page).measure(measure), page.clauses.measure(measure))
            for measure in view.agreed_in_advance
        ],
        statuses={status: title(page.words, STATUSES, status) for status in STATUSES},
        act_title=lambda act: title(page.words, ACTS, act), newest=newest(page, id_),
        national=mandates.rows_of(page, [one for one in mandates.found(page) if one.party == id_]),
    )  # fmt: skip


def party_title(page: Page, summary: Line) -> str:
    """The party and where it stands."""
    _ = page.words.gettext
    if summary.standing == "named":
        return _("%(party)s: named, not a party", party=summary.name)
    tier = names(page).group(summary.tier) if summary.tier else ""
    if summary.id == page.compact.protected:
        return _("%(party)s: the protected state", party=summary.name)
    if summary.standing == "former":
        return _("%(party)s: no longer a party", party=summary.name)
    return _("%(party)s: party in the tier “%(tier)s”", party=summary.name, tier=tier)


def office(page: Page, seat: Seat) -> Office:
    """A seat as the page shows it."""
    _ = page.words.gettext
    keys = tuple((key_id(key.value), key.value, key.place) for key in reversed(seat.keys))
    mark = Mark("cross", "red", _("Revoked")) if seat.revoked else Mark("tick", "green", _("May act"))
    return Office(seat.id, page.role(seat.role), seat.scope, keys, mark, seat.revoked)


def instruments_of(page: Page, party: str) -> list[Instrument]:
    """The compact first, then every other instrument that names the party, in order of signature."""
    compact = (page.compact.id, page.say(page.compact.short_title), "/compact")
    found = [_instrument(page, party, compact, None)]
    beside = sorted(page.compact.agreements, key=lambda one: (one.signed is None, one.signed or page.compact.dated))
    for one in beside:
        status = next((status for status in one.parties if status.party == party), None)
        if status is not None:
            named = (one.id, page.say(one.title), f"/compact/agreements/{one.id}")
            found.append(_instrument(page, party, named, status))
    return found


def _instrument(page: Page, party: str, named: tuple[str, str, str], status: model.PartyStatus | None) -> Instrument:
    standing = page.see(page.state.parties.standings.get(f"{party} {named[0]}"))
    return Instrument(
        *named,
        title(page.words, STATUSES, status.status) if status else "",
        status.source if status else None,
        standing.statuses if standing else (),
        current(standing.lapses_at) if standing else None,
        current(standing.notice_ends) if standing else None,
    )


def newest(page: Page, party: str) -> list[entries.Row]:
    """The party's newest acts."""
    numbers = index_of(page.depositary).numbers(0, entries.known_size(page), None, party)
    return list(entries.rows(page, list(numbers)[: -NEWEST - 1 : -1]))


routes: list[ControllerRouterHandler] = [party_list, *permits.routes, *mandates.routes, party_page]
