"""Where a seat's private key lies: in a key file, in an ssh-agent, or on a token of PKCS#11. All of them sign alike.

Only a key file's key enters this process. What an agent or a token answers is believed only once it verifies
under the public key it was asked for. Nothing here keeps a passphrase or writes one anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from foedus.errors import Malformed, Tampered
from foedus.record.key_file import read_key_file
from foedus.record.keys import PublicKey, SeedKey, SigningKey, check_public_key, key_id, verify

AGENT, TOKEN = "agent:", "pkcs11:"

Ask = Callable[[str], str]  # what is to be opened → its passphrase or PIN; called only where one is needed


class OutsideKey:
    """A key whose private part stays where it lies. `sign_there` may return anything: it is checked."""

    def __init__(self, public: PublicKey, where: str, sign_there: Callable[[bytes], bytes]) -> None:
        self.public = check_public_key(public)
        self._where, self._sign_there = where, sign_there

    def sign(self, message: bytes) -> bytes:
        """See SigningKey. Raises Tampered when the signature that comes back is of another key or message."""
        signature = self._sign_there(message)
        if not verify(self.public, message, signature):
            raise Tampered(
                "{where} was asked to sign with key {keyid}, and what it returned does not verify under that key:"
                " nothing was signed; do not use it again before you know why",
                where=self._where,
                keyid=key_id(self.public),
            )
        return signature

    def __repr__(self) -> str:
        return f"OutsideKey({key_id(self.public)}, {self._where})"


class Known(NamedTuple):
    """What may be known of a key without any secret. `locked`: whether a passphrase or PIN opens it."""

    name: str
    public: PublicKey
    locked: bool


def open_key(where: str, ask: Ask) -> SigningKey:
    """The private key at `where`: a path, `agent:<fingerprint or comment>`, or a `pkcs11:` URI (RFC 7512).

    Raises Malformed when there is none, Refused when it may not be used or the passphrase is wrong, Conflict when
    the agent or token does not answer.
    """
    if where.startswith(AGENT):
        from foedus.keyring.agent import find

        return find(where.removeprefix(AGENT)).key
    if where.startswith(TOKEN):
        from foedus.keyring.pkcs11_token import open_token

        return open_token(where, lambda: ask(where))
    return SeedKey(read_key_file(where).seed(lambda: ask(where)))


def known(where: str) -> Known:
    """Name and public key of the key at `where`. Raises as `open_key` does."""
    if where.startswith(AGENT):
        from foedus.keyring.agent import find

        found = find(where.removeprefix(AGENT))
        return Known(found.comment, found.key.public, locked=False)
    if where.startswith(TOKEN):
        from foedus.keyring.pkcs11_token import look_at_token

        return Known(*look_at_token(where), locked=True)
    file = read_key_file(where)
    return Known(file.name, file.public, file.locked)


def public_key(text: str) -> PublicKey:
    """A public key from 64 hex digits, or that of the key at a place that `known` reads. Raises Malformed."""
    if len(text) == 64 and set(text) <= set("0123456789abcdef"):
        return check_public_key(bytes.fromhex(text))
    if text.startswith((AGENT, TOKEN)) or Path(text).is_file():
        return known(text).public
    raise Malformed(
        "key {text!r}: 64 hex digits of a public key, or a key file, agent:… or pkcs11:…, were expected",
        text=text[:80],
    )
