"""Records to screen against: built, searched, changed in place, written to a folder and mapped back.

A search finds every name whose score reaches the cutoff, as far as `certificate.BOUND` says: candidates are looked up
by words and by neighbours read as one, what cannot reach the cutoff is left out by a bound on its score, the rest is
compared by score.py. A change adds a small segment and marks what it replaces, so that a changed index answers as one
built anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from foedus.errors import Malformed
from foedus.screening import segment as parts
from foedus.screening.candidates import Candidates
from foedus.screening.names import Name
from foedus.screening.record import Match, Reason, Record
from foedus.screening.score import THRESHOLD, best, compare_names, finish, highest_without_facts, names_of
from foedus.screening.segment import Segment
from foedus.screening.tables import engine_digest
from foedus.screening.weights import weight, weights

MOST_PARTS = 8  # then the small ones are made one: each part costs every query its look-ups
_KEPT_WEIGHTS = 200_000


class _Part:
    """A segment, what of it still holds, and how many names have each of its words, here and in the whole index."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.alive = np.ones(segment.size, np.bool_)
        self.mine = segment.arrays.names_with.copy()
        self.everywhere = self.mine.copy()
        self.places = segment.plain_words()
        self.ids = segment.ids()  # of the records that still hold
        self.candidates: Candidates

    def names_alive(self) -> NDArray[np.bool_]:
        """Which names are of records that still hold."""
        return self.alive[self.segment.arrays.name_record]

    def remove(self, ids: Iterable[str]) -> set[str]:
        """Mark records as gone, those that are here; the words whose frequency changed."""
        places = sorted(self.ids.pop(id_) for id_ in ids if id_ in self.ids)
        if not places:
            return set()
        gone = np.zeros(self.segment.size, np.bool_)
        gone[places] = True
        names = np.flatnonzero(gone[self.segment.arrays.name_record]).astype(np.int32)
        counted = parts.frequencies(self.segment, names)
        self.mine[list(counted)] -= np.array(list(counted.values()), np.int32)
        self.alive[places] = False
        return {self.segment.word(place) for place in counted}


