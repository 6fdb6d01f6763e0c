"""Screening over HTTP: the official client of yente works unchanged, and what cannot be answered truly is an error."""

from __future__ import annotations

import json

import httpx
import pytest
import yente_client
from yente_client import Company, Person, Vessel

from foedus.sanctions.lists import read
from foedus.sanctions.lists.canonical import digest_of
from foedus.screening import from_followthemoney
from foedus.web import tokens
from foedus.web.yente.matching import MOST_QUERIES
from tests.web.listed import ENTITIES, server, write_list
from tests.web.live_record import AWAY, START, Live, bearer, console

SECHIN = {"schema": "Person", "properties": {"name": ["Igor Sechin"]}}


class Through(httpx.BaseTransport):
    """The client's requests, answered by an application in this process."""

    def __init__(self, client):
        self.client = client

    def handle_request(self, request):
        sent = self.client.request(
            request.method, str(request.url), headers=dict(request.headers), content=request.read()
        )
        headers = {name: value for name, value in sent.headers.items() if name != "content-encoding"}
        return httpx.Response(sent.status_code, headers=headers, content=sent.content)


@pytest.fixture
def file(tmp_path):
    return write_list(tmp_path / "list.jsonl")


@pytest.fixture
def serving(file):
    with server(file) as (client, searched):
        yield client, searched


@pytest.fixture
def official(serving):
    return yente_client.Client(base_url="http://127.0.0.1", transport=Through(serving[0]))


# --- the official client ----------------------------------------------------------------------------------------


def test_the_official_client_matches_and_reads_the_reasons(official):
    found = official.match(Person(name=["Ігор Сечін"]), limit=3)
    assert found.top.id == "ftm:p-1"
    assert found.top.match
    assert 0.81 <= found.top.score < 1
    assert sum(one.score for one in found.top.explanations.values()) == pytest.approx(found.top.score, abs=0.0002)
    assert all(one.detail for one in found.top.explanations.values())
    assert found.total.value == 1
    assert official.match(Vessel(name=["Another name"], imoNumber=["9150365"])).top.id == "ftm:v-1"
    assert official.match(Company(name=["Nothing of the kind"])).results == []


def test_the_official_client_searches_filters_and_counts(official):
    found = official.search("sechin", facets=["countries", "datasets"])
    assert [one.id for one in found.results] == ["ftm:p-1"]
    assert found.facets["countries"].values[0].name == "ru"
    assert {one.id for one in official.search("", schema="Organization").results} == {"ftm:o-1"}
    assert {one.id for one in official.search("", countries=["sa", "pa"]).results} == {"ftm:p-2", "ftm:v-1"}
    page = official.search("", limit=2, offset=2, sort=["caption:desc"])
    assert (page.total.value, page.total.relation, len(page.results)) == (4, "eq", 2)


def test_the_official_client_follows_an_entity_to_what_stands_around_it(official):
    whole = official.fetch("ftm:p-1")
    assert whole.properties["addressEntity"][0].properties["city"] == ["Moscow"]
    assert whole.properties["ownershipOwner"][0].properties["asset"][0].caption == "Rosneft Trading S.A."
    assert official.fetch("ftm:p-1", nested=False).properties["addressEntity"] == ["ftm:p-1-address-1"]
    around = official.adjacent("ftm:o-1").adjacent
    assert around["ownershipAsset"].results[0].properties["owner"][0].id == "ftm:p-1"
    assert official.adjacent("ftm:p-1", prop="sanctions").results[0].properties["program"] == ["UKRAINE-EO13661"]
    with pytest.raises(yente_client.NotFoundError, match="there is no entity"):
        official.fetch("ftm:nobody")


def test_the_official_client_learns_what_is_searched(official, file):
    assert official.healthz().status == official.readyz().status == "ok"
    lists = official.datasets()
    assert lists.current == ["ftm"]
    assert not lists.index_stale
    assert official.datasets() == lists, "from its own copy: 304"
    assert official.algorithms().best == "foedus"
    sechin = Person(name=["Igor Sechin"])
    assert official.match(sechin, algorithm="logic-v2") == official.match(sechin)
    with pytest.raises(yente_client.BadRequestError, match="logic-v9"):
        official.match(Person(name=["Igor Sechin"]), algorithm="logic-v9")


# --- limits and errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "cannot be read"),
        (b'{"queries": {}}', "no queries"),
        (b'{"queries": {"q": {"properties": {"name": ["A B"]}}}}', "schema"),
        (b'{"queries": {"q": {"schema": "Person", "properties": {"name": [7]}}}}', "list of texts"),
        (b'{"queries": {"q": {"schema": "Ghost", "properties": {"name": ["A B"]}}}}', "no schema 'Ghost'"),
        (b'{"queries": {"q": {"schema": "Person", "properties": {"name": ["?!"]}}}}', "no letter"),
        (b'{"queries": {"q": {"schema": "Person", "properties": {"name": ["A"]}}}, "config": {"x": 1}}', "'x'"),
        (b'{"queries": {"q": {"schema": "Person", "properties": {"name": ["A"]}}}, "weights": {"y": 1}}', "'y'"),
    ],
)
def test_what_cannot_be_read_is_a_400_with_detail(serving, body, says):
    told = serving[0].post("/match/default", content=body)
    assert told.status_code == 400
    assert says in told.json()["detail"]


