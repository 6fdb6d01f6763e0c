"""Checks a record that somebody else keeps, believing nothing, and says what that proves and what it does
not.

It needs the record's bytes and this code: no server, no clock, no rule of trust. It opens a connection only
to an address that the user gave. It repairs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from foedus.errors import Malformed
from foedus.logs import name_of
from foedus.record.checkpoint import parse_checkpoint
from foedus.record.note import (
    COSIGNATURE,
    ED25519,
    SUBTREE_COSIGNATURE,
    VerifierKey,
    format_vkey,
    parse_note,
    parse_vkey,
)
from foedus.record.proof import parse_proof, verify_proof
from foedus.settling import Witnessed, witnessed
from foedus.verify.again import Again, MissingText
from foedus.verify.report import (
    ENTRY_ONLY,
    FORK,
    INCLUDED,
    TRUTH,
    Facts,
    Report,
    Said,
    not_proved,
    proved,
)
from foedus.verify.sources import Source, open_source
from foedus.verify.walk import Progress, Walk

__all__ = ["Report", "Said", "read_keys", "verify_proof_file", "verify_record", "verify_source"]

PROOF_SUFFIX = ".tlog-proof"


def verify_record(
    source: str | Path,
    *,
    rules: bool,
    keys: Sequence[VerifierKey] | None = None,
    progress: Progress | None = None,
    state: bool = True,
    workers: int = 1,
    token: str | None = None,
) -> Report:
    """Verify the record in a folder, an exported file or folder, a database, or on a running server.

    `rules`: also recompute every event. `keys`: what you know from elsewhere, the record's own and
    witnesses'. `progress(done, total)` is called after every 256 entries. `state=False` adds no events up and
    needs constant memory. `workers`: processes that check signatures, this one among them. Raises Tampered
    naming the place of the first thing that does not fit, Malformed when there is no record to verify.
    """
    opened = open_source(source, token)
    try:
        return verify_source(opened, rules=rules, keys=keys, progress=progress, state=state, workers=workers)
    finally:
        opened.close()


def verify_source(
    source: Source,
    *,
    rules: bool,
    keys: Sequence[VerifierKey] | None = None,
    progress: Progress | None = None,
    state: bool = True,
    workers: int = 1,
    told: Sequence[bytes] = (),
) -> Report:
    """The same of a source that is open and stays so. `told`: checkpoints known from elsewhere, that must fit too."""
    began = time.monotonic()
    if not source.size:
        raise Malformed("{name}: the record is empty; there is nothing to verify", name=source.name)
    walk = Walk(source, keys or (), state=state, rules=rules, told=told)
    walk.run(workers, progress)
    return _report(walk, known=bool(keys), rules=rules, seconds=time.monotonic() - began)


def read_keys(path: Path) -> list[VerifierKey]:
    """Verifier keys from a file: one on a line (C2SP vkey); empty lines and lines with # are left out."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem.strerror) from None
    except UnicodeDecodeError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=problem) from None
    keys = [parse_vkey(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    if not keys:
        raise Malformed("{path}: no key found; a line such as example.org/record+1a2b3c4d+AZ… was expected", path=path)
    return keys


def verify_proof_file(path: Path, entry: Path | None, keys: Sequence[VerifierKey]) -> Report:
    """Verify that the entry in a file is in the record, by a proof that travels (c2sp.org/tlog-proof@v1).

    `entry` None: the bytes of the entry stand in the proof's extra line. `keys`: the record's, and
    witnesses'. Raises Tampered when it does not fit, Malformed when a file cannot be read.
    """
    began = time.monotonic()
    if not keys:
        raise Malformed(
            "{path}: a proof needs the record's key from elsewhere; give a file of keys with --keys", path=path
        )
    try:
        proof = parse_proof(path.read_bytes())
        data = entry.read_bytes() if entry else proof.extra
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=problem.filename, problem=problem.strerror) from None
    if not data:
        raise Malformed("{path}: the proof does not carry the entry: give the entry's bytes with --entry", path=path)
    stated = parse_checkpoint(parse_note(proof.checkpoint).text)
    size = stated.size
    log = next((key for key in keys if (key.name, key.algorithm) == (stated.origin, ED25519)), None)
    if log is None:
        raise Malformed("{path}: none of the keys given is of {origin}", path=path, origin=stated.origin)
    index = verify_proof(data, proof, log, [key for key in keys if key.algorithm != ED25519])
    values: dict[str, str | int | datetime] = {
        "index": index,
        "origin": log.name,
        "size": size,
        "key": format_vkey(log),
    }
    return Report(
        source=str(path),
        kind="proof",
        origin=log.name,
        exercise=False,
        size=size,
        signed=size,
        root="",
        key=format_vkey(log),
        signatures=0,
        events=0,
        seats=0,
        compacts=(),
        first_at=None,
        last_at=None,
        attachments_held=0,
        attachments_absent=0,
        cosigned_by=(),
        settled=0,
        witnessed=None,
        rules=False,
        state=False,
        seconds=time.monotonic() - began,
        proved=(Said(INCLUDED, values),),
        not_proved=(Said(ENTRY_ONLY), Said(TRUTH), Said(FORK)),
    )


def _report(walk: Walk, *, known: bool, rules: bool, seconds: float) -> Report:
    opening, log = walk.register.opening, walk.log
    assert opening is not None, "a record that was walked has an entry 0"
    assert log is not None, "entry 0 declares a key"
    newest = max(walk.checkpoints, key=lambda signed: signed.checkpoint.size, default=None)
    settled, newest_stands = _settled(walk)
    report = Report(
        source=walk.source.name,
        kind=walk.source.kind,
        origin=opening.origin,
        exercise=opening.exercise,
        size=walk.frontier.size,
        signed=newest.checkpoint.size if newest else 0,
        root=walk.frontier.root().hex(),
        key=format_vkey(log),
        signatures=walk.signatures,
        events=walk.events,
        seats=walk.seats,
        compacts=tuple(walk.compacts),
        first_at=walk.first_at,
        last_at=walk.last_at,
        attachments_held=walk.held,
        attachments_absent=walk.absent,
        cosigned_by=tuple(dict.fromkeys(_cosigner(one.key) for one in newest.cosignatures)) if newest else (),
        settled=settled,
        witnessed=newest_stands,
        rules=rules,
        state=walk.state is not None,
        seconds=seconds,
        proved=(),
        not_proved=(),
    )
    facts = Facts(
        earlier=len(walk.checkpoints) - 1,
        compacts_held=tuple(digest for digest, here in walk.compacts.items() if here),
        compacts_absent=tuple(digest for digest, here in walk.compacts.items() if not here),
        key_known=known,
        witnesses_known=newest_stands is not None and _known_from_elsewhere(walk, newest_stands),
    )
    return replace(report, proved=tuple(proved(report, facts)), not_proved=tuple(not_proved(report, facts)))


def _cosigner(key: VerifierKey) -> str:
    """Who cosigned, and with what where that is not what every witness cosigns with."""
    return f"{key.name} (ML-DSA-44)" if key.algorithm == SUBTREE_COSIGNATURE else key.name


def _settled(walk: Walk) -> tuple[int, Witnessed | None]:
    """How many entries the witnesses settled, and how the newest checkpoint stands with them.

    0 and None where no state was added up, the compact's text is not here, or it names no witnesses.
    """
    if walk.state is None or not walk.notes:
        return 0, None
    text = Again(walk.source.blob).clauses
    notes = sorted(walk.notes, reverse=True)
    try:
        newest = witnessed(walk.state, text, notes[0][1])
        for size, note in notes:
            found = witnessed(walk.state, text, note)
            if found is not None and found.settles:
                return size, newest
    except MissingText:
        return 0, None
    return 0, newest


def _known_from_elsewhere(walk: Walk, found: Witnessed) -> bool:
    """Whether every witness that cosigned is among the keys that the user gave."""
    assert walk.register.opening is not None, "a checkpoint was signed"
    origin = walk.register.opening.origin
    given = {key.name for key in walk.keys if key.algorithm == COSIGNATURE}
    return all(name_of(origin, one.seat) in given for one in found.cosigned)
