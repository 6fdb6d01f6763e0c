"""Lists of contacts as offices have them: CSV with one row for each way to a person, or vCards (RFC 6350).

A file is taken whole or not at all: every fault is named by row and column, and nothing is guessed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from foedus.alerts.contacts import Channel, Person, person_id, stretched
from foedus.compact.findings import Phrase
from foedus.errors import Malformed
from foedus.words import LANGUAGES

COLUMNS = ("seat", "name", "channel", "address", "language", "pin")
MOST_ROWS, MOST_CHARS = 100_000, 500
# A number to be called back at: people are asked there whether a request is theirs, and nothing is sent.
CALL = "call"
LOOPBACK = ("localhost", "127.0.0.1", "::1")

_EXPECTED = {
    "seat": Phrase("a seat of the record whose key is in force, such as UKR/duty"),
    "name": Phrase("a name, the same in every row of one person"),
    "channel": Phrase("mail, webhook, matrix, sms, apprise or call"),
    "address": Phrase("an address of this channel, once for each person: +380441234567, name@example.org, https://…"),
    "language": Phrase("en or uk, the same in every row of one person"),
    "pin": Phrase("6 to 12 digits, the same in every row of one person"),
}

_MAIL = re.compile(r"[^\s@<>,;:\"\x00-\x1f]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z").match
_SMS = re.compile(r"\+[1-9]\d{6,14}\Z").match
_MATRIX = re.compile(r"![^\s:/?#]{1,180}:[A-Za-z0-9.:\-\[\]]{1,70}\Z").match
_APPRISE = re.compile(r"[a-z][a-z0-9+.-]{1,20}://\S+\Z").match
_PIN = re.compile(r"\d{6,12}\Z").match


class Row(NamedTuple):
    """One way to one person, as the file says it at `line`."""

    line: int
    seat: str
    name: str
    channel: str
    address: str
    language: str
    pin: str


def read_contacts(path: Path, data: bytes, seats: Collection[str]) -> tuple[Person, ...]:
    """The people of a file. `seats`: those of the record. Raises Malformed with every row and column at fault."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Malformed("{path}: no UTF-8: {problem}", path=path, problem=problem) from None
    rows = list(_cards(text) if path.suffix.lower() in (".vcf", ".vcard") else _table(path, text))
    if not rows:
        raise Malformed("{path}: nobody in it; one row for each way to a person was expected", path=path)
    faults = [fault for row in rows for fault in _faults(row, seats)] + list(_disagreeing(rows))
    if faults:
        line, column, found = faults[0]
        raise Malformed(
            "{path}, row {row}, column {column}: found {found!r}; expected {expected}; {count} faults in all, nothing"
            " was taken",
            path=path, row=line, column=column, found=found[:60], expected=_EXPECTED[column], count=len(faults),
        )  # fmt: skip
    return tuple(_people(rows))


def _table(path: Path, text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        if head != list(COLUMNS):
            raise Malformed(
                "{path}, row 1: columns {found}; expected {expected}",
                path=path, found=", ".join(head)[:200], expected=", ".join(COLUMNS),
            )  # fmt: skip
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(COLUMNS) or reader.line_num > MOST_ROWS:
                raise Malformed(
                    "{path}, row {row}: {found} columns; expected {expected}",
                    path=path, row=reader.line_num, found=len(cells), expected=len(COLUMNS),
                )  # fmt: skip
            yield Row(reader.line_num, *(cell.strip() for cell in cells))
    except csv.Error as problem:
        raise Malformed("{path}, row {row}: {problem}", path=path, row=reader.line_num, problem=problem) from None


def _cards(text: str) -> Iterator[Row]:
    """vCards: FN, X-FOEDUS-SEAT, X-FOEDUS-PIN, LANG, and EMAIL, TEL, IMPP and URL in their order."""
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    ways = {"EMAIL": "mail", "TEL": "sms", "IMPP": "matrix", "URL": "webhook"}
    said: dict[str, str] = {}
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines, 1):
        field, _, value = line.partition(":")
        name, value = field.partition(";")[0].upper(), _plain(value)
        if name == "BEGIN":
            said, found = {}, []
        elif name in ways:
            address = re.sub(r"^(?:mailto:|tel:|matrix:)", "", value)
            spoken = name == "TEL" and "voice" in field.lower()
            address = re.sub(r"[ ().-]", "", address) if name == "TEL" else address
            found.append((number, CALL if spoken else ways[name], address))
        elif name == "END":
            words = (said.get("X-FOEDUS-SEAT", ""), said.get("FN", ""))
            for at, kind, address in found or [(number, "", "")]:
                yield Row(at, *words, kind, address, said.get("LANG", ""), said.get("X-FOEDUS-PIN", ""))
        else:
            said[name] = value


def _plain(value: str) -> str:
    return re.sub(r"\\([\\,;])", r"\1", value).strip()


def _faults(row: Row, seats: Collection[str]) -> Iterator[tuple[int, str, str]]:
    if row.seat not in seats:
        yield row.line, "seat", row.seat
    if not 0 < len(row.name) <= 200 or any(sign < " " for sign in row.name):
        yield row.line, "name", row.name
    if row.channel not in _ADDRESSES:
        yield row.line, "channel", row.channel
    elif not _ADDRESSES[row.channel](row.address) or len(row.address) > MOST_CHARS:
        yield row.line, "address", row.address
    if row.language and row.language not in LANGUAGES:
        yield row.line, "language", row.language
    if not _PIN(row.pin):
        yield row.line, "pin", "*" * len(row.pin)


def _web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        local = parts.hostname in LOOPBACK
    except ValueError:
        return False
    clean = bool(parts.hostname) and not parts.username and not re.search(r"[\s\x00-\x1f]", address)
    return clean and (parts.scheme == "https" or (parts.scheme == "http" and local))


_ADDRESSES: dict[str, Callable[[str], object]] = {
    CALL: _SMS, "mail": _MAIL, "sms": _SMS, "matrix": _MATRIX, "apprise": _APPRISE, "webhook": _web,
}  # fmt: skip


def _disagreeing(rows: Iterable[Row]) -> Iterator[tuple[int, str, str]]:
    """Rows of one person that say different things of them, or the same way twice."""
    first: dict[tuple[str, str], Row] = {}
    ways: set[tuple[str, str, str, str]] = set()
    for row in rows:
        known = first.setdefault((row.seat, row.name), row)
        if row.pin != known.pin:
            yield row.line, "pin", "*" * len(row.pin)
        if row.language != known.language:
            yield row.line, "language", row.language
        way = (row.seat, row.name, row.channel, row.address)
        if way in ways:
            yield row.line, "address", row.address
        ways.add(way)


def _people(rows: Iterable[Row]) -> Iterator[Person]:
    of: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        of.setdefault((row.seat, row.name), []).append(row)
    for (seat, name), mine in of.items():
        id_ = person_id(seat, name)
        ways = [row for row in mine if row.channel != CALL]
        channels = tuple(Channel(row.channel, row.address) for row in ways)  # type: ignore[arg-type]  # _faults let no other pass
        calls = tuple(row.address for row in mine if row.channel == CALL)
        yield Person(id_, seat, name, mine[0].language or "en", stretched(mine[0].pin, id_), channels, calls)
