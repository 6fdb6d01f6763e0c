"""Who speak of a subject until it comes to something else: the fewest who say the same, one after another at one time.

Each of them before the last changes nothing that anybody asks, so no state is kept of it; and of those who bring it
about it matters how, not who they are. One word is enough: a yes in the place of any other word, and any other in the
place of a no, never makes less of a subject, so whoever brings it further by several words could by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct

from foedus.check.cells import Path
from foedus.check.judged import Judged, Matter, Unforeseen
from foedus.check.situation import Step
from foedus.check.taken import Taken

# Who speaks, in order, and what each says, apart from who says it.
_Words = tuple[tuple[str, int], ...]
# Parties alike, and the words that each may say with the number that is then written.
_Offers = tuple[tuple[tuple[str, ...], tuple[tuple[int, int], ...]], ...]
_Counts = tuple[int, ...]
MaySay = Callable[[str, datetime, list[int], type], list[Taken]]
Written = Callable[[list[int], Any], list[int]]


class Spoken(Struct, frozen=True):
    """The `last` who speaks, in this row, `before` whom others did."""

    row: list[int]
    last: Taken
    before: tuple[Step, ...]


class _Alike(Struct, frozen=True):
    """Parties alike who said the same of a subject. `steps`: what the first may say now, by the word."""

    parties: tuple[str, ...]
    steps: tuple[tuple[int, Taken], ...]


class Speaking:
    """All that is said in one exploration."""

    def __init__(self, judged: Judged, may: MaySay, written: Written) -> None:
        """`may`: what a party may say by acts of a kind, at a moment and in a row of cells. `written`: after a step."""
        self._judged = judged
        self._may = may
        self._written = written
        self._known: dict[Any, tuple[_Words, ...]] = {}

    def of(self, row: list[int], at: datetime, kinds: dict[str, Any]) -> Iterator[Spoken]:
        """What is said after which a subject comes to something else, or something else is so. `kinds`: by party, the
        same for parties that are alike by now.
        """
        for said, matter in list(self._judged.subjects(row)):
            everybody = self._alike(said, matter, row, at, kinds)
            for alike in everybody:
                for _, taken in alike.steps:
                    if not self._judged.only_said(taken):
                        yield Spoken(row, taken, ())
            offers = tuple([(alike.parties, self._numbers(said, alike)) for alike in everybody])
            begun = (said, at, self._judged.compared(said, row), offers)
            found = self._known.get(begun)
            if found is None:
                found = self._known[begun] = tuple(self._fewest(said, matter, row, at, offers))
            for words in found:
                yield self._told(said, matter, row, at, words)

    def _alike(
        self, said: Path, matter: Matter, row: list[int], at: datetime, kinds: dict[str, Any]
    ) -> list[_Alike]:  # fmt: skip
        """Those who may speak of it."""
        found: dict[Any, list[str]] = {}
        for party, kind in kinds.items():
            found.setdefault((kind, self._judged.word(row, said, party)), []).append(party)
        alike = []
        for parties in found.values():
            steps = self._of(said, matter, parties[0], row, at)
            if steps:
                alike.append(_Alike(tuple(parties), tuple(steps)))
        return alike

    def _of(self, said: Path, matter: Matter, party: str, row: list[int], at: datetime) -> list[tuple[int, Taken]]:
        """What the party may say of this subject, by the word."""
        cell = self._judged.said_by(said, party)
        return [
            (self._judged.shape(dict(taken.writes)[cell]), taken)
            for taken in self._may(party, at, row, matter.voice)
            if getattr(taken.step.body, matter.field) == said[2]
        ]

    def _numbers(self, said: Path, alike: _Alike) -> tuple[tuple[int, int], ...]:
        """Of each word what is written."""
        cell = self._judged.said_by(said, alike.parties[0])
        return tuple([(word, dict(taken.writes)[cell]) for word, taken in alike.steps])

    def _fewest(
        self, said: Path, matter: Matter, row: list[int], at: datetime, offers: _Offers
    ) -> Iterator[_Words]:  # fmt: skip
        """How few must say the same, for each thing that the subject then comes to."""
        for word in dict.fromkeys([word for _, words in offers for word, _ in words]):
            who = [(parties, dict(words)[word]) for parties, words in offers if word in dict(words)]
            who = [(parties, number) for parties, number in who if self._judged.word(row, said, parties[0]) != word]
            most = [len(parties) for parties, _ in who]
            turned = False
            for counts in self._counts(partial(self._with, said, row, at, who), most):
                turned = True
                yield tuple(
                    [(one, word) for (parties, _), count in zip(who, counts, strict=True) for one in parties[:count]]
                )
            if not turned:  # nor may it do so as the rules take it, whoever speaks
                self._said(said, matter, row, at, [(party, word) for parties, _ in who for party in parties])

    def _counts(self, comes_to: Callable[[_Counts], int], most: list[int]) -> Iterator[_Counts]:
        """Of each kind how many, the fewest first. `comes_to`: by how many of each say it, `most` at most."""
        none = (0,) * len(most)
        stood, found, level = comes_to(none), set[int](), {none}
        while level:
            following = set()
            for counts in level:
                # Nothing changes with as many more as these: so it takes at least one of the others.
                full = counts
                for place, count in enumerate(most):
                    more = (*full[:place], count, *full[place + 1 :])
                    if comes_to(more) == stood:
                        full = more
                    else:
                        following.add((*counts[:place], counts[place] + 1, *counts[place + 1 :]))
            level = set()
            for counts in sorted(following):
                number = comes_to(counts)
                if number == stood:
                    level.add(counts)
                elif number not in found:
                    found.add(number)
                    yield counts

    def _with(
        self, said: Path, row: list[int], at: datetime, who: list[tuple[tuple[str, ...], int]], counts: _Counts
    ) -> int:  # fmt: skip
        """What the subject comes to when so many of each have said it."""
        writes = [
            (self._judged.said_by(said, party), number)
            for (parties, number), count in zip(who, counts, strict=True)
            for party in parties[:count]
        ]
        return self._judged.number(said, self._written(row, self._judged.naming(said, row, writes)), at)

    def _told(self, said: Path, matter: Matter, row: list[int], at: datetime, words: _Words) -> Spoken:
        """The acts by which that is said, each as the rules take it in the row that it finds."""
        stood = self._judged.number(said, row, at)
        row, before = self._said(said, matter, row, at, words[:-1])
        party, word = words[len(before)]
        taken = self._step(said, matter, party, word, row, at)
        if self._judged.only_said(taken) and self._judged.number(said, self._written(row, taken.writes), at) == stood:
            raise Unforeseen
        return Spoken(row, taken, tuple(before))

    def _said(
        self, said: Path, matter: Matter, row: list[int], at: datetime, words: Sequence[tuple[str, int]]
    ) -> tuple[list[int], list[Step]]:
        """The row after these have spoken, up to the first of whom it counts that it did; and their acts."""
        before: list[Step] = []
        begun = row
        for party, word in words:
            taken = self._step(said, matter, party, word, row, at)
            if self._judged.brings(taken) and not self._judged.brings(self._step(said, matter, party, word, begun, at)):
                raise Unforeseen  # by those before it, who were to change nothing
            if not self._judged.only_said(taken):
                break
            before.append(taken.step)
            row = self._written(row, taken.writes)
        return row, before

    def _step(self, said: Path, matter: Matter, party: str, word: int, row: list[int], at: datetime) -> Taken:
        found = dict(self._of(said, matter, party, row, at)).get(word)
        if found is None:
            raise Unforeseen
        return found
