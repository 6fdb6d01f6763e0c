"""Alerts reach people over real servers, lead further while nobody answers, and stop when somebody does."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from datetime import timedelta

import pytest

from foedus.alerts.channels.apprise import AppriseWay
from foedus.alerts.deliveries import Deliveries, Delivery
from foedus.errors import Refused
from foedus.response import acts as r
from tests.alerts.office import Office
from tests.alerts.sinks import http, smtp, soon
from tests.plays import HOUR, staged


@pytest.fixture
def play(tmp_path):
    play = staged("kyiv-2022", "activated", tmp_path / "record")
    yield play
    play.close()


def mail_settings(box) -> dict[str, object]:
    return {"host": "127.0.0.1", "port": box.port, "starttls": "never", "sender": "Foedus <alerts@foedus.example>"}


def words_of(mail) -> str:
    body = mail.get_body()
    assert body is not None
    return str(body.get_content())


def test_a_mail_arrives_and_says_what_is_asked(tmp_path, play):
    with smtp() as box:
        office = Office(tmp_path / "office", play, mail=mail_settings(box), link="https://console.example")
        office.people("GBR/duty,Ann,mail,ann@uk.example,en", "DEU/duty,Olena,mail,olena@de.example,uk")
        sent = office.once()
    (mail,) = [one for one in box.to("ann@uk.example") if "activated" in one["Subject"]]
    exercise = play.state.parties.record.exercise
    assert mail["Subject"].startswith("EXERCISE ") == mail["Subject"].endswith(" EXERCISE") == exercise
    for address, language in (("ann@uk.example", "en"), ("olena@de.example", "uk")):
        (cap,) = [
            part for part in box.to(address)[0].iter_attachments() if part.get_content_type() == "application/cap+xml"
        ]
        assert f"<language>{language}<".encode() in cap.get_payload(decode=True)
    text = words_of(mail)
    (code,) = {d.code for d in sent if d.message == mail["X-Foedus-Alert"].rpartition(".")[0]} & set(
        text.split("/")[-1].split()
    )
    assert f"https://console.example/alert/{code}" in text
    assert "Acknowledge" in text
    (calendar,) = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    assert "UID:R-1@" in calendar.get_content()
    ukrainian = box.to("olena@de.example")[0]
    assert "Гарантії" in words_of(ukrainian)
    assert {d.state for d in sent if d.due <= play.at.timestamp()} == {"sent"}


def test_nothing_is_sent_twice_by_the_next_run(tmp_path, play):
    with smtp() as box:
        office = Office(tmp_path / "office", play, mail=mail_settings(box))
        office.people("GBR/duty,Ann,mail,ann@uk.example,en")
        office.once()
        arrived = len(box.mails)
        office.once()
    assert len(box.mails) == arrived > 0
    assert len({mail["Message-ID"] for mail in box.mails}) == arrived


def test_the_next_is_told_while_nobody_acknowledges_and_nobody_after(tmp_path, play):
    with smtp() as box:
        office = Office(tmp_path / "office", play, mail=mail_settings(box))
        office.people(
            "GBR/duty,Ann,mail,ann@uk.example,en", "GBR/head,Bob,mail,bob@uk.example,en",
            "GBR/foreign,Cy,mail,cy@uk.example,en",
        )  # fmt: skip
        office.once()
        assert not box.to("bob@uk.example")
        play.at += timedelta(minutes=11)
        office.once()
        assert [mail for mail in box.to("bob@uk.example") if "activated" in mail["Subject"]]
        play.do("GBR/duty", r.Acknowledge("R-1"))
        play.at += timedelta(minutes=30)
        deliveries = office.once()
    assert not [mail for mail in box.to("cy@uk.example") if "activated" in mail["Subject"]]
    told = next(mail["X-Foedus-Alert"] for mail in box.to("bob@uk.example") if "activated" in mail["Subject"])
    (cy,) = office.sealed.read(*office.record).of("GBR/foreign")
    opened = [d for d in deliveries if d.person == cy.id and told.startswith(f"{d.message}.")]
    assert {d.state for d in opened} == {"stopped"}


def test_a_webhook_is_signed_and_a_text_message_says_nothing(tmp_path, play):
    with http() as calls:
        office = Office(
            tmp_path / "office", play, webhook={"secret_file": "secret"},
            sms={"url": f"{calls.url}/sms", "form": {"to": "{to}", "text": "{text}"}, "token_file": "secret"},
            matrix={"server": calls.url, "token_file": "secret"},
        )  # fmt: skip
        office.people(
            f"GBR/duty,Ann,webhook,{calls.url}/hook,en", "DEU/duty,Dan,sms,+491701234567,en",
            "POL/duty,Ewa,matrix,!room:matrix.example,uk",
        )  # fmt: skip
        sent = office.once()
    hooks = [call for call in calls.found if call[0] == "/hook"]
    for _, headers, body in hooks:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.digest(b"s3cret", signed, "sha256")).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert json.loads(body)["id"] == headers["webhook-id"]
    texts = [body.decode() for path, _, body in calls.found if path == "/sms"]
    assert texts
    assert all("R-1" not in text and "attack" not in text.lower() and "DEU" in text for text in texts)
    rooms = [(path, headers) for path, headers, _ in calls.found if path.startswith("/_matrix/")]
    assert rooms
    assert all(headers["authorization"] == "Bearer s3cret" for _, headers in rooms)
    assert {d.provider for d in sent if d.channel.startswith("matrix:") and d.state == "sent"} == {"$1"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what Apprise itself uses
def test_what_only_apprise_reaches_is_told_without_content(tmp_path, play):
    with http() as calls:
        office = Office(tmp_path / "office", play, apprise={})
        office.people(f"GBR/duty,Ann,apprise,{calls.url.replace('http', 'json')}/notify,en")
        sent = office.once()
    told = [json.loads(body) for path, _, body in calls.found if path.startswith("/notify")]
    assert told
    assert all("R-1" not in one["message"] and "attack" not in one["message"].lower() for one in told)
    assert "sent" in {d.state for d in sent if d.channel.startswith("apprise:")}


def test_a_fault_of_a_channel_is_an_attempt_that_failed(tmp_path, play, monkeypatch):
    """It is told, tried again later, and not over and over at once."""
    tried: list[str] = []

    def faulty(self, address, parcel):
        tried.append(address)
        raise TypeError("a fault of a library")

    monkeypatch.setattr(AppriseWay, "send", faulty)
    office = Office(tmp_path / "office", play, apprise={})
    office.people("GBR/duty,Ann,apprise,json://127.0.0.1:1/notify,en")
    [(state, attempts, problem)] = [(d.state, d.attempts, d.problem) for d in office.once() if d.attempts]
    assert (state, attempts, problem.partition(" ")[0], len(tried)) == ("waiting", 1, "fault", 1)


def test_one_that_never_answers_delays_no_other(tmp_path, play):
    with http() as calls:
        calls.answer = lambda path: None if path == "/dead" else 200
        office = Office(tmp_path / "office", play, webhook={"secret_file": "secret", "width": 1, "quick": 0.2})
        office.people(
            *(f"GBR/duty,Dead {n},webhook,{calls.url}/dead,en" for n in range(5)),
            f"GBR/duty,Alive,webhook,{calls.url}/alive,en",
        )  # fmt: skip

        async def story(alerting):
            await soon(lambda: [call for call in calls.found if call[0] == "/alive"], 10)

        office.during(story)


def test_a_webhook_that_fails_for_an_hour_gets_it_in_the_end(tmp_path, play):
    with http() as calls:
        calls.answer = lambda path: 500
        office = Office(tmp_path / "office", play, webhook={"secret_file": "secret"})
        office.people(f"GBR/duty,Ann,webhook,{calls.url}/hook,en")
        deliveries = office.once()
        for _ in range(12):
            deliveries = office.once()
            play.at += timedelta(minutes=6)
        waiting = [d for d in deliveries if d.round == 0]
        assert {d.state for d in waiting} == {"waiting"}
        assert all(d.problem.startswith("busy 500") and d.attempts >= 10 for d in waiting)
        calls.answer = lambda path: 200
        deliveries = office.once()
    assert {d.state for d in deliveries if d.round == 0} == {"sent"}


@pytest.mark.parametrize(
    ("answer", "state", "problem"),
    [
        ("550 5.1.1 no such user", "failed", "refused 550"),
        ("451 4.7.1 greylisted, try again later", "waiting", "greylisted 451"),
    ],
)
def test_a_relay_that_refuses_or_puts_off(tmp_path, play, answer, state, problem):
    with smtp() as box:
        box.answer = lambda address: answer
        office = Office(tmp_path / "office", play, mail=mail_settings(box))
        office.people("GBR/duty,Ann,mail,ann@uk.example,en")
        first = [d for d in office.once() if d.attempts]
        assert {d.state for d in first} == {state}
        assert all(d.problem.startswith(problem) for d in first)
        box.answer = lambda address: None
        play.at += timedelta(minutes=6)
        after = [d for d in office.once() if d.attempts and d.round == 0]
    assert {d.state for d in after} == ({"failed"} if state == "failed" else {"sent"})


def test_without_tls_nothing_is_sent(tmp_path, play):
    with smtp() as box:
        office = Office(tmp_path / "office", play, mail=mail_settings(box) | {"starttls": "required"})
        office.people("GBR/duty,Ann,mail,ann@uk.example,en")
        deliveries = office.once()
    assert not box.mails
    assert {(d.state, d.problem.split()[0]) for d in deliveries if d.attempts} == {("waiting", "tls")}


def test_a_relay_that_is_not_there(tmp_path, play):
    with smtp() as box:
        settings = mail_settings(box)
    office = Office(tmp_path / "office", play, mail=settings)
    office.people("GBR/duty,Ann,mail,ann@uk.example,en", "DEU/duty,Dan,sms,+491701234567,en")
    found = {d.channel.partition(":")[0]: (d.state, d.problem.split()[0]) for d in office.once() if d.attempts}
    assert found == {"mail": ("waiting", "unreachable"), "sms": ("failed", "absent")}


def test_two_processes_never_deliver_at_once(tmp_path, play):
    office = Office(tmp_path / "office", play)
    _, deliveries = office.open()
    other = Deliveries(deliveries.path)
    with pytest.raises(Refused, match="another process delivers"):
        other.hold()
    deliveries.close()
    other.hold()
    other.close()


def test_a_clock_that_goes_back_delays_nothing(tmp_path, play):
    with smtp() as box:
        office = Office(tmp_path / "office", play, mail=mail_settings(box))
        office.people("GBR/duty,Ann,mail,ann@uk.example,en", "GBR/head,Bob,mail,bob@uk.example,en")
        office.once()
        play.at += timedelta(minutes=11)
        office.once()
        assert box.to("bob@uk.example")
        play.at -= HOUR
        alerting, deliveries = office.open()
        assert alerting.steady.now() >= (play.at + HOUR).timestamp()
        deliveries.close()
        play.at += HOUR


def test_a_withdrawal_reaches_who_got_the_alert_over_the_same_channel(tmp_path, play):
    with smtp() as box:
        office = Office(tmp_path / "office", play, mail=mail_settings(box))
        office.people("GBR/duty,Ann,mail,ann@uk.example,en", "GBR/head,Bob,mail,bob@uk.example,en")
        office.once()
        incident = play.state.response.incidents[play.state.response.responses["R-1"].incident]
        play.at += timedelta(minutes=1)
        assert play.somebody(r.WithdrawIncident, incident.party)
        deliveries = office.once()
    withdrawn = [mail for mail in box.mails if "WITHDRAWN" in mail["Subject"]]
    assert [mail["To"] for mail in withdrawn] == ["ann@uk.example"]
    (calendar,) = [part for part in withdrawn[0].iter_attachments() if part.get_content_type() == "text/calendar"]
    assert "METHOD:CANCEL" in calendar.get_content()
    first = [d for d in deliveries if d.message == withdrawn[0]["X-Foedus-Alert"].rpartition(".")[0]]
    assert first[0].state == "sent"
    opened = {d.message for d in deliveries} - {first[0].message}
    assert not [d for d in deliveries if d.message in opened and d.state == "waiting"]


def test_stopped_in_the_middle_it_goes_on(tmp_path, play):
    with http() as calls:
        office = Office(tmp_path / "office", play, webhook={"secret_file": "secret", "width": 2})
        office.people(*(f"GBR/duty,P{n},webhook,{calls.url}/{n},en" for n in range(20)))

        async def killed(alerting):
            await soon(lambda: len(calls.found) > 5)
            office.running.cancel()  # as a runner does when it is interrupted: the loop ends what it started

        with pytest.raises(asyncio.CancelledError):
            office.during(killed)
        office.once()
    reached = {path for path, _, _ in calls.found}
    assert reached == {f"/{n}" for n in range(20)}


def test_who_may_have_got_the_original_is_told_of_what_amends_it(tmp_path):
    """Also whoever it was due for when the process was killed: it may have gone out before that was written down."""
    deliveries = Deliveries(tmp_path / "deliveries.db")
    ways = ("sent", "under-way", "later", "answered")
    planned = [Delivery("5.0", person, "mail:a@b", 0, person, 10.0 if person != "later" else 99.0) for person in ways]
    deliveries.plan(5, 10.0, planned)
    deliveries.record([planned[0]._replace(state="sent", attempts=1, at=11.0)])
    deliveries.end("5.0", "stopped", "answered")
    assert {person for person, _ in deliveries.reached(["5.0"], 12.0)} == {"sent", "under-way"}
    assert {person for person, _ in deliveries.reached(None, 100.0)} == {"sent", "under-way", "later"}
    deliveries.close()
