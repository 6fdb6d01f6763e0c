"""Obligations, tranches, allocations and deliveries as the entries add up to. Values and evolve; no rule, no compact.

Sums are kept as the entries come (`sums`), so that an overview of a million tranches adds nothing up; what is overdue
is kept beside them (`late`). Both can be found again from the subjects, and tests compare.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.commitments import acts
from foedus.commitments.acts import CommitmentEvent, Quantity
from foedus.history import Agenda, Dated, Deadline, Few, Lists, Map, Place, noted, rest
from foedus.response.acts import Evidence

NOTHING = Decimal(0)
_MICRO = Decimal("0.000001")
MIDNIGHT = time()
UNDATED = "undated"
# What is owed under a measure that was decided; the measure says of what kind it is.
MEASURE = "measure"
STAGES = ("intended", "committed", "scheduled", "allocated", "delivered", "received", "verified")
FUNDED = "funded"
_PERIODS = {"year": 1, "quarter": 4, "month": 12}


class Bounds(Struct, frozen=True, gc=False, array_like=True):
    """A sum of quantities: at least `low`; at most `high`, unless `open` of them have no upper end."""

    low: Decimal = NOTHING
    high: Decimal = NOTHING
    open: int = 0

    def plus(self, other: Bounds) -> Bounds:
        """Both together."""
        return Bounds(self.low + other.low, self.high + other.high, self.open + other.open)

    def minus(self, other: Bounds) -> Bounds:
        """Without the other, which was part of it."""
        return Bounds(self.low - other.low, self.high - other.high, self.open - other.open)


NO_BOUNDS = Bounds()
NO_SUMS: Few[Bounds] = Few()


def bounds(quantity: Quantity) -> Bounds:
    """What a quantity says at least and at most: undisclosed or attested is open, never zero at most."""
    if quantity.amount is not None:
        amount = Decimal(quantity.amount)
        return Bounds(amount, amount)
    low = Decimal(quantity.low) if quantity.low is not None else NOTHING
    if quantity.high is not None:
        return Bounds(low, Decimal(quantity.high))
    return Bounds(low, low, 1)


class Terms(Struct, frozen=True, gc=False, array_like=True):
    """What a party said that it owes, as its event says."""

    agreement: str
    clause: str
    kind: str
    basis: str
    binding: str
    owed_to: str
    starts_on: date | None = None
    ends_on: date | None = None
    every: str | None = None
    within_hours: int | None = None
    conditions: tuple[str, ...] = ()


class Settled(Struct, frozen=True, gc=False, array_like=True):
    """A condition was met, or failed."""

    condition: str
    met: bool
    place: Place


class Linked(Struct, frozen=True, gc=False, array_like=True):
    """How this obligation belongs to another one. `counts`: whether this one still does."""

    link: str
    other: str
    counts: bool
    place: Place


class Obligation(Struct, frozen=True, gc=False, array_like=True):
    """What one party owes: under one measure (what it brings, its position says), or by its own `terms`.

    `due_at`: only where a clause set a clock. `figures`: how much, newest last.
    """

    id: str
    party: str
    response: str
    measure: str
    due_at: datetime | None
    place: Place
    performed: Place | None = None
    released: Place | None = None
    terms: Terms | None = None
    figures: tuple[Dated[Quantity], ...] = ()
    settled: tuple[Settled, ...] = ()
    links: tuple[Linked, ...] = ()
    tranches: tuple[Dated[str], ...] = ()
    allocations: tuple[Dated[str], ...] = ()

    @property
    def kind(self) -> str:
        """Of what kind it is."""
        return self.terms.kind if self.terms else MEASURE

    @property
    def binding(self) -> str:
        """How it binds; what was joined under the compact binds by law."""
        return self.terms.binding if self.terms else "legal"

    @property
    def counts(self) -> bool:
        """Whether it counts: neither said again by another obligation, nor superseded, nor released."""
        return self.released is None and all(link.counts for link in self.links)

    @property
    def unmet(self) -> tuple[str, ...]:
        """Conditions that are not met."""
        met = {one.condition: one.met for one in self.settled}
        return tuple(one for one in (self.terms.conditions if self.terms else ()) if not met.get(one, False))


class Tranche(Struct, frozen=True, gc=False, array_like=True):
    """So much of an obligation, due by a moment. `came`: whether what is due has come, each time that this changed."""

    id: str
    obligation: str
    due_at: datetime
    overdue_at: datetime
    place: Place
    figures: tuple[Dated[Quantity], ...]
    requested: bool = False
    overdue: Place | None = None
    came: tuple[Dated[bool], ...] = ()
    allocations: tuple[Dated[str], ...] = ()

    @property
    def fulfilled(self) -> bool:
        """Whether what is due has come, by the last word on each delivery."""
        return bool(self.came) and self.came[-1].value


class Allocation(Struct, frozen=True, gc=False, array_like=True):
    """A package: from whose stock or money, through whom. `tranche`: None where it has no date."""

    id: str
    obligation: str
    tranche: str | None
    drawn_from: str
    funder: str
    supplier: str
    deliverer: str
    place: Place
    figures: tuple[Dated[Quantity], ...]
    values: tuple[Dated[Quantity], ...] = ()
    deliveries: tuple[Dated[str], ...] = ()


class Answer(Struct, frozen=True, gc=False, array_like=True):
    """What the recipient signs: confirmed, or disputed on a ground. `quantity`: how much of it, where it says so."""

    party: str
    ground: str | None
    quantity: Quantity | None
    place: Place


class Check(Struct, frozen=True, gc=False, array_like=True):
    """A verification by others than who delivers and who receives."""

    party: str
    level: str
    evidence: tuple[Evidence, ...]
    quantity: Quantity | None
    place: Place


class Back(Struct, frozen=True, gc=False, array_like=True):
    """So much went back."""

    ground: str
    quantity: Quantity
    place: Place


class Delivery(Struct, frozen=True, gc=False, array_like=True):
    """What was handed over, as the deliverer states, and everything said of it since."""

    id: str
    allocation: str
    party: str
    delivered_on: date
    place: Place
    figures: tuple[Dated[Quantity], ...]
    values: tuple[Dated[Quantity], ...] = ()
    answers: tuple[Answer, ...] = ()
    checks: tuple[Check, ...] = ()
    returns: tuple[Back, ...] = ()

    @property
    def level(self) -> int:
        """How far it is verified: 1 the deliverer states it, 2 the recipient signed, 3 evidence of others, 4 audit."""
        if self.checks:
            return 4 if any(one.level == "audited" for one in self.checks) else 3
        return 2 if self.answers and self.answers[-1].ground is None else 1

    @property
    def disputed(self) -> bool:
        """Whether the recipient's last word is a dispute, and nobody else found how much came."""
        found = any(one.quantity is not None for one in self.checks)
        return bool(self.answers) and self.answers[-1].ground is not None and not found

    @property
    def counted(self) -> Quantity:
        """What counts as delivered: the last word, less what went back.

        It is what was found by others; else what the recipient confirmed, or acknowledges in a dispute; else what
        was reported.
        """
        said = self.figures[-1].value
        if self.answers:
            answer = self.answers[-1]
            nothing = Quantity(said.unit, "0") if answer.ground is not None else said
            said = answer.quantity or nothing
        said = next((one.quantity for one in reversed(self.checks) if one.quantity is not None), said)
        back = sum((bounds(one.quantity).low for one in self.returns), NOTHING)
        if not back:
            return said
        left = bounds(said)
        low, high = max(NOTHING, left.low - back), max(NOTHING, left.high - back)
        if left.open:
            return Quantity(said.unit, low=str(low))
        return Quantity(said.unit, str(low)) if low == high else Quantity(said.unit, low=str(low), high=str(high))

    @property
    def worth(self) -> Quantity | None:
        """The value of what counts: the stated one, in proportion where less counts than was reported.

        What counts between two numbers, or without an upper end, is worth so, too.
        """
        if not self.values:
            return None
        value, reported = self.values[-1].value, bounds(self.figures[-1].value)
        counts, worth = bounds(self.counted), bounds(value)
        if not reported.low or counts == reported:
            return value if counts.high or counts.open else replace(value, amount="0", low=None, high=None)
        if value.amount is None and value.low is None and value.high is None:
            return value if counts.high or counts.open else replace(value, amount="0", attested=None)
        low, high = (_share(worth.low, counts.low, reported.low), _share(worth.high, counts.high, reported.low))
        if worth.open or counts.open:
            return replace(value, amount=None, low=low, high=None)
        if low == high:
            return replace(value, amount=low, low=None, high=None)
        return replace(value, amount=None, low=low, high=high)


