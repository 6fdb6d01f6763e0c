"""Acts and events of reparations. Only data; a released type never changes, a change is a new type.

An asset is `AS-1`, a batch of claims `CB-1`, a decision over claims of it `CD-1`, a distribution `DS-1`.
Money is a decimal string with its ISO 4217 code; what is known of a value is a range.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from foedus.parties.acts import Act, Code, Digest, Event, Moment
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
BatchId = Annotated[str, Meta(pattern=r"^CB-[1-9][0-9]{0,8}\Z")]
DecisionId = Annotated[str, Meta(pattern=r"^CD-[1-9][0-9]{0,8}\Z")]
DistributionId = Annotated[str, Meta(pattern=r"^DS-[1-9][0-9]{0,8}\Z")]
Category = Annotated[str, Meta(pattern=r"^[A-Z][0-9]{0,2}(\.[0-9]{1,2}){0,2}\Z")]
Rows = Annotated[int, Meta(ge=1, le=10_000_000)]
# Damage and loss are different measures of one harm; what rebuilding needs is a third, and is claimed by nobody.
Measure = Literal["damage", "loss"]
# What becomes of claims: the register records, the commission assesses and awards; who claims withdraws and appeals.
Decided = Literal["recorded", "assessed", "awarded", "refused", "withdrawn", "appealed"]


class Total(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """How many claims of a category in a currency, and what they come to."""

    category: Category
    currency: Currency
    claims: Rows
    amount: Amount


# Categories by currencies: what an entry has room for.
Totals = Annotated[tuple[Total, ...], Meta(min_length=1, max_length=200)]


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
    """The same party sets income of an asset apart for the fund or, where a `loan` is named, serves that with it.

    `reference`: of the payment itself, as on its statement. It tells apart two payments that are alike in all else.
    """

    asset: AssetId
    amount: Amount
    currency: Currency
    instrument: Code
    loan: Code | None = None
    reference: Code | None = None


class RecordProceeds(Act, frozen=True):
    """The same party pays what a transferred asset brought into the fund. `reference`: as of income."""

    asset: AssetId
    amount: Amount
    currency: Currency
    instrument: Code
    reference: Code | None = None


class DepositClaims(Act, frozen=True):
    """A party deposits a batch of claims that the register keeps. Nothing personal is in it.

    `table`: digest of the rows in the archive, `rows` of them; `first_cause`: the earliest day on which one arose.
    """

    register: Code
    measure: Measure
    table: Digest
    rows: Rows
    first_cause: date
    totals: Totals


class DecideClaims(Act, frozen=True):
    """A party records what was decided of claims of a batch, by an act of the body that decides.

    `table`: digest of these claims in the archive, their amounts as decided. `corrects`: an earlier award, after an
    appeal, whose place this one takes.
    """

    batch: BatchId
    to: Decided
    body: Code
    table: Digest
    rows: Rows
    totals: Totals
    instrument: Code
    corrects: DecisionId | None = None


class DecideDistribution(Act, frozen=True):
    """A party records that the body named in the compact decided to share out so much of the fund, as a dry run shows.

    `rule`: digest of the clause; `up_to`: the newest decision, of all awards that stand then; `dry_run`: digest of the
    run in the archive, which names every table and the rates; `result`: digest of its rows.
    """

    body: Code
    rule: Digest
    up_to: DecisionId
    dry_run: Digest
    result: Digest
    rows: Rows
    fund: Amount
    currency: Currency
    paid: Amount
    reserve: Amount
    left: Amount
    instrument: Code


class RevokeDistribution(Act, frozen=True):
    """The same body takes back a distribution that was not run."""

    distribution: DistributionId
    body: Code
    instrument: Code


class RecordRun(Act, frozen=True):
    """A party records that the distribution was run, with what came of it: what the dry run showed, or nothing."""

    distribution: DistributionId
    result: Digest
    rows: Rows
    paid: Amount


class RecordPayment(Act, frozen=True):
    """A party records that claimants were paid. `table`: digest of the rows in the archive, claim and cents."""

    distribution: DistributionId
    table: Digest
    rows: Rows
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
    reference: str | None = None


class LoanServed(Event, frozen=True):
    """Income of the asset served the loan, by so much."""

    asset: str
    loan: str
    amount: str
    currency: str
    instrument: str
    reference: str | None = None


class ProceedsPaid(Event, frozen=True):
    """What the asset brought is in the fund."""

    asset: str
    amount: str
    currency: str
    instrument: str
    reference: str | None = None


class ClaimsDeposited(Event, frozen=True):
    """The batch is claimed; nobody has judged it."""

    batch: str
    party: str
    register: str
    measure: Measure
    table: str
    rows: int
    totals: tuple[Total, ...]


class ClaimsDecided(Event, frozen=True):
    """What became of claims of a batch."""

    decision: str
    batch: str
    to: Decided
    table: str
    rows: int
    totals: tuple[Total, ...]
    instrument: str
    corrects: str | None = None


class DistributionDecided(Event, frozen=True):
    """So much of the fund is to be shared out; until it is run or revoked, no other distribution is decided."""

    distribution: str
    provision: str
    rule: str
    up_to: str
    dry_run: str
    result: str
    rows: int
    fund: str
    currency: str
    paid: str
    reserve: str
    left: str
    instrument: str


class DistributionRevoked(Event, frozen=True):
    """The distribution is not run."""

    distribution: str
    instrument: str


class RunRecorded(Event, frozen=True):
    """The run came to what was decided: so much of the fund is owed to claimants."""

    distribution: str
    paid: str
    currency: str


class PaymentRecorded(Event, frozen=True):
    """Claimants were paid of what a distribution owes them."""

    distribution: str
    table: str
    rows: int
    amount: str
    currency: str
    instrument: str


class Account(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """Of one currency: what awards that stand come to, for damage and for loss, and what claimants were paid."""

    currency: str
    damage: str
    loss: str
    paid: str


class AccountTaken(Event, frozen=True):
    """What the record shows of compensation at the moment at which a party spoke of a condition. It decides nothing."""

    condition: str
    party: str
    account: tuple[Account, ...]


ReparationsAct = (
    ReportAsset | ValueAsset | MoveAsset | RecordStay | PledgeAsset | RecordIncome | RecordProceeds | DepositClaims
    | DecideClaims | DecideDistribution | RevokeDistribution | RecordRun | RecordPayment
)  # fmt: skip
ReparationsEvent = (
    AssetReported | AssetValued | AssetMoved | StayRecorded | StayEnded | AssetPledged | IncomeSetApart | LoanServed
    | ProceedsPaid | ClaimsDeposited | ClaimsDecided | DistributionDecided | DistributionRevoked | RunRecorded
    | PaymentRecorded | AccountTaken
)  # fmt: skip
