"""Where the package is not in step, by issuer and by target: what is missing, what deviates, what is owed.

Every finding has its entry or the proposal that closes it. Nothing is judged: an issuer decides by its own law.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.sanctions.state import DEVIATION, Listing, Schedule
from foedus.sanctions.status import Standing, standing
from foedus.web import asked
from foedus.web.frame import Table, render, wanted
from foedus.web.listed import Sanctions
from foedus.web.page import Page

PAGE = 25
ISSUERS = ("issuer", "gaps", "owed", "deviating")
TARGETS = ("target", "name", "restriction", "in_law", "owed", "relieved", "missing")
PROPOSALS = ("listing", "target", "name", "issuer", "restriction", "party", "since", "entry")
DEVIATIONS = ("listing", "target", "name", "issuer", "restriction", "status", "since", "until", "instrument", "entry")


class Line(Struct, frozen=True):
    """One restriction of one target where not all issuers agree."""

    target: str
    name: str
    restriction: str
    in_law: tuple[str, ...]
    owed: tuple[str, ...]
    relieved: tuple[str, ...]
    missing: tuple[str, ...]


class Deviation(Struct, frozen=True):
    """Relief that an issuer gave without the others, of a listing or of a whole table."""

    of: Listing | Schedule
    standing: Standing
    name: str

    @property
    def target(self) -> str | None:
        """The target of a listing."""
        return self.of.target if isinstance(self.of, Listing) else None


@get("/sanctions/divergence", include_in_schema=False, sync_to_thread=True)
def divergence(page: NamedDependency[Page]) -> Answer[Any]:
    """The report: deviations, issuers by what they lack, targets that fewest have first."""
    sanctions = Sanctions(page)
    every = sorted(_targets(sanctions), key=lambda one: (one[0], one[1]))
    offset = asked.number(page, "offset", 0, 0, max(0, len(every) - 1) // PAGE * PAGE)
    html = wanted(page) == "html"
    chosen = [target for _, _, target in (every[offset : offset + PAGE] if html else every)]
    lines = [line for target in chosen for line in lines_of(sanctions, target)]
    deviations, proposals = list(deviations_of(sanctions)), list(proposed(sanctions))
    issuers = _issuers(sanctions, Counter(one.of.issuer for one in deviations))
    return render(
        page, "sanctions/divergence.html", title=_title(page, len(every), len(deviations)), active="sanctions",
        data={"targets": len(every), "deviations": len(deviations), "tables_not_held": sanctions.missing},
        tables={
            "issuers": Table(ISSUERS, issuers),
            "targets": Table(TARGETS, [_row(one) for one in lines]),
            "proposals": Table(PROPOSALS, [_proposal(sanctions, *one) for one in proposals]),
            "deviations": Table(DEVIATIONS, [_deviation(one) for one in deviations]),
        },
        sanctions=sanctions, lines=lines, deviations=deviations, proposals=proposals,
        issuers=issuers, total=len(every), offset=offset,
        size=PAGE,
    )  # fmt: skip


def _title(page: Page, targets: int, deviations: int) -> str:
    _ = page.words.gettext
    if not targets and not deviations:
        return _("All issuers are in step")
    said = page.words.ngettext(
        "%(num)s target is not listed by all", "%(num)s targets are not listed by all", targets
    )  # fmt: skip
    if not deviations:
        return said
    reliefs = page.words.ngettext("%(num)s relief deviates", "%(num)s reliefs deviate", deviations)
    return _("%(targets)s; %(reliefs)s", targets=said, reliefs=reliefs)


def _targets(sanctions: Sanctions) -> Iterator[tuple[int, str, str]]:
    """Targets that somebody lists and somebody does not: by how many miss it, fewest listings first."""
    counted = sanctions.kept.counted(sanctions.overview, sanctions.columns).by_mask
    named = sanctions.names
    for target, mask in sanctions.overview.listing.items():
        if counted[mask]:
            yield -counted[mask], named[target][1], target


def lines_of(sanctions: Sanctions, target: str) -> Iterator[Line]:
    """Of one target, by restriction: who has it in law, owed, under relief, and who has it in no way."""
    (row,) = sanctions.cells([target], sanctions.issuers)
    found: dict[str, dict[str, set[str]]] = {}
    for cell in row:
        for listed in (*cell.own, *(one for _, one in cell.through)):
            said = found.setdefault(listed.listing.restriction, {"yes": set(), "owed": set(), "relieved": set()})
            if listed.standing.in_law != "no":
                said[listed.standing.in_law].add(cell.issuer)
            elif listed.standing.relieved:
                said["relieved"].add(cell.issuer)
    for restriction, said in sorted(found.items()):
        there = said["yes"] | said["owed"]
        groups = (said["yes"], said["owed"] - said["yes"], said["relieved"] - there, set(sanctions.issuers) - there)
        if groups[3] and (there or said["relieved"]):
            yes, owed, relieved, missing = (tuple(one for one in sanctions.issuers if one in each) for each in groups)
            yield Line(target, sanctions.name(target), restriction, yes, owed, relieved, missing)


def deviations_of(sanctions: Sanctions) -> Iterator[Deviation]:
    """Reliefs given without the others that stand, oldest first."""
    found = [
        Deviation(one, now, sanctions.named(one)) for one, now in sanctions.relieved if now.because == DEVIATION
    ]  # fmt: skip
    yield from sorted(found, key=lambda one: (one.standing.place.entry, one.of.id))


def proposed(sanctions: Sanctions) -> Iterator[tuple[Listing, Standing, str]]:
    """Proposals to close a gap that the issuer has not decided on, oldest first: listing, since when, by whom."""
    found = []
    for one in sanctions.state.listings.values():
        if any(fact.what == "proposed" for fact in one.facts):
            now = standing(sanctions.state, one, sanctions.at, sanctions.known)
            if now is not None and now.status == "proposed":
                found.append((one, now, now.because))
    yield from sorted(found, key=lambda each: (each[1].place.entry, each[0].id))


def _issuers(sanctions: Sanctions, deviating: Counter[str]) -> list[tuple[str, int, int, int]]:
    counted = sanctions.kept.counted(sanctions.overview, sanctions.columns).by_issuer
    owed = Counter(
        issuer
        for snapback in sanctions.state.snapbacks.values()
        if (seen := sanctions.page.see(snapback)) is not None and seen.returned is not None
        for issuer in seen.missing
    )
    found = [(one, counted.get(one, 0), owed[one], deviating[one]) for one in sanctions.issuers]
    return sorted((one for one in found if any(one[1:])), key=lambda one: (-one[3], -one[2], -one[1]))


def _row(one: Line) -> tuple[object, ...]:
    groups = (one.in_law, one.owed, one.relieved, one.missing)
    return (one.target, one.name, one.restriction, *(" ".join(each) for each in groups))


def _proposal(sanctions: Sanctions, one: Listing, now: Standing, party: str) -> tuple[object, ...]:
    name = sanctions.name(one.target)
    return one.id, one.target, name, one.issuer, one.restriction, party, now.since, now.place.entry


def _deviation(one: Deviation) -> tuple[object, ...]:
    now = one.standing
    return (
        one.of.id, one.target, one.name, one.of.issuer, one.of.restriction, now.status, now.since, now.until,
        now.instrument, now.place.entry,
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [divergence]
