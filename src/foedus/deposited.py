"""List versions of a record: on their way into it, and out again as a feed that anyone can follow and prove.

The publisher's file lies in the archive as it came; of a set of files, each of them, and a list of their names and
digests. The feed is the deltas between deposited versions. The record is its chain: each step names the entry of its
version, and the entries stand under cosigned checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec
from msgspec import Struct

from foedus import archive
from foedus.errors import Tampered
from foedus.sanctions.acts import DepositList
from foedus.sanctions.lists import ListVersion, Target
from foedus.sanctions.lists.canonical import digest_of, parse_rows, rows
from foedus.sanctions.lists.delta import Delta, apply, between
from foedus.sanctions.state import Deposited


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


NOTHING = digest_of(())  # of a list before its first version


class Step(Struct, frozen=True):
    """One step of a list's feed: the entry in which a version was deposited, and what changed from the one before."""

    entry: int
    delta: Delta


def feed(store: archive.Keeps, which: str, versions: Sequence[Deposited], since: str = NOTHING) -> Iterator[Step]:
    """The steps after the version of digest `since`, in order; from the beginning where that was never deposited.

    Raises Malformed when a version is not in the archive.
    """
    start = _after(versions, since)
    digest = versions[start - 1].table if start else NOTHING
    targets = version_of(store, which, digest).targets if start else ()
    for one in versions[start:]:
        after = version_of(store, which, one.table).targets
        yield Step(one.place.entry, between(which, targets, after, (digest, one.table)))
        targets, digest = after, one.table


def _after(versions: Sequence[Deposited], digest: str) -> int:
    """The place after the newest version of this digest; 0 where there is none."""
    return max((place for place, one in enumerate(versions, 1) if one.table == digest), default=0)


def caught_up(targets: Iterable[Target], steps: Iterable[Step], versions: Sequence[Deposited]) -> tuple[Target, ...]:
    """The newest version, from any earlier one and the steps after it; proved to have missed none.

    `versions`: those deposited, by the subscriber's own verified copy of the record. A step that was left out, added,
    moved or changed by whoever sent them does not fit. Raises Tampered.
    """
    here = tuple(targets)
    digest = digest_of(here)
    expected = [(one.place.entry, one.table) for one in versions[_after(versions, digest) :]]
    if expected and _after(versions, digest) == 0:
        here, digest = (), NOTHING
    sent = list(steps)
    if [(step.entry, step.delta.new) for step in sent] != expected:
        raise Tampered(
            "{list}: the feed does not go on from {digest} to every version that the record has: ask another server",
            list=sent[0].delta.list if sent else "-",
            digest=digest,
        )
    for step in sent:
        here = apply(here, step.delta)
    return here
