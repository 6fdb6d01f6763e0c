"""Instruments and each party's standing in them: signed, ratified, renewed, given notice of, lapsed; and deposits."""

from __future__ import annotations

from datetime import UTC, datetime, time

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Interim, Term
from foedus.errors import Refused
from foedus.history import Deadline
from foedus.parties import acts
from foedus.parties.authority import belongs, permission
from foedus.parties.state import PRESENT_STATUS, standing_deadline
from foedus.state import State

DEPOSITARY = "depositary"


def sign_text(clauses: Clauses, state: State, act: Act, body: acts.SignText, at: datetime) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    if state.parties.status(act.party, body.instrument) in PRESENT_STATUS:
        raise Refused(provision.id, "{party} has already signed {what}", party=act.party, what=body.instrument)
    expected = clauses.digest_of(body.instrument)
    if expected != body.text:
        raise Refused(
            provision.id,
            "{party} signed another text of {what}: its digest begins {found}, in force is {expected}",
            party=act.party, what=body.instrument, found=body.text[:8], expected=(expected or "—")[:8],
        )  # fmt: skip
    agreement = clauses.agreement(body.instrument)
    if agreement and agreement.kind == "bilateral" and all(act.party != one.party for one in agreement.parties):
        raise Refused(
            provision.id, "{party} is not named in {compact}", party=act.party, compact=body.instrument
        )  # fmt: skip
    events: list[Event] = [
        acts.TextSigned(act.party, body.instrument, body.text),
        acts.StatusChanged(act.party, body.instrument, "signed"),
    ]
    if body.instrument == clauses.compact.id:
        events.append(acts.TierJoined(act.party, _tier(clauses, state, act, body, provision.id)))
        term = clauses.one(Term)
        lasts = term[1].lasts if term else None
    else:
        lasts = agreement.lasts if agreement else None
    if lasts:
        events.append(acts.TermFixed(act.party, body.instrument, lasts.after(at)))
    return tuple(events)


def _tier(clauses: Clauses, state: State, act: Act, body: acts.SignText, provision: str) -> str:
    named = clauses.party(act.party)
    eligible = {group.id for group in clauses.compact.groups if group.tier and named and group.id in named.groups}
    for key, signatures in state.parties.signatures.items():
        if key.startswith(f"accession/{act.party} ") and signatures.adopted:
            eligible.add(signatures.text)
    if act.party == clauses.compact.protected and body.tier is None:
        return "protected"
    if body.tier not in eligible:
        raise Refused(
            provision,
            "{party} may sign as {eligible}, not as {tier}; another tier needs an accession",
            party=act.party, eligible=", ".join(sorted(eligible)) or "—", tier=body.tier,
        )  # fmt: skip
    return str(body.tier)


def signed_standing(clauses: Clauses, state: State, act: Act, instrument: str, provision: str) -> None:
    if state.parties.status(act.party, instrument) not in PRESENT_STATUS:
        raise Refused(provision, "{party} has not signed {what}", party=act.party, what=instrument)


def ratify(clauses: Clauses, state: State, act: Act, body: acts.DepositRatification, at: datetime) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    signed_standing(clauses, state, act, body.instrument, provision.id)
    if state.parties.status(act.party, body.instrument) in (body.status, "notice_given"):
        raise Refused(
            provision.id, "{what} already stands as {status} for {party}, or notice was given",
            what=body.instrument, status=body.status, party=act.party,
        )  # fmt: skip
    return (acts.StatusChanged(act.party, body.instrument, body.status),)


def renew(clauses: Clauses, state: State, act: Act, body: acts.RenewTerm, at: datetime) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    signed_standing(clauses, state, act, body.instrument, provision.id)
    term = clauses.one(Term)
    if body.instrument == clauses.compact.id and term and not term[1].renewable:
        raise Refused(term[0].id, "{what} is not renewable", what=body.instrument)
    standing = state.parties.standings[f"{act.party} {body.instrument}"]
    lapses_at = datetime.combine(body.until, time(), UTC)
    if not standing.lapses_at or lapses_at <= max(at, standing.lapses_at[-1].value):
        raise Refused(provision.id, "a renewal of {what} must end later than it ends now", what=body.instrument)
    return (acts.TermFixed(act.party, body.instrument, lapses_at),)


