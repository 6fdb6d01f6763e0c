"""A record whose server falls silent, and a desk that continues it: for tests of what must hold then."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from foedus.depositary import Depositary
from foedus.desk.copy import Copy
from foedus.desk.follow import Follower
from foedus.desk.succeed import continuation, succeed
from foedus.logs import name_of
from foedus.parties.acts import ContinueRecord
from foedus.record.checkpoint import cosign
from foedus.record.cosigned import keep
from foedus.record.keys import SeedKey
from foedus.record.note import Note, format_note, parse_note
from foedus.state import State
from tests.desk.publisher import Door, Publisher
from tests.plays import Play, seed_of

NEW = seed_of("the successor's depositary")
TURN = timedelta(minutes=1)  # for Orsmark, the first of the Mare compact's order; Halvene comes a minute later


def cosigned(play: Play, *who: str, at: datetime | None = None) -> bytes:
    """The newest checkpoint with the cosignatures of these parties' lookouts beside its own line."""
    note = parse_note(play.depositary.checkpoint())
    record = play.state.parties.record
    assert record is not None
    lines = [
        cosign(note.text, name_of(record.origin, f"{one}/lookout"), play.seeds[f"{one}/lookout"], at or play.at)
        for one in who
    ]
    return format_note(Note(note.text, (*note.signatures, *lines)))


def settle(play: Play, *who: str) -> int:
    """The lookouts of two outsiders, or of these parties, settle what is recorded; how many entries that are."""
    keep(play.depositary.store, play.state.size, cosigned(play, *(who or ("XHA", "XCO"))))
    return play.state.size


def served(play: Play) -> Publisher:
    """The record's server, or whoever serves the play now, with what witnesses settled."""
    found, (log, _) = Door(play), epoch_of(play.state)
    found.origin, found.seed = log, play.seeds["depositary"]
    return found


def copied(folder: Path, play: Play) -> Copy:
    """A desk's copy of all that the play recorded, with the cosignatures that its server holds."""
    copy = Copy.open(folder, clock=play.clock)
    Follower(copy, served(play).server()).follow()
    for _, note in reversed(play.depositary.store.checkpoints(100)):
        copy.keep_note(note)
    return copy


def taken_over(play: Play, copy: Copy, to: Path, party: str = "XOR") -> Play:
    """The play goes on at the desk of a party, in a new epoch."""
    succeed(copy, to, SeedKey(play.seeds[f"{party}/chancellor"]), NEW)
    play.depositary.close()
    play.address, play.seeds["depositary"] = to, NEW
    play.depositary = Depositary.open(to, seed=NEW, clock=play.clock)
    return play


def body_of(copy: Copy) -> ContinueRecord:
    """The act that would continue a copy."""
    return continuation(copy, NEW)


def epoch_of(state: State) -> tuple[str, str]:
    """The name and the party of the epoch that runs."""
    record = state.parties.record
    assert record is not None
    return record.epoch.log, record.epoch.party
