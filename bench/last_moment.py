"""Parties that answer at the last moment: the acts of bench/deadlines.py, under a Kyiv text whose hours are short."""

from __future__ import annotations

import hashlib
import heapq
import math
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from foedus.acts import Attachment, Body
from foedus.compact.loader import load
from foedus.compact.model import Compact, Measure, canonical, from_canonical
from foedus.errors import Refused
from foedus.founding import init_record
from foedus.parties import acts as p
from foedus.record.keys import SeedKey, public_of
from foedus.response import acts as r
from foedus.response.state import Response
from foedus.signing import attach, sign, statement_for

PARTIES = ("UKR", "GBR", "POL", "DEU", "JPN", "EUE")
ROOM = timedelta(milliseconds=400)  # acts arrive up to so long before and after a deadline
NEAR = timedelta(milliseconds=20)
WAY = timedelta(milliseconds=15)  # what signing and sending take on a machine that has other things to do


def seed_of(name: str) -> bytes:
    """The private key of that name."""
    return hashlib.sha256(f"bench deadlines {name}".encode()).digest()


def hastened(hour: float) -> Compact:
    """The Kyiv text for a few parties, every clock of hours that much shorter."""
    whole = load("kyiv-2022")
    few = replace(
        whole,
        parties=tuple(party for party in whole.parties if party.id in PARTIES),
        agreements=tuple(one for one in whole.agreements if {item.party for item in one.parties} <= set(PARTIES)),
    )
    seconds = re.sub(rb'"PT(\d+)H"', lambda m: b'"PT%dS"' % math.ceil(int(m[1]) * hour), canonical(few))
    return from_canonical(seconds)


class Sent(NamedTuple):
    """An act, what it had to be in time for, and where it went: a receipt's number and time, or straight in."""

    id: str
    body: Body
    party: str
    deadline: str
    due_at: datetime
    number: int | None
    at: datetime | None
    refused: str


