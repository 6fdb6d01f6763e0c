"""`mandates` and `call-back`: who would be late by its own law; words to be read back, numbers from the register."""

from __future__ import annotations

import json

import pytest

from tests.alerts.sinks import smtp
from tests.cli.test_alerting import settings


@pytest.fixture
def mandate(foedus, tmp_path, exercise):
    body = tmp_path / "mandate.json"
    step = {"step": "parliament", "takes_hours": 200}
    body.write_text(json.dumps({"act": "StateMandate", "kind": "military", "steps": [step]}), "utf-8")
    ran = foedus("act", exercise, body, "--as", "FIN/head")
    assert ran.status == 0, ran.err


def test_who_could_not_decide_and_which_step_to_authorise(foedus, exercise, mandate):
    told = foedus.json("mandates", exercise)
    assert told["within"] == "PT72H"
    (late,) = [one for one in told["parties"] if (one["party"], one["kind"]) == ("FIN", "military")]
    assert (late["code"], late["hours"], late["authorise"]) == ("late", 200, ["parliament"])
    out = foedus("mandates", exercise).out
    assert "Finland, military measure: 200 h. Authorise now: consent of parliament." in out
    before = foedus.json("mandates", exercise, "--as-of", "2024-01-01T00:00Z")["parties"]
    assert {one["code"] for one in before} == {"unstated"}
    assert foedus("mandates", exercise, "--as-of", "soon").status == 2


def test_the_words_are_read_back_and_the_act_is_made_of_them(foedus, exercise, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(
        "seat,name,channel,address,language,pin\n"
        "UKR/duty,Olha,mail,olha@ua.example,uk,482913\nUKR/duty,Olha,call,+380441234567,uk,482913\n"
    )
    response = "R-2"
    with smtp() as box:
        config = settings(tmp_path, box)
        taken = foedus.json("contacts", "import", people, exercise, "--config", config)
        assert taken["channels"] == 1, "a number to call is no channel: nothing is sent there"
        told = foedus.json("call-back", exercise, response, "--config", config)
    assert told["offices"] == [{"seat": "UKR/duty", "name": "Olha", "calls": ["+380441234567"]}]
    made = foedus("call-back", exercise, response, "--called", "UKR/duty", "--heard", told["words"]["uk"])
    body = tmp_path / "call.json"
    body.write_text(made.out, "utf-8")
    ran = foedus("act", exercise, body, "--as", "FIN/duty")
    assert ran.status == 0, ran.err
    wrong = foedus("call-back", exercise, response, "--called", "UKR/duty", "--heard", "apple abracadabra")
    assert (wrong.status, "no word of the list" in wrong.line) == (2, True)
    body.write_text(foedus("call-back", exercise, response, "--called", "UKR/duty", "--heard", "apple").out, "utf-8")
    refused = foedus("act", exercise, body, "--as", "FIN/duty")
    assert (refused.status, "not the words of the request" in refused.line) == (1, True)
    assert foedus("call-back", exercise, "R-99").status == 1
