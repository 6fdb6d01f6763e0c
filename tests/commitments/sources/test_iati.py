"""IATI read as a stream: whose money, which stage, what is not taken and why; and a file that reads like its rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from foedus.commitments.sources import read
from foedus.commitments.sources.rates import at_event_date
from foedus.commitments.sources.totals import totals
from foedus.errors import Malformed
from tests.commitments.sources.real import DATA, needs_files


def transaction(type_: str, day: str, value: str, currency: str = "EUR", more: str = "") -> str:
    return (
        f"<transaction><transaction-type code='{type_}'/><transaction-date iso-date='{day}'/>"
        f"<value currency='{currency}' value-date='{day}'>{value}</value>{more}</transaction>"
    )


def activities(*transactions: str, head: str = "") -> bytes:
    return (
        "<iati-activities version='2.03' generated-datetime='2024-06-01T00:00:00Z'>"
        "<iati-activity default-currency='EUR'><iati-identifier>A-1</iati-identifier>"
        "<reporting-org ref='LV-GOV-1' type='10'><narrative>Latvia</narrative></reporting-org>"
        f"<title><narrative>Aid</narrative></title>{head}{''.join(transactions)}</iati-activity></iati-activities>"
    ).encode()


def read_of(tmp_path, data: bytes):
    path = tmp_path / "a.xml"
    path.write_bytes(data)
    return read(path)


def test_outgoing_money_is_counted_and_incoming_is_evidence(tmp_path):
    given = [transaction(type_, "2024-03-01", "5") for type_ in ("12", "2", "3", "4", "1", "11", "13")]
    found = read_of(tmp_path, activities(*given))
    sums = totals(found.rows, ("donor",))
    assert {line.stage: (line.key, line.eur) for line in sums.lines} == {
        "pledged": (("LVA",), Decimal(5)),
        "committed": (("LVA",), Decimal(5)),
        "delivered": (("LVA",), Decimal(10)),
    }
    assert sum(row.standing == "evidence" for row in found.rows) == 3


@pytest.mark.parametrize(
    ("one", "what"),
    [
        (transaction("2", "2024-06-02", "5"), "dated 2024-06-02, after the file was made on 2024-06-01"),
        (transaction("2", "2024-02-30", "5"), "'2024-02-30' is no day"),
        (transaction("6", "2024-03-01", "5"), "type '6' is no promise or delivery"),
        (transaction("2", "2024-03-01", "5", "XYZ"), "'XYZ' is no currency"),
        (transaction("2", "2024-03-01", "five"), "'five' is no number"),
        (transaction("2", "2024-03-01", ""), "no amount is stated"),
    ],
)
def test_a_transaction_that_is_not_taken_is_named(tmp_path, one, what):
    found = read_of(tmp_path, activities(transaction("2", "2024-03-01", "7"), one))
    assert [str(row.eur) for row in found.rows] == ["7.00"]
    assert [str(note.what).startswith(what) for note in found.skipped] == [True]
    assert found.skipped[0].place.sheet == "a.xml"


def test_what_is_taken_back_lowers_the_sum_and_is_a_doubt(tmp_path):
    found = read_of(tmp_path, activities(transaction("2", "2024-03-01", "7"), transaction("2", "2024-04-01", "-3")))
    assert totals(found.rows).eur("committed") == 4
    assert [str(one.what) for one in found.doubts] == ["-3 is negative: it takes back what was said before"]


def test_the_kind_by_sector_or_flag(tmp_path):
    ours = activities(transaction("2", "2024-03-01", "7"), head="<sector vocabulary='99' code='air-defence'/>")
    relief = activities(transaction("2", "2024-03-01", "7"), head="<sector code='72010'/>")
    budget = activities(transaction("2", "2024-03-01", "7"), head="<sector vocabulary='1' code='51010'/>")
    other = activities(transaction("2", "2024-03-01", "7"), head="<sector code='11110'/>")
    kinds = [read_of(tmp_path, data).rows[0].kind for data in (ours, relief, budget, other)]
    assert kinds == ["air-defence", "humanitarian", "financial", "unspecified"]


def test_other_currencies_stay_apart_until_a_rate_is_asked_for(tmp_path):
    rows = read_of(
        tmp_path, activities(transaction("2", "2024-03-02", "108", "USD"), transaction("2", "2024-03-02", "9", "UAH"))
    ).rows
    assert totals(rows).lines[0].unconverted == {"USD": Decimal(108), "UAH": Decimal(9)}
    (line,) = totals(at_event_date(rows)).lines
    assert Decimal(99) < line.eur < Decimal(101), "at the rate of Friday, for a Saturday"
    assert line.unconverted == {"UAH": Decimal(9)}, "the bank has no rate of the hryvnia"


def test_a_file_cut_short_is_refused_and_gives_nothing(tmp_path):
    whole = activities(transaction("2", "2024-03-01", "7"))
    with pytest.raises(Malformed, match="no XML"):
        read_of(tmp_path, whole[:-30])


def test_an_entity_is_not_opened(tmp_path):
    (tmp_path / "secret").write_text("7", "utf-8")
    evil = b"<!DOCTYPE x [<!ENTITY e SYSTEM 'secret'>]>" + activities(transaction("2", "2024-03-01", "&e;"))
    with pytest.raises(Malformed):
        read_of(tmp_path, evil)


@needs_files
def test_the_example_of_the_standard():
    rows = read(DATA / "iati/examples/activity-standard-example-annotated.xml").rows
    assert [(row.stage, row.standing, row.first) for row in rows] == [
        ("scheduled", "counted", date(2014, 1, 1)),
        ("scheduled", "counted", date(2014, 1, 1)),
        ("delivered", "evidence", date(2012, 1, 1)),
    ]


def test_the_same_transaction_and_the_same_activity_twice_are_doubts(tmp_path):
    one = transaction("2", "2024-01-31", "100")
    again = activities(one, one)
    start = again.index(b"<iati-activity ") if b"<iati-activity " in again else again.index(b"<iati-activity>")
    end = again.index(b"</iati-activity>") + len(b"</iati-activity>")
    found = read_of(tmp_path, again[:end] + again[start:])
    said = [str(each.what) for each in found.doubts]
    assert [each.startswith("it repeats transaction 1 of") for each in said] == [True, False, True]
    assert said[1].endswith("is there already")


def test_a_planned_disbursement_that_ends_before_it_begins_is_not_taken(tmp_path):
    planned = (
        '<planned-disbursement><period-start iso-date="2024-03-01"/><period-end iso-date="2024-02-01"/>'
        '<value currency="EUR" value-date="2024-02-01">5</value></planned-disbursement>'
    )
    found = read_of(tmp_path, activities(transaction("2", "2024-01-31", "100"), planned))
    assert [row.stage for row in found.rows] == ["committed"]
    assert [(one.place.column, str(one.what)) for one in found.skipped] == [
        ("period-end", "2024-02-01 lies before 2024-03-01")
    ]