def test_a_bad_query_is_told_and_the_others_are_answered(serving):
    sent = {"queries": {"good": SECHIN, "bad": {"schema": "Person", "properties": {}}}}
    told = serving[0].post("/match/default", json=sent)
    assert told.status_code == 200
    assert told.headers["x-batch-size"] == "2"
    assert told.json()["responses"]["bad"]["status"] == 400
    assert told.json()["responses"]["good"]["results"][0]["match"]


def test_a_batch_may_be_larger_than_a_hundred_and_has_an_end(serving):
    many = {"queries": {str(number): SECHIN for number in range(300)}}
    assert len(serving[0].post("/match/default", json=many).json()["responses"]) == 300
    more = {"queries": {str(number): SECHIN for number in range(MOST_QUERIES + 1)}}
    assert serving[0].post("/match/default", json=more).status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/search/nowhere?q=a", 404), ("/search/default?limit=501", 400), ("/search/default?offset=9500", 400),
        ("/search/default?sort=size", 400), ("/search/default?facets=size", 400), ("/search/default?filter=x", 400),
        ("/search/default?filter_op=XOR&filter=a:b", 400), ("/search/default?schema=Ghost", 400),
        ("/search/default?limit=", 400), ("/v2/search?name=sechin&minMatch=", 400),
        (f"/search/default?q={'a' * 60_001}", 414), ("/search/default?changed_since=soon", 400),
        ("/v2/search?name=a&type=ghost", 400), ("/v2/search?name=sechin&minMatch=2", 400), ("/nothing", 404),
        ("/reconcile/default?queries=no", 400), ("/reconcile/default/suggest/colour?prefix=a", 400),
        ("/reconcile/nowhere/suggest/type?prefix=a", 404), ('/reconcile/default?queries={"q": {"query": "?!"}}', 400),
    ],
)  # fmt: skip
def test_a_limit_is_told_with_its_status(serving, path, status):
    told = serving[0].get(path)
    assert told.status_code == status
    assert told.json()["detail"]


def test_facets_may_be_named_with_commas(serving):
    told = serving[0].get("/search/default?q=sechin&facets=countries,datasets").json()
    assert list(told["facets"]) == ["countries", "datasets"]
    assert told == serving[0].get("/search/default?q=sechin&facets=countries&facets=datasets").json()


def test_a_filter_hides_nothing_that_fits_it(serving):
    sent = {"queries": {"q": SECHIN}}
    ids = [
        [one["id"] for one in serving[0].post(f"/match/default?{query}", json=sent).json()["responses"]["q"]["results"]]
        for query in (
            "limit=1&exclude_entity_ids=ftm:p-2", "changed_since=2026-01-01", "topics=sanction", "exclude_dataset=ftm",
            "exclude_schema=Person", "exclude_entity_ids=ftm:p-1", "changed_since=2026-06-01",
        )
    ]  # fmt: skip
    assert ids == [["ftm:p-1"]] * 3 + [[]] * 4


def test_the_same_question_has_the_same_certified_answer(serving):
    first, second = (serving[0].post("/match/default", json={"queries": {"q": SECHIN}}) for _ in range(2))
    assert first.content == second.content
    assert first.json()["certificate"]["lists"][0]["name"] == "ftm"
    assert first.json()["certificate"]["lists"][0]["digest"] == digest_of(
        serving[1].standings()[0].held.version.targets
    )


# --- what is searched is what is said ---------------------------------------------------------------------------


def test_a_list_that_fails_leaves_the_old_one_searched_and_says_so(serving, file):
    client, searched = serving
    file.write_text("{broken", "utf-8")
    assert client.post("/updatez?sync=true").status_code == 503
    lists = client.get("/catalog").json()
    assert lists["index_stale"]
    assert lists["outdated"] == ["ftm"]
    assert file.name in lists["datasets"][1]["failed"]
    assert client.get("/readyz").status_code == 200, "the version before it is searched"
    assert client.post("/match/default", json={"queries": {"q": SECHIN}}).json()["responses"]["q"]["results"]
    write_list(file, ENTITIES[1])
    assert client.post("/updatez?sync=true").status_code == 200
    assert not client.get("/catalog").json()["index_stale"]
    assert client.post("/match/default", json={"queries": {"q": SECHIN}}).json()["responses"]["q"]["results"] == []
    assert searched.standings()[0].held.version == read(file)


