"""`act`, `act new`, `sign`, `submit`: an act from an empty form to its receipt, in one step or in three."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli import printing, transcribing
from foedus.cli.arguments import (
    DepositaryKey,
    Json,
    Keys,
    Lang,
    Level,
    PassphraseFiles,
    Record,
    ReleaseTo,
    Seats,
    read_input,
    write_output,
)
from foedus.cli.opening import Opened, demo_keys, opened
from foedus.cli.passphrases import Passphrases
from foedus.cli.session import _, read_json, session
from foedus.cli.signed import Files, prepare
from foedus.errors import Conflict, Malformed
from foedus.submission import Signed, hand_in, read_signed

if TYPE_CHECKING:
    from foedus.acts import Body
    from foedus.depositary import Receipt
    from foedus.record.keys import SigningKey
    from foedus.state import State

File = Annotated[str, typer.Argument(metavar="FILE|-", help=_("The act's body in JSON; - for the standard input."))]
Attach = Annotated[
    list[Path] | None, typer.Option("--attach", metavar="FILE", help=_("Attach a statement of reasons."))
]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=_("Write to a new file."))]


COMMANDS = frozenset({"new", "perform", "print", "show", "enter"})


def spelled_out(arguments: Sequence[str]) -> list[str]:
    """`act DIR FILE` written as what it is short for, `act perform DIR FILE`; everything else as it is."""
    if len(arguments) > 1 and arguments[0] == "act" and arguments[1][:1] != "-" and arguments[1] not in COMMANDS:
        return ["act", "perform", *arguments[1:]]
    return list(arguments)


def add(app: typer.Typer) -> None:
    """Add the commands."""
    acts = typer.Typer(
        no_args_is_help=True,
        help=_("Perform an act: `act DIR FILE --key KEYFILE`. `act new KIND` writes an empty one."),
        epilog="foedus act demo ack.json --as POL/duty",
    )
    acts.command("perform", help=_("Sign an act and enter it in the record."), epilog=_PERFORM)(perform)
    acts.command("new", help=_("Write the body of an act, filled in as far as possible."), epilog=_NEW)(new)
    acts.command("enter", help=_("Enter what another seat said by telephone or on paper."), epilog=transcribing.EPILOG)(
        transcribing.enter
    )
    printing.add(acts)
    app.add_typer(acts, name="act")
    app.command("sign", help=_("Sign an act without submitting it, or add a second signature."), epilog=_SIGN)(sign)
    app.command("submit", help=_("Submit a signed act to a record or a server."), epilog=_SUBMIT)(submit)


_PERFORM = "foedus act perform record acknowledge.json --key pol-duty.key"
_NEW = "foedus act new Acknowledge --record demo --seat POL/duty > acknowledge.json"
_SIGN = "foedus sign acknowledge.json --record record --key pol-duty.key --out signed.json"
_SUBMIT = "foedus submit http://localhost:8000 signed.json"


def new(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=_("The act, such as ReportIncident."))],
    *,
    record: Annotated[str | None, typer.Option("--record", metavar="DIR", help=_("Fill in from this record."))] = None,
    seat: Annotated[str | None, typer.Option("--seat", help=_("For what this seat may do now."))] = None,
    about: Annotated[
        str | None,
        typer.Option("--about", metavar="ID", help=_("About this incident, response, measure or vote.")),
    ] = None,
    out: Out = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Write a body."""
    from foedus.cli.drafting import blank, drafted
    from foedus.signing import encode_body

    if record is None:
        data = encode_body(blank(kind), pretty=True)
    elif seat is None:
        raise Malformed("--record needs --seat: what an act can say depends on who says it")
    else:
        with opened(record) as found:
            data = encode_body(drafted(found.depositary, kind, seat, about), pretty=True)
    if out is not None:
        write_output(out, data + b"\n")
    else:
        typer.echo(data.decode())


