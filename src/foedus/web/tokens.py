"""Read tokens: who may read a live record's console and API, each named and bound to one party.

Kept hashed (SHA-256 of 32 random bytes: nothing to guess, so nothing slower is needed) as one setting of the
store; the token itself is shown once, when it is made, and is nowhere else. A token reads; it signs nothing
and opens no act. Two commands that change the list at the same moment could lose one change: whoever made a
token sees at once that it does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime

import msgspec
from msgspec import Struct

from foedus.errors import Malformed, Refused, Tampered
from foedus.record.store import Store

SETTING = "read_tokens"
PREFIX = "foedus-read-"
MOST = 1_000

_is_name = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}").fullmatch
_is_party = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}").fullmatch


class Token(Struct, frozen=True, forbid_unknown_fields=True):
    """One token: what it is called, the party whose reader it admits, its SHA-256 (hex), when it was made."""

    name: str
    party: str
    sha256: str
    made_at: datetime


_decoder = msgspec.json.Decoder(tuple[Token, ...])


def tokens(store: Store) -> tuple[Token, ...]:
    """Every token of this installation, oldest first. Raises Tampered when the setting cannot be read."""
    data = store.setting(SETTING)
    if data is None:
        return ()
    try:
        return _decoder.decode(data)
    except msgspec.MsgspecError as problem:
        raise Tampered(
            "the setting {setting} cannot be read: {problem}; nobody is let in until it is removed",
            setting=SETTING,
            problem=problem,
        ) from None


def issue(store: Store, party: str, name: str, now: datetime) -> str:
    """Make a token for a reader of `party` and keep its hash. The token returned is never shown again.

    Raises Malformed for a bad name or party code, Refused when the name is taken or there are too many.
    """
    if not _is_name(name):
        raise Malformed("token name {name!r}: expected 1 to 64 letters, digits, dots, dashes or spaces", name=name[:80])
    if not _is_party(party):
        raise Malformed("party {found!r}: expected the code of a party, such as POL", found=party[:80])
    known = tokens(store)
    if any(token.name == name for token in known):
        raise Refused("record/token", "a token named {name} exists: revoke it first", name=name)
    if len(known) >= MOST:
        raise Refused("record/token", "{count} tokens exist, {most} at most", count=len(known), most=MOST)
    secret = PREFIX + secrets.token_urlsafe(32)
    _keep(store, (*known, Token(name, party, hashed(secret), now)))
    return secret


def revoke(store: Store, name: str) -> None:
    """Remove a token: it opens nothing from the next request on. Raises Refused when there is none so named."""
    known = tokens(store)
    left = tuple(token for token in known if token.name != name)
    if len(left) == len(known):
        raise Refused("record/token", "there is no token named {name}", name=name)
    _keep(store, left)


def matching(known: tuple[Token, ...], presented: str) -> Token | None:
    """The token presented, or None. Compares with every hash, in constant time, whichever fits."""
    sha256 = hashed(presented)
    found = None
    for token in known:
        if hmac.compare_digest(token.sha256, sha256):
            found = token
    return found


def hashed(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _keep(store: Store, known: tuple[Token, ...]) -> None:
    store.set_setting(SETTING, msgspec.json.encode(known) if known else None)
