"""The words of scenarios: how a phrase is read, and the phrase of every act and every event.

A phrase is text with `{field:type}`, `[what may be left out]` and `{field? words}` for what is so when the
words are there. The whole line must fit one phrase; nothing is guessed. docs/scenarios.md is the reader's side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from foedus.commitments import acts as commitments
from foedus.parties import acts as parties
from foedus.response import acts as response
from tests import scenario_words_commitments as owed
from tests import scenario_words_reparations as reparations
from tests import scenario_words_sanctions as sanctions
from tests.scenario_phrase import Phrase

WORD = r"[^\s,;:()]+"
LIST = rf"{WORD}(?: {WORD})*?"
MOMENT = r"(?:T0|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?)(?:[+-](?:\d+(?:y|mo|d|h|min|s))+)*"  # T0+6mo, T0-1h30min
FIGURE = rf"{WORD} \d+"
BROUGHT = rf"{WORD} (?:\d+(?:\.\d+)?(?: [A-Z]{{3}}| of no currency)?|undisclosed)"
NATIONAL = rf"{WORD} \d+h(?: delegated until {MOMENT})?"
STEP = rf"{WORD} (?:suspended|eased|lifted)(?: of {WORD})?(?: from {MOMENT})?(?: until {MOMENT})?"
ACCOUNT = r"[\d.]+ damage [\d.]+ loss [\d.]+ paid [A-Z]{3}"
TOTAL = r"\d+ [A-Z][\d.]* for [\d.]+ [A-Z]{3}"
PATTERNS = {
    "word": WORD,
    "list": LIST,
    "moment": MOMENT,
    "date": MOMENT,
    "count": r"\d+",
    "span": r"(?:\d+(?:y|mo|d|h|min|s))+",
    "stance": r"joins ad referendum|joins|declines|abstains",
    "figures": f"{FIGURE}(?: and {FIGURE})*",
    "contributions": f"{BROUGHT}(?: and {BROUGHT})*",
    "text": WORD,
    "measure": WORD,
    "ballot": WORD,
    "instrument": rf"the compact|{WORD}",
    "table": WORD,
    "entry": rf"{WORD}:{WORD}",
    "quantity": owed.QUANTITY,
    "steps": rf"{STEP}(?: and {STEP})*",
    "national": rf"{NATIONAL}(?: and {NATIONAL})*",
    "heard": "its words|other words",
    "totals": rf"{TOTAL}(?: and {TOTAL})*",
    "rule": WORD,
    "accounts": rf"nothing|{ACCOUNT}(?: and {ACCOUNT})*",
    "value": rf"[\d.]+ to [\d.]+ [A-Z]{{3}} as of {MOMENT} by {WORD}",
}
_PART = re.compile(r"\{(\w+)(?::(\w+))?(?:\?([^}]*))?\}|([\[\]])|([^{\[\]]+)")


@cache
def _compiled(template: str) -> tuple[re.Pattern[str], dict[str, str]]:
    pattern, types = "", {}
    for name, kind, words, bracket, literal in _PART.findall(template):
        if bracket:
            pattern += "(?:" if bracket == "[" else ")?"
        elif literal:
            pattern += re.escape(literal)
        elif words:
            pattern += f"(?P<{name}>{re.escape(words)})?"
            types[name] = "flag"
        else:
            types[name] = kind or "word"
            pattern += f"(?P<{name}>{PATTERNS[types[name]]})"
    return re.compile(pattern), types


def fields(template: str, text: str) -> dict[str, tuple[str, str]] | None:
    """Field → (type, words) when the whole text fits the template; a flag that is not there has no words."""
    pattern, types = _compiled(template)
    found = pattern.fullmatch(text)
    if found is None:
        return None
    said = {name: (types[name], words) for name, words in found.groupdict().items() if words is not None}
    return said | {name: ("flag", "") for name, kind in types.items() if kind == "flag" and name not in said}


ACTS: tuple[Phrase, ...] = (
    Phrase(parties.OpenRecord, "opens the record again"),
    Phrase(parties.OpenRecord, "opens a record with seats of {heads:list}"),
    Phrase(parties.EnrolSeat, "enrols {party}/{role}[ for {scope:list} only]"),
    Phrase(parties.RevokeSeat, "revokes {seat}"),
    Phrase(parties.DepositRootKey, "deposits its root key"),
    Phrase(parties.RecoverSeat, "recovers {role}[, revoking {revoked:list}]"),
    Phrase(parties.SignText, "signs {instrument:instrument}[ as {tier}]"),
    Phrase(parties.DepositRatification, "deposits that {instrument:instrument} is {status}"),
    Phrase(parties.Accede, "agrees that {applicant} may be {tier}"),
    Phrase(parties.ChangeTier, "moves to {tier}"),
    Phrase(parties.RenewTerm, "renews {instrument:instrument} until {until:date}"),
    Phrase(parties.GiveNotice, "gives notice of {instrument:instrument}"),
    Phrase(parties.AdoptReading, "adopts the reading of {provision}"),
    Phrase(parties.AmendCompact, "agrees to amend the compact to {text:text}"),
    Phrase(parties.RecordMembership, "records membership of {organisation} since {on:date}"),
    Phrase(parties.AgreeInAdvance, "agrees in advance to {measure}"),
    Phrase(parties.StateMandate, "states no step of its own law for {kind} measures"),
    Phrase(parties.StateMandate, "states the steps of its own law for {kind} measures: {steps:national}"),
    Phrase(parties.DepositCommunication, "deposits {kind} of {sender}[ about {incident}]"),
    Phrase(parties.RecordExpiry, "records that {deadline} expired at {due_at:moment}"),
    Phrase(
        response.ReportIncident,
        "reports {kind} on {territory}[ since {occurred_from:moment}][ until {occurred_until:moment}]"
        "[ by {attributed_to}][: {figures:figures}][, with {items:count} items of evidence]",
    ),
    Phrase(response.AddEvidence, "adds {items:count} items of evidence to {incident}"),
    Phrase(response.CorrectIncident, "corrects {incident}[ until {occurred_until:moment}]: {figures:figures}"),
    Phrase(response.WithdrawIncident, "withdraws {incident}"),
    Phrase(response.MergeIncidents, "merges {incident} into {into}"),
    Phrase(response.ProposeEstablishment, "asks whether the attack {incident} took place"),
    Phrase(response.Activate, "activates the guarantees on {incident}"),
    Phrase(response.OpenConsultation, "opens consultation on {incident}[, addressed to {addressed:list}]"),
    Phrase(response.RequestConvening, "asks to convene on {incident}"),
    Phrase(response.CallMeeting, "calls the meeting of {response}"),
    Phrase(response.Reply, "replies in {response}"),
    Phrase(response.Acknowledge, "acknowledges {response}"),
    Phrase(response.RecordCallBack, "called {called} about {response}: {answer}[, reading back {heard:heard}]"),
    Phrase(
        response.RegisterDelegation,
        "registers for {response}: {head}[, alternate {alternate}]{remote?, remotely}{full_powers?, with full powers}",
    ),
    Phrase(response.RecordPresence, "is present in {response}{remote? remotely}"),
    Phrase(response.AdjournMeeting, "adjourns {response} until {until:moment}"),
    Phrase(response.ResumeMeeting, "resumes {response}"),
    Phrase(response.ProposeMeasure, "proposes {menu} in {response}"),
    Phrase(response.ProposeMeasure, "proposes a measure of the kind {kind} in {response}: text {text:text}"),
    Phrase(response.ReviseMeasure, "revises {measure:measure}: text {text:text}"),
    Phrase(
        response.TakePosition,
        "takes position on {measure:measure}[ version {version:count}]: {stance:stance}"
        "[, contribution {contributions:contributions}][, from {starts_on:date}][, caveats {caveats:list}]"
        "[, conditions {conditions:list}][, to confirm by {confirm_by:moment}]",
    ),
    Phrase(response.ConfirmPosition, "confirms its position on {measure:measure}"),
    Phrase(response.ProposeExtension, "proposes to extend {response}"),
    Phrase(response.DeclareBadFaith, "declares that {response} was asked in bad faith"),
    Phrase(response.ReplyToObjection, "answers the objection {ballot:ballot}"),
    Phrase(response.CastVote, "votes {choice} on {ballot:ballot}"),
    Phrase(
        response.EnterTranscript,
        "enters what {seat} said by {means} at {said_at:moment}: position on {measure:measure}: {stance:stance}"
        "[, to confirm by {confirm_by:moment}]",
    ),
    Phrase(
        response.EnterTranscript,
        "enters what {seat} said by {means} at {said_at:moment}: vote {choice} on {ballot:ballot}",
    ),
    Phrase(response.CountersignTranscript, "countersigns {transcript}"),
    Phrase(
        response.CountersignTranscript,
        "countersigns {transcript} as: position on {measure:measure}: {stance:stance}",
    ),
    Phrase(response.ReportPerformance, "reports that it performed {measure} in {response}"),
    Phrase(response.RecordLapse, "records that {deadline} lapsed at {due_at:moment}"),
    *sanctions.ACTS,
    *reparations.ACTS,
    *owed.ACTS,
)

EVENTS: tuple[Phrase, ...] = (
    Phrase(parties.RecordOpened, "record opened under {origin}"),
    Phrase(parties.SeatEnrolled, "seat {seat} enrolled[ for {scope:list} only]"),
    Phrase(parties.SeatRevoked, "seat {seat} revoked"),
    Phrase(parties.RootKeyDeposited, "root key of {party} deposited"),
    Phrase(parties.TextSigned, "{party} signed {instrument:instrument}"),
    Phrase(parties.TierJoined, "{party} joined the group {tier}"),
    Phrase(parties.StatusChanged, "{instrument:instrument} now {status} for {party}"),
    Phrase(parties.TermFixed, "{instrument:instrument} lasts for {party} until {lapses_at:moment}"),
    Phrase(parties.NoticeGiven, "{party} leaves {instrument:instrument} with effect from {effective_at:moment}"),
    Phrase(parties.ReadingSigned, "{party} signed the reading of {provision}"),
    Phrase(parties.ReadingAdopted, "reading of {provision} adopted by {by:list}"),
    Phrase(parties.AmendmentSigned, "{party} signed the amendment {compact:text}"),
    Phrase(parties.CompactAmended, "compact amended to {compact:text} by {by:list}"),
    Phrase(parties.AccessionSigned, "{party} signed that {applicant} may be {tier}"),
    Phrase(parties.AccessionAdopted, "it is adopted that {applicant} may be {tier}, by {by:list}"),
    Phrase(
        parties.MembershipRecorded,
        "membership of {organisation} recorded since {on:date}, ending {lapsed:list}",
    ),
    Phrase(parties.AdvanceAgreed, "{party} agreed in advance to {measure}"),
    Phrase(parties.MandateStated, "mandate of {party} for {kind} measures: {steps:national}"),
    Phrase(parties.MandateStated, "{party} needs no step of its own law for {kind} measures"),
    Phrase(parties.CommunicationDeposited, "{kind} {id} of {sender} deposited by {party}[ about {incident}]"),
    Phrase(response.IncidentReported, "incident {incident} reported by {party}[: {kind} on {territory}]"),
    Phrase(response.EvidenceAdded, "evidence for {incident} added by {party}"),
    Phrase(response.IncidentCorrected, "incident {incident} corrected by {party}[: {figures:figures}]"),
    Phrase(response.IncidentWithdrawn, "incident {incident} withdrawn"),
    Phrase(response.IncidentsMerged, "incident {incident} merged into {into}"),
    Phrase(response.AttackEstablished, "attack {incident} established under {provision}"),
    Phrase(
        response.ResponseOpened,
        "{mode} {response} opened on {incident}[ for {party}][ under {provision}][, roll {roll:list}]"
        "[, addressed {addressed:list}]",
    ),
    Phrase(
        response.ClockStarted,
        "clock {step} of {response} started, due {due_at:moment}[, under {provision}][, on lapse {on_lapse}]",
    ),
    Phrase(response.ClockMet, "clock {step} of {response} met"),
    Phrase(response.ClockExtended, "clock {step} of {response} extended until {due_at:moment}"),
    Phrase(
        response.ClauseOpened,
        "clause of {agreement} opened in {response}[ for {parties:list}], due {due_at:moment}",
    ),
    Phrase(
        response.ClauseOpened,
        "clause of {agreement} opened in {response}[ for {parties:list}], no hours named",
        (("due_at", None),),
    ),
    Phrase(response.ClauseMet, "clause of {agreement} met in {response}"),
    Phrase(response.ClauseLapsed, "clause of {agreement} lapsed in {response}"),
    Phrase(
        response.MeasureOwed,
        "{measure} owed in {response} by {parties:list}[ until {due_at:moment}][, under {provision}]",
    ),
    Phrase(response.PerformanceReported, "{party} performed {measure} in {response}"),
    Phrase(response.OwedLapsed, "{measure} lapsed in {response}, missing {missing:list}"),
    Phrase(response.Acknowledged, "{party} acknowledged {response}"),
    Phrase(response.CalledBack, "{seat} of {party} called {called} about {response}: {answer}"),
    Phrase(
        response.DelegationRegistered,
        "delegation of {party} registered for {response}[: {head}[, alternate {alternate}]{remote?, remotely}]",
    ),
    Phrase(response.PartyPresent, "{party} present in {response}{remote? remotely}"),
    Phrase(response.MeetingCalled, "meeting of {response} called by {party}"),
    Phrase(response.Replied, "{party} replied in {response}"),
    Phrase(response.Convened, "{response} convened[ under {provision}]"),
    Phrase(
        response.ConveningFailed,
        "convening of {response} failed[, absent {absent:list}][, fallback {fallback}]",
    ),
    Phrase(response.StepLapsed, "step {step} of {response} lapsed[, silent {silent:list}]"),
    Phrase(response.MeetingAdjourned, "meeting of {response} adjourned until {until:moment}"),
    Phrase(response.MeetingResumed, "meeting of {response} resumed"),
    Phrase(response.MeasureProposed, "measure {measure:measure} proposed[: {menu}][, kind {kind}][, by {party}]"),
    Phrase(response.MeasureRevised, "measure {measure:measure} revised by {party}"),
    Phrase(
        response.PositionTaken,
        "position of {party} on {measure:measure}: {stance:stance}[, said by {seat}]"
        "[, contribution {contributions:contributions}][, caveats {caveats:list}][, conditions {conditions:list}]"
        "[, to confirm by {confirm_by:moment}]",
    ),
    Phrase(response.PositionConfirmed, "position of {party} on {measure:measure} confirmed"),
    Phrase(response.PositionLapsed, "position of {party} on {measure:measure} lapsed"),
    Phrase(
        response.BallotOpened,
        "ballot {ballot:ballot} opened on {about} of {subject}[ under {provision}][, closing {closes_at:moment}]"
        "[, reply by {reply_by:moment}]",
    ),
    Phrase(response.ObjectionAnswered, "{party} answered {ballot:ballot}"),
    Phrase(response.VoteCast, "{party} voted {choice} on {ballot:ballot}"),
    Phrase(response.BallotClosed, "ballot {ballot:ballot} carried[, silent {silent:list}]", (("carried", True),)),
    Phrase(
        response.BallotClosed,
        "ballot {ballot:ballot} not carried[, silent {silent:list}]",
        (("carried", False),),
    ),
    Phrase(
        response.TranscriptEntered,
        "transcript {transcript} of {seat} entered by {by}[, lapsing {lapses_at:moment}]",
    ),
    Phrase(response.TranscriptCountersigned, "transcript {transcript} countersigned"),
    Phrase(response.TranscriptLapsed, "transcript {transcript} lapsed"),
    Phrase(response.BallotRecounted, "ballot {ballot:ballot} carried when counted again[, silent {silent:list}]"),
    Phrase(response.OutcomeRecounted, "{response} counted again[, silent {silent:list}]"),
    Phrase(response.ResponseDecided, "{response} decided[, silent {silent:list}][, absent {absent:list}]"),
    Phrase(
        response.Outcome,
        "outcome of {measure:measure} carried[, joined {joined:list}][, to confirm {to_confirm:list}]"
        "[, declined {declined:list}][, abstained {abstained:list}][, bound {bound:list}]",
        (("carried", True),),
    ),
    Phrase(
        response.Outcome,
        "outcome of {measure:measure} not carried[, joined {joined:list}][, to confirm {to_confirm:list}]"
        "[, declined {declined:list}][, abstained {abstained:list}][, bound {bound:list}]",
        (("carried", False),),
    ),
    Phrase(response.ResponseClosed, "{response} closed: {reason}"),
    Phrase(
        commitments.ObligationsIncurred,
        "obligation under {subject:measure} for {parties:list}[ until {due_at:moment}]",
    ),
    Phrase(commitments.ObligationsReleased, "obligation under {subject:measure} released for {parties:list}"),
    Phrase(commitments.ObligationPerformed, "obligation {obligation} performed"),
    *sanctions.EVENTS,
    *reparations.EVENTS,
    *owed.EVENTS,
)


def read(phrases: tuple[Phrase, ...], text: str) -> list[tuple[Phrase, Mapping[str, tuple[str, str]]]]:
    """Every phrase that the text fits, with what it says of each field. One is right; none or two are not."""
    fitting = ((phrase, fields(phrase.template, text)) for phrase in phrases)
    return [(phrase, found) for phrase, found in fitting if found is not None]
