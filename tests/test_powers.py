"""What a seat may do is one table, and the record keeps to it: every act by every office of every kind of party, under
every marking, by every compact that comes with Foedus and one that does not.

What the table denies is refused because this seat may not; what it permits is never refused for that reason.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec import inspect, structs
from msgspec.structs import replace

from foedus import rules
from foedus.acts import ACT_NAMES, EFFECTS, LEVELS, Attachment, Body, Marking, Statement, encode_statement
from foedus.admission import Prepared, admit
from foedus.compact.clauses import Clauses
from foedus.compact.loader import bundled
from foedus.compact.model import By, Permit
from foedus.errors import Refused
from foedus.parties import powers
from foedus.parties.acts import Level
from foedus.parties.powers import Marks, Power
from foedus.record.envelope import EXERCISE_ACT_TYPE, Envelope, Signature
from foedus.response.acts import Evidence
from foedus.state import State
from tests.plays import HOUR, Play, compact_of, staged

STAGES = {"kyiv-2022": "asked", "vienna-2011": "consulted", "mare-2030": "asked"}
# Where a seat is refused for what it is, not for what it says: the file, and what there refuses.
BY_AUTHORITY = {
    ("authority.py", "permission"), ("admission.py", "_marked"), ("admission.py", "admit"), ("seats.py", "open_record"),
    ("lapses.py", "record"), ("instruments.py", "expiry"), ("rules.py", "record"),
}  # fmt: skip
EVERY = ("unclassified", "restricted")  # in a record whose ceiling this is


@pytest.fixture(scope="module", params=STAGES)
def play(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A record of each compact in which most that can be spoken of is there."""
    found = staged(request.param, STAGES[request.param], tmp_path_factory.mktemp("powers") / "record")
    yield found
    found.close()


def test_every_bundled_compact_is_asked() -> None:
    """Designs are there to be compared: of what nobody can report under them, nobody can speak."""
    kept = {name for name, folder in bundled().items() if folder.parent.name != "designs"}
    assert kept < set(STAGES)


def body_of(play: Play, act: str, party: str) -> Body:
    """An act of this kind that a party could state here, true to nothing: who may say it is asked first."""
    compact, at = play.clauses.compact, play.at
    kind: type[Any] = next(kind for kind in get_args(Body) if kind.__name__ == act)
    values: dict[str, Any] = {
        "origin": "play.example", "exercise": True, "ceiling": "restricted", "depositary_key": "a" * 64, "heads": (),
        "compact": "b" * 64, "party": party, "role": compact.roles[0].id, "key": "c" * 64, "text": "d" * 64,
        "seat": f"{party}/{compact.roles[0].id}", "instrument": compact.id, "status": "ratified", "applicant": party,
        "tier": next(iter(sorted(play.clauses.tiers))), "provision": "P", "organisation": "O", "on": at.date(),
        "measure": "R-1/M-1", "sender": party, "deadline": "R-1/step/decide", "due_at": at, "territory": "T",
        "occurred_from": at, "incident": "I-1", "into": "I-2", "figures": (), "response": "R-1",
        "evidence": (Evidence("e" * 64, f"{party}/x", at, "other"),), "head": compact.roles[0].id, "stance": "joins",
        "ballot": "R-1/B-1", "choice": "yes", "until": at.date() if act == "RenewTerm" else at,
        "kind": "statement" if act == "DepositCommunication" else "armed_attack",
    }  # fmt: skip
    if act == "UndertakeObligation":
        values["kind"] = "mixed"
    made: Body = kind(
        **{
            field.name: values[field.name] if field.name in values else anything(field.type, at)
            for field in structs.fields(kind)
            if field.required
        }
    )
    return made


def anything(kind: Any, at: datetime) -> Any:
    """A value of this type, as plain as its bounds allow."""
    return msgspec.convert(_plain(inspect.type_info(kind), at), kind)


