"""A primary that dies while acts arrive: its standby is promoted, and nothing that was acknowledged is lost."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bench.last_moment import seed_of
from tests.machines.posting import Parties, judge, last_due, patiently
from tests.machines.replicated import replicated
from tests.machines.serving import serving

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
HOUR = 0.2


def test_a_standby_is_promoted_while_acts_arrive(tmp_path):
    with replicated() as (primary, standby):
        primary.execute("CREATE DATABASE record")
        hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
        address = f"postgresql://postgres@{hosts}/record?target_session_attrs=read-write"
        parties = Parties(address, HOUR)
        with serving(address, seed_of("depositary"), tmp_path) as (servers, relay):
            parties.url = relay.url
            for number in range(4):
                parties.attack()
                ends = time.monotonic() + 2
                while time.monotonic() < ends:
                    parties.look()
                if number == 1:
                    before = len(parties.given)
                    primary.kill()
                    standby.promote()
            while datetime.now(UTC) < last_due(parties):
                parties.look()
            size = patiently(parties.depositary.catch_up).size
            assert all(server.answers for server in servers), "a server did not find the other database by itself"
        assert before
        assert len(parties.given) > before
        assert judge(parties, address) > 40
        assert standby.execute("SELECT size FROM foedus.head", "record") >= [(size,)]
        parties.depositary.close()
