"""How soon a new act is in the verified copies of 30 desks, and what a desk costs that has nothing to do.

    python -m bench.desks [--entries 20000] [--folder KEPT]

A first copy is taken three times each from an export that was carried here and from a server on this machine, which
is a third process on two processors; the floor, in turn with it, is PyNaCl's bare verification of the signatures.

The server and every desk are processes of their own on this machine. An act is signed and handed in by one of them; the
time runs from then until each desk has fetched the entry, verified it, recomputed its events and put it into its copy,
durably. The floor is the same with one desk. A desk's idle cost is its processor time over half a minute.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.console import exercise, record_asked_for, serving
from bench.limits import raw_verify
from bench.sse import Sender
from bench.verify import signed
from foedus.desk.copy import Copy
from foedus.desk.desk import Desk
from foedus.desk.follow import Follower
from foedus.desk.published import Carried, Published, Server
from foedus.export import export
from foedus.record.signatures import Job
from foedus.remote import Remote
from foedus.verify.sources import folder_fetch

DESKS, ACTS, WANTED_SECONDS = 30, 20, 1.0
IDLE_SECONDS, WANTED_IDLE = 30.0, 0.01


def desk(url: str, folder: Path) -> None:
    """What the process of a desk does: follow, and say when its copy has grown, and to what size."""
    remote = Remote(url)
    at_work = Desk(Copy.open(folder), Server(remote), remote)
    at_work.follow_once()
    at_work.start()
    size = at_work.copy.size
    print(size, perf_counter(), flush=True)
    while True:
        now = at_work.copy.store.wait(size, 60.0)
        if now > size:
            size = now
            print(size, perf_counter(), flush=True)


class Desks:
    """Desks in processes of their own, each with a copy that already holds the record."""

    def __init__(self, url: str, kept: Path, room: Path, count: int) -> None:
        self._processes: list[subprocess.Popen[str]] = []
        for number in range(count):
            folder = room / f"desk-{number}"
            shutil.copytree(kept, folder)
            call = f"from pathlib import Path; from bench.desks import desk; desk({url!r}, Path({str(folder)!r}))"
            self._processes.append(subprocess.Popen([sys.executable, "-c", call], stdout=subprocess.PIPE, text=True))
        for process in self._processes:
            self._said(process)

    def _said(self, process: subprocess.Popen[str]) -> tuple[int, float]:
        assert process.stdout is not None
        size, at = process.stdout.readline().split()
        return int(size), float(at)

    def hold(self, size: int) -> list[float]:
        """When each desk's copy came to hold so many entries, by the clock that all processes of a machine share."""
        times = []
        for process in self._processes:
            held, at = self._said(process)
            while held < size:
                held, at = self._said(process)
            times.append(at)
        return times

    def processor_seconds(self) -> list[float]:
        """Processor time that each has used so far."""
        tick = os.sysconf("SC_CLK_TCK")
        used = []
        for process in self._processes:
            fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            used.append((int(fields[11]) + int(fields[12])) / tick)
        return used

    def close(self) -> None:
        """End them."""
        for process in self._processes:
            process.kill()
            process.wait()


def first_copy(source: Published, folder: Path) -> tuple[int, float]:
    """Entries and seconds of following the whole record into an empty copy."""
    shutil.rmtree(folder, ignore_errors=True)
    copy = Copy.open(folder)
    start = perf_counter()
    Follower(copy, source).follow()
    seconds = perf_counter() - start
    size = copy.size
    copy.close()
    return size, seconds


def following(name: str, source: Published, folder: Path, jobs: list[Job]) -> None:
    """Print how fast a first copy is taken, beside the floor."""
    rounds, entries = [], 0
    for _ in range(3):
        floor, (entries, seconds) = raw_verify(jobs), first_copy(source, folder)
        rounds.append((seconds, floor, entries / seconds / floor))
    source.close()
    seconds, floor, ratio = (median(column) for column in zip(*rounds, strict=True))
    print(
        f"first copy of {entries:,} entries {name}, verified and recomputed: {seconds:.1f} s (wanted 60 for 100,000); "
        f"{entries / seconds:,.0f}/s = {ratio:.2f} x PyNaCl verify of {floor:,.0f}/s (wanted 0.50)"
    )


def measured(
    url: str, kept: Path, room: Path, count: int, sender_to: Callable[[], Sender], size: int
) -> tuple[list[float], float]:
    """Seconds from handing an act in until each desk held it, over all acts; and the median idle share of a core."""
    desks = Desks(url, kept, room, count)
    try:
        time.sleep(2)
        before = desks.processor_seconds()
        time.sleep(IDLE_SECONDS)
        idle = median((b - a) / IDLE_SECONDS for a, b in zip(before, desks.processor_seconds(), strict=True))
        spent: list[float] = []
        sender = sender_to()  # only now: a server closes a connection on which nothing comes
        for _ in range(ACTS):
            envelope = sender.act()
            start = perf_counter()
            sender.send(envelope)
            size += 1
            spent += [at - start for at in desks.hold(size)]
            time.sleep(0.5)
        return spent, idle
    finally:
        desks.close()
        shutil.rmtree(room)


def main() -> None:
    """Print the p99 over desks and acts beside one desk's, and the idle cost."""
    with record_asked_for(__doc__ or "") as folder:
        depositary, keys = exercise(folder)
        size = depositary.state.size
        kept, room, carried = folder.with_name("kept"), folder.with_name("desks"), folder.with_name("carried")
        jobs = signed(folder)
        shutil.rmtree(carried, ignore_errors=True)
        export(depositary.store, carried)
        following("from an export", Carried(str(carried), folder_fetch(carried)), kept, jobs)
        with serving(folder) as port:
            url = f"http://localhost:{port}"
            following("from a server", Server(Remote(url)), kept, jobs)
            sender = partial(Sender, port, depositary, keys)
            alone, _ = measured(url, kept, room, 1, sender, size)
            many, idle = measured(url, kept, room, DESKS, sender, size + ACTS)
        depositary.close()
    worst = sorted(many)[int(len(many) * 0.99)]
    print(f"floor: one desk, median {1000 * median(alone):,.0f} ms")
    print(
        f"{DESKS} desks told of {ACTS} acts: median {1000 * median(many):,.0f} ms, p99 {1000 * worst:,.0f} ms "
        f"(wanted {1000 * WANTED_SECONDS:,.0f})"
    )
    print(f"an idle desk: {idle:.2%} of a core (wanted {WANTED_IDLE:.0%})")


if __name__ == "__main__":
    main()
