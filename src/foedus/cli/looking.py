"""`status` and `timeline`: what is running and what happened, now or at any past time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from foedus.cli.arguments import At, Json, Known, Lang, Record, moment
from foedus.cli.opening import opened
from foedus.cli.session import _, session

if TYPE_CHECKING:
    from foedus.cli.summary import Measure, Response, Status
    from foedus.depositary import Depositary
    from foedus.words.names import Names


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("status", help=_("What is running: clocks, who came, who decided what."), epilog=_STATUS)(status)
    app.command("timeline", help=_("The entries in order, each in a sentence."), epilog=_TIMELINE)(timeline)


_STATUS = "foedus status demo --at 2026-10-10T12:00Z"
_TIMELINE = "foedus timeline demo --last 20 --lang uk"


def status(record: Record, at: At = None, known: Known = None, json: Json = False, lang: Lang = None) -> None:
    """Show it."""
    from foedus.cli.summary import status_of
    from foedus.words.names import Names

    with opened(record) as found:
        seen = status_of(found.depositary, moment(at, "--at"), moment(known, "--known"))
        names = Names(session.words, found.depositary.clauses)
    session.answer(seen, _status(seen, names))


def _status(seen: Status, names: Names) -> Iterator[str]:
    words = session.words
    if seen.note and not seen.note.guarantee:
        yield _(
            "EXERCISE %(origin)s: figures of %(day)s, re-dated; answers drawn by lot from seed %(seed)s.",
            origin=seen.origin,
            day=words.date(seen.note.historical_day),
            seed=str(seen.note.seed),
        )
    elif seen.exercise:
        yield _("EXERCISE %(origin)s.", origin=seen.origin)
    else:
        yield _("Record %(origin)s.", origin=seen.origin)
    yield _(
        "As of %(at)s: %(entries)s entries; checkpoint of %(size)s entries.",
        at=words.moment(seen.at),
        entries=words.number(seen.entries),
        size=words.number(seen.checkpoint or 0),
    )
    yield _settled(seen)
    yield _(
        "Compact: %(title)s; parties: %(parties)s.",
        title=names.instrument(seen.compact),
        parties=words.number(len(seen.parties)),
    )
    if not seen.responses:
        yield _("Nothing is running.")
    for response in seen.responses:
        yield ""
        yield from _response(response, names, seen.at)


def _settled(seen: Status) -> str:
    """What witnesses settled by now."""
    found, words = seen.settled, session.words
    if found is None:
        return _("Nothing is settled: the compact names no witnesses.")
    newest = found.newest
    return _(
        "Settled: the first %(settled)s entries. Checkpoint of %(size)s entries: cosigned by %(number)s of %(total)s"
        " witnesses, %(needed)s needed.",
        settled=words.number(found.size),
        size=words.number(newest.size),
        number=words.number(len(newest.cosigned)),
        total=words.number(len(newest.witnesses)),
        needed=words.number(newest.at_least),
    )


def _response(response: Response, names: Names, at: datetime) -> Iterator[str]:
    from foedus.words.titles import INCIDENT_KINDS, MODES, title

    words = session.words
    yield _(
        "%(id)s, %(mode)s: %(kind)s; %(place)s; opened %(moment)s.",
        id=response.id,
        mode=title(words, MODES, response.mode),
        kind=title(words, INCIDENT_KINDS, response.kind),
        place=names.place(response.territory),
        moment=words.moment(response.opened_at),
    )
    if response.closed:
        yield "  " + _("Closed: %(reason)s.", reason=names.closing(response.closed))
    for line in _clocks(response, at):
        yield "  " + line
    roll = words.number(len(response.roll))
    yield "  " + _("Acknowledged: %(number)s of %(roll)s.", number=words.number(len(response.acknowledged)), roll=roll)
    yield "  " + _("Present: %(number)s of %(roll)s.", number=words.number(len(response.present)), roll=roll)
    for owed in response.owed:
        yield "  " + _(
            "At once, by %(moment)s: %(measure)s. Performance reported by %(number)s of %(roll)s.",
            moment=words.moment(owed.due_at),
            measure=names.measure(owed.measure),
            number=words.number(len(owed.performed)),
            roll=words.number(len(owed.performed) + len(owed.no_entry_yet)),
        )
    for measure in response.measures:
        yield from _measure(measure, names, response.closed)


def _clocks(response: Response, at: datetime) -> Iterator[str]:
    from foedus.words.titles import STEPS, title

    words = session.words
    for clock in response.clocks:
        step = title(words, STEPS, clock.step)
        if clock.met:
            yield _("%(step)s: done %(moment)s.", step=step, moment=words.moment(clock.met))
        elif clock.lapsed:
            yield _("%(step)s: the time ran out %(moment)s.", step=step, moment=words.moment(clock.lapsed))
        elif response.closed is None:
            yield _(
                "%(step)s: by %(moment)s, %(left)s.",
                step=step,
                moment=words.moment(clock.due_at),
                left=words.left(clock.due_at, at),
            )


def _measure(measure: Measure, names: Names, closed: str | None) -> Iterator[str]:
    from foedus.words.titles import MEASURE_KINDS, STANCES, title

    words = session.words
    what = names.measure(measure.menu) if measure.menu else title(words, MEASURE_KINDS, measure.kind)
    yield f"  {measure.id}: {what}"
    for stance in ("joins", "joins_ad_referendum", "declines", "abstains"):
        parties = getattr(measure, stance)
        if parties:
            yield f"    {title(words, STANCES, stance)}: {names.parties(parties)}"
    if measure.no_entry_yet:
        # Who was asked and silent, the record says of all measures together.
        nothing = _("no entry") if closed else _("no entry yet")
        yield f"    {nothing}: {names.parties(measure.no_entry_yet)}"


class Line(Struct, frozen=True):
    """An entry in words. `true_at`: when it came true, where that is not when it was received."""

    entry: int
    at: datetime
    true_at: datetime | None
    seat: str
    act: str
    says: str
    events: tuple[str, ...]


def timeline(
    record: Record,
    *,
    at: At = None,
    known: Known = None,
    last: Annotated[int | None, typer.Option("--last", min=1, help=_("Only so many, the newest."))] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Show it."""
    with opened(record) as found:
        lines = list(_lines(found.depositary, moment(at, "--at"), moment(known, "--known")))
    shown = lines[-last:] if last else lines
    words = session.words
    session.answer(shown, (f"{line.entry:6}  {words.moment(line.at)}  {line.says}" for line in shown))


def _lines(depositary: Depositary, at: datetime | None, known: datetime | None) -> Iterator[Line]:
    """Entries that had been recorded by `known` and had come true by `at`."""
    from foedus.acts import decode_entry, decode_statement
    from foedus.words.sentences import say_act, say_event

    words, clauses, state = session.words, depositary.clauses, depositary.state
    for number, data in enumerate(depositary.store.entries(0)):
        entry = decode_entry(data)
        if known is not None and entry.at > known:
            return
        if at is not None and (entry.true_at or entry.at) > at:
            continue
        statement = decode_statement(entry.act.payload)
        party = statement.seat.partition("/")[0]
        says = say_act(words, clauses, statement.body, party, state)
        events = tuple(say_event(words, clauses, state, event) for event in entry.events)
        yield Line(number, entry.at, entry.true_at, statement.seat, type(statement.body).__name__, says, events)
