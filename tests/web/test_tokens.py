"""Who may read a live record: with a token that names a party, kept as a hash, and in one answer for everybody else."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from foedus.acts import Attachment, Marking
from foedus.errors import Malformed, Refused, Tampered
from foedus.web import tokens
from foedus.web.access import Access, is_loopback
from foedus.web.limits import MOST_KEYS, Buckets, Rate
from tests.web.live_record import AWAY, START, Live, bearer, console

PAGES = ("/", "/record", "/record/0", "/compact", "/parties", "/response", "/checkpoint", "/tile/0/000.p/1")
API = ("/api/state", "/api/entries", "/api/entries/0", "/api/checkpoint", "/api/compact", "/api/nothing")
ONLY_UKR = Marking("restricted", ("UKR",))


@pytest.fixture
def live(tmp_path):
    record = Live(tmp_path / "live")
    yield record
    record.depositary.close()


@pytest.fixture
def pol(live):
    """A token for a reader of Poland."""
    return tokens.issue(live.depositary.store, "POL", "warsaw desk", START)


# --- the tokens themselves --------------------------------------------------------------------------------------


def test_only_the_hash_of_a_token_is_kept(live, pol):
    kept = live.depositary.store.setting(tokens.SETTING)
    assert pol.encode() not in kept
    assert hashlib.sha256(pol.encode()).hexdigest().encode() in kept
    found = tokens.matching(tokens.tokens(live.depositary.store), pol)
    assert found is not None
    assert found.party == "POL"


@pytest.mark.parametrize("wrong", ["", "foedus-read-", "x" * 300, "ключ", "\ud800"])
def test_another_token_matches_nothing(live, pol, wrong):
    assert tokens.matching(tokens.tokens(live.depositary.store), wrong) is None
    assert tokens.matching(tokens.tokens(live.depositary.store), pol + wrong) is None or wrong == ""


def test_a_name_is_given_once_and_a_revoked_token_opens_nothing(live, pol):
    store = live.depositary.store
    with pytest.raises(Refused):
        tokens.issue(store, "EST", "warsaw desk", START)
    tokens.revoke(store, "warsaw desk")
    assert tokens.matching(tokens.tokens(store), pol) is None
    with pytest.raises(Refused):
        tokens.revoke(store, "warsaw desk")


@pytest.mark.parametrize(("party", "name"), [("POL", ""), ("POL", "a\nb"), ("", "desk"), ("P L", "desk")])
def test_a_token_has_a_name_and_a_party(live, party, name):
    with pytest.raises(Malformed):
        tokens.issue(live.depositary.store, party, name, START)


def test_a_list_that_cannot_be_read_lets_nobody_in(live, pol):
    live.depositary.store.set_setting(tokens.SETTING, b"[{}]")
    with pytest.raises(Tampered):
        tokens.tokens(live.depositary.store)
    with console(live.depositary) as client:
        assert client.get("/api/state", headers=bearer(pol)).status_code == 500


# --- what they open ---------------------------------------------------------------------------------------------


def test_on_its_own_machine_a_record_without_tokens_is_open(live):
    with console(live.depositary) as client:
        assert all(client.get(path).status_code == 200 for path in PAGES)


def test_elsewhere_nothing_is_open_without_a_token(live):
    with console(live.depositary, AWAY) as client:
        for path in (*PAGES, *API, "/no/such/page"):
            refused = client.get(path)
            # An address that is not there is not there; it says nothing of the record either way.
            assert refused.status_code in ({404} if "no" in path else {401}), path
            assert "example.org/live" not in refused.text, path


def test_with_tokens_the_own_machine_needs_one_too(live, pol):
    with console(live.depositary) as client:
        assert client.get("/record").status_code == 401
        assert client.get("/record", headers=bearer(pol)).status_code == 200


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", AWAY])
def test_a_token_opens_pages_and_api(live, pol, base):
    with console(live.depositary, base) as client:
        for path in (*PAGES, *API[:-1]):
            assert client.get(path, headers=bearer(pol)).status_code == 200, path
            assert client.get(path, auth=("", pol)).status_code == 200, path
            assert client.get(path, auth=("anyone", pol)).status_code == 200, path


def test_whatever_is_wrong_the_answer_is_the_same(live, pol):
    tokens.revoke(live.depositary.store, "warsaw desk")
    tokens.issue(live.depositary.store, "POL", "another", START)
    wrong = [
        {},
        bearer(""),
        bearer("x"),
        bearer(pol),
        {"authorization": "Basic"},
        {"authorization": "Basic ###"},
        {"authorization": "Digest x"},
    ]
    with console(live.depositary) as client:
        answers = {
            (r.status_code, r.text, r.headers["www-authenticate"])
            for r in (client.get("/api/state", headers=h) for h in wrong)
        }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 401


def test_guessing_is_slowed_down(live, pol):
    with console(live.depositary) as client:
        client.app.state["access"] = Access(failing=Buckets(Rate(per_second=0.001, burst=3)))
        codes = [client.get("/api/state", headers=bearer(f"guess {n}")).status_code for n in range(5)]
        assert codes == [401, 401, 401, 429, 429]
        assert client.get("/api/state").status_code == 429, "a reader without a token is not told apart"


def test_what_says_nothing_of_the_record_needs_no_token(live, pol):
    with console(live.depositary, AWAY) as client:
        assert client.get("/api/healthz").json() == {"status": "ok"}
        assert client.get("/api/openapi.json").status_code == 200
        assert client.get("/static/foedus.css").status_code == 200


def test_an_act_needs_no_token_because_it_is_signed(live, pol):
    with console(live.depositary, AWAY) as client:
        assert client.post("/api/acts", content=live.enrol("EST")).status_code == 201
        assert client.post("/api/acts", content=b"{}").status_code == 400
        assert client.post("/api/acts/batch", content=b'{"acts":[]}').status_code == 200


def test_a_live_record_is_read_only(live):
    with console(live.depositary) as client:
        for path in ("/act", "/act/EnrolSeat", "/seat"):
            for method in ("GET", "POST"):
                answered = client.request(method, path, headers={"sec-fetch-site": "same-origin"})
                assert answered.status_code in (403, 404, 405), (method, path)
        assert "govuk-button act" not in client.get("/record").text
        assert live.depositary.state.size == 1


def test_the_host_a_reader_writes_opens_nothing(live):
    with console(live.depositary, AWAY) as client:
        assert client.get("/record", headers={"host": "localhost"}).status_code == 401


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("10.0.0.1", False), ("", False)],
)
def test_loopback_is_this_machine_alone(host, local):
    assert is_loopback(host) is local


# --- markings ---------------------------------------------------------------------------------------------------


@pytest.fixture
def marked(tmp_path):
    """A record that may hold what is restricted, with a token of each party."""
    record = Live(tmp_path / "marked", ceiling="restricted")
    store = record.depositary.store
    readers = {party: tokens.issue(store, party, f"{party} desk", START) for party in ("UKR", "POL", "EST")}
    yield record, readers
    record.depositary.close()


def test_an_act_for_some_parties_only_enters_no_record(marked):
    record, readers = marked
    with console(record.depositary, AWAY) as client:
        refused = client.post("/api/acts", content=record.enrol("EST", marking=ONLY_UKR))
        assert (refused.status_code, refused.json()["clause"]) == (403, "record/release")
        assert client.post("/api/acts", content=record.enrol("EST", marking=Marking("restricted"))).status_code == 201
        for party in readers:
            assert "statement" in client.get("/api/entries/1", headers=bearer(readers[party])).json()


def submit(client, envelope, sent=()):
    """An act with what it attaches."""
    body = b'{"envelope":%b,"attachments":%b}' % (envelope, msgspec.json.encode(sent))
    return client.post("/api/acts", content=body)


@pytest.mark.parametrize(("party", "may"), [("UKR", True), ("EST", True), ("POL", False)])
def test_an_attachment_is_opened_by_those_it_is_released_to(marked, party, may):
    record, readers = marked
    envelope, digest, sent = record.evidence("EST", b"for Kyiv alone", ONLY_UKR)
    with console(record.depositary, AWAY) as client:
        assert submit(client, envelope, [sent]).status_code == 201
        found = client.get(f"/api/attachments/{digest}", headers=bearer(readers[party]))
        assert found.status_code == (200 if may else 403)
        assert (b"Kyiv alone" in found.content) is may
        page = client.get("/record/1", headers=bearer(readers[party])).text
        assert (f"/api/attachments/{digest}" in page) is may
        assert digest in page


def test_who_names_an_attachment_again_cannot_widen_its_marking(marked):
    record, readers = marked
    envelope, digest, sent = record.evidence("EST", b"for Kyiv alone", ONLY_UKR)
    with console(record.depositary, AWAY) as client:
        client.headers.update(bearer(readers["POL"]))
        assert submit(client, envelope, [sent]).status_code == 201
        again = record.enrol("POL", attachments=(Attachment(digest, 14, "text"),))
        assert client.post("/api/acts", content=again).status_code == 201
        assert client.get(f"/api/attachments/{digest}").status_code == 403
        assert f"/api/attachments/{digest}" not in client.get("/record/2").text


def test_whether_a_withheld_attachment_is_still_held_is_not_said(marked):
    record, readers = marked
    envelope, digest, sent = record.evidence("EST", b"for Kyiv alone", ONLY_UKR)
    with console(record.depositary, AWAY) as client:
        assert submit(client, envelope, [sent]).status_code == 201
        paths = (f"/api/attachments/{digest}", "/record/1?at=2026-10-01T09:00:00Z&format=json", "/api/entries/1")
        before = [client.get(path, headers=bearer(readers["POL"])).content for path in paths]
        assert record.depositary.store.erase_blob(digest)
        assert [client.get(path, headers=bearer(readers["POL"])).content for path in paths] == before
        assert client.get(paths[0], headers=bearer(readers["UKR"])).status_code == 410


# --- limits -----------------------------------------------------------------------------------------------------


def test_a_bucket_fills_again():
    now = [0.0]
    buckets = Buckets(Rate(per_second=2, burst=3), clock=lambda: now[0])
    assert [buckets.wait("a") for _ in range(4)] == [0, 0, 0, 0.5]
    now[0] = 0.5
    assert buckets.wait("a") == 0
    assert buckets.wait("b") == 0, "another key has its own"
    now[0] = 1000.0
    assert [buckets.wait("a") for _ in range(4)] == [0, 0, 0, 0.5], "no more than the burst is saved up"


def test_buckets_are_bounded():
    buckets = Buckets(Rate(per_second=1, burst=1), clock=lambda: 0.0)
    for number in range(MOST_KEYS + 10):
        buckets.wait(str(number))
    assert len(buckets._left) == MOST_KEYS
