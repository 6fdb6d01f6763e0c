"""Sentences about what became true of commitments: one for every event of an act of theirs."""

from __future__ import annotations

from foedus.commitments import acts
from foedus.words.said_commitments import (
    acknowledged,
    amount,
    joined,
    linked,
    need,
    owing,
    package,
    package_named,
    so_much,
    supply,
    worth,
)
from foedus.words.said_parties import EventSentence
from foedus.words.speech import Speech
from foedus.words.titles import title
from foedus.words.titles_commitments import CHECKS, DISPUTES, RETURNS, TRANSFERS


def _condition(s: Speech, event: acts.ConditionSettled) -> str:
    values = {"condition": s.names.caveat(event.condition), "obligation": event.obligation}
    if event.met:
        return s.say("A condition of %(obligation)s was met: %(condition)s.", **values)
    return s.say("A condition of %(obligation)s failed: %(condition)s.", **values)


def _scheduled(s: Speech, event: acts.TrancheScheduled) -> str:
    return s.say(
        "The tranche %(tranche)s is due at %(moment)s: %(amount)s. Overdue from %(overdue)s.",
        tranche=event.tranche,
        moment=s.words.moment(event.due_at),
        amount=amount(s, event.quantity),
        overdue=s.words.moment(event.overdue_at),
    )


def _requested(s: Speech, event: acts.PerformanceRequested) -> str:
    return s.say(
        "What is owed on request (%(obligation)s) is due at %(moment)s as %(tranche)s: %(amount)s.",
        obligation=event.obligation,
        moment=s.words.moment(event.due_at),
        tranche=event.tranche,
        amount=amount(s, event.quantity),
    )


def _reported(s: Speech, event: acts.DeliveryReported) -> str:
    said = s.say(
        "Delivered on %(day)s, as %(party)s states (%(delivery)s): %(amount)s.",
        day=s.words.date(event.delivered_on),
        party=s.names.party(event.party),
        delivery=event.delivery,
        amount=amount(s, event.quantity),
    )
    return joined(said, worth(s, event.value))


def _confirmed(s: Speech, event: acts.ReceiptConfirmed) -> str:
    said = s.say(
        "Receipt confirmed by %(party)s: %(delivery)s.", party=s.names.party(event.party), delivery=event.delivery
    )
    return joined(said, so_much(s, event.quantity))


def _disputed(s: Speech, event: acts.ReceiptDisputed) -> str:
    said = s.say(
        "The delivery %(delivery)s is disputed by %(party)s: %(ground)s.",
        delivery=event.delivery,
        party=s.names.party(event.party),
        ground=title(s.words, DISPUTES, event.ground),
    )
    return joined(said, acknowledged(s, event.quantity))


def _verified(s: Speech, event: acts.DeliveryVerified) -> str:
    said = s.say(
        "The delivery %(delivery)s is verified %(level)s (%(party)s).",
        delivery=event.delivery,
        level=title(s.words, CHECKS, event.level),
        party=s.names.party(event.party),
    )
    return joined(said, so_much(s, event.quantity))


def _returned(s: Speech, event: acts.DeliveryReturned) -> str:
    return s.say(
        "Of the delivery %(delivery)s went back: %(amount)s (%(ground)s).",
        delivery=event.delivery,
        amount=amount(s, event.quantity),
        ground=title(s.words, RETURNS, event.ground),
    )


def _transferred(s: Speech, event: acts.FundingTransferred) -> str:
    said = s.say(
        "Cost taken over (%(transfer)s): %(amount)s, as %(ground)s. Who pays: %(party)s; relieved: %(relieved)s.",
        transfer=event.transfer,
        amount=amount(s, event.quantity),
        ground=title(s.words, TRANSFERS, event.ground),
        party=s.names.party(event.party),
        relieved=s.names.party(event.relieved),
    )
    return joined(said, package_named(s, event.allocation))


def _corrected(s: Speech, event: acts.FigureCorrected) -> str:
    said = s.say("The figure of %(subject)s is corrected.", subject=event.subject)
    return joined(said, so_much(s, event.quantity), worth(s, event.value))


def _answered(s: Speech, event: acts.ReexportAnswered) -> str:
    if event.consents:
        return s.say("The maker state consents to the re-export (%(request)s).", request=event.request)
    return s.say("The maker state refuses the re-export (%(request)s).", request=event.request)


EVENTS: dict[type, EventSentence] = {
    acts.ObligationUndertaken: lambda s, e: joined(
        owing(s, e, e.party), s.say("It is the obligation %(obligation)s.", obligation=e.obligation)
    ),
    acts.ConditionSettled: _condition,
    acts.TrancheScheduled: _scheduled,
    acts.PerformanceRequested: _requested,
    acts.PledgeLinked: linked,
    acts.PackageAllocated: lambda s, e: joined(
        package(s, e), s.say("It is the package %(allocation)s.", allocation=e.allocation)
    ),
    acts.DeliveryReported: _reported,
    acts.ReceiptConfirmed: _confirmed,
    acts.ReceiptDisputed: _disputed,
    acts.DeliveryVerified: _verified,
    acts.DeliveryReturned: _returned,
    acts.FundingTransferred: _transferred,
    acts.FigureCorrected: _corrected,
    acts.RequirementStated: need,
    acts.SupplyOffered: lambda s, e: joined(s.say("An offer (%(offer)s).", offer=e.offer), supply(s, e)),
    acts.ReexportRequested: lambda s, e: s.say(
        "The maker state %(party)s is asked to consent to a re-export (%(request)s), by %(moment)s.",
        party=s.names.party(e.maker),
        request=e.request,
        moment=s.words.moment(e.answer_by),
    ),
    acts.ReexportAnswered: _answered,
    acts.ReexportUnanswered: lambda s, e: s.say(
        "OVERDUE. The maker state did not answer in time, and there is no consent (%(request)s).", request=e.request
    ),
    acts.TrancheOverdue: lambda s, e: s.say(
        "OVERDUE. The tranche %(tranche)s has not come, and its grace is over.", tranche=e.tranche
    ),
}
