"""One target: names and numbers that lists held here give it, listings with date and entry, and its history.

What a list says is shown with the list, its day and the entry of its deposit; nothing is merged that is not joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.across import OwnedEntity, name_of
from foedus.sanctions.lists.joining import Entity
from foedus.sanctions.lists.model import Target
from foedus.sanctions.matrix import Listed, applies_in, unions, who_listed
from foedus.sanctions.published import Together, said_of_pairs, together
from foedus.sanctions.state import DEVIATION, Deposited, Fact, Listing
from foedus.sanctions.status import bearing_on
from foedus.web import asked, duties
from foedus.web.frame import Table, render
from foedus.web.listed import COLUMNS, Sanctions
from foedus.web.page import Page
from foedus.web.unanswered import NotHere
from foedus.words import mark
from foedus.words.list_values import NAME_KINDS, NUMBER_KINDS, TARGET_KINDS, parts
from foedus.words.titles import EXEMPTIONS, GROUNDS, JUDGED, LIST_FIELDS, RESTRICTIONS, title

FACTS = ("field", "value", "detail", "list", "id", "as_of", "entry")
HISTORY = ("entry", "known", "since", "listing", "issuer", "what", "instrument", "about")
# Fields of a list's entry that are shown as facts, in this order; names and numbers have tables of their own.
FIELDS = ("births", "countries", "addresses", "programmes", "measures", "legal_basis", "positions", "references",
          "gender", "listed_on", "updated_on", "remarks")  # fmt: skip
HAPPENED = {
    "proposed": mark("Proposed"), "adopted": mark("Listed"), "amended": mark("Amended"), "suspended": mark("Suspended"),
    "eased": mark("Eased"), "lifted": mark("Lifted"), "relief_ended": mark("The relief ran out"),
    "delisted": mark("Delisted on its merits"), "annulled": mark("Annulled by a court"), "expired": mark("Expired"),
    "case": mark("A case is before a court"), "dismissed": mark("The court left it as it is"),
    "exempted": mark("Something is carved out"), "enacted": mark("The return was enacted"),
    "returned": mark("Came back by a snapback"), "stopped": mark("The snapback was stopped"),
    "lapsed": mark("Its regime was not renewed"),
}  # fmt: skip
PROOFS = {
    "identifier": mark("proved by a number"), "reference": mark("proved by the other's own number"),
    "name": mark("proposed by a name"), "judgment": mark("said by a person"),
}  # fmt: skip


class Source(Struct, frozen=True):
    """An entry of a published list, and where the record has that list from."""

    key: str
    list: str
    deposited: Deposited
    target: Target
    gone: bool  # newer versions do not have it


class Happened(Struct, frozen=True):
    """One fact about one listing."""

    listing: Listing
    fact: Fact
    words: str
    about: str


@get("/sanctions/targets/{id_:str}", include_in_schema=False, sync_to_thread=True)
def target_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """Names, numbers, listings and history of one target."""
    sanctions = Sanctions(page, asked.choice(page, "restriction", tuple(RESTRICTIONS)))
    every = who_listed(sanctions.state, id_, sanctions.at, sanctions.known, sanctions.tables)
    entity = sanctions.entity(id_)
    if not every and entity is None:
        raise NotHere("nothing is recorded of the target {id}, and no list held here has it", id=id_[:64])
    listed = tuple(one for one in every if sanctions.only in (None, one.listing.restriction))
    sources, said = list(sources_of(sanctions, entity)), said_of(sanctions, id_, entity)
    in_law = {one.listing.issuer for one in listed if one.standing.in_law == "yes"}
    states = sorted(applies_in(page.clauses, in_law), key=lambda one: page.sort_key(page.name(one)))
    name, past = sanctions.name(id_), history(sanctions, listed)
    lacking = [one for one, mask in sanctions.columns.items() if not sanctions.overview.listing.get(id_, 0) & mask]
    return render(
        page, "sanctions/target.html", active="sanctions",
        title=_title(page, name, len(in_law), len(sanctions.issuers)),
        data={
            "target": id_, "name": name, "entries": [one.key for one in sources], "states": states, "gaps": lacking,
            "joins": list(entity.joins) if entity else [],
            "said": [(one.one, one.other, one.comes_to, [word[:2] for word in one.words]) for one in said],
            "ownership": [one.owned for one in chains(sanctions, id_, entity)],
        },
        tables={
            "listings": Table(COLUMNS, [sanctions.row(one, name) for one in listed]),
            "facts": Table(FACTS, list(facts(sources))),
            "history": Table(HISTORY, [_row(one) for one in past]),
        },
        sanctions=sanctions, id=id_, listed=listed, sources=sources, states=states,
        joins=entity.joins if entity else (), said=said, judged=JUDGED,
        lacking=lacking, history=past, restriction=sanctions.restriction, offers=offers(page, listed), reasons=PROOFS,
        name_kinds=NAME_KINDS, number_kinds=NUMBER_KINDS, kind=_kind(page, sources), fields=list(fields(page, sources)),
        through={one: members(page, one) for one in in_law}, chains=chains(sanctions, id_, entity),
        restrictions=sorted({one.listing.restriction for one in every}), link_of=link_of,
        exemption=lambda fact: f"{fact.about} ({title(page.words, EXEMPTIONS, fact.kind)})",
    )  # fmt: skip


class Said(NamedTuple):
    """What parties say of an entry of this target and another: party, word and entry of each; and what it comes to."""

    one: str
    other: str
    comes_to: Together
    words: tuple[tuple[str, str, int], ...]


def said_of(sanctions: Sanctions, id_: str, entity: Entity | None) -> list[Said]:
    """Whether entries of this target and others mean the same, in the words of parties."""
    mine = set(entity.listings) if entity is not None else {id_.replace(".", ":", 1)}
    return [
        Said(*both, together(words), tuple((each.party, each.judgment, each.place.entry) for each in words))
        for both, words in sorted(said_of_pairs(sanctions.state, sanctions.at, sanctions.known).items())
        if mine & set(both)
    ]


class Chain(Struct, frozen=True):
    """An entity owned by listed ones, and the stakes that lead there: owner, owned, per cent; names by key."""

    owned: OwnedEntity
    stakes: tuple[tuple[str, str, str], ...]
    controlled_by: tuple[str, ...]
    mine: bool  # it is this target that is owned; otherwise this target is one of its owners


def chains(sanctions: Sanctions, id_: str, entity: Entity | None) -> list[Chain]:
    """How much of this target the listed own, and whom it owns alone or with others."""
    key = entity.id if entity is not None else id_.replace(".", ":", 1)
    entries = {
        f"{name}:{one}": target for name, held in sanctions.held.items() for one, (_, target) in held.entries.items()
    }
    found = []
    for one in sanctions.owned.values() if sanctions.held else ():
        owners = {owner for owner, _, _ in one.chain} | set(one.controlled_by)
        if key == one.id or key in owners:
            stakes = tuple((name_of(entries, owner), name_of(entries, of), share) for owner, of, share in one.chain)
            controllers = tuple(name_of(entries, each) for each in one.controlled_by)
            found.append(Chain(one, stakes, controllers, key == one.id))
    return sorted(found, key=lambda one: (not one.mine, one.owned.id))


def link_of(key: str) -> str:
    """The id of the target that an entry of a list is."""
    return key.replace(":", ".", 1)


def _title(page: Page, name: str, law: int, of: int) -> str:
    return page.words.ngettext(
        "%(name)s: in law at %(num)s of %(of)s issuers", "%(name)s: in law at %(num)s of %(of)s issuers", law,
        name=name, of=page.number(of),
    )  # fmt: skip


def _kind(page: Page, sources: list[Source]) -> str:
    return title(page.words, TARGET_KINDS, sources[0].target.kind) if sources else ""


def members(page: Page, issuer: str) -> list[str]:
    """The parties in which a union's listing applies, by name."""
    found = [one.id for one in page.compact.parties if issuer in unions(page.clauses, one.id)]
    return sorted((page.name(one) for one in found), key=page.sort_key)


