"""Acting as a seat of an exercise: only what options offer, exactly the bytes shown, two seats where two must sign."""

from __future__ import annotations

import hashlib
import json
import re
from html import unescape
from urllib.parse import urlencode

import pytest

from foedus.acts import decode_entry
from foedus.response import callbacks
from foedus.response.acts import Acknowledge, ProposeMeasure, RegisterDelegation
from foedus.words.read_back import spoken
from tests.web.small_exercise import Small, console, path_of, words


@pytest.fixture
def small(tmp_path):
    made = Small(tmp_path / "record")
    yield made
    made.depositary.close()


@pytest.fixture
def reader(small):
    with console(small) as found:
        yield found


def payload(answer):
    """The exact text on the page on which it is checked."""
    found = re.search(r'id="exact">(.*?)</pre>', answer.text, re.DOTALL)
    assert found, "the page shows no text to sign"
    return unescape(found[1]).encode()


def test_what_is_signed_is_what_was_shown(small, reader):
    small.activate()
    reader.sits("POL/duty")
    checked = reader.post("/act/Acknowledge?response=R-1", {"words": "Duty officer informed."})
    shown = payload(checked)
    assert hashlib.sha256(shown).hexdigest() in checked.text
    assert "Poland has received the call" in words(checked)
    done = reader.post(path_of(checked))
    assert path_of(done) == f"/act/receipt/{small.depositary.state.size - 1}"
    entry = decode_entry(next(small.depositary.record.entries(small.depositary.state.size - 1)))
    assert entry.act.payload == shown
    receipt = json.loads(reader.get(f"{path_of(done)}/receipt.json").content)
    assert receipt["payload_sha256"] == hashlib.sha256(shown).hexdigest()
    assert receipt["checkpoint"].startswith("exercise.foedus.example/small\n")


@pytest.mark.parametrize(
    ("chosen", "released", "says"),
    [
        ([], (), "text, 14 bytes"),
        (["POL"], ("POL",), "released to: Poland"),
        (["UKR"], ("UKR",), "released to: Ukraine"),
        (["UKR", "EST"], ("UKR", "EST"), "released to: Ukraine, Estonia"),
    ],
)
def test_what_is_attached_is_for_whom_the_form_names(small, reader, chosen, released, says):
    small.activate()
    reader.sits("POL/duty")
    form = reader.get("/act/Acknowledge?response=R-1")
    assert "Readers of Poland alone" in words(form)
    assert 'type="checkbox" value="UKR"' in form.text
    checked = reader.post("/act/Acknowledge?response=R-1", {"words": "For two of us.", "readers": chosen})
    attachment = json.loads(payload(checked))["attachments"][0]
    assert attachment["marking"] == ({"release_to": list(released)} if released else {})
    assert says in words(checked)


def test_nobody_outside_the_compact_can_be_named_as_a_reader(small, reader):
    small.activate()
    reader.sits("POL/duty")
    back = reader.post("/act/Acknowledge?response=R-1", {"words": "For nobody.", "readers": ["UKR", "XYZ"]})
    assert back.status_code == 422
    assert "Who may read what is attached: choose one of those offered" in words(back)
    assert "<details open><summary>Name the parties" in back.text
    assert 'value="UKR" checked' in back.text


def test_two_seats_sign_one_act_and_the_second_finds_it_as_its_button(small, reader):
    small.report()
    reader.sits("UKR/head")
    checked = reader.post("/act/Activate?incident=I-1")
    size = small.depositary.state.size
    held = reader.post(path_of(checked))
    assert path_of(held) == path_of(checked)
    assert "another seat of your party must sign" in words(held)
    assert small.depositary.state.size == size, "one signature of two is no act yet"
    assert reader.post(path_of(checked)).status_code == 409, "the same seat cannot be the second"
    home = reader.sits("UKR/foreign").get("/")
    assert path_of(checked) in home.text
    assert reader.sits("POL/head").get(path_of(checked)).status_code == 404, "a draft is its party's own"
    done = reader.sits("UKR/foreign").post(path_of(checked))
    assert "Response R-1 is open" in words(done)
    entry = decode_entry(next(small.depositary.record.entries(size)))
    assert len(entry.act.signatures) == 2


