"""Acts and events about parties, seats and instruments. Only data; a released type never changes, a change is
a new type.

Bodies hold ids, codes, times, amounts and digests only. Words that people write are attachments.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,95}\Z")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Moment = Annotated[datetime, Meta(tz=True)]
Status = Literal[
    "signed", "provisionally_applied", "ratified", "in_force", "notice_given", "withdrawn", "lapsed"
]  # fmt: skip
# The office as which a party's root key speaks: `POL/root`. It is no role of any compact, and no seat.
ROOT = "root"
Level = Literal["unclassified", "restricted", "confidential", "secret"]


class Act(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True, tag_field="act", tag=True):
    """Base of every act body: what a seat states."""


class Event(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True, tag_field="event", tag=True):
    """Base of every event: what became true. Where it stands in time is the place of its entry."""


# --- acts ---------------------------------------------------------------------------------------------------


class HeadSeat(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A party's first seat, named when the record opens; it enrols the others.

    `key`: Ed25519 public key, hex.
    """

    party: Code
    role: Code
    key: Digest


class OpenRecord(Act, frozen=True):
    """Entry 0, by the depositary: what this record is, whose key keeps it, and the first seat of each party."""

    origin: Annotated[str, Meta(min_length=1, max_length=120)]
    exercise: bool
    ceiling: Level
    depositary_key: Digest
    compact: Digest
    heads: tuple[HeadSeat, ...]


class ContinueRecord(Act, frozen=True):
    """A party continues the record at its own desk, because the server fell silent: first entry of a new epoch.

    `settled`: the checkpoint, a signed note, that enough witnesses cosigned. `checkpoint`: the last one of the epoch
    before, over every entry before this one, where that is a larger one; `proof` (hashes in base64): that it only adds
    to the settled one. `depositary_key` signs checkpoints, and what time calls for, from here on.
    """

    settled: Annotated[str, Meta(min_length=1, max_length=24_000)]
    depositary_key: Digest
    checkpoint: Annotated[str, Meta(max_length=4_000)] = ""
    proof: Annotated[tuple[Annotated[str, Meta(max_length=44)], ...], Meta(max_length=63)] = ()


class EnrolSeat(Act, frozen=True):
    """A party gives an office a key. `scope`: the acts it may perform, all its role allows when empty."""

    party: Code
    role: Code
    key: Digest
    scope: tuple[Code, ...] = ()


class RevokeSeat(Act, frozen=True):
    """The seat's key counts no more, from this place in the record on; what it signed before stands."""

    seat: Code


class DepositRootKey(Act, frozen=True):
    """A party names the public part of a key that it keeps offline, to recover its seats with. It is no seat's.

    Where it has one, only that one signs the next.
    """

    key: Digest


class RecoverSeat(Act, frozen=True):
    """By the party's root key: the keys of its seats count no more, and an office that enrols the others gets `key`.

    `revoked`: the seats meant, every seat of the party when empty. The office's own earlier key counts no more either.
    """

    role: Code
    key: Digest
    revoked: tuple[Code, ...] = ()


class SignText(Act, frozen=True):
    """A party signs an instrument by its digest; for the compact itself it names the tier it joins."""

    instrument: Code
    text: Digest
    tier: Code | None = None


class DepositRatification(Act, frozen=True):
    """A party deposits its instrument of ratification, or declares provisional application."""

    instrument: Code
    status: Literal["ratified", "provisionally_applied", "in_force"]


class Accede(Act, frozen=True):
    """A party signs that `applicant` may accede in `tier`; the applicant's own signature comes first."""

    applicant: Code
    tier: Code
    text: Digest


class ChangeTier(Act, frozen=True):
    """A party moves to another tier of the compact, for everything that opens later."""

    tier: Code


class RenewTerm(Act, frozen=True):
    """A party renews an instrument for its own part, until a day."""

    instrument: Code
    until: date


class GiveNotice(Act, frozen=True):
    """A party gives notice of withdrawal; its duties last until the notice takes effect."""

    instrument: Code


class AdoptReading(Act, frozen=True):
    """A party adopts the reading of a provision that is marked interpretation, by the digest of that
    provision.
    """

    provision: Code
    text: Digest


class AmendCompact(Act, frozen=True):
    """A party signs the digest of an amended compact, whose whole text the archive holds."""

    compact: Digest


class RecordMembership(Act, frozen=True):
    """The protected state deposits its accession to an organisation, on which provisions may end."""

    organisation: Code
    on: date


class AgreeInAdvance(Act, frozen=True):
    """A party agrees beforehand to an immediate measure of the prepared list: on an attack it is owed without
    a vote.
    """

    measure: Code


