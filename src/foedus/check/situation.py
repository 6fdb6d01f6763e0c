"""Where an exploration begins: a record just opened under the compact, the chosen parties signed, nothing reported.

Every step there is an act that `rules.enact` accepts. It leaves out the instruments beside the compact, and chooses
parties so that each kind of party that the text tells apart is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, get_args

import msgspec.inspect as mi
from msgspec import Struct
from msgspec.structs import replace

from foedus import rules
from foedus.acts import EFFECTS, PLACEHOLDER, Act, Attachment, Body, Event, Statement
from foedus.check.consulted import Consulted, Noted, alike
from foedus.compact.clauses import Clauses
from foedus.compact.model import CannotPrevent, Compact, Guarantee
from foedus.errors import Malformed, Refused
from foedus.parties.acts import GiveNotice, HeadSeat, NoticeGiven, OpenRecord
from foedus.parties.authority import belongs
from foedus.state import State

# Any moment will do: clauses count from what happens, not from the calendar.
START = datetime(2031, 1, 1, tzinfo=UTC)
_FILES = (Attachment(PLACEHOLDER, 0, "evidence"),)
_ID = "0" * 32
# By these fields an act says what it is about; what else it says is chosen.
_ABOUT = ("incident", "response", "measure", "ballot", "condition", "easing", "snapback", "listing", "instrument")


# What these call an instrument is one of the compact's; elsewhere it is an act of an issuer's own law.
_OF_INSTRUMENTS: Final = frozenset(
    kind for kind in get_args(Body) if kind.__name__ in ("SignText", "DepositRatification", "GiveNotice", "RenewTerm")
)


class Speaks(Struct, frozen=True):
    """Which seat performs an act of one kind for a party, and who signs with it."""

    seat: str
    role: str
    signers: tuple[str, ...]


class Step(Struct, frozen=True):
    """How a state was reached: who did what, or time passing (`party` empty), and what became true."""

    party: str
    body: Body | None
    at: datetime
    events: tuple[Event, ...]


class Situation(Struct, frozen=True):
    """`classes`: parties that nothing in the text tells apart. `alone`: those that are told from all others here.

    `speaks`: by party and the name of an act; without an entry the party may not perform it. `given`: what has
    happened already.
    """

    clauses: Consulted
    state: State
    at: datetime
    classes: tuple[tuple[str, ...], ...]
    speaks: dict[tuple[str, str], Speaks]
    given: tuple[Step, ...] = ()
    alone: frozenset[str] = frozenset()

    @property
    def parties(self) -> tuple[str, ...]:
        """Everyone who takes part."""
        return tuple(party for alike in self.classes for party in alike)

    def classes_so_far(self) -> tuple[tuple[str, ...], ...]:
        """The parties in classes that nothing tells apart of what was asked of the text so far."""
        others = [party for party in self.parties if party not in self.alone]
        merged = alike(self.clauses.compact, others, self.clauses.noted)
        return (*((one,) for one in self.parties if one in self.alone), *map(tuple, merged))

    def act(self, state: State, party: str, body: Body, at: datetime) -> Act | None:
        """The act as the party would sign it now; None where no clause permits it to the party."""
        speaks = self.speaks.get((party, type(body).__name__))
        return None if speaks is None else _act(state, party, speaks, body, at)


def _act(state: State, party: str, speaks: Speaks, body: Body, at: datetime) -> Act:
    record = state.parties.record
    assert record is not None, "acts are performed in an open record"
    effect = EFFECTS[type(body).__name__]
    statement = Statement(record.origin, _ID, speaks.seat, at, state.parties.compact, effect, body, attachments=_FILES)
    return Act(_ID, speaks.seat, party, speaks.role, speaks.signers, body, statement)


def depositary_act(state: State, body: Body, at: datetime) -> Act:
    """An act of the depositary's clock."""
    return _act(state, "", Speaks(rules.DEPOSITARY, rules.DEPOSITARY, (rules.DEPOSITARY,)), body, at)


def roll(clauses: Clauses) -> frozenset[str]:
    """Every guarantor that the text names."""
    named = clauses.members("guarantors") or clauses.members("parties")  # a text without a roll asks everyone
    return named - clauses.excluded - {clauses.compact.protected}


