"""Pages of commitments: what a vintage says, as its own sums have it, in any view of it and for ever at its address."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from foedus.commitments.sources import read
from foedus.commitments.sources.shares import shares
from foedus.commitments.sources.totals import totals
from foedus.vintages import Entry, newest_products, products, vintage
from foedus.web.moments import iso
from tests.commitments.sources.real import RELEASE_7, RELEASE_29, needs_files
from tests.web.small_exercise import Small, console, view
from tests.web.small_tracker import FIRST, SECOND, kept, of_file, with_products
from tests.web.test_ics import lines

VIEWS = ("", "/map", "/rows", "/rows/0", "/vintages", "/difference", "/calendar", "/donors/DEU")


class Tracked(Small):
    """An exercise with two releases of a small tracker, the second a month after the first."""

    def __init__(self, folder: Any) -> None:
        super().__init__(folder / "record")
        self.one: Entry = kept(self.depositary.store, self.at, folder / "1", FIRST)
        self.two: Entry = kept(self.depositary.store, self.at + timedelta(days=30), folder / "2", SECOND)
        with_products(self.depositary.store, self.at)
        self.at += timedelta(days=60)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Iterator[Tracked]:
    made = Tracked(tmp_path_factory.mktemp("tracked"))
    yield made
    made.depositary.close()


def test_without_a_vintage_it_says_how_one_is_kept(tmp_path):
    empty = Small(tmp_path / "record")
    with console(empty) as reader:
        assert "No tracker’s vintage is kept here" in reader.sits("").words("/commitments")
        assert "Nobody owes anything in this record yet" in reader.words("/commitments")
        assert "foedus import kiel FILE DIR" in reader.words("/commitments/vintages")
        for path in ("/rows", "/rows/0", "/donors/DEU", "/charts/donors.svg", "/difference", "/vintages/" + "0" * 64):
            assert reader.get(f"/commitments{path}").status_code == 404
    empty.depositary.close()


@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize("path", VIEWS)
def test_every_view_is_there_as_page_json_and_table(reader, path, lang):
    page = reader.sits("", lang).get(f"/commitments{path}")
    assert page.status_code == 200
    assert f'<html lang="{lang}"' in page.text
    assert "style=" not in page.text.split("<main")[1].split("</main>")[0]
    shown = view(reader, f"/commitments{path}")
    for name, rows in shown["tables"].items():
        table = list(csv.DictReader(io.StringIO(reader.get(f"/commitments{path}?format=csv&table={name}").text)))
        assert [list(row) for row in table] == [list(row) for row in rows]


def test_the_overview_shows_the_sums_of_the_rows(small, reader):
    shown = view(reader, "/commitments")
    sums = totals(vintage(small.depositary.store, small.two.table).rows, ("donor", "kind"))
    assert shown["view"]["vintage"]["table"] == small.two.table
    donors = {row["donor"]: row for row in shown["tables"]["donors"]}
    assert set(donors) == {line.key[0] for line in sums.lines}
    for line in sums.lines:
        if line.stage == "committed":
            assert Decimal(donors[line.key[0]][line.key[1]]) == line.eur
    years = {row["year"]: Decimal(row["total"]) for row in shown["tables"]["years"]}
    assert sum(years.values()) == sums.eur("committed")
    assert years["undated"] == 250_000_000
    assert "Committed: 4.040 bn EUR by 4 donors" in reader.words("/commitments")


def test_what_is_not_stated_is_not_found_and_what_has_no_rate_is_named(reader):
    said = reader.words("/commitments")
    assert "Not in it: 1 row that states no amount." in said
    assert "Not in it, for want of a rate: UAH 900." in said
    stages = {row["donor"]: row for row in view(reader, "/commitments")["tables"]["stages"]}
    assert stages["POL"]["delivered"] is None
    assert Decimal(stages["LVA"]["delivered"]) == 500_000_000
    assert "not found" in said


def test_what_is_not_disclosed_has_a_whisker_and_a_range(reader):
    items = {(row["item"], row["stage"]): row for row in view(reader, "/commitments")["tables"]["items"]}
    hidden = items["howitzer", "delivered"]
    assert [hidden["stated"], hidden["at_least"], hidden["at_most"]] == ["0", "1", None]
    assert "1 or more" in reader.get("/commitments").text


def test_filters_stand_in_the_address_and_in_every_view(small, reader):
    shown = view(reader, "/commitments?kind=military&year=2024")
    assert [row["donor"] for row in shown["tables"]["donors"]] == ["LVA"]
    page = reader.get("/commitments?kind=military&year=2024").text
    permanent = unescape(re.search(r'class="permanent" href="([^"]+)"', page)[1])  # type: ignore[index]  # or it fails
    assert f"vintage={small.two.table[:12]}" in permanent
    assert view(reader, permanent)["tables"] == shown["tables"]
    charts = re.findall(r'href="(/commitments/charts/[^"]+)"', page)
    assert charts
    assert all("kind=military" in one and "year=2024" in one for one in charts)


def test_a_permanent_address_shows_the_same_when_a_later_release_is_kept(small, reader):
    old = view(reader, f"/commitments?vintage={small.one.table[:12]}")
    assert old["view"]["vintage"]["table"] == small.one.table
    assert Decimal(next(row for row in old["tables"]["stages"] if not row["donor"])["committed"]) == 3_750_000_000


def test_the_past_knows_only_what_was_kept_by_then(small, reader):
    then = iso(small.two.at - timedelta(days=1))
    past = view(reader, f"/commitments?at={then}&known={then}")
    assert past["view"]["vintage"]["table"] == small.one.table
    assert reader.get(f"/commitments?at={then}&known={then}&vintage={small.two.table}").status_code == 400


@pytest.mark.parametrize(
    "query", ["stage=paid", "kind=gold", "year=1999", "group=eu-members", "vintage=0000000000", "gdp=x"]
)
def test_what_there_is_not_is_said_with_what_there_is(reader, query):
    answer = reader.get(f"/commitments?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text or "no vintage here" in answer.text


def test_shares_are_measured_by_each_denominator(small, reader):
    shown = view(reader, "/commitments?gdp=newest")
    row = next(row for row in shown["tables"]["shares"] if row["donor"] == "LVA")
    assert {name for name in row if name.startswith("pct_")} == {
        f"pct_{form}{code}" for form in ("", "with_eu_") for code in ("before", "newest", "mean")
    }
    found = shares(vintage(small.depositary.store, small.two.table))
    eur = next(one.eur for one in found if one.donor == "LVA")
    assert Decimal(row["eur"]) == eur
    kept_here = newest_products(small.depositary.store)
    assert kept_here is not None
    table = products(small.depositary.store, kept_here.table)
    mean = (table["2024"]["LVA"] + table["2025"]["LVA"]) / 2
    for code, gdp in (("before", table["2023"]["LVA"]), ("newest", table["2025"]["LVA"]), ("mean", mean)):
        assert Decimal(row[f"pct_{code}"]) == eur / gdp * 100


def test_a_donor_has_its_findings_its_rows_and_what_it_signed(reader):
    said = reader.words("/commitments/donors/DEU")
    assert "Germany: committed 2.250 bn EUR" in said
    assert "Security agreement between Ukraine and Germany" in said
    assert "EUR 7,000,000,000" in said
    assert [row["donor"] for row in view(reader, "/commitments/donors/DEU")["tables"]["rows"]] == ["DEU", "DEU"]
    assert reader.get("/commitments/donors/USA").status_code == 404


def test_a_row_leads_to_its_place_in_the_source_and_the_digest_of_its_file(small, reader):
    rows = view(reader, "/commitments/rows?donor=LVA&stage=delivered")["tables"]["rows"]
    assert [(row["sheet"], row["row"]) for row in rows] == [("table.csv", 3)]
    said = reader.words(f"/commitments/rows/{rows[0]['number']}")
    assert "Latvia: table.csv, row 3" in said
    assert "delivered; counted in totals" in said
    assert small.two.files["table.csv"] in said
    assert "“undisclosed”" in said
    assert reader.get("/commitments/rows/99").status_code == 404
    assert reader.get("/commitments/rows?offset=50").status_code == 400


def test_vintages_say_what_was_not_taken_and_why(small, reader):
    said = reader.words(f"/commitments/vintages/{small.one.table}")
    assert "table: 6 rows taken, 1 not" in said
    assert "'Freedonia' is no donor known" in said
    assert "table.csv, row 8, column donor" in said
    assert small.one.table in said
    said = reader.sits("", "uk").words(f"/commitments/vintages/{small.one.table}")
    assert "'Freedonia' не є відомим донором" in said


def test_the_difference_of_two_vintages_is_what_moved(small, reader):
    shown = view(reader, f"/commitments/difference?old={small.one.table[:12]}&new={small.two.table[:12]}")
    moved = {(row["donor"], row["kind"], row["stage"]): Decimal(row["by"]) for row in shown["tables"]["moved"]}
    assert moved == {("LVA", "military", "committed"): 250_000_000, ("EST", "military", "committed"): 40_000_000}
    changes = [(row["change"], row["id"], row["field"]) for row in shown["tables"]["changes"]]
    assert changes == [("added", "G", "eur"), ("changed", "A", "money"), ("changed", "A", "eur")]
    same = view(reader, f"/commitments/difference?old={small.two.table}&new={small.two.table}")
    assert same["tables"] == {"moved": [], "changes": []}


@pytest.mark.parametrize("name", ["stages", "donors", "shares", "cumulative", "months", "years", "items", "map"])
def test_a_chart_is_a_file_of_its_own(reader, name):
    svg = reader.get(f"/commitments/charts/{name}.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert svg.headers["content-disposition"] == f'attachment; filename="{name}.svg"'
    assert "table" in svg.text
    assert reader.get(f"/commitments/charts/{name}.png").content.startswith(b"\x89PNG")


def test_there_is_no_chart_by_another_name(reader):
    for name in ("donors", "donors.gif", "donor-stages.svg", "donor-shares.svg?donor=DEU", "..svg"):
        assert reader.get(f"/commitments/charts/{name}").status_code == 404
    assert reader.get("/commitments/charts/donor-stages.svg?donor=DEU").status_code == 200
    assert reader.get("/commitments/charts/donor-stages.svg?donor=USA").status_code == 404


def test_the_calendar_and_its_feed_say_the_same(small, reader):
    shown = view(reader, "/commitments/calendar")["tables"]["due"]
    assert [row["due"] for row in shown] == sorted(row["due"] for row in shown)
    feed = reader.get("/commitments/calendar.ics")
    assert feed.headers["content-type"].startswith("text/calendar")
    found = lines(feed.content)
    assert sum(line == "BEGIN:VEVENT" for line in found) == len(shown) > 10
    assert any(line.startswith("X-WR-CALNAME:EXERCISE") for line in found)
    one = view(reader, "/commitments/calendar?party=DEU")["tables"]["due"]
    assert all("DEU" in row["parties"].split() for row in one)
    assert sum(
        line == "BEGIN:VEVENT" for line in lines(reader.get("/commitments/calendar.ics?party=DEU").content)
    ) == len(one)


def test_what_a_response_makes_due_is_in_the_calendar_until_it_is_done(tmp_path):
    made = Small(tmp_path / "record")
    made.activate()
    with console(made) as reader:
        due = list(view(reader.sits(""), "/commitments/calendar?kind=obligation")["tables"]["due"])
        owed = {one.id: one.due_at for one in made.depositary.state.commitments.obligations.values() if one.due_at}
        assert {row["id"]: row["due"] for row in due} == {id_: iso(at) for id_, at in owed.items()}
        made.later(days=30)
        late = view(reader, "/commitments/calendar?kind=obligation")["tables"]["due"]
        assert all(row["late"] for row in late)
    made.depositary.close()


class Published(Small):
    """An exercise with both releases of the publisher."""

    def __init__(self, folder: Any) -> None:
        super().__init__(folder / "record")
        self.seven = of_file(self.depositary.store, self.at, RELEASE_7)
        self.later_ = of_file(self.depositary.store, self.at, RELEASE_29)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Iterator[Published]:
    made = Published(tmp_path_factory.mktemp("published"))
    yield made
    made.depositary.close()


@needs_files
def test_the_publishers_releases_are_shown_as_published(published):
    with console(published) as reader:
        reader.sits("")
        assert "Allocated: 358.400 bn EUR by 42 donors" in reader.words("/commitments")
        said = reader.words(f"/commitments?vintage={published.seven.table[:12]}")
        assert "Committed: 93.943 bn EUR" in said
        assert "counts 11.740 bn EUR of EU (Commission and Council) twice" in said
        rows = view(reader, f"/commitments?vintage={published.seven.table[:12]}")["tables"]["shares"]
        pct = {row["donor"]: Decimal(row["pct_source"]) for row in rows if row["pct_source"]}
        assert round(pct["LVA"], 5) == Decimal("0.92170")
        assert round(pct["EST"], 5) == Decimal("0.84866")


@needs_files
@pytest.mark.parametrize("code", ["AUS", "IRL", "SVK", "SVN"])
def test_a_contradiction_stands_on_the_page_of_the_donor_that_it_is_about(published, code):
    with console(published) as reader:
        said = reader.sits("").words(f"/commitments/donors/{code}")
        expected = "0.2586 % of GDP here, 0.2715 %" if code == "SVN" else "more than was promised"
        assert expected in said
        assert expected not in reader.words("/commitments/donors/DEU")


@needs_files
def test_every_donor_of_the_releases_has_a_page_in_both_languages(published):
    with console(published) as reader:
        for entry in (published.seven, published.later_):
            for code in sorted({row.donor for row in read(RELEASE_7 if entry is published.seven else RELEASE_29).rows}):
                answer = reader.sits("", "uk").get(f"/commitments/donors/{code}?vintage={entry.table[:12]}")
                assert answer.status_code == 200, code
