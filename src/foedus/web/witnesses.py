"""What witnesses settled, as pages show it: how many entries, who cosigned last, when, and who has not."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from foedus.web.board import names
from foedus.web.marks import Mark
from foedus.web.page import Page


class Row(Struct, frozen=True):
    """One witness. `size`: of the checkpoint it cosigned last, 0 for none lately. `outside`: runs no server."""

    seat: str
    name: str
    outside: bool
    size: int
    at: datetime | None


class Standing(Struct, frozen=True):
    """What is settled now. `size`: of the largest checkpoint that a witness cosigned; `cosigned` of `total` did."""

    settled: int
    size: int
    cosigned: int
    total: int
    at_least: int
    outside_at_least: int
    operator: str
    provision: str
    mark: Mark
    rows: tuple[Row, ...]


def standing(page: Page) -> Standing | None:
    """What is settled now, whatever moment the page shows; None where the compact names no witnesses."""
    found = page.console.settling.stands()
    if found is None:
        return None
    newest, seats = found.newest, page.state.parties.seats
    outside = {one.seat for one in newest.cosigned if one.outside}
    rows = tuple(
        Row(
            seat,
            page.name(seats[seat].party),
            seat in outside or _outside(page, newest.operator, seats[seat].party),
            size,
            at,
        )
        for seat, (size, at) in sorted(found.last.items(), key=lambda item: (-item[1][0], item[0]))
    )
    return Standing(
        found.size, newest.size, len(newest.cosigned), len(newest.witnesses), newest.at_least, newest.outside_at_least,
        names(page).group(newest.operator), newest.provision, _mark(page, found.size), rows,
    )  # fmt: skip


def entry(page: Page, number: int) -> Mark:
    """Whether one entry is settled."""
    _ = page.words.gettext
    if number < page.console.settling.settled():
        return Mark("tick", "green", _("Settled"))
    return Mark("dot", "ink", _("Not settled yet"))


def _outside(page: Page, operator: str, party: str) -> bool:
    return party not in page.clauses.members(operator)


def _mark(page: Page, settled: int) -> Mark:
    _, size = page.words.gettext, page.state.size
    if not settled:
        return Mark("empty", "ink", _("Nothing is settled yet"))
    if settled < size:
        said = _("Settled: the first %(n)s of %(total)s entries", n=page.number(settled), total=page.number(size))
        return Mark("half", "blue", said)
    return Mark("tick", "green", _("Settled: all %(total)s entries", total=page.number(size)))
