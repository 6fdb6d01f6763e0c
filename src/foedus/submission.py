"""A signed act on its way to a record: as one file to be carried, and as it is handed in to a server's door.

The envelope's exact bytes are kept; nothing here signs, and nothing decides whether the act may enter.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec import Struct

from foedus.errors import Conflict, FoedusError, Malformed, Refused

if TYPE_CHECKING:
    from foedus.remote import Remote


class Blob(Struct, frozen=True, forbid_unknown_fields=True):
    """An attachment's content with its salt (base64 in JSON)."""

    salt: bytes
    content: bytes


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    envelope: msgspec.Raw
    attachments: tuple[Blob, ...] = ()


class Promised(NamedTuple):
    """What a server says it did, and its whole receipt: nothing is proved before the entry was read back."""

    entry: int
    at: datetime
    receipt: msgspec.Raw


class _Receipt(Struct, frozen=True):
    entry: int
    at: datetime


class _Problem(Struct, frozen=True):
    clause: str = ""
    because: str = ""
    detail: str = ""
    message: str = ""


class Signed(NamedTuple):
    """An envelope's exact bytes and its attachments, each with its salt."""

    envelope: bytes
    blobs: tuple[tuple[bytes, bytes], ...] = ()

    def to_json(self) -> bytes:
        """The file's bytes: the envelope alone when nothing is attached."""
        if not self.blobs:
            return self.envelope
        attachments = tuple(Blob(salt, content) for salt, content in self.blobs)
        return msgspec.json.encode(_File(msgspec.Raw(self.envelope), attachments))


def read_signed(data: bytes, name: str) -> Signed:
    """A signed act from its file. Raises Malformed."""
    try:
        members = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        if "envelope" not in members:
            return Signed(data.strip())
        sent = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed("{name}: no signed act: {problem}", name=name, problem=problem) from None
    return Signed(bytes(sent.envelope), tuple((blob.salt, blob.content) for blob in sent.attachments))


def hand_in(remote: Remote, signed: Signed) -> Promised:
    """Hand a signed act in to a server. Raises what the server says: Refused, Malformed, Conflict.

    After a Conflict it may have arrived all the same: an act enters once, so it can be handed in again.
    """
    answer = remote.post("api/acts", signed.to_json())
    try:
        if answer.status in (200, 201):
            receipt = msgspec.json.decode(answer.body, type=_Receipt)
            return Promised(receipt.entry, receipt.at, msgspec.Raw(answer.body))
        said = msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Conflict(
            "{url} answers {found}, which is no answer of a record", url=remote.url, found=str(answer.status)
        ) from None
    raise _problem(remote.url, answer.status, said)


def _problem(url: str, status: int, said: _Problem) -> FoedusError:
    """What the server says, kept as `because`: a sentence of its own, in the language it was asked for."""
    found, because = str(status), said.because or said.detail or said.message
    if status in (403, 422) and said.clause and because:
        return Refused(said.clause, "{because}", because=because)
    if status in (400, 413, 422):
        if because:
            return Malformed("{url} answers {found}: {because}", url=url, found=found, because=because)
        return Malformed("{url} answers {found} and gives no reason", url=url, found=found)
    if because:
        return Conflict("{url} answers {found}: {because}", url=url, found=found, because=because)
    return Conflict("{url} answers {found} and gives no reason", url=url, found=found)
