"""`backup` and `restore`: a record as one private file, and a record made of one again once all of it was verified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang, Record
from foedus.cli.proving import says
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.backup import Holds, Restored


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup", help=_("Write a private backup of a record to one file, while acts arrive."), epilog=_BACKUP)(
        backup
    )
    app.command("restore", help=_("Verify a backup and make a record of it again."), epilog=_RESTORE)(restore)


_BACKUP = "foedus backup demo --to demo-backup.foedus"
_RESTORE = "foedus restore demo-backup.foedus --to restored"


def backup(
    record: Record,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help=_("One new file, for its owner alone."))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Back it up."""
    from foedus.backup import backup as write
    from foedus.depositary import open_in_its_time

    store, _clock = open_in_its_time(record)
    try:
        with session.progress(_("Backing up")) as progress:
            holds = write(store, to, progress)
    finally:
        store.close()
    lines = [
        _("Backed up to %(to)s: %(holds)s.", to=str(to), holds=_held(holds)),
        _("Keep it private and apart: it holds everything but keys. What may be published is `foedus export`."),
    ]
    session.answer({"to": str(to), "holds": holds}, lines)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The backup."))],
    to: Annotated[
        str, typer.Option("--to", metavar="DIR", help=_("A new folder, or postgresql://… (an empty database)."))
    ],
    *,
    newest: Annotated[
        Path | None,
        typer.Option("--newest", metavar="NOTE", help=_("The newest checkpoint that a witness or a desk holds.")),
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", metavar="FILE", help=_("Keys known from elsewhere, one on a line.")),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help=_("Processes that check signatures."))] = 1,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Verify, then restore."""
    from foedus.backup import restore as put_back
    from foedus.verify import read_keys

    told = _read(newest) if newest else None
    known = read_keys(keys) if keys else []
    with session.stages(_("Verifying"), _("Putting back")) as (verifying, writing):
        restored = put_back(file, to, newest=told, keys=known, workers=workers, progress=verifying, writing=writing)
    session.answer(restored, [*says(restored.report), *_restored(restored, to, compared=told is not None)])


def _restored(restored: Restored, to: str, *, compared: bool) -> list[str]:
    from foedus.record.store import shown

    lines = [
        _("Restored to %(to)s: %(holds)s.", to=shown(to), holds=_held(restored.holds)),
        _("A backup holds no key: put the depositary's beside it, or give it to `foedus serve`."),
    ]
    if not compared:
        lines.append(
            _(
                "Before you serve it: if the record went on after this backup, serving it forks the record."
                " Ask a witness or a desk for its checkpoint, and restore with --newest."
            )
        )
    return lines


def _held(holds: Holds) -> str:
    number = session.words.number
    return _(
        "entries %(entries)s, checkpoints %(checkpoints)s, texts and attachments %(blobs)s,"
        " acts that wait %(receipts)s",
        entries=number(holds.entries),
        checkpoints=number(holds.checkpoints),
        blobs=number(holds.blobs),
        receipts=number(holds.receipts),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror) from None
