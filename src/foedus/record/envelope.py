"""The signed envelope of an act: DSSE 1.0.2, in a strict JSON profile (docs/record.md).

The signatures cover the payload's exact bytes; they are kept and passed on as they came, and never written
anew. What the payload says is not looked at here, except by `check_json`, which holds it to the JSON
both sides read alike. Nothing is guessed: a second spelling of the same envelope's base64, a repeated
member or an unknown one is Malformed. An envelope without a signature does not exist.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

import msgspec

from foedus.errors import Malformed
from foedus.record.keys import (
    KEY_ID_CHARS,
    SIGNATURE_BYTES,
    PublicKey,
    SigningKey,
    decode_base64,
    key_id,
    verify,
)

ACT_TYPE = "application/vnd.foedus.act+json"
EXERCISE_ACT_TYPE = "application/vnd.foedus.exercise-act+json"
MAX_ENVELOPE_BYTES = 48 * 1024
MAX_SIGNATURES = 4
MAX_TYPE_CHARS = 128
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One signature (64 bytes) and the `key_id` of its key: a hint, the key found under it decides."""

    keyid: str
    sig: bytes


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A payload's exact bytes, what kind of payload it is, and one to four signatures over both."""

    payload: bytes
    payloadType: str  # noqa: N815 - DSSE's spelling
    signatures: tuple[Signature, ...]


class _WireSignature(msgspec.Struct, forbid_unknown_fields=True):
    keyid: str
    sig: str


class _WireEnvelope(msgspec.Struct, forbid_unknown_fields=True):
    payload: str
    payloadType: str  # noqa: N815 - the same
    signatures: list[_WireSignature]


_decoder = msgspec.json.Decoder(_WireEnvelope)
_own_decoder = msgspec.json.Decoder(Envelope)
_encoder = msgspec.json.Encoder()
_is_key_id = re.compile(f"[0-9a-f]{{{KEY_ID_CHARS}}}").fullmatch
# Visible ASCII, without the quotation mark and the backslash, which JSON would have to escape.
_is_type = re.compile(rf"[!#-\[\]-~]{{1,{MAX_TYPE_CHARS}}}").fullmatch


