"""Listings, regimes, conditions, easings and snapbacks as the entries add up to. Values and evolve; no rule.

What a listing is at a moment is not kept: `status.py` reads it from its own facts, those of its schedule and regime,
and the snapbacks. So one event can bring back a hundred thousand rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.history import Agenda, Dated, Deadline, Few, Lists, Map, Place, noted, rest
from foedus.response.acts import Evidence
from foedus.sanctions import acts
from foedus.sanctions.acts import SanctionsEvent, Step

DEVIATION = "deviation"
RELIEF = ("suspended", "eased", "lifted")
RECENT = 64
What = Literal[
    "proposed", "adopted", "amended", "suspended", "eased", "lifted", "relief_ended", "delisted", "annulled", "expired",
    "case", "dismissed", "exempted", "enacted", "returned", "stopped", "lapsed",
]  # fmt: skip


class Fact(Struct, frozen=True, gc=False, array_like=True):
    """One thing that became so of a listing or a schedule, in law since `since`, which may be before or after `place`.

    What a snapback brings about is no fact of each listing: `status.py` tells it as `returned` and `stopped`, and the
    end of a regime as `lapsed`.

    `instrument`: by which act of the issuer's law. `about`: the easing of a relief, or DEVIATION; the ground of a
    delisting; a case; an exemption; the snapback enacted; who proposed. `kind`: of an exemption.
    """

    what: What
    since: datetime
    place: Place
    instrument: str = ""
    about: str = ""
    kind: str = ""
    until: datetime | None = None


class Listing(Struct, frozen=True, gc=False, array_like=True):
    """One target under one restriction of one issuer; or one row of a schedule of which something is said alone."""

    id: str
    issuer: str
    target: str
    restriction: str
    regime: str
    place: Place
    schedule: str | None = None
    facts: tuple[Fact, ...] = ()


class Schedule(Struct, frozen=True, gc=False, array_like=True):
    """A table of targets in the archive, listed at once under one restriction. A table never changes: what is added
    is another schedule, what is taken out is said of its row.
    """

    id: str
    issuer: str
    table: str
    rows: int
    restriction: str
    regime: str
    place: Place
    facts: tuple[Fact, ...] = ()


class Refusal(Struct, frozen=True, gc=False, array_like=True):
    """A party refuses a renewal, or no longer does."""

    party: str
    refuses: bool
    place: Place


class Regime(Struct, frozen=True, gc=False, array_like=True):
    """An issuer's regime: until when it lasts, newest last (None: no fixed end), who refuses, and when it lapsed."""

    issuer: str
    regime: str
    place: Place
    ends_at: tuple[Dated[datetime | None], ...] = ()
    refusals: tuple[Refusal, ...] = ()
    lapses: tuple[Place, ...] = ()

    @property
    def lapsed(self) -> bool:
        """Whether it lapsed and was not opened again."""
        return bool(self.lapses) and self.lapses[-1].entry >= self.ends_at[-1].place.entry

    @property
    def refusing(self) -> tuple[str, ...]:
        """Who refuses the renewal that is next, in the order of names."""
        said = {one.party: one.refuses for one in self.refusals if one.place.entry > self.ends_at[-1].place.entry}
        return tuple(sorted(party for party, refuses in said.items() if refuses))


class Attestation(Struct, frozen=True, gc=False, array_like=True):
    """What one party says of a condition. `stale_at`: until when it counts; None for a contest, which lasts."""

    met: bool
    seat: str
    evidence: tuple[Evidence, ...]
    stale_at: datetime | None
    place: Place


class Condition(Struct, frozen=True, gc=False, array_like=True):
    """A condition of easing and everything said of it, by party, newest last."""

    id: str
    place: Place
    said: Few[tuple[Attestation, ...]] = Few()


class Easing(Struct, frozen=True, gc=False, array_like=True):
    """An easing put to the parties. `ended`: aggression was renewed, and no more relief rests on it."""

    id: str
    party: str
    provision: str
    steps: tuple[Step, ...]
    roll: tuple[str, ...]
    closes_at: datetime
    place: Place
    answers: Few[tuple[Dated[str], ...]] = Few()
    agreed: Dated[tuple[str, ...]] | None = None
    failed: Place | None = None
    ended: Place | None = None


