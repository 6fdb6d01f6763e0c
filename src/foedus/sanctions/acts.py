"""Acts and events of sanctions. Only data; a released type never changes, a change is a new type.

What is listed is named by an id: `POL/asset_freeze/TARGET` for a listing that stands alone, `S-3` for a schedule (a
table of targets in the archive), `S-3/TARGET` for one row of it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from foedus.parties.acts import Act, Code, Digest, Event, Moment
from foedus.response.acts import Choice, Evidence

Restriction = Literal[
    "asset_freeze", "travel_ban", "trade", "sectoral", "services", "transport", "central_bank_assets"
]  # fmt: skip
# Who or what is listed, by an id of the lists' own join: never a name.
Target = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")]
ListingId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(/[A-Za-z0-9][A-Za-z0-9._-]{0,63}){0,2}\Z")]
DeadlineId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}\Z")]
Rows = Annotated[int, Meta(ge=1, le=10_000_000)]
Relief = Literal["suspended", "eased", "lifted"]
# An entry of a published list: the list's name, a colon, the publisher's id of the entry.
ListName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}\Z")]
Listed = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}:[ -~]{1,96}\Z")]
Judgment = Literal["same", "different", "withdrawn"]
# Grounds on which a listing ends on its merits: no snapback brings it back.
Ground = Literal["mistaken_identity", "grounds_gone", "deceased"]
ExemptionKind = Literal["humanitarian", "prior_contract", "licence"]
# What a clause of snapback brings back: relief as agreed, and relief that an issuer gave without the others.
Returning = Literal["relief", "deviation"]


class Step(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """One step of an easing: for this restriction, under every regime or one, from a moment on and until another."""

    restriction: Restriction
    kind: Relief
    regime: Code | None = None
    starts_at: Moment | None = None
    until: Moment | None = None


# --- acts: listings -----------------------------------------------------------------------------------------


class ProposeListing(Act, frozen=True):
    """A party proposes that another issuer list the target too: how a gap is closed."""

    issuer: Code
    target: Target
    restriction: Restriction
    regime: Code


class AdoptListing(Act, frozen=True):
    """An issuer lists a target by a legal instrument, from a moment on, and until another where it names one."""

    target: Target
    restriction: Restriction
    regime: Code
    instrument: Code
    effective_at: Moment
    expires_at: Moment | None = None


class AdoptSchedule(Act, frozen=True):
    """An issuer lists many targets at once. `table`: digest of the rows in the archive; `rows`: how many they are."""

    table: Digest
    rows: Rows
    restriction: Restriction
    regime: Code
    instrument: Code
    effective_at: Moment
    expires_at: Moment | None = None


class AmendListing(Act, frozen=True):
    """The issuer replaces the instrument of a listing, a schedule or a row: its reasons, its particulars."""

    listing: ListingId
    instrument: Code
    effective_at: Moment


class GrantRelief(Act, frozen=True):
    """The issuer suspends, eases or lifts what it listed.

    `easing`: the agreed easing under which it does so; without one the relief is recorded as a deviation. `until`:
    when the relief ends by itself.
    """

    listing: ListingId
    kind: Relief
    instrument: Code
    effective_at: Moment
    easing: Code | None = None
    until: Moment | None = None


class Delist(Act, frozen=True):
    """The issuer ends a listing on its merits. It is no relief, and no snapback brings it back."""

    listing: ListingId
    ground: Ground
    instrument: Code
    effective_at: Moment


class RecordCase(Act, frozen=True):
    """The issuer records that a listing is before a court. Nothing stops for it."""

    listing: ListingId
    case: Code


class RecordJudgment(Act, frozen=True):
    """The issuer records how a case ended: the listing is annulled from a moment on, or the case is dismissed."""

    listing: ListingId
    case: Code
    outcome: Literal["annulled", "dismissed"]
    effective_at: Moment


class GrantExemption(Act, frozen=True):
    """The issuer carves something out of a listing that stands; a snapback leaves it in place until it ends.

    Said again of the same exemption it takes the place of what was said: so that is extended, or ended.
    """

    listing: ListingId
    exemption: Code
    kind: ExemptionKind
    until: Moment | None = None


# --- acts: published lists ----------------------------------------------------------------------------------


class DepositList(Act, frozen=True):
    """A seat deposits a version of a list that somebody published, as it was read.

    `table`: digest of its canonical rows in the archive, `file`: of what was published, as it came. `targets` and
    `skipped`: how many entries were taken, and how many rows were not. `as_of`: the day that the list states.
    """

    publisher: Code
    list: ListName
    table: Digest
    file: Digest
    targets: Rows
    skipped: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    as_of: date | None = None
    legal_basis: Code | None = None


class JudgeTargets(Act, frozen=True):
    """A seat says of two entries of lists whether they mean the same, or takes back what it said of them.

    What an identifier proves needs no such act; what was proposed, or joined in error, does.
    """

    one: Listed
    other: Listed
    judgment: Judgment


# --- acts: renewal ------------------------------------------------------------------------------------------


class RenewRegime(Act, frozen=True):
    """The issuer renews one of its regimes until a day, to the end of that day in UTC."""

    regime: Code
    until: date
    instrument: Code


class RefuseRenewal(Act, frozen=True):
    """A party says that it refuses the next renewal of an issuer's regime, or that it refuses no more."""

    issuer: Code
    regime: Code
    refuses: bool = True


