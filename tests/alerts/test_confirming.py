"""A PIN stops reminders to one person and proves a channel; it never answers for a government."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foedus.alerts.confirming import MOST_GUESSES, confirm
from foedus.alerts.deliveries import Deliveries
from foedus.alerts.readiness import rate, reach
from foedus.alerts.running import plan_test
from foedus.errors import Refused
from tests.alerts.office import PIN, Office
from tests.alerts.sinks import http
from tests.plays import DAY, staged


@pytest.fixture
def play(tmp_path):
    play = staged("kyiv-2022", "activated", tmp_path / "record")
    yield play
    play.close()


@pytest.fixture
def calls():
    with http() as calls:
        yield calls


def opened(office: Office, deliveries: Deliveries, name: str):
    (person,) = [one for one in office.sealed.read(*office.record).people if one.name == name]
    return [one for one in deliveries.all() if one.person == person.id]


def test_a_pin_stops_reminders_to_that_person_only(tmp_path, play, calls):
    office = Office(tmp_path / "office", play, webhook={"secret_file": "secret"}, escalate={"every": "PT10M"})
    contacts = office.people(
        f"GBR/duty,Ann,webhook,{calls.url}/ann,en", f"GBR/head,Bob,webhook,{calls.url}/bob,en"
    )  # fmt: skip
    office.once()
    deliveries = Deliveries(office.folder / "deliveries.db")
    now = play.at.timestamp()
    mine = opened(office, deliveries, "Ann")
    for message in {one.message for one in mine}:
        code = next(one.code for one in mine if one.message == message)
        assert confirm(deliveries, contacts, f" {code.lower()} ", PIN, now).name == "Ann"
    deliveries.close()
    assert "GBR" not in play.state.response.responses["R-1"].acknowledged
    before = len([call for call in calls.found if call[0] == "/ann"])
    for _ in range(6):
        play.at += timedelta(minutes=10)
        office.once()
    assert len([call for call in calls.found if call[0] == "/ann"]) == before
    assert len([call for call in calls.found if call[0] == "/bob"]) > 1


def test_what_does_not_fit_is_refused_and_guessing_ends(tmp_path, play, calls):
    office = Office(tmp_path / "office", play, webhook={"secret_file": "secret"})
    contacts = office.people(f"GBR/duty,Ann,webhook,{calls.url}/ann,en")
    office.once()
    deliveries = Deliveries(office.folder / "deliveries.db")
    code, now = opened(office, deliveries, "Ann")[0].code, play.at.timestamp()
    with pytest.raises(Refused, match="no alert with the code"):
        confirm(deliveries, contacts, "AAAAAAAA", PIN, now)
    for _ in range(MOST_GUESSES):
        with pytest.raises(Refused, match="does not go with"):
            confirm(deliveries, contacts, code, "000000", now)
    with pytest.raises(Refused, match="too many"):
        confirm(deliveries, contacts, code, PIN, now)
    assert confirm(deliveries, contacts, code, PIN, now + 1_000).seat == "GBR/duty"
    deliveries.close()


def test_a_seat_is_ready_with_two_channels_confirmed_within_thirty_days(tmp_path, play, calls):
    office = Office(
        tmp_path / "office", play, webhook={"secret_file": "secret"},
        sms={"url": f"{calls.url}/sms", "form": {"to": "{to}", "text": "{text}"}},
    )  # fmt: skip
    contacts = office.people(f"GBR/duty,Ann,webhook,{calls.url}/ann,en", "GBR/duty,Ann,sms,+447700900123,en")
    deliveries = Deliveries(office.folder / "deliveries.db")
    now = play.at.timestamp()

    def ready(at: float) -> bool:
        (found,) = reach(["GBR/duty"], contacts, deliveries, at)
        return found.ready

    test = plan_test(contacts, deliveries, office.sealed, now, ("GBR/duty",))
    office.once()
    assert rate(deliveries) == {test: (1, 0)}
    first, second = deliveries.all(test)
    assert (first.state, second.state) == ("sent", "sent")
    confirm(deliveries, contacts, first.code, PIN, now)
    assert not ready(now)
    confirm(deliveries, contacts, second.code, PIN, now)
    assert ready(now)
    assert ready(now + 29 * DAY.total_seconds())
    assert not ready(now + 31 * DAY.total_seconds())
    assert rate(deliveries) == {test: (1, 1)}
    assert any("EXERCISE" in body.decode() for path, _, body in calls.found if path == "/sms")
    deliveries.close()
