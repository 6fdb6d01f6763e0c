"""Who may do what: every act by every office, under every marking, with the clause that permits it.

Shows `parties/powers.py` and computes nothing of its own. Whether an act is open at a moment depends on the state, and
is shown to a seat on its own page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.acts import EFFECTS, LEVELS
from foedus.compact.model import Named
from foedus.errors import Malformed
from foedus.parties import powers
from foedus.parties.powers import DEPOSITARYS, Marks, Power
from foedus.parties.state import Seat
from foedus.web import asked
from foedus.web.board import names
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.words.bodies import power_note
from foedus.words.titles import ACTS, title
from foedus.words.titles import EFFECTS as EFFECT_WORDS
from foedus.words.titles import LEVELS as LEVEL_WORDS

COLUMNS = ("act", "effect", "role", "may", "rule", "signatures", "wait", "addressed", "only")
PERMITS = ("act", "effect", "group", "role", "provision", "source", "signatures", "wait")


class Cell(Struct, frozen=True):
    """What an office may, and what it needs besides, in words."""

    power: Power
    note: str = ""


class Line(Struct, frozen=True):
    """One act: what it is called, its legal effect, the clauses, and one cell for each office."""

    act: str
    words: str
    effect: str
    provisions: tuple[str, ...]
    cells: tuple[Cell, ...]


class Asked(Struct, frozen=True):
    """Of whom the table is: a group, or one seat, with its office alone; and how the act is marked."""

    group: str
    seat: Seat | None
    marks: Marks
    roles: tuple[Named, ...]


@get("/parties/acts", include_in_schema=False, sync_to_thread=True)
def permits_page(page: NamedDependency[Page]) -> Answer[Any]:
    """Acts by office: `group` chooses whose, the protected state's by default; `seat` one seat; `level` a marking."""
    asked_of = asking(page)
    lines = [line(page, act, asked_of) for act in powers.ordered(tuple(ACTS))]
    allowed = [one for one in lines if any(cell.power.may for cell in one.cells)]
    denied = [one for one in lines if one not in allowed]
    seat, marks = asked_of.seat, asked_of.marks
    whose = page.seat_name(seat.id) if seat else group_name(page, asked_of.group)
    return render(
        page, "parties/acts.html", title=permits_title(page, whose, len(allowed)), active="parties",
        data={
            "group": None if seat else asked_of.group, "seat": seat.id if seat else None, "level": marks.level,
            "ceiling": marks.ceiling, "allowed": [one.act for one in allowed], "denied": [one.act for one in denied],
        },
        tables={
            "powers": Table(COLUMNS, list(rows(lines, asked_of.roles))),
            "permits": Table(PERMITS, list(permits(page))),
        },
        lines=allowed, denied=denied, asked=asked_of, whose=whose, chips=chips(page),
        chosen=None if asked_of.group == "protected" or seat else asked_of.group,
        level=None if marks.level == LEVELS[0] else marks.level,
        ceiling=title(page.words, LEVEL_WORDS, marks.ceiling),
        clock=[title(page.words, ACTS, act) for act in DEPOSITARYS],
    )  # fmt: skip


def asking(page: Page) -> Asked:
    """What the address asks. Raises Malformed."""
    record = page.state.parties.record
    assert record is not None, "only an opened record is served"
    group = asked.choice(page, "group", powers.groups(page.clauses)) or "protected"
    level = asked.choice(page, "level", LEVELS) or LEVELS[0]
    named = asked.code(page, "seat")
    seat = page.state.parties.seats.get(named) if named else None
    if named and (seat is None or seat.revoked is not None):
        raise Malformed("there is no seat {found!r} in this record, or its key was revoked", found=named[:40])
    roles = tuple(role for role in page.compact.roles if seat is None or role.id == seat.role)
    return Asked(group, seat, Marks(level, record.ceiling), roles)


def chips(page: Page) -> dict[str, list[tuple[str | None, str, int | None]]]:
    """The filters; no count stands beside a choice."""
    groups = powers.groups(page.clauses)
    return {
        "group": [(None if one == "protected" else one, group_name(page, one), None) for one in groups],
        "level": [(None if one == LEVELS[0] else one, title(page.words, LEVEL_WORDS, one), None) for one in LEVELS],
    }


def permits_title(page: Page, whose: str, count: int) -> str:
    """How many kinds of act are open to the group or the seat."""
    return page.words.ngettext(
        "%(num)s kind of act is open to: %(group)s", "%(num)s kinds of act are open to: %(group)s", count, group=whose
    )


def group_name(page: Page, group: str) -> str:
    """A group as the page names it."""
    if group == powers.NAMED:
        return page.words.gettext("states named, not yet party")
    return names(page).group(group)


def line(page: Page, act: str, of: Asked) -> Line:
    """One act for each office."""
    found = [power(page, act, role, of) for role in of.roles]
    ids = tuple(dict.fromkeys(one.rule for one in found if one.may))
    cells = tuple(Cell(one, power_note(names(page), one)) for one in found)
    return Line(act, title(page.words, ACTS, act), title(page.words, EFFECT_WORDS, EFFECTS[act]), ids, cells)


def power(page: Page, act: str, role: Named, of: Asked) -> Power:
    """What one office may do."""
    if of.seat is None:
        return powers.power_in_group(page.clauses, act, role.id, of.group, of.marks)
    side = powers.side_of(page.clauses, page.state, of.seat.party)
    return powers.power(page.clauses, act, role.id, side, of.marks, of.seat.scope)


def rows(lines: list[Line], roles: tuple[Named, ...]) -> Iterator[tuple[object, ...]]:
    """Every cell, denied ones too: one row for each act and office."""
    for one in lines:
        for role, cell in zip(roles, one.cells, strict=True):
            found = cell.power
            yield (
                one.act, EFFECTS[one.act], role.id, found.may, found.rule, found.signatures, found.wait,
                found.addressed, " ".join(found.only),
            )  # fmt: skip


def permits(page: Page) -> Iterator[tuple[object, ...]]:
    """Every permit as it stands in the compact: one row for each act, group and role."""
    for act in powers.ordered(tuple(ACTS)):
        for provision, permit in page.clauses.permits(act):
            for by in permit.by:
                for role in by.roles or ("any",):
                    yield (
                        act, EFFECTS[act], by.group, role, provision.id, page.source(provision).kind,
                        permit.signatures, permit.wait,
                    )  # fmt: skip


routes: list[ControllerRouterHandler] = [permits_page]
