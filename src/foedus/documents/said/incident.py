"""The incident as reported, and the request with its clocks. A report is what a party says, not a finding."""

from __future__ import annotations

from foedus.documents.said.wording import Wording, capital
from foedus.documents.sheet import (
    Block,
    Column,
    Facts,
    Grid,
    Para,
    Runs,
    code,
    joined,
    small,
    strong,
    symbol,
    text,
)
from foedus.history import Place
from foedus.response.state import Clock
from foedus.words.titles import COMMUNICATIONS, INCIDENT_KINDS, ON_LAPSE, STEPS, title


def incident(say: Wording) -> list[Block]:
    """What is reported, by whom, and what evidence stands with it."""
    it, _ = say.record.incident, say.say
    observed = _("from %(at)s", at=say.moment(it.occurred_from))
    if until := it.reports[-1].occurred_until:
        observed = f"{observed} {_('until %(at)s', at=say.moment(until))}"
    kind = capital(title(say.words, INCIDENT_KINDS, it.kind))
    rows = [
        (_("Incident"), (*strong(it.id), *text(f". {kind}. {say.of(it.territory)}"))),
        (_("Observed"), text(observed)),
        (_("Reported by"), _received(say, say.of(it.reported_by), it.place)),
    ]
    if it.attributed_to:
        rows.append((_("Attributed to"), text(f"{say.of(it.attributed_to)}, {_('by the party that reported it')}")))
    rows.append((_("Finding"), _finding(say)))
    if it.withdrawn:
        rows.append((_("Withdrawn"), _received(say, _("The report was mistaken"), it.withdrawn)))
    if it.merged_into:
        same = _("Read as incident %(incident)s", incident=it.merged_into.value)
        rows.append((_("Merged"), _received(say, same, it.merged_into.place)))
    return [Facts(tuple(rows)), *_figures(say), *_evidence(say), *_deposited(say)]


def _received(say: Wording, said: str, place: Place) -> Runs:
    at = say.say("received %(at)s", at=say.moment(place.at))
    return joined((text(f"{said}, {at},"), say.in_entry(place)))


def _finding(say: Wording) -> Runs:
    found = say.record.incident.established
    if found is None:
        return text(say.say("None was made. A report is what a party says."))
    return joined(
        (
            text(say.say("The attack took place, for the purposes of the compact:")),
            say.clause(found.value, titled=True),
            say.in_entry(found.place),
        )
    )


def _figures(say: Wording) -> list[Block]:
    reports = [report for report in say.record.incident.reports if report.figures]
    if not reports:
        return []
    codes = list(dict.fromkeys(figure.what for report in reports for figure in report.figures))
    first = {figure.what: figure for report in reports for figure in report.figures}
    columns = [Column(say.say("Figure"), 1)]
    columns += [
        Column(f"{say.when(report.place.at)}, {say.say('entry')} {report.place.entry}", 0, True) for report in reports
    ]
    rows = []
    for what in codes:
        counts = [next((one.count for one in report.figures if one.what == what), None) for report in reports]
        cells = [text(say.words.number(count) if count is not None else "–") for count in counts]
        rows.append((text(say.figure(first[what])), *cells))
    caption = say.say("Figures as reported. A correction is added and replaces nothing.")
    return [Grid(caption, tuple(columns), tuple(rows))]


def _evidence(say: Wording) -> list[Block]:
    evidence, _ = say.record.incident.evidence, say.say
    if not evidence:
        return [Para(text(_("No evidence stands with the report.")))]
    columns = (
        Column(_("Evidence: salted digest, SHA-256"), 4),
        Column(_("Obtained by, and how"), 3),
        Column(_("Obtained")),
        Column(_("Brought in by"), 2),
        Column(_("Entry"), 0, True),
    )
    rows = tuple(
        (
            code(one.digest),
            (*text(capital(say.of(one.obtained_by))), *small(say.how(one.how))),
            text(say.when(one.obtained_at)),
            text(say.of(one.by)),
            say.entry(one.place),
        )
        for one in evidence
    )
    return [Grid(_("Evidence held beside the record"), columns, rows)]


def _deposited(say: Wording) -> list[Block]:
    found, _ = say.record.deposited, say.say
    if not found:
        return []
    columns = (Column(_("Sender"), 2), Column(_("What")), Column(_("Deposited by"), 2), Column(_("Entry"), 0, True))
    rows = tuple(
        (
            text(say.of(one.sender)),
            text(title(say.words, COMMUNICATIONS, one.kind)),
            text(say.of(one.by)),
            say.entry(one.place),
        )
        for one in found
    )
    return [Grid(_("Words of outsiders, held as evidence; they count in no vote and stop no clock"), columns, rows)]


def request(say: Wording) -> list[Block]:
    """Who opened the response and when, and what each clock came to."""
    record, _ = say.record, say.say
    opened = (
        _("Consultation requested by")
        if record.mode == "consultation"
        else _("Activated by")
        if record.opened_by.id == record.protected.party.id
        else _("Convening requested by")
    )
    facts = Facts(
        (
            (opened, joined((text(say.of(record.opened_by) + ","), say.in_entry(record.opened)))),
            (_("Received, T0"), strong(say.moment(record.opened.at))),
            (_("Clause"), say.clause(record.opened_under, titled=True)),
        )
    )
    if not record.clocks:
        return [facts, Para(text(_("No clause sets a clock.")))]
    columns = (
        Column(_("Step"), 2),
        Column(_("Due, UTC")),
        Column(_("Clause"), 2),
        Column(_("Result"), 2),
        Column(_("If the time passes"), 3),
        Column(_("Entry"), 0, True),
    )
    rows = tuple(_clock(say, clock) for clock in sorted(record.clocks, key=lambda clock: (clock.due, clock.step)))
    return [facts, Grid(_("Clocks, by the time they fall due"), columns, rows)]


def _clock(say: Wording, clock: Clock) -> tuple[Runs, ...]:
    _ = say.say
    due = text(say.when(clock.due))
    if clock.extensions:
        due = (*due, *small(_("extended; first due %(at)s", at=say.when(clock.due_at))))
    if clock.met:
        result, place = symbol("tick", _("Done %(at)s", at=say.when(clock.met.at))), clock.met
    elif clock.lapsed:
        result, place = symbol("cross", _("Time passed")), clock.lapsed
    else:
        result, place = symbol("clock", _("Runs") if say.record.status == "draft" else _("Ended")), clock.place
    step = text(capital(title(say.words, STEPS, clock.step)))
    if not clock.hard:
        step = (*step, *small(_("where possible")))
    after = text(capital(title(say.words, ON_LAPSE, clock.on_lapse)))
    return (step, due, say.clause(clock.provision), result, after, say.entry(place))
