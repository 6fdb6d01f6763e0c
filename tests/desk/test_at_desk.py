"""The console of a desk: its officer is let in and nobody else, signs what is shown, and sees it in the record.

No network and no browser: the desk's pages over the desk's own copy, beside a server in this process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from foedus.acts import decode_statement
from foedus.desk.acting import AtDesk
from foedus.desk.copy import Copy
from foedus.desk.desk import Desk
from foedus.desk.pages import routes
from foedus.documents.qr import qr
from foedus.errors import Conflict, Malformed
from foedus.parties import acts as parties
from foedus.record.envelope import decode_envelope
from foedus.record.keys import SeedKey
from foedus.response import acts as response
from foedus.submission import read_signed
from foedus.web.app import create_app
from tests.desk.publisher import Door, answered
from tests.plays import DAY, HOUR, Play, staged

pytestmark = pytest.mark.slow

HERE = "http://127.0.0.1:8100"
FROM_HERE = {"sec-fetch-site": "same-origin"}


class Officer:
    """A desk of one seat with its pages, each step of following and handing in taken by the test."""

    def __init__(self, folder: Path, door: Door, seat: str) -> None:
        self.door = door
        server = door.server()
        self.desk = Desk(Copy.open(folder, clock=door.play.clock), server, server.remote)
        self.desk.follow_once()
        self.acting = AtDesk(self.desk, SeedKey(door.play.seeds[seat]))
        app = create_app(self.desk.copy.depositary, acting=self.acting, base_url=HERE, more=routes)
        self.client: TestClient[Any] = TestClient(app, base_url=HERE, raise_server_exceptions=False)

    def enter(self) -> None:
        self.client.get(f"/enter/{self.acting.secret}")

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:500]
        return answer.text

    def send(self, path: str, status: int = 303, **given: Any) -> str:
        """Send a form; where it leads, or the page that comes back."""
        answer = self.client.post(path, headers=FROM_HERE, follow_redirects=False, **given)
        assert answer.status_code == status, answer.text[:500]
        return answer.headers["location"] if status == 303 else answer.text

    def fill(self, path: str, **answers: str) -> str:
        """Fill in the form of an act; the id of what is then to be checked."""
        return self.send(path, data=answers or {"": ""}).rpartition("/")[2]

    def sign(self, draft: str) -> str:
        """Sign what was checked; where it leads."""
        return self.send(f"/act/check/{draft}")

    def take_turn(self) -> None:
        """What the desk's threads do: hand in, follow, read back."""
        self.desk.send_once()
        self.desk.follow_once()


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(staged("mare-2030", "activated", tmp_path / "record"))


@pytest.fixture
def officer(tmp_path: Path, door: Door) -> Iterator[Officer]:
    found = Officer(tmp_path / "desk", door, "XOR/watch")
    with found.client:
        found.enter()
        yield found


def test_nobody_is_let_in_without_the_address_that_was_shown(officer: Officer) -> None:
    officer.client.cookies.clear()
    for path in ("/", "/act", "/outbox", "/desk", "/api/state", "/checkpoint", "/record"):
        assert officer.client.get(path).status_code == 401
    assert officer.client.get("/enter/guess", follow_redirects=False).status_code == 401
    assert officer.client.post("/act/bring", headers=FROM_HERE).status_code == 401
    said = officer.client.get("/", headers={"accept-language": "uk"}).json()["because"]
    assert said.startswith("це робоче місце впускає лише того, хто його відкрив")
    page = officer.client.get("/", headers={"accept": "text/html", "accept-language": "uk"})
    assert (page.status_code, page.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert "<h1>Вас не впущено</h1>" in page.text
    assert "Це робоче місце впускає лише того, хто його відкрив" in page.text
    record = officer.desk.copy.state.parties.record
    assert record is not None
    assert record.origin not in page.text, "nothing is said of the record"
    officer.enter()
    cookie = next(iter(officer.client.cookies.jar))
    assert cookie.has_nonstandard_attr("HttpOnly")
    officer.page("/")


def test_another_sites_form_signs_nothing(officer: Officer) -> None:
    draft = officer.fill("/act/Acknowledge?response=R-1")
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}):
        assert officer.client.post(f"/act/check/{draft}", headers=headers).status_code == 403
    assert officer.desk.outbox.acts() == []


