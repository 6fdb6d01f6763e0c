"""`sanctions feed`, `catch-up`, `table`, `joins` and `ownership`: over a record, over files, in words and as data."""

from __future__ import annotations

import csv
import io
import json

import pytest

from foedus import archive
from foedus.record.store import open_store
from foedus.sanctions import schedules

LINES = (
    {"id": "own", "schema": "Person", "properties": {"name": ["Olena Example"]}},
    {"id": "s", "schema": "Sanction", "properties": {"entity": ["own"], "program": ["P"]}},
    {"id": "mid", "schema": "Company", "properties": {"name": ["Middle Example"]}},
    {"id": "low", "schema": "Company", "properties": {"name": ["Low Example"]}},
    {"id": "o1", "schema": "Ownership", "properties": {"owner": ["own"], "asset": ["mid"], "percentage": ["51"]}},
    {"id": "o2", "schema": "Ownership", "properties": {"owner": ["mid"], "asset": ["low"], "percentage": ["30"]}},
)


@pytest.fixture
def keys(foedus, exercise, tmp_path):
    """The record's key as a file."""
    file = tmp_path / "keys.txt"
    foedus("export", exercise, "--to", tmp_path / "exported")
    file.write_text((tmp_path / "exported/keys").read_text("utf-8"), "utf-8")
    return file


def test_the_feed_is_written_as_entities_and_for_a_spreadsheet(foedus, exercise):
    data = foedus.json("sanctions", "feed", exercise)
    told = [json.loads(line) for line in foedus("sanctions", "feed", exercise).out.splitlines()]
    rows = {one["id"]: one for one in told if one["schema"] == "Sanction"}
    assert rows
    assert {one["id"] for one in data["rows"]} == set(rows)
    assert {one["in_law"] for one in rows.values()} <= {"yes", "owed", "no"}
    table = list(csv.DictReader(io.StringIO(foedus("sanctions", "feed", exercise, "--as", "csv").out)))
    assert {one["id"]: one["in_law"] for one in table} == {id_: one["in_law"] for id_, one in rows.items()}
    before = foedus.json("sanctions", "feed", exercise, "--at", "2001-01-01")
    assert before["rows"] == []
    assert foedus("sanctions", "feed", exercise, "--as", "xml").status == 2


def test_a_subscriber_follows_a_published_folder_and_is_told_that_nothing_was_missed(foedus, exercise, keys, tmp_path):
    public, mine = tmp_path / "public", tmp_path / "mine"
    first = foedus.json("sanctions", "feed", exercise, "--to", public)
    assert (first["number"], first["changes"]) == (1, first["rows"])
    assert "nothing is added" in foedus("sanctions", "feed", exercise, "--to", public).out
    ran = foedus("sanctions", "catch-up", public, mine, "--key", keys)
    assert (ran.status, "nothing was missed" in ran.out) == (0, True)
    again = foedus.json("sanctions", "catch-up", public, mine, "--key", keys)
    assert (again["digest"], again["deltas"]) == (first["digest"], 0)
    assert (mine / "listings.ftm.json").read_bytes() == (public / "listings.ftm.json").read_bytes()
    rows = (mine / "listings.ftm.json").read_bytes()
    (mine / "listings.ftm.json").write_bytes(rows.replace(b'"yes"', b'"no"', 1))
    assert foedus("sanctions", "catch-up", public, mine, "--key", keys).status == 3
    refused = foedus("sanctions", "feed", exercise, "--to", public, "--at", "2026-01-01")
    assert "--at is for reading" in refused.line
    keys.write_bytes(b"\xff")
    ran = foedus("sanctions", "catch-up", public, mine, "--key", keys)
    assert (ran.status, "line 1: the byte 0xff is no UTF-8" in ran.line) == (2, True)
    keys.write_bytes(b"\n")
    ran = foedus("sanctions", "catch-up", public, mine, "--key", keys)
    assert (ran.status, "no key was found" in ran.line) == (2, True)


def test_a_table_of_any_length_is_put_into_the_archive_in_its_one_form(foedus, exercise, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "PART_BYTES", 4)  # as for a table of more than one part
    file = tmp_path / "annex.tsv"
    file.write_text("T-2\tannex, 2\nT-1\n", "utf-8")
    made = foedus.json("sanctions", "table", exercise, file)
    assert made["rows"] == 2
    store = open_store(exercise)
    try:
        assert [row.target for row in schedules.decode(archive.required(store, made["table"]), made["table"])] == [
            "T-1", "T-2",
        ]  # fmt: skip
    finally:
        store.close()
    file.write_text("T-1\nT-1\n", "utf-8")
    assert "stands twice" in foedus("sanctions", "table", exercise, file).line
    for wrong, said in ((b"", "no row was found"), (b"T-1\nT-\xff\n", "line 2: the byte 0xff is no UTF-8")):
        file.write_bytes(wrong)
        ran = foedus("sanctions", "table", exercise, file)
        assert (ran.status, said in ran.line) == (2, True)


def test_joins_say_why_and_what_people_said(foedus, exercise):
    found = foedus.json("sanctions", "joins", "--record", exercise)["joins"]
    confirmed = [one for one in found if one["stands"] == "confirmed"]
    assert confirmed
    assert all(one["said"] and one["reasons"] for one in confirmed)
    assert all(
        said["party"] and said["entry"] and said["judgment"] == "same" for one in confirmed for said in one["said"]
    )
    proposed = foedus("sanctions", "joins", "--record", exercise, "--stands", "proposed").out
    assert "proposed: " in proposed
    assert "confirmed: " not in proposed
    before = foedus.json("sanctions", "joins", "--record", exercise, "--at", "2001-01-01", "--known", "2001-01-01")
    assert before["joins"] == []
    assert "one of the two" in foedus("sanctions", "joins").line
    assert "proved, proposed" in foedus("sanctions", "joins", "--record", exercise, "--stands", "x").line


def test_a_target_is_told_by_every_list_that_has_it(foedus, exercise):
    """By its own entry, and by that of another list which somebody said is the same."""
    found = foedus.json("sanctions", "target", exercise, "xaa-list.1001")
    assert set(found["entries"]) == {"xaa-list:1001", "xac-list:C-07"}
    number = found["entries"]["xac-list:C-07"]["identifiers"][0]["number"]
    assert f"({number}, " in foedus("sanctions", "target", exercise, "xaa-list.1001").out
    before = foedus.json(
        "sanctions", "target", exercise, "xaa-list.1001", "--at", "2001-01-01", "--known", "2001-01-01"
    )
    assert (before["entries"], before["listings"]) == ({}, [])


def test_who_is_owned_is_told_with_the_chain(foedus, exercise, tmp_path):
    file = tmp_path / "entities.ftm.json"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in LINES), "utf-8")
    found = {one["name"]: one for one in foedus.json("sanctions", "ownership", file)["owned"]}
    assert (found["Middle Example"]["share"], found["Middle Example"]["treated_as_listed"]) == ("51", True)
    assert (found["Low Example"]["share"], found["Low Example"]["treated_as_listed"]) == ("30", False)
    assert [link[2] for link in found["Low Example"]["chain"]] == ["51", "30"]
    said = foedus("sanctions", "ownership", file).out
    assert "(Olena Example) → " in said
    assert "1 of 2 are owned 50 per cent or more" in said
    (owned,) = foedus.json("sanctions", "ownership", "--record", exercise)["owned"]
    assert (owned["share"], owned["treated_as_listed"], len(owned["chain"])) == ("60", True, 2)
