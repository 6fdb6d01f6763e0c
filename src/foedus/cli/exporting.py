"""`export` and `copy`: a record as files, and a reader's own copy of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import asdict

from foedus.cli.arguments import Json, Lang, Record
from foedus.cli.opening import opened
from foedus.cli.session import _, session


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("export", help=_("Write a record as files that anyone can verify offline."), epilog=_EXPORT)(export)
    app.command("copy", help=_("Verify a record and keep a copy of it that can be read and followed."), epilog=_COPY)(
        copy
    )


_EXPORT = "foedus export demo --to record.foedus"
_COPY = "foedus copy http://localhost:8000 my-copy"


def export(
    record: Record,
    to: Annotated[Path, typer.Option("--to", metavar="DIR|FILE.foedus", help=_("A new folder, or one new file."))],
    party: Annotated[
        str | None,
        typer.Option("--for", metavar="CODE", help=_("Its readers: with the attachments released to this party.")),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Export it up to its newest checkpoint; an attachment released to some parties goes to their readers alone."""
    from foedus.errors import Malformed
    from foedus.export import export as write

    with opened(record) as found, session.progress(_("Exporting")) as progress:
        clauses = found.depositary.clauses
        if party is not None and clauses.party(party) is None:
            raise Malformed("{found!r} is not a party named in {compact}", found=party, compact=clauses.compact.id)
        if found.records:
            found.depositary.checkpoint()
        done = write(found.depositary.store, to, progress, party)
    words = session.words
    lines = [_("Entries exported to %(to)s: %(size)s.", to=str(to), size=words.number(done.entries))]
    if done.left_out:
        lines.append(
            _(
                "Attachments left out, released to other parties only: %(left_out)s. --for CODE exports for the readers"
                " of a party; a backup holds everything and is for who keeps the record.",
                left_out=words.number(done.left_out),
            )
        )
    session.answer({"to": str(to), "for": party, **asdict(done)}, lines)


def copy(
    source: Annotated[str, typer.Argument(metavar="DIR|URL|FILE", help=_("What to copy."))],
    to: Annotated[str, typer.Argument(metavar="DIR", help=_("A new folder, or postgresql://…"))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Verify, then copy."""
    from foedus.export import import_record

    with session.progress(_("Verifying")) as progress:
        report = import_record(source, to, progress)
    said = _("Entries copied to %(to)s: %(size)s.", to=to, size=session.words.number(report.size))
    session.answer({"to": to, "entries": report.size, "root": report.root, "origin": report.origin}, [said])
