"""The console's pages of screening: what was searched is always said, and a decision holds until a side changes."""

from __future__ import annotations

import time

import pytest

from foedus import reviews
from foedus.screening import Record
from foedus.searched import OfFiles, Searched
from foedus.web import tokens
from tests.web.listed import ENTITIES, write_list
from tests.web.live_record import START, Live, console

FORM = {"sec-fetch-site": "same-origin"}
PUTIN = {"name": "Igor Sechin", "kind": "", "born": "", "country": ""}


@pytest.fixture
def live(tmp_path):
    record = Live(tmp_path / "live")
    yield record
    record.depositary.close()


@pytest.fixture
def file(tmp_path):
    return write_list(tmp_path / "list.jsonl")


@pytest.fixture
def client(live, file):
    with console(live.depositary) as found:
        searched = found.app.state["searched"] = Searched(OfFiles([file]))
        searched.keep_up()
        yield found


def sent(client, **form):
    return client.post("/screening/decide", data=form, headers=FORM, follow_redirects=True)


def test_a_record_without_lists_says_that_nothing_is_searched(live):
    with console(live.depositary) as client:
        assert "there is nothing to search" in client.get("/screening?name=Igor+Sechin").text


@pytest.mark.parametrize("name", ["Igor Sechin", "Сечін Ігор", "SECHIN, Igor Ivanovich"])
def test_a_name_in_any_script_is_found_with_reasons(client, name):
    page = client.get("/screening", params={"name": name}).text
    assert "Igor Ivanovich SECHIN" in page
    assert "agree so far" in page
    rows = client.get("/screening", params={"name": name, "format": "json"}).json()["tables"]["matches"]
    assert rows[0]["target_id"] == "ftm:p-1"
    assert "Чому такий бал" in client.get("/screening", params={"name": name, "lang": "uk"}).text


def test_a_family_name_alone_is_shown_below_the_threshold(client):
    found = client.get("/screening", params={"name": "Sechin", "format": "json"}).json()["tables"]["matches"]
    assert [(one["target_id"], one["match"]) for one in found] == [("ftm:p-1", False)]
    page = client.get("/screening", params={"name": "Sechin"}).text
    assert "Below the threshold" in page
    put = sent(client, name="Sechin", kind="", born="", country="", target="ftm:p-1")
    assert "Sechin" in put.text


@pytest.mark.parametrize(("field", "typed"), [("born", "07.09.1960"), ("country", "Narnia")])
def test_what_cannot_be_read_is_never_left_out(client, field, typed):
    told = client.get("/screening", params={"name": "Igor Sechin", field: typed, "lang": "uk"})
    assert told.status_code == 400
    assert typed in told.text
    assert ("очікувалося" in told.text) or ("очікувалися" in told.text)


def test_that_nothing_was_found_is_said_of_these_lists_alone(client):
    page = client.get("/screening", params={"name": "Gertrude Hollis"}).text
    assert "says nothing of other lists" in page
    assert client.app.state["searched"].standings()[0].held.used.digest in page


@pytest.mark.parametrize("name", ["?!", "\u202e", "x" * 10_000, "\x00\x01", "🙂", "the of"])
def test_a_name_that_is_none_is_answered_with_a_page(client, name):
    assert client.get("/screening", params={"name": name}).status_code == 200


def test_a_list_that_cannot_be_read_is_named_on_the_page(client, file):
    file.write_text("{broken", "utf-8")
    client.app.state["searched"].keep_up()
    page = client.get("/screening?name=Igor+Sechin").text
    assert "a newer one cannot be read" in page
    assert "Igor Ivanovich SECHIN" in page, "the one before it is searched"


# --- review -----------------------------------------------------------------------------------------------------


def test_a_cleared_pair_stays_cleared_until_a_side_changes(client, live, file):
    sent(client, **PUTIN, target="ftm:p-1")
    store = live.depositary.store
    (one,) = reviews.pairs(store, "")
    assert "1 pair to decide" in client.get("/screening/review").text
    sent(client, pair=one.key, verdict="no_hit", reason="another man, born 1991")
    page = client.get("/screening/review").text
    assert "0 pairs to decide" in page
    assert "another man, born 1991" in page
    sent(client, **PUTIN, target="ftm:p-1")
    assert "0 pairs to decide" in client.get("/screening/review").text, "found again as it was"
    write_list(file, {**ENTITIES[0], "properties": {**ENTITIES[0]["properties"], "birthDate": ["1991"]}}, *ENTITIES[1:])
    client.app.state["searched"].keep_up()
    assert "Changed since it was decided" in client.get("/screening/review").text
    assert "1 pair to decide" in client.get("/screening/review").text


