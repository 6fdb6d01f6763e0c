"""Sentences about commitments: one for every act by which something is owed, comes, is needed or offered."""

from __future__ import annotations

from foedus.commitments import acts
from foedus.commitments.acts import Quantity
from foedus.words.said_parties import ActSentence
from foedus.words.speech import Speech
from foedus.words.titles import title
from foedus.words.titles_commitments import (
    BASES,
    BINDINGS,
    CHECKS,
    DISPUTES,
    KINDS,
    ORIGINS,
    PERIODS,
    RETURNS,
    THINGS,
    TRANSFERS,
    TRANSPORTS,
)


def amount(s: Speech, quantity: Quantity) -> str:
    """`EUR 5,000,000`, `between 3 and 5 tanks`, `met, without saying how much`, `not disclosed`."""
    if quantity.amount is not None:
        return _of(s, quantity.amount, quantity.unit)
    if quantity.low is not None and quantity.high is not None:
        low, high = (_of(s, number, quantity.unit) for number in (quantity.low, quantity.high))
        return s.words.gettext("between %(low)s and %(high)s", low=low, high=high)
    if quantity.low is not None or quantity.high is not None:
        number = _of(s, quantity.low or quantity.high or "0", quantity.unit)
        if quantity.low is not None:
            return s.words.gettext("%(number)s or more", number=number)
        return s.words.gettext("%(number)s or less", number=number)
    unit = unit_name(s, quantity.unit)
    if quantity.attested is not None:
        if quantity.attested == "met":
            return s.words.gettext("attested as met (%(unit)s)", unit=unit)
        return s.words.gettext("attested as not met (%(unit)s)", unit=unit)
    return s.words.gettext("not disclosed (%(unit)s)", unit=unit)


def unit_name(s: Speech, unit: str) -> str:
    """A currency by its code; a thing by the compact's own word for it, else by that of the sum of an agreement, else
    by the common one. What nobody knows is shown as it was written.
    """
    clauses = s.names.clauses
    known = clauses.name("contributions", unit) or clauses.things.get(unit)
    if known:
        return s.words.of(known)
    return title(s.words, THINGS, unit) if unit in THINGS else unit.replace("-", " ")


def _of(s: Speech, number: str, unit: str) -> str:
    if unit.isupper():
        return s.words.money(number, unit)
    return f"{unit_name(s, unit)}: {s.words.number(number)}"


def owing(s: Speech, said: acts.UndertakeObligation | acts.ObligationUndertaken, party: str) -> str:
    """What is owed, how much of it, to whom and under which clause."""
    clause = s.names.clause(said.agreement, said.clause)
    first = s.say(
        "%(who)s {undertakes|undertake} under %(clause)s (%(agreement)s): %(kind)s, %(basis)s, %(amount)s.",
        party,
        clause=clause,
        agreement=s.names.instrument(said.agreement),
        kind=title(s.words, KINDS, said.kind),
        basis=title(s.words, BASES, said.basis),
        amount=amount(s, said.quantity),
    )
    parts = [first, s.say("It is %(binding)s.", binding=title(s.words, BINDINGS, said.binding))]
    parts.append(s.say("Owed to: %(party)s.", party=s.names.party(said.owed_to)))
    if said.every:
        parts.append(s.say("It recurs: %(every)s.", every=title(s.words, PERIODS, said.every)))
    if said.starts_on:
        parts.append(s.say("From %(day)s.", day=s.words.date(said.starts_on)))
    if said.ends_on:
        parts.append(s.say("To the end of %(day)s.", day=s.words.date(said.ends_on)))
    if said.within_hours:
        parts.append(
            s.say_number("Within %(num)s hour of a request.", "Within %(num)s hours of a request.", said.within_hours)
        )
    if said.conditions:
        names = ", ".join(s.names.caveat(one) for one in said.conditions)
        parts.append(s.say("On condition: %(conditions)s.", conditions=names))
    return " ".join(parts)


def _settle(s: Speech, body: acts.SettleCondition, party: str) -> str:
    values = {"condition": s.names.caveat(body.condition), "obligation": body.obligation}
    if body.met:
        return s.say("%(who)s {records|record} that a condition was met: %(condition)s (%(obligation)s).", party,
                     **values)  # fmt: skip
    return s.say("%(who)s {records|record} that a condition failed: %(condition)s (%(obligation)s).", party, **values)


