"""Ten thousand deadlines while the processes that keep them are killed, with acts arriving at the last moment.

    python -m bench.deadlines [--quick] [postgresql://…]        a folder here (SQLite), or an empty database

Three processes run the depositary's clock on one record and are ended by kill -9 in turn, 200 times at least. The
compact is the Kyiv text for six parties, an hour made a second: each response opens about twenty deadlines. Acts come
from a fourth process on both sides of each deadline; it leaves nine of ten in the inbox for whoever lives, and performs
the tenth itself. Afterwards the record alone says what became of every deadline and of every act; it is verified and
every event recomputed.
"""

from __future__ import annotations

import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench.append import floor, rate
from bench.last_moment import NEAR, Sender, Sent, seed_of
from foedus import clock
from foedus.acts import decode_entry, decode_statement
from foedus.depositary import Depositary
from foedus.errors import Conflict
from foedus.response import acts as r
from foedus.response.state import split_deadline
from foedus.state import State, add
from foedus.verify import verify_record

WORKERS = 3


class Size(NamedTuple):
    """`hour`: seconds that an hour of the compact takes."""

    deadlines: int
    kills: int
    hour: float
    seconds: float


FULL, QUICK = Size(10_000, 200, 1.0, 200), Size(500, 20, 0.25, 20)


# --- the processes that keep the clock, and their end -------------------------------------------------------


