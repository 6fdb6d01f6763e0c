"""Other people's vectors, all of them: RFC 6962 proofs, Ed25519 edge cases, a log written by Tessera,
reference data.

What stands here only reads the files and says what each expects; the laws are in the other files.
"""

import json
from base64 import b64decode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from foedus.errors import FoedusError, Malformed, Tampered
from foedus.record import keys
from foedus.record.checkpoint import (
    Checkpoint,
    cosign,
    cosign_mldsa44,
    cosigner_key,
    format_checkpoint,
    mldsa44_key,
    parse_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
    verify_subtree,
)
from foedus.record.merkle import (
    Frontier,
    TreeReader,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
    verify_subtree_consistency,
    verify_subtree_inclusion,
)
from foedus.record.note import COSIGNATURE, add_signatures, format_note, format_vkey, parse_note, parse_vkey
from foedus.record.tiles import decode_bundle, decode_tile, encode_tile, new_tiles, tile_path, tile_width

VECTORS = Path(__file__).parents[3] / "shared/data/record-vectors"

pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason=f"{VECTORS} is absent: vectors are not in the project")


def load(path):
    return json.loads((VECTORS / path).read_text())


# RFC 6962 proofs of transparency-dev: one file per case, right and wrong.


def inclusion(case, leaf, root, proof):
    verify_inclusion(leaf, case["leafIdx"], case["treeSize"], proof, root)


def subtree_inclusion(case, leaf, root, proof):
    verify_subtree_inclusion(leaf, case["leafIdx"], case["start"], case["end"], proof=proof, root=root)


def consistency(case, old_root, new_root, proof):
    verify_consistency(case["size1"], case["size2"], proof, old_root, new_root)


def subtree_consistency(case, part, root, proof):
    verify_subtree_consistency(case["start"], case["end"], case["size"], proof=proof, subtree_root=part, root=root)


@pytest.mark.parametrize(
    ("folder", "count", "right", "check", "fields"),
    [
        ("inclusion", 98, 6, inclusion, ("leafHash", "root")),
        ("subtreeinclusion", 204, 12, subtree_inclusion, ("leafHash", "root")),
        ("consistency", 98, 6, consistency, ("root1", "root2")),
        ("subtreeconsistency", 118, 12, subtree_consistency, ("root1", "root2")),
    ],
)
def test_every_proof_is_judged_as_its_vector_says(folder, count, right, check, fields):
    judged = {}
    for path in sorted((VECTORS / "merkle" / folder).rglob("*.json")):
        case = json.loads(path.read_text())
        hashes = [b64decode(case[field]) for field in fields]
        proof = [b64decode(value) for value in case["proof"] or []]
        try:
            check(case, *hashes, proof)
        except Tampered:
            judged[path] = True
        else:
            judged[path] = False
        assert judged[path] == case["wantErr"], path
    assert (len(judged), list(judged.values()).count(False)) == (count, right)


# Ed25519 edge cases of C2SP CCTV.