def _schedule(s: Speech, body: acts.ScheduleTranche, party: str) -> str:
    said = s.say(
        "%(who)s {schedules|schedule} a tranche of %(obligation)s: %(amount)s, due on %(day)s.",
        party,
        obligation=body.obligation,
        amount=amount(s, body.quantity),
        day=s.words.date(body.due_on),
    )
    if body.grace_days:
        grace = s.say_number("Grace: %(num)s day.", "Grace: %(num)s days.", body.grace_days)
        said = f"{said} {grace}"
    return said


def _request(s: Speech, body: acts.RequestPerformance, party: str) -> str:
    said = s.say("%(who)s {requests|request} what is owed on request: %(obligation)s.", party,
                 obligation=body.obligation)  # fmt: skip
    return said if body.quantity is None else f"{said} {so_much(s, body.quantity)}"


def so_much(s: Speech, quantity: Quantity | None) -> str:
    """How much of it, where it is said."""
    return "" if quantity is None else s.say("How much: %(amount)s.", amount=amount(s, quantity))


def worth(s: Speech, value: Quantity | None) -> str:
    """The value in money, where it is said."""
    return "" if value is None else s.say("Value: %(amount)s.", amount=amount(s, value))


def linked(s: Speech, said: acts.LinkPledge | acts.PledgeLinked) -> str:
    """How two pledges belong together, and which of them counts."""
    values = {"pledge": said.pledge, "obligation": said.obligation}
    if said.link == "fulfils":
        return s.say("The pledge %(pledge)s fulfils %(obligation)s and does not count beside it.", **values)
    if said.link == "repeats":
        return s.say("The pledge %(pledge)s repeats %(obligation)s and does not count beside it.", **values)
    return s.say("The pledge %(pledge)s supersedes %(obligation)s, which counts no more.", **values)


def _link(s: Speech, body: acts.LinkPledge, party: str) -> str:
    return s.say("%(who)s {links|link} two pledges. %(link)s", party, link=linked(s, body))


def package(s: Speech, said: acts.Allocate | acts.PackageAllocated) -> str:
    """What a package is and who is who in it."""
    return " ".join(
        part
        for part in (
            s.say(
                "Allocated for %(under)s: %(amount)s, %(origin)s.",
                under=said.under,
                amount=amount(s, said.quantity),
                origin=title(s.words, ORIGINS, said.drawn_from),
            ),
            s.say(
                "Funded by: %(funder)s; supplied by: %(supplier)s; delivered by: %(deliverer)s.",
                funder=s.names.party(said.funder),
                supplier=s.names.party(said.supplier),
                deliverer=s.names.party(said.deliverer),
            ),
            worth(s, said.value),
        )
        if part
    )


def _allocate(s: Speech, body: acts.Allocate, party: str) -> str:
    return s.say("%(who)s {sets|set} a package aside. %(package)s", party, package=package(s, body))


def joined(*parts: str) -> str:
    """Sentences one after the other, empty ones left out."""
    return " ".join(part for part in parts if part)


def _report(s: Speech, body: acts.ReportDelivery, party: str) -> str:
    said = s.say(
        "%(who)s {states|state} a delivery of %(allocation)s on %(day)s: %(amount)s.",
        party,
        allocation=body.allocation,
        day=s.words.date(body.delivered_on),
        amount=amount(s, body.quantity),
    )
    return joined(said, worth(s, body.value))


def _confirm(s: Speech, body: acts.ConfirmReceipt, party: str) -> str:
    said = s.say("%(who)s {confirms|confirm} receipt of %(delivery)s.", party, delivery=body.delivery)
    return joined(said, so_much(s, body.quantity))


def _dispute(s: Speech, body: acts.DisputeReceipt, party: str) -> str:
    said = s.say(
        "%(who)s {disputes|dispute} the delivery %(delivery)s: %(ground)s.",
        party,
        delivery=body.delivery,
        ground=title(s.words, DISPUTES, body.ground),
    )
    return joined(said, acknowledged(s, body.quantity))


def acknowledged(s: Speech, quantity: Quantity | None) -> str:
    """How much of a disputed delivery is acknowledged."""
    return "" if quantity is None else s.say("Acknowledged: %(amount)s.", amount=amount(s, quantity))


def _verify(s: Speech, body: acts.VerifyDelivery, party: str) -> str:
    said = s.say(
        "%(who)s {verifies|verify} the delivery %(delivery)s %(level)s.",
        party,
        delivery=body.delivery,
        level=title(s.words, CHECKS, body.level),
    )
    return joined(said, so_much(s, body.quantity))


