"""One shape for every failure, wherever it happens: error, because, remedy; clause and expected where known."""

from __future__ import annotations

import logging

import msgspec
import pytest
from litestar.exceptions import HTTPException

from foedus.errors import Conflict, Malformed, Refused, Tampered
from foedus.web import failures
from foedus.web.api_types import Problem
from foedus.web.openapi import PROBLEMS
from foedus.words import translator
from tests.web.live_record import Live, console

FIELDS = {"error", "because", "remedy", "clause", "expected", "found"}


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    record = Live(tmp_path_factory.mktemp("errors") / "live")
    yield record
    record.depositary.close()


@pytest.fixture(scope="module")
def client(live):
    with console(live.depositary) as client:
        yield client


def problem(response):
    """The answer, read as the one shape and nothing else."""
    assert response.headers["content-type"].startswith("application/json"), response.text[:200]
    assert set(response.json()) <= FIELDS
    return msgspec.json.decode(response.content, type=Problem, strict=True)


FAILING = {
    ("GET", "/api/nothing"): 404,
    ("GET", "/api/"): 404,
    ("GET", "/api/entries/999999"): 404,
    ("GET", "/api/entries/-1"): 404,
    ("GET", "/api/entries/x"): 404,
    ("GET", "/api/responses/R-99"): 404,
    ("GET", "/api/parties/XXX"): 404,
    ("GET", "/api/attachments/" + "0" * 64): 404,
    ("GET", "/api/compact?digest=" + "0" * 64): 404,
    ("GET", "/api/entries?count=0"): 400,
    ("GET", "/api/entries?count=1e3"): 400,
    ("GET", "/api/entries?start=-1"): 400,
    ("GET", "/api/entries?act=Dance"): 400,
    ("GET", "/api/entries?party=%00"): 400,
    ("GET", "/api/state?at=yesterday"): 400,
    ("GET", "/api/state?known=0001-01-01T00:00:00%2B23:59"): 400,
    ("GET", "/api/state?at=9999-12-31T23:59:59-23:59"): 400,
    ("GET", "/api/consistency?old=3&new=2"): 400,
    ("GET", "/api/consistency?new=999999"): 400,
    ("GET", "/api/compact/schema?of=treaty"): 400,
    ("GET", "/api/acts"): 405,
    ("DELETE", "/api/entries/0"): 405,
    ("POST", "/api/state"): 405,
    ("GET", "/record?format=json&page=99"): 404,
    ("GET", "/record/99999?format=json"): 404,
    ("GET", "/record?format=json&from=x"): 400,
    ("GET", "/compact?format=json&source=hearsay"): 400,
    ("GET", "/compact/provisions/P99?format=json"): 404,
    ("GET", "/compact/agreements/none?format=json"): 404,
    ("GET", "/parties/ATL?format=json"): 404,
    ("GET", "/parties?format=csv&tier=inner"): 400,
    ("GET", "/record?format=csv&table=none"): 400,
}


@pytest.mark.parametrize(("method", "path"), FAILING)
def test_what_cannot_be_answered_is_said_in_one_shape(client, method, path):
    response = client.request(method, path)
    assert response.status_code == FAILING[method, path], response.text
    if "format=csv" in path:
        return  # asked for as a table, answered as JSON all the same
    found = problem(response)
    assert found.error
    assert found.because
    assert found.remedy
    assert "Traceback" not in response.text


BODIES = {
    b"": 400,
    b"{": 400,
    b"[]": 400,
    b"null": 400,
    b"{}": 400,
    b'{"payload":"","payloadType":"x","signatures":[]}': 400,
    b'{"envelope":1}': 400,
    b'{"envelope":{},"attachments":[{"salt":"","content":""}]}': 400,
    b'{"envelope":{},"more":1}': 400,
    b"\xff\xfe": 400,
    b"[" * 10_000: 400,
}


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:24].decode("latin-1"))
def test_what_is_no_act_is_malformed(live, client, body):
    response = client.post("/api/acts", content=body)
    assert response.status_code == BODIES[body]
    assert problem(response).error == "malformed"
    assert live.depositary.state.size == 1


