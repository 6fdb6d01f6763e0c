"""Acts that lack a signature wait with the server: for a day, for their own party, and never as acts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from foedus.acts import encode_statement
from foedus.errors import Malformed, Refused
from foedus.record.envelope import decode_envelope, encode_envelope
from foedus.response import acts as response
from foedus.web import waiting
from tests.plays import HOUR, Play, staged


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return staged("kyiv-2022", "reported", tmp_path / "record")


def begun(play: Play, *also: str) -> bytes:
    """An act of two seats that one has signed."""
    return play.envelope(play.statement("UKR/head", response.Activate("I-1")), *also)


def leave(play: Play, data: bytes) -> None:
    waiting.leave(play.depositary.store, play.clauses, play.state, data, play.at)


def found(play: Play, party: str = "UKR") -> list[str]:
    left = waiting.waiting(play.depositary.store, play.clauses, play.state, party, play.at)
    return [one.statement.id for one in left]


def test_it_waits_for_its_party_alone_and_for_a_day(play: Play) -> None:
    leave(play, begun(play))
    assert len(found(play)) == 1
    assert found(play, "POL") == []
    play.at += 24 * HOUR
    assert len(found(play)) == 1
    play.at += timedelta(seconds=1)
    assert found(play) == []
    assert play.depositary.store.settings(waiting.PREFIX) == []


def test_the_same_act_left_again_waits_once_and_is_forgotten_once_recorded(play: Play) -> None:
    statement = play.statement("UKR/head", response.Activate("I-1"))
    leave(play, play.envelope(statement))
    leave(play, play.envelope(statement))
    assert found(play) == [statement.id]
    play.depositary.perform(play.envelope(statement, "UKR/foreign"))
    assert found(play) == []
    with pytest.raises(Refused, match="in the record already"):
        leave(play, play.envelope(statement))


def test_a_whole_act_is_not_left_but_handed_in(play: Play) -> None:
    with pytest.raises(Refused, match="hand it in"):
        leave(play, begun(play, "UKR/foreign"))


def test_a_party_has_only_so_much_room(play: Play) -> None:
    for _ in range(waiting.MOST_FOR_A_PARTY):
        leave(play, begun(play))
    with pytest.raises(Refused, match="wait for a signature already"):
        leave(play, begun(play))


@pytest.mark.parametrize("data", [b"", b"{}", b"x" * (waiting.MOST_BYTES + 1)])
def test_what_is_no_act_is_not_kept(play: Play, data: bytes) -> None:
    with pytest.raises(Malformed):
        leave(play, data)
    assert play.depositary.store.settings(waiting.PREFIX) == []


def test_an_act_whose_signature_does_not_fit_is_not_kept(play: Play) -> None:
    statement = play.statement("UKR/head", response.Activate("I-1"))
    signed = decode_envelope(play.envelope(statement))
    forged = replace(signed, payload=encode_statement(replace(statement, issued_at=play.at + HOUR)))
    with pytest.raises(Malformed, match="does not fit"):
        leave(play, encode_envelope(forged))
    assert play.depositary.store.settings(waiting.PREFIX) == []
