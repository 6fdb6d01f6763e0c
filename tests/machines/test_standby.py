"""A primary that dies while acts arrive: its standby is promoted, and nothing that was acknowledged is lost."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from bench.last_moment import seed_of
from foedus.errors import Conflict
from foedus.record.store import open_store
from tests.machines.posting import Parties, judge, last_due, patiently
from tests.machines.replicated import replicated, until
from tests.machines.serving import serving

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
HOUR = 0.2
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


def act_for(seconds: float, parties: Parties) -> None:
    """An attack, and what follows on it."""
    parties.attack()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        parties.look()


def test_a_standby_is_promoted_while_acts_arrive(tmp_path):
    with replicated() as (primary, standby):
        primary.execute("CREATE DATABASE record")
        hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
        address = f"postgresql://postgres@{hosts}/record?target_session_attrs=read-write"
        parties = Parties(address, HOUR)
        with serving(address, seed_of("depositary"), tmp_path) as (servers, relay):
            parties.url = relay.url
            before: list[int] = []

            def fail_over() -> None:
                before.append(len(parties.given))
                primary.kill()
                until(lambda: parties.again > 3)  # acts came to nothing meanwhile
                standby.promote()

            failing = threading.Timer(4, fail_over)
            failing.start()
            with parties.never_silent():
                for _ in range(4):
                    act_for(2, parties)
            failing.join()
            assert parties.again > 3
            while datetime.now(UTC) < last_due(parties):
                parties.look()
            size = patiently(parties.depositary.catch_up).size
            assert all(server.answers for server in servers), "a server did not find the other database by itself"
        assert 0 < before[0] < len(parties.given)
        assert judge(parties, address) > 30
        assert standby.execute("SELECT size FROM foedus.head", "record") >= [(size,)]
        parties.depositary.close()


def test_a_commit_for_which_nobody_waited_is_not_acknowledged():
    with replicated() as (primary, standby):
        store = open_store(primary.address(), create=True)
        standby.kill()
        with ThreadPoolExecutor(2) as threads:
            received = threads.submit(store.receive, b"an act")
            noted = threads.submit(store.save_checkpoint, 1, b"a note")
            until(lambda: len(primary.execute(WAITING)) == 2)
            primary.execute(f"SELECT pg_cancel_backend(pid) FROM ({WAITING}) AS waiting")
            for asked in (received, noted):
                with pytest.raises(Conflict, match="canceling wait"):
                    asked.result()
        store.close()
