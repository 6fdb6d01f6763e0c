"""`foedus screen`: a name, or a file of customers, against lists made here as FollowTheMoney JSON lines."""

from __future__ import annotations

import contextlib
import csv
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import duckdb
import pytest

from foedus import customers
from foedus.cli import INTERRUPTED
from foedus.screening import Index

ENTITIES = (
    ("Q1", "Person", {"name": ["Usama bin Ladin"], "alias": ["Osama bin Laden"], "birthDate": ["1957-03-10"]}),
    ("Q2", "Company", {"name": ["Romashka LLC"], "country": ["ru"]}),
    ("Q3", "Vessel", {"name": ["Sea Star"], "imoNumber": ["IMO9150365"]}),
)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.json"
    lines = (
        json.dumps({"id": id_, "schema": schema, "properties": properties}) for id_, schema, properties in ENTITIES
    )
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(
        "id,name,kind,identifiers\n"
        "c1,Осама бен Ладен,person,\n"
        "c2,Maria Garcia,person,\n"
        "c3,,,\n"
        "c4,Renamed Hope,vessel,imo:9150365\n"
        "c5,Ромашка ООО,ship,\n",
        "utf-8",
    )
    return path


def test_a_name_is_found_with_its_reasons_and_what_was_searched(foedus, listed):
    said = foedus("screen", "Усама бен Ладен", "--against", listed).out
    assert "Usama bin Ladin" in said
    assert "agree so far" in said
    assert "sha256" in said
    data = foedus.json("screen", "Osama bin Laden", "--against", listed, "--born", "1957-03-10")
    (match,) = data["matches"]
    assert match["match"] is True
    assert {"words", "date"} <= {reason["code"] for reason in match["reasons"]}
    (one,) = data["certificate"]["lists"]
    assert one["records"] == len(ENTITIES)
    assert len(one["digest"]) == len(data["certificate"]["engine"]) == 64


def test_reasons_are_said_in_the_language_asked_for(foedus, listed):
    assert "наскільки збігаються" in foedus("screen", "Osama bin Laden", "--against", listed, "--lang", "uk").out


def test_nothing_found_says_where_it_was_looked_for(foedus, listed):
    ran = foedus("screen", "Maria Garcia", "--against", listed)
    assert ran.status == 0
    assert "Nothing reaches" in ran.out
    assert "Searched" in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give one of the two"),
        (["x", "--file", "y.csv", "--out", "z.csv"], "give one of the two"),
        (["Ivan"], "--against FILE"),
        (["Ivan", "--kind", "ship"], "--kind 'ship'"),
        (["Ivan", "--against", "LIST", "--since", "LIST"], "give it as --file"),
        (["Ivan", "--against", "LIST", "--cluster", "local"], "give it as --file"),
        (["Ivan", "--against", "LIST", "--record", "DIR"], "give one of the two"),
        (["😀", "--against", "LIST"], "no letter and no digit"),
        (["Ivan", "--against", "LIST", "--against", "LIST"], "again"),
        (["Ivan", "--against", "LIST", "--born", "yesterday"], "'yesterday': 1975-04-21, 1975-04 or 1975"),
        (["Ivan", "--against", "LIST", "--country", "Narnia"], "'Narnia' is no country"),
        (["--file", "a.csv", "--out", "b.csv", "--against", "LIST", "--born", "1960"], "are of a NAME"),
    ],
)
def test_what_cannot_be_screened_is_one_line(foedus, listed, arguments, says):
    ran = foedus("screen", *(listed if one == "LIST" else one for one in arguments))
    assert ran.status == 2
    assert says in ran.line


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_customers_are_screened_and_bad_rows_named(foedus, listed, clients, tmp_path, suffix):
    file, out = clients, tmp_path / f"hits.{suffix}"
    if suffix == "parquet":
        file = tmp_path / "customers.parquet"
        duckdb.read_csv(str(clients), all_varchar=True).write_parquet(str(file))
    data = foedus.json("screen", "--file", file, "--out", out, "--against", listed)
    assert (data["rows"], data["customers_hit"], data["bad_rows"]) == (5, 2, 2)
    assert [one["row"] for one in data["bad"]] == [3, 5]
    again = foedus("screen", "--file", file, "--out", tmp_path / "again.csv", "--against", listed, "--lang", "uk")
    assert "рядок 3: " in again.out
    hits = (
        list(csv.DictReader(out.read_text("utf-8").splitlines()))
        if suffix == "csv"
        else duckdb.read_parquet(str(out)).fetchall()
    )
    found = {tuple(hit.values())[:3] if isinstance(hit, dict) else (hit[0], str(hit[1]), hit[2]) for hit in hits}
    assert {(query, rank) for query, rank, _ in found} == {("c1", "1"), ("c4", "1")}
    assert not list(tmp_path.glob("hits.*.*"))
    assert "exists" in foedus("screen", "--file", file, "--out", out, "--against", listed).line


