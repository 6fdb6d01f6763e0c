"""Rules about parties and instruments: decide, follow, due and options.

Pure: no clock, network, database or setting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from typing import Any

from foedus.acts import PLACEHOLDER, Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Adoption, Interim, Measure, Term
from foedus.errors import Refused
from foedus.history import Deadline, until
from foedus.parties import acts
from foedus.parties.acts import PartyAct
from foedus.parties.authority import belongs, is_present, judged, not_excluded, permission, present
from foedus.parties.state import PRESENT_STATUS, key_id, standing_deadline
from foedus.state import State

DEPOSITARY = "depositary"


def decide(clauses: Clauses, state: State, act: Act, at: datetime) -> tuple[Event, ...]:
    """What becomes true because of the act. Raises Refused with the clause."""
    return _DECIDE[type(act.body)](clauses, state, act, act.body, at)


def follow(clauses: Clauses, state: State, event: Event, at: datetime) -> tuple[Event, ...]:
    """Nothing in this package follows from events of others."""
    return ()


def due(clauses: Clauses, state: State, at: datetime) -> tuple[PartyAct, ...]:
    """Notices that took effect and terms that ran out at `at` or before."""
    return tuple(
        acts.RecordExpiry(deadline.id, deadline.due_at)
        for deadline in until(state.parties.agenda, at)
        if standing_deadline(state.parties, deadline)
    )


def options(
    clauses: Clauses, state: State, seat: str, at: datetime, about: str | None = None
) -> Iterator[PartyAct]:
    """Acts about instruments that the seat may want to perform; the caller keeps those that decide accepts."""
    party = state.parties.seats[seat].party
    if about is None:
        yield from _standing_options(clauses, state, seat, party, at)
    for provision, measure in clauses.every(Measure):
        if measure.mode == "immediate" and (about is None or about == provision.id):
            yield acts.AgreeInAdvance(measure.id)
    for provision in clauses.provisions:
        if provision.source.kind == "interpretation" and (about is None or about == provision.id):
            yield acts.AdoptReading(provision.id, clauses.text_digest(provision.id))


def _standing_options(
    clauses: Clauses, state: State, seat: str, party: str, at: datetime
) -> Iterator[PartyAct]:
    """Signing, ratifying, leaving, and seats: what concerns the party's own standing."""
    compact = clauses.compact
    yield from _signing_options(clauses, state, party)
    yield acts.DepositRatification(compact.id, "ratified")
    yield acts.GiveNotice(compact.id)
    for group in compact.groups:
        if group.tier:
            yield acts.ChangeTier(group.id)
    for outsider in compact.outsiders:
        yield acts.DepositCommunication(outsider.id, "objection")
    for organisation in compact.organisations:
        yield acts.RecordMembership(organisation.id, at.date())
    for role in compact.roles:
        yield acts.EnrolSeat(party, role.id, PLACEHOLDER)
    for other in sorted(state.parties.seats.values(), key=lambda known: known.id):
        if other.party == party and other.id != seat and other.revoked is None:
            yield acts.RevokeSeat(other.id)


def _signing_options(clauses: Clauses, state: State, party: str) -> Iterator[PartyAct]:
    named = clauses.party(party)
    tiers = [
        group.id for group in clauses.compact.groups if group.tier and named and group.id in named.groups
    ]
    for tier in tiers or [None]:
        yield acts.SignText(clauses.compact.id, clauses.digest, tier)
    for key, signatures in sorted(state.parties.signatures.items()):
        if key.startswith("accession/") and signatures.adopted is None:
            yield acts.Accede(signatures.subject.partition("/")[2], signatures.text, clauses.digest)


# --- the record and its seats -------------------------------------------------------------------------------


def _open_record(
    clauses: Clauses, state: State, act: Act, body: acts.OpenRecord, at: datetime
) -> tuple[Event, ...]:
    if state.size:
        raise Refused("record/opening", "the record was opened by entry 0; it cannot be opened again")
    events: list[Event] = [
        acts.RecordOpened(body.origin, body.exercise, body.ceiling, body.depositary_key, body.compact)
    ]
    for head in body.heads:
        not_excluded(clauses, head.party)
        _named(clauses, head.party)
        events.append(acts.SeatEnrolled(f"{head.party}/{head.role}", head.party, head.role, head.key))
    return tuple(events)


def _named(clauses: Clauses, party: str) -> None:
    if clauses.party(party) is None:
        raise Refused(
            "record/reference", "{party} is not named in {compact}", party=party, compact=clauses.compact.id
        )


