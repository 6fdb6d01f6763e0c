"""The one door through which acts enter the record: perform().

In one exclusive transaction: catch up, verify, decide, follow, append, evolve. What is due by the time an act
was received is recorded before it, so a deadline happens exactly once and an act received in time is never
late. If the process dies anywhere, the store has the whole transaction or nothing; the next start is an
ordinary catch-up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock

from foedus import cache as kept_state
from foedus import rules
from foedus.acts import Act, Event, Statement
from foedus.checking import prepare_all
from foedus.commitments.opened import opened_by
from foedus.compact.clauses import Clauses
from foedus.compacts import Compacts
from foedus.errors import Conflict, FoedusError, Malformed, Refused, Tampered, Waits
from foedus.receipt import Receipt
from foedus.record.keys import public_of
from foedus.record.merkle import Frontier
from foedus.record.note import sign_note
from foedus.record.record import Record
from foedus.record.store import Clock, Store, Write, open_store
from foedus.recording import Look, Transaction
from foedus.replay import caught_up
from foedus.state import State

__all__ = ["Blob", "Depositary", "Receipt", "exercise_offset", "open_in_its_time"]

Blob = tuple[bytes, bytes]
Done = Receipt | FoedusError


def _any(done: Sequence[Done]) -> None:
    """Each is refused alone, or recorded."""


def _agree(done: Sequence[Done], opens: Sequence[str]) -> None:
    """Raises unless all were recorded, and each opened what it was to open."""
    for one, id_ in zip(done, opens, strict=True):
        if isinstance(one, Waits):  # and what waits is not entered as one
            raise Conflict("the record was continued and waits for what came before: enter it again later")
        if isinstance(one, FoedusError):
            raise one
        if (opened := opened_by(one.events)) != id_:
            raise Conflict(
                "somebody else acted first: {found} would be opened in place of {expected}; look again and sign anew",
                found=opened or "-", expected=id_ or "-",
            )  # fmt: skip


class Depositary:
    """A record with its state, kept by whoever holds its key; without the key it can read and not record."""

    def __init__(self, store: Store, seed: bytes | None = None, clock: Clock | None = None) -> None:
        self.store = store
        self._clock = clock or (lambda: datetime.now(UTC))
        self._seed = seed
        self._lock = RLock()
        self._state, self.record = State(), Record(store, "foedus/not-yet-opened")
        self._frontier = Frontier()  # the tree over what is in the state
        self.compacts = Compacts(store)
        self.look: Look | None = None  # at tables of claims; set by who opens a record that others act on
        self._saved = 0
        self._cache = kept_state.DEPOSITARYS if seed else kept_state.READERS

    @classmethod
    def open(cls, address: str | Path, *, seed: bytes | None = None, clock: Clock | None = None) -> Depositary:
        """Open an existing record and catch up with it, from the cached state if there is one that fits.

        Raises Malformed when there is no record, Tampered when it is not what it claims to be.
        """
        store, clock = open_in_its_time(address, clock)
        depositary = cls(store, seed, clock)
        try:
            depositary.resume()
            if not depositary.state.size:
                raise Malformed("{address}: no record was opened here; `foedus init` opens one", address=address)
            depositary._check_seed()
        except BaseException:
            store.close()
            raise
        return depositary

    def close(self) -> None:
        """Save the state for a quick start, and let go of the store."""
        with suppress(Conflict):  # without it the next start only takes longer
            self.save_state()
        self.store.close()

    # --- reading ------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """What the entries add up to, as far as this process has seen them."""
        return self._state

    @property
    def unsaved(self) -> int:
        """Entries that the next start would have to add up: recorded since the state was kept beside the record."""
        return self._state.size - self._saved

    @property
    def clauses(self) -> Clauses:
        """The compact in force, as it operates now."""
        return self.compacts.in_force(self._state)

    def now(self) -> datetime:
        """The time now, an exercise's own in an exercise: for showing and for looking what is due.

        What counts is the store's time inside a write; a machine whose clock differs from it decides nothing.
        """
        return self._clock()

    def compact_by_digest(self, digest: str) -> Clauses:
        """A compact that this record was or is kept under. Raises as `Compacts.by_digest`."""
        return self.compacts.by_digest(digest)

    def resume(self) -> State:
        """Begin from the state kept beside the record, if one fits, and catch up."""
        with self._lock:
            self._restore()
            return self.catch_up()

    def take_in(
        self, entries: Sequence[bytes], at: datetime, state: State, leaves: Sequence[bytes] | None = None
    ) -> None:
        """Put entries that the caller verified and recomputed into this copy, with the state they lead to.

        For a copy that follows a record; `at`: the time of the last of them; `leaves`: their leaf hashes. Raises
        Conflict when another process adds to the copy too.
        """
        assert self._seed is None, "a depositary's own record grows by acts alone"
        with self._lock:
            with self.store.write() as write:
                if write.size != self._state.size:
                    raise Conflict("another process adds to this copy: close one of them")
                self.record.append(write, at, entries, leaves)
                frontier = Frontier.decode(write.size, write.frontier)
            self._take(state, frontier)

    def catch_up(self) -> State:
        """Add what other processes recorded, checking every signature, and that the entries lead to the store's tree.

        Raises Tampered at the first that fails.
        """
        with self._lock:
            self._add_up(*self.store.head())
            return self._state

    def try_act(self, statement: Statement, signers: Sequence[str], at: datetime | None = None) -> tuple[Event, ...]:
        """What the act would bring about if it were received now, or at `at`. Records nothing.

        Raises Refused.
        """
        state = self.catch_up()
        party, _, role = statement.seat.partition("/")
        act = Act(statement.id, statement.seat, party, role, tuple(signers), statement.body, statement)
        clauses, true_at = self.compacts.in_force(state), rules.true_at(state, act.body)
        return rules.enact(clauses, state, act, at or self.now(), true_at)[0]

    def checkpoint(self) -> bytes:
        """The signed note over the present size and root; signed once for each size that is asked for."""
        if self._seed is None:
            kept = self.store.checkpoint()
            if kept is None:
                raise Malformed("this record has no checkpoint yet, and no key is here to sign one")
            return kept[1]
        origin, seed = self.record.origin, self._seed
        return self.record.checkpoint(lambda text: sign_note(text, origin, seed))

    def sign_beside(self, text: bytes) -> bytes:
        """A note of this record's key over something published beside its checkpoints, which its first line keeps it
        apart from. Raises Malformed where no key is here.
        """
        assert text.startswith(f"{self.record.origin}/".encode()), "no checkpoint of the record itself"
        if self._seed is None:
            raise Malformed("no key of this record is here: ask the server that keeps it")
        return sign_note(text, self.record.origin, self._seed)

    # --- recording ----------------------------------------------------------------------------------------

    def perform(self, envelope: bytes, attachments: Sequence[Blob] = ()) -> Receipt:
        """Record one act. `attachments`: pairs of salt (32 bytes) and content, kept beside the record; an
        amended compact has no salt.

        Raises Refused or Malformed when it may not enter, Conflict when the store could not take it now.
        Whatever is raised, the record is unchanged by this act.
        """
        done = self._perform([envelope], attachments)[0]
        if isinstance(done, FoedusError):
            raise done
        return done

    def perform_all(self, envelopes: Sequence[bytes], attachments: Sequence[Blob] = ()) -> list[Receipt | FoedusError]:
        """Record many acts in one transaction, in this order, each refused alone."""
        return self._perform(envelopes, attachments)

    def perform_together(
        self, envelopes: Sequence[bytes], opens: Sequence[str], attachments: Sequence[Blob] = ()
    ) -> list[Receipt]:
        """Record many acts in one transaction, in this order, all of them or none.

        `opens`: of each the id that whoever signed them counted on its opening, empty where it opens nothing: acts
        among them name it. Raises what the first that may not enter raises, Conflict where an id went to another act.
        """
        done = self._perform(envelopes, attachments, lambda done: _agree(done, opens))
        return [one for one in done if isinstance(one, Receipt)]

    def tick(self) -> list[Receipt]:
        """Record what is due now, and perform what waits in the inbox."""
        with self._lock:
            with self.store.write() as write:
                work = self._begin(write)
                work.drain()
                work.lapse(write.at)
                work.finish()
            self._take(work.state, work.frontier)
            return work.receipts

    def receive_late(self, proof: str, attachments: Sequence[Blob] = ()) -> datetime:
        """Keep what the epoch before had received, as a proof shows, until all of it is in; when that is.

        Raises Refused or Malformed when it is nothing of the kind, Conflict when the store could not take it now.
        """
        blobs = _by_digest(attachments)
        with self._lock, self.store.write() as write:
            return self._begin(write).receive_late(proof, blobs)

    def _perform(
        self, envelopes: Sequence[bytes], attachments: Sequence[Blob], agree: Callable[[Sequence[Done]], None] = _any
    ) -> list[Done]:
        """`agree`: looks at what was done before it is committed; what it raises undoes all of it."""
        blobs = _by_digest(attachments)
        # They are read before the exclusion is asked for: that depends on nothing that others record.
        with prepare_all(self._state, envelopes) as prepared, self._lock:
            with self.store.write() as write:
                work = self._begin(write)
                work.drain()
                done = [work.take(one, write.at, blobs) for one in prepared]
                agree(done)
                work.finish()
            # Only now, after the commit: had it failed, nothing here would have changed.
            self._take(work.state, work.frontier)
        return done

    def _begin(self, write: Write) -> Transaction:
        if self._seed is None:
            raise Refused("record/depositary", "this copy holds no depositary key: it can be read, not added to")
        self._add_up(write.size, write.frontier)
        return Transaction(self.record, self.compacts, write, (self._state, self._frontier), self._seed, self.look)

    # --- adding up ----------------------------------------------------------------------------------------

    def _add_up(self, size: int, frontier: bytes) -> None:
        """Take in what was recorded up to the store's head: its size, and its tree as `Frontier.encode` writes it."""
        had = self._state.size
        if size < had:  # who puts an older copy in the place of the record would have it fork
            raise Tampered(
                "the record had {had} entries and has {size}: restore it from a whole copy", had=had, size=size
            )
        if size == had and frontier == self._frontier.encode():
            return
        self._take(*caught_up(self._state, self._frontier, self.store, (size, frontier)))

    def _take(self, state: State, frontier: Frontier) -> None:
        """Go on from here; checkpoints bear the name of the epoch that runs."""
        self._state, self._frontier = state, frontier
        if state.parties.record is not None:
            self.record.origin = state.parties.record.epoch.log

    def _check_seed(self) -> None:
        record = self._state.parties.record
        assert record is not None, "only an opened record is checked"
        if self._seed is not None and public_of(self._seed).hex() != record.depositary_key:
            raise Refused("record/depositary", "this is not the depositary key that the record declares")

    def _restore(self) -> None:
        saved = self.store.setting(self._cache)
        state = kept_state.restore(saved, self.record.root, kept_state.sealing_key(self._seed)) if saved else None
        if state is not None and state.size <= self.store.size():
            # Its root was compared with the one kept in the state, so the tree to go on from is the one it was over.
            self._take(state, self.record.frontier(state.size))
            self._saved = state.size

    def save_state(self) -> None:
        """Keep the state beside the record, so that the next start adds up only what is new."""
        with self._lock:
            state = self._state
            if state.size > self._saved:
                root, key = self.record.root(state.size), kept_state.sealing_key(self._seed)
                self.store.set_setting(self._cache, kept_state.kept(state, root, key))
                self._saved = state.size


