"""Rules about parties and instruments: decide, follow, due and options.

Pure: no clock, network, database or setting. Each handler lives with its subject: seats, instruments, adoption. This
module is their table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from foedus.acts import PLACEHOLDER, Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Measure
from foedus.history import until
from foedus.parties import acts, adoption, instruments, mandates, roots, seats, succession
from foedus.parties.acts import PartyAct
from foedus.parties.state import standing_deadline
from foedus.state import State

# Events from which something follows here.
FOLLOWED: tuple[type, ...] = ()


def decide(clauses: Clauses, state: State, act: Act, at: datetime) -> tuple[Event, ...]:
    """What becomes true because of the act. Raises Refused with the clause."""
    return HANDLERS[type(act.body)](clauses, state, act, act.body, at)


def follow(clauses: Clauses, state: State, event: Event, at: datetime) -> tuple[Event, ...]:
    """Nothing in this package follows from events of others."""
    return ()


def due(clauses: Clauses, state: State, at: datetime) -> tuple[acts.RecordExpiry, ...]:
    """Notices that took effect and terms that ran out at `at` or before."""
    return tuple(
        acts.RecordExpiry(deadline.id, deadline.due_at)
        for deadline in until(state.parties.agenda, at)
        if standing_deadline(state.parties, deadline)
    )


def options(
    clauses: Clauses,
    state: State,
    seat: str,
    at: datetime,
    about: str | None = None,
    kinds: frozenset[type] | None = None,
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


def _standing_options(clauses: Clauses, state: State, seat: str, party: str, at: datetime) -> Iterator[PartyAct]:
    """Signing, ratifying, leaving, and seats: what concerns the party's own standing."""
    compact = clauses.compact
    yield from _signing_options(clauses, state, party)
    yield acts.DepositRatification(compact.id, "ratified")
    yield acts.GiveNotice(compact.id)
    for group in compact.groups:
        if group.tier:
            yield acts.ChangeTier(group.id)
    for kind in mandates.kinds(clauses):
        known = state.parties.mandates.get(f"{party} {kind}")
        yield acts.StateMandate(kind, known.stated[-1].value if known else ())
    for outsider in compact.outsiders:
        yield acts.DepositCommunication(outsider.id, "objection")
    for organisation in compact.organisations:
        yield acts.RecordMembership(organisation.id, at.date())
    for role in compact.roles:
        yield acts.EnrolSeat(party, role.id, PLACEHOLDER)
    yield acts.DepositRootKey(PLACEHOLDER)
    for other in sorted(state.parties.seats.values(), key=lambda known: known.id):
        if other.party == party and other.id != seat and other.revoked is None:
            yield acts.RevokeSeat(other.id)


def _signing_options(clauses: Clauses, state: State, party: str) -> Iterator[PartyAct]:
    named = clauses.party(party)
    tiers = [group.id for group in clauses.compact.groups if group.tier and named and group.id in named.groups]
    for tier in (*tiers, None):
        yield acts.SignText(clauses.compact.id, clauses.digest, tier)
    for key, signatures in sorted(state.parties.signatures.items()):
        if key.startswith("accession/") and signatures.adopted is None:
            yield acts.Accede(signatures.subject.partition("/")[2], signatures.text, clauses.digest)


HANDLERS: dict[type, Callable[[Clauses, State, Act, Any, datetime], tuple[Event, ...]]] = {
    acts.OpenRecord: seats.open_record,
    acts.ContinueRecord: succession.continue_record,
    acts.EnrolSeat: seats.enrol,
    acts.RevokeSeat: seats.revoke,
    acts.DepositRootKey: roots.deposit,
    acts.RecoverSeat: roots.recover,
    acts.SignText: instruments.sign_text,
    acts.DepositRatification: instruments.ratify,
    acts.Accede: adoption.accede,
    acts.ChangeTier: adoption.change_tier,
    acts.RenewTerm: instruments.renew,
    acts.GiveNotice: instruments.give_notice,
    acts.AdoptReading: adoption.adopt_reading,
    acts.AmendCompact: adoption.amend,
    acts.RecordMembership: instruments.membership,
    acts.AgreeInAdvance: instruments.agree_in_advance,
    acts.StateMandate: mandates.state_mandate,
    acts.DepositCommunication: instruments.communication,
    acts.RecordExpiry: instruments.expiry,
}
