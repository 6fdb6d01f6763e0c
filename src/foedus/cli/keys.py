"""`key new` and `key show`: key files of seats. The private part is never printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foedus.cli.arguments import Json, Lang
from foedus.cli.session import _, session

File = Annotated[Path, typer.Argument(metavar="FILE", help=_("The key file."))]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=_("Make a key for a seat, or show its public part."), no_args_is_help=True)
    group.command(
        "new",
        help=_("Make a new key in a new file that only you can read."),
        epilog="foedus key new pol-duty.key --name POL/duty",
    )(new)
    group.command("show", help=_("Show the public key in a key file."), epilog="foedus key show pol-duty.key --json")(
        show
    )
    app.add_typer(group, name="key")


def new(
    file: File,
    name: Annotated[
        str | None, typer.Option("--name", help=_("What the key is for; the file's name if not given."))
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Make it, never over another."""
    from foedus.record.keys import new_seed, write_key

    write_key(file, name or file.stem, new_seed())
    _show(file)


def show(file: File, json: Json = False, lang: Lang = None) -> None:
    """Show name, public key and key id."""
    _show(file)


def _show(file: Path) -> None:
    from foedus.record.keys import key_id, public_of, read_key

    name, seed = read_key(file)
    public = public_of(seed)
    session.answer(
        {"file": str(file), "name": name, "public": public.hex(), "key_id": key_id(public)},
        [
            _("Key file: %(file)s, for %(name)s.", file=str(file), name=name),
            _("Public key: %(public)s", public=public.hex()),
            _("Key id: %(key_id)s", key_id=key_id(public)),
        ],
    )