class Returned(Struct, frozen=True, gc=False, array_like=True):
    """What a snapback brought back, as its event says."""

    issuers: tuple[str, ...]
    returned: int
    kept: int
    exceptions: str
    returning: tuple[str, ...]
    owed_by: datetime | None
    winds_down_until: datetime | None
    place: Place


class Snapback(Struct, frozen=True, gc=False, array_like=True):
    """A return of what was eased: notified or at once, stopped or lapsed, and enacted by issuers."""

    id: str
    provision: str
    place: Place
    incident: str | None = None
    party: str | None = None
    due_at: datetime | None = None
    sunset_at: datetime | None = None
    returned: Returned | None = None
    stopped: Dated[tuple[str, ...]] | None = None
    lapsed: Place | None = None
    overdue: Dated[tuple[str, ...]] | None = None
    votes: Few[tuple[Dated[str], ...]] = Few()
    enacted: Few[Fact] = Few()

    @property
    def pending(self) -> bool:
        """Notified, and neither come true nor stopped nor lapsed."""
        return self.returned is None and self.stopped is None and self.lapsed is None

    @property
    def missing(self) -> tuple[str, ...]:
        """Issuers that have recorded no act of their own law for all that came back."""
        issuers = self.returned.issuers if self.returned and self.stopped is None else ()
        return tuple(issuer for issuer in issuers if issuer not in self.enacted)


class Deposited(Struct, frozen=True, gc=False, array_like=True):
    """A version of a published list, as its event says."""

    table: str
    file: str
    targets: int
    skipped: int
    party: str
    place: Place
    as_of: date | None = None
    legal_basis: str | None = None
    publisher: str = ""


class Judged(Struct, frozen=True, gc=False, array_like=True):
    """What a party said of two entries of lists."""

    judgment: str
    party: str
    place: Place


class State(Struct, frozen=True, gc=False, array_like=True):
    """Everything about sanctions by id; regimes by `ISSUER/REGIME`.

    `targets`: the ids of listings of each target; `issued`: of each issuer. `relieved`: what is under relief now, with
    its easing or DEVIATION; `relieved_before`: the same before the last snapback. `exceptional`: what has an exception
    to a snapback. `lists`: versions of published lists by the list's name, newest last; `judged`: what was said of two
    entries, by both. `spoken`: how often anything was said of a listing or schedule; `recent`: of which, the newest
    last, so that who holds what follows from a state looks at these alone.
    """

    listings: Map[str, Listing] = HashTrieMap()
    schedules: Map[str, Schedule] = HashTrieMap()
    targets: Map[str, tuple[str, ...]] = HashTrieMap()
    issued: Lists = Lists()
    regimes: Map[str, Regime] = HashTrieMap()
    conditions: Map[str, Condition] = HashTrieMap()
    easings: Map[str, Easing] = HashTrieMap()
    snapbacks: Map[str, Snapback] = HashTrieMap()
    baselines: Map[str, tuple[Dated[tuple[str, int]], ...]] = HashTrieMap()
    relieved: Map[str, str] = HashTrieMap()
    relieved_before: Map[str, str] = HashTrieMap()
    exceptional: Map[str, Place] = HashTrieMap()
    aggressions: tuple[Dated[str], ...] = ()
    lists: Map[str, tuple[Deposited, ...]] = HashTrieMap()
    judged: Map[str, tuple[Judged, ...]] = HashTrieMap()
    agenda: Agenda | None = None
    spoken: int = 0
    recent: tuple[str, ...] = ()


def evolve(state: State, event: SanctionsEvent, place: Place) -> State:
    """The state after one event of this package. Never refuses: what was recorded is so."""
    after = _EVOLVE[type(event)](state, event, place)
    return _settled(after) if type(event) in _SETTLES else after


def found(state: State, id_: str) -> Listing | Schedule | None:
    """What an id names: a schedule, a listing, or a row of a schedule of which nothing was said yet."""
    known = state.listings.get(id_) or state.schedules.get(id_)
    if known is not None:
        return known
    head, _, target = id_.partition("/")
    schedule = state.schedules.get(head)
    if schedule is None or not target or "/" in target:
        return None
    return Listing(id_, schedule.issuer, target, schedule.restriction, schedule.regime, schedule.place, head)


