"""Acts and events of the response protocol. Only data; a released type never changes, a change is a new type."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from foedus.parties.acts import Act, Code, Digest, Event, Moment

Amount = Annotated[str, Meta(pattern=r"^\d{1,18}(\.\d{1,6})?\Z")]
Stance = Literal["joins", "joins_ad_referendum", "declines", "abstains"]
Choice = Literal["yes", "no", "abstain"]


class Figure(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A count in a report, such as `missiles_launched` 84."""

    what: Code
    count: Annotated[int, Meta(ge=0, le=10_000_000)]


class Evidence(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """One item by the digest of its attachment: which office obtained it, when, and how."""

    attachment: Digest
    obtained_by: Code
    obtained_at: Moment
    how: Code


class Contribution(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """What a party brings: a kind of the compact's list with a quantity, or money with its ISO 4217 code, or
    undisclosed.
    """

    kind: Code
    quantity: Amount | None = None
    amount: Amount | None = None
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")] | None = None
    disclosed: bool = True


# --- acts: the incident -------------------------------------------------------------------------------------


class ReportIncident(Act, frozen=True):
    """Something happened, observed from `occurred_from` (which is not when the report is received)."""

    kind: Code
    territory: Code
    occurred_from: Moment
    occurred_until: Moment | None = None
    figures: tuple[Figure, ...] = ()
    attributed_to: Code | None = None
    evidence: tuple[Evidence, ...] = ()


class AddEvidence(Act, frozen=True):
    """More evidence for an incident."""

    incident: Code
    evidence: tuple[Evidence, ...]


class CorrectIncident(Act, frozen=True):
    """Corrected figures, or an end that was not yet known; what was said first stays readable."""

    incident: Code
    figures: tuple[Figure, ...]
    occurred_until: Moment | None = None


class WithdrawIncident(Act, frozen=True):
    """The report was mistaken. A response that rests on it alone ends; nothing is erased."""

    incident: Code


class MergeIncidents(Act, frozen=True):
    """Two reports of one incident: `incident` is from now on read as `into`."""

    incident: Code
    into: Code


class ProposeEstablishment(Act, frozen=True):
    """Asks the parties to find that the attack took place, where the compact leaves it to their vote."""

    incident: Code


# --- acts: the procedure ------------------------------------------------------------------------------------


class Activate(Act, frozen=True):
    """The protected state activates the guarantees for an incident. Receipt of the act is the beginning, T0."""

    incident: Code


class OpenConsultation(Act, frozen=True):
    """Opens consultation on a threat, without activation; preventive measures may be proposed."""

    incident: Code
    addressed: tuple[Code, ...] = ()


class RequestConvening(Act, frozen=True):
    """Starts convening while the protected state is silent."""

    incident: Code


class CallMeeting(Act, frozen=True):
    """Calls the meeting of an open response, where the compact counts the time to convene from that call."""

    response: Code


class Reply(Act, frozen=True):
    """The state addressed answers the request."""

    response: Code


class Acknowledge(Act, frozen=True):
    """The seat has received the call."""

    response: Code


class RecordCallBack(Act, frozen=True):
    """A party called an office of the party that opened a response, at a number that it had before, to ask whether the
    request is theirs. No number and no name stands here.

    `called`: the seat that was called. `heard`: the words that it read back, by their numbers, where it confirmed.
    """

    response: Code
    called: Code
    answer: Literal["confirmed", "denied", "unanswered"]
    heard: Annotated[tuple[Annotated[int, Meta(ge=0, le=255)], ...], Meta(max_length=5)] = ()


class RegisterDelegation(Act, frozen=True):
    """Who will attend: offices, not persons. `full_powers`: digest of the credentials, attached."""

    response: Code
    head: Code
    alternate: Code | None = None
    remote: bool = False
    full_powers: Digest | None = None


class RecordPresence(Act, frozen=True):
    """The delegation is present."""

    response: Code
    remote: bool = False


class AdjournMeeting(Act, frozen=True):
    """The meeting is adjourned until a moment; clocks run on."""

    response: Code
    until: Moment


class ResumeMeeting(Act, frozen=True):
    """The meeting goes on."""

    response: Code


class ProposeMeasure(Act, frozen=True):
    """Puts a measure on the table: one of the prepared list (`menu`), or another `kind` by the digest of an
    attached text.
    """

    response: Code
    menu: Code | None = None
    kind: Code | None = None
    text: Digest | None = None


class ReviseMeasure(Act, frozen=True):
    """A new version of a measure, by digest.

    Positions bind to the version they name and must be confirmed on the new one.
    """

    measure: Code
    text: Digest


class TakePosition(Act, frozen=True):
    """One party's position on one version of one measure; it may be replaced until the decision closes."""

    measure: Code
    text: Digest
    stance: Stance
    contributions: tuple[Contribution, ...] = ()
    starts_on: date | None = None
    caveats: tuple[Code, ...] = ()
    conditions: tuple[Code, ...] = ()
    confirm_by: Moment | None = None


class ConfirmPosition(Act, frozen=True):
    """The capital confirms a position that was taken ad referendum."""

    measure: Code


class ProposeExtension(Act, frozen=True):
    """Asks for the extension of the decision clock that the compact allows."""

    response: Code


class DeclareBadFaith(Act, frozen=True):
    """Asks the parties to find that the request was made in bad faith. Its own track: no clock stops."""

    response: Code


class ReplyToObjection(Act, frozen=True):
    """The requesting party answers the objection."""

    ballot: Code


class CastVote(Act, frozen=True):
    """One party's vote on an extension, an objection or an establishment; replaceable until the ballot
    closes.
    """

    ballot: Code
    choice: Choice


class EnterTranscript(Act, frozen=True):
    """What `seat` said by telephone or on paper while it could not sign, entered by another seat.

    It has no effect until that seat countersigns. `said_at`: when it was said, as whoever took it down states.
    `source`: digest of the recording or the scan, attached.
    """

    seat: Code
    said: TakePosition | CastVote
    means: Literal["paper", "voice"]
    said_at: Moment
    source: Digest


class CountersignTranscript(Act, frozen=True):
    """The seat makes what was entered for it its own. `said`: all of it again, so that its own signature is on it."""

    transcript: Code
    said: TakePosition | CastVote


class ReportPerformance(Act, frozen=True):
    """A party reports that it did what an immediate measure made it owe."""

    response: Code
    measure: Code


class RecordLapse(Act, frozen=True):
    """By the depositary's clock: a deadline of the response passed."""

    deadline: Code
    due_at: Moment


# --- events -------------------------------------------------------------------------------------------------


class IncidentReported(Event, frozen=True):
    """A party reports an incident."""

    incident: str
    party: str
    kind: str
    territory: str
    occurred_from: datetime
    occurred_until: datetime | None = None
    figures: tuple[Figure, ...] = ()
    attributed_to: str | None = None


class EvidenceAdded(Event, frozen=True):
    """Evidence stands with the incident."""

    incident: str
    party: str
    evidence: tuple[Evidence, ...]


class IncidentCorrected(Event, frozen=True):
    """The newest figures of the incident."""

    incident: str
    party: str
    figures: tuple[Figure, ...]
    occurred_until: datetime | None = None


class IncidentWithdrawn(Event, frozen=True):
    """The report was mistaken."""

    incident: str


class IncidentsMerged(Event, frozen=True):
    """Read `incident` as `into`."""

    incident: str
    into: str


class AttackEstablished(Event, frozen=True):
    """For the purposes of the compact the attack took place, by the clause named."""

    incident: str
    provision: str


class ResponseOpened(Event, frozen=True):
    """T0. `roll`: who is invited, fixed now. `mode`: response or consultation."""

    response: str
    incident: str
    mode: str
    party: str
    provision: str
    roll: tuple[str, ...]
    addressed: tuple[str, ...] = ()


class ClockStarted(Event, frozen=True):
    """A step is due at a moment that no later amendment moves. `on_lapse`: what is recorded if it passes."""

    response: str
    step: str
    due_at: datetime
    provision: str
    on_lapse: str
    hard: bool = True


class ClockMet(Event, frozen=True):
    """The step was done in time."""

    response: str
    step: str


class ClockExtended(Event, frozen=True):
    """By explicit decision the step is now due later."""

    response: str
    step: str
    due_at: datetime


class ClauseOpened(Event, frozen=True):
    """The same event opens a clause of another instrument, with its own clock; `due_at` None: no hours are
    named.
    """

    response: str
    agreement: str
    parties: tuple[str, ...]
    due_at: datetime | None = None
    hard: bool = True
    binding: bool = True


class ClauseMet(Event, frozen=True):
    """The parties of that instrument have met."""

    response: str
    agreement: str


class ClauseLapsed(Event, frozen=True):
    """The time named in that instrument passed without the parties meeting here."""

    response: str
    agreement: str


class MeasureOwed(Event, frozen=True):
    """An immediate measure is owed now, without a vote, by those who agreed to it beforehand."""

    response: str
    measure: str
    provision: str
    parties: tuple[str, ...]
    due_at: datetime


class PerformanceReported(Event, frozen=True):
    """The party says that it performed."""

    response: str
    measure: str
    party: str


class OwedLapsed(Event, frozen=True):
    """The time passed; these had reported no performance."""

    response: str
    measure: str
    missing: tuple[str, ...]


class Acknowledged(Event, frozen=True):
    """The party has received the call."""

    response: str
    party: str


class CalledBack(Event, frozen=True):
    """`seat` of `party` asked `called` by telephone whether the request that opened the response is theirs."""

    response: str
    party: str
    seat: str
    called: str
    answer: str


class DelegationRegistered(Event, frozen=True):
    """The party's delegation, by offices."""

    response: str
    party: str
    head: str
    alternate: str | None = None
    remote: bool = False
    full_powers: str | None = None


class PartyPresent(Event, frozen=True):
    """The party's delegation is present."""

    response: str
    party: str
    remote: bool = False


class MeetingCalled(Event, frozen=True):
    """The meeting was called by the party."""

    response: str
    party: str


class Replied(Event, frozen=True):
    """The state addressed answered."""

    response: str
    party: str


class Convened(Event, frozen=True):
    """The meeting counts as convened: the rule of the clause holds over those present."""

    response: str
    provision: str


class ConveningFailed(Event, frozen=True):
    """The time to convene passed. `absent`: who was not present.

    `fallback`: what the compact names, nothing else.
    """

    response: str
    absent: tuple[str, ...]
    fallback: str


class StepLapsed(Event, frozen=True):
    """The time for a step passed; these were silent."""

    response: str
    step: str
    silent: tuple[str, ...]


class MeetingAdjourned(Event, frozen=True):
    """Adjourned until a moment; no clock stops."""

    response: str
    until: datetime


class MeetingResumed(Event, frozen=True):
    """The meeting goes on."""

    response: str


class MeasureProposed(Event, frozen=True):
    """A measure is on the table. `text`: the digest positions bind to."""

    response: str
    measure: str
    kind: str
    text: str
    party: str
    menu: str | None = None


class MeasureRevised(Event, frozen=True):
    """A new version of the measure."""

    measure: str
    text: str
    party: str


class PositionTaken(Event, frozen=True):
    """The party's position on one version."""

    measure: str
    party: str
    seat: str
    text: str
    stance: Stance
    contributions: tuple[Contribution, ...] = ()
    starts_on: date | None = None
    caveats: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    confirm_by: datetime | None = None


class PositionConfirmed(Event, frozen=True):
    """The capital confirmed: the party joined."""

    measure: str
    party: str


class PositionLapsed(Event, frozen=True):
    """The day to confirm passed: the party did not join."""

    measure: str
    party: str


class BallotOpened(Event, frozen=True):
    """A question for the roll: extension, objection or establishment, under the provision's rule."""

    ballot: str
    about: Literal["extension", "objection", "establishment"]
    subject: str
    provision: str
    party: str
    roll: tuple[str, ...]
    closes_at: datetime
    reply_by: datetime | None = None


class ObjectionAnswered(Event, frozen=True):
    """The party accused of bad faith replied."""

    ballot: str
    party: str


class VoteCast(Event, frozen=True):
    """The party's vote."""

    ballot: str
    party: str
    choice: Choice


class BallotClosed(Event, frozen=True):
    """The outcome by the rule; `carried` or not, and who said nothing."""

    ballot: str
    carried: bool
    silent: tuple[str, ...] = ()


class TranscriptEntered(Event, frozen=True):
    """`by` entered what `seat` said; nothing follows from it unless the seat countersigns before `lapses_at`."""

    transcript: str
    party: str
    seat: str
    by: str
    said: TakePosition | CastVote
    means: Literal["paper", "voice"]
    said_at: datetime
    source: str
    lapses_at: datetime


class TranscriptCountersigned(Event, frozen=True):
    """The seat said so itself: it counts as received when it was entered."""

    transcript: str


class TranscriptLapsed(Event, frozen=True):
    """The time to countersign passed: what was entered never counts."""

    transcript: str


class BallotRecounted(Event, frozen=True):
    """Carried after all, by a vote that was entered before the close; who said nothing."""

    ballot: str
    silent: tuple[str, ...] = ()


class Outcome(Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """How one measure ended: by name, so that nobody has to count again."""

    measure: str
    carried: bool
    joined: tuple[str, ...] = ()
    to_confirm: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    abstained: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()


class ResponseDecided(Event, frozen=True):
    """The time to decide is over: the outcome of each measure; who was asked and stayed silent on all; who never
    came.
    """

    response: str
    outcomes: tuple[Outcome, ...]
    silent: tuple[str, ...]
    absent: tuple[str, ...]


class OutcomeRecounted(Event, frozen=True):
    """How one measure ended, with what was entered before the close; who stayed silent on all."""

    response: str
    outcome: Outcome
    silent: tuple[str, ...]


class ResponseClosed(Event, frozen=True):
    """Nothing more is decided here. `reason`: decided, withdrawn, not_convened, consultation_ended."""

    response: str
    reason: Literal["decided", "withdrawn", "not_convened", "ended"]


ResponseAct = (
    ReportIncident | AddEvidence | CorrectIncident | WithdrawIncident | MergeIncidents | ProposeEstablishment | Activate
    | OpenConsultation | RequestConvening | CallMeeting | Reply | Acknowledge | RecordCallBack | RegisterDelegation
    | RecordPresence | AdjournMeeting | ResumeMeeting | ProposeMeasure | ReviseMeasure | TakePosition | ConfirmPosition
    | ProposeExtension | DeclareBadFaith | ReplyToObjection | CastVote | EnterTranscript | CountersignTranscript
    | ReportPerformance | RecordLapse
)  # fmt: skip
ResponseEvent = (
    IncidentReported | EvidenceAdded | IncidentCorrected | IncidentWithdrawn | IncidentsMerged | AttackEstablished
    | ResponseOpened | ClockStarted | ClockMet | ClockExtended | ClauseOpened | ClauseMet | ClauseLapsed | MeasureOwed
    | PerformanceReported | OwedLapsed | Acknowledged | CalledBack | DelegationRegistered | PartyPresent | MeetingCalled
    | Replied | Convened | ConveningFailed | StepLapsed | MeetingAdjourned | MeetingResumed | MeasureProposed
    | MeasureRevised | PositionTaken | PositionConfirmed | PositionLapsed | BallotOpened | ObjectionAnswered | VoteCast
    | BallotClosed | TranscriptEntered | TranscriptCountersigned | TranscriptLapsed | BallotRecounted | OutcomeRecounted
    | ResponseDecided | ResponseClosed
)  # fmt: skip