def test_an_act_is_signed_here_and_seen_in_the_record(officer: Officer) -> None:
    assert "Acknowledge" in officer.page("/act")
    draft = officer.fill("/act/Acknowledge?response=R-1")
    checked = officer.page(f"/act/check/{draft}")
    assert "The key never leaves it" in checked
    assert "demo key" not in checked
    led = officer.sign(draft)
    assert led == f"/outbox/{draft}"
    assert "waiting to be handed in" in officer.page(led)
    assert "1 act on its way" in officer.page("/")
    officer.take_turn()
    entry = officer.desk.outbox.acts()[0].standing.entry
    assert f"Recorded as entry {entry}" in officer.page(led)
    assert "on its way" not in officer.page("/")
    assert f"Recorded as entry {entry}" in officer.page(f"/act/receipt/{entry}")
    assert officer.client.get(f"/record/{entry}/entry-{entry}.tlog-proof").status_code == 200


def test_going_back_or_signing_twice_leads_to_where_the_act_is(officer: Officer) -> None:
    draft = officer.fill("/act/Acknowledge?response=R-1")
    assert officer.sign(draft) == f"/outbox/{draft}"
    back = officer.client.get(f"/act/check/{draft}", follow_redirects=False)
    assert (back.status_code, back.headers["location"]) == (303, f"/outbox/{draft}")
    assert officer.sign(draft) == f"/outbox/{draft}"
    assert len(officer.desk.outbox.acts()) == 1
    officer.take_turn()
    entry = officer.desk.outbox.acts()[0].standing.entry
    assert officer.sign(draft) == f"/act/receipt/{entry}"


def test_everything_can_be_read_and_signed_while_the_server_is_away(officer: Officer) -> None:
    officer.door.away = True
    with pytest.raises(Exception, match="could not be reached"):
        officer.desk.follow_once()
    home = officer.page("/")
    assert "The server is not reached" in home
    assert "strip-away" in home
    led = officer.sign(officer.fill("/act/Acknowledge?response=R-1"))
    assert "goes out when the server is reached" in officer.page(led)
    for path in ("/response/R-1", "/compact", "/parties", "/record", "/outbox"):
        officer.page(path)
    officer.door.away = False
    officer.take_turn()
    assert "Recorded as entry" in officer.page(led)


def test_why_an_act_still_waits_is_said_in_the_readers_language(officer: Officer) -> None:
    officer.door.away = True
    led = officer.sign(officer.fill("/act/Acknowledge?response=R-1"))
    with pytest.raises(Conflict, match="could not be reached"):
        officer.desk.send_once()
    assert "could not be reached" in officer.page(led)
    assert "Остання спроба: http://server.example: немає зв’язку" in officer.page(f"{led}?lang=uk")
    assert "немає зв’язку" in officer.page("/outbox?lang=uk&format=json")


def test_a_lie_is_said_on_every_page_and_what_was_verified_stays(officer: Officer) -> None:
    officer.door.play.do("XCO/watch", response.Acknowledge("R-1"))
    officer.door.published()
    officer.door.given = [*officer.door.entries[:-1], officer.door.entries[-2]]
    with pytest.raises(Exception, match="changed, removed, added or moved"):
        officer.desk.follow_once()
    for path in ("/", "/response/R-1", "/desk"):
        page = officer.page(path)
        assert "strip-lied" in page
        assert "does not hold" in page
    assert "змінено, вилучено, додано або переміщено" in officer.page("/?lang=uk")


def test_nothing_is_signed_by_a_clock_that_is_an_hour_wrong(tmp_path: Path) -> None:
    """A live record keeps the server's time; this machine's is an hour ahead of it."""
    play = live(tmp_path / "live")
    door = Door(play)
    door.time = (play.at - HOUR).isoformat()
    officer = Officer(tmp_path / "desk-live", door, "XOR/chancellor")
    with officer.client:
        officer.enter()
        assert "60 minutes apart" in officer.page("/")
        act = next(iter(re.findall(r'href="(/act/EnrolSeat[^"]*)"', officer.page("/act"))))
        draft = officer.fill(act.replace("&amp;", "&"), key=play.key("XOR/watch"))
        assert "60 minutes apart" in officer.send(f"/act/check/{draft}", status=403)
    assert officer.desk.outbox.acts() == []


def live(folder: Path) -> Play:
    from tests.plays import opened

    return opened("mare-2030", folder, exercise=False)