def _enrol_seat(
    clauses: Clauses, state: State, act: Act, body: acts.EnrolSeat, at: datetime
) -> tuple[Event, ...]:
    not_excluded(clauses, body.party)
    provision, _ = permission(clauses, state, act, at)
    if body.party != act.party:
        raise Refused(
            provision.id,
            "{seat} enrols seats of its own party only, not of {party}",
            seat=act.seat,
            party=body.party,
        )
    if all(role.id != body.role for role in clauses.compact.roles):
        raise Refused(
            "record/vocabulary",
            "{role} is not a role of {compact}",
            role=body.role,
            compact=clauses.compact.id,
        )
    if key_id(body.key) in state.parties.seat_of_key:
        raise Refused("record/key", "this key already speaks for a seat; every seat needs its own")
    return (acts.SeatEnrolled(f"{body.party}/{body.role}", body.party, body.role, body.key, body.scope),)


def _revoke_seat(
    clauses: Clauses, state: State, act: Act, body: acts.RevokeSeat, at: datetime
) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    seat = state.parties.seats.get(body.seat)
    if seat is None or seat.revoked is not None:
        raise Refused("record/reference", "there is no seat {seat} to revoke", seat=body.seat)
    if seat.party != act.party:
        raise Refused(provision.id, "{seat} revokes seats of its own party only", seat=act.seat)
    return (acts.SeatRevoked(body.seat),)


# --- instruments --------------------------------------------------------------------------------------------


