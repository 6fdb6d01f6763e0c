"""`act print` and `act show`: an act on paper as a note verbale, and from the paper back to the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang, read_input, write_output
from foedus.cli.opening import opened
from foedus.cli.session import _, read_json, session
from foedus.errors import Malformed, Refused, Tampered

if TYPE_CHECKING:
    from foedus.acts import Entry
    from foedus.compact.clauses import Clauses
    from foedus.depositary import Depositary
    from foedus.documents import NoteVerbale

In = Annotated[str, typer.Option("--record", metavar="DIR", help=_("The record the act is for."))]


def add(acts: typer.Typer) -> None:
    """Add the commands to those about acts."""
    acts.command("print", help=_("Print an act as a note verbale (PDF)."), epilog=_PRINT)(print_)
    acts.command("show", help=_("Find an act by its id, or by a note verbale’s QR code."), epilog=_SHOW)(show)


_PRINT = "foedus act print --entry 12 --record demo --out note.pdf --lang uk"
_SHOW = "foedus act show 0f8fad5bd9cb469fa16570867728950e --record demo"


def print_(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE|-", help=_("A signed act, or a statement still to be signed."))
    ] = None,
    *,
    record: In,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Write to a new file."))],
    entry: Annotated[int | None, typer.Option("--entry", min=0, help=_("An act of the record, by its entry."))] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Print it."""
    from foedus.documents import render_note

    if (file is None) == (entry is None):
        raise Malformed("one act is printed: name a FILE, or an entry of the record with --entry")
    with opened(record) as found:
        depositary = found.depositary
        if entry is not None:
            note, clauses = _of_entry(depositary, entry)
        else:
            note, clauses = _of_file(depositary, str(file))
        write_output(out, render_note(note, session.words, clauses, depositary.state))
    answer = {"file": str(out), "act": note.statement.id, "sha256": note.sha256, "status": note.status}
    session.answer(answer, [_("Note verbale written to %(file)s.", file=str(out)), f"sha256 {note.sha256}"])


def show(
    act: Annotated[str, typer.Argument(metavar="ID|LINK", help=_("The act’s id, or the text of its QR code."))],
    *,
    record: In,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Find it, check its signatures, and compare its digest where the link gives one."""
    from foedus.record.link import SCHEME, ActLink, parse_link
    from foedus.words.names import Names
    from foedus.words.sentences import say_act

    link = parse_link(act) if act.startswith(SCHEME) else ActLink("", act, "")
    with opened(record) as found:
        depositary = found.depositary
        number = _number(depositary, link)
        note, clauses = _of_entry(depositary, number)
        statement, state = note.statement, depositary.state
        names = Names(session.words, clauses)
        said = say_act(session.words, clauses, statement.body, statement.seat.partition("/")[0], state)
    if link.sha256 not in ("", note.sha256):
        raise Tampered(
            "act {id}: sha256 {expected} given, entry {number} has {found}: one of them is forged",
            id=link.id,
            expected=link.sha256,
            number=number,
            found=note.sha256,
        )
    assert note.received is not None, "an entry was received"
    answer = {
        "entry": number, "at": note.received.at, "act": statement.id, "seat": statement.seat, "said": said,
        "sha256": note.sha256, "compared": bool(link.sha256), "signed_by": [one.keyid for one in note.signed],
    }  # fmt: skip
    lines = [_("EXERCISE %(origin)s.", origin=statement.origin)] if note.exercise else []
    lines += [
        _("Entry %(entry)s, received %(at)s.", entry=str(number), at=session.words.moment(note.received.at)),
        said,
        *(
            _("Signed by %(seat)s, key %(key)s: it fits.", seat=names.seat(one.seat or ""), key=one.keyid)
            for one in note.signed
        ),
        f"sha256 {note.sha256}",
        _("It is the digest given.") if link.sha256 else _("Compare it with the digest on paper."),
    ]
    session.answer(answer, lines)


def _number(depositary: Depositary, link: tuple[str, str, str]) -> int:
    """The entry of the act. Raises Refused where this record has none."""
    origin, id_, _sha256 = link
    info = depositary.state.parties.record
    assert info is not None, "an opened record has an entry 0"
    if origin not in ("", info.origin):
        raise Refused(
            "record/origin", "the act is of the record {found}, this one is {origin}", found=origin, origin=info.origin
        )
    try:
        number = depositary.state.seen.get(bytes.fromhex(id_))
    except ValueError:
        raise Malformed(
            "act {found!r}: 32 digits 0-9a-f were expected, or the text of a QR code", found=id_[:80]
        ) from None
    if number is None:
        raise Refused("record/reference", "no act {id} is in this record", id=id_)
    return number


def _of_entry(depositary: Depositary, number: int) -> tuple[NoteVerbale, Clauses]:
    from foedus.acts import decode_entry
    from foedus.documents.note import of_entry

    size = depositary.state.size
    if number >= size:
        raise Malformed("there is no entry {number}: the record has {size}, numbered from 0", number=number, size=size)
    entry: Entry = decode_entry(next(iter(depositary.store.entries(number))))
    clauses = depositary.compact_by_digest(entry.compact)
    return of_entry(depositary.state, clauses, number, entry), clauses


def _of_file(depositary: Depositary, name: str) -> tuple[NoteVerbale, Clauses]:
    """An act that is not recorded yet, under the compact in force."""
    from foedus.documents.note import of_envelope, of_statement
    from foedus.record.envelope import decode_envelope
    from foedus.submission import read_signed

    data, state, clauses = read_input(name), depositary.state, depositary.clauses
    members = read_json(data, name)
    if "act" in members:
        raise Malformed(
            "{file} is a body, which has no id yet: `foedus sign` makes an act of it, which can be printed", file=name
        )
    if "body" in members:
        return of_statement(state, clauses, data.strip()), clauses
    return of_envelope(state, clauses, decode_envelope(read_signed(data, name).envelope)), clauses