def sources_of(sanctions: Sanctions, entity: Entity | None) -> Iterator[Source]:
    """The entries of the lists held here that are this target, each of the newest version that has it."""
    for key in entity.listings if entity is not None else ():
        name, _, id_ = key.partition(":")
        held = sanctions.held[name]
        deposited, target = held.entries[id_]
        yield Source(key, name, deposited, target, gone=deposited is not held.newest)


def facts(sources: list[Source]) -> Iterator[tuple[object, ...]]:
    """Every fact with its list, as plain values."""
    for one in sources:
        said = (one.list, one.target.id, one.deposited.as_of, one.deposited.place.entry)
        yield from (("name", name.text, name.kind, *said) for name in one.target.names)
        yield from ((f"number/{each.kind}", each.number, each.country, *said) for each in one.target.identifiers)
        for field in FIELDS:
            yield from ((field, _flat(value), "", *said) for value in _values(one.target, field))


def fields(page: Page, sources: list[Source]) -> Iterator[tuple[str, str, Source]]:
    """What else the lists say: the field in words, the value, and the list."""
    for field in FIELDS:
        for one in sources:
            for value in _values(one.target, field):
                yield title(page.words, LIST_FIELDS, field), ", ".join(parts(page.words, field, value)), one


def _values(target: Target, field: str) -> tuple[object, ...]:
    found = getattr(target, field)
    return ((found,) if found else ()) if isinstance(found, str) else tuple(found)