def _share(value: Decimal, part: Decimal, whole: Decimal) -> str:
    return f"{(value * part / whole).quantize(_MICRO).normalize():f}"


class Transfer(Struct, frozen=True, gc=False, array_like=True):
    """Money that one funder took over from another."""

    id: str
    party: str
    relieved: str
    quantity: Quantity
    ground: str
    allocation: str | None
    place: Place


class Need(Struct, frozen=True, gc=False, array_like=True):
    """How much is needed, at least and as a target."""

    minimum: str
    target: str
    priority: int
    place: Place


class Requirement(Struct, frozen=True, gc=False, array_like=True):
    """What is needed of a capability by a day; `needs` newest last."""

    id: str
    capability: str
    unit: str
    needed_by: date
    place: Place
    needs: tuple[Need, ...] = ()


class Reexport(Struct, frozen=True, gc=False, array_like=True):
    """The maker state's consent: asked for, and given, refused, or not answered in time."""

    id: str
    offer: str
    party: str
    maker: str
    answer_by: datetime
    place: Place
    answers: tuple[Dated[bool], ...] = ()
    unanswered: Place | None = None


class Offer(Struct, frozen=True, gc=False, array_like=True):
    """What a party offers."""

    id: str
    party: str
    capability: str
    quantity: Quantity
    ready_on: date
    transports: tuple[str, ...]
    maker: str | None
    place: Place


# Numbers by a day of the month, or by so many days: sorted, none of them nothing.
Slots = tuple[tuple[int, Decimal], ...]


