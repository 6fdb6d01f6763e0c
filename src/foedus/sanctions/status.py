"""What a listing is at a moment: a pure function of its row, its timeline and the exceptions said of it.

The same function answers pages, feeds and whoever verifies, for a listing that stands alone, a schedule, and a row of
one. It decides nothing and reads no compact.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from foedus.history import Map, Place
from foedus.sanctions.state import DEVIATION, RELIEF, Fact, Listing, Regime, Schedule, Snapback, State

Word = Literal[
    "proposed", "adopted", "amended", "suspended", "eased", "lifted", "expired", "annulled", "reinstated"
]  # fmt: skip
InLaw = Literal["yes", "owed", "no"]
# In these words a listing stands whole, as its issuer made it.
WHOLE = ("adopted", "amended", "reinstated")
# Facts that say nothing of whether the listing stands.
BESIDE = ("adopted", "proposed", "case", "dismissed", "exempted")
# Of those, what counts alike wherever it stands between others.
ANYWHEN = ("case", "dismissed", "exempted")
EVER = datetime.min.replace(tzinfo=UTC)
GROUNDS = ("mistaken_identity", "grounds_gone", "deceased")


class Standing(Struct, frozen=True, gc=False):
    """What a listing is. `since`: in law; `place`: the entry that says so.

    `in_law`: `yes` where the whole restriction is law at its issuer, `owed` where the compact brought it back and the
    issuer has not yet enacted that, else `no`: whoever blocks payments uses only `yes`. `because`: of a relief its
    easing or DEVIATION, of an end its ground or case, of a return the snapback. `until`: when that ends by itself.
    `winds_down_until`: of a return, how long business begun under the relief may still be wound down.
    """

    status: Word
    in_law: InLaw
    since: datetime
    place: Place
    instrument: str = ""
    because: str = ""
    until: datetime | None = None
    owed_by: datetime | None = None
    winds_down_until: datetime | None = None
    cases: tuple[str, ...] = ()
    exemptions: tuple[Fact, ...] = ()

    @property
    def relieved(self) -> bool:
        """Under relief now, agreed or not: what a snapback may bring back."""
        return self.status in RELIEF and not self.on_its_merits

    @property
    def lapses(self) -> bool:
        """Whether it ends where its regime is not renewed: what is law, or will be by an instrument known already."""
        return self.in_law == "yes" or self.status == "adopted"

    @property
    def on_its_merits(self) -> bool:
        """Ended for its own reasons, which no snapback undoes."""
        return self.status == "annulled" or (self.status == "lifted" and self.because in GROUNDS)


def standing(state: State, of: Listing | Schedule, at: datetime, known: datetime) -> Standing | None:
    """What the listing, schedule or row was `at`, as `known`; None if nothing was said of it by then.

    `at`: in law, so by the moment from which each instrument has effect. An instrument known and not yet in effect
    shows as adopted, and as no law.
    """
    facts, ordered = of.facts, True
    if isinstance(of, Listing) and of.schedule is not None:
        facts, ordered = (*state.schedules[of.schedule].facts, *facts), False
    told, last = [], EVER
    for fact in facts:
        since = fact.since
        if since <= at and fact.place.known <= known:
            ordered = ordered and last <= since  # recorded one after another, and mostly in law so too
            last = since
            told.append(fact)
    if not ordered:
        told.sort(key=_when)
    course = _course(state, of.issuer, of.regime, at, known)
    found = _added_up(told, course, of.issuer, state.snapbacks, at)
    if found is None or found.status == "proposed":
        ahead = next((fact for fact in reversed(facts) if fact.what == "adopted" and fact.place.seen(at, known)), None)
        if ahead is not None:
            return _lapsed_before(ahead, course.lapsed[-1]) or Standing(
                "adopted", "no", ahead.since, ahead.place, ahead.instrument, until=ahead.until
            )
    return found


def _lapsed_before(adopted: Fact, lapse: Fact | None) -> Standing | None:
    """What a listing is whose regime lapsed after it was adopted and before it had effect; None where none did."""
    if lapse is None or lapse.place.entry <= adopted.place.entry:
        return None
    return Standing("expired", "no", lapse.since, lapse.place, adopted.instrument)


def _when(fact: Fact) -> tuple[datetime, int]:
    return fact.since, fact.place.entry


class _Course:
    """What bears on every listing of an issuer's regime, in order, and where in it what matters to a listing stands.

    A listing meets hundreds of these facts and few of them change it; the others are passed by.
    """

    __slots__ = ("_about", "_lapses", "_returns", "entries", "facts", "lapsed", "whens")

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.facts = sorted(facts, key=_when)
        self.whens = [_when(fact) for fact in self.facts]
        self._lapses: list[int] = []
        self._returns: list[int] = []
        self._about: dict[str, list[int]] = {}
        # Before each of them: the entry of the last snapback; relief granted before it has no effect after it.
        self.entries = [-1]
        # And the last lapse: what was adopted before it, to be law after it, never is.
        self.lapsed: list[Fact | None] = [None]
        for place, fact in enumerate(self.facts):
            if fact.what == "lapsed":
                self._lapses.append(place)
            elif fact.what == "returned":
                self._returns.append(place)
            else:
                self._about.setdefault(fact.about, []).append(place)
            self.lapsed.append(fact if fact.what == "lapsed" else self.lapsed[-1])
            entry = self.entries[-1]
            self.entries.append(
                fact.place.entry if fact.what == "returned" else -1 if fact.what == "stopped" else entry
            )

    def next(self, now: Standing, start: int, end: int) -> int:
        """The place, from `start` on, of the first that may change what a listing is now; `end` if there is none."""
        status = now.status
        if status in ("proposed", "expired") or now.on_its_merits:
            return end
        if self._lapses and now.in_law == "yes":  # what is under relief or owed is no law that could lapse
            end = _from(self._lapses, start, end)
        if status in RELIEF:
            return _from(self._returns, start, end)
        if status == "reinstated" and (about := self._about.get(now.because)):
            return _from(about, start, end)
        return end


def _from(places: Sequence[int], start: int, end: int) -> int:
    found = bisect_left(places, start)
    return places[found] if found < len(places) and places[found] < end else end


NOTHING = _Course(())


class _Bearing(NamedTuple):
    """What bears on every listing of an issuer's regime. `last`: the last moment that any of it needs.

    `past`: the course as far as it was so at other moments. All of it holds while `regime` is the very same object.
    """

    regime: Regime | None
    facts: tuple[Fact, ...]
    course: _Course
    last: datetime
    past: dict[tuple[datetime, datetime], _Course]


MOST_PAST = 16  # past moments that are kept: a page asks for those of one


class _Answered(NamedTuple):
    """The last answers, by issuer and regime: pages and feeds ask the same of a hundred thousand listings."""

    snapbacks: Map[str, Snapback] | None
    each: dict[str, Snapback]
    found: dict[tuple[str, str], _Bearing]


_last = _Answered(None, {}, {})


def bearing(state: State, issuer: str, regime: str) -> tuple[Fact, ...]:
    """What bears on every listing of an issuer's regime, as facts like others: its lapses, and snapbacks with what
    became of them at this issuer.
    """
    return _bearing(state, issuer, regime).facts


def bearing_on(state: State, of: Listing | Schedule) -> Iterator[Fact]:
    """Of these, what made this listing what it then was: a history has them among the listing's own facts."""
    for fact in bearing(state, of.issuer, of.regime):
        now = standing(state, of, fact.since, fact.place.known)
        if now is not None and (now.place == fact.place or (fact.what == "enacted" and now.because == fact.about)):
            yield fact