def chosen(compact: Compact, guarantors: int, named: tuple[str, ...] = ()) -> tuple[str, ...]:
    """So many guarantors, taken in turn from each kind of party on the roll, those that count as heads first.

    Of each of `named`, parties or groups, one at least: more than so many where that takes more.
    """
    clauses = Clauses.of(compact)
    kinds = sorted(alike(compact, roll(clauses)), key=lambda kind: -clauses.heads[kind[0]])
    found: list[str] = []
    for place in range(max(map(len, kinds), default=0)):
        found += [kind[place] for kind in kinds if place < len(kind)]
    needed: list[str] = []
    for who in named:
        members = clauses.members(who) or {who}
        if members.isdisjoint((*found[: max(0, guarantors - len(needed))], *needed)):
            needed += next(([one] for one in found if one in members), [])
    others = [one for one in found if one not in needed][: max(0, guarantors - len(needed))]
    return tuple([one for one in found if one in needed or one in others])


def taking_part(compact: Compact, guarantee: Guarantee, guarantors: int) -> tuple[str, ...]:
    """The guarantors among whom a guarantee is asked: so many, or as many as make sense of it, and of whom it asks."""
    asks = guarantee.asks
    named = asks.who if isinstance(asks, CannotPrevent) else ()
    return chosen(compact, max(guarantors, guarantee.among or 1), named)


def situation(
    compact: Compact, guarantors: tuple[str, ...], apart: str | None = None, begins: date | None = None
) -> Situation:
    """A record in which these parties and the protected state have signed. `apart`: one told from the others.

    `begins`: the day on which it is opened, where that matters.
    """
    start = START if begins is None else datetime(begins.year, begins.month, begins.day, tzinfo=UTC)
    clauses = Clauses.of(replace(compact, agreements=()))
    parties = (compact.protected, *guarantors)
    kinds = [[compact.protected], *alike(compact, guarantors)]
    if apart is not None:
        kinds = [[one for one in kind if one != apart] for kind in kinds]
        kinds = [[apart], *(kind for kind in kinds if kind)]
    seats = {party: _seats(clauses, party) for party in parties}
    heads = tuple(
        HeadSeat(party, role, hashlib.sha256(f"{party}/{role}".encode()).hexdigest())
        for party, roles in seats.items()
        for role in roles
    )
    opening = OpenRecord("check", True, "unclassified", PLACEHOLDER, clauses.digest, heads)
    statement = Statement("check", _ID, rules.DEPOSITARY, start, clauses.digest, EFFECTS["OpenRecord"], opening)
    first = Act(_ID, rules.DEPOSITARY, "", rules.DEPOSITARY, (rules.DEPOSITARY,), opening, statement)
    state = rules.enact(clauses, State(), first, start)[1]
    for party in parties:
        state = _signed(clauses, state, party, seats[party], start)
    alone = frozenset((compact.protected, *((apart,) if apart else ())))
    classes = tuple(map(tuple, kinds))
    return Situation(Consulted(clauses), state, start, classes, speakers(clauses, state, parties), alone=alone)


def afresh(begun: Situation) -> Situation:
    """The same, of whose text nothing was asked yet."""
    return replace(begun, clauses=Consulted(begun.clauses))


def going(begun: Situation, noted: AbstractSet[Noted] | None) -> tuple[str, ...]:
    """One guarantor of each kind; with `noted`, of each that what was asked of the text tells apart."""
    others = [party for party in begun.parties if party not in begun.alone]
    return tuple(kind[0] for kind in alike(begun.clauses.compact, others, noted))


def leaving(begun: Situation, going: tuple[str, ...]) -> Situation:
    """The same, half a day before the notice of these guarantors takes effect."""
    state, ends = begun.state, None
    clauses = begun.clauses
    given: list[Step] = []
    for party in going:
        act = begun.act(state, party, GiveNotice(clauses.compact.id), begun.at)
        if act is not None:
            events, state = rules.enact(clauses, state, act, begun.at)
            given.append(Step(party, act.body, begun.at, events))
            ends = next((one.effective_at for one in events if isinstance(one, NoticeGiven)), ends)
    staying = (tuple(one for one in kind if one not in going) for kind in begun.classes)
    classes = (*((one,) for one in going), *(kind for kind in staying if kind))
    at = begun.at if ends is None else ends - timedelta(hours=12)
    return replace(
        begun, state=state, at=at, classes=classes, given=(*begun.given, *given), alone=begun.alone.union(going)
    )


def after(begun: Situation, given: tuple[str, ...], apart: str | None, by_all: tuple[str, ...] = ()) -> Situation:
    """The same after these acts, each by the first party that may, but by `apart`; those of `by_all` by every party.

    Of the ways in which one may be performed, the first after which the others may follow. Raises Malformed where there
    is none.
    """
    # Whoever has begun something may be told by it from those like it; a key sees what stands in the state.
    done, stuck = _through(begun, given, apart, frozenset(by_all))
    if done is None:
        raise Malformed("nobody may perform {act} here, which a guarantee takes as given", act=stuck)
    return done


