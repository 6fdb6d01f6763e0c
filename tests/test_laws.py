"""Laws of the core, over random plays of acts.

FOEDUS_HYPOTHESIS=deep plays a hundred times as many, new ones each time.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus import cache, rules
from foedus.acts import Act, decode_entry, decode_statement, encode_entry
from foedus.admission import admit, prepare
from foedus.depositary import Receipt
from foedus.errors import FoedusError
from foedus.history import Agenda, Deadline, Place, as_of, in_order, merged, noted, rest, until
from foedus.parties.state import standing_deadline as party_deadline_stands
from foedus.record.tiles import MAX_ENTRY_BYTES
from foedus.replay import checked_and_added
from foedus.response.state import standing_deadline as deadline_stands
from foedus.sanctions.state import standing_deadline as sanctions_deadline_stands
from foedus.state import State, add, evolve
from foedus.verify import verify_record
from tests.plays import DAY, HOUR, START, TICK, Play, staged
from tests.strategies import Amends, Odd, Offered, Together, Waits, deadlines, examples, moved, moves

ROOT = Path(__file__).parents[1]
BEGINNINGS = [
    *(("mare-2030", stage) for stage in ("opened", "signed", "activated", "met", "asked", "decided", "eased")),
    *(("kyiv-2022", stage) for stage in ("opened", "activated", "asked", "decided", "eased")),
    ("vienna-2011", "consulted"),
    ("exercise", "opened"),
]


@contextmanager
def played(name: str, stage: str) -> Iterator[Play]:
    """A record played up to the stage, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="foedus-law-") as folder:
        play = staged(name, stage, Path(folder) / "record")
        yield play
        play.depositary.store.close()


def entries(play: Play) -> list[bytes]:
    return list(play.depositary.store.entries(0))


# --- every move ---------------------------------------------------------------------------------------------


def make(play: Play, move) -> None:
    """Make a move. What was offered is accepted; what is refused changes nothing."""
    play.depositary.tick()
    before, known = play.state, rules.next_due(play.state)
    outcome = moved(play, move)
    if isinstance(move, Odd) and isinstance(outcome, FoedusError) and (known is None or known > play.at):
        assert play.state is before
        assert play.depositary.store.size() == before.size
    if isinstance(outcome, Receipt) and isinstance(move, Odd | Offered):
        assert play.state.size == outcome.entry + 1
        assert outcome.at == play.state.at == play.at


# --- after a play -------------------------------------------------------------------------------------------


def replay_equals_live_state(play: Play) -> None:
    state = State()
    for data in entries(play):
        state = checked_and_added(state, data)
    assert state == play.state


def entries_are_their_own_encoding(play: Play) -> None:
    for data in entries(play):
        assert encode_entry(decode_entry(data)) == data


def the_cache_gives_back_the_state(play: Play) -> None:
    root_of = play.depositary.record.root
    kept = cache.kept(play.state, root_of())
    restored = cache.restore(kept, root_of)
    assert restored == play.state
    assert restored is not None
    far = play.at + 5000 * DAY
    assert rules.due(play.clauses, restored, far) == rules.due(play.clauses, play.state, far)
    assert cache.restore(cache.kept(restored, root_of()), root_of) == play.state


