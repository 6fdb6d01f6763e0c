"""`check`: what an agreement will do, before it is signed."""

from __future__ import annotations

from typing import Annotated

import typer

from foedus.cli.arguments import Json, Lang, read_input
from foedus.cli.session import _, session


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "check", help=_("Prove an agreement before it is signed: what holds, and who can block it."), epilog=_CHECK
    )(check)


_CHECK = "foedus check --games games.json"


def check(
    games: Annotated[
        str | None,
        typer.Option(
            "--games", metavar="FILE|-", help=_("Games in JSON: coalitions, voting power and blocking sets of each.")
        ),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Exit status 1 when something was found that deserves a look, 2 when the input cannot be read."""
    _games(str(games))


def _games(file: str) -> None:
    from foedus.check.games import read_games
    from foedus.cli.games import described, said
    from foedus.compact.findings import MalformedCompact
    from foedus.words.failures import finding_in, say_finding

    words = session.words
    try:
        read = read_games(file, read_input(file))
    except MalformedCompact as problem:
        session.answer(
            {"ok": False, "findings": [finding_in(words, one) for one in problem.findings]},
            [
                *(say_finding(words, one) for one in problem.findings),
                _("Findings: %(count)s.", count=len(problem.findings)),
            ],
        )
        raise typer.Exit(MalformedCompact.exit_status) from None
    answers, lines = [], []
    with session.progress(_("Counting")) as progress:
        for done, one in enumerate(read):
            progress(done, len(read))
            answers.append(described(one))
            lines += [*said(answers[-1]), *(say_finding(words, each) for each in one.findings)]
    session.answer({"ok": not any(one["findings"] for one in answers), "games": answers}, lines[1:])
    if any(one["findings"] or one["differs_from_expected"] for one in answers):
        raise typer.Exit(1)
