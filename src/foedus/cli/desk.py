"""`desk`: an officer's own console over a verified copy of a record, with the key that signs on this machine."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Lang, OrElse, PassphraseFiles
from foedus.cli.console import Port
from foedus.cli.passphrases import Passphrases
from foedus.cli.session import _, session
from foedus.errors import Conflict, Malformed, Refused

if TYPE_CHECKING:
    from foedus.desk.desk import Desk
    from foedus.desk.epochs import Continued
    from foedus.desk.published import Published
    from foedus.record.keys import SigningKey
    from foedus.record.note import VerifierKey
    from foedus.remote import Remote

    Publishers = tuple[Published, Remote | None]

_DESK = "foedus desk https://foedus.example --key pol-duty.key"


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("desk", help=_("Open your desk: your own verified copy, and the key that signs."), epilog=_DESK)(desk)


def desk(
    record: Annotated[
        str, typer.Argument(metavar="URL|EXPORT", help=_("The server to follow, or an export that was carried here."))
    ],
    *,
    key: Annotated[
        str, typer.Option("--key", metavar="KEY", help=_("The key of your seat: a file, agent:… or pkcs11:…."))
    ],
    passphrase_file: PassphraseFiles = None,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help=_("Where the copy is kept; named after the seat if not given.")),
    ] = None,
    token: Annotated[str | None, typer.Option("--token", help=_("A read token of your party."))] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", metavar="FILE", help=_("The record's key, known from elsewhere."))
    ] = None,
    others: OrElse = None,
    port: Port = 8100,
    lang: Lang = None,
) -> None:
    """Follow, serve the console on the loopback, sign and hand in, until stopped."""
    from foedus.keyring import known, open_key
    from foedus.verify import read_keys

    signing = open_key(key, Passphrases(passphrase_file))
    where = folder or Path(f"desk-{known(key).name.replace('/', '-')}")
    log = read_keys(keys)[0] if keys else None
    secret = token_urlsafe(32)
    while open_once(where, log, publisher(record, token, others or ()), signing, port, secret):
        pass  # the record goes on elsewhere, and the copy was begun anew from there


def open_once(
    folder: Path, log: VerifierKey | None, publishers: Publishers, key: SigningKey, port: int, secret: str
) -> bool:
    """The desk until it is stopped; or until its copy was begun anew: then True, and it is to be opened again."""
    from foedus.desk.copy import Copy
    from foedus.desk.desk import Desk
    from foedus.desk.epochs import Continued
    from foedus.desk.late import go_over

    source, remote = publishers
    copy = Copy.open(folder, log)
    continued: Continued | None = None
    try:
        opened = Desk(copy, source, remote)
        try:
            first_copy(opened)
            serve(opened, key, port, secret)
        except Continued as problem:
            opened.leave_out(problem)
        continued = opened.continued
    finally:
        if continued is None:
            copy.close()
        source.close()
    if continued is not None:
        told(continued)
        go_over(copy, continued.entries)
    return continued is not None


def told(continued: Continued) -> None:
    """Say that the copy begins anew, and from where."""
    from foedus.words.failures import say_error

    sys.stderr.write(f"foedus: {say_error(session.words, continued)}\n")
    sys.stderr.flush()


def publisher(address: str, token: str | None, others: Sequence[str] = ()) -> Publishers:
    """What is followed, and the server to hand acts in to, if it is one. Raises Malformed.

    `others`: where else the record may be served. Following and handing in find their own way there.
    """
    from foedus.desk.published import Carried, Server
    from foedus.record.store import shown
    from foedus.remote import Remote
    from foedus.verify.container import Container
    from foedus.verify.sources import folder_fetch

    if address.startswith(("http://", "https://")):
        follows, hands_in = (Remote(address, token, language=session.language, others=others) for _n in range(2))
        return Server(follows), hands_in
    path = Path(address)
    if path.is_file():
        return Carried(address, Container(path).read), None
    if (path / "checkpoint").is_file():
        return Carried(address, folder_fetch(path)), None
    raise Malformed(
        "{address}: the address of a server was expected, or the folder or file of an export", address=shown(address)
    )


def first_copy(opened: Desk) -> None:
    """Catch up before the console opens. A copy that holds something opens without its server too."""
    from foedus.desk.epochs import Continued
    from foedus.words.failures import say_error

    try:
        with session.progress(_("Verifying and recomputing")) as progress:
            opened.follow_once(progress=progress)
    except Conflict as problem:
        if isinstance(problem, Continued) or not opened.copy.size:
            raise
        sys.stderr.write(f"foedus: {say_error(session.words, problem)}\n")


def serve(opened: Desk, key: SigningKey, port: int, secret: str) -> None:
    """The console of the desk, until stopped, or until its copy has to begin anew."""
    from foedus.cli.console import have
    from foedus.desk.acting import AtDesk
    from foedus.desk.pages import routes
    from foedus.web.app import create_app
    from foedus.web.server import serve as answer

    logging.getLogger("httpx").setLevel(logging.WARNING)  # a desk asks its server all day long
    acting = AtDesk(opened, key, secret)
    if not acting.seat(""):
        raise Refused("record/seat", "key {key} speaks for no seat of this record, or was revoked", key=acting.key_id)
    have("127.0.0.1", port)
    url = f"http://localhost:{port}"
    session.clauses = opened.copy.depositary.clauses
    way_in = f"{url}/enter/{acting.secret}"
    said = _("Your desk is open at %(url)s. Only this address lets you in. Stop with Ctrl-C.", url=way_in)
    sys.stderr.write(f"{said}\n")
    opened.party = opened.copy.state.parties.seats[acting.seat("")].party
    # Whoever ends it, a person or the record that goes on elsewhere: it stops in the same way.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    opened.ended = lambda: os.kill(os.getpid(), signal.SIGTERM)
    opened.start()
    try:
        answer(create_app(opened.copy.depositary, acting=acting, base_url=url, more=routes), port=port)
    except KeyboardInterrupt:
        if opened.continued is None:
            sys.stderr.write("\n")
    finally:
        opened.stop()
