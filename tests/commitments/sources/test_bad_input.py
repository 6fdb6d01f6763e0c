"""A file that is wrong is refused or taken without the row that is wrong, which is named with sheet, row and column."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from foedus.commitments.sources import read
from foedus.commitments.sources.donors import donor
from foedus.commitments.sources.doubts import findings
from foedus.commitments.sources.totals import totals
from foedus.errors import Malformed
from tests.commitments.sources.real import EARLY, LATE, MAIN, book, early, late


def test_a_header_may_lie_anywhere_and_have_blanks_around_it(tmp_path):
    moved: list[list[object]] = [[], ["", "Kiel"], ["", *EARLY], ["", *early(**{"Type of Aid General": "Military "})]]
    found = read(book(tmp_path / "a.xlsx", {" Bilateral aid, MAIN DATA ": moved}))
    assert [str(row.eur) for row in found.rows] == ["90.00"]
    assert (found.rows[0].place.row, found.skipped) == (4, ())


def test_a_header_that_is_missing_is_named_with_what_is_there(tmp_path):
    broken = [head if head != "countries" else "who" for head in EARLY]
    with pytest.raises(Malformed, match=r"row 1: no column is headed 'countries'; found ID, who, Announcement Date"):
        read(book(tmp_path / "a.xlsx", {MAIN: [broken, early()]}))


@pytest.mark.parametrize(
    ("cells", "column", "what"),
    [
        ({"countries": "Freedonia"}, "B", "'Freedonia' is no donor known"),
        ({"countries": "EU members"}, "B", "'EU members' is no donor known"),
        ({"Original Currency": "XYZ"}, "E", "'XYZ' is no currency of ISO 4217"),
        ({"Type of Aid General": "Moral"}, "D", "'Moral' is no kind of aid"),
        ({"Announcement Date": "soon"}, "C", "'soon' is no day"),
        ({"Announcement Date": "2022-02-30"}, "C", "'2022-02-30' is no day"),
        ({"Total ": -5}, "J", "-5 is negative"),
        ({"Converted Value in EUR": "90 m"}, "K", "'90 m' is no number"),
        ({"Converted Value in EUR": 1e18}, "K", "larger than any budget"),
        ({"ID": "."}, "", ""),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_taken(tmp_path, cells, column, what):
    found = read(book(tmp_path / "a.xlsx", {MAIN: [EARLY, early(), early(**{"ID": "LVM2"} | cells)]}))
    if not what:
        assert len(found.rows) == 2, "a point is an id like any other"
        return
    assert [row.id for row in found.rows] == ["LVM1"]
    (one,) = found.skipped
    assert (one.place.sheet, one.place.row, one.place.column) == (MAIN, 3, column)
    assert what in str(one.what)


def test_undisclosed_and_a_point_are_a_range_and_nothing(tmp_path):
    hidden = early(**{"No. of Units": "Undisclosed", "Total ": ".", "Converted Value in EUR": "."})
    (row,) = read(book(tmp_path / "a.xlsx", {MAIN: [EARLY, hidden]})).rows
    assert (row.money, row.eur) == (None, None)
    assert row.quantity is not None
    assert (str(row.quantity.low), row.quantity.high) == ("1", None)
    assert totals([row]).lines[0].not_found == 1


def test_partially_and_dozens_are_ranges(tmp_path):
    delivered = "No. of Units delivered (in-kind military aid)"
    cells = [early(**{"No. of Units": 40, delivered: "partially"}), early(**{"ID": "LVM2", "No. of Units": "dozens"})]
    rows = read(book(tmp_path / "a.xlsx", {MAIN: [EARLY, *cells]})).rows
    counts = [f"{row.stage} {row.quantity.low} {row.quantity.high}" for row in rows if row.quantity]
    assert counts == ["committed 40 40", "delivered 1 40", "committed 24 None"]


def test_merged_cells_and_doubled_rows_are_doubts(tmp_path):
    sheets: dict[str, list[Sequence[object]]] = {MAIN: [EARLY, early(), early(ID="A"), early(ID="A")]}
    found = read(book(tmp_path / "a.xlsx", sheets, merge="A2:B2"))
    said = [str(one) for one in found.doubts]
    assert said == [
        f"{MAIN}, row 2, column A: cells are merged from column A on: only the first of them has the value",
        f"{MAIN}, row 4: it repeats row 3 word for word",
    ]


def doubts(path: Path) -> list[str]:
    return [str(one) for one in read(path).doubts]


def test_what_is_hidden_is_read_and_counted(tmp_path):
    head = ["id", "donor", "kind", "stage", "amount", "currency"]
    rows: list[Sequence[object]] = [[], [], ["", *head]]
    rows += [["", f"L{number}", "Latvia", "arms", "committed", number, "EUR"] for number in range(4)]
    sheets: dict[str, list[Sequence[object]]] = {"Ours": rows, "Notes": [["nothing"]]}
    assert doubts(book(tmp_path / "a.xlsx", sheets)) == []
    path = book(tmp_path / "b.xlsx", sheets, hidden=[1, 2, 4, 6, 900, "A:A", "C:C", "E:F", "J:J", "Notes"])
    assert doubts(path) == [
        "Ours, row 4: hidden rows were read: 2 in all, this one first",
        "Ours, column C: hidden columns were read: 3 in all, C, E, F",
    ]
    found = read(path)
    assert [row.place.row for row in found.rows] == [4, 5, 6, 7]
    assert [str(one) for one in findings(found)][:2] == doubts(path), "findings say it too"
    assert found.digest == read(tmp_path / "a.xlsx").digest
    behind: dict[str, list[Sequence[object]]] = {"Notes": [["nothing"]], "Commitments": rows}
    assert doubts(book(tmp_path / "c.xlsx", behind, hidden=["Commitments"])) == [
        "Commitments: the sheet is hidden, and was read"
    ]


@pytest.mark.parametrize("said", [b"hidden='1'", b'hidden="true"', b'collapsed="1" hidden="1"'])
def test_hidden_is_read_as_each_program_writes_it(tmp_path, said):
    path = book(tmp_path / "a.xlsx", {"Ours": [["id", "donor", "kind", "stage"], ["L", "Latvia", "arms", "pledged"]]},
                hidden=[2])  # fmt: skip
    assert doubts(rewritten(path, b'hidden="1"', said)) == [
        "Ours, row 2: hidden rows were read: 1 in all, this one first"
    ]
    assert doubts(rewritten(path, said, b'hidden="0"')) == [], "a row that says that it is not hidden"


def rewritten(path: Path, old: bytes, new: bytes) -> Path:
    """The workbook, with other bytes in its first sheet."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert old in parts[sheet]
    with zipfile.ZipFile(path, "w") as file:
        for name, data in (parts | {sheet: parts[sheet].replace(old, new)}).items():
            file.writestr(name, data)
    return path


