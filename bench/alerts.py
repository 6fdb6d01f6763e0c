"""A thousand contacts told at once, a tenth of whose endpoints hang, beside Apprise alone; and kill -9 during it.

    python -m bench.alerts [--quick]

The servers run in a process of their own on this machine: aiosmtpd for mail and an HTTP sink. Each takes 200 ms to
answer, and for one address in ten never answers. Half the contacts are reached by mail, half by webhook. The record is
the Kyiv text with one activation; everybody holds a duty seat, so that all are told at once. Then
Apprise alone sends to the same HTTP endpoints. Then the same fan-out is ended by kill -9 many times, with people
confirming between, until all is delivered: nobody may be missing, and each person has each alert once when duplicates
are folded by id.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

LATENCY, HANGING = 0.2, 10
PIN = "482913"
SERVERS = "servers"


class Size(NamedTuple):
    """`people`: contacts; `kills`: how often the delivering process is ended."""

    people: int
    kills: int


FULL, QUICK = Size(1_000, 50), Size(200, 5)


# --- the other side ---------------------------------------------------------------------------------------


def serve(log: Path) -> None:
    """Mail and HTTP until killed. Every arrival is a line of `log`: seconds, address, id. The ports are said first."""
    from aiosmtpd.smtp import SMTP

    out = log.open("a", buffering=1)

    def arrived(address: str, id_: str) -> None:
        out.write(json.dumps([time.time(), address, id_]) + "\n")

    class Mails:
        async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  # aiosmtpd calls it so
            arrived(address, "attempt")
            await asyncio.sleep(3_600 if address.startswith("dead") else LATENCY)
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd calls it so
            head = envelope.content.split(b"\r\n\r\n")[0].decode()
            id_ = head.split("X-Foedus-Alert: ")[1].split("\r\n")[0] if "X-Foedus-Alert" in head else ""
            arrived(envelope.rcpt_tos[0], id_)
            return "250 taken"

    async def call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ")[1]
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            await reader.readexactly(int(fields.get("content-length", 0)))
            arrived(path, "attempt")
            await asyncio.sleep(3_600 if path.startswith("/dead") else LATENCY)
            arrived(path, fields.get("webhook-id", ""))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def both() -> None:
        loop = asyncio.get_running_loop()
        mail = await loop.create_server(lambda: SMTP(Mails(), loop=loop), "127.0.0.1", 0, backlog=2_048)
        web = await asyncio.start_server(call, "127.0.0.1", 0, backlog=2_048)
        print(mail.sockets[0].getsockname()[1], web.sockets[0].getsockname()[1], flush=True)
        await asyncio.sleep(3_600)

    asyncio.run(both())


class Sink:
    """The process with both servers."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "arrived"
        self.log.touch()
        command = [sys.executable, "-m", "bench.alerts", SERVERS, str(self.log)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.mail, self.web = map(int, self.process.stdout.readline().split())

    def arrivals(self) -> list[tuple[float, str, str]]:
        """Time, address and id of everything that arrived."""
        return [tuple(json.loads(line)) for line in self.log.read_text().splitlines()]

    def forget(self) -> None:
        """Begin anew."""
        os.truncate(self.log, 0)

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


# --- our side ---------------------------------------------------------------------------------------------


def stage(folder: Path, sink: Sink, people: int) -> list[str]:
    """A record with one activation, contacts, settings; the addresses that answer."""
    from foedus.alerts.contact_files import read_contacts
    from foedus.alerts.contacts import Contacts, Sealed
    from tests.plays import staged

    play = staged("kyiv-2022", "activated", folder / "record")
    record = play.state.parties.record
    assert record is not None
    response = play.state.response.responses["R-1"]
    duty = [seat for seat in sorted(play.state.parties.seats) if seat.endswith("/duty") and seat[:3] in response.roll]
    rows, good = ["seat,name,channel,address,language,pin"], []
    for number in range(people):
        state = "dead" if number % HANGING == 0 else "good"
        address = f"{state}{number}@sink.example" if number % 2 else f"http://127.0.0.1:{sink.web}/{state}{number}"
        if (number // 2) % HANGING == 0:
            address = address.replace("good", "dead")
        else:
            address = address.replace("dead", "good")
            good.append(address.rpartition("/")[2] if "@" in address else "/" + address.rpartition("/")[2])
        kind = "mail" if "@" in address else "webhook"
        rows.append(f"{duty[number % len(duty)]},P{number},{kind},{address},en,{PIN}")
    found = read_contacts(Path("people.csv"), "\n".join(rows).encode(), set(play.state.parties.seats))
    sealed = Sealed.open(folder / "contacts.sealed", folder / "contacts.key", create=True)
    sealed.write(Contacts(record.origin, record.exercise, found))
    (folder / "secret").write_text("s3cret")
    (folder / "secret").chmod(0o600)
    (folder / "at").write_text(play.at.isoformat())
    (folder / "alerts.json").write_text(
        json.dumps(
            {
                "exercise": record.exercise,
                "mail": {
                    "host": "127.0.0.1",
                    "port": sink.mail,
                    "starttls": "never",
                    "sender": "alerts@foedus.example",
                },
                "webhook": {"secret_file": "secret"},
            }
        )
    )
    play.close()
    return good


def deliver(folder: Path) -> None:
    """Deliver until stopped, as `alerts run` does; of two messages of the entry only the activation is told."""
    from datetime import UTC, datetime

    import msgspec

    from foedus.alerts.channels.opening import open_ways
    from foedus.alerts.contacts import Sealed
    from foedus.alerts.deliveries import Deliveries
    from foedus.alerts.running import Alerting
    from foedus.alerts.settings import Configured, Settings
    from foedus.record.store import open_store

    begun, at = time.time(), datetime.fromisoformat((folder / "at").read_text())

    def clock() -> datetime:
        return datetime.fromtimestamp(at.timestamp() + time.time() - begun, UTC)

    configured = Configured(folder, msgspec.json.decode((folder / "alerts.json").read_bytes(), type=Settings))
    sealed = Sealed.open(folder / "contacts.sealed", folder / "contacts.key")
    deliveries = Deliveries(folder / "deliveries.db")
    deliveries.hold(wait=True)
    store = open_store(folder / "record", clock=clock)
    alerting = Alerting(store, configured, sealed, deliveries, open_ways(configured), clock)
    print("ready", time.time(), flush=True)
    asyncio.run(alerting.run(asyncio.Event()))


def started(folder: Path) -> subprocess.Popen[str]:
    """The delivering process, once it is ready."""
    command = [sys.executable, "-m", "bench.alerts", "deliver", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def share(times: list[float], part: float) -> float:
    """The time by which so many have come."""
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


def fan_out(folder: Path, sink: Sink, good: list[str], people: int) -> float:
    """The first figures: when each was attempted and reached, from when the process was ready."""
    begins = time.time()
    process = started(folder)
    ready = time.time()
    reached: dict[str, float] = {}
    attempted: dict[str, float] = {}
    while time.time() < begins + 60 and len(attempted) < people:
        time.sleep(0.2)
        attempted = {}
        for at, address, _ in sink.arrivals():
            attempted.setdefault(address, at - ready)
    time.sleep(2)
    for at, address, id_ in sink.arrivals():
        if id_ not in ("", "attempt"):
            reached.setdefault(address, at - ready)
    process.send_signal(signal.SIGKILL)
    process.wait()
    tried = [attempted[address] for address in good if address in attempted]
    came = [reached[address] for address in good if address in reached]
    print(
        f"{people} contacts, {people - len(good)} of which hang; start of the process to ready {ready - begins:.1f} s"
    )
    print(f"good endpoints attempted: {len(tried)} of {len(good)}, last after {max(tried):.2f} s")
    print(f"all endpoints attempted:  {len(attempted)} of {people}, p99 {share(list(attempted.values()), 0.99):.2f} s")
    print(f"good endpoints reached:   {len(came)} of {len(good)}, last after {max(came):.2f} s")
    return max(came)


def apprise_alone(sink: Sink, good: list[str], people: int, most: float) -> None:
    """The same HTTP endpoints in one Apprise object, as its documentation shows."""
    import apprise

    sink.forget()
    one = apprise.Apprise()
    for number in range(0, people, 2):
        state = "dead" if (number // 2) % HANGING == 0 else "good"
        one.add(f"json://127.0.0.1:{sink.web}/{state}{number}")
    begins = time.time()
    one.notify(body="act required")
    took = time.time() - begins
    wanted = {address for address in good if address.startswith("/")}
    came = {address: at - begins for at, address, id_ in sink.arrivals() if address in wanted and id_ == ""}
    last = max(came.values(), default=0.0)
    print(f"Apprise alone, {people // 2} webhooks: {took:.1f} s; {len(came)} of {len(wanted)} good reached,")
    print(f"  last after {last:.1f} s: {last / most:.1f} times as long as all the good ones above")


def killed(folder: Path, sink: Sink, good: list[str], kills: int) -> None:
    """End the process again and again while people confirm; then count."""
    from foedus.alerts.confirming import confirm
    from foedus.alerts.contacts import Sealed
    from foedus.alerts.deliveries import Deliveries

    (folder / "deliveries.db").unlink(missing_ok=True)
    for more in ("-wal", "-shm"):
        (folder / f"deliveries.db{more}").unlink(missing_ok=True)
    sink.forget()
    lots, confirmed = random.Random(1), set()
    sealed = Sealed.open(folder / "contacts.sealed", folder / "contacts.key")
    contacts = None
    for _ in range(kills):
        process = started(folder)
        # So many more have come when it is ended: by the clock, a busy machine would end it before it sent anything.
        wanted, until = len(sink.arrivals()) + lots.randint(0, 2 * len(good) // kills), time.time() + 10
        while len(sink.arrivals()) < wanted and time.time() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        deliveries = Deliveries(folder / "deliveries.db")
        if contacts is None:
            from foedus.depositary import Depositary

            record = Depositary.open(folder / "record").state.parties.record
            assert record is not None
            contacts = sealed.read(record.origin, record.exercise)
        came_ids = {
            id_ for _, _, id_ in sink.arrivals()
        }  # people confirm what has come, whatever was written down of it
        sent = [
            one
            for one in deliveries.all()
            if f"{one.message}.{one.person}" in came_ids and (one.message, one.person) not in confirmed
        ]
        for one in lots.sample(sent, min(4, len(sent))):
            confirm(deliveries, contacts, one.code, PIN, time.time())
            confirmed.add((one.message, one.person))
        deliveries.close()
    process = started(folder)
    until = time.time() + 60
    came: dict[str, set[str]] = {}
    total = 0
    while time.time() < until and len(came) < len(good):
        time.sleep(0.5)
        arrived = [(address, id_) for _, address, id_ in sink.arrivals() if id_ not in ("", "attempt")]
        came, total = {}, len(arrived)
        for address, id_ in arrived:
            came.setdefault(address, set()).add(id_)
    time.sleep(3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    deliveries = Deliveries(folder / "deliveries.db")
    kept = {(message, person) for message, person, _, _ in deliveries.confirmations()}
    deliveries.close()
    alerts = [len(ids) for ids in came.values()]
    print(f"{kills} kill -9: {len(good) - len(came)} of {len(good)} people lost")
    print(
        f"  {total} arrivals fold into {sum(alerts)} alerts: {min(alerts)} to {max(alerts)} for each person, of 2 told"
    )
    print(f"  confirmations lost: {len(confirmed - kept)} of {len(confirmed)}")


def main() -> None:
    """All of it."""
    if sys.argv[1:2] == [SERVERS]:
        serve(Path(sys.argv[2]))
        return
    if sys.argv[1:2] == ["deliver"]:
        deliver(Path(sys.argv[2]))
        return
    size = QUICK if "--quick" in sys.argv else FULL
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sink = Sink(folder)
        try:
            good = stage(folder, sink, size.people)
            most = fan_out(folder, sink, good, size.people)
            apprise_alone(sink, good, size.people, most)
            killed(folder, sink, good, size.kills)
        finally:
            sink.close()


if __name__ == "__main__":
    main()