def _bearing(state: State, issuer: str, regime: str) -> _Bearing:
    global _last  # noqa: PLW0603 - a memo of a pure function, replaced whole
    known = _last
    if known.snapbacks is not state.snapbacks:
        known = _last = _answered(known, state.snapbacks)
    found, named = known.found.get((issuer, regime)), state.regimes.get(f"{issuer}/{regime}")
    if found is None or found.regime is not named:
        said = [Fact("lapsed", lapse.at, lapse) for lapse in (named.lapses if named is not None else ())]
        for snapback in state.snapbacks.values():
            said += _of(snapback, issuer)
        last = max([max(fact.since, fact.place.known) for fact in said], default=EVER)
        found = _Bearing(named, tuple(said), _Course(said) if said else NOTHING, last, {})
        known.found[issuer, regime] = found
    return found


def _answered(before: _Answered, snapbacks: Map[str, Snapback]) -> _Answered:
    """What is still so of the answers: what one issuer enacted of a snapback bears on its own listings alone."""
    each = dict(snapbacks.items())
    if before.each.keys() != each.keys():
        return _Answered(snapbacks, each, {})
    changed = [(was, each[id_]) for id_, was in before.each.items() if each[id_] is not was]
    issuers = {issuer for issuer, _ in before.found}
    same = {issuer for issuer in issuers if all(_of(was, issuer) == _of(now, issuer) for was, now in changed)}
    return _Answered(snapbacks, each, {key: one for key, one in before.found.items() if key[0] in same})


def _course(state: State, issuer: str, regime: str, at: datetime, known: datetime) -> _Course:
    """What bears on every listing of an issuer's regime, as far as it was so `at`, as `known`."""
    found = _bearing(state, issuer, regime)
    if found.last <= at and found.last <= known:
        return found.course
    course = found.past.get((at, known))
    if course is None:
        if len(found.past) >= MOST_PAST:
            found.past.clear()
        course = _Course([fact for fact in found.facts if fact.since <= at and fact.place.known <= known])
        found.past[at, known] = course
    return course


def _of(snapback: Snapback, issuer: str) -> list[Fact]:
    if snapback.returned is None:
        return []
    place = snapback.returned.place
    said = [Fact("returned", place.at, place, about=snapback.id)]
    if snapback.stopped is not None:
        place = snapback.stopped.place
        said.append(Fact("stopped", place.at, place, about=snapback.id))
    enacted = snapback.enacted.get(issuer)
    return [*said, enacted] if enacted is not None else said