def _sign_text(
    clauses: Clauses, state: State, act: Act, body: acts.SignText, at: datetime
) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    if state.parties.status(act.party, body.instrument) in PRESENT_STATUS:
        raise Refused(
            provision.id, "{party} has already signed {what}", party=act.party, what=body.instrument
        )
    expected = clauses.digest_of(body.instrument)
    if expected != body.text:
        raise Refused(
            provision.id,
            "{party} signed another text of {what}: its digest begins {found}, in force is {expected}",
            party=act.party, what=body.instrument, found=body.text[:8], expected=(expected or "none")[:8],
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
        agreement = clauses.agreement(body.instrument)
        lasts = agreement.lasts if agreement else None
    if lasts:
        events.append(acts.TermFixed(act.party, body.instrument, lasts.after(at)))
    return tuple(events)


def _tier(clauses: Clauses, state: State, act: Act, body: acts.SignText, provision: str) -> str:
    if act.party == clauses.compact.protected:
        return "protected"
    named = clauses.party(act.party)
    eligible = {
        group.id for group in clauses.compact.groups if group.tier and named and group.id in named.groups
    }
    for key, signatures in state.parties.signatures.items():
        if key.startswith(f"accession/{act.party} ") and signatures.adopted:
            eligible.add(signatures.text)
    if body.tier not in eligible:
        raise Refused(
            provision,
            "{party} may sign as {eligible}, not as {tier}; another tier needs an accession",
            party=act.party, eligible=", ".join(sorted(eligible)) or "nothing", tier=body.tier,
        )  # fmt: skip
    return str(body.tier)


def _signed_standing(clauses: Clauses, state: State, act: Act, instrument: str, provision: str) -> None:
    if state.parties.status(act.party, instrument) not in PRESENT_STATUS:
        raise Refused(provision, "{party} has not signed {what}", party=act.party, what=instrument)


def _ratify(
    clauses: Clauses, state: State, act: Act, body: acts.DepositRatification, at: datetime
) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    _signed_standing(clauses, state, act, body.instrument, provision.id)
    if state.parties.status(act.party, body.instrument) in (body.status, "notice_given"):
        raise Refused(
            provision.id, "{what} already stands as {status} for {party}, or notice was given",
            what=body.instrument, status=body.status, party=act.party,
        )  # fmt: skip
    return (acts.StatusChanged(act.party, body.instrument, body.status),)


def _accede(clauses: Clauses, state: State, act: Act, body: acts.Accede, at: datetime) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    not_excluded(clauses, body.applicant)
    _named(clauses, body.applicant)
    if body.text != clauses.digest:
        raise Refused(provision.id, "the accession names another text than the one in force")
    # For one who is already party the same signatures allow it to move to another tier.
    of = "tier" if is_present(clauses, state, body.applicant) else "accession"
    subject = f"accession/{body.applicant}"
    signed: list[Event] = [acts.AccessionSigned(body.applicant, body.tier, act.party)]
    by = _adopters(clauses, state, of, subject, body.tier, act, provision.id)
    if by:
        signed.append(acts.AccessionAdopted(body.applicant, body.tier, by))
    return tuple(signed)


def _change_tier(
    clauses: Clauses, state: State, act: Act, body: acts.ChangeTier, at: datetime
) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    _signed_standing(clauses, state, act, clauses.compact.id, provision.id)
    if not any(group.tier and group.id == body.tier for group in clauses.compact.groups):
        raise Refused(
            provision.id, "{tier} is not a tier of {compact}", tier=body.tier, compact=clauses.compact.id
        )
    if state.parties.tier(act.party) in (body.tier, "protected"):
        raise Refused(provision.id, "{party} cannot move to {tier}", party=act.party, tier=body.tier)
    adoption = clauses.adoption("tier")
    agreed = state.parties.signatures.get(f"accession/{act.party} {body.tier}")
    if adoption and (agreed is None or agreed.adopted is None):
        raise Refused(
            adoption[0].id, "{party} moves to {tier} once enough parties have signed that it may",
            party=act.party, tier=body.tier,
        )  # fmt: skip
    return (acts.TierJoined(act.party, body.tier),)


def _renew(clauses: Clauses, state: State, act: Act, body: acts.RenewTerm, at: datetime) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    _signed_standing(clauses, state, act, body.instrument, provision.id)
    term = clauses.one(Term)
    if body.instrument == clauses.compact.id and term and not term[1].renewable:
        raise Refused(term[0].id, "{what} is not renewable", what=body.instrument)
    standing = state.parties.standings[f"{act.party} {body.instrument}"]
    lapses_at = datetime.combine(body.until, time(), UTC)
    if not standing.lapses_at or lapses_at <= max(at, standing.lapses_at[-1].value):
        raise Refused(
            provision.id, "a renewal of {what} must end later than it ends now", what=body.instrument
        )
    return (acts.TermFixed(act.party, body.instrument, lapses_at),)


def _give_notice(
    clauses: Clauses, state: State, act: Act, body: acts.GiveNotice, at: datetime
) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    _signed_standing(clauses, state, act, body.instrument, provision.id)
    if state.parties.status(act.party, body.instrument) == "notice_given":
        raise Refused(provision.id, "{party} has already given notice", party=act.party)
    term = clauses.one(Term)
    own = body.instrument == clauses.compact.id
    other = clauses.agreement(body.instrument)
    notice = (term[1].notice if own and term else None) if own else other.notice if other else None
    if notice is None:
        raise Refused(
            provision.id, "{what} names no period of notice, so there is none to give", what=body.instrument
        )
    return (
        acts.NoticeGiven(act.party, body.instrument, notice.after(at)),
        acts.StatusChanged(act.party, body.instrument, "notice_given"),
    )


# --- adoption -----------------------------------------------------------------------------------------------


def _adopters(
    clauses: Clauses, state: State, of: str, subject: str, text: str, act: Act, permit: str
) -> tuple[str, ...]:
    """The signatories with this one, when they now suffice by the adoption clause; empty while they do not."""
    found = next(((p, a) for p, a in clauses.every(Adoption) if of in a.of), None)
    if found is None:
        raise Refused(permit, "no clause of the compact says how the parties adopt this")
    before = state.parties.signatures.get(f"{subject} {text}")
    already = set(before.signed) if before else set()
    if act.party in already or (before and before.adopted):
        raise Refused(
            found[0].id, "{party} has already signed this, or it is already adopted", party=act.party
        )
    roll = present(clauses, state)
    signed = frozenset(already | {act.party})
    verdict = judged(clauses, state, found[1].rule, roll, signed)
    return tuple(sorted(signed)) if verdict.holds else ()


def _adopt_reading(
    clauses: Clauses, state: State, act: Act, body: acts.AdoptReading, at: datetime
) -> tuple[Event, ...]:
    permit, _ = permission(clauses, state, act, at)
    provision = clauses.provision(body.provision)
    if provision is None or provision.source.kind != "interpretation":
        raise Refused(permit.id, "{what} is not a reading that parties could adopt", what=body.provision)
    if body.text != clauses.text_digest(body.provision):
        raise Refused(permit.id, "the digest is not that of {what} as it stands", what=body.provision)
    subject = f"reading/{body.provision}"
    by = _adopters(clauses, state, "reading", subject, body.text, act, permit.id)
    signed: tuple[Event, ...] = (acts.ReadingSigned(body.provision, body.text, act.party),)
    return (*signed, acts.ReadingAdopted(body.provision, body.text, by)) if by else signed


def _amend(
    clauses: Clauses, state: State, act: Act, body: acts.AmendCompact, at: datetime
) -> tuple[Event, ...]:
    permit, _ = permission(clauses, state, act, at)
    if body.compact == clauses.digest:
        raise Refused(permit.id, "this text is already in force")
    by = _adopters(clauses, state, "amendment", "amendment", body.compact, act, permit.id)
    signed: tuple[Event, ...] = (acts.AmendmentSigned(body.compact, act.party),)
    return (*signed, acts.CompactAmended(body.compact, by)) if by else signed


def _membership(
    clauses: Clauses, state: State, act: Act, body: acts.RecordMembership, at: datetime
) -> tuple[Event, ...]:
    provision, _ = permission(clauses, state, act, at)
    if body.organisation in state.parties.memberships or body.on > at.date():
        raise Refused(
            provision.id,
            "membership of {what} is already recorded, or lies in the future",
            what=body.organisation,
        )
    lapsed = [p for _, c in clauses.every(Interim) if c.organisation == body.organisation for p in c.lapse]
    return (acts.MembershipRecorded(body.organisation, body.on, tuple(lapsed)),)


def _agree_in_advance(
    clauses: Clauses, state: State, act: Act, body: acts.AgreeInAdvance, at: datetime
) -> tuple[Event, ...]:
    permission(clauses, state, act, at)
    found = clauses.measure(body.measure)
    if found is None or found[1].mode != "immediate":
        raise Refused(
            "record/reference", "{what} is not an immediate measure of the prepared list", what=body.measure
        )
    provision, measure = found
    if not any(belongs(clauses, state, act.party, bearer) for bearer in measure.bearers):
        raise Refused(provision.id, "{party} does not bear {what}", party=act.party, what=body.measure)
    if f"{body.measure} {act.party}" in state.parties.advance:
        raise Refused(
            provision.id, "{party} has already agreed to {what}", party=act.party, what=body.measure
        )
    return (acts.AdvanceAgreed(body.measure, act.party),)


def _communication(
    clauses: Clauses, state: State, act: Act, body: acts.DepositCommunication, at: datetime
) -> tuple[Event, ...]:
    permission(clauses, state, act, at)
    if all(outsider.id != body.sender for outsider in clauses.compact.outsiders):
        raise Refused("record/reference", "{who} is not an outsider named in the compact", who=body.sender)
    if body.incident is not None and body.incident not in state.response.incidents:
        raise Refused("record/reference", "there is no incident {incident}", incident=body.incident)
    number = len(state.parties.communications) + 1
    return (acts.CommunicationDeposited(f"C-{number}", body.sender, body.kind, act.party, body.incident),)


def _expiry(
    clauses: Clauses, state: State, act: Act, body: acts.RecordExpiry, at: datetime
) -> tuple[Event, ...]:
    if act.seat != DEPOSITARY:
        raise Refused("record/depositary", "only the depositary's clock records that a time ran out")
    deadline = Deadline(body.due_at, body.deadline)
    parts = body.deadline.split("/", 2)
    known = len(parts) == 3 and f"{parts[2]} {parts[1]}" in state.parties.standings
    if body.due_at > at or not known or not standing_deadline(state.parties, deadline):
        raise Refused("record/due", "{deadline} is not due", deadline=body.deadline)
    kind, instrument, party = parts
    return (acts.StatusChanged(party, instrument, "lapsed" if kind == "term" else "withdrawn"),)


_DECIDE: dict[type, Callable[[Clauses, State, Act, Any, datetime], tuple[Event, ...]]] = {
    acts.OpenRecord: _open_record,
    acts.EnrolSeat: _enrol_seat,
    acts.RevokeSeat: _revoke_seat,
    acts.SignText: _sign_text,
    acts.DepositRatification: _ratify,
    acts.Accede: _accede,
    acts.ChangeTier: _change_tier,
    acts.RenewTerm: _renew,
    acts.GiveNotice: _give_notice,
    acts.AdoptReading: _adopt_reading,
    acts.AmendCompact: _amend,
    acts.RecordMembership: _membership,
    acts.AgreeInAdvance: _agree_in_advance,
    acts.DepositCommunication: _communication,
    acts.RecordExpiry: _expiry,
}
