"""The server is killed in the middle of a response: another desk continues its record, and the response ends as it
should, by every answer that a server had received in time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bench.last_moment import hastened, seed_of
from foedus.acts import Body
from foedus.compact.model import Compact, canonical, from_canonical
from foedus.depositary import Depositary
from foedus.founding import init_record
from foedus.parties import acts as p
from foedus.record.key_file import write_key
from foedus.record.keys import SeedKey, public_of
from foedus.response import acts as r
from foedus.settling import Settling
from foedus.signing import attach, sign, statement_for
from foedus.state import State
from tests.machines.processes import Foedus, ran
from tests.machines.replicated import until, unused_port

pytestmark = pytest.mark.slow
HOUR = 0.7  # seconds that an hour of the compact takes: a decision, 72 of them, ends while its successor gathers
PARTIES = ("UKR", "GBR", "POL", "DEU", "JPN")
WITNESSES = ("DEU", "JPN")


def compact() -> Compact:
    """The Kyiv text with short clocks, two witnesses, and a first successor after three seconds."""
    text = canonical(hastened(HOUR))
    for written, short in (
        (b'"at_least":3,"op":"witnessing"', b'"at_least":2,"op":"witnessing"'),
        (b'"after":"PT30S","late":"PT1M"', b'"after":"PT3S","late":"PT51S"'),
    ):
        assert text.count(written) == 1
        text = text.replace(written, short)
    return from_canonical(text)


class Record:
    """The record and its parties; acts go by HTTP to whoever serves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = folder / "primary"
        heads = {(party, "head"): public_of(seed_of(f"{party}/head")).hex() for party in PARTIES}
        depositary = init_record(
            self.address, compact(), heads, seed_of("depositary"), origin="test.example/killed", exercise=True
        )
        for name in ("depositary", *(f"{party}/head" for party in PARTIES), *(f"{w}/witness" for w in WITNESSES)):
            write_key(self.key(name), name, seed_of(name), None)
        self.seen = depositary
        self._begin()
        self.url = ""

    def key(self, name: str) -> Path:
        return self.folder / f"{name.replace('/', '-')}.key"

    def _begin(self) -> None:
        clauses = self.seen.clauses
        for party in PARTIES:
            tier = next((group for group in clauses.tiers if party in clauses.members(group)), None)
            self.seen.perform(self.signed(f"{party}/head", p.SignText(clauses.compact.id, clauses.digest, tier)))
        for seat in ("UKR/foreign", *(f"{w}/witness" for w in WITNESSES)):
            party, _, role = seat.partition("/")
            self.seen.perform(self.signed(f"{party}/head", p.EnrolSeat(party, role, public_of(seed_of(seat)).hex())))
        now = datetime.now(UTC)
        file, salt, content = attach(b"Invented.", "evidence")
        report = r.ReportIncident("armed_attack", "UA", now, evidence=(r.Evidence(file.digest, "duty", now, "radar"),))
        statement = statement_for(self.seen.state, "UKR/head", report, now, attachments=(file,))
        self.seen.perform(sign(statement, [SeedKey(seed_of("UKR/head"))], exercise=True), [(salt, content)])
        self.seen.close()
        self.looked_at(self.address)

    def looked_at(self, address: Path) -> None:
        """Read the state from here from now on."""
        self.seen = Depositary.open(address)

    @property
    def state(self) -> State:
        return self.seen.catch_up()

    def signed(self, seat: str, body: Body, *also: str) -> bytes:
        statement = statement_for(self.seen.state, seat, body, datetime.now(UTC))
        return sign(statement, [SeedKey(seed_of(name)) for name in (seat, *also)], exercise=True)

    def post(self, seat: str, body: Body, *also: str) -> httpx.Response:
        self.seen.catch_up()
        return httpx.post(f"{self.url}/api/acts", content=self.signed(seat, body, *also), timeout=30)

    def now(self) -> datetime:
        """The time that the server tells: an exercise has its own."""
        return datetime.fromisoformat(httpx.get(f"{self.url}/checkpoint", timeout=30).headers["foedus-time"])

    def joins(self, party: str) -> httpx.Response:
        text = self.seen.clauses.text_digest("P9.repair")
        return self.post(f"{party}/head", r.TakePosition("R-1/M-1", text, "joins"))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[ExitStack]:
    """What is pushed here ends with the test."""
    with ExitStack() as stack:
        yield stack


def held(folder: Path) -> int:
    """Entries of a desk's copy."""
    return _settled(folder)[0]


def settled(folder: Path) -> int:
    """How many of a record's entries are settled."""
    return _settled(folder)[1]


def _settled(folder: Path) -> tuple[int, int]:
    if not (folder / "record.db").exists():
        return 0, 0
    depositary = Depositary.open(folder)
    found = depositary.state.size, Settling(depositary).settled()
    depositary.store.close()
    return found


