"""Vintages of trackers in the archive: kept as they were read, once, whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given

from foedus import archive, vintages
from foedus.commitments.sources import read
from foedus.commitments.sources.model import Note, Place, Vintage, digest_of
from foedus.compact.findings import Phrase
from foedus.errors import Conflict, Malformed, Tampered
from foedus.words import translator
from foedus.words.failures import say_because
from tests.commitments.sources.real import RELEASE_7, RELEASE_29, needs_files
from tests.commitments.sources.test_laws import rows
from tests.strategies import examples
from tests.web.small_tracker import FIRST, GDP, SECOND, kept

AT = datetime(2026, 10, 1, tzinfo=UTC)


class Memory:
    """What the archive needs of a store, in memory. `refuses`: it cannot write a setting."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.named: dict[str, bytes] = {}
        self.refuses = ""

    def put_blob(self, digest, data):
        self.blobs[digest] = data

    def get_blob(self, digest):
        return self.blobs.get(digest)

    def erase_blob(self, digest):
        return self.blobs.pop(digest, None) is not None

    def setting(self, name):
        return self.named.get(name)

    def settings(self, prefix):
        return sorted(name for name in self.named if name.startswith(prefix))

    def set_setting(self, name, value):
        if self.refuses and name.startswith(self.refuses):
            raise Conflict("the store is full")
        self.named[name] = value


@pytest.fixture
def store():
    return Memory()


def test_the_same_again_adds_nothing(store, tmp_path):
    first = kept(store, AT, tmp_path, FIRST)
    before = dict(store.named), dict(store.blobs)
    again = kept(store, AT.replace(year=2027), tmp_path, FIRST)
    assert again == first
    assert again.at == AT
    assert (store.named, store.blobs) == before


def test_the_publishers_file_is_there_as_it_came(store, tmp_path):
    entry = kept(store, AT, tmp_path, FIRST)
    assert {name: archive.get(store, digest) for name, digest in entry.files.items()} == {"table.csv": FIRST.encode()}
    assert (entry.taken, entry.skipped) == (6, 1)


def test_a_later_release_stands_beside_the_earlier(store, tmp_path):
    one, two = kept(store, AT, tmp_path, FIRST), kept(store, AT.replace(month=11), tmp_path, SECOND)
    assert [entry.table for entry in vintages.entries(store)] == [two.table, one.table]
    assert vintages.vintage(store, one.table) == read_back(tmp_path, FIRST)
    assert vintages.vintage(store, two.table) == read_back(tmp_path, SECOND)


def read_back(tmp_path, text) -> Vintage:
    (tmp_path / "table.csv").write_text(text, "utf-8")
    return read(tmp_path / "table.csv")


def test_a_vintage_is_there_whole_or_not_at_all(store, tmp_path):
    store.refuses = vintages.VINTAGES
    with pytest.raises(Conflict):
        kept(store, AT, tmp_path, FIRST)
    assert vintages.entries(store) == []
    store.refuses = ""
    assert [kept(store, AT, tmp_path, FIRST)] == vintages.entries(store)


def test_what_is_damaged_is_found(store, tmp_path):
    entry = kept(store, AT, tmp_path, FIRST)
    (part,) = [digest for digest, data in store.blobs.items() if data.startswith(b'{"publisher"')]
    store.blobs[part] = store.blobs[part].replace(b"1500000000", b"1500000001")
    with pytest.raises(Tampered):
        vintages.vintage(store, entry.table)
    store.named[vintages.VINTAGES + entry.table] = b"{"
    with pytest.raises(Tampered):
        vintages.entries(store)


def test_one_is_chosen_by_the_beginning_of_its_digest(store, tmp_path):
    one, two = kept(store, AT, tmp_path, FIRST), kept(store, AT, tmp_path, SECOND)
    known = vintages.entries(store)
    assert vintages.chosen(known, one.table[:12]) == one
    assert vintages.chosen(known, two.table) == two
    for wrong in ("", one.table[:7], "0" * 12):
        with pytest.raises(Malformed, match="no vintage here"):
            vintages.chosen(known, wrong)


def test_why_a_row_was_not_taken_is_said_in_either_language_years_later(store, tmp_path):
    entry = kept(store, AT, tmp_path, FIRST)
    (note,) = vintages.vintage(store, entry.table).skipped
    assert str(note.place) == "table.csv, row 8, column donor"
    assert "'Freedonia' is no donor known" in say_because(translator("en"), note.what)
    assert "'Freedonia' не є відомим донором" in say_because(translator("uk"), note.what)


@given(rows())
@examples(40)
def test_any_rows_come_back_as_they_were(made):
    note = Note(Place("sheet", 3, "B"), Phrase("{found!r} is no number", found="1.000,0"))
    found = Vintage(
        "somebody", "1", "csv", None, digest_of(made), tuple(made), members=frozenset({"LVA"}), doubts=(note,)
    )
    store = Memory()
    entry, new = vintages.keep(store, AT, {"a.csv": b"x"}, found)
    assert new
    back = vintages.vintage(store, entry.table)
    assert back == found
    assert back.doubts[0].what.found == note.what.found


@needs_files
@pytest.mark.parametrize("path", [RELEASE_7, RELEASE_29], ids=["release 7", "release 29"])
def test_the_publishers_own_releases_come_back_as_they_were(store, path):
    found = read(path)
    entry, _ = vintages.keep(store, AT, vintages.files_of(path), found)
    assert vintages.vintage(store, entry.table) == found
    assert entry.rows_digest == found.digest


def test_each_measure_is_kept_by_itself_population_in_heads_spending_in_euros(store):
    text = "Country Name,Country Code,Year,Value\nLatvia,LVA,2021,1884490\nNowhere,NIL,2021,0\n"
    found = {}
    for measure in vintages.MEASURES:
        kept, new = vintages.keep_products(store, AT, f"{measure}.csv", text.encode(), "made here", measure)
        assert new
        assert vintages.newest_products(store, measure) == kept
        found[measure] = vintages.products(store, kept.table)["2021"]
    assert found["population"] == {"LVA": Decimal(1884490)}  # who has none has no share of it
    assert found["defence"] == found["gdp"]
    assert Decimal("0.8") < found["defence"]["LVA"] / 1884490 < Decimal("0.9")  # a dollar of 2021 was 0.85 euros


def test_gdp_is_kept_in_euros_by_year(store):
    one, new = vintages.keep_products(store, AT, "gdp.csv", GDP.encode())
    assert new
    assert not vintages.keep_products(store, AT, "gdp.csv", GDP.encode())[1]
    assert vintages.newest_products(store) == one
    table = vintages.products(store, one.table)
    assert list(table) == list(one.years) == [str(year) for year in range(2020, 2026)]
    ratio = table["2021"]["DEU"] / table["2021"]["LVA"]
    assert abs(ratio - 100) < Decimal("0.0001")
    with pytest.raises(Malformed, match="has no figure since"):
        vintages.read_products("gdp.csv", GDP.replace(",20", ",19").encode())
