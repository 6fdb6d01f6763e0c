"""What is personal lies apart, and erasing a person leaves every digest as it was."""

from __future__ import annotations

import hashlib
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.claims.duplicates import search
from foedus.claims.personal import erase, salted, verify
from foedus.errors import Malformed
from tests.claims.tables import claims, read, write

TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\x7f"), max_size=12)
PEOPLE = st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=12)


def batch(folder: Path, people) -> tuple[Path, Path]:
    """Claims and their personal file, with a salt in each row."""
    raw = write(folder / "raw.csv", [(f"C-{at:03}", *one) for at, one in enumerate(people)], ("id", "name", "number"))
    salted(raw, folder / "personal.csv", folder / "digests.csv")
    digest = {row["id"]: row["person"] for row in read(folder / "digests.csv")}
    rows = [(id_, "A3.1", 100, "EUR", "2022-03-16", "UA-14", person) for id_, person in digest.items()]
    heading = ("id", "category", "amount_cents", "currency", "cause_date", "place", "person")
    return write(folder / "claims.csv", rows, heading), folder / "personal.csv"


@settings(max_examples=15)
@given(PEOPLE, st.data())
def test_what_is_erased_is_gone_and_all_else_still_fits(people, data):
    with tempfile.TemporaryDirectory() as name:
        table, personal = batch(Path(name), people)
        before = table.read_bytes()
        assert verify(table, personal).fit == len(people)
        gone = data.draw(st.sets(st.integers(0, len(people) - 1)))
        ids = [f"C-{at:03}" for at in gone]
        assert erase(personal, ids) == len(people) - len(gone)
        found = verify(table, personal)
        assert (found.fit, found.erased, found.differ, found.strangers) == (len(people) - len(gone), len(gone), 0, 0)
        assert table.read_bytes() == before
        assert {row["id"] for row in read(personal)}.isdisjoint(ids)


def test_the_digest_is_one_that_anyone_can_compute(tmp_path):
    table, personal = batch(tmp_path, [("Олена", "123"), ("a,b", "")])
    for row, claim in zip(read(personal), read(table), strict=True):
        text = f"{row['salt']}\x1fname={row['name']}\x1fnumber={row['number']}"
        assert hashlib.sha256(text.encode()).hexdigest() == claim["person"]
    salts = [row["salt"] for row in read(personal)]
    assert len(set(salts)) == 2
    assert all(len(salt) == 64 for salt in salts)


def test_the_same_person_twice_has_two_digests(tmp_path):
    table, _ = batch(tmp_path, [("Olena", "1"), ("Olena", "1")])
    assert len({row["person"] for row in read(table)}) == 2, "nobody is found again by a digest"


def test_what_was_changed_or_added_is_named(tmp_path):
    table, personal = batch(tmp_path, [("Olena", "1"), ("Taras", "2")])
    text = personal.read_text("utf-8").replace("Taras", "Tamara")
    personal.write_text(
        text + "C-777," + "0" * 64 + ",X,9\n" if text.startswith("id,salt") else text + f"C-777,X,9,{'0' * 64}\n",
        "utf-8",
    )
    found = verify(table, personal)
    assert (found.fit, found.differ, found.strangers, found.named) == (1, 1, 1, ("C-001", "C-777"))


def test_the_personal_file_is_its_owners_alone_and_whole_or_not_there(tmp_path, monkeypatch):
    _, personal = batch(tmp_path, [("Olena", "1"), ("Taras", "2")])
    assert stat.S_IMODE(personal.stat().st_mode) == 0o600
    personal.chmod(0o644)
    erase(personal, ["C-000"])
    assert stat.S_IMODE(personal.stat().st_mode) == 0o600

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            erase(personal, ["C-001"])
    assert "Taras" in personal.read_text("utf-8"), "erased wholly or not at all"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["claims.csv", "digests.csv", "personal.csv", "raw.csv"]