def _through(
    begun: Situation, given: tuple[str, ...], apart: str | None, by_all: frozenset[str]
) -> tuple[Situation | None, str]:
    """After the acts, or None with the act that nobody may perform."""
    if not given:
        return begun, ""
    if given[0] in by_all:
        everybody = _by_everybody(begun, given[0])
        return _through(everybody, given[1:], apart, by_all) if everybody is not begun else (None, given[0])
    stuck = given[0]
    for following in _ways(begun, given[0], apart):
        done, at = _through(following, given[1:], apart, by_all)
        if done is not None:
            return done, ""
        stuck = at
    return None, stuck


def _by_everybody(begun: Situation, name: str) -> Situation:
    """After every party has performed the act about everything it may, the party apart too: once each."""
    for party in begun.parties:
        speaks = begun.speaks.get((party, name))
        if speaks is None:
            continue
        said: set[tuple[object, ...]] = set()
        for body in list(rules.offered(begun.clauses, begun.state, speaks.seat, begun.at)):
            about = tuple(getattr(body, field, None) for field in _ABOUT)
            if type(body).__name__ == name and about not in said:
                done = _performed(begun, party, speaks, body)
                if done is not None:
                    begun = done
                    said.add(about)
    return begun


def _ways(begun: Situation, name: str, apart: str | None) -> Iterator[Situation]:
    """After the act, by each party that may and in each way, the protected state first."""
    for party in sorted(begun.parties, key=lambda one: one != begun.clauses.compact.protected):
        speaks = begun.speaks.get((party, name))
        if speaks is None or party == apart:
            continue
        for body in rules.offered(begun.clauses, begun.state, speaks.seat, begun.at):
            if type(body).__name__ == name:
                done = _performed(begun, party, speaks, body)
                if done is not None:
                    yield done


def _performed(begun: Situation, party: str, speaks: Speaks, body: Body) -> Situation | None:
    """After one act, or None where it is refused."""
    act = _act(begun.state, party, speaks, body, begun.at)
    try:
        events, state = rules.enact(begun.clauses, begun.state, act, begun.at)
    except Refused:
        return None
    return replace(begun, state=state, given=(*begun.given, Step(party, body, begun.at, events)))


def _seats(clauses: Clauses, party: str) -> tuple[str, ...]:
    """Every office that a permit names, as a seat of the party."""
    return tuple(role.id for role in clauses.compact.roles)


def _signed(clauses: Clauses, state: State, party: str, roles: tuple[str, ...], at: datetime) -> State:
    """After the party has signed by the first of its offices that may; unchanged where no clause lets it."""
    for role in roles:
        speaks = Speaks(f"{party}/{role}", role, (f"{party}/{role}",))
        for body in rules.offered(clauses, state, speaks.seat, at):
            if type(body).__name__ == "SignText":
                try:
                    return rules.enact(clauses, state, _act(state, party, speaks, body, at), at)[1]
                except Refused:
                    continue
    return state


def speakers(clauses: Clauses, state: State, parties: tuple[str, ...]) -> dict[tuple[str, str], Speaks]:
    """Who performs each act for each party: the first office that the first permit names."""
    every = [role.id for role in clauses.compact.roles]
    found: dict[tuple[str, str], Speaks] = {}
    for act in EFFECTS:
        for _, permit in clauses.permits(act):
            for by in permit.by:
                group = "parties" if by.group == "addressed" else by.group
                roles = by.roles or tuple(every)
                for party in parties:
                    new = (party, act) not in found and len(roles) >= permit.signatures
                    if new and belongs(clauses, state, party, group):
                        signers = tuple(f"{party}/{role}" for role in roles[: permit.signatures])
                        found[party, act] = Speaks(signers[0], roles[0], signers)
    return found


@lru_cache
def told_apart(kind: type) -> tuple[str, ...]:
    """The fields by which two acts of a kind are two: whom or what it is about, and what is chosen of a closed list."""
    described = mi.type_info(kind)
    assert isinstance(described, mi.StructType)
    about = {"incident", "response", "measure", "ballot", "into", "seat", "condition", "easing", "snapback", "listing"}
    if kind in _OF_INSTRUMENTS:
        about.add("instrument")
    return tuple(
        field.name for field in described.fields if field.name in about or isinstance(field.type, mi.LiteralType)
    )
