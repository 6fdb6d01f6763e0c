"""What is written for others says what the list says, and is read back by the importer of its form."""

from __future__ import annotations

import csv
import io

import msgspec
import pytest
from hypothesis import given

from foedus.sanctions import lists
from foedus.sanctions.lists.writing import COLUMNS, ftm, table
from tests.sanctions.lists import made
from tests.sanctions.lists.strategies import versions


@pytest.mark.parametrize("data", [made.UK_XML, made.SECO, made.NSDC, made.CANADA, made.FTM])
def test_what_is_written_as_followthemoney_is_read_back(data):
    version = lists.read(data)
    back = lists.read(b"".join(ftm(version)))
    assert back.skipped == ()
    assert len(back.targets) == len(version.targets)
    there = {one.id.removeprefix(f"{version.list}-"): one for one in back.targets}
    for one in version.targets:
        again = there[one.id]
        assert again.kind == one.kind
        assert {name.text for name in again.names} == {name.text for name in one.names}
        assert again.names[0].text == one.names[0].text
        assert {name.text for name in again.names if name.kind == "weak"} == {
            name.text for name in one.names if name.kind == "weak"
        }
        assert {birth.date for birth in again.births if birth.date} == {
            birth.date for birth in one.births if birth.date
        }
        known = [each for each in one.identifiers if each.kind != "other"]
        assert {(each.kind, each.number) for each in again.identifiers} >= {(each.kind, each.number) for each in known}
        assert (again.programmes, again.measures, again.listed_on) == (one.programmes, one.measures, one.listed_on)


@given(versions())
def test_every_line_is_an_entity_of_its_own(version):
    entities = [msgspec.json.decode(line) for line in ftm(version)]
    assert len({one["id"] for one in entities}) == len(entities)
    assert all(one["schema"] and one["properties"] for one in entities)


@given(versions())
def test_a_table_has_a_row_for_every_target(version):
    rows = list(csv.reader(io.StringIO("".join(table(version)), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row[1] for row in rows[1:]] == [one.id for one in version.targets]


def test_no_cell_is_a_formula():
    version = lists.read(made.ftm({"id": "x", "schema": "Person", "properties": {"name": ["=HYPERLINK(1)"]}}))
    assert ",'=HYPERLINK(1)," in "".join(table(version))
