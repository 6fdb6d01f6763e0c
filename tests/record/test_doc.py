"""docs/record.md is true: its examples are recomputed, its tables and limits are those of the code.

Run as a script it writes the recomputed examples into the page.
"""

import hashlib
import re
import tempfile
import unicodedata
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.pwhash import argon2id

from foedus.record import key_file as key_file_
from foedus.record import keys
from foedus.record.checkpoint import (
    Checkpoint,
    cosign,
    cosigner_key,
    format_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from foedus.record.envelope import (
    ACT_TYPE,
    EXERCISE_ACT_TYPE,
    MAX_DEPTH,
    MAX_ENVELOPE_BYTES,
    check_json,
    decode_envelope,
    encode_envelope,
    pae,
    sign_envelope,
    verify_signatures,
)
from foedus.record.key_file import (
    LEAST,
    MAX_FILE_BYTES,
    MAX_PASSPHRASE_BYTES,
    MODERATE,
    MOST,
    read_key_file,
    write_key,
)
from foedus.record.merkle import consistency_proof, inclusion_proof, leaf_hash, node_hash, root_of
from foedus.record.note import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    add_signatures,
    format_vkey,
    note_key,
    parse_vkey,
)
from foedus.record.proof import Proof, format_proof, verify_proof
from foedus.record.tiles import MAX_ENTRY_BYTES, decode_bundle, encode_bundle, encode_tile

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/record.md"
BLOCK = re.compile(r"^```(text|json) ([a-z.]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

ORIGIN = "example.com/compact"
SEAT, LOG, WITNESS, OFFICER = (bytes(range(start, start + 32)) for start in (0, 32, 64, 96))
SALT = bytes(range(128, 160))
CONTENT = "Full powers of the duty officer, signed in Warsaw on 1 March 2026."
COMPACT = hashlib.sha256(b"an example").hexdigest()
NEW_KEY = keys.public_of(OFFICER).hex()


def statement():
    """The example act: the head of a delegation enrols a duty officer, with a document attached."""
    digest = hashlib.sha256(SALT + CONTENT.encode()).hexdigest()
    marking = {"level": "restricted", "release_to": ["pl", "ua"]}
    attachment = {"digest": digest, "size": len(CONTENT.encode()), "kind": "credentials", "marking": marking}
    members = {
        "origin": ORIGIN,
        "id": "0f8fad5bd9cb469fa16570867728950e",
        "seat": "pl/head",
        "issued_at": "2026-03-01T09:58:00Z",
        "compact": COMPACT,
        "effect": "instrument",
        "body": {"act": "EnrolSeat", "party": "pl", "role": "duty_officer", "key": NEW_KEY},
        "marking": {"level": "restricted"},
        "attachments": [attachment],
    }
    return msgspec.json.encode(members)


def entry_of(envelope):
    event = {
        "event": "SeatEnrolled",
        "seat": "pl/duty_officer",
        "party": "pl",
        "role": "duty_officer",
        "key": NEW_KEY,
    }
    members = {
        "at": "2026-03-01T10:00:00Z",
        "compact": COMPACT,
        "rules": 1,
        "act": msgspec.Raw(envelope),
        "events": [event],
    }
    return msgspec.json.encode(members)


def key_file():
    with tempfile.TemporaryDirectory() as folder:
        write_key(Path(folder) / "key", "pl/head", SEAT, None)
        return (Path(folder) / "key").read_text()


PASSPHRASE, LOCK_SALT, NONCE = "Źdźbło й sól", bytes(range(160, 176)), bytes(range(176, 200))


def recomputed():
    """Every example by name, computed from the constants above."""
    payload = statement()
    envelope = sign_envelope(payload, ACT_TYPE, [keys.SeedKey(SEAT)])
    entries = [b"entry 0", b"entry 1", entry_of(encode_envelope(envelope))]
    leaves = [leaf_hash(entry) for entry in entries]

    def read(level, n):
        return leaves[n] if level == 0 else node_hash(leaves[2 * n], leaves[2 * n + 1])

    head = Checkpoint(ORIGIN, 3, root_of(leaves))
    cosigned = cosign(
        format_checkpoint(head), "witness.example/pl", WITNESS, datetime(2026, 3, 1, 10, 0, 5, tzinfo=UTC)
    )
    note = add_signatures(sign_checkpoint(head, LOG), [cosigned])
    return {
        "seat.seed": SEAT.hex(),
        "seat.public": keys.public_of(SEAT).hex(),
        "seat.keyid": keys.key_id(keys.public_of(SEAT)),
        "seat.file": key_file(),
        "locked.passphrase": PASSPHRASE,
        "locked.salt": LOCK_SALT.hex(),
        "locked.nonce": NONCE.hex(),
        "locked.key": key_file_._stretched(PASSPHRASE, LOCK_SALT, MODERATE).hex(),
        "locked.file": key_file_._sealed("pl/head", SEAT, PASSPHRASE, MODERATE, LOCK_SALT, NONCE).decode(),
        "attachment.salt": SALT.hex(),
        "attachment.content": CONTENT,
        "attachment.digest": hashlib.sha256(SALT + CONTENT.encode()).hexdigest(),
        "act.statement": payload.decode(),
        "act.pae": pae(ACT_TYPE, payload).decode(),
        "act.signature": b64encode(envelope.signatures[0].sig).decode(),
        "act.envelope": encode_envelope(envelope).decode(),
        "entry": entries[2].decode(),
        "entry.leaf": leaves[2].hex(),
        "tree.tile": encode_tile(leaves).hex(),
        "tree.node": read(1, 0).hex(),
        "tree.root": head.root.hex(),
        "tree.bundle": encode_bundle(entries[:2]).hex(),
        "tree.consistency": "\n".join(value.hex() for value in consistency_proof(read, 1, 3)),
        "tree.inclusion": "\n".join(value.hex() for value in inclusion_proof(read, 1, 3)),
        "log.seed": LOG.hex(),
        "log.vkey": format_vkey(note_key(ORIGIN, LOG)),
        "checkpoint": note.decode(),
        "witness.seed": WITNESS.hex(),
        "witness.vkey": format_vkey(cosigner_key("witness.example/pl", WITNESS)),
        "proof": format_proof(Proof(2, tuple(inclusion_proof(read, 2, 3)), note)).decode(),
    }


ENDS_IN_LINE_FEED = ("seat.file", "locked.file", "checkpoint", "proof")


def examples():
    """What the page shows, by name."""
    found = {name: block for _, name, block in BLOCK.findall(PAGE.read_text("utf-8"))}
    return {name: block if name in ENDS_IN_LINE_FEED else block.removesuffix("\n") for name, block in found.items()}


def test_every_example_is_what_the_code_computes():
    assert examples() == recomputed(), "python tests/record/test_doc.py writes them anew"


def test_the_examples_convince_a_reader_who_has_only_the_page():
    """Checked in the order in which a stranger would, from the page's text and nothing of the above."""
    shown = examples()
    public = bytes.fromhex(shown["seat.public"])
    assert hashlib.sha256(public).hexdigest().startswith(shown["seat.keyid"])

    content = bytes.fromhex(shown["attachment.salt"]) + shown["attachment.content"].encode()
    named = msgspec.json.decode(shown["act.statement"])["attachments"][0]
    assert hashlib.sha256(content).hexdigest() == shown["attachment.digest"] == named["digest"]
    assert len(content) == 32 + named["size"]

    envelope = decode_envelope(shown["act.envelope"].encode())
    verify_signatures(envelope, {shown["seat.keyid"]: public})
    assert envelope.payload.decode() == shown["act.statement"]
    check_json(envelope.payload)
    check_json(shown["entry"].encode())
    assert f'"act":{shown["act.envelope"]},' in shown["entry"]

    leaves = [hashlib.sha256(b"\0" + data).digest() for data in (b"entry 0", b"entry 1", shown["entry"].encode())]
    assert b"".join(leaves).hex() == shown["tree.tile"]
    node = hashlib.sha256(b"\1" + leaves[0] + leaves[1]).digest()
    assert (node.hex(), leaves[2].hex()) == (shown["tree.node"], shown["entry.leaf"])
    assert hashlib.sha256(b"\1" + node + leaves[2]).hexdigest() == shown["tree.root"]
    assert decode_bundle(bytes.fromhex(shown["tree.bundle"]), 2) == [b"entry 0", b"entry 1"]

    log, witness = parse_vkey(shown["log.vkey"]), parse_vkey(shown["witness.vkey"])
    signed = verify_checkpoint(shown["checkpoint"].encode(), log, [witness])
    assert signed.checkpoint == Checkpoint(ORIGIN, 3, bytes.fromhex(shown["tree.root"]))
    assert [one.at for one in signed.cosignatures] == [datetime(2026, 3, 1, 10, 0, 5, tzinfo=UTC)]
    assert verify_proof(shown["entry"].encode(), shown["proof"].encode(), log, [witness], quorum=1) == 2


def test_the_locked_example_opens_with_its_passphrase_however_it_is_typed(tmp_path):
    """By the library's own functions, as the page says, and by ours."""
    shown = examples()
    data = unicodedata.normalize("NFC", shown["locked.passphrase"]).encode()
    key = argon2id.kdf(32, data, bytes.fromhex(shown["locked.salt"]), opslimit=3, memlimit=2**28)
    assert key.hex() == shown["locked.key"]
    bound, _, last = shown["locked.file"].rstrip("\n").rpartition(" ")
    sealed = b64decode(last)
    assert sealed[:40].hex() == shown["locked.salt"] + shown["locked.nonce"]
    seed = crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[40:], f"{bound} ".encode(), sealed[16:40], key)
    assert seed.hex() == shown["seat.seed"]
    assert b64decode(bound.split(" ")[2]).hex() == shown["seat.public"]
    (tmp_path / "key").write_text(shown["locked.file"])
    (tmp_path / "key").chmod(0o600)
    assert read_key_file(tmp_path / "key").seed(lambda: unicodedata.normalize("NFD", PASSPHRASE)) == SEAT


