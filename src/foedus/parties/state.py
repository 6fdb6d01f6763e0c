"""Parties, seats and instruments as the entries add up to. Values and evolve; no rule, no compact."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.history import Agenda, Dated, Deadline, Few, Map, Place, current, noted, rest
from foedus.parties import acts
from foedus.parties.acts import PartyEvent

PRESENT_STATUS = frozenset({"signed", "provisionally_applied", "ratified", "in_force", "notice_given"})


class Epoch(Struct, frozen=True, gc=False, array_like=True):
    """Who keeps the record from `place` on: the key that signs for it, and its name in checkpoints.

    `party`: whose desk continued it; empty for the depositary that opened it. `since`: when the epoch before was last
    heard of. `late_until`: how long what it had received comes in, of which entry `late` came in last.
    """

    log: str
    key: str
    party: str
    place: Place
    since: datetime | None = None
    late_until: datetime | None = None
    late: int = -1


class RecordInfo(Struct, frozen=True, gc=False, array_like=True):
    """What entry 0 declared, and who kept the record since: `epochs`, the newest last."""

    origin: str
    exercise: bool
    ceiling: str
    place: Place
    epochs: tuple[Epoch, ...]

    @property
    def epoch(self) -> Epoch:
        """The one that runs."""
        return self.epochs[-1]

    @property
    def depositary_key(self) -> str:
        """The key that signs for the record now."""
        return self.epochs[-1].key

    def signed_by(self, size: int) -> Epoch:
        """The epoch whose key signs the checkpoint of so many entries."""
        return [one for one in self.epochs if one.place.entry < max(size, 1)][-1]


class Holding(Struct, frozen=True, gc=False, array_like=True):
    """A key with which the seat could act since `place`, within `scope`, until the next one or `revoked`."""

    key: str
    scope: tuple[str, ...]
    place: Place
    revoked: Place | None = None


class Seat(Struct, frozen=True, gc=False, array_like=True):
    """An office that may act. Its holder and its key change; the seat stays. `holdings`: newest last."""

    id: str
    party: str
    role: str
    place: Place
    holdings: tuple[Holding, ...]

    @property
    def keys(self) -> tuple[Dated[str], ...]:
        """Every key it had, newest last."""
        return tuple([Dated(one.key, one.place) for one in self.holdings])

    @property
    def scope(self) -> tuple[str, ...]:
        """The acts it may perform now; all its role allows when empty."""
        return self.holdings[-1].scope

    @property
    def revoked(self) -> Place | None:
        """Since when its newest key counts no more; None while it counts."""
        return self.holdings[-1].revoked


class Root(Struct, frozen=True, gc=False, array_like=True):
    """Every root key that the party had, newest last: only the last recovers its seats."""

    party: str
    place: Place
    keys: tuple[Dated[str], ...]

    @property
    def key(self) -> str:
        """The one that counts, hex."""
        return self.keys[-1].value


class Standing(Struct, frozen=True, gc=False, array_like=True):
    """One instrument for one party: every status it had, the digest signed, and when it lapses or ends."""

    party: str
    instrument: str
    place: Place
    statuses: tuple[Dated[str], ...] = ()
    text: tuple[Dated[str], ...] = ()
    lapses_at: tuple[Dated[datetime], ...] = ()
    notice_ends: tuple[Dated[datetime], ...] = ()


class Signatures(Struct, frozen=True, gc=False, array_like=True):
    """Who signed one digest: a reading, an amendment or an accession, and when it was adopted."""

    subject: str
    text: str
    place: Place
    signed: Few[Place]
    adopted: Dated[tuple[str, ...]] | None = None


class Membership(Struct, frozen=True, gc=False, array_like=True):
    """The protected state's accession to an organisation, and the provisions it ended."""

    organisation: str
    on: date
    lapsed: tuple[str, ...]
    place: Place


class Mandate(Struct, frozen=True, gc=False, array_like=True):
    """What a party's own law asks before it joins measures of a kind: as it was stated each time, newest last."""

    party: str
    kind: str
    place: Place
    stated: tuple[Dated[tuple[acts.NationalStep, ...]], ...]


class Communication(Struct, frozen=True, gc=False, array_like=True):
    """Words of an outsider, held as evidence."""

    id: str
    sender: str
    kind: str
    party: str
    incident: str | None
    place: Place


