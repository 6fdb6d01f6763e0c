"""Ed25519 keys: making, naming and checking them, by one rule of verification.

The rule is libsodium's strict one, because libraries differ on odd keys and signatures and replicas that
differ would not agree on the record: S is canonical, neither the key A nor R is of small order, A is
canonically encoded, R is compared byte for byte with [S]B - [k]A (no cofactor). No other algorithm, library
or rule is offered.

Whoever signs an act does so with a `SigningKey`, wherever its private part lies: in memory (`SeedKey`), or
where it cannot be taken out (foedus.keyring). Only the depositary, which signs every checkpoint, holds its seed.

The strict base64 of every format of the record stands here too.
"""

from __future__ import annotations

import secrets
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

from nacl._sodium import ffi, lib  # type: ignore[import-not-found]  # built from C, without types
from nacl.bindings import (
    crypto_core_ed25519_is_valid_point,
    crypto_sign,
    crypto_sign_seed_keypair,
)

from foedus.errors import Malformed
from foedus.unseen import UNSEEN, code, mixed

PUBLIC_KEY_BYTES = 32
SEED_BYTES = 32
SIGNATURE_BYTES = 64
KEY_ID_CHARS = 16
MAX_NAME_BYTES = 255

PublicKey = bytes  # 32 bytes, RFC 8032 section 5.1.5


class SigningKey(Protocol):
    """A private key that signs. Where it lies, and whether it can be read there, is its own affair."""

    @property
    def public(self) -> PublicKey:
        """Its public key, 32 bytes."""

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature (64 bytes) over `message` that verifies under `public`."""


class SeedKey:
    """A private key in this process's memory, from its 32-byte seed. It shows no more than its key id."""

    __slots__ = ("_seed", "public")

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self.public: PublicKey = public_of(seed)

    def sign(self, message: bytes) -> bytes:
        """See SigningKey."""
        return sign(self._seed, message)

    def __repr__(self) -> str:
        return f"SeedKey({key_id(self.public)})"


def verify(public: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) over `message` is by `public` (32 bytes), under the one rule above."""
    # The lengths are ours to check: libsodium reads 32 bytes of key whatever it is given, and splits at 64.
    if len(signature) != SIGNATURE_BYTES or len(public) != PUBLIC_KEY_BYTES:
        return False
    signed = signature + message
    # PyNaCl's own `crypto_sign_open` copies the message twice; asked for no copy, libsodium only verifies.
    return bool(lib.crypto_sign_open(ffi.NULL, ffi.NULL, signed, len(signed), public) == 0)


def check_public_key(public: bytes) -> PublicKey:
    """The key itself when it may be admitted to a record.

    Raises Malformed for a key that is not 32 bytes, not canonically encoded, not on the curve, or not in the
    prime-order group (RFC 8032 keys always are): with such a key one signature can fit several messages.
    """
    if len(public) != PUBLIC_KEY_BYTES:
        raise Malformed(
            "Ed25519 public key: {found} bytes found, {expected} expected", found=len(public), expected=PUBLIC_KEY_BYTES
        )
    if not crypto_core_ed25519_is_valid_point(public):
        raise Malformed(
            "Ed25519 public key {found} is not a canonical point of the prime-order group", found=public.hex()
        )
    return public


def sign(seed: bytes, message: bytes) -> bytes:
    """Signature (64 bytes, deterministic, RFC 8032) over `message` by the key of this 32-byte seed."""
    return crypto_sign(message, _pair(seed)[1])[:SIGNATURE_BYTES]


def new_seed() -> bytes:
    """A new private key: 32 bytes from the operating system's generator."""
    return secrets.token_bytes(SEED_BYTES)


def check_seed(seed: bytes) -> bytes:
    """The seed itself when it has its 32 bytes. Raises Malformed."""
    if len(seed) != SEED_BYTES:
        raise Malformed(
            "Ed25519 private key: {found} bytes found, a seed of {expected} expected",
            found=len(seed),
            expected=SEED_BYTES,
        )
    return seed


def public_of(seed: bytes) -> PublicKey:
    """The public key that belongs to a seed."""
    return _pair(seed)[0]


@lru_cache(maxsize=256)
def _pair(seed: bytes) -> tuple[bytes, bytes]:
    """Public and expanded private key. Kept, because who signs once signs again, and holds the seed anyway."""
    pair: tuple[bytes, bytes] = crypto_sign_seed_keypair(check_seed(seed))
    return pair


def key_id(public: PublicKey) -> str:
    """The name of a key in envelopes: the first 16 hex digits of SHA-256 over its 32 bytes."""
    return sha256(public).hexdigest()[:KEY_ID_CHARS]


def check_name(name: str) -> str:
    """The name itself when it may name a key (c2sp.org/signed-note).

    Raises Malformed unless it is 1 to 255 bytes of UTF-8 without space, plus sign or control character; and for what
    would let one name pass for another: a character that nobody sees, a word of two alphabets.
    """
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        size = 0
    if not 0 < size <= MAX_NAME_BYTES or any(c in "+\x7f" or c < " " or c.isspace() for c in name):
        raise Malformed(
            "key name {name!r}: expected 1 to {most} bytes, no space, plus or control",
            name=name[:80],
            most=MAX_NAME_BYTES,
        )
    if (unseen := UNSEEN.search(name)) is not None:
        raise Malformed(
            "key name {name!r}: {code} found in it, which nobody sees; another name could be taken for it",
            name=name[:80], code=code(unseen.group()),
        )  # fmt: skip
    if (word := mixed(name)) is not None:
        raise Malformed(
            "key name {name!r}: {word!r} mixes Latin letters with others that look alike; expected one alphabet in a"
            " word",
            name=name[:80], word=word[:80],
        )  # fmt: skip
    return name


def encode_base64(data: bytes) -> str:
    """Base64 of RFC 4648 section 4: standard alphabet, padded, one line."""
    return b2a_base64(data, newline=False).decode()


def decode_base64(text: str | bytes) -> bytes:
    """Bytes of a base64 text. Raises Malformed for any but the one that `encode_base64` gives for them."""
    if isinstance(text, str):
        try:
            text = text.encode("ascii")
        except UnicodeEncodeError:
            raise Malformed("base64: a character outside ASCII found") from None
    try:
        data = a2b_base64(text, strict_mode=True)
    except Base64Error as error:
        raise Malformed("base64: {problem}", problem=error) from None
    if b2a_base64(data, newline=False) != text:  # the unused last bits are not zero, or the padding is short
        raise Malformed("base64: not written as RFC 4648 section 4 writes these bytes")
    return data