def test_ed25519_edge_cases_are_judged_by_the_one_rule():
    """As ed25519-dalek's verify_strict: no small-order A or R, no cofactor, nothing non-canonical."""
    refused_flags = {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"}
    cases = load("ed25519/ed25519vectors.json")
    accepted = 0
    for case in cases:
        public, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"])
        verified = keys.verify(public, case["msg"].encode(), signature)
        assert verified == (not refused_flags & set(case["flags"] or [])), case["number"]
        accepted += verified
    assert (len(cases), accepted) == (914, 43)


def test_no_key_with_a_small_order_part_is_admitted():
    """Stricter than verification: on a key with a small-order part libraries may still differ."""
    refused_flags = {"low_order_A", "low_order_component_A", "non_canonical_A"}
    verdicts = set()
    for case in load("ed25519/ed25519vectors.json"):
        public = bytes.fromhex(case["key"])
        try:
            keys.check_public_key(public)
        except Malformed:
            admitted = False
        else:
            admitted = True
        assert admitted == (not refused_flags & set(case["flags"] or [])), case["number"]
        verdicts.add(admitted)
    assert verdicts == {True, False}


# A log of fifteen entries written by Tessera, with every partial tile and checkpoint on the way.

TESSERA = "tessera-log/log"
TESSERA_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


@pytest.mark.parametrize("size", range(16))
def test_a_log_by_another_writer_is_read_from_its_tiles(size):
    log = parse_vkey(TESSERA_KEY)
    head = verify_checkpoint((VECTORS / TESSERA / f"checkpoint.{size}").read_bytes(), log).checkpoint
    assert head.size == size
    leaves = []
    for tile in new_tiles(0, size):
        data = (VECTORS / TESSERA / tile.path()).read_bytes()
        if tile.level is None:
            leaves = [leaf_hash(entry) for entry in decode_bundle(data, tile.width)]
        else:
            assert decode_tile(data, tile.width) == leaves
    assert root_of(leaves) == head.root


def test_the_log_s_checkpoints_are_consistent_and_its_entries_in_them():
    log = parse_vkey(TESSERA_KEY)
    heads = [
        verify_checkpoint((VECTORS / TESSERA / f"checkpoint.{size}").read_bytes(), log).checkpoint for size in range(16)
    ]
    assert verify_checkpoint((VECTORS / TESSERA / "checkpoint").read_bytes(), log).checkpoint == heads[-1]

    def fetch(level, start, count):
        width = min(tile_width(15, level, start // 256), count)
        return decode_tile((VECTORS / TESSERA / tile_path(level, 0, width)).read_bytes(), width) if width else []

    read = TreeReader(fetch)
    entries = decode_bundle((VECTORS / TESSERA / "tile/entries/000.p/15").read_bytes(), 15)
    for new in range(1, 16):
        for old in range(1, new + 1):
            verify_consistency(old, new, consistency_proof(read, old, new), heads[old].root, heads[new].root)
            index = old - 1
            verify_inclusion(leaf_hash(entries[index]), index, new, inclusion_proof(read, index, new), heads[new].root)


# Reference data of a tree of 70,000 entries: roots, proofs, tiles, checkpoints, cosignatures.


@pytest.fixture(scope="module")
def reference():
    return load("reference_generated.json")


@pytest.fixture(scope="module")
def tree():
    """Every stored hash of the tree, by tile level."""
    leaves = [leaf_hash(b"entry %d" % number) for number in range(70_000)]
    rows = {0: leaves, 1: [], 2: []}
    for level, n, value in Frontier().extend(leaves)[1]:
        assert n == len(rows[level])
        rows[level].append(value)
    return rows


@pytest.fixture(scope="module")
def read(tree):
    return TreeReader(lambda level, start, count: tree[level][start : start + count])


def test_roots_at_every_size(reference, tree, read):
    for size, root in reference["roots_hex"].items():
        assert root_at(read, int(size)).hex() == root
        assert root_of(tree[0][: int(size)]).hex() == root


def test_inclusion_proofs_are_the_same_and_verify(reference, tree, read):
    for case in reference["inclusion"]:
        proof = [bytes.fromhex(value) for value in case["proof_hex"]]
        assert inclusion_proof(read, case["index"], case["size"]) == proof
        root = bytes.fromhex(reference["roots_hex"].get(str(case["size"]), root_at(read, case["size"]).hex()))
        verify_inclusion(tree[0][case["index"]], case["index"], case["size"], proof, root)


def test_consistency_proofs_are_the_same_and_verify(reference, read):
    for case in reference["consistency"]:
        old, new = case["old"], case["new"]
        proof = [bytes.fromhex(value) for value in case["proof_hex"]]
        assert consistency_proof(read, old, new) == proof
        verify_consistency(old, new, proof, root_at(read, old), root_at(read, new))


def test_tiles_have_the_same_names_widths_and_bytes(reference, tree):
    tiles = [tile for tile in new_tiles(0, 70_000) if tile.level is not None]
    assert len(tiles) == reference["tile_count_70000"]
    for case in reference["tiles_of_size_70000"]:
        level, n, width = case["L"], case["N"], case["W"]
        assert tile_width(70_000, level, n) == width
        assert tile_path(level, n, width) == case["x_mod_path"].replace("tile/8/", "tile/")  # theirs names the height
        data = encode_tile(tree[level][256 * n : 256 * n + width])
        assert len(data) == case["bytes"]
        assert sha256(data).hexdigest() == case["sha256_of_tile_hex"]


def test_checkpoints_are_the_same_bytes_and_every_cosignature_verifies(reference):
    for case in reference["checkpoints"]:
        log = parse_vkey(case["log_vkey"])
        name, secret = log.name, b64decode(case["log_skey"].split("+", 4)[4])[1:]
        head = Checkpoint(name, case["size"], bytes.fromhex(reference["roots_hex"][str(case["size"])]))
        assert sign_checkpoint(head, secret) == case["checkpoint"].encode()

        witnesses = [parse_vkey(case["witness_ed25519_vkey"]), parse_vkey(case["witness_mldsa44_vkey"])]
        signed = verify_checkpoint(case["cosigned"].encode(), log, witnesses)
        assert signed.checkpoint == head
        assert [cosigned.key for cosigned in signed.cosignatures] == witnesses
        assert format_note(parse_note(case["cosigned"].encode())) == case["cosigned"].encode()

        at = signed.cosignatures[0].at
        assert at is not None
        seed = bytes.fromhex(case["witness_ed25519_seed_hex"])
        again = cosign(format_checkpoint(head), witnesses[0].name, seed, at)
        assert again == parse_note(case["cosigned"].encode()).signatures[1]
        assert format_vkey(cosigner_key(witnesses[0].name, seed)) == case["witness_ed25519_vkey"]


def test_ml_dsa_keys_and_cosignatures_fit_the_reference(reference):
    for case in reference["checkpoints"]:
        log, witness = parse_vkey(case["log_vkey"]), parse_vkey(case["witness_mldsa44_vkey"])
        seed = bytes.fromhex(case["witness_mldsa44_seed_hex"])
        assert mldsa44_key(witness.name, seed) == witness
        text = parse_note(case["checkpoint"].encode()).text
        ours = cosign_mldsa44(text, witness.name, seed, datetime(2026, 11, 22, tzinfo=UTC))
        [cosigned] = verify_checkpoint(add_signatures(case["checkpoint"].encode(), [ours]), log, [witness]).cosignatures
        assert cosigned.key == witness


def test_subtree_cosignatures_verify_for_their_subtree_alone(reference, read):
    key = parse_vkey(reference["checkpoints"][0]["witness_mldsa44_vkey"])
    for case in reference["mldsa44_subtree_signatures"]:
        assert key.name == case["cosigner"]
        signature = b64decode(case["timestamped_signature_b64"])
        span = case["origin"], case["start"], case["end"]
        root = bytes.fromhex(case["hash_hex"])
        at = verify_subtree(key, signature, *span, root=root)
        assert (0 if at is None else at.timestamp()) == case["timestamp"]
        for origin, start, end in [("other", *span[1:]), (span[0], span[1], span[2] + 1)]:
            with pytest.raises(Tampered):
                verify_subtree(key, signature, origin, start, end, root=root)
        with pytest.raises(Tampered):
            verify_subtree(key._replace(algorithm=COSIGNATURE), signature, *span, root=root)


def test_a_changed_reference_checkpoint_is_refused(reference):
    case = reference["checkpoints"][3]
    log = parse_vkey(case["log_vkey"])
    witnesses = [parse_vkey(case["witness_ed25519_vkey"]), parse_vkey(case["witness_mldsa44_vkey"])]
    changed = case["cosigned"].replace("\n70000\n", "\n70001\n").encode()
    assert parse_checkpoint(parse_note(changed).text).size == 70_001
    for known in ([], witnesses):
        with pytest.raises(FoedusError):
            verify_checkpoint(changed, log, known)