def test_what_options_do_not_offer_cannot_be_begun(small, reader):
    small.activate()
    for seat, address in (
        ("UKR/duty", "/act/Activate?incident=I-1"),
        ("POL/duty", "/act/TakePosition?measure=R-1/M-1"),
        ("POL/duty", "/act/Nonsense"),
        ("AUT/delegation", "/act/RegisterDelegation?response=R-1"),
    ):
        answer = reader.sits(seat).get(address)
        assert answer.status_code == 403, address
        assert "not open to" in words(answer)
    assert reader.sits("").get("/act").status_code == 403, "nobody acts without a seat"


def test_what_was_overtaken_is_refused_with_its_clause_and_nothing_is_recorded(small, reader):
    small.activate()
    reader.sits("POL/duty")
    checked = reader.post("/act/Acknowledge?response=R-1")
    small.do("POL/head", Acknowledge("R-1"))
    size = small.depositary.state.size
    refused = reader.post(path_of(checked))
    assert refused.status_code == 403
    assert "Poland has already acknowledged" in words(refused)
    assert "P10.start" in refused.text
    assert 'id="sign"' not in refused.text
    assert small.depositary.state.size == size


def test_a_form_says_beside_each_field_what_cannot_be_read(small, reader):
    answer = reader.sits("UKR/duty").post(
        "/act/ReportIncident",
        {"kind": "armed_attack", "territory": "UA", "occurred_from": "yesterday", "figure.missiles_launched": "many"},
    )
    assert answer.status_code == 422
    assert 'href="#occurred_from"' in answer.text
    assert 'href="#figure-missiles_launched"' in answer.text
    assert 'value="yesterday"' in answer.text, "what was written stays"


@pytest.mark.parametrize("written", ["2026-10-10 05:00", "10.10.2026 05:00", "2026-10-10T05:00", "2026-10-10T02:00Z"])
def test_a_moment_is_read_in_the_time_of_the_readers_console(small, reader, written):
    checked = reader.sits("UKR/duty").post(
        "/act/ReportIncident", {"kind": "armed_attack", "territory": "UA", "occurred_from": written}
    )
    assert b'"occurred_from":"2026-10-10T02:00:00Z"' in payload(checked)


def test_evidence_in_words_is_attached_by_digest_and_not_in_the_act(small, reader):
    seen = "Two explosions near the station."
    checked = reader.sits("UKR/duty").post(
        "/act/ReportIncident",
        {"kind": "armed_attack", "territory": "UA", "occurred_from": "2026-10-10 05:30", "evidence.words": seen},
    )
    assert seen.encode() not in payload(checked)
    reader.post(path_of(checked))
    digest = small.depositary.state.response.incidents["I-1"].evidence[0].evidence.attachment
    assert small.depositary.store.get_blob(digest)[32:] == seen.encode()


def test_an_incident_without_evidence_asks_for_it_first(small, reader):
    reader.sits("UKR/duty").post(
        path_of(reader.post("/act/ReportIncident", {"kind": "armed_attack", "territory": "UA",
                                                    "occurred_from": "2026-10-10 05:30"}))
    )  # fmt: skip
    home = reader.sits("UKR/head").words("/")
    assert "Add evidence: I-1" in home
    assert "Activate" not in home
    answer = reader.post("/act/AddEvidence?incident=I-1", {"evidence.words": ""})
    assert "Evidence is needed" in words(answer)
    reader.post(path_of(reader.post("/act/AddEvidence?incident=I-1", {"evidence.words": "Wreckage."})))
    assert "Activate the guarantees" in reader.words("/")


