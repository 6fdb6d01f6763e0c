"""`what-if`: acts supposed in a fork of a record, and what would then be due, owed and back. Nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import At, Json, Lang, Record, moment
from foedus.cli.opening import opened
from foedus.cli.session import _, session

if TYPE_CHECKING:
    from foedus.compact.clauses import Clauses
    from foedus.supposing import Difference, Step


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "what-if", help=_("Suppose acts in a fork of the record: what would be due, owed and back."), epilog=_IF
    )(what_if)


_IF = "foedus what-if demo --suppose attack.yaml --hours 80"


def what_if(
    record: Record, *,
    suppose: Annotated[Path, typer.Option("--suppose", metavar="FILE", help=_("A YAML list of supposed acts."))],
    at: At = None,
    hours: Annotated[int, typer.Option("--hours", min=0, max=8760, help=_("How long time passes on."))] = 80,
    json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Show what is different."""
    from foedus.supposing import read_suppositions, state_at
    from foedus.supposing import suppose as supposed

    acts = read_suppositions(suppose)
    with opened(record) as found:
        begins = moment(at, "--at") or found.depositary.now()
        state = state_at(found.depositary, begins) if at is not None else found.depositary.state
        clauses = found.depositary.compacts.in_force(state)
        difference = supposed(clauses, state, begins, acts, begins + timedelta(hours=hours))
        session.answer(_data(difference), list(_lines(clauses, difference)))


def _data(found: Difference) -> dict[str, object]:
    return {
        "supposition": True,
        "steps": [
            {
                "at": one.at, "seat": one.seat, "act": type(one.body).__name__,
                "events": [type(event).__name__ for event in one.events],
                "refused": one.refused.clause if one.refused is not None else None,
            }
            for one in found.steps
        ],
        "due": [{"at": one.due_at, "deadline": one.id} for one in found.due], "owed": list(found.owed),
        "returned": list(found.returned),
    }  # fmt: skip


def _lines(clauses: Clauses, found: Difference) -> Iterator[str]:
    from foedus.words.names import Names

    names, words = Names(session.words, clauses), session.words
    yield _("SUPPOSED. Nothing of it is recorded.")
    for one in found.steps:
        yield from _step(clauses, found, one)
    yield _("Due only then: %(count)s.", count=words.number(len(found.due)))
    yield from (f"  {words.moment(one.due_at)}  {names.deadline(one.id)}" for one in found.due)
    yield _("Owed only then: %(count)s.", count=words.number(len(found.owed)))
    yield from (f"  {one}" for one in found.owed)
    if found.returned:
        yield _("Sanctions come back: %(which)s.", which=", ".join(found.returned))


def _step(clauses: Clauses, found: Difference, one: Step) -> Iterator[str]:
    from foedus.words.failures import say_refusal
    from foedus.words.sentences import say_act, say_event

    words = session.words
    party = one.seat.partition("/")[0]
    yield f"{words.moment(one.at)}  {say_act(words, clauses, one.body, party, found.then)}"
    if one.refused is not None:
        yield f"    {_('Not allowed:')} {say_refusal(words, clauses, one.refused)}"
    yield from (f"    {say_event(words, clauses, found.then, event)}" for event in one.events)