class State(Struct, frozen=True, gc=False, array_like=True):
    """All subjects by id; requirements by `CAPABILITY/DAY`, too, in `needed`.

    `sums`: by `stage|party|kind|unit`, in it by year; `months`: the same of all parties together by
    `stage|kind|unit|year`, in it by month. None of them is nothing.
    `late`: tranches that are overdue now, by the day since when, the longest overdue first; `ever_late`: those that
    ever were.
    `due_on`: tranches by `DAY|PARTY`; `owing`: how many obligations there are by `PARTY|KIND`, and `listed`: which, in
    the order of the record, as `history.Lists` keeps them. `undertaken`: how many obligations parties undertook
    themselves. `late_of`: tranches that are overdue now, as in `late`, by `YEAR|PARTY|KIND`; `grace`: the most days of
    grace that anything due in a MONTH has, where it has any.
    `awaited`: how much is still to come, and `waits`: how long what is due was awaited; `counted_by_day` says under
    which names.
    """

    obligations: Map[str, Obligation] = HashTrieMap()
    tranches: Map[str, Tranche] = HashTrieMap()
    allocations: Map[str, Allocation] = HashTrieMap()
    deliveries: Map[str, Delivery] = HashTrieMap()
    transfers: Map[str, Transfer] = HashTrieMap()
    requirements: Map[str, Requirement] = HashTrieMap()
    needed: Map[str, str] = HashTrieMap()
    offers: Map[str, Offer] = HashTrieMap()
    reexports: Map[str, Reexport] = HashTrieMap()
    sums: Map[str, Few[Bounds]] = HashTrieMap()
    late: Map[str, tuple[str, ...]] = HashTrieMap()
    ever_late: Map[str, Place] = HashTrieMap()
    due_on: Map[str, tuple[str, ...]] = HashTrieMap()
    owing: Map[str, int] = HashTrieMap()
    listed: Map[str, tuple[str, ...]] = HashTrieMap()
    late_of: Map[str, tuple[str, ...]] = HashTrieMap()
    grace: Map[str, int] = HashTrieMap()
    awaited: Map[str, Slots] = HashTrieMap()
    waits: Map[str, Slots] = HashTrieMap()
    undertaken: int = 0
    agenda: Agenda | None = None
    months: Map[str, Few[Bounds]] = HashTrieMap()


def evolve(state: State, event: CommitmentEvent, place: Place) -> State:
    """The state after one event of this package. Never refuses: what was recorded is so."""
    touched = _touched(state, event)
    before = [said for id_ in touched for said in counted_by_day(state, id_)]
    after = _EVOLVE[type(event)](state, event, place)
    if touched or isinstance(event, acts.TrancheScheduled | acts.PerformanceRequested):
        ids = touched or (event.tranche,)  # type: ignore[union-attr]  # what touches nothing yet is a new tranche
        after = _slotted(after, before, [said for id_ in ids for said in counted_by_day(after, id_)])
    return _topped(after) if after.agenda is not None else after


# --- what is awaited, day by day ----------------------------------------------------------------------------

# One number that a tranche adds: into `awaited` or not, under which name, in which slot.
Slotted = tuple[bool, str, int, Decimal]
ONE = Decimal(1)
SPAN = 32  # so many days of delay stand together


def counted_by_day(state: State, id_: str) -> Iterator[Slotted]:
    """What a tranche adds to `awaited` and to `waits`: nothing while its obligation does not count or is conditional.

    `awaited`: how much of it is still to come, at least, by the day on which it is due, under
    `UNIT|AGREEMENT|CLAUSE|PARTY|BINDING|MONTH`. `waits`: one, under `open|PARTY|MONTH` while it is awaited, under
    `came|PARTY|MONTH` where it came by the end of its day, else under `late|PARTY|N` in the slot of the days of delay.
    """
    tranche = state.tranches[id_]
    one = state.obligations[tranche.obligation]
    if not one.counts or one.unmet:
        return
    day = due_day(tranche.due_at)
    month = day.isoformat()[:7]
    if not tranche.fulfilled:
        yield False, f"open|{one.party}|{month}", day.day, ONE
        figure = tranche.figures[-1].value
        left = bounds(figure).low - has_come(state, tranche).low
        if left > 0:
            agreement, clause = (one.terms.agreement, one.terms.clause) if one.terms else (one.response, one.measure)
            how = "intention" if one.binding == "intention" else "bound"
            yield True, f"{figure.unit}|{agreement}|{clause}|{one.party}|{how}|{month}", day.day, left
        return
    days = (tranche.came[-1].place.at - datetime.combine(day, MIDNIGHT, UTC)).days - 1
    if days < 0 or tranche.came[-1].place.at <= tranche.due_at:
        yield False, f"came|{one.party}|{month}", day.day, ONE
    else:
        yield False, f"late|{one.party}|{days // SPAN}", days, ONE