# --- listings -----------------------------------------------------------------------------------------------


def _kept(state: State, known: Listing | Schedule) -> State:
    spoken, recent = state.spoken + 1, (*state.recent[1 - RECENT :], known.id)
    if isinstance(known, Schedule):
        after = state.schedules.insert(known.id, known)
        return replace(state, schedules=after, spoken=spoken, recent=recent)
    targets, issued = state.targets, state.issued
    if known.id not in state.listings:
        targets = targets.insert(known.target, (*targets.get(known.target, ()), known.id))
        issued = issued.add(known.issuer, known.id)
    listings = state.listings.insert(known.id, known)
    return replace(state, listings=listings, targets=targets, issued=issued, spoken=spoken, recent=recent)


def _fact(state: State, id_: str, fact: Fact) -> State:
    known = found(state, id_)
    assert known is not None, f"a fact was recorded of {id_}, which nobody listed"
    if isinstance(known, Listing) and known.id not in state.listings:
        known = replace(known, place=fact.place)
    return _kept(state, replace(known, facts=(*known.facts, fact)))


def _proposed(state: State, e: acts.ListingProposed, place: Place) -> State:
    if e.listing not in state.listings:
        state = _kept(state, Listing(e.listing, e.issuer, e.target, e.restriction, e.regime, place))
    return _fact(state, e.listing, Fact("proposed", place.at, place, about=e.party))


def _adopted(state: State, e: acts.ListingAdopted, place: Place) -> State:
    if e.listing not in state.listings:
        state = _kept(state, Listing(e.listing, e.issuer, e.target, e.restriction, e.regime, place))
    fact = Fact("adopted", e.effective_at, place, e.instrument, until=e.expires_at)
    state = replace(_fact(state, e.listing, fact), relieved=state.relieved.discard(e.listing))
    return _noted(state, e.expires_at, f"expiry/{e.listing}")


def _schedule(state: State, e: acts.ScheduleAdopted, place: Place) -> State:
    fact = Fact("adopted", e.effective_at, place, e.instrument, until=e.expires_at)
    schedule = Schedule(e.schedule, e.issuer, e.table, e.rows, e.restriction, e.regime, place, (fact,))
    return _noted(_kept(state, schedule), e.expires_at, f"expiry/{e.schedule}")


def _relief(state: State, e: acts.ReliefGranted | acts.ReliefDeviated, place: Place) -> State:
    about = e.easing if isinstance(e, acts.ReliefGranted) else DEVIATION
    fact = Fact(e.kind, e.effective_at, place, e.instrument, about, until=e.until)
    state = replace(_fact(state, e.listing, fact), relieved=state.relieved.insert(e.listing, about))
    return _noted(state, e.until, f"relief/{e.listing}")


def _relief_ended(state: State, e: acts.ReliefEnded, place: Place) -> State:
    state = _fact(state, e.listing, Fact("relief_ended", place.at, place))
    return replace(state, relieved=state.relieved.discard(e.listing))


def _exception(state: State, id_: str, fact: Fact) -> State:
    """A fact that a snapback leaves as it is."""
    state = _fact(state, id_, fact)
    ended = fact.what in ("delisted", "annulled")
    relieved = state.relieved.discard(id_) if ended else state.relieved
    return replace(state, exceptional=state.exceptional.insert(id_, fact.place), relieved=relieved)


def _expired(state: State, e: acts.ListingExpired, place: Place) -> State:
    state = _fact(state, e.listing, Fact("expired", place.at, place))
    return replace(state, relieved=state.relieved.discard(e.listing))


def _baseline(state: State, e: acts.BaselineKept, place: Place) -> State:
    kept = (*state.baselines.get(e.issuer, ()), Dated((e.digest, e.listings), place))
    return replace(state, baselines=state.baselines.insert(e.issuer, kept))


# --- regimes ------------------------------------------------------------------------------------------------


