"""IATI 2.03 activities, read as a stream: a file larger than memory is added up activity by activity.

Outgoing pledges, commitments, disbursements and expenditure are counted, planned disbursements are scheduled. Incoming
ones are the recipient's word for the same money: evidence. Budgets are not taken: of a programme and its parts both
have one. A transaction dated after the file was made is not taken: the standard forbids it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from foedus.commitments.sources.donors import donor, of_alpha2
from foedus.commitments.sources.kiel import Said
from foedus.commitments.sources.model import KINDS, Kind, Money, Place, Row, Stage, Standing
from foedus.commitments.sources.reading import Notes, Progress, Unread, currency, euros, number, plain
from foedus.compact.findings import Phrase
from foedus.errors import Malformed

if TYPE_CHECKING:
    from typing import BinaryIO

    from lxml.etree import _Element

# Code list TransactionType. The rest are neither aid given nor its promise: interest, repayment, equity.
TRANSACTIONS: dict[str, tuple[Stage, Standing]] = {
    "2": ("committed", "counted"),
    "3": ("delivered", "counted"),
    "4": ("delivered", "counted"),
    "12": ("pledged", "counted"),
    "1": ("delivered", "evidence"),
    "11": ("committed", "evidence"),
    "13": ("pledged", "evidence"),
}
OUR_VOCABULARY = "99"  # of the reporting organisation; a kind of ours is written so, for DAC has none for arms
_GOVERNMENT = re.compile(r"([A-Z]{2})-GOV-.+")
_HUMANITARIAN = re.compile(r"7[234]\d{3}")  # DAC: emergency response, reconstruction relief, prevention
_BUDGET_SUPPORT = re.compile(r"510\d\d")


class _Activity(NamedTuple):
    """What holds for all transactions of one activity."""

    id: str
    donor: str
    currency: str
    kind: Kind
    title: str


def opened(path: Path, notes: Notes, progress: Progress | None = None) -> tuple[Said, Iterator[Row]]:
    """What the file is, and its rows as they are read. Raises Malformed when it is not IATI 2."""
    file, version, generated = _start(path)
    if not version.startswith("2."):
        file.close()
        raise Malformed(
            "{file}: version {found!r} of IATI; expected 2.03: ask the publisher for it", file=path.name, found=version
        )
    try:
        until = _date(generated) if generated else datetime.now(UTC).date()
    except Unread as problem:
        file.close()
        raise Malformed("{place}: {what}", place=f"{path.name}, generated-datetime", what=problem.what) from None
    return Said("IATI", version, until, (), frozenset()), _rows(path, file, until, notes, progress)


def _start(path: Path) -> tuple[BinaryIO, str, str]:
    """The file, and version and day of its first element. Raises Malformed when that is another one."""
    from lxml import etree

    try:
        file = path.open("rb")
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror) from None
    try:
        _, root = next(iter(etree.iterparse(file, events=("start",), resolve_entities=False, no_network=True)))
    except (etree.XMLSyntaxError, StopIteration) as problem:
        file.close()
        raise Malformed("{file}: no XML: {problem}", file=path.name, problem=problem) from None
    if root.tag != "iati-activities":
        file.close()
        raise Malformed(
            "{file}: its first element is {found!r}; expected {expected!r}",
            file=path.name,
            found=str(root.tag),
            expected="iati-activities",
        )
    file.seek(0)
    return file, root.get("version", ""), root.get("generated-datetime", "")


def _date(text: str) -> date:
    """A day. Raises Unread."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Unread(Phrase("{found!r} is no day; expected one such as 2024-02-23", found=text)) from None


def _rows(path: Path, file: BinaryIO, until: date, notes: Notes, progress: Progress | None) -> Iterator[Row]:
    from lxml import etree

    size, seen = path.stat().st_size, set[bytes]()
    with file:
        walk = etree.iterparse(
            file, events=("end",), tag="iati-activity", resolve_entities=False, no_network=True, huge_tree=True
        )
        try:
            for _, element in walk:
                _again(path.name, element, seen, notes)
                yield from _activity_rows(path.name, element, until, notes)
                element.clear()
                while element.getprevious() is not None:  # what was read before stays in the tree otherwise
                    del element.getparent()[0]
                if progress:
                    progress(file.tell(), size)
        except etree.XMLSyntaxError as problem:
            raise Malformed("{file}: no XML: {problem}", file=path.name, problem=problem) from None


def _again(file: str, element: _Element, seen: set[bytes], notes: Notes) -> None:
    """An activity whose identifier was there before is a doubt: its money may be counted twice."""
    id_ = plain(element.findtext("iati-identifier") or "")
    mark = sha256(id_.encode()).digest()[:16]  # of any length, for a million of them are kept
    if id_ and mark in seen:
        notes.doubt(
            Place(file, _line(element), "iati-identifier"), Phrase("the activity {id} is there already", id=id_)
        )
    seen.add(mark)


