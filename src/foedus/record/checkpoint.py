"""Checkpoints, size and root of a log signed by it, and the cosignatures of those who checked them.

c2sp.org/tlog-checkpoint and c2sp.org/tlog-cosignature: the log's Ed25519 signature (0x01), timestamped
Ed25519 cosignatures (0x04), and timestamped ML-DSA-44 cosignatures over checkpoints and subtrees (0x06),
these only where the installed `cryptography` carries ML-DSA-44. Whether a checkpoint is consistent with an
earlier one must be checked before cosigning, with merkle.verify_consistency: nothing here looks at a tree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from foedus.errors import Malformed, Tampered
from foedus.record.keys import check_name, decode_base64, encode_base64, public_of, sign, verify
from foedus.record.merkle import EMPTY_ROOT, HASH_BYTES
from foedus.record.note import (
    CHECKS,
    COSIGNATURE,
    PUBLIC_BYTES,
    SUBTREE_COSIGNATURE,
    NoteSignature,
    VerifierKey,
    sign_note,
    verify_note,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

MAX_SIZE = 2**63 - 1
TIME_BYTES = 8
LATEST = 253_402_300_799  # the last second of the year 9999, which a datetime can still hold

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_is_size = re.compile(r"0|[1-9][0-9]{0,18}").fullmatch


class Checkpoint(NamedTuple):
    """Origin (which log), size (entries) and root; extension lines of other logs are kept, ours have none."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


class Cosignature(NamedTuple):
    """Whose cosignature verified, and the time it claims, to the second; None when it claims none."""

    key: VerifierKey
    at: datetime | None


class SignedCheckpoint(NamedTuple):
    """A checkpoint that its log signed, with the cosignatures that verified."""

    checkpoint: Checkpoint
    cosignatures: tuple[Cosignature, ...]


def format_checkpoint(checkpoint: Checkpoint) -> bytes:
    """The checkpoint as the text of a note. Raises Malformed for one that could not be read."""
    origin, size, root, extensions = checkpoint
    text = "".join(f"{line}\n" for line in (origin, size, encode_base64(root), *extensions)).encode(
        "utf-8", "surrogatepass"
    )
    if parse_checkpoint(text) != checkpoint:
        raise Malformed("checkpoint of {origin!r}: a line holds a newline", origin=origin)
    return text


def parse_checkpoint(text: bytes) -> Checkpoint:
    """The checkpoint that the text of a note states. Raises Malformed."""
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError:
        raise Malformed("checkpoint: not UTF-8") from None
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise Malformed("checkpoint: expected origin, size and root on a line each, and no empty line")
    origin, size, root, *extensions = lines
    if not _is_size(size) or int(size) > MAX_SIZE:
        raise Malformed(
            "checkpoint of {origin!r}: size {size!r}, expected a decimal below 2**63",
            origin=origin[:80],
            size=size[:80],
        )
    hash_ = decode_base64(root)
    if len(hash_) != HASH_BYTES:
        raise Malformed(
            "checkpoint of {origin!r}: root of {found} bytes, {expected} expected",
            origin=origin[:80],
            found=len(hash_),
            expected=HASH_BYTES,
        )
    if size == "0" and hash_ != EMPTY_ROOT:
        raise Malformed("checkpoint of {origin!r}: size 0 with a root that is not the empty tree's", origin=origin[:80])
    return Checkpoint(origin, int(size), hash_, tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, seed: bytes) -> bytes:
    """The checkpoint as a note signed by its log, under the origin as the key's name. Raises Malformed."""
    return sign_note(format_checkpoint(checkpoint), checkpoint.origin, seed)


def verify_checkpoint(note: bytes, log: VerifierKey, witnesses: Sequence[VerifierKey] = ()) -> SignedCheckpoint:
    """The checkpoint of a note, and who cosigned it; `log` must have signed it and be its origin.

    Raises Malformed when it cannot be read, Tampered when the log's signature is missing, any signature of
    a key given here is bad, or the origin is another's.
    """
    read, verified = verify_note(note, [log, *witnesses], CHECKPOINT_CHECKS)
    if all(key != log for key, _ in verified):
        raise Tampered("checkpoint: not signed by {name} ({key_id})", name=log.name, key_id=log.key_id.hex())
    checkpoint = parse_checkpoint(read.text)
    if checkpoint.origin != log.name:
        raise Tampered(
            "checkpoint: origin {found!r} found, {expected!r} expected", found=checkpoint.origin[:80], expected=log.name
        )
    cosigned = [Cosignature(key, _claimed(key, one.signature)) for key, one in verified if key in witnesses]
    return SignedCheckpoint(checkpoint, tuple(cosigned))


def cosigner_key(name: str, seed: bytes) -> VerifierKey:
    """The verifier key of `cosign`. No key may serve two cosigners: the signature binds no name."""
    return VerifierKey(check_name(name), COSIGNATURE, public_of(seed))


def cosign(text: bytes, name: str, seed: bytes, at: datetime) -> NoteSignature:
    """Cosignature (0x04): at time `at` this checkpoint is the largest consistent one that `name` has seen.

    `text` is the checkpoint's text; note.add_signatures puts the result into its note. Raises Malformed.
    """
    parse_checkpoint(text)
    seconds = _seconds(at)
    signature = sign(seed, _cosigned_text(seconds, text))
    return NoteSignature(name, cosigner_key(name, seed).key_id, seconds.to_bytes(TIME_BYTES) + signature)


