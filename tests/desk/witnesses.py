"""Witnesses of a played record, each with its own copy, before a real server in this process or a lying one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from foedus.desk.copy import Copy
from foedus.desk.published import Server
from foedus.desk.witness import Keys, Witness
from foedus.record.cosigned import note_of
from foedus.record.note import sign_note
from foedus.remote import Remote
from foedus.response import acts as response
from foedus.settling import Settling
from foedus.web.app import create_app
from tests.desk.publisher import URL, Publisher
from tests.plays import TICK, Play, seed_of, staged

NAME = "mare-2030"
HERE = "http://127.0.0.1:8000"


def played(folder: Path) -> Play:
    """A record with a lookout of each party: the Mare compact asks for two, of states that are no keepers."""
    return staged(NAME, "reported", folder / "record")


def more(play: Play, how_many: int = 1) -> None:
    """Further entries, one moment apart."""
    for _ in range(how_many):
        play.at += TICK
        files = [play.attach(b"seen %d" % play.state.size)]
        evidence = (response.Evidence(files[0][0].digest, "watch", play.at, "radar"),)
        play.do("XOR/watch", response.AddEvidence("I-1", evidence), files=files)


def publisher(play: Play) -> Publisher:
    """A publisher of what the play has recorded by now, which can be made to lie."""
    store = play.depositary.store
    record = play.state.parties.record
    assert record is not None
    blobs = {digest: store.get_blob(digest) or b"" for digest in store.blobs()}
    found = Publisher(list(store.entries(0)), blobs, record.origin)
    found.answers["api/cosignatures"] = lambda request: httpx.Response(200, content=b"{}")
    return found


def cosigner(folder: Path, play: Play, party: str, source: Publisher | Remote, **keys: Any) -> Witness:
    """The lookout of a party, following from a publisher or a server."""
    copy = Copy.open(folder, clock=play.clock)
    remote = source.remote() if isinstance(source, Publisher) else source
    return Witness(copy, Server(remote), Keys(play.seeds[f"{party}/lookout"], **keys), remote)


def works(witness: Witness) -> bytes:
    """Follow and cosign once."""
    witness.follower.follow()
    note = witness.cosign()
    assert note is not None
    return note


@contextmanager
def served(app: Litestar, url: str = HERE) -> Iterator[Remote]:
    """The way to an application in this process."""
    with TestClient(app, base_url=url) as client:

        def answer(request: httpx.Request) -> httpx.Response:
            headers = {name: value for name, value in request.headers.items() if name != "host"}
            found = client.request(request.method, str(request.url), content=request.content, headers=headers)
            kept = {name: value for name, value in found.headers.items() if name != "content-length"}
            return httpx.Response(found.status_code, content=found.content, headers=kept)

        remote = Remote(url, transport=httpx.MockTransport(answer))
        try:
            yield remote
        finally:
            remote.close()


@contextmanager
def console(play: Play, **options: Any) -> Iterator[Remote]:
    """The record's own server."""
    with served(create_app(play.depositary, base_url=HERE, **options)) as remote:
        yield remote


def settled(play: Play) -> int:
    """What the record's own server finds settled."""
    return Settling(play.depositary).settled()


__all__ = [
    "HERE", "URL", "console", "cosigner", "more", "note_of", "played", "publisher", "seed_of", "served", "settled",
    "sign_note", "works",
]  # fmt: skip