def test_a_customer_that_changes_opens_its_pair_again(live):
    store, at = live.depositary.store, START
    target = Record("ftm:p-1", ("Igor Ivanovich SECHIN",))
    customer = Record("7", ("Igor Sechin",))
    one = reviews.found(store, reviews.Pair("POL", customer, target.id, target.caption, 0.9, at))
    one = reviews.decide(store, one, target, ("no_hit", "other man"), "POL: desk", at)
    assert reviews.standing(one, lambda _: target) == "no_hit"
    same = reviews.found(store, reviews.Pair("POL", customer, target.id, target.caption, 0.91, at))
    assert reviews.standing(same, lambda _: target) == "no_hit", "another score is no other customer"
    dated = Record("7", ("Igor Sechin",), dates=("1960",))
    again = reviews.found(store, reviews.Pair("POL", dated, target.id, target.caption, 0.95, at))
    assert reviews.standing(again, lambda _: target) == "changed"
    assert again.decisions[-1].verdict == "no_hit", "what was decided before stands beside it"
    assert reviews.pairs(store, "EST") == [], "nobody sees another party's"


def test_a_decision_needs_a_verdict_and_a_reason(client, live):
    sent(client, **PUTIN, target="ftm:p-1")
    (one,) = reviews.pairs(live.depositary.store, "")
    assert sent(client, pair=one.key, verdict="no_hit", reason=" ").status_code == 400
    assert sent(client, pair=one.key, verdict="maybe", reason="x").status_code == 400
    assert sent(client, pair="screening_review/POL/x", verdict="hit", reason="x").status_code == 404
    assert (
        client.post("/screening/decide", data={"pair": one.key}, headers={"sec-fetch-site": "cross-site"}).status_code
        == 403
    )
    assert reviews.pairs(live.depositary.store, "")[0].decisions == ()


def test_a_reviewer_is_the_token_that_read_and_sees_its_own_party_alone(live, file):
    secrets = {party: tokens.issue(live.depositary.store, party, f"bank of {party}", START) for party in ("POL", "EST")}
    with console(live.depositary) as client:
        client.app.state["searched"] = Searched(OfFiles([file]))
        client.app.state["searched"].keep_up()
        heads = {party: {"authorization": f"Bearer {secret}", **FORM} for party, secret in secrets.items()}
        client.post("/screening/decide", data={**PUTIN, "target": "ftm:p-1"}, headers=heads["POL"])
        (one,) = reviews.pairs(live.depositary.store, "POL")
        said = {"pair": one.key, "verdict": "hit", "reason": "the same man"}
        assert client.post("/screening/decide", data=said, headers=heads["EST"]).status_code == 404
        assert "POL: bank of POL" in client.post("/screening/decide", data=said, headers=heads["POL"]).text
        assert "Igor" not in client.get("/screening/review", headers=heads["EST"]).text


# --- a file -----------------------------------------------------------------------------------------------------


def uploaded(client, data, name="customers.csv"):
    return client.post("/screening/send", files={"file": (name, data)}, headers=FORM, follow_redirects=True)


def settled(client, address):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        view = client.get(address, params={"format": "json"}).json()["view"]
        if view["done"] or view["failed"]:
            return view
        time.sleep(0.02)
    raise AssertionError("it did not end")


def test_a_file_is_screened_downloaded_and_reviewed(client):
    data = b"id,name,kind\n1,Igor Sechin,person\n2,Gertrude Hollis,\n3,Sea Star 7,rocket\n4,Sea Star 7,vessel\n"
    page = uploaded(client, data)
    assert page.status_code == 200
    address = str(page.url).partition("8000")[2]
    view = settled(client, address)
    assert view["failed"] is None
    assert (view["done"]["rows"], view["done"]["hits"], view["done"]["bad_rows"]) == (4, 2, 1)
    assert "row 3: kind" in client.get(address).text
    hits = client.get(f"{address}/hits")
    assert "attachment" in hits.headers["content-disposition"]
    assert [line.split(",")[:3] for line in hits.text.splitlines()[1:]] == [
        ["1", "1", "ftm:p-1"],
        ["4", "1", "ftm:v-1"],
    ]
    assert "2 pairs to decide" in client.get("/screening/review").text
    assert "customers.csv" in client.get("/screening/batch").text
    assert "рядок 3: kind" in client.get(address, params={"lang": "uk"}).text


@pytest.mark.parametrize(("name", "data"), [("a.txt", b"name\nx\n"), ("a.csv", b"nom\nx\n"), ("a.parquet", b"no")])
def test_a_file_that_is_none_is_named(client, name, data):
    page = uploaded(client, data, name)
    if page.status_code == 200:
        address = str(page.url).partition("8000")[2]
        assert settled(client, address)["failed"]
        assert client.get(f"{address}/hits").status_code == 404
    else:
        assert page.status_code == 400


def test_another_party_s_file_is_not_there(client):
    assert client.get("/screening/batch/0123456789abcdef").status_code == 404
