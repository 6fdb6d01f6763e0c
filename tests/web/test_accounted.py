"""The record's own account in figures: what is not disclosed is a range, shares under four denominators with and
without what a union gave, months, the map, and each as table, CSV, SVG and PNG at an address that stays.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any, cast
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.commitments.acts import (
    Allocate,
    Binding,
    ConfirmReceipt,
    Kind,
    Quantity,
    ReportDelivery,
    ScheduleTranche,
    TransferFunding,
    UndertakeObligation,
)
from foedus.commitments.state import Bounds
from foedus.parties.acts import EnrolSeat, SignText
from foedus.vintages import Measure, keep_products
from foedus.web.accounted import ends
from foedus.web.figures import OWN
from foedus.web.figures.own import ranged
from foedus.web.moments import iso
from tests.web.small_exercise import SEATS, Reader, Small, console, view
from tests.web.small_tracker import FIRST, kept, with_products

MILLION = "000000"
FIGURES = set(OWN)
PROVISIONS: dict[Kind, str] = {
    "financial": "sums.1", "arms_transfers": "P2.arms", "training": "P2.training",
    "intelligence": "P2.intelligence",
}  # fmt: skip
HEAD = "Country Name,Country Code,Year,Value\n"


def table(measure: Measure, **values: int) -> tuple[Measure, bytes]:
    """A table of a measure in the World Bank's form, made here."""
    rows = [f"Somewhere,{code},{year},{value}\n" for code, value in values.items() for year in (2019, 2020)]
    return measure, (HEAD + "".join(rows)).encode()


def owe(made: Small) -> None:
    """The Union gives 100 million of which Poland takes 30 over as its share. Poland owes 20 million in
    arms and at least 10 of training; the United Kingdom 5 to 8 million in arms, intelligence that it does not disclose,
    and 12 howitzers of which 4 came.
    """
    text, day = made.depositary.clauses, made.at.date()
    made.do("EUE/head", SignText(text.compact.id, text.digest, "wider"))
    for role in SEATS:
        made.do("EUE/head", EnrolSeat("EUE", role, made.keys.public_of(f"EUE/{role}")))

    def owes(party: str, kind: Kind, quantity: Quantity, basis: Any = "fixed") -> None:
        of, binding = ("ukr-eue-2024", "political") if party == "EUE" else (text.compact.id, "legal")
        body = UndertakeObligation(of, PROVISIONS[kind], kind, basis, quantity, cast("Binding", binding), "UKR", day)
        made.do(f"{party}/defence", body)

    owes("EUE", "financial", Quantity("EUR", f"100{MILLION}"))
    owes("POL", "arms_transfers", Quantity("EUR", f"20{MILLION}"))
    owes("POL", "training", Quantity("EUR", f"10{MILLION}"), "at_least")
    owes("GBR", "arms_transfers", Quantity("EUR", low=f"5{MILLION}", high=f"8{MILLION}"))
    owes("GBR", "intelligence", Quantity("EUR"))
    owes("GBR", "arms_transfers", Quantity("howitzer", "12"), "units")
    made.do("EUE/defence", Allocate("O-1", Quantity("EUR", f"100{MILLION}"), "stock", "EUE", "EUE", "EUE"))
    made.do("POL/defence", Allocate("O-2", Quantity("EUR", f"20{MILLION}"), "stock", "POL", "POL", "POL"))
    made.do("POL/foreign", TransferFunding("EUE", Quantity("EUR", f"30{MILLION}"), "share", "O-1/A-1"))
    made.do("GBR/defence", ScheduleTranche("O-6", Quantity("howitzer", "12"), day + timedelta(days=20)))
    made.do("GBR/defence", Allocate("O-6/T-1", Quantity("howitzer", "12"), "stock", "GBR", "GBR", "GBR"))
    made.later(days=40)
    made.do("GBR/defence", ReportDelivery("O-6/T-1/A-1", Quantity("howitzer", "4"), made.at.date()))
    made.do("GBR/defence", ReportDelivery("O-6/T-1/A-1", Quantity("howitzer", attested="not_met"), made.at.date()))
    made.do("UKR/defence", ConfirmReceipt("O-6/T-1/A-1/D-1"))


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Iterator[Small]:
    made = Small(tmp_path_factory.mktemp("accounted") / "record")
    owe(made)
    for measure, data in (table("gdp", POL=10**11, GBR=10**12), table("population", POL=4 * 10**7)):
        keep_products(made.depositary.store, made.at, f"{measure}.csv", data, "made here", measure)
    made.later(days=1)
    yield made
    made.depositary.close()


