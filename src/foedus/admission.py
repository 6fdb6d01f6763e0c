"""The record's own rules of admission: who signed, with which key, for which record, when (docs/record.md).

They hold under every compact and are cited as `record/…`. What the compact allows is decided afterwards, by
the rules. Pure: state and bytes in, a verified act out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from foedus.acts import (
    EFFECTS,
    LEVELS,
    Act,
    Attachment,
    Marking,
    Statement,
    decode_statement,
    encode_statement,
)
from foedus.errors import Malformed, Refused
from foedus.parties.acts import ROOT, ContinueRecord, DepositRootKey, EnrolSeat, OpenRecord, RecoverSeat
from foedus.parties.roots import ROOT_ACTS
from foedus.parties.state import Seat, key_id
from foedus.record.envelope import (
    ACT_TYPE,
    EXERCISE_ACT_TYPE,
    Envelope,
    check_json,
    decode_envelope,
    verify_signatures,
)
from foedus.record.keys import check_public_key
from foedus.state import State

DEPOSITARY = "depositary"
# An officer's clock may run ahead of the store's by this much; what claims to be later was not signed by
# then.
CLOCK_SKEW = timedelta(minutes=5)
NOTHING_CHECKED: Mapping[str, bytes] = MappingProxyType({})
# How we write the end of a time with another offset than Z; also other text, so that what it finds is looked at again.
_OFFSET = re.compile(rb':\d\d"')
# Years that a statement may name: beyond them a zone's clock, or a time reckoned from one, would leave the calendar
# that Python has, and no page could show what was recorded.
EARLIEST, LATEST = 1900, 2500
# How a day or time beyond them is written, where no escape hides it; also other text.
_BEYOND = re.compile(rb'"(?!19|2[0-4])\d{4}-\d\d-|\\')
_RANK: dict[str, int] = {level: rank for rank, level in enumerate(LEVELS)}


class Legible(Struct, frozen=True):
    """An envelope that was read, and of which no signature was checked yet. `keys`: see `known_keys`."""

    envelope: Envelope
    statement: Statement
    keys: Mapping[str, bytes]


class Prepared(Struct, frozen=True):
    """An envelope of which everything was checked that needs no place in the record.

    `fits`: public keys, by key id, under which each of its signatures was found to fit; it may hold others too.
    """

    envelope: Envelope
    statement: Statement
    fits: Mapping[str, bytes]


def prepare(state: State, data: bytes) -> Prepared:
    """Decode, read strictly, and check signatures against the keys known now.

    Raises Malformed. Whether a key may speak at the act's place in the record is for `admit`.
    """
    return fitting(legible(state, data))


def legible(state: State, data: bytes) -> Legible:
    """Decode and read strictly. Raises Malformed."""
    envelope = decode_envelope(data)
    statement = read(envelope)
    ours = encode_statement(statement) == envelope.payload
    if not ours:
        # Another spelling is allowed; but then it must be shown that every reader reads it alike.
        check_json(envelope.payload)
    _own_keys(statement)
    if (not ours or _OFFSET.search(envelope.payload)) and not _in_utc(statement):
        raise Malformed("the act has a time that is not in UTC: write it with Z; see docs/record.md, Conventions")
    return Legible(envelope, statement, known_keys(state, envelope))


def every_key(state: State) -> Mapping[str, bytes]:
    """The public keys, by key id, with which anybody speaks now: the same object until that changes."""
    return _speakers(state).keys


def known_keys(state: State, envelope: Envelope) -> Mapping[str, bytes]:
    """The public keys, by key id, known now under which the signatures must fit; none when one is unknown."""
    keys: dict[str, bytes] = {}
    known = _speakers(state).keys
    for signature in envelope.signatures:
        public = known.get(signature.keyid)
        if public is None:
            return NOTHING_CHECKED
        keys[signature.keyid] = public
    return keys


class _Speakers(NamedTuple):
    """Who speaks now. `seats`, `record`: of which state this is so. `of`: seats by key id. `keys`: with the
    depositary's, whose id is `depositary`.
    """

    seats: object
    record: object
    of: Mapping[str, Seat]
    keys: Mapping[str, bytes]
    depositary: str


# The last answer, for the very same seats: they change rarely, and every act asks.
_last = _Speakers(None, None, {}, {}, "")


def _speakers(state: State) -> _Speakers:
    """Who speaks with which key now."""
    global _last  # noqa: PLW0603 - a memo of a pure function, replaced whole
    seats, record, known = state.parties.seats, state.parties.record, _last
    if known.seats is not seats or known.record is not record:
        of = {id_: seats[name] for id_, name in state.parties.seat_of_key.items()}
        keys = {id_: bytes.fromhex(seat.holdings[-1].key) for id_, seat in of.items()}
        depositary = ""
        if record is not None:
            depositary = key_id(record.depositary_key)
            keys.setdefault(depositary, bytes.fromhex(record.depositary_key))
        _last = known = _Speakers(seats, record, of, keys, depositary)
    return known


def fitting(act: Legible) -> Prepared:
    """Check the signatures against the keys known when the act was read: the slow part.

    Raises Malformed.
    """
    if act.keys:
        verify_signatures(act.envelope, act.keys)
    return Prepared(act.envelope, act.statement, act.keys)


def admit(state: State, act: Prepared, at: datetime) -> Act:
    """The act in an envelope, once everything the record itself demands of it holds.

    Raises Malformed for what does not verify, Refused `record/…` for what may not enter.
    """
    statement, envelope = act.statement, act.envelope
    if _BEYOND.search(envelope.payload) and (beyond := _beyond(statement)):
        raise Refused(
            "record/time",
            "the act names the year {year}; years from {earliest} to {newest} can be meant",
            year=str(beyond.year), earliest=str(EARLIEST), newest=str(LATEST),
        )  # fmt: skip
    _for_every_reader(statement.marking)
    if state.size == 0:
        return _opening(statement, envelope)
    _addressed_here(state, statement, envelope.payloadType)
    _fresh(state, statement, at)
    _marked(state, statement.marking, statement.attachments)
    admitted = authenticated(state, statement, envelope, act.fits)
    if (seat := state.parties.seats.get(admitted.seat)) is not None:
        scope = seat.scope
        name = type(admitted.body).__name__
        if scope and name not in scope:
            raise Refused("record/scope", "{seat} was enrolled for other acts than {act}", seat=admitted.seat, act=name)
    return admitted


def read(envelope: Envelope) -> Statement:
    """The statement in an envelope: known payload type, no unknown field. What is recorded was checked for more."""
    if envelope.payloadType not in (ACT_TYPE, EXERCISE_ACT_TYPE):
        raise Malformed(
            "envelope: payload type {found!r} found; {live} or {exercise} expected",
            found=envelope.payloadType,
            live=ACT_TYPE,
            exercise=EXERCISE_ACT_TYPE,
        )
    return decode_statement(envelope.payload)


def authenticated(
    state: State, statement: Statement, envelope: Envelope, fits: Mapping[str, bytes] = NOTHING_CHECKED
) -> Act:
    """The act with its verified signers. Every signature must be of a seat in force, all of one party.

    `fits`: keys under which the signatures were found to fit already; those of others are checked here.
    """
    record = state.parties.record
    assert record is not None, "a record of at least one entry was opened"
    speakers = _speakers(state)
    if statement.seat == DEPOSITARY:
        public = bytes.fromhex(record.depositary_key)
        alone = [one.keyid for one in envelope.signatures] == [speakers.depositary]
        if not alone or fits.get(speakers.depositary) != public:
            verify_signatures(envelope, {speakers.depositary: public})
        return Act(statement.id, DEPOSITARY, "", DEPOSITARY, (DEPOSITARY,), statement.body, statement)
    if statement.seat.endswith(f"/{ROOT}"):
        return _by_root(state, statement, envelope)
    signers: list[Seat] = []
    fitted = True
    for signature in envelope.signatures:
        id_ = signature.keyid
        seat = speakers.of.get(id_)
        if seat is None:
            raise Refused(
                "record/seat",
                "key {key} speaks for no seat of this record, or was revoked",
                key=id_,
            )
        signers.append(seat)
        fitted = fitted and fits.get(id_) == speakers.keys[id_]
    if not fitted:
        verify_signatures(envelope, speakers.keys)
    return _spoken(statement, signers, envelope.payload)


def _by_root(state: State, statement: Statement, envelope: Envelope) -> Act:
    """The act of a party's root key, which signs alone, and nothing but what it is kept for."""
    party = statement.seat.partition("/")[0]
    root = state.parties.roots.get(party)
    name = type(statement.body).__name__
    if root is None:
        raise Refused("record/root", "{party} has deposited no root key", party=party)
    if not isinstance(statement.body, ROOT_ACTS):
        raise Refused(
            "record/root", "a root key recovers seats and names the root key after it; it performs no {act}", act=name
        )
    if [one.keyid for one in envelope.signatures] != [key_id(root.key)]:
        raise Refused("record/root", "the act is not signed by the root key of {party} alone", party=party)
    verify_signatures(envelope, {key_id(root.key): bytes.fromhex(root.key)})
    return Act(statement.id, statement.seat, party, ROOT, (statement.seat,), statement.body, statement)