class State(Struct, frozen=True, gc=False, array_like=True):
    """Everything about parties.

    Keys of maps: seat ids, key ids, parties, `PARTY instrument`, `subject text`, `measure PARTY`, `PARTY kind`.
    """

    record: RecordInfo | None = None
    compacts: tuple[Dated[str], ...] = ()
    seats: Map[str, Seat] = HashTrieMap()
    seat_of_key: Map[str, str] = HashTrieMap()
    roots: Map[str, Root] = HashTrieMap()
    standings: Map[str, Standing] = HashTrieMap()
    tiers: Map[str, tuple[Dated[str], ...]] = HashTrieMap()
    signatures: Map[str, Signatures] = HashTrieMap()
    memberships: Map[str, Membership] = HashTrieMap()
    advance: Map[str, Place] = HashTrieMap()
    mandates: Map[str, Mandate] = HashTrieMap()
    communications: Map[str, Communication] = HashTrieMap()
    agenda: Agenda | None = None

    @property
    def compact(self) -> str:
        """Digest of the compact in force."""
        return self.compacts[-1].value

    def status(self, party: str, instrument: str) -> str | None:
        """Where the instrument stands for the party now; None if it never signed."""
        standing = self.standings.get(f"{party} {instrument}")
        return current(standing.statuses) if standing else None

    def tier(self, party: str) -> str | None:
        """The tier the party belongs to now; None when it is no party (any more)."""
        timeline = self.tiers.get(party)
        return current(timeline) if timeline else None

    def adopted(self, provision: str, text: str) -> Dated[tuple[str, ...]] | None:
        """By whom and when this wording of the provision's reading was adopted."""
        signatures = self.signatures.get(f"reading/{provision} {text}")
        return signatures.adopted if signatures else None


