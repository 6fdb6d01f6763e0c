"""Published lists kept in one index as they change: what is offered, what is searched, and whether both are the same.

A list that cannot be read leaves the one before it searched, and says so until a later one is read. What is offered is
looked at whenever somebody asks: nothing is called current because it was so a while ago.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from foedus import deposited
from foedus.depositary import Depositary
from foedus.errors import FoedusError, Malformed
from foedus.in_law import Law, Laws, with_law
from foedus.sanctions.lists import ListVersion, Target, read
from foedus.screened import records_of
from foedus.screening import THRESHOLD, Index, Match, Record
from foedus.screening.certificate import Certificate, ListUsed, certify

EVERY = ("default", "all")  # names for all lists together
LEAST_CUTOFF = 0.5  # below it names agree in too little for the index to look for


class Offers(Protocol):
    """Where lists come from."""

    def stamps(self) -> Mapping[str, str]:
        """What is there now: a stamp for each list, another when the list is another. Reads no list."""

    def version(self, key: str) -> ListVersion:
        """The list. Raises FoedusError."""

    def law(self) -> Law | None:
        """What says which entries are in law now; None where nothing does."""


class OfRecord:
    """The newest version of each list deposited in a record."""

    def __init__(self, depositary: Depositary) -> None:
        self._depositary = depositary
        self._laws = Laws(depositary)

    def law(self) -> Law:
        """By the record's listings."""
        return self._laws.now()

    def stamps(self) -> Mapping[str, str]:
        """By the list's name, the digest of its rows."""
        return {name: versions[-1].table for name, versions in self._depositary.catch_up().sanctions.lists.items()}

    def version(self, key: str) -> ListVersion:
        """The version from the archive, with the day that its deposit states. Raises Malformed, Tampered."""
        newest = self._depositary.catch_up().sanctions.lists[key][-1]
        return replace(deposited.version_of(self._depositary.store, key, newest.table), as_of=newest.as_of)


class OfFiles:
    """Lists in files, or in the folders of sets of files."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = {str(file): file for file in files}

    def law(self) -> None:
        """A file says what was published, and not what became of it."""

    def stamps(self) -> Mapping[str, str]:
        """By the file's path, when it was last written and how large it is; the same for each file of a folder."""
        return {key: _stamp(file) for key, file in self._files.items()}

    def version(self, key: str) -> ListVersion:
        """The list in the file. Raises Malformed."""
        return read(self._files[key])


def _stamp(file: Path) -> str:
    try:
        inside = sorted(file.iterdir()) if file.is_dir() else [file]
        states = [(one.name, one.stat()) for one in inside]
    except OSError as problem:
        return f"unreadable: {problem.strerror}"
    return ";".join(f"{name} {state.st_mtime_ns} {state.st_size}" for name, state in states)


class Held(Struct, frozen=True):
    """A list that is searched. `stamp`: under which it was offered when it was read."""

    stamp: str
    version: ListVersion
    used: ListUsed
    targets: dict[str, Target]


class Standing(Struct, frozen=True):
    """How one list stands. `list`: its name, that of the offer until it was read. `failed`: why the newest offered
    could not be read.
    """

    list: str
    offered: str | None
    searched: str | None
    held: Held | None
    failed: FoedusError | None = None

    @property
    def current(self) -> bool:
        """Whether what is searched is what is offered."""
        return self.offered is not None and self.offered == self.searched


