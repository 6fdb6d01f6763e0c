"""One pass over a record, from entry 0 to the last, in constant memory apart from the state.

In the order in which a reader may believe things: the bytes against the tree, the act against the keys in
force, the events against the state, and, where asked, against the rules. The first thing that does not fit
ends it.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise

from foedus.acts import Act, Entry, Statement, decode_entry, decode_statement
from foedus.errors import FoedusError, Malformed, Refused, Tampered
from foedus.logs import continued_from
from foedus.parties.acts import ContinueRecord
from foedus.record.checkpoint import SignedCheckpoint, parse_checkpoint, verify_checkpoint
from foedus.record.envelope import pae
from foedus.record.merkle import Frontier, leaf_hash
from foedus.record.note import ED25519, VerifierKey, format_vkey, parse_note
from foedus.record.signatures import Job, Signatures
from foedus.state import State, add
from foedus.succession import check
from foedus.verify.again import Again, MissingText
from foedus.verify.register import Register
from foedus.verify.sources import Source

SALT_BYTES = 32
# What adding an event up can end in where it speaks of what was never recorded, or of what cannot be.
_MISFITS = (LookupError, AssertionError, StopIteration, ValueError, TypeError, ArithmeticError, AttributeError)
# Act ids are looked at for doubles in so many lists, by turns: sorting all at once takes five times their own memory.
_LISTS = 64
Progress = Callable[[int, int], None]


class Walk:
    """What is known after the entries walked so far."""

    def __init__(
        self, source: Source, keys: Sequence[VerifierKey], *, state: bool, rules: bool, told: Sequence[bytes] = ()
    ) -> None:
        """`told`: checkpoints from elsewhere, which must fit as those do that lie with the record."""
        self.source = source
        self.told = told
        self.keys = keys
        self.register = Register()
        self.state = State() if state or rules else None
        self._texts = Again(source.blob)
        self.again = self._texts if rules else None
        self.frontier = Frontier()
        self.log: VerifierKey | None = None
        self.checkpoints: list[SignedCheckpoint] = []
        self.notes: list[tuple[int, bytes]] = []
        self.compacts: dict[str, bool] = {}
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None
        self.signatures = self.events = self.held = self.absent = self.seats = 0
        self._roots: dict[int, list[bytes]] = {}
        self._later: dict[str, list[bytes]] = {}  # checkpoints of later epochs, until the key of each is known
        self._before = Frontier()  # the tree before the bundle that is walked, and the leaves of that
        self._leaves: list[bytes] = []
        self._ids = [array("Q") for _ in range(_LISTS)]

    def run(self, workers: int, progress: Progress | None) -> None:
        """Walk the whole record. Raises Tampered naming the place of the first thing that does not fit."""
        signatures = Signatures(workers)
        try:
            for bundle in self.source.bundles():
                self._tree(bundle)
                self._bundle(bundle, signatures)
                if progress:
                    progress(self.frontier.size, self.source.size)
            signatures.finish()
            self._finish()
        finally:
            signatures.close()

    def _bundle(self, bundle: Sequence[bytes], signatures: Signatures) -> None:
        jobs: list[Job] = []
        try:
            jobs.extend(self._entries(bundle))
        except FoedusError:
            # A signature before it that does not fit is the first thing wrong.
            signatures.check(jobs)
            signatures.finish()
            raise
        signatures.check(jobs)

    # --- the tree -----------------------------------------------------------------------------------------

    def _tree(self, bundle: Sequence[bytes]) -> None:
        first = self.frontier.size
        leaves = [leaf_hash(entry) for entry in bundle]
        after, nodes = self.frontier.extend(leaves)
        self.source.check_tree(first, leaves, nodes)
        if first == 0:
            self._open(bundle[0])
        for size in [size for size in self._roots if first < size <= after.size]:
            root = self.frontier.extend(leaves[: size - first])[0].root()
            if any(signed != root for signed in self._roots.pop(size)):
                raise Tampered(
                    "the first {size} entries lead to another root than the checkpoint signed for them: entries"
                    " were changed, removed, added or moved",
                    size=size,
                )
        self._before, self._leaves = self.frontier, leaves
        self.frontier = after

    def _root(self, size: int) -> bytes:
        """Root of the tree when it held `size` entries, the last of them in the bundle that is walked."""
        return self._before.extend(self._leaves[: size - self._before.size])[0].root()

    def _open(self, data: bytes) -> None:
        """Take the key from entry 0, and with it every checkpoint."""
        try:
            opening = self.register.open(decode_statement(decode_entry(data).act.payload))
        except Malformed as problem:
            raise Tampered("entry {number}: {problem}", number=0, problem=problem) from None
        self.log = VerifierKey(opening.origin, ED25519, opening.depositary_key)
        named = [key for key in self.keys if key.name == opening.origin]
        if named and self.log not in named:
            raise Tampered(
                "entry 0 declares the key {found}; you gave {expected}",
                found=format_vkey(self.log),
                expected=format_vkey(named[0]),
            )
        if self.keys and not named:
            raise Malformed("none of the keys given is of {origin}: one named so was expected", origin=opening.origin)
        beside = self.source.key()
        if beside is not None and beside != f"{format_vkey(self.log)}\n".encode():
            raise Tampered("keys: the key beside the record is not that of entry 0, {key}", key=format_vkey(self.log))
        self._compact(opening.compact)
        for note in (*self.source.notes(), *self.told):
            self._stated(note, self.log)

    def _stated(self, note: bytes, log: VerifierKey) -> None:
        """Take the root that a checkpoint states, and its signatures where they are of the epoch of `log`."""
        try:
            stated = parse_checkpoint(parse_note(note).text)
        except Malformed as problem:
            raise Tampered("checkpoint: {problem}", problem=problem) from None
        size = stated.size
        if size > self.source.size:
            raise Tampered(
                "a checkpoint of {size} entries was signed and {found} are here: entries {found} to {last} are missing",
                size=size,
                found=self.source.size,
                last=size - 1,
            )
        if continued_from(stated.origin) is None:
            self._checkpoint(note, log)
        else:
            self._later.setdefault(stated.origin, []).append(note)
        self.notes.append((size, note))
        if size:
            self._roots.setdefault(size, []).append(stated.root)

    def _checkpoint(self, note: bytes, log: VerifierKey) -> None:
        witnesses = [key for key in self.keys if key.algorithm != ED25519]
        try:
            self.checkpoints.append(verify_checkpoint(note, log, witnesses))
        except Malformed as problem:
            raise Tampered("checkpoint: {problem}", problem=problem) from None

    def _continued(self, number: int, entry: Entry, statement: Statement) -> None:
        """An epoch begins: what it continues was settled and signed, and its checkpoints are under its own key."""
        if self.state is not None:
            party = statement.seat.partition("/")[0]
            act = Act(statement.id, statement.seat, party, "", (statement.seat,), statement.body, statement)
            try:
                check(self.state, self._texts.clauses, act, entry.at, self._root(number))
            except Refused as problem:
                raise Tampered("the record may not be continued so: {problem}", problem=problem) from None
        self.log = self.register.log
        assert self.log is not None, "the register follows what the entry says"
        for note in self._later.pop(self.log.name, []):
            self._checkpoint(note, self.log)

    def _finish(self) -> None:
        found = self.frontier.size
        for log in self._later:
            raise Tampered("a checkpoint is signed as {log}, an epoch that no entry began", log=log)
        if found != self.source.size or self._roots:
            raise Tampered(
                "the record ends after {found} entries, {expected} were expected",
                found=found,
                expected=self.source.size,
            )
        self.source.check_end(self.frontier)
        self._twice()

    # --- entries ------------------------------------------------------------------------------------------

    def _entries(self, bundle: Sequence[bytes]) -> Iterator[Job]:
        number = self.frontier.size - len(bundle)
        for data in bundle:
            try:
                entry = decode_entry(data)
                statement = decode_statement(entry.act.payload)
                publics = self.register.check(entry, statement)
                self._time(entry)
                self._attached(statement)
                self.register.follow(number, entry, statement)
                if isinstance(statement.body, ContinueRecord):
                    self._continued(number, entry, statement)
                self._compact(self.register.compact)
                if self.state is not None:
                    self.state = self._added(self.state, entry, statement, publics)
            except MissingText as problem:
                raise Malformed("entry {number}: {problem}", number=number, problem=problem) from None
            except (Tampered, Malformed) as problem:
                raise Tampered("entry {number}: {problem}", number=number, problem=problem) from None
            self.signatures += len(publics)
            self.events += len(entry.events)
            half = int(statement.id[:16], 16)
            self._ids[half % _LISTS].append(half)
            message = pae(entry.act.payloadType, entry.act.payload)
            for public, signature in zip(publics, entry.act.signatures, strict=True):
                yield number, public, message, signature.sig
            number += 1
        self.seats = max(self.seats, len(self.register.keys) - 1)

    def _added(self, state: State, entry: Entry, statement: Statement, publics: Sequence[bytes]) -> State:
        if self.again is not None:
            signatures = entry.act.signatures
            keys = {one.keyid: public for one, public in zip(signatures, publics, strict=True)}
            return self.again.check(state, entry, statement, keys, partial(self._root, state.size))
        try:
            return add(state, entry, statement.id)
        except _MISFITS as problem:
            raise Tampered("its events do not fit what was recorded before ({problem!r})", problem=problem) from None

    def _time(self, entry: Entry) -> None:
        if self.last_at is not None and entry.at < self.last_at:
            raise Tampered("received at {at}, before the entry before it", at=entry.at.isoformat())
        if entry.true_at is not None and entry.true_at > entry.at:
            raise Tampered("said to come true after it was recorded")
        self.first_at = self.first_at or entry.at
        self.last_at = entry.at

    def _attached(self, statement: Statement) -> None:
        if not statement.attachments or self.source.kind == "server":
            return
        for attachment in statement.attachments:
            data = self.source.blob(attachment.digest)
            if data is None:
                self.absent += 1
                continue
            digest, size = hashlib.sha256(data).hexdigest(), len(data) - SALT_BYTES
            if (digest, size) != (attachment.digest, attachment.size):
                raise Tampered("attachment {digest} is not what the act names", digest=attachment.digest)
            self.held += 1

    def _compact(self, digest: str) -> None:
        if digest not in self.compacts:
            data = self.source.blob(digest)
            if data is not None and hashlib.sha256(data).hexdigest() != digest:
                raise Tampered("the text of the compact {digest} has another digest", digest=digest)
            self.compacts[digest] = data is not None

    def _twice(self) -> None:
        """No act may stand twice. Half of each id is remembered; what looks the same is looked at again."""
        doubtful = {one for halves in self._ids for one, other in pairwise(sorted(halves)) if one == other}
        if not doubtful:
            return
        seen: dict[str, int] = {}
        number = 0
        for bundle in self.source.bundles():
            for data in bundle:
                id_ = decode_statement(decode_entry(data).act.payload).id
                if int(id_[:16], 16) in doubtful and seen.setdefault(id_, number) != number:
                    raise Tampered(
                        "entry {number}: its act {id} is already entry {earlier_entry}",
                        number=number,
                        id=id_,
                        earlier_entry=seen[id_],
                    )
                number += 1