def test_a_revoked_key_reads_and_signs_no_more(officer: Officer) -> None:
    draft = officer.fill("/act/Acknowledge?response=R-1")
    officer.door.play.do("XOR/chancellor", parties.RevokeSeat("XOR/watch"))
    officer.door.published()
    officer.desk.follow_once()
    officer.page("/response/R-1")
    assert "speaks for no seat" in officer.page("/desk")
    assert "revoked" in officer.send(f"/act/check/{draft}", status=403)
    assert officer.desk.outbox.acts() == []


def test_a_refusal_shows_its_clause_and_what_this_desk_makes_of_it(officer: Officer) -> None:
    draft = officer.fill("/act/Acknowledge?response=R-1")
    officer.sign(draft)
    officer.door.answers["api/acts"] = lambda request: answered(403, {"clause": "M4.call", "because": "not today"})
    officer.take_turn()
    page = officer.page(f"/outbox/{draft}")
    assert "not today" in page
    assert "Сервер каже: not today" in officer.page(f"/outbox/{draft}?lang=uk")
    assert "does not keep to the rules" in page
    officer.send(f"/outbox/{draft}/drop")
    assert officer.desk.outbox.acts() == []


# --- two seats, two desks ---------------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Officer, Officer, str]]:
    """Two officers of the protected state, and the address of an act that both must sign."""
    door = Door(staged("kyiv-2022", "reported", tmp_path / "record"))
    one, other = (Officer(tmp_path / name, door, f"UKR/{name}") for name in ("head", "foreign"))
    with one.client, other.client:
        one.enter()
        other.enter()
        yield one, other, "/act/Activate?incident=I-1"


def test_an_act_of_two_seats_is_handed_from_desk_to_desk(two: tuple[Officer, Officer, str]) -> None:
    one, other, act = two
    draft = one.fill(act)
    assert one.sign(draft) == f"/act/check/{draft}"
    assert "Give this file to the other seat" in one.page(f"/act/check/{draft}")
    carried = one.client.get(f"/act/held/{draft}/act.json").content
    assert one.desk.outbox.acts() == []
    led = other.send("/act/bring", files={"file": ("act.json", carried, "application/json")})
    assert led == f"/act/check/{draft}"
    assert decode_statement(decode_envelope(read_signed(carried, "").envelope).payload).id in other.page(led)
    assert "Another seat must sign" in one.page("/outbox")
    asked = other.page("/outbox")
    assert "Another seat must sign" not in asked
    assert f'"/act/check/{draft}"' in asked
    assert "signed by UKR/head" in asked
    assert other.sign(draft) == f"/outbox/{draft}"
    other.take_turn()
    assert other.desk.outbox.acts()[0].standing.stage == "recorded"
    one.desk.follow_once()
    entry = one.desk.copy.state.seen.get(bytes.fromhex(draft))
    assert entry is not None
    assert "R-1" in one.page("/")
    assert "Another seat must sign" not in one.page("/outbox")
    # Whoever signed first, or brings the file in once more, is led to what became of it.
    assert f"Recorded as entry {entry}" in one.page(f"/act/check/{draft}")
    for again in (one.sign(draft), other.send("/act/bring", files={"file": ("act.json", carried)})):
        assert again == f"/act/receipt/{entry}"


def test_a_first_signature_outlives_the_desk(two: tuple[Officer, Officer, str], tmp_path: Path) -> None:
    one, _, act = two
    draft = one.fill(act)
    one.sign(draft)
    again = create_app(one.desk.copy.depositary, acting=one.acting, base_url=HERE, more=routes)
    with TestClient(again, base_url=HERE) as client:
        client.get(f"/enter/{one.acting.secret}")
        assert client.get(f"/act/held/{draft}/act.json").status_code == 200
        client.post(f"/act/drop/{draft}", headers=FROM_HERE)
    damaged = one.desk.copy.folder / "drafts" / f"{'0' * 32}.json"
    damaged.write_bytes(b"{")
    third = create_app(one.desk.copy.depositary, acting=one.acting, base_url=HERE, more=routes)
    with TestClient(third, base_url=HERE) as client:
        client.get(f"/enter/{one.acting.secret}")
        assert client.get(f"/act/held/{draft}/act.json").status_code == 404
        assert f"{damaged} cannot be read" in client.get("/outbox").text


def test_an_act_is_shown_as_a_code_that_holds_all_of_it(two: tuple[Officer, Officer, str]) -> None:
    one, _, act = two
    draft = one.fill(act)
    one.sign(draft)
    text = one.client.get(f"/act/held/{draft}/act.json").text.strip()
    drawn = re.search(r'<svg class="code-whole".*?<path d="([^"]+)"', one.page(f"/act/held/{draft}/qr"), re.DOTALL)
    assert drawn is not None
    assert drawn[1] == qr("", text).path


