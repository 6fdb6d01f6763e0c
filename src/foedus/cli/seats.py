"""`seat enrol`, `rotate`, `revoke`, `root`, `recover`, `list`: which offices may act, and with which key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import DepositaryKey, Json, Keys, Lang, PassphraseFiles, Record, Seats, party_and_role
from foedus.cli.opening import opened
from foedus.cli.recovering import RECOVER_EPILOG, ROOT_EPILOG, recover, root
from foedus.cli.seat_table import TABLE, table
from foedus.cli.session import _, session
from foedus.errors import Refused

if TYPE_CHECKING:
    from foedus.parties.state import Seat as SeatHeld
    from foedus.state import State

Seat = Annotated[str, typer.Argument(metavar="PARTY/ROLE", help=_("The seat, such as POL/duty."))]
Public = Annotated[
    str,
    typer.Option("--public", metavar="KEY", help=_("The seat's key: public in hex, a key file, agent: or pkcs11:.")),
]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(
        help=_("Enrol a party's seats, replace or revoke their keys, or list them."), no_args_is_help=True
    )
    group.command("enrol", help=_("Give an office of your party a key."), epilog=_ENROL)(enrol)
    group.command("rotate", help=_("Give a seat another key; the old one counts no more."), epilog=_ROTATE)(rotate)
    group.command("revoke", help=_("Let a seat's key count no more."), epilog=_REVOKE)(revoke)
    group.command("root", help=_("Deposit the root key that your party keeps offline."), epilog=ROOT_EPILOG)(root)
    group.command("recover", help=_("Get a party's seats back with its root key."), epilog=RECOVER_EPILOG)(recover)
    group.command("table", help=_("Who may do what: every act by every office, and the clause."), epilog=TABLE)(table)
    group.command("list", help=_("List the seats and their keys."), epilog="foedus seat list demo --json")(list_)
    app.add_typer(group, name="seat")


_ENROL = "foedus seat enrol record POL/duty --public pol-duty.key --key pol-head.key"
_ROTATE = "foedus seat rotate record POL/duty --public pol-duty-2.key --key pol-head.key"
_REVOKE = "foedus seat revoke record POL/duty --key pol-head.key"


def enrol(
    record: Record,
    seat: Seat,
    *,
    public: Public,
    key: Keys = None,
    seats: Seats = None,
    passphrase_file: PassphraseFiles = None,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", metavar="KIND", help=_("Only for this act; may be repeated.")),
    ] = None,
    depositary_key: DepositaryKey = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Enrol it, signed by a seat of the same party that may."""
    from foedus.cli.acting import By, enter
    from foedus.keyring import public_key
    from foedus.parties.acts import EnrolSeat

    party, role = party_and_role(seat)
    named = public_key(public).hex()

    def body(state: State) -> EnrolSeat:
        if _in_force(state, seat) is not None:
            raise Refused(
                "record/seat",
                "{seat} has a key: `foedus seat rotate` replaces it, `foedus seat revoke` ends it",
                seat=seat,
            )
        return EnrolSeat(party, role, _free(state, named), tuple(scope or ()))

    enter(record, body, By(key or (), seats or (), passphrase_file, depositary_key))


def rotate(
    record: Record,
    seat: Seat,
    *,
    public: Public,
    key: Keys = None,
    seats: Seats = None,
    passphrase_file: PassphraseFiles = None,
    depositary_key: DepositaryKey = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Replace its key, for the acts it had, signed by a seat of the same party that may."""
    from foedus.cli.acting import By, enter
    from foedus.keyring import public_key
    from foedus.parties.acts import EnrolSeat

    named = public_key(public).hex()

    def body(state: State) -> EnrolSeat:
        held = _in_force(state, seat)
        if held is None:
            raise Refused("record/seat", "{seat} has no key to replace: `foedus seat enrol` gives it one", seat=seat)
        return EnrolSeat(held.party, held.role, _free(state, named), held.scope)

    enter(record, body, By(key or (), seats or (), passphrase_file, depositary_key))


def revoke(
    record: Record,
    seat: Seat,
    *,
    key: Keys = None,
    seats: Seats = None,
    passphrase_file: PassphraseFiles = None,
    depositary_key: DepositaryKey = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Revoke it, signed by a seat of the same party that may."""
    from foedus.cli.acting import By, enter
    from foedus.parties.acts import RevokeSeat

    enter(record, lambda _: RevokeSeat(seat), By(key or (), seats or (), passphrase_file, depositary_key))


def _in_force(state: State, seat: str) -> SeatHeld | None:
    """The seat, when it has a key that counts."""
    held = state.parties.seats.get(seat)
    return None if held is None or held.revoked is not None else held


def _free(state: State, public: str) -> str:
    """The public key itself when it speaks for no seat. Raises Refused naming the seat that has it."""
    from foedus.parties.state import key_id

    seat = state.parties.seat_of_key.get(key_id(public))
    if seat is not None:
        raise Refused(
            "record/key",
            "key {key} already speaks for {seat}: make another with `foedus key new`",
            key=key_id(public),
            seat=seat,
        )
    return public


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
