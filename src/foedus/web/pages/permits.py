"""Who may do what: every act and every office, by the clause that permits it. What no clause permits is
denied.

Read from the permits of the compact in force; whether an act is open at a moment depends on the state, and is
shown to a seat on its own page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.acts import ACT_NAMES, EFFECTS
from foedus.compact.model import Permit, Provision, Roll
from foedus.web import asked
from foedus.web.board import names
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.words.titles import ACTS, title
from foedus.words.titles import EFFECTS as EFFECT_WORDS

CLOCK_ACTS = ("OpenRecord", "RecordLapse", "RecordExpiry", "RecordSanctionsLapse")
COLUMNS = ("act", "effect", "group", "role", "provision", "source", "signatures", "wait")


class Cell(Struct, frozen=True):
    """Whether an office may perform an act, and what it needs besides."""

    may: bool
    note: str = ""


class Line(Struct, frozen=True):
    """One act: what it is called, its legal effect, the clause, and one cell for each office."""

    act: str
    words: str
    effect: str
    provisions: tuple[str, ...]
    cells: tuple[Cell, ...]


@get("/parties/acts", include_in_schema=False, sync_to_thread=True)
def permits_page(page: NamedDependency[Page]) -> Answer[Any]:
    """Acts by office, for the members of one group: `group` chooses, the protected state by default."""
    kinds = ("protected", *(group.id for group in page.compact.groups if group.tier), "named")
    group = asked.choice(page, "group", kinds) or "protected"
    lines = [line(page, act, group) for act in ordered()]
    denied = [one for one in lines if not any(cell.may for cell in one.cells)]
    allowed = [one for one in lines if any(cell.may for cell in one.cells)]
    return render(
        page, "parties/acts.html", title=permits_title(page, group, len(allowed)), active="parties",
        data={"group": group, "allowed": [one.act for one in allowed], "denied": [one.act for one in denied]},
        tables={"permits": Table(COLUMNS, list(rows(page)))},
        lines=allowed, denied=denied, roles=page.compact.roles, group=group,
        chips=[(kind if kind != "protected" else None, group_name(page, kind), None) for kind in kinds],
        chosen=None if group == "protected" else group,
        clock=[title(page.words, ACTS, act) for act in CLOCK_ACTS],
    )  # fmt: skip


def permits_title(page: Page, group: str, count: int) -> str:
    """How many kinds of act are open to the group."""
    return page.words.ngettext(
        "%(num)s kind of act is open to: %(group)s",
        "%(num)s kinds of act are open to: %(group)s",
        count,
        group=group_name(page, group),
    )


def group_name(page: Page, group: str) -> str:
    """A group as the page names it."""
    if group == "named":
        return page.words.gettext("states named, not yet party")
    return names(page).group(group)


def ordered() -> list[str]:
    """Acts in the order in which pages list them, without the depositary's own."""
    known = [act for act in ACTS if act in ACT_NAMES]
    return [act for act in (*known, *(a for a in ACT_NAMES if a not in known)) if act not in CLOCK_ACTS]


def line(page: Page, act: str, group: str) -> Line:
    """One act for the members of a group."""
    permits = [
        (provision, permit)
        for provision, permit in page.clauses.permits(act)
        if any(reaches(page, by.group, group) for by in permit.by)
    ]
    cells = tuple(cell(page, permits, role.id, group) for role in page.compact.roles)
    ids = tuple(dict.fromkeys(provision.id for provision, _ in permits))
    effect = title(page.words, EFFECT_WORDS, EFFECTS[act])
    return Line(act, title(page.words, ACTS, act), effect, ids, cells)


def reaches(page: Page, named: str, group: str) -> bool:
    """Whether a permit for the group `named` reaches the members of `group`: built-in words included."""
    if named in (group, "named"):
        return True
    if group == "named":
        return False
    if named in ("parties", "addressed"):
        return True
    if group == "protected":
        return named == page.compact.protected
    roll = page.clauses.one(Roll)
    return named == "guarantors" and roll is not None and group in roll[1].groups


def cell(page: Page, permits: list[tuple[Provision, Permit]], role: str, group: str) -> Cell:
    """Whether the office may, by any of the permits, and what it needs."""
    _ = page.words.gettext
    for _provision, permit in permits:
        fitting = [by for by in permit.by if reaches(page, by.group, group) and (not by.roles or role in by.roles)]
        if not fitting:
            continue
        notes = []
        if permit.signatures > 1:
            notes.append(page.words.ngettext("%(num)s seat signs", "%(num)s seats sign", permit.signatures))
        if permit.wait is not None:
            notes.append(_("after %(time)s of silence", time=page.words.span(permit.wait)))
        if all(by.group == "addressed" for by in fitting):
            notes.append(_("if addressed"))
        return Cell(True, ", ".join(notes))
    return Cell(False)


def rows(page: Page) -> Iterator[tuple[object, ...]]:
    """Every permit as it stands in the compact: one row for each act, group and role."""
    for act in ordered():
        for provision, permit in page.clauses.permits(act):
            for by in permit.by:
                for role in by.roles or ("any",):
                    yield (
                        act, EFFECTS[act], by.group, role, provision.id, page.source(provision).kind,
                        permit.signatures, permit.wait,
                    )  # fmt: skip


routes: list[ControllerRouterHandler] = [permits_page]
