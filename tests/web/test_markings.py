"""Who sees an attachment that is for some: asked of every page and every call, of desks, exports, copies and backups.

The secret stands in the attachment's text, in the name and the type of the file it came from, and its salt is one too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from foedus.acts import Marking
from foedus.backup import backup
from foedus.desk.acting import AtDesk
from foedus.desk.copy import Copy
from foedus.desk.desk import Desk
from foedus.desk.pages import routes as desk_routes
from foedus.desk.published import Carried, Server
from foedus.export import Exported, export, import_record
from foedus.record.keys import SeedKey
from foedus.remote import Remote
from foedus.response.acts import Activate, AddEvidence, Evidence
from foedus.signing import attach
from foedus.submission import Signed
from foedus.verify import verify_record
from foedus.verify.sources import folder_fetch
from foedus.web import check_runs, checks, console, tokens, waiting
from foedus.web.app import create_app
from tests.plays import Blob, Play, opened, played_on
from tests.web.live_record import AWAY, HERE, bearer
from tests.web.small_exercise import Reader, Small
from tests.web.small_tracker import FIRST, kept
from tests.web.walk import each_found_in, fill, found_in, traces

TEXT, NAME, TYPE = b"the convoy leaves Rzeszow at dawn", "kestrel-manifest.odt", "application/x-kestrel"
LATER = b"the bridge at Chop is to be closed"
OPEN = b"for everybody to read"
ATTACHMENT = "/api/attachments/{digest:str}"
WAITING = "/api/waiting"
A, B, AUTHOR = "UKR", "POL", "GBR"


class Marked:
    """A live record: an act of one party with an attachment for another alone and one for all.

    And an act of the other party that waits for its second signature, with a text for that party alone.
    """

    def __init__(self, folder: Path) -> None:
        self.play: Play = played_on(opened("kyiv-2022", folder, exercise=False), "kyiv-2022", "asked")
        play = self.play
        only = {"level": "restricted", "release_to": [A]}
        self.secret: Blob = play.attach(TEXT, marking=only)
        self.other: Blob = play.attach(OPEN)
        evidence = tuple(
            Evidence(file[0].digest, f"{AUTHOR}/duty", play.at, "other") for file in (self.secret, self.other)
        )
        receipt = play.do(f"{AUTHOR}/duty", AddEvidence("I-1", evidence), files=[self.secret, self.other])
        self.entry = receipt.entry
        self.left: Blob = play.attach(LATER, "text", marking=only)
        self.begun = play.statement(f"{A}/head", Activate("I-1"), [self.left])
        signed = Signed(play.envelope(self.begun), (self.left[1:],))
        waiting.leave(play.depositary.store, play.clauses, play.state, signed.to_json(), play.at)

    @property
    def secrets(self) -> tuple[bytes, ...]:
        """Texts and salts."""
        return (TEXT, LATER, NAME.encode(), TYPE.encode(), self.secret[1], self.left[1])

    def filled(self, *drafts: str) -> dict[str, list[str]]:
        """What the walk looks at: this act, those beside it, the first and the last."""
        size = self.play.state.size
        entries = sorted({0, self.entry - 1, self.entry, size - 1})
        digests = [file[0].digest for file in (self.secret, self.other, self.left)]
        ids = ("R-1", "I-1", A, AUTHOR, "P10.report", next(iter(self.play.clauses.agreements)), self.begun.id, *drafts)
        return fill(size, entries, ids, digests)

    def token(self, party: str) -> str:
        """A new token for a reader of the party."""
        name = f"{party} {len(tokens.tokens(self.play.depositary.store))}"
        return tokens.issue(self.play.depositary.store, party, name, self.play.at)


class Kept(checks.Checks):
    """Checks of texts for one console after the other: their answers hold nothing of a record."""

    def forget(self) -> None:
        """Nothing yet: the next console asks for the same."""

    def over(self) -> None:
        """The last console has asked."""
        super().forget()


@pytest.fixture(scope="module", autouse=True)
def _checked_once() -> Iterator[None]:
    """Every walk opens the pages of the same texts: each is checked once, and only until it meets a bound."""
    kept_ones = Kept()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(check_runs, "STATES", 1_000)
        patched.setattr(console, "Checks", lambda *_: kept_ones)
        yield
    kept_ones.over()


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marked]:
    made = Marked(tmp_path_factory.mktemp("marked") / "record")
    yield made
    made.play.close()


@contextmanager
def served(marked: Marked, party: str | None) -> Iterator[TestClient[Any]]:
    """The record's server as a reader of the party reaches it; None: on the machine itself, without tokens.

    The token is revoked in the end: none is left to the next test.
    """
    at = AWAY if party else HERE
    with TestClient(create_app(marked.play.depositary, base_url=at), base_url=at) as client:
        if party:
            client.headers.update(bearer(marked.token(party)))
        yield client
    store = marked.play.depositary.store
    for token in tokens.tokens(store):
        tokens.revoke(store, token.name)


# --- every page and every call --------------------------------------------------------------------------------------


def test_an_onlooker_on_the_machine_itself_reads_it_nowhere(marked: Marked) -> None:
    assert not tokens.tokens(marked.play.depositary.store)
    with served(marked, None) as client:
        assert client.get(f"/record/{marked.entry}").status_code == 200
        assert found_in(client, marked.filled(), marked.secrets) == set()


@pytest.mark.parametrize(
    ("party", "where"), [(A, {ATTACHMENT, WAITING}), (B, set()), (AUTHOR, {ATTACHMENT})], ids=["A", "B", "author"]
)
def test_a_reader_with_a_token_reads_it_where_it_may(marked: Marked, party: str, where: set[str]) -> None:
    with served(marked, party) as client:
        assert each_found_in(client, marked.filled(), marked.secrets, [OPEN]) == [where, {ATTACHMENT}]


def test_what_is_refused_is_said_in_constant_words(marked: Marked) -> None:
    with served(marked, B) as client:
        refused = client.get(f"/api/attachments/{marked.secret[0].digest}")
        assert (refused.status_code, refused.json()["clause"]) == (403, "record/marking")
        assert refused.json()["found"] == {"digest": marked.secret[0].digest[:8]}
        shown = client.get(f"/record/{marked.entry}").text
        assert marked.secret[0].digest in shown
        assert "Not released to you: only its digest and size are" in shown


# --- desks ----------------------------------------------------------------------------------------------------------


@contextmanager
def at_desk(marked: Marked, folder: Path, seat: str) -> Iterator[tuple[Desk, TestClient[Any]]]:
    """A desk that followed the server with a token of its party, and its pages, its officer let in."""
    party = seat.partition("/")[0]
    with served(marked, party) as server:
        remote = Remote(AWAY, server.headers["authorization"].split()[1], transport=server._transport)
        desk = Desk(Copy.open(folder, clock=marked.play.clock), Server(remote), remote)
        assert desk.follow_once() == marked.play.state.size
        desk.look_for_waiting(party)
        acting = AtDesk(desk, SeedKey(marked.play.seeds[seat]))
        app = create_app(desk.copy.depositary, acting=acting, base_url=HERE, more=desk_routes)
        with TestClient(app, base_url=HERE) as client:
            client.get(f"/enter/{acting.secret}")
            yield desk, client
        desk.copy.close()


def test_a_desk_of_another_party_follows_the_whole_record_and_holds_the_digest_only(
    marked: Marked, tmp_path: Path
) -> None:
    with at_desk(marked, tmp_path / "desk", f"{B}/duty") as (desk, client):
        assert desk.copy.known.wanted == (), "what is not for it is not asked for again"
        held = [desk.copy.store.get_blob(file[0].digest) is not None for file in (marked.secret, marked.other)]
        assert held == [False, True]
        assert found_in(client, marked.filled(), marked.secrets) == set()
    report = verify_record(tmp_path / "desk", rules=True)
    assert report.size == marked.play.state.size
    assert (report.attachments_held, report.attachments_absent) == _counted(marked)
    assert all(trace not in file.read_bytes() for file in _files(tmp_path / "desk") for trace in _traces(marked))


def test_a_desk_of_the_party_fetches_it_and_its_drafts_are_its_own(marked: Marked, tmp_path: Path) -> None:
    with at_desk(marked, tmp_path / "desk", f"{A}/duty") as (desk, client):
        blob = desk.copy.store.get_blob(marked.secret[0].digest)
        assert blob == marked.secret[1] + TEXT
        drafted = client.post(
            "/act/AddEvidence?incident=I-1",
            data={"evidence.how": "other"},
            files={"evidence": (NAME, LATER, TYPE)},
            headers={"sec-fetch-site": "same-origin"},
        )
        assert drafted.status_code == 200, drafted.text[:500]
        draft = drafted.url.path.rpartition("/")[2]
        filled = marked.filled(draft)
        assert found_in(client, filled, marked.secrets) == {ATTACHMENT}
        client.post(f"/act/check/{draft}", headers={"sec-fetch-site": "same-origin"})
        signed, called = each_found_in(client, filled, [TEXT, LATER], [NAME.encode(), TYPE.encode()])
        assert signed == {ATTACHMENT, "/outbox/{id_:str}/act.json"}
        assert called == set(), "kept by nobody"


# --- an exercise ----------------------------------------------------------------------------------------------------


def test_in_an_exercise_it_follows_the_seat_that_a_reader_takes(tmp_path: Path) -> None:
    small = Small(tmp_path / "record")
    small.activate()
    item = attach(TEXT, "evidence", Marking(release_to=("POL",)))
    evidence = (Evidence(item[0].digest, "UKR/duty", small.at, "other"),)
    kept(small.depositary.store, small.at, tmp_path / "tracker", FIRST)  # so that its pages are there to be walked
    entry = small.do("UKR/duty", AddEvidence("I-1", evidence), attachments=[item]).entry
    app = create_app(small.depositary, exercise_keys=small.keys, base_url=HERE)
    with TestClient(app, base_url=HERE) as client:
        reader = Reader(client).sits("POL/duty")
        files = {"evidence": (NAME, LATER, TYPE)}
        drafted = client.post(
            "/act/AddEvidence?incident=I-1", files=files, headers={"sec-fetch-site": "same-origin"}
        )  # fmt: skip
        draft = drafted.url.path.rpartition("/")[2]
        filled = fill(entry + 1, [0, entry], ("R-1", "I-1", "POL", draft), [item[0].digest])
        secrets = (TEXT, LATER, NAME.encode(), TYPE.encode(), item[1])
        for seat, where in (("", set()), ("GBR/duty", set()), ("POL/duty", {ATTACHMENT})):
            reader.sits(seat)
            assert found_in(client, filled, secrets) == where, seat
    small.depositary.close()


# --- exports, copies, backups ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("party", "there"), [(None, False), (B, False), (A, True), (AUTHOR, True)])
def test_an_export_holds_what_its_readers_may_see(
    marked: Marked, tmp_path: Path, party: str | None, there: bool
) -> None:
    held, absent = _counted(marked)
    expected = Exported(marked.play.state.size, held + there, absent - there)
    marked.play.depositary.checkpoint()
    for to in (tmp_path / "folder", tmp_path / "file.foedus"):
        assert export(marked.play.depositary.store, to, party=party) == expected
        told = any(trace in file.read_bytes() for file in _files(to) for trace in traces(TEXT))
        assert told is there
        assert not any(trace in file.read_bytes() for file in _files(to) for trace in traces(LATER)), (
            "no entry names it"
        )
        report = verify_record(to, rules=True)
        assert (report.attachments_held, report.attachments_absent) == (held + there, absent - there)
        copied = tmp_path / f"copy of {to.name}"
        import_record(to, copied)
        assert any(trace in file.read_bytes() for file in _files(copied) for trace in traces(TEXT)) is there
    desk = Desk(Copy.open(tmp_path / "desk"), Carried("carried", folder_fetch(tmp_path / "folder")), None)
    assert desk.follow_once() == marked.play.state.size
    assert (desk.copy.store.get_blob(marked.secret[0].digest) is not None) is there
    desk.copy.close()


def test_a_backup_is_for_who_keeps_the_record_and_leaves_out_nothing(marked: Marked, tmp_path: Path) -> None:
    marked.play.depositary.checkpoint()
    to = tmp_path / "backup"
    backup(marked.play.depositary.store, to)
    assert TEXT in to.read_bytes()
    assert to.stat().st_mode & 0o777 == 0o600


def _counted(marked: Marked) -> tuple[int, int]:
    """Attachments of the record that another party's copy holds, and that it does not."""
    store = marked.play.depositary.store
    named = [file for file in store.blobs() if file not in (marked.play.clauses.digest, marked.secret[0].digest)]
    return len(named), 1


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]


def _traces(marked: Marked) -> list[bytes]:
    return [trace for secret in marked.secrets for trace in traces(secret)]