def _own_keys(statement: Statement) -> None:
    """A key that a seat is to speak with must be one whose signatures every implementation reads alike."""
    body = statement.body
    if isinstance(body, EnrolSeat | DepositRootKey | RecoverSeat):
        check_public_key(bytes.fromhex(body.key))
    elif isinstance(body, ContinueRecord):
        check_public_key(bytes.fromhex(body.depositary_key))
    elif isinstance(body, OpenRecord):
        for key in (body.depositary_key, *(head.key for head in body.heads)):
            check_public_key(bytes.fromhex(key))


def _in_utc(value: object) -> bool:
    """Whether every time in a statement is in UTC: events take them over, and what they add up to is compared."""
    if isinstance(value, datetime):
        return not value.utcoffset()
    if isinstance(value, Struct):
        return all(_in_utc(getattr(value, name)) for name in value.__struct_fields__)
    return all(map(_in_utc, value)) if isinstance(value, tuple) else True


def _beyond(value: object) -> date | None:
    """The first day or time in a statement that lies beyond the years that can be meant."""
    if isinstance(value, date):
        return None if EARLIEST <= value.year <= LATEST else value
    if isinstance(value, Struct):
        value = tuple(getattr(value, name) for name in value.__struct_fields__)
    return next(filter(None, map(_beyond, value)), None) if isinstance(value, tuple) else None


