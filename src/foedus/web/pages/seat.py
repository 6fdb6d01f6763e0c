"""Change seat: in an exercise the reader may act as any seat of any party. A live record has no such page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Response as Answer
from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect
from msgspec import Struct

from foedus.errors import Malformed
from foedus.response.state import Response
from foedus.web import board, running
from foedus.web.frame import Table, cookie, render
from foedus.web.page import Page
from foedus.web.unanswered import NotHere


class SeatRow(Struct, frozen=True):
    """A party with its seats, and where it stands in the response that runs."""

    party: str
    name: str
    tier: str
    mark: Any
    seats: tuple[tuple[str, str], ...]


class Hint(Struct, frozen=True):
    """A seat from which there is something to do, and what."""

    seat: str
    name: str
    what: str


@get("/seat", include_in_schema=False, sync_to_thread=False)
def seats(page: NamedDependency[Page]) -> Answer[Any]:
    """Every seat, by party."""
    _exercise(page)
    first = next(iter(running.running(page, 1)[0]), None)
    rows = [row for row in _rows(page, first) if page.query.get("tier") in (None, "", row.tier)]
    table = Table(
        ("party", "name", "tier", "seat"), [(r.party, r.name, r.tier, id_) for r in rows for id_, _ in r.seats]
    )
    tiers: list[tuple[str | None, str, int | None]] = [(None, page.words.gettext("All"), None)]
    tiers += [(group.id, page.say(group.name), None) for group in page.compact.groups if group.tier]
    return render(
        page,
        "seat.html",
        title=page.words.gettext("Choose a seat"),
        data={"seat": page.seat.id if page.seat else None},
        tables={"seats": table},
        rows=rows,
        tiers=tiers,
        chosen=page.query.get("tier"),
        hints=hints(page, first),
        back=_local(page.query.get("back")),
    )


@post("/seat", include_in_schema=False, status_code=303, sync_to_thread=False)
def choose(
    page: NamedDependency[Page], data: Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Redirect:
    """Remember the seat in the reader's cookie. Raises Malformed for a seat that does not exist."""
    _exercise(page)
    seat = data.get("seat", "")
    if seat and seat not in page.state.parties.seats:
        raise Malformed("there is no seat {found!r} in this record", found=seat[:40])
    remembered: list[Cookie] = [cookie(page.lang, seat)]
    return Redirect(_local(data.get("back")), status_code=303, cookies=remembered)


def _exercise(page: Page) -> None:
    if page.console.acting is None or not page.console.acting.chooses:
        raise NotHere("only an exercise lets a reader act as a seat")


def _local(path: str | None) -> str:
    """A path of this console, else Home: a form may not send the reader elsewhere."""
    return path if path and path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _rows(page: Page, response: Response | None) -> list[SeatRow]:
    standings = {row.party: row for row in board.standings(page, response)} if response else {}
    marks = {row.party: group.mark for group in board.groups(page, list(standings.values())) for row in group.members}
    order = {role.id: place for place, role in enumerate(page.compact.roles)}
    by_party: dict[str, list[tuple[str, str]]] = {}
    for seat in sorted(page.state.parties.seats.values(), key=lambda seat: order.get(seat.role, 99)):
        if seat.revoked is None:
            by_party.setdefault(seat.party, []).append((seat.id, page.role(seat.role)))
    rows = [SeatRow(p, page.name(p), _tier(page, p), marks.get(p), tuple(found)) for p, found in by_party.items()]
    return sorted(rows, key=lambda row: (row.party != page.compact.protected, page.sort_key(row.name)))


def _tier(page: Page, party: str) -> str:
    tiers = page.state.parties.tiers.get(party)
    return tiers[-1].value if tiers else ""


def hints(page: Page, response: Response | None) -> Sequence[Hint]:
    """Seats from which a newcomer sees the procedure at work: one of each kind of thing that is open now."""
    if response is None:
        return [_hint(page, f"{page.compact.protected}/duty", page.words.gettext("report an incident"))]
    _ = page.words.gettext
    standings = board.standings(page, response)
    asked = (
        (("none", "silent"), "duty", _("acknowledge the call")),
        (("acknowledged",), "foreign", _("register a delegation")),
        (("named",), "delegation", _("record presence")),
        (("present",), "delegation", _("take positions on the measures")),
    )
    found = []
    for codes, role, what in asked:
        row = next((r for r in standings if r.code in codes and f"{r.party}/{role}" in page.state.parties.seats), None)
        if row is not None:
            found.append(_hint(page, f"{row.party}/{role}", what))
    return [*found, _hint(page, f"{page.compact.protected}/foreign", _("propose measures"))]


def _hint(page: Page, seat: str, what: str) -> Hint:
    return Hint(seat, page.seat_name(seat), what)


routes = [seats, choose]
