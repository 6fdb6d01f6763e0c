"""Sentences about reparations: one for every act and event. A figure is said with who discloses it, and of when."""

from __future__ import annotations

from foedus.reparations import acts
from foedus.words.said_parties import ActSentence, EventSentence
from foedus.words.speech import Speech
from foedus.words.titles import ASSET_KINDS, ASSET_STEPS, BASES, CONFIDENCES, PLEDGED, SPLITS, title


def _figure(s: Speech, value: acts.Value) -> str:
    amount = value.low if value.low == value.high else f"{value.low}–{value.high}"
    return s.say(
        "%(amount)s %(currency)s as of %(day)s, says %(discloser)s.",
        amount=amount,
        currency=value.currency,
        day=s.words.date(value.as_of),
        discloser=value.discloser,
    )


def valued(s: Speech, value: acts.Value) -> str:
    """A figure with all that is known of it: range, day, basis, discloser, how sure, and what it is split by."""
    basis, sure = title(s.words, BASES, value.basis), title(s.words, CONFIDENCES, value.confidence)
    return f"{_figure(s, value)} {basis}, {sure}, {title(s.words, SPLITS, value.split)}"


def _report(s: Speech, body: acts.ReportAsset, party: str) -> str:
    said = s.say(
        "%(who)s {reports|report} property of %(owner)s, held by %(holder)s: %(kind)s.",
        party,
        owner=s.names.party(body.owner),
        holder=body.holder,
        kind=title(s.words, ASSET_KINDS, body.kind),
    )
    return f"{said} {_figure(s, body.figure)}"


def _value(s: Speech, body: acts.ValueAsset, party: str) -> str:
    said = s.say("%(who)s {states|state} a value of %(asset)s.", party, asset=body.asset)
    return f"{said} {_figure(s, body.figure)}"


def _move(s: Speech, body: acts.MoveAsset, party: str) -> str:
    said = s.say(
        "%(who)s {records|record} by %(instrument)s what became of %(asset)s: %(step)s, from %(moment)s.",
        party,
        instrument=body.instrument,
        asset=body.asset,
        step=title(s.words, ASSET_STEPS, body.to),
        moment=s.words.moment(body.effective_at),
    )
    return f"{said}{_licensed(s, body.licence)}"


def _licensed(s: Speech, licence: str | None) -> str:
    return "" if licence is None else f" {s.say('Permitted by the licence %(licence)s.', licence=licence)}"


def _stay(s: Speech, body: acts.RecordStay, party: str) -> str:
    if body.ended:
        return s.say(
            "%(who)s {records|record} that a court’s stay of %(asset)s ended (%(case)s).", party, asset=body.asset,
            case=body.case,
        )  # fmt: skip
    return s.say(
        "%(who)s {records|record} that a court stays what may be done with %(asset)s (%(case)s).", party,
        asset=body.asset, case=body.case,
    )  # fmt: skip


def _reported(s: Speech, event: acts.AssetReported) -> str:
    said = s.say(
        "Property of %(owner)s is reported as %(asset)s, held by %(holder)s in %(party)s: %(kind)s.",
        owner=s.names.party(event.owner),
        asset=event.asset,
        holder=event.holder,
        party=s.names.party(event.party),
        kind=title(s.words, ASSET_KINDS, event.kind),
    )
    return f"{said} {_figure(s, event.figure)}"


def _moved(s: Speech, event: acts.AssetMoved) -> str:
    said = s.say(
        "%(asset)s is now by %(instrument)s, from %(moment)s: %(step)s.",
        asset=event.asset,
        instrument=event.instrument,
        moment=s.words.moment(event.effective_at),
        step=title(s.words, ASSET_STEPS, event.to),
    )
    if event.provision is None:
        return f"{said}{_licensed(s, event.licence)}"
    return f"{said} {s.say('The power to take it: %(provision)s.', provision=s.names.provision(event.provision))}"


def _pledge(s: Speech, body: acts.PledgeAsset, party: str) -> str:
    return s.say(
        "%(who)s {records|record} by %(instrument)s that %(asset)s secures the loan %(loan)s with %(part)s:"
        " %(amount)s %(currency)s.",
        party, instrument=body.instrument, asset=body.asset, loan=body.loan, part=title(s.words, PLEDGED, body.part),
        amount=body.amount, currency=body.currency,
    )  # fmt: skip


