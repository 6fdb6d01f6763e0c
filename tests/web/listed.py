"""A small list as FollowTheMoney lines, and servers over it: what the tests of screening over HTTP start from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from foedus.searched import OfFiles, Searched
from foedus.web.yente.routes import alone

ENTITIES: tuple[dict[str, Any], ...] = (
    {"id": "p-1", "schema": "Person", "properties": {
        "name": ["Igor Ivanovich SECHIN"], "alias": ["Сечин Игорь Иванович"], "birthDate": ["1960-09-07"],
        "nationality": ["ru"], "modifiedAt": ["2026-05-01"], "addressEntity": ["a-1"]}},
    {"id": "o-1", "schema": "Company", "properties": {
        "name": ["Rosneft Trading S.A."], "country": ["ch"], "modifiedAt": ["2025-01-01"]}},
    {"id": "v-1", "schema": "Vessel", "properties": {
        "name": ["SEA STAR 7"], "imoNumber": ["9150365"], "flag": ["pa"]}},
    {"id": "p-2", "schema": "Person", "properties": {"name": ["Abdullah bin Omar"], "country": ["sa"]}},
    {"id": "a-1", "schema": "Address", "properties": {"full": ["26/1 Sofiyskaya Embankment"], "city": ["Moscow"],
        "country": ["ru"]}},
    {"id": "s-1", "schema": "Sanction", "properties": {"entity": ["p-1"], "program": ["UKRAINE-EO13661"]}},
    {"id": "r-1", "schema": "Ownership", "properties": {"owner": ["p-1"], "asset": ["o-1"], "percentage": ["51"]}},
)  # fmt: skip


def write_list(file: Path, *entities: dict[str, Any]) -> Path:
    """The list as a file; ENTITIES unless others are given."""
    file.write_text("".join(json.dumps(one) + "\n" for one in entities or ENTITIES), "utf-8")
    return file


@contextmanager
def server(*files: Path) -> Iterator[tuple[TestClient[Any], Searched]]:
    """A server over these files, which has read them."""
    searched = Searched(OfFiles(files))
    searched.keep_up()
    with TestClient(alone(searched), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client, searched
