"""Three processes of `foedus serve` on one database, behind any proxy, are one server to whoever looks and acts."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import httpx
import pytest

from bench.last_moment import seed_of
from foedus.parties.acts import EnrolSeat
from foedus.record.checkpoint import parse_checkpoint
from foedus.record.keys import public_of
from foedus.record.note import parse_note
from tests.machines.posting import Parties, judge, last_due
from tests.machines.replicated import until
from tests.machines.serving import Served, serving
from tests.stores import postgres_address

__all__ = ["postgres_address"]  # a fixture, here by its name
pytestmark = [pytest.mark.postgres, pytest.mark.slow]
HOUR = 0.1  # seconds that an hour of the compact takes: 72 of them are a decision


def size_at(server: Served) -> int:
    """How many entries the checkpoint that this process signs has."""
    answer = httpx.get(f"{server.url}/checkpoint", timeout=30)
    assert answer.status_code == 200, answer.text
    return parse_checkpoint(parse_note(answer.content).text).size


def told_of(server: Served, size: int, began: threading.Event) -> None:
    """Return when a page that this process serves is told of so many entries."""
    with httpx.stream("GET", f"{server.url}/events", timeout=30) as stream:
        for line in stream.iter_lines():
            began.set()
            if line.startswith("id: ") and int(line.removeprefix("id: ")) >= size:
                return


def test_one_record_is_served_while_one_of_three_is_killed(postgres_address, tmp_path):
    parties = Parties(postgres_address, HOUR)
    with serving(postgres_address, seed_of("depositary"), tmp_path) as (servers, relay):
        parties.url = relay.url
        for number in range(4):
            parties.attack()
            if number == 1:
                servers[0].kill()
            if number == 3:
                servers[0].start()
            ends = time.monotonic() + 2
            while time.monotonic() < ends:
                parties.look()
        while datetime.now(UTC) < last_due(parties):
            parties.look()
        size = parties.depositary.catch_up().size
        until(lambda: servers[0].answers)
        assert [size_at(server) for server in servers] == [size] * 3
    assert judge(parties, postgres_address) > 40
    assert len(parties.given) > 30
    parties.depositary.close()


def test_what_one_process_records_the_others_show_and_tell(postgres_address, tmp_path):
    parties = Parties(postgres_address, 100)
    with serving(postgres_address, seed_of("depositary"), tmp_path) as (servers, _):
        size, began = size_at(servers[1]), threading.Event()
        page = threading.Thread(target=told_of, args=(servers[1], size + 1, began))
        page.start()
        assert began.wait(30)
        id_, envelope = parties._signed("UKR/head", EnrolSeat("UKR", "duty", public_of(seed_of("UKR/duty")).hex()))
        answer = httpx.post(f"{servers[0].url}/api/acts", content=envelope, timeout=30)
        assert answer.json()["entry"] == size
        assert [size_at(server) for server in servers] == [size + 1] * 3
        for server in servers:
            again = httpx.post(f"{server.url}/api/acts", content=envelope, timeout=30)
            assert (again.status_code, again.json()["clause"]) == (403, "record/replay")
            assert id_ in httpx.get(f"{server.url}/api/entries/{size}", timeout=30).text
        page.join(30)
        assert not page.is_alive()
    parties.depositary.close()
