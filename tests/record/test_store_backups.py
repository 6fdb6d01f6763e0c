"""What every store promises to a backup that is put back (foedus/record/store.py, `Write.put_back`)."""

from datetime import timedelta

import pytest

from foedus.record.store import Received
from tests.stores import add


def test_what_a_backup_holds_comes_back_in_one_write(clocked, clock):
    earlier = clock.now - timedelta(hours=1)
    receipts = [Received(7, earlier, b"first"), Received(9, clock.now, b"second")]
    with clocked.write() as write:
        add(write, b"entry", at=earlier)
        write.put_back(receipts, [(1, b"note")], {"name": b"value", "other": b""})
    assert (clocked.size(), clocked.checkpoints(9)) == (1, [(1, b"note")])
    assert (clocked.setting("name"), clocked.settings("")) == (b"value", ["name", "other"])
    with clocked.write() as write:
        assert [(one.at, one.envelope) for one in write.open()] == [(one.at, one.envelope) for one in receipts]
        write.settle(write.open()[0].id, b"{}")
    assert clocked.receive(b"third").at >= clock.now


def test_what_a_backup_holds_does_not_come_back_by_halves(clocked, clock):
    clocked.save_checkpoint(1, b"note")

    def twice():
        with clocked.write() as write:
            add(write, b"entry")
            write.put_back([Received(1, clock.now, b"act")], [(2, b"new"), (1, b"another")], {"name": b"value"})

    with pytest.raises(AssertionError):
        twice()
    assert (clocked.size(), clocked.checkpoints(9), clocked.settings("")) == (0, [(1, b"note")], [])
    with clocked.write() as write:
        assert write.open() == []
