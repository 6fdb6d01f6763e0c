"""What a published sanctions list says, whoever publishes it: a list version, its targets, and what was not taken.

Words are kept as published: nothing is translated, guessed or merged here. What a field means is the publisher's; a
field that a list does not have is empty. Dates are ISO 8601 as far as they are known: `1971`, `1971-03`, `1971-03-02`,
and `1960/1965` for a range.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Literal

from msgspec import Struct

from foedus.compact.findings import Phrase

Kind = Literal["person", "organisation", "vessel", "aircraft", "unknown"]
# `weak`: an alias of low quality by the publisher's own word. `original`: the name in its own script.
NameKind = Literal["primary", "alias", "weak", "former", "original"]
IdentifierKind = Literal[
    "passport", "national_id", "tax", "inn", "ogrn", "registration", "imo", "mmsi", "call_sign", "lei", "swift", "duns",
    "isin", "wallet", "tail_number", "serial_number", "phone", "email", "website", "other",
]  # fmt: skip
# `owner`: it owns or controls this target; `owned`: this target owns or controls it; `linked`: nothing more is said.
LinkKind = Literal["owner", "owned", "operator", "family", "linked"]


class Name(Struct, frozen=True, order=True, omit_defaults=True):
    """One name. `language`: of the name or its script, in the publisher's word; `note`: what else is said of it."""

    text: str
    kind: NameKind = "primary"
    language: str = ""
    note: str = ""


class Birth(Struct, frozen=True, order=True, omit_defaults=True):
    """When and where somebody was born, or something was founded or built; `circa`: about then.

    A date that is no date stays in `note` as published.
    """

    date: str = ""
    place: str = ""
    country: str = ""
    circa: bool = False
    note: str = ""


class Identifier(Struct, frozen=True, order=True, omit_defaults=True):
    """A number that names the target. `label`: what the publisher calls it."""

    kind: IdentifierKind
    number: str
    country: str = ""
    label: str = ""
    note: str = ""


class Address(Struct, frozen=True, order=True, omit_defaults=True):
    """An address, as far as the list divides it."""

    text: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    note: str = ""


class Link(Struct, frozen=True, order=True, omit_defaults=True):
    """What a list says of this target and another: `to` is the other's id on the same list, else `name` alone is known.

    `share`: percent of ownership as published.
    """

    kind: LinkKind
    name: str = ""
    to: str = ""
    share: str = ""
    note: str = ""


class Target(Struct, frozen=True, omit_defaults=True):
    """One entry of a list. `id` is the publisher's and stays the same over its versions.

    `countries`: citizenship, nationality, registration or flag. `references`: the same listing's number elsewhere, such
    as `UN QDi.006`. `measures`: what is imposed, where the list says so for each entry.
    """

    id: str
    kind: Kind
    names: tuple[Name, ...]
    births: tuple[Birth, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    programmes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    references: tuple[str, ...] = ()
    gender: str = ""
    listed_on: str = ""
    updated_on: str = ""
    remarks: tuple[str, ...] = ()


class Note(Struct, frozen=True):
    """What somebody has to look at: at a line of a file (0: of the whole), in words."""

    file: str
    line: int
    what: Phrase

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


class Stated(Struct, frozen=True):
    """How much was read: targets, their aliases and former names, those of them that the publisher calls weak, names in
    another script, addresses, identifiers, and rows not taken."""

    targets: int
    aliases: int
    weak: int
    original: int
    addresses: int
    identifiers: int
    skipped: int


class ListVersion(Struct, frozen=True):
    """A published list as it stood on a day. `targets` are in order of their ids.

    `publisher`: who is bound to answer for it (`USA`, `UN`, `EU`, …). `list`: which of its lists (`ofac-sdn`). `as_of`:
    the day the file states, None where it states none. `digest`: SHA-256 of the canonical rows, the same whatever
    format, file or order they were read from. `skipped`: rows not taken, each with its reason; `doubts`: what was
    taken, and may not be all or may not be right.
    """

    publisher: str
    list: str
    format: str
    as_of: date | None
    digest: str
    targets: tuple[Target, ...]
    skipped: tuple[Note, ...] = ()
    doubts: tuple[Note, ...] = ()

    @property
    def counts(self) -> Stated:
        """What a publisher would count."""
        kinds = Counter(name.kind for one in self.targets for name in one.names)
        return Stated(
            targets=len(self.targets),
            aliases=kinds["alias"] + kinds["former"],
            weak=kinds["weak"],
            original=kinds["original"],
            addresses=sum(len(one.addresses) for one in self.targets),
            identifiers=sum(len(one.identifiers) for one in self.targets),
            skipped=len(self.skipped),
        )
