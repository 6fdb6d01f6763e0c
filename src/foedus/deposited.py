"""A list version on its way into a record: its files and its rows into the archive, and the act that names them.

The publisher's file lies in the archive as it came; of a set of files, each of them, and a list of their names and
digests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from foedus import archive
from foedus.sanctions.acts import DepositList
from foedus.sanctions.lists import ListVersion
from foedus.sanctions.lists.canonical import parse_rows, rows


def keep(store: archive.Keeps, files: Mapping[str, bytes], version: ListVersion) -> str:
    """Put what was published, and the version's rows, into the archive; the digest of what was published.

    Durable when it returns. Raises Conflict when the store cannot be written.
    """
    assert archive.put(store, rows(version.targets)) == version.digest, "the digest is that of the rows"
    found = {name: archive.put(store, data) for name, data in sorted(files.items())}
    if len(found) == 1:
        return next(iter(found.values()))
    return archive.put(store, msgspec.json.encode(found))


def act_of(version: ListVersion, file: str, as_of: date | None, legal_basis: str | None) -> DepositList:
    """The act that names them."""
    return DepositList(
        publisher=version.publisher,
        list=version.list,
        table=version.digest,
        file=file,
        targets=len(version.targets),
        skipped=len(version.skipped),
        as_of=as_of,
        legal_basis=legal_basis,
    )


def version_of(store: archive.Keeps, which: str, digest: str) -> ListVersion:
    """A version from the archive. Raises Malformed when it is not held, Tampered when it is damaged."""
    targets = parse_rows(archive.required(store, digest), digest)
    return ListVersion("-", which, "rows", None, digest, targets)
