"""Pages of checks: verdicts with their stories, two texts side by side, and drafts that somebody edits and mends."""

from __future__ import annotations

import io
import re
import time
import zipfile
from typing import Any

import pytest

from foedus.compact.loader import bundled, bundled_titles
from foedus.web import check_runs, checks, texts, tokens
from tests.web.live_record import AWAY, Live, bearer, console

FORM = {"sec-fetch-site": "same-origin"}
BUDAPEST = "budapest-1994"


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    record = Live(tmp_path_factory.mktemp("checks") / "live")
    yield record
    record.depositary.close()


@pytest.fixture(scope="module")
def client(live):
    with console(live.depositary) as found:
        yield found


def data(client, path, **query):
    return client.get(path, params={"format": "json", **query})


def answered(client, path, **query):
    """The page's data once the check has ended."""
    found: dict[str, Any] = {}
    for _ in range(3000):
        found = data(client, path, **query).json()
        if all(one["ended"] for one in (found["view"].get("a", found["view"]), found["view"].get("b", found["view"]))):
            return found
        time.sleep(0.1)
    raise AssertionError(f"{path} did not end: {found['view']['progress']}")


def begun(client, base=BUDAPEST):
    """A new draft, its address."""
    answer = client.post("/check/drafts/new", data={"base": base}, headers=FORM, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def saved(client, path, words, **more):
    return client.post(f"{path}/save", data={"words": words, **more}, headers=FORM, follow_redirects=True)


def text_of(name=BUDAPEST):
    return (bundled()[name] / "compact.yaml").read_text("utf-8")


# --- a text -------------------------------------------------------------------------------------------------------


def test_a_text_is_told_with_verdicts_stories_and_who_can_block(client):
    found = answered(client, "/check", text=BUDAPEST)
    assert [(one["id"], one["holds"]) for one in found["view"]["guarantees"]] == [
        ("outcome", False), ("meeting", False), ("help", False),
    ]  # fmt: skip
    page = client.get("/check", params={"text": BUDAPEST}).text
    assert "3 guarantees: 0 hold, 3 broken, 0 not shown" in page
    assert "T+720:01" in page  # the hour of the last step
    assert "[6]</b>" in page  # the article
    assert "Alone, outsiders" in page
    assert "China, France" in page
    assert "not verified" in page
    assert "Parties: Ukraine, Russian Federation, United Kingdom, United States." in page  # the limits
    assert "may never end" in page
    assert "a situation which raises a question" in page  # left to judgement
    ukrainian = client.get("/check", params={"text": BUDAPEST, "lang": "uk"}).text
    client.cookies.clear()
    assert "ПОРУШ" in ukrainian.upper()
    assert "Budapest Memorandum on Security Assurances, 5 December 1994" not in ukrainian


def test_every_table_is_csv(client):
    tables = answered(client, "/check", text=BUDAPEST)["tables"]
    assert {"guarantees", "stories", "blockers", "power", "times", "judgement", "coverage"} <= set(tables)
    for name in tables:
        answer = client.get("/check", params={"text": BUDAPEST, "format": "csv", "table": name})
        assert answer.headers["content-type"].startswith("text/csv")
    rows = client.get("/check", params={"text": BUDAPEST, "format": "csv", "table": "blockers"}).text
    assert "security-council" not in rows.splitlines()[0]
    assert "CHN FRA" in rows


def test_the_records_own_text_is_the_first(client):
    page = client.get("/check").text
    assert "this record&#39;s text: Kyiv Security Compact" in page
    found = data(client, "/check").json()["view"]
    for _ in range(200):
        if found["text"]:
            break
        time.sleep(0.1)
        found = data(client, "/check").json()["view"]
    assert found["text"]["id"] == "kyiv-2022"


def test_a_text_that_is_not_there_is_no_page(client):
    answer = client.get("/check", params={"text": "../../etc/passwd"})
    assert answer.status_code == 404
    assert "budapest-1994" in answer.text
    assert client.get("/check/compare", params={"a": "nothing"}).status_code == 404


def test_an_answer_is_kept_by_the_text(live, client):
    answered(client, "/check", text=BUDAPEST)
    kept = client.app.state["console"].checks.bundled(BUDAPEST)
    assert kept is client.app.state["console"].checks.bundled(BUDAPEST)
    assert client.app.state["console"].checks.draft("any", texts.copied(BUDAPEST).data) is kept  # a copy as it is


# --- two texts ----------------------------------------------------------------------------------------------------


def test_texts_are_called_by_their_titles_before_anything_is_answered(live, client):
    page = client.get("/check/compare", params={"a": "rio-1947"}).text
    own = live.depositary.clauses.compact.short_title.en
    assert f"<h1>{bundled_titles()['rio-1947'].en} beside {own}</h1>" in page


def test_two_designs_stand_side_by_side(client):
    found = answered(client, "/check/compare", a=BUDAPEST, b="istanbul-2022")
    assert {one["id"] for one in found["view"]["b"]["guarantees"]} == {"aggressor", "ends"}
    page = client.get("/check/compare", params={"a": BUDAPEST, "b": "istanbul-2022"}).text
    assert "everyone" in page  # all eleven of Istanbul block alone
    assert "72 hours" in page
    rows = client.get("/check/compare", params={"a": BUDAPEST, "b": "istanbul-2022", "format": "csv", "table": "times"})
    assert rows.text.splitlines()[1:] == ["a,decide,", "b,decide,259200"]


# --- drafts -------------------------------------------------------------------------------------------------------


def test_a_draft_breaks_and_is_mended(client):
    """Istanbul with a majority in place of everybody's consent: the aggressor cannot prevent it any more."""
    path = begun(client, "istanbul-2022")
    words = text_of("istanbul-2022")
    assert "{consent: [guarantors]}" in words
    mended = words.replace("{consent: [guarantors]}", "{share: {more_than: 1/2}}")
    began = time.monotonic()
    page = saved(client, path, mended)
    took = time.monotonic() - began
    assert page.status_code == 200
    found = answered(client, path)
    verdicts = {one["id"]: one["holds"] for one in found["view"]["guarantees"]}
    assert verdicts["aggressor"] is True, took
    answered(client, "/check", text="istanbul-2022")
    differences = data(client, path).json()["view"]["differences"]
    what = "The aggressor cannot prevent a decision"
    assert ["guarantees", what, "broken (Russian Federation)", "holds"] in differences
    assert any(kind == "blockers" for kind, *_ in differences)
    saved(client, path, words)
    again = answered(client, path)["view"]
    assert {one["id"]: one["holds"] for one in again["guarantees"]}["aggressor"] is False
    assert again["differences"] == []


def test_faults_are_findings_with_their_place_and_line(client):
    path = begun(client)
    broken = text_of().replace("protected: UKR", "protected: UKX")
    page = saved(client, path, broken).text
    (fault, *_) = answered(client, path)["view"]["findings"]
    assert (fault["file"], fault["line"]) == (
        "draft/compact.yaml",
        broken[: broken.index("protected: UKX")].count("\n") + 1,
    )
    page = client.get(path).text
    assert "protected: UKX" in re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)
    assert "Traceback" not in page
    assert "this is no compact yet" in page


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: budapest-1994", "id: &a budapest-1994", "anchor"),
        ("id: budapest-1994", f"id: {'[' * 40}x{']' * 40}", "levels"),
        ("id: budapest-1994", "\tid: budapest-1994", "tab"),
        ("id: budapest-1994", "id: !!python/object/apply:os.system [ls]", "tag"),
    ],
)  # fmt: skip
def test_tricks_of_yaml_are_refused_as_findings(client, old, new, said):
    path = begun(client)
    saved(client, path, text_of().replace(old, new, 1))
    found = answered(client, path)["view"]
    assert found["findings"], found["progress"]
    assert said in " ".join(f"{one['found']} {one['expected']} {one['remedy']}" for one in found["findings"])


