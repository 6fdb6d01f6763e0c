"""`claims salt`, `fits`, `erase` and `duplicates`: what needs the file of personal columns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foedus.cli.arguments import Json, Lang
from foedus.cli.session import _, session
from foedus.errors import Malformed

_SALT = "foedus claims salt people.csv --out personal.parquet --digests digests.csv"
_FITS = "foedus claims fits claims.parquet personal.parquet"
_ERASE = "foedus claims erase personal.parquet C-000017"
_DUPLICATES = "foedus claims duplicates --claims claims.parquet --personal personal.parquet --person number"

Personal = Annotated[Path, typer.Argument(metavar="PERSONAL", help=_("Personal columns with their salts."))]
New = Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Write to a new file."))]


def add(group: typer.Typer) -> None:
    """Add the commands to those about claims."""
    group.command("salt", help=_("Give each row of personal columns a salt and a digest."), epilog=_SALT)(salt)
    group.command("fits", help=_("Whether claims and personal columns fit each other."), epilog=_FITS)(fits)
    group.command("erase", help=_("Erase persons: rows and salts go, every digest stays."), epilog=_ERASE)(erase_)
    group.command("duplicates", help=_("Find what is claimed more than once."), epilog=_DUPLICATES)(duplicates)


def salt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Personal columns, with the id of each claim."))],
    *,
    out: New,
    digests: Annotated[
        Path, typer.Option("--digests", metavar="FILE", help=_("Write the digests for the claims to a new file."))
    ],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Salts are drawn anew each time."""
    from foedus.claims.personal import salted

    rows = salted(file, out, digests)
    session.answer({"rows": rows, "personal": str(out), "digests": str(digests)},
                   [_("Rows with a salt: %(rows)s.", rows=session.words.number(rows))])  # fmt: skip


def fits(
    claims: Annotated[Path, typer.Argument(metavar="CLAIMS", help=_("Claims in canonical form."))],
    personal: Personal,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Exit status 1 when a row is not the one that the claims have the digest of."""
    from foedus.claims.personal import verify

    found, number = verify(claims, personal), session.words.number
    lines = [
        _("Fit: %(fit)s. Erased: %(erased)s. Do not fit: %(differ)s. Of no claim: %(strangers)s.",
          fit=number(found.fit), erased=number(found.erased), differ=number(found.differ),
          strangers=number(found.strangers)),
        *found.named,
    ]  # fmt: skip
    session.answer(found, lines)
    if found.named:
        raise typer.Exit(1)


def erase_(
    personal: Personal,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help=_("The ids of their claims."))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """In place; copies and backups are for whoever made them."""
    from foedus.claims.personal import erase

    left = erase(personal, ids)
    session.answer({"erased": len(set(ids)), "left": left},
                   [_("Erased: %(erased)s. Rows left: %(left)s.", erased=session.words.number(len(set(ids))),
                      left=session.words.number(left))])  # fmt: skip


def duplicates(
    *,
    claims: Annotated[
        list[Path],
        typer.Option("--claims", metavar="CLAIMS", help=_("Claims in canonical form; repeat for each batch.")),
    ],
    personal: Annotated[
        list[Path],
        typer.Option("--personal", metavar="PERSONAL", help=_("Their personal columns, in the same order.")),
    ],
    person: Annotated[str, typer.Option("--person", metavar="COLUMN", help=_("The column that tells persons."))] = "",
    object_: Annotated[str, typer.Option("--object", metavar="COLUMN", help=_("The column that tells objects."))] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Write the groups to a new file."))
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """What is found is a proposal; no value of a personal column is shown."""
    from foedus.claims.duplicates import search

    by = {kind: column for kind, column in (("person", person), ("object", object_)) if column}
    if not by:
        raise Malformed("nothing tells duplicates: name a column with --person or --object")
    if len(claims) != len(personal):
        raise Malformed(
            "{claims} files of claims and {personal} of personal columns: one of the other was expected for each",
            claims=len(claims), personal=len(personal),
        )  # fmt: skip
    with session.progress(_("Searching")):
        found = search(list(zip(claims, personal, strict=True)), by, out)
    kinds, number = {"person": _("the same person"), "object": _("the same object")}, session.words.number
    lines = [f"{kinds[one.kind]}, {one.category}: {', '.join(one.ids)}" for one in found.first]
    lines.append(_("Claims: %(claims)s. Groups: %(groups)s, with %(inside)s claims.", claims=number(found.claims),
                   groups=number(found.groups), inside=number(found.in_groups)))  # fmt: skip
    session.answer(found, lines)
