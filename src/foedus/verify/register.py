"""Which key speaks for which seat at each place of a record: all that checking signatures needs to remember.

A register of some hundred seats stands for a State of millions of facts. It takes no rule's word for a key: a
seat stands in entry 0, or a signed act of its own party enrolled it. It does not ask whether the compact
allowed that.
"""

from __future__ import annotations

from typing import NamedTuple

from foedus.acts import Entry, Statement
from foedus.errors import Tampered
from foedus.parties.acts import (
    ROOT,
    AmendCompact,
    CompactAmended,
    ContinueRecord,
    DepositRootKey,
    EnrolSeat,
    HeadSeat,
    OpenRecord,
    RecordContinued,
    RecordOpened,
    RecoverSeat,
    RevokeSeat,
    RootKeyDeposited,
    SeatEnrolled,
    SeatRevoked,
)
from foedus.parties.state import key_id
from foedus.parties.succession import log_of
from foedus.record.envelope import ACT_TYPE, EXERCISE_ACT_TYPE
from foedus.record.keys import check_name, check_public_key
from foedus.record.note import ED25519, VerifierKey

DEPOSITARY = "depositary"


class Key(NamedTuple):
    """A public key and whose it is."""

    public: bytes
    seat: str
    party: str


class Opening(NamedTuple):
    """What entry 0 declares."""

    origin: str
    exercise: bool
    depositary_key: bytes
    compact: str


