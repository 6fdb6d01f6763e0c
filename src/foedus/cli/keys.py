"""`key new`, `key show` and `key passphrase`: keys of seats. The private part is never printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from foedus.cli.arguments import Json, Lang, PassphraseFile, Record
from foedus.cli.passphrases import Passphrases, new_passphrase
from foedus.cli.session import _, session
from foedus.errors import Malformed, Refused

File = Annotated[Path, typer.Argument(metavar="FILE", help=_("The key file."))]
Where = Annotated[str, typer.Argument(metavar="KEY", help=_("A key file, agent:NAME or pkcs11:URI."))]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(
        help=_("Make a key for a seat, lock it with a passphrase, or show its public part."), no_args_is_help=True
    )
    group.command("new", help=_("Make a new key in a new file, locked with a passphrase."), epilog=_NEW)(new)
    group.command("show", help=_("Show the public key of a key."), epilog=_SHOW)(show)
    group.command(
        "passphrase", help=_("Lock a key file with another passphrase, or with its first."), epilog=_PASSPHRASE
    )(passphrase)
    group.command("demo", help=_("Write the demo key of a seat of an exercise to a file."), epilog=_DEMO)(demo)
    app.add_typer(group, name="key")


_NEW = "foedus key new pol-duty.key --name POL/duty"
_SHOW = "foedus key show pol-duty.key --json"
_DEMO = "foedus key demo demo POL/duty pol-duty.key"
_PASSPHRASE = "foedus key passphrase pol-duty.key"  # noqa: S105  # a command, no password


def new(
    file: File,
    *,
    name: Annotated[
        str | None, typer.Option("--name", help=_("What the key is for; the file's name if not given."))
    ] = None,
    passphrase_file: PassphraseFile = None,
    root: Annotated[
        bool, typer.Option("--root", help=_("A party's root key: kept offline, to get stolen seats back with."))
    ] = False,
    paper: Annotated[
        Path | None,
        typer.Option(
            "--paper", metavar="FILE.svg", help=_("Draw the locked key too, to be printed: text and QR code.")
        ),
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help=_("Without a passphrase: whoever gets the file can sign with it."))
    ] = False,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Make it, never over another."""
    from foedus.record.key_file import write_key
    from foedus.record.keys import check_name, new_seed

    if plain and passphrase_file is not None:
        raise Malformed("--plain makes a key without a passphrase; --passphrase-file gives one: choose")
    if plain and (root or paper):
        raise Malformed("--root and --paper are for keys that a passphrase locks: leave --plain out")
    name = check_name(name or file.stem)
    locked = None if plain else new_passphrase(str(file), passphrase_file, "--passphrase-file FILE | --plain")
    write_key(file, name, new_seed(), locked)
    if paper is not None:
        _draw(file, name, paper)
    _show(str(file), _keep_offline(file, paper) if root else [])


def show(key: Where, json: Json = False, lang: Lang = None) -> None:
    """Show name, public key and key id."""
    _show(key)


def passphrase(
    file: File,
    *,
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: Annotated[
        Path | None,
        typer.Option("--new-passphrase-file", metavar="FILE", help=_("Take the new passphrase from this file.")),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Change it, or set the first."""
    from foedus.record.key_file import change_passphrase, read_key_file

    found = read_key_file(file)
    if not found.locked and passphrase_file is not None:
        raise Malformed("{file} has no passphrase yet: give its first as --new-passphrase-file FILE", file=file)
    ask = Passphrases([passphrase_file] if passphrase_file else None)
    seed = found.seed(lambda: ask(str(file)))
    change_passphrase(found, seed, new_passphrase(str(file), new_passphrase_file, "--new-passphrase-file FILE"))
    _show(str(file))


def demo(
    record: Record,
    seat: Annotated[str, typer.Argument(metavar="SEAT", help=_("The seat, such as POL/duty."))],
    file: File,
    *,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Write it, so that a desk can be opened with it. Raises Refused where there is no exercise, or no such seat."""
    from foedus.cli.opening import demo_keys, opened

    with opened(record) as found:
        keys = demo_keys(found.demo, record)
        if seat not in found.depositary.state.parties.seats:
            raise Refused("record/seat", "there is no seat {seat} in this record, or its key was revoked", seat=seat)
    keys.write_key(seat, file)
    _show(str(file))


def _draw(file: Path, name: str, paper: Path) -> None:
    """The key file as a drawing. It is locked: the paper opens with the passphrase alone, like the file."""
    from foedus.documents.qr import drawing
    from foedus.record.files import new_file

    with new_file(paper) as out:
        out.write(drawing(name, file.read_text("ascii").strip()).encode())


def _keep_offline(file: Path, paper: Path | None) -> list[str]:
    """How a root key is kept, in the order in which it is done."""
    return [
        "",
        _("This is a root key: it gets a party's seats back when their keys are lost or stolen, and no more."),
        _("1. Copy %(file)s to two media, and lay them into two safes.", file=file),
        _("2. Print %(paper)s and lay it beside: it is the same, locked.", paper=paper)
        if paper
        else _("2. A printed copy outlives a medium: `foedus key new --root --paper FILE.svg` draws one."),
        _("3. Keep the passphrase elsewhere, with another person: neither opens anything alone."),
        _("4. Deposit the public key: `foedus seat root RECORD --public %(public)s`", public=_public_hex(file)),
        _("5. Delete %(file)s from this machine. Whoever has it and its passphrase has your party's seats.", file=file),
    ]


def _public_hex(file: Path) -> str:
    from foedus.record.key_file import read_key_file

    return read_key_file(file).public.hex()


def _show(where: str, more: Sequence[str] = ()) -> None:
    from foedus.keyring import AGENT, known
    from foedus.record.keys import key_id

    found = known(where)
    public = found.public.hex()
    session.answer(
        {
            "file": where,
            "name": found.name,
            "public": public,
            "key_id": key_id(found.public),
            "locked": found.locked,
        },
        [
            _("Key: %(where)s, for %(name)s.", where=where, name=found.name),
            _("Public key: %(public)s", public=public),
            _("Key id: %(key_id)s", key_id=key_id(found.public)),
            *([] if found.locked or where.startswith(AGENT) else [_plain(where)]),
            *more,
        ],
    )


def _plain(file: str) -> str:
    return _(
        "It has no passphrase: whoever gets the file can sign. `foedus key passphrase %(file)s` locks it.", file=file
    )
