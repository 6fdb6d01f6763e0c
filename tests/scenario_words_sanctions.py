"""The phrases of scenarios about sanctions: one for each act and each event; read together with the others."""

from __future__ import annotations

from foedus.sanctions import acts
from tests.scenario_phrase import Phrase

ACTS: tuple[Phrase, ...] = (
    Phrase(acts.ProposeListing, "proposes that {issuer} list {target} under {restriction} of {regime}"),
    Phrase(
        acts.AdoptListing,
        "lists {target} under {restriction} of {regime} by {instrument}[ from {effective_at:moment}]"
        "[ until {expires_at:moment}]",
    ),
    Phrase(
        acts.AdoptSchedule,
        "lists the {rows:count} rows of {table:table} under {restriction} of {regime} by {instrument}"
        "[ from {effective_at:moment}][ until {expires_at:moment}]",
    ),
    Phrase(acts.AmendListing, "amends {listing} by {instrument}[ from {effective_at:moment}]"),
    Phrase(
        acts.GrantRelief,
        "gives relief: {listing} {kind} by {instrument}[ under {easing}][ from {effective_at:moment}]"
        "[ until {until:moment}]",
    ),
    Phrase(acts.Delist, "delists {listing} for {ground} by {instrument}[ from {effective_at:moment}]"),
    Phrase(acts.RecordCase, "records case {case} about {listing}"),
    Phrase(
        acts.RecordJudgment, "records that case {case} about {listing} ended: {outcome}[ from {effective_at:moment}]"
    ),
    Phrase(acts.GrantExemption, "exempts {exemption} from {listing}: {kind}[ until {until:moment}]"),
    Phrase(
        acts.DepositList,
        "deposits the list {list} of {publisher}, {table:table}, with {targets:count} targets from {file:table}[,"
        " {skipped:count} skipped]"
        "[ as of {as_of:date}]",
    ),
    Phrase(acts.JudgeTargets, "says that {one:entry} and {other:entry} are {judgment}"),
    Phrase(acts.JudgeTargets, "takes back what is said of {one:entry} and {other:entry}", (("judgment", "withdrawn"),)),
    Phrase(acts.RenewRegime, "renews the regime {regime} until {until:date} by {instrument}"),
    Phrase(acts.RefuseRenewal, "refuses to renew {regime} of {issuer}"),
    Phrase(acts.RefuseRenewal, "no longer refuses to renew {regime} of {issuer}", (("refuses", False),)),
    Phrase(acts.AttestCondition, "attests {condition}, with {items:count} items of evidence"),
    Phrase(acts.ContestCondition, "contests {condition}, with {items:count} items of evidence"),
    Phrase(acts.ProposeEasing, "proposes an easing: {steps:steps}"),
    Phrase(acts.ConsentToEasing, "answers {choice} to {easing}"),
    Phrase(acts.NotifySnapback, "notifies that commitments are not performed"),
    Phrase(acts.VoteToContinueRelief, "votes {choice} to stop {snapback}"),
    Phrase(acts.EnactReinstatement, "enacts {snapback} by {instrument}[ for {listing}][ from {effective_at:moment}]"),
    Phrase(acts.RecordSanctionsLapse, "records that sanctions deadline {deadline} lapsed at {due_at:moment}"),
)

EVENTS: tuple[Phrase, ...] = (
    Phrase(acts.ListingProposed, "listing {listing} proposed by {party}"),
    Phrase(acts.ListingAdopted, "listing {listing} adopted by {instrument}[ until {expires_at:moment}]"),
    Phrase(acts.ScheduleAdopted, "schedule {schedule} of {rows:count} rows adopted by {issuer}"),
    Phrase(acts.ListingAmended, "listing {listing} amended by {instrument}"),
    Phrase(acts.ListVersionDeposited, "list {list} of {publisher} deposited: {targets:count} targets"),
    Phrase(acts.TargetsJudged, "{one:entry} and {other:entry} judged {judgment} by {party}"),
    Phrase(acts.BaselineKept, "baseline of {listings:count} listings kept for {issuer}"),
    Phrase(acts.ReliefGranted, "relief for {listing}: {kind}[ under {easing}][ until {until:moment}]"),
    Phrase(acts.ReliefDeviated, "relief for {listing}: {kind}, deviating from {provision}"),
    Phrase(acts.ReliefEnded, "relief for {listing} ended"),
    Phrase(acts.Delisted, "listing {listing} ended for {ground}"),
    Phrase(acts.ListingExpired, "listing {listing} expired"),
    Phrase(acts.CaseRecorded, "case {case} recorded about {listing}"),
    Phrase(acts.CaseDismissed, "case {case} about {listing} dismissed"),
    Phrase(acts.ListingAnnulled, "listing {listing} annulled in {case}"),
    Phrase(acts.ExemptionGranted, "{exemption} exempted from {listing}: {kind}"),
    Phrase(acts.RegimeOpened, "regime {regime} of {issuer} opened[ until {ends_at:moment}]"),
    Phrase(acts.RegimeRenewed, "regime {regime} of {issuer} renewed until {ends_at:moment}"),
    Phrase(acts.RenewalRefused, "{party} refuses the renewal of {regime} of {issuer}", (("refuses", True),)),
    Phrase(acts.RenewalRefused, "{party} no longer refuses {regime} of {issuer}", (("refuses", False),)),
    Phrase(acts.RegimeLapsed, "regime {regime} of {issuer} lapsed, refused by {refused_by:list}"),
    Phrase(acts.ConditionAttested, "{condition} attested by {party}[ until {stale_at:moment}]"),
    Phrase(acts.ConditionContested, "{condition} contested by {party}"),
    Phrase(
        acts.EasingProposed, "easing {easing} proposed[ by {party}][ under {provision}][, closing {closes_at:moment}]"
    ),
    Phrase(acts.EasingAnswered, "{party} answered {choice} to {easing}"),
    Phrase(acts.EasingAgreed, "easing {easing} agreed by {by:list}"),
    Phrase(acts.EasingFailed, "easing {easing} failed[, silent {silent:list}][, unmet {unmet:list}]"),
    Phrase(acts.RenewedAggressionEstablished, "renewed aggression {incident} established under {provision}"),
    Phrase(
        acts.SnapbackNotified,
        "snapback {snapback} notified by {party}, due {due_at:moment}[, sunset {sunset_at:moment}]",
    ),
    Phrase(acts.ReliefVoted, "{party} voted {choice} to stop {snapback}"),
    Phrase(
        acts.SnappedBack,
        "snapback {snapback}: {returned:count} back, {kept:count} kept, owed by {issuers:list}"
        "[ until {owed_by:moment}][, under {provision}][, winding down until {winds_down_until:moment}]",
    ),
    Phrase(acts.SnapbackStopped, "snapback {snapback} stopped by {by:list}"),
    Phrase(acts.SnapbackLapsed, "snapback {snapback} lapsed"),
    Phrase(acts.ReinstatementEnacted, "{issuer} enacted {snapback} by {instrument}[ for {listing}]"),
    Phrase(acts.ReinstatementOverdue, "{snapback} overdue, missing {missing:list}"),
)