def key_id(key: str) -> str:
    """The name of a public key (hex) in signatures: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(bytes.fromhex(key)).hexdigest()[:16]


def evolve(state: State, event: PartyEvent, place: Place) -> State:
    """The state after one event of this package. Never refuses: what was recorded is so."""
    after = _EVOLVE[type(event)](state, event, place)
    return replace(after, agenda=trimmed(after)) if isinstance(event, acts.StatusChanged) else after


def _record_opened(state: State, event: acts.RecordOpened, place: Place) -> State:
    first = Epoch(event.origin, event.depositary_key, "", place)
    info = RecordInfo(event.origin, event.exercise, event.ceiling, place, (first,))
    return replace(state, record=info, compacts=(Dated(event.compact, place),))


def _record_continued(state: State, event: acts.RecordContinued, place: Place) -> State:
    record = state.record
    assert record is not None, "only an opened record is continued"
    epoch = Epoch(event.log, event.depositary_key, event.party, place, event.silent_since, event.late_until)
    return replace(state, record=replace(record, epochs=(*record.epochs, epoch)))


def _received_before(state: State, event: acts.ReceivedBefore, place: Place) -> State:
    record = state.record
    assert record is not None, "what an earlier epoch received is of an opened record"
    epoch = replace(record.epoch, late=event.entry)
    return replace(state, record=replace(record, epochs=(*record.epochs[:-1], epoch)))


def _seat_enrolled(state: State, event: acts.SeatEnrolled, place: Place) -> State:
    before = state.seats.get(event.seat)
    holding = Holding(event.key, event.scope, place)
    seat = Seat(event.seat, event.party, event.role, place, (holding,))
    known = state.seat_of_key
    if before:
        seat = replace(before, holdings=(*before.holdings, holding))
    if before and not before.revoked:
        known = known.discard(key_id(before.holdings[-1].key))
    return replace(
        state,
        seats=state.seats.insert(event.seat, seat),
        seat_of_key=known.insert(key_id(event.key), event.seat),
    )


def _seat_revoked(state: State, event: acts.SeatRevoked, place: Place) -> State:
    seat = state.seats[event.seat]
    revoked = replace(seat.holdings[-1], revoked=place)
    return replace(
        state,
        seats=state.seats.insert(event.seat, replace(seat, holdings=(*seat.holdings[:-1], revoked))),
        seat_of_key=state.seat_of_key.discard(key_id(revoked.key)),
    )


def _root_deposited(state: State, event: acts.RootKeyDeposited, place: Place) -> State:
    before = state.roots.get(event.party)
    had = before.keys if before else ()
    root = Root(event.party, before.place if before else place, (*had, Dated(event.key, place)))
    return replace(state, roots=state.roots.insert(event.party, root))


def _standing(state: State, party: str, instrument: str, place: Place) -> Standing:
    return state.standings.get(f"{party} {instrument}") or Standing(party, instrument, place)


def _with_standing(state: State, standing: Standing) -> State:
    key = f"{standing.party} {standing.instrument}"
    return replace(state, standings=state.standings.insert(key, standing))


def _text_signed(state: State, event: acts.TextSigned, place: Place) -> State:
    standing = _standing(state, event.party, event.instrument, place)
    return _with_standing(state, replace(standing, text=(*standing.text, Dated(event.text, place))))


def _status_changed(state: State, event: acts.StatusChanged, place: Place) -> State:
    standing = _standing(state, event.party, event.instrument, place)
    return _with_standing(state, replace(standing, statuses=(*standing.statuses, Dated(event.status, place))))


def _tier_joined(state: State, event: acts.TierJoined, place: Place) -> State:
    timeline = (*state.tiers.get(event.party, ()), Dated(event.tier, place))
    return replace(state, tiers=state.tiers.insert(event.party, timeline))


def _term_fixed(state: State, event: acts.TermFixed, place: Place) -> State:
    standing = _standing(state, event.party, event.instrument, place)
    standing = replace(standing, lapses_at=(*standing.lapses_at, Dated(event.lapses_at, place)))
    deadline = Deadline(event.lapses_at, f"term/{event.instrument}/{event.party}")
    return replace(_with_standing(state, standing), agenda=noted(trimmed(state), deadline))


def _notice_given(state: State, event: acts.NoticeGiven, place: Place) -> State:
    standing = _standing(state, event.party, event.instrument, place)
    standing = replace(standing, notice_ends=(*standing.notice_ends, Dated(event.effective_at, place)))
    deadline = Deadline(event.effective_at, f"notice/{event.instrument}/{event.party}")
    return replace(_with_standing(state, standing), agenda=noted(trimmed(state), deadline))


def _signed(state: State, subject: str, text: str, party: str, place: Place) -> State:
    key = f"{subject} {text}"
    before = state.signatures.get(key) or Signatures(subject, text, place, Few())
    after = replace(before, signed=before.signed.insert(party, place))
    return replace(state, signatures=state.signatures.insert(key, after))


def _adopted(state: State, subject: str, text: str, by: tuple[str, ...], place: Place) -> State:
    key = f"{subject} {text}"
    after = replace(state.signatures[key], adopted=Dated(by, place))
    return replace(state, signatures=state.signatures.insert(key, after))


def _compact_amended(state: State, event: acts.CompactAmended, place: Place) -> State:
    state = _adopted(state, "amendment", event.compact, event.by, place)
    return replace(state, compacts=(*state.compacts, Dated(event.compact, place)))


def _membership(state: State, event: acts.MembershipRecorded, place: Place) -> State:
    membership = Membership(event.organisation, event.on, event.lapsed, place)
    return replace(state, memberships=state.memberships.insert(event.organisation, membership))


def _mandate(state: State, event: acts.MandateStated, place: Place) -> State:
    key = f"{event.party} {event.kind}"
    before = state.mandates.get(key) or Mandate(event.party, event.kind, place, ())
    after = replace(before, stated=(*before.stated, Dated(event.steps, place)))
    return replace(state, mandates=state.mandates.insert(key, after))


def _communication(state: State, event: acts.CommunicationDeposited, place: Place) -> State:
    item = Communication(event.id, event.sender, event.kind, event.party, event.incident, place)
    return replace(state, communications=state.communications.insert(event.id, item))


def standing_deadline(state: State, deadline: Deadline) -> bool:
    """Whether a deadline of the agenda still stands: it was neither recorded nor replaced by a later one."""
    kind, instrument, party = deadline.id.split("/", 2)
    standing = state.standings[f"{party} {instrument}"]
    status = current(standing.statuses)
    if kind == "term":
        return status not in ("withdrawn", "lapsed") and current(standing.lapses_at) == deadline.due_at
    # A party that left and signed again is not held to the notice it gave before.
    return status == "notice_given" and current(standing.notice_ends) == deadline.due_at


def trimmed(state: State) -> Agenda | None:
    """The agenda without the deadlines at its top that no longer stand."""
    agenda = state.agenda
    while agenda is not None and not standing_deadline(state, agenda.first):
        agenda = rest(agenda)
    return agenda


_EVOLVE: dict[type, Callable[[State, Any, Place], State]] = {
    acts.RecordOpened: _record_opened,
    acts.RecordContinued: _record_continued,
    acts.ReceivedBefore: _received_before,
    acts.SeatEnrolled: _seat_enrolled,
    acts.SeatRevoked: _seat_revoked,
    acts.RootKeyDeposited: _root_deposited,
    acts.TextSigned: _text_signed,
    acts.TierJoined: _tier_joined,
    acts.StatusChanged: _status_changed,
    acts.TermFixed: _term_fixed,
    acts.NoticeGiven: _notice_given,
    acts.ReadingSigned: lambda s, e, p: _signed(s, f"reading/{e.provision}", e.text, e.party, p),
    acts.ReadingAdopted: lambda s, e, p: _adopted(s, f"reading/{e.provision}", e.text, e.by, p),
    acts.AmendmentSigned: lambda s, e, p: _signed(s, "amendment", e.compact, e.party, p),
    acts.CompactAmended: _compact_amended,
    acts.AccessionSigned: lambda s, e, p: _signed(s, f"accession/{e.applicant}", e.tier, e.party, p),
    acts.AccessionAdopted: lambda s, e, p: _adopted(s, f"accession/{e.applicant}", e.tier, e.by, p),
    acts.MembershipRecorded: _membership,
    acts.AdvanceAgreed: lambda s, e, p: replace(s, advance=s.advance.insert(f"{e.measure} {e.party}", p)),
    acts.MandateStated: _mandate,
    acts.CommunicationDeposited: _communication,
}