def _added_up(
    told: Sequence[Fact], course: _Course, issuer: str, snapbacks: Map[str, Snapback], at: datetime
) -> Standing | None:
    """A timeline added up, fact by fact in the order in which each is so in law, with those that bear on every listing
    in their places between them.

    `before`: what a snapback that is stopped gives back.
    """
    now: Standing | None = None
    before: Standing | None = None
    expires: datetime | None = None
    cases: list[str] = []
    over: list[str] = []  # cases may be over, in law, before the record knew of them
    exemptions: dict[str, Fact] = {}  # of each what was said last: so it is extended, or ended
    passed, entry = 0, -1
    for fact in told:
        what, since, place = fact.what, fact.since, fact.place
        if course is not NOTHING and what not in ANYWHEN:
            upto = bisect_left(course.whens, (since, place.entry))
            if now is not None and upto > passed:
                now, before = _passed(now, before, course, (passed, upto), issuer, snapbacks, expires)
            passed, entry = upto, course.entries[upto]
        if what == "adopted":
            expires, before = fact.until, None
            if now is not None and (now.status == "expired" or now.on_its_merits):
                exemptions.clear()  # what was carved out of a listing ends with it
            now = _lapsed_before(fact, course.lapsed[passed]) or Standing(
                "adopted", "yes", since, place, fact.instrument, until=expires
            )
        elif what == "case":
            cases.append(fact.about)
        elif what in ("dismissed", "annulled"):
            over.append(fact.about)
        elif what == "exempted":
            exemptions[fact.about] = fact
        elif what == "proposed":
            now = now or Standing("proposed", "no", since, place, because=fact.about)
        if now is None or what in BESIDE or now.on_its_merits or now.status in ("proposed", "expired"):
            continue
        if what == "amended":
            status: Word = "amended" if now.status == "adopted" else now.status
            now = replace(now, status=status, since=since, place=place, instrument=fact.instrument)
        elif what in RELIEF:
            if place.entry > entry:
                now = Standing(what, "no", since, place, fact.instrument, fact.about, fact.until)  # type: ignore[arg-type]  # one of RELIEF
        elif what == "relief_ended":
            now = Standing("reinstated", "yes", since, place, now.instrument, until=expires)
        elif what == "delisted":
            now = Standing("lifted", "no", since, place, fact.instrument, fact.about)
        elif what == "annulled":
            now = Standing("annulled", "no", since, place, now.instrument, fact.about)
        elif what == "expired":
            now = Standing("expired", "no", since, place, now.instrument)
        else:  # what an issuer enacted of this listing alone
            now, before = _by_snapback(fact, now, before, snapbacks[fact.about], issuer, expires)
    if now is not None and passed < len(course.facts):
        now, _ = _passed(now, before, course, (passed, len(course.facts)), issuer, snapbacks, expires)
    if now is None or not (cases or exemptions):
        return now
    running = tuple([case for case in cases if case not in over])
    carved = tuple([one for one in exemptions.values() if one.until is None or one.until > at])
    return replace(now, cases=running, exemptions=carved)


def _passed(
    now: Standing, before: Standing | None, course: _Course, span: tuple[int, int], issuer: str,
    snapbacks: Map[str, Snapback], expires: datetime | None,
) -> tuple[Standing, Standing | None]:  # fmt: skip
    """What becomes of a listing, and of what a stop would give back, by the facts of a span of the course."""
    start, end = span
    while (start := course.next(now, start, end)) < end:
        fact = course.facts[start]
        if fact.what == "lapsed" and now.status in RELIEF:  # a stop gave relief back to what was enacted meanwhile
            now = replace(now, in_law="no")
        elif fact.what == "lapsed":
            now = Standing("expired", "no", fact.since, fact.place, now.instrument)
        else:
            now, before = _by_snapback(fact, now, before, snapbacks[fact.about], issuer, expires)
        start += 1
    return now, before


def _by_snapback(
    fact: Fact, now: Standing, before: Standing | None, snapback: Snapback, issuer: str, expires: datetime | None
) -> tuple[Standing, Standing | None]:
    """What a snapback, its end, or an issuer's act after it makes of a listing that stands or is under relief."""
    returned = snapback.returned
    assert returned is not None, "only what came back is a fact"
    if fact.what == "returned":
        kind = "deviation" if now.because == DEVIATION else "relief"
        if now.status not in RELIEF or kind not in returned.returning:
            return now, None
        law: InLaw = "owed" if issuer in returned.issuers else "no"
        owed_by = returned.owed_by if law == "owed" else None
        back = Standing(
            "reinstated", law, fact.since, fact.place, now.instrument, snapback.id, expires, owed_by,
            returned.winds_down_until,
        )  # fmt: skip
        return back, now
    if now.status != "reinstated" or now.because != snapback.id:
        return now, before
    if fact.what == "enacted":
        return replace(now, in_law="yes", instrument=fact.instrument, owed_by=None), before
    # Stopped: relief goes on. What the issuer enacted meanwhile is law until it says otherwise.
    assert before is not None, "what came back was under relief"
    return replace(before, in_law="yes" if now.in_law == "yes" else "no", since=fact.since, place=fact.place), None