def rows(reader: Reader, query: str, name: str, key: str = "party") -> dict[str, Any]:
    return {row[key]: row for row in view(reader, f"/commitments/account?{query}")["tables"][name]}


def test_without_a_vintage_the_overview_is_the_record_s_own_account(reader):
    said = reader.words("/commitments")
    assert "6 obligations; 1 tranche is overdue" in said
    assert "EXERCISE" in said
    assert "No tracker’s vintage is kept here" in said
    assert FIGURES == set(view(reader, "/commitments")["tables"]) == set(view(reader, "/commitments/account")["tables"])


def test_what_is_not_disclosed_is_a_range_and_never_nothing(reader):
    found = rows(reader, "stage=committed", "own-parties")
    assert {party: (row["low"], row["high"], row["open"]) for party, row in found.items()} == {
        "EUE": (f"100{MILLION}", f"100{MILLION}", 0), "POL": (f"30{MILLION}", f"30{MILLION}", 1),
        "GBR": (f"5{MILLION}", f"8{MILLION}", 1),
    }  # fmt: skip
    said = reader.words("/commitments/account?kind=intelligence")
    assert "not disclosed" in said
    assert "United Kingdom: not disclosed" in said
    delivered = rows(reader, "stage=delivered&unit=howitzer", "own-parties")
    assert (delivered["GBR"]["low"], delivered["GBR"]["open"]) == ("4", 1)  # attested as not met: it is not nothing
    assert "4 or more" in reader.words("/commitments/account?stage=delivered&unit=howitzer")


amounts = st.builds(Bounds, st.integers(-9, 99).map(Decimal), st.integers(-9, 99).map(Decimal), st.integers(0, 2))


@given(st.lists(amounts, min_size=1, max_size=4))
def test_a_bar_is_as_long_as_what_is_certain_and_its_whisker_begins_there(parts):
    drawn, (low, high) = ranged("one", parts, "said"), ends(reduce(Bounds.plus, parts))
    length = sum((Decimal(part or 0) for part in drawn.parts), Decimal(0))
    assert length == max(Decimal(0), low)
    if drawn.low is None or drawn.high is None:
        assert low == high
        assert not any(part.open for part in parts)
    else:
        assert length == Decimal(drawn.low) <= Decimal(drawn.high) == max(Decimal(0), high)
    assert drawn.open == any(part.open for part in parts)


def test_parts_add_up_to_the_whole_in_every_figure(reader):
    kinds = PROVISIONS.keys()
    parties, years = (view(reader, "/commitments/account")["tables"][name] for name in ("own-parties", "own-years"))
    months = view(reader, "/commitments/account")["tables"]["own-months"]
    for several in (parties, years, months):
        assert sum(Decimal(row["low"]) for row in several) == 135_000_000
        for row in several:
            assert sum(Decimal(row[kind]) for kind in kinds) == Decimal(row["low"])
    grown = view(reader, "/commitments/account")["tables"]["own-cumulative"][-1]
    assert (grown["committed_low"], grown["committed_high"], grown["committed_open"]) == ("135000000", "138000000", 2)


def test_shares_are_said_under_four_denominators_with_and_without_the_union_s(reader):
    found = rows(reader, "stage=allocated", "own-shares")
    euros = {party: (row["total_alone_low"], row["total_with_share_low"]) for party, row in found.items()}
    assert euros == {"EUE": (f"100{MILLION}", f"70{MILLION}"), "POL": (f"20{MILLION}", f"50{MILLION}")}
    poland = found["POL"]
    assert Decimal(poland["gdp_with_share_low"]) == pytest.approx(Decimal(poland["gdp_alone_low"]) * Decimal("2.5"))
    assert (poland["population_alone_low"], poland["population_with_share_low"]) == ("0.5", "1.25")
    assert all(poland[f"defence_{form}_{end}"] is None for form in ("alone", "with_share") for end in ("low", "high"))
    assert found["EUE"]["gdp_alone_low"] is None
    said = reader.words("/commitments/account?stage=allocated&per=population")
    for expected in (
        "Poland: the most by EUR per head, 2020, 1.25", "by itself", "its share in what European Union gave",
        "Not found of: European Union.", "population.csv, kept on", "made here",
        "Not found, as no table is kept here: per cent of defence spending (foedus import defence FILE",
    ):  # fmt: skip
        assert expected in said, expected
    assert "Nobody’s share is found" in reader.words("/commitments/account?stage=allocated&per=defence")
    sums = (Decimal(row["total_alone_low"]) for row in found.values())
    assert sum(sums) == sum(Decimal(row["total_with_share_low"]) for row in found.values())