def _spoken(statement: Statement, signers: list[Seat], payload: bytes) -> Act:
    names = [seat.id for seat in signers]
    if statement.seat not in names:
        raise Refused("record/seat", "the act speaks for {seat}, which did not sign it", seat=statement.seat)
    speaker = signers[names.index(statement.seat)]
    if len(signers) > 1:
        if {seat.party for seat in signers} != {speaker.party}:
            raise Refused("record/seat", "the seats that signed belong to different parties")
        if len(set(names)) < len(names):
            raise Refused("record/seat", "{seat} signed it more than once", seat=speaker.id)
    names.remove(speaker.id)
    return Act(
        statement.id, speaker.id, speaker.party, speaker.role, (speaker.id, *names), statement.body, statement, payload
    )  # fmt: skip


def _opening(statement: Statement, envelope: Envelope) -> Act:
    """Entry 0 is signed by the key that it declares, and is of the kind that it declares."""
    body = statement.body
    if not isinstance(body, OpenRecord) or statement.seat != DEPOSITARY:
        raise Refused("record/opening", "entry 0 opens the record and is the depositary's")
    if statement.origin != body.origin or statement.compact != body.compact:
        raise Refused("record/opening", "entry 0 names two origins or two compacts")
    if (envelope.payloadType == EXERCISE_ACT_TYPE) != body.exercise:
        raise Refused("record/exercise", "an act of an exercise enters no live record, nor the other way round")
    verify_signatures(envelope, {key_id(body.depositary_key): bytes.fromhex(body.depositary_key)})
    return Act(statement.id, DEPOSITARY, "", DEPOSITARY, (DEPOSITARY,), body, statement)


def _addressed_here(state: State, statement: Statement, payload_type: str) -> None:
    record = state.parties.record
    assert record is not None, "a record of at least one entry was opened"
    if statement.origin != record.origin:
        raise Refused(
            "record/origin",
            "the act was signed for {found}; this record is {expected}",
            found=statement.origin,
            expected=record.origin,
        )
    if (payload_type == EXERCISE_ACT_TYPE) != record.exercise:
        raise Refused("record/exercise", "an act of an exercise enters no live record, nor the other way round")
    if statement.compact != state.parties.compact:
        raise Refused(
            "record/compact",
            "the act was signed under the compact {found}; in force is {expected}",
            found=statement.compact[:8],
            expected=state.parties.compact[:8],
        )
    name = type(statement.body).__name__
    if statement.effect != EFFECTS[name]:
        raise Refused(
            "record/effect",
            "{act} has the effect {expected}; the act says {found}",
            act=name,
            expected=EFFECTS[name],
            found=statement.effect,
        )


def _fresh(state: State, statement: Statement, at: datetime) -> None:
    entry = state.seen.get(bytes.fromhex(statement.id))
    if entry is not None:
        raise Refused("record/replay", "act {id} is already entry {entry}", id=statement.id, entry=entry)
    if statement.issued_at > at + CLOCK_SKEW:
        raise Refused(
            "record/time",
            "the act says it was signed at {issued}; it was received before that, at {at}",
            issued=statement.issued_at.isoformat(),
            at=at.isoformat(),
        )


def _for_every_reader(marking: Marking) -> None:
    """Everybody recomputes the record from its entries, so none may be for some only; see docs/decisions/0008."""
    if marking.release_to:
        raise Refused(
            "record/release",
            "the act is marked for {parties} only; an entry is for every reader of its record: mark its attachments",
            parties=", ".join(marking.release_to),
        )


def _marked(state: State, marking: Marking, attachments: tuple[Attachment, ...]) -> None:
    record = state.parties.record
    assert record is not None, "a record of at least one entry was opened"
    ceiling = _RANK[record.ceiling]
    for mark in (marking, *[attachment.marking for attachment in attachments]):
        if _RANK[mark.level] > ceiling:
            raise Refused(
                "record/ceiling",
                "this record holds nothing above {ceiling}; the act is marked {found}",
                ceiling=record.ceiling,
                found=mark.level,
            )
