"""A small exercise whose clock the test holds: four parties of the Kyiv text, their seats, and a console over it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from litestar.testing import TestClient

from foedus.acts import Body
from foedus.compact.loader import load
from foedus.compact.model import Compact
from foedus.depositary import Depositary, Receipt
from foedus.exercise import ExerciseKeys
from foedus.founding import init_record
from foedus.parties.acts import EnrolSeat, SignText
from foedus.response.acts import Activate, Evidence, Figure, ReportIncident
from foedus.signing import attach, sign, statement_for
from foedus.web.app import create_app

SEATS = ("foreign", "defence", "duty", "delegation")
START = datetime(2026, 10, 10, 3, 0, tzinfo=UTC)
HERE = "http://127.0.0.1:8000"


class Small:
    """An exercise with Ukraine and three guarantors."""

    def __init__(self, folder: Path, compact: Compact | None = None) -> None:
        folder.mkdir()
        self.folder = folder
        self.at = START - timedelta(days=30)
        self.keys = ExerciseKeys.create(folder)
        compact = compact or load("kyiv-2022")
        heads = {(party.id, "head"): self.keys.public_of(f"{party.id}/head") for party in compact.parties}
        self.depositary = init_record(
            folder, compact, heads, self.keys.depositary_seed,
            origin="exercise.foedus.example/small", exercise=True, clock=lambda: self.at,
        )  # fmt: skip
        clauses = self.depositary.clauses
        for party, tier in (("UKR", None), ("POL", "core"), ("GBR", "core"), ("AUT", "wider")):
            self.do(f"{party}/head", SignText(compact.id, clauses.digest, tier))
            for role in SEATS:
                self.do(f"{party}/head", EnrolSeat(party, role, self.keys.public_of(f"{party}/{role}")))
        self.at = START

    def copied(self, folder: Path) -> Small:
        """The same exercise in a folder of its own: for a test that adds to what other tests look at."""
        shutil.copytree(self.folder, folder)
        twin = copy(self)
        twin.folder = folder
        twin.depositary = Depositary.open(folder, seed=self.keys.depositary_seed, clock=lambda: twin.at)
        return twin

    def do(self, seat: str, body: Body, *also: str, attachments: Any = ()) -> Receipt:
        """Perform one act, signed by the seat and by others."""
        named = [item[0] for item in attachments]
        statement = statement_for(self.depositary.state, seat, body, self.at, attachments=named)
        keys = [self.keys.key_of(name) for name in (seat, *also)]
        return self.depositary.perform(sign(statement, keys, exercise=True), [item[1:] for item in attachments])

    def report(self) -> None:
        """An armed attack with one item of evidence."""
        item = attach(b"a photograph", "evidence")
        evidence = (Evidence(item[0].digest, "UKR/duty", self.at, "photograph"),)
        figures = (Figure("missiles_launched", 84),)
        self.do("UKR/duty", ReportIncident("armed_attack", "UA", self.at, figures=figures, evidence=evidence),
                attachments=[item])  # fmt: skip

    def activate(self) -> None:
        """An attack reported and the guarantees activated, by two seats."""
        self.report()
        self.do("UKR/head", Activate(f"I-{len(self.depositary.state.response.incidents)}"), "UKR/foreign")

    def later(self, **time: float) -> None:
        """The clock moves on, and what is due is recorded."""
        self.at += timedelta(**time)
        self.depositary.tick()


@contextmanager
def console(small: Small, **options: Any) -> Iterator[Reader]:
    """A reader of the exercise's console."""
    app = create_app(small.depositary, exercise_keys=small.keys, base_url=HERE, **options)
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        yield Reader(client)


class Reader:
    """Somebody at the console: sits on a seat, opens pages, fills in forms, as a browser sends them."""

    def __init__(self, client: TestClient[Any]) -> None:
        self.client = client

    def sits(self, seat: str, lang: str = "en") -> Reader:
        """Act as a seat, or look on when it is empty."""
        self.client.cookies.clear()
        self.client.cookies.set("foedus", f"{lang}:{seat}", domain="127.0.0.1")
        return self

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page."""
        return self.client.get(path, headers=headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """A form of our own page; redirects are followed."""
        return self.client.post(path, data=data or {}, headers={"sec-fetch-site": "same-origin", **headers})

    def words(self, path: str) -> str:
        """What a page says, without its markup."""
        return words(self.get(path))


def view(reader: Reader, path: str) -> Any:
    """A page as data."""
    answer = reader.get(path, accept="application/json")
    assert answer.status_code == 200, answer.text[:300]
    return answer.json()


def words(answer: httpx.Response) -> str:
    """The words of a page's main part."""
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)
    assert main, answer.text[:500]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main[0])))


def path_of(answer: httpx.Response) -> str:
    """Where the answer came from in the end."""
    return urlsplit(str(answer.url)).path
