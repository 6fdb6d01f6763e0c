"""Who was reached how: the one thing that alerts keep, in a SQLite file of its own beside its lock.

Delivery is at least once: a send is written down when it was done, so that a crash repeats it and never loses it, and
whoever gets it twice folds it by its id. What a person confirmed is on disk before they are told so. Nothing here says
what is told: that follows from the record.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from foedus.errors import Malformed, Refused

_SCHEMA = """
create table if not exists cursor (one integer primary key check (one = 1), entry integer not null, at real not null);
create table if not exists delivery (
    message text not null, person text not null, channel text not null, round integer not null, code text not null,
    due real not null, state text not null default 'waiting', attempts integer not null default 0,
    provider text not null default '', problem text not null default '', at real,
    primary key (message, person, channel, round)) without rowid;
create index if not exists delivery_due on delivery (state, due);
create index if not exists delivery_code on delivery (code);
create table if not exists confirmation (
    message text not null, person text not null, channel text not null, at real not null,
    primary key (message, person, channel)) without rowid;
create table if not exists guess (person text not null, at real not null);
"""


class Delivery(NamedTuple):
    """One way to one person for one message. `round`: the how manieth time. `state`: waiting, sent, stopped, expired,
    failed. `problem`: what kept the last attempt from success.
    """

    message: str
    person: str
    channel: str
    round: int
    code: str
    due: float
    state: str = "waiting"
    attempts: int = 0
    provider: str = ""
    problem: str = ""
    at: float | None = None


class Deliveries:
    """The file. Any number may read and confirm; one process delivers, and holds its lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # codes lie in it; what stands beside it follows
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = full")
            self._db.executescript(_SCHEMA)
        except (sqlite3.Error, OSError) as problem:
            raise Malformed("{path}: no file of deliveries: {problem}", path=path, problem=problem) from None
        self._lock: int | None = None

    def hold(self, *, wait: bool = False) -> None:
        """Be the one that delivers. Raises Refused when another process is; with `wait`, waits until it ends."""
        handle = os.open(self.path.with_name(self.path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise Refused(
                "alerts/one",
                "another process delivers from {path}: nothing was sent. End it first, or start with --wait to take"
                " over when it ends",
                path=self.path,
            ) from None
        self._lock = handle

    def close(self) -> None:
        """Let go of file and lock."""
        self._db.close()
        if self._lock is not None:
            os.close(self._lock)

    # --- what is planned ----------------------------------------------------------------------------------

    def cursor(self) -> tuple[int | None, float]:
        """How many entries were looked at, None before the first time, and the latest time this file has seen."""
        row = self._db.execute("select entry, at from cursor").fetchone()
        return (int(row[0]), float(row[1])) if row else (None, 0.0)

    def plan(self, entry: int, at: float, planned: Iterable[Delivery]) -> None:
        """What an entry calls for, and that it was looked at: both or neither."""
        self._db.execute("begin immediate")
        try:
            self._db.executemany(
                "insert or ignore into delivery (message, person, channel, round, code, due) values (?,?,?,?,?,?)",
                [each[:6] for each in planned],
            )
            self._db.execute("insert or replace into cursor values (1, ?, ?)", (entry, at))
            self._db.execute("commit")
        except BaseException:
            self._db.execute("rollback")
            raise

    def due(self, now: float, most: int) -> list[Delivery]:
        """What waits and is due: first attempts before repeated ones, the earliest first."""
        found = self._db.execute(
            "select * from delivery where state = 'waiting' and due <= ? order by attempts, due limit ?", (now, most)
        )
        return [Delivery(*row) for row in found]

    def next_due(self) -> float | None:
        """When something is due next."""
        found: float | None = self._db.execute("select min(due) from delivery where state = 'waiting'").fetchone()[0]
        return found

    def waiting(self) -> list[tuple[str, str]]:
        """Message and person of all that waits."""
        return self._db.execute("select distinct message, person from delivery where state = 'waiting'").fetchall()

    def reached(self, messages: Iterable[str] | None, at: float) -> list[tuple[str, str]]:
        """Person and channel over which any of these messages was sent or tried; None: anything at all.

        What is due at `at` and waits counts too: it may be on its way, or a process that was killed may have sent it.
        """
        tried = "(attempts > 0 or (state = 'waiting' and due <= ?))"
        if messages is None:
            return self._db.execute(f"select distinct person, channel from delivery where {tried}", (at,)).fetchall()  # noqa: S608  # of one literal
        found: dict[tuple[str, str], None] = {}
        for message in messages:
            rows = self._db.execute(
                f"select person, channel from delivery where {tried} and message = ? order by round",  # noqa: S608  # of one literal
                (at, message),
            )
            found.update(dict.fromkeys(rows))
        return list(found)

    # --- what became of it --------------------------------------------------------------------------------

    def record(self, done: Sequence[Delivery]) -> None:
        """What became of attempts, in one transaction. One that was stopped meanwhile and went out is sent."""
        self._db.execute("begin immediate")
        self._db.executemany(
            "update delivery set state = ?, due = ?, attempts = ?, provider = ?, problem = ?, at = ?"
            " where message = ? and person = ? and channel = ? and round = ? and (state = 'waiting' or ? = 'sent')",
            [
                (
                    d.state,
                    d.due,
                    d.attempts,
                    d.provider,
                    d.problem,
                    d.at,
                    d.message,
                    d.person,
                    d.channel,
                    d.round,
                    d.state,
                )
                for d in done
            ],
        )
        latest = max((d.at for d in done if d.at is not None), default=0.0)
        self._db.execute("update cursor set at = max(at, ?)", (latest,))
        self._db.execute("commit")

    def end(self, message: str, state: str, person: str | None = None) -> int:
        """What still waits of a message, of one person if named, is stopped or has expired; how many that were."""
        also, named = (" and person = ?", (person,)) if person is not None else ("", ())
        changed = self._db.execute(
            f"update delivery set state = ? where message = ? and state = 'waiting'{also}",  # noqa: S608  # of two literals
            (state, message, *named),
        )
        return changed.rowcount

    def stop_all(self) -> int:
        """Nothing that waits goes out any more; how many that were."""
        return self._db.execute("update delivery set state = 'stopped' where state = 'waiting'").rowcount

    # --- what people say ----------------------------------------------------------------------------------

    def by_code(self, code: str) -> Delivery | None:
        """The delivery whose code it is, whoever says it and in whatever letters."""
        row = self._db.execute("select * from delivery where code = ?", (code.strip().upper(),)).fetchone()
        return Delivery(*row) if row else None

    def confirm(self, delivery: Delivery, at: float) -> None:
        """The person has read it: they are reminded no more. On disk when this returns."""
        self._db.execute("begin immediate")
        self._db.execute(
            "insert or ignore into confirmation values (?,?,?,?)",
            (delivery.message, delivery.person, delivery.channel, at),
        )
        self._db.execute(
            "update delivery set state = 'stopped' where message = ? and person = ? and state = 'waiting'",
            (delivery.message, delivery.person),
        )
        self._db.execute("commit")

    def confirmed(self, message: str, person: str) -> bool:
        """Whether the person confirmed the message."""
        found = self._db.execute("select 1 from confirmation where message = ? and person = ?", (message, person))
        return found.fetchone() is not None

    def guessed(self, person: str, at: float) -> None:
        """A wrong PIN was given for this person."""
        self._db.execute("insert into guess values (?, ?)", (person, at))

    def guesses(self, person: str, since: float) -> int:
        """How many wrong ones since then."""
        found = self._db.execute("select count(*) from guess where person = ? and at > ?", (person, since)).fetchone()
        return int(found[0])

    # --- looking ------------------------------------------------------------------------------------------

    def tested(self, since: float) -> dict[tuple[str, str], float]:
        """When a person last confirmed a test on a channel, by both."""
        rows = self._db.execute(
            "select person, channel, max(at) from confirmation where message like 'test.%' and at >= ? group by 1, 2",
            (since,),
        )
        return {(person, channel): at for person, channel, at in rows}

    def last_test(self) -> float | None:
        """When the newest test was planned; None when there was none yet."""
        rows = self._db.execute("select distinct message from delivery where message like 'test.%'")
        return max((float(row[0].partition(".")[2]) for row in rows), default=None)

    def all(self, message: str | None = None) -> list[Delivery]:
        """Every delivery, of one message if named, in order of message, person and round."""
        where, named = ("where message = ?", (message,)) if message is not None else ("", ())
        rows = self._db.execute(f"select * from delivery {where} order by message, person, round, channel", named)  # noqa: S608  # of two literals
        return [Delivery(*row) for row in rows]

    def confirmations(self) -> list[tuple[str, str, str, float]]:
        """Message, person, channel and time of all that was confirmed."""
        return self._db.execute("select * from confirmation order by at").fetchall()

    def counts(self) -> dict[str, int]:
        """How many deliveries stand how."""
        return dict(self._db.execute("select state, count(*) from delivery group by state").fetchall())
