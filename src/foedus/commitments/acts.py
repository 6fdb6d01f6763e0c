"""Acts and events of commitments. Only data; a released type never changes, a change is a new type.

An obligation is `O-7`, or, where a decision or a clause opened it, `R-1/M-2/POL`. What stands under it has its id in
front: the tranche `O-7/T-2`, the allocation `O-7/T-2/A-1` (or `O-7/A-1`, without a date), its delivery
`O-7/T-2/A-1/D-3`. Requirements are `Q-1`, offers of supply `F-1`, requests for re-export `X-1`, transfers `P-1`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from foedus.parties.acts import Act, Code, Event, Moment
from foedus.response.acts import Amount, Evidence

# What is owed: the lasting commitments of the text, the five kinds of preventive measures, and what other agreements
# name. `mixed`: a sum that the source does not divide.
Kind = Literal[
    "arms_transfers", "defence_industry", "intelligence", "training", "joint_exercises", "air_missile_defence",
    "military", "financial", "infrastructural", "technical", "informational", "reconstruction", "black_sea",
    "humanitarian", "sanctions_kept", "own_defence", "mixed",
]  # fmt: skip
Basis = Literal["fixed", "at_least", "up_to", "share_of_gdp", "units", "effort", "per_request"]
# How it binds: only what is legal is ever overdue.
Binding = Literal["legal", "political", "intention"]
# On what a sum rests; the same thing has another sum on each.
ValuedAs = Literal["reported", "replacement", "net_book", "market_upper", "price_list", "estimate"]
Origin = Literal["stock", "new_procurement", "third_party_funded", "swap"]
Transport = Literal["air", "rail", "road", "sea"]
Level = Literal["independent", "audited"]
DisputeGround = Literal["not_received", "short", "damaged", "other_item"]
ReturnGround = Literal["loan_ended", "repair", "surplus", "exchanged", "wrong_item"]
Link = Literal["fulfils", "repeats", "supersedes"]
TransferGround = Literal["refund", "share", "joint_purchase"]
# ISO 4217 in capitals, or a kind of thing in small letters: EUR, howitzer-155, person-trained, percent-of-gdp.
Unit = Annotated[str, Meta(pattern=r"^([A-Z]{3}|[a-z][a-z0-9-]{0,62})\Z")]
SubjectId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}\Z")]
GraceDays = Annotated[int, Meta(ge=0, le=366)]
Hours = Annotated[int, Meta(ge=1, le=8_784)]


class Quantity(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """How much of one unit: exactly, or between `low` and `high`, or attested as met without saying how much.

    Without any of these it is undisclosed, which is not zero. `price_date` and `valued` belong to money.
    """

    unit: Unit
    amount: Amount | None = None
    low: Amount | None = None
    high: Amount | None = None
    attested: Literal["met", "not_met"] | None = None
    price_date: date | None = None
    valued: ValuedAs | None = None


# --- acts: what is owed -------------------------------------------------------------------------------------


class UndertakeObligation(Act, frozen=True):
    """A party states what it owes under a clause: of the compact itself, or of another agreement of its.

    `every`: the quantity is owed again in each such period from `starts_on` to `ends_on`. `within_hours`: for what is
    owed on request. `conditions`: what must happen first, such as a vote of parliament.
    """

    agreement: Code
    clause: Code
    kind: Kind
    basis: Basis
    quantity: Quantity
    binding: Binding
    owed_to: Code
    starts_on: date | None = None
    ends_on: date | None = None
    every: Literal["year", "quarter", "month"] | None = None
    within_hours: Hours | None = None
    conditions: Annotated[tuple[Code, ...], Meta(max_length=16)] = ()


class SettleCondition(Act, frozen=True):
    """Who owes records that a condition of the obligation was met, or that it failed."""

    obligation: SubjectId
    condition: Code
    met: bool = True


class ScheduleTranche(Act, frozen=True):
    """Who owes says how much of it comes by which day (to its end, UTC), and how long it may still come after."""

    obligation: SubjectId
    quantity: Quantity
    due_on: date
    grace_days: GraceDays = 0


class RequestPerformance(Act, frozen=True):
    """To whom it is owed on request requests it: the hours of the obligation run from the receipt."""

    obligation: SubjectId
    quantity: Quantity | None = None


class LinkPledge(Act, frozen=True):
    """Who owes both says how they belong together: the pledge then counts once.

    It `fulfils` or `repeats` the obligation, and itself counts no more; or it `supersedes` it, and the other does not.
    """

    pledge: SubjectId
    link: Link
    obligation: SubjectId


# --- acts: what comes ---------------------------------------------------------------------------------------


class Allocate(Act, frozen=True):
    """A package is set aside for a tranche, or for an obligation without a date.

    Who funds it, from whom it comes and who hands it over are three parties, or one. `value`: the same in money.
    """

    under: SubjectId
    quantity: Quantity
    drawn_from: Origin
    funder: Code
    supplier: Code
    deliverer: Code
    value: Quantity | None = None


class ReportDelivery(Act, frozen=True):
    """The deliverer states that so much of an allocation was handed over to whom it is owed."""

    allocation: SubjectId
    quantity: Quantity
    delivered_on: date
    value: Quantity | None = None


class ConfirmReceipt(Act, frozen=True):
    """To whom it is owed signs for a delivery: as reported, or for as much as it says."""

    delivery: SubjectId
    quantity: Quantity | None = None


class DisputeReceipt(Act, frozen=True):
    """To whom it is owed disputes a delivery. `quantity`: how much it acknowledges, nothing where it says nothing."""

    delivery: SubjectId
    ground: DisputeGround
    quantity: Quantity | None = None


class VerifyDelivery(Act, frozen=True):
    """A delivery is verified by evidence of a third party, or by audit. `quantity`: as found, where it differs."""

    delivery: SubjectId
    level: Level
    evidence: Annotated[tuple[Evidence, ...], Meta(min_length=1, max_length=16)]
    quantity: Quantity | None = None


class ReturnDelivery(Act, frozen=True):
    """To whom it was delivered gives back so much of it."""

    delivery: SubjectId
    quantity: Quantity
    ground: ReturnGround


class TransferFunding(Act, frozen=True):
    """A funder takes over money that another funder gave: a refund, a share of a union's fund. Never new aid.

    `allocation`: for which package, where it is for one.
    """

    relieved: Code
    quantity: Quantity
    ground: TransferGround
    allocation: SubjectId | None = None


class CorrectFigure(Act, frozen=True):
    """Who stated a figure of an obligation, tranche, allocation or delivery states it anew; the old one stays known."""

    subject: SubjectId
    quantity: Quantity | None = None
    value: Quantity | None = None


# --- acts: what is needed, what is offered ------------------------------------------------------------------


class StateRequirement(Act, frozen=True):
    """The protected state says what it needs of a capability by a day: at least, and as a target. 1 comes first."""

    capability: Code
    unit: Unit
    minimum: Amount
    target: Amount
    needed_by: date
    priority: Annotated[int, Meta(ge=1, le=9)] = 5


class OfferSupply(Act, frozen=True):
    """A party offers a supply: of what, how much, ready when, how it can travel, and whose consent it needs.

    `maker`: the state that made it and must consent to its re-export; None where nobody must.
    """

    capability: Code
    quantity: Quantity
    ready_on: date
    transports: Annotated[tuple[Transport, ...], Meta(min_length=1, max_length=4)]
    maker: Code | None = None


class RequestReexport(Act, frozen=True):
    """Who offers asks the maker state for its consent, to be given until a moment."""

    offer: SubjectId
    answer_by: Moment


class AnswerReexport(Act, frozen=True):
    """The maker state consents to the re-export, or refuses it."""

    request: SubjectId
    consents: bool


class RecordOverdue(Act, frozen=True):
    """By the depositary's clock: a tranche did not come in time, or a maker state did not answer."""

    deadline: SubjectId
    due_at: Moment