class Searched:
    """Lists in one index. Safe for use by several threads: one at a time searches or changes the index."""

    def __init__(self, offers: Offers) -> None:
        self._offers = offers
        self._index = Index()
        self._held: dict[str, Held] = {}
        self._failed: dict[str, tuple[str, FoedusError]] = {}
        self._certificate: Certificate | None = None
        self._lock = threading.Lock()  # of the index and what is held
        self._reading = threading.Lock()  # one reads lists at a time
        self._busy: threading.Thread | None = None

    # --- what is there ------------------------------------------------------------------------------------------

    def standings(self) -> list[Standing]:
        """Every list that is offered or searched, by name."""
        stamps, held = self._offers.stamps(), dict(self._held)
        return sorted(
            (self._standing(key, stamps.get(key), held.get(key)) for key in {*stamps, *held}), key=lambda one: one.list
        )

    def _standing(self, key: str, offered: str | None, held: Held | None) -> Standing:
        stamp, problem = self._failed.get(key, (None, None))
        return Standing(
            held.version.list if held else key, offered, held.stamp if held else None, held,
            problem if stamp == offered else None,
        )  # fmt: skip

    @property
    def ready(self) -> bool:
        """Whether every list offered was read once: until then a search would miss whole lists without a word."""
        return all(one.held is not None for one in self.standings())

    @property
    def busy(self) -> bool:
        """Whether lists are being read now."""
        return self._reading.locked()

    # --- keeping up ---------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Read what is new in a thread, unless that is being done or nothing is new that did not fail already."""
        if not self.busy and any(not one.current and one.failed is None for one in self.standings()):
            self._busy = threading.Thread(target=self.keep_up, name="lists", daemon=True)
            self._busy.start()

    def keep_up(self) -> list[Standing]:
        """Read what is new, try again what failed, and forget what is offered no longer; how it stands then."""
        with self._reading:
            stamps = dict(self._offers.stamps())
            for key, stamp in sorted(stamps.items()):
                held = self._held.get(key)
                if held is None or held.stamp != stamp:
                    self._renew(key, stamp, held)
            for key in [key for key in self._held if key not in stamps]:
                self._change(key, self._held[key], None)
            self._failed = {key: failed for key, failed in self._failed.items() if key in stamps}
        return self.standings()

    def _renew(self, key: str, stamp: str, held: Held | None) -> None:
        try:
            version = self._offers.version(key)
            twice = [other for other, one in self._held.items() if other != key and one.version.list == version.list]
            if twice:
                raise Malformed(
                    "{file} is the list {list} again: each list is searched once, name one version",
                    file=key,
                    list=version.list,
                )
            _, used = records_of(version)
            targets = {f"{version.list}:{one.id}": one for one in version.targets}
            self._change(key, held, Held(stamp, version, used, targets))
        except FoedusError as problem:
            self._failed[key] = (stamp, problem)
        else:
            self._failed.pop(key, None)

    def _change(self, key: str, old: Held | None, new: Held | None) -> None:
        """The index with the new instead of the old; all or nothing."""
        before, after = old.targets if old else {}, new.targets if new else {}
        records = {one.id: one for one in records_of(new.version)[0]} if new else {}
        changed = [one for id_, one in records.items() if before.get(id_) != after[id_]]
        first = Index(changed) if not self._held else None
        with self._lock:
            if first is not None:
                self._index = first
            else:
                self._index.apply(changed, [id_ for id_ in before if id_ not in after])
            if new is None:
                del self._held[key]
            else:
                self._held[key] = new
            self._certificate = None

    # --- searching ----------------------------------------------------------------------------------------------

    @contextmanager
    def _index_of_now(self) -> Iterator[Index]:
        with self._lock:
            yield self._index

    def search(
        self,
        query: Record,
        limit: int | None,
        threshold: float = THRESHOLD,
        cutoff: float | None = None,
        wanted: Callable[[Match, Target], bool] | None = None,
    ) -> list[Match]:
        """As Index.search, of what is `wanted`: chosen before the limit cuts, so that a filter hides nothing. A cutoff
        is LEAST_CUTOFF at least.
        """
        least = max(LEAST_CUTOFF, threshold if cutoff is None else cutoff)
        with self._index_of_now() as index:
            if wanted is None:
                found = index.search(query, limit, threshold, least)
            else:
                every = index.search(query, None, threshold, least)
                found = [match for match in every if wanted(match, self._target(match.id)[1])][:limit]
        return with_law(self._offers.law(), found)

    def search_all(
        self, queries: Sequence[Record], limit: int | None, threshold: float = THRESHOLD, cutoff: float | None = None
    ) -> list[list[Match]]:
        """As Index.search_all. A cutoff is LEAST_CUTOFF at least."""
        least = max(LEAST_CUTOFF, threshold if cutoff is None else cutoff)
        with self._index_of_now() as index:
            found = index.search_all(queries, limit, threshold, least)
        law = self._offers.law()
        return [with_law(law, matches) for matches in found]

    def certificate(self, cutoff: float, threshold: float) -> Certificate:
        """What an answer of now rests on."""
        with self._index_of_now() as index:
            if self._certificate is None:
                self._certificate = certify(list(index.records()), [one.used for one in self._held.values()], 0, 0)
            certificate = replace(self._certificate, cutoff=cutoff, threshold=threshold)
        law = self._offers.law()
        return replace(certificate, law=law.rests_on) if law else certificate

    def in_law(self, id_: str) -> str | None:
        """Whether the listing of a target is in law: `yes`, `owed`, `no`, or None where nothing says so."""
        law = self._offers.law()
        return law.word(id_) if law else None

    def record(self, id_: str) -> Record:
        """The record of a target. Raises KeyError."""
        with self._index_of_now() as index:
            return index.record(id_)

    def target(self, id_: str) -> tuple[Held, Target]:
        """A target with its list. Raises KeyError."""
        with self._lock:
            return self._target(id_)

    def _target(self, id_: str) -> tuple[Held, Target]:
        for held in self._held.values():
            if id_ in held.targets:
                return held, held.targets[id_]
        raise KeyError(id_)

    def targets(self) -> list[tuple[str, Held, Target]]:
        """Every target with its id and list, in order of lists and ids."""
        with self._lock:
            every = sorted(self._held.values(), key=lambda one: one.version.list)
            return [(id_, held, target) for held in every for id_, target in held.targets.items()]

    def lists(self) -> list[str]:
        """The names of the lists that are searched."""
        with self._lock:
            return sorted(one.version.list for one in self._held.values())