def pae(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: DSSE's pre-authentication encoding of the payload and its type."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def decode_envelope(data: bytes, max_bytes: int = MAX_ENVELOPE_BYTES, least: int = 1) -> Envelope:
    """The envelope written in `data`. Says nothing about its signatures: see `verify_signatures`.

    `least`: how many there must be; 0 for one that is still to be signed, which is no act.

    Raises Malformed, naming what was found, for anything docs/record.md does not allow.
    """
    if len(data) > max_bytes:
        raise Malformed("envelope: {found} bytes found, at most {most} expected", found=len(data), most=max_bytes)
    return _checked(_in_own_spelling(data) or _in_any_spelling(data), least)


def _in_own_spelling(data: bytes) -> Envelope | None:
    """The envelope when `data` is what `encode_envelope` writes for it, as nearly every act is; else None.

    Whatever the other way looks for cannot be in bytes that we would write ourselves, but for what an escape hides:
    that stands in the payload's type or in a key id, which are held to characters that need none.
    """
    try:
        envelope = _own_decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return envelope if _encoder.encode(envelope) == data else None


def _in_any_spelling(data: bytes) -> Envelope:
    try:
        wire = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("envelope: {problem}", problem=error) from None
    # Without escapes each name stands in the bytes as it is: a repeated member shows in a plain count.
    repeated = (
        data.count(b'"payload"') != 1
        or data.count(b'"payloadType"') != 1
        or data.count(b'"signatures"') != 1
        or data.count(b'"keyid"') != len(wire.signatures)
        or data.count(b'"sig"') != len(wire.signatures)
    )
    if b"\\" in data or repeated:
        raise Malformed("envelope: an escaped character or a repeated member found; expected neither")
    signatures = tuple([Signature(item.keyid, decode_base64(item.sig)) for item in wire.signatures])
    return Envelope(decode_base64(wire.payload), wire.payloadType, signatures)


def encode_envelope(envelope: Envelope) -> bytes:
    """The envelope as JSON: no spaces, members in the order of `Envelope`, base64 of RFC 4648 section 4."""
    return _encoder.encode(envelope)


def sign_envelope(payload: bytes, payload_type: str, keys: Sequence[SigningKey]) -> Envelope:
    """An envelope over these payload bytes signed with each of these private keys, in this order.

    Raises Malformed when there are none or more than four, when a key comes twice, or for a bad type.
    """
    unsigned = Envelope(payload, payload_type, ())
    return _small(_checked(Envelope(payload, payload_type, tuple([_signature(unsigned, key) for key in keys]))))


def add_signature(envelope: Envelope, key: SigningKey) -> Envelope:
    """The envelope with one more signature. Raises Malformed when this key has signed or four keys have."""
    signatures = (*envelope.signatures, _signature(envelope, key))
    return _small(_checked(Envelope(envelope.payload, envelope.payloadType, signatures)))


def verify_signatures(envelope: Envelope, keys: Mapping[str, PublicKey]) -> None:
    """Check every signature under the keys given by key id.

    One that is unknown or does not verify condemns the envelope: raises Malformed naming its key id. Which
    keys had to sign is for the caller to decide.
    """
    message = pae(envelope.payloadType, envelope.payload)
    if not envelope.signatures:
        raise Malformed("envelope: no signature found, at least one expected")
    for signature in envelope.signatures:
        public = keys.get(signature.keyid)
        if public is None:
            raise Malformed(
                "envelope: signed with key {keyid}, which is not one of the keys expected", keyid=signature.keyid
            )
        if not verify(public, message, signature.sig):
            raise Malformed("envelope: the signature of key {keyid} does not fit what it signs", keyid=signature.keyid)


def check_json(data: bytes, what: str = "payload") -> None:
    """Hold a payload to the JSON that every reader reads alike (docs/record.md, "JSON").

    Raises Malformed unless it is one UTF-8 JSON object, at most 32 deep, with no repeated member, no number
    but integers of at most 2**53 - 1 either way, and no lone surrogate.
    """
    try:
        value = _strict.decode(data.decode())
        if b"\\u" in data:  # only an escape can bring in half a surrogate pair, which UTF-8 cannot hold
            json.dumps(value, ensure_ascii=False).encode()
        _check_depth(value, MAX_DEPTH)
    except (ValueError, RecursionError) as error:
        raise Malformed("{member}: {problem}", member=what, problem=error) from None
    if not isinstance(value, dict):
        raise Malformed("{member}: a JSON object expected", member=what)


def _signature(envelope: Envelope, key: SigningKey) -> Signature:
    _check_type(envelope.payloadType)
    return Signature(key_id(key.public), key.sign(pae(envelope.payloadType, envelope.payload)))


def _checked(envelope: Envelope, least: int = 1) -> Envelope:
    """The envelope when its type and its signatures have the form the profile allows."""
    _check_type(envelope.payloadType)
    signatures = envelope.signatures
    if not least <= len(signatures) <= MAX_SIGNATURES:
        raise Malformed(
            "envelope: {found} signatures found, 1 to {most} expected", found=len(signatures), most=MAX_SIGNATURES
        )
    for signature in signatures:
        if not _is_key_id(signature.keyid):
            raise Malformed(
                "envelope: key id {keyid!r}, expected {expected} digits 0-9a-f",
                keyid=signature.keyid[:80],
                expected=KEY_ID_CHARS,
            )
        if len(signature.sig) != SIGNATURE_BYTES:
            raise Malformed(
                "envelope: {found} bytes of signature of key {keyid} found, {expected} expected",
                found=len(signature.sig),
                keyid=signature.keyid,
                expected=SIGNATURE_BYTES,
            )
    if len(signatures) > 1 and len({signature.keyid for signature in signatures}) != len(signatures):
        raise Malformed("envelope: two signatures of one key found, at most one expected")
    return envelope


def _check_type(payload_type: str) -> None:
    if not _is_type(payload_type):
        raise Malformed(
            "envelope: payload type {found!r}, expected a media type in plain ASCII",
            found=payload_type[:80],
        )


def _small(envelope: Envelope) -> Envelope:
    size = len(encode_envelope(envelope))
    if size > MAX_ENVELOPE_BYTES:
        raise Malformed(
            "envelope: {found} bytes, at most {most} allowed: put text into an attachment",
            found=size,
            most=MAX_ENVELOPE_BYTES,
        )
    return envelope


def _no_repeats(members: list[tuple[str, object]]) -> dict[str, object]:
    value: dict[str, object] = {}
    for name, part in members:
        if name in value:
            raise ValueError(f"member {name!r} comes twice in one object")
        value[name] = part
    return value


def _small_integer(digits: str) -> int:
    value = int(digits)
    if abs(value) > MAX_INTEGER or digits == "-0":
        raise ValueError(f"integer {digits[:24]}, expected at most 2**53 - 1 either way: write it as a string")
    return value


def _no_float(digits: str) -> float:
    raise ValueError(f"number {digits[:24]}, expected integers only: write amounts as decimal strings")


def _check_depth(value: object, left: int) -> None:
    if not isinstance(value, dict | list):
        return
    if not left:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    for part in value.values() if isinstance(value, dict) else value:
        _check_depth(part, left - 1)


_strict = json.JSONDecoder(
    object_pairs_hook=_no_repeats, parse_int=_small_integer, parse_float=_no_float, parse_constant=_no_float
)
