"""IATI 2.03 activities that validate against the published schema: one for each package, with what IATI can carry.

docs/trackers.md lists what it cannot; whatever of a source is not written is returned with its reason. Of rows that
are only evidence nothing is written: the money is another's statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from foedus.commitments.sources.donors import INSTITUTIONS, donor_name
from foedus.commitments.sources.iati import OUR_VOCABULARY
from foedus.commitments.sources.model import Note, Row, Stage
from foedus.compact.findings import Phrase

if TYPE_CHECKING:
    from lxml.etree import _Element

VERSION = "2.03"
TYPES: dict[Stage, str] = {"pledged": "12", "committed": "2", "delivered": "3"}
GOVERNMENT, MULTILATERAL = "10", "40"
IMPLEMENTATION = "2"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Reporter(NamedTuple):
    """Who publishes the file: its identifier by org-id.guide, its name. `recipient`: ISO 3166 alpha-2, or nothing."""

    ref: str
    name: str
    recipient: str = ""


def to_iati(rows: Iterable[Row], reporter: Reporter, made: date) -> tuple[bytes, tuple[Note, ...]]:
    """The file, and what of the rows is not in it. `made`: its day; nothing that happens later may be a transaction."""
    from lxml import etree

    root = etree.Element("iati-activities", {"version": VERSION, "generated-datetime": f"{made}T00:00:00Z"})
    lost: list[Note] = []
    ordered = sorted(rows, key=lambda row: (_package(row), row.donor))
    for (package, donor), several in groupby(ordered, key=lambda row: (_package(row), row.donor)):
        kept = list(_writable(several, made, lost))
        if kept:
            root.append(_activity(package, donor, kept, reporter, made))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True), tuple(lost)


def _package(row: Row) -> str:
    return row.id.partition("#")[0]


def _pays(row: Row) -> bool:
    """Whether its money is written: that of a detail stands in the row of which it is a part."""
    return row.money is not None and row.standing == "counted"


def _counts(row: Row) -> bool:
    """Whether its units are written: an exact number of something that has a name."""
    return row.quantity is not None and row.quantity.exact is not None and bool(row.category or row.item)


def _writable(rows: Iterable[Row], made: date, lost: list[Note]) -> Iterator[Row]:
    """The rows that say something IATI can carry; of the rest why not."""
    for row in rows:
        why: Phrase | None = None
        if row.standing == "evidence":
            why = Phrase("evidence is another’s statement")
        elif row.first is None or row.last is None:
            why = Phrase("IATI has no activity or transaction without its day")
        elif row.stage == "returned":
            why = Phrase("IATI has no transaction for what is given back")
        elif row.stage in TYPES and row.last > made:
            why = Phrase("dated {found}; a transaction may not lie in the future", found=row.last.isoformat())
        elif not _pays(row) and not _counts(row):
            why = Phrase("neither an amount that counts nor an exact number of something named is stated")
        if why:
            lost.append(Note(row.place, why))
            continue
        if row.quantity is not None and not _counts(row):
            lost.append(Note(row.place, Phrase("its units: IATI counts exact numbers of something named")))
        yield row


def _activity(package: str, donor: str, rows: Sequence[Row], reporter: Reporter, made: date) -> _Element:
    """The elements in the order of the schema."""
    from lxml import etree

    one = etree.Element("iati-activity", {XML_LANG: "en", "default-currency": "EUR"})
    if any(row.kind == "humanitarian" for row in rows):
        one.set("humanitarian", "1")
    etree.SubElement(one, "iati-identifier").text = f"{reporter.ref}-{package}-{donor}".replace("/", "-").replace(
        " ", "-"
    )
    publisher = etree.SubElement(one, "reporting-org", ref=reporter.ref, type=MULTILATERAL)
    publisher.set("secondary-reporter", "1")
    _narrative(publisher, reporter.name)
    _narrative(etree.SubElement(one, "title"), rows[0].item or f"{rows[0].kind}: {donor_name(donor)}")
    _narrative(etree.SubElement(one, "description"), f"{donor_name(donor)}: {rows[0].kind}, {package}")
    of = etree.SubElement(one, "participating-org", role="1", type=_type(donor))
    _narrative(of, donor_name(donor))
    etree.SubElement(one, "activity-status", code=IMPLEMENTATION)
    first = min(row.first for row in rows if row.first)
    start = {"iso-date": first.isoformat(), "type": "2" if first <= made else "1"}  # actual, or planned
    etree.SubElement(one, "activity-date", start)
    if reporter.recipient:
        etree.SubElement(one, "recipient-country", code=reporter.recipient)
    _sectors(one, rows)
    _money(one, rows, donor)
    _units(one, rows)
    return one


def _narrative(to: _Element, text: str) -> None:
    from lxml import etree

    etree.SubElement(to, "narrative").text = text


def _type(donor: str) -> str:
    return MULTILATERAL if donor in INSTITUTIONS else GOVERNMENT


def _sectors(one: _Element, rows: Sequence[Row]) -> None:
    """Kinds in a vocabulary of the publisher's own; of several each the same part, as the schema wants a sum of 100."""
    from lxml import etree

    kinds = sorted({row.kind for row in rows})
    if len(kinds) == 1:
        _narrative(etree.SubElement(one, "sector", code=kinds[0], vocabulary=OUR_VOCABULARY), kinds[0])


