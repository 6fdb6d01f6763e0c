"""The rows of a workbook as signed acts that go as one: from the first seat to the second, and into the record.

    {"together": [{"opens": "O-7", "act": {…}}, …]}

`act` is a signed act as a file of its own would have it (`submission.Signed`). Nothing here holds a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from foedus.acts import Attachment
from foedus.depositary import Depositary, Receipt
from foedus.errors import Malformed
from foedus.record.envelope import decode_envelope
from foedus.record.keys import SigningKey
from foedus.response.acts import Evidence
from foedus.signing import attach, countersign, sign, statement_for
from foedus.state import State
from foedus.submission import Signed, read_signed
from foedus.workbook.effects import DryRun, Effect

MOST = 500


class _Act(Struct, frozen=True, forbid_unknown_fields=True):
    opens: str
    act: msgspec.Raw


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    together: tuple[_Act, ...]


class Together(Struct, frozen=True):
    """Signed acts in their order, and of each the id that it is to open, empty where it opens nothing."""

    acts: tuple[Signed, ...]
    opens: tuple[str, ...]

    def to_json(self) -> bytes:
        """The bytes of its file."""
        pairs = zip(self.opens, self.acts, strict=True)
        return msgspec.json.encode(_File(tuple(_Act(opens, msgspec.Raw(act.to_json())) for opens, act in pairs)))

    @property
    def signatures(self) -> int:
        """How many signatures every act has at least."""
        return min((len(decode_envelope(one.envelope).signatures) for one in self.acts), default=0)

    def countersigned(self, keys: Sequence[SigningKey]) -> Together:
        """The same with more signatures on each. Raises Malformed where one of them signed already."""
        acts = list(self.acts)
        for key in keys:
            acts = [Signed(countersign(one.envelope, key), one.blobs) for one in acts]
        return replace(self, acts=tuple(acts))


def signed(found: DryRun, keys: Sequence[SigningKey], now: datetime) -> Together:
    """The rows that are new, each signed with every key; the first of them speaks. Raises Malformed for none."""
    assert found.sound, "what has faults is not signed"
    state = found.state
    record = state.parties.record
    assert record is not None, "an opened record has an entry 0"
    acts = tuple(_signed(state, found.seat, one, keys, now) for one in found.new)
    return Together(acts, tuple(one.opens for one in found.new))


def _signed(state: State, seat: str, one: Effect, keys: Sequence[SigningKey], now: datetime) -> Signed:
    body, attachments, blobs = one.body, tuple[Attachment, ...](), tuple[tuple[bytes, bytes], ...]()
    if one.line.words:
        made, salt, content = attach(one.line.words.encode(), "evidence")
        attachments, blobs = (made,), ((salt, content),)
        evidence = Evidence(made.digest, seat, now, str(one.line.said["evidence_how"]))
        body = replace(body, evidence=(evidence,))
    statement = replace(statement_for(state, seat, body, now, attachments=attachments), id=one.id)
    record = state.parties.record
    assert record is not None, "the caller looked"
    return Signed(sign(statement, keys, record.exercise), blobs)


def read_together(data: bytes, name: str) -> Together:
    """Acts that go as one, from their file. Raises Malformed."""
    try:
        found = msgspec.json.decode(data, type=_File).together
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise Malformed("{name}: no acts that are signed as one: {problem}", name=name, problem=wrong) from None
    if not 0 < len(found) <= MOST:
        raise Malformed("{name}: {found} acts; 1 to {most} expected", name=name, found=len(found), most=MOST)
    return Together(tuple(read_signed(bytes(one.act), name) for one in found), tuple(one.opens for one in found))


def enter(depositary: Depositary, together: Together) -> list[Receipt]:
    """All of them in one transaction, or none. Raises as `Depositary.perform_together`."""
    envelopes = [one.envelope for one in together.acts]
    blobs = [blob for one in together.acts for blob in one.blobs]
    receipts = depositary.perform_together(envelopes, together.opens, blobs)
    depositary.checkpoint()
    return receipts
