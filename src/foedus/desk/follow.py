"""Following a record: what a server publishes is fetched, verified, recomputed and only then kept.

In this order: the checkpoint's signature, that it continues what is held, that the entries are those it covers, and for
each entry its signatures, what was due before it, what the compact makes of it. Nothing of a part that does not fit is
kept; where the record's own key signed what cannot be, that is kept as evidence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from foedus.acts import Statement
from foedus.checking import check_recorded
from foedus.collector import uncollected
from foedus.desk import evidence, gossip
from foedus.desk.copy import Copy, Doubt
from foedus.desk.epochs import Epochs
from foedus.desk.parts import Part, parts
from foedus.desk.published import Published, Shown
from foedus.errors import Conflict, Malformed, Tampered
from foedus.exercise import keep_note, note_of
from foedus.logs import log_key
from foedus.parties.acts import AmendCompact
from foedus.record.checkpoint import Checkpoint, verify_checkpoint
from foedus.record.merkle import (
    TILE_WIDTH,
    Frontier,
    TreeReader,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
    verify_consistency,
)
from foedus.record.note import VerifierKey, format_vkey
from foedus.record.proof import Proof
from foedus.record.tiles import Tile, tile_width
from foedus.state import State
from foedus.verify.again import Again, MissingText

Progress = Callable[[int, int], None]
SETTLED_EVERY = 5.0  # seconds between questions for what witnesses settled
LATE = timedelta(seconds=60)  # how long after its time of receipt an honest entry may first be seen
MOST_ATTACHED_BYTES = 8 * 2**20  # larger attachments stay with the server


class Follower:
    """One copy following one publisher. For one thread."""

    def __init__(self, copy: Copy, source: Published) -> None:
        self.copy = copy
        self.source = source
        self._again = Again(self._compact)
        # What the part of the record that is being verified needs beside it: kept only with it.
        self._compacts: dict[str, bytes] = {}
        self._named: list[str] = []
        self._told: datetime | None = None
        self._asked = False
        self._epochs = Epochs(copy)
        self._asked_settled = float("-inf")

    def follow(self, *, wait: bool = False, progress: Progress | None = None) -> int:
        """Take in what was published since; how many entries. `wait`: let the server answer when there is news.

        Raises Conflict when it cannot be read now, Tampered when it lies (what can be proved of that is kept),
        Malformed when this version cannot tell.
        """
        shown = self.ask(wait=wait)
        try:
            return self.take_in(shown, progress)
        except Tampered:
            self.source.elsewhere()
            raise

    def ask(self, *, wait: bool = False) -> Shown:
        """The checkpoint that the server shows; `wait`: as soon as it is newer than what is held. Raises Conflict."""
        held = self.copy.size
        return self.source.checkpoint(held if wait and held else None)

    def take_in(self, shown: Shown, progress: Progress | None = None) -> int:
        """Take in what is under a checkpoint that was shown; how many entries. Raises as `follow`."""
        held = self.copy.size
        self._named.clear()
        for log, note in self._epochs.ahead(self.source, shown.note):
            stated = verify_checkpoint(note, log).checkpoint
            self._continues(log, note, stated)
            self._entries(log, note, stated, progress)
            self.copy.keep_note(note)
        self._epochs.heard()
        self._settled()
        self._exercise()
        self._timed(shown)
        self._attachments()
        return self.copy.size - held

    # --- the checkpoint -----------------------------------------------------------------------------------------

    def _continues(self, log: VerifierKey, note: bytes, stated: Checkpoint) -> None:
        """Raises Tampered unless the checkpoint is of a record that only added to what is held."""
        held = self.copy.size
        if stated.size > held or (stated.size == held and (not held or self.copy.root(held) == stated.root)):
            return
        if stated.size and self.copy.root(stated.size) == stated.root:
            raise Tampered(
                "{source}: it shows {size} entries and had shown {held}: it was put back to an older copy; nothing here"
                " is lost",
                source=self.source.name,
                size=stated.size,
                held=held,
            )
        self._forked(log, note, stated)

    def _forked(self, log: VerifierKey, note: bytes, stated: Checkpoint) -> None:
        """Two histories. Keeps evidence where both were signed; raises Tampered in any case."""
        forked = Tampered(
            "{source}: its {size} entries are not a continuation of the {held} held here, which the same key signed:"
            " the record was forked",
            source=self.source.name,
            size=stated.size,
            held=self.copy.size,
        )
        newest = self.copy.newest()
        if newest is None:
            raise forked
        ours = (newest[1].checkpoint, newest[0])
        (small, small_note), (large, large_note) = sorted((ours, (stated, note)), key=lambda pair: pair[0].size)
        try:
            root, proof = self._history(small.size, large)
            found = evidence.fork(log, self.copy.now(), (small_note, large_note), root, proof)
        except (Malformed, Tampered):
            raise forked from None  # it does not even publish the history that it signed
        path = evidence.keep(self.copy.folder, found)
        raise Tampered("{problem}; both checkpoints are kept in {path}", problem=forked, path=path)

    def _history(self, size: int, large: Checkpoint) -> tuple[bytes, list[bytes]]:
        """The root that the history of a checkpoint had at a smaller size, and the proof that it had."""
        if size == large.size:
            return large.root, []
        if large.size <= self.copy.size and self.copy.root(large.size) == large.root:
            return self.copy.root(size), self.copy.depositary.record.consistency(size, large.size)
        tree = self._tree(large.size)
        return root_at(tree, size), consistency_proof(tree, size, large.size)

    def _tree(self, size: int) -> TreeReader:
        """The tree of the published record, as far as its tiles give it."""

        def fetch(level: int, start: int, count: int) -> list[bytes]:
            n = start // TILE_WIDTH
            width = tile_width(size, level, n)
            return self.source.hashes(Tile(level, n, width)) if width else []

        return TreeReader(fetch)

    # --- entries ------------------------------------------------------------------------------------------------

    def _entries(self, log: VerifierKey, note: bytes, stated: Checkpoint, progress: Progress | None) -> None:
        """Verify and keep every entry that is not held yet, a part after the other."""
        start = self.copy.size
        with uncollected(), check_recorded(stated.size - start) as checked:
            for part in parts(self.source, (start, stated.size), checked, lambda: self.copy.state):
                self._part(log, note, stated, part, checked.take(len(part.read)))
                if progress:
                    progress(self.copy.size, stated.size)

    def _part(
        self, log: VerifierKey, note: bytes, stated: Checkpoint, part: Part, checked: Iterator[Mapping[str, bytes]]
    ) -> None:
        """Verify and keep the next entries, up to some thousand."""
        leaves = [leaf_hash(entry) for entry in part.entries]
        frontier, _ = self.copy.frontier().extend(leaves)
        self._covered(log, note, stated, frontier)
        state = self._recomputed(log, note, stated, part, checked)
        if log_key(state) != log:
            raise Tampered(
                "{source}: its checkpoint is signed as {found}, and the entries under it declare {expected}",
                source=self.source.name,
                found=format_vkey(log),
                expected=format_vkey(log_key(state)),
            )
        for digest, data in self._compacts.items():
            self.copy.store.put_blob(digest, data)
        self._compacts.clear()
        self.copy.take_in(part.entries, state, leaves)

    def _covered(self, log: VerifierKey, note: bytes, stated: Checkpoint, frontier: Frontier) -> None:
        """Raises Tampered unless what is held and these entries are what the checkpoint covers."""
        if frontier.size == stated.size and frontier.root() == stated.root:
            return
        tree, held = self._tree(stated.size), self.copy.size
        if frontier.size < stated.size:
            proof = consistency_proof(tree, frontier.size, stated.size)
            try:
                verify_consistency(frontier.size, stated.size, proof, frontier.root(), stated.root)
                return
            except Tampered:
                pass  # either what is held is another history, or these entries are not those
        if held and root_at(tree, held) != self.copy.root(held):
            self._forked(log, note, stated)
        raise Tampered(
            "{source}: entries {start} to {last} are not those that its checkpoint of {size} entries covers: they were"
            " changed, removed, added or moved on the way",
            source=self.source.name,
            start=held,
            last=frontier.size - 1,
            size=stated.size,
        )

    def _recomputed(
        self, log: VerifierKey, note: bytes, stated: Checkpoint, part: Part, checked: Iterator[Mapping[str, bytes]]
    ) -> State:
        """The state after these entries, each of them verified and recomputed."""
        state, before = self.copy.state, self.copy.frontier()
        for number, ((entry, statement), fits) in enumerate(zip(part.read, checked, strict=True)):
            try:
                if state.at is not None and entry.at < state.at:
                    raise Tampered("it says that it was received before the entry before it")
                root = partial(_root, before, part.entries, number)
                state = self._again.check(state, entry, statement, fits, root)
                self._timely(state.size - 1, entry.at)
                self._needed(statement)
            except MissingText:
                raise
            except Malformed as problem:
                raise Malformed("entry {number}: {problem}", number=state.size, problem=problem) from None
            except Tampered as problem:
                self._false(log, note, stated, state.size, part.entries[number], problem)
        if part.unread is not None:
            raise Malformed("entry {number}: {problem}", number=state.size, problem=part.unread) from None
        return state

    def _false(
        self, log: VerifierKey, note: bytes, stated: Checkpoint, number: int, data: bytes, why: Tampered
    ) -> None:
        """The record's key signed for an entry that does not hold: kept as evidence, and the end of following."""
        hashes = tuple(inclusion_proof(self._tree(stated.size), number, stated.size))
        found = evidence.false_entry(log, self.copy.now(), Proof(number, hashes, note), data, why)
        path = evidence.keep(self.copy.folder, found)
        raise Tampered(
            "{source}: entry {number} does not hold: {problem}; the proof is kept in {path}",
            source=self.source.name,
            number=number,
            problem=why,
            path=path,
        )

    # --- beside the entries -------------------------------------------------------------------------------------

    def _compact(self, digest: str) -> bytes | None:
        """The text of a compact: held here, or published; kept with the entries that need it."""
        data = self.copy.store.get_blob(digest) or self.source.compact(digest)
        if data is not None:
            self._compacts[digest] = data
        return data

    def _needed(self, statement: Statement) -> None:
        """What an entry names and this copy should hold."""
        if isinstance(statement.body, AmendCompact):
            self._compact(statement.body.compact)
        self._named += [one.digest for one in statement.attachments if one.size <= MOST_ATTACHED_BYTES]

    def _timely(self, number: int, at: datetime) -> None:
        """An entry that was received, it says, long before this server showed the record without it is odd."""
        if self._told is not None and at < self._told - LATE:
            self.copy.doubt(Doubt(number, at, self._told))

    def _timed(self, shown: Shown) -> None:
        if shown.time is not None:
            self._told = shown.time
            self.copy.set_apart(shown.time)

    def _settled(self) -> None:
        """Keep what witnesses settled with their cosignatures: whoever holds it can go on without the server."""
        began = time.monotonic()
        if began - self._asked_settled < SETTLED_EVERY:
            return
        self._asked_settled = began
        try:
            note = self.source.settled()
            if note is not None and gossip.compare(self.copy, note, self.source.name):
                self.copy.keep_note(note)
        except (Conflict, Malformed):
            pass  # asked again soon; nothing that is shown rests on it

    def _exercise(self) -> None:
        """The words about an exercise, which its pages show; nothing else rests on them."""
        if self._asked or not self.copy.exercise or note_of(self.copy.depositary) is not None:
            return
        note = self.source.exercise_note()
        self._asked = True
        if note is not None:
            keep_note(self.copy.store, note)

    def _attachments(self) -> None:
        """Fetch what entries name and the server releases to this reader; what cannot be had now is asked for again."""
        wanted = dict.fromkeys((*self.copy.known.wanted, *self._named))
        left: list[str] = []
        wrong: Tampered | None = None
        for digest in wanted:
            try:
                held = self.copy.store.get_blob(digest) is not None
                data = None if held else self.source.attachment(digest)
                if data is not None:
                    self.copy.store.put_blob(digest, data)
            except Conflict:
                left.append(digest)
            except Tampered as problem:
                wrong = wrong or problem
                left.append(digest)
        if tuple(left) != self.copy.known.wanted:
            self.copy.remember(wanted=tuple(left))
        if wrong is not None:
            raise wrong


def _root(before: Frontier, entries: Sequence[bytes], count: int) -> bytes:
    """Root of a tree to which the first `count` of these entries were added."""
    return before.extend([leaf_hash(entry) for entry in entries[:count]])[0].root()