def give_notice(clauses: Clauses, state: State, act: Act, body: acts.GiveNotice, at: datetime) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    signed_standing(clauses, state, act, body.instrument, provision.id)
    if state.parties.status(act.party, body.instrument) == "notice_given":
        raise Refused(provision.id, "{party} has already given notice", party=act.party)
    if body.instrument == clauses.compact.id:
        term = clauses.one(Term)
        notice = term[1].notice if term else None
    else:
        agreement = clauses.agreement(body.instrument)
        notice = agreement.notice if agreement else None
    if notice is None:
        raise Refused(provision.id, "{what} names no period of notice, so there is none to give", what=body.instrument)
    return (
        acts.NoticeGiven(act.party, body.instrument, notice.after(at)),
        acts.StatusChanged(act.party, body.instrument, "notice_given"),
    )


def membership(
    clauses: Clauses, state: State, act: Act, body: acts.RecordMembership, at: datetime
) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    if all(organisation.id != body.organisation for organisation in clauses.compact.organisations):
        raise Refused("record/reference", "{who} is not named in the compact", who=body.organisation)
    if body.organisation in state.parties.memberships or body.on > at.date():
        raise Refused(
            provision.id,
            "membership of {what} is already recorded, or lies in the future",
            what=body.organisation,
        )
    lapsed = [p for _, c in clauses.every(Interim) if c.organisation == body.organisation for p in c.lapse]
    return (acts.MembershipRecorded(body.organisation, body.on, tuple(lapsed)),)


def agree_in_advance(
    clauses: Clauses, state: State, act: Act, body: acts.AgreeInAdvance, at: datetime
) -> tuple[Event, ...]:
    permission(clauses, state, act, at)
    found = clauses.measure(body.measure)
    if found is None or found[1].mode != "immediate":
        raise Refused("record/reference", "{what} is not an immediate measure of the prepared list", what=body.measure)
    provision, measure = found
    if not any(belongs(clauses, state, act.party, bearer) for bearer in measure.bearers):
        raise Refused(provision.id, "{party} does not bear {what}", party=act.party, what=body.measure)
    if f"{body.measure} {act.party}" in state.parties.advance:
        raise Refused(provision.id, "{party} has already agreed to {what}", party=act.party, what=body.measure)
    return (acts.AdvanceAgreed(body.measure, act.party),)


def communication(
    clauses: Clauses, state: State, act: Act, body: acts.DepositCommunication, at: datetime
) -> tuple[Event, ...]:
    permission(clauses, state, act, at)
    # A party may also have a statement of its own recorded, where a clause lets it deposit.
    if body.sender != act.party and all(body.sender != known.id for known in clauses.compact.outsiders):
        raise Refused("record/reference", "{who} is not an outsider named in the compact", who=body.sender)
    if body.incident is not None and body.incident not in state.response.incidents:
        raise Refused("record/reference", "there is no incident {incident}", incident=body.incident)
    number = len(state.parties.communications) + 1
    return (acts.CommunicationDeposited(f"C-{number}", body.sender, body.kind, act.party, body.incident),)


def expiry(clauses: Clauses, state: State, act: Act, body: acts.RecordExpiry, at: datetime) -> tuple[Event, ...]:
    if act.seat != DEPOSITARY:
        raise Refused("record/depositary", "only the depositary's clock records that a time ran out")
    deadline = Deadline(body.due_at, body.deadline)
    parts = body.deadline.split("/", 2)
    known = len(parts) == 3 and f"{parts[2]} {parts[1]}" in state.parties.standings
    if body.due_at > at or not known or not standing_deadline(state.parties, deadline):
        raise Refused("record/due", "{deadline} is not due", deadline=body.deadline)
    kind, instrument, party = parts
    return (acts.StatusChanged(party, instrument, "lapsed" if kind == "term" else "withdrawn"),)
