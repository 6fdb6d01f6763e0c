"""A list version as canonical rows, and their digest: the same whatever format, file or order it was read from.

A row is a target as JSON: UTF-8, members in the order of `Target`, empty ones left out, nothing between tokens; it ends
with a line feed. Rows are in the order of their ids' bytes, and what a target has several of is in order and stands
once. The digest is SHA-256 over the rows one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from foedus.errors import Malformed
from foedus.sanctions.lists.model import Address, Birth, Identifier, Kind, Link, Name, Target

T = TypeVar("T", Birth, Identifier, Address, Link, str)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Target)


def target(
    id: str,  # noqa: A002  # a target's id is its id everywhere
    kind: Kind,
    names: Iterable[Name],
    *,
    births: Iterable[Birth] = (),
    countries: Iterable[str] = (),
    identifiers: Iterable[Identifier] = (),
    addresses: Iterable[Address] = (),
    programmes: Iterable[str] = (),
    measures: Iterable[str] = (),
    legal_basis: Iterable[str] = (),
    positions: Iterable[str] = (),
    links: Iterable[Link] = (),
    references: Iterable[str] = (),
    gender: str = "",
    listed_on: str = "",
    updated_on: str = "",
    remarks: Iterable[str] = (),
) -> Target:
    """A target in canonical order: the first primary name, then the others, none of them primary; of everything each
    once, nothing empty.
    """
    return Target(
        id=id,
        kind=kind,
        names=_names(names),
        births=_each(births),
        countries=_each(countries),
        identifiers=_each(identifiers),
        addresses=_each(addresses),
        programmes=_each(programmes),
        measures=_each(measures),
        legal_basis=_each(legal_basis),
        positions=_each(positions),
        links=_each(links),
        references=_each(references),
        gender=gender,
        listed_on=listed_on,
        updated_on=updated_on,
        remarks=_each(remarks),
    )


def _names(names: Iterable[Name]) -> tuple[Name, ...]:
    unique = dict.fromkeys(name for name in names if name.text)
    first = next((name for name in unique if name.kind == "primary"), None)
    if first is None:
        return tuple(sorted(unique))
    del unique[first]
    others = {replace(name, kind="alias") if name.kind == "primary" else name for name in unique}
    return (first, *sorted(others))


_NOTHING = {Birth(), Address(), ""}


def _each(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted({value for value in values if value not in _NOTHING}))


def row(one: Target) -> bytes:
    """The canonical row of a target, with its line feed."""
    return _encoder.encode(one) + b"\n"


def rows(targets: Iterable[Target]) -> bytes:
    """The canonical rows of a list version: what lies in the archive."""
    return b"".join(map(row, in_order(targets)))


def in_order(targets: Iterable[Target]) -> list[Target]:
    """By the bytes of their ids."""
    return sorted(targets, key=lambda one: one.id.encode())


def digest_of(targets: Iterable[Target]) -> str:
    """SHA-256 of the canonical rows, in hex."""
    return sha256(rows(targets)).hexdigest()


def parse_rows(data: bytes, file: str = "-") -> tuple[Target, ...]:
    """The targets of canonical rows. Raises Malformed where a row is none, or is not canonical or not in its place."""
    found: list[Target] = []
    for line, each in enumerate(data.splitlines(keepends=True), 1):
        try:
            one = _decoder.decode(each)
        except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
            raise Malformed(
                "{file}, line {line}: a canonical row of a list was expected: {problem}",
                file=file,
                line=line,
                problem=problem,
            ) from None
        if row(one) != each or (found and found[-1].id.encode() >= one.id.encode()):
            raise Malformed(
                "{file}, line {line}: the row of {id} is not canonical, or not in its place: compare the digest",
                file=file,
                line=line,
                id=one.id,
            )
        found.append(one)
    return tuple(found)


def unique(values: Sequence[str]) -> list[str]:
    """Each text once, in order, nothing empty."""
    return [value for value in dict.fromkeys(values) if value]
