"""What tests of the depositary run in a process of its own, to be killed.

    python performer.py dies        for each line `ADDRESS NUMBER`: in a fork, goes through a day of work on that
                                    record, ending before statement NUMBER; then says the steps that were done
    python performer.py clock ADDRESS       runs the depositary's clock until it is killed

The record is `mare-2030`, activated; keys and ids are those of tests/plays.py.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from foedus import clock
from foedus.depositary import Depositary
from foedus.response import acts
from tests.plays import HOUR, Play, seed_of, staged

countdown = 0


def tick() -> None:
    global countdown  # noqa: PLW0603 - one number, counted down by every connection
    countdown -= 1
    if countdown == 0:
        os._exit(9)


def dying(kind: type) -> Any:
    """A connection that ends the process before the statement that was chosen."""

    def execute(self: Any, *arguments: Any, **options: Any) -> Any:
        tick()
        return kind.execute(self, *arguments, **options)  # type: ignore[attr-defined]  # either kind of connection

    def executescript(self: Any, *arguments: Any) -> Any:
        tick()
        return kind.executescript(self, *arguments)  # type: ignore[attr-defined]  # only SQLite's has it

    def executemany(self: Any, sql: str, rows: Any) -> None:
        for row in rows:  # also between two rows
            self.execute(sql, row)

    methods: dict[str, Any] = {"execute": execute, "executescript": executescript, "executemany": executemany}
    return type("Dying", (kind,), methods)


def day_of_work(play: Play) -> None:
    """Acts one by one, with a file, waiting in the inbox, many at once, what falls due, a checkpoint."""
    play.at += HOUR
    play.do("XOR/watch", acts.Acknowledge("R-1"))
    say("acknowledged")
    file = play.attach(b"a radar plot")
    evidence = acts.Evidence(file[0].digest, "watch", play.at, "radar")
    play.do("XTA/watch", acts.AddEvidence("I-1", (evidence,)), files=[file])
    say("evidence")
    waiting = play.envelope(play.statement("XCO/watch", acts.Acknowledge("R-1")))
    play.depositary.store.receive(waiting)
    say("received")
    seats = [f"{party}/envoy" for party in ("XOR", "XTA", "XBR", "XLI")]
    envelopes = [play.envelope(play.statement(seat, acts.RecordPresence("R-1"))) for seat in seats]
    play.depositary.perform_all([*envelopes, envelopes[0]])
    say("present")
    play.at += 30 * HOUR
    play.depositary.tick()
    say("lapsed")
    play.do("XOR/envoy", acts.ProposeMeasure("R-1", menu="harbour"))
    say("proposed")
    play.depositary.checkpoint()
    say("signed")
    play.close()
    say("closed")


def say(step: str) -> None:
    print(step, end=" ", flush=True)


def dies() -> None:
    """A fork for each line: importing takes longer than dying."""
    global countdown
    with TemporaryDirectory() as folder:
        before = staged("mare-2030", "activated", Path(folder) / "record")
        before.close()
    for line in sys.stdin:
        address, number = line.split()
        child = os.fork()
        if not child:
            play = Play(address, before.at)
            play.seeds, play.counter, countdown = before.seeds, before.counter, int(number)
            vars(sqlite3)["connect"] = partial(sqlite3.connect, factory=dying(sqlite3.Connection))
            vars(psycopg)["connect"] = dying(psycopg.Connection).connect
            play.open()
            day_of_work(play)
            os._exit(0)
        say(f"status {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")


def keeps_time(address: str) -> None:
    depositary = Depositary.open(address, seed=seed_of("depositary"))
    say("running\n")
    clock.run(depositary, threading.Event())


if __name__ == "__main__":
    if sys.argv[1] == "dies":
        dies()
    else:
        keeps_time(sys.argv[2])
