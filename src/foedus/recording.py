"""What one transaction of the store does: acts taken in order of receipt, and before each what was due by then.

It changes nothing that outlives it but the store, and that only when the transaction is committed: whoever began it
takes the state it leads to afterwards. It opens no transaction and asks no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from foedus import archive, rules
from foedus.acts import RULES_VERSION, SALT_BYTES, Act, Entry, Statement, encode_entry
from foedus.admission import DEPOSITARY, Prepared, admit, read
from foedus.checking import prepared
from foedus.compact.clauses import Clauses
from foedus.compacts import Compacts
from foedus.errors import FoedusError, Malformed, Refused, Waits
from foedus.own_acts import clock_act
from foedus.parties.acts import AmendCompact, ContinueRecord, OpenRecord
from foedus.receipt import Receipt, outcome
from foedus.record.envelope import Envelope, encode_envelope
from foedus.record.keys import public_of
from foedus.record.merkle import Frontier, leaf_hash
from foedus.record.proof import HEADER
from foedus.record.record import Record
from foedus.record.store import Received, Store, Write, check_blob
from foedus.record.tiles import MAX_ENTRY_BYTES
from foedus.reparations.acts import DecideClaims, DecideDistribution, DepositClaims, RecordPayment
from foedus.sanctions.acts import AdoptSchedule, DepositList
from foedus.state import State
from foedus.succession import Stamped, check, stamped

# At an act about claims, and at its table in the archive: raises Refused where they differ.
Look = Callable[[Store, Clauses, State, Act, datetime], None]
MOST_LOOKED = 10  # in one transaction: each may take half a second, and nobody else records anything meanwhile


class Transaction:
    """What one transaction does: acts taken in order, what was due before each, and the entries they become."""

    def __init__(
        self, record: Record, compacts: Compacts, write: Write, held: tuple[State, Frontier], seed: bytes,
        look: Look | None = None,
    ) -> None:  # fmt: skip
        """`held`: state and tree of what was recorded before. `seed`: the depositary's key. `look`: see Look."""
        self._look, self._looked = look, 0
        self.record, self.compacts, self.write, self._seed = record, compacts, write, seed
        self.state, self.frontier = held
        self.entries: list[bytes] = []
        self.receipts: list[Receipt] = []
        self.at = self.state.at

    def drain(self) -> None:
        """Perform what waits, in order of receipt: what an earlier epoch had received first."""
        if self.gathers_until is not None:
            return
        waiting = self.write.open()
        for received, found in self._late(waiting):
            done = self._come_in(found, received.envelope.decode()) if isinstance(found, Stamped) else found
            self.write.settle(received.id, outcome(done))
        for received in waiting:
            if not _is_proof(received.envelope):
                done = self.take(prepared(self.state, received.envelope), received.at, {})
                self.write.settle(received.id, outcome(done))

    def take(self, act: Prepared | FoedusError, at: datetime, blobs: Mapping[str, bytes]) -> Receipt | FoedusError:
        """One act received at `at`; everything due by then comes first."""
        if isinstance(act, FoedusError):
            return act
        continues = isinstance(act.statement.body, ContinueRecord)
        try:
            if self.gathers_until is not None and not continues:
                admit(self.state, act, at)  # only what a seat signed is kept, and what may enter as things stand
                return self._waits(encode_envelope(act.envelope), act.statement, blobs)
            if self.state.size and not continues:  # what came in late counts before what was due meanwhile
                self.lapse(at)
            admitted = admit(self.state, act, at)
            if continues:
                self._continues(admitted, at)
            named = self._named(admitted, at, blobs)
            receipt = self._enter(admitted, act.envelope, at, rules.true_at(self.state, admitted.body))
            for digest in named & blobs.keys():  # only now: what a refused act names is not kept
                self.write.put_blob(digest, blobs[digest])
            return receipt
        except (Refused, Malformed) as refusal:
            return refusal

    def lapse(self, by: datetime, at: datetime | None = None) -> None:
        """Record, at `at`, everything due at `by` or before. A lapse may start a clock that is itself already over.

        Nothing while what an earlier epoch had received is still to come in: it counts before the lapse.
        """
        if self.gathers_until is not None:
            return
        at = at or by
        while (upcoming := rules.next_due(self.state)) is not None and upcoming <= by:
            due = rules.due(self.compacts.in_force(self.state), self.state, by)
            for body in due:
                if rules.stands(self.state, body):  # one lapse may have settled another
                    act, envelope = clock_act(self.state, body, at, self._seed)
                    self._enter(act, envelope, at, rules.came_true(self.state, body))
            if not due:
                break

    # --- a new epoch ----------------------------------------------------------------------------------------

    @property
    def gathers_until(self) -> datetime | None:
        """Until when this epoch waits for what the one before had received; None once that time is over."""
        record = self.state.parties.record
        until = record.epoch.late_until if record is not None else None
        return until if until is not None and self.write.at < until else None

    def receive_late(self, proof: str, blobs: Mapping[str, bytes]) -> datetime:
        """Keep what the epoch before had received until all of it is in; when that is. Raises Refused, Malformed."""
        found, until = stamped(self.state, proof), self.gathers_until
        statement = read(found.entry.act)
        if statement.seat == DEPOSITARY:
            raise Refused("record/late", "what the depositary's clock recorded comes by itself and is not handed in")
        if until is None:
            raise Refused("record/late", "the time is over in which came in what the epoch before had received")
        self._keep(proof.encode(), statement, blobs)
        return until

    def _waits(self, envelope: bytes, statement: Statement, blobs: Mapping[str, bytes]) -> Waits:
        """An act received while an epoch gathers: kept with its time of receipt, which counts."""
        until = self.gathers_until
        assert until is not None, "the caller looked"
        self._keep(envelope, statement, blobs)
        return Waits(
            "the act was received at {at} and waits: the record was continued, and until {until} comes in what the"
            " server before had received. It is recorded then by itself, as received now",
            at=self.write.at.isoformat(),
            until=until.isoformat(),
        )

    def _keep(self, data: bytes, statement: Statement, blobs: Mapping[str, bytes]) -> None:
        """Into the inbox, once, with the files that it names."""
        for digest in {one.digest for one in statement.attachments} & blobs.keys():
            self.write.put_blob(digest, blobs[digest])
        if all(one.envelope != data for one in self.write.open()):
            self.write.receive(data)

    def _late(self, waiting: Sequence[Received]) -> list[tuple[Received, Stamped | FoedusError]]:
        """What an earlier epoch had received, in that order."""
        found: list[tuple[Received, Stamped | FoedusError]] = []
        for received in waiting:
            if _is_proof(received.envelope):
                try:
                    found.append((received, stamped(self.state, received.envelope.decode())))
                except (Refused, Malformed) as problem:
                    found.append((received, problem))
        return sorted(found, key=lambda one: one[1].number if isinstance(one[1], Stamped) else -1)

    def _come_in(self, found: Stamped, proof: str) -> Receipt | FoedusError:
        """Enter what an earlier epoch had received, as at that time; what was due by then comes first."""
        record = self.state.parties.record
        assert record is not None, "an epoch is of an opened record"
        began, at, envelope = record.epoch.place.at, found.entry.at, found.entry.act
        try:
            act = prepared(self.state, encode_envelope(envelope))
            if isinstance(act, FoedusError):
                return act
            self.lapse(at, began)
            admitted = admit(self.state, act, at)
            self._named(admitted, at, {})
            return self._enter(admitted, envelope, began, at, (found.number, proof))
        except (Refused, Malformed) as refusal:
            return refusal

    def _continues(self, act: Act, at: datetime) -> None:
        """Raises Refused unless the act may begin an epoch here, kept by the key that signs in this process."""
        assert isinstance(act.body, ContinueRecord), "the caller looked"
        if public_of(self._seed).hex() != act.body.depositary_key:
            raise Refused(
                "record/depositary",
                "only who holds the new depositary's key enters a continuation: `foedus serve --continue` does",
            )
        frontier, _ = self.frontier.extend([leaf_hash(entry) for entry in self.entries])
        check(self.state, self.compacts.by_digest, act, at, frontier.root())

    # --- entering -------------------------------------------------------------------------------------------

    def _enter(
        self, act: Act, envelope: Envelope, at: datetime, true_at: datetime | None,
        late: tuple[int, str] | None = None,
    ) -> Receipt:  # fmt: skip
        state = self.state
        opening = act.body if isinstance(act.body, OpenRecord) else None
        compact = opening.compact if opening else state.parties.compact
        clauses = self.compacts.by_digest(compact)
        clauses = clauses if opening else rules.in_force(clauses, state)
        number, proof = late or (None, None)
        events, after = rules.enact(clauses, state, act, at, true_at, number)
        entry = encode_entry(Entry(at, compact, RULES_VERSION, envelope, events, true_at, proof))
        if len(entry) > MAX_ENTRY_BYTES:
            raise Refused(
                "record/size",
                "an entry of {size} bytes found, {most} at most",
                size=len(entry),
                most=MAX_ENTRY_BYTES,
            )
        self.entries.append(entry)
        receipt = Receipt(state.size, at, act.id, events)
        self.receipts.append(receipt)
        self.state, self.at = after, at
        return receipt

    def _named(self, act: Act, at: datetime, blobs: Mapping[str, bytes]) -> set[str]:
        """The digests of what the act names, all of which is here: in the archive, or sent with it."""
        named = set()
        for attachment in act.statement.attachments:
            named.add(attachment.digest)
            found = len(self._here(attachment.digest, blobs)) - SALT_BYTES
            if found != attachment.size:
                raise Refused(
                    "record/attachment",
                    "attachment {digest} has {found} bytes after its salt; the act says {expected}",
                    digest=attachment.digest[:8],
                    found=found,
                    expected=attachment.size,
                )
        if isinstance(act.body, DepositList):
            self._in_archive(act.body.table)
            self._in_archive(act.body.file)
        if isinstance(act.body, AdoptSchedule):
            self._in_archive(act.body.table)
        tables = _tables(act.body)
        for digest in tables:
            self._in_archive(digest)
        if tables and self._look is not None:
            self._looked += 1
            if self._looked > MOST_LOOKED:
                raise Refused(
                    "record/archive",
                    "{most} acts that name tables of claims are taken together at most: send the others after them",
                    most=MOST_LOOKED,
                )
            self._look(self.record.store, self.compacts.in_force(self.state), self.state, act, at)
        if isinstance(act.body, AmendCompact):
            # Its text is long to check: it is looked at only for a seat that may amend.
            rules.decide(self.compacts.in_force(self.state), self.state, act, at)
            named.add(act.body.compact)
            in_force = self.compacts.in_force(self.state).compact
            self.compacts.amend(act.body.compact, self._here(act.body.compact, blobs), in_force)
        return named

    def _in_archive(self, digest: str) -> None:
        if not archive.holds(self.record.store, digest):
            raise Refused(
                "record/archive",
                "{digest} is not in the archive here: import the file first, then name it",
                digest=digest[:8],
            )

    def _here(self, digest: str, blobs: Mapping[str, bytes]) -> bytes:
        data = blobs.get(digest)
        if data is not None:
            check_blob(digest, data)
            return data
        data = self.record.store.get_blob(digest)
        if data is None:
            raise Refused(
                "record/attachment",
                "attachment {digest} is not held here: send it with the act, or before it",
                digest=digest[:8],
            )
        return data

    def finish(self) -> None:
        """Append what was entered."""
        if self.entries and self.at is not None:
            self.record.append(self.write, self.at, self.entries)
            self.frontier = Frontier.decode(self.write.size, self.write.frontier)


def _tables(body: object) -> tuple[str, ...]:
    """What an act about claims names in the archive. That the rows are what the act says is looked at where tables are
    small, for nobody may wait behind one; `foedus claims` checks it of all, before an act is stated and ever after.
    """
    if isinstance(body, DepositClaims | DecideClaims | RecordPayment):
        return (body.table,)
    return (body.dry_run, body.result) if isinstance(body, DecideDistribution) else ()


def _is_proof(received: bytes) -> bool:
    """Whether what waits is a proof that an earlier epoch had received an act, and not an envelope."""
    return received.startswith(HEADER.encode())