def test_of_the_tracker_what_is_hidden_is_read_and_counted(tmp_path):
    sheets: dict[str, list[Sequence[object]]] = {
        MAIN: [EARLY, early(), early(ID="A"), early(ID="B")],
        "Exchange rates": [["Currency", "1 EUR"], ["USD", 100 / 90]],
        "Country Summary": [["Country"], [""]],
    }
    path = book(tmp_path / "a.xlsx", sheets, hidden=[2, 4, "B:B", "Exchange rates", "Country Summary"])
    said = doubts(path)
    assert f"{MAIN}, row 2: hidden rows were read: 2 in all, this one first" in said
    assert f"{MAIN}, column B: hidden columns were read: 1 in all, B" in said
    assert [one for one in said if "the sheet is hidden" in one] == [
        "Exchange rates: the sheet is hidden, and was read", "Country Summary: the sheet is hidden, and was read",
    ]  # fmt: skip
    later = sheets | {MAIN: [LATE, late()]}
    del later["Country Summary"]
    assert doubts(book(tmp_path / "b.xlsx", later, hidden=["Exchange rates"])) == [], (
        "of a later layout the rates are not read"
    )


def test_an_amount_that_is_not_what_its_rate_gives_is_a_doubt(tmp_path):
    sheets: dict[str, list[Sequence[object]]] = {
        MAIN: [EARLY, early()],
        "Exchange rates": [["Currency", "1 EUR"], ["USD", 1.25]],
    }
    (one,) = read(book(tmp_path / "a.xlsx", sheets)).doubts
    assert str(one) == f"{MAIN}, row 2, column K: 100 USD at 1.25 to the euro is not 90 EUR"


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.xlsx", b"PK\x03\x04 and nothing more", "is no workbook"),
        ("a.xlsx", b"not a workbook at all", "is no workbook"),
        ("a.bin", b"\x7fELF\x00\x00", "neither a workbook, nor XML, nor CSV"),
        ("a.csv", b"id,donor,kind\n1,Latvia,arms\n", "no column is headed 'stage'"),
        ("a.csv", b"id,donor,kind,stage\n1,Latvia,arms,\xff\n", "line 2: the byte 0xff is no UTF-8"),
        (
            "a.csv",
            b"id,donor,kind,stage\n1,Freedonia,arms,committed\n",
            "no row could be taken; 1 were not, the first in row 2 of a.csv .column donor.: 'Freedonia' is no",
        ),
        ("a.xml", b"<iati-activities version='2.03'>", "no XML"),
        (
            "a.xml",
            b"<iati-activities version='2.03' generated-datetime='soon'/>",
            "generated-datetime: 'soon' is no day",
        ),
        ("a.xml", b"<rss version='2.0'/>", "its first element is 'rss'"),
        ("a.xml", b"<iati-activities version='1.05'/>", "version '1.05' of IATI"),
    ],
)
def test_what_is_no_source_is_refused(tmp_path, name, data, what):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Malformed, match=what):
        read(path)