class Index:
    """One thread at a time: between two calls it is whole, during one it is not."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        """Raises Malformed where two records have one id, or one has none."""
        self._parts: list[_Part] = []
        self._weights: dict[str, float] = {}
        self._names = 0
        checked = _checked(records)
        self._append(parts.build(checked))
        self._weigh_anew()

    def __len__(self) -> int:
        return sum(len(part.ids) for part in self._parts)

    def __contains__(self, id_: str) -> bool:
        return any(id_ in part.ids for part in self._parts)

    def record(self, id_: str) -> Record:
        """The record with this id. Raises KeyError."""
        for part in self._parts:
            if id_ in part.ids:
                return part.segment.record(part.ids[id_])
        raise KeyError(id_)

    def records(self) -> Iterator[Record]:
        """Every record, in no order that means anything."""
        for part in self._parts:
            yield from map(part.segment.record, part.ids.values())

    def weigh(self, word: str) -> float:
        """How much a word says among the names of this index: see weights.py."""
        if (found := self._weights.get(word)) is not None:
            return found
        if len(self._weights) > _KEPT_WEIGHTS:
            self._weights.clear()
        counts = (int(part.everywhere[part.places[word]]) for part in self._parts if word in part.places)
        found = weight(word, next(counts, 0), self._names)
        self._weights[word] = found
        return found

    def search(
        self, query: Record, limit: int | None = 10, threshold: float = THRESHOLD, cutoff: float | None = None
    ) -> list[Match]:
        """The records that may be the subject of the query, the likeliest first; of equals the lower id.

        `cutoff`: the least score that is returned, the threshold where none is given; `match` says which reach the
        threshold. Raises Malformed where the query has neither a name with a letter or digit nor an identifier.
        """
        (found,) = self.search_all([query], limit, threshold, cutoff)
        return found

    def search_all(
        self,
        queries: Sequence[Record],
        limit: int | None = 10,
        threshold: float = THRESHOLD,
        cutoff: float | None = None,
    ) -> list[list[Match]]:
        """The same for each of many queries, which together are answered faster: some hundreds are best."""
        cutoff = threshold if cutoff is None else cutoff
        names = [asked_names(query) for query in queries]
        asked = [
            (name, query.kind, highest_without_facts(query, cutoff))
            for query, its in zip(queries, names, strict=True)
            for name, _ in its
        ]
        found: list[list[Match]] = [[] for _ in queries]
        for part in self._parts:
            reached = iter(part.candidates.find(asked, self.weigh))
            for query, its, matches in zip(queries, names, found, strict=True):
                matches.extend(self._in_part(part, query, its, list(islice(reached, len(its))), cutoff, threshold))
        for matches in found:
            matches.sort(key=lambda match: (-match.score, match.id))
        return [matches[:limit] for matches in found]

    def _in_part(
        self,
        part: _Part,
        query: Record,
        names: list[tuple[Name, bool]],
        candidates: list[list[tuple[float, int]]],
        cutoff: float,
        threshold: float,
    ) -> Iterator[Match]:
        """Compare the candidates of each name of a query."""
        segment = part.segment
        reached: dict[int, list[tuple[float, int, int]]] = {}
        for ours, those in enumerate(candidates):
            for most, theirs in those:
                reached.setdefault(int(segment.arrays.name_record[theirs]), []).append((-most, ours, theirs))
        identified = [place for place in segment.identified(query) if part.alive[place]] if query.identifiers else ()
        reached |= {place: [] for place in identified}
        for place, pairs in reached.items():
            record = segment.record(place)
            if pairs:
                likest = self._likest(segment, names, sorted(pairs), (query.kind, record.kind))
            else:
                likest = best(names, names_of(record), self.weigh, (query.kind, record.kind))
            score, reasons = finish(query, record, *likest)
            if score >= cutoff and score > 0:
                yield Match(record.id, record.caption, score, score >= threshold, reasons, record.lists)

    def _likest(
        self,
        segment: Segment,
        names: list[tuple[Name, bool]],
        pairs: list[tuple[float, int, int]],
        kinds: tuple[str, str],
    ) -> tuple[float, tuple[Reason, ...], bool]:
        """The likest of these names of one record, those that may be the likest first: the rest need no look."""
        likest: tuple[float, tuple[Reason, ...], bool] = (0.0, (), False)
        for minus_most, ours, theirs in pairs:
            if -minus_most < likest[0]:
                break
            (name, weak), (other, also) = names[ours], segment.name(theirs)
            score, reasons = compare_names(name, other, self.weigh, kinds)
            if score > likest[0]:
                likest = (score, reasons, weak or also)
        return likest

    def apply(self, changed: Iterable[Record] = (), removed: Iterable[str] = ()) -> None:
        """Take in records that are new or changed, and drop those removed; all or nothing.

        Raises Malformed where an id to be removed is unknown, or two records have one id.
        """
        checked = _checked(changed)
        gone = list(removed)
        unknown = [id_ for id_ in gone if id_ not in self]
        if unknown:
            raise Malformed("record {id!r} is not in the index: it cannot be removed", id=unknown[0])
        added = parts.build(checked) if checked else None  # before anything is changed
        touched: set[str] = set()
        replaced = {*gone, *(record.id for record in checked)}
        for part in self._parts:
            touched |= part.remove(replaced)
        if added is not None:
            self._append(added)
            touched |= self._parts[-1].places.keys()
        if len(self._parts) > MOST_PARTS:
            self._merge()
            touched |= self._parts[1].places.keys()
        self._weigh_anew(touched)

    def _append(self, segment: Segment) -> None:
        self._parts.append(_Part(segment))

    def _merge(self) -> None:
        """All parts but the first as one."""
        small = [part.segment.record(place) for part in self._parts[1:] for place in sorted(part.ids.values())]
        del self._parts[1:]
        self._append(parts.build(small))

    def _weigh_anew(self, words: set[str] | None = None) -> None:
        """Frequencies over all parts, for these words or for all; then weights, which move with the number of names."""
        if len(self._parts) > 1:
            for word in {word for part in self._parts for word in part.places} if words is None else words:
                self._count(word)
        else:
            self._parts[0].everywhere = self._parts[0].mine.copy()
        alive = [part.names_alive() for part in self._parts]
        self._names = int(sum(one.sum() for one in alive))
        self._weights.clear()
        for part, names in zip(self._parts, alive, strict=True):
            weighed = weights(part.segment.arrays.fixed, part.everywhere, self._names)
            part.candidates = Candidates(part.segment, weighed, names)

    def _count(self, word: str) -> None:
        places = [(part, part.places[word]) for part in self._parts if word in part.places]
        everywhere = sum(int(part.mine[at]) for part, at in places)
        for part, at in places:
            part.everywhere[at] = everywhere

    def _take(self, segment: Segment) -> None:
        """This segment instead of what was there."""
        self._parts = []
        self._append(segment)
        self._weigh_anew()

    def _whole(self) -> Segment:
        """All of it as one segment."""
        whole = self._parts[0].segment
        if len(self._parts) > 1 or not self._parts[0].alive.all():
            whole = parts.build(sorted(self.records(), key=lambda record: record.id))
        return whole

    def arrays(self) -> parts.Arrays:
        """The flat arrays of which `of_arrays` makes the same index again, without reading or copying them."""
        return self._whole().arrays

    @classmethod
    def of_arrays(cls, arrays: parts.Arrays) -> Index:
        """An index over arrays that another process made."""
        index = cls(())
        index._take(Segment(arrays))
        return index

    def save(self, folder: Path) -> None:
        """Write it into a new folder, as one segment. Raises OSError."""
        parts.write(self._whole(), folder)
        (folder / "engine").write_text(engine_digest(), "ascii")

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Map an index from its folder. Raises Malformed where another engine, or none, wrote it: build it anew."""
        try:
            engine = (folder / "engine").read_text("ascii")
        except (OSError, ValueError):
            raise Malformed("{folder} holds no index: `engine` is missing; build it anew", folder=folder) from None
        if engine != engine_digest():
            raise Malformed(
                "{folder}: the index was written by engine {found}, this is {expected}; build it anew",
                folder=folder,
                found=engine[:12],
                expected=engine_digest()[:12],
            )
        return cls.of_arrays(parts.read(folder).arrays)


def asked_names(query: Record) -> list[tuple[Name, bool]]:
    """The names that are asked for, each way it is read, with whether it is weak.

    Raises Malformed where there is neither a name with a letter or digit nor an identifier.
    """
    names = list(names_of(query))
    if not names and not query.identifiers:
        raise Malformed(
            "query {id!r}: no letter and no digit found in its names; give a name or an identifier", id=query.id
        )
    return names


def _checked(records: Iterable[Record]) -> list[Record]:
    found: dict[str, Record] = {}
    for record in records:
        if not record.id:
            raise Malformed("a record without an id: {name!r}; a match could not be named", name=record.caption[:80])
        if record.id in found:
            raise Malformed("two records have the id {id!r}: one would hide the other", id=record.id)
        found[record.id] = record
    return list(found.values())
