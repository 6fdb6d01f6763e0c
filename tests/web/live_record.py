"""A small live record and the exercise, as the console serves them: what the tests of pages and API start from."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from foedus.acts import Body, Marking
from foedus.compact.loader import load
from foedus.depositary import Depositary
from foedus.founding import init_record
from foedus.parties.acts import EnrolSeat, SignText
from foedus.record.keys import SeedKey, public_of
from foedus.signing import attach, sign, statement_for
from foedus.web.app import create_app

HERE = "http://127.0.0.1:8000"
AWAY = "https://foedus.example"
ORIGIN = "example.org/live"
PARTIES = ("UKR", "POL", "EST")
START = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
OPEN = Marking()


def seed_of(seat: str) -> bytes:
    """A key for tests: the seat's name, padded."""
    return seat.encode().ljust(32, b".")


class Live:
    """A live record with a few parties, its clock set by the test."""

    def __init__(self, folder: Path, ceiling: str = "unclassified") -> None:
        self.at = START
        compact = load("kyiv-2022")
        heads = {(party, "head"): public_of(seed_of(f"{party}/head")).hex() for party in PARTIES}
        self.depositary: Depositary = init_record(
            folder,
            compact,
            heads,
            seed_of("depositary"),
            origin=ORIGIN,
            exercise=False,
            ceiling=ceiling,
            clock=lambda: self.at,
        )

    def envelope(self, seat: str, body: Body, marking: Marking = OPEN, attachments: Any = ()) -> bytes:
        """One act, signed."""
        self.at += timedelta(minutes=1)
        statement = statement_for(
            self.depositary.catch_up(), seat, body, self.at, marking=marking, attachments=attachments
        )
        return sign(statement, [SeedKey(seed_of(seat))], exercise=False)

    def enrol(self, party: str, role: str = "duty", marking: Marking = OPEN, attachments: Any = ()) -> bytes:
        """An act that any head may perform at any time: it gives an office a key."""
        key = public_of(seed_of(f"{party}/{role}/{self.at.isoformat()[:19]}"[-32:])).hex()
        return self.envelope(f"{party}/head", EnrolSeat(party, role, key), marking, attachments)

    def signing(self, party: str, tier: str) -> bytes:
        """The party signs the compact."""
        clauses = self.depositary.clauses
        return self.envelope(f"{party}/head", SignText(clauses.compact.id, clauses.digest, tier))

    def evidence(self, party: str, content: bytes, marking: Marking) -> tuple[bytes, str, dict[str, Any]]:
        """An act with one attachment: envelope, digest, and the attachment as the API takes it."""
        named, salt, held = attach(content, "text", marking)
        sent = {"salt": base64.b64encode(salt).decode(), "content": base64.b64encode(held).decode()}
        return self.enrol(party, attachments=(named,)), named.digest, sent


@contextmanager
def console(depositary: Depositary, base_url: str = HERE, **options: Any) -> Iterator[TestClient[Any]]:
    """A console over the record; `base_url` is where it says that it is, and where it is asked."""
    app = create_app(depositary, base_url=base_url, **options)
    with TestClient(app, base_url=base_url, raise_server_exceptions=False) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"authorization": f"Bearer {token}"}
