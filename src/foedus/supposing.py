"""What if: the state of a record forked at a time, acts supposed in it, time passed on, and what is different then.

The very rules that run decide, but no signature is asked for and nothing is recorded: a supposition has no key and no
place. It says what the compact would make of it, not what anybody would do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from foedus import rules
from foedus.acts import (
    EFFECTS,
    PLACEHOLDER,
    Act,
    Attachment,
    Body,
    ClockAct,
    Event,
    Statement,
    decode_entry,
    decode_statement,
)
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.depositary import Depositary
from foedus.errors import FoedusError, Malformed, Refused
from foedus.history import Deadline, until
from foedus.response.acts import Evidence, ReportIncident
from foedus.signing import decode_body
from foedus.state import State, add
from foedus.yaml_file import read_yaml

DEPOSITARY = rules.DEPOSITARY
MOST_ACTS = 500


class Supposed(Struct, frozen=True, forbid_unknown_fields=True):
    """What a seat would do so long after the fork. `also`: who signs with it; `evidence`: how many items go along."""

    seat: str
    body: dict[str, Any]
    at: Annotated[str, Meta(pattern=r"^(PT0S|P[0-9YDTHMS]+)\Z")] = "PT0S"
    also: tuple[str, ...] = ()
    evidence: Annotated[int, Meta(ge=0, le=20)] = 0


class Step(Struct, frozen=True):
    """One supposed act, or a time that ran out (`seat` the depositary): what became true, or what forbids."""

    at: datetime
    seat: str
    body: Body
    events: tuple[Event, ...] = ()
    refused: Refused | None = None


class Difference(Struct, frozen=True):
    """`steps`: in order of time. `now`, `then`: the state at the fork, and with what was supposed. `due`,
    `owed`: deadlines and obligations that stand only then. `returned`: snapbacks only then.
    """

    now: State
    then: State
    steps: tuple[Step, ...]
    due: tuple[Deadline, ...]
    owed: tuple[str, ...]
    returned: tuple[str, ...]


def state_at(depositary: Depositary, at: datetime) -> State:
    """The state of the entries received by then."""
    state = State()
    for data in depositary.store.entries(0, depositary.state.size):
        entry = decode_entry(data)
        if entry.at > at:
            break
        state = add(state, entry, decode_statement(entry.act.payload).id)
    return state


def read_suppositions(path: Path) -> tuple[Supposed, ...]:
    """A YAML list of supposed acts. Raises Malformed."""
    found = read_yaml(path, tuple[Supposed, ...])
    if not 0 < len(found) <= MOST_ACTS:
        raise Malformed("{path}: {found} acts; 1 to {most} expected", path=path, found=len(found), most=MOST_ACTS)
    for one in found:
        decode_body(msgspec.json.encode(one.body))
    return found


def suppose(clauses: Clauses, state: State, at: datetime, supposed: Sequence[Supposed], last: datetime) -> Difference:
    """Fork the state at `at`, do what is supposed, and let time pass until `last`. Records nothing."""
    world = _World(clauses, state, at)
    timed = [(_after(at, one.at), number, one) for number, one in enumerate(supposed)]
    for when, _, one in sorted(timed, key=lambda item: item[:2]):
        world.pass_until(when)
        world.do(one, when)
    world.pass_until(last)
    return Difference(
        state, world.state, tuple(world.steps), tuple(_new_deadlines(state, world.state)),
        tuple(_new_obligations(state, world.state)), tuple(_new_snapbacks(state, world.state)),
    )  # fmt: skip


class _World:
    """The fork."""

    def __init__(self, clauses: Clauses, state: State, at: datetime) -> None:
        self.clauses, self.state, self.at = clauses, state, at
        self.steps: list[Step] = []

    def pass_until(self, last: datetime) -> None:
        """Let everything that is due by then lapse, in order of time."""
        while found := [one for one in rules.due(self.clauses, self.state, last) if rules.stands(self.state, one)]:
            self._lapse(found[0])
        self.at = max(self.at, last)

    def _lapse(self, body: ClockAct) -> None:
        true_at = rules.came_true(self.state, body)
        self.at = max(self.at, true_at)
        act = self._act(DEPOSITARY, body, (DEPOSITARY,), 0)
        events, self.state = rules.enact(self.clauses, self.state, act, self.at, true_at)
        self.steps.append(Step(true_at, DEPOSITARY, body, events))

    def do(self, one: Supposed, when: datetime) -> None:
        """Perform one supposed act, or note the clause that forbids it."""
        party, _, role = one.seat.partition("/")
        roles = [known.id for known in self.clauses.compact.roles]
        if self.clauses.party(party) is None or role not in roles:
            raise Malformed(
                "{text} is no seat: a party of the compact and one of its offices expected, PARTY/OFFICE;"
                " offices: {roles}",
                text=one.seat, roles=" ".join(roles),
            )  # fmt: skip
        body = decode_body(msgspec.json.encode(one.body))
        if one.evidence and isinstance(body, ReportIncident):
            items = tuple(Evidence(_digest(n), "supposed", when, "supposed") for n in range(one.evidence))
            body = msgspec.structs.replace(body, evidence=items)
        act = self._act(one.seat, body, (one.seat, *one.also), one.evidence)
        try:
            events, self.state = rules.enact(self.clauses, self.state, act, when)
        except Refused as problem:
            self.steps.append(Step(when, one.seat, body, refused=problem))
            return
        except (FoedusError, LookupError) as problem:
            raise Malformed(
                "what {seat} would do cannot be judged: {problem}", seat=one.seat, problem=problem
            ) from None
        self.steps.append(Step(when, one.seat, body, events))

    def _act(self, seat: str, body: Body, signers: tuple[str, ...], evidence: int) -> Act:
        record = self.state.parties.record
        assert record is not None, "a fork is of an opened record"
        party, _, role = seat.partition("/")
        files = tuple(Attachment(_digest(n), 0, "evidence") for n in range(evidence)) or (
            Attachment(PLACEHOLDER, 0, "evidence"),
        )
        id_ = f"{len(self.steps) + 1:032x}"
        effect = EFFECTS[type(body).__name__]
        stated = Statement(
            record.origin,
            id_,
            seat,
            self.at.astimezone(UTC),
            self.state.parties.compact,
            effect,
            body,
            attachments=files,
        )
        return Act(id_, seat, party, role, signers, body, stated)


def _digest(number: int) -> str:
    return f"{number + 1:064x}"


def _after(at: datetime, span: str) -> datetime:
    return at if span == "PT0S" else Duration.parse(span).after(at)


def _deadlines(state: State) -> set[Deadline]:
    end = datetime.max.replace(tzinfo=UTC)
    agendas = (state.parties.agenda, state.response.agenda, state.sanctions.agenda)
    return {one for agenda in agendas for one in until(agenda, end)}


def _new_deadlines(now: State, then: State) -> Iterator[Deadline]:
    from foedus.response.state import standing_deadline

    for one in sorted(_deadlines(then) - _deadlines(now)):
        try:
            stands = standing_deadline(then.response, one)
        except (KeyError, StopIteration, ValueError):
            stands = True  # of another package: it stays on its agenda until it is met
        if stands:
            yield one


def _open(state: State) -> set[str]:
    found = state.commitments.obligations
    return {id_ for id_, one in found.items() if one.performed is None and one.released is None}


def _new_obligations(now: State, then: State) -> Iterator[str]:
    yield from sorted(_open(then) - _open(now))


def _new_snapbacks(now: State, then: State) -> Iterator[str]:
    before = {id_ for id_, one in now.sanctions.snapbacks.items() if one.returned is not None}
    yield from sorted({id_ for id_, one in then.sanctions.snapbacks.items() if one.returned is not None} - before)
