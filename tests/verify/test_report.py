"""What an untouched record gives: what was proved, and what was not."""

from __future__ import annotations

from typing import Any

import pytest

from foedus.acts import decode_entry
from foedus.errors import Malformed, Tampered
from foedus.record.checkpoint import Checkpoint, cosign, cosigner_key, format_checkpoint
from foedus.record.note import add_signatures, format_vkey, note_key, parse_note
from foedus.record.store import open_store
from foedus.verify import read_keys
from foedus.words import translator
from tests.plays import seed_of
from tests.verify.damage import EN, KEY, ORIGIN, check, copied, kept


@pytest.mark.parametrize("which", ["record", "folder", "file.foedus"])
@pytest.mark.parametrize("rules", [False, True])
def test_an_untouched_record_verifies(which, rules):
    report = check(kept() / which, rules=rules)
    assert (report.size, report.signed, report.origin, report.exercise) == (300, 300, ORIGIN, True)
    assert report.key == format_vkey(KEY)
    assert report.signatures >= 300
    assert report.attachments_held > 3
    assert report.attachments_absent == 0
    proved = [said.say(EN) for said in report.proved]
    open_ = [said.say(EN) for said in report.not_proved]
    assert any("recomputed: it is what the rules give" in said for said in proved) == rules
    assert any("Events were not recomputed" in said for said in open_) != rules
    assert any("That what an act says is true" in said for said in open_)
    assert any("is the depositary's: compare it" in said for said in open_)
    assert any("Earlier checkpoints" in said for said in proved) == (which == "record")


def test_two_processes_and_no_state_give_the_same():
    record = kept() / "record"
    reports = [check(record), check(record, workers=2), check(record, state=False)]
    assert len({(one.root, one.signatures, one.events, one.seats) for one in reports}) == 1
    assert any("not added up" in said.say(EN) for said in reports[2].not_proved)


def test_progress_is_told_after_every_bundle():
    told: list[tuple[int, int]] = []
    check(kept() / "record", progress=lambda done, total: told.append((done, total)))
    assert told == [(256, 300), (300, 300)]


def test_a_report_says_the_same_in_ukrainian():
    report = check(kept() / "record")
    for said in (*report.proved, *report.not_proved):
        assert said.say(translator("uk")) != said.say(EN)


def test_a_key_from_elsewhere_is_compared():
    report = check(kept() / "folder", keys=[KEY])
    assert not any("is the depositary's: compare it" in said.say(EN) for said in report.not_proved)
    other = note_key(ORIGIN, seed_of("somebody else"))
    with pytest.raises(Tampered, match=r"entry 0 declares the key .*; you gave"):
        check(kept() / "folder", keys=[other])
    with pytest.raises(Malformed, match=f"none of the keys given is of {ORIGIN}"):
        check(kept() / "folder", keys=[note_key("other.example", seed_of("x"))])


def test_a_cosignature_is_counted_and_a_false_one_refused():
    with copied("folder") as folder:
        note = (folder / "checkpoint").read_bytes()
        text = parse_note(note).text
        witness = cosigner_key("witness.example", seed_of("witness"))
        at = play_time()
        signed = add_signatures(note, [cosign(text, "witness.example", seed_of("witness"), at)])
        (folder / "checkpoint").write_bytes(signed)
        assert check(folder).cosigned_by == ()
        assert check(folder, keys=[KEY, witness]).cosigned_by == ("witness.example",)
        wrong = cosign(format_checkpoint(Checkpoint(ORIGIN, 1, bytes(32))), witness.name, seed_of("witness"), at)
        (folder / "checkpoint").write_bytes(add_signatures(note, [wrong]))
        with pytest.raises(Tampered, match=r"witness\.example"):
            check(folder, keys=[KEY, witness])


def play_time() -> Any:
    store = open_store(kept() / "record")
    at = decode_entry(next(store.entries(299))).at
    store.close()
    return at


def test_keys_are_read_from_a_file(tmp_path):
    file = tmp_path / "keys"
    file.write_text(f"# the record\n\n{format_vkey(KEY)}\n", "utf-8")
    assert read_keys(file) == [KEY]
    file.write_text("# none\n", "utf-8")
    with pytest.raises(Malformed, match="no key found"):
        read_keys(file)
    with pytest.raises(Malformed, match="cannot be read"):
        read_keys(tmp_path / "absent")


@pytest.mark.parametrize("what", ["nothing", "empty", "text"])
def test_what_is_no_record_is_malformed(what, tmp_path):
    place = tmp_path / what
    if what == "empty":
        place.mkdir()
    elif what == "text":
        place.write_text("hello" * 1000, "utf-8")
    with pytest.raises(Malformed):
        check(place)
