"""Two witnesses that were shown different histories find out, and keep what proves it."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from foedus.desk import evidence, gossip
from foedus.desk.gossip import Gossip
from foedus.desk.listening import app_of
from foedus.desk.rounds import Rounds
from foedus.desk.witness import Witness
from foedus.errors import Tampered
from foedus.record.note import parse_note, sign_note
from foedus.remote import Remote
from tests.desk.publisher import Publisher
from tests.desk.witnesses import cosigner, more, played, publisher, served, works
from tests.plays import Play, staged


class Forked:
    """A server that shows two witnesses two histories, both of them within the rules and signed by one key."""

    def __init__(self, folder: Path) -> None:
        self.one: Play = played(folder / "a")
        self.other: Play = played(folder / "b")
        self.common = self.one.state.size
        more(self.one)
        self.other.at += timedelta(seconds=1)
        more(self.other)
        self.left = cosigner(folder / "left", self.one, "XHA", self.publisher(self.one))
        self.right = cosigner(folder / "right", self.other, "XCO", self.publisher(self.other))

    def publisher(self, play: Play) -> Publisher:
        return publisher(play)

    def longer(self, witness: Witness, play: Play) -> None:
        """One of the two histories goes on."""
        more(play, 2)
        witness.follower.source = publisher(play).server()


@pytest.fixture
def forked(tmp_path: Path) -> Forked:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    return Forked(tmp_path)


def standing(witness: Witness) -> evidence.Evidence:
    """The one piece of evidence that a witness keeps, checked as a stranger would."""
    [(path, _)] = evidence.kept(witness.copy.folder)
    found = evidence.read(path)
    evidence.check(found)
    return found


@pytest.mark.parametrize("longer", [False, True])
def test_both_find_out(forked: Forked, longer: bool) -> None:
    if longer:
        forked.longer(forked.right, forked.other)
    works(forked.left)
    works(forked.right)
    with ExitStack() as several:
        left = several.enter_context(served(app_of(forked.left)))
        right = several.enter_context(served(app_of(forked.right)))
        with pytest.raises(Tampered, match="was shown another history"):
            Gossip(forked.right.copy, [left]).ask()
        with pytest.raises(Tampered, match=r"was shown another history|found that the record was forked"):
            Gossip(forked.left.copy, [right]).ask()
    assert standing(forked.left).notes
    assert standing(forked.right).notes
    for witness in (forked.left, forked.right):
        with pytest.raises(Tampered, match="while evidence stands"):
            witness.cosign()


def test_a_longer_note_of_another_is_compared_once_this_copy_has_grown(forked: Forked) -> None:
    forked.longer(forked.right, forked.other)
    works(forked.left)
    note = works(forked.right)
    answers = httpx.MockTransport(lambda request: httpx.Response(404))
    first = httpx.MockTransport(
        lambda request: httpx.Response(200, content=note) if request.url.path == "/checkpoint" else httpx.Response(404)
    )
    asked = Gossip(forked.left.copy, [Remote("http://right.example", transport=first)])
    asked.ask()
    asked._others = [Remote("http://right.example", transport=answers)]
    asked.ask()
    forked.longer(forked.left, forked.one)
    works(forked.left)
    with pytest.raises(Tampered, match="was shown another history"):
        asked.ask()
    assert standing(forked.left).kind == "fork"


def test_those_who_were_shown_the_same_find_nothing(tmp_path: Path) -> None:
    play = played(tmp_path)
    server = publisher(play)
    left, right = (cosigner(tmp_path / party, play, party, server) for party in ("XHA", "XCO"))
    works(right)
    more(play, 2)
    server.entries = list(play.depositary.store.entries(0))
    works(left)
    with served(app_of(right)) as shorter:
        done = Rounds(left, [shorter]).once()
    with served(app_of(left)) as larger:
        Gossip(right.copy, [larger]).ask()
    assert done.cosigned == play.state.size
    assert not evidence.kept(left.copy.folder)
    assert not evidence.kept(right.copy.folder)


def test_one_that_is_away_holds_nobody_up(tmp_path: Path) -> None:
    play = played(tmp_path)
    away = Publisher([], {})
    away.away = True
    witness = cosigner(tmp_path / "w", play, "XHA", publisher(play))
    assert Rounds(witness, [away.remote()]).once().cosigned == play.state.size


def test_what_another_makes_up_is_believed_by_nobody(tmp_path: Path, forked: Forked) -> None:
    """A note that the record's key did not sign; evidence that shows nothing; evidence about another record."""
    note = works(forked.left)
    made_up = sign_note(parse_note(note).text, parse_note(note).signatures[0].name, bytes(32))
    with pytest.raises(Tampered):
        gossip.compare(forked.left.copy, made_up, "somebody")
    works(forked.right)
    with pytest.raises(Tampered):
        gossip.compare(forked.right.copy, note, "left")
    real = standing(forked.right)
    other = cosigner(tmp_path / "third", forked.one, "XNU", publisher(forked.one))
    works(other)
    for wrong in (
        msgspec.structs.replace(real, notes=(real.notes[0], real.notes[0])),
        msgspec.structs.replace(real, log=real.log.replace("play", "plan", 1)),
        msgspec.structs.replace(real, kind="false_entry"),
    ):
        said = msgspec.json.encode([wrong])
        transport = httpx.MockTransport(
            lambda request, said=said: (
                httpx.Response(200, content=said) if request.url.path == "/evidence" else httpx.Response(404)
            )
        )
        with suppress(Tampered):
            Gossip(other.copy, [Remote("http://liar.example", transport=transport)]).ask()
    assert not evidence.kept(other.copy.folder)


def test_the_two_histories_are_both_within_the_rules(tmp_path: Path) -> None:
    """Otherwise the fork above would be found by recomputing, and gossip proven by nothing."""
    assert staged("mare-2030", "reported", tmp_path / "again").state.size == played(tmp_path).state.size
