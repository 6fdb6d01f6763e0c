"""`status`, `timeline`, `verify`, `export`, `copy` and `compact`: looking, and checking what one looks at."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from foedus.export import export as write_export
from foedus.record.store import open_store
from foedus.words import LANGUAGES

# --- status and timeline ------------------------------------------------------------------------------------


def test_status_says_what_runs_and_how_long_is_left(foedus, exercise):
    status = foedus.json("status", exercise)
    running = [one for one in status["responses"] if one["closed"] is None]
    assert [one["id"] for one in running] == ["R-2"]
    convene = next(clock for clock in running[0]["clocks"] if clock["step"] == "convene")
    assert 0 < convene["seconds_left"] <= 84 * 60
    said = foedus("status", exercise).out
    assert "EXERCISE" in said
    assert "1 h 2" in said
    assert "no entry yet: " in said
    assert "drawn by lot from seed 20221010" in said


def test_before_a_deadline_nobody_is_called_silent(foedus, exercise):
    said = foedus("status", exercise).out
    assert "silent" not in said[said.index("R-2, response") :]


def test_status_of_a_past_time(foedus, exercise):
    now = foedus.json("status", exercise)
    opened = datetime.fromisoformat(now["responses"][1]["opened_at"])
    before = foedus.json("status", exercise, "--at", (opened - timedelta(minutes=1)).isoformat())
    assert [one["id"] for one in before["responses"]] == ["R-1"]
    assert before["entries"] < now["entries"]
    then = foedus.json("status", exercise, "--at", opened.isoformat())
    assert then["responses"][1]["acknowledged"] == []
    unknown = foedus.json("status", exercise, "--known", (opened - timedelta(minutes=1)).isoformat())
    assert [one["id"] for one in unknown["responses"]] == ["R-1"]
    at_first = foedus.json("status", exercise, "--at", "2001-01-01")
    assert (at_first["entries"], at_first["responses"]) == (0, [])
    assert "Nothing is running." in foedus("status", exercise, "--at", "2001-01-01").out


@pytest.mark.parametrize("option", ["--at", "--known"])
@pytest.mark.parametrize(
    ("text", "says"), [("soon", "such as"), ("2026-10-10T05:00", "the zone is missing"), ("", "such as")]
)
def test_a_time_that_is_none(foedus, exercise, option, text, says):
    for command in ("status", "timeline"):
        ran = foedus(command, exercise, option, text)
        assert ran.status == 2
        assert says in ran.line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_timeline_says_every_entry_in_a_sentence(foedus, exercise, language):
    lines = foedus.json("timeline", exercise, "--lang", language)
    assert [line["entry"] for line in lines] == list(range(len(lines)))
    assert all(line["says"].endswith(".") for line in lines)
    assert all(event.endswith(".") for line in lines for event in line["events"])
    said = foedus("timeline", exercise, "--lang", language, "--last", 3).out.splitlines()
    assert len(said) == 3
    assert said[-1].endswith(lines[-1]["says"])


def test_the_timeline_of_a_past_time(foedus, exercise):
    lines = foedus.json("timeline", exercise)
    middle = lines[len(lines) // 2]["at"]
    early = foedus.json("timeline", exercise, "--known", middle)
    assert early == [line for line in lines if line["at"] <= middle]
    assert foedus.json("timeline", exercise, "--at", middle) == [
        line for line in lines if (line["true_at"] or line["at"]) <= middle
    ]


# --- verify, export, copy -----------------------------------------------------------------------------------


def test_verify_says_what_it_proved_and_what_not(foedus, exercise):
    ran = foedus("verify", exercise)
    assert ran.status == 0
    assert ran.out.index("PROVED") < ran.out.index("NOT PROVED")
    assert "--rules recomputes each" in ran.out
    assert "EXERCISE" in ran.out
    report = foedus.json("verify", exercise, "--rules", "--workers", 2)
    assert report["rules"] is True
    assert report["size"] == report["signed"]
    light = foedus.json("verify", exercise, "--light")
    assert (light["root"], light["state"]) == (report["root"], False)


def test_a_tampered_record_ends_with_3(foedus, exercise, tmp_path):
    assert foedus("export", exercise, "--to", tmp_path / "e").status == 0
    bundle = tmp_path / "e/tile/entries/000"
    data = bytearray(bundle.read_bytes())
    data[1000] ^= 1
    bundle.write_bytes(data)
    ran = foedus("verify", tmp_path / "e")
    assert (ran.status, ran.out) == (3, "")
    assert ran.line.startswith("tampered: entry 0: ")
    assert foedus("copy", tmp_path / "e", tmp_path / "c").status == 3
    assert foedus("verify", tmp_path / "e", "--json").data["error"] == "tampered"


def test_export_and_copy(foedus, exercise, tmp_path):
    size = foedus.json("status", exercise)["entries"]
    for to in (tmp_path / "folder", tmp_path / "one.foedus"):
        said = foedus.json("export", exercise, "--to", to)
        assert said.pop("attachments") > 0, "what every reader may see goes with it"
        assert said == {"to": str(to), "entries": size, "for": None, "left_out": 0}
        assert foedus.json("verify", to, "--rules")["size"] == size
    again = foedus("export", exercise, "--to", tmp_path / "one.foedus")
    assert again.status == 1
    assert "never overwrites" in again.line
    assert foedus.json("copy", tmp_path / "one.foedus", tmp_path / "copy")["entries"] == size
    assert foedus.json("verify", tmp_path / "copy", "--rules")["root"] == foedus.json("verify", exercise)["root"]
    assert foedus("copy", tmp_path / "one.foedus", tmp_path / "copy").status == 1


def test_an_export_needs_a_checkpoint(tmp_path):
    from foedus.errors import Malformed

    store = open_store(tmp_path, create=True)
    with pytest.raises(Malformed, match="no signed checkpoint yet"):
        write_export(store, tmp_path / "e")
    store.close()


def test_keys_and_proofs(foedus, exercise, tmp_path):
    from foedus.record.proof import Proof, format_proof
    from foedus.record.record import Record

    report = foedus.json("verify", exercise)
    keys = tmp_path / "keys"
    keys.write_text(report["key"] + "\n", "utf-8")
    assert "compare it with one" not in foedus("verify", exercise, "--keys", keys).out
    store = open_store(exercise)
    size, note = store.checkpoint() or (0, b"")
    hashes = tuple(Record(store, report["origin"]).inclusion(5, size))
    entry = tmp_path / "entry"
    entry.write_bytes(next(store.entries(5)))
    store.close()
    proof = tmp_path / "entry.tlog-proof"
    proof.write_bytes(format_proof(Proof(5, hashes, note)))
    said = foedus("verify", proof, "--entry", entry, "--keys", keys)
    assert said.status == 0
    assert "This entry is number 5" in said.out
    assert foedus("verify", proof, "--entry", entry).status == 2
    assert "--rules recomputes a whole record" in foedus("verify", proof, "--rules", "--keys", keys).line
    assert (
        foedus("verify", exercise, "--keys", tmp_path).line == f"malformed: {tmp_path} cannot be read: Is a directory"
    )
    assert "--entry goes with one" in foedus("verify", exercise, "--entry", entry).line
    entry.write_bytes(b"{}")
    assert foedus("verify", proof, "--entry", entry, "--keys", keys).status == 3


# --- compact ------------------------------------------------------------------------------------------------


def test_the_bundled_compact_is_in_order(foedus):
    said = foedus.json("compact", "check", "kyiv-2022")
    assert said["ok"] is True
    assert said["findings"] == []
    assert said["clauses"] > 20
    assert "Nothing is wrong in it." in foedus("compact", "check", "kyiv-2022").out


def test_every_fault_is_shown_with_its_place(foedus, tmp_path):
    (tmp_path / "bad.yaml").write_text("format: 2\nid: 'a b'\nfrob: 1\n", "utf-8")
    ran = foedus("compact", "check", tmp_path / "bad.yaml")
    assert ran.status == 2
    assert ran.err == ""
    lines = ran.out.splitlines()
    assert len(lines) > 3
    assert all(line.startswith(f"{tmp_path / 'bad.yaml'}:") for line in lines[:-1])
    data = foedus("compact", "check", tmp_path / "bad.yaml", "--json")
    assert data.status == 2
    assert len(data.data["findings"]) == len(lines) - 1
    assert {"file", "line", "column", "found", "expected"} <= set(data.data["findings"][0])
    assert foedus("compact", "check", "no-such").status == 2


def test_the_schema_is_json_schema(foedus):
    whole = json.loads(foedus("compact", "schema").out)
    part = json.loads(foedus("compact", "schema", "--agreement").out)
    assert "2020-12" in whole["$schema"]
    assert whole != part


def test_the_table_of_seats_says_what_each_office_may(foedus, exercise):
    rows = foedus.json("seat", "table", exercise, "--seat", "UKR/head")
    may = {row["act"]: row for row in rows if row["may"]}
    assert (may["Activate"]["rule"], may["Activate"]["signatures"]) == ("P10.two-seats", 2)
    assert {row["role"] for row in rows} == {"head"}
    said = foedus("seat", "table", exercise, "--group", "core").out
    assert "Activate the guarantees: nobody [P10.two-seats]" in said
    assert not any(row["may"] for row in foedus.json("seat", "table", exercise, "--level", "secret"))
    for wrong in (("--group", "inner"), ("--level", "loud"), ("--seat", "UKR/king")):
        assert foedus("seat", "table", exercise, *wrong).status == 2
