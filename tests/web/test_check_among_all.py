"""What holds among few, asked among all on the roll: beside the page, of one text at a time, and kept."""

from __future__ import annotations

import pytest

from foedus.web import check_runs, checks, checks_kept
from tests.web.live_record import Live, console
from tests.web.test_check_pages import BUDAPEST, FORM, answered, begun, data, saved, text_of

ISTANBUL = "istanbul-2022"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    record = Live(tmp_path_factory.mktemp("asked") / "live")
    with console(record.depositary) as found:
        yield found
    record.depositary.close()


def pressed(client, text, todo="ask", **more):
    return client.post("/check/everybody", data={"text": text, "do": todo}, headers={**FORM, **more})


def everybody(found: checks.Checks, name: str) -> check_runs.Run:
    """The check of a text among all on the roll, which somebody asked for."""
    run = found.among_all(found.bundled(name))
    assert run is not None
    return run


def everybody_answered(found: checks.Checks, name: str) -> check_runs.Run:
    """The same, once it has ended."""
    run = everybody(found, name)
    run.wait_for_end(300)
    return run


def test_what_holds_among_three_is_asked_among_all_when_somebody_wants_it(client):
    own = client.app.state["console"].checks
    few = answered(client, "/check", text=ISTANBUL)["view"]["guarantees"]
    assert [(one["id"], one["holds"], len(one["parties"])) for one in few] == [
        ("aggressor", False, 4), ("ends", True, 4),
    ]  # fmt: skip
    page = client.get("/check", params={"text": ISTANBUL}).text
    assert "it can be asked among all 11 on the roll" in page
    assert 'value="ask">Ask among all 11<' in page
    for _ in range(20):
        assert pressed(client, ISTANBUL).status_code == 200
    run = everybody(own, ISTANBUL)
    assert everybody(own, ISTANBUL) is run, "however often it is asked for, it is done once"
    page = client.get("/check", params={"text": ISTANBUL}).text
    assert run.ended or ("Look again" in page and 'value="stop"' in page)
    assert everybody_answered(own, ISTANBUL).ended == "done"
    found = data(client, "/check", text=ISTANBUL).json()
    assert [(one["holds"], len(one["parties"])) for one in found["view"]["guarantees"]] == [(False, 4), (True, 12)]
    assert [one["guarantors"] for one in found["tables"]["guarantees"]] == [3, 11]
    page = client.get("/check", params={"text": ISTANBUL}).text
    assert "Parties: Ukraine and all 11 on the roll." in page
    assert "What holds among few was asked among all 11 on the roll." in page
    assert "/check/everybody" not in page
    pressed(client, ISTANBUL)
    assert everybody(own, ISTANBUL) is run
    assert "серед усіх, хто в переліку (11)" in client.get("/check", params={"text": ISTANBUL, "lang": "uk"}).text
    client.cookies.clear()


def test_a_text_whose_roll_is_answered_whole_has_nobody_left_to_ask(client):
    answered(client, "/check", text=BUDAPEST)
    assert "/check/everybody" not in client.get("/check", params={"text": BUDAPEST}).text
    pressed(client, BUDAPEST)
    own = client.app.state["console"].checks
    assert own.among_all(own.bundled(BUDAPEST)) is None


def test_another_console_has_the_answer_at_once(tmp_path, monkeypatch):
    """What was answered is there after a console ended, whole or in part; only what is left is asked."""
    first = checks.Checks(tmp_path)
    first.bundled(ISTANBUL).wait_for_end(300)
    first.ask_everybody(first.bundled(ISTANBUL))
    done = everybody_answered(first, ISTANBUL)
    first.forget()
    assert (done.ended, done.left) == ("done", ())
    (largest, smallest) = sorted(tmp_path.iterdir(), key=lambda one: -one.stat().st_size)
    assert all(one.stat().st_mode & 0o077 == 0 for one in (tmp_path, largest, smallest)), "its owner's alone"
    again = checks.Checks(tmp_path)
    monkeypatch.setattr(checks, "apart", lambda: pytest.fail("a process was begun"))
    run = again.bundled(ISTANBUL)
    assert (run.ended, run.verdicts) == ("done", first.bundled(ISTANBUL).verdicts)
    assert everybody(again, ISTANBUL).verdicts == done.verdicts
    again.ask_everybody(run)
    monkeypatch.undo()
    again.forget()
    smallest.write_bytes(smallest.read_bytes()[:-9])  # written by halves
    largest.write_bytes(largest.read_bytes().replace(b"holds", b"folds", 1))  # damaged
    damaged = checks.Checks(tmp_path)
    damaged.bundled(ISTANBUL).wait_for_end(300)
    assert damaged.bundled(ISTANBUL).verdicts == run.verdicts
    damaged.ask_everybody(damaged.bundled(ISTANBUL))
    assert everybody_answered(damaged, ISTANBUL).verdicts == done.verdicts
    damaged.forget()


def test_one_text_at_a_time_is_asked_and_what_was_stopped_goes_on(tmp_path):
    own = checks.Checks(tmp_path)
    runs = {}
    for name in ("kyiv-2022", ISTANBUL):
        own.bundled(name).wait_for_end(300)
        own.ask_everybody(own.bundled(name))
        runs[name] = everybody(own, name)
    kyiv, istanbul = runs.values()
    kyiv.wait(300)
    assert kyiv.verdicts
    assert istanbul.waits
    istanbul.stop()
    assert istanbul.ended == "stopped"
    kyiv.stop()
    kyiv.wait_for_end(60)
    assert kyiv.ended == "stopped"
    assert kyiv.left
    own.ask_everybody(own.bundled("kyiv-2022"))
    again = everybody(own, "kyiv-2022")
    assert again is not kyiv
    assert again.verdicts.items() >= kyiv.verdicts.items()
    own.forget()
    again.wait_for_end(60)
    assert not istanbul.verdicts
    later = checks.Checks(tmp_path)
    found = everybody(later, "kyiv-2022")
    assert (found.ended, found.left) == ("stopped", again.left)
    later.forget()


def test_of_a_draft_it_is_asked_too_until_it_is_saved_anew(client):
    place = checks_kept.folder()
    assert place is not None
    own = client.app.state["console"].checks
    path, words = begun(client, "kyiv-2022"), text_of("kyiv-2022")
    early = words.replace("within: PT72H, starts_on: request", "within: PT69H, starts_on: request")
    saved(client, path, early)
    assert answered(client, path)["view"]["ended"] == "done"
    id_ = path.rpartition("/")[2]
    page = client.post("/check/everybody", data={"draft": id_, "do": "ask"}, headers=FORM).text
    assert "it can be asked among all" not in page
    asked = own.among_all(own.draft(id_, client.app.state["console"].texts.get(id_).data))
    assert asked is not None
    asked.wait(300)
    assert asked.verdicts
    saved(client, path, early.replace("PT69H", "PT68H"))
    asked.wait_for_end(60)
    assert asked.ended == "stopped"
    kept, draft = checks_kept.Kept(place), asked.key.removeprefix("among all ")
    for key in (draft, f"draft {draft}", asked.key):
        assert not list(kept.lines(key)), "nothing of a draft is written where texts are"
    assert list(kept.lines(own.bundled("kyiv-2022").key)), "what is kept is found so"
    client.post(f"{path}/save", data={"do": "drop"}, headers=FORM)
    assert client.post("/check/everybody", data={"draft": id_, "do": "ask"}, headers=FORM).status_code == 404