def test_a_workbook_of_something_else_is_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", {"Sheet1": [["a", "b"], [1, 2]]})
    with pytest.raises(Malformed, match="no column is headed 'id'; found a, b"):
        read(path)
    with pytest.raises(Malformed, match="no sheet is called 'Bilateral assistance, MAIN DATA'; found Sheet1"):
        read(path, "kiel")


def test_a_folder_without_the_files_and_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Malformed, match=r"no file data_explorer.csv is there"):
        read(tmp_path)
    with pytest.raises(Malformed, match="cannot be read"):
        read(tmp_path / "nowhere.xlsx")


def test_a_month_given_twice_is_not_counted_twice(tmp_path):
    head = "country,year,month,total,financial,humanitarian,military,commitments,gdp\n"
    line = "Latvia,2024,2,0.3,0.1,0.1,0.1,0.3,33.7\n"
    (tmp_path / "data_explorer.csv").write_text(head + line + line + "Latvia,2024,13,1,1,0,0,1,33.7\n", "utf-8")
    (tmp_path / "release_info.csv").write_text("release,period\n31,13/2026\n", "utf-8")
    found = read(tmp_path)
    assert (found.release, found.data_until) == ("31", None), "there is no thirteenth month"
    assert totals(found.rows).eur("allocated") == 300_000_000
    assert [(one.place.row, one.place.column) for one in found.skipped] == [(3, "month"), (4, "month")]


def test_the_later_layout_tells_commitments_from_allocations(tmp_path):
    lines = [
        late(),
        late(ID="LVM1", item="tank", item_numb=3, tot_activity_value_EUR=".", tot_sub_activity_value_EUR=15_000_000),
        late(ID="LVF1", aid_type_general="Financial ", measure="Commitment", tot_activity_value_EUR=5_000_000),
        late(ID="LVM3", measure="maybe"),
    ]
    found = read(book(tmp_path / "Tracker_Release_28.xlsx", {"Bilateral Assistance, MAIN DATA": [[], LATE, *lines]}))
    sums = totals(found.rows, ("kind",))
    assert found.release == "28"
    assert sums.eur("committed") == 105_000_000
    assert sums.eur("allocated", "military") == 75_000_000
    assert [(one.place.row, one.place.column) for one in found.skipped] == [(6, "E")]


def test_more_allocated_than_committed_is_found(tmp_path):
    lines = [late(tot_activity_value_EUR=50_000_000)]
    (one,) = findings(read(book(tmp_path / "a.xlsx", {MAIN: [LATE, *lines]})))
    assert str(one.what) == "Latvia: 0.060 bn EUR allocated, 0.050 committed: 0.010 more than was promised"


@pytest.mark.parametrize(
    ("line", "column", "what"),
    [
        ("2,Latvia,arms,promised,2024,,,", "stage", "'promised' was found; expected one of pledged, committed"),
        ("1,Latvia,arms,committed,2024,,,", "id", "1 is committed in row 2 already"),
        ("2,Latvia,arms,committed,2024,-5,EUR,", "amount", "-5 is negative; what is given back has the stage"),
        ("2,Latvia,arms,committed,2024,5,,", "currency", "'' is no currency"),
        ("2,Latvia,arms,committed,2024,5,EUR,-1", "quantity", "-1 is negative"),
        (",Latvia,arms,committed,2024,5,EUR,", "id", "the row has no id"),
    ],
)
def test_a_plain_table_names_what_is_wrong(tmp_path, line, column, what):
    path = tmp_path / "a.csv"
    head = "id,donor,kind,stage,date,amount,currency,quantity\n1,LVA,arms,committed,2024-02,5,EUR,undisclosed\n"
    path.write_text(head + line + "\n", "utf-8")
    found = read(path)
    assert [(row.id, row.first, row.last) for row in found.rows] == [("1", date(2024, 2, 1), date(2024, 2, 29))]
    (one,) = found.skipped
    assert (one.place.row, one.place.column) == (3, column)
    assert str(one.what).startswith(what)


def test_a_donor_has_the_code_that_its_state_has_now():
    found = {
        name: donor(name)
        for name in ("Germany", "France", "Myanmar (Burma)", "Yemen", "Congo - Kinshasa", "Timor-Leste")
    }
    assert list(found.values()) == ["DEU", "FRA", "MMR", "YEM", "COD", "TLS"]


HEAD = "id,donor,kind,stage,amount,currency,eur,rate,item"