def test_a_run_that_was_stopped_goes_on_where_it_was(foedus, listed, clients, tmp_path, monkeypatch):
    monkeypatch.setattr(customers, "BATCH_ROWS", 1)
    whole, out = tmp_path / "whole.csv", tmp_path / "hits.csv"
    assert foedus("screen", "--file", clients, "--out", whole, "--against", listed).status == 0
    asked: list[str] = []
    search = Index.search_all

    def stops(self, queries, *more):
        asked.extend(query.id for query in queries)
        if asked[-1:] == ["c4"] and asked.count("c4") == 1:
            raise KeyboardInterrupt
        return search(self, queries, *more)

    monkeypatch.setattr(Index, "search_all", stops)
    assert foedus("screen", "--file", clients, "--out", out, "--against", listed).status == INTERRUPTED
    other = foedus("screen", "--file", clients, "--out", out, "--against", listed, "--threshold", "0.9")
    assert "begun with other lists" in other.line
    assert foedus.json("screen", "--file", clients, "--out", out, "--against", listed)["rows"] == 5
    assert out.read_bytes() == whole.read_bytes()
    assert asked == ["c1", "c2", "c4", "c4"]


def test_known_customers_are_asked_for_what_changed_alone(foedus, listed, clients, tmp_path):
    older = tmp_path / "older.json"
    older.write_text(listed.read_text("utf-8").replace("Sea Star", "Sea Sturgeon").replace('"Q1"', '"Q9"'), "utf-8")
    whole, again = tmp_path / "whole.csv", tmp_path / "again.csv"
    foedus.json("screen", "--file", clients, "--out", whole, "--against", listed)
    data = foedus.json("screen", "--file", clients, "--out", again, "--against", listed, "--since", older)
    assert data["changed"] == 2, "one amended, one new; what is gone makes nobody a hit"
    assert (data["rows"], data["bad_rows"]) == (5, 2)
    assert again.read_bytes() == whole.read_bytes(), "Q1 and Q3 are all that anyone is"
    same = foedus.json("screen", "--file", clients, "--out", tmp_path / "n.csv", "--against", listed, "--since", listed)
    assert (same["changed"], same["hits"]) == (0, 0)
    assert same["certificate"]["since"] == {
        same["certificate"]["lists"][0]["name"]: same["certificate"]["lists"][0]["digest"]
    }


def test_a_run_over_what_changed_goes_on_where_it_was(foedus, listed, clients, tmp_path, monkeypatch):
    monkeypatch.setattr(customers, "BATCH_ROWS", 1)
    older, out, whole = tmp_path / "older.json", tmp_path / "hits.csv", tmp_path / "whole.csv"
    older.write_text(listed.read_text("utf-8").replace("Usama", "Osman"), "utf-8")
    command = ("screen", "--file", clients, "--against", listed, "--since", older, "--out")
    assert foedus(*command, whole).status == 0
    search = Index.search_all
    asked: list[str] = []

    def stops(self, queries, *more):
        asked.extend(query.id for query in queries)
        if asked.count("c4") == 1 and queries[0].id == "c4":
            raise KeyboardInterrupt
        return search(self, queries, *more)

    monkeypatch.setattr(Index, "search_all", stops)
    assert foedus(*command, out).status == INTERRUPTED
    assert "begun with other lists" in foedus("screen", "--file", clients, "--out", out, "--against", listed).line
    assert foedus.json(*command, out)["rows"] == 5
    assert out.read_bytes() == whole.read_bytes()


@pytest.mark.slow
def test_the_lists_of_a_record_are_screened_with_what_is_law(foedus, exercise, tmp_path):
    data = foedus.json("screen", "Copper Lark Airlines", "--record", exercise)
    assert data["matches"][0]["in_law"] in ("yes", "owed", "no")
    assert data["certificate"]["law"]["entry"]
    assert foedus.json("screen", "Copper Lark Airlines", "--record", exercise) == data
    assert "law" in foedus("screen", "Copper Lark Airlines", "--record", exercise).out
    file = tmp_path / "customers.csv"
    file.write_text("id,name\n1,Copper Lark Airlines\n", "utf-8")
    foedus.json("screen", "--file", file, "--out", tmp_path / "hits.csv", "--record", exercise)
    (hit, *_) = csv.DictReader((tmp_path / "hits.csv").read_text("utf-8").splitlines())
    assert hit["in_law"] == data["matches"][0]["in_law"]
    none = foedus("screen", "--file", file, "--out", tmp_path / "x.csv", "--record", exercise, "--since", "00000000")
    assert "no version of a list" in none.line


def test_a_cluster_that_is_not_installed_says_how(foedus, listed, clients, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "foedus.cluster", raising=False)
    ran = foedus("screen", "--file", clients, "--out", tmp_path / "h.csv", "--against", listed, "--cluster", "local")
    assert "foedus[cluster]" in ran.line


def test_serving_and_screening_are_two_things(foedus, listed):
    assert "leave --serve out" in foedus("screen", "Osama bin Laden", "--serve", "--against", listed).line
    assert "no list was named" in foedus("screen", "--serve").line


@pytest.mark.slow
def test_lists_are_served_until_stopped(listed):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "foedus", "screen", "--serve", "--against", str(listed), "--port", str(port)]
    lists = {}
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/catalog") as found:
                    lists = json.load(found)
                    break
                time.sleep(0.1)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
    assert lists["current"]
    assert not lists["index_stale"]