# --- acts: conditions, easing, snapback ---------------------------------------------------------------------


class AttestCondition(Act, frozen=True):
    """A party attests, with evidence, that a condition of easing is met. It counts until it is stale."""

    condition: Code
    evidence: tuple[Evidence, ...]


class ContestCondition(Act, frozen=True):
    """A party contests, with evidence, that a condition is met."""

    condition: Code
    evidence: tuple[Evidence, ...]


class ProposeEasing(Act, frozen=True):
    """Puts an easing to the parties: what is eased, in which steps. Refused while a condition is not met."""

    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=32)]


class ConsentToEasing(Act, frozen=True):
    """One party's word on a proposed easing; replaceable until it is agreed or its time is over."""

    easing: Code
    choice: Choice


class NotifySnapback(Act, frozen=True):
    """A party notifies that commitments are not performed, where the compact counts the return from such notice."""


class VoteToContinueRelief(Act, frozen=True):
    """One party's vote to stop a snapback: yes means that relief goes on."""

    snapback: Code
    choice: Choice


class EnactReinstatement(Act, frozen=True):
    """The issuer records the act of its own law by which what came back is law again.

    `listing`: for this listing, schedule or row alone; otherwise for everything of the issuer that came back.
    """

    snapback: Code
    instrument: Code
    effective_at: Moment
    listing: ListingId | None = None


class RecordSanctionsLapse(Act, frozen=True):
    """By the depositary's clock: a listing, a relief, a regime, a question or a notice ran out."""

    deadline: DeadlineId
    due_at: Moment


# --- events: listings ---------------------------------------------------------------------------------------


class ListingProposed(Event, frozen=True):
    """`party` proposes that the issuer list the target."""

    listing: str
    issuer: str
    target: str
    restriction: str
    regime: str
    party: str


class ListingAdopted(Event, frozen=True):
    """The issuer listed the target; again, if it had ended before."""

    listing: str
    issuer: str
    target: str
    restriction: str
    regime: str
    instrument: str
    effective_at: datetime
    expires_at: datetime | None = None


class ScheduleAdopted(Event, frozen=True):
    """The issuer listed every row of the table."""

    schedule: str
    issuer: str
    table: str
    rows: int
    restriction: str
    regime: str
    instrument: str
    effective_at: datetime
    expires_at: datetime | None = None


class ListingAmended(Event, frozen=True):
    """The listing stands under this instrument from here on."""

    listing: str
    instrument: str
    effective_at: datetime


class BaselineKept(Event, frozen=True):
    """What the issuer had in force before its first relief: digest of that list, and how many listings it has."""

    issuer: str
    digest: str
    listings: int


class ReliefGranted(Event, frozen=True):
    """The issuer gave relief under an agreed easing."""

    listing: str
    kind: Relief
    easing: str
    instrument: str
    effective_at: datetime
    until: datetime | None = None


class ReliefDeviated(Event, frozen=True):
    """The issuer gave relief that the parties had not agreed on: it deviates from the clause named."""

    listing: str
    kind: Relief
    provision: str
    instrument: str
    effective_at: datetime
    until: datetime | None = None


class ReliefEnded(Event, frozen=True):
    """The relief ended at the moment its own instrument named."""

    listing: str


class Delisted(Event, frozen=True):
    """The listing ended on its merits."""

    listing: str
    ground: Ground
    instrument: str
    effective_at: datetime


class ListingExpired(Event, frozen=True):
    """The moment passed until which the instrument listed."""

    listing: str


class CaseRecorded(Event, frozen=True):
    """The listing is before a court."""

    listing: str
    case: str


class CaseDismissed(Event, frozen=True):
    """The court left the listing as it is."""

    listing: str
    case: str


class ListingAnnulled(Event, frozen=True):
    """The court annulled the listing."""

    listing: str
    case: str
    effective_at: datetime


class ExemptionGranted(Event, frozen=True):
    """Something is carved out of the listing."""

    listing: str
    exemption: str
    kind: ExemptionKind
    until: datetime | None = None


# --- events: renewal ----------------------------------------------------------------------------------------


class RegimeOpened(Event, frozen=True):
    """The issuer's first listing under the regime, or the first after it lapsed. `ends_at`: unless renewed."""

    issuer: str
    regime: str
    ends_at: datetime | None = None


class RegimeRenewed(Event, frozen=True):
    """The regime now ends later."""

    issuer: str
    regime: str
    instrument: str
    ends_at: datetime


class RenewalRefused(Event, frozen=True):
    """The party refuses the renewal, or no longer does."""

    issuer: str
    regime: str
    party: str
    refuses: bool


