"""`act new`, `act`, `sign` and `submit`: from an empty form to a receipt, in one step or in three."""

from __future__ import annotations

import json

import pytest

from foedus.acts import ACT_NAMES
from foedus.remote import Answer, Remote
from foedus.verify import verify_record
from tests.cli.running import Foedus
from tests.verify.test_published import served


def written(path, body):
    path.write_text(json.dumps(body), "utf-8")
    return path


@pytest.fixture
def threat(tmp_path):
    """A report with a file as evidence."""
    (tmp_path / "picture.bin").write_bytes(b"picture")
    evidence = {
        "attachment": f"@{tmp_path / 'picture.bin'}",
        "obtained_by": "UKR/duty",
        "obtained_at": "2026-01-01T00:00:00Z",
        "how": "satellite",
    }
    body = {"act": "ReportIncident", "kind": "threat", "territory": "UA-30", "occurred_from": "2026-01-01T00:00:00Z"}
    return written(tmp_path / "threat.json", {**body, "evidence": [evidence]})


# --- act new ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ACT_NAMES)
def test_every_act_has_a_form(foedus, kind):
    body = json.loads(foedus("act", "new", kind).out)
    assert body["act"] == kind


def test_a_form_is_filled_in_with_what_the_seat_may_do(foedus, exercise, tmp_path):
    running = next(one for one in foedus.json("status", exercise)["responses"] if one["closed"] is None)
    measure = running["measures"][1]
    unseen = [party for party in measure["no_entry_yet"] if party not in running["present"]]
    seat = f"{unseen[0]}/delegation"
    ran = foedus("act", "new", "RecordPresence", "--record", exercise, "--seat", seat)
    assert json.loads(ran.out) == {"act": "RecordPresence", "response": "R-2"}
    ran = foedus("act", "new", "TakePosition", "--record", exercise, "--seat", seat, "--about", measure["id"])
    assert json.loads(ran.out)["measure"] == measure["id"]
    assert "such acts are possible" in ran.err
    out = tmp_path / "form.json"
    assert foedus("act", "new", "Reply", "--out", out).status == 0
    assert json.loads(out.read_text("utf-8"))["act"] == "Reply"
    assert "nothing is overwritten" in foedus("act", "new", "Reply", "--out", out).line


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (
            ["Report"],
            2,
            "'Report' is no act; expected one of ReportAsset, ReportDelivery, ReportIncident, ReportPerformance",
        ),
        (["Frob"], 2, "expected one of Accede"),
        (["Acknowledge", "--record", "DEMO"], 2, "--record needs --seat"),
        (["Acknowledge", "--record", "DEMO", "--seat", "XYZ/duty"], 2, "is no seat of this record"),
        (["Acknowledge", "--record", "DEMO", "--seat", "POL/duty"], 1, "Poland, duty desk cannot perform"),
        (["EnterTranscript", "--record", "DEMO", "--seat", "POL/duty"], 2, "is entered by `foedus act enter`"),
    ],
)
def test_what_cannot_be_drafted(foedus, exercise, arguments, status, says):
    ran = foedus("act", "new", *[str(exercise) if one == "DEMO" else one for one in arguments])
    assert (ran.status, ran.out) == (status, "")
    assert says in ran.line


# --- act ----------------------------------------------------------------------------------------------------


def test_an_act_is_performed_with_its_evidence(foedus, exercise, threat):
    ran = foedus("act", exercise, threat, "--as", "UKR/duty")
    assert ran.status == 0, ran.err
    assert "Recorded as entry" in ran.out
    assert "1 item of evidence stands with incident" in ran.out
    receipt = foedus.json("act", "perform", exercise, threat, "--as", "UKR/duty", "--attach", threat)
    assert [event["event"] for event in receipt["events"]] == ["IncidentReported", "EvidenceAdded"]
    report = verify_record(exercise, rules=True)
    assert report.signed == report.size == receipt["entry"] + 1