def _plain(kind: inspect.Type, at: datetime) -> Any:
    if isinstance(kind, inspect.StrType):
        return next(
            text
            for text in ("X", "a" * 64, "x-list:1", "EUR", "1", "AS-1", "CB-1", "CD-1", "DS-1")
            if kind.pattern is None or re.search(kind.pattern, text)
        )
    if isinstance(kind, inspect.IntType):
        return kind.ge or 0
    if isinstance(kind, inspect.DateTimeType):
        return at
    if isinstance(kind, inspect.DateType):
        return at.date()
    if isinstance(kind, inspect.BoolType):
        return True
    if isinstance(kind, inspect.LiteralType):
        return kind.values[0]
    if isinstance(kind, inspect.VarTupleType):
        return tuple(_plain(kind.item_type, at) for _ in range(kind.min_length or 0))
    if isinstance(kind, inspect.UnionType):
        return _plain(kind.types[0], at)
    assert isinstance(kind, inspect.StructType), f"no plain value is known of {kind}"
    tag = {kind.tag_field: kind.tag} if kind.tag_field else {}
    return tag | {field.encode_name: _plain(field.type, at) for field in kind.fields if field.required}


def unsigned(play: Play, party: str) -> State:
    """The state in which the party never signed."""
    state, known = play.state, play.state.parties
    key = f"{party} {play.clauses.compact.id}"
    parties = replace(known, tiers=known.tiers.discard(party), standings=known.standings.discard(key))
    called = {
        id_: replace(one, roll=tuple(other for other in one.roll if other != party))
        for id_, one in state.response.responses.items()
    }
    return replace(state, parties=parties, response=replace(state.response, responses=_map(state, called)))


def _map(state: State, called: dict[str, Any]) -> Any:
    responses = state.response.responses
    for id_, one in called.items():
        responses = responses.insert(id_, one)
    return responses


def seats(play: Play) -> Iterator[tuple[str, str, State]]:
    """A party of each kind: the group by which the table knows it, the party, and the state in which it is so."""
    clauses = play.clauses
    yield "protected", clauses.compact.protected, play.state
    for tier in sorted(clauses.tiers):
        there = [party for party in sorted(play.state.parties.tiers) if play.state.parties.tier(party) == tier]
        party = next(party for party in there if party != clauses.compact.protected)
        yield tier, party, play.state
        yield "named", party, unsigned(play, party)


def refused(
    play: Play, state: State, seat: str, body: Body, marking: Marking, also: tuple[str, ...] = (), on: str = "act"
) -> Refused | None:
    """What admission and the rules answer to the act, received in seven hours. `on`: what is marked so."""
    at = play.at + 7 * HOUR
    act = type(body).__name__
    record = state.parties.record
    assert record is not None
    attached = (Attachment("e" * 64, 1, "text", marking),) if on == "attachment" else ()
    statement = Statement(
        record.origin, "9" * 32, seat, at, state.parties.compact, EFFECTS[act], body, attachments=attached,
        marking=marking if on == "act" else Marking(),
    )  # fmt: skip
    key_of = {name: key for key, name in state.parties.seat_of_key.items()}
    signers = [key_of[name] for name in (seat, *also)]
    # Whether signatures fit their bytes is another question: they are taken to.
    fits = {key: bytes.fromhex(state.parties.seats[state.parties.seat_of_key[key]].holdings[-1].key) for key in signers}
    signatures = tuple(Signature(key, bytes(64)) for key in signers)
    envelope = Envelope(encode_statement(statement), EXERCISE_ACT_TYPE, signatures)
    try:
        rules.decide(play.clauses, state, admit(state, Prepared(envelope, statement, fits), at), at)
    except Refused as refusal:
        return refusal
    return None


def by_authority(refusal: Refused | None) -> bool:
    """Whether the refusal is of the seat, and not of what it says."""
    if refusal is None:
        return False
    frame = traceback.extract_tb(refusal.__traceback__)[-1]
    return (Path(frame.filename).name, frame.name) in BY_AUTHORITY