def _regime(state: State, regime: Regime) -> State:
    return replace(state, regimes=state.regimes.insert(f"{regime.issuer}/{regime.regime}", regime))


def _ends(state: State, e: acts.RegimeOpened | acts.RegimeRenewed, place: Place) -> State:
    key = f"{e.issuer}/{e.regime}"
    known = state.regimes.get(key) or Regime(e.issuer, e.regime, place)
    ends: Dated[datetime | None] = Dated(e.ends_at, place)
    return _noted(_regime(state, replace(known, ends_at=(*known.ends_at, ends))), e.ends_at, f"regime/{key}")


def _refused(state: State, e: acts.RenewalRefused, place: Place) -> State:
    known = state.regimes[f"{e.issuer}/{e.regime}"]
    return _regime(state, replace(known, refusals=(*known.refusals, Refusal(e.party, e.refuses, place))))


def _regime_lapsed(state: State, e: acts.RegimeLapsed, place: Place) -> State:
    """What is under relief stays so: a snapback brings it back, whoever refused to renew meanwhile."""
    known = state.regimes[f"{e.issuer}/{e.regime}"]
    relieved = state.relieved
    for id_ in state.relieved:
        one = found(state, id_)
        if one is not None and (one.issuer, one.regime) == (e.issuer, e.regime) and not _begun(one, place.at):
            relieved = relieved.discard(id_)
    return _regime(replace(state, relieved=relieved), replace(known, lapses=(*known.lapses, place)))


def _begun(one: Listing | Schedule, at: datetime) -> bool:
    """Whether relief of it has effect by then, so that nothing of it was law that could lapse."""
    return any(fact.what in RELIEF and fact.since <= at for fact in one.facts)


# --- conditions, easings ------------------------------------------------------------------------------------


def _said(state: State, e: acts.ConditionAttested | acts.ConditionContested, place: Place) -> State:
    stale_at = e.stale_at if isinstance(e, acts.ConditionAttested) else None
    known = state.conditions.get(e.condition) or Condition(e.condition, place)
    said = (*known.said.get(e.party, ()), Attestation(stale_at is not None, e.seat, e.evidence, stale_at, place))
    after = replace(known, said=known.said.insert(e.party, said))
    return replace(state, conditions=state.conditions.insert(e.condition, after))


def _easing(state: State, easing: Easing) -> State:
    return replace(state, easings=state.easings.insert(easing.id, easing))


def _easing_proposed(state: State, e: acts.EasingProposed, place: Place) -> State:
    easing = Easing(e.easing, e.party, e.provision, e.steps, e.roll, e.closes_at, place)
    return _noted(_easing(state, easing), e.closes_at, f"easing/{e.easing}")


def _answered(state: State, e: acts.EasingAnswered, place: Place) -> State:
    easing = state.easings[e.easing]
    said: tuple[Dated[str], ...] = (*easing.answers.get(e.party, ()), Dated(e.choice, place))
    return _easing(state, replace(easing, answers=easing.answers.insert(e.party, said)))


# --- snapbacks ----------------------------------------------------------------------------------------------


def _aggression(state: State, e: acts.RenewedAggressionEstablished, place: Place) -> State:
    return replace(_easings_ended(state, place), aggressions=(*state.aggressions, Dated(e.incident, place)))


def _easings_ended(state: State, place: Place) -> State:
    for easing in state.easings.values():
        if easing.ended is None and easing.failed is None:
            state = _easing(state, replace(easing, ended=place))
    return state


def _snapback(state: State, snapback: Snapback) -> State:
    return replace(state, snapbacks=state.snapbacks.insert(snapback.id, snapback))


def _notified(state: State, e: acts.SnapbackNotified, place: Place) -> State:
    one = Snapback(e.snapback, e.provision, place, party=e.party, due_at=e.due_at, sunset_at=e.sunset_at)
    return _noted(_snapback(state, one), min(e.due_at, e.sunset_at or e.due_at), f"snapback/{e.snapback}")