def test_what_is_attached_is_released_to_whom_the_command_names(foedus, exercise, tmp_path, threat):
    act = ("act", "perform", exercise, threat, "--as", "UKR/duty", "--release-to", "POL", "--release-to", "GBR")
    foedus.json(*act, "--attach", threat)
    for party, kept in (("GBR", 2), ("POL", 2), ("DEU", 0)):
        to = tmp_path / party
        foedus("export", exercise, "--to", to, "--for", party)
        endings = (threat.read_bytes(), b"picture")
        assert sum(path.read_bytes().endswith(endings) for path in (to / "blobs").glob("*")) == kept


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--attach", "HERE", "--release-to", "POLAND"], "'POLAND': the compact knows no such party"),
        (["--release-to", "POL"], "nothing is: attach a file"),
        (["--attach", "HERE", "--level", "cosmic"], "expected one of unclassified, restricted, confidential, secret"),
    ],
)
def test_a_marking_that_cannot_be(foedus, exercise, tmp_path, options, says):
    body = written(tmp_path / "body.json", {"act": "Acknowledge", "response": "R-2"})
    ran = foedus("act", exercise, body, "--as", "XAC/duty", *[body if one == "HERE" else one for one in options])
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.line


def test_an_act_of_two_persons_needs_both(foedus, exercise, tmp_path, threat):
    foedus("act", exercise, threat, "--as", "UKR/duty")
    attack = json.loads(threat.read_text("utf-8")) | {"kind": "armed_attack", "territory": "UA"}
    incident = foedus.json("act", exercise, written(tmp_path / "a.json", attack), "--as", "UKR/duty")
    number = incident["events"][0]["incident"]
    body = written(tmp_path / "activate.json", {"act": "Activate", "incident": number})
    ran = foedus("act", exercise, body, "--as", "UKR/foreign")
    assert ran.status == 1
    assert "needs signatures of" in ran.line
    assert foedus("act", exercise, body, "--as", "UKR/foreign", "--as", "UKR/defence").status == 0


@pytest.mark.parametrize(
    ("body", "seat", "status", "says"),
    [
        ({"act": "Acknowledge", "response": "R-99"}, "POL/duty", 1, "There is no response R-99"),
        ({"act": "Acknowledge", "response": "R-2"}, "POL/duty", 1, "already acknowledged"),
        ({"act": "Acknowledge", "response": "R-2", "x": 1}, "POL/duty", 2, "unknown field `x`"),
        ({"act": "Acknowledge", "response": 2}, "POL/duty", 2, "$.response"),
        ({"act": "Frob"}, "POL/duty", 2, "Frob"),
        ({"act": "Acknowledge", "response": "R-2"}, "XYZ/duty", 1, "speaks for no seat"),
        (
            {"act": "AddEvidence", "incident": "I-1", "evidence": "@/no/where"},
            "POL/duty",
            2,
            "/no/where cannot be read",
        ),
    ],
)
def test_what_is_refused_leaves_the_record_as_it_was(foedus, exercise, tmp_path, body, seat, status, says):
    before = verify_record(exercise, rules=False).root
    ran = foedus("act", exercise, written(tmp_path / "body.json", body), "--as", seat)
    assert (ran.status, ran.out) == (status, "")
    assert says in ran.line
    assert verify_record(exercise, rules=False).root == before


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"act":1.5}', b'{"act":"Reply","act":"Reply"}', b"\xff"])
def test_what_is_no_body_is_malformed(foedus, exercise, tmp_path, content):
    (tmp_path / "body").write_bytes(content)
    ran = foedus("act", exercise, tmp_path / "body", "--as", "POL/duty")
    assert ran.status == 2
    assert ran.line.startswith("malformed: ")


def test_a_file_that_is_not_there(foedus, exercise, tmp_path):
    assert "cannot be read" in foedus("act", exercise, tmp_path / "none", "--as", "POL/duty").line


# --- sign and submit ----------------------------------------------------------------------------------------


