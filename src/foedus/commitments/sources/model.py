"""One shape for what any tracker says of commitments: rows, the figures it printed itself, and the vintage of both.

A row says what its source says and no more. What is not disclosed is a range; what is not stated is absent, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Literal

import msgspec
from msgspec import Struct

from foedus.compact.findings import Phrase

# Three that trackers know, then those that agreements name; `unspecified` where the source does not say.
Kind = Literal[
    "military", "financial", "humanitarian",
    "arms", "industry", "intelligence", "training", "exercises", "air-defence", "infrastructure", "technical",
    "informational", "reconstruction", "black-sea", "unspecified",
]  # fmt: skip
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]  # of a Literal, unknown to its type

# Stages are never added together: what is delivered was committed before.
Stage = Literal["pledged", "committed", "scheduled", "allocated", "delivered", "returned"]
STAGES: tuple[Stage, ...] = Stage.__args__  # type: ignore[attr-defined]  # the same

# How a value was found: as the source reports it, by a list of prices, by an estimate; `none`: it was not found.
Basis = Literal["reported", "price_list", "estimate", "none"]

# Whether a row's money enters totals. `detail`: it is part of what another row counts. `evidence`: somebody else's
# word for the same thing, such as a register of arms transfers or the recipient's own report.
Standing = Literal["counted", "detail", "evidence"]

UNDATED = "undated"


class Place(Struct, frozen=True):
    """Where in the source: a sheet or a file, a row counted from 1, a column by its letters or its name."""

    sheet: str
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        return f"{self.sheet}{row}, column {self.column}" if self.column else f"{self.sheet}{row}"


class Money(Struct, frozen=True):
    """An amount in a currency of ISO 4217, and how it was found."""

    amount: Decimal
    currency: str
    basis: Basis = "reported"


class Quantity(Struct, frozen=True):
    """How many: exact when low and high agree; `high` None where there is no upper bound.

    `said`: what the source wrote in place of a number (`undisclosed`, `dozens`).
    """

    low: Decimal
    high: Decimal | None
    said: str = ""

    @property
    def exact(self) -> Decimal | None:
        """The number, where it is one."""
        return self.low if self.low == self.high else None


class Row(Struct, frozen=True, kw_only=True):
    """What a source says once: of a donor, a stage, and money, units or both.

    `id`: as the source names it, with the line within a package. `first` and `last`: the days between which it
    happened; a month has both, `until 3 May` only the last, an undated row none. `eur`: euros and cents by the
    source's own conversion; `rate`: units of the currency to the euro that it used.
    """

    id: str
    donor: str
    kind: Kind
    stage: Stage
    first: date | None = None
    last: date | None = None
    money: Money | None = None
    eur: Decimal | None = None
    rate: Decimal | None = None
    item: str = ""
    category: str = ""
    quantity: Quantity | None = None
    standing: Standing = "counted"
    place: Place

    @property
    def year(self) -> str:
        """`2024`, or `undated` where the source does not put it in one year."""
        if self.first is None or self.last is None or self.first.year != self.last.year:
            return UNDATED
        return str(self.first.year)

    @property
    def month(self) -> str:
        """`2024-02`, or `undated`."""
        if self.year == UNDATED or self.first is None or self.last is None or self.first.month != self.last.month:
            return UNDATED
        return f"{self.first.year}-{self.first.month:02}"

    @property
    def content(self) -> tuple[object, ...]:
        """What the row says, without where it stands: two rows of equal content say the same."""
        return (
            self.id, self.donor, self.kind, self.stage, self.first, self.last, self.money, self.eur, self.rate,
            self.item, self.category, self.quantity, self.standing,
        )  # fmt: skip


class Figure(Struct, frozen=True):
    """A figure that the source printed itself, to be compared and never added: its name, whose, how much, where.

    Money is in euros, `pct_…` in per cent, units as they are. `donor` empty: of all.
    """

    name: str
    donor: str
    value: Decimal
    place: Place


class Note(Struct, frozen=True):
    """What is to be said of a place: why a row was not taken, or why it may not be right."""

    place: Place
    what: Phrase

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class Vintage(Struct, frozen=True):
    """A source as it stood on a day, kept for ever; a later release is another vintage.

    `data_until`: the day up to which it has data, None where it does not say. `digest`: SHA-256 of the rows, the same
    in whatever order they came. `members`: whom it calls members of the European Union, as codes; empty where it does
    not say. `skipped`: every row not taken, with its reason; `doubts`: what was taken and may not be right.
    """

    publisher: str
    release: str
    form: str
    data_until: date | None
    digest: str
    rows: tuple[Row, ...]
    figures: tuple[Figure, ...] = ()
    members: frozenset[str] = frozenset()
    skipped: tuple[Note, ...] = ()
    doubts: tuple[Note, ...] = ()

    def figure(self, name: str, donor: str = "") -> Figure | None:
        """The first figure of that name, None where the source printed none."""
        return next((one for one in self.figures if (one.name, one.donor) == (name, donor)), None)

    def by_donor(self, name: str) -> Mapping[str, Decimal]:
        """The figures of that name by donor; of several the first."""
        found: dict[str, Decimal] = {}
        for one in self.figures:
            if one.name == name and one.donor:
                found.setdefault(one.donor, one.value)
        return found


def digest_of(rows: Iterable[Row]) -> str:
    """SHA-256 over the rows' own digests in order of those, so that order and place do not matter.

    32 bytes a row are held, whatever their length. Numbers are hashed by their value: 5 and 5.00 are the same.
    """
    encode = msgspec.msgpack.Encoder().encode
    return sha256(b"".join(sorted(sha256(encode(_by_value(row.content))).digest() for row in rows))).hexdigest()


def _by_value(content: object) -> object:
    """The same with every number in one way of writing it."""
    if isinstance(content, Decimal):
        return format(content.normalize(), "f")
    if isinstance(content, tuple):
        return tuple(map(_by_value, content))
    return _by_value(msgspec.structs.astuple(content)) if isinstance(content, Struct) else content