def _flat(value: object) -> str:
    """A value on one line, its parts in their order and as they are: for whoever reads data."""
    if isinstance(value, str):
        return value
    assert isinstance(value, Struct), "of the fields of an entry"
    every = (getattr(value, name) for name in value.__struct_fields__)
    return ", ".join(part for part in every if isinstance(part, str) and part)


# --- history ------------------------------------------------------------------------------------------------


def history(sanctions: Sanctions, listed: tuple[Listed, ...]) -> list[Happened]:
    """Everything that became so of its listings, as known then, newest last; of a table's row, of its table too."""
    found = []
    for one in listed:
        listing = one.listing
        schedule = sanctions.state.schedules.get(listing.schedule) if listing.schedule else None
        every = (*(schedule.facts if schedule else ()), *listing.facts, *bearing_on(sanctions.state, listing))
        for fact in every:
            if fact.place.seen(sanctions.at, sanctions.known):
                words = sanctions.page.words.gettext(HAPPENED[fact.what])
                found.append(Happened(listing, fact, words, _about(sanctions.page, fact)))
    return sorted(found, key=lambda one: (one.fact.place.entry, one.listing.id))


def _about(page: Page, fact: Fact) -> str:
    _ = page.words.gettext
    if fact.about == DEVIATION:
        return _("given without the others: a deviation")
    if fact.about in GROUNDS:
        return title(page.words, GROUNDS, fact.about)
    if fact.what == "proposed":
        return _("by %(party)s", party=page.name(fact.about))
    return fact.about


def _row(one: Happened) -> tuple[object, ...]:
    fact = one.fact
    known: datetime = fact.place.known
    return (
        fact.place.entry, known, fact.since, one.listing.id, one.listing.issuer, fact.what, fact.instrument, fact.about
    )  # fmt: skip


def offers(page: Page, listed: tuple[Listed, ...]) -> list[duties.Offer]:
    """What the reader's seat may do with its own listings of this target."""
    if page.seat is None or page.past:
        return []
    mine = [one.listing.id for one in listed if one.listing.issuer == page.seat.party]
    return [offer for id_ in mine for offer in duties.offers(page, id_)]


routes: list[ControllerRouterHandler] = [target_page]