def perform(
    record: Record,
    file: File,
    *,
    key: Keys = None,
    seats: Seats = None,
    passphrase_file: PassphraseFiles = None,
    attach: Attach = None,
    release_to: ReleaseTo = None,
    level: Level = "unclassified",
    depositary_key: DepositaryKey = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Sign and enter."""
    by = By(key or (), seats or (), passphrase_file, depositary_key)
    entered(record, read_input(file), file, by, Files(attach or (), release_to or (), level))


def sign(
    file: File,
    *,
    key: Keys = None,
    seats: Seats = None,
    passphrase_file: PassphraseFiles = None,
    record: Annotated[str | None, typer.Option("--record", metavar="DIR", help=_("The record the act is for."))] = None,
    attach: Attach = None,
    release_to: ReleaseTo = None,
    level: Level = "unclassified",
    out: Out = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Sign a body for a record, or add a signature to a signed act."""
    from foedus.signing import countersign, payload_of

    by, data = By(key or (), seats or (), passphrase_file), read_input(file)
    members = read_json(data, file)
    if "act" in members:
        if record is None:
            raise Malformed("{file} is a body: --record says which record it is for", file=file)
        files = Files(attach or (), release_to or (), level)
        with opened(record) as found:
            signed = _signed(found, data, file, by.keys_in(found, record), files)
    else:
        before = read_signed(data, file)
        envelope = before.envelope
        keys = by.own_keys()
        if keys:  # where it is signed nothing else may say what it says
            sys.stderr.write(f"foedus: {_('what you sign: %(statement)s', statement=payload_of(envelope))}\n")
        for each in keys:
            envelope = countersign(envelope, each)
        if envelope == before.envelope:
            raise Malformed("{file} is signed already; --key adds another signature", file=file)
        signed = Signed(envelope, before.blobs)
    if out is not None:
        write_output(out, signed.to_json() + b"\n")
    else:
        typer.echo(signed.to_json().decode())


def submit(
    record: Annotated[str, typer.Argument(metavar="DIR|URL", help=_("The record, or the address of its server."))],
    file: Annotated[str, typer.Argument(metavar="FILE|-", help=_("The signed act."))],
    depositary_key: DepositaryKey = None,
    passphrase_file: PassphraseFiles = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Hand a signed act in."""
    signed = read_signed(read_input(file), file)
    if record.startswith(("http://", "https://")):
        from foedus.remote import Remote

        try:
            with closing(Remote(record, language=session.language)) as remote:
                promised = hand_in(remote, signed)
        except Conflict as problem:
            raise Conflict(
                "{problem}: whether the act arrived is not known; submit it again", problem=problem
            ) from None
        session.answer(promised.receipt, [_("Recorded as entry %(entry)s.", entry=str(promised.entry))])
        return
    with opened(record, depositary_key, Passphrases(passphrase_file)) as found:
        receipt = found.depositary.perform(signed.envelope, signed.blobs)
        found.depositary.checkpoint()
        _receipt(found, receipt)


class By:
    """Who signs: keys, and in an exercise seats by their demo keys; the first speaks. With what opens them."""

    def __init__(
        self,
        keys: Sequence[str],
        seats: Sequence[str],
        passphrase_files: Sequence[Path] | None,
        depositary_key: Path | None = None,
    ) -> None:
        self._keys, self._seats, self._depositary_key = keys, seats, depositary_key
        self._ask = Passphrases(passphrase_files)

    def opened(self, record: str) -> AbstractContextManager[Opened]:
        """The record, to add to it."""
        return opened(record, self._depositary_key, self._ask)

    def own_keys(self) -> list[SigningKey]:
        """The keys named by --key, opened."""
        from foedus.keyring import open_key

        return [open_key(where, self._ask) for where in self._keys]

    def keys_in(self, found: Opened, record: str) -> list[SigningKey]:
        """Every key that signs in this record. Raises Malformed when there is none."""
        keys = self.own_keys()
        if self._seats:
            demo = demo_keys(found.demo, record)
            keys += [demo.key_of(seat) for seat in self._seats]
        if not keys:
            raise Malformed("nobody signs: give --key KEY, or in an exercise --as SEAT")
        return keys


def entered(record: str, data: bytes, name: str, by: By, files: Files) -> None:
    """Sign a body in JSON, with the files that it names, and enter it."""
    with by.opened(record) as found:
        signed = _signed(found, data, name, by.keys_in(found, record), files)
        receipt = found.depositary.perform(signed.envelope, signed.blobs)
        found.depositary.checkpoint()
        _receipt(found, receipt)


def enter(record: str, make: Callable[[State], Body], by: By) -> None:
    """Sign the body that a command makes itself, from the record's present state, and enter it."""
    from foedus.signing import encode_body

    with by.opened(record) as found:
        data = encode_body(make(found.depositary.state))
        signed = _signed(found, data, "the act", by.keys_in(found, record), Files())
        receipt = found.depositary.perform(signed.envelope, signed.blobs)
        found.depositary.checkpoint()
        _receipt(found, receipt)


def written(record: str, make: Callable[[State], Body], by: By, seat: str) -> bytes:
    """The same as a file, and nothing entered: signed with the keys given, or to be signed elsewhere for `seat`."""
    from foedus.signing import encode_body, statement_for, unsigned

    with by.opened(record) as found:
        depositary = found.depositary
        body, info = make(depositary.state), depositary.state.parties.record
        assert info is not None, "an opened record has an entry 0"
        if keys := by.own_keys():
            return _signed(found, encode_body(body), "the act", keys, Files()).to_json()
        return unsigned(statement_for(depositary.state, seat, body, depositary.now()), info.exercise)


def _signed(found: Opened, data: bytes, name: str, keys: Sequence[SigningKey], files: Files) -> Signed:
    """The body signed with every key given; the first of them speaks."""
    from foedus.signing import seat_of, sign, statement_for

    depositary = found.depositary
    for code in files.release_to:
        if depositary.clauses.party(code) is None:
            raise Malformed("--release-to {found!r}: the compact knows no such party", found=code)
    prepared = prepare(data, name, files)
    state = depositary.state
    speaker = seat_of(state, keys[0])
    statement = statement_for(state, speaker, prepared.body, depositary.now(), attachments=prepared.attachments)
    info = state.parties.record
    assert info is not None, "an opened record has an entry 0"
    return Signed(sign(statement, keys, info.exercise), prepared.blobs)


def _receipt(found: Opened, receipt: Receipt) -> None:
    from foedus.words.sentences import say_event

    words, depositary = session.words, found.depositary
    lines = [_("Recorded as entry %(entry)s.", entry=str(receipt.entry))]
    lines += [f"  {say_event(words, depositary.clauses, depositary.state, event)}" for event in receipt.events]
    session.answer(receipt, lines)
