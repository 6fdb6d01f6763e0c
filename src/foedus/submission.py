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


MAX_WAITING_BYTES = 8 * 2**20


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
        raise Malformed(f"{name}: no signed act: {problem}") from None
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
        raise Conflict(f"{remote.url} answers {answer.status} which is no answer of a record") from None
    raise _problem(remote.url, answer.status, said)


class _Waiting(Struct, frozen=True):
    act: str


class _WaitingList(Struct, frozen=True):
    acts: tuple[_Waiting, ...]


def leave(remote: Remote, signed: Signed) -> None:
    """Leave an act that lacks a signature with a server, for another seat. Raises what the server says."""
    answer = remote.post("api/waiting", signed.to_json())
    if answer.status == 202:
        return
    try:
        said = msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Conflict(f"{remote.url} answers {answer.status} which is no answer of a record") from None
    raise _problem(remote.url, answer.status, said)


def left(remote: Remote, party: str) -> list[Signed]:
    """The acts of a party that were left with a server. Raises Conflict, or Malformed for an answer that is none."""
    answer = remote.get(f"api/waiting?party={party}", MAX_WAITING_BYTES)
    try:
        found = msgspec.json.decode(answer.body, type=_WaitingList).acts if answer else ()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed(f"{remote.url}: no list of acts that wait: {problem}") from None
    return [read_signed(one.act.encode(), "an act that waits") for one in found]


def _problem(url: str, status: int, said: _Problem) -> FoedusError:
    message = said.because or said.detail or said.message or "it gives no reason"
    if status in (403, 422) and said.clause:
        return Refused(said.clause, "{because}", because=message)
    if status in (400, 413, 422):
        return Malformed(f"{url} answers {status}: {message}")
    return Conflict(f"{url} answers {status}: {message}")
