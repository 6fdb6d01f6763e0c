"""The sheets of a workbook: one for each act, whose columns are the act's own fields.

They are made of the acts themselves, so that a field which an act gains is a column at once. A quantity takes several
columns; evidence is written in words, for a workbook carries no files.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from foedus.commitments import acts
from foedus.commitments.acts import CommitmentAct, Quantity
from foedus.response.acts import Evidence

# How a cell is read. `reference`: the id of a subject of the record, or the name of a row above; `several`: codes with
# commas between them; `words`: free text, which is attached and stands on no entry.
Reads = Literal[
    "name", "reference", "code", "amount", "unit", "currency", "word", "several", "day", "moment", "whole", "yes_no",
    "words",
]  # fmt: skip

NAME = "name"
HOWS = ("photograph", "radar", "wreckage", "satellite", "witness", "report", "other")
# Which list of the record a field draws on.
LISTS = {
    "agreement": "agreement", "clause": "clause", "obligation": "obligation", "pledge": "obligation", "under": "under",
    "allocation": "allocation", "delivery": "delivery", "subject": "figure", "offer": "offer", "request": "request",
    "owed_to": "party", "funder": "party", "supplier": "party", "deliverer": "party", "relieved": "party",
    "maker": "party", "condition": "condition", "conditions": "condition", "unit": "unit", "currency": "currency",
    "capability": "capability",
}  # fmt: skip
REFERENCES = {"obligation", "under", "allocation", "delivery", "figure", "offer", "request"}


class Column(Struct, frozen=True):
    """A column by its header. `of`: the field of the act to which it belongs; `choices`: the words it may hold;
    `listed`: the list of the record from which it is chosen.
    """

    header: str
    of: str
    reads: Reads
    needed: bool
    choices: tuple[str, ...] = ()
    listed: str = ""


class Sheet(Struct, frozen=True):
    """A sheet by its name, and the act that each of its rows is."""

    name: str
    act: type[Any]
    columns: tuple[Column, ...]

    def column(self, header: str) -> Column:
        """The column with this header."""
        return next(one for one in self.columns if one.header == header)


def _columns(act: type[Any]) -> Iterator[Column]:
    yield Column(NAME, "", "name", False)
    hints = get_type_hints(act)
    for field in msgspec.structs.fields(act):
        kind, needed = hints[field.name], field.required
        if kind in (Quantity, Quantity | None):
            yield from _quantity(field.name, needed)
        elif _inner(kind) is Evidence:
            yield Column("evidence", field.name, "words", True)
            yield Column("evidence_how", field.name, "word", True, HOWS)
        else:
            yield _plain(field.name, kind, needed)


def _quantity(of: str, needed: bool) -> Iterator[Column]:
    """How much, and of what. A value is money, and is said in a currency."""
    valued, level = get_args(acts.ValuedAs), get_args(Literal["met", "not_met"])
    if of == "value":
        yield Column("value", of, "amount", False)
        yield Column("currency", of, "currency", False, listed="currency")
        yield Column("value_price_date", of, "day", False)
        yield Column("value_valued", of, "word", False, valued)
        return
    yield Column("amount", of, "amount", False)
    yield Column("at_least", of, "amount", False)
    yield Column("at_most", of, "amount", False)
    yield Column("attested", of, "word", False, level)
    yield Column("unit", of, "unit", needed, listed="unit")
    yield Column("price_date", of, "day", False)
    yield Column("valued", of, "word", False, valued)


def _plain(name: str, kind: Any, needed: bool) -> Column:
    several, inner = _is_tuple(kind), _inner(kind)
    listed = LISTS.get(name, "")
    if get_origin(inner) is Literal:
        return Column(name, name, "several" if several else "word", needed, get_args(inner))
    if several:
        return Column(name, name, "several", needed, listed=listed)
    plain: dict[Any, Reads] = {date: "day", datetime: "moment", int: "whole", bool: "yes_no"}
    if inner in plain:
        return Column(name, name, plain[inner], needed or inner is bool)  # an answer left out is none
    if name in ("minimum", "target"):
        return Column(name, name, "amount", needed)
    if name == "unit":
        return Column(name, name, "unit", needed, listed=listed)
    return Column(name, name, "reference" if listed in REFERENCES else "code", needed, listed=listed)


def _is_tuple(kind: Any) -> bool:
    kind = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    return get_origin(kind) is tuple


def _inner(kind: Any) -> Any:
    """The type without what annotates it, without None, and of a tuple that of its items."""
    if get_origin(kind) is Annotated:
        return _inner(get_args(kind)[0])
    if get_origin(kind) is tuple:
        return _inner(get_args(kind)[0])
    found = [one for one in get_args(kind) if one is not type(None)]
    if get_origin(kind) is not Literal and len(found) == 1 and type(None) in get_args(kind):
        return _inner(found[0])
    return kind


_NAMES: tuple[tuple[str, type[Any]], ...] = (
    ("Obligations", acts.UndertakeObligation),
    ("Conditions", acts.SettleCondition),
    ("Tranches", acts.ScheduleTranche),
    ("Requests", acts.RequestPerformance),
    ("Links", acts.LinkPledge),
    ("Allocations", acts.Allocate),
    ("Deliveries", acts.ReportDelivery),
    ("Receipts", acts.ConfirmReceipt),
    ("Disputes", acts.DisputeReceipt),
    ("Verifications", acts.VerifyDelivery),
    ("Returns", acts.ReturnDelivery),
    ("Transfers", acts.TransferFunding),
    ("Corrections", acts.CorrectFigure),
    ("Requirements", acts.StateRequirement),
    ("Offers", acts.OfferSupply),
    ("Consent asked", acts.RequestReexport),
    ("Consent given", acts.AnswerReexport),
)
# In this order rows are taken: what is owed comes before what comes of it.
SHEETS: tuple[Sheet, ...] = tuple(Sheet(name, act, tuple(_columns(act))) for name, act in _NAMES)
BY_NAME = {one.name.casefold(): one for one in SHEETS}
assert {one.act for one in SHEETS} == set(get_args(CommitmentAct)) - {acts.RecordOverdue}, "each act has a sheet"
ABOUT, CHOICES = "About", "Lists"