class Register:
    """Keys in force at the place reached so far, and the compact in force."""

    def __init__(self) -> None:
        self.opening: Opening | None = None
        self.log: VerifierKey | None = None  # that signs the checkpoints of the epoch reached so far
        self.compact = ""
        self.keys: dict[str, Key] = {}
        self._key_of_seat: dict[str, str] = {}
        self._type = ""

    def open(self, statement: Statement) -> Opening:
        """Take entry 0 at its word. Raises Tampered when it is not an opening, Malformed when no key is named so."""
        body = statement.body
        if not isinstance(body, OpenRecord) or statement.seat != DEPOSITARY:
            raise Tampered("entry 0 does not open a record")
        check_name(body.origin)
        self.opening = Opening(body.origin, body.exercise, bytes.fromhex(body.depositary_key), body.compact)
        self.compact = body.compact
        self.log = VerifierKey(body.origin, ED25519, self.opening.depositary_key)
        self._type = EXERCISE_ACT_TYPE if body.exercise else ACT_TYPE
        self.keys[key_id(body.depositary_key)] = Key(check_public_key(self.opening.depositary_key), DEPOSITARY, "")
        return self.opening

    def check(self, entry: Entry, statement: Statement) -> list[bytes]:
        """The public key of each signature of the entry's act, in their order.

        Raises Tampered when the act is for another record or compact, when a key was not in force here, or
        when the seats that signed are not those the act speaks for.
        """
        opening = self.opening
        assert opening is not None, "entry 0 comes first"
        if statement.origin != opening.origin or entry.act.payloadType != self._type:
            raise Tampered("the act was signed for another record, or for an exercise")
        if entry.compact != self.compact or statement.compact != self.compact:
            raise Tampered("another compact is named than the one in force here, {digest}", digest=self.compact[:16])
        if len({signature.keyid for signature in entry.act.signatures}) != len(entry.act.signatures):
            raise Tampered("one key signed the act twice")
        keys = []
        for signature in entry.act.signatures:
            key = self.keys.get(signature.keyid)
            if key is None:
                raise Tampered("key {keyid} speaks for no seat here, or was revoked before", keyid=signature.keyid)
            keys.append(key)
        self._speaks(statement.seat, keys)
        return [key.public for key in keys]

    def _speaks(self, seat: str, keys: list[Key]) -> None:
        speaker = next((key for key in keys if key.seat == seat), None)
        if speaker is None:
            raise Tampered("the act speaks for {seat}, which did not sign it", seat=seat)
        if any(key.party != speaker.party for key in keys):
            raise Tampered("seats of different parties signed one act")

    def follow(self, number: int, entry: Entry, statement: Statement) -> None:
        """Take over what entry `number` changed. Raises Tampered where no act of its party changed a key."""
        for event in entry.events:
            if isinstance(event, SeatEnrolled):
                self._enrol(event, statement)
            elif isinstance(event, SeatRevoked):
                self._revoke(event, statement)
            elif isinstance(event, RootKeyDeposited):
                self._root(event, statement)
            elif isinstance(event, CompactAmended):
                if not isinstance(statement.body, AmendCompact) or statement.body.compact != event.compact:
                    raise Tampered(
                        "the compact {digest} was put in force by no act that names it", digest=event.compact[:16]
                    )
                self.compact = event.compact
            elif isinstance(event, RecordOpened):
                self._opened(event)
            elif isinstance(event, RecordContinued):
                self._continued(number, event, statement)

    def _enrol(self, event: SeatEnrolled, statement: Statement) -> None:
        body = statement.body
        if isinstance(body, OpenRecord):
            asked = HeadSeat(event.party, event.role, event.key) in body.heads
        elif isinstance(body, RecoverSeat):
            asked = (statement.seat, body.role, body.key) == (f"{event.party}/{ROOT}", event.role, event.key)
        else:
            asked = isinstance(body, EnrolSeat) and (body.party, body.role, body.key, body.scope) == (
                event.party,
                event.role,
                event.key,
                event.scope,
            )
            asked = asked and statement.seat.partition("/")[0] == event.party
        if not asked or event.seat != f"{event.party}/{event.role}":
            raise Tampered("seat {seat} got a key that no act of its party gave it", seat=event.seat)
        id_ = key_id(event.key)
        self.keys.pop(self._key_of_seat.get(event.seat, ""), None)
        self.keys[id_] = Key(check_public_key(bytes.fromhex(event.key)), event.seat, event.party)
        self._key_of_seat[event.seat] = id_

    def _revoke(self, event: SeatRevoked, statement: Statement) -> None:
        body = statement.body
        if isinstance(body, RecoverSeat):
            asked = event.seat.partition("/")[0] == statement.seat.partition("/")[0]
        else:
            asked = isinstance(body, RevokeSeat) and body.seat == event.seat
        if not asked:
            raise Tampered("the key of seat {seat} was revoked by no act", seat=event.seat)
        self.keys.pop(self._key_of_seat.pop(event.seat, ""), None)

    def _root(self, event: RootKeyDeposited, statement: Statement) -> None:
        body, party = statement.body, statement.seat.partition("/")[0]
        if not isinstance(body, DepositRootKey) or (party, body.key) != (event.party, event.key):
            raise Tampered("{party} got a root key that no act of its own named", party=event.party)
        seat, id_ = f"{party}/{ROOT}", key_id(event.key)
        self.keys.pop(self._key_of_seat.get(seat, ""), None)
        self.keys[id_] = Key(check_public_key(bytes.fromhex(event.key)), seat, party)
        self._key_of_seat[seat] = id_

    def _opened(self, event: RecordOpened) -> None:
        found = (event.origin, event.exercise, event.depositary_key, event.compact)
        opening = self.opening
        assert opening is not None, "entry 0 comes first"
        expected = (opening.origin, opening.exercise, opening.depositary_key.hex(), opening.compact)
        if found != expected:
            raise Tampered("the record is said to be opened otherwise than the act of entry 0 opens it")

    def _continued(self, number: int, event: RecordContinued, statement: Statement) -> None:
        """A new epoch: another key is the depositary's, by an act of the party that keeps it."""
        body, opening = statement.body, self.opening
        assert opening is not None, "entry 0 comes first"
        expected = log_of(opening.origin, number, statement.seat.partition("/")[0])
        asked = isinstance(body, ContinueRecord) and body.depositary_key == event.depositary_key
        if not asked or (event.log, event.party) != (expected, statement.seat.partition("/")[0]):
            raise Tampered("the record was continued otherwise than the act says")
        self.keys = {id_: key for id_, key in self.keys.items() if key.seat != DEPOSITARY}
        public = check_public_key(bytes.fromhex(event.depositary_key))
        self.keys[key_id(event.depositary_key)] = Key(public, DEPOSITARY, "")
        self.log = VerifierKey(event.log, ED25519, public)
