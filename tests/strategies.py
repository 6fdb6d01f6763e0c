"""Hypothesis strategies: moves of a play, any body of an act, deadlines.

A move is small numbers that `moved` reads in the play as it stands: they choose among what is offered, so
that most moves are accepted and a play goes deep, and hypothesis can shorten it. Odd moves state any body at
all, whose names come from a pool that the record may or may not know.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, date, datetime
from typing import Any, get_args

import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec import inspect
from msgspec.structs import replace

from foedus import rules
from foedus.acts import PLACEHOLDER, Body
from foedus.compact.model import canonical
from foedus.depositary import Receipt
from foedus.errors import FoedusError, Malformed, Refused
from foedus.history import Deadline
from foedus.parties.acts import Accede, AmendCompact
from tests.plays import DAY, HOUR, START, TICK, Play

DEEP = os.environ.get("FOEDUS_HYPOTHESIS") == "deep"
QUIET = tuple(HealthCheck)
# The fast profile gives the same plays in every run; the deep one new plays each time.
WITHOUT_SHRINKING = (Phase.explicit, Phase.generate)  # which can take minutes: the deep profile finds the shortest play
settings.register_profile(
    "fast", derandomize=True, deadline=None, suppress_health_check=QUIET, database=None, phases=WITHOUT_SHRINKING
)
settings.register_profile("deep", deadline=None, suppress_health_check=QUIET, print_blob=True)
settings.load_profile("deep" if DEEP else "fast")


def examples(fast: int) -> settings:
    """So many examples, or a hundred times as many in the deep profile."""
    return settings(max_examples=fast * 100 if DEEP else fast)


# --- any body -----------------------------------------------------------------------------------------------

CODES = (
    "I-1", "I-2", "R-1", "R-2", "R-1/M-1", "R-1/M-2", "R-1/B-1", "I-1/B-1", "R-1/step/decide", "R-1/step/convene",
    "term/kyiv-2022/POL", "R-1/owed/alarm", "R-9/clause/close", "close", "x", "UKR", "POL", "XHA", "XOR", "RUS", "XDR",
    "core", "keepers", "protected", "kyiv-2022", "mare-2030", "P10.quorum", "B.silence", "head", "chancellor",
    "foreign", "POL/foreign", "XOR/watch", "depositary", "armed_attack", "threat", "UA", "strait", "alarm", "statement",
    "repair", "harbour", "technical", "funds", "ships", "no-deployment", "escort-only", "NATO", "harbour-league",
    "S-1", "S-1/T-1", "XOR/transport/T-1", "POL/asset_freeze/T-1", "T-1", "E-1", "SB-1", "ports", "national",
    "fleet-leaves", "repairs-the-damage", "regime/XOR/ports", "snapback/SB-1", "relief/S-1",
)  # fmt: skip
DIGESTS = (PLACEHOLDER, "a" * 64, "f" * 64)
MOMENTS = (
    datetime(1, 1, 1, tzinfo=UTC), START - DAY, START + DAY, START + 2 * DAY, START + 30 * HOUR,
    START + 400 * DAY, datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
)  # fmt: skip
DAYS = (date(1, 1, 1), START.date(), date(2045, 1, 1), date(9999, 12, 31))


def strings(pattern: str | None) -> SearchStrategy[str]:
    """Text of a pattern that acts use."""
    if pattern is not None and "{64}" in pattern:
        return st.sampled_from(DIGESTS)
    if pattern is not None and "[A-Z]{3}" in pattern:
        return st.sampled_from(("EUR", "UAH"))
    if pattern is not None and r"\d{1,18}" in pattern:
        return st.sampled_from(("0", "12.50", "999999999999999999.999999"))
    if pattern is not None and "AS-" in pattern:
        return st.sampled_from(("AS-1", "AS-2"))
    for name, known in (("CB-", ("CB-1", "CB-2")), ("CD-", ("CD-1", "CD-4")), ("DS-", ("DS-1", "DS-2"))):
        if pattern is not None and name in pattern:
            return st.sampled_from(known)
    if pattern is not None and pattern.startswith("^[A-Z][0-9]{0,2}("):
        return st.sampled_from(("A2.1", "C3.1"))
    if pattern is not None and "{0,14}" in pattern:
        return st.sampled_from(("0", "12.50", "999999999999999.99"))
    return st.sampled_from(CODES)


def values(kind: inspect.Type) -> SearchStrategy[Any]:
    """Any value that a field of this type can have."""
    match kind:
        case inspect.StrType():
            return strings(kind.pattern)
        case inspect.IntType():
            return st.integers(kind.ge or 0, kind.le or 10**6)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.DateTimeType():
            return st.sampled_from(MOMENTS)
        case inspect.DateType():
            return st.sampled_from(DAYS)
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.UnionType():
            return st.one_of(*map(values, kind.types))
        case inspect.VarTupleType():
            return st.lists(values(kind.item_type), max_size=2).map(tuple)
        case inspect.StructType():
            return st.builds(kind.cls, **{field.name: values(field.type) for field in kind.fields})
    raise NotImplementedError(kind)


bodies: SearchStrategy[Body] = st.sampled_from(get_args(Body)).flatmap(lambda kind: values(inspect.type_info(kind)))


# --- moves --------------------------------------------------------------------------------------------------


class Offered(msgspec.Struct, frozen=True):
    """The seat of that number performs what is offered to it: an act of that kind, and of those that one."""

    seat: int
    kind: int
    which: int


class Waits(msgspec.Struct, frozen=True):
    """Nothing happens until some moment: just before or at the next deadline, or after some time, rarely a year."""

    how: int


class Odd(msgspec.Struct, frozen=True):
    """The seat of that number states any body at all, signed with so many others."""

    seat: int
    others: int
    body: Body


class Together(msgspec.Struct, frozen=True):
    """One seat of each party, but for so many, performs an act of that name, if it is offered one."""

    name: str
    which: int
    without: int


class Amends(msgspec.Struct, frozen=True):
    """Every party signs the compact with another date, or lets a further one accede."""

    day: int


Move = Offered | Waits | Odd | Together | Amends
TOGETHER = (
    "RecordPresence", "RecordPresence", "TakePosition", "TakePosition", "CastVote", "CastVote", "ConfirmPosition",
    "AdoptReading", "Acknowledge", "SignText", "ReportPerformance", "ProposeMeasure", "OpenConsultation", "Activate",
    "AddEvidence", "ProposeExtension", "DeclareBadFaith", "ProposeEstablishment", "ReviseMeasure", "Reply",
    "AdoptListing", "AdoptSchedule", "GrantRelief", "GrantRelief", "AttestCondition", "AttestCondition",
    "ConsentToEasing", "ConsentToEasing", "VoteToContinueRelief", "VoteToContinueRelief", "EnactReinstatement",
    "NotifySnapback", "RefuseRenewal", "RenewRegime",
    "CallMeeting", "WithdrawIncident", "MergeIncidents", "AdjournMeeting", "ResumeMeeting", "ReplyToObjection",
    "RequestConvening",
)  # fmt: skip
numbers = st.integers(0, 63)
offered = st.builds(Offered, numbers, numbers, numbers)
waits = st.builds(Waits, st.integers(0, 23))
odd = st.builds(Odd, numbers, st.integers(0, 2), bodies)
together = st.builds(Together, st.sampled_from(TOGETHER), numbers, st.integers(0, 3))
amends = st.builds(Amends, st.integers(1, 4))
usual = (offered, offered, offered, together, together, together, together, waits, waits, odd, odd)
any_move: SearchStrategy[Move] = st.one_of(*usual, *usual, amends)
moves: SearchStrategy[list[Move]] = st.lists(any_move, min_size=4, max_size=20)


def moved(play: Play, move: Move) -> Receipt | FoedusError | None:
    """What became of a move; None when there was nothing to do. Acts that were offered are not refused."""
    play.at += TICK
    match move:
        case Offered():
            return _offered(play, move)
        case Waits():
            _waits(play, move.how)
            return None
        case Together():
            return _together(play, move)
        case Amends():
            return _amends(play, move.day)
        case Odd():
            seat = play.seats[move.seat % len(play.seats)]
            party = seat.partition("/")[0]
            also = [other for other in play.seats if other != seat and other.startswith(f"{party}/")]
            try:
                return play.do(seat, move.body, *also[: move.others])
            except (Refused, Malformed) as refusal:
                return refusal


def _waits(play: Play, how: int) -> None:
    upcoming = rules.next_due(play.state)
    if how == 23:
        play.wait(play.at + 400 * DAY)
    elif how < 16 and upcoming is not None and upcoming < play.at + 30 * DAY:
        play.wait(upcoming if how % 2 else upcoming - TICK)
    else:
        play.wait(play.at + (HOUR, 7 * HOUR)[how % 2])


def _together(play: Play, move: Together) -> Receipt | None:
    last = None
    parties = sorted({seat.partition("/")[0] for seat in play.seats})
    for party in parties[move.without :]:
        play.at += TICK
        play.depositary.tick()
        for seat in (seat for seat in play.seats if seat.startswith(f"{party}/")):
            same = [option for option in play.options(seat) if type(option.body).__name__ == move.name]
            if same:
                last = play.choose(seat, same[move.which % len(same)])
                break
    return last


def _amends(play: Play, day: int) -> Receipt | FoedusError | None:
    """Heads sign in turn; whoever may not is refused, which is as well."""
    compact = play.clauses.compact
    data = canonical(replace(compact, dated=date(2031, 1, day)))
    digest = hashlib.sha256(data).hexdigest()
    outsider = next((party.id for party in compact.parties if play.state.parties.tier(party.id) is None), None)
    tier = next(group.id for group in compact.groups if group.tier)
    last: Receipt | FoedusError | None = None
    for seat in play.seats:
        body: Body = AmendCompact(digest)
        if day % 2 and outsider is not None:
            body = Accede(outsider, tier, play.clauses.digest)
        try:
            last = play.depositary.perform(play.envelope(play.statement(seat, body)), [(b"", data)])
        except (Refused, Malformed) as refusal:
            last = refusal
    return last


def _offered(play: Play, move: Offered) -> Receipt | None:
    play.depositary.tick()  # what is due comes first, also when options are asked for
    seat = play.seats[move.seat % len(play.seats)]
    found = play.options(seat)
    if not found:
        return None
    kinds = sorted({type(option.body).__name__ for option in found})
    kind = kinds[move.kind % len(kinds)]
    same = [option for option in found if type(option.body).__name__ == kind]
    return play.choose(seat, same[move.which % len(same)])


# --- deadlines ----------------------------------------------------------------------------------------------

deadlines: SearchStrategy[list[Deadline]] = st.lists(
    st.builds(
        Deadline,
        st.integers(0, 50).map(lambda hours: START + hours * HOUR),
        st.text("ab/", min_size=1, max_size=3),
    ),
    max_size=40,
)
