"""The epochs of a record that is followed: which keys sign its checkpoints, one after the other, and whether this copy
may go over to another.

What a server says of an epoch is believed for as long as it takes to fetch it: the entry that began it is verified and
recomputed like any other before a checkpoint of that epoch counts. Here is only asked what no rule can know: whether
this machine heard of the epoch before when it is said to have been silent, and whether it holds more than is continued.
"""

from __future__ import annotations

from datetime import datetime

from foedus.acts import decode_entry
from foedus.admission import CLOCK_SKEW, read
from foedus.desk.copy import Copy
from foedus.desk.published import Published
from foedus.errors import Conflict, Malformed, Refused, Tampered
from foedus.logs import continued_from, key_of_epoch
from foedus.parties.acts import ContinueRecord, OpenRecord
from foedus.parties.succession import turn
from foedus.record.checkpoint import Checkpoint, parse_checkpoint
from foedus.record.merkle import TILE_WIDTH
from foedus.record.note import ED25519, VerifierKey, parse_note
from foedus.record.tiles import Tile, tile_width
from foedus.settling import Settling

Ahead = list[tuple[VerifierKey, bytes]]


class Continued(Conflict):
    """The record goes on in a new epoch after fewer entries than this copy holds: it begins anew from there."""

    def __init__(self, sentence: str, /, *, entries: int, **found: object) -> None:
        super().__init__(sentence, entries=entries, **found)
        self.entries = entries


class Epochs:
    """The epochs of the record that one copy follows. For one thread."""

    def __init__(self, copy: Copy) -> None:
        self.copy = copy
        self._heard: datetime | None = None  # when a server of the epoch that runs was last heard of, by this machine

    def heard(self) -> None:
        """The server was followed just now."""
        self._heard = self.copy.now()

    def ahead(self, source: Published, note: bytes) -> Ahead:
        """Each epoch from that of the copy to that of a checkpoint which a source showed: key, and last checkpoint.

        Raises Continued when the copy holds more than is continued, Tampered when it would have to give up what is
        settled or is shown an epoch that ended, Conflict when it must not go over yet.
        """
        found: Ahead = []
        here = self.copy.log
        while True:
            stated = _stated(source, note)
            if here is not None and stated.origin == here.name:
                return [(here, note), *found]
            continued = continued_from(stated.origin)
            if continued is None and here is None:
                return [(self._declared(source, stated), note), *found]
            if stated.origin in self._ended():
                raise self._ended_there(source, stated)
            if here is not None and (continued is None or continued[0] != self._origin()):
                return [(here, note), *found]  # of another record, or of nobody: its signature does not fit
            assert continued is not None, "a first epoch is taken, or is not this record's"
            size = continued[1]
            began, body = self._beginning(source, size, stated)
            if here is not None:
                self._may_go_over(source, size, stated, began)
            found.insert(0, (VerifierKey(stated.origin, ED25519, bytes.fromhex(body.depositary_key)), note))
            note = (body.checkpoint or body.settled).encode("utf-8", "surrogatepass")
            if parse_checkpoint(parse_note(note).text).size != size:
                raise Tampered(
                    "{source}: the epoch {log} continues another checkpoint than its name says",
                    source=source.name,
                    log=stated.origin,
                )

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _declared(self, source: Published, stated: Checkpoint) -> VerifierKey:
        """The key that entry 0 declares, for a copy that knows none: taken on trust, as the desk says."""
        if not stated.size:
            raise Conflict("{source}: its record is empty; try again", source=source.name)
        body = read(decode_entry(_entry(source, 0, stated.size)).act).body
        if not isinstance(body, OpenRecord):
            raise Tampered("{source}: entry 0 does not open a record", source=source.name)
        return VerifierKey(body.origin, ED25519, bytes.fromhex(body.depositary_key))

    def _beginning(self, source: Published, size: int, stated: Checkpoint) -> tuple[datetime, ContinueRecord]:
        """When an epoch began and by which act, as the server tells it."""
        entry = decode_entry(_entry(source, size, stated.size)) if size < stated.size else None
        body = read(entry.act).body if entry is not None else None
        if entry is None or not isinstance(body, ContinueRecord):
            raise Tampered(
                "{source}: its checkpoint is signed as {log}, and entry {size} continues no record",
                source=source.name,
                log=stated.origin,
                size=str(size),
            )
        return entry.at, body

    # --- what this copy holds ---------------------------------------------------------------------------------------

    def _origin(self) -> str:
        record, here = self.copy.state.parties.record, self.copy.log
        assert here is not None, "asked of a copy that knows a key"
        return record.origin if record is not None else here.name

    def _ended(self) -> frozenset[str]:
        """Names of the epochs of this copy that are over."""
        record = self.copy.state.parties.record
        return frozenset(key_of_epoch(one).name for one in record.epochs[:-1]) if record is not None else frozenset()

    def _ended_there(self, source: Published, stated: Checkpoint) -> Tampered:
        here = self.copy.log
        assert here is not None, "without a key any first epoch is taken"
        return Tampered(
            "{source}: it shows {found}, an epoch that is over: the record goes on as {expected}. What this server"
            " recorded since was not continued; it must not be written to",
            source=source.name,
            found=stated.origin[:80],
            expected=here.name,
        )

    def _may_go_over(self, source: Published, size: int, stated: Checkpoint, began: datetime) -> None:
        """Raises unless this copy may follow the epoch that began after `size` entries."""
        held, now = self.copy.size, self.copy.now()
        if size < held:
            settled = Settling(self.copy.depositary).settled()
            if settled > size:
                raise Tampered(
                    "{source}: it continues {size} entries and leaves out settled ones: witnesses cosigned {settled}."
                    " It is not followed",
                    source=source.name,
                    size=size,
                    settled=settled,
                )
            raise Continued(
                "{source}: the record goes on in a new epoch after {entries} entries; this copy holds {held}, of which"
                " the last were not settled: open it again, and it goes on from there and hands in what was left out",
                source=source.name,
                entries=size,
                held=held,
            )
        if began > now + CLOCK_SKEW:
            raise Conflict(
                "{source}: its epoch began at {began}, which is still to come: look whether this machine's clock is"
                " right",
                source=source.name,
                began=began.isoformat(),
            )
        if self._heard is not None:
            party = stated.origin.rpartition("/")[2]
            try:
                turn(self.copy.depositary.clauses, party, self._heard, now)
            except Refused as refused:
                raise Conflict(
                    "{source}: this machine heard of the server before while it was said to be silent: {problem}",
                    source=source.name,
                    problem=refused,
                ) from None


def _entry(source: Published, number: int, size: int) -> bytes:
    n = number // TILE_WIDTH
    return source.entries(Tile(None, n, tile_width(size, None, n)), number % TILE_WIDTH)[0]


def _stated(source: Published, note: bytes) -> Checkpoint:
    """What a checkpoint states. Raises Malformed naming whoever showed something else, as another site's page is."""
    try:
        return parse_checkpoint(parse_note(note).text)
    except Malformed as problem:
        raise Malformed(
            "{source}: what it shows is no checkpoint of a record: {problem}", source=source.name, problem=problem
        ) from None
