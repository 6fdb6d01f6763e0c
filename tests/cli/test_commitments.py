"""`import` and `commitments …` on trackers' files, without a record."""

from __future__ import annotations

from decimal import Decimal

import pytest
from beancount import loader

from tests.commitments.sources.real import DATA, EARLY, MAIN, RELEASE_7, RELEASE_29, book, early, needs_files

HEAD = "id,donor,kind,stage,date,amount,currency,item,quantity\n"
TABLE = HEAD + (
    "A,Latvia,arms,committed,2024-02-01,1500000.50,EUR,howitzer,6\n"
    "A,Latvia,arms,delivered,2024-06-01,500000,EUR,howitzer,undisclosed\n"
    "B,Germany,financial,committed,2024-07-01,100,UAH,,\n"
    "C,Freedonia,arms,committed,2024-07-01,100,EUR,,\n"
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "held.csv"
    path.write_text(TABLE, "utf-8")
    return path


def test_import_says_what_was_taken_and_what_was_not(foedus, table):
    read = foedus.json("import", "csv", table)
    assert (read["rows"], read["stages"]) == (3, {"committed": 2, "delivered": 1})
    assert read["skipped"] == [
        {
            "sheet": "held.csv",
            "row": 5,
            "column": "donor",
            "what": "'Freedonia' is no donor known; write its English name or its ISO 3166 code",
        }
    ]
    said = foedus("import", "csv", table, "--lang", "uk").out
    assert "Не взято: 1." in said
    assert "held.csv, рядок 5, стовпець donor: 'Freedonia' не є відомим донором" in said


def test_import_refuses_another_source_than_was_named(foedus, table):
    assert "is csv; kiel, kiel-web was expected" in foedus("import", "kiel", table).line
    assert "'oryx' is no source known" in foedus("import", "oryx", table).line


def test_a_dry_run_says_what_each_row_would_do(foedus, table, tmp_path):
    new = tmp_path / "new.csv"
    lines = TABLE.splitlines()[:3]
    lines[1] = lines[1].replace("1500000.50", "1600000")
    new.write_text("\n".join([*lines, "D,Estonia,training,committed,2025,,,place,40"]) + "\n", "utf-8")
    effects = foedus.json("import", "csv", new, "--dry-run", "--against", table)["effects"]
    assert [(one["effect"], one["row"]["id"]) for one in effects] == [
        ("changed", "A"),
        ("same", "A"),
        ("new", "D"),
        ("gone", "B"),
    ]
    again = foedus.json("import", "csv", table, "--dry-run", "--against", table)["effects"]
    assert {one["effect"] for one in again} == {"same"}, "the same file again adds nothing"
    assert "new: D: Estonia, training missions, committed" in foedus("import", "csv", new, "--dry-run").out


def test_totals_by_axes_and_by_a_day(foedus, table):
    found = foedus.json("commitments", "totals", table, "--by", "donor,kind", "--as-of", "2024-06-30")
    assert [(one["key"], one["stage"], one["eur"]) for one in found["lines"]] == [
        (["LVA", "arms"], "committed", "1500000.50"),
        (["LVA", "arms"], "delivered", "500000.00"),
    ]
    assert (found["left_out"], found["skipped"]) == (1, 1)
    said = foedus("commitments", "totals", table, "--by", "donor").out.replace("\u00a0", " ")
    assert "Latvia: committed EUR 1,500,000.50\n" in said
    assert "Germany: committed EUR 0.00; and UAH 100 without a rate" in said


def test_totals_refuse_what_they_do_not_know(foedus, table):
    assert "'colour' is no axis" in foedus("commitments", "totals", table, "--by", "colour").line
    assert "does not say who is a member of the EU" in foedus("commitments", "totals", table, "--by", "group").line
    assert "--as-of 'June': a day such as 2022-06-30" in foedus("commitments", "totals", table, "--as-of", "June").line
    assert "'guess' is no policy known" in foedus("commitments", "totals", table, "--rates", "guess").line


def test_units_show_and_diff(foedus, table, tmp_path):
    said = foedus("commitments", "units", table, "--item", "how", "--donors").out
    assert "Latvia · howitzer: committed 6\n" in said
    assert "Latvia · howitzer: delivered 0; with what is not disclosed at least 1\n" in said
    shown = foedus("commitments", "show", table, "A").out
    assert "A: Latvia, arms transfers, delivered, 1 June 2024 (held.csv, row 3)" in shown
    assert "at least 1 × howitzer" in shown
    assert "has no row with the id 'Z'" in foedus("commitments", "show", table, "Z").line
    later = tmp_path / "later.csv"
    later.write_text(TABLE.replace("1500000.50", "1700000"), "utf-8")
    said = foedus("commitments", "diff", table, later).out.replace("\u00a0", " ")
    assert said.splitlines() == [
        "Rows added: 0; gone: 0; changed: 1.",
        "Latvia · arms transfers: committed EUR 1,500,000.50 → EUR 1,700,000.00",
    ]


def test_findings_have_the_exit_status_of_findings(foedus, tmp_path, table):
    good = foedus("commitments", "findings", table)
    assert (good.status, good.out) == (0, "Findings: 0.\n")
    doubled = book(tmp_path / "a.xlsx", {MAIN: [EARLY, early(), early()]})
    bad = foedus("commitments", "findings", doubled)
    assert (bad.status, bad.out) == (1, f"  {MAIN}, row 3: it repeats row 2 word for word\nFindings: 1.\n")


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx", "beancount", "iati"])
def test_export_writes_a_new_file(foedus, table, tmp_path, form):
    out = tmp_path / "out"
    options = ("--reporter", "XX-1", "--made", "2024-12-31") if form == "iati" else ()
    answer = foedus.json("commitments", "export", table, "--to", form, "--out", out, *options)
    assert answer["bytes"] == out.stat().st_size > 0
    assert "nothing is overwritten" in foedus("commitments", "export", table, "--to", form, "--out", out, *options).line


def test_export_says_what_it_needs(foedus, table, tmp_path):
    out = tmp_path / "out"
    assert "'pdf' is no form known" in foedus("commitments", "export", table, "--to", "pdf", "--out", out).line
    assert (
        "give its identifier with --reporter"
        in foedus("commitments", "export", table, "--to", "iati", "--out", out).line
    )
    line = foedus("commitments", "export", table, "--to", "iati", "--out", out, "--reporter", "XX-1").line
    assert "give the day of the file with --made" in line
    assert not out.exists(), "what is refused writes nothing"


def test_the_template_is_a_workbook_that_import_reads(foedus, tmp_path):
    out = tmp_path / "t.xlsx"
    assert foedus("commitments", "template", "--out", out).status == 0
    assert "there is no row below its header" in foedus("import", "csv", out).line


@needs_files
@pytest.mark.slow
def test_a_release_of_the_tracker(foedus):
    whole = foedus.json("commitments", "totals", RELEASE_7, "--by", "group")
    assert sum(float(one["eur"]) for one in whole["lines"] if one["stage"] == "committed") == pytest.approx(93.9426e9)
    shares = foedus.json("commitments", "shares", RELEASE_29)
    assert (shares["stage"], shares["shares"][0]["donor"]) == ("allocated", "DNK")
    other = foedus("commitments", "shares", RELEASE_29, "--gdp", DATA / "macro/gdp.csv", "--year", "2021").out
    assert other.splitlines()[1].startswith("Denmark: EUR")
    before_the_euro = foedus("commitments", "shares", RELEASE_29, "--gdp", DATA / "macro/gdp.csv", "--year", "1970")
    assert before_the_euro.line == "malformed: no reference rate of the year 1970 is known"
    assert foedus("commitments", "findings", RELEASE_29).status == 1


def test_a_vintage_is_kept_in_a_record_and_the_same_again_adds_nothing(foedus, table, exercise):
    first = foedus.json("import", "csv", table, exercise, "--licence", "CC BY 4.0")
    again = foedus.json("import", "csv", table, exercise)
    assert (first["new"], again["new"]) == (True, False)
    assert (again["vintage"], again["at"], again["licence"]) == (first["vintage"], first["at"], "CC BY 4.0")
    said = foedus("import", "csv", table, exercise, "--lang", "uk").out
    assert "Цей випуск уже зберігається" in said
    assert foedus("verify", exercise).status == 0


def test_a_dry_run_keeps_nothing(foedus, table, exercise):
    assert foedus.json("import", "csv", table, exercise, "--dry-run")["effects"]
    assert foedus.json("import", "csv", table, exercise)["new"]


def test_a_wrong_file_keeps_nothing(foedus, table, exercise):
    table.write_text("id,donor\n", "utf-8")
    assert foedus("import", "csv", table, exercise).status == 2
    table.write_text(TABLE, "utf-8")
    assert foedus.json("import", "csv", table, exercise)["new"]


@pytest.mark.parametrize("measure", ["gdp", "population", "defence"])
def test_what_shares_are_measured_by_is_kept(foedus, exercise, tmp_path, measure):
    path = tmp_path / f"{measure}.csv"
    path.write_text("Country Name,Country Code,Year,Value\nLatvia,LVA,2021,1890000\n", "utf-8")
    assert foedus.json("import", measure, path, exercise)["years"] == ["2021"]
    assert not foedus.json("import", measure, path, exercise)["new"]
    assert "of 2021–2021 is kept already." in foedus("import", measure, path, exercise).out
    assert "name its folder" in foedus("import", measure, path).line


def test_totals_of_a_record_of_a_vintage_it_keeps_and_of_a_file_are_asked_alike(foedus, table, exercise):
    kept = foedus.json("import", "csv", table, exercise)["vintage"]
    of_file = foedus.json("commitments", "totals", table, "--by", "donor,kind", "--as-of", "2024-06-30")
    of_record = foedus.json(
        "commitments", "totals", exercise, "--vintage", kept[:12], "--by", "donor,kind", "--as-of", "2024-06-30"
    )
    assert of_record == of_file
    assert "is no record" in foedus("commitments", "totals", table, "--vintage", kept[:12]).line
    assert "no vintage here" in foedus("commitments", "totals", exercise, "--vintage", "0" * 12).line
    own = foedus.json("commitments", "totals", exercise, "--by", "donor,kind", "--as-of", "2026-12-31")
    assert own["by"] == ["stage", "party", "kind", "unit"]


def test_totals_are_converted_under_the_policy_that_is_named(foedus, table, tmp_path):
    rates = tmp_path / "rates.csv"
    rates.write_text(
        "what,currency,year,value,source,stated_on\nbudget_rate,UAH,2024,40,a budget,2023-12-01\n", "utf-8"
    )
    found = foedus.json("commitments", "totals", table, "--rates", "budget_rate", "--table", rates)
    assert {one["stage"]: one["unconverted"] for one in found["lines"]} == {"committed": {}, "delivered": {}}
    found = foedus.json("commitments", "totals", table, "--rates", "event_date")
    assert found["rates"] == "event_date"
    assert found["lines"][0]["unconverted"] == {"UAH": "100"}
    said = foedus("commitments", "totals", table, "--rates", "event_date").out
    assert "UAH" in said
    assert "European Central Bank" in said
    assert "needs a table" in foedus("commitments", "totals", table, "--rates", "budget_rate").line
    rates.write_text("what,currency,year,value\n", "utf-8")
    assert foedus("commitments", "totals", table, "--rates", "constant_prices", "--table", rates).status == 2


def test_the_ledger_of_a_record_stands_on_accounts(foedus, exercise, tmp_path):
    out = tmp_path / "account.beancount"
    found = foedus.json("commitments", "ledger", exercise)["accounts"]
    for unit in {one["unit"] for one in found}:
        assert sum(Decimal(one["low"]) for one in found if one["unit"] == unit) == 0
        assert sum(Decimal(one["high"]) for one in found if one["unit"] == unit) == 0
    assert foedus.json("commitments", "ledger", exercise, "--out", out)["file"] == str(out)
    assert not loader.load_string(out.read_text("utf-8"))[1]


@needs_files
def test_findings_name_states_organs_and_kinds_in_the_readers_language(foedus):
    said = foedus("commitments", "findings", RELEASE_29, "--lang", "uk").out
    assert "Словенія: тут 0.2586 % ВВП" in said
    assert "військова допомога: тут разом 168.047" in said
    assert "ЄС (Комісія і Рада)" in foedus("commitments", "findings", RELEASE_7, "--lang", "uk").out
