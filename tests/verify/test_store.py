"""Whatever is changed in a store by whoever holds the disk, verifying names the place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Malformed, Tampered
from foedus.record.merkle import Frontier
from foedus.record.store import open_store
from tests.strategies import examples
from tests.verify.damage import EN, FLIP, check, copied, flipped, opened_up


@given(entry=st.integers(0, 299), **FLIP)
@examples(40)
def test_any_byte_of_any_entry(entry, place, mask):
    with copied() as record:
        with opened_up(record) as db:
            (data,) = db.execute("SELECT bytes FROM entry WHERE idx = ?", (entry,)).fetchone()
            db.execute("UPDATE entry SET bytes = ? WHERE idx = ?", (flipped(data, place, mask), entry))
        with pytest.raises(Tampered, match=rf"^entry {entry}:"):
            check(record)


@given(entry=st.integers(0, 299), **FLIP)
@examples(10)
def test_any_byte_of_any_leaf_hash(entry, place, mask):
    with copied() as record:
        with opened_up(record) as db:
            (leaf,) = db.execute("SELECT leaf FROM entry WHERE idx = ?", (entry,)).fetchone()
            db.execute("UPDATE entry SET leaf = ? WHERE idx = ?", (flipped(leaf, place, mask), entry))
        with pytest.raises(Tampered, match=rf"^entry {entry}:"):
            check(record)


@given(**FLIP)
@examples(5)
def test_any_byte_of_a_tree_node(place, mask):
    with copied() as record:
        with opened_up(record) as db:
            (node,) = db.execute("SELECT hash FROM node").fetchone()
            db.execute("UPDATE node SET hash = ?", (flipped(node, place, mask),))
        with pytest.raises(Tampered, match=r"^tree node 0 of tile level 1"):
            check(record)


@given(**FLIP)
@examples(10)
def test_any_byte_of_the_head(place, mask):
    with copied() as record:
        with opened_up(record) as db:
            (frontier,) = db.execute("SELECT frontier FROM head").fetchone()
            db.execute("UPDATE head SET frontier = ?", (flipped(frontier, place, mask),))
        with pytest.raises(Tampered, match=r"^head"):
            check(record)


@given(which=st.integers(0, 1), **FLIP)
@examples(20)
def test_any_byte_of_a_checkpoint(which, place, mask):
    with copied() as record:
        with opened_up(record) as db:
            size, note = db.execute("SELECT size, note FROM checkpoint ORDER BY size").fetchall()[which]
            db.execute("UPDATE checkpoint SET note = ? WHERE size = ?", (flipped(note, place, mask), size))
        with pytest.raises(Tampered, match=r"checkpoint|note|entries"):
            check(record)


@given(entry=st.integers(0, 299))
@examples(8)
def test_an_entry_that_is_missing(entry):
    with copied() as record:
        with opened_up(record) as db:
            db.execute("DELETE FROM entry WHERE idx = ?", (entry,))
        with pytest.raises(Tampered, match=r"entries|entry"):
            check(record)


@given(one=st.integers(0, 299), other=st.integers(0, 299))
@examples(10)
def test_two_entries_that_changed_places(one, other):
    if one == other:
        return
    with copied() as record:
        with opened_up(record) as db:
            rows = dict(db.execute("SELECT idx, bytes FROM entry WHERE idx IN (?, ?)", (one, other)).fetchall())
            for here, there in ((one, other), (other, one)):
                db.execute("UPDATE entry SET bytes = ? WHERE idx = ?", (rows[there], here))
        with pytest.raises(Tampered, match=rf"^entry {min(one, other)}:"):
            check(record)


@given(left=st.integers(1, 299))
@examples(8)
def test_a_record_cut_off_at_its_end(left):
    """Cut off so that everything that is left fits together: only the checkpoint remembers."""
    with copied() as record:
        cut(record, left)
        with pytest.raises(Tampered, match=rf"checkpoint of 300 .* entries {left} to 299 are missing"):
            check(record)


def cut(record: Path, left: int) -> None:
    with opened_up(record) as db:
        leaves = [leaf for (leaf,) in db.execute("SELECT leaf FROM entry ORDER BY idx LIMIT ?", (left,))]
        frontier, nodes = Frontier().extend(leaves)
        db.execute("DELETE FROM entry WHERE idx >= ?", (left,))
        db.execute("DELETE FROM node WHERE n >= ?", (len(nodes),))
        db.execute("UPDATE head SET size = ?, frontier = ?", (left, frontier.encode()))


def test_a_record_cut_off_with_its_checkpoints_is_said_to_be_unsigned():
    with copied() as record:
        cut(record, 200)
        with opened_up(record) as db:
            db.execute("DELETE FROM checkpoint")
        report = check(record)
        assert (report.size, report.signed) == (200, 0)
        said = [one.say(EN) for one in report.not_proved]
        assert any("Entries from number 0 on: no signed checkpoint" in one for one in said)
        assert any("or came after the last entry" in one for one in said)


@given(**FLIP)
@examples(10)
def test_any_byte_of_an_attachment_or_compact(place, mask):
    with copied() as record:
        with opened_up(record) as db:
            digests = [digest for (digest,) in db.execute("SELECT digest FROM blob ORDER BY digest")]
            digest = digests[place % len(digests)]
            (data,) = db.execute("SELECT data FROM blob WHERE digest = ?", (digest,)).fetchone()
            db.execute("UPDATE blob SET data = ? WHERE digest = ?", (flipped(data, place, mask), digest))
        with pytest.raises(Tampered, match=digest):
            check(record)


def test_an_erased_attachment_changes_nothing_that_was_proved():
    with copied() as record:
        whole = check(record)
        store = open_store(record)
        compacts = set(whole.compacts)
        for digest in list(store.blobs()):
            assert digest in compacts or store.erase_blob(digest)
        store.close()
        erased = check(record, rules=True)
        assert (erased.root, erased.attachments_held) == (whole.root, 0)
        assert erased.attachments_absent == whole.attachments_held
        assert any("Attachments not held here" in one.say(EN) for one in erased.not_proved)


def test_a_compact_whose_text_is_gone_hides_nothing_and_stops_recomputing():
    with copied() as record:
        with opened_up(record) as db:
            db.execute("DELETE FROM blob WHERE digest = ?", (check(record).compacts[0],))
        report = check(record)
        assert any("The text of a compact that is not held here" in one.say(EN) for one in report.not_proved)
        with pytest.raises(Malformed, match=r"entry 0: the text of the compact .* is not held here"):
            check(record, rules=True)


def test_the_file_in_a_records_folder_leads_to_the_folder():
    with copied() as record, pytest.raises(Malformed, match=f"name its folder, {record}"):
        check(record / "record.db")
