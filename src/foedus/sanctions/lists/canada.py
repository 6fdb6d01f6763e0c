"""Canada's consolidated autonomous sanctions list (SEMA and JVCFOR; XML, root `data-set`), in its form of 2020 and the
later one with ships and days of listing. No schema is published: what is not known is counted and named.

The list numbers its entries by country, schedule and item; together they are the id, `Belarus.1-Part-1.3`, in letters
that the id of a target may have. It states no day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from foedus.compact.findings import Phrase
from foedus.sanctions.lists import dates
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.markup import Element, Reader, required
from foedus.sanctions.lists.model import Birth, Identifier, Name, Target
from foedus.sanctions.lists.reading import Content, Files, Notes

SHAPE = {
    "data-set": "record",
    "record": "Country LastName GivenName Entity EntityOrShip Title TitleOrShip Aliases DateOfBirth"
    " DateOfBirthOrShipBuildDate"
    " Schedule Item DateOfListing ShipIMONumber",
}
# Aliases stand in one text with commas between them, and so do the parts of a company's name.
_FORM = r"Ltd|Limited|Inc|LLC|L\.L\.C|LLP|S\.A|S\.p\.A|Co|Corp|GmbH|AG|JSC|OJSC|PJSC|OOO|AO|a\.s|Jr|Sr|PLC|Pte"
_BETWEEN = re.compile(rf"; *|, +(?!(?:{_FORM})\b\.?(?:,|;|$| ))")

_SHORT = re.compile(r"\(([A-Z]{2,12})\)")  # Justice for Victims of Corrupt Foreign Officials Regulations (JVCFOR)
_OTHER = re.compile(r"[^A-Za-z0-9]+")


def read(files: Files, notes: Notes) -> Content:
    """The list. Raises Malformed with the line and what was expected; an entry without any name is skipped."""
    reader = Reader(files, notes, SHAPE, "record", root="data-set", strict=False)
    found = []
    for row in reader.rows():
        one = _target(reader, row)
        if one.names:
            found.append((row.line, one))
        else:
            notes.skip(reader.file, row.line, Phrase("{id} has no name", id=one.id))
    return Content("CAN", "canada-sema", None, found)


def _target(reader: Reader, row: Element) -> Target:
    country, item = required(reader, row, "Country"), required(reader, row, "Item")
    entity, imo = row.value("Entity") or row.value("EntityOrShip"), row.value("ShipIMONumber")
    parts = (row.value("GivenName"), row.value("LastName"))
    english = country.partition(" / ")[0]
    short = _SHORT.search(english)
    title = row.value("Title") or row.value("TitleOrShip")
    return target(
        ".".join(map(_plain, (short[1] if short else english, row.value("Schedule"), item))),
        "vessel" if imo else "organisation" if entity else "person",
        (Name(entity or " ".join(part for part in parts if part)), *_aliases(row.value("Aliases"))),
        births=_births(row.value("DateOfBirth") or row.value("DateOfBirthOrShipBuildDate")),
        identifiers=(Identifier("imo", imo, label="ShipIMONumber"),) if imo else (),
        programmes=(country,),
        positions=(title,),
        listed_on=dates.iso(row.value("DateOfListing")) or "",
    )


def _plain(text: str) -> str:
    return _OTHER.sub("-", text).strip("-") or "-"


def _aliases(text: str) -> Iterator[Name]:
    return (Name(part.strip(), "alias") for part in _BETWEEN.split(text) if part.strip())


def _births(text: str) -> Iterator[Birth]:
    for part in re.split(r" or |; *", text):
        known = dates.iso(part)
        yield Birth(known or "", note="" if known else part)