def test_a_bomb_of_anchors_costs_nothing(client):
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{here}: &{here} [{','.join([f'*{before}'] * 9)}]\n"
        for before, here in zip("abcdefgh", "bcdefghi", strict=True)
    )
    path = begun(client)
    began = time.monotonic()
    saved(client, path, bomb)
    assert answered(client, path)["view"]["findings"]
    assert time.monotonic() - began < 20


def test_references_in_a_circle_are_found(client):
    path = begun(client)
    words = text_of().replace("groups: [assuring]", "groups: [assuring], part_of: [USA]", 1)
    saved(client, path, words)
    found = answered(client, path)["view"]
    said = [*found["findings"], *((found["structure"] or {}).get("findings") or ())]
    assert said
    assert all(one["file"] == "draft/compact.yaml" for one in said)


def test_a_draft_that_is_too_large_is_refused(client):
    path = begun(client)
    assert saved(client, path, "x" * 10_000_000).status_code == 413
    assert saved(client, path, "x" * (texts.MOST_BYTES + 1)).status_code == 400
    assert answered(client, path)["view"]["ended"] == "done"  # the draft is as it was
    sent = client.post("/check/drafts/new", files={"files": ("compact.yaml", b"x" * 10_000_000)}, headers=FORM)
    assert sent.status_code == 413


def test_files_are_sent_and_taken_home(client):
    given = [("files", ("compact.yaml", text_of().encode())), ("files", ("more.yaml", b"id: \xd0\xb0\n"))]
    answer = client.post("/check/drafts/new", files=given, headers=FORM, follow_redirects=False)
    path = answer.headers["location"]
    assert {one["file"] for one in answered(client, path)["view"]["findings"]} == {"draft/agreements/more.yaml"}
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{path}/files").content))
    assert archive.namelist() == ["compact/compact.yaml", "compact/agreements/more.yaml"]
    for name, content in (("../up.yaml", b"\xff\xfe"), ("a b.yaml", b"x")):
        bad = client.post("/check/drafts/new", files=[*given[:1], ("files", (name, content))], headers=FORM)
        assert bad.status_code == 400
    twice = client.post("/check/drafts/new", files=[*given[:1], *given[:1]], headers=FORM)
    assert twice.status_code == 400


