"""A desk's copy of a record: entries that were verified here, the checkpoints that cover them, and what is known of the
server they came from.

Holds no depositary's key, so nothing is added to it but what a record published. It is an ordinary store, read by the
ordinary pages; `follow` is what fills it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus.acts import decode_entry
from foedus.clock import SAVE_EVERY
from foedus.depositary import Depositary
from foedus.errors import Malformed, Tampered
from foedus.logs import first_key, log_key
from foedus.record.checkpoint import SignedCheckpoint, parse_checkpoint, verify_checkpoint
from foedus.record.cosigned import keep
from foedus.record.merkle import Frontier
from foedus.record.note import VerifierKey, format_vkey, parse_note, parse_vkey
from foedus.record.store import Clock, Store, open_store
from foedus.settling import known_lines
from foedus.state import State

SETTING = "desk"
WORTH_KEEPING = 2.0  # seconds by which what a server tells of the time must differ before it is written down
MOST_DOUBTS = 100


class Doubt(Struct, frozen=True, forbid_unknown_fields=True):
    """Something odd about an entry that no rule forbids: said, kept and shown, for people to judge."""

    entry: int
    at: datetime
    recorded_after: datetime


class Known(Struct, frozen=True, forbid_unknown_fields=True):
    """What a copy knows besides the record.

    `log`: the record's first verifier key, once entry 0 declared it or the user gave it; `trusted`: the user gave it.
    `apart_seconds`: how far the server's time stood from this machine's. `wanted`: attachments not had yet.
    """

    log: str = ""
    trusted: bool = False
    apart_seconds: float = 0.0
    wanted: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


_known = msgspec.json.Decoder(Known)


class _Received:
    """A copy's store receives nothing itself: its time is that of the entry it takes in."""

    def __init__(self) -> None:
        self.at = datetime(1970, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def machine_time() -> datetime:
    """The time by this machine's clock."""
    return datetime.now(UTC)


class Copy:
    """A copy in a folder. Safe for use by several threads, of which one follows."""

    def __init__(self, folder: Path, store: Store, received: _Received, clock: Clock) -> None:
        self.folder = folder
        self.store = store
        self._clock = clock
        data = store.setting(SETTING)
        try:
            self.known = _known.decode(data) if data else Known()
        except msgspec.MsgspecError as problem:
            raise Tampered(
                "{folder}: what the desk knew of the record cannot be read: {problem}", folder=folder, problem=problem
            ) from None
        self._received = received
        self.depositary = Depositary(store, None, self.now)

    @classmethod
    def open(cls, folder: Path, log: VerifierKey | None = None, clock: Clock = machine_time) -> Copy:
        """The copy in a folder, made when there is none; what it holds is checked as at any start.

        `log`: the record's key as the user knows it. `clock`: this machine's. Raises Tampered when the copy is of
        another record, or is not what its checkpoint covers; Malformed when the folder holds a record that is no copy.
        """
        received = _Received()
        store = open_store(folder, create=True, clock=received)
        try:
            copy = cls(folder, store, received, clock)
            if store.size() and not copy.known.log:
                raise Malformed("{folder} holds a record that is no desk's copy: name another folder", folder=folder)
            if log is not None:
                copy._pin(log, trusted=True)
            copy._check()
            return copy
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Keep the state for a quick start, and let go of the store."""
        if self.size:
            self.depositary.close()
        else:
            self.store.close()

    # --- reading ------------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """Entries held."""
        return self.store.size()

    @property
    def state(self) -> State:
        """What they add up to."""
        return self.depositary.state

    def frontier(self) -> Frontier:
        """The tree over them."""
        return Frontier.decode(*self.store.head())

    def root(self, size: int) -> bytes:
        """Root of the tree when it held `size` entries."""
        return self.depositary.record.root(size)

    @property
    def exercise(self) -> bool:
        """Whether it is the record of an exercise, which has a time of its own."""
        record = self.state.parties.record
        return record is not None and record.exercise

    def now(self) -> datetime:
        """The record's time as this machine tells it: its own clock, and for an exercise what the server told."""
        now = self._clock()
        return now + timedelta(seconds=self.known.apart_seconds) if self.exercise else now

    def machine_now(self) -> datetime:
        """The time by this machine's clock."""
        return self._clock()

    @property
    def apart(self) -> timedelta:
        """How far the server's clock is from this machine's; never for an exercise, whose time the server sets."""
        return timedelta() if self.exercise else timedelta(seconds=self.known.apart_seconds)

    def set_apart(self, told: datetime) -> None:
        """The server told its time just now."""
        apart = (told - self._clock()).total_seconds()
        if abs(apart - self.known.apart_seconds) > WORTH_KEEPING:
            self.remember(apart_seconds=apart)

    @property
    def log(self) -> VerifierKey | None:
        """The key that signs for the record now; None while no entry was taken in and the user gave none."""
        if self.state.parties.record is not None:
            return log_key(self.state)
        return parse_vkey(self.known.log) if self.known.log else None

    def newest(self) -> tuple[bytes, SignedCheckpoint] | None:
        """The newest checkpoint held: its note and what it states."""
        kept = self.store.checkpoint()
        if kept is None or self.state.parties.record is None:
            return None
        return kept[1], verify_checkpoint(kept[1], log_key(self.state, kept[0]))

    # --- taking in ----------------------------------------------------------------------------------------------

    def take_in(self, entries: Sequence[bytes], state: State, leaves: Sequence[bytes] | None = None) -> None:
        """Add entries that were verified, with the state they lead to: whole or not at all."""
        self._received.at = last = decode_entry(entries[-1]).at
        self.depositary.take_in(entries, last, state, leaves)
        self._pin(first_key(state), trusted=False)

    def keep_note(self, note: bytes) -> None:
        """Keep a checkpoint of what is held or of its beginning, with its cosignatures by witnesses of the record."""
        if not self.size:
            return
        # Another desk may have filled this copy: then the state is behind what is held.
        known = known_lines(self.depositary.catch_up(), self.depositary.compact_by_digest, note)
        keep(self.store, parse_checkpoint(parse_note(known).text).size, known)

    def keep_state(self) -> None:
        """Keep the state beside a copy that grew, so that whoever opens it next, or serves it, starts at once."""
        if self.size and self.depositary.unsaved >= SAVE_EVERY:
            self.depositary.save_state()

    def remember(self, **changes: object) -> None:
        """Keep something known besides the record."""
        self.known = replace(self.known, **changes)
        self.store.set_setting(SETTING, msgspec.json.encode(self.known))

    def doubt(self, found: Doubt) -> None:
        """Keep a doubt; the oldest make room."""
        if found not in self.known.doubts:
            self.remember(doubts=(*self.known.doubts, found)[-MOST_DOUBTS:])

    # --- checks at the start ------------------------------------------------------------------------------------

    def _pin(self, log: VerifierKey, *, trusted: bool) -> None:
        if self.known.log and parse_vkey(self.known.log) != log:
            raise Tampered(
                "{folder}: the record's key is {found}; this copy is of {expected}: another record, or somebody else's",
                folder=self.folder,
                found=format_vkey(log),
                expected=self.known.log,
            )
        if not self.known.log or (trusted and not self.known.trusted):
            self.remember(log=format_vkey(log), trusted=trusted)

    def _check(self) -> None:
        """The copy must be what the record signed: nobody changes it behind the desk's back."""
        if not self.size:
            return
        self.depositary.resume()
        kept = self.newest()
        if kept is None:
            return
        signed = kept[1].checkpoint
        if signed.size > self.size or self.root(signed.size) != signed.root:
            raise Tampered(
                "{folder}: the copy is not what the record signed for its first {size} entries: move it away and"
                " follow anew",
                folder=self.folder,
                size=signed.size,
            )
