"""`act`, `act new`, `sign`, `submit`: an act from an empty form to its receipt, in one step or in three."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import (
    DepositaryKey,
    Json,
    KeyFiles,
    Lang,
    Record,
    Seats,
    read_input,
    write_output,
)
from foedus.cli.opening import Opened, demo_keys, opened
from foedus.cli.session import _, read_json, session
from foedus.cli.signed import Signed, prepare, read_signed
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.acts import Body
    from foedus.depositary import Receipt

File = Annotated[str, typer.Argument(metavar="FILE|-", help=_("The act's body in JSON; - for the standard input."))]
Attach = Annotated[
    list[Path] | None, typer.Option("--attach", metavar="FILE", help=_("Attach a statement of reasons."))
]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=_("Write to a new file."))]


COMMANDS = frozenset({"new", "perform"})


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
    key: KeyFiles = None,
    seats: Seats = None,
    attach: Attach = None,
    depositary_key: DepositaryKey = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Sign and enter."""
    data = read_input(file)
    with opened(record, depositary_key) as found:
        signed = _signed(found, record, data, name=file, keys=key or (), seats=seats or (), attach=attach or ())
        receipt = found.depositary.perform(signed.envelope, signed.blobs)
        found.depositary.checkpoint()
        _receipt(found, receipt)


def sign(
    file: File,
    *,
    key: KeyFiles = None,
    seats: Seats = None,
    record: Annotated[str | None, typer.Option("--record", metavar="DIR", help=_("The record the act is for."))] = None,
    attach: Attach = None,
    out: Out = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Sign a body for a record, or add a signature to a signed act."""
    from foedus.record.keys import read_key
    from foedus.signing import countersign

    data = read_input(file)
    members = read_json(data, file)
    if "act" in members:
        if record is None:
            raise Malformed("{file} is a body: --record says which record it is for", file=file)
        with opened(record) as found:
            signed = _signed(found, record, data, name=file, keys=key or (), seats=seats or (), attach=attach or ())
    else:
        before = read_signed(data, file)
        envelope = before.envelope
        for path in key or ():
            envelope = countersign(envelope, read_key(path)[1])
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
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Hand a signed act in."""
    signed = read_signed(read_input(file), file)
    if record.startswith(("http://", "https://")):
        from foedus.cli.remote import hand_in

        answer = hand_in(record, signed)
        session.answer(answer, [_("Recorded as entry %(entry)s.", entry=str(answer.get("entry")))])
        return
    with opened(record, depositary_key) as found:
        receipt = found.depositary.perform(signed.envelope, signed.blobs)
        found.depositary.checkpoint()
        _receipt(found, receipt)


def enter(record: str, body: Body, keys: Sequence[Path], seats: Sequence[str], depositary_key: Path | None) -> None:
    """Sign a body that a command made itself, and enter it."""
    from foedus.signing import encode_body

    with opened(record, depositary_key) as found:
        signed = _signed(found, record, encode_body(body), name="the act", keys=keys, seats=seats, attach=())
        receipt = found.depositary.perform(signed.envelope, signed.blobs)
        found.depositary.checkpoint()
        _receipt(found, receipt)


def _signed(
    found: Opened,
    address: str,
    data: bytes,
    *,
    name: str,
    keys: Sequence[Path],
    seats: Sequence[str],
    attach: Sequence[Path],
) -> Signed:
    """The body signed with every key file and demo key given; the first of them speaks."""
    from foedus.record.keys import read_key
    from foedus.signing import seat_of, sign, statement_for

    depositary = found.depositary
    seeds = [read_key(path)[1] for path in keys]
    if seats:
        demo = demo_keys(found.demo, address)
        seeds += [demo.seed_of(seat) for seat in seats]
    if not seeds:
        raise Malformed("nobody signs: give --key KEYFILE, or in an exercise --as SEAT")
    prepared = prepare(data, name, attach)
    state = depositary.state
    speaker = seat_of(state, seeds[0])
    statement = statement_for(state, speaker, prepared.body, depositary.now(), attachments=prepared.attachments)
    info = state.parties.record
    assert info is not None, "an opened record has an entry 0"
    return Signed(sign(statement, seeds, info.exercise), prepared.blobs)


def _receipt(found: Opened, receipt: Receipt) -> None:
    from foedus.words.sentences import say_event

    words, depositary = session.words, found.depositary
    lines = [_("Recorded as entry %(entry)s.", entry=str(receipt.entry))]
    lines += [f"  {say_event(words, depositary.clauses, depositary.state, event)}" for event in receipt.events]
    session.answer(receipt, lines)