def test_an_act_pasted_as_text_is_the_same_act(two: tuple[Officer, Officer, str]) -> None:
    one, other, act = two
    draft = one.fill(act)
    one.sign(draft)
    text = one.client.get(f"/act/held/{draft}/act.json").text
    assert other.send("/act/bring", data={"act": text}) == f"/act/check/{draft}"


def test_a_complete_act_that_was_carried_here_is_handed_in(two: tuple[Officer, Officer, str]) -> None:
    one, other, act = two
    draft = one.fill(act)
    one.sign(draft)
    other.send("/act/bring", data={"act": one.client.get(f"/act/held/{draft}/act.json").text})
    other.sign(draft)
    whole = other.client.get(f"/outbox/{draft}/act.json").text
    assert one.send("/act/bring", data={"act": whole}) == f"/outbox/{draft}"


def test_an_act_is_left_with_the_server_for_the_other_seat(two: tuple[Officer, Officer, str]) -> None:
    one, other, act = two
    draft = one.fill(act)
    one.sign(draft)
    led = one.send(f"/act/held/{draft}/leave")
    assert "left with the server" in one.page(led)
    for desk in (one.desk, other.desk):
        desk.look_for_waiting("UKR")
    assert one.acting.asked() == []
    assert "1 act asks for your signature" in other.page("/")
    assert "signed by UKR/head" in other.page("/outbox")
    assert other.send(f"/act/asked/{draft}") == f"/act/check/{draft}"
    assert other.page("/outbox").count("signed by UKR/head") == 1
    other.sign(draft)
    other.take_turn()
    assert other.desk.outbox.acts()[0].standing.stage == "recorded"
    other.desk.look_for_waiting("UKR")
    assert other.desk.waiting == []


def test_what_the_server_leaves_for_a_desk_is_believed_no_more_than_its_signatures(
    two: tuple[Officer, Officer, str],
) -> None:
    one, other, act = two
    play = one.door.play
    draft = one.fill(act)
    one.sign(draft)
    text = one.client.get(f"/act/held/{draft}/act.json").text
    payload = re.search(r'"payload":"([^"]{40})', text)
    assert payload is not None
    foreign = play.envelope(play.statement("POL/head", response.ReportIncident("cyber", "UA", play.at - DAY)))
    planted = [text.replace(payload[1], payload[1][:-4] + "AAAA"), foreign.decode()]
    one.door.answers["api/waiting"] = lambda request: answered(200, {"acts": [{"act": one_} for one_ in planted]})
    other.desk.look_for_waiting("UKR")
    assert other.acting.asked() == []
    one.door.answers["api/waiting"] = lambda request: answered(200, {"acts": [{"act": "{"}]})
    with pytest.raises(Malformed, match="no signed act"):
        other.desk.look_for_waiting("UKR")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"payload":"","payloadType":"x","signatures":[]}', "я" * 100])
def test_what_is_no_act_is_not_taken_in(two: tuple[Officer, Officer, str], text: str) -> None:
    _, other, _ = two
    said = other.send("/act/bring", status=422, data={"act": text})
    assert "It was not taken in" in said
    assert ("choose the file of the act, or paste its text" in said) == (not text)


def test_an_act_of_another_party_or_changed_on_the_way_is_not_taken_in(two: tuple[Officer, Officer, str]) -> None:
    one, other, act = two
    play = one.door.play
    foreign = play.envelope(play.statement("POL/head", response.ReportIncident("cyber", "UA", play.at - DAY)))
    refused = other.send("/act/bring", status=422, data={"act": foreign.decode()})
    assert "speaks for Poland; this desk is of Ukraine" in refused
    draft = one.fill(act)
    one.sign(draft)
    text = one.client.get(f"/act/held/{draft}/act.json").text
    payload = re.search(r'"payload":"([^"]{40})', text)
    assert payload is not None
    changed = text.replace(payload[1], payload[1][:-4] + "AAAA")
    other.send("/act/bring", status=422, data={"act": changed})


def test_the_clock_of_an_exercise_is_the_servers(officer: Officer) -> None:
    officer.door.time = (officer.door.play.at + timedelta(days=2)).isoformat()
    officer.desk.follow_once()
    assert officer.acting.standing() is not None
    assert abs(officer.desk.copy.now() - officer.door.play.at - timedelta(days=2)) < timedelta(seconds=5)