def test_nothing_is_erased_where_one_is_not_there(tmp_path):
    _, personal = batch(tmp_path, [("Olena", "1")])
    before = personal.read_bytes()
    with pytest.raises(Malformed, match="has no row C-9: nothing was erased"):
        erase(personal, ["C-000", "C-9"])
    assert personal.read_bytes() == before


def test_what_cannot_be_salted(tmp_path):
    raw = write(tmp_path / "raw.csv", [("C-1", "x"), ("C-1", "y")], ("id", "name"))
    with pytest.raises(Malformed, match="id C-1 is missing or stands more than once"):
        salted(raw, tmp_path / "p.csv", tmp_path / "d.csv")
    write(tmp_path / "raw.csv", [("C-1", "x\x1fy")], ("id", "name"))
    with pytest.raises(Malformed, match="a control character"):
        salted(raw, tmp_path / "p.csv", tmp_path / "d.csv")
    write(tmp_path / "raw.csv", [("C-1", "x")], ("id", "salt"))
    with pytest.raises(Malformed, match="has salts already"):
        salted(raw, tmp_path / "p.csv", tmp_path / "d.csv")


def test_duplicates_are_found_across_batches_and_name_nobody(tmp_path):
    one, two = tmp_path / "1.csv", tmp_path / "2.csv"
    claims(one, [("C-1", "A3.1", 5, "EUR"), ("C-2", "A2.1", 5, "EUR"), ("C-3", "A3.1", 5, "EUR")])
    claims(two, [("C-4", "A3.1", 5, "EUR"), ("C-5", "A3.1", 5, "EUR")])
    heading = ("id", "number", "house")
    first = write(tmp_path / "p1.csv", [("C-1", "ab-12", "80:1"), ("C-2", "AB12", ""), ("C-3", "", "")], heading)
    second = write(tmp_path / "p2.csv", [("C-4", " AB 12", "81"), ("C-5", "9", "801")], heading)
    out = tmp_path / "found.csv"
    found = search([(one, first), (two, second)], {"person": "number", "object": "house"}, out)
    assert (found.claims, found.groups, found.in_groups) == (5, 2, 4)
    assert [(one.kind, one.category, one.ids) for one in found.first] == [
        ("object", "A3.1", ("C-1", "C-5")),
        ("person", "A3.1", ("C-1", "C-4")),
    ]
    assert [(row["kind"], row["group"], row["file"], row["id"]) for row in read(out)] == [
        ("object", "1", "1.csv", "C-1"), ("object", "1", "2.csv", "C-5"),
        ("person", "2", "1.csv", "C-1"), ("person", "2", "2.csv", "C-4"),
    ]  # fmt: skip
    assert "12" not in out.read_text("utf-8").replace("1.csv", "").replace("2.csv", "")
    with pytest.raises(Malformed, match="the columns tax are missing"):
        search([(one, first)], {"person": "tax"})


def test_no_error_cites_a_person(tmp_path):
    """What a command says goes to a terminal and a log: a line by its number, never what stands there."""
    table, personal = batch(tmp_path, [("Olena", "1")])
    bad = tmp_path / "bad.csv"
    for text, says in (
        ("id,salt,name,number\nC-000,00,Taras Hidden,77,more\n", "line 2: 4 values were expected, found 5"),
        ('id,salt,name,number\nC-000,00,"Taras Hidden,77\n', "line 2: a quotation mark is not closed"),
    ):
        bad.write_text(text, "utf-8")
        for tried in (
            lambda: salted(bad, tmp_path / "p2.csv", tmp_path / "d2.csv"),
            lambda: verify(table, bad),
            lambda: erase(bad, ["C-000"]),
            lambda: search([(table, bad)], {"person": "number"}),
        ):
            with pytest.raises(Malformed, match=says) as raised:
                tried()
            assert "Hidden" not in str(raised.value)
            assert "77" not in str(raised.value)
    assert sorted(one.name for one in tmp_path.iterdir() if one.name[0] not in "cdr") == ["bad.csv", "personal.csv"]
    assert personal.exists()
