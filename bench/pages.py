"""Server time of Home and Response over a long record, by reader, language and moment.

    python -m bench.pages [--entries 100000] [--folder KEPT]

Handler: one request given to the application in this process, from the request to the last byte, access check, rules,
state and template included. Loopback: the same pages from a console in a process of its own, over one kept connection.
No two requests of the past ask for the same moment, the present moves with the clock, each request has an address of
its own, so that no answer is one that was kept, and an act is performed before every tenth, so that what is kept for an
unchanged record is made anew. The floor is a static file of the same application.
"""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from litestar import Litestar

from bench.console import ask, exercise, record_asked_for, serving
from foedus.depositary import Depositary
from foedus.exercise.keys import ExerciseKeys
from foedus.parties.acts import DepositCommunication
from foedus.signing import sign, statement_for
from foedus.web.app import create_app
from foedus.web.moments import iso
from foedus.web.server import settle

REQUESTS, LOOPBACK, ACT_EVERY, WANTED_MS = 100, 40, 10, 20.0
STATIC, SEAT = "/static/foedus.css", "POL/foreign"
Address = Callable[[int], str]


def views(depositary: Depositary) -> dict[str, Address]:
    """The address of the n-th request of each kind: other responses and other moments each time."""
    responses = depositary.state.response.responses
    newest = [f"R-{number}" for number in range(len(responses), 0, -1)]
    live = [id_ for id_ in newest[:200] if responses[id_].closed is None or responses[id_].mode == "response"]
    before = depositary.now() - timedelta(hours=5, minutes=REQUESTS)
    past = [id_ for id_ in newest if responses[id_].mode == "response" and responses[id_].place.at < before]

    def then(n: int) -> tuple[str, str]:
        id_ = past[(n * 37 + 11) % len(past)]
        return id_, iso(responses[id_].place.at + timedelta(hours=5, minutes=n))

    return {
        "Home, now": lambda n: f"/?n={n}",
        "Home, past at": lambda n: f"/?at={then(n)[1]}",
        "Home, past at, as then known": lambda n: f"/?at={then(n)[1]}&known={then(n)[1]}",
        "Response, now": lambda n: f"/response/{live[n % len(live)]}?n={n}",
        "Response, past at": lambda n: "/response/{}?at={}".format(*then(n)),
        "Response, past at, as then known": lambda n: "/response/{0}?at={1}&known={1}".format(*then(n)),
    }


def perform(depositary: Depositary, keys: ExerciseKeys) -> None:
    """One more act, so that the state is another."""
    body = DepositCommunication("RUS", "objection")
    statement = statement_for(depositary.state, SEAT, body, depositary.now())
    depositary.perform(sign(statement, [keys.key_of(SEAT)], exercise=True))


async def handled(app: Litestar, address: Address, cookie: str, act: Callable[[], None]) -> list[float]:
    """Milliseconds of each request."""
    spent = []
    for n in range(REQUESTS):
        if n % ACT_EVERY == 0:
            act()
        start = perf_counter()
        status, body = await ask(app, address(n), cookie)
        spent.append(1000 * (perf_counter() - start))
        assert status == 200, f"{address(n)} answered {status}: {body[:200]!r}"
    return spent


def over_loopback(port: int, address: Address, cookie: str) -> list[float]:
    """Milliseconds from the request's first byte to the answer's last, on a connection that is kept."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    spent = []
    for n in range(LOOPBACK):
        start = perf_counter()
        connection.request("GET", address(n), headers={"accept": "text/html", "cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        spent.append(1000 * (perf_counter() - start))
        assert answer.status == 200, f"{address(n)} answered {answer.status}"
    connection.close()
    return spent


def said(spent: Sequence[float]) -> str:
    """Median and 99th percentile."""
    ordered = sorted(spent)
    return f"median {median(ordered):6.1f} ms   p99 {ordered[-(-99 * len(ordered) // 100) - 1]:6.1f} ms"


def measure(folder: Path) -> None:
    """Print each kind of page for each reader and language."""
    depositary, keys = exercise(folder)
    app = create_app(depositary, exercise_keys=keys)
    worst: dict[str, float] = {}
    first = perf_counter()
    asyncio.run(ask(app, "/"))
    settle()
    print(f"the first page of the process: {1000 * (perf_counter() - first):.1f} ms")
    print(f"floor, a static file: {said(asyncio.run(handled(app, lambda n: STATIC, '', lambda: None)))}")
    addresses = views(depositary)
    for name, address in addresses.items():
        for lang in ("en", "uk"):
            for seat in ("", SEAT):
                spent = asyncio.run(handled(app, address, f"foedus={lang}:{seat}", lambda: perform(depositary, keys)))
                worst[name] = max(worst.get(name, 0.0), median(spent))
                print(f"{name:34} {lang} {seat or 'onlooker':12} {said(spent)}")
    depositary.close()
    for name, most in worst.items():
        print(f"{name:34} slowest median {most:6.1f} ms (wanted at most {WANTED_MS:.0f})")
    with serving(folder) as port:
        print(f"loopback floor, a static file      {said(over_loopback(port, lambda n: STATIC, ''))}")
        for name, address in addresses.items():
            print(f"loopback, {name:34} {said(over_loopback(port, address, f'foedus=en:{SEAT}'))}")


def main() -> None:
    """The record, and the figures on it."""
    with record_asked_for(__doc__ or "") as folder:
        measure(folder)


if __name__ == "__main__":
    main()
