"""Who may continue a record, from what, and when: by the letter of the clause, and by signatures alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from foedus.compact.clauses import Clauses
from foedus.compact.model import Succession
from foedus.depositary import Depositary
from foedus.desk.copy import Copy
from foedus.desk.prefix import copy_first
from foedus.errors import FoedusError, Refused
from foedus.parties import acts as parties
from foedus.parties.succession import turn
from foedus.record.keys import encode_base64
from foedus.record.note import Note, format_note, parse_note
from foedus.record.store import open_store
from foedus.words import translator
from foedus.words.failures import say_error
from foedus.words.names import Names
from tests.desk.relay import NEW, TURN, body_of, copied, epoch_of, settle
from tests.desk.witnesses import more
from tests.plays import TICK, Play, compact_of, seed_of, staged
from tests.scenario_compacts import without
from tests.stores import NOON


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    played = staged("mare-2030", "reported", tmp_path / "record")
    yield played
    played.close()


def attempt(play: Play, copy: Copy, to: Path, seat: str, body: parties.ContinueRecord, seed: bytes = NEW) -> Depositary:
    """A depositary over the first entries of a copy, once this act continued them. Raises what refuses it."""
    store = open_store(to, create=True, clock=play.clock)
    if not store.size():
        newest = copy.newest()
        assert newest is not None
        copy_first(copy.store, newest[1].checkpoint.size, store)
    depositary = Depositary(store, seed, play.clock)
    depositary.resume()
    try:
        depositary.perform(play.envelope(play.statement(seat, body)))
    except FoedusError:
        store.close()
        raise
    return depositary


# --- who, and when ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_in_the_order_of_the_clause_each_party_after_its_time(play: Play, tmp_path: Path) -> None:
    settle(play)
    copy, silent = copied(tmp_path / "copy", play), play.at
    body = body_of(copy)
    for seat, waits, opens in (
        ("XOR/chancellor", TURN - TICK, False), ("XOR/chancellor", TURN, True),
        ("XHA/chancellor", 2 * TURN - TICK, False), ("XHA/chancellor", 2 * TURN, True),
    ):  # fmt: skip
        play.at = silent + waits
        to = tmp_path / f"{seat[:3]}-{opens}"
        if opens:
            depositary = attempt(play, copy, to, seat, body)
            log = f"play.example/mare-2030/from-{copy.size}/{seat[:3]}"
            assert epoch_of(depositary.state) == (log, seat[:3])
            depositary.close()
        else:
            with pytest.raises(Refused, match="may continue the record from") as refused:
                attempt(play, copy, to, seat, body)
            assert refused.value.clause == "F.relay"
            said = say_error(translator("en"), refused.value, play.depositary.clauses)
            names = Names(translator("en"), play.depositary.clauses)
            turns = translator("en").moment(play.at + TICK, seconds=True)
            assert f": {names.party(seat[:3])} may continue the record from {turns} on" in said
    copy.close()


def test_the_time_counts_from_the_last_cosignature(play: Play, tmp_path: Path) -> None:
    play.at += timedelta(minutes=30)
    settle(play)
    copy = copied(tmp_path / "copy", play)
    play.at += TURN - timedelta(seconds=1)  # a cosignature claims whole seconds
    with pytest.raises(Refused, match="was last heard of"):
        attempt(play, copy, tmp_path / "new", "XOR/chancellor", body_of(copy))
    copy.close()


@pytest.mark.parametrize("seat", ["XTA/chancellor", "XCO/chancellor", "XOR/watch", "XHA/lookout"])
def test_nobody_else_ever(play: Play, tmp_path: Path, seat: str) -> None:
    settle(play)
    copy = copied(tmp_path / "copy", play)
    play.at += timedelta(days=30)
    with pytest.raises(Refused) as refused:
        attempt(play, copy, tmp_path / "new", seat, body_of(copy))
    assert refused.value.clause == "F.relay"
    said = say_error(translator("en"), refused.value, play.depositary.clauses)
    assert "XOR" not in said
    copy.close()


@pytest.mark.parametrize(("name", "provision"), [("mare-2030", "F.relay"), ("kyiv-2022", "P14.succession")])
def test_without_its_provision_nobody_may(name: str, provision: str) -> None:
    compact = compact_of(name)
    found = Clauses.of(compact).one(Succession)
    assert found is not None
    assert found[0].id == provision
    silent, hour = Clauses.of(without(name, provision)), timedelta(hours=1)
    for party in found[1].order:
        turn(Clauses.of(compact), party, NOON, NOON + hour)
        with pytest.raises(Refused, match="no clause"):
            turn(silent, party, NOON, NOON + hour)
    assert not silent.permits("ContinueRecord")


# --- from what --------------------------------------------------------------------------------------------------------

PARTIES, OUTSIDE = ("XHA", "XOR", "XTA", "XBR", "XCO", "XNU"), {"XHA", "XCO", "XNU"}


@pytest.mark.slow
def test_only_what_enough_witnesses_cosigned(play: Play, tmp_path: Path) -> None:
    """The Mare compact settles by two outsiders: no other choice of witnesses lets anybody go on."""
    settle(play, *PARTIES)
    copy = copied(tmp_path / "copy", play)
    play.at += timedelta(hours=1)
    whole = body_of(copy)
    number = iter(range(10**6))

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sets(st.sampled_from(PARTIES)))
    def law(who: set[str]) -> None:
        note = parse_note(whole.settled.encode())
        lines = [one for one in note.signatures if one.name.rpartition("/")[0][-3:] in who]
        body = replace(whole, settled=format_note(Note(note.text, (note.signatures[0], *lines))).decode())
        to = tmp_path / f"new{next(number)}"
        if len(who & OUTSIDE) >= 2:
            attempt(play, copy, to, "XOR/chancellor", body).close()
        else:
            with pytest.raises(Refused, match="not settled") as refused:
                attempt(play, copy, to, "XOR/chancellor", body)
            assert refused.value.clause == "F.log"

    law()
    copy.close()


@pytest.mark.slow
def test_forged_and_foreign_signatures(play: Play, tmp_path: Path) -> None:
    settled = settle(play)
    more(play, 2)
    play.depositary.checkpoint()
    copy = copied(tmp_path / "copy", play)
    play.at += timedelta(hours=1)
    body = body_of(copy)
    assert settled < copy.size
    note, last = parse_note(body.settled.encode()), parse_note(body.checkpoint.encode())
    forged = note.signatures[1]._replace(signature=bytes(72))
    wrong = {
        "its own line is missing": replace(body, settled=format_note(Note(note.text, note.signatures[1:])).decode()),
        "a witness did not sign it": replace(
            body, settled=format_note(Note(note.text, (note.signatures[0], forged, note.signatures[2]))).decode()
        ),
        "another log": replace(body, settled=body.settled.replace("play.example", "else.example")),
        "no consistency proof": replace(body, proof=()),
        "another proof": replace(body, proof=tuple(encode_base64(bytes(32)) for _ in body.proof)),
        "the last one unsigned": replace(body, checkpoint=format_note(Note(last.text, note.signatures[1:])).decode()),
        "no note": replace(body, settled="nothing"),
        "fewer than are continued": replace(body, checkpoint="", proof=()),
    }  # fmt: skip
    for name, one in wrong.items():
        with pytest.raises(Refused) as refused:
            attempt(play, copy, tmp_path / "new", "XOR/chancellor", one)
        assert refused.value.clause == "record/succession", name
    copy.close()


def test_a_record_in_which_nothing_is_settled(play: Play, tmp_path: Path) -> None:
    play.depositary.checkpoint()
    copy = copied(tmp_path / "copy", play)
    with pytest.raises(Refused, match="no entry of this copy is settled"):
        body_of(copy)
    copy.close()


def test_only_the_new_key_enters_it_and_only_a_new_one(play: Play, tmp_path: Path) -> None:
    """So nobody takes over a server that lives by sending it an act."""
    settle(play)
    copy = copied(tmp_path / "copy", play)
    play.at += timedelta(hours=1)
    body = body_of(copy)
    with pytest.raises(Refused, match="only who holds the new depositary's key"):
        play.do("XOR/chancellor", body)
    with pytest.raises(Refused, match="a new epoch needs its own"):
        attempt(play, copy, tmp_path / "new", "XOR/chancellor",
                replace(body, depositary_key=parties_key(play)), seed_of("depositary"))  # fmt: skip
    copy.close()


def parties_key(play: Play) -> str:
    record = play.state.parties.record
    assert record is not None
    return record.depositary_key
