"""The list of commands, in the order in which a newcomer meets them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated

import typer
from typer.main import get_command

import foedus
from foedus.cli import (
    acting,
    alerting,
    backups,
    check,
    claims,
    commitments,
    compacts,
    console,
    contacting,
    desk,
    drilling,
    exporting,
    importing,
    keys,
    looking,
    mandating,
    proving,
    reparations,
    sanctions,
    screening,
    seats,
    supposing,
    tokens,
    watching,
    witnessing,
)
from foedus.cli.session import _, session
from foedus.words import LANGUAGES


def version(asked: bool) -> None:
    """Say which version this is, and end."""
    if asked:
        typer.echo(f"foedus {foedus.__version__}")
        raise typer.Exit


def app() -> Callable[..., object]:
    """The whole command line, in the language of this run."""
    return _app(session.language)


# A tenth of a second of building, for a process that runs one command after the other.
@lru_cache(maxsize=len(LANGUAGES))
def _app(language: str) -> Callable[..., object]:
    assert language == session.language, "its help is written now, in the words of the session"
    whole = typer.Typer(
        name="foedus",
        help=_("Run a security-guarantee agreement: signed acts, kept deadlines, a record anyone can verify."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @whole.callback()
    def foedus_(
        version: Annotated[
            bool, typer.Option("--version", callback=version, is_eager=True, help=_("Show the version."))
        ] = False,
    ) -> None:
        """What holds for every command."""

    for group in (
        console, desk, drilling, supposing, acting, mandating, looking, proving, exporting, backups, witnessing,
        watching, check, importing, screening,
    ):  # fmt: skip
        group.add(whole)
    for named in (
        keys, seats, tokens, compacts, commitments, sanctions, claims, alerting, contacting,
        reparations,
    ):  # fmt: skip
        named.add(whole)
    return get_command(whole)