def test_a_list_that_was_never_read_is_missed_aloud(tmp_path, file):
    with server(file, tmp_path / "gone.xml") as (client, _):
        assert client.get("/readyz").status_code == 503
        told = client.post("/match/default", json={"queries": {"q": SECHIN}})
        assert told.status_code == 503
        assert "gone.xml" in told.json()["detail"]
        assert client.post("/match/ftm", json={"queries": {"q": SECHIN}}).status_code == 200, "that one was read"


def test_one_list_in_two_files_is_searched_once(tmp_path, file):
    with server(file, write_list(tmp_path / "again.jsonl")) as (client, searched):
        assert client.get("/catalog").json()["index_stale"]
        assert len(searched.targets()) == 4


def test_lists_are_searched_as_if_each_were_read_anew(serving, file):
    _, searched = serving
    changed = ({**ENTITIES[0], "properties": {"name": ["Olena Shevchenko"]}}, *ENTITIES[1:3], ENTITIES[4])
    write_list(file, *changed)
    searched.keep_up()
    with server(file) as (_, anew):
        for name in ("Olena Shevchenko", "Igor Sechin", "Rosneft Trading", "Sea Star 7", "Abdullah bin Omar"):
            query = from_followthemoney({"schema": "", "properties": {"name": [name]}})
            assert searched.search(query, None) == anew.search(query, None)
        assert searched.certificate(0.7, 0.8) == anew.certificate(0.7, 0.8)


# --- OpenRefine and watchman ------------------------------------------------------------------------------------


def test_openrefine_reconciles_and_extends(serving):
    client, _ = serving
    assert client.get("/reconcile/default").json()["versions"] == ["0.2"]
    asked = {"queries": '{"q0": {"query": "Igor Sechin", "properties": [{"pid": "birthDate", "v": "1960"}]}}'}
    found = client.post("/reconcile/default", data=asked).json()["q0"]["result"]
    assert [(one["id"], one["match"]) for one in found] == [("ftm:p-1", True)]
    assert client.get("/reconcile/default", params=asked).json()["q0"]["result"] == found
    extend = {"extend": '{"ids": ["ftm:p-1"], "properties": [{"id": "birthDate"}]}'}
    rows = client.post("/reconcile/default", data=extend).json()["rows"]
    assert rows == {"ftm:p-1": {"birthDate": [{"str": "1960-09-07"}]}}
    assert client.get("/reconcile/default/suggest/type?prefix=vess").json()["result"] == [
        {"id": "Vessel", "name": "Vessel"}
    ]
    assert client.get("/reconcile/default/suggest/entity?prefix=igor+sechin").json()["result"][0]["id"] == "ftm:p-1"
    for begun in ("sech", "igor+sec", "se"):
        told = client.get(f"/reconcile/default/suggest/entity?prefix={begun}").json()["result"]
        assert "ftm:p-1" in [one["id"] for one in told]
    assert client.get("/reconcile/default/suggest/entity?prefix=zyxq").json()["result"] == []
    assert {"id": "alias", "name": "Other name"} in client.get("/reconcile/default/extend/property").json()[
        "properties"
    ]


def test_openrefine_joins_unasked_only_what_nothing_else_is_like(tmp_path):
    """Also where one result is wanted; and a query that cannot be looked up leaves the others their answers."""
    twins = [{**ENTITIES[0], "id": id_} for id_ in ("p-8", "p-9")]
    with server(write_list(tmp_path / "twins.jsonl", *twins)) as (client, _):
        queries = {"q": {"query": "Igor Sechin", "limit": 1}, "odd": {"query": "?!"}}
        told = client.post("/reconcile/default", data={"queries": json.dumps(queries)}).json()
        assert [(one["id"], one["match"]) for one in told["q"]["result"]] == [("ftm:p-8", False)]
        assert told["odd"]["result"] == []
        assert "no letter" in told["odd"]["detail"]


def test_watchman_is_asked_for_one_name(serving):
    client, _ = serving
    found = client.get("/v2/search?name=igor+sechin&type=person&limit=1").json()["entities"]
    assert [(one["sourceID"], one["entityType"]) for one in found] == [("p-1", "person")]
    assert found[0]["match"] > 0.8
    assert client.get("/v2/listinfo").json()["lists"] == {"ftm": 4}


# --- who is let in ----------------------------------------------------------------------------------------------


def test_another_machine_s_name_is_not_answered(serving):
    assert serving[0].get("/catalog", headers={"host": "lists.example"}).status_code == 421


def test_beside_a_live_record_a_read_token_is_the_api_key(tmp_path):
    live = Live(tmp_path / "live")
    token = tokens.issue(live.depositary.store, "POL", "warsaw bank", START)
    with console(live.depositary, AWAY) as client:
        path = "/api/screening/catalog"
        told = client.get(path)
        assert told.status_code == 401
        assert "read token" in told.json()["detail"]
        assert client.get(path, headers={"authorization": f"ApiKey {token}"}).status_code == 200
        assert client.get("/api/screening/readyz", headers=bearer(token)).status_code == 503, "no list was deposited"
    live.depositary.close()
