"""An index kept on disk: mapped when it fits, built anew when it does not, and never half."""

from __future__ import annotations

import pytest

from foedus import kept_index
from foedus.kept_index import digests_of, key_of, opened
from foedus.screened import read_lists
from foedus.screening import Record
from tests.web.listed import ENTITIES, write_list

QUERY = Record("q", ("Igor Sechin",))


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def file(tmp_path):
    return write_list(tmp_path / "list.jsonl")


def ask(file):
    """The lists of the file, and how often they were built for it."""
    built = []

    def build():
        built.append(1)
        return read_lists([file])

    return opened(key_of(digests_of([file])), build), len(built)


def folders():
    return [one.name for one in kept_index.folder().iterdir()]


def test_the_second_time_nothing_is_read(file):
    (first, built), (second, again) = ask(file), ask(file)
    assert (built, again) == (1, 0)
    assert second.index.search(QUERY) == first.index.search(QUERY)
    assert (second.used, second.digest) == (first.used, first.digest)
    assert folders() == [key_of(digests_of([file]))]
    assert (kept_index.folder() / folders()[0]).stat().st_mode & 0o077 == 0, "its owner's alone"


def test_another_list_or_another_engine_is_another_index(file, monkeypatch):
    ask(file)
    write_list(file, *ENTITIES[1:])
    lists, built = ask(file)
    assert (built, lists.index.search(QUERY)) == (1, [])
    monkeypatch.setattr(kept_index, "reader_digest", lambda: "0" * 64)
    assert ask(file)[1] == 1


@pytest.mark.parametrize("name", ["said.json", "index/engine", "index/words.npy", "index/records.npy"])
@pytest.mark.parametrize("damage", [b"", b"{", None])
def test_a_damaged_one_is_built_anew(file, name, damage):
    wanted = ask(file)[0].index.search(QUERY)
    one = kept_index.folder() / folders()[0] / name
    if damage is None:
        one.unlink()
    else:
        one.write_bytes(damage)
    lists, built = ask(file)
    assert (built, lists.index.search(QUERY)) == (1, wanted)
    assert ask(file)[1] == 0, "the new one stands in its place"


def test_where_nothing_can_be_kept_it_is_built_each_time(file, monkeypatch, tmp_path):
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "taken"))
    assert [ask(file)[1] for _ in range(2)] == [1, 1]


def test_what_stops_midway_leaves_nothing_half(file, monkeypatch):
    def stops(*_, **__):
        raise OSError(28, "no space left")

    monkeypatch.setattr("foedus.screening.segment.np.save", stops)
    lists, built = ask(file)
    assert (built, bool(lists.index.search(QUERY))) == (1, True)
    assert folders() == []


def test_few_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_index, "MOST_KEPT", 2)
    for number in range(4):
        ask(write_list(tmp_path / f"{number}.jsonl", *ENTITIES[: number + 1]))
    assert len(folders()) == 2