def test_a_measure_of_ones_own_is_proposed_revised_and_joined_in_part(small, reader):
    small.activate()
    reader.sits("UKR/foreign")
    checked = reader.post("/act/ProposeMeasure?response=R-1", {"kind": "technical", "proposal": "Rebuild the line."})
    assert reader.post(path_of(checked)).status_code == 200
    first = small.depositary.state.response.measures["R-1/M-1"].text
    checked = reader.post("/act/ReviseMeasure?measure=R-1/M-1", {"proposal": "Rebuild both lines."})
    reader.post(path_of(checked))
    assert small.depositary.state.response.measures["R-1/M-1"].text != first
    position = {"stance": "joins_ad_referendum", "contribution.1.kind": "funds", "contribution.1.quantity": "2,5",
                "contribution.1.currency": "eur", "contribution.2.kind": "generator", "caveats": ["transit-only"],
                "confirm_by": "2026-10-11 12:00", "starts_on": "20.10.2026"}  # fmt: skip
    checked = reader.sits("POL/delegation").post("/act/TakePosition?measure=R-1/M-1", position)
    body = json.loads(payload(checked))["body"]
    assert body["contributions"] == [
        {"kind": "funds", "amount": "2.5", "currency": "EUR"},
        {"kind": "generator", "disclosed": False},
    ]
    assert body["starts_on"] == "2026-10-20"
    assert body["confirm_by"] == "2026-10-11T12:00:00Z"
    reader.post(path_of(checked))
    page = reader.words("/response/R-1")
    assert "Joined, capital to confirm: 1" in page
    assert "Generators (kW): not disclosed" in page


def test_every_offered_form_opens_and_every_act_it_makes_is_accepted(small, reader):
    """What options offer, the form fills in without help, and the check finds nothing to refuse."""
    small.activate()
    small.do("UKR/foreign", ProposeMeasure("R-1", menu="repair"))
    helped = {"stance": "joins", "choice": "yes", "evidence.words": "Seen.", "proposal": "Words.",
              "head": "delegation", "remote": "no", "until": "2026-10-10 08:00", "key": "ab" * 32,
              "instrument": "reg-1", "case": "case-1", "source.words": "A call.",
              "heard": spoken(callbacks.words(small.depositary.state, "R-1"), "en")}  # fmt: skip
    for seat in ("UKR/head", "UKR/duty", "POL/head", "POL/delegation", "AUT/duty"):
        listed = reader.sits(seat).get("/act").text
        addresses = {unescape(found) for found in re.findall(r'href="(/act/[A-Z][^"]+)"', listed)}
        assert addresses
        for offered in sorted(addresses):
            address = offered
            form = reader.get(address)
            assert form.status_code == 200, address
            if 'name="subject"' in form.text:  # whose words, and about what, is asked first
                address = f"{address.partition('?')[0]}?{urlencode(as_it_stands(form))}"
                form = reader.get(address)
            asked = {name: value for name, value in helped.items() if f'name="{name}"' in form.text}
            checked = reader.post(address, {**as_it_stands(form), **asked})
            assert path_of(checked).startswith("/act/check/"), (seat, address, words(checked)[:300])
            assert 'id="refused"' not in checked.text, (seat, address, words(checked)[:300])


def as_it_stands(form):
    """What a hasty reader sends: every field as it is, the first choice where nothing is chosen."""
    inputs = re.findall(r'<input[^>]*type="text"[^>]*value="([^"]*)"[^>]*name="([^"]+)"', form.text)
    found = {name: value for value, name in inputs}
    for name, value in re.findall(r'name="([^"]+)" type="radio" value="([^"]*)"', form.text):
        found.setdefault(name, value)
    for name, value in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>\s*<option value="([^"]*)"', form.text):
        found.setdefault(name, value)
    return found


def test_a_live_record_has_no_page_that_could_sign(small):
    with console(small) as reader:
        reader.client.app.state.console.acting = None
        for path in ("/seat", "/act", "/act/Acknowledge?response=R-1"):
            assert reader.sits("POL/duty").get(path).status_code == 404
        assert "This console only reads" in reader.words("/")


def test_words_of_delegations_are_offices_of_the_compact(small, reader):
    small.activate()
    answer = reader.sits("POL/foreign").post(
        "/act/RegisterDelegation?response=R-1", {"head": "emperor", "remote": "no"}
    )
    assert "choose one of those offered" in words(answer)
    small.do("POL/foreign", RegisterDelegation("R-1", "delegation", remote=True))
    assert "remote" in reader.words("/response/R-1")
