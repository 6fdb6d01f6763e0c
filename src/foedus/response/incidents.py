"""Reports of incidents: reported, evidenced, corrected, withdrawn, merged, established."""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Establishment, Territory, Trigger
from foedus.errors import Refused
from foedus.parties.authority import members, permission
from foedus.response import acts, subjects
from foedus.response.state import Incident
from foedus.state import State


def report(clauses: Clauses, state: State, act: Act, body: acts.ReportIncident, at: datetime) -> tuple[Event, ...]:
    """Received reports stand as what a party says; whether an attack is established is another question."""
    permission(clauses, state, act, at)
    triggers = clauses.every(Trigger)
    if not any(body.kind in trigger.kinds for _, trigger in triggers):
        clause = triggers[0][0].id if triggers else "compact"
        raise Refused(clause, "{kind} is not a kind of incident under this compact", kind=body.kind)
    for provision, territory in clauses.every(Territory):
        if body.territory not in territory.codes:
            raise Refused(provision.id, "{place} lies outside the territorial scope", place=body.territory)
    if body.occurred_from > at or (body.occurred_until or at) < body.occurred_from:
        raise Refused("record/time", "an incident begins before it is reported, and ends after it began")
    _seen_by(at, body.occurred_until)
    compact = clauses.compact
    if body.attributed_to and body.attributed_to not in {o.id for o in compact.outsiders} | {
        p.id for p in compact.parties
    }:
        raise Refused("record/reference", "{who} is not named in the compact", who=body.attributed_to)
    subjects.attached(act, body.evidence, at)
    id_ = f"I-{len(state.response.incidents) + 1}"
    reported = acts.IncidentReported(
        id_, act.party, body.kind, body.territory, body.occurred_from, body.occurred_until, body.figures,
        body.attributed_to,
    )  # fmt: skip
    return (reported, acts.EvidenceAdded(id_, act.party, body.evidence)) if body.evidence else (reported,)


def add_evidence(clauses: Clauses, state: State, act: Act, body: acts.AddEvidence, at: datetime) -> tuple[Event, ...]:
    """Anyone permitted adds evidence, for as long as the report stands."""
    permission(clauses, state, act, at)
    subjects.incident(state, body.incident)
    if not body.evidence:
        raise Refused("record/attachment", "no evidence is named")
    subjects.attached(act, body.evidence, at)
    return (acts.EvidenceAdded(body.incident, act.party, body.evidence),)


def correct(clauses: Clauses, state: State, act: Act, body: acts.CorrectIncident, at: datetime) -> tuple[Event, ...]:
    """Only the party that reported corrects its report."""
    provision, _ = permission(clauses, state, act, at)
    incident = subjects.report(state, body.incident)
    subjects.incident(state, body.incident)
    _own(act, incident.party, provision.id)
    if body.occurred_until and body.occurred_until < incident.occurred_from:
        raise Refused("record/time", "an incident ends after it began")
    _seen_by(at, body.occurred_until)
    return (acts.IncidentCorrected(body.incident, act.party, body.figures, body.occurred_until),)


def withdraw(clauses: Clauses, state: State, act: Act, body: acts.WithdrawIncident, at: datetime) -> tuple[Event, ...]:
    """A mistaken report ends what rests on it alone: no response to what another party still reports.

    With an incident goes what its party had merged into it. Nothing is erased.
    """
    provision, _ = permission(clauses, state, act, at)
    report = subjects.report(state, body.incident)
    _own(act, report.party, provision.id)
    incident = subjects.read_as(state, report)
    running = [r.value for r in incident.responses if r.value in state.response.open]
    if running and _others_stand(state, report, incident):
        running = []
    closed = (acts.ResponseClosed(response, "withdrawn") for response in running)
    return (acts.IncidentWithdrawn(report.id), *closed)


def _others_stand(state: State, report: Incident, incident: Incident) -> bool:
    """Whether the incident is still reported once this report of it is gone."""
    return any(
        other is not report and (report is not incident or other.party != report.party)
        for other in subjects.standing_reports(state, incident)
    )


def merge(clauses: Clauses, state: State, act: Act, body: acts.MergeIncidents, at: datetime) -> tuple[Event, ...]:
    """Two reports of one incident become one. What has opened a response is not merged away."""
    provision, _ = permission(clauses, state, act, at)
    incident = subjects.report(state, body.incident)
    for id_ in (body.incident, body.into):
        subjects.incident(state, id_)
    _own(act, incident.party, provision.id)
    if body.incident == body.into or incident.responses:
        raise Refused(
            provision.id,
            "{incident} cannot be merged: it is the same, or a response rests on it",
            incident=incident.id,
        )
    return (acts.IncidentsMerged(body.incident, body.into),)


def propose_establishment(
    clauses: Clauses, state: State, act: Act, body: acts.ProposeEstablishment, at: datetime
) -> tuple[Event, ...]:
    """Puts the question whether the attack took place to the guarantors, where the compact leaves it to their
    vote.
    """
    permit, _ = permission(clauses, state, act, at)
    incident = subjects.incident(state, body.incident)
    clause = clauses.one(Establishment)
    clock = clauses.clock("decide")
    if clause is None or clause[1].by != "rule" or clock is None:
        raise Refused(permit.id, "this compact leaves no vote on whether an attack took place")
    pending = [b for b in incident.ballots if state.response.ballots[b.value].closed is None]
    if incident.established or pending:
        raise Refused(clause[0].id, "{incident} is already established, or voted on", incident=incident.id)
    roll = tuple(sorted(members(clauses, state, "guarantors")))
    ballot, closes = f"{incident.id}/B-{len(incident.ballots) + 1}", clock[1].within.after(at)
    return (acts.BallotOpened(ballot, "establishment", incident.id, clause[0].id, act.party, roll, closes),)


def _seen_by(at: datetime, until: datetime | None) -> None:
    if until is not None and until > at:
        raise Refused("record/time", "nobody can have observed in the future: name no end while the incident goes on")


def _own(act: Act, party: str, clause: str) -> None:
    if act.party != party:
        raise Refused(clause, "only {party}, which reported the incident, may do this", party=party)
