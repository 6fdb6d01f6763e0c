"""Parties that answer at the last moment, and post each act to any server until they know what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeVar

import httpx

from bench.deadlines import met_in_time, read_back
from bench.last_moment import Sender, Sent
from foedus.acts import Attachment, Body, decode_entry, decode_statement
from foedus.errors import Conflict
from foedus.record.checkpoint import parse_checkpoint
from foedus.record.note import parse_note
from foedus.verify import verify_record

T = TypeVar("T")
PATIENCE = 90  # seconds for an act, or a look at the record, while servers are away


class Given(NamedTuple):
    """A receipt: the act, and the entry that a server said it became."""

    act: str
    entry: int


class Parties(Sender):
    """As in bench/deadlines.py, over HTTP. `given`: every receipt. `notes`: every checkpoint that was shown."""

    def __init__(self, address: str, hour: float) -> None:
        super().__init__(address, hour)
        self.url = ""
        self.given: list[Given] = []
        self.notes: list[bytes] = []
        self.again = self.known_already = 0

    def attack(self) -> None:
        patiently(super().attack)

    def look(self) -> None:
        """Answer what is new in the record, look at its checkpoint, send what is due."""
        patiently(self.follow)
        with httpx.Client(timeout=5) as client:
            try:
                shown = client.get(f"{self.url}/checkpoint")
            except httpx.TransportError:
                return
            if shown.status_code == 200:
                self.notes.append(shown.content)
        self.send_due()

    def _leave(self, seat: str, body: Body, *also: str, files: tuple[Attachment, ...] = ()) -> None:
        self._post(*self._signed(seat, body, *also, files=files))

    def _send(self, deadline: str, due_at: datetime, party: str, body: Body, inbox: bool) -> None:
        id_, envelope = self._signed(f"{party}/head", body)
        refused = self._post(id_, envelope)
        self.sent.append(Sent(id_, body, party, deadline, due_at, None, None, refused))

    def _post(self, id_: str, envelope: bytes) -> str:
        """Why it was refused; empty when it was recorded."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = httpx.post(f"{self.url}/api/acts", content=envelope, timeout=30)
            except httpx.TransportError:  # a server was killed: what became of the act is not known
                self.again += 1
                time.sleep(0.05)
                continue
            said = answer.json()
            if answer.status_code == 201:
                assert said["act_id"] == id_
                self.given.append(Given(id_, said["entry"]))
                return ""
            if answer.status_code == 403:
                if said.get("clause") == "record/replay":  # an earlier try was recorded
                    self.known_already += 1
                    return ""
                return str(said["because"])
            assert answer.status_code in (409, 429, 500, 503), answer.text
            self.again += 1
            time.sleep(0.2)
        raise AssertionError(f"nobody took act {id_}")


def patiently(work: Callable[[], T]) -> T:
    """Do it, again while the store is away."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except Conflict:
            assert time.monotonic() < deadline, "the store never came back"
            time.sleep(0.1)


def judge(parties: Parties, address: str) -> int:
    """All that must be so afterwards; how many deadlines were over."""
    depositary = parties.depositary
    patiently(depositary.tick)
    entries = [decode_statement(decode_entry(data).act.payload).id for data in depositary.store.entries(0)]
    for given in parties.given:
        assert entries[given.entry] == given.act, "a receipt was given and the record says otherwise"
    assert len(set(entries)) == len(entries)
    recorded = {sent.id for sent in parties.sent if not sent.refused}
    assert recorded <= set(entries)
    found = read_back(depositary)
    over = {name: due_at for name, due_at in found.opened.items() if found.state.at and due_at <= found.state.at}
    met = {name for name, due_at in over.items() if met_in_time(found.state, name, due_at)}
    assert not [name for name in over if not found.lapses[name] and name not in met], "a deadline was lost"
    assert not [name for name, times in found.lapses.items() if times > 1 or name in met], "a deadline came twice"
    assert not found.early
    for note in parties.notes:
        stated = parse_checkpoint(parse_note(note).text)
        assert depositary.record.root(stated.size) == stated.root, "a checkpoint contradicts the record"
    assert verify_record(address, rules=True).size == len(entries)
    return len(over)


def last_due(parties: Parties) -> datetime:
    """When everything that is open now will be over."""
    return max(read_back(parties.depositary).opened.values())
