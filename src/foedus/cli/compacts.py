"""`compact check` and `compact schema`: for those who write an agreement as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang
from foedus.cli.session import _, session

if TYPE_CHECKING:
    from foedus.compact.model import Compact


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=_("Check an agreement's files, or get their schema for an editor."), no_args_is_help=True)
    group.command("check", help=_("Read an agreement and show everything wrong in it, with its place."), epilog=_CHECK)(
        check
    )
    group.command("schema", help=_("JSON Schema of the files, for editors."), epilog=_SCHEMA)(schema)
    app.add_typer(group, name="compact")


_CHECK = "foedus compact check my-agreement/"
_SCHEMA = "foedus compact schema > compact.schema.json"


def check(
    source: Annotated[str, typer.Argument(metavar="NAME|PATH", help=_("A bundled name, a folder or a file."))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Findings one on a line, as compilers write them; exit status 2 when there are any."""
    from foedus.compact.digest import digest
    from foedus.compact.findings import MalformedCompact
    from foedus.compact.loader import load

    try:
        compact = load(source)
    except MalformedCompact as problem:
        raise typer.Exit(session.found(problem)) from None
    session.answer(_counts(compact, digest(compact)), _says(compact, digest(compact)))


def _counts(compact: Compact, digest: str) -> dict[str, object]:
    provisions = [provision for part in compact.parts for provision in part.provisions]
    return {
        "ok": True,
        "id": compact.id,
        "digest": digest,
        "parties": len(compact.parties),
        "provisions": len(provisions),
        "clauses": sum(len(provision.operates) for provision in provisions),
        "interpretations": sum(provision.source.kind == "interpretation" for provision in provisions),
        "agreements": len(compact.agreements),
        "findings": [],
    }


def _says(compact: Compact, digest: str) -> list[str]:
    words, counts = session.words, _counts(compact, digest)
    return [
        words.of(compact.title),
        _("Digest: %(digest)s", digest=digest),
        _(
            "Named as parties: %(parties)s; provisions: %(provisions)s, interpretation: %(interpretations)s;"
            " operative clauses: %(clauses)s; instruments beside it: %(agreements)s.",
            **{name: counts[name] for name in ("parties", "provisions", "interpretations", "clauses", "agreements")},
        ),
        _("Nothing is wrong in it."),
    ]


def schema(
    agreement: Annotated[bool, typer.Option("--agreement", help=_("Of an instrument beside the compact."))] = False,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """JSON Schema 2020-12."""
    from foedus.cli.session import encoded
    from foedus.compact.schema import schema as schema_of

    found = schema_of("agreement" if agreement else "compact")
    session.answer(found, [encoded(found)])
