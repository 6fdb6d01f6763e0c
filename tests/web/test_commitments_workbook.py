"""From a spreadsheet to the record through the console: sent, looked at row by row, signed as one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.cli.test_workbooks import of_two
from tests.web.small_exercise import Reader, Small, console, path_of, view, words
from tests.workbook.test_dry_run import OWED, PACKAGE, TRANCHE
from tests.workbooks import Book

PAGE = "/commitments/workbook"


@pytest.fixture
def small(tmp_path) -> Iterator[Small]:
    made = Small(tmp_path / "record", of_two("ReturnDelivery"))
    yield made
    made.depositary.close()


@pytest.fixture
def reader(small) -> Iterator[Reader]:
    with console(small) as reader:
        yield reader


def send(reader: Reader, data: bytes, name: str = "plans.xlsx") -> httpx.Response:
    headers = {"sec-fetch-site": "same-origin"}
    return reader.client.post(f"{PAGE}/send", files={"file": (name, data)}, headers=headers)


def sign(reader: Reader, looked: httpx.Response) -> httpx.Response:
    shown = re.search(r'name="shown" value="([0-9a-f]+)"', looked.text)
    assert shown, words(looked)[:600]
    return reader.post(f"/commitments/workbook/{workbook_of(looked)}/sign", {"shown": shown[1]})


def workbook_of(looked: httpx.Response) -> str:
    """The id of a workbook, from its page or from the answer of signing."""
    return path_of(looked).split("/")[3]


def book(reader: Reader) -> Book:
    return Book(reader.get(f"{PAGE}.xlsx").content)


def whole(reader: Reader) -> bytes:
    made = book(reader).fill("Obligations", 4, OWED).fill("Tranches", 4, TRANCHE)
    return made.fill("Allocations", 4, PACKAGE).save()


def test_sent_looked_at_signed_as_one_and_shown_on_the_page(small, reader):
    assert PAGE in reader.sits("POL/defence").get("/commitments/obligations").text
    assert "Download the workbook" in reader.words(PAGE)
    before = small.depositary.state.size
    looked = send(reader, whole(reader))
    said = words(looked)
    assert "3 rows can be entered as one" in said
    assert "Poland schedules a tranche of O-1: howitzers: 8" in said
    assert "committed, howitzers: 0 → 12" in said
    assert small.depositary.state.size == before, "looking enters nothing"
    signed = sign(reader, looked)
    assert "Every row is on the record" in words(signed)
    assert small.depositary.state.size == before + 3
    text = reader.words("/commitments/obligations/O-1")
    assert "O-1/T-1" in text
    assert "O-1/T-1/A-1" in text
    again = send(reader, whole(reader))
    assert "Every row is on the record" in words(again)
    assert "Sign and enter" not in words(again)


def test_a_wrong_row_is_named_and_nothing_can_be_signed(small, reader):
    before = small.depositary.state.size
    data = book(reader.sits("POL/defence")).fill("Obligations", 4, OWED | {"amount": -3}).save()
    looked = send(reader, data)
    assert "1 row cannot be taken" in words(looked)
    assert "Obligations, row 4, column F : -3 is negative" in words(looked)
    assert "Sign and enter" not in words(looked)
    assert "Sign" not in words(reader.post(f"{path_of(looked)}/sign", {"shown": "0"}))
    (only,) = view(reader, path_of(looked))["tables"]["not_taken"]
    assert (only["sheet"], only["row"], only["column"]) == ("Obligations", 4, "F")
    assert small.depositary.state.size == before
    assert send(reader, b"a,b", "rows.csv").status_code == 400
    assert send(reader, b"a,b").status_code == 400


def test_what_was_not_shown_is_not_signed(small, reader):
    looked = send(reader.sits("POL/defence"), whole(reader))
    other = send(reader, book(reader).fill("Obligations", 4, OWED | {"name": "another"}).save())
    assert "Every row is on the record" in words(sign(reader, other))
    before = small.depositary.state.size
    moved = sign(reader, looked)
    assert moved.status_code == 409
    assert "The record went on since you looked" in words(moved)
    assert small.depositary.state.size == before
    assert "Every row is on the record" in words(sign(reader, moved))
    assert small.depositary.state.commitments.tranches["O-2/T-1"]


def test_where_two_must_sign_the_second_finds_it_as_one(tmp_path):
    small = Small(tmp_path / "two", of_two("ScheduleTranche"))
    with console(small) as reader:
        before = small.depositary.state.size
        looked = send(reader.sits("POL/defence"), whole(reader))
        assert "Sign as the first of two" in words(looked)
        assert "Another seat of your party signs next" in words(sign(reader, looked))
        assert small.depositary.state.size == before
        assert "waits for your signature" not in reader.sits("GBR/defence").words(PAGE)
        assert reader.get(path_of(looked)).status_code == 404, "it is another party's"
        assert "waits for your signature" in reader.sits("POL/foreign").words(PAGE)
        signed = sign(reader, reader.get(path_of(looked)))
        assert "Every row is on the record" in words(signed)
        assert small.depositary.state.size == before + 3
        small.depositary.close()


def test_an_onlooker_sends_nothing(reader):
    reader.sits("")
    assert reader.get(PAGE).status_code == 403
    assert send(reader, b"").status_code == 403


def test_a_file_is_forgotten(reader):
    looked = send(reader.sits("POL/defence"), whole(reader))
    reader.post(f"{path_of(looked)}/drop")
    assert reader.get(path_of(looked)).status_code == 404
