"""Draws up the record of decision of a response from the state and the compact, as it stood at a moment.

Judges nothing anew: who joined, was silent or absent, and what was carried are as the record has them. Before
a deadline nobody is called silent or absent. It asks no clock and opens no file; the caller brings the compact
that was in force and the signed checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from foedus import __version__
from foedus.acts import RULES_VERSION
from foedus.compact.clauses import Clauses
from foedus.compact.model import Decision, Named
from foedus.documents import clauses_cited, meeting, tabled
from foedus.documents.values import (
    CheckpointSeen,
    CompactCited,
    DecisionRecord,
    Deposited,
    EvidenceHeld,
    IncidentSaid,
    OtherClause,
    OwedBy,
    OwedMeasure,
    ReportSaid,
    Status,
)
from foedus.documents.view import View
from foedus.exercise import ExerciseNote
from foedus.history import Dated, Place
from foedus.logs import key_of_epoch
from foedus.parties.state import RecordInfo
from foedus.record.checkpoint import parse_checkpoint
from foedus.record.keys import encode_base64
from foedus.record.note import format_vkey, parse_note
from foedus.response.state import Incident, Owed, Response
from foedus.state import State

_STATUS: dict[str, Status] = {
    "decided": "decided",
    "withdrawn": "withdrawn",
    "not_convened": "not_convened",
    "ended": "ended",
}


def compact_of(state: State, response_id: str, at: datetime, known: datetime) -> str | None:
    """Digest of the compact under which the response was decided, or stood at that moment; None if there was
    no such response yet.
    """
    view = View(state, None, at, known)
    response = view.see(state.response.responses.get(response_id))
    if response is None:
        return None
    return _in_force(view, response)[-1].value


def _in_force(view: View, response: Response) -> list[Dated[str]]:
    """The compacts in force while the response ran: that of T0 first, that of its end or of the moment last."""
    end = response.closed.place.entry if response.closed else view.state.size
    known = [one for one in view.state.parties.compacts if one.place.entry <= end and view.seen(one.place)]
    amended = [one for one in known if one.place.entry > response.place.entry]
    return known[-1 - len(amended) :]


def draw_up(
    state: State,
    clauses: Clauses,
    response_id: str,
    at: datetime,
    known: datetime,
    *,
    checkpoint: bytes | None = None,
    note: ExerciseNote | None = None,
) -> DecisionRecord | None:
    """The record of decision of a response as it stood `at`, as then `known`; None if it did not exist yet.

    `clauses`: the compact whose digest `compact_of` gives. `checkpoint`: a signed note over at least the entries
    seen then, None where nothing is signed. Raises Malformed for a note that is none.
    """
    view = View(state, clauses, at, known)
    response = view.see(state.response.responses.get(response_id))
    if response is None:
        return None
    incident = view.see(state.response.incidents[response.incident])
    info = state.parties.record
    assert incident is not None, "a response opens after its incident"
    assert info is not None, "nothing is recorded before the record is opened"
    home = clauses.party(clauses.compact.protected)
    assert home is not None, "the protected state is named in its compact"
    decision, decided = clauses.one(Decision), response.decided
    record = DecisionRecord(
        origin=info.origin,
        exercise=info.exercise,
        status=_STATUS[response.closed.value] if response.closed else "draft",
        at=at,
        known=known,
        compact=_compact(view, response),
        protected=meeting.attendance(view, response, home.id),
        capital=home.capital,
        zone=home.zone,
        response=response.id,
        mode=response.mode,
        opened_by=view.party(response.party),
        opened_under=response.provision,
        opened=response.place,
        incident=_incident(view, incident),
        clocks=response.clocks,
        roll=meeting.roll(view, response),
        convening=meeting.convening(view, response),
        measures=tabled.measures(view, response),
        questions=tabled.questions(view, response, incident),
        owed=tuple(_owed(view, response, item) for item in response.owed),
        others=_others(view, response),
        deposited=_deposited(view, incident.id),
        software=__version__,
        rules=RULES_VERSION,
        decided_under=decision[0].id if decision else None,
        decision_mode=decision[1].mode if decision else None,
        decided=decided.place if decided else None,
        closed=response.closed,
        silent=view.parties(decided.silent) if decided else (),
        absent=view.parties(decided.absent) if decided else (),
        note=note,
    )
    return replace(
        record,
        clauses=clauses_cited.cited(view, response, _cited(record)),
        entries=tuple(sorted(_entries(record))),
        checkpoint=_checkpoint(info, checkpoint) if checkpoint else None,
    )


def _compact(view: View, response: Response) -> CompactCited:
    compact = view.clauses.compact
    *earlier, last = _in_force(view, response)
    return CompactCited(
        compact.id, compact.title, compact.short_title, compact.nature, compact.signed_by_states, last.value,
        last.place, tuple(one.value for one in earlier),
    )  # fmt: skip


# --- the incident -------------------------------------------------------------------------------------------


def _incident(view: View, incident: Incident) -> IncidentSaid:
    return IncidentSaid(
        incident.id, incident.kind, view.named("places", incident.territory), view.party(incident.party),
        incident.occurred_from, view.party(incident.attributed_to) if incident.attributed_to else None,
        incident.place,
        tuple(
            ReportSaid(view.party(one.party), one.figures, one.occurred_until, one.place)
            for one in incident.reports
        ),
        tuple(
            EvidenceHeld(
                one.evidence.attachment, view.office(one.evidence.obtained_by), one.evidence.obtained_at,
                one.evidence.how, view.party(one.party), one.place,
            )
            for one in incident.evidence
        ),
        incident.established, incident.withdrawn, incident.merged_into,
    )  # fmt: skip


def _deposited(view: View, incident: str) -> tuple[Deposited, ...]:
    found = [view.see(item) for item in view.state.parties.communications.values() if item.incident == incident]
    return tuple(
        Deposited(one.id, view.party(one.sender), one.kind, view.party(one.party), one.place)
        for one in sorted((item for item in found if item), key=lambda item: item.place.entry)
    )


# --- what is owed, and what other instruments ask -----------------------------------------------------------


def _owed(view: View, response: Response, owed: Owed) -> OwedMeasure:
    obligations = view.state.commitments.obligations
    lines = []
    for party in owed.parties:
        obligation = view.see(obligations.get(f"{response.id}/{owed.measure}/{party}"))
        released = obligation.released if obligation else None
        lines.append(_owed_by(view.party(party), owed.performed.get(party), released, owed.lapsed))
    return OwedMeasure(view.measure(owed.measure), owed.provision, owed.due_at, owed.place, tuple(lines))


def _owed_by(party: Named, done: Place | None, released: Place | None, lapsed: Place | None) -> OwedBy:
    """In time or late by the order of the entries: what was received before the deadline stands before its lapse."""
    if done is not None:
        late = lapsed is not None and done.entry > lapsed.entry
        return OwedBy(party, "performed_late" if late else "performed", done)
    if released is not None:
        return OwedBy(party, "released", released)
    return OwedBy(party, "not_reported", lapsed) if lapsed is not None else OwedBy(party, "owed")


def _others(view: View, response: Response) -> tuple[OtherClause, ...]:
    found = []
    for clause in response.clauses:
        agreement = view.clauses.agreement(clause.agreement)
        name = agreement.title if agreement else view.as_code(clause.agreement)
        found.append(
            OtherClause(
                Named(id=clause.agreement, name=name), agreement.consultation if agreement else None,
                view.parties(clause.parties), clause.due_at, clause.hard, clause.binding, clause.place, clause.met,
                clause.lapsed,
            )
        )  # fmt: skip
    return tuple(found)


# --- what is cited ------------------------------------------------------------------------------------------


def _cited(value: object) -> Iterable[str]:
    """Every provision that a field names."""
    if isinstance(value, Struct):
        for name in value.__struct_fields__:
            item = getattr(value, name)
            if name in ("clause", "provision", "opened_under", "decided_under") and isinstance(item, str):
                yield item
            elif name in ("convened", "established") and item is not None:
                yield item.value
            else:
                yield from _cited(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _cited(item)


def _entries(value: object) -> set[int]:
    """Numbers of all entries that left a trace in a value."""
    if isinstance(value, Place):
        return {value.entry}
    if isinstance(value, Struct):
        return set().union(*(_entries(getattr(value, name)) for name in value.__struct_fields__))
    if isinstance(value, tuple):
        return set().union(*(_entries(item) for item in value))
    return set()


def _checkpoint(info: RecordInfo, data: bytes) -> CheckpointSeen:
    stated = parse_checkpoint(parse_note(data).text)
    key = key_of_epoch(info.signed_by(stated.size))
    return CheckpointSeen(
        stated.origin, stated.size, encode_base64(stated.root), data.decode(), sha256(data).hexdigest(),
        format_vkey(key),
    )  # fmt: skip
