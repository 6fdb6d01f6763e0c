"""T0: a request opens a response, fixes the roll, starts the clocks, and makes immediate measures owed at
once.
"""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Agreement, Clock, Establishment, Evidence, Measure, Roll, Trigger
from foedus.errors import Refused
from foedus.parties.authority import belongs, members, permission
from foedus.parties.state import PRESENT_STATUS
from foedus.response import acts, subjects
from foedus.response.state import Incident
from foedus.state import State


def activate(clauses: Clauses, state: State, act: Act, body: acts.Activate, at: datetime) -> tuple[Event, ...]:
    """The protected state activates; receipt of its request is the beginning."""
    permit, _ = permission(clauses, state, act, at)
    return _open(clauses, state, act, subjects.incident(state, body.incident), permit.id, "response", at)


def request_convening(
    clauses: Clauses, state: State, act: Act, body: acts.RequestConvening, at: datetime
) -> tuple[Event, ...]:
    """While the protected state is silent, those the clause names may start convening."""
    incident = subjects.incident(state, body.incident)
    permit, clause = permission(clauses, state, act, at, reported=incident.place.at)
    opened = [one.value for one in incident.responses if state.response.responses[one.value].mode == "response"]
    if clause.wait and opened:  # it was not silent: who waits for a silence acts before an activation only
        raise Refused(permit.id, "{incident} has already opened {response}", incident=incident.id, response=opened[-1])
    return _open(clauses, state, act, incident, permit.id, "response", at)


def open_consultation(
    clauses: Clauses, state: State, act: Act, body: acts.OpenConsultation, at: datetime
) -> tuple[Event, ...]:
    """Consultation on a threat, without activation."""
    permit, _ = permission(clauses, state, act, at)
    incident = subjects.incident(state, body.incident)
    for who in body.addressed:
        if clauses.party(who) is None:
            raise Refused("record/reference", "{who} is not named in the compact", who=who)
    return _open(clauses, state, act, incident, permit.id, "consultation", at, body.addressed)


def _open(
    clauses: Clauses, state: State, act: Act, incident: Incident, permit: str, mode: str, at: datetime,
    addressed: tuple[str, ...] = (),
) -> tuple[Event, ...]:  # fmt: skip
    _triggered(clauses, incident, mode, permit)
    _evidenced(clauses, act, incident)
    running = [r.value for r in incident.responses if state.response.responses[r.value].closed is None]
    if any(state.response.responses[id_].mode == mode for id_ in running):
        raise Refused(permit, "{incident} has already opened {response}", incident=incident.id, response=running[-1])
    roll_clause = clauses.one(Roll)
    if roll_clause is None:
        raise Refused(permit, "no clause of the compact says who is invited")
    roll = tuple(sorted(members(clauses, state, "guarantors")))
    id_ = f"R-{len(state.response.responses) + 1}"
    events: list[Event] = [acts.ResponseOpened(id_, incident.id, mode, act.party, permit, roll, addressed)]
    events += _established(clauses, incident, mode)
    started = clocks(clauses, id_, mode, at, "request")
    # A reply is owed by those addressed: with nobody addressed there is nothing to wait for.
    events += [one for one in started if addressed or getattr(one, "step", "") != "reply"]
    events += clocks(clauses, id_, mode, incident.occurred_from, "attack")
    if mode == "response":
        events += _owed(clauses, state, id_, incident, roll, at)
    events += _clauses_opened(clauses, state, act, id_, incident, at)
    return tuple(events)


def _triggered(clauses: Clauses, incident: Incident, mode: str, permit: str) -> None:
    triggers = [pair for pair in clauses.every(Trigger) if pair[1].opens == mode]
    if not any(incident.kind in trigger.kinds for _, trigger in triggers):
        raise Refused(
            triggers[0][0].id if triggers else permit,
            "an incident of the kind {kind} does not open a {mode}", kind=incident.kind, mode=mode,
        )  # fmt: skip


def _evidenced(clauses: Clauses, act: Act, incident: Incident) -> None:
    name = type(act.body).__name__
    for provision, clause in clauses.every(Evidence):
        if clause.act == name and len(incident.evidence) < clause.at_least:
            raise Refused(
                provision.id, "{act} needs {needed} items of evidence; {found} found",
                act=name, needed=clause.at_least, found=len(incident.evidence),
            )  # fmt: skip


def _established(clauses: Clauses, incident: Incident, mode: str) -> list[Event]:
    clause = clauses.one(Establishment)
    if mode == "response" and clause and clause[1].by == "request" and incident.established is None:
        return [acts.AttackEstablished(incident.id, clause[0].id)]
    return []


def clocks(clauses: Clauses, response: str, mode: str, start: datetime, starts_on: str) -> list[Event]:
    """The clocks that start on one moment in a procedure of this kind.

    A clock counted from the attack may already be over when it starts.
    """
    return [
        acts.ClockStarted(response, clock.step, clock.within.after(start), provision.id, clock.on_lapse, clock.hard)
        for provision, clock in clauses.every(Clock)
        if clock.starts_on == starts_on and clock.mode in (None, mode)
    ]


def _owed(
    clauses: Clauses, state: State, response: str, incident: Incident, roll: tuple[str, ...], at: datetime
) -> list[Event]:
    events: list[Event] = []
    for provision, measure in clauses.every(Measure):
        if measure.mode != "immediate" or incident.kind not in measure.on or measure.within is None:
            continue
        bearers = frozenset().union(*[members(clauses, state, bearer) for bearer in measure.bearers])
        advance = state.parties.advance
        parties = tuple([party for party in roll if party in bearers and f"{measure.id} {party}" in advance])
        if parties:
            events.append(acts.MeasureOwed(response, measure.id, provision.id, parties, measure.within.after(at)))
    return events


def _clauses_opened(
    clauses: Clauses, state: State, act: Act, response: str, incident: Incident, at: datetime
) -> list[Event]:
    events: list[Event] = []
    for agreement in clauses.compact.agreements:
        clause = agreement.consultation
        if clause is None or incident.kind not in clause.on or all(one.party != act.party for one in agreement.parties):
            continue
        parties = standing_parties(clauses, state, agreement)
        asks = any(group == act.party or belongs(clauses, state, act.party, group) for group in clause.asked_by)
        if len(parties) > 1 and act.party in parties and asks:
            due_at = clause.within.after(at) if clause.within else None
            events.append(acts.ClauseOpened(response, agreement.id, parties, due_at, clause.hard, clause.binding))
    return events


def standing_parties(clauses: Clauses, state: State, agreement: Agreement) -> tuple[str, ...]:
    """Parties for which another instrument stands now: by the record where it says so, else by the facts of
    the file.
    """
    if any(organisation in state.parties.memberships for organisation in agreement.ends_with):
        return ()
    standing = []
    for item in agreement.parties:
        status = state.parties.status(item.party, agreement.id) or item.status
        if status in PRESENT_STATUS:
            standing.append(item.party)
    return tuple(standing)
