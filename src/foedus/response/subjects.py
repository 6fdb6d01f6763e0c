"""Finding what an act speaks of: the incident, response, measure or ballot, or Refused when it is not there
or is over.
"""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act
from foedus.compact.clauses import Clauses
from foedus.compact.model import Roll
from foedus.errors import Refused
from foedus.response.acts import Evidence
from foedus.response.state import Ballot, Incident, Measure, Response, Transcript
from foedus.state import State


def report(state: State, id_: str) -> Incident:
    """A report that its party has not withdrawn, whether it is read as another or not."""
    found = state.response.incidents.get(id_)
    if found is None:
        raise Refused("record/reference", "there is no incident {incident}", incident=id_)
    if found.withdrawn is not None:
        raise Refused("record/reference", "incident {incident} was withdrawn", incident=id_)
    return found


def incident(state: State, id_: str) -> Incident:
    """An incident that is not read as another, and of which a report stands: its own, or one merged into it."""
    found = state.response.incidents.get(id_)
    if found is None or (found.withdrawn is not None and not standing_reports(state, found)):
        return report(state, id_)
    if found.merged_into is not None:
        raise Refused(
            "record/reference",
            "incident {incident} is read as {into}",
            incident=id_,
            into=found.merged_into.value,
        )
    return found


def standing_reports(state: State, incident: Incident) -> tuple[Incident, ...]:
    """Reports of the incident that nobody has withdrawn: its own, and those that are read as it.

    Who withdraws the incident withdraws with it what it had reported of it besides.
    """
    return tuple(
        one
        for one in _reports(state, incident)
        if one.withdrawn is None and (incident.withdrawn is None or one.party != incident.party)
    )


def _reports(state: State, incident: Incident) -> list[Incident]:
    """The incident, and every report that was merged into it or into one of those."""
    found = [incident]
    for report in found:  # grows while we walk it
        found += [state.response.incidents[one.value] for one in report.others]
    return found


def read_as(state: State, report: Incident) -> Incident:
    """The incident that a report belongs to: the one into which it was merged, and that one in turn."""
    while report.merged_into is not None:
        report = state.response.incidents[report.merged_into.value]
    return report


def running(state: State, id_: str) -> Response:
    """A response that is still open."""
    found = state.response.responses.get(id_)
    if found is None:
        raise Refused("record/reference", "there is no response {response}", response=id_)
    if found.closed is not None:
        raise Refused(
            found.provision,
            "response {response} is closed: {reason}",
            response=id_,
            reason=found.closed.value,
        )
    return found


def measure(state: State, id_: str) -> Measure:
    """A measure on the table of any response."""
    found = state.response.measures.get(id_)
    if found is None:
        raise Refused("record/reference", "there is no measure {measure} on the table", measure=id_)
    return found


def ballot(state: State, id_: str, at: datetime) -> Ballot:
    """A ballot that is still open."""
    found = state.response.ballots.get(id_)
    if found is None:
        raise Refused("record/reference", "there is no ballot {ballot}", ballot=id_)
    if found.closed is not None or at >= found.closes_at:
        raise Refused(found.provision, "ballot {ballot} is closed", ballot=id_)
    return found


def entered(state: State, subject: str) -> list[Transcript]:
    """What was entered for seats about this measure or ballot and still waits for their countersignature."""
    transcripts = (state.response.transcripts[id_] for id_ in sorted(state.response.waiting))
    return [one for one in transcripts if one.subject == subject]


def on_roll(response: Response, act: Act, clause: str) -> None:
    """Refused unless the acting party was invited when the response opened."""
    if act.party not in response.roll:
        raise Refused(clause, "{party} is not on the roll of {response}", party=act.party, response=response.id)


def invited(clauses: Clauses, response: Response, act: Act, permit: str) -> None:
    """Refused unless the party was invited: the roll, or by right the protected state, which is not counted."""
    if act.party != clauses.compact.protected:
        roll = clauses.one(Roll)
        on_roll(response, act, roll[0].id if roll else permit)


def attached(act: Act, evidence: tuple[Evidence, ...], at: datetime) -> None:
    """Refused unless every item is an attachment of this act and was obtained before now."""
    digests = {attachment.digest for attachment in act.statement.attachments}
    for item in evidence:
        if item.attachment not in digests:
            raise Refused(
                "record/attachment",
                "evidence {digest} is not attached to the act",
                digest=item.attachment[:8],
            )
        if item.obtained_at > at:
            raise Refused("record/time", "evidence cannot have been obtained in the future")