def test_a_draft_may_be_stopped_and_given_up(client):
    path = begun(client, "kyiv-2022")
    words = text_of("kyiv-2022").replace("within: PT72H, starts_on: request", "within: PT71H, starts_on: request")
    saved(client, path, words)
    for _ in range(300):
        if any(one["states"] for one in data(client, path).json()["view"]["guarantees"]):
            break
        time.sleep(0.1)
    client.post(f"{path}/save", data={"do": "stop"}, headers=FORM)
    found = answered(client, path)["view"]
    assert found["ended"] == "stopped"
    assert any(one["holds"] is None or not one["all_explored"] for one in found["guarantees"])
    assert "It was stopped" in client.get(path).text
    assert client.post(f"{path}/save", data={"do": "drop"}, headers=FORM, follow_redirects=False).status_code == 303
    assert client.get(path).status_code == 404


def test_a_file_that_the_draft_has_not_is_no_page(client):
    path = begun(client)
    assert client.get(path, params={"file": "agreements/none.yaml"}).status_code == 404
    assert saved(client, path, "x", file="../compact.yaml").status_code == 404
    assert client.get("/check/drafts/0123456789abcdef").status_code == 404
    assert client.post("/check/drafts/new", data={"base": "nothing"}, headers=FORM).status_code == 404


def test_at_a_desk_drafts_outlast_the_console(tmp_path):
    room = tmp_path / "texts"
    kept = texts.Texts(room).keep(texts.copied(BUDAPEST))
    (room / "damaged.json").write_text("{", "utf-8")
    again = texts.Texts(room)
    assert again.every() == [kept]
    for _ in range(texts.MOST):
        again.keep(texts.copied(BUDAPEST))
    assert again.get(kept.id) is None  # the oldest made room
    assert len(list(room.glob("*.json"))) == texts.MOST + 1
    again.drop(again.every()[0].id)
    assert len(texts.Texts(room).every()) == texts.MOST - 1
    assert (room / "damaged.json").exists()


# --- who may, and where it runs -----------------------------------------------------------------------------------


def test_only_who_sits_at_the_machine_edits_drafts_and_plays_stories(live):
    token = tokens.issue(live.depositary.store, "POL", "desk", live.at)
    try:
        with console(live.depositary, AWAY) as client:
            read = {**bearer(token)}
            assert "on the machine that serves this console" in client.get("/check/drafts", headers=read).text
            assert client.get("/check/drafts/0123456789abcdef", headers=read).status_code == 403
            for path in ("/check/drafts/new", "/check/drafts/0123456789abcdef/save", "/check/play"):
                assert client.post(path, data={"base": BUDAPEST}, headers={**read, **FORM}).status_code == 403
            assert client.get("/check/plays/0123456789abcdef", headers=read).status_code == 403
            for todo, status in (("ask", 303), ("stop", 403)):
                asked = {"text": BUDAPEST, "do": todo}
                answer = client.post("/check/everybody", data=asked, headers={**read, **FORM}, follow_redirects=False)
                assert answer.status_code == status
            assert client.get("/check", params={"text": BUDAPEST}).status_code == 401
            assert "Play it as an exercise" not in client.get("/check", params={"text": BUDAPEST}, headers=read).text
    finally:
        tokens.revoke(live.depositary.store, "desk")


def test_what_meets_a_bound_says_so(monkeypatch):
    """A process that has no memory left, and one whose time is over: what was found stays, and the rest is said."""
    monkeypatch.setattr(check_runs, "MEGABYTES", 40)
    own = checks.Checks()
    run = own.draft("one", texts.copied(BUDAPEST).data)
    run.wait_for_end(120)
    assert run.ended in ("memory", "fault")
    monkeypatch.undo()
    monkeypatch.setattr(check_runs, "SECONDS", 1)
    run = own.draft("two", texts.copied("kyiv-2022").data)
    run.wait_for_end(300)
    assert run.ended == "time"
    own.forget()


@pytest.mark.slow
def test_a_story_is_played_in_an_exercise_of_its_own(client):
    import httpx

    answered(client, "/check", text=BUDAPEST)
    answer = client.post(
        "/check/play", data={"text": BUDAPEST, "guarantee": "outcome"}, headers=FORM, follow_redirects=False
    )
    path = answer.headers["location"]
    found: dict[str, Any] = {}
    for _ in range(3000):
        found = data(client, path).json()["view"]
        if found["url"] or found["failed"]:
            break
        time.sleep(0.1)
    assert found["url"], found
    page = httpx.get(found["url"] + "response", follow_redirects=True, timeout=30).text
    assert "EXERCISE" in page
    assert "R-1" in page
    assert client.post("/check/play", data={"text": BUDAPEST, "guarantee": "none"}, headers=FORM).status_code == 404