def test_what_is_promised_has_ranges_under_every_denominator(reader):
    britain = rows(reader, "stage=committed", "own-shares")["GBR"]
    assert Decimal(britain["gdp_alone_low"]) < Decimal(britain["gdp_alone_high"])
    assert britain["gdp_alone_open"] == 1
    assert "with_share" not in " ".join(britain)
    said = reader.words("/commitments/account?stage=committed&per=gdp")
    low, high = (f"{Decimal(britain[f'gdp_alone_{end}']):.5f}" for end in ("low", "high"))  # not nothing: never 0.000
    assert f"{low}–{high} % or more" in said


def test_a_table_that_was_kept_later_changes_no_address_that_stays(tmp_path):
    made = Small(tmp_path / "record")
    owe(made)
    with console(made) as reader:
        for number, heads in enumerate((4 * 10**7, 8 * 10**7)):
            keep_products(made.depositary.store, made.at, f"{number}.csv", table("population", POL=heads)[1], "",
                          "population")  # fmt: skip
            made.later(days=1)
        known = iso(made.at - timedelta(days=1, hours=1))
        first, now = (rows(reader.sits(""), f"stage=allocated{more}", "own-shares")["POL"]["population_alone_low"]
                      for more in (f"&known={known}", ""))  # fmt: skip
        assert (first, now) == ("0.5", "0.25")
    made.depositary.close()


def test_tranches_show_what_is_overdue_with_how_far_it_has_come(reader):
    found = rows(reader, "unit=howitzer", "own-tranches", "tranche")
    assert {id_: row["standing"] for id_, row in found.items()} == {"O-6/T-1": "overdue"}
    assert view(reader, "/commitments/account?party=POL")["tables"].get("own-tranches") is None


@pytest.mark.parametrize("name", sorted(FIGURES | {"own-map"}))
def test_every_figure_is_a_table_a_csv_and_two_pictures(reader, name):
    path = "/commitments/map" if name == "own-map" else "/commitments/account"
    data = view(reader, f"{path}?stage=committed")["tables"][name]
    lines = list(csv.DictReader(io.StringIO(reader.get(f"{path}?stage=committed&format=csv&table={name}").text)))
    assert len(lines) == len(data) > 0
    svg = reader.get(f"/commitments/charts/{name}.svg?stage=committed")
    assert svg.headers["content-disposition"] == f'attachment; filename="{name}.svg"'
    root = ElementTree.fromstring(svg.content)
    assert "EXERCISE" in "".join(root.itertext())
    assert reader.get(f"/commitments/charts/{name}.png?stage=committed").content.startswith(b"\x89PNG")
    assert f'href="/commitments/charts/{name}.svg?stage=committed' in reader.get(f"{path}?stage=committed").text
    ukrainian = reader.get(f"/commitments/charts/{name}.svg?stage=committed&lang=uk").text
    assert "НАВЧАННЯ" in ukrainian
    assert reader.get("/commitments/charts/own-nothing.svg").status_code == 404


def test_what_is_owed_in_hundreds_of_years_is_said_and_not_drawn_month_by_month(tmp_path):
    made = Small(tmp_path / "record")
    text = made.depositary.clauses.compact.id
    for year, million in ((2026, 5), (2500, 3)):
        body = UndertakeObligation(text, "P2.arms", "arms_transfers", "fixed", Quantity("EUR", f"{million}{MILLION}"),
                                   "legal", "UKR", date(year, 3, 1))  # fmt: skip
        made.do("POL/defence", body)
    with console(made) as reader:
        tables = view(reader.sits(""), "/commitments/account")["tables"]
        assert [(row["month"], row["low"]) for row in tables["own-months"]] == [("2026-03", f"5{MILLION}")]
        assert [row["year"] for row in tables["own-years"]] == ["2026", "2500"]
        assert "Not in it: 3 million EUR undated or too far away." in reader.words("/commitments/account")
    made.depositary.close()


