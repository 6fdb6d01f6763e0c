"""Key files: one private key on disk, locked with a passphrase or plain, for its owner alone.

Name and public key can be read without the passphrase. A file that others may read is refused, a new key never
overwrites a file, and a file is written whole or not at all. No message, and no `repr`, repeats what is secret.
The bytes are in docs/record.md, "Keys".
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id

from foedus.errors import Malformed, Refused
from foedus.record.files import put_durably
from foedus.record.keys import (
    PUBLIC_KEY_BYTES,
    SEED_BYTES,
    PublicKey,
    check_name,
    check_seed,
    decode_base64,
    encode_base64,
    public_of,
)

PLAIN, LOCKED = "foedus-key-1", "foedus-key-2"
MAX_FILE_BYTES = 1024
MAX_PASSPHRASE_BYTES = 1024
SALT_BYTES, NONCE_BYTES, TAG_BYTES = 16, 24, 16

Ask = Callable[[], str]  # gives a passphrase, and is called only where one is needed


class Cost(NamedTuple):
    """What Argon2id takes for each guess: passes over so much memory (KiB)."""

    passes: int
    memory_kib: int


# libsodium's "moderate": 256 MiB and about a second, which an officer does not mind and a guesser does.
MODERATE = Cost(3, 256 * 1024)
LEAST = Cost(1, 8)
# A file from elsewhere says what it costs to open: more than libsodium's "sensitive" memory is a trap.
MOST = Cost(8, 1024 * 1024)

_is_number = re.compile(r"[1-9][0-9]{0,9}").fullmatch


@dataclass(frozen=True)
class KeyFile:
    """A key file as read. Of a locked one, name and public key are proven only once it was opened."""

    path: Path
    name: str
    public: PublicKey
    cost: Cost | None  # what opening it takes; None for a plain one
    _bound: bytes = field(repr=False)  # what stands before the secret part, sealed with it
    _secret: bytes = field(repr=False)

    @property
    def locked(self) -> bool:
        """Whether a passphrase opens it."""
        return self.cost is not None

    def seed(self, ask: Ask) -> bytes:
        """The private key. `ask` is called when the file is locked.

        Raises Refused for a wrong passphrase, and with the same words for a file that was changed; Malformed for
        an empty one, or when there is no memory to open it with.
        """
        if self.cost is None:
            return self._secret
        salt, rest = self._secret[:SALT_BYTES], self._secret[SALT_BYTES:]
        key = _stretched(ask(), salt, self.cost)
        try:
            seed = crypto_aead_xchacha20poly1305_ietf_decrypt(rest[NONCE_BYTES:], self._bound, rest[:NONCE_BYTES], key)
        except CryptoError:
            seed = b""
        if not seed or public_of(seed) != self.public:
            raise Refused(
                "record/key-file", "{path}: the passphrase does not open it, or it was changed", path=self.path
            )
        return seed


def write_key(path: str | Path, name: str, seed: bytes, passphrase: str | None, cost: Cost = MODERATE) -> None:
    """Keep a private key in a new file of mode 0600, whole or not at all; plain when `passphrase` is None.

    Raises Refused when the file exists (a lost key cannot be made again), Malformed for a bad name, passphrase
    or folder.
    """
    target = Path(path)
    try:
        _written(target, _line(name, seed, passphrase, cost), os.link)  # unlike a rename, it never replaces
    except FileExistsError as error:
        raise Refused(
            "record/key-file", "{path} exists: a key is never overwritten, name another file", path=target
        ) from error


def change_passphrase(file: KeyFile, seed: bytes, passphrase: str, cost: Cost = MODERATE) -> None:
    """Lock the key of `file`, which is `seed`, with another passphrase, or with its first.

    The file is replaced whole or not at all. Raises Malformed as `write_key` does.
    """
    assert public_of(seed) == file.public, "a key file keeps its key"
    # Behind a link lies the file that is meant; a rename would replace the link.
    _written(file.path.resolve(), _line(file.name, seed, passphrase, cost), os.replace)


def read_key_file(path: str | Path) -> KeyFile:
    """The key file at `path`, still locked if it is.

    Raises Refused when group or others may touch the file, Malformed when it is absent or not a key file.
    """
    data = read_private(Path(path), MAX_FILE_BYTES)
    found = None
    with suppress(ValueError, Malformed):  # what they say could repeat what is secret
        found = _parsed(Path(path), data.decode().removesuffix("\n").split(" "))
    if found is None:
        raise Malformed(
            "key file {path}: cut off, changed or of another kind; expected one line '{plain} <name> <key>' or"
            " '{locked} <name> <public key> …'",
            path=path,
            plain=PLAIN,
            locked=LOCKED,
        )
    cost = found.cost
    if cost is not None and not (cost.passes <= MOST.passes and LEAST.memory_kib <= cost.memory_kib <= MOST.memory_kib):
        raise Malformed(
            "key file {path}: opening it would take {found} passes over {found_kib} KiB; expected at most {most} over"
            " {most_kib}: it was not written by this software",
            path=path,
            found=cost.passes,
            found_kib=cost.memory_kib,
            most=MOST.passes,
            most_kib=MOST.memory_kib,
        )
    return found


def read_private(path: Path, max_bytes: int) -> bytes:
    """What a file holds that only its owner may read.

    Raises Refused when others may touch it, which leaves it unread; Malformed when it is absent or too long.
    """
    try:
        with open(path, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            data = b"" if mode & 0o077 else file.read(max_bytes + 1)
    except OSError as error:
        raise Malformed("{path} cannot be read: {problem}", path=path, problem=error.strerror) from error
    if mode & 0o077:
        raise Refused(
            "record/key-file",
            "{path} has mode {mode}: others can get at what is secret in it; expected 0600: chmod 600 {path}",
            path=path,
            mode=f"{mode:04o}",
        )
    if len(data) > max_bytes:
        raise Malformed("{path}: more than {most} bytes found", path=path, most=max_bytes)
    return data


def check_passphrase(passphrase: str) -> bytes:
    """The bytes that a passphrase stands for: UTF-8 of its NFC form, so that every keyboard gives the same.

    Raises Malformed for an empty one, one of more than 1,024 bytes, or one that is no text.
    """
    try:
        data = unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError:
        raise Malformed("the passphrase is no text: UTF-8 was expected") from None
    if not 0 < len(data) <= MAX_PASSPHRASE_BYTES:
        raise Malformed(
            "the passphrase has {found} bytes; 1 to {most} expected", found=len(data), most=MAX_PASSPHRASE_BYTES
        )
    return data


def _line(name: str, seed: bytes, passphrase: str | None, cost: Cost) -> bytes:
    check_name(name)
    check_seed(seed)
    if passphrase is None:
        return f"{PLAIN} {name} {encode_base64(seed)}\n".encode()
    return _sealed(name, seed, passphrase, cost, secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES))


def _sealed(name: str, seed: bytes, passphrase: str, cost: Cost, salt: bytes, nonce: bytes) -> bytes:
    """The line of a locked key: what is in the open is sealed with the rest, so that neither can be exchanged."""
    bound = f"{LOCKED} {name} {encode_base64(public_of(seed))} {cost.passes} {cost.memory_kib} ".encode()
    box = crypto_aead_xchacha20poly1305_ietf_encrypt(seed, bound, nonce, _stretched(passphrase, salt, cost))
    return bound + encode_base64(salt + nonce + box).encode() + b"\n"


def _parsed(path: Path, fields: list[str]) -> KeyFile | None:
    match fields:
        case [form, name, key] if form == PLAIN:
            seed = check_seed(decode_base64(key))
            return KeyFile(path, check_name(name), public_of(seed), None, b"", seed)
        case [form, name, key, passes, memory, box] if form == LOCKED and _is_number(passes) and _is_number(memory):
            public, secret = decode_base64(key), decode_base64(box)
            if (len(public), len(secret)) == (PUBLIC_KEY_BYTES, SALT_BYTES + NONCE_BYTES + SEED_BYTES + TAG_BYTES):
                bound = " ".join(fields[:-1]).encode() + b" "
                return KeyFile(path, check_name(name), public, Cost(int(passes), int(memory)), bound, secret)
    return None


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """The key that a passphrase opens: Argon2id 1.3 with one lane, 32 bytes."""
    data = check_passphrase(passphrase)
    try:
        key: bytes = argon2id.kdf(32, data, salt, opslimit=cost.passes, memlimit=cost.memory_kib * 1024)
    except (CryptoError, MemoryError):
        raise Malformed(
            "a passphrase needs {expected} MiB of memory, which are not free", expected=cost.memory_kib // 1024
        ) from None
    return key


def _written(target: Path, line: bytes, put: Callable[[Path, Path], None]) -> None:
    """Write a file beside `target`, make it durable, and `put` it in its place. Raises FileExistsError, Malformed."""
    try:
        put_durably(target, line, put)
    except FileExistsError:
        raise
    except OSError as error:
        raise Malformed("key file {path} cannot be written: {problem}", path=target, problem=error.strerror) from error
