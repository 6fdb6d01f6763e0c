"""CAP alerts are as the standard's data dictionary wants them; invitations keep their UID and count up.

The rules below are those of OASIS CAP 1.2, section 3.2: which elements, in which order, with which values.
"""

from __future__ import annotations

import re

import pytest
from lxml import etree
from msgspec.structs import replace

from foedus.acts import Marking
from foedus.alerts.cap import NAMESPACE, cap_alert
from foedus.alerts.following import Following
from foedus.alerts.icalendar import FOLD_BYTES, invitation
from foedus.alerts.messages import Message
from foedus.response import acts as r
from tests.plays import HOUR, staged

ALERT = (
    "identifier", "sender", "sent", "status", "msgType", "source", "scope", "restriction", "addresses", "code", "note",
    "references", "incidents", "info",
)  # fmt: skip
INFO = (
    "language", "category", "event", "responseType", "urgency", "severity", "certainty", "audience", "eventCode",
    "effective", "onset", "expires", "senderName", "headline", "description", "instruction", "web", "contact",
    "parameter", "resource", "area",
)  # fmt: skip
NEEDED = {
    "alert": {"identifier", "sender", "sent", "status", "msgType", "scope"},
    "info": {"category", "event", "urgency", "severity", "certainty"},
}
VALUES = {
    "status": {"Actual", "Exercise", "System", "Test", "Draft"},
    "msgType": {"Alert", "Update", "Cancel", "Ack", "Error"},
    "scope": {"Public", "Restricted", "Private"},
    "category": {"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE"},
    "responseType": {
        "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"
    },
    "urgency": {"Immediate", "Expected", "Future", "Past", "Unknown"},
    "severity": {"Extreme", "Severe", "Moderate", "Minor", "Unknown"},
    "certainty": {"Observed", "Likely", "Possible", "Unlikely", "Unknown"},
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d\Z")


def name_of(element) -> str:
    found = etree.QName(element)
    assert found.namespace == NAMESPACE
    return found.localname


def check(element, order: tuple[str, ...]) -> dict[str, str]:
    names = [name_of(one) for one in element]
    assert set(names) <= set(order)
    assert [order.index(name) for name in names] == sorted(order.index(name) for name in names)
    assert NEEDED[name_of(element)] <= set(names)
    for one in element:
        name, said = name_of(one), one.text or ""
        assert said in VALUES.get(name, {said})
        if name in ("sent", "expires"):
            assert MOMENT.match(said)
        if name in ("identifier", "sender"):
            assert not re.search(r"[\s,<&]", said)
    return {name_of(one): one.text or "" for one in element}


@pytest.fixture
def following(tmp_path):
    play = staged("kyiv-2022", "activated", tmp_path / "record")
    incident = play.state.response.responses["R-1"].incident
    party = play.state.response.incidents[incident].party
    play.at += HOUR
    play.do(f"{party}/duty", r.CorrectIncident(incident, (r.Figure("missiles_launched", 3),)))
    play.at += HOUR
    assert play.somebody(r.WithdrawIncident, party)
    following = Following(play.depositary.store)
    yield following, [message for _, told in following.new() for message in told]
    play.close()


def test_every_alert_is_as_the_standard_wants_it(following):
    follows, told = following
    names, kinds = [], {}
    for message in told:
        data = cap_alert(message, follows.state, "a.example/b c", "EXERCISE a & b EXERCISE", "text <more>\x07", "uk")
        root = etree.fromstring(data)
        said = check(root, ALERT)
        assert check(root.find(f"{{{NAMESPACE}}}info"), INFO)["language"] == "uk"
        assert said["status"] == "Exercise"
        if message.party == "GBR":
            kinds[message.kind] = said["msgType"]
        names.append(said["identifier"])
        if said["msgType"] != "Alert":
            sender, first, sent = said["references"].split(",")
            assert (sender, first in names, bool(MOMENT.match(sent))) == (said["sender"], True, True)
    assert len(set(names)) == len(names)
    assert (kinds["opened"], kinds["corrected"], kinds["withdrawn"]) == ("Alert", "Update", "Cancel")
    live = replace(told[-1], exercise=False)
    assert b"<status>Actual<" in cap_alert(live, follows.state, "a.example", "a", "b", "en")


def test_invitations_keep_their_uid_count_up_and_end_in_a_cancellation(following):
    follows, told = following
    mine = [message for message in told if message.party == "GBR"]
    made = [invitation(message, follows.clauses, follows.state, "a.example/b", "ПОДІЯ " * 30) for message in mine]
    calendars = [(message, data.decode()) for message, data in zip(mine, made, strict=True) if data is not None]
    assert {message.kind for message, _ in calendars} == {"opened", "withdrawn"}
    sequences = []
    for message, text in calendars:
        assert all(len(line.encode()) <= FOLD_BYTES for line in text.split("\r\n"))
        whole = text.replace("\r\n ", "")
        assert "UID:R-1@a.example/b\r\n" in whole
        assert "ПОДІЯ ПОДІЯ" in whole
        sequences.append(int(re.findall(r"SEQUENCE:(\d+)", whole)[0]))
        assert sequences[-1] == message.entry
        assert "METHOD:CANCEL" in whole  # the response is over in the state that is asked
    assert sequences == sorted(sequences)


def test_what_is_marked_goes_out_without_content(following):
    from foedus.alerts.contacts import Channel, Person
    from foedus.alerts.saying import is_open, say

    follows, told = following
    ann = Person("p", "GBR/duty", "Ann", "en", "", (Channel("mail", "a@b.example"),))
    message: Message = told[0]
    for marking in (Marking("restricted"), Marking("unclassified", ("POL",))):
        hidden = replace(message, marking=marking)
        assert not is_open(hidden)
        parcel = say(hidden, follows.clauses, follows.state, ann, "CODE2345", "a.example", "")
        assert message.about not in parcel.text + parcel.subject
        assert "attack" not in parcel.text.lower()
        assert "CODE2345" in parcel.text
    assert message.about in say(message, follows.clauses, follows.state, ann, "CODE2345", "a.example", "").text
