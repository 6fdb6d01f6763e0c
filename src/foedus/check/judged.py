"""What was said of a subject, as far as anything asks of it: what it comes to. Who said what is left out of the key.

Of a condition no rule asks more than whether its clause holds over what was said; of a ballot, an easing and a notice
of snapback, whether what was said carries it now, and whether it can still be undone; of a measure, for which parties
it would become binding; of a meeting, whether enough are there. That stands in a cell of its own beside what was said.
To say one more thing is in nobody's way: it is told only where the subject then comes to something else, together with
those who spoke before (`speaking.py`). What those said who leave meanwhile is kept by name: their words may count after
they can no longer speak. All that while nothing that is tried goes by who said what; else everything said is compared.
That rules ask no more is known of them, not derived; it is tested (tests/check/test_reduced.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import partial
from typing import Any, Final, get_args

from msgspec import Struct
from msgspec.structs import replace

from foedus.check.cells import ABSENT, NAMES, THERE, Cells, Path, Writes
from foedus.check.conditions import binds_unjoined, consented, met
from foedus.check.explored import Limits, Watch
from foedus.check.memo import Memo
from foedus.check.taken import NONE_NOTED, Taken
from foedus.check.traced import Trace
from foedus.commitments.acts import CommitmentAct
from foedus.compact.clauses import Clauses
from foedus.compact.model import Condition
from foedus.parties.acts import PartyAct
from foedus.response import acts as response
from foedus.response import ballots, measures, meeting
from foedus.sanctions import acts as sanctions
from foedus.sanctions import conditions, snapback
from foedus.state import State

_JUDGED: Final = "*judged"
# By these it may matter who spoke before: what one said is confirmed, performed, entered or countersigned by name, and
# owed by name.
_OWED: Final = frozenset(kind.__name__ for kind in get_args(CommitmentAct))
_BY_NAME: Final = frozenset(("ConfirmPosition", "ReportPerformance", "EnterTranscript", "CountersignTranscript"))


class Unforeseen(Exception):
    """What is said does otherwise than what its subject comes to tells: all that was said must be compared."""


class Matter(Struct, frozen=True):
    """What parties say of subjects of one kind. `voice`: the act by which they do, with the `field` that names the
    subject; `told`: the events that say only that. `against`: acts that go by who said what. `timed`: the same words
    may come to something else later.
    """

    voice: type
    field: str
    told: frozenset[str]
    against: frozenset[str]
    comes_to: Callable[[Clauses, State, str, datetime], Any]
    timed: bool = False


def _condition(clauses: Clauses, state: State, subject: str, at: datetime) -> tuple[bool, bool]:
    """By the rule that runs, and as guarantees read it."""
    found = next(pair for pair in clauses.every(Condition) if pair[1].id == subject)
    holds = conditions.appraisal(clauses, state, *found, at).verdict.holds
    return holds, met(clauses, state, found[1], at)


def _easing(clauses: Clauses, state: State, subject: str, at: datetime) -> tuple[bool, bool]:
    return conditions.comes_to(clauses, state, state.sanctions.easings[subject])


def _easing_by(clauses: Clauses, state: State, subject: str, at: datetime) -> tuple[bool, ...]:
    """Where it is asked by how many it was agreed: also whether more than one consents."""
    return *_easing(clauses, state, subject, at), consented(state, subject)


def _snapback(clauses: Clauses, state: State, subject: str, at: datetime) -> tuple[bool, bool]:
    return snapback.comes_to(clauses, state, state.sanctions.snapbacks[subject])


def _ballot(clauses: Clauses, state: State, subject: str, at: datetime) -> tuple[bool, bool]:
    return ballots.comes_to(clauses, state, state.response.ballots[subject])


def _measure(clauses: Clauses, state: State, subject: str, at: datetime) -> tuple[Any, ...]:
    """Whether it is carried, whether it binds who did not join, whether somebody joined, and until when somebody who
    joined ad referendum is to confirm it.
    """
    measure = state.response.measures[subject]
    found = measures.outcome(clauses, state, measure, state.response.responses[measure.response])
    last = [said[-1] for said in measure.positions.values()]
    until = {one.confirm_by for one in last if one.confirm_by and one.confirmed is None and one.lapsed is None}
    return found.carried, binds_unjoined(state, found), bool(found.joined), tuple(sorted(until))


def _meeting(clauses: Clauses, state: State, subject: str, at: datetime) -> tuple[bool, ...]:
    """Whether it is convened, and for each clause of another instrument whether it is met."""
    one = state.response.responses[subject]
    there = frozenset(one.present)
    return meeting.enough(clauses, state, one, there), *(meeting.meets(one, clause, there) for clause in one.clauses)


def _matter(voice: type, field: str, told: type, comes_to: Any, against: frozenset[str] = frozenset()) -> Matter:
    return Matter(voice, field, frozenset((told.__name__,)), against, comes_to)


# By package, map and field in which it stands what each said last. Rules count it, and do not hold it against what the
# same party said elsewhere: so where it is not judged, of parties alike it matters in each of these how many said what,
# and not whether it was the same in two of them. That exchanging it in one matter alone changes no answer is tested.
MATTERS: Final[dict[Path, Matter]] = {
    ("response", "responses", "present"): _matter(
        response.RecordPresence, "response", response.PartyPresent, _meeting
    ),
    ("response", "measures", "positions"): _matter(
        response.TakePosition, "measure", response.PositionTaken, _measure, _BY_NAME | _OWED
    ),
    ("response", "ballots", "votes"): _matter(response.CastVote, "ballot", response.VoteCast, _ballot, _BY_NAME),
    ("sanctions", "conditions", "said"): Matter(
        sanctions.ContestCondition, "condition",
        frozenset((sanctions.ConditionAttested.__name__, sanctions.ConditionContested.__name__)),
        frozenset((sanctions.AttestCondition.__name__,)), _condition, timed=True,
    ),
    ("sanctions", "easings", "answers"): _matter(
        sanctions.ConsentToEasing, "easing", sanctions.EasingAnswered, _easing
    ),
    ("sanctions", "snapbacks", "votes"): _matter(
        sanctions.VoteToContinueRelief, "snapback", sanctions.ReliefVoted, _snapback
    ),
}  # fmt: skip
_JOINING: Final = frozenset(kind.__name__ for kind in get_args(PartyAct))
# A condition is read by much that is tried, also where nobody may contest it; of all else its own acts alone ask.
_READ_BY: Final = frozenset(("ProposeEasing", "ConsentToEasing", "GrantRelief", "Delist"))


def judged_matters(limits: Limits, watches: list[Watch]) -> dict[Path, Matter]:
    """Those of which nothing that is tried or asked goes by who said what."""
    if not limits.reduce or limits.apart is not None or not limits.acts.isdisjoint(_JOINING):
        return {}
    asked = frozenset[str]().union(*(watch.events for watch in watches))
    by_one = any(getattr(watch, "where", "") == "by_one" for watch in watches)
    return {
        path: replace(one, comes_to=_easing_by) if by_one and one.comes_to is _easing else one
        for path, one in MATTERS.items()
        if asked.isdisjoint(one.told)
        and limits.acts.isdisjoint(one.against)
        and (one.voice.__name__ in limits.acts or (one.timed and not limits.acts.isdisjoint(_READ_BY)))
    }


class Judged:
    """The subjects of one exploration, each with the cell in which stands what it comes to."""

    def __init__(
        self, cells: Cells, memo: Memo, clauses: Clauses, matters: dict[Path, Matter], named: AbstractSet[str]
    ) -> None:  # fmt: skip
        """`named`: who said it matters of these."""
        self._named = named
        self._cells = cells
        self._memo = memo
        self._clauses = clauses
        self._matters = matters
        self.voices = frozenset(one.voice for one in matters.values())
        self._behind: dict[int, int | None] = {}
        self._subjects: dict[Path, tuple[int, int, Matter]] = {}  # where it is said that it is there, and its cell
        self._looked = 0  # so many paths were looked through for subjects
        self._read: set[int] = set()
        self._read_of: dict[Path, set[int]] = {}
        memo.behind = self.behind
        memo.beside = frozenset((cells.at(("reparations",)),))  # the account taken with each word decides nothing

    def subjects(self, row: list[int]) -> Iterator[tuple[Path, Matter]]:
        """Those that are there, each by where it stands what was said of it."""
        self._look()
        for path, (there, _, matter) in self._subjects.items():
            if there < len(row) and row[there] != ABSENT:
                yield path, matter

    def _look(self) -> None:
        paths = self._cells.paths
        while self._looked < len(paths):
            path = paths[self._looked]
            self._looked += 1
            if len(path) == 4 and path[3] == THERE:
                for field, matter in self._matters.items():
                    if path[:2] == field[:2]:
                        said = (*path[:3], field[2])
                        cell = self._cells.at((*said, _JUDGED))
                        self._subjects[said] = (self._cells.at(path), cell, matter)
                        self._read_of[said] = set()
                        self._read.add(self._cells.at(path))

    def brings(self, taken: Taken) -> bool:
        """Whether a step brings about more than that something was said."""
        return not all(self._is_said(self._cells.paths[cell]) or cell in self._memo.beside for cell, _ in taken.writes)

    def _is_said(self, path: Path) -> bool:
        return len(path) == 5 and (*path[:2], path[3]) in self._matters

    def behind(self, cell: int) -> int | None:
        """The cell of what the subject comes to of which this one is what somebody said; None for any other."""
        if cell not in self._behind:
            path = self._cells.paths[cell]
            said = self._is_said(path) and path[4] not in {_JUDGED, *self._named}
            self._behind[cell] = self._cells.at((*path[:4], _JUDGED)) if said else None
        return self._behind[cell]

    def stands(self, said: Path, row: list[int]) -> int:
        """What the subject comes to, as the row has it."""
        cell = self._subjects[said][1]
        return row[cell] if cell < len(row) else ABSENT

    def compared(self, said: Path, row: list[int]) -> tuple[int, ...]:
        """What stands in all that what the subject comes to was ever read from."""
        return tuple([row[cell] if cell < len(row) else ABSENT for cell in sorted(self._read_of[said])])

    def said_by(self, said: Path, party: str) -> int:
        """The cell in which stands what the party said of it."""
        return self._cells.at((*said, party))

    def word(self, row: list[int], said: Path, party: str) -> int:
        """What the party said of it, apart from who it is."""
        cell = self.said_by(said, party)
        return self.shape(row[cell] if cell < len(row) else ABSENT)

    def shape(self, number: int) -> int:
        """What stands behind a number, apart from the parties that it names."""
        return self._cells.shape(number)

    def naming(self, said: Path, row: list[int], writes: list[tuple[int, int]]) -> Writes:
        """What is written where these have spoken: also that they are among those who did."""
        names = self._cells.at((*said, NAMES))
        known = self._cells.values[row[names]] if names < len(row) and row[names] else ()
        spoke = tuple(sorted({*known, *(self._cells.paths[cell][4] for cell, _ in writes)}))
        return (*writes, (names, self._cells.number(spoke, exact=True)))

    def only_said(self, taken: Taken) -> bool:
        """Whether a step writes nothing but what was said, and what nobody ever read."""
        return taken.noted == NONE_NOTED and all(
            self.behind(cell) is not None or cell not in self._memo.ever for cell, _ in taken.writes
        )

    def touched(self, writes: Writes, row: list[int], at: datetime) -> Writes:
        """What comes to something else after a step that wrote these cells, as what is written of it."""
        self._look()
        return () if self._read.isdisjoint([cell for cell, _ in writes]) else self.standing(row, at)

    def standing(self, row: list[int], at: datetime) -> Writes:
        """The subjects that come to something else at a moment than the row has it, as what is written of them."""
        found = []
        for said, _ in self.subjects(row):
            number = self.number(said, row, at)
            if number != self.stands(said, row):
                found.append((self._subjects[said][1], number))
        return tuple(found)

    def number(self, said: Path, row: list[int], at: datetime) -> int:
        """What a subject comes to by what was said of it at that moment."""
        matter = self._subjects[said][2]
        asked = self._memo.question(("judged", said, at if matter.timed else None), plain=True)
        return self._memo.answer(asked, row, partial(self._comes_to, said, matter, at))

    def _comes_to(self, said: Path, matter: Matter, at: datetime, trace: Trace) -> int:
        number = self._cells.number(matter.comes_to(self._clauses, trace.state(), said[2], at), exact=True)
        self._read_of[said].update(trace.reads)
        self._read.update(trace.reads)
        return number