def _income(s: Speech, body: acts.RecordIncome, party: str) -> str:
    if body.loan is None:
        said = s.say(
            "%(who)s {sets|set} income of %(asset)s apart for the fund by %(instrument)s: %(amount)s %(currency)s.",
            party, asset=body.asset, instrument=body.instrument, amount=body.amount, currency=body.currency,
        )  # fmt: skip
    else:
        said = s.say(
            "%(who)s {serves|serve} the loan %(loan)s with income of %(asset)s by %(instrument)s:"
            " %(amount)s %(currency)s.",
            party, loan=body.loan, asset=body.asset, instrument=body.instrument, amount=body.amount,
            currency=body.currency,
        )  # fmt: skip
    return f"{said}{_referred(s, body.reference)}"


def _proceeds(s: Speech, body: acts.RecordProceeds, party: str) -> str:
    said = s.say(
        "%(who)s {pays|pay} proceeds of %(asset)s into the fund by %(instrument)s: %(amount)s %(currency)s.",
        party, asset=body.asset, instrument=body.instrument, amount=body.amount, currency=body.currency,
    )  # fmt: skip
    return f"{said}{_referred(s, body.reference)}"


def _referred(s: Speech, reference: str | None) -> str:
    return "" if reference is None else f" {s.say('The payment’s reference: %(reference)s.', reference=reference)}"


def _pledged(s: Speech, event: acts.AssetPledged) -> str:
    return s.say(
        "%(asset)s secures the loan %(loan)s with %(part)s: %(amount)s %(currency)s.", asset=event.asset,
        loan=event.loan, part=title(s.words, PLEDGED, event.part), amount=event.amount, currency=event.currency,
    )  # fmt: skip


def _set_apart(s: Speech, event: acts.IncomeSetApart) -> str:
    said = s.say(
        "Income of %(asset)s is in the fund: %(amount)s %(currency)s.", asset=event.asset, amount=event.amount,
        currency=event.currency,
    )  # fmt: skip
    return f"{said}{_referred(s, event.reference)}"


def _served(s: Speech, event: acts.LoanServed) -> str:
    said = s.say(
        "Income of %(asset)s served the loan %(loan)s: %(amount)s %(currency)s.", asset=event.asset, loan=event.loan,
        amount=event.amount, currency=event.currency,
    )  # fmt: skip
    return f"{said}{_referred(s, event.reference)}"


def _brought(s: Speech, event: acts.ProceedsPaid) -> str:
    said = s.say(
        "Proceeds of %(asset)s are in the fund: %(amount)s %(currency)s.", asset=event.asset, amount=event.amount,
        currency=event.currency,
    )  # fmt: skip
    return f"{said}{_referred(s, event.reference)}"


ACTS: dict[type, ActSentence] = {
    acts.PledgeAsset: _pledge,
    acts.RecordIncome: _income,
    acts.RecordProceeds: _proceeds,
    acts.ReportAsset: _report,
    acts.ValueAsset: _value,
    acts.MoveAsset: _move,
    acts.RecordStay: _stay,
}
EVENTS: dict[type, EventSentence] = {
    acts.AssetPledged: _pledged,
    acts.IncomeSetApart: _set_apart,
    acts.LoanServed: _served,
    acts.ProceedsPaid: _brought,
    acts.AssetReported: _reported,
    acts.AssetValued: lambda s, e: (
        f"{s.say('A value of %(asset)s is stated by %(party)s.', asset=e.asset, party=s.names.party(e.party))} "
        f"{_figure(s, e.figure)}"
    ),
    acts.AssetMoved: _moved,
    acts.StayRecorded: lambda s, e: s.say(
        "A court stays what may be done with %(asset)s (%(case)s).", asset=e.asset, case=e.case
    ),
    acts.StayEnded: lambda s, e: s.say("A court’s stay of %(asset)s ended (%(case)s).", asset=e.asset, case=e.case),
}