# --- events: what decisions and clauses brought about -------------------------------------------------------


class ObligationsIncurred(Event, frozen=True):
    """These parties owe a measure: they joined it, or agreed to it beforehand (`due_at`: its clock).

    The obligation of each is `subject/PARTY`. What each brings stands in its position and is not said again:
    one entry must have room for all of them, however many joined.
    """

    subject: str
    response: str
    measure: str
    parties: tuple[str, ...]
    due_at: datetime | None = None


class ObligationsReleased(Event, frozen=True):
    """The obligations of these parties ended because the report they rested on was withdrawn."""

    subject: str
    parties: tuple[str, ...]


class ObligationPerformed(Event, frozen=True):
    """The party reported that it did what it owed; whether it was received is for others to say."""

    obligation: str


# --- events: what is owed -----------------------------------------------------------------------------------


class ObligationUndertaken(Event, frozen=True):
    """The party owes this under the clause of the agreement, as it said itself."""

    obligation: str
    party: str
    agreement: str
    clause: str
    kind: Kind
    basis: Basis
    quantity: Quantity
    binding: Binding
    owed_to: str
    starts_on: date | None = None
    ends_on: date | None = None
    every: Literal["year", "quarter", "month"] | None = None
    within_hours: int | None = None
    conditions: tuple[str, ...] = ()


