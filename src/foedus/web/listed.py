"""Listings, conditions and targets as the pages of sanctions show them: symbol and word, names, and what is held here.

Wherever a listing is shown, so is whether it is law. Nothing is judged here: `foedus.sanctions` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from foedus.across import OwnedEntity
from foedus.history import Place
from foedus.sanctions.conditions import Appraisal, appraised
from foedus.sanctions.lists.joining import Entity
from foedus.sanctions.lists.model import Target
from foedus.sanctions.matrix import Cell, Listed, cells
from foedus.sanctions.state import DEVIATION, Deposited, Listing, Schedule
from foedus.sanctions.state import found as found_
from foedus.sanctions.status import Standing, standing
from foedus.web.marks import Mark
from foedus.web.overviews import Overview, columns
from foedus.web.package import Held, deposited, entry_of, judged
from foedus.web.page import Page
from foedus.words import mark
from foedus.words.titles import GROUNDS, RESTRICTIONS, title

WORDS = {
    "adopted": mark("Listed"),
    "amended": mark("Listed, amended"),
    "reinstated": mark("Reinstated"),
    "suspended": mark("Suspended"),
    "eased": mark("Eased"),
    "lifted": mark("Lifted"),
    "proposed": mark("Proposed"),
    "expired": mark("Expired"),
    "annulled": mark("Annulled by court"),
}
LAW = {
    "yes": Mark("tick", "green", mark("in law")),
    "owed": Mark("triangle", "amber", mark("act of law owed")),
    "no": Mark("bar", "grey", mark("not in law")),
}
RECENT = 5  # versions of a list from which names are taken
COLUMNS = ("target", "name", "issuer", "through", "listing", "restriction", "regime", "status", "in_law", "since",
           "until", "owed_by", "instrument", "because", "entry")  # fmt: skip


class Sanctions:
    """What a page of sanctions asks of the state and the archive, once each."""

    def __init__(self, page: Page, only: str | None = None) -> None:
        """`only`: of listings under this restriction alone."""
        self.page, self.only = page, only
        self.state = page.state.sanctions
        self.kept = page.console.packages
        self.at, self.known = page.at, page.known
        self.tables, self.missing = self.kept.tables(page.depositary.store, self.state)

    @cached_property
    def overview(self) -> Overview:
        """Who lists whom, over all targets."""
        page = self.page
        return self.kept.overview(page.clauses, self.state, self.tables, self.at, self.known, self.only, past=page.past)

    @cached_property
    def issuers(self) -> list[str]:
        """Who lists or listed anything: unions first, then by name."""
        seen = {key.partition("/")[0] for key, one in self.state.regimes.items() if one.place.seen(self.at, self.known)}
        seen |= self.overview.bits.keys()
        return sorted(seen, key=lambda one: (self.heads(one) > 0, self.page.sort_key(self.page.name(one))))

    def heads(self, party: str) -> int:
        """How many heads a party counts; none for a union."""
        named = self.page.parties.get(party)
        return named.heads if named else 1

    @cached_property
    def columns(self) -> dict[str, int]:
        """By issuer, the mask of whose listings apply there."""
        return columns(self.page.clauses, self.overview.bits, self.issuers)

    @cached_property
    def conditions(self) -> tuple[Appraisal, ...]:
        """The conditions of easing as they stood."""
        return appraised(self.page.clauses, self.page.state, self.at, self.known)

    @cached_property
    def relieved(self) -> list[tuple[Listing | Schedule, Standing]]:
        """Everything under relief as it stood, agreed or not."""
        state = self.state
        every = state.relieved if not self.page.past else (*state.schedules, *state.listings)
        found = []
        for id_ in every:
            one = found_(state, id_)
            now = standing(state, one, self.at, self.known) if one is not None and one.facts else None
            if one is not None and now is not None and now.relieved:
                found.append((one, now))
        return found

    def named(self, one: Listing | Schedule) -> str:
        """What is listed, in words: a target by its name, a schedule by how many it lists."""
        if isinstance(one, Listing):
            return self.name(one.target)
        words = self.page.words
        return words.ngettext("%(num)s target of %(id)s", "%(num)s targets of %(id)s", one.rows, id=one.id)

    def cells(self, targets: Sequence[str], issuers: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
        """A row of the matrix for each target, as it stood."""
        made = cells(self.page.clauses, self.state, targets, issuers, self.at, self.known, self.tables)
        return made if self.only is None else (tuple(self._only(cell) for cell in row) for row in made)

    def _only(self, cell: Cell) -> Cell:
        own = tuple(one for one in cell.own if one.listing.restriction == self.only)
        through = tuple((union, one) for union, one in cell.through if one.listing.restriction == self.only)
        return replace(cell, own=own, through=through)

    # --- published lists ------------------------------------------------------------------------------------

    @cached_property
    def lists(self) -> dict[str, tuple[Deposited, ...]]:
        """Versions of published lists by then, by the list's name."""
        return deposited(self.state, self.at, self.known)

    @cached_property
    def held(self) -> dict[str, Held]:
        """Each list, as far as this archive has its newest versions; what left it before them has no name here."""
        found = {}
        for name, versions in self.lists.items():
            kept = [(one, targets) for one in versions[-RECENT:] if (targets := self.version(one.table)) is not None]
            entries = {id_: (one, target) for one, targets in kept for id_, target in targets.items()}
            if kept:
                found[name] = Held(tuple(one for one, _ in kept), entries)
        return found

    def version(self, table: str) -> Mapping[str, Target] | None:
        """The entries of one version by id; None where it is not held here."""
        return self.kept.version(self.page.depositary.store, table)

    def entry(self, target: str) -> Target | None:
        """The entry of a published list that the target's id names: in the newest version that has it."""
        named = entry_of(target, self.held)
        found = self.held[named[0]].entries.get(named[1]) if named else None
        return found[1] if found else None

    def name(self, target: str) -> str:
        """What a target is called on the list that its id names; its id where no list here has it."""
        found = self.entry(target)
        return found.names[0].text if found is not None and found.names else target

    @cached_property
    def names(self) -> Mapping[str, tuple[str, str]]:
        """Every target's name, and by what it is sorted."""
        return self.kept.names(self.overview, (self.page.lang, *self.tables_of_lists), self._named)

    @cached_property
    def tables_of_lists(self) -> tuple[str, ...]:
        """The digests of the versions that names are taken from."""
        return tuple(one.table for list_ in self.held.values() for one in list_.versions)

    def _named(self, target: str) -> tuple[str, str]:
        name = self.name(target)
        return name, self.page.sort_key(name)

    def entity(self, target: str) -> Entity | None:
        """The entries of all lists held here that are this target."""
        named = entry_of(target, self.held)
        if named is None:
            return None
        said = judged(self.state, self.at, self.known)
        return self.kept.entity(self.held, said, f"{named[0]}:{named[1]}")

    @cached_property
    def owned(self) -> Mapping[str, OwnedEntity]:
        """Whom targets that somebody has in law own, by the entity's id; over all lists held here."""
        listed = {target.replace(".", ":", 1) for target in self.overview.in_law if entry_of(target, self.held)}
        return self.kept.owned(self.held, judged(self.state, self.at, self.known), frozenset(listed))

    # --- words ----------------------------------------------------------------------------------------------

    def restriction(self, code: str) -> str:
        """A restriction, in words."""
        text = title(self.page.words, RESTRICTIONS, code)
        return text[:1].upper() + text[1:]

    def mark(self, now: Standing) -> Mark:
        """What a listing is: a square and its word."""
        _ = self.page.words.gettext
        if now.status == "lifted" and now.on_its_merits:
            return Mark("square-cross", "ink", _("Delisted"))
        if now.in_law == "owed":
            return Mark("square-dot", "amber", _("Reinstated"))
        if now.status == "adopted" and now.in_law == "no":
            return Mark("square-plus", "ink", _("Not yet in effect"))
        shape, colour = {
            "suspended": ("square-bars", "amber"),
            "eased": ("square-half", "amber"),
            "lifted": ("square-bars", "amber"),
            "proposed": ("square-plus", "ink"),
            "expired": ("square-cross", "ink"),
            "annulled": ("square-cross", "ink"),
        }.get(now.status, ("square", "listed"))
        return Mark(shape, colour, _(WORDS[now.status]))

    def law(self, now: Standing) -> Mark:
        """Whether it is law: what whoever blocks payments goes by."""
        found = LAW[now.in_law]
        return Mark(found.shape, found.colour, self.page.words.gettext(found.word))

    def because(self, now: Standing) -> str:
        """Why a listing is what it is, where it says so."""
        _ = self.page.words.gettext
        if now.because == DEVIATION:
            return _("given without the others: a deviation")
        if now.relieved and now.because:
            return _("under %(easing)s", easing=now.because)
        if now.because in GROUNDS:
            return title(self.page.words, GROUNDS, now.because)
        if now.status == "proposed":
            return _("by %(party)s", party=self.page.name(now.because))
        return now.because

    def row(self, listed: Listed, name: str, through: str | None = None) -> tuple[object, ...]:
        """A listing as plain values, of COLUMNS."""
        one, now = listed.listing, listed.standing
        return (
            one.target, name, one.issuer, through, one.id, one.restriction, one.regime, now.status, now.in_law,
            now.since, now.until, now.owed_by, now.instrument, now.because, now.place.entry,
        )  # fmt: skip


class Said(Struct, frozen=True):
    """One party's word on a condition, as the page shows it."""

    party: str
    name: str
    mark: Mark
    seat: str
    evidence: tuple[Any, ...]
    stale_at: datetime | None
    place: Place


def told(page: Page, one: Appraisal) -> list[Said]:
    """Every party's last word on a condition that was said by then: contested first, then attested, then stale."""
    known = page.see(page.state.sanctions.conditions.get(one.clause.id))
    _ = page.words.gettext
    found = []
    for party, said in known.said.items() if known else ():
        if not said:
            continue
        last = said[-1]
        if party in one.stale:
            shown = Mark("clock", "amber", _("Stale: counts no more"))
        elif last.met:
            shown = Mark("tick", "green", _("Attested"))
        else:
            shown = Mark("cross", "red", _("Contested"))
        found.append(Said(party, page.name(party), shown, last.seat, last.evidence, last.stale_at, last.place))
    order = {"cross": 0, "tick": 1, "clock": 2}
    return sorted(found, key=lambda said: (order[said.mark.shape], page.sort_key(said.name)))