def _activity_rows(file: str, element: _Element, until: date, notes: Notes) -> Iterator[Row]:
    try:
        activity = _activity(element)
    except Unread as problem:
        notes.skip(Place(file, _line(element), problem.field), problem.what)
        return
    said: dict[tuple[object, ...], int] = {}
    for number_, one in enumerate(element.iterchildren("transaction", "planned-disbursement"), 1):
        try:
            if one.tag == "transaction":
                row = _transaction(file, activity, one, number_, until)
            else:
                row = _planned(file, activity, one, number_)
        except Unread as problem:
            notes.skip(Place(file, _line(one), problem.field), problem.what)
            continue
        if row.money and row.money.amount < 0:
            notes.doubt(
                row.place,
                Phrase("{found} is negative: it takes back what was said before", found=str(row.money.amount)),
            )
        same = (row.stage, row.first, row.last, row.money, row.donor, one.get("ref"))
        if (before := said.setdefault(same, number_)) != number_:
            notes.doubt(row.place, Phrase("it repeats transaction {number} of {id}", number=before, id=activity.id))
        yield row


def _line(element: _Element) -> int:
    return getattr(element, "sourceline", None) or 0  # its stubs have no type for it


def _activity(element: _Element) -> _Activity:
    """Raises Unread for one without an identifier or an organisation."""
    id_ = plain(element.findtext("iati-identifier") or "")
    if not id_:
        raise Unread(Phrase("the activity has no identifier"), "iati-identifier")
    return _Activity(
        id=id_,
        donor=_organisation(element.find("reporting-org")),
        currency=element.get("default-currency", ""),
        kind=_kind(element) or "unspecified",
        title=plain(element.findtext("title/narrative") or ""),
    )


def _organisation(element: _Element | None) -> str:
    """A state by the code of its government's organisations; any other by its identifier, else by its name."""
    if element is None:
        return ""
    return _known(plain(element.get("ref", "")), plain(element.findtext("narrative") or ""))


@lru_cache(maxsize=4096)
def _known(reference: str, name: str) -> str:
    if government := _GOVERNMENT.fullmatch(reference):
        return of_alpha2(government[1]) or reference
    if reference:
        return reference
    try:
        return donor(name)
    except Unread:
        return name  # an organisation that is no state's


def _kind(element: _Element) -> Kind | None:
    """By a sector of our own vocabulary, the humanitarian flag, or the DAC sector; None where it does not say."""
    for sector in element.iterchildren("sector"):
        code, vocabulary = sector.get("code", ""), sector.get("vocabulary", "1")
        if vocabulary == OUR_VOCABULARY:
            found = next((kind for kind in KINDS if kind == code), None)
            if found:
                return found
        elif vocabulary == "1" and _HUMANITARIAN.fullmatch(code):
            return "humanitarian"
        elif vocabulary == "1" and _BUDGET_SUPPORT.fullmatch(code):
            return "financial"
    return "humanitarian" if element.get("humanitarian") in ("1", "true") else None


def _transaction(file: str, activity: _Activity, element: _Element, number_: int, until: date) -> Row:
    type_ = element.find("transaction-type")
    code = "" if type_ is None else type_.get("code", "")
    if code not in TRANSACTIONS:
        raise Unread(
            Phrase(
                "type {found!r} is no promise or delivery; taken are {known}", found=code, known=", ".join(TRANSACTIONS)
            ),
            "transaction-type",
        )
    day_of = element.find("transaction-date")
    day = _in("transaction-date", "" if day_of is None else day_of.get("iso-date", ""))
    if day > until:
        raise Unread(
            Phrase("dated {found}, after the file was made on {until}", found=day.isoformat(), until=until.isoformat()),
            "transaction-date",
        )
    stage, standing = TRANSACTIONS[code]
    provider = _organisation(element.find("provider-org")) or activity.donor
    if not provider:
        raise Unread(Phrase("no organisation is named that gives"), "provider-org")
    return _row(
        activity,
        element,
        (file, f"{activity.id}/{element.get('ref') or number_}/{code}"),
        (stage, standing),
        (day, day),
        provider,
    )


def _planned(file: str, activity: _Activity, element: _Element, number_: int) -> Row:
    start, end = (element.find(name) for name in ("period-start", "period-end"))
    first = _in("period-start", "" if start is None else start.get("iso-date", ""))
    last = first if end is None else _in("period-end", end.get("iso-date", ""))
    if last < first:
        raise Unread(Phrase("{last} lies before {first}", last=last.isoformat(), first=first.isoformat()), "period-end")
    provider = _organisation(element.find("provider-org")) or activity.donor
    return _row(
        activity, element, (file, f"{activity.id}/{number_}/planned"), ("scheduled", "counted"), (first, last), provider
    )


def _in(field: str, text: str) -> date:
    try:
        return _date(text)
    except Unread as problem:
        raise Unread(problem.what, field) from None


def _row(
    activity: _Activity,
    element: _Element,
    named: tuple[str, str],
    standing: tuple[Stage, Standing],
    when: tuple[date, date],
    giver: str,
) -> Row:
    file, id_ = named
    value = element.find("value")
    try:
        amount = number(value.text or "" if value is not None else "")
        code = currency((value.get("currency") if value is not None else None) or activity.currency)
    except Unread as problem:
        raise Unread(problem.what, "value") from None
    if amount is None:
        raise Unread(Phrase("no amount is stated"), "value")
    in_euros = code == "EUR"
    return Row(
        id=id_,
        donor=giver,
        kind=_kind(element) or activity.kind,
        stage=standing[0],
        first=when[0],
        last=when[1],
        money=Money(amount, code),
        eur=euros(amount) if in_euros else None,
        rate=Decimal(1) if in_euros else None,
        item=activity.title,
        standing=standing[1],
        place=Place(file, _line(element)),
    )
