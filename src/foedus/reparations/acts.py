"""Acts and events of reparations. Only data; a released type never changes, a change is a new type.

An asset is `AS-1`. Money is a decimal string with its ISO 4217 code; what is known of a value is a range.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from foedus.parties.acts import Act, Code, Event, Moment
from foedus.sanctions.acts import Target

AssetId = Annotated[str, Meta(pattern=r"^AS-[1-9][0-9]{0,8}\Z")]
Amount = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?\Z")]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
AssetKind = Literal[
    "reserves", "securities", "cash", "company", "real_estate", "vessel", "aircraft", "other"
]  # fmt: skip
# What a figure says where: who holds it, or in which currency it is denominated. The two are never added.
Split = Literal["custody", "currency"]
Basis = Literal["statement", "accounts", "law", "estimate", "press"]
Confidence = Literal["high", "medium", "low"]
# What of an asset secures a loan.
PledgedPart = Literal["income", "principal"]
Step = Literal[
    "immobilised", "restrained", "ring_fenced", "forfeited", "sold", "transferred", "paid_out", "released"
]  # fmt: skip


class Value(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """What somebody discloses of a value: a range, of which day, on what basis, by whom, how sure it is."""

    low: Amount
    high: Amount
    currency: Currency
    as_of: date
    basis: Basis
    discloser: Code
    confidence: Confidence
    split: Split = "custody"


# --- acts ---------------------------------------------------------------------------------------------------


class ReportAsset(Act, frozen=True):
    """A party reports property within its jurisdiction: who holds it, whose it is, and a first figure.

    `owner`: as the compact names whose property may be confiscated. `target`: the id of the lists' own join, where the
    owner is one of those under sanctions.
    """

    holder: Code
    kind: AssetKind
    owner: Code
    figure: Value
    target: Target | None = None


class ValueAsset(Act, frozen=True):
    """A party states a further figure for an asset. It stands beside the others and replaces none."""

    asset: AssetId
    figure: Value


class MoveAsset(Act, frozen=True):
    """The party that holds an asset within its jurisdiction records what became of it, by which act of its own law.

    `ring_fenced`: its income is kept apart from the owner. `licence`: by which the authority for sanctions permits it.
    """

    asset: AssetId
    to: Step
    instrument: Code
    effective_at: Moment
    licence: Code | None = None


class RecordStay(Act, frozen=True):
    """The same party records that a court stays what may be done with an asset, or that the stay has ended."""

    asset: AssetId
    case: Code
    ended: bool = False


class PledgeAsset(Act, frozen=True):
    """The same party records that a loan is secured: by the asset's income, or by a right to use its principal."""

    asset: AssetId
    loan: Code
    part: PledgedPart
    amount: Amount
    currency: Currency
    instrument: Code


class RecordIncome(Act, frozen=True):
    """The same party sets income of an asset apart for the fund or, where a `loan` is named, serves that with it."""

    asset: AssetId
    amount: Amount
    currency: Currency
    instrument: Code
    loan: Code | None = None


class RecordProceeds(Act, frozen=True):
    """The same party pays what a transferred asset brought into the fund."""

    asset: AssetId
    amount: Amount
    currency: Currency
    instrument: Code


# --- events -------------------------------------------------------------------------------------------------


class AssetReported(Event, frozen=True):
    """The asset is known, in the jurisdiction of `party`."""

    asset: str
    party: str
    holder: str
    kind: AssetKind
    owner: str
    figure: Value
    target: str | None = None


class AssetValued(Event, frozen=True):
    """A further figure stands beside the others."""

    asset: str
    party: str
    figure: Value


class AssetMoved(Event, frozen=True):
    """What became of the asset, in law from a moment on; `provision`: by which power of the compact it was taken."""

    asset: str
    to: Step
    instrument: str
    effective_at: datetime
    provision: str | None = None
    licence: str | None = None


class StayRecorded(Event, frozen=True):
    """A court stays what may be done with the asset: it is neither forfeited nor sold nor transferred meanwhile."""

    asset: str
    case: str


class StayEnded(Event, frozen=True):
    """The stay of this case has ended."""

    asset: str
    case: str


class AssetPledged(Event, frozen=True):
    """The loan is secured: until it is served, what is pledged to it is for nothing else."""

    asset: str
    loan: str
    part: PledgedPart
    amount: str
    currency: str
    instrument: str


class IncomeSetApart(Event, frozen=True):
    """Income of the asset is in the fund."""

    asset: str
    amount: str
    currency: str
    instrument: str


class LoanServed(Event, frozen=True):
    """Income of the asset served the loan, by so much."""

    asset: str
    loan: str
    amount: str
    currency: str
    instrument: str


class ProceedsPaid(Event, frozen=True):
    """What the asset brought is in the fund."""

    asset: str
    amount: str
    currency: str
    instrument: str


ReparationsAct = (
    ReportAsset | ValueAsset | MoveAsset | RecordStay | PledgeAsset | RecordIncome | RecordProceeds
)  # fmt: skip
ReparationsEvent = (
    AssetReported | AssetValued | AssetMoved | StayRecorded | StayEnded | AssetPledged | IncomeSetApart | LoanServed
    | ProceedsPaid
)  # fmt: skip
