"""The publishers' own files are read whole: as many entries, aliases and addresses as they have."""

from __future__ import annotations

import csv
import re
from datetime import date

import pytest

from foedus.errors import Malformed
from foedus.sanctions import lists
from tests.sanctions.lists.schema import LISTS, needs_lists

pytestmark = needs_lists


def version(path, form=None):
    return lists.read(LISTS / path, form)


@pytest.mark.parametrize(
    ("path", "day", "people", "others"),
    [
        ("un/un_2018-06.xml", date(2018, 6, 21), 695, 405),
        ("un/un_2018-10.xml", date(2018, 10, 29), 703, 390),
        ("un/un_2020-04.xml", date(2020, 3, 20), 709, 305),
        ("un/un_2025-11.xml", date(2025, 11, 20), 727, 273),
    ],
)
def test_the_united_nations_list(path, day, people, others):
    read = version(path)
    kinds = [one.kind for one in read.targets]
    assert (read.publisher, read.list, read.as_of, read.skipped) == ("UN", "un-consolidated", day, ())
    assert (kinds.count("person"), kinds.count("organisation")) == (people, others)
    text = (LISTS / path).read_text("utf-8")
    published = [name for name in re.findall(r"<ALIAS_NAME>([^<]*)</ALIAS_NAME>", text) if name.strip()]
    distinct = read.counts.aliases + read.counts.weak
    assert distinct <= len(published) <= distinct + 120, "an alias told twice of one target stands once"


def test_letters_that_the_publisher_lost_are_named():
    doubts = version("un/un_2025-11.xml").doubts
    assert [(one.line, str(one.what)) for one in doubts] == [(36417, "a letter was lost before publication")]


def test_ofac_in_july_2021_has_what_ofac_counts():
    """8,976 entries and 11,910 aliases, two of which are told twice and named."""
    read = version("ofac/2021-07")
    assert (read.publisher, read.list, len(read.targets)) == ("USA", "ofac-sdn", 8976)
    assert read.counts.aliases + len(read.skipped) == 11_910
    assert [(one.file, one.line) for one in read.skipped] == [("alt.csv", 1560), ("alt.csv", 5848)]
    kinds = [one.kind for one in read.targets]
    counts = {kind: kinds.count(kind) for kind in ("person", "organisation", "vessel", "aircraft")}
    assert counts == {"person": 4620, "organisation": 3673, "vessel": 406, "aircraft": 277}


def test_remarks_cut_at_a_thousand_characters_go_on():
    """Two of the five entries whose remarks go on in sdn_comments.csv end in what only that file says."""
    read = {one.id: one for one in version("ofac/2021-07").targets}
    assert len(read["12300"].links) == 25
    assert any(one.name == "INTERNET RESEARCH AGENCY LLC" for one in read["30518"].links)


def test_a_set_put_together_of_two_days_is_told():
    """The comments of January 2019 are of 2024 and later: ten go with no entry. The last address is cut short."""
    read = version("ofac/2019-01")
    assert len(read.targets) == 7379
    assert len([one for one in read.skipped if one.file == "sdn_comments.csv"]) == 10
    assert [str(one.what) for one in read.skipped if one.file == "add.csv"] == ["its last cell is cut short: '-0'"]
    assert {one.file for one in read.doubts} == {"sdn.csv", "add.csv", "alt.csv"}


def test_a_set_without_its_main_file_is_refused_unless_asked_for():
    with pytest.raises(Malformed, match=r"sdn\.csv of the set is missing"):
        version("ofac/2025-02")
    read = version("ofac/2025-02", "ofac-csv-parts")
    assert (read.list, len(read.targets)) == ("ofac-sdn-parts", 16_989)
    assert [str(one.what)[:26] for one in read.doubts] == ["the main file was not read"]


def test_ofac_beside_sdn_in_two_forms():
    older, newer = version("ofac/nonsdn-2018-04/consolidated.xml"), version("ofac/nonsdn-2025-12")
    assert (older.list, older.as_of, len(older.targets)) == ("ofac-consolidated", date(2018, 4, 6), 639)
    assert (newer.list, len(newer.targets), newer.skipped, newer.doubts) == ("ofac-consolidated", 442, (), ())
    with (LISTS / "ofac/nonsdn-2025-12/cons_alt.csv").open(newline="") as file:
        assert newer.counts.aliases == sum(len(row) == 5 for row in csv.reader(file))
    sberbank = next(one for one in newer.targets if one.id == "17018")
    assert {(one.kind, one.number, one.country) for one in sberbank.identifiers} >= {
        ("tax", "7707083893", "Russia"),
        ("registration", "1027700132195", "Russia"),
    }


@pytest.mark.parametrize("path", ["canada/sema-lmes_2020-04.xml", "un/un_2025-11.xml", "ofac/2021-07"])
def test_every_entry_can_be_listed_by_its_id(path):
    """The target `LIST.ID` is what an issuer lists, and what screening says of the law."""
    read = version(path)
    target = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
    assert not [one.id for one in read.targets if not target.fullmatch(f"{read.list}.{one.id}")]


def test_the_list_of_canada():
    read = version("canada/sema-lmes_2020-04.xml")
    kinds = [one.kind for one in read.targets]
    assert (len(read.targets), kinds.count("person"), read.skipped, read.doubts) == (1369, 985, (), ())
    bagan = next(one for one in read.targets if one.names[0].text == "Air Bagan")
    assert {one.text for one in bagan.names[1:]} == {"Air Bagan Holdings Pte. Ltd.", "Air Bagan Limited"}
