"""Whether every name in a compact names something, and only one thing.

It works on whatever could be read, also of provisions that have other faults, and refuses: an id given twice,
an id that is a group and a party at once, a reference to nothing, the same name twice in one list. It does
not ask whether a reference is wise; foedus.compact.meaning asks that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from foedus.compact import model
from foedus.compact.findings import Path, Phrase
from foedus.compact.scalars import nearest
from foedus.compact.shape import Seen, Shape

# Groups that every compact has: see foedus.compact.clauses.Clauses.members.
WORDS: Final = ("protected", "parties", "guarantors", "addressed", "named")

# Who signs with a party's root key: no role, and permitted what a permit says of it by this word.
ROOT: Final = "root"
# Every act that a permit may name; what no permit names is refused. The depositary's own four need none.
# fmt: off
ACT_NAMES: Final = frozenset(
    (
        "EnrolSeat", "RevokeSeat", "DepositRootKey", "RecoverSeat", "SignText", "DepositRatification", "Accede",
        "ChangeTier", "RenewTerm", "GiveNotice", "AdoptReading", "AmendCompact", "RecordMembership", "AgreeInAdvance",
        "StateMandate", "RecordCallBack",
        "DepositCommunication", "ReportIncident", "AddEvidence", "CorrectIncident", "WithdrawIncident",
        "MergeIncidents", "Activate", "OpenConsultation", "RequestConvening", "CallMeeting", "Reply",
        "Acknowledge", "RegisterDelegation", "RecordPresence", "AdjournMeeting", "ResumeMeeting",
        "ProposeMeasure", "ReviseMeasure", "TakePosition", "ConfirmPosition", "ProposeExtension",
        "DeclareBadFaith", "ReplyToObjection", "ProposeEstablishment", "CastVote", "ReportPerformance",
        "EnterTranscript", "CountersignTranscript",
        "ProposeListing", "AdoptListing", "AdoptSchedule", "AmendListing", "GrantRelief", "Delist", "RecordCase",
        "RecordJudgment", "GrantExemption", "DepositList", "JudgeTargets",
        "RenewRegime", "RefuseRenewal", "AttestCondition", "ContestCondition",
        "ProposeEasing", "ConsentToEasing", "NotifySnapback", "VoteToContinueRelief", "EnactReinstatement",
        "UndertakeObligation", "SettleCondition", "ScheduleTranche", "RequestPerformance", "LinkPledge", "Allocate",
        "ReportDelivery", "ConfirmReceipt", "DisputeReceipt", "VerifyDelivery", "ReturnDelivery", "TransferFunding",
        "CorrectFigure", "StateRequirement", "OfferSupply", "RequestReexport", "AnswerReexport",
        "ContinueRecord",
        "ReportAsset", "ValueAsset", "MoveAsset", "RecordStay", "PledgeAsset", "RecordIncome", "RecordProceeds",
        "DepositClaims", "DecideClaims", "DecideDistribution", "RevokeDistribution", "RecordRun", "RecordPayment",
    )
)
# fmt: on

# Every event that a guarantee may ask for.
# fmt: off
EVENT_NAMES: Final = frozenset(
    (
        "AccessionAdopted", "AccessionSigned", "Acknowledged", "AdvanceAgreed", "AmendmentSigned",
        "AttackEstablished", "BallotClosed", "BallotOpened", "BallotRecounted", "BaselineKept",
        "CaseDismissed", "CaseRecorded", "ClauseLapsed", "ClauseMet", "ClauseOpened", "ClockExtended",
        "ClockMet", "ClockStarted", "CommunicationDeposited", "CompactAmended", "ConditionAttested",
        "ConditionContested", "ConditionSettled", "Convened", "ConveningFailed", "DelegationRegistered",
        "Delisted", "DeliveryReported", "DeliveryReturned", "DeliveryVerified", "EasingAgreed",
        "EasingAnswered", "EasingFailed", "EasingProposed", "EvidenceAdded", "ExemptionGranted",
        "FigureCorrected", "FundingTransferred", "IncidentCorrected", "IncidentReported", "IncidentWithdrawn",
        "IncidentsMerged", "ListVersionDeposited", "ListingAdopted", "ListingAmended", "ListingAnnulled",
        "ListingExpired", "ListingProposed", "MeasureOwed", "MeasureProposed", "MeasureRevised",
        "MeetingAdjourned", "MeetingCalled", "MeetingResumed", "MembershipRecorded", "NoticeGiven",
        "ObjectionAnswered", "ObligationPerformed", "ObligationUndertaken", "ObligationsIncurred",
        "ObligationsReleased", "OutcomeRecounted", "OwedLapsed", "PackageAllocated", "PartyPresent",
        "PerformanceReported", "PerformanceRequested", "PledgeLinked", "PositionConfirmed", "PositionLapsed",
        "PositionTaken", "ReadingAdopted", "ReadingSigned", "ReceiptConfirmed", "ReceiptDisputed",
        "ReceivedBefore", "RecordContinued", "RecordOpened", "ReexportAnswered", "ReexportRequested",
        "ReexportUnanswered", "RegimeLapsed", "RegimeOpened", "RegimeRenewed", "ReinstatementEnacted",
        "ReinstatementOverdue", "ReliefDeviated", "ReliefEnded", "ReliefGranted", "ReliefVoted",
        "RenewalRefused", "RenewedAggressionEstablished", "Replied", "RequirementStated", "ResponseClosed",
        "ResponseDecided", "ResponseOpened", "RootKeyDeposited", "ScheduleAdopted", "SeatEnrolled",
        "SeatRevoked", "SnapbackLapsed", "SnapbackNotified", "SnapbackStopped", "SnappedBack", "StatusChanged",
        "StepLapsed", "SupplyOffered", "TargetsJudged", "TermFixed", "TextSigned", "TierJoined",
        "TrancheOverdue", "TrancheScheduled", "TranscriptCountersigned", "TranscriptEntered",
        "TranscriptLapsed", "VoteCast",
        "AssetMoved", "AssetReported", "AssetValued", "StayEnded", "StayRecorded",
        "CalledBack", "MandateStated",
        "AssetPledged", "IncomeSetApart", "LoanServed", "ProceedsPaid",
        "AccountTaken", "ClaimsDecided", "ClaimsDeposited", "DistributionDecided", "DistributionRevoked",
        "PaymentRecorded", "RunRecorded",
    )
)
# fmt: on

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

# What an id of this struct names; a Named takes the name of the table it stands in.
_SECTIONS: Final[dict[type[Struct], str]] = {
    model.Part: "parts",
    model.Provision: "provisions",
    model.Measure: "measures",
    model.Condition: "conditions",
    model.Regime: "regimes",
    model.Group: "groups",
    model.Party: "parties",
    model.Weights: "weights",
    model.Body: "bodies",
    model.Agreement: "agreements",
    model.Guarantee: "guarantees",
}
_SECTIONS_NAMED: Final = (
    *("sources", "roles", "groups", "parties", "outsiders", "places", "organisations", "weights", "provisions"),
    *("agreements", "guarantees", "bodies", "acts", "events", "words", "keys"),
)
_WHO: Final = ("groups", "parties", "words")
_ANYBODY: Final = ("outsiders", *_WHO)
_OFFICES: Final = ("roles", "keys")
# What a field wants that names something in these sections.
_WANTED: Final = {
    ("sources",): Phrase("a source"),
    ("roles",): Phrase("a role"),
    _OFFICES: Phrase("a role, or root for the key that a party keeps offline"),
    ("groups",): Phrase("a group"),
    ("parties",): Phrase("a party"),
    ("parties", "groups"): Phrase("a party or a group"),
    ("outsiders",): Phrase("an outsider"),
    ("places",): Phrase("a place"),
    ("organisations",): Phrase("an organisation"),
    ("organisations", "agreements"): Phrase("an organisation or an agreement"),
    ("weights",): Phrase("a table of weights"),
    ("bodies",): Phrase("a body outside the text"),
    ("bodies", *_ANYBODY): Phrase(
        "a body, an outsider, a group, a party or one of the words {words}", words=", ".join(WORDS)
    ),
    ("provisions",): Phrase("a provision"),
    ("acts",): Phrase("an act"),
    ("events",): Phrase("an event"),
    _WHO: Phrase("a group, a party or one of the words {words}", words=", ".join(WORDS)),
    _ANYBODY: Phrase("an outsider, a group, a party or one of the words {words}", words=", ".join(WORDS)),
}
# Ids that share one space, and what is said when one is taken.
_FREE: Final = {
    "parties": Phrase("an id for a party that nothing else has"),
    "groups": Phrase("an id for a group that nothing else has"),
    "outsiders": Phrase("an id for an outsider that nothing else has"),
}

# Which field names what. A field that is not here names nothing.
_NAMES: Final[dict[tuple[type[Struct], str], tuple[str, ...]]] = {
    (model.Compact, "protected"): ("parties",),
    (model.Source, "ref"): ("sources",),
    (model.Source, "by"): ("parties", "groups"),
    (model.Party, "groups"): ("groups",),
    (model.Party, "part_of"): ("parties",),
    (model.Weights, "values"): ("parties",),
    (model.Share, "group"): _WHO,
    (model.Count, "group"): _WHO,
    (model.Weight, "by"): ("weights",),
    (model.Rule, "consent"): _WHO,
    (model.Rule, "no_objection"): _WHO,
    (model.By, "group"): _WHO,
    (model.By, "roles"): _OFFICES,
    (model.Permit, "act"): ("acts",),
    (model.Evidence, "act"): ("acts",),
    (model.Guarantee, "acts"): ("acts",),
    (model.Guarantee, "given"): ("acts",),
    (model.Guarantee, "by_all"): ("acts",),
    (model.AlwaysAfter, "event"): ("events",),
    (model.AlwaysAfter, "comes"): ("events",),
    (model.Never, "event"): ("events",),
    (model.Reachable, "event"): ("events",),
    (model.CannotPrevent, "event"): ("events",),
    (model.CannotPrevent, "who"): _ANYBODY,
    (model.Territory, "codes"): ("places",),
    (model.Exclusion, "outsiders"): ("outsiders",),
    (model.Roll, "groups"): _WHO,
    (model.Precedence, "roles"): ("roles",),
    (model.Measure, "bearers"): _WHO,
    (model.Interim, "organisation"): ("organisations",),
    (model.Interim, "lapse"): ("provisions",),
    (model.Duty, "bearers"): _WHO,
    (model.Duty, "owed_to"): _WHO,
    (model.Regime, "issuer"): _WHO,
    (model.Compensation, "property_of"): _ANYBODY,
    (model.Compensation, "listed"): _ANYBODY,
    (model.Compensation, "pays"): _WHO,
    (model.Claims, "places"): ("places",),
    (model.Claims, "by"): _ANYBODY,
    (model.Witnessing, "role"): ("roles",),
    (model.Witnessing, "operator"): _WHO,
    (model.Succession, "order"): ("parties",),
    (model.Referral, "to"): ("bodies",),
    (model.Judgement, "by"): ("bodies", *_ANYBODY),
    (model.Body, "veto"): _ANYBODY,
    (model.PartyStatus, "party"): ("parties",),
    (model.Consultation, "asked_by"): _WHO,
    (model.Correspondence, "provision"): ("provisions",),
    (model.Agreement, "ends_with"): ("organisations", "agreements"),
}


class Named(Struct):
    """The names of one section and where each was given; `whole` unless some name there could not be read."""

    given: dict[str, Path]
    whole: bool = True


Names = dict[str, Named]


def check(shape: Shape) -> Names:
    """Add a finding for every id given twice and every reference to nothing; return the names, by section."""
    names = _given(shape)
    _one_space(shape, names)
    for seen in shape.seen:
        for field, held in seen.values.items():
            sections = _NAMES.get((seen.cls, field))
            if sections is not None:
                _resolve(shape, names, sections, (*seen.path, field), held)
    return names


def _given(shape: Shape) -> Names:
    names = {section: Named({}) for section in ("parts", *_SECTIONS_NAMED)}
    names["acts"].given.update(dict.fromkeys(ACT_NAMES, ()))
    names["events"].given.update(dict.fromkeys(EVENT_NAMES, ()))
    names["words"].given.update(dict.fromkeys(WORDS, ()))
    names["keys"].given[ROOT] = ()
    for seen in shape.seen:
        section = str(seen.path[0]) if seen.cls is model.Named else _SECTIONS.get(seen.cls, "")
        if section:
            _give(shape, names.setdefault(section, Named({})), seen)
        elif seen.cls is model.Reference:
            _source(shape, names["sources"], seen)
    _unread(shape, names)
    return names


def _unread(shape: Shape, names: Names) -> None:
    """Mark the sections of which something could not be read: what that would name is not missed again."""
    read = {seen.path for seen in shape.seen}
    told = {one.path for one in shape.findings}
    for section in ("sources", "roles", "groups", "parties", "parts"):
        if (section,) not in shape.places:
            names[section].whole = False
    for path in shape.places:
        if path not in read and path and str(path[0]) in names:
            if len(path) == 2 or (len(path) == 1 and path[0] in told):
                names[str(path[0])].whole = False
            elif len(path) == 4 and path[2] == "provisions":
                names["provisions"].whole = False
    if not names["parts"].whole:
        names["provisions"].whole = False


def _give(shape: Shape, named: Named, seen: Seen) -> None:
    given = seen.values.get("id")
    path = (*seen.path, "id")
    if not isinstance(given, str):
        named.whole = False
    elif given in named.given:
        first = shape.place(named.given[given])
        shape.complain(
            path,
            Phrase("{text!r} a second time", text=given),
            Phrase("each id once"),
            Phrase("it stands in {place} already", place=f"{first.file}:{first.line}"),
        )
    else:
        named.given[given] = path


def _source(shape: Shape, named: Named, seen: Seen) -> None:
    key = str(seen.path[-1])
    named.given[key] = seen.path
    if not _ID.fullmatch(key):
        shape.complain(
            seen.path,
            Phrase("the name {text!r}", text=key),
            Phrase("an identifier (letters, digits, '.', '_', '-'), so that `ref` can name it"),
        )


def _one_space(shape: Shape, names: Names) -> None:
    """Groups, parties and outsiders are named by the same fields: none may be taken for another."""
    taken = dict.fromkeys(WORDS, "words")
    # The compact and the instruments beside it are signed under their ids; these must not meet either.
    for seen in shape.seen:
        if seen.cls is model.Compact and seen.values.get("id") in names["agreements"].given:
            shape.complain((*seen.path, "id"), Phrase("the id of an agreement too"), Phrase("an id of its own"))
    every = [(path, given, table) for table in _FREE for given, path in names[table].given.items()]
    for path, given, table in sorted(every, key=lambda entry: shape.place(entry[0])):
        if given in taken:
            shape.complain(path, _taken(given, taken[given]), _FREE[table])
        taken[given] = table


def _taken(given: str, by: str) -> Phrase:
    if by == "words":
        return Phrase("{text!r}, which is one of the words that every compact has", text=given)
    if by == "parties":
        return Phrase("{text!r}, which is the id of a party", text=given)
    if by == "groups":
        return Phrase("{text!r}, which is the id of a group", text=given)
    return Phrase("{text!r}, which is the id of an outsider", text=given)


def _resolve(shape: Shape, names: Names, sections: tuple[str, ...], path: Path, held: object) -> None:
    for at, word in _words(path, held):
        if any(word in names[section].given for section in sections):
            continue
        if all(names[section].whole for section in sections):
            known = [given for section in sections for given in names[section].given]
            shape.complain(
                at, Phrase("{text!r}, which names nothing", text=word), _WANTED[sections], nearest(word, known)
            )


def _words(path: Path, held: object) -> Iterator[tuple[Path, str]]:
    """The names in one field: a word, the words of a list, or the keys of a table."""
    if isinstance(held, str):
        yield path, held
    elif isinstance(held, tuple):
        for at, word in enumerate(held):
            yield (*path, at), word
    elif isinstance(held, dict):
        for word in held:
            yield (*path, word), word