class ConditionSettled(Event, frozen=True):
    """The condition of the obligation was met, or failed."""

    obligation: str
    condition: str
    met: bool


class TrancheScheduled(Event, frozen=True):
    """So much of the obligation is due at `due_at`, and overdue at `overdue_at` unless it has come."""

    tranche: str
    obligation: str
    quantity: Quantity
    due_at: datetime
    overdue_at: datetime


class PerformanceRequested(Event, frozen=True):
    """What is owed on request was requested: it is due at `due_at`."""

    tranche: str
    obligation: str
    quantity: Quantity
    due_at: datetime


class PledgeLinked(Event, frozen=True):
    """The pledge fulfils, repeats or supersedes the obligation: one of the two counts no more."""

    pledge: str
    link: Link
    obligation: str


# --- events: what comes -------------------------------------------------------------------------------------


class PackageAllocated(Event, frozen=True):
    """A package is set aside for the tranche, or for the obligation without a date."""

    allocation: str
    under: str
    obligation: str
    quantity: Quantity
    drawn_from: Origin
    funder: str
    supplier: str
    deliverer: str
    value: Quantity | None = None


class DeliveryReported(Event, frozen=True):
    """Delivered, as the deliverer states: verified at level 1."""

    delivery: str
    allocation: str
    party: str
    quantity: Quantity
    delivered_on: date
    value: Quantity | None = None


class ReceiptConfirmed(Event, frozen=True):
    """Received, as the recipient signs: verified at level 2. `quantity`: where it is not what was reported."""

    delivery: str
    party: str
    quantity: Quantity | None = None


class ReceiptDisputed(Event, frozen=True):
    """The recipient disputes the delivery; only what it acknowledges counts."""

    delivery: str
    party: str
    ground: DisputeGround
    quantity: Quantity | None = None


class DeliveryVerified(Event, frozen=True):
    """Verified at level 3, by independent evidence, or 4, by audit."""

    delivery: str
    party: str
    level: Level
    evidence: tuple[Evidence, ...]
    quantity: Quantity | None = None


class DeliveryReturned(Event, frozen=True):
    """So much of the delivery went back, and counts no more."""

    delivery: str
    party: str
    quantity: Quantity
    ground: ReturnGround


class FundingTransferred(Event, frozen=True):
    """One funder took over what another gave; the sum of both is as before."""

    transfer: str
    party: str
    relieved: str
    quantity: Quantity
    ground: TransferGround
    allocation: str | None = None


class FigureCorrected(Event, frozen=True):
    """The figure of the subject is this from here on."""

    subject: str
    party: str
    quantity: Quantity | None = None
    value: Quantity | None = None


# --- events: what is needed, what is offered ----------------------------------------------------------------


class RequirementStated(Event, frozen=True):
    """So much of the capability is needed by the day; what was said before of the same day is replaced."""

    requirement: str
    capability: str
    unit: str
    minimum: str
    target: str
    needed_by: date
    priority: int


class SupplyOffered(Event, frozen=True):
    """The party offers this supply."""

    offer: str
    party: str
    capability: str
    quantity: Quantity
    ready_on: date
    transports: tuple[Transport, ...]
    maker: str | None = None


class ReexportRequested(Event, frozen=True):
    """The maker state is asked for its consent, and owes an answer until a moment."""

    request: str
    offer: str
    party: str
    maker: str
    answer_by: datetime


class ReexportAnswered(Event, frozen=True):
    """The maker state consented, or refused."""

    request: str
    consents: bool


class ReexportUnanswered(Event, frozen=True):
    """The time passed without an answer of the maker state: there is no consent."""

    request: str


class TrancheOverdue(Event, frozen=True):
    """The tranche and its grace have passed, and what was due has not come."""

    tranche: str


CommitmentAct = (
    UndertakeObligation | SettleCondition | ScheduleTranche | RequestPerformance | LinkPledge | Allocate
    | ReportDelivery | ConfirmReceipt | DisputeReceipt | VerifyDelivery | ReturnDelivery | TransferFunding
    | CorrectFigure | StateRequirement | OfferSupply | RequestReexport | AnswerReexport | RecordOverdue
)  # fmt: skip
CommitmentEvent = (
    ObligationsIncurred | ObligationsReleased | ObligationPerformed | ObligationUndertaken | ConditionSettled
    | TrancheScheduled | PerformanceRequested | PledgeLinked | PackageAllocated | DeliveryReported | ReceiptConfirmed
    | ReceiptDisputed | DeliveryVerified | DeliveryReturned | FundingTransferred | FigureCorrected | RequirementStated
    | SupplyOffered | ReexportRequested | ReexportAnswered | ReexportUnanswered | TrancheOverdue
)  # fmt: skip
