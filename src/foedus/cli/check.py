"""`check`: what an agreement will do, before it is signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from foedus.cli.arguments import Json, Lang, read_input
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.check.verdicts import Verdict
    from foedus.compact.clauses import Clauses


def add(app: typer.Typer) -> None:
    """Add the command."""
    prove = _("Prove an agreement before it is signed: what holds, and who can block it.")
    app.command("check", help=prove, epilog=_CHECK)(check)


_CHECK = "foedus check kyiv-2022"


def check(  # noqa: PLR0917  # one parameter for each option of the command
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
            help=_(
                "So many guarantors take part, of each kind in turn, all where that is more than there are; else three,"
                " or fewer where three take long, and then all of what holds among them."
            ),
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
    play: Annotated[
        Path | None,
        typer.Option("--play", metavar="DIR", help=_("Play the story told as an exercise, in a new folder.")),
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
        _compact(str(source), guarantors, story, states, against, play)


def _compact(
    source: str, guarantors: int | None, story: int | None, states: int, against: str | None, play: Path | None
) -> None:
    from foedus.check import differences
    from foedus.cli.differences import differing

    before = _answered(against, guarantors, None, states) if against is not None else None
    found = _answered(source, guarantors, story, states)
    answer, lines = found.answer, found.lines
    if play is not None:
        lines += _played(found, story, play)
    if before is not None:
        answer["differences"] = differences.differences(before.answer, answer)
        answer["provisions_changed"] = differences.provisions_changed(before.clauses, found.clauses)
        lines += differing(answer["differences"], answer["provisions_changed"])
    session.answer(answer, lines)
    if not answer["ok"]:
        raise typer.Exit(1)


def _played(found: Found, story: int | None, play: Path) -> list[str]:
    """Play a story as an exercise. Raises Malformed where no guarantee of that number has one."""
    from foedus.exercise.told import replayed

    if story is None:
        raise Malformed("a story is played of one guarantee: name its number with --story")
    depositary = replayed(play, found.verdicts[story - 1])
    size = depositary.state.size
    depositary.close()
    said = _("The story is played as an EXERCISE in %(folder)s, %(size)s entries.", folder=str(play), size=size)
    return ["", f"{said} foedus serve {play}"]


class Found(NamedTuple):
    """Everything about one text: as data, in lines, and what it rests on."""

    answer: dict[str, Any]
    lines: list[str]
    clauses: Clauses
    verdicts: list[Verdict]


def _answered(source: str, guarantors: int | None, story: int | None, states: int) -> Found:
    from foedus.check.answers import counted_only, everywhere
    from foedus.check.findings import worth_a_look
    from foedus.check.verdicts import verdicts
    from foedus.cli import guarantees, structure
    from foedus.compact.clauses import Clauses
    from foedus.compact.findings import MalformedCompact
    from foedus.compact.loader import load
    from foedus.words.failures import finding_in, say_finding

    try:
        compact = load(source)
    except MalformedCompact as problem:
        raise typer.Exit(session.found(problem)) from None
    if story is not None and not 0 < story <= len(compact.guarantees):
        raise Malformed(
            "guarantee {number} found; {source} asks for {count}",
            number=story, source=source, count=len(compact.guarantees),
        )  # fmt: skip
    clauses = session.clauses = Clauses.of(compact)
    lines = [session.words.of(compact.title), ""]
    with session.progress(_("States")) as progress:
        found = list(verdicts(compact, guarantors, progress, states, everybody=True))
    answers = [guarantees.described(one) for one in found]
    for number, one in enumerate(found, 1):
        lines += guarantees.said(one, number, story == number, source)
    limits = [everywhere(session.words), *counted_only(session.words, clauses)] if answers else []
    lines += limits or [_("The text asks for no guarantees.")]
    told = structure.described(clauses)
    lines += structure.said(clauses, told)
    looks = worth_a_look(source, clauses)
    lines += ["", *(say_finding(session.words, one) for one in looks)] if looks else []
    told["findings"] = [finding_in(session.words, one) for one in looks]
    held = all(one["holds"] for one in answers) and not looks
    answer = {"ok": held, "id": compact.id, "digest": clauses.digest, "guarantees": answers, "limits": limits, **told}
    return Found(answer, lines, clauses, found)


def _games(file: str) -> None:
    from foedus.check.games import read_games
    from foedus.cli.games import described, refused, said, said_refused
    from foedus.compact.findings import MalformedCompact
    from foedus.words.failures import say_finding

    try:
        read = read_games(file, read_input(file))
    except MalformedCompact as problem:
        raise typer.Exit(session.found(problem)) from None
    answers, lines = [], []
    with session.progress(_("Counting")) as progress:
        for done, one in enumerate(read):
            progress(done, len(read))
            try:
                answers.append(described(one))
                lines += said(answers[-1])
            except Malformed as problem:  # the others are counted all the same
                answers.append(refused(one, problem))
                lines += said_refused(answers[-1])
            lines += [say_finding(session.words, each) for each in one.findings]
    ok = not any("refused" in one or one["findings"] or one["differs_from_expected"] for one in answers)
    session.answer({"ok": ok, "games": answers}, lines[1:])
    if not ok:
        raise typer.Exit(1)
