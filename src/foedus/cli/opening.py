"""Opening a record from the command line, with whatever keys lie beside it.

A folder holds its own depositary's key (`depositary.key`), an exercise the one secret all its keys come from.
Without either the record can be read and not added to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from foedus.cli.passphrases import Passphrases
from foedus.cli.session import session
from foedus.errors import Refused

if TYPE_CHECKING:
    from foedus.acts import Act
    from foedus.compact.clauses import Clauses
    from foedus.depositary import Depositary
    from foedus.exercise import ExerciseKeys
    from foedus.keyring import Ask
    from foedus.record.store import Store
    from foedus.state import State

KEY_FILE = "depositary.key"


class Opened(NamedTuple):
    """A record with what was found beside it. `records`: whether acts can be added here.

    `demo`: an exercise's keys.
    """

    depositary: Depositary
    demo: ExerciseKeys | None
    records: bool


@contextmanager
def opened(address: str, key: Path | None = None, ask: Ask | None = None) -> Iterator[Opened]:
    """The record, caught up; closed afterwards. Raises Malformed when there is none."""
    found = open_record(address, key, ask)
    session.clauses = found.depositary.clauses  # so that a refusal is said in the compact's words
    try:
        yield found
    finally:
        found.depositary.close()


def open_record(address: str, key: Path | None = None, ask: Ask | None = None) -> Opened:
    """The record with its depositary's key where it is found, and the demo keys of an exercise.

    `ask` gives the passphrase of a locked key. Without it a locked key stays so, and the record is only read.

    The key is found first: with it the state kept beside the record can be trusted, so that it is added up once.
    """
    from foedus.depositary import Depositary
    from foedus.exercise import ExerciseKeys
    from foedus.record.key_file import read_key_file

    folder = None if key is not None or "://" in address else Path(address)
    demo = ExerciseKeys.open(folder, _opening(address)) if folder is not None else None
    seed: bytes | None = None
    if demo is not None:
        seed = demo.depositary_seed
    elif folder is not None and (folder / KEY_FILE).exists():
        key = folder / KEY_FILE
    if key is not None:
        file = read_key_file(key)
        if ask is not None or not file.locked:
            seed = file.seed(partial(ask or Passphrases(), str(key)))
    depositary = Depositary.open(address, seed=seed)
    depositary.look = _look
    return Opened(depositary, demo, records=seed is not None)


def _look(store: Store, clauses: Clauses, state: State, act: Act, at: datetime) -> None:
    """Holds an act about claims against its table; what that needs is loaded with the first such act."""
    from foedus.looked_into import as_stated

    as_stated(store, clauses, state, act, at)


def _opening(address: str) -> State:
    """The state of entry 0 alone, which says whether the record is an exercise. Raises Tampered."""
    from foedus.record.store import open_store
    from foedus.replay import checked_and_added
    from foedus.state import State

    store = open_store(address)
    try:
        state = State()
        for data in store.entries(0, min(1, store.size())):
            state = checked_and_added(state, data)
        return state
    finally:
        store.close()


def demo_keys(demo: ExerciseKeys | None, address: str) -> ExerciseKeys:
    """The demo keys, needed for `--as`. Raises Refused where there are none."""
    if demo is None:
        raise Refused(
            "record/exercise",
            "{address} is no exercise built here: sign with --key, nobody's key is kept with a live record",
            address=address,
        )
    return demo
