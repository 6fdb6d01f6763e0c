"""The lists that `screen` looks in: of files, or of a record, mapped from what was kept or read anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.depositary import Depositary
    from foedus.in_law import Law
    from foedus.kept_index import Lists
    from foedus.sanctions.state import Deposited
    from foedus.screening import Record
    from foedus.screening.certificate import ListUsed

_LEAST_DIGEST = 8  # digits by which a version is named


class Open(NamedTuple):
    """Lists, what says which of their entries are in law, and what changed since an earlier version; None: all of it
    is looked for.
    """

    lists: Lists
    law: Law | None
    changed: list[Record] | None
    since: dict[str, str]


@contextmanager
def lists_of(record: str | None, against: Sequence[Path], since: Sequence[str]) -> Iterator[Open]:
    """The lists of a record, or in these files. `since`: earlier versions, as files or, of a record, by digest.

    Raises Malformed where a list cannot be read, or an earlier version is of no list that is looked in.
    """
    from foedus import kept_index
    from foedus.screened import read_lists

    if record is None:
        if not against:
            raise Malformed("no list was named: give each as --against FILE, or a record as --record DIR")
        with session.progress(_("Reading the lists")) as told:
            key = kept_index.key_of(kept_index.digests_of(against))
            lists = kept_index.opened(key, lambda: read_lists(list(against), told))
            earlier = read_lists([Path(one) for one in since], told) if since else None
        yield _open(lists, None, earlier)
        return
    from foedus.cli.opening import opened
    from foedus.in_law import Laws

    with opened(record) as found:
        depositary = found.depositary
        with session.progress(_("Reading the lists")):
            newest = {name: versions[-1] for name, versions in depositary.state.sanctions.lists.items()}
            if not newest:
                raise Malformed("no list has been deposited in {record}: import one, or give files as --against FILE",
                                record=record)  # fmt: skip
            key = kept_index.key_of({name: f"{one.table} {one.as_of}" for name, one in newest.items()})
            lists = kept_index.opened(key, lambda: _deposited(depositary, newest))
            earlier = _deposited(depositary, dict(_versions(depositary, since))) if since else None
        yield _open(lists, Laws(depositary).now(), earlier)


def _open(lists: Lists, law: Law | None, earlier: tuple[list[Record], list[ListUsed]] | None) -> Open:
    from foedus.rescreening import changed_since

    if earlier is None:
        return Open(lists, law, None, {})
    names, since = {one.name for one in lists.used}, {one.name: one.digest for one in earlier[1]}
    if names != since.keys():
        raise Malformed(
            "--since names an earlier version of {found}; one of each list was expected: {expected}",
            found=", ".join(sorted(since)) or "-", expected=", ".join(sorted(names)),
        )  # fmt: skip
    return Open(lists, law, changed_since(earlier[0], lists.index.records()), since)


def _deposited(depositary: Depositary, versions: dict[str, Deposited]) -> tuple[list[Record], list[ListUsed]]:
    from msgspec.structs import replace

    from foedus.deposited import version_of
    from foedus.screened import records_of

    records: list[Record] = []
    used: list[ListUsed] = []
    for name, one in sorted(versions.items()):
        version = replace(version_of(depositary.store, name, one.table), as_of=one.as_of)
        more, list_ = records_of(version)
        records += more
        used.append(list_)
    return records, used


def _versions(depositary: Depositary, since: Sequence[str]) -> Iterator[tuple[str, Deposited]]:
    """The deposited versions whose digests begin so. Raises Malformed."""
    every = depositary.state.sanctions.lists
    for text in since:
        found = [
            (name, one)
            for name, versions in every.items()
            for one in versions
            if len(text) >= _LEAST_DIGEST and one.table.startswith(text.lower())
        ]
        if not found:
            raise Malformed(
                "no version of a list in this record has a digest that begins with {text!r}: the page of a list names"
                " its versions",
                text=text[:80],
            )
        yield found[-1]
