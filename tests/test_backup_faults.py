"""Whatever is wrong with a backup is found, with its place, before it is served; what fails half-way leaves nothing."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.backup import backup, restore
from foedus.depositary import Depositary
from foedus.errors import Conflict, Malformed, Tampered
from foedus.record.postgres import PostgresWrite
from foedus.record.sqlite import SQLiteWrite
from foedus.record.store import open_store
from foedus.verify import verify_record
from tests.backups import kept, nothing_at
from tests.looking import files_no_longer_than
from tests.stores import postgres_address
from tests.strategies import examples
from tests.verify.damage import FLIP, flipped

__all__ = ["postgres_address"]  # a fixture, here by its name


@contextmanager
def damaged(change: Callable[[bytes], bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="foedus-backup-") as folder:
        file = Path(folder) / "backup.foedus"
        file.write_bytes(change(kept()[0].read_bytes()))
        yield file


# --- damaged ------------------------------------------------------------------------------------------------


@given(**FLIP)
@examples(60)
def test_any_byte_changed(place, mask):
    with damaged(lambda data: flipped(data, place * 7919, mask)) as file:
        with pytest.raises(Tampered, match=r"byte \d+|is there and not listed|is listed and not there"):
            restore(file, file.with_name("restored"))
        nothing_at(file.with_name("restored"))


@given(left=st.floats(0, 0.9999))
@examples(20)
def test_cut_short(left):
    with damaged(lambda data: data[: int(len(data) * left)]) as file:
        with pytest.raises(Tampered, match=r"byte \d+"):
            restore(file, file.with_name("restored"))
        nothing_at(file.with_name("restored"))


# --- killed, and no room ------------------------------------------------------------------------------------


def killed(work: Callable[[], object]) -> None:
    """Do this in a process that must end itself by kill -9."""
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="only Linux has files without a name")
def test_killed_half_way_a_backup_leaves_nothing(tmp_path):
    folder = kept()[1].address

    def work() -> None:
        backup(open_store(folder), tmp_path / "backup", lambda done, total: die() if done > total // 2 else None)

    killed(work)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("last", ["put_blob", "put_back", "finish"])
def test_killed_half_way_a_restore_leaves_no_record(tmp_path, last):
    def work() -> None:
        with patch.object(SQLiteWrite, last, die):
            restore(kept()[0], tmp_path / "restored")

    killed(work)
    with pytest.raises(Malformed, match="no record"):
        Depositary.open(tmp_path / "restored")
    restore(kept()[0], tmp_path / "restored")
    assert verify_record(tmp_path / "restored", rules=True).size == kept()[1].state.size


@pytest.mark.postgres
def test_killed_half_way_a_restore_leaves_no_record_in_a_database(postgres_address):
    def work() -> None:
        with patch.object(PostgresWrite, "put_back", die):
            restore(kept()[0], postgres_address)

    killed(work)
    with pytest.raises(Malformed, match="no record"):
        Depositary.open(postgres_address)
    restore(kept()[0], postgres_address)
    assert verify_record(postgres_address, rules=True).size == kept()[1].state.size


@pytest.mark.parametrize("room", [0, 4_096, 70_000])
def test_without_room_a_backup_is_none(tmp_path, room):
    with files_no_longer_than(room), pytest.raises(Conflict, match="make room"):
        backup(kept()[1].depositary.store, tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []
    backup(kept()[1].depositary.store, tmp_path / "backup")


@pytest.mark.parametrize("room", [50_000, 150_000])
def test_without_room_nothing_is_restored(tmp_path, room):
    with files_no_longer_than(room), pytest.raises(Conflict):
        restore(kept()[0], tmp_path / "restored")
    nothing_at(tmp_path / "restored")
    restore(kept()[0], tmp_path / "restored")


def test_interrupted_neither_leaves_anything(tmp_path):
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(kept()[1].depositary.store, tmp_path / "backup", stop)
    with pytest.raises(KeyboardInterrupt):
        restore(kept()[0], tmp_path / "restored", progress=stop)
    assert list(tmp_path.iterdir()) == []
