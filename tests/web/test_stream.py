"""The stream of changes: the time at once, an entry the moment it is recorded, an end when the console stops."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from foedus.errors import Conflict
from foedus.response.acts import Acknowledge
from foedus.web.acting import AnySeat
from foedus.web.console import Console
from foedus.web.events import Stream, message
from tests.loops import in_its_own_thread
from tests.web.small_exercise import Small


@pytest.fixture
def small(tmp_path):
    made = Small(tmp_path / "record")
    made.activate()
    yield made
    made.depositary.close()


def said(message: bytes) -> tuple[str, dict]:
    """Kind and data of a message."""
    fields = dict(line.split(": ", 1) for line in message.decode().strip().splitlines())
    return fields["event"], msgspec.json.decode(fields["data"])


async def read_while(small: Small, viewers: int, act) -> list[list[tuple[str, dict]]]:
    """What each viewer reads from before an act to the end of the console."""
    stream = Stream(Console(small.depositary, AnySeat(small.depositary, small.keys), "http://localhost", frozenset()))
    stream.start()
    read: list[list[tuple[str, dict]]] = [[] for _ in range(viewers)]
    began, told = asyncio.Event(), asyncio.Event()

    async def view(place: int) -> None:
        async for text in stream.read():
            read[place].append(said(text))
            if all(read):
                began.set()
            if all(len(messages) > 1 for messages in read):
                told.set()

    tasks = [asyncio.create_task(view(place)) for place in range(viewers)]
    await asyncio.wait_for(began.wait(), timeout=5)
    await asyncio.to_thread(act)
    await asyncio.wait_for(told.wait(), timeout=5)
    await stream.stop()
    await asyncio.wait_for(asyncio.gather(*tasks), timeout=5)
    return read


def test_a_store_that_is_away_is_written_down_once_without_a_traceback(small, monkeypatch, caplog):
    wait, fails = small.depositary.store.wait, iter([Conflict("gone"), Conflict("gone")])

    def away(size: int, timeout: float) -> int:
        for problem in fails:
            raise problem
        return int(wait(size, timeout))

    monkeypatch.setattr(small.depositary.store, "wait", away)
    read = in_its_own_thread(read_while(small, 1, lambda: small.do("POL/duty", Acknowledge("R-1"))))
    assert read[0][-1][1]["size"] == small.depositary.state.size
    said = [record for record in caplog.records if record.name == "foedus.web"]
    assert [record.getMessage() for record in said] == ["the record cannot be followed, and is tried again: gone"]
    assert said[0].exc_info is None


def test_every_viewer_is_told_of_an_entry_and_the_streams_end_with_the_console(small):
    size = small.depositary.state.size
    read = in_its_own_thread(read_while(small, 40, lambda: small.do("POL/duty", Acknowledge("R-1"))))
    for messages in read:
        assert messages[0][0] == "time"
        assert messages[0][1]["size"] == size
        assert messages[1] == ("entry", {"now": "2026-10-10T03:00:00Z", "size": size + 1, "spread": 40 * 20})


def test_few_viewers_fetch_at_once_and_many_take_turns():
    at = datetime(2026, 10, 10, 3, tzinfo=UTC)
    assert [said(message("entry", at, 7, viewers))[1]["spread"] for viewers in (0, 1, 500)] == [450, 450, 10_000]


def test_a_slow_viewer_hears_the_newest_and_not_every_step(small):
    def three() -> None:
        for party in ("POL", "GBR", "AUT"):
            small.do(f"{party}/duty", Acknowledge("R-1"))

    size = small.depositary.state.size
    read = in_its_own_thread(read_while(small, 3, three))
    for messages in read:
        sizes = [data["size"] for _, data in messages]
        assert sizes == sorted(sizes)
        assert sizes[-1] <= size + 3


def test_a_viewer_who_left_is_forgotten(small):
    async def leave() -> int:
        stream = Stream(
            Console(small.depositary, AnySeat(small.depositary, small.keys), "http://localhost", frozenset())
        )
        stream.start()
        reading = stream.read()
        await anext(reading)
        assert len(stream._slots) == 1
        await reading.aclose()
        left = len(stream._slots)
        await stream.stop()
        return left

    assert in_its_own_thread(leave()) == 0
