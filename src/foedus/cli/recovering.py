"""`seat root` and `seat recover`: the key that a party keeps offline, and what it is kept for.

A recovery may be signed where no network and no record is: `--out` writes it, `foedus sign` signs it there, `foedus
submit` hands it in.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.acting import Out
from foedus.cli.arguments import (
    DepositaryKey,
    Json,
    Keys,
    Lang,
    PassphraseFiles,
    Record,
    Seats,
    party_and_role,
    write_output,
)
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.parties.acts import DepositRootKey, RecoverSeat
    from foedus.state import State

ROOT_EPILOG = "foedus seat root record --public pol-root.key --key pol-head.key --key pol-foreign.key"
RECOVER_EPILOG = "foedus seat recover record POL/head --public pol-head-2.key --root-key pol-root.key"
RootPublic = Annotated[
    str, typer.Option("--public", metavar="KEY", help=_("The root key: public in hex, or its key file."))
]


def root(
    record: Record,
    *,
    public: RootPublic,
    key: Keys = None,
    seats: Seats = None,
    passphrase_file: PassphraseFiles = None,
    depositary_key: DepositaryKey = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Deposit it, signed by the seats that may, or by the root key before it."""
    from foedus.cli.acting import By, enter
    from foedus.keyring import public_key
    from foedus.parties.acts import DepositRootKey

    named = public_key(public).hex()

    def body(state: State) -> DepositRootKey:
        return DepositRootKey(named)

    enter(record, body, By(key or (), seats or (), passphrase_file, depositary_key))


def recover(
    record: Record,
    seat: Annotated[str, typer.Argument(metavar="PARTY/ROLE", help=_("The office that gets the new key."))],
    *,
    public: Annotated[
        str,
        typer.Option("--public", metavar="KEY", help=_("Its new key: public in hex, a key file, agent: or pkcs11:.")),
    ],
    root_key: Annotated[
        str | None,
        typer.Option("--root-key", metavar="KEY", help=_("The party's root key: a key file or pkcs11:URI.")),
    ] = None,
    revoke: Annotated[
        list[str] | None,
        typer.Option(
            "--revoke", metavar="PARTY/ROLE", help=_("Revoke this seat only; may be repeated. Every seat if not given.")
        ),
    ] = None,
    out: Out = None,
    passphrase_file: PassphraseFiles = None,
    depositary_key: DepositaryKey = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Revoke the party's seats and give one a new key, signed by its root key."""
    from foedus.cli.acting import By, enter, written
    from foedus.keyring import public_key
    from foedus.parties.acts import ROOT, RecoverSeat

    party, role = party_and_role(seat)
    if root_key is None and out is None:
        raise Malformed("nobody signs: give --root-key KEY, or --out FILE to sign it on a machine without a network")
    named = public_key(public).hex()

    def body(state: State) -> RecoverSeat:
        return RecoverSeat(role, named, tuple(revoke or ()))

    by = By([root_key] if root_key else (), (), passphrase_file, depositary_key)
    if out is None:
        enter(record, body, by)
        return
    write_output(out, written(record, body, by, f"{party}/{ROOT}") + b"\n")
    session.answer({"file": str(out), "signed": root_key is not None}, _next(out, record, signed=root_key is not None))


def _next(out: Path, record: str, *, signed: bool) -> list[str]:
    if signed:
        return [_("Signed. Hand it in: foedus submit %(record)s %(file)s", record=record, file=out)]
    return [
        _("Not signed yet. Carry it to the machine of the root key, and sign it there:"),
        f"  foedus sign {out} --key ROOT-KEY --out signed.json",
        _("Then hand it in: foedus submit %(record)s %(file)s", record=record, file="signed.json"),
    ]