def others(play: Play, seat: str, power: Power) -> tuple[str, ...]:
    """Further seats of the party, as many as must sign with it."""
    party = seat.partition("/")[0]
    return tuple(name for name in play.seats if name.startswith(f"{party}/") and name != seat)[: power.signatures - 1]


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_the_record_keeps_to_the_table(play: Play, level: Level) -> None:
    marks = Marks(level, "restricted")
    seen: set[bool] = set()
    for _group, party, state in seats(play):
        side = powers.side_of(play.clauses, state, party)
        for role in play.clauses.compact.roles:
            seat = f"{party}/{role.id}"
            for act in ACT_NAMES:
                power = powers.power(play.clauses, act, role.id, side, marks)
                body, also = body_of(play, act, party), others(play, seat, power)
                for on in ("act", "attachment"):
                    refusal = refused(play, state, seat, body, Marking(level), also, on)
                    said = (seat, act, level, power, refusal)
                    assert by_authority(refusal) is not power.may, said
                    assert power.may or (refusal is not None and refusal.clause == power.rule), said
                seen.add(power.may)
    assert seen == ({True, False} if level in EVERY else {False})


@pytest.mark.slow
def test_too_few_signatures_and_other_scopes_are_refused_as_the_table_says(play: Play) -> None:
    marks = Marks("unclassified", "restricted")
    for _group, party, state in seats(play):
        side = powers.side_of(play.clauses, state, party)
        for role in play.clauses.compact.roles:
            seat = f"{party}/{role.id}"
            held = state.parties.seats[seat]
            narrow = replace(held, holdings=(replace(held.holdings[-1], scope=("SignText", "Acknowledge")),))
            scoped = replace(state, parties=replace(state.parties, seats=state.parties.seats.insert(seat, narrow)))
            for act in ACT_NAMES:
                body = body_of(play, act, party)
                power = powers.power(play.clauses, act, role.id, side, marks, narrow.scope)
                refusal = refused(play, scoped, seat, body, Marking(), others(play, seat, power))
                assert by_authority(refusal) is not power.may, (seat, act, power, refusal)
                assert power.may or (refusal is not None and refusal.clause == power.rule), (seat, act, refusal)
                free = powers.power(play.clauses, act, role.id, side, marks)
                if free.signatures > 1:
                    assert by_authority(refused(play, state, seat, body, Marking())), (seat, act)


def test_what_a_group_may_do_is_what_its_parties_may(play: Play) -> None:
    marks = Marks("unclassified", "restricted")
    for group, party, state in seats(play):
        side = powers.side_of(play.clauses, state, party)
        for role in play.clauses.compact.roles:
            for act in ACT_NAMES:
                one = powers.power(play.clauses, act, role.id, side, marks)
                all_ = powers.power_in_group(play.clauses, act, role.id, group, marks)
                listed = (side.groups | side.listed) & set(all_.only)
                assert one.may is (all_.may and (not all_.only or bool(listed))), (
                    group,
                    party,
                    role.id,
                    act,
                    one,
                    all_,
                )
                assert not one.may or replace(all_, only=()) == one


def test_a_group_of_which_only_some_may_is_said_to_be_so() -> None:
    """A permit for a group that is no tier."""
    compact = compact_of("mare-2030")
    first = compact.parts[0]
    permit = Permit(act="Activate", by=(By(group="islands", roles=("watch",)),))
    provision = replace(first.provisions[0], operates=(*first.provisions[0].operates, permit))
    changed = replace(first, provisions=(provision, *first.provisions[1:]))
    clauses = Clauses(replace(compact, parts=(changed, *compact.parts[1:])))
    found = powers.power_in_group(clauses, "Activate", "watch", "keepers", Marks("unclassified", "secret"))
    assert (found.may, found.rule, found.only) == (True, provision.id, ("islands",))
