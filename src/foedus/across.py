"""Published lists together: what joins their entries and what people said of it, and who is owned by what is listed.

One question over files and over a record's archive alike. A list that is not held says nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from foedus import archive
from foedus.deposited import version_of
from foedus.proposing import alike
from foedus.sanctions.lists.joining import Entity, Join, entities, joins
from foedus.sanctions.lists.model import ListVersion, Target
from foedus.sanctions.lists.ownership import Owned, Stake, owned_by_listed, stakes
from foedus.sanctions.published import Together, said_of_pairs, together
from foedus.sanctions.state import Judged, State

Stands = Literal["proved", "proposed", "confirmed", "rejected", "contested"]


class Said(Struct, frozen=True):
    """What a party says of two entries, `same` or `different`, by which entry of the record."""

    party: str
    judgment: str
    entry: int


class Proposal(Struct, frozen=True):
    """Two entries that may be one, `list:id` each: how that stands, why, and who says what of it.

    `confirmed` also where nothing proposed it and a person said it; `rejected` also where it was proved; `contested`:
    parties contradict one another, and the two are one where that is proved.
    """

    one: str
    other: str
    stands: Stands
    names: tuple[str, str]
    reasons: tuple[str, ...]
    said: tuple[Said, ...] = ()


class OwnedEntity(Struct, frozen=True):
    """An entity that no list has by itself. `chain`: owner, owned and share, from the listed owner down."""

    id: str
    name: str
    share: str
    treated_as_listed: bool
    chain: tuple[tuple[str, str, str], ...]
    controlled_by: tuple[str, ...]


class Across(Struct, frozen=True):
    """Lists, the newest version of each, and what people said of their entries."""

    versions: tuple[ListVersion, ...]
    said: Mapping[tuple[str, str], tuple[Judged, ...]]
    not_held: tuple[str, ...] = ()

    @property
    def judgments(self) -> dict[tuple[str, str], Together]:
        """What was said of each pair, and comes to."""
        return {both: together(words) for both, words in self.said.items()}


def of_record(store: archive.Keeps, state: State, at: datetime, known: datetime) -> Across:
    """The newest version of every list deposited by then and held here."""
    versions, missing = [], []
    for name, every in sorted(state.lists.items()):
        seen = [one for one in every if one.place.seen(at, known)]
        newest = next((one for one in reversed(seen) if archive.holds(store, one.table)), None)
        if newest is not None:
            versions.append(version_of(store, name, newest.table))
        elif seen:
            missing.append(name)
    return Across(tuple(versions), said_of_pairs(state, at, known), tuple(missing))


def named(versions: Iterable[ListVersion]) -> dict[str, Target]:
    """Every entry by `list:id`."""
    return {f"{version.list}:{one.id}": one for version in versions for one in version.targets}


def same_as(lists: Across, key: str) -> dict[str, Target]:
    """The entries that are one with this one by what proves it and what people said, itself among them, in order."""
    entries = named(lists.versions)
    if key not in entries:
        return {}
    every = entities(lists.versions, joins(lists.versions), lists.judgments)
    return {each: entries[each] for one in every if key in one.listings for each in one.listings}


def name_of(entries: Mapping[str, Target], key: str) -> str:
    """What an entry is called; its key where no list has it."""
    one = entries.get(key)
    return one.names[0].text if one is not None and one.names else key


def proposals(lists: Across) -> list[Proposal]:
    """Everything that joins two entries or may, in order."""
    every = joins(lists.versions, alike(lists.versions))
    entries, found = named(lists.versions), {(one.one, one.other): one for one in every}
    return [
        _proposal(entries, both, found.get(both), lists.said.get(both, ())) for both in sorted({*found, *lists.said})
    ]


_SAID: Mapping[Together, Stands] = {"same": "confirmed", "different": "rejected", "contested": "contested"}


def _proposal(
    entries: Mapping[str, Target], both: tuple[str, str], join: Join | None, words: tuple[Judged, ...]
) -> Proposal:
    stands = _SAID.get(together(words)) or ("proposed" if join is None else join.strength)
    reasons = tuple(f"{one.by}: {one.fact}" for one in join.reasons) if join is not None else ()
    one, other = both
    names = (name_of(entries, one), name_of(entries, other))
    said = tuple(Said(word.party, word.judgment, word.place.entry) for word in words)
    return Proposal(one, other, stands, names, reasons, said)


# --- ownership --------------------------------------------------------------------------------------------------


def listed_in(versions: Iterable[ListVersion]) -> Iterator[str]:
    """Entries that their list sanctions. A file of entities also has those that are only named in it."""
    for version in versions:
        for one in version.targets:
            if version.format != "ftm" or one.programmes or one.measures or one.legal_basis or one.listed_on:
                yield f"{version.list}:{one.id}"


def owned(lists: Across, listed: Iterable[str]) -> list[OwnedEntity]:
    """Who is owned by these entries, over all lists: entries that are one count as one owner."""
    every = entities(lists.versions, joins(lists.versions), lists.judgments)
    return owned_over(lists.versions, every, listed)


def owned_over(versions: Sequence[ListVersion], every: Iterable[Entity], listed: Iterable[str]) -> list[OwnedEntity]:
    """The same over entities that are known already."""
    entity = {key: one.id for one in every for key in one.listings}
    held = [
        Stake(entity.get(owner, owner), entity.get(of, of), stake.share, stake.note)
        for version in versions
        for stake in stakes(version.targets)
        for owner, of in ((f"{version.list}:{stake.owner}", f"{version.list}:{stake.owned}"),)
    ]
    entries = named(versions)
    found = owned_by_listed({entity.get(key, key) for key in listed}, held)
    return [_owned(entries, one) for one in found]


def _owned(entries: Mapping[str, Target], one: Owned) -> OwnedEntity:
    chain = tuple((stake.owner, stake.owned, _percent(stake)) for stake in one.chain)
    return OwnedEntity(
        one.id, name_of(entries, one.id), _exact(one.share), one.treated_as_listed, chain, one.controlled_by
    )


def _percent(stake: Stake) -> str:
    return "" if stake.share is None else _exact(stake.share)


def _exact(share: Fraction) -> str:
    """As a decimal number, never rounded up to a half: lists give shares with 24 decimals at most."""
    text = format(Decimal(share.numerator) / Decimal(share.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
