"""Signed notes and verifier keys: the text in which checkpoints and cosignatures travel.

The format is c2sp.org/signed-note. Reading is strict and second spellings are Malformed, so that a note has
one form. A signature by a key that is not known is carried but proves nothing; one bad signature by a known
key condemns the whole note.

This module signs and checks Ed25519 over the text as it is (type 0x01). Other types sign other messages
about the text; checkpoint.py brings them as further entries of `checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from foedus.errors import Malformed, Tampered
from foedus.record.keys import (
    PUBLIC_KEY_BYTES,
    check_name,
    check_public_key,
    decode_base64,
    encode_base64,
    public_of,
    sign,
    verify,
)

ED25519 = 0x01
COSIGNATURE = 0x04  # timestamped Ed25519 over a checkpoint
SUBTREE_COSIGNATURE = 0x06  # timestamped ML-DSA-44 over a checkpoint or subtree

PUBLIC_BYTES = {ED25519: PUBLIC_KEY_BYTES, COSIGNATURE: PUBLIC_KEY_BYTES, SUBTREE_COSIGNATURE: 1312}
KEY_ID_BYTES = 4
MAX_SIGNATURES = 100
MAX_NOTE_BYTES = 1_000_000

_CONTROLS = bytes(set(range(32)) - {ord("\n")})
_DASH = "\u2014 "


class NoteSignature(NamedTuple):
    """One signature line: the key's name, its id (4 bytes), and the bytes that the key's type explains."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """The line as it stands in a note, with its newline."""
        return f"{_DASH}{self.name} {encode_base64(self.key_id + self.signature)}\n"


class Note(NamedTuple):
    """A text ending in a newline, with its signatures in their order. Not verified: see `verify_note`."""

    text: bytes
    signatures: tuple[NoteSignature, ...]


class VerifierKey(NamedTuple):
    """A public key, the name it signs under and the C2SP type of signature it makes."""

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name || newline || type || public key): a hint, no proof."""
        data = b"%b\n%c%b" % (self.name.encode(), self.algorithm, self.public)
        return sha256(data).digest()[:KEY_ID_BYTES]


Check = Callable[[VerifierKey, bytes, bytes], bool]  # (key, text, signature) -> is it this key's signature


def note_key(name: str, seed: bytes) -> VerifierKey:
    """The verifier key with which `sign_note` under this name and seed is checked."""
    return VerifierKey(check_name(name), ED25519, public_of(seed))


def format_vkey(key: VerifierKey) -> str:
    """The key as text: name+hex(key id)+base64(type || public key)."""
    return f"{key.name}+{key.key_id.hex()}+{encode_base64(bytes([key.algorithm]) + key.public)}"


def parse_vkey(text: str) -> VerifierKey:
    """The verifier key written in `text`.

    Raises Malformed also when the key id is not the one its name and key give, when the type is none of
    0x01, 0x04 and 0x06, and for Ed25519 keys that `check_public_key` refuses.
    """
    name, _, rest = text.partition("+")
    digits, _, encoded = rest.partition("+")
    data = decode_base64(encoded)
    key = VerifierKey(check_name(name), data[0] if data else 0, data[1:])
    length = PUBLIC_BYTES.get(key.algorithm)
    if length is None:
        raise Malformed(
            "verifier key of {name}: type {found}, expected 0x01, 0x04 or 0x06",
            name=name,
            found=f"{key.algorithm:#04x}",
        )
    if len(key.public) != length:
        raise Malformed(
            "verifier key of {name}: {found} bytes of key, {expected} expected",
            name=name,
            found=len(key.public),
            expected=length,
        )
    if digits != key.key_id.hex():
        raise Malformed(
            "verifier key of {name}: key id {found!r}, the key gives {expected}",
            name=name,
            found=digits[:16],
            expected=key.key_id.hex(),
        )
    if key.algorithm != SUBTREE_COSIGNATURE:
        check_public_key(key.public)
    return key


def parse_note(data: bytes) -> Note:
    """The note written in `data`. Raises Malformed."""
    if len(data) > MAX_NOTE_BYTES:
        raise Malformed("note: {found} bytes found, at most {most} expected", found=len(data), most=MAX_NOTE_BYTES)
    split = data.rfind(b"\n\n")
    if split < 0:
        raise Malformed("note: no blank line found between text and signatures")
    text = _check_text(data[: split + 1])
    try:
        lines = data[split + 2 :].decode().split("\n")
    except UnicodeDecodeError as error:
        raise Malformed(
            "note: not UTF-8: {problem} at byte {byte}", problem=error.reason, byte=split + 2 + error.start
        ) from None
    if lines.pop() or not lines:
        raise Malformed("note: expected at least one signature line, each ending in a newline")
    if len(lines) > MAX_SIGNATURES:
        raise Malformed(
            "note: {found} signatures found, at most {most} expected", found=len(lines), most=MAX_SIGNATURES
        )
    return Note(text, tuple([_parse_line(line) for line in lines]))


