"""What a listing is at a moment: a pure function of its row, its timeline and the exceptions said of it.

The same function answers pages, feeds and whoever verifies, for a listing that stands alone, a schedule, and a row of
one. It decides nothing and reads no compact.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from foedus.history import Place
from foedus.sanctions.state import DEVIATION, RELIEF, Fact, Listing, Schedule, Snapback, State

Word = Literal[
    "proposed", "adopted", "amended", "suspended", "eased", "lifted", "expired", "annulled", "reinstated"
]  # fmt: skip
# In these words a listing stands whole, as its issuer made it.
WHOLE = ("adopted", "amended", "reinstated")
# A step of a timeline: when it is so in law, the entry that says so, what it is, and the fact or snapback itself.
_Step = tuple[datetime, int, str, Fact | Snapback | None, Place]


class Standing(Struct, frozen=True, gc=False):
    """What a listing is. `since`: in law; `place`: the entry that says so.

    `in_law`: `yes` where the whole restriction is law at its issuer, `owed` where the compact brought it back and the
    issuer has not yet enacted that, else `no`: whoever blocks payments uses only `yes`. `because`: of a relief its
    easing or DEVIATION, of an end its ground or case, of a return the snapback. `until`: when that ends by itself.
    """

    status: Word
    in_law: Literal["yes", "owed", "no"]
    since: datetime
    place: Place
    instrument: str = ""
    because: str = ""
    until: datetime | None = None
    owed_by: datetime | None = None
    cases: tuple[str, ...] = ()
    exemptions: tuple[Fact, ...] = ()

    @property
    def relieved(self) -> bool:
        """Under relief now, agreed or not: what a snapback may bring back."""
        return self.status in RELIEF and not self.on_its_merits

    @property
    def on_its_merits(self) -> bool:
        """Ended for its own reasons, which no snapback undoes."""
        return self.status == "annulled" or (self.status == "lifted" and self.because in GROUNDS)


GROUNDS = ("mistaken_identity", "grounds_gone", "deceased")


def standing(state: State, of: Listing | Schedule, at: datetime, known: datetime) -> Standing | None:
    """What the listing, schedule or row was `at`, as `known`; None if nothing was said of it by then.

    `at`: in law, so by the moment from which each instrument has effect. An instrument known and not yet in effect
    shows as adopted, and as no law.
    """
    steps, ahead = [], None
    for step in _steps(state, of):
        if step[4].known > known:
            continue
        if step[0] <= at:
            steps.append(step)
        elif step[2] == "adopted" and step[4].at <= at:
            ahead = step
    steps.sort(key=_when)
    fold = _Fold(of.issuer)
    for step in steps:
        fold.add(*step)
    if fold.status in (None, "proposed") and ahead is not None and isinstance(ahead[3], Fact):
        return Standing("adopted", "no", ahead[0], ahead[4], ahead[3].instrument, until=ahead[3].until)
    return fold.result(at)


def _when(step: _Step) -> tuple[datetime, int]:
    return step[0], step[1]


def _steps(state: State, of: Listing | Schedule) -> Iterator[_Step]:
    """Everything that bears on the listing: said of its schedule, of its regime, of all listings, and of itself."""
    facts = of.facts
    if isinstance(of, Listing) and of.schedule is not None:
        facts = (*state.schedules[of.schedule].facts, *of.facts)
    for fact in facts:
        yield fact.since, fact.place.entry, fact.what, fact, fact.place
    regime = state.regimes.get(f"{of.issuer}/{of.regime}")
    for lapse in regime.lapses if regime is not None else ():
        yield lapse.at, lapse.entry, "expired", None, lapse
    for snapback in state.snapbacks.values():
        if snapback.returned is None:
            continue
        place = snapback.returned.place
        yield place.at, place.entry, "snapback", snapback, place
        if snapback.stopped is not None:
            place = snapback.stopped.place
            yield place.at, place.entry, "undone", None, place
        enacted = snapback.enacted.get(of.issuer)
        if enacted is not None:
            yield enacted.since, enacted.place.entry, "enacted", enacted, enacted.place


class _Fold:
    """A timeline added up, step by step in the order in which each is so in law."""

    __slots__ = (
        "because", "before", "cases", "exemptions", "expires", "in_law", "instrument", "issuer", "owed_by", "place",
        "returned", "since", "status", "until",
    )  # fmt: skip

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.status: Word | None = None
        self.in_law: Literal["yes", "owed", "no"] = "no"
        self.instrument = self.because = ""
        self.expires: datetime | None = None  # until when its issuer's instrument lists, whatever happens meanwhile
        self.until: datetime | None = None
        self.owed_by: datetime | None = None
        self.since: datetime | None = None
        self.place: Place | None = None
        self.cases: list[str] = []
        self.exemptions: list[Fact] = []
        self.returned = -1  # the entry of the last snapback: relief granted before it has no effect after it
        self.before: tuple[Word, str, str, datetime | None] | None = None  # what a snapback that is undone gives back

    def add(self, since: datetime, entry: int, what: str, said: Fact | Snapback | None, place: Place) -> None:
        if isinstance(said, Snapback):
            self._snapback(said, since, place)
        elif said is None and what == "undone":
            self._undone(since, place)
        elif said is None:
            self._expired(since, place)
        else:
            self._fact(said, since, entry, place)

    def _now(self, status: Word, since: datetime, place: Place, because: str = "") -> None:
        self.status, self.since, self.place, self.because = status, since, place, because
        self.until, self.owed_by = self.expires if status in WHOLE else None, None

    def _fact(self, fact: Fact, since: datetime, entry: int, place: Place) -> None:
        what = fact.what
        if what == "adopted":
            self.expires = fact.until
            self._now("adopted", since, place)
            self.in_law, self.instrument, self.before = "yes", fact.instrument, None
        elif what == "proposed":
            if self.status is None:
                self._now("proposed", since, place, fact.about)
        elif what == "case":
            self.cases.append(fact.about)
        elif what == "dismissed":
            self._case_over(fact.about)
        elif what == "exempted":
            self.exemptions.append(fact)
        elif self.status in (*WHOLE, *RELIEF) and not self._ended():
            self._standing_fact(fact, since, entry, place)

    def _standing_fact(self, fact: Fact, since: datetime, entry: int, place: Place) -> None:
        """A fact that only says something of a listing that stands, whole or under relief."""
        what = fact.what
        if what == "suspended" or what == "eased" or what == "lifted":  # noqa: PLR1714 - mypy narrows no tuple
            if entry > self.returned:
                self._now(what, since, place, fact.about)
                self.in_law, self.instrument, self.until = "no", fact.instrument, fact.until
        elif what == "amended":
            self.instrument = fact.instrument
            if self.status == "adopted":
                self._now("amended", since, place)
        elif what == "relief_ended":
            self._now("reinstated", since, place)
            self.in_law = "yes"
        elif what == "delisted":
            self._now("lifted", since, place, fact.about)
            self.in_law, self.instrument = "no", fact.instrument
        elif what == "annulled":
            self._case_over(fact.about)
            self._now("annulled", since, place, fact.about)
            self.in_law = "no"
        elif what == "expired":
            self._expired(since, place)
        elif what == "enacted" and self.status == "reinstated" and self.because == fact.about:
            self.in_law, self.instrument, self.owed_by = "yes", fact.instrument, None

    def _ended(self) -> bool:
        return self.status == "lifted" and self.because in GROUNDS

    def _case_over(self, case: str) -> None:
        self.cases = [one for one in self.cases if one != case]

    def _expired(self, since: datetime, place: Place) -> None:
        if self.status in (*WHOLE, *RELIEF) and not self._ended():
            self._now("expired", since, place)
            self.in_law = "no"

    def _snapback(self, snapback: Snapback, since: datetime, place: Place) -> None:
        returned = snapback.returned
        assert returned is not None, "only what came back is a step"
        if self.status is None or self.status not in RELIEF or self._ended():
            self.returned, self.before = place.entry, None
            return
        if ("deviation" if self.because == DEVIATION else "relief") not in returned.returning:
            return
        self.returned, self.before = place.entry, (self.status, self.because, self.instrument, self.until)
        self._now("reinstated", since, place, snapback.id)
        self.in_law = "owed" if self.issuer in returned.issuers else "no"
        self.owed_by = returned.owed_by if self.in_law == "owed" else None

    def _undone(self, since: datetime, place: Place) -> None:
        """The snapback was stopped: relief goes on. What the issuer enacted meanwhile is law until it says else."""
        if self.status == "reinstated" and self.before is not None:
            status, because, instrument, until = self.before
            self._now(status, since, place, because)
            self.in_law = "yes" if self.in_law == "yes" else "no"
            self.instrument, self.until = instrument, until
        self.returned, self.before = -1, None

    def result(self, at: datetime) -> Standing | None:
        if self.status is None or self.since is None or self.place is None:
            return None
        return Standing(
            self.status, self.in_law, self.since, self.place, self.instrument, self.because, self.until, self.owed_by,
            tuple(self.cases), tuple([one for one in self.exemptions if one.until is None or one.until > at]),
        )  # fmt: skip
