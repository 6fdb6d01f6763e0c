"""What is owed without a vote, and what other instruments ask on the same event."""

from __future__ import annotations

from foedus.documents.said.wording import OWED, Wording
from foedus.documents.sheet import Block, Column, Grid, Para, Runs, joined, line_break, small, symbol, text
from foedus.documents.values import OtherClause, OwedMeasure


def owed(say: Wording) -> list[Block]:
    """Immediate measures: each with every party that owes it, and whether it reported that it was done."""
    record, _ = say.record, say.say
    if not record.owed:
        return [Para(text(_("No immediate measure was owed: nobody had agreed to one beforehand.")))]
    lead = _("Owed from T0 without a vote, by those who had agreed to them beforehand. A report of performance is the"
             " party’s own; whether it was received is for others to say.")  # fmt: skip
    columns = (
        Column(_("Measure and clause"), 4),
        Column(_("Due, UTC")),
        Column(_("By whom, and what is reported"), 7),
        Column(_("Entry"), 0, True),
    )
    rows = tuple(_owed(say, one) for one in sorted(record.owed, key=lambda one: (one.due_at, one.measure.id)))
    return [Para(text(lead)), Grid(_("Immediate measures, by the time they were due"), columns, rows)]


def _owed(say: Wording, one: OwedMeasure) -> tuple[Runs, ...]:
    lines = []
    for state in OWED:
        there = [party for party in one.parties if party.state == state]
        if not there:
            continue
        names = []
        for party in sorted(there, key=lambda party: say.sort_key(say.of(party.party))):
            name = text(say.of(party.party))
            if state in ("performed", "performed_late"):
                assert party.place is not None, "what was reported has its entry"
                name = (*name, *text(" ("), *say.entry(party.place), *text(")"))
            names.append(name)
        lines.append((*say.marked(OWED, state), *text(": "), *joined(names, ", "), *text(".")))
    return (
        (*text(say.of(one.measure)), *line_break(), *say.clause(one.clause)),
        text(say.when(one.due_at)),
        tuple(run for number, line in enumerate(lines) for run in (*line_break() * bool(number), *line)),
        say.entry(one.place),
    )


def others(say: Wording) -> list[Block]:
    """Clauses of other instruments that the same event opened, by the time they fall due."""
    record, _ = say.record, say.say
    if not record.others:
        return [Para(text(_("None of the other instruments has a clause that this event opens.")))]
    columns = (
        Column(_("Instrument, and what it asks"), 5),
        Column(_("Between"), 3),
        Column(_("Due, UTC"), 2),
        Column(_("State"), 3),
        Column(_("Entry"), 0, True),
    )
    far = max((one.due_at for one in record.others if one.due_at), default=record.at)
    ordered = sorted(record.others, key=lambda one: (one.due_at is None, one.due_at or far, say.of(one.instrument)))
    caption = _("The same event opens these clauses; each has its own clock")
    return [Grid(caption, columns, tuple(_other(say, one) for one in ordered))]


def _other(say: Wording, one: OtherClause) -> tuple[Runs, ...]:
    _ = say.say
    asks = ""
    if one.asks and one.asks.wording:
        asks = say.of(one.asks.wording)
    elif one.asks and one.asks.within:
        asks = _("Consult within %(span)s", span=say.words.span(one.asks.within))
    due = text(say.when(one.due_at))
    remarks = [] if one.due_at else [_("no hours named")]
    remarks += [] if one.hard else [_("where possible")]
    remarks += [] if one.binding else [_("political")]
    remarks += [_("only an attack after present hostilities end")] if one.asks and one.asks.future_only else []
    if remarks:
        due = (*due, *small(", ".join(remarks)))
    place = one.met or one.lapsed or one.place
    if one.met:
        state = symbol("tick", _("Met %(at)s", at=say.when(one.met.at)))
    elif one.lapsed:
        state = symbol("cross", _("Time passed; they had not met here"))
    elif one.due_at is None:
        state = symbol("bar", _("No meeting is recorded here"))
    else:
        state = symbol("clock", _("Runs"))
    name = text(say.of(one.instrument))
    return (
        (*name, *small(asks)) if asks else name,
        text(say.names(one.parties)),
        due,
        state,
        say.entry(place),
    )
