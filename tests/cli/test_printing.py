"""`act print` and `act show`: from an act to paper, and from what stands on the paper back to the record."""

from __future__ import annotations

import json

import pytest

from foedus.acts import decode_statement
from foedus.record.envelope import decode_envelope
from tests.documents.pdf_text import Pdf

LANGUAGES = pytest.mark.parametrize(("language", "head"), [("en", "Note verbale"), ("uk", "Вербальна нота")])
ACT = {"act": "RecordPresence", "response": "R-2"}


@pytest.fixture
def signed(foedus, exercise, tmp_path):
    """A signed act as a file, and its seat."""
    running = next(one for one in foedus.json("status", exercise)["responses"] if one["closed"] is None)
    seat = f"{next(party for party in running['roll'] if party not in running['present'])}/delegation"
    (tmp_path / "body.json").write_text(json.dumps(ACT), "utf-8")
    out = tmp_path / "signed.json"
    assert foedus("sign", tmp_path / "body.json", "--record", exercise, "--as", seat, "--out", out).status == 0
    return out


def text(path):
    pdf = Pdf(path.read_bytes())
    return "".join(pdf.text(page) for page in range(len(pdf.pages))).replace("\u200b", "")


@LANGUAGES
def test_an_entry_is_printed_and_found_again(foedus, exercise, tmp_path, language, head):
    out = tmp_path / "note.pdf"
    said = foedus.json("act", "print", "--entry", 12, "--record", exercise, "--out", out, "--lang", language)
    paper = text(out)
    assert head in paper
    link = f"foedus:{decode_statement(decode_envelope(Pdf(out.read_bytes()).attached()['act.json']).payload).origin}"
    link += f"/act/{said['act']}#sha256={said['sha256']}"
    assert link in paper
    for asked, compared in ((said["act"], False), (link, True)):
        found = foedus.json("act", "show", asked, "--record", exercise)
        assert (found["entry"], found["sha256"], found["compared"]) == (12, said["sha256"], compared)


def test_the_command_on_the_paper_works(foedus, exercise, tmp_path):
    out = tmp_path / "note.pdf"
    said = foedus.json("act", "print", "--entry", 3, "--record", exercise, "--out", out)
    command = f"foedus act show {said['act']} --record DIR"
    assert command in text(out)
    ran = foedus(*command.replace("DIR", str(exercise)).split()[1:])
    assert ran.status == 0, ran.err
    assert ran.out.startswith("EXERCISE ")
    assert said["sha256"] in ran.out
    assert "Compare it with the digest on paper." in ran.out


def test_what_is_signed_and_what_is_not_are_printed_as_such(foedus, exercise, tmp_path, signed):
    said = foedus.json("act", "print", signed, "--record", exercise, "--out", tmp_path / "signed.pdf")
    assert said["status"] == "signed"
    assert "NOT RECORDED" in text(tmp_path / "signed.pdf")
    statement = tmp_path / "statement.json"
    statement.write_bytes(decode_envelope(signed.read_bytes().strip()).payload)
    draft = foedus.json("act", "print", statement, "--record", exercise, "--out", tmp_path / "draft.pdf")
    assert (draft["status"], draft["sha256"]) == ("unsigned", said["sha256"])
    assert "NOT SIGNED" in text(tmp_path / "draft.pdf")
    assert foedus("act", "show", said["act"], "--record", exercise).line.startswith("refused: No act ")
    assert foedus("submit", exercise, signed).status == 0
    assert foedus.json("act", "show", said["act"], "--record", exercise)["sha256"] == said["sha256"]


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        ("ID#", 2, "32 digits 0-9a-f were expected"),
        ("foedus:x", 2, "expected foedus:ORIGIN/act/ID#sha256=DIGEST"),
        (f"foedus:example.com/other/act/{'0' * 32}#sha256={'0' * 64}", 1, "The act is of the record example.com/other"),
        ("0" * 32, 1, "No act 00000000000000000000000000000000 is in this record"),
    ],
)
def test_what_is_not_found(foedus, exercise, asked, status, says):
    ran = foedus("act", "show", asked, "--record", exercise)
    assert (ran.status, ran.out) == (status, "")
    assert says in ran.line


def test_another_digest_stops(foedus, exercise):
    found = foedus.json("status", exercise)
    said = foedus.json("act", "print", "--entry", 0, "--record", exercise, "--out", exercise / "note.pdf")
    link = f"foedus:{found['origin']}/act/{said['act']}#sha256={'0' * 64}"
    ran = foedus("act", "show", link, "--record", exercise)
    assert ran.status == 3
    assert "one of them is forged" in ran.line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "one act is printed: name a FILE, or an entry of the record with --entry"),
        (["BODY", "--entry", "1"], "one act is printed"),
        (["BODY"], "which has no id yet"),
        (["--entry", "99999"], "there is no entry 99,999"),
    ],
)
def test_what_cannot_be_printed(foedus, exercise, tmp_path, arguments, says):
    (tmp_path / "body.json").write_text(json.dumps(ACT), "utf-8")
    named = [str(tmp_path / "body.json") if one == "BODY" else one for one in arguments]
    ran = foedus("act", "print", *named, "--record", exercise, "--out", tmp_path / "note.pdf")
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.line
    assert not (tmp_path / "note.pdf").exists()