def _touched(state: State, event: CommitmentEvent) -> tuple[str, ...]:
    """The tranches of which an event may change what is awaited of them."""
    match event:
        case acts.DeliveryReported(allocation=id_):
            return _of_package(state, id_)
        case (
            acts.ReceiptConfirmed(delivery=id_)
            | acts.ReceiptDisputed(delivery=id_)
            | acts.DeliveryVerified(delivery=id_)
            | acts.DeliveryReturned(delivery=id_)
        ):
            return _of_package(state, state.deliveries[id_].allocation)
        case acts.FigureCorrected(subject=id_):
            if id_ in state.tranches:
                return (id_,)
            known = state.deliveries.get(id_)
            return _of_package(state, known.allocation) if known else ()
        case acts.ConditionSettled(obligation=id_):
            return _of_obligations(state, id_)
        case acts.PledgeLinked(pledge=id_, obligation=other):
            return _of_obligations(state, id_, other)
        case acts.ObligationsReleased(subject=subject, parties=parties):
            return _of_obligations(state, *(f"{subject}/{party}" for party in parties))
    return ()


def _of_package(state: State, id_: str) -> tuple[str, ...]:
    tranche = state.allocations[id_].tranche
    return (tranche,) if tranche else ()


def _of_obligations(state: State, *ids: str) -> tuple[str, ...]:
    return tuple(one.value for id_ in ids for one in state.obligations[id_].tranches)


def _slotted(state: State, before: list[Slotted], after: list[Slotted]) -> State:
    """The state with what its tranches add now in place of what they added before."""
    if before == after:
        return state
    awaited, waits = state.awaited, state.waits
    for sign, said in ((-1, before), (1, after)):
        for much, name, slot, number in said:
            if much:
                awaited = _with_slots(awaited, name, {slot: number * sign})
            else:
                waits = _with_slots(waits, name, {slot: number * sign})
    return replace(state, awaited=awaited, waits=waits)


def _with_slots(slots: Map[str, Slots], name: str, more: dict[int, Decimal]) -> Map[str, Slots]:
    known = dict(slots.get(name, ()))
    for slot, number in more.items():
        known[slot] = known.get(slot, NOTHING) + number
    left = tuple(sorted((each, amount) for each, amount in known.items() if amount))
    return slots.insert(name, left) if left else slots.discard(name)


def with_slots(state: State, before: Iterable[Slotted], after: Iterable[Slotted]) -> State:
    """As `_slotted`, of so many that they are added up first."""
    found: dict[bool, dict[str, dict[int, Decimal]]] = {True: {}, False: {}}
    for said, sign in ((before, -1), (after, 1)):
        for much, name, slot, number in said:
            slots = found[much].setdefault(name, {})
            slots[slot] = slots.get(slot, NOTHING) + number * sign
    awaited, waits = state.awaited, state.waits
    for name, slots in found[True].items():
        awaited = _with_slots(awaited, name, slots)
    for name, slots in found[False].items():
        waits = _with_slots(waits, name, slots)
    return replace(state, awaited=awaited, waits=waits)


# --- sums ---------------------------------------------------------------------------------------------------

# Where a sum stands: stage, party, kind and unit, and the year or month, or `undated`.
Key = tuple[str, str, str, str, str]
# What a subject adds, each by the month: `2026-03`, or undated.
Posted = Iterator[tuple[Key, Bounds]]


def of_year(key: Key) -> Key:
    """The same by the year."""
    return (*key[:4], key[4] if key[4] == UNDATED else key[4][:4])


def each_sum(state: State) -> Iterator[tuple[Key, Bounds]]:
    """Every one of `State.sums`, by the year."""
    for name, years in state.sums.items():
        stage, party, kind, unit = name.split("|")
        for year, amount in years.items():
            yield (stage, party, kind, unit, year), amount


def owed(obligation: Obligation) -> Posted:
    """What an obligation adds to the sums: its quantity for each of its periods, when each begins."""
    terms = obligation.terms
    if terms is None or not obligation.counts:
        return
    quantity = obligation.figures[-1].value
    once = bounds(quantity)
    if terms.basis == "at_least":
        once = Bounds(once.low, once.high, 1)
    elif terms.basis == "up_to":
        once = Bounds(NOTHING, once.high, once.open)
    stage = "intended" if terms.binding == "intention" else "committed"
    for month in _begins(terms):
        yield (stage, obligation.party, terms.kind, quantity.unit, month), once