class NationalStep(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """A step of national law before a party may join a measure. `takes_hours`: how long it takes once begun;
    `delegated_until`: it is taken beforehand, by a standing delegation that ends then.
    """

    step: Literal["cabinet", "parliament", "appropriation", "court"]
    takes_hours: Annotated[int, Meta(ge=1, le=8_760)]
    delegated_until: Moment | None = None


class StateMandate(Act, frozen=True):
    """A party states what its own law asks before it joins measures of a kind: steps taken one after another.

    The whole of it each time: what was stated before of this kind stands no more. No steps: it may act at once.
    """

    kind: Code
    steps: Annotated[tuple[NationalStep, ...], Meta(max_length=4)] = ()


class DepositCommunication(Act, frozen=True):
    """A communication of an outsider, or the party's own, deposited as evidence: it is never counted."""

    sender: Code
    kind: Literal["objection", "undertaking", "statement"]
    incident: Code | None = None


class RecordExpiry(Act, frozen=True):
    """By the depositary's clock: a notice took effect, or a term ran out."""

    deadline: Code
    due_at: Moment


# --- events -------------------------------------------------------------------------------------------------


class RecordOpened(Event, frozen=True):
    """What this record is. `compact`: digest of the compact in force from the first entry."""

    origin: str
    exercise: bool
    ceiling: Level
    depositary_key: str
    compact: str


class RecordContinued(Event, frozen=True):
    """`party` keeps the record from this entry on: a new epoch, whose checkpoints bear the name `log`.

    The server of the epoch before was last heard of at `silent_since`. What it had received and nobody settled comes in
    until `late_until`.
    """

    log: str
    depositary_key: str
    party: str
    silent_since: datetime
    late_until: datetime


class ReceivedBefore(Event, frozen=True):
    """The epoch before had received this act at `at`, as an entry of this number that was not continued."""

    entry: int
    at: datetime


class SeatEnrolled(Event, frozen=True):
    """`seat` speaks for `party` in `role` with `key`, from this entry on."""

    seat: str
    party: str
    role: str
    key: str
    scope: tuple[str, ...] = ()


class SeatRevoked(Event, frozen=True):
    """The seat's present key counts no more."""

    seat: str


class RootKeyDeposited(Event, frozen=True):
    """With `key`, and with no earlier one, the party recovers its seats from this entry on."""

    party: str
    key: str


class TextSigned(Event, frozen=True):
    """The party signed the instrument with this digest."""

    party: str
    instrument: str
    text: str


class TierJoined(Event, frozen=True):
    """The party belongs to the tier from here on; rolls already fixed do not change."""

    party: str
    tier: str


class StatusChanged(Event, frozen=True):
    """Where the instrument now stands for the party."""

    party: str
    instrument: str
    status: Status


class TermFixed(Event, frozen=True):
    """The instrument lapses for the party at this moment, unless renewed. No later amendment moves it."""

    party: str
    instrument: str
    lapses_at: datetime


class NoticeGiven(Event, frozen=True):
    """The party withdraws with effect from this moment."""

    party: str
    instrument: str
    effective_at: datetime


class ReadingSigned(Event, frozen=True):
    """One party's signature under a reading."""

    provision: str
    text: str
    party: str


class ReadingAdopted(Event, frozen=True):
    """Enough parties signed: the interpretation is now adopted, by these."""

    provision: str
    text: str
    by: tuple[str, ...]


class AmendmentSigned(Event, frozen=True):
    """One party's signature under an amended compact."""

    compact: str
    party: str


class CompactAmended(Event, frozen=True):
    """The compact in force from the next entry on."""

    compact: str
    by: tuple[str, ...]


class AccessionSigned(Event, frozen=True):
    """One party's signature under an accession."""

    applicant: str
    tier: str
    party: str


class AccessionAdopted(Event, frozen=True):
    """Enough parties signed: the applicant may sign the compact in this tier."""

    applicant: str
    tier: str
    by: tuple[str, ...]


class MembershipRecorded(Event, frozen=True):
    """The protected state is a member of the organisation since `on`; these provisions end."""

    organisation: str
    on: date
    lapsed: tuple[str, ...] = ()


class AdvanceAgreed(Event, frozen=True):
    """The party owes this immediate measure at once when it is called for."""

    measure: str
    party: str


class MandateStated(Event, frozen=True):
    """Before the party joins measures of this kind, these steps of its own law are taken one after another."""

    party: str
    kind: str
    steps: tuple[NationalStep, ...] = ()


class CommunicationDeposited(Event, frozen=True):
    """An outsider's words are held as evidence, brought in by `party`."""

    id: str
    sender: str
    kind: str
    party: str
    incident: str | None = None


PartyAct = (
    OpenRecord | ContinueRecord | EnrolSeat | RevokeSeat | DepositRootKey | RecoverSeat | SignText
    | DepositRatification | Accede | ChangeTier | RenewTerm | GiveNotice | AdoptReading | AmendCompact
    | RecordMembership | AgreeInAdvance | StateMandate | DepositCommunication | RecordExpiry
)  # fmt: skip
PartyEvent = (
    RecordOpened | RecordContinued | ReceivedBefore | SeatEnrolled | SeatRevoked | RootKeyDeposited | TextSigned
    | TierJoined | StatusChanged | TermFixed | NoticeGiven | ReadingSigned | ReadingAdopted | AmendmentSigned
    | CompactAmended | AccessionSigned | AccessionAdopted | MembershipRecorded | AdvanceAgreed | MandateStated
    | CommunicationDeposited
)  # fmt: skip
