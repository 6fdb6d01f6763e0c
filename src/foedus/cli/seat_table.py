"""`seat table`: what a seat may do, every act by every office of a group, or of one seat, under a marking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang, Record
from foedus.cli.opening import opened
from foedus.cli.session import _, session

if TYPE_CHECKING:
    from foedus.compact.clauses import Clauses
    from foedus.parties.powers import Power
    from foedus.state import State
    from foedus.words.names import Names

TABLE = "foedus seat table demo --group core --json"
Row = tuple[str, str, "Power"]


def table(
    record: Record,
    group: Annotated[
        str | None, typer.Option("--group", metavar="GROUP", help=_("Of a tier, or: protected, named."))
    ] = None,
    seat: Annotated[
        str | None, typer.Option("--seat", metavar="PARTY/ROLE", help=_("Of one seat, as things stand."))
    ] = None,
    level: Annotated[str, typer.Option("--level", metavar="LEVEL", help=_("How the act is marked."))] = "unclassified",
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Show it: what the compact permits, not what is open at this moment."""
    from msgspec.structs import asdict

    from foedus.words.names import Names

    with opened(record) as found:
        names = Names(session.words, found.depositary.clauses)
        rows = list(_rows(found.depositary.clauses, found.depositary.state, group, seat, level))
    data = [{"act": act, "role": role, **asdict(power)} for act, role, power in rows]
    session.answer(data, _lines(names, rows))


def _rows(clauses: Clauses, state: State, group: str | None, seat: str | None, level: str) -> Iterator[Row]:
    """Every act by every office. Raises Malformed for a group, seat or level that is none."""
    from foedus.acts import LEVELS
    from foedus.errors import Malformed
    from foedus.parties import powers
    from foedus.words.titles import ACTS

    known, held = powers.groups(clauses), state.parties.seats.get(seat or "")
    for name, value, expected in (("--group", group or known[0], known), ("--level", level, LEVELS)):
        if value not in expected:
            raise Malformed(
                "{name}: one of {expected} was expected; found {found!r}",
                name=name,
                expected=", ".join(expected),
                found=value,
            )
    if seat is not None and (held is None or held.revoked is not None):
        raise Malformed("there is no seat {found!r} in this record, or its key was revoked", found=seat)
    assert state.parties.record is not None, "only an opened record is read"
    marks = powers.Marks(level, state.parties.record.ceiling)
    for act in powers.ordered(tuple(ACTS)):
        if held is not None:
            side = powers.side_of(clauses, state, held.party)
            yield act, held.role, powers.power(clauses, act, held.role, side, marks, held.scope)
            continue
        for role in clauses.compact.roles:
            yield act, role.id, powers.power_in_group(clauses, act, role.id, group or known[0], marks)


def _lines(names: Names, rows: list[Row]) -> Iterator[str]:
    """One line for each act: the offices that may, what they need besides, and the clause."""
    from itertools import groupby

    from foedus.words.bodies import power_note
    from foedus.words.titles import ACTS, title

    for act, found in groupby(rows, key=lambda row: row[0]):
        cells = list(found)
        able = [(role, power) for _act, role, power in cells if power.may]
        offices = [f"{role} ({note})" if (note := power_note(names, power)) else role for role, power in able]
        rules = ", ".join(dict.fromkeys(power.rule for _role, power in able) or (cells[0][2].rule,))
        yield f"{title(names.words, ACTS, act)}: {', '.join(offices) or _('nobody')} [{rules}]"
