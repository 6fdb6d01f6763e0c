"""What codes are called: kinds, steps, stances, statuses, choices, markings. Tables of words only.

A code that no table knows is shown as itself, with spaces for its hyphens: parties may report figures under
codes of their own. Names of parties, roles and places come from the compact: `names`.
"""

from __future__ import annotations

from collections.abc import Mapping

from foedus.words import Words, mark

INCIDENT_KINDS = {
    "armed_attack": mark("armed attack"),
    "threat": mark("threat of attack"),
    "cyber": mark("cyber attack"),
    "hybrid": mark("hybrid attack"),
    "military_activity": mark("unusual military activity"),
}
MEASURE_KINDS = {
    "military": mark("military measure"),
    "financial": mark("financial measure"),
    "infrastructural": mark("infrastructural measure"),
    "technical": mark("technical measure"),
    "informational": mark("informational measure"),
    "sanctions": mark("sanctions"),
    "diplomatic": mark("diplomatic measure"),
}
MEASURE_MODES = {"immediate": mark("immediate"), "decision": mark("needs a decision")}
MODES = {"response": mark("response"), "consultation": mark("consultation")}
STEPS = {
    "reply": mark("reply"),
    "acknowledge": mark("acknowledge the call"),
    "convene": mark("convene"),
    "decide": mark("decide"),
}
ON_LAPSE = {
    "record": mark("silence is recorded and nothing else follows"),
    "written_procedure": mark("the failure is recorded and the parties decide in writing"),
    "coalition": mark("those who joined act together"),
    "ends": mark("the procedure ends there"),
}
STANCES = {
    "joins": mark("joins"),
    "joins_ad_referendum": mark("joins ad referendum"),
    "declines": mark("declines"),
    "abstains": mark("abstains"),
}
CHOICES = {"yes": mark("in favour"), "no": mark("against"), "abstain": mark("abstention")}
ABOUT = {
    "extension": mark("extension of the time to decide"),
    "objection": mark("whether the request was made in bad faith"),
    "establishment": mark("whether the attack took place"),
}
CLOSINGS = {
    "decided": mark("the time to decide is over"),
    "withdrawn": mark("the report was withdrawn"),
    "not_convened": mark("the meeting did not convene"),
    "ended": mark("the procedure ended"),
}
STATUSES = {
    "proposed": mark("proposed"),
    "negotiating": mark("under negotiation"),
    "signed": mark("signed"),
    "provisionally_applied": mark("provisionally applied"),
    "ratified": mark("ratified"),
    "in_force": mark("in force"),
    "notice_given": mark("notice of withdrawal given"),
    "withdrawn": mark("withdrawn"),
    "lapsed": mark("lapsed"),
}
SOURCES = {"text": mark("text"), "interpretation": mark("interpretation"), "adopted": mark("adopted")}
FORCES = {
    "legal": mark("legally binding"),
    "political": mark("politically binding"),
    "recommendation": mark("recommendation"),
}
# A provision says what it would be once states have signed it; nobody signed the text by proposing it.
FORCES_MEANT = {
    "legal": mark("to be legally binding"),
    "political": mark("to be politically binding"),
    "recommendation": mark("recommendation"),
}
EFFECTS = {
    "evidence": mark("evidence"),
    "notification": mark("notification"),
    "instrument": mark("instrument"),
}
LEVELS = {
    "unclassified": mark("unclassified"),
    "restricted": mark("restricted"),
    "confidential": mark("confidential"),
    "secret": mark("secret"),
}
ATTACHMENTS = {
    "text": mark("text"),
    "evidence": mark("evidence"),
    "credentials": mark("full powers"),
    "proposal": mark("proposal"),
    "reason": mark("statement of reasons"),
}
# How an item of evidence was obtained.
EVIDENCE = {
    "photograph": mark("photograph"),
    "radar": mark("radar track"),
    "wreckage": mark("wreckage examined"),
    "satellite": mark("satellite image"),
    "witness": mark("witness statement"),
    "report": mark("official report"),
    "network-log": mark("network log"),
    "other": mark("other"),
}
# How words reached the seat that entered them.
MEANS = {"voice": mark("by telephone"), "paper": mark("on paper")}
# What was said when an office was called back, and steps of national law.
CALLS = {"confirmed": mark("confirmed"), "denied": mark("denied"), "unanswered": mark("nobody answered")}
NATIONAL_STEPS = {
    "cabinet": mark("decision of the cabinet"),
    "parliament": mark("consent of parliament"),
    "appropriation": mark("appropriation of funds"),
    "court": mark("review by a court"),
}
COMMUNICATIONS = {
    "objection": mark("objection"),
    "undertaking": mark("undertaking"),
    "statement": mark("statement"),
}
FIGURES = {
    "missiles_launched": mark("missiles launched"),
    "missiles_shot_down": mark("missiles shot down"),
    "drones_launched": mark("drones launched"),
    "drones_shot_down": mark("drones shot down"),
    "missiles": mark("missiles"),
    "drones": mark("drones"),
    "killed": mark("killed"),
    "wounded": mark("wounded"),
}
ASSET_KINDS = {
    "reserves": mark("reserves of a central bank"),
    "securities": mark("securities"),
    "cash": mark("money on accounts"),
    "company": mark("company or share in one"),
    "real_estate": mark("real estate"),
    "vessel": mark("vessel"),
    "aircraft": mark("aircraft"),
    "other": mark("other property"),
}
ASSET_STEPS = {
    "reported": mark("reported"),
    "immobilised": mark("immobilised"),
    "restrained": mark("restrained by a court"),
    "ring_fenced": mark("income ring-fenced"),
    "forfeited": mark("forfeited"),
    "sold": mark("sold"),
    "transferred": mark("transferred"),
    "paid_out": mark("paid out"),
    "released": mark("released"),
}
BASES = {
    "statement": mark("statement"),
    "accounts": mark("published accounts"),
    "law": mark("by law"),
    "estimate": mark("estimate"),
    "press": mark("press"),
}
CONFIDENCES = {"high": mark("sure"), "medium": mark("fairly sure"), "low": mark("unsure")}
PLEDGED = {"income": mark("its income"), "principal": mark("its principal")}
PARTS = {"income": mark("income"), "principal": mark("principal")}
# What a figure is split by: the two are never added.
SPLITS = {"custody": mark("by who holds it"), "currency": mark("by currency")}
RESTRICTIONS = {
    "asset_freeze": mark("asset freeze"),
    "travel_ban": mark("travel ban"),
    "trade": mark("trade restriction"),
    "sectoral": mark("sectoral restriction"),
    "services": mark("restriction of services"),
    "transport": mark("restriction of transport"),
    "central_bank_assets": mark("central-bank assets immobilised"),
}
# What an entry of a published list holds (foedus.sanctions.lists.model.Target).
LIST_FIELDS = {
    "kind": mark("Kind of target"),
    "names": mark("Names"),
    "births": mark("Born or founded"),
    "countries": mark("Countries"),
    "identifiers": mark("Numbers"),
    "addresses": mark("Addresses"),
    "programmes": mark("Programmes"),
    "measures": mark("Measures imposed"),
    "legal_basis": mark("Legal basis"),
    "positions": mark("Positions"),
    "links": mark("Links"),
    "references": mark("References"),
    "gender": mark("Gender"),
    "listed_on": mark("Listed on"),
    "updated_on": mark("Updated on"),
    "remarks": mark("Remarks"),
}
JUDGED = {
    "same": mark("they mean the same"),
    "different": mark("they do not mean the same"),
    "withdrawn": mark("what was said of them is taken back"),
}
RELIEFS = {"suspended": mark("suspended"), "eased": mark("eased"), "lifted": mark("lifted")}
GROUNDS = {
    "mistaken_identity": mark("mistaken identity"),
    "grounds_gone": mark("the grounds are gone"),
    "deceased": mark("the person has died"),
}
EXEMPTIONS = {
    "humanitarian": mark("humanitarian"),
    "prior_contract": mark("contract made before"),
    "licence": mark("licence"),
}
# What a listing is, as foedus.sanctions.status has it.
STANDINGS = {
    "proposed": mark("proposed"),
    "adopted": mark("listed"),
    "amended": mark("listed, amended"),
    "suspended": mark("suspended"),
    "eased": mark("eased"),
    "lifted": mark("lifted"),
    "expired": mark("expired"),
    "annulled": mark("annulled by a court"),
    "reinstated": mark("reinstated"),
}
IN_LAW = {"yes": mark("in law"), "owed": mark("act of law owed"), "no": mark("not in law")}
JUDGMENTS = {"annulled": mark("annulled by a court"), "dismissed": mark("left as it is")}
# The order in which a page lists the acts, each under what it is called on a button.
ACTS = {
    "ReportIncident": mark("Report an incident"),
    "AddEvidence": mark("Add evidence"),
    "CorrectIncident": mark("Correct a report"),
    "WithdrawIncident": mark("Withdraw a report"),
    "MergeIncidents": mark("Merge two reports"),
    "ProposeEstablishment": mark("Ask whether the attack took place"),
    "Activate": mark("Activate the guarantees"),
    "OpenConsultation": mark("Request consultation"),
    "RequestConvening": mark("Request that the guarantors convene"),
    "CallMeeting": mark("Call the meeting"),
    "Reply": mark("Reply to the request"),
    "Acknowledge": mark("Acknowledge the call"),
    "RecordCallBack": mark("Record a call back"),
    "RegisterDelegation": mark("Register the delegation"),
    "RecordPresence": mark("Record presence"),
    "AdjournMeeting": mark("Adjourn the meeting"),
    "ResumeMeeting": mark("Resume the meeting"),
    "ProposeMeasure": mark("Propose a measure"),
    "ReviseMeasure": mark("Propose a new version"),
    "TakePosition": mark("Take a position"),
    "ConfirmPosition": mark("Confirm the position"),
    "ProposeExtension": mark("Propose an extension"),
    "DeclareBadFaith": mark("Object that the request was made in bad faith"),
    "ReplyToObjection": mark("Reply to the objection"),
    "CastVote": mark("Vote"),
    "EnterTranscript": mark("Enter what a seat said by telephone or on paper"),
    "CountersignTranscript": mark("Countersign what was entered for you"),
    "ReportPerformance": mark("Report performance"),
    "ProposeListing": mark("Propose a listing to another issuer"),
    "AdoptListing": mark("List a target"),
    "AdoptSchedule": mark("List the targets of a table"),
    "AmendListing": mark("Amend a listing"),
    "GrantRelief": mark("Give relief"),
    "Delist": mark("End a listing on its merits"),
    "RecordCase": mark("Record a case before a court"),
    "RecordJudgment": mark("Record a judgment"),
    "GrantExemption": mark("Grant an exemption"),
    "DepositList": mark("Deposit a published list"),
    "JudgeTargets": mark("Judge whether two entries mean the same"),
    "RenewRegime": mark("Renew a regime of sanctions"),
    "RefuseRenewal": mark("Refuse a renewal, or no longer"),
    "AttestCondition": mark("Attest a condition"),
    "ContestCondition": mark("Contest a condition"),
    "ProposeEasing": mark("Propose an easing"),
    "ConsentToEasing": mark("Answer a proposed easing"),
    "NotifySnapback": mark("Notify that commitments are not performed"),
    "VoteToContinueRelief": mark("Vote on whether relief goes on"),
    "EnactReinstatement": mark("Enact what came back"),
    "ReportAsset": mark("Report property of the aggressor"),
    "ValueAsset": mark("State a value of an asset"),
    "MoveAsset": mark("Record what became of an asset"),
    "RecordStay": mark("Record a court’s stay, or its end"),
    "PledgeAsset": mark("Record that an asset secures a loan"),
    "RecordIncome": mark("Record what income of an asset was used for"),
    "RecordProceeds": mark("Record proceeds paid into the fund"),
    "DepositClaims": mark("Deposit a batch of claims"),
    "DecideClaims": mark("Record what was decided of claims"),
    "DecideDistribution": mark("Record the decision of a distribution"),
    "RevokeDistribution": mark("Record that a distribution is revoked"),
    "RecordRun": mark("Record that a distribution was run"),
    "RecordPayment": mark("Record payments to claimants"),
    "UndertakeObligation": mark("Undertake an obligation"),
    "SettleCondition": mark("Record a condition as met or failed"),
    "ScheduleTranche": mark("Schedule a tranche"),
    "RequestPerformance": mark("Request what is owed on request"),
    "LinkPledge": mark("Link two pledges"),
    "Allocate": mark("Allocate a package"),
    "ReportDelivery": mark("State a delivery"),
    "ConfirmReceipt": mark("Confirm receipt"),
    "DisputeReceipt": mark("Dispute a delivery"),
    "VerifyDelivery": mark("Verify a delivery"),
    "ReturnDelivery": mark("Give back"),
    "TransferFunding": mark("Take over the cost of another funder"),
    "CorrectFigure": mark("Correct a figure"),
    "StateRequirement": mark("State a requirement"),
    "OfferSupply": mark("Offer a supply"),
    "RequestReexport": mark("Ask for consent to a re-export"),
    "AnswerReexport": mark("Answer on a re-export"),
    "SignText": mark("Sign an instrument"),
    "DepositRatification": mark("Deposit a ratification"),
    "AgreeInAdvance": mark("Agree beforehand to an immediate measure"),
    "StateMandate": mark("State the steps of one’s own law"),
    "AdoptReading": mark("Adopt a reading"),
    "AmendCompact": mark("Sign an amendment"),
    "Accede": mark("Agree to an accession"),
    "ChangeTier": mark("Change tier"),
    "RenewTerm": mark("Renew"),
    "GiveNotice": mark("Give notice of withdrawal"),
    "RecordMembership": mark("Deposit an accession to an organisation"),
    "DepositCommunication": mark("Deposit a communication as evidence"),
    "EnrolSeat": mark("Enrol a seat"),
    "RevokeSeat": mark("Revoke a key"),
    "DepositRootKey": mark("Deposit a root key"),
    "RecoverSeat": mark("Recover seats with the root key"),
    "OpenRecord": mark("Open the record"),
    "ContinueRecord": mark("Continue the record"),
    "RecordLapse": mark("Record that a time ran out"),
    "RecordExpiry": mark("Record that an instrument ended"),
    "RecordSanctionsLapse": mark("Record that a time of sanctions ran out"),
    "RecordOverdue": mark("Record that something is overdue"),
}


def title(words: Words, table: Mapping[str, str], code: str) -> str:
    """What a code of the table is called in the reader's language."""
    known = table.get(code)
    return words.gettext(known) if known else code.replace("_", " ").replace("-", " ")