def test_of_a_party_without_money_what_it_owes_is_shown_in_its_own_unit(tmp_path):
    made = Small(tmp_path / "record")
    day, text = made.at.date(), made.depositary.clauses.compact.id
    for party, quantity in (("POL", Quantity("EUR", f"20{MILLION}")), ("GBR", Quantity("howitzer", "12"))):
        body = UndertakeObligation(text, "P2.arms", "arms_transfers", "fixed", quantity, "legal", "UKR", day)
        made.do(f"{party}/defence", body)
    with console(made) as reader:
        shown = view(reader.sits(""), "/commitments/account?party=GBR")
        assert (shown["view"]["unit"], shown["view"]["stage"]) == ("howitzer", "committed")
        assert [row["low"] for row in shown["tables"]["own-parties"]] == ["12"]
        assert "own-shares" not in shown["tables"]  # things are no share of a sum of money
        assert "own-months" not in shown["tables"]  # months are kept of all parties together
        assert "United Kingdom: 1 obligation; nothing is overdue" in reader.words("/commitments/account?party=GBR")
        assert "Nothing." in reader.words("/commitments/account?party=GBR&unit=money")
        assert view(reader, "/commitments/account")["view"]["unit"] == "money"
    made.depositary.close()


def test_the_permanent_address_shows_the_same_when_more_was_recorded(tmp_path):
    made = Small(tmp_path / "record")
    owe(made)
    with console(made) as reader:
        page = reader.sits("").get("/commitments/account").text
        address = urlsplit(page.partition('class="permanent" href="')[2].partition('"')[0].replace("&amp;", "&"))
        query = address.query
        before = view(reader, f"{address.path}?{query}")["tables"]
        assert before == view(reader, "/commitments/account")["tables"]
        made.later(days=1)
        made.do("POL/defence", Allocate("O-2", Quantity("EUR", f"7{MILLION}"), "stock", "POL", "POL", "POL"))
        assert view(reader, f"{address.path}?{query}")["tables"] == before
        assert view(reader, "/commitments/account")["tables"] != before
        assert f"/commitments/charts/own-stages.svg?{query}".split("?")[0] in page
        assert reader.get(f"/commitments/charts/own-stages.svg?{query}").status_code == 200
    made.depositary.close()


def test_the_map_shows_the_record_s_account_where_no_vintage_is_kept_and_where_it_is_chosen(small, reader, tmp_path):
    said = reader.words("/commitments/map")
    for expected in ("What parties owe and give, by where they are", "EXERCISE", "Crimea is shown as Ukraine",
                     "Committed by 3 parties; European Union the most, 100 million EUR", "Beyond the map"):  # fmt: skip
        assert expected in said, expected
    shown = reader.get("/commitments/map").text
    assert "<title>Poland: 30 million EUR or more</title>" in shown
    assert "<title>Ukraine</title>" in shown
    assert "Крим показано" in reader.sits("", "uk").words("/commitments/map")
    made = Small(tmp_path / "both")
    owe(made)
    kept(made.depositary.store, made.at, tmp_path / "tracker", FIRST)
    with_products(made.depositary.store, made.at)
    made.later(days=1)
    with console(made) as other:
        other.sits("")
        assert view(other, "/commitments/map")["view"]["of"] == "tracker"
        own = view(other, "/commitments/map?of=record")
        assert (own["view"]["of"], len(own["tables"]["own-map"])) == ("record", 3)
        assert 'href="/commitments/map?of=record"' in other.get("/commitments/map").text
        assert other.get("/commitments/map?of=nobody").status_code == 400
        assert "Committed: " in other.words("/commitments")  # the overview stays the tracker's
    made.depositary.close()


def test_who_gives_only_a_range_is_marked_as_that_on_the_map(reader):
    page = reader.get("/commitments/map?kind=intelligence").text
    assert "nothing certain: a range, or not disclosed" in page
    assert "<title>United Kingdom: not disclosed</title>" in page


@pytest.mark.parametrize("query", ["stage=verified", "unit=tank", "per=steel", "kind=sea", "year=1066", "party=FRA"])
def test_what_the_account_has_not_is_said(reader, query):
    answer = reader.get(f"/commitments/account?{query}")
    assert answer.status_code == 400
    assert "is one of" in answer.text