def test_the_bounds_of_a_key_file_are_those_of_the_code():
    text = section("Keys")
    assert f"Written: {MODERATE.passes} and {MODERATE.memory_kib}" in text
    assert f"more than {MOST.passes} passes, more than {MOST.memory_kib} KiB or fewer than {LEAST.memory_kib}" in text
    assert f"{MAX_FILE_BYTES:,} bytes" in text
    assert f"1 to {MAX_PASSPHRASE_BYTES:,} bytes" in text


def test_the_example_is_an_act_and_an_entry_of_this_version():
    from foedus import acts
    from foedus.parties.acts import EnrolSeat

    shown = examples()
    body = acts.decode_statement(shown["act.statement"].encode()).body
    assert isinstance(body, EnrolSeat)
    assert body.key == NEW_KEY
    assert acts.decode_entry(shown["entry"].encode()).act == decode_envelope(shown["act.envelope"].encode())


def section(title):
    text = PAGE.read_text("utf-8")
    found = re.search(rf"^##+ {title}\n(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section {title}"
    return found[1]


def first_column(title):
    return re.findall(r"^\| `([^`]+)` \|", section(title), re.MULTILINE)


@pytest.mark.parametrize(
    ("title", "name"), [("Statement", "Statement"), ("The entry", "Entry"), ("Attachments", "Attachment")]
)
def test_tables_list_every_member(title, name):
    from foedus import acts

    fields = {field.encode_name for field in msgspec.structs.fields(getattr(acts, name))}
    assert set(first_column(title)) == fields


def test_every_rule_of_admission_is_listed():
    cited = set()
    for path in sorted((ROOT / "src/foedus").rglob("*.py")):
        cited |= set(re.findall(r'"(record/[a-z-]+)"', path.read_text("utf-8")))
    assert cited == set(first_column("Admission")), "docs/record.md, Admission, lists the rules that the code cites"


@pytest.mark.parametrize("value", [MAX_ENVELOPE_BYTES, MAX_ENTRY_BYTES, MAX_NOTE_BYTES, MAX_DEPTH, MAX_SIGNATURES])
def test_limits_are_those_of_the_code(value):
    assert re.search(rf"\b{value:,}\b", section("Conventions"))


def test_both_payload_types_are_named():
    assert ACT_TYPE in section("Envelope")
    assert EXERCISE_ACT_TYPE in section("Envelope")


if __name__ == "__main__":
    computed = recomputed()

    def written(match):
        language, name, _ = match.groups()
        return f"```{language} {name}\n{computed[name].removesuffix(chr(10))}\n```"

    PAGE.write_text(BLOCK.sub(written, PAGE.read_text("utf-8")), "utf-8")