class RegimeLapsed(Event, frozen=True):
    """The regime was not renewed in time: everything listed under it expired. `refused_by`: who refused."""

    issuer: str
    regime: str
    refused_by: tuple[str, ...]


# --- events: conditions, easing, snapback -------------------------------------------------------------------


class ConditionAttested(Event, frozen=True):
    """The party attests that the condition is met."""

    condition: str
    party: str
    seat: str
    evidence: tuple[Evidence, ...]
    stale_at: datetime


class ConditionContested(Event, frozen=True):
    """The party contests that the condition is met."""

    condition: str
    party: str
    seat: str
    evidence: tuple[Evidence, ...]


class EasingProposed(Event, frozen=True):
    """An easing is put to the roll, until a moment."""

    easing: str
    party: str
    provision: str
    steps: tuple[Step, ...]
    roll: tuple[str, ...]
    closes_at: datetime


class EasingAnswered(Event, frozen=True):
    """The party's word on the easing."""

    easing: str
    party: str
    choice: Choice


class EasingAgreed(Event, frozen=True):
    """By rule and by every condition the easing is agreed: issuers may give relief under it."""

    easing: str
    by: tuple[str, ...]


class EasingFailed(Event, frozen=True):
    """The time to consent is over. `unmet`: conditions that did not hold then."""

    easing: str
    silent: tuple[str, ...]
    unmet: tuple[str, ...]


class RenewedAggressionEstablished(Event, frozen=True):
    """For the purposes of the compact aggression was renewed: attestations before it count no more."""

    incident: str
    provision: str


class SnapbackNotified(Event, frozen=True):
    """Everything eased comes back at `due_at` unless stopped; never, if its clause ends before that, at `sunset_at`."""

    snapback: str
    party: str
    provision: str
    due_at: datetime
    sunset_at: datetime | None = None


class ReliefVoted(Event, frozen=True):
    """The party's vote on whether relief goes on."""

    snapback: str
    party: str
    choice: Choice


class SnappedBack(Event, frozen=True):
    """Every listing under relief is back at its baseline, but for the exceptions, whose list has this digest.

    `issuers`: who owes an act of its own law, by `owed_by` where the compact sets a time. `returned`, `kept`: how many
    listings came back, and how many stay as they are, each with its reason. `returning`: which relief came back.
    """

    snapback: str
    provision: str
    issuers: tuple[str, ...]
    returned: int
    kept: int
    exceptions: str
    returning: tuple[Returning, ...]
    incident: str | None = None
    owed_by: datetime | None = None
    winds_down_until: datetime | None = None


class SnapbackStopped(Event, frozen=True):
    """By the rule of the compact relief goes on as it was."""

    snapback: str
    by: tuple[str, ...]


class SnapbackLapsed(Event, frozen=True):
    """The clause ended before the notice could take effect."""

    snapback: str


class ReinstatementEnacted(Event, frozen=True):
    """What came back is law again at the issuer: all of it, or the one listing."""

    snapback: str
    issuer: str
    instrument: str
    effective_at: datetime
    listing: str | None = None


class ReinstatementOverdue(Event, frozen=True):
    """The time passed; these issuers had recorded no act of their own law for all that came back."""

    snapback: str
    missing: tuple[str, ...]


class ListVersionDeposited(Event, frozen=True):
    """This version of a published list is in the archive; earlier ones stay."""

    publisher: str
    list: str
    table: str
    file: str
    targets: int
    skipped: int
    party: str
    as_of: date | None = None
    legal_basis: str | None = None


class TargetsJudged(Event, frozen=True):
    """A party judged whether two entries mean the same; of each party its newest judgment counts."""

    one: str
    other: str
    judgment: str
    party: str


SanctionsAct = (
    ProposeListing | AdoptListing | AdoptSchedule | AmendListing | GrantRelief | Delist | RecordCase | RecordJudgment
    | GrantExemption | DepositList | JudgeTargets | RenewRegime | RefuseRenewal | AttestCondition | ContestCondition
    | ProposeEasing | ConsentToEasing | NotifySnapback | VoteToContinueRelief | EnactReinstatement
    | RecordSanctionsLapse
)  # fmt: skip
SanctionsEvent = (
    ListingProposed | ListingAdopted | ScheduleAdopted | ListingAmended | BaselineKept | ReliefGranted | ReliefDeviated
    | ReliefEnded | Delisted | ListingExpired | CaseRecorded | CaseDismissed | ListingAnnulled | ExemptionGranted
    | RegimeOpened | RegimeRenewed | RenewalRefused | RegimeLapsed | ConditionAttested | ConditionContested
    | EasingProposed | EasingAnswered | EasingAgreed | EasingFailed | RenewedAggressionEstablished | SnapbackNotified
    | ReliefVoted | SnappedBack | SnapbackStopped | SnapbackLapsed | ReinstatementEnacted | ReinstatementOverdue
    | ListVersionDeposited | TargetsJudged
)  # fmt: skip
