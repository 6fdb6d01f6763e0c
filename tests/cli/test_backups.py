"""`backup` and `restore`: what they say, what they refuse, and that what was restored is the record."""

from __future__ import annotations

import stat

import pytest

from foedus.verify import verify_record
from tests.cli.running import Foedus


def test_a_backup_is_restored_with_what_was_proved(foedus, exercise, tmp_path):
    file, to = tmp_path / "b.foedus", tmp_path / "restored"
    said = foedus("backup", exercise, "--to", file)
    assert said.status == 0, said.err
    assert "Keep it private" in said.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    said = foedus("restore", file, "--to", to)
    assert said.status == 0, said.err
    assert "+ Every event was recomputed" in said.out
    assert said.out.index("PROVED") < said.out.index(f"Restored to {to}")
    assert "Before you serve it" in said.out
    assert verify_record(to, rules=False).root == verify_record(exercise, rules=False).root
    known = ("origin", "exercise", "note", "entries", "last_entry_at", "checkpoint")
    restored, before = foedus.json("status", to), foedus.json("status", exercise)
    assert [restored[name] for name in known] == [before[name] for name in known]


def test_both_answer_as_data_and_in_ukrainian(foedus, exercise, tmp_path):
    file = tmp_path / "b.foedus"
    holds = foedus.json("backup", exercise, "--to", file)["holds"]
    assert holds["entries"] == foedus.json("verify", exercise)["size"]
    restored = foedus.json("restore", file, "--to", tmp_path / "restored")
    assert restored["holds"] == holds
    assert restored["report"]["rules"]
    said = foedus("restore", file, "--to", tmp_path / "again", "--lang", "uk")
    assert "Відновлено до" in said.out
    refused = foedus("restore", file, "--to", tmp_path / "again", "--lang", "uk")
    assert (refused.status, "уже щось містить" in refused.line) == (1, True)


def test_the_newest_checkpoint_is_compared(foedus, exercise, tmp_path):
    older, note = tmp_path / "older.foedus", tmp_path / "checkpoint"
    assert foedus("backup", exercise, "--to", older).status == 0
    size = foedus.json("verify", exercise)["size"]
    body = tmp_path / "act.json"
    assert (
        foedus("act", "new", "RecordPresence", "--record", exercise, "--seat", "XAB/delegation", "--out", body).status
        == 0
    )
    assert foedus("act", exercise, body, "--as", "XAB/delegation").status == 0
    assert foedus("export", exercise, "--to", tmp_path / "folder").status == 0
    note.write_bytes((tmp_path / "folder/checkpoint").read_bytes())
    refused = foedus("restore", older, "--to", tmp_path / "restored", "--newest", note)
    assert (refused.status, (tmp_path / "restored").exists()) == (1, False)
    assert f"has {size:,} entries" in refused.line
    newer = tmp_path / "newer.foedus"
    assert foedus("backup", exercise, "--to", newer).status == 0
    done = foedus("restore", newer, "--to", tmp_path / "restored", "--newest", note)
    assert (done.status, "Before you serve it" in done.out) == (0, False)


def test_what_fails_is_one_line_with_its_status(foedus: Foedus, exercise, tmp_path):
    file = tmp_path / "b.foedus"
    assert foedus("backup", tmp_path / "none", "--to", file).status == 2
    assert foedus("backup", exercise, "--to", file).status == 0
    assert "never overwrites" in foedus("backup", exercise, "--to", file).line
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    cut = foedus("restore", file, "--to", tmp_path / "restored")
    assert (cut.status, "byte " in cut.line) == (3, True)
    assert foedus("restore", exercise, "--to", tmp_path / "restored").status == 2
    assert foedus("restore", file, "--to", tmp_path / "restored", "--newest", tmp_path / "none").status == 2
    assert not (tmp_path / "restored").exists()


@pytest.mark.postgres
def test_a_folder_goes_into_a_database(foedus, exercise, tmp_path, postgres_address):
    assert foedus("backup", exercise, "--to", tmp_path / "b.foedus").status == 0
    done = foedus("restore", tmp_path / "b.foedus", "--to", postgres_address)
    assert done.status == 0, done.err
    assert postgres_address not in done.out
    assert foedus.json("verify", postgres_address, "--rules")["size"] == foedus.json("verify", exercise)["size"]
