"""Ed25519 keys: making, keeping, naming and checking them, by one rule of verification.

The rule is libsodium's strict one, because libraries differ on odd keys and signatures and replicas that
differ would not agree on the record: S is canonical, neither the key A nor R is of small order, A is
canonically encoded, R is compared byte for byte with [S]B - [k]A (no cofactor). No other algorithm, library
or rule is offered. A key file that others may read is refused, and none is ever overwritten.

The strict base64 of every format of the record stands here too.
"""

from __future__ import annotations

import os
import secrets
import stat
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from nacl.bindings import (
    crypto_core_ed25519_is_valid_point,
    crypto_sign,
    crypto_sign_open,
    crypto_sign_seed_keypair,
)
from nacl.exceptions import BadSignatureError

from foedus.errors import Malformed, Refused

PUBLIC_KEY_BYTES = 32
SEED_BYTES = 32
SIGNATURE_BYTES = 64
KEY_ID_CHARS = 16
KEY_FILE_FORMAT = "foedus-key-1"
KEY_FILE_MAX_BYTES = 1024
MAX_NAME_BYTES = 255

PublicKey = bytes  # 32 bytes, RFC 8032 section 5.1.5


def verify(public: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) over `message` is by `public` (32 bytes), under the one rule above."""
    # The lengths are ours to check: libsodium reads 32 bytes of key whatever it is given, and splits at 64.
    if len(signature) != SIGNATURE_BYTES or len(public) != PUBLIC_KEY_BYTES:
        return False
    try:
        crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True


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


def public_of(seed: bytes) -> PublicKey:
    """The public key that belongs to a seed."""
    return _pair(seed)[0]


@lru_cache(maxsize=256)
def _pair(seed: bytes) -> tuple[bytes, bytes]:
    """Public and expanded private key. Kept, because who signs once signs again, and holds the seed anyway."""
    pair: tuple[bytes, bytes] = crypto_sign_seed_keypair(_seed(seed))
    return pair


def key_id(public: PublicKey) -> str:
    """The name of a key in envelopes: the first 16 hex digits of SHA-256 over its 32 bytes."""
    return sha256(public).hexdigest()[:KEY_ID_CHARS]


def check_name(name: str) -> str:
    """The name itself when it may name a key (c2sp.org/signed-note).

    Raises Malformed unless it is 1 to 255 bytes of UTF-8 without space, plus sign or control character.
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
    return name


def write_key(path: str | Path, name: str, seed: bytes) -> None:
    """Keep a private key in a new file of mode 0600, whole or not at all.

    Raises Refused when the file exists (a lost key cannot be made again), Malformed for a bad name or folder.
    """
    target = Path(path)
    line = f"{KEY_FILE_FORMAT} {check_name(name)} {encode_base64(_seed(seed))}\n".encode()
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with open(draft, "xb", opener=_private_opener) as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, target)  # unlike a rename, this never replaces
        _sync_folder(target.parent)
    except FileExistsError as error:
        raise Refused(
            "record/key-file", "{path} exists: a key is never overwritten, name another file", path=target
        ) from error
    except OSError as error:
        raise Malformed("key file {path} cannot be written: {problem}", path=target, problem=error.strerror) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def read_key(path: str | Path) -> tuple[str, bytes]:
    """Name and seed kept in a key file.

    Raises Refused when group or others may touch the file, Malformed when it is absent or not a key file.
    No message repeats what the file holds.
    """
    try:
        with open(path, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            data = b"" if mode & 0o077 else file.read(KEY_FILE_MAX_BYTES + 1)
    except OSError as error:
        raise Malformed("key file {path} cannot be read: {problem}", path=path, problem=error.strerror) from error
    if mode & 0o077:
        raise Refused(
            "record/key-file",
            "{path} has mode {mode}: others can get at the private key; expected 0600: chmod 600 {path}",
            path=path,
            mode=f"{mode:04o}",
        )
    try:
        form, name, seed = data.decode().removesuffix("\n").split(" ")
        if form == KEY_FILE_FORMAT and len(decoded := decode_base64(seed)) == SEED_BYTES:
            return check_name(name), decoded
    except (ValueError, Malformed):
        pass
    raise Malformed(
        "key file {path}: expected one line '{expected} <name> <base64 of 32 bytes>'",
        path=path,
        expected=KEY_FILE_FORMAT,
    )


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


def _seed(seed: bytes) -> bytes:
    if len(seed) != SEED_BYTES:
        raise Malformed(
            "Ed25519 private key: {found} bytes found, a seed of {expected} expected",
            found=len(seed),
            expected=SEED_BYTES,
        )
    return seed


def _private_opener(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
