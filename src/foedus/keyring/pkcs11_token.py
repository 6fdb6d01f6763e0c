"""Keys on a token of PKCS#11 (a smart card, a USB key, an HSM), found by a URI and asked to sign with EdDSA.

The token's own library is loaded, from the path in the URI, when such a key is used and never before; so is
python-pkcs11, which comes with foedus[token]. Keys are never made, changed or taken out here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from foedus.errors import Conflict, FoedusError, Malformed, Refused
from foedus.keyring import OutsideKey
from foedus.keyring.passphrase import read_passphrase
from foedus.keyring.pkcs11_uri import TokenUri, parse_uri
from foedus.record.keys import PUBLIC_KEY_BYTES, PublicKey

if TYPE_CHECKING:
    from pkcs11 import Session, Token

DER_OCTET_STRING = bytes([4, PUBLIC_KEY_BYTES])
DER_BIT_STRING = bytes([3, PUBLIC_KEY_BYTES + 1, 0])  # written by tokens older than PKCS#11 3.0


def look_at_token(uri: str) -> tuple[str, PublicKey]:
    """Label and public key of the one key that the URI names, without a PIN.

    Raises Malformed when there is no such token or key, or several; Conflict when the token fails.
    """
    wanted = parse_uri(uri)
    with _failing(uri):
        found = _found(wanted, _token(wanted).open(), "PUBLIC_KEY")
        return str(found.label), _public(found)


def open_token(uri: str, ask: Callable[[], str]) -> OutsideKey:
    """The one private key that the URI names; `ask` gives the PIN where no file and no PIN pad does.

    Raises as `look_at_token` does, and Refused for a wrong PIN.
    """
    wanted = parse_uri(uri)
    with _failing(uri):
        from pkcs11 import Mechanism

        session = _logged_in(wanted, _token(wanted), ask)
        private = _found(wanted, session, "PRIVATE_KEY")
        public = _public(_found(wanted, session, "PUBLIC_KEY"))

    def sign(message: bytes) -> bytes:
        with _failing(uri):
            return bytes(private.sign(message, mechanism=Mechanism.EDDSA))

    return OutsideKey(public, uri, sign)


def _token(wanted: TokenUri) -> Token:
    """The token that fits. Raises Malformed for none or several."""
    import pkcs11

    if not os.path.isfile(wanted.module):
        raise Malformed(
            "pkcs11: {path} is no file; module-path names the library that came with the token", path=wanted.module
        )
    fits = [
        token
        for token in pkcs11.lib(wanted.module).get_tokens(token_label=wanted.token)
        if wanted.serial in (None, _said(token.serial))
        and wanted.manufacturer in (None, _said(token.manufacturer_id))
        and wanted.model in (None, _said(token.model))
    ]
    if len(fits) != 1:
        raise Malformed("pkcs11: {found} tokens fit the URI, exactly one expected: is it plugged in?", found=len(fits))
    return fits[0]


def _logged_in(wanted: TokenUri, token: Token, ask: Callable[[], str]) -> Session:
    import pkcs11

    if not pkcs11.TokenFlag.LOGIN_REQUIRED & token.flags:
        return token.open()
    with suppress(pkcs11.UserAlreadyLoggedIn):  # two keys of one token: the first PIN was enough
        if pkcs11.TokenFlag.PROTECTED_AUTHENTICATION_PATH & token.flags:
            return token.open(user_pin=pkcs11.PROTECTED_AUTH)
        return token.open(user_pin=read_passphrase(wanted.pin_source) if wanted.pin_source else ask())
    return token.open()


def _found(wanted: TokenUri, session: Session, kind: str) -> Any:
    """The one Ed25519 key of this kind that fits. Raises Malformed for none or several."""
    from pkcs11 import Attribute, KeyType, ObjectClass

    like: dict[Attribute, Any] = {Attribute.CLASS: ObjectClass[kind], Attribute.KEY_TYPE: KeyType.EC_EDWARDS}
    if wanted.object is not None:
        like[Attribute.LABEL] = wanted.object
    if wanted.id is not None:
        like[Attribute.ID] = wanted.id
    found = list(session.get_objects(like))
    if len(found) == 1:
        return found[0]
    if kind == "PUBLIC_KEY":
        raise Malformed(
            "pkcs11: {found} public Ed25519 keys fit the URI, exactly one expected: name it by object= or id=",
            found=len(found),
        )
    raise Malformed(
        "pkcs11: {found} private Ed25519 keys fit the URI, exactly one expected: name it by object= or id=",
        found=len(found),
    )


def _public(found: Any) -> PublicKey:
    from pkcs11 import Attribute

    point: bytes = found[Attribute.EC_POINT]
    public = point.removeprefix(DER_OCTET_STRING).removeprefix(DER_BIT_STRING)
    if len(public) != PUBLIC_KEY_BYTES:
        raise Malformed(
            "pkcs11: a public point of {found} bytes found, that of an Ed25519 key expected", found=len(point)
        )
    return public


def _said(value: str | bytes) -> str:
    """What a token says of itself, without the blanks that fill it up."""
    return (value if isinstance(value, str) else value.decode("utf-8", "replace")).rstrip("\0 ")


@contextmanager
def _failing(uri: str) -> Iterator[None]:
    """What a token's library raises, as one of our errors."""
    try:
        import pkcs11
    except ImportError:
        raise Malformed(
            "pkcs11: tokens need python-pkcs11, which is not installed: pip install 'foedus[token]'"
        ) from None
    try:
        yield
    except FoedusError:
        raise
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
        raise Refused(
            "record/key-file", "{path}: the PIN does not open it; after a few wrong ones it is locked", path=uri
        ) from None
    except pkcs11.PinLocked:
        raise Refused(
            "record/key-file", "{path}: its PIN is locked, whoever issued it can reset it", path=uri
        ) from None
    except (RuntimeError, OSError) as problem:  # PKCS11Error, and a library that cannot be loaded
        raise Conflict(
            "{key}: the token failed ({problem}); nothing was signed: see that it is plugged in, and try again",
            key=uri,
            problem=f"{type(problem).__name__} {problem}",
        ) from None
