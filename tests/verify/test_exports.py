"""Whatever is changed, removed or cut off in an export is found; a copy is what verified."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Malformed, Refused, Tampered
from foedus.export import export, import_record
from foedus.record.store import open_store
from foedus.verify.container import Container, write_container
from tests.strategies import examples
from tests.verify.damage import FLIP, ORIGIN, check, copied, flipped, kept


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@given(which=st.integers(0, 10**6), **FLIP)
@examples(60)
def test_any_byte_of_any_exported_file(which, place, mask):
    with copied("folder") as folder:
        files = files_of(folder)
        file = files[which % len(files)]
        file.write_bytes(flipped(file.read_bytes(), place, mask))
        name = file.relative_to(folder).as_posix()
        named = name.removeprefix("blobs/").removeprefix("compacts/").removesuffix(".json")
        with pytest.raises(Tampered, match=rf"{re.escape(named)}|^entry \d+|^tree node|note|{re.escape(ORIGIN)}"):
            check(folder)


@given(which=st.integers(0, 10**6))
@examples(15)
def test_any_exported_file_that_is_missing(which):
    with copied("folder") as folder:
        files = files_of(folder)
        file = files[which % len(files)]
        name = file.relative_to(folder).as_posix()
        file.unlink()
        if name.startswith("blobs/"):
            assert check(folder).attachments_absent == 1
        elif name.startswith("compacts/") or name == "keys":
            assert check(folder).size == 300
        else:
            with pytest.raises((Tampered, Malformed), match=rf"{re.escape(name)}|{re.escape(str(folder))}"):
                check(folder)


@given(which=st.integers(0, 10**6), left=st.floats(0, 0.999))
@examples(15)
def test_any_exported_file_cut_short(which, left):
    with copied("folder") as folder:
        files = files_of(folder)
        file = files[which % len(files)]
        data = file.read_bytes()
        file.write_bytes(data[: int(len(data) * left)])
        with pytest.raises(Tampered):
            check(folder)


@given(**FLIP)
@examples(60)
def test_any_byte_of_an_exported_file(place, mask):
    with copied("file.foedus") as file:
        data = file.read_bytes()
        file.write_bytes(flipped(data, place * 7919, mask))
        with pytest.raises(Tampered):
            check(file)


@given(left=st.floats(0, 0.9999))
@examples(15)
def test_an_exported_file_cut_short(left):
    with copied("file.foedus") as file:
        data = file.read_bytes()
        file.write_bytes(data[: int(len(data) * left)])
        with pytest.raises(Tampered):
            check(file)


def test_nothing_may_follow_the_end_of_an_exported_file():
    with copied("file.foedus") as file:
        with file.open("ab") as out:
            out.write(bytes(512))
        with pytest.raises(Tampered, match="expected at the end"):
            check(file)


@pytest.mark.parametrize("name", ["annex", f"blobs/{'a' * 64}", "tile/9/000.p/1"])
def test_nothing_may_be_added_to_an_exported_file(name):
    with copied("file.foedus") as file:
        container = Container(file)
        members = {name: container.read(name) or b"" for name in container.members}
        container.close()
        with file.open("wb") as out:
            write_container(out, sorted({**members, name: b"seen by nobody"}.items()))
        with pytest.raises(Tampered, match=f"{name} is nothing that the record names"):
            check(file)


def test_what_is_put_in_the_place_of_an_exported_file_is_not_waited_for_nor_read_for_ever():
    with copied("folder") as folder:
        (folder / "keys").unlink()
        os.mkfifo(folder / "keys")
        with pytest.raises(Malformed, match="keys is no file"):
            check(folder)
    for name in ("checkpoint", "tile/entries/000"):
        with copied("folder") as folder:
            os.truncate(folder / name, 1 << 36)
            with pytest.raises(Tampered, match=f"{name}: more than [0-9]+ bytes"):
                check(folder)


def test_both_exports_hold_the_same_and_are_the_same_each_time(tmp_path):
    store = open_store(kept() / "record")
    export(store, tmp_path / "again.foedus")
    store.close()
    assert (tmp_path / "again.foedus").read_bytes() == (kept() / "file.foedus").read_bytes()


def test_an_export_never_overwrites_and_leaves_nothing_unfinished(tmp_path):
    store = open_store(kept() / "record")
    try:
        with pytest.raises(Refused, match="never overwrites"):
            export(store, kept() / "folder")
        with pytest.raises(Malformed, match="cannot be written"):
            export(store, tmp_path / "absent/to")
    finally:
        store.close()
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_what_was_verified(tmp_path):
    report = import_record(kept() / "file.foedus", tmp_path / "copy")
    copy = check(tmp_path / "copy", rules=True)
    assert (copy.root, copy.signed, copy.attachments_held) == (
        report.root,
        300,
        check(kept() / "record").attachments_held,
    )
    with pytest.raises(Refused, match="already holds a record"):
        import_record(kept() / "file.foedus", tmp_path / "copy")


def test_what_does_not_verify_is_not_copied(tmp_path):
    with copied("file.foedus") as file:
        file.write_bytes(flipped(file.read_bytes(), 5000, 1))
        with pytest.raises(Tampered):
            import_record(file, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_copy_that_is_not_finished_leaves_nothing(tmp_path, monkeypatch):
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("foedus.export.append_all", stopped)
    (tmp_path / "own").mkdir()
    for to in ("copy", "own"):
        with pytest.raises(KeyboardInterrupt):
            import_record(kept() / "file.foedus", tmp_path / to)
    assert list(tmp_path.iterdir()) == [tmp_path / "own"], "a folder that was there before stays"