def _begins(terms: Terms) -> Iterator[str]:
    """The months in which what is owed begins to be: the first alone, unless it recurs."""
    if terms.every is None or terms.starts_on is None or terms.ends_on is None:
        yield _month(terms.starts_on) if terms.starts_on else UNDATED
        return
    first, last = terms.starts_on, terms.ends_on
    months = (last.year - first.year) * 12 + last.month - first.month
    for later in range(0, months + 1, 12 // _PERIODS[terms.every]):
        place = first.month - 1 + later
        yield f"{first.year + place // 12:04}-{place % 12 + 1:02}"


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def planned(obligation: Obligation, tranche: Tranche) -> Posted:
    """What a tranche adds to the sums; what is only intended is on no schedule."""
    if obligation.counts and obligation.binding != "intention":
        quantity = tranche.figures[-1].value
        month = _month(due_day(tranche.due_at))
        yield ("scheduled", obligation.party, obligation.kind, quantity.unit, month), bounds(quantity)


def set_aside(obligation: Obligation, allocation: Allocation) -> Posted:
    """What an allocation adds to the sums: in its unit and in money, and for its funder."""
    month = _month(allocation.place.at)
    for figures in (allocation.figures, allocation.values):
        if figures:
            quantity = figures[-1].value
            once = bounds(quantity)
            yield ("allocated", obligation.party, obligation.kind, quantity.unit, month), once
            yield (FUNDED, allocation.funder, obligation.kind, quantity.unit, month), once


def arrived(obligation: Obligation, delivery: Delivery) -> Posted:
    """What a delivery adds to the sums, at each stage that it reached."""
    month = _month(delivery.delivered_on)
    level = delivery.level
    stages = ["delivered"]
    if level >= 2 or delivery.answers:
        stages.append("received")
    if level >= 3:
        stages.append("verified")
    for quantity in (delivery.counted, delivery.worth):
        if quantity is not None:
            for stage in stages:
                yield (stage, obligation.party, obligation.kind, quantity.unit, month), bounds(quantity)


def taken_over(kind: str, transfer: Transfer) -> Posted:
    """What a transfer adds for who pays and takes from who is relieved."""
    month, unit = _month(transfer.place.at), transfer.quantity.unit
    once = bounds(transfer.quantity)
    yield (FUNDED, transfer.party, kind, unit, month), once
    yield (FUNDED, transfer.relieved, kind, unit, month), Bounds().minus(once)


def _posted(state: State, before: Posted, after: Posted) -> State:
    """The state with sums that hold what a subject adds now in place of what it added before."""
    sums, months = state.sums, state.months
    for said, sign in ((before, -1), (after, 1)):
        for key, amount in said:
            (sums_name, year), (months_name, month) = kept_under(key)
            signed = amount if sign > 0 else NO_BOUNDS.minus(amount)
            sums = _with_more(sums, sums_name, year, signed)
            months = _with_more(months, months_name, month, signed)
    return replace(state, sums=sums, months=months)


def kept_under(key: Key) -> tuple[tuple[str, str], tuple[str, str]]:
    """Under which name of `State.sums`, and there of which year; the same of `State.months`."""
    stage, party, kind, unit, month = key
    year = month if month == UNDATED else month[:4]
    return (f"{stage}|{party}|{kind}|{unit}", year), (f"{stage}|{kind}|{unit}|{year}", month)


def with_sums(state: State, before: Posted, after: Posted) -> State:
    """As `_posted`, of so many that they are added up first."""
    found: tuple[dict[tuple[str, str], Bounds], dict[tuple[str, str], Bounds]] = ({}, {})
    for said, add in ((before, Bounds.minus), (after, Bounds.plus)):
        for key, amount in said:
            for kept, name in zip(found, kept_under(key), strict=True):
                kept[name] = add(kept.get(name, NO_BOUNDS), amount)
    sums, months = state.sums, state.months
    for (kept_name, year), amount in found[0].items():
        sums = _with_more(sums, kept_name, year, amount)
    for (kept_name, month), amount in found[1].items():
        months = _with_more(months, kept_name, month, amount)
    return replace(state, sums=sums, months=months)


def _with_more(sums: Map[str, Few[Bounds]], name: str, part: str, amount: Bounds) -> Map[str, Few[Bounds]]:
    known = sums.get(name, NO_SUMS)
    before = known.get(part)
    now = amount if before is None else before.plus(amount)
    left = known.discard(part) if now == NO_BOUNDS else known.insert(part, now)
    return sums.insert(name, left) if left.names else sums.discard(name)


# --- what is owed -------------------------------------------------------------------------------------------


def _incurred(state: State, e: acts.ObligationsIncurred, place: Place) -> State:
    for party in e.parties:
        state = _listed(state, Obligation(f"{e.subject}/{party}", party, e.response, e.measure, e.due_at, place))
    return state


def _listed(state: State, one: Obligation) -> State:
    """The state with an obligation more, at the end of its list."""
    lists = Lists(state.owing, state.listed).add(f"{one.party}|{one.kind}", one.id)
    obligations = state.obligations.insert(one.id, one)
    return replace(state, obligations=obligations, owing=lists.counts, listed=lists.blocks)


def _released(state: State, e: acts.ObligationsReleased, place: Place) -> State:
    for party in e.parties:
        one = state.obligations[f"{e.subject}/{party}"]
        state = _recounted(state, one, replace(one, released=place))
    return state


def _performed(state: State, e: acts.ObligationPerformed, place: Place) -> State:
    one = state.obligations[e.obligation]
    return replace(state, obligations=state.obligations.insert(one.id, replace(one, performed=place)))


def _undertaken(state: State, e: acts.ObligationUndertaken, place: Place) -> State:
    terms = Terms(
        e.agreement, e.clause, e.kind, e.basis, e.binding, e.owed_to, e.starts_on, e.ends_on, e.every, e.within_hours,
        e.conditions,
    )  # fmt: skip
    figures = (Dated(e.quantity, place),)
    one = Obligation(e.obligation, e.party, "", "", None, place, terms=terms, figures=figures)
    state = replace(_listed(state, one), undertaken=state.undertaken + 1)
    return _posted(state, iter(()), owed(one))


def _recounted(state: State, before: Obligation, after: Obligation) -> State:
    """The obligation changed whether or how much it counts: its own sums, and those of its tranches."""
    state = replace(state, obligations=state.obligations.insert(after.id, after))
    state = _posted(state, owed(before), owed(after))
    for tranche in (state.tranches[one.value] for one in after.tranches):
        state = _posted(state, planned(before, tranche), planned(after, tranche))
        if before.counts and not after.counts:
            state = _not_late(state, tranche)
    return state


def _settled(state: State, e: acts.ConditionSettled, place: Place) -> State:
    one = state.obligations[e.obligation]
    one = replace(one, settled=(*one.settled, Settled(e.condition, e.met, place)))
    state = replace(state, obligations=state.obligations.insert(one.id, one))
    for tranche in one.tranches:
        state = _watched(state, state.tranches[tranche.value], place)
    return state


def _scheduled(state: State, e: acts.TrancheScheduled | acts.PerformanceRequested, place: Place) -> State:
    requested = isinstance(e, acts.PerformanceRequested)
    overdue_at = e.due_at if isinstance(e, acts.PerformanceRequested) else e.overdue_at
    figures = (Dated(e.quantity, place),)
    tranche = Tranche(e.tranche, e.obligation, e.due_at, overdue_at, place, figures, requested)
    one = state.obligations[e.obligation]
    one = replace(one, tranches=(*one.tranches, Dated(tranche.id, place)))
    day = on_day(tranche.due_at, one.party)
    state = replace(
        state,
        obligations=state.obligations.insert(one.id, one),
        tranches=state.tranches.insert(tranche.id, tranche),
        due_on=state.due_on.insert(day, (*state.due_on.get(day, ()), tranche.id)),
        grace=with_grace(state.grace, tranche),
    )
    return _watched(_posted(state, iter(()), planned(one, tranche)), tranche, place)


def with_grace(grace: Map[str, int], tranche: Tranche) -> Map[str, int]:
    """`State.grace` with one tranche more."""
    days = -((tranche.due_at - tranche.overdue_at) // timedelta(days=1))
    if not days:
        return grace
    month = due_day(tranche.due_at).isoformat()[:7]
    return grace if days <= grace.get(month, 0) else grace.insert(month, days)


def on_day(due_at: datetime, party: str) -> str:
    """Under which name of `State.due_on` a tranche stands: a day ends at its midnight, which is still of it."""
    return f"{due_day(due_at).isoformat()}|{party}"


def due_day(due_at: datetime) -> date:
    """The day on which something is due that is due at that moment."""
    return (due_at - timedelta.resolution).date()


def _linked(state: State, e: acts.PledgeLinked, place: Place) -> State:
    superseding = e.link == "supersedes"
    for id_, other, counts in ((e.pledge, e.obligation, superseding), (e.obligation, e.pledge, not superseding)):
        one = state.obligations[id_]
        state = _recounted(state, one, replace(one, links=(*one.links, Linked(e.link, other, counts, place))))
    return state


# --- what comes ---------------------------------------------------------------------------------------------


def _allocated(state: State, e: acts.PackageAllocated, place: Place) -> State:
    tranche = state.tranches.get(e.under)
    made = Allocation(
        e.allocation, e.obligation, tranche.id if tranche else None, e.drawn_from, e.funder, e.supplier, e.deliverer,
        place, (Dated(e.quantity, place),), (Dated(e.value, place),) if e.value else (),
    )  # fmt: skip
    one = state.obligations[e.obligation]
    if tranche:
        tranche = replace(tranche, allocations=(*tranche.allocations, Dated(made.id, place)))
        state = replace(state, tranches=state.tranches.insert(tranche.id, tranche))
    else:
        one = replace(one, allocations=(*one.allocations, Dated(made.id, place)))
        state = replace(state, obligations=state.obligations.insert(one.id, one))
    state = replace(state, allocations=state.allocations.insert(made.id, made))
    return _posted(state, iter(()), set_aside(one, made))


def _reported(state: State, e: acts.DeliveryReported, place: Place) -> State:
    values = (Dated(e.value, place),) if e.value else ()
    made = Delivery(e.delivery, e.allocation, e.party, e.delivered_on, place, (Dated(e.quantity, place),), values)
    package = state.allocations[e.allocation]
    package = replace(package, deliveries=(*package.deliveries, Dated(made.id, place)))
    state = replace(
        state,
        allocations=state.allocations.insert(package.id, package),
        deliveries=state.deliveries.insert(made.id, made),
    )
    return _changed(_posted(state, iter(()), arrived(state.obligations[package.obligation], made)), made, place)


def _delivery(state: State, before: Delivery, after: Delivery, place: Place) -> State:
    """Something was said of a delivery: what counts of it may be another quantity now."""
    one = state.obligations[state.allocations[after.allocation].obligation]
    state = replace(state, deliveries=state.deliveries.insert(after.id, after))
    return _changed(_posted(state, arrived(one, before), arrived(one, after)), after, place)


def _answered(state: State, e: acts.ReceiptConfirmed | acts.ReceiptDisputed, place: Place) -> State:
    known = state.deliveries[e.delivery]
    ground = e.ground if isinstance(e, acts.ReceiptDisputed) else None
    answers = (*known.answers, Answer(e.party, ground, e.quantity, place))
    return _delivery(state, known, replace(known, answers=answers), place)


def _verified(state: State, e: acts.DeliveryVerified, place: Place) -> State:
    known = state.deliveries[e.delivery]
    checks = (*known.checks, Check(e.party, e.level, e.evidence, e.quantity, place))
    return _delivery(state, known, replace(known, checks=checks), place)


def _returned(state: State, e: acts.DeliveryReturned, place: Place) -> State:
    known = state.deliveries[e.delivery]
    return _delivery(state, known, replace(known, returns=(*known.returns, Back(e.ground, e.quantity, place))), place)


def _transferred(state: State, e: acts.FundingTransferred, place: Place) -> State:
    made = Transfer(e.transfer, e.party, e.relieved, e.quantity, e.ground, e.allocation, place)
    package = state.allocations.get(e.allocation) if e.allocation else None
    kind = state.obligations[package.obligation].kind if package else UNDATED
    state = replace(state, transfers=state.transfers.insert(made.id, made))
    return _posted(state, iter(()), taken_over(kind, made))


def _corrected(state: State, e: acts.FigureCorrected, place: Place) -> State:
    obligation, tranche = state.obligations.get(e.subject), state.tranches.get(e.subject)
    if obligation:
        after = _anew(obligation, e, place)
        return _recounted(state, obligation, after)
    if tranche:
        one = state.obligations[tranche.obligation]
        now = _anew(tranche, e, place)
        state = _posted(state, planned(one, tranche), planned(one, now))
        return _appraised(replace(state, tranches=state.tranches.insert(now.id, now)), now, place)
    package = state.allocations.get(e.subject)
    if package:
        one = state.obligations[package.obligation]
        moved = _anew(package, e, place)
        state = _posted(state, set_aside(one, package), set_aside(one, moved))
        return replace(state, allocations=state.allocations.insert(moved.id, moved))
    known = state.deliveries[e.subject]
    return _delivery(state, known, _anew(known, e, place), place)


def _anew(subject: Any, e: acts.FigureCorrected, place: Place) -> Any:
    """The subject with the figure that was corrected, behind the earlier ones."""
    changed: dict[str, Any] = {}
    if e.quantity is not None:
        changed["figures"] = (*subject.figures, Dated(e.quantity, place))
    if e.value is not None:
        changed["values"] = (*subject.values, Dated(e.value, place))
    return replace(subject, **changed)


# --- whether it came in time --------------------------------------------------------------------------------


def has_come(state: State, tranche: Tranche) -> Bounds:
    """What counts as delivered under a tranche, in its own unit."""
    unit, total = tranche.figures[-1].value.unit, Bounds()
    for delivery in _deliveries(state, tranche):
        for quantity in (delivery.counted, delivery.worth):
            if quantity is not None and quantity.unit == unit:
                total = total.plus(bounds(quantity))
                break
    return total


def _deliveries(state: State, tranche: Tranche) -> Iterator[Delivery]:
    for package in tranche.allocations:
        for one in state.allocations[package.value].deliveries:
            yield state.deliveries[one.value]


def suffices(state: State, tranche: Tranche) -> bool:
    """Whether what came is what was due: at least its amount, or attested as met."""
    if any(one.counted.attested == "met" for one in _deliveries(state, tranche)):
        return True
    quantity = tranche.figures[-1].value
    came, due = has_come(state, tranche), bounds(quantity)
    return came.low >= due.low > 0


def _changed(state: State, delivery: Delivery, place: Place) -> State:
    tranche = state.allocations[delivery.allocation].tranche
    return _appraised(state, state.tranches[tranche], place) if tranche else state


def _appraised(state: State, tranche: Tranche, place: Place) -> State:
    """Whether what is due has come, again; and so whether the tranche is late."""
    now = suffices(state, tranche)
    if now == tranche.fulfilled:
        return state
    tranche = replace(tranche, came=(*tranche.came, Dated(now, place)))
    state = replace(state, tranches=state.tranches.insert(tranche.id, tranche))
    if now:
        return _not_late(state, tranche)
    if tranche.overdue is not None and state.obligations[tranche.obligation].counts:
        return _late(state, tranche)
    return _watched(state, tranche, place)


def _watched(state: State, tranche: Tranche, place: Place) -> State:
    """The state with the tranche's deadline noted, if it can lapse; never before what made that so."""
    deadline = Deadline(max(tranche.overdue_at, place.at), f"tranche/{tranche.id}")
    return replace(state, agenda=noted(state.agenda, deadline)) if standing_deadline(state, deadline) else state


def standing_deadline(state: State, deadline: Deadline) -> bool:
    """Whether a noted deadline is still to be kept: nothing has settled it since."""
    kind, _, id_ = deadline.id.partition("/")
    if kind == "reexport":
        asked = state.reexports[id_]
        return asked.answer_by == deadline.due_at and not asked.answers and asked.unanswered is None
    tranche = state.tranches[id_]
    if tranche.overdue is not None or tranche.fulfilled or deadline.due_at < tranche.overdue_at:
        return False
    one = state.obligations[tranche.obligation]
    bound = one.terms is None or (one.terms.binding == "legal" and one.terms.basis != "up_to")
    return bound and one.counts and not one.unmet


def _topped(state: State) -> State:
    agenda = state.agenda
    while agenda is not None and not standing_deadline(state, agenda.first):
        agenda = rest(agenda)
    return state if agenda is state.agenda else replace(state, agenda=agenda)


Late = tuple[Map[str, tuple[str, ...]], Map[str, tuple[str, ...]]]


def with_late(late: Late, state: State, tranche: Tranche) -> Late:
    """`late` and `late_of` with one tranche of the state more: in each list the longest overdue first, then by id."""
    tranches = state.tranches
    found = []
    for known, name in zip(late, late_names(state, tranche), strict=True):
        ids = known.get(name, ())
        place = bisect_left(ids, (tranche.overdue_at, tranche.id), key=lambda id_: (tranches[id_].overdue_at, id_))
        found.append(known.insert(name, (*ids[:place], tranche.id, *ids[place:])))
    return found[0], found[1]


def late_names(state: State, tranche: Tranche) -> tuple[str, str]:
    """Under which names of `late` and of `late_of` a tranche of the state stands while it is overdue."""
    one, day = state.obligations[tranche.obligation], tranche.overdue_at.date().isoformat()
    return day, f"{day[:4]}|{one.party}|{one.kind}"


def _late(state: State, tranche: Tranche) -> State:
    late, late_of = with_late((state.late, state.late_of), state, tranche)
    return replace(state, late=late, late_of=late_of)


def _not_late(state: State, tranche: Tranche) -> State:
    """The state in which a tranche is not overdue; the same where it was not."""
    found = []
    for known, name in zip((state.late, state.late_of), late_names(state, tranche), strict=True):
        ids = known.get(name, ())
        if tranche.id not in ids:
            return state
        left = tuple([one for one in ids if one != tranche.id])
        found.append(known.insert(name, left) if left else known.discard(name))
    return replace(state, late=found[0], late_of=found[1])


def in_order_of_age(late: Map[str, tuple[str, ...]]) -> Iterator[str]:
    """The ids of `State.late`, the longest overdue first."""
    return chain.from_iterable([late[day] for day in sorted(late)])


def _overdue(state: State, e: acts.TrancheOverdue, place: Place) -> State:
    tranche = replace(state.tranches[e.tranche], overdue=place)
    state = replace(
        state,
        tranches=state.tranches.insert(tranche.id, tranche),
        ever_late=state.ever_late.insert(tranche.id, place),
    )
    return _late(state, tranche)


# --- what is needed, what is offered ------------------------------------------------------------------------


def _required(state: State, e: acts.RequirementStated, place: Place) -> State:
    known = state.requirements.get(e.requirement) or Requirement(
        e.requirement, e.capability, e.unit, e.needed_by, place
    )
    known = replace(known, needs=(*known.needs, Need(e.minimum, e.target, e.priority, place)))
    return replace(
        state,
        requirements=state.requirements.insert(known.id, known),
        needed=state.needed.insert(f"{e.capability}/{e.unit}/{e.needed_by.isoformat()}", known.id),
    )


def _offered(state: State, e: acts.SupplyOffered, place: Place) -> State:
    made = Offer(e.offer, e.party, e.capability, e.quantity, e.ready_on, e.transports, e.maker, place)
    return replace(state, offers=state.offers.insert(made.id, made))


def _asked(state: State, e: acts.ReexportRequested, place: Place) -> State:
    made = Reexport(e.request, e.offer, e.party, e.maker, e.answer_by, place)
    agenda = noted(state.agenda, Deadline(e.answer_by, f"reexport/{made.id}"))
    return replace(state, reexports=state.reexports.insert(made.id, made), agenda=agenda)


def _reexport(state: State, e: acts.ReexportAnswered | acts.ReexportUnanswered, place: Place) -> State:
    known = state.reexports[e.request]
    if isinstance(e, acts.ReexportAnswered):
        known = replace(known, answers=(*known.answers, Dated(e.consents, place)))
    else:
        known = replace(known, unanswered=place)
    return replace(state, reexports=state.reexports.insert(known.id, known))


_EVOLVE: dict[type, Callable[[State, Any, Place], State]] = {
    acts.ObligationsIncurred: _incurred,
    acts.ObligationsReleased: _released,
    acts.ObligationPerformed: _performed,
    acts.ObligationUndertaken: _undertaken,
    acts.ConditionSettled: _settled,
    acts.TrancheScheduled: _scheduled,
    acts.PerformanceRequested: _scheduled,
    acts.PledgeLinked: _linked,
    acts.PackageAllocated: _allocated,
    acts.DeliveryReported: _reported,
    acts.ReceiptConfirmed: _answered,
    acts.ReceiptDisputed: _answered,
    acts.DeliveryVerified: _verified,
    acts.DeliveryReturned: _returned,
    acts.FundingTransferred: _transferred,
    acts.FigureCorrected: _corrected,
    acts.RequirementStated: _required,
    acts.SupplyOffered: _offered,
    acts.ReexportRequested: _asked,
    acts.ReexportAnswered: _reexport,
    acts.ReexportUnanswered: _reexport,
    acts.TrancheOverdue: _overdue,
}
