"""The API: what it answers has the type it is described with, and what it proves can be proved without it."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.acts import decode_entry
from foedus.compact.model import from_canonical
from foedus.exercise import ExerciseKeys, build
from foedus.record.checkpoint import verify_checkpoint
from foedus.record.merkle import leaf_hash, verify_consistency
from foedus.record.note import parse_vkey
from foedus.record.proof import parse_proof, verify_proof
from foedus.verify.sources import published
from foedus.verify.walk import Walk
from foedus.web import api, api_checkpoints, api_submitting, api_types, examples
from foedus.web.access import Access
from foedus.web.limits import Buckets, Rate
from foedus.web.yente.routes import HANDLERS as SCREENING
from foedus.web.yente.routes import PREFIX
from tests.web.live_record import OPEN, Live, console


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    folder = tmp_path_factory.mktemp("api") / "exercise"
    depositary = build(folder, seed=3)
    yield depositary
    depositary.close()


@pytest.fixture(scope="module")
def asked(exercise):
    """A console over the exercise."""
    with console(exercise) as client:
        yield client


@pytest.fixture
def live(tmp_path):
    record = Live(tmp_path / "live")
    yield record
    record.depositary.close()


@pytest.fixture
def client(live):
    with console(live.depositary) as client:
        yield client


def answer(client, path, kind):
    response = client.get(path)
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=kind)


# --- what is described is what is answered --------------------------------------------------------------------

HANDLERS = api.handlers
ANSWERED = {
    "/api/state": api_types.StateView,
    "/api/responses": api_types.Listed[api_types.ResponseSummary],
    "/api/responses/R-1": api_types.ResponseView,
    "/api/responses/R-2": api_types.ResponseView,
    "/api/incidents": api_types.Listed[api_types.IncidentView],
    "/api/parties?count=100": api_types.Listed[api_types.PartyView],
    "/api/parties/POL": api_types.PartyView,
    "/api/parties/EUE": api_types.PartyView,
    "/api/entries?start=0&count=100": api_types.Listed[api_types.EntryView],
    "/api/entries?act=TakePosition": api_types.Listed[api_types.EntryView],
    "/api/entries/0": api_types.EntryView,
    "/api/checkpoint": api_checkpoints.CheckpointView,
    "/api/consistency?old=5": api_types.Consistency,
    "/api/healthz": api_types.Health,
}


def fits(path, template):
    """Whether an address is of this template, such as `/api/entries/{number:int}`."""
    pattern = re.sub(r"\{\w+:(\w+)\}", lambda found: r"\d+" if found[1] == "int" else r"[\w-]+", template)
    return re.fullmatch(pattern, path.split("?")[0])


@pytest.mark.parametrize("path", ANSWERED)
def test_an_answer_has_the_type_it_is_described_with(asked, path):
    said = next(handler.opt["says"] for handler in HANDLERS if any(fits(path, one) for one in handler.paths))
    assert said.answer == ANSWERED[path]
    answer(asked, path, ANSWERED[path])


def test_every_address_of_the_api_is_described_and_no_other(asked):
    described = asked.get("/api/openapi.json").json()
    there = {
        re.sub(r"\{(\w+):\w+\}", r"{\1}", path)
        for handler in HANDLERS
        for path in handler.paths
        if path.startswith("/api/")
    }
    beside = {PREFIX + re.sub(r"\{(\w+):\w+\}", r"{\1}", path) for handler in SCREENING for path in handler.paths}
    assert set(described["paths"]) == there | beside
    assert all("says" in handler.opt for handler in (*HANDLERS, *SCREENING))


def test_the_description_holds_together(asked):
    described = asked.get("/api/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    text = msgspec.json.encode(described).decode()
    schemas = described["components"]["schemas"]
    assert {ref.rpartition("/")[2] for ref in re.findall(r'"\$ref":"([^"]+)"', text)} <= set(schemas)
    names = [op["operationId"] for path in described["paths"].values() for op in path.values()]
    assert len(names) == len(set(names))
    for path in described["paths"].values():
        for operation in path.values():
            assert {"401", "421", "429"} <= set(operation["responses"]), "these may answer anywhere"


@pytest.mark.parametrize("name", ["RECEIPT", "BATCH", "STATE", "CHECKPOINT", "PROBLEM"])
def test_an_example_is_of_the_type_it_stands_for(name):
    example = getattr(examples, name)
    assert msgspec.json.decode(msgspec.json.encode(example), type=type(example)) == example


def test_the_example_of_an_envelope_is_one():
    from foedus.record.envelope import decode_envelope

    decode_envelope(msgspec.json.encode(examples.ENVELOPE))
    msgspec.json.decode(msgspec.json.encode(examples.ACTS), type=api_submitting.Acts)


# --- submitting -------------------------------------------------------------------------------------------------


def test_a_signed_act_is_recorded_and_its_receipt_leads_to_a_proof(live, client):
    sent = client.post("/api/acts", content=live.enrol("POL"))
    assert sent.status_code == 201, sent.text
    receipt = msgspec.json.decode(sent.content, type=api_types.Receipt)
    assert receipt.entry == 1
    key = parse_vkey(client.get("/api/checkpoint").json()["key"])
    raw = client.get(f"{receipt.links.entry}/raw").content
    assert verify_proof(raw, client.get(receipt.links.proof).content, key) == 1
    assert decode_entry(raw).events == receipt.events


def test_an_act_enters_once(live, client):
    envelope = live.enrol("POL")
    assert client.post("/api/acts", content=envelope).status_code == 201
    again = client.post("/api/acts", content=envelope)
    assert (again.status_code, again.json()["clause"]) == (403, "record/replay")
    assert live.depositary.state.size == 2


def test_a_changed_act_does_not_enter(live, client):
    envelope = msgspec.json.decode(live.enrol("POL"))
    payload = base64.b64decode(envelope["payload"]).replace(b'"POL"', b'"EST"')
    envelope["payload"] = base64.b64encode(payload).decode()
    refused = client.post("/api/acts", content=msgspec.json.encode(envelope))
    assert refused.status_code == 400
    assert live.depositary.state.size == 1


def test_of_a_batch_each_is_refused_alone(live, client):
    first, second = live.enrol("POL"), live.enrol("EST")
    acts = b",".join(b'{"envelope":%b}' % one for one in (first, first, second))
    results = client.post("/api/acts/batch", content=b'{"acts":[%b]}' % acts)
    assert results.status_code == 200, results.text
    done = msgspec.json.decode(results.content, type=api_types.Batch).results
    assert [one.receipt is not None for one in done] == [True, False, True]
    assert done[1].problem is not None
    assert done[1].problem.clause == "record/replay"
    assert live.depositary.state.size == 3


def test_a_batch_has_a_bound(client):
    acts = msgspec.json.encode({"acts": [{"envelope": {}}] * 101})
    assert client.post("/api/acts/batch", content=acts).status_code == 400


def test_an_attachment_comes_with_its_act_and_can_be_erased(live, client):
    envelope, digest, sent = live.evidence("POL", b"photograph", OPEN)
    alone = client.post("/api/acts", content=envelope)
    assert (alone.status_code, alone.json()["clause"]) == (403, "record/attachment")
    both = b'{"envelope":%b,"attachments":%b}' % (envelope, msgspec.json.encode([sent]))
    assert client.post("/api/acts", content=both).status_code == 201
    found = client.get(f"/api/attachments/{digest}")
    assert found.content == b"photograph"
    salt = bytes.fromhex(found.headers["foedus-salt"])
    assert hashlib.sha256(salt + found.content).hexdigest() == digest
    assert found.headers["content-disposition"].startswith("attachment")
    live.depositary.store.erase_blob(digest)
    assert client.get(f"/api/attachments/{digest}").status_code == 410
    assert client.get("/api/entries/1").json()["statement"]["attachments"][0]["digest"] == digest


def test_a_body_has_a_bound(client):
    assert client.post("/api/acts", content=b" " * 2_000_000).status_code == 413
    assert client.post("/api/acts", content=b" " * 60_000).status_code == 400


# --- what it proves -----------------------------------------------------------------------------------------------


def test_the_tiles_are_enough_to_verify_the_whole_record(asked, exercise):
    def fetch(path):
        response = asked.get(f"/{path}")
        return response.content if response.status_code == 200 else None

    source = published("here", "server", fetch, lambda digest: fetch(f"api/compact?digest={digest}"))
    walk = Walk(source, (), state=True, rules=True)
    walk.run(1, None)
    assert walk.frontier.size == exercise.state.size


def test_a_tile_that_does_not_exist_yet_is_not_there(asked, exercise):
    full, rest = divmod(exercise.state.size, 256)
    assert asked.get(f"/tile/0/{full:03d}").status_code == 404
    assert asked.get(f"/tile/0/{full:03d}.p/{rest}").status_code == 200
    assert asked.get(f"/tile/0/{full:03d}.p/{rest + 1}").status_code == 404
    for path in ("/tile/0/0", "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/64/000", "/tile/entries/x000/000"):
        assert asked.get(path).status_code == 404, path


def test_every_entry_has_a_proof(asked, exercise):
    key = parse_vkey(asked.get("/api/checkpoint").json()["key"])
    for number in (0, 1, 255, 256, exercise.state.size - 1):
        raw = asked.get(f"/api/entries/{number}/raw").content
        proof = parse_proof(asked.get(f"/api/entries/{number}/proof").content)
        assert verify_proof(raw, proof, key) == number
        assert proof.extra == raw, "the proof carries the entry where it fits"
        assert asked.get(f"/api/entries/{number}").json()["leaf"] == leaf_hash(raw).hex()


def test_the_checkpoint_is_signed_by_the_key_that_entry_0_declares(asked, exercise):
    view = answer(asked, "/api/checkpoint", api_checkpoints.CheckpointView)
    signed, _ = verify_checkpoint(asked.get("/checkpoint").content, parse_vkey(view.key))
    assert (signed.origin, signed.size) == (view.origin, view.size)
    assert exercise.state.parties.record.depositary_key == parse_vkey(view.key).public.hex()


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_a_larger_record_only_added_to_a_smaller(asked, exercise, data):
    new = data.draw(st.integers(1, exercise.state.size))
    old = data.draw(st.integers(1, new))
    found = answer(asked, f"/api/consistency?old={old}&new={new}", api_types.Consistency)
    hashes = [base64.b64decode(one) for one in found.hashes]
    verify_consistency(old, new, hashes, base64.b64decode(found.old_root), base64.b64decode(found.new_root))


def test_the_compact_has_the_digest_under_which_acts_are_signed(asked, exercise):
    response = asked.get("/api/compact")
    assert hashlib.sha256(response.content).hexdigest() == exercise.state.parties.compact
    assert from_canonical(response.content).id == "kyiv-2022"
    assert response.headers["etag"].strip('"') == exercise.state.parties.compact


# --- lists and moments --------------------------------------------------------------------------------------------


@given(start=st.integers(0, 1000), count=st.integers(1, 100))
@settings(max_examples=20, deadline=None)
def test_a_list_is_bounded_and_goes_on(asked, exercise, start, count):
    part = answer(asked, f"/api/entries?start={start}&count={count}", api_types.Listed[api_types.EntryView])
    size = exercise.state.size
    assert [one.number for one in part.items] == list(range(min(start, size), min(start + count, size)))
    assert (part.next is None) == (start + count >= size)
    if part.next:
        after = answer(asked, part.next, api_types.Listed[api_types.EntryView])
        assert after.items[0].number == start + count


@pytest.mark.parametrize("path", ["entries", "parties", "responses", "incidents"])
def test_no_list_gives_more_than_a_hundred(asked, path):
    assert asked.get(f"/api/{path}?count=101").status_code == 400
    assert len(asked.get(f"/api/{path}?count=100").json()["items"]) <= 100


def test_filters_find_what_reading_everything_finds(asked, exercise):
    every = []
    for start in range(0, exercise.state.size, 100):
        every += asked.get(f"/api/entries?start={start}&count=100").json()["items"]
    wanted = [one["number"] for one in every if one["party"] == "POL" and one["act"] == "Acknowledge"]
    found = asked.get("/api/entries?party=POL&act=Acknowledge&count=100").json()
    assert [one["number"] for one in found["items"]] == wanted
    assert found["total"] == len(wanted) > 0


def test_the_past_shows_what_was_recorded_by_then(asked, exercise):
    opened = answer(asked, "/api/responses/R-2", api_types.ResponseView).opened
    before = (opened.at - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    assert asked.get(f"/api/responses/R-2?at={before}").status_code == 404
    there = answer(
        asked, f"/api/responses/R-2?at={opened.at.isoformat().replace('+00:00', 'Z')}", api_types.ResponseView
    )
    assert there.convened is None
    assert not there.measures
    sizes = [asked.get(f"/api/state?at={before}").json()["size"], asked.get("/api/state").json()["size"]]
    assert sizes == [opened.entry, exercise.state.size]
    listed = asked.get(f"/api/entries?at={before}&start={opened.entry}").json()
    assert listed["items"] == []


def test_health_says_nothing_of_the_record(asked):
    assert asked.get("/api/healthz").json() == {"status": "ok"}


def test_whoever_asks_too_often_is_told_how_long_to_wait(live):
    with console(live.depositary) as client:
        client.app.state["access"] = Access(reading=Buckets(Rate(per_second=0.01, burst=2)))
        assert [client.get("/api/state").status_code for _ in range(3)] == [200, 200, 429]
        refused = client.get("/record")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert client.post("/api/acts", content=live.enrol("POL")).status_code == 201, "acts have a limit of their own"


def test_an_exercise_act_enters_no_live_record(live, client, exercise, tmp_path):
    keys = ExerciseKeys(b"0" * 32)
    assert keys.key_of("POL/head").public
    entry = decode_entry(next(iter(exercise.record.entries(5, 6))))
    refused = client.post("/api/acts", content=msgspec.json.encode(entry.act))
    assert refused.status_code == 403
    assert refused.json()["clause"] in ("record/origin", "record/exercise")
