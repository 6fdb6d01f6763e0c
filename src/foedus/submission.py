"""A signed act on its way to a record: as one file to be carried, and as it is handed in to a server's door.

The envelope's exact bytes are kept; nothing here signs, and nothing decides whether the act may enter.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec import Struct

from foedus.errors import Conflict, FoedusError, Malformed, Refused, Waits

if TYPE_CHECKING:
    from foedus.remote import Answer, Remote


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
    error: str = ""
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
        if "act" in members:
            raise Malformed("{name}: this act is signed by nobody yet: `foedus sign` signs it", name=name)
        if "envelope" not in members:
            return Signed(data.strip())
        sent = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise Malformed("{name}: no signed act: {problem}", name=name, problem=wrong) from None
    return Signed(bytes(sent.envelope), tuple((blob.salt, blob.content) for blob in sent.attachments))


def hand_in(remote: Remote, signed: Signed) -> Promised:
    """Hand a signed act in to a server. Raises what the server says: Refused, Malformed, Conflict.

    After a Conflict it may have arrived all the same: an act enters once, so it can be handed in again.
    """
    answer = remote.post("api/acts", signed.to_json())
    if answer.status not in (200, 201):
        raise problem(remote.url, answer)
    try:
        receipt = msgspec.json.decode(answer.body, type=_Receipt)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _no_answer(remote.url, answer) from None
    return Promised(receipt.entry, receipt.at, msgspec.Raw(answer.body))


class _Waiting(Struct, frozen=True):
    act: str


class _WaitingList(Struct, frozen=True):
    acts: tuple[_Waiting, ...]


def leave(remote: Remote, signed: Signed) -> None:
    """Leave an act that lacks a signature with a server, for another seat. Raises what the server says."""
    answer = remote.post("api/waiting", signed.to_json())
    if answer.status != 202:
        raise problem(remote.url, answer)


def left(remote: Remote, party: str) -> list[Signed]:
    """The acts of a party that were left with a server. Raises Conflict, or Malformed for an answer that is none."""
    answer = remote.get(f"api/waiting?party={party}", MAX_WAITING_BYTES)
    try:
        found = msgspec.json.decode(answer.body, type=_WaitingList).acts if answer else ()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise Malformed("{url}: no list of acts that wait: {problem}", url=remote.url, problem=wrong) from None
    return [read_signed(one.act.encode(), f"{remote.url}/api/waiting") for one in found]


def problem(url: str, answer: Answer) -> FoedusError:
    """What a server says that did not take what was handed in, kept as `because`: a sentence of its own."""
    try:
        said = msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _no_answer(url, answer)
    status, found, because = answer.status, str(answer.status), said.because or said.detail or said.message
    if status in (403, 422) and said.clause and because:
        return Refused(said.clause, "{because}", because=because)
    if status in (400, 413, 422):
        if because:
            return Malformed("{url} answers {found}: {because}", url=url, found=found, because=because)
        return Malformed("{url} answers {found} and gives no reason", url=url, found=found)
    if because:
        kind = Waits if said.error == Waits.code else Conflict
        return kind("{url} answers {found}: {because}", url=url, found=found, because=because)
    return Conflict("{url} answers {found} and gives no reason", url=url, found=found)


def _no_answer(url: str, answer: Answer) -> Conflict:
    return Conflict("{url} answers {found}, which is no answer of a record", url=url, found=str(answer.status))
