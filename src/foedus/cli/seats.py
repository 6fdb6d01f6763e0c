"""`seat enrol`, `seat revoke` and `seat list`: which offices may act, and with which key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import DepositaryKey, Json, KeyFiles, Lang, Record, Seats
from foedus.cli.opening import opened
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.acts import Body

Seat = Annotated[str, typer.Argument(metavar="PARTY/ROLE", help=_("The seat, such as POL/duty."))]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=_("Enrol or revoke a party's seats, or list them."), no_args_is_help=True)
    group.command("enrol", help=_("Give an office of your party a key."), epilog=_ENROL)(enrol)
    group.command("revoke", help=_("Let a seat's key count no more."), epilog=_REVOKE)(revoke)
    group.command("list", help=_("List the seats and their keys."), epilog="foedus seat list demo --json")(list_)
    app.add_typer(group, name="seat")


_ENROL = "foedus seat enrol record POL/duty --public pol-duty.key --key pol-head.key"
_REVOKE = "foedus seat revoke record POL/duty --key pol-head.key"


def enrol(
    record: Record,
    seat: Seat,
    *,
    public: Annotated[str, typer.Option("--public", metavar="HEX|KEYFILE", help=_("The seat's public key."))],
    key: KeyFiles = None,
    seats: Seats = None,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", metavar="KIND", help=_("Only for this act; may be repeated.")),
    ] = None,
    depositary_key: DepositaryKey = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Enrol it, signed by a seat of the same party that may."""
    from foedus.cli.acting import enter
    from foedus.cli.founding import public_key
    from foedus.parties.acts import EnrolSeat

    party, slash, role = seat.partition("/")
    if not (slash and party and role):
        raise Malformed("{found!r}: PARTY/ROLE was expected, such as POL/duty", found=seat)
    body: Body = EnrolSeat(party, role, public_key(public), tuple(scope or ()))
    enter(record, body, key or (), seats or (), depositary_key)


def revoke(
    record: Record,
    seat: Seat,
    *,
    key: KeyFiles = None,
    seats: Seats = None,
    depositary_key: DepositaryKey = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Revoke it, signed by a seat of the same party that may."""
    from foedus.cli.acting import enter
    from foedus.parties.acts import RevokeSeat

    enter(record, RevokeSeat(seat), key or (), seats or (), depositary_key)


def list_(record: Record, json: Json = False, lang: Lang = None) -> None:
    """Every seat, revoked ones too."""
    from foedus.record.keys import key_id
    from foedus.words.names import Names

    with opened(record) as found:
        names = Names(session.words, found.depositary.clauses)
        seats = sorted(found.depositary.state.parties.seats.values(), key=lambda seat: seat.id)
    data = [
        {
            "seat": seat.id,
            "party": seat.party,
            "role": seat.role,
            "public": seat.keys[-1].value,
            "key_id": key_id(bytes.fromhex(seat.keys[-1].value)),
            "scope": seat.scope,
            "since": seat.keys[-1].place.at,
            "revoked": seat.revoked.at if seat.revoked else None,
        }
        for seat in seats
    ]
    revoked = _("revoked")
    lines = [f"{seat.id:24} {names.seat(seat.id)}" + (f" ({revoked})" if seat.revoked else "") for seat in seats]
    session.answer(data, lines)