class Sender:
    """The parties: they sign, report, activate when a report is recorded, and answer around each deadline."""

    def __init__(self, address: str, hour: float) -> None:
        compact = hastened(hour)
        heads = {(party, "head"): public_of(seed_of(f"{party}/head")).hex() for party in PARTIES}
        self.depositary = init_record(
            address, compact, heads, seed_of("depositary"), origin="bench.example/deadlines", exercise=True
        )
        self.sent: list[Sent] = []
        self.chance = random.Random(11)
        self._planned: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = self._activated = self._proposed = self._joined = 0
        self._begin()

    def _signed(self, seat: str, body: Body, *also: str, files: tuple[Attachment, ...] = ()) -> tuple[str, bytes]:
        statement = statement_for(self.depositary.state, seat, body, datetime.now(UTC), attachments=files)
        return statement.id, sign(statement, [SeedKey(seed_of(name)) for name in (seat, *also)], exercise=True)

    def _do(self, seat: str, body: Body) -> None:
        self.depositary.perform(self._signed(seat, body)[1])

    def _leave(self, seat: str, body: Body, *also: str, files: tuple[Attachment, ...] = ()) -> None:
        """Leave the act in the inbox."""
        self.depositary.store.receive(self._signed(seat, body, *also, files=files)[1])

    def _begin(self) -> None:
        clauses = self.depositary.clauses
        for party in PARTIES:
            tier = next((group for group in clauses.tiers if party in clauses.members(group)), None)
            self._do(f"{party}/head", p.SignText(clauses.compact.id, clauses.digest, tier))
        self._do("UKR/head", p.EnrolSeat("UKR", "foreign", public_of(seed_of("UKR/foreign")).hex()))
        for _, measure in clauses.every(Measure):
            for party in PARTIES[1:]:
                bears = any(party in clauses.members(group) for group in measure.bearers)
                if measure.mode == "immediate" and bears and self.chance.random() < 0.4:
                    self._do(f"{party}/head", p.AgreeInAdvance(measure.id))

    def attack(self) -> None:
        """An attack is reported, with evidence."""
        now = datetime.now(UTC)
        file, salt, content = attach(b"Invented for the bench.", "evidence")
        self.depositary.store.put_blob(file.digest, salt + content)
        evidence = (r.Evidence(file.digest, "duty", now, "radar"),)
        self._leave("UKR/head", r.ReportIncident("armed_attack", "UA", now, evidence=evidence), files=(file,))

    def follow(self) -> int:
        """Answer what is new in the record. How many deadlines that opened."""
        state, opened = self.depositary.catch_up().response, 0
        while self._activated < len(state.incidents):
            self._activated += 1
            self._leave("UKR/head", r.Activate(f"I-{self._activated}"), "UKR/foreign")
        while self._proposed < len(state.responses):
            self._proposed += 1
            response = state.responses[f"R-{self._proposed}"]
            self._leave("UKR/head", r.ProposeMeasure(response.id, menu="repair"))
            self._answer(response)
            clauses = sum(clause.due_at is not None for clause in response.clauses)
            opened += len(response.clocks) + len(response.owed) + clauses
        while self._joined < len(state.measures):
            self._joined += 1
            self._decide(state.responses[f"R-{self._joined}"])
            opened += 1
        return opened

    def _answer(self, response: Response) -> None:
        for step, answer in (("acknowledge", r.Acknowledge), ("convene", r.RecordPresence)):
            found = response.clock(step)
            assert found is not None
            for party in self._some(response.roll, 3 if step == "acknowledge" else 2):
                self._near(f"{response.id}/step/{step}", found.due, party, answer(response.id))
        for owed in response.owed:
            for party in self._some(owed.parties, 2):
                deadline = f"{response.id}/owed/{owed.measure}"
                self._near(deadline, owed.due_at, party, r.ReportPerformance(response.id, owed.measure))

    def _decide(self, response: Response) -> None:
        found = response.clock("decide")
        assert found is not None
        measure, text = f"{response.id}/M-1", self.depositary.clauses.text_digest("P9.repair")
        joined, *others = self._some(response.roll, 4)
        for party in others:
            self._near(f"{response.id}/step/decide", found.due, party, r.TakePosition(measure, text, "joins"))
        by = datetime.now(UTC) + (found.due - datetime.now(UTC)) * self.chance.uniform(0.2, 0.9)
        self._leave(f"{joined}/head", r.TakePosition(measure, text, "joins_ad_referendum", confirm_by=by))
        self._near(f"{measure}/confirm/{joined}", by, joined, r.ConfirmPosition(measure))

    def _some(self, parties: tuple[str, ...], most: int) -> list[str]:
        return self.chance.sample(parties, min(most, len(parties)))

    def _near(self, deadline: str, due_at: datetime, party: str, body: Body) -> None:
        self._count += 1
        room = NEAR if self._count % 2 else ROOM
        at = due_at + room * self.chance.uniform(-1.5, 0.7) - WAY
        inbox = self.chance.random() < 0.9
        heapq.heappush(self._planned, (at, self._count, lambda: self._send(deadline, due_at, party, body, inbox)))

    def _send(self, deadline: str, due_at: datetime, party: str, body: Body, inbox: bool) -> None:
        id_, envelope = self._signed(f"{party}/head", body)
        number, at, refused = None, None, ""
        if inbox:
            received = self.depositary.store.receive(envelope)
            number, at = received.id, received.at
        else:
            try:
                at = self.depositary.perform(envelope).at
            except Refused as refusal:
                refused = refusal.because
        self.sent.append(Sent(id_, body, party, deadline, due_at, number, at, refused))

    def send_due(self) -> float:
        """Send what is planned by now; how many seconds until the next."""
        while self._planned and self._planned[0][0] <= datetime.now(UTC):
            heapq.heappop(self._planned)[2]()
        return (self._planned[0][0] - datetime.now(UTC)).total_seconds() if self._planned else math.inf
