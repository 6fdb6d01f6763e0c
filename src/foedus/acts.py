"""The whole list of acts and events, what a seat signs, and what the record keeps: exact bytes in, exact
bytes out.

Composes the packages' acts as `state.py` composes their states. Nothing here decides anything.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from foedus.commitments.acts import CommitmentAct, CommitmentEvent, RecordOverdue
from foedus.errors import Malformed
from foedus.parties.acts import Code, Digest, Level, Moment, PartyAct, PartyEvent, RecordExpiry
from foedus.record.envelope import Envelope
from foedus.reparations.acts import ReparationsAct, ReparationsEvent
from foedus.response.acts import RecordLapse, ResponseAct, ResponseEvent
from foedus.sanctions.acts import RecordSanctionsLapse, SanctionsAct, SanctionsEvent

RULES_VERSION = 1
SALT_BYTES = 32
LEVELS: tuple[Level, ...] = ("unclassified", "restricted", "confidential", "secret")

Body = PartyAct | ResponseAct | SanctionsAct | CommitmentAct | ReparationsAct
Event = PartyEvent | ResponseEvent | CommitmentEvent | SanctionsEvent | ReparationsEvent
# What the depositary alone states, when a time ran out.
ClockAct = RecordLapse | RecordExpiry | RecordSanctionsLapse | RecordOverdue
ActId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]


class Marking(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """Level, and the parties to whom it may be released: every party when empty."""

    level: Level = "unclassified"
    release_to: tuple[Code, ...] = ()


class Attachment(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """A file by salted digest: SHA-256(salt || content), the salt kept beside the content and erased with it."""

    digest: Digest
    size: Annotated[int, Meta(ge=0, le=1 << 40)]
    kind: Literal["text", "evidence", "credentials", "proposal", "reason"]
    marking: Marking = Marking()


class Statement(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """What a seat signs: the payload of the DSSE envelope.

    `rests_on`: provisions or earlier acts it relies on.
    """

    origin: Annotated[str, Meta(min_length=1, max_length=120)]
    id: ActId
    seat: Code
    issued_at: Moment
    compact: Digest
    effect: Literal["evidence", "notification", "instrument"]
    body: Body
    v: Literal[1] = 1
    rests_on: tuple[Code, ...] = ()
    marking: Marking = Marking()
    attachments: Annotated[tuple[Attachment, ...], Meta(max_length=64)] = ()


class Act(Struct, frozen=True, gc=False):
    """A statement whose signatures were verified, as rules see it: who speaks, for whom, in which role, with
    whom. `payload`: the exact bytes that were signed; empty for what nobody signed.
    """

    id: str
    seat: str
    party: str
    role: str
    signers: tuple[str, ...]
    body: Body
    statement: Statement
    payload: bytes = b""


class Entry(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """One act with its events at a place in the record. `act` is the envelope exactly as received.

    `at`: the store's time of receipt. `true_at`: when the events came true, where that is not `at`: a lapse
    comes true at its deadline, however late the clock records it. `late`: the act was received in an earlier epoch of
    the record, at `true_at`, as this proof (a c2sp.org/tlog-proof@v1 with that entry in its extra line) shows.
    """

    at: Moment
    compact: Digest
    rules: int
    act: Envelope
    events: tuple[Event, ...]
    true_at: Moment | None = None
    late: str | None = None
    v: Literal[1] = 1


_statement = msgspec.json.Decoder(Statement)
_entry = msgspec.json.Decoder(Entry)
_encoder = msgspec.json.Encoder()


def decode_statement(payload: bytes) -> Statement:
    """The statement in the payload of an envelope. Raises Malformed with the path of what is wrong."""
    try:
        return _statement.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed("the act cannot be read: {problem}; see docs/record.md, The act", problem=problem) from None


def encode_statement(statement: Statement) -> bytes:
    """The bytes a seat signs."""
    return _encoder.encode(statement)


def decode_entry(data: bytes) -> Entry:
    """An entry of the record. Raises Malformed."""
    try:
        return _entry.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed("the entry cannot be read: {problem}; see docs/record.md, The entry", problem=problem) from None


def encode_entry(entry: Entry) -> bytes:
    """The bytes of a new entry."""
    return _encoder.encode(entry)


_INSTRUMENTS = (
    "OpenRecord", "ContinueRecord", "EnrolSeat", "RevokeSeat", "DepositRootKey", "RecoverSeat", "SignText",
    "DepositRatification", "Accede", "ChangeTier", "RenewTerm", "GiveNotice", "AdoptReading", "AmendCompact",
    "RecordMembership", "AgreeInAdvance", "TakePosition", "ConfirmPosition", "CastVote", "CountersignTranscript",
    "Activate", "RequestConvening", "AdoptListing", "AdoptSchedule", "AmendListing", "GrantRelief", "Delist",
    "GrantExemption", "RenewRegime", "RefuseRenewal", "ConsentToEasing", "NotifySnapback", "VoteToContinueRelief",
    "EnactReinstatement", "UndertakeObligation", "ScheduleTranche", "LinkPledge", "TransferFunding", "AnswerReexport",
    "MoveAsset", "RecordStay", "PledgeAsset", "RecordIncome", "RecordProceeds",
    "DecideClaims", "DecideDistribution", "RevokeDistribution", "RecordRun", "RecordPayment",
)  # fmt: skip
_EVIDENCE = (
    "ReportIncident", "AddEvidence", "CorrectIncident", "DepositCommunication", "EnterTranscript", "AttestCondition",
    "ContestCondition", "ReportDelivery", "ConfirmReceipt", "DisputeReceipt", "VerifyDelivery", "ReturnDelivery",
    "CorrectFigure", "RecordCallBack",
)  # fmt: skip
# Stands in options for the digest or key of what the seat still has to supply; no file and no key has it.
PLACEHOLDER = "0" * 64
ACT_NAMES: tuple[str, ...] = tuple(sorted(kind.__name__ for kind in get_args(Body)))
# The legal effect each act must state: what it is can then not be argued about afterwards.
EFFECTS: dict[str, Literal["evidence", "notification", "instrument"]] = {
    name: "instrument" if name in _INSTRUMENTS else "evidence" if name in _EVIDENCE else "notification"
    for name in ACT_NAMES
}
