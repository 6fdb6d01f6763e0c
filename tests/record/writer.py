"""What tests of faults run in a process of its own, to be killed: `python writer.py ADDRESS HOW [NUMBER]`.

It says each step on its standard output when the store has said that it is done.

    dies NUMBER     goes through the steps of a small record and kills itself before statement NUMBER
    holds           begins a Write and waits
    races           appends an entry at a time, saying the number of each
"""

import os
import signal
import sqlite3
import sys
import time
from functools import partial

import psycopg

from foedus.record.record import Record
from foedus.record.store import open_store

ORIGIN = "record.example/faults"
FILLED = 254  # two more complete a tile, so that a tree node is written
BLOB = "a" * 64
countdown = 0


def entry(number):
    return f"entry {number}".encode()


def tick():
    global countdown  # noqa: PLW0603 - one number, counted down by every connection
    countdown -= 1
    if countdown == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def dying(kind):
    """A connection that ends the process before the statement that was chosen."""

    def execute(self, *arguments, **options):
        tick()
        return kind.execute(self, *arguments, **options)

    def executescript(self, *arguments):
        tick()
        return kind.executescript(self, *arguments)

    return type("Dying", (kind,), {"execute": execute, "executescript": executescript})


def say(step):
    print(step, flush=True)


def dies(address, number):
    global countdown  # noqa: PLW0603 - the same
    countdown = number
    vars(sqlite3)["connect"] = partial(sqlite3.connect, factory=dying(sqlite3.Connection))
    vars(psycopg)["connect"] = dying(psycopg.Connection).connect
    store = open_store(address, create=True)
    record = Record(store, ORIGIN)
    first = store.receive(b"first")
    say("received")
    with store.write() as write:
        second = write.receive(b"second")
        for received in write.open():
            write.settle(received.id, received.envelope)
        write.put_blob(BLOB, b"annex")
        record.append(write, write.at, [entry(FILLED + each) for each in range(3)])
    say("written")
    assert store.outcome(second.id) == b"second"
    store.receive(b"third")
    say("received again")
    store.save_checkpoint(record.size, b"note")
    say("signed")
    store.erase_blob(BLOB)
    say("erased")
    assert first.id != second.id
    store.close()
    say("closed")


def holds(address):
    with open_store(address).write() as write:
        write.receive(b"never")
        say("holding")
        time.sleep(600)


def races(address):
    store = open_store(address, create=True)
    record = Record(store, ORIGIN)
    while True:
        with store.write(timeout=60) as write:
            received = write.receive(str(write.size).encode())
            number = record.append(write, write.at, [entry(write.size)])
            write.settle(received.id, str(number).encode())
        say(number)


if __name__ == "__main__":
    address, how, *number = sys.argv[1:]
    if how == "dies":
        dies(address, int(*number))
    elif how == "holds":
        holds(address)
    else:
        races(address)