def _snapped_back(state: State, e: acts.SnappedBack, place: Place) -> State:
    known = state.snapbacks.get(e.snapback) or Snapback(e.snapback, e.provision, place, e.incident)
    returned = Returned(
        e.issuers, e.returned, e.kept, e.exceptions, e.returning, e.owed_by, e.winds_down_until, place
    )  # fmt: skip
    state = _easings_ended(_snapback(state, replace(known, returned=returned)), place)
    stays: HashTrieMap[str, str] = HashTrieMap()
    if not {"relief", DEVIATION} <= set(e.returning):
        for id_, about in state.relieved.items():
            if ("deviation" if about == DEVIATION else "relief") not in e.returning:
                stays = stays.insert(id_, about)
    state = replace(state, relieved=stays, relieved_before=state.relieved)
    return _noted(state, e.owed_by if e.issuers else None, f"enact/{e.snapback}")


def _stopped(state: State, e: acts.SnapbackStopped, place: Place) -> State:
    known = state.snapbacks[e.snapback]
    state = _snapback(state, replace(known, stopped=Dated(e.by, place)))
    if known.returned is None:
        return state
    relieved = state.relieved_before
    for id_, about in state.relieved.items():
        relieved = relieved.insert(id_, about)
    state = replace(state, relieved=relieved)
    for id_ in relieved:
        one = found(state, id_)
        last = next(fact for fact in reversed(one.facts) if fact.what in RELIEF) if one else None
        state = _noted(state, last.until if last else None, f"relief/{id_}")  # it may have been passed over meanwhile
    return state


def _voted(state: State, e: acts.ReliefVoted, place: Place) -> State:
    known = state.snapbacks[e.snapback]
    said: tuple[Dated[str], ...] = (*known.votes.get(e.party, ()), Dated(e.choice, place))
    return _snapback(state, replace(known, votes=known.votes.insert(e.party, said)))


def _enacted(state: State, e: acts.ReinstatementEnacted, place: Place) -> State:
    fact = Fact("enacted", e.effective_at, place, e.instrument, e.snapback)
    if e.listing is not None:
        return _fact(state, e.listing, fact)
    known = state.snapbacks[e.snapback]
    return _snapback(state, replace(known, enacted=known.enacted.insert(e.issuer, fact)))


# --- deadlines ----------------------------------------------------------------------------------------------


def _noted(state: State, due_at: datetime | None, id_: str) -> State:
    return state if due_at is None else replace(state, agenda=noted(state.agenda, Deadline(due_at, id_)))


def standing_deadline(state: State, deadline: Deadline) -> bool:
    """Whether a deadline of the agenda still stands. Raises KeyError for one that there never was."""
    kind, _, subject = deadline.id.partition("/")
    if kind == "regime":
        regime = state.regimes[subject]
        return regime.ends_at[-1].value == deadline.due_at and not regime.lapsed
    if kind == "easing":
        easing = state.easings[subject]
        open_ = easing.agreed is None and easing.failed is None and easing.ended is None
        return open_ and easing.closes_at == deadline.due_at
    if kind == "snapback":
        snapback = state.snapbacks[subject]
        assert snapback.due_at is not None, "only a notice is due"
        return snapback.pending and deadline.due_at == min(snapback.due_at, snapback.sunset_at or snapback.due_at)
    if kind == "enact":
        snapback = state.snapbacks[subject]
        owed_by = snapback.returned.owed_by if snapback.returned else None
        return owed_by == deadline.due_at and snapback.overdue is None and bool(snapback.missing)
    known = state.schedules.get(subject) or state.listings[subject]
    return _runs_out(state, known, kind, deadline.due_at)


def _runs_out(state: State, known: Listing | Schedule, kind: str, due_at: datetime) -> bool:
    """Whether a listing, or its relief, still runs out at that moment by its newest instrument."""
    if kind == "relief":
        last = next((one for one in reversed(known.facts) if one.what in RELIEF), None)
        return known.id in state.relieved and last is not None and last.until == due_at
    ends = ("adopted", "expired", "delisted", "annulled")
    last = next((one for one in reversed(known.facts) if one.what in ends), None)
    return last is not None and last.what == "adopted" and last.until == due_at


def _settled(state: State) -> State:
    agenda = state.agenda
    while agenda is not None and not standing_deadline(state, agenda.first):
        agenda = rest(agenda)
    return state if agenda is state.agenda else replace(state, agenda=agenda)