def mldsa44_key(name: str, seed: bytes) -> VerifierKey:
    """The verifier key of `cosign_mldsa44`; `seed` is FIPS 204's 32-byte xi. Raises Malformed."""
    return VerifierKey(check_name(name), SUBTREE_COSIGNATURE, _mldsa44(seed).public_key().public_bytes_raw())


def cosign_mldsa44(text: bytes, name: str, seed: bytes, at: datetime | None) -> NoteSignature:
    """Cosignature (0x06): like `cosign`, but without a time it claims to be consistent only, not largest.

    Raises Malformed, also where the installed `cryptography` lacks ML-DSA-44.
    """
    origin, size, root, _ = parse_checkpoint(text)
    seconds = 0 if at is None else _seconds(at)
    message = subtree_message(name, seconds, origin, 0, size, root=root)
    signature = seconds.to_bytes(TIME_BYTES) + _mldsa44(seed).sign(message)
    return NoteSignature(name, mldsa44_key(name, seed).key_id, signature)


def subtree_message(name: str, seconds: int, origin: str, start: int, end: int, *, root: bytes) -> bytes:
    """What a 0x06 cosignature signs: cosigner, time (0: none), log, and the root over start to end - 1.

    Raises Malformed for names over 255 bytes, and for a time on a subtree that does not start at 0.
    """
    check_name(name)
    if not 0 <= start <= end <= MAX_SIZE or len(root) != HASH_BYTES:
        raise Malformed(
            "cosignature: entries {start} to {last} are no subtree with a root of 32 bytes", start=start, last=end - 1
        )
    if start and seconds:
        raise Malformed("cosignature: a subtree that does not start at entry 0 carries no time")
    parts = [b"subtree/v1\n\0", _short(name), seconds.to_bytes(TIME_BYTES), _short(origin)]
    return b"".join([*parts, start.to_bytes(8), end.to_bytes(8), root])


def verify_subtree(
    key: VerifierKey, signature: bytes, origin: str, start: int, end: int, *, root: bytes
) -> datetime | None:
    """The time that a 0x06 cosignature over leaves start to end - 1 of a log claims, None when none.

    `signature` is 8 bytes of time and the ML-DSA-44 signature. Raises Tampered when it does not verify.
    """
    seconds = int.from_bytes(signature[:TIME_BYTES])
    fits = key.algorithm == SUBTREE_COSIGNATURE and seconds <= LATEST and not (start and seconds)
    if not fits or not _verify_mldsa44(
        key.public,
        subtree_message(key.name, seconds, origin, start, end, root=root),
        signature[TIME_BYTES:],
    ):
        raise Tampered(
            "cosignature of {name} over entries {start} to {last} of {origin} does not verify",
            name=key.name,
            start=start,
            last=end - 1,
            origin=origin,
        )
    return _claimed(key, signature)


def _check_cosignature(key: VerifierKey, text: bytes, signature: bytes) -> bool:
    seconds = int.from_bytes(signature[:TIME_BYTES])
    return seconds <= LATEST and verify(key.public, _cosigned_text(seconds, text), signature[TIME_BYTES:])


def _check_subtree_cosignature(key: VerifierKey, text: bytes, signature: bytes) -> bool:
    origin, size, root, _ = parse_checkpoint(text)
    try:
        verify_subtree(key, signature, origin, 0, size, root=root)
    except Tampered:
        return False
    return True


CHECKPOINT_CHECKS = {
    **CHECKS,
    COSIGNATURE: _check_cosignature,
    SUBTREE_COSIGNATURE: _check_subtree_cosignature,
}


def _cosigned_text(seconds: int, text: bytes) -> bytes:
    return b"cosignature/v1\ntime %d\n%b" % (seconds, text)


def _seconds(at: datetime) -> int:
    assert at.tzinfo is not None, "times are aware, in UTC"
    seconds = (at - _EPOCH) // timedelta(seconds=1)
    if seconds <= 0:
        raise Malformed("cosignature: time {at}, expected one after 1970", at=at.isoformat())
    return seconds


def claimed(signature: bytes) -> datetime | None:
    """The time that a cosignature which verified claims, to the second; None when it claims none."""
    seconds = int.from_bytes(signature[:TIME_BYTES])
    return _EPOCH + timedelta(seconds=seconds) if seconds else None


def _claimed(key: VerifierKey, signature: bytes) -> datetime | None:
    return claimed(signature) if key.algorithm in (COSIGNATURE, SUBTREE_COSIGNATURE) else None


def _short(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    if not 0 < len(data) < 256:
        raise Malformed("cosignature: origin {origin!r}, expected 1 to 255 bytes", origin=text[:80])
    return bytes([len(data)]) + data


def _mldsa44(seed: bytes) -> MLDSA44PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm

    if len(seed) != 32:
        raise Malformed("ML-DSA-44 private key: {found} bytes found, a seed of 32 expected", found=len(seed))
    try:
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

        return MLDSA44PrivateKey.from_seed_bytes(seed)
    except (ImportError, UnsupportedAlgorithm) as error:
        raise _lacking() from error


def _verify_mldsa44(public: bytes, message: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    if len(public) != PUBLIC_BYTES[SUBTREE_COSIGNATURE]:
        return False
    try:
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    except (ImportError, UnsupportedAlgorithm) as error:
        raise _lacking() from error
    return True


def _lacking() -> Malformed:
    return Malformed(
        "ML-DSA-44 is not in the installed cryptography: install version 47 or later, or leave 0x06 keys out"
    )
