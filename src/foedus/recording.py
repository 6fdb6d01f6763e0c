"""What one transaction of the store does: acts taken in order of receipt, and before each what was due by then.

It changes nothing that outlives it but the store, and that only when the transaction is committed: whoever began it
takes the state it leads to afterwards. It opens no transaction and asks no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from foedus import archive, rules
from foedus.acts import RULES_VERSION, SALT_BYTES, Act, Entry, encode_entry
from foedus.admission import Prepared, admit
from foedus.checking import prepared
from foedus.compacts import Compacts
from foedus.errors import FoedusError, Malformed, Refused
from foedus.own_acts import clock_act
from foedus.parties.acts import AmendCompact, OpenRecord
from foedus.receipt import Receipt, outcome
from foedus.record.envelope import Envelope
from foedus.record.merkle import Frontier
from foedus.record.record import Record
from foedus.record.store import Write, check_blob
from foedus.record.tiles import MAX_ENTRY_BYTES
from foedus.sanctions.acts import DepositList
from foedus.state import State


class Transaction:
    """What one transaction does: acts taken in order, what was due before each, and the entries they become."""

    def __init__(
        self, record: Record, compacts: Compacts, write: Write, held: tuple[State, Frontier], seed: bytes
    ) -> None:
        """`held`: state and tree of what was recorded before. `seed`: the depositary's key."""
        self.record, self.compacts, self.write, self._seed = record, compacts, write, seed
        self.state, self.frontier = held
        self.entries: list[bytes] = []
        self.receipts: list[Receipt] = []
        self.at = self.state.at

    def drain(self) -> None:
        """Perform what was received earlier and waits, in order of receipt."""
        for received in self.write.open():
            done = self.take(prepared(self.state, received.envelope), received.at, {})
            self.write.settle(received.id, outcome(done))

    def take(self, act: Prepared | FoedusError, at: datetime, blobs: Mapping[str, bytes]) -> Receipt | FoedusError:
        """One act received at `at`; everything due by then comes first."""
        if isinstance(act, FoedusError):
            return act
        try:
            if self.state.size:
                self.lapse(at)
            admitted = admit(self.state, act, at)
            named = self._named(admitted, at, blobs)
            receipt = self._enter(admitted, act.envelope, at, None)
            for digest in named & blobs.keys():  # only now: what a refused act names is not kept
                self.write.put_blob(digest, blobs[digest])
            return receipt
        except (Refused, Malformed) as refusal:
            return refusal

    def lapse(self, at: datetime) -> None:
        """Record everything due at `at` or before. A lapse may start a clock that is itself already over."""
        while (upcoming := rules.next_due(self.state)) is not None and upcoming <= at:
            due = rules.due(self.compacts.in_force(self.state), self.state, at)
            for body in due:
                if rules.stands(self.state, body):  # one lapse may have settled another
                    act, envelope = clock_act(self.state, body, at, self._seed)
                    self._enter(act, envelope, at, rules.came_true(self.state, body))
            if not due:
                break

    def _enter(self, act: Act, envelope: Envelope, at: datetime, true_at: datetime | None) -> Receipt:
        state = self.state
        opening = act.body if isinstance(act.body, OpenRecord) else None
        compact = opening.compact if opening else state.parties.compact
        clauses = self.compacts.by_digest(compact)
        clauses = clauses if opening else rules.in_force(clauses, state)
        events, after = rules.enact(clauses, state, act, at, true_at)
        entry = encode_entry(Entry(at, compact, RULES_VERSION, envelope, events, true_at))
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