def _money(one: _Element, rows: Sequence[Row], donor: str) -> None:
    """Budgets for what is allocated, planned disbursements for what is scheduled, transactions for the rest."""
    from lxml import etree

    paid = [row for row in rows if _pays(row)]
    for row in (row for row in paid if row.stage == "allocated"):
        budget = etree.SubElement(one, "budget", type="1", status="2")
        _period_and_value(budget, row)
    for row in (row for row in paid if row.stage == "scheduled"):
        planned = etree.SubElement(one, "planned-disbursement", type="1")
        _period_and_value(planned, row)
        _narrative(etree.SubElement(planned, "provider-org", type=_type(donor)), donor_name(donor))
    for row in (row for row in paid if row.stage in TYPES):
        transaction = etree.SubElement(one, "transaction", ref=f"{row.id}/{row.stage}")
        etree.SubElement(transaction, "transaction-type", code=TYPES[row.stage])
        etree.SubElement(transaction, "transaction-date", {"iso-date": _iso(row.last)})
        _value(transaction, row)
        _narrative(etree.SubElement(transaction, "provider-org", type=_type(donor)), donor_name(donor))
        if len({each.kind for each in rows}) > 1:
            etree.SubElement(transaction, "sector", code=row.kind, vocabulary=OUR_VOCABULARY)


def _period_and_value(to: _Element, row: Row) -> None:
    from lxml import etree

    etree.SubElement(to, "period-start", {"iso-date": _iso(row.first)})
    etree.SubElement(to, "period-end", {"iso-date": _iso(row.last)})
    _value(to, row)


def _value(to: _Element, row: Row) -> None:
    from lxml import etree

    assert row.money is not None, "only what has an amount is written"
    value = etree.SubElement(to, "value", {"currency": row.money.currency, "value-date": _iso(row.last)})
    value.text = format(row.money.amount, "f")


def _iso(day: date | None) -> str:
    assert day is not None, "only what is dated is written"
    return day.isoformat()


def _units(one: _Element, rows: Sequence[Row]) -> None:
    """Units as results: what was promised is the target of an indicator, what was delivered its actual value."""
    from lxml import etree

    for row in filter(_counts, rows):
        assert row.quantity is not None, "only what has a quantity is counted"
        result = etree.SubElement(one, "result", {"type": "1", "aggregation-status": "0"})
        _narrative(etree.SubElement(result, "title"), row.item or row.category)
        indicator = etree.SubElement(result, "indicator", measure="1")
        _narrative(etree.SubElement(indicator, "title"), row.category or row.item)
        period = etree.SubElement(indicator, "period")
        etree.SubElement(period, "period-start", {"iso-date": _iso(row.first)})
        etree.SubElement(period, "period-end", {"iso-date": _iso(row.last)})
        name = "actual" if row.stage == "delivered" else "target"
        etree.SubElement(period, name, value=format(row.quantity.low, "f"))