@pytest.mark.parametrize(
    "path",
    ["/api/entries/999999", "/api/nothing", "/api/entries?count=0", "/record?format=json&page=99", "/api/acts", "/x"],
)
def test_a_failure_is_said_in_the_readers_language_and_is_the_same_in_each(client, path):
    english, ukrainian = (client.get(path, headers={"accept-language": one, "accept": "application/json"}).json()
                          for one in ("en", "uk"))  # fmt: skip
    for name in ("because", "remedy"):
        assert not _cyrillic(english[name]), english
        assert _cyrillic(ukrainian[name]), ukrainian
    assert {**english, "because": "", "remedy": ""} == {**ukrainian, "because": "", "remedy": ""}


def test_a_refused_act_is_said_in_the_senders_language(live, client):
    sent = live.envelope("POL/head", _grave())
    said = [client.post("/api/acts", content=sent, headers={"accept-language": one}).json() for one in ("en", "uk")]
    assert [_cyrillic(one["because"]) for one in said] == [False, True]
    assert said[0]["found"] == said[1]["found"]
    assert said[0]["clause"] == said[1]["clause"]
    malformed = client.post("/api/acts", content=b"{", headers={"accept-language": "uk"})
    assert problem(malformed).because.startswith("тіло запиту неможливо прочитати: ")
    assert "Accept-Language" in malformed.headers["vary"]


def test_an_error_page_is_in_the_readers_language(client):
    page = client.get("/record/99999", headers={"accept": "text/html", "accept-language": "uk"})
    assert "немає запису 99" in page.text
    page = client.get("/record?format=odd", headers={"accept": "text/html", "accept-language": "uk"})
    assert "— html, json або csv; знайдено" in page.text


def _cyrillic(text):
    return any("\u0400" <= letter <= "\u04ff" for letter in text)


def test_a_refusal_names_its_clause(live, client):
    refused = client.post("/api/acts", content=live.envelope("POL/head", _grave()))
    found = problem(refused)
    assert (refused.status_code, found.error) == (403, "refused")
    assert live.depositary.clauses.provision(found.clause) or found.clause == "compact"


def _grave():
    from foedus.response.acts import Activate

    return Activate("I-1")


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (Refused("P10.start", "{found} came; {expected} was due", found="this", expected="that"), 403, "refused"),
        (Malformed("what was found"), 400, "malformed"),
        (Conflict("somebody was first"), 409, "conflict"),
        (Tampered("bytes differ"), 500, "tampered"),
        (HTTPException(status_code=404, detail="nothing here"), 404, "not_found"),
        (HTTPException(status_code=418, detail="odd"), 418, "malformed"),
        (RuntimeError("inside"), 500, "fault"),
    ],
)
def test_every_kind_of_failure_has_a_remedy(raised, status, code):
    found_status, found = failures.described(raised, translator("en"))
    assert (found_status, found.error) == (status, code)
    assert found.remedy
    assert code != "fault" or "inside" not in found.because
    if isinstance(raised, Refused):
        assert (found.clause, found.expected) == ("P10.start", "that")


def test_a_fault_of_our_own_tells_nothing_of_the_inside(live, client, monkeypatch, caplog):
    monkeypatch.setattr(live.depositary, "checkpoint", _broken)
    with caplog.at_level(logging.CRITICAL, logger="foedus.web"):
        for path in ("/api/checkpoint", "/record/checkpoint", "/record/0"):
            response = client.get(path)
            assert response.status_code == 500, path
            assert "secret path" not in response.text
        assert problem(client.get("/api/checkpoint")).error == "fault"


def _broken():
    raise RuntimeError("secret path")


def test_an_error_page_says_the_same_words(client):
    page = client.get("/record/99999", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert problem(client.get("/record/99999?format=json")).because.split(":")[0] in page.text


def test_what_may_fail_is_described():
    assert set(failures.CODES) <= set(PROBLEMS)
    assert set(failures.CODES.values()) <= set(failures.REMEDIES)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_another_host_is_not_answered(client, host):
    response = client.get("/record", headers={"host": host})
    assert response.status_code == 421
    assert problem(response).error == "wrong_host"
    page = client.get("/record", headers={"host": host, "accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (421, "text/html; charset=utf-8")
    assert "<h1>Not at this address</h1>" in page.text
