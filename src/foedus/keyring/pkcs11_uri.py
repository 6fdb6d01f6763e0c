"""`pkcs11:` URIs (RFC 7512): which key on which token, by which library, and where its PIN is.

What is not known here is refused, not passed over: a URI that means less than it says would find another key. A PIN
in the URI itself (`pin-value`) is refused too, because the list of processes shows it to everyone on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from foedus.errors import Malformed

SCHEME = "pkcs11:"
EXAMPLE = "pkcs11:token=duty;object=pol-duty?module-path=/usr/lib/softhsm/libsofthsm2.so"
PATH = {"token", "serial", "manufacturer", "model", "object", "id", "type"}
QUERY = {"module-path", "pin-source"}


@dataclass(frozen=True)
class TokenUri:
    """What a URI names; None where it leaves something open. `module`: the library, by its whole path."""

    module: str
    token: str | None = None
    serial: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    object: str | None = None
    id: bytes | None = None
    pin_source: Path | None = None


def parse_uri(uri: str) -> TokenUri:
    """The URI's parts. Raises Malformed for anything that RFC 7512 or the above does not allow."""
    path, _, query = uri.removeprefix(SCHEME).partition("?")
    named = _attributes(path, ";", PATH)
    asked = _attributes(query, "&", QUERY)
    if named.pop("type", b"private") != b"private":
        raise Malformed("pkcs11: type: a private key signs; leave it out or write type=private")
    module = _text("module-path", asked.get("module-path", b""))
    if not module.startswith("/"):
        raise Malformed(
            "pkcs11: module-path: the whole path of the token's library was expected: {example}", example=EXAMPLE
        )
    source = _text("pin-source", asked["pin-source"]).removeprefix("file:") if "pin-source" in asked else None
    if source is not None and not source.startswith("/"):
        raise Malformed("pkcs11: pin-source: file: with the whole path of a file was expected")
    id_ = named.pop("id", None)
    texts = {name: _text(name, value) for name, value in named.items()}
    return TokenUri(module, **texts, id=id_, pin_source=Path(source) if source else None)


def _attributes(text: str, between: str, known: set[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for part in text.split(between) if text else ():
        name, equals, value = part.partition("=")
        if name == "pin-value":
            raise Malformed("pkcs11: pin-value: other users can see it; use pin-source=file:… or answer when asked")
        if not equals or name not in known or name in found:
            raise Malformed(
                "pkcs11: {found!r} found; expected each of {expected} once at most, as {example}",
                found=name[:40],
                expected=", ".join(sorted(known)),
                example=EXAMPLE,
            )
        found[name] = unquote_to_bytes(value)
    return found


def _text(name: str, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Malformed("pkcs11: {name}: UTF-8 was expected", name=name) from None