class Machines:
    """A server, two witnesses and three desks, each a process of its own; all know where a successor would answer."""

    def __init__(self, record: Record, stack: ExitStack) -> None:
        self.record, self._stack, folder = record, stack, record.folder
        self.port = unused_port()
        elsewhere = ("--or", f"http://127.0.0.1:{self.port}")
        self.primary = self._started(
            "primary", "serve", record.address, "--depositary-key", record.key("depositary"), "--port", "{port}",
            answers="api/healthz",
        )  # fmt: skip
        record.url = self.primary.url
        until(lambda: self.primary.answering)
        self.witnesses = [
            self._started(
                f"witness-{one}", "witness", record.url, "--key", record.key(f"{one}/witness"), "--dir",
                folder / f"witness-{one}", "--listen", "{port}", *elsewhere, answers="checkpoint",
            )
            for one in WITNESSES
        ]  # fmt: skip
        self.desks = {
            one: self._started(
                f"desk-{one}", "desk", record.url, "--key", record.key(f"{one}/head"), "--dir", self.copy(one),
                "--port", "{port}", *elsewhere, answers="api/healthz",
            )
            for one in ("POL", "GBR", "DEU")
        }  # fmt: skip
        until(lambda: all(one.answering for one in (*self.witnesses, *self.desks.values())), 120)

    def _started(self, name: str, *command: object, answers: str) -> Foedus:
        process = Foedus(self.record.folder, name, *command, answers=answers)
        self._stack.callback(process.end)
        return process

    def copy(self, party: str) -> Path:
        """Where a desk's copy lies."""
        return self.record.folder / f"desk-{party}"

    def answered_by_half(self) -> int:
        """The guarantees are activated, a measure is proposed, one party answers; all of it settled, at every desk."""
        record = self.record
        assert record.post("UKR/head", r.Activate("I-1"), "UKR/foreign").status_code == 201
        assert record.post("UKR/head", r.ProposeMeasure("R-1", menu="repair")).status_code == 201
        assert record.joins("POL").status_code == 201
        common = record.state.size
        until(lambda: settled(record.address) >= common)
        until(lambda: all(settled(self.copy(one)) > 0 and held(self.copy(one)) >= common for one in self.desks), 30)
        return common

    def killed_after_an_answer_to_one_desk(self) -> int:
        """One more answer reaches the server and Britain's desk alone; then the server dies. The answer's entry."""
        others = [*self.witnesses, self.desks["POL"], self.desks["DEU"]]
        for one in others:
            one.pause()
        answer = self.record.joins("GBR")
        assert answer.status_code == 201
        entry: int = answer.json()["entry"]
        until(lambda: held(self.copy("GBR")) > entry)
        self.primary.kill()
        for one in others:
            one.go_on()
        return entry

    def continued(self, new: Path) -> Foedus:
        """Poland's desk as the server, as soon as it is Poland's turn."""
        began = time.monotonic()
        while True:
            served = Foedus(
                self.record.folder, "successor", "serve", new, "--continue", self.copy("POL"), "--key",
                self.record.key("POL/head"), "--port", "{port}", port=self.port, answers="api/healthz",
            )  # fmt: skip
            while served.process.poll() is None:
                if (new / "record.db").exists() and served.answering:
                    self._stack.callback(served.end)
                    return served
                time.sleep(0.1)
            assert "may continue the record from" in served.said, served.said
            assert not new.exists(), "what was refused leaves nothing behind"
            assert time.monotonic() - began < 60
            time.sleep(0.2)


def test_a_killed_server_is_succeeded_by_a_desk(tmp_path: Path, running: ExitStack) -> None:
    record, new = Record(tmp_path), tmp_path / "successor"
    machines = Machines(record, running)
    common = machines.answered_by_half()
    unsettled = machines.killed_after_an_answer_to_one_desk()
    killed = time.monotonic()
    record.url = machines.continued(new).url
    assert time.monotonic() - killed < 120
    record.looked_at(new)
    assert common < record.state.size <= unsettled + 1, "the answer that reached one other desk alone is not continued"

    clock = record.state.response.responses["R-1"].clock("decide")
    assert clock is not None
    assert record.now() < clock.due, "the machine is too slow for what this test is about"
    in_time = record.joins("DEU")
    assert (in_time.status_code, "waits" in in_time.text) == (409, True)
    until(lambda: record.now() > clock.due, 90)
    assert record.joins("JPN").status_code == 409, "received, and too late"

    until(lambda: record.state.response.responses["R-1"].closed is not None, 90)
    decided = record.state.response.responses["R-1"].decided
    assert decided is not None
    assert decided.place.at == clock.due
    positions = record.state.response.measures["R-1/M-1"].positions
    assert {party for party, said in positions.items() if said[-1].stance == "joins"} == {"POL", "GBR", "DEU"}

    size = record.state.size
    until(lambda: all(held(machines.copy(one)) == size for one in machines.desks), 60)
    until(lambda: settled(new) == size, 60)
    old = Depositary.open(record.address)
    assert list(old.store.entries(0, common)) == list(record.seen.store.entries(0, common)), "nothing settled is lost"
    old.close()
    verified = ran(tmp_path, "verify", new, "--rules")
    assert verified.returncode == 0, verified.stderr
    back = ran(
        tmp_path, "serve", record.address, "--depositary-key", record.key("depositary"), "--port",
        machines.primary.port, "--witness", machines.witnesses[0].url,
    )  # fmt: skip
    assert (back.returncode, "was continued after" in back.stderr) == (3, True), back.stderr
