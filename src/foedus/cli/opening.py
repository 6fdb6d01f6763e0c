"""Opening a record from the command line, with whatever keys lie beside it.

A folder holds its own depositary's key (`depositary.key`), an exercise the one secret all its keys come from.
Without either the record can be read and not added to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from foedus.cli.session import session
from foedus.errors import Refused

if TYPE_CHECKING:
    from foedus.depositary import Depositary
    from foedus.exercise import ExerciseKeys

KEY_FILE = "depositary.key"


class Opened(NamedTuple):
    """A record with what was found beside it. `records`: whether acts can be added here.

    `demo`: an exercise's keys.
    """

    depositary: Depositary
    demo: ExerciseKeys | None
    records: bool


@contextmanager
def opened(address: str, key: Path | None = None) -> Iterator[Opened]:
    """The record, caught up; closed afterwards. Raises Malformed when there is none."""
    found = open_record(address, key)
    session.clauses = found.depositary.clauses  # so that a refusal is said in the compact's words
    try:
        yield found
    finally:
        found.depositary.close()


def open_record(address: str, key: Path | None = None) -> Opened:
    """The record with its depositary's key where it is found, and the demo keys of an exercise."""
    from foedus.depositary import Depositary
    from foedus.exercise import ExerciseKeys
    from foedus.record.keys import read_key

    reader = Depositary.open(address)
    demo: ExerciseKeys | None = None
    seed: bytes | None = None
    try:
        folder = None if "://" in address else Path(address)
        if key is not None:
            seed = read_key(key)[1]
        elif folder is not None:
            demo = ExerciseKeys.open(folder, reader.state)
            if demo is not None:
                seed = demo.seed_of("depositary")
            elif (folder / KEY_FILE).exists():
                seed = read_key(folder / KEY_FILE)[1]
    except BaseException:
        reader.close()
        raise
    if seed is None:
        return Opened(reader, demo, records=False)
    reader.close()
    return Opened(Depositary.open(address, seed=seed), demo, records=True)


def demo_keys(demo: ExerciseKeys | None, address: str) -> ExerciseKeys:
    """The demo keys, needed for `--as`. Raises Refused where there are none."""
    if demo is None:
        raise Refused(
            "record/exercise",
            "{address} is no exercise built here: sign with --key, nobody's key is kept with a live record",
            address=address,
        )
    return demo