def _return(s: Speech, body: acts.ReturnDelivery, party: str) -> str:
    return s.say(
        "%(who)s {gives|give} back of %(delivery)s: %(amount)s (%(ground)s).",
        party,
        delivery=body.delivery,
        amount=amount(s, body.quantity),
        ground=title(s.words, RETURNS, body.ground),
    )


def _transfer(s: Speech, body: acts.TransferFunding, party: str) -> str:
    said = s.say(
        "%(who)s {takes|take} over the cost of another funder (%(relieved)s): %(amount)s, as %(ground)s.",
        party,
        relieved=s.names.party(body.relieved),
        amount=amount(s, body.quantity),
        ground=title(s.words, TRANSFERS, body.ground),
    )
    return joined(said, package_named(s, body.allocation))


def package_named(s: Speech, allocation: str | None) -> str:
    """For which package, where one is named."""
    return "" if allocation is None else s.say("For the package %(allocation)s.", allocation=allocation)


def _correct(s: Speech, body: acts.CorrectFigure, party: str) -> str:
    said = s.say("%(who)s {corrects|correct} the figure of %(subject)s.", party, subject=body.subject)
    return joined(said, so_much(s, body.quantity), worth(s, body.value))


def need(s: Speech, said: acts.StateRequirement | acts.RequirementStated) -> str:
    """How much of a capability is needed by when."""
    return s.say(
        "Needed by %(day)s of %(capability)s: at least %(minimum)s, as a target %(target)s; priority %(priority)s.",
        day=s.words.date(said.needed_by),
        capability=unit_name(s, said.capability),
        minimum=_of(s, said.minimum, said.unit),
        target=_of(s, said.target, said.unit),
        priority=s.words.number(said.priority),
    )


def _require(s: Speech, body: acts.StateRequirement, party: str) -> str:
    return s.say("%(who)s {states|state} a requirement. %(need)s", party, need=need(s, body))


def supply(s: Speech, said: acts.OfferSupply | acts.SupplyOffered) -> str:
    """What is offered, from when, how it travels and whose consent it needs."""
    ways = ", ".join(title(s.words, TRANSPORTS, one) for one in said.transports)
    first = s.say(
        "Offered for %(capability)s: %(amount)s, ready on %(day)s, %(ways)s.",
        capability=unit_name(s, said.capability),
        amount=amount(s, said.quantity),
        day=s.words.date(said.ready_on),
        ways=ways,
    )
    maker = s.say("The maker state must consent: %(party)s.", party=s.names.party(said.maker)) if said.maker else ""
    return joined(first, maker)


def _offer(s: Speech, body: acts.OfferSupply, party: str) -> str:
    return s.say("%(who)s {offers|offer} a supply. %(supply)s", party, supply=supply(s, body))


def _answer(s: Speech, body: acts.AnswerReexport, party: str) -> str:
    if body.consents:
        return s.say("%(who)s {consents|consent} to a re-export (%(request)s).", party, request=body.request)
    return s.say("%(who)s {refuses|refuse} a re-export (%(request)s).", party, request=body.request)


def _overdue(s: Speech, body: acts.RecordOverdue, party: str) -> str:
    kind, _, subject = body.deadline.partition("/")
    if kind == "reexport":
        return s.say("%(who)s {records|record} that an answer on re-export did not come in time (%(request)s).", party,
                     request=subject)  # fmt: skip
    return s.say("%(who)s {records|record} that a tranche is overdue (%(tranche)s).", party, tranche=subject)


ACTS: dict[type, ActSentence] = {
    acts.UndertakeObligation: owing,
    acts.SettleCondition: _settle,
    acts.ScheduleTranche: _schedule,
    acts.RequestPerformance: _request,
    acts.LinkPledge: _link,
    acts.Allocate: _allocate,
    acts.ReportDelivery: _report,
    acts.ConfirmReceipt: _confirm,
    acts.DisputeReceipt: _dispute,
    acts.VerifyDelivery: _verify,
    acts.ReturnDelivery: _return,
    acts.TransferFunding: _transfer,
    acts.CorrectFigure: _correct,
    acts.StateRequirement: _require,
    acts.OfferSupply: _offer,
    acts.RequestReexport: lambda s, b, p: s.say(
        "%(who)s {asks|ask} the maker state to consent to a re-export (%(offer)s) by %(moment)s.",
        p,
        offer=b.offer,
        moment=s.words.moment(b.answer_by),
    ),
    acts.AnswerReexport: _answer,
    acts.RecordOverdue: _overdue,
}