def nursery(address: str) -> None:
    """Fork a clock for every line that is read, and say its number: to fork is quicker than to import."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            keep_time(address)
        print(child, flush=True)


def keep_time(address: str) -> None:
    """Run the clock until killed; a store that cannot be opened now is opened later."""
    while True:
        try:
            clock.run(Depositary.open(address, seed=seed_of("depositary")), threading.Event())
        except Conflict:
            time.sleep(0.05)


class Clocks:
    """The living processes. `kills` so far."""

    def __init__(self, address: str) -> None:
        command = [sys.executable, "-m", "bench.deadlines", "--nursery", address]
        self._nursery = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._chance = random.Random(5)
        self.kills = 0
        self.living = [self._start() for _ in range(WORKERS)]

    def _start(self) -> int:
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write("start\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def kill_one(self) -> None:
        """Kill -9, and start another."""
        place = self._chance.randrange(len(self.living))
        os.kill(self.living[place], signal.SIGKILL)
        self.living[place] = self._start()
        self.kills += 1

    def end(self) -> None:
        """Kill all."""
        for process in self.living:
            os.kill(process, signal.SIGKILL)
        self._nursery.communicate()


# --- what the record says afterwards ------------------------------------------------------------------------


class Found(NamedTuple):
    """Every deadline that was opened, the lapses recorded, and how late each was, in seconds."""

    opened: dict[str, datetime]
    lapses: Counter[str]
    early: list[str]
    delays: list[float]
    entered: dict[str, datetime]
    state: State


def read_back(depositary: Depositary) -> Found:
    """The record from its entries alone."""
    opened: dict[str, datetime] = {}
    lapses: Counter[str] = Counter()
    early, delays, entered, state = [], [], {}, State()
    for data in depositary.store.entries(0):
        entry = decode_entry(data)
        statement = decode_statement(entry.act.payload)
        entered[statement.id] = entry.at
        state = add(state, entry, statement.id)
        for event in entry.events:
            if isinstance(event, r.ClockStarted):
                opened[f"{event.response}/step/{event.step}"] = event.due_at
            elif isinstance(event, r.MeasureOwed):
                opened[f"{event.response}/owed/{event.measure}"] = event.due_at
            elif isinstance(event, r.ClauseOpened) and event.due_at:
                opened[f"{event.response}/clause/{event.agreement}"] = event.due_at
            elif isinstance(event, r.PositionTaken) and event.confirm_by:
                opened[f"{event.measure}/confirm/{event.party}"] = event.confirm_by
        if isinstance(statement.body, r.RecordLapse):
            name = statement.body.deadline
            lapses[name] += 1
            if entry.at < opened[name] or entry.true_at != opened[name]:
                early.append(name)
            delays.append((entry.at - opened[name]).total_seconds())
    return Found(opened, lapses, early, delays, entered, state)


def met_in_time(state: State, deadline: str, due_at: datetime) -> bool:
    """Whether what the deadline asked for was done before it."""
    subject, kind, what = split_deadline(deadline)
    places = []
    if kind == "confirm":
        position = state.response.measures[subject].position(what)
        places = [position.confirmed if position else None]
    elif kind == "owed":
        owed = next(one for one in state.response.responses[subject].owed if one.measure == what)
        places = [owed.performed.get(party) for party in owed.parties]
    elif kind == "clause":
        places = [next(one.met for one in state.response.responses[subject].clauses if one.agreement == what)]
    else:
        step = state.response.responses[subject].clock(what)
        places = [step.met if step else None]
    return all(place is not None and place.at < due_at for place in places)


def wronged(found: Found, sent: Sent, outcome: bytes | None) -> str:
    """Why an act was not treated as its time of receipt demands; empty when it was."""
    told = msgspec.json.decode(outcome) if outcome else {}
    at = found.entered.get(sent.id)
    refused = sent.refused or told.get("because", "")
    if at is None and not refused:
        return "neither entered nor refused"
    if at is not None and sent.at is not None and at != sent.at:
        return f"received at {sent.at}, entered as of {at}"
    closes = isinstance(sent.body, r.TakePosition | r.ConfirmPosition)
    if at is None:
        received = sent.at or sent.due_at
        return "" if closes and received >= sent.due_at else f"refused though in time: {refused}"
    if closes:
        return "" if at < sent.due_at else "entered though late"
    return "" if counted(found.state, sent) == (at < sent.due_at) else "counted on the wrong side of the deadline"


def counted(state: State, sent: Sent) -> bool:
    """Whether what lapsed does not name the party: its act counted as in time."""
    subject, kind, what = split_deadline(sent.deadline)
    response = state.response.responses[subject]
    if kind == "owed":
        owed = next(one for one in response.owed if one.measure == what)
        done = owed.performed.get(sent.party)
        return done is not None and (owed.lapsed is None or done.entry < owed.lapsed.entry)
    step = response.clock(what)
    assert step is not None
    if what == "acknowledge":
        done = response.acknowledged.get(sent.party)
    else:
        presence = response.present.get(sent.party)
        done = presence.place if presence else None
    ended = step.lapsed or step.met
    assert done is not None
    return (ended is None or done.entry <= ended.entry) if step.met is None else done.at < sent.due_at


def main() -> None:
    """Run it and print the table; exit 1 when anything was lost, doubled, early or wronged."""
    given = [one for one in sys.argv[1:] if not one.startswith("--")]
    if "--nursery" in sys.argv:
        nursery(given[0])
        return
    size = QUICK if "--quick" in sys.argv else FULL
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=".") as name:
        with floor(Path(name)) as once:
            synced = rate(200, once)
        address = given[0] if given else str(Path(name) / "record")
        sys.exit(judged(address, size, synced))


def run(address: str, size: Size) -> tuple[Sender, Clocks]:
    """Attacks at an even pace, kills at another, until all deadlines are over."""
    sender = Sender(address, size.hour)
    clocks = Clocks(address)
    begun = time.monotonic()
    opened, killed_at, attacked_at = 0, begun, begun
    apart, lasting = size.seconds / (size.deadlines / 19), math.ceil(72 * size.hour) + 4
    ends = math.inf
    while (now := time.monotonic()) < ends or clocks.kills < size.kills:
        if now >= attacked_at and opened < size.deadlines:
            sender.attack()
            attacked_at = max(attacked_at + apart, now - 2 * apart)
            ends = time.monotonic() + lasting
        opened += sender.follow()
        if now >= killed_at:
            clocks.kill_one()
            killed_at += (size.seconds + lasting) / (size.kills + 10)
            say(f"{now - begun:4.0f} s: {opened:,} deadlines opened, {clocks.kills} kills, {len(sender.sent):,} acts")
        time.sleep(max(0.0, min(sender.send_due(), 0.005)))
    clocks.end()
    say("\n")
    return sender, clocks


def say(what: str) -> None:
    print(f"\r{what}", end="", file=sys.stderr, flush=True)


def judged(address: str, size: Size, synced: float) -> int:
    """Run, read the record back, print what was found."""
    sender, clocks = run(address, size)
    depositary = sender.depositary
    depositary.tick()
    found = read_back(depositary)
    over = {name: due_at for name, due_at in found.opened.items() if found.state.at and due_at <= found.state.at}
    met = {name for name, due_at in over.items() if met_in_time(found.state, name, due_at)}
    lost = [name for name in over if not found.lapses[name] and name not in met]
    doubled = [name for name, times in found.lapses.items() if times > 1 or name in met]
    wrong = [
        why
        for sent in sender.sent
        if (why := wronged(found, sent, depositary.store.outcome(sent.number) if sent.number is not None else None))
    ]
    near = sum(abs(sent.at - sent.due_at) < NEAR for sent in sender.sent if sent.at)
    in_time = sum(sent.at < sent.due_at for sent in sender.sent if sent.at)
    delays = sorted(found.delays)
    print(f"{'floor: 4 KiB and fdatasync':44} {synced:10,.0f} /s")
    print(f"{'kill -9 of one of three processes':44} {clocks.kills:10,}")
    print(f"{'deadlines opened and over':44} {len(over):10,}   of {len(found.opened):,}")
    print(f"{'  met in time / lapsed':44} {len(met):10,}   / {sum(found.lapses.values()):,}")
    print(f"{'  lost':44} {len(lost):10,}")
    print(f"{'  recorded twice, or though met':44} {len(doubled):10,}")
    print(f"{'  recorded early':44} {len(found.early):10,}")
    print(f"{'acts sent around them':44} {len(sender.sent):10,}   {in_time:,} in time, {near:,} within 20 ms")
    print(f"{'  judged otherwise than by time of receipt':44} {len(wrong):10,}   {'; '.join(sorted(set(wrong))[:3])}")
    print(f"{'a lapse was recorded after':44} {delays[len(delays) // 2] * 1000:10,.0f} ms  99%:"
          f" {delays[len(delays) * 99 // 100] * 1000:,.0f} ms, longest {delays[-1] * 1000:,.0f} ms")  # fmt: skip
    depositary.close()
    report = verify_record(address, rules=True)
    print(f"{'entries verified, every event recomputed':44} {report.size:10,}")
    enough = clocks.kills >= size.kills and len(over) >= size.deadlines
    return 0 if enough and not (lost or doubled or found.early or wrong) else 1


if __name__ == "__main__":
    main()