def what_is_offered_is_accepted(play: Play) -> None:
    """For every seat, signed and admitted as if it were sent; nothing of it is recorded."""
    play.depositary.tick()
    clauses, state = play.clauses, play.state
    for seat in play.seats[:: max(1, len(play.seats) // 8)]:
        for option in play.options(seat):
            body, also, files = play.offer(option, seat)
            assert len(also) + 1 == option.signatures
            act = prepare(state, play.envelope(play.statement(seat, body, files), *also))
            events, after = rules.enact(clauses, state, admit(state, act, play.at), play.at)
            assert events
            assert after.size == state.size + 1
            assert clauses.provision(option.provision) is not None


def what_is_due_is_allowed_and_then_no_longer_due(play: Play) -> None:
    state = play.state
    for number in range(60):
        moment = rules.next_due(state)
        if moment is None or moment.year > 9000:
            return
        clauses = rules.in_force(play.depositary.compact_by_digest(state.parties.compact), state)
        assert rules.due(clauses, state, moment - TICK) == ()
        body = rules.due(clauses, state, moment)[0]
        assert body.due_at == moment
        statement = play.statement(play.seats[0], body)
        act = Act(f"{number:032x}", "depositary", "", "depositary", ("depositary",), body, statement)
        events, state = rules.enact(clauses, state, act, moment)
        assert events
        assert body not in rules.due(clauses, state, moment + 5000 * DAY)


def time_never_decreases(play: Play) -> None:
    """Neither the time of receipt, nor that at which things came true; which is never later than the former."""
    told = [decode_entry(data) for data in entries(play)]
    assert all(one.at <= other.at for one, other in pairwise(told))
    came_true = [entry.true_at or entry.at for entry in told]
    assert all(one <= other for one, other in pairwise(came_true))
    assert all(one <= entry.at for one, entry in zip(came_true, told, strict=True))


def every_act_is_there_once(play: Play) -> None:
    ids = [decode_statement(decode_entry(data).act.payload).id for data in entries(play)]
    assert len(set(ids)) == len(ids) == play.state.size
    assert play.state.seen.ids() == bytes.fromhex("".join(ids))
    assert [play.state.seen.get(bytes.fromhex(id_)) for id_ in ids] == list(range(len(ids)))


def no_entry_is_too_long(play: Play) -> None:
    assert max(map(len, entries(play))) <= MAX_ENTRY_BYTES


def the_first_deadline_stands(play: Play) -> None:
    """So that a clock that waits for the first deadline waits for one that will be recorded."""
    agenda = play.state.response.agenda
    assert agenda is None or deadline_stands(play.state.response, agenda.first)
    agenda = play.state.sanctions.agenda
    assert agenda is None or sanctions_deadline_stands(play.state.sanctions, agenda.first)
    agenda = play.state.parties.agenda
    assert agenda is None or party_deadline_stands(play.state.parties, agenda.first)


SANCTIONS = ("listings", "schedules", "regimes", "conditions", "easings", "snapbacks")


def the_past_is_what_was_known_then(play: Play) -> None:
    """At any past moment each subject is what it was in the state of that moment."""
    states: dict = {}
    state = State()
    for data in entries(play):
        entry = decode_entry(data)
        state = add(state, entry, decode_statement(entry.act.payload).id)
        states[entry.at] = state
    now = play.state
    for moment in list(states)[:: max(1, len(states) // 12)]:
        then = states[moment]
        for name in ("incidents", "responses", "measures", "ballots"):
            compare(getattr(now.response, name), getattr(then.response, name), moment)
        for name in ("standings", "seats", "signatures", "memberships", "communications"):
            compare(getattr(now.parties, name), getattr(then.parties, name), moment)
        for name in SANCTIONS:
            compare(getattr(now.sanctions, name), getattr(then.sanctions, name), moment)
        compare(now.commitments.obligations, then.commitments.obligations, moment)


def compare(now, then, at, known=None) -> None:
    for key, subject in now.items():
        assert as_of(subject, at, known or at) == then.get(key)
    assert set(then) <= set(now)


def the_past_may_be_asked_for_with_later_knowledge(play: Play) -> None:
    """At a moment, as it was known at a later one: what the entries known by then say was true by that moment."""
    told = [decode_entry(data) for data in entries(play)]
    moments = sorted({moment for entry in told for moment in (entry.at, entry.true_at) if moment})
    for number, at in enumerate(moments[:: max(1, len(moments) // 8)]):
        later = [moment for moment in moments if moment >= at]
        known = later[(number * 7) % len(later)]
        state = State()
        for place, entry in enumerate(told):
            stands = Place(entry.true_at or entry.at, entry.at, place)
            for event in entry.events if stands.seen(at, known) else ():
                state = evolve(state, event, stands)
        for name in ("incidents", "responses", "measures", "ballots"):
            compare(getattr(play.state.response, name), getattr(state.response, name), at, known)
        compare(play.state.parties.standings, state.parties.standings, at, known)
        for name in SANCTIONS:
            compare(getattr(play.state.sanctions, name), getattr(state.sanctions, name), at, known)
        compare(play.state.commitments.obligations, state.commitments.obligations, at, known)


def erasing_attachments_changes_nothing(play: Play) -> None:
    """No blob that an act names is read to add up the state, and verify says what it said."""
    store = play.depositary.store
    compacts = {one.value for one in play.state.parties.compacts}
    named = [digest for digest in store.blobs() if digest not in compacts]
    for digest in named:
        assert store.erase_blob(digest)
    replay_equals_live_state(play)
    assert verify_record(play.address, rules=False).size == play.state.size


LAWS = (
    replay_equals_live_state,
    entries_are_their_own_encoding,
    the_cache_gives_back_the_state,
    what_is_offered_is_accepted,
    what_is_due_is_allowed_and_then_no_longer_due,
    time_never_decreases,
    every_act_is_there_once,
    no_entry_is_too_long,
    the_first_deadline_stands,
    the_past_is_what_was_known_then,
    the_past_may_be_asked_for_with_later_knowledge,
    erasing_attachments_changes_nothing,
)


@pytest.mark.parametrize(("name", "stage"), BEGINNINGS)
@examples(8)
@given(moves)
def test_the_laws_hold_after_every_play(name, stage, moves):
    with played(name, stage) as play:
        for move in moves:
            make(play, move)
        for law in LAWS:
            law(play)


@pytest.mark.parametrize("name", ["mare-2030", "kyiv-2022"])
def test_what_a_play_gives_does_not_depend_on_the_order_of_hashes(name):
    """The same acts in processes whose sets and maps are in other orders: the same bytes, the same state."""
    said = {
        subprocess.run(
            [sys.executable, __file__, name],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(said) == 1
    assert len(said.pop().split()) == 2


def fixed_play(name: str) -> str:
    """Digests of the entries of a play and of what each seat is offered at its end."""
    with played(name, "decided") as play:
        for move in (
            Together("AdoptReading", 3, 0),
            Offered(5, 2, 1),
            Amends(2),
            Waits(1),
            Together("GiveNotice", 0, 1),
        ):
            moved(play, move)
        told = hashlib.sha256(b"".join(entries(play))).hexdigest()
        offers = str([(seat, play.options(seat)) for seat in play.seats])
        return f"{told} {hashlib.sha256(offers.encode()).hexdigest()}"


# --- agendas ------------------------------------------------------------------------------------------------

FAR = START + 5000 * DAY


def agenda_of(items: list[Deadline]) -> Agenda | None:
    agenda: Agenda | None = None
    for item in items:
        agenda = noted(agenda, item)
    return agenda


@examples(60)
@given(deadlines)
def test_an_agenda_gives_its_deadlines_in_order_of_time(items):
    agenda = agenda_of(items)
    assert list(until(agenda, FAR)) == sorted(items)
    assert in_order(sorted(items)) == agenda
    taken = []
    while agenda is not None:
        taken.append(agenda.first)
        agenda = rest(agenda)
    assert taken == sorted(items)


@examples(60)
@given(deadlines, deadlines)
def test_agendas_merge_into_one_and_stay_as_they_were(some, others):
    one, other = agenda_of(some), agenda_of(others)
    assert list(until(merged(one, other), FAR)) == sorted(some + others)
    assert list(until(one, FAR)) == sorted(some)
    assert merged(one, None) is one
    assert merged(None, other) is other


@examples(60)
@given(deadlines, st.integers(0, 50))
def test_what_is_due_by_a_moment_is_what_is_not_later(items, hours):
    moment = START + hours * HOUR
    assert list(until(agenda_of(items), moment)) == sorted(one for one in items if one.due_at <= moment)


def test_an_agenda_of_many_deadlines_is_not_deep():
    """Its depth is bounded by the logarithm where it is walked by recursion."""
    many = [Deadline(START + number * TICK, str(number)) for number in range(20_000)]
    ascending, descending = agenda_of(many), agenda_of(many[::-1])
    assert ascending == descending
    assert ascending is not None
    assert ascending.rank <= 16


if __name__ == "__main__":
    print(fixed_play(sys.argv[1]))