def pair(one: str, other: str) -> str:
    """Two entries of lists by one name, whichever was named first."""
    return "\n".join(sorted((one, other)))


def _deposited(state: State, event: acts.ListVersionDeposited, place: Place) -> State:
    made = Deposited(
        event.table, event.file, event.targets, event.skipped, event.party, place, event.as_of, event.legal_basis,
        event.publisher,
    )  # fmt: skip
    versions = (*state.lists.get(event.list, ()), made)
    return replace(state, lists=state.lists.insert(event.list, versions))


def _judged(state: State, event: acts.TargetsJudged, place: Place) -> State:
    both = pair(event.one, event.other)
    said = (*state.judged.get(both, ()), Judged(event.judgment, event.party, place))
    return replace(state, judged=state.judged.insert(both, said))


_SETTLES = frozenset(
    (
        acts.ListingAdopted, acts.ReliefGranted, acts.ReliefDeviated, acts.ReliefEnded, acts.Delisted,
        acts.ListingExpired, acts.ListingAnnulled, acts.RegimeOpened, acts.RegimeRenewed, acts.RegimeLapsed,
        acts.EasingAgreed, acts.EasingFailed, acts.RenewedAggressionEstablished, acts.SnappedBack,
        acts.SnapbackStopped, acts.SnapbackLapsed, acts.ReinstatementEnacted, acts.ReinstatementOverdue,
    )
)  # fmt: skip
_EVOLVE: dict[type, Callable[[State, Any, Place], State]] = {
    acts.ListingProposed: _proposed,
    acts.ListingAdopted: _adopted,
    acts.ScheduleAdopted: _schedule,
    acts.ListingAmended: lambda s, e, p: _fact(s, e.listing, Fact("amended", e.effective_at, p, e.instrument)),
    acts.BaselineKept: _baseline,
    acts.ReliefGranted: _relief,
    acts.ReliefDeviated: _relief,
    acts.ReliefEnded: _relief_ended,
    acts.Delisted: lambda s, e, p: _exception(
        s, e.listing, Fact("delisted", e.effective_at, p, e.instrument, e.ground)
    ),
    acts.ListingExpired: _expired,
    acts.CaseRecorded: lambda s, e, p: _fact(s, e.listing, Fact("case", p.at, p, about=e.case)),
    acts.CaseDismissed: lambda s, e, p: _fact(s, e.listing, Fact("dismissed", p.at, p, about=e.case)),
    acts.ListingAnnulled: lambda s, e, p: _exception(s, e.listing, Fact("annulled", e.effective_at, p, about=e.case)),
    acts.ExemptionGranted: lambda s, e, p: _exception(
        s, e.listing, Fact("exempted", p.at, p, about=e.exemption, kind=e.kind, until=e.until)
    ),
    acts.RegimeOpened: _ends,
    acts.RegimeRenewed: _ends,
    acts.RenewalRefused: _refused,
    acts.RegimeLapsed: _regime_lapsed,
    acts.ConditionAttested: _said,
    acts.ConditionContested: _said,
    acts.EasingProposed: _easing_proposed,
    acts.EasingAnswered: _answered,
    acts.EasingAgreed: lambda s, e, p: _easing(s, replace(s.easings[e.easing], agreed=Dated(e.by, p))),
    acts.EasingFailed: lambda s, e, p: _easing(s, replace(s.easings[e.easing], failed=p)),
    acts.RenewedAggressionEstablished: _aggression,
    acts.SnapbackNotified: _notified,
    acts.ReliefVoted: _voted,
    acts.SnappedBack: _snapped_back,
    acts.SnapbackStopped: _stopped,
    acts.SnapbackLapsed: lambda s, e, p: _snapback(s, replace(s.snapbacks[e.snapback], lapsed=p)),
    acts.ReinstatementEnacted: _enacted,
    acts.ListVersionDeposited: _deposited,
    acts.TargetsJudged: _judged,
    acts.ReinstatementOverdue: lambda s, e, p: _snapback(
        s, replace(s.snapbacks[e.snapback], overdue=Dated(e.missing, p))
    ),
}
