"""Who is owned by listed targets: the 50 per cent rule, and control, each with the chain that leads there.

OFAC's rule (Revised Guidance of 13 August 2014): an entity of which listed persons own 50 per cent or more, directly or
indirectly, together or alone, is treated as listed itself; an indirect share counts through owners that are themselves
owned so. Control is no ownership: it is shown, and adds no per cent (so the guidance; the EU's Best Practices treat it
apart too).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from msgspec import Struct

from foedus.sanctions.lists.model import Target

HALF = Fraction(50)
_NUMBER = r"([0-9]{1,3}(?:\.[0-9]{1,24})?) *%?"
_SHARE = re.compile(rf"(?:[>≥] *)?{_NUMBER}(?: *(?:-|–|to) *{_NUMBER})?")


class Stake(Struct, frozen=True, order=True):
    """One owner's share of an entity in per cent; None where a list says that it owns or controls and not how much."""

    owner: str
    owned: str
    share: Fraction | None
    note: str = ""


class Owned(Struct, frozen=True):
    """An entity that is not listed itself: how much of it listed owners hold, through whom, and who controls it.

    `chain`: every stake that counts, from the listed owners down, each before those that follow from it.
    """

    id: str
    share: Fraction
    treated_as_listed: bool
    chain: tuple[Stake, ...]
    controlled_by: tuple[str, ...] = ()


def stakes(targets: Iterable[Target]) -> list[Stake]:
    """What a list says of owners and owned, each once; without a share where it tells none that is one."""
    found: set[Stake] = set()
    for one in targets:
        for link in one.links:
            if link.to and link.kind in ("owner", "owned"):
                owner, owned = (link.to, one.id) if link.kind == "owner" else (one.id, link.to)
                found.add(Stake(owner, owned, share_of(link.share), link.note))
    return sorted(found, key=lambda stake: (stake.owner, stake.owned, str(stake.share), stake.note))


def share_of(text: str) -> Fraction | None:
    """Per cent from 0 to 100; of `50-75`, `50 to 75` and `>50` what is held at least. None for anything else."""
    said = _SHARE.fullmatch(text.strip())
    share = Fraction(said[1]) if said else None
    return share if share is not None and share <= 100 else None


def owned_by_listed(listed: Iterable[str], held: Iterable[Stake]) -> list[Owned]:
    """Every entity of which listed owners hold something or which they control, in order of ids.

    Counts until nothing changes: who is treated as listed passes its whole share on. Circles end, because an entity
    counts once.
    """
    counted = set(listed)
    by_owned: dict[str, list[Stake]] = defaultdict(list)
    by_owner: dict[str, set[str]] = defaultdict(set)
    for stake in held:
        by_owned[stake.owned].append(stake)
        by_owner[stake.owner].add(stake.owned)
    treated: list[str] = []
    new = sorted(counted)
    while new:
        reached = {owned for id_ in new for owned in by_owner.get(id_, ())} - counted
        new = sorted(id_ for id_ in reached if _together(by_owned[id_], counted) >= HALF)
        counted |= set(new)
        treated += new
    own, order = set(listed), {each: place for place, each in enumerate(treated)}
    return [
        _owned(id_, by_owned, counted, order) for id_ in sorted(by_owned)
        if id_ not in own and any(stake.owner in counted for stake in by_owned[id_])
    ]  # fmt: skip


def _together(owners: Iterable[Stake], counted: set[str]) -> Fraction:
    """The shares of those that count; of one owner the largest that is told, so that nothing counts twice."""
    largest: dict[str, Fraction] = {}
    for stake in owners:
        if stake.owner in counted and stake.share is not None:
            largest[stake.owner] = max(stake.share, largest.get(stake.owner, Fraction(0)))
    return min(sum(largest.values(), Fraction(0)), Fraction(100))


def _owned(id_: str, by_owned: Mapping[str, list[Stake]], counted: set[str], order: Mapping[str, int]) -> Owned:
    mine = order.get(id_, len(order))
    owners = by_owned[id_]
    share = _together([stake for stake in owners if order.get(stake.owner, -1) < mine], counted)
    control = sorted({stake.owner for stake in owners if stake.owner in counted and stake.share is None})
    return Owned(id_, share, id_ in order, tuple(_chain(id_, by_owned, counted, order)), tuple(control))


def _chain(
    id_: str, by_owned: Mapping[str, list[Stake]], counted: set[str], order: Mapping[str, int]
) -> list[Stake]:  # fmt: skip
    """Every stake that counts for an entity, depth first and without recursion: a list may tell of any number in a row.

    An owner that was counted later than what it owns held nothing of it by then: so a circle ends.
    """

    def before(owned: str) -> Iterator[Stake]:
        mine = order.get(owned, len(order))
        for stake in by_owned.get(owned, ()):
            if stake.owner in counted and stake.share is not None and order.get(stake.owner, -1) < mine:
                yield stake

    chain: list[Stake] = []
    seen = {id_}
    path: list[tuple[Iterator[Stake], Stake | None]] = [(before(id_), None)]
    while path:
        stakes_, through = path[-1]
        stake = next(stakes_, None)
        if stake is None:
            path.pop()
            chain += [through] if through is not None else []
        elif stake.owner in seen:
            chain.append(stake)
        else:
            seen.add(stake.owner)
            path.append((before(stake.owner), stake))
    return chain
