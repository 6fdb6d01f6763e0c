"""A person confirms an alert on a page; opening its link confirms nothing. Home shows who could not be reached."""

from __future__ import annotations

import re

import pytest
from litestar.testing import TestClient

from foedus.alerts.deliveries import Deliveries
from foedus.alerts.running import plan_test
from foedus.web.alerted import Alerted
from foedus.web.app import create_app
from tests.alerts.office import PIN, Office
from tests.plays import staged

HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def stage(tmp_path):
    play = staged("kyiv-2022", "activated", tmp_path / "record")
    office = Office(tmp_path / "office", play)
    contacts = office.people("GBR/duty,Ann,mail,ann@uk.example,en", "GBR/duty,Ann,sms,+447700900123,en")
    deliveries = Deliveries(office.folder / "deliveries.db")
    now = play.at.timestamp()
    test = plan_test(contacts, deliveries, office.sealed, now)
    app = create_app(play.depositary, alerts=Alerted(contacts, deliveries), base_url="http://testserver.local")
    with TestClient(app) as client:
        yield client, deliveries, test
    deliveries.close()
    play.close()


def test_a_link_that_is_opened_confirms_nothing(stage):
    client, deliveries, test = stage
    code = deliveries.all(test)[0].code
    for method in ("get", "head"):
        client.request(method, f"/alert/{code}")
    assert not deliveries.confirmations()
    assert client.post(f"/alert/{code}", data={"pin": PIN}).status_code == 403
    assert not deliveries.confirmations()


def test_code_and_pin_confirm_and_home_says_who_is_left(stage):
    client, deliveries, test = stage
    before = client.get("/").text
    assert "could not be reached today" in before
    for one in deliveries.all(test):
        wrong = client.post(f"/alert/{one.code}", data={"pin": "000000"}, headers=HERE)
        assert "does not go with the code" in wrong.text
        right = client.post(f"/alert/{one.code}", data={"pin": PIN}, headers=HERE)
        assert right.status_code == 200
        assert "reminded no more" in right.text
        assert "only its signed act does" in right.text
    assert len(deliveries.confirmations()) == 2
    assert "no alert with the code" in client.post("/alert/AAAAAAAA", data={"pin": PIN}, headers=HERE).text
    assert 'lang="uk"' in client.get("/alert/AAAAAAAA?lang=uk").text


def test_every_seat_and_the_tests_stand_on_a_page_and_name_nobody(stage):
    client, deliveries, test = stage
    [one, other] = deliveries.all(test)
    deliveries.record([way._replace(state="sent", attempts=1, at=way.due) for way in (one, other)])
    before = client.get("/alerts?format=json").json()["tables"]
    assert [seat["tested"] for seat in before["seats"] if seat["seat"] == "GBR/duty"] == [0]
    assert [(one["people"], one["confirmed"]) for one in before["tests"]] == [(1, 0)]
    for way in (one, other):
        client.post(f"/alert/{way.code}", data={"pin": PIN}, headers=HERE)
    page, found = client.get("/alerts").text, client.get("/alerts?format=json").json()["tables"]
    assert [seat["tested"] for seat in found["seats"] if seat["seat"] == "GBR/duty"] == [2]
    assert [(one["people"], one["confirmed"]) for one in found["tests"]] == [(1, 1)]
    assert "could be reached today" in page
    listed = re.search(r"<details>.*?</details>", page, re.DOTALL)
    assert listed is not None
    assert f"{len(found['seats']) - 1} seats have nobody to be told" in listed[0]
    assert "Poland" in listed[0]
    assert "Ann" not in page
    assert "ann@" not in page
    assert client.get("/alerts?format=csv&table=tests").text.startswith("at,people,confirmed")
    assert 'lang="uk"' in client.get("/alerts?lang=uk").text