def _by_digest(attachments: Sequence[Blob]) -> dict[str, bytes]:
    return {hashlib.sha256(salt + content).hexdigest(): salt + content for salt, content in attachments}


def open_in_its_time(address: str | Path, clock: Clock | None = None) -> tuple[Store, Clock | None]:
    """The store of a record, with the clock on which it runs: an exercise's own, `clock`, or None for the store's.

    Raises as `open_store`.
    """
    store = open_store(address, clock=clock)
    if clock is not None or (own := exercise_clock(store)) is None:
        return store, clock
    store.close()
    return open_store(address, clock=own), own


def exercise_clock(store: Store) -> Clock | None:
    """The clock of an exercise: set off from the machine's, or compressed; None for a record that keeps the store's.

    A compressed clock (setting `clock_line`) is three numbers: a moment of the machine, the exercise's at that moment,
    both in seconds since 1970, and how many of its seconds pass in one.
    """
    line, offset = store.setting("clock_line"), exercise_offset(store)
    if line is not None:
        machine, there, speed = map(float, line.split())

        def compressed() -> datetime:
            passed = datetime.now(UTC).timestamp() - machine
            return datetime.fromtimestamp(there + passed * speed, UTC)

        return compressed
    if offset is None:
        return None

    def shifted() -> datetime:
        return datetime.now(UTC) + offset

    return shifted


def exercise_offset(store: Store) -> timedelta | None:
    """How far an exercise's clock stands from the machine's; None for a record that keeps the store's own
    time.
    """
    setting = store.setting("clock_offset_seconds")
    return timedelta(seconds=float(setting)) if setting is not None else None