def plain(tmp_path, *lines, head=HEAD):
    path = tmp_path / "a.csv"
    path.write_text("\n".join((head, *lines)) + "\n", "utf-8")
    return read(path)


@pytest.mark.parametrize("written", ["1_000", "١٢", "1,5", "0x10", "1 000", "1e", "--1"])
def test_a_number_is_written_in_digits_alone(tmp_path, written):
    found = plain(tmp_path, "a,POL,arms,committed,5,EUR", f'b,POL,arms,committed,"{written}",EUR')
    assert [row.id for row in found.rows] == ["a"]
    assert [(one.place.row, one.place.column) for one in found.skipped] == [(3, "amount")]


def test_a_text_with_a_comma_outside_quotation_marks_shifts_nothing_silently(tmp_path):
    found = plain(tmp_path, "a,POL,arms,committed,5,EUR", "b,POL,arms,committed,5,EUR,,,tank, used")
    assert [row.id for row in found.rows] == ["a"]
    assert str(found.skipped[0]).startswith("a.csv, row 3: 10 cells stand under a header of 9")


def test_a_column_that_is_misspelt_is_named_and_one_that_is_there_twice_is_refused(tmp_path):
    found = plain(tmp_path, "a,POL,arms,committed,5", head="id,donor,kind,stage,ammount")
    assert str(found.doubts[0]).startswith("a.csv, row 1: the column 'ammount' is none of this table")
    with pytest.raises(Malformed, match="row 1: the column 'amount' is there twice"):
        plain(tmp_path, "a,POL,arms,committed,5,7,EUR", head="id,donor,kind,stage,amount,amount,currency")


def test_what_is_rounded_away_and_euros_that_the_rate_does_not_give_are_doubts(tmp_path):
    found = plain(tmp_path, "a,POL,arms,committed,1.2345678,EUR,1.23,1", "b,POL,arms,committed,100,USD,9999,1.25")
    assert [f"{one.place.column}: {one.what}" for one in found.doubts] == [
        "amount: 1.2345678 has 7 places; 6 are kept",
        "eur: 100 USD at 1.25 to the euro is not 9999.00 EUR",
    ]
    assert "expected units" in str(plain(tmp_path, "a,POL,arms,committed,1,USD,1,0", "b,POL,arms,pledged").skipped[0])


def test_a_long_cell_is_not_shown_whole(tmp_path):
    found = plain(tmp_path, "a,POL,arms,committed,5,EUR", f"b,POL,arms,committed,{'9' * 5000},EUR")
    assert len(str(found.skipped[0])) < 200


@pytest.mark.parametrize("piece", [300, 2**20])
@pytest.mark.parametrize("form", ["kiel", "csv"])
def test_a_formula_that_came_to_an_error_is_not_an_empty_cell(tmp_path, form, piece, monkeypatch):
    """A reader of values has both as empty: the sum would be that of a row that says nothing. However it is cut."""
    import xlsxwriter

    monkeypatch.setattr("foedus.commitments.sources.written._PIECE", piece)

    head, line, at = (EARLY, early(), 9) if form == "kiel" else (HEAD.split(","), ["a", "POL", "arms", "committed"], 4)
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet(MAIN if form == "kiel" else "Commitments")
        for number in range(2):
            sheet.write_row(0, 1, head)
            sheet.write_row(number + 1, 1, [f"{line[0]}{number}", *line[1:]])
        sheet.write_formula(2, at + 1, "=1/0", value="#DIV/0!")
        if form == "csv":
            sheet.write_row(3, 1, ["c", *line[1:]])
            sheet.write_formula(3, at + 1, "=2+2", value="")
    found = read(path, form)
    assert {row.place.row for row in found.rows} == {2}
    column = {"kiel": "K", "csv": "F"}[form]
    assert [(one.place.row, one.place.column) for one in found.skipped] == [
        (n, column) for n in ((3,), (3, 4))[form == "csv"]
    ]
    assert "'#DIV/0!' is no number" in str(found.skipped[0])


def test_negative_units_are_named(tmp_path):
    found = read(book(tmp_path / "a.xlsx", {MAIN: [EARLY, early(**{"No. of Units": -5})]}))
    assert "-5 is negative; expected how many there are" in str(found.skipped[0])
    assert found.rows[0].quantity is None


def test_a_reason_is_given_where_nothing_was_taken(tmp_path):
    with pytest.raises(Malformed, match=r"the first in row 2 of a\.csv .column currency.: '' is no currency"):
        plain(tmp_path, "a,POL,arms,committed,5")
    with pytest.raises(Malformed, match="there is no row below its header"):
        plain(tmp_path)
    path = tmp_path / "b.csv"
    path.write_text(HEAD, "utf-16")
    with pytest.raises(Malformed, match="save the table as CSV in UTF-8"):
        read(path)
