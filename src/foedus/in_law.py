"""Whether what a search found is in law now, by the listings of a record; between `sanctions` and `screening`.

The target `LIST.ID` of a record is the entry `ID` of the published list `LIST`. That somebody publishes an entry lists
nobody here: where no issuer of the record ever said anything of it, nothing is said of it. Entries that a party judged
to be the same are one target in law, whichever of them is found; what identifiers prove and names propose is no act of
anybody and joins nothing here. Nothing is judged here: `sanctions.status` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from foedus import archive
from foedus.depositary import Depositary
from foedus.sanctions.matrix import who_listed
from foedus.sanctions.published import heard, together
from foedus.sanctions.schedules import decode
from foedus.sanctions.state import Listing, Schedule, State
from foedus.screening import Match, Record

WORDS = ("yes", "owed", "no")  # what holds somewhere goes before what holds nowhere
_EVER = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


class Law(Struct, frozen=True):
    """Who is listed, as it is from `since` to before `until`. `entry`: the last that said something of it by then.

    `tables`: the targets of each schedule; `missing`: whether the table of one is not held here. `same`: of an entry
    those that are the same, itself among them; none where nobody said so.
    """

    state: State
    tables: Mapping[str, frozenset[str]]
    same: Mapping[str, tuple[str, ...]]
    missing: bool
    entry: int
    since: datetime
    until: datetime

    def word(self, id_: str) -> str | None:
        """Of an entry `LIST:ID` and the same: `yes` where an issuer lists it in law, else `owed`, else `no`;
        None where nothing was said of it, or may be in a table that is not held here.
        """
        targets = (one.replace(":", ".", 1) for one in self.same.get(id_, (id_,)))
        listed = (who_listed(self.state, target, self.since, self.since, self.tables) for target in targets)
        words = {one.standing.in_law for each in listed for one in each}
        found = next((word for word in WORDS if word in words), None)
        return None if self.missing and found != "yes" else found

    @property
    def rests_on(self) -> dict[str, str]:
        """What a certificate says of it."""
        return {"entry": str(self.entry), "since": self.since.isoformat()}


class Laws:
    """The law of a record, made anew when an entry was added or what is recorded takes effect."""

    def __init__(self, depositary: Depositary) -> None:
        self._depositary = depositary
        self._rows: dict[str, frozenset[str]] = {}
        self._last: Law | None = None

    def now(self) -> Law:
        """As it is by the clock of the record."""
        state, last = self._depositary.catch_up(), self._last
        at = max(self._depositary.now(), state.at or _EVER)
        if last is None or last.state is not state.sanctions or not last.since <= at < last.until:
            last = self._last = law_at(state.sanctions, at, *self._tables(state.sanctions))
        return last

    def _tables(self, state: State) -> tuple[dict[str, frozenset[str]], bool]:
        for digest in {one.table for one in state.schedules.values()} - self._rows.keys():
            if (data := archive.get(self._depositary.store, digest)) is not None:
                self._rows[digest] = frozenset(row.target for row in decode(data, digest))
        held = {id_: self._rows[one.table] for id_, one in state.schedules.items() if one.table in self._rows}
        return held, len(held) < len(state.schedules)


def law_at(state: State, at: datetime, tables: Mapping[str, frozenset[str]], missing: bool = False) -> Law:
    """Who is listed at this moment. `tables`, `missing`: as of `Law`."""
    moments = list(_moments(state))
    entry = max((entry for one, entry in moments if one <= at), default=0)
    since = max((one for one, _ in moments if one <= at), default=_EVER)
    until = min((one for one, _ in moments if one > at), default=_NEVER)
    return Law(state, tables, _same(state), missing, entry, since, until)


def _moments(state: State) -> Iterator[tuple[datetime, int]]:
    """When anything that is recorded was both recorded and so in law, with its entry."""
    every: Iterable[Listing | Schedule] = (*state.schedules.values(), *state.listings.values())
    facts = [fact for one in every for fact in one.facts]
    facts += [fact for one in state.snapbacks.values() for fact in one.enacted.values()]
    yield from ((max(fact.since, fact.place.known), fact.place.entry) for fact in facts)
    places = [lapse for regime in state.regimes.values() for lapse in regime.lapses]
    places += [said.place for every_word in state.judged.values() for said in every_word]
    places += [
        one.place for snapback in state.snapbacks.values() for one in (snapback.returned, snapback.stopped) if one
    ]
    yield from ((max(place.at, place.known), place.entry) for place in places)


def _same(state: State) -> dict[str, tuple[str, ...]]:
    """Entries that are one by what parties said of each two, also through a third."""
    groups: dict[str, set[str]] = {}
    for both, said in state.judged.items():
        if together(heard(said)) == "same":
            one, other = both.split("\n")
            joined = groups.get(one, {one}) | groups.get(other, {other})
            groups |= dict.fromkeys(joined, joined)
    return {entry: tuple(sorted(joined)) for entry, joined in groups.items()}


def with_law(law: Law | None, matches: Sequence[Match]) -> list[Match]:
    """The matches, each saying whether it is in law, as far as something says so."""
    return [replace(match, in_law=law.word(match.id)) for match in matches] if law else list(matches)


class Searches(Protocol):
    """An index, or what passes what it finds on."""

    def search_all(
        self, queries: Sequence[Record], limit: int | None, threshold: float, cutoff: float | None
    ) -> list[list[Match]]:
        """As Index.search_all."""


class WithLaw:
    """Searches, and says of what is found whether it is in law."""

    def __init__(self, searches: Searches, law: Law | None) -> None:
        self._searches, self._law = searches, law

    def search_all(
        self, queries: Sequence[Record], limit: int | None, threshold: float, cutoff: float | None
    ) -> list[list[Match]]:
        """As Index.search_all."""
        found = self._searches.search_all(queries, limit, threshold, cutoff)
        return [with_law(self._law, matches) for matches in found]
