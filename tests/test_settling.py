"""What witnesses settled: by the letter of the clause, by the keys in force at the place, never less than before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from foedus.compact.clauses import Clauses
from foedus.compact.model import Witnessing
from foedus.errors import Malformed, Refused
from foedus.logs import name_of
from foedus.parties import acts as parties
from foedus.parties.witnesses import Witness, counted, enough
from foedus.record.checkpoint import cosign
from foedus.record.note import Note, format_note, parse_note
from foedus.settling import RECENT, Settling
from tests.plays import TICK, Play, clauses_of, compact_of, staged
from tests.scenario_compacts import without

PARTIES = ("XHA", "XOR", "XTA", "XBR", "XLI", "XCO", "XNU")
OUTSIDE = {"XHA", "XCO", "XNU"}  # the keepers run the server of the Mare compact


def clause(at_least: int, outside: int) -> Witnessing:
    return Witnessing(role="lookout", at_least=at_least, operator="keepers", outside_at_least=outside)


# --- the policy -------------------------------------------------------------------------------------------------------


@given(
    st.sets(st.tuples(st.sampled_from(PARTIES), st.integers(0, 2))),
    st.integers(1, 7),
    st.integers(0, 7),
)
def test_the_policy_is_what_counting_by_hand_gives(signed: set[tuple[str, int]], at_least: int, outside: int) -> None:
    """Brute force: some choice of so many different parties among those who signed, so many of them outside."""
    names = {party for party, _ in signed}
    by_hand = any(
        sum(party in OUTSIDE for party in chosen) >= outside
        for size in range(at_least, len(names) + 1)
        for chosen in combinations(sorted(names), size)
    )
    witnesses = {Witness(f"{party}/{n}", party, "00", party in OUTSIDE) for party, n in signed}
    assert enough(clause(at_least, outside), witnesses) == by_hand


def test_who_runs_the_server_is_no_outsider(play: Play) -> None:
    found = counted(play.clauses, play.state.parties, play.state.size)
    assert {one.party for one in found} == set(PARTIES)
    assert {one.party for one in found if one.outside} == OUTSIDE


# --- keys by place in the record --------------------------------------------------------------------------------------


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    played = staged("mare-2030", "signed", tmp_path / "record")
    yield played
    played.close()


def keys_at(play: Play, size: int) -> dict[str, str]:
    return {one.seat: one.key for one in counted(play.clauses, play.state.parties, size)}


def test_a_key_counts_from_the_entry_that_enrolled_it_to_the_one_that_revoked_it(play: Play) -> None:
    seat, chancellor = "XHA/lookout", "XHA/chancellor"
    enrolled = play.state.parties.seats[seat].holdings[-1].place.entry
    first = play.state.parties.seats[seat].holdings[-1].key
    play.at += TICK
    replaced = play.do(chancellor, parties.EnrolSeat("XHA", "lookout", play.key("second"))).entry
    second = play.state.parties.seats[seat].holdings[-1].key
    play.at += TICK
    revoked = play.do(chancellor, parties.RevokeSeat(seat)).entry
    for size in range(1, play.state.size + 1):
        expected = None if size <= enrolled else first if size <= replaced else second if size <= revoked else None
        assert keys_at(play, size).get(seat) == expected, size


def test_another_role_is_no_witness(play: Play) -> None:
    assert all(seat.endswith("/lookout") for seat in keys_at(play, play.state.size))


# --- what is settled --------------------------------------------------------------------------------------------------


def note_by(play: Play, *who: str) -> bytes:
    """The newest checkpoint with the cosignatures of these parties alone."""
    text = parse_note(play.depositary.checkpoint()).text
    record = play.state.parties.record
    assert record is not None
    lines = [
        cosign(text, name_of(record.origin, f"{one}/lookout"), play.seeds[f"{one}/lookout"], play.at) for one in who
    ]
    return format_note(Note(text, tuple(lines)))


def grow(play: Play) -> int:
    """One more entry."""
    play.at += TICK
    return play.do("XOR/chancellor", parties.EnrolSeat("XOR", "watch", play.key("watch"))).entry + 1


def test_settled_never_decreases_whatever_is_cosigned_in_whatever_order(play: Play) -> None:
    settling = Settling(play.depositary)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from(PARTIES), min_size=1)), min_size=1, max_size=6))
    def law(steps: list[tuple[bool, set[str]]]) -> None:
        for grows, who in steps:
            before = settling.settled()
            size = grow(play) if grows else play.state.size
            _, found = settling.accept(note_by(play, *sorted(who)))
            assert found.settles == (len({one.party for one in found.cosigned if one.outside}) >= 2)
            after = settling.settled()
            assert after == (size if found.settles else before)
            # Another process, which has seen nothing before, finds the same.
            assert Settling(play.depositary).settled() == after

    law()


def test_a_witness_revoked_later_still_settles_what_it_cosigned(play: Play) -> None:
    settling = Settling(play.depositary)
    settling.accept(note_by(play, "XHA", "XCO"))
    size = play.state.size
    play.at += TICK
    play.do("XHA/chancellor", parties.RevokeSeat("XHA/lookout"))
    assert settling.settled() == Settling(play.depositary).settled() == size
    with pytest.raises(Refused, match="no line of this note"):
        settling.accept(note_by(play, "XHA"))
    stands = settling.stands()
    assert stands is not None
    assert "XHA/lookout" not in settling.read(play.state.size, play.depositary.checkpoint()).witnesses  # type: ignore[union-attr]  # the compact names witnesses


def test_who_cosigned_last_and_when(play: Play) -> None:
    settling = Settling(play.depositary)
    settling.accept(note_by(play, "XHA", "XCO"))
    first, at = play.state.size, play.at.replace(microsecond=0)
    grow(play)
    settling.accept(note_by(play, "XHA"))
    stands = settling.stands()
    assert stands is not None
    assert (stands.size, stands.newest.size, stands.newest.settles) == (first, first + 1, False)
    assert stands.last["XCO/lookout"] == (first, at)
    assert stands.last["XHA/lookout"][0] == first + 1
    assert stands.last["XNU/lookout"] == (0, None)


def test_cosignatures_of_old_checkpoints_are_not_kept(play: Play) -> None:
    """The note of a size stays open for its last witnesses, and not for ever."""
    settling = Settling(play.depositary)
    old = note_by(play, "XHA")
    for _ in range(RECENT):
        grow(play)
        play.depositary.checkpoint()
    with pytest.raises(Malformed, match="newest checkpoints"):
        settling.accept(old)


def test_a_settled_size_is_found_however_many_checkpoints_came_after(play: Play) -> None:
    settling = Settling(play.depositary)
    settling.accept(note_by(play, "XHA", "XCO"))
    size = play.state.size
    for _ in range(2 * RECENT + 1):
        grow(play)
        play.depositary.checkpoint()
    assert Settling(play.depositary).settled() == size == settling.settled()


@pytest.mark.parametrize(("name", "provision"), [("mare-2030", "F.log"), ("kyiv-2022", "P14.witnesses")])
def test_a_compact_without_the_clause_settles_nothing(name: str, provision: str, tmp_path: Path) -> None:
    assert Clauses.of(compact_of(name)).one(Witnessing)
    assert clauses_of(name).one(Witnessing)
    silent = Clauses.of(without(name, provision))
    assert silent.one(Witnessing) is None
    play = staged(name, "signed", tmp_path / "record")
    assert counted(silent, play.state.parties, play.state.size) == ()
    settling = Settling(play.depositary)
    play.depositary.checkpoint()
    play.depositary.compacts.known[play.clauses.digest] = silent
    assert settling.stands() is None
    assert settling.settled() == 0
    play.close()


def test_the_clause_in_force_at_a_size_decides(play: Play) -> None:
    """An amendment asks for more witnesses from its own place on, and unsettles nothing before it."""
    settling = Settling(play.depositary)
    settling.accept(note_by(play, "XHA", "XCO"))
    before = play.state.size
    amended = compact_of("mare-2030")
    stricter = [
        replace(part, provisions=tuple(
            replace(one, operates=(replace(one.operates[0], at_least=7),)) if one.id == "F.log" else one
            for one in part.provisions
        ))
        for part in amended.parts
    ]  # fmt: skip
    text = Clauses(replace(amended, parts=tuple(stricter)))
    compacts = play.state.parties.compacts
    later = replace(compacts[0], value=text.digest, place=replace(compacts[0].place, entry=before))
    play.depositary.compacts.known[text.digest] = text
    grow(play)
    play.depositary._state = replace(play.state, parties=replace(play.state.parties, compacts=(*compacts, later)))
    _, found = settling.accept(note_by(play, "XHA", "XCO"))
    assert (found.at_least, found.settles) == (7, False)
    assert settling.settled() == before