def test_signing_and_submitting_apart(foedus, exercise, tmp_path, threat):
    signed = tmp_path / "signed.json"
    unsigned = foedus("submit", exercise, threat)
    assert (unsigned.status, "signed by nobody yet: `foedus sign`" in unsigned.line) == (2, True)
    assert foedus("sign", threat, "--record", exercise, "--as", "UKR/duty", "--out", signed).status == 0
    assert set(json.loads(signed.read_text("utf-8"))) == {"envelope", "attachments"}
    assert foedus("submit", exercise, signed).status == 0
    again = foedus("submit", exercise, signed)
    assert again.status == 1
    assert "is already entry" in again.line


def test_a_second_signature_is_added_to_a_signed_act(foedus, tmp_path):
    keys = [tmp_path / name for name in ("head", "foreign", "defence")]
    for key in keys:
        foedus("key", "new", key, "--plain")
    record = tmp_path / "record"
    assert foedus("init", record, "--compact", "kyiv-2022", "--head", f"UKR/head={keys[0]}").status == 0
    for key in keys[1:]:
        assert foedus("seat", "enrol", record, f"UKR/{key.name}", "--public", key, "--key", keys[0]).status == 0
    body = written(tmp_path / "b.json", {"act": "RevokeSeat", "seat": "UKR/defence"})
    one = tmp_path / "one.json"
    assert foedus("sign", body, "--record", record, "--key", keys[0], "--out", one).status == 0
    two = json.loads(foedus("sign", one, "--key", keys[1]).out)
    assert len(two["signatures"]) == 2
    assert two["payload"] == json.loads(one.read_text("utf-8"))["payload"]
    assert "signed already" in foedus("sign", one).line
    assert foedus("sign", one, "--key", keys[0]).status == 2
    assert "--record says which record" in foedus("sign", body, "--key", keys[0]).line
    assert foedus("submit", record, written(tmp_path / "two.json", two)).status == 0


@pytest.mark.parametrize("content", ['{"payload":"","payloadType":"x","signatures":[]}', '{"envelope":1}', "{}", "x"])
def test_what_is_no_signed_act(foedus, exercise, tmp_path, content):
    (tmp_path / "signed.json").write_text(content, "utf-8")
    assert foedus("submit", exercise, tmp_path / "signed.json").status == 2


def test_an_act_signed_for_another_record_is_refused(foedus, exercise, tmp_path, threat):
    other = tmp_path / "other"
    foedus("init", other, "--compact", "kyiv-2022", "--exercise")
    body = written(
        tmp_path / "s.json", json.loads(foedus("act", "new", "SignText", "--record", other, "--seat", "POL/head").out)
    )
    signed = tmp_path / "signed.json"
    assert foedus("sign", body, "--record", other, "--as", "POL/head", "--out", signed).status == 0
    ran = foedus("submit", exercise, signed)
    assert ran.status == 1
    assert ran.line.startswith("refused: ")


@pytest.mark.parametrize(
    ("status", "answer", "expected", "says"),
    [
        (201, b'{"entry": 7, "at": "2026-10-10T12:00:00Z"}', 0, "Recorded as entry 7."),
        (403, b'{"error":"refused","because":"no","clause":"P1"}', 1, "refused: no [P1]"),
        (409, b'{"error":"conflict","because":"somebody else"}', 1, "answers 409: somebody else"),
        (400, b'{"error":"malformed","because":"odd"}', 2, "answers 400: odd"),
        (502, b"<html>", 1, "answers 502, which is no answer of a record"),
    ],
)
def test_what_a_server_answers(foedus: Foedus, monkeypatch, tmp_path, status, answer, expected, says):
    monkeypatch.setattr(Remote, "post", lambda self, path, content: Answer(status, {}, answer))
    ran = foedus("submit", "http://localhost:1", written(tmp_path / "s.json", {"payload": ""}))
    assert ran.status == expected
    assert says in ran.out + ran.err


def test_a_server_that_is_not_there(foedus, tmp_path):
    (tmp_path / "empty").mkdir()
    with served(tmp_path / "empty") as url:
        pass
    ran = foedus("submit", url, written(tmp_path / "s.json", {"payload": ""}))
    assert ran.status == 1
    assert ran.line.startswith("conflict: ")
    assert "submit it again" in ran.line