def format_note(note: Note) -> bytes:
    """The note as bytes that `parse_note` reads back. Raises Malformed for one that could not be read."""
    if not note.signatures or len(note.signatures) > MAX_SIGNATURES:
        raise Malformed(
            "note: {found} signatures, expected 1 to {most}", found=len(note.signatures), most=MAX_SIGNATURES
        )
    for one in note.signatures:
        check_name(one.name)
        if len(one.key_id) != KEY_ID_BYTES or not one.signature:
            raise Malformed("note: signature of {name} lacks its key id or its bytes", name=one.name)
    data = _check_text(note.text) + b"\n" + "".join([one.line() for one in note.signatures]).encode()
    if len(data) > MAX_NOTE_BYTES:
        raise Malformed("note: {found} bytes, at most {most} allowed", found=len(data), most=MAX_NOTE_BYTES)
    return data


def sign_note(text: bytes, name: str, seed: bytes) -> bytes:
    """The text as a note with one Ed25519 signature (0x01). Raises Malformed for a text no note can hold."""
    signature = NoteSignature(name, note_key(name, seed).key_id, sign(seed, text))
    return format_note(Note(text, (signature,)))


def add_signatures(note: bytes, signatures: Iterable[NoteSignature]) -> bytes:
    """The note with further signatures after those it has, none of them twice. Raises Malformed."""
    text, have = parse_note(note)
    return format_note(Note(text, tuple(dict.fromkeys([*have, *signatures]))))


def check_ed25519(key: VerifierKey, text: bytes, signature: bytes) -> bool:
    """Type 0x01: 64 bytes of Ed25519 over the text."""
    return verify(key.public, text, signature)


CHECKS: Mapping[int, Check] = {ED25519: check_ed25519}


def verify_note(
    data: bytes, keys: Sequence[VerifierKey], checks: Mapping[int, Check] = CHECKS
) -> tuple[Note, list[tuple[VerifierKey, NoteSignature]]]:
    """The note, and which of `keys` signed it: one pair for each signature line that verified, in order.

    A line counts as a key's when both name and key id are; others are ignored. Raises Malformed for bytes
    that are no note, Tampered when a line of a known key does not verify or none is of a known key.
    """
    note = parse_note(data)
    known: dict[tuple[str, bytes], list[VerifierKey]] = {}
    for key in dict.fromkeys(keys):
        if key.algorithm not in checks:
            raise Malformed(
                "verifier key of {name}: type {found} signs no such note",
                name=key.name,
                found=f"{key.algorithm:#04x}",
            )
        known.setdefault((key.name, key.key_id), []).append(key)
    verified = []
    for one in note.signatures:
        candidates = known.get((one.name, one.key_id), [])
        by = [key for key in candidates if checks[key.algorithm](key, note.text, one.signature)]
        if candidates and not by:
            raise Tampered(
                "note: the signature of {name} ({key_id}) does not fit the text", name=one.name, key_id=one.key_id.hex()
            )
        verified += [(key, one) for key in by]
    if not verified:
        signers = ", ".join(f"{one.name} ({one.key_id.hex()})" for one in note.signatures[:8])
        raise Tampered(
            "note: signed by {signers}; expected at least one of {known} known keys", signers=signers, known=len(keys)
        )
    return note, verified


def _check_text(text: bytes) -> bytes:
    if not text.endswith(b"\n"):
        raise Malformed("note: the text must end in a newline")
    if text.translate(None, _CONTROLS) != text:
        raise Malformed("note: a control character other than newline found in the text")
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise Malformed("note: not UTF-8: {problem} at byte {byte}", problem=error.reason, byte=error.start) from None
    return text


def _parse_line(line: str) -> NoteSignature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise Malformed("note: line {line!r}, expected '{expected}<name> <base64>'", line=line[:80], expected=_DASH)
    data = decode_base64(encoded)
    if len(data) <= KEY_ID_BYTES:
        raise Malformed(
            "note: signature of {name!r} has {found} bytes, more than {expected} expected",
            name=name[:80],
            found=len(data),
            expected=KEY_ID_BYTES,
        )
    return NoteSignature(check_name(name), data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])
