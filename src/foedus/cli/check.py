"""`check`: what an agreement will do, before it is signed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from foedus.cli.arguments import Json, Lang, read_input
from foedus.cli.session import _, session
from foedus.errors import Malformed


def add(app: typer.Typer) -> None:
    """Add the command."""
    prove = _("Prove an agreement before it is signed: what holds, and who can block it.")
    app.command("check", help=prove, epilog=_CHECK)(check)


_CHECK = "foedus check kyiv-2022"


def check(
    source: Annotated[
        str | None, typer.Argument(metavar="NAME|PATH", help=_("A bundled name, a folder or a file."))
    ] = None,
    games: Annotated[
        str | None,
        typer.Option(
            "--games", metavar="FILE|-", help=_("Games in JSON: coalitions, voting power and blocking sets of each.")
        ),
    ] = None,
    guarantors: Annotated[
        int | None,
        typer.Option(
            "--guarantors",
            min=1,
            max=60,
            help=_("So many guarantors take part, of each kind in turn; else three, or two where three take long."),
        ),
    ] = None,
    story: Annotated[
        int | None, typer.Option("--story", min=1, help=_("Tell the story of the guarantee of this number."))
    ] = None,
    states: Annotated[
        int, typer.Option("--states", min=1, help=_("Follow so many states of each guarantee at most."))
    ] = 200_000,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="NAME|PATH", help=_("Another text: what is otherwise in the first.")),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Exit status 1 when something was found that deserves a look, 2 when the input cannot be read."""
    if (source is None) == (games is None):
        raise Malformed("one thing is checked: name a compact, or a file of games with --games")
    if games is not None:
        _games(games)
    else:
        _compact(str(source), guarantors, story, states, against)


def _compact(source: str, guarantors: int | None, story: int | None, states: int, against: str | None) -> None:
    from foedus.cli import structure

    other = _answered(against, guarantors, None, states)[0] if against is not None else None
    answer, lines = _answered(source, guarantors, story, states)
    if other is not None:
        answer["differences"] = structure.differences(other, answer)
        lines += structure.differing(answer["differences"])
    session.answer(answer, lines)
    if not answer["ok"]:
        raise typer.Exit(1)


def _answered(source: str, guarantors: int | None, story: int | None, states: int) -> tuple[dict[str, Any], list[str]]:
    """Everything about one text, as data and in lines."""
    from foedus.check.verdicts import verdicts
    from foedus.cli import guarantees, structure
    from foedus.compact.clauses import Clauses
    from foedus.compact.findings import MalformedCompact
    from foedus.compact.loader import load

    try:
        compact = load(source)
    except MalformedCompact as problem:
        _findings(problem)
        raise typer.Exit(MalformedCompact.exit_status) from None
    clauses = session.clauses = Clauses.of(compact)
    lines = [session.words.of(compact.title), ""]
    answers: list[dict[str, Any]] = []
    with session.progress(_("States")) as progress:
        for number, one in enumerate(verdicts(compact, guarantors, progress, states), 1):
            answers.append(guarantees.described(one))
            lines += guarantees.said(one, number, story == number)
    if not answers:
        lines.append(_("The text asks for no guarantees."))
    else:
        lines.append(
            _("Left out everywhere: instruments beside the compact, new offices, a second procedure beside the first.")
        )
    found = structure.described(clauses)
    lines += structure.said(clauses, found)
    held = all(one["holds"] for one in answers)
    return {"ok": held, "id": compact.id, "digest": clauses.digest, "guarantees": answers, **found}, lines


def _findings(problem: Any) -> None:
    from foedus.words.failures import finding_in, say_finding

    words = session.words
    session.answer(
        {"ok": False, "findings": [finding_in(words, one) for one in problem.findings]},
        [
            *(say_finding(words, one) for one in problem.findings),
            _("Findings: %(count)s.", count=len(problem.findings)),
        ],
    )


def _games(file: str) -> None:
    from foedus.check.games import read_games
    from foedus.cli.games import described, said
    from foedus.compact.findings import MalformedCompact
    from foedus.words.failures import say_finding

    try:
        read = read_games(file, read_input(file))
    except MalformedCompact as problem:
        _findings(problem)
        raise typer.Exit(MalformedCompact.exit_status) from None
    answers, lines = [], []
    with session.progress(_("Counting")) as progress:
        for done, one in enumerate(read):
            progress(done, len(read))
            answers.append(described(one))
            lines += [*said(answers[-1]), *(say_finding(session.words, each) for each in one.findings)]
    ok = not any(one["findings"] or one["differs_from_expected"] for one in answers)
    session.answer({"ok": ok, "games": answers}, lines[1:])
    if not ok:
        raise typer.Exit(1)
