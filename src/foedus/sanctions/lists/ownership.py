"""Who is owned by listed targets: the 50 per cent rule, and control, each with the chain that leads there.

OFAC's rule (Revised Guidance of 13 August 2014): an entity of which listed persons own 50 per cent or more, directly or
indirectly, together or alone, is treated as listed itself; an indirect share counts through owners that are themselves
owned so. Control is no ownership: it is shown, and adds no per cent (so the guidance; the EU's Best Practices treat it
apart too).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct

from foedus.errors import Malformed
from foedus.sanctions.lists.model import Link, Target

HALF = Fraction(50)


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
    """What a list says of owners and owned, each once. Raises Malformed for a share that is none."""
    found: set[Stake] = set()
    for one in targets:
        for link in one.links:
            if link.to and link.kind in ("owner", "owned"):
                owner, owned = (link.to, one.id) if link.kind == "owner" else (one.id, link.to)
                found.add(Stake(owner, owned, _share(one, link), link.note))
    return sorted(found, key=lambda stake: (stake.owner, stake.owned, str(stake.share), stake.note))


def _share(one: Target, link: Link) -> Fraction | None:
    if not link.share:
        return None
    try:
        share = Fraction(link.share.strip().rstrip("%").strip())
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 100:
        raise Malformed("{id}: a share of {found!r}; 0 to 100 per cent was expected", id=one.id, found=link.share)
    return share


def owned_by_listed(listed: Iterable[str], held: Iterable[Stake]) -> list[Owned]:
    """Every entity of which listed owners hold something or which they control, in order of ids.

    Counts until nothing changes: who is treated as listed passes its whole share on. Circles end, because an entity
    counts once.
    """
    counted = set(listed)
    by_owned: dict[str, list[Stake]] = defaultdict(list)
    for stake in held:
        by_owned[stake.owned].append(stake)
    treated: list[str] = []
    while True:
        new = sorted(
            id_ for id_, owners in by_owned.items()
            if id_ not in counted and _together(owners, counted) >= HALF
        )  # fmt: skip
        if not new:
            break
        counted |= set(new)
        treated += new
    own = set(listed)
    return [
        _owned(id_, by_owned, counted, treated) for id_ in sorted(by_owned)
        if id_ not in own and any(stake.owner in counted for stake in by_owned[id_])
    ]  # fmt: skip


def _together(owners: Iterable[Stake], counted: set[str]) -> Fraction:
    """The shares of those that count; of one owner the largest that is told, so that nothing counts twice."""
    largest: dict[str, Fraction] = {}
    for stake in owners:
        if stake.owner in counted and stake.share is not None:
            largest[stake.owner] = max(stake.share, largest.get(stake.owner, Fraction(0)))
    return min(sum(largest.values(), Fraction(0)), Fraction(100))


def _owned(id_: str, by_owned: Mapping[str, list[Stake]], counted: set[str], treated: list[str]) -> Owned:
    owners = by_owned[id_]
    order = {each: place for place, each in enumerate(treated)}
    mine = order.get(id_, len(treated))
    chain: list[Stake] = []
    seen: set[str] = set()

    def lead(owned: str) -> None:
        if owned in seen:
            return
        seen.add(owned)
        for stake in by_owned.get(owned, ()):
            before = stake.owner not in order or order[stake.owner] < order.get(owned, mine)
            if stake.owner in counted and stake.share is not None and before:
                lead(stake.owner)
                chain.append(stake)

    lead(id_)
    share = _together([stake for stake in owners if order.get(stake.owner, -1) < mine], counted)
    control = sorted({stake.owner for stake in owners if stake.owner in counted and stake.share is None})
    return Owned(id_, share, id_ in order, tuple(chain), tuple(control))
