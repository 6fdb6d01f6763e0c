"""Laws of single clauses and values: what could only be a slip, whatever else the text says.

What clauses mean together, and which names mean something, is the question of foedus.compact.meaning.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from msgspec import Struct

from foedus.compact import model
from foedus.compact.findings import Phrase
from foedus.compact.scalars import nearest

_OPERATORS: Final = ("all_of", "any_of", "share", "count", "weight", "consent", "no_objection")

_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
# Of claims: a code of the register, a sum to the cent, and how many steps a distribution takes at most.
_CODE = re.compile(r"[A-Z][0-9]{0,2}(\.[0-9]{1,2}){0,2}")
_CENTS = re.compile(r"(0|[1-9][0-9]{0,12})\.[0-9]{2}")
_MOST_STEPS = 16


class Fault(Struct, frozen=True):
    """A law that a value breaks: in which field (none: the whole), and the words of the finding."""

    field: str
    found: Phrase
    expected: Phrase
    remedy: Phrase | None = None


Law = Callable[..., Iterator[Fault]]


def _words(words: model.Words) -> Iterator[Fault]:
    for language in ("en", "uk"):
        if not getattr(words, language).strip():
            yield Fault(language, Phrase("blanks only"), Phrase("words"))


def _source(source: model.Source) -> Iterator[Fault]:
    if source.kind == "adopted":
        if not source.by:
            yield Fault("", Phrase("an adopted reading without `by`"), Phrase("who adopted it"))
        if source.on is None:
            yield Fault("", Phrase("an adopted reading without `on`"), Phrase("the day it was adopted"))
    elif source.by or source.on is not None:
        found = Phrase("{text!r} with `by` or `on`", text=source.kind)
        yield Fault("kind", found, Phrase("those only where kind is adopted"))


def _reference(reference: model.Reference) -> Iterator[Fault]:
    if not re.match(r"https?://[^\s/]", reference.url) or re.search(r"\s", reference.url):
        found = Phrase("{text!r}", text=reference.url[:60])
        yield Fault("url", found, Phrase("an address that begins with https:// or http://"))


def _rule(rule: model.Rule) -> Iterator[Fault]:
    used = [name for name in _OPERATORS if getattr(rule, name) is not None]
    if len(used) != 1:
        one = Phrase("exactly one of {words}", words=", ".join(_OPERATORS))
        if used:
            several = Phrase("{words} and {last}", words=", ".join(used[:-1]), last=used[-1])
            yield Fault("", several, one, Phrase("join several by all_of or any_of"))
        else:
            yield Fault("", Phrase("no operator"), one)


def _bound(of: model.Share | model.Weight) -> Iterator[Fault]:
    if (of.at_least is None) == (of.more_than is None):
        found = Phrase("no bound") if of.at_least is None else Phrase("two bounds")
        yield Fault("", found, Phrase("exactly one of {words}", words="at_least, more_than"))
        return
    if of.at_least is not None and not 0 < of.at_least <= 1:
        yield Fault("at_least", _fraction(of.at_least), Phrase("more than 0, at most 1/1"))
    if of.more_than is not None and not 0 < of.more_than < 1:
        yield Fault(
            "more_than",
            _fraction(of.more_than),
            Phrase("more than 0, less than 1/1"),
            Phrase("nobody has more than the whole"),
        )


def _fraction(number: Fraction) -> Phrase:
    return Phrase("{text}", text=f"{number.numerator}/{number.denominator}")


def _clock(clock: model.Clock) -> Iterator[Fault]:
    if clock.step == "convene" and clock.starts_on == "convened":
        itself = Phrase("{text!r}", text="convened")
        yield Fault("starts_on", itself, Phrase("a moment before the meeting"), Phrase("it would wait for itself"))
    if clock.on_lapse == "coalition" and clock.step != "decide":
        yield _on_lapse(clock, "decide")
    if clock.on_lapse == "written_procedure" and clock.step != "convene":
        yield _on_lapse(clock, "convene")


def _on_lapse(clock: model.Clock, step: str) -> Fault:
    found = Phrase("{text!r} for {step}", text=clock.on_lapse, step=clock.step)
    return Fault("on_lapse", found, Phrase("it only for the step {step}", step=step))


def _roll(roll: model.Roll) -> Iterator[Fault]:
    for word in ("guarantors", "addressed"):
        if word in roll.groups:
            named = Phrase("guarantors are whom the roll names")
            yield Fault("groups", Phrase("{text!r}", text=word), Phrase("groups or parties"), named)


def _decision(decision: model.Decision) -> Iterator[Fault]:
    if decision.mode == "vote" and decision.rule is None:
        yield Fault("", Phrase("a vote without a rule"), Phrase("the rule by which it passes"))
    if decision.mode == "opt_in":
        if decision.rule is not None:
            remedy = Phrase("those who join are bound, whatever the others say")
            yield Fault("rule", Phrase("a rule for opt_in"), Phrase("nothing of the kind"), remedy)
        if decision.binds != "joiners":
            found = Phrase("{text!r} for {step}", text=decision.binds, step="opt_in")
            yield Fault("binds", found, Phrase("{text}", text="joiners"))


def _establishment(establishment: model.Establishment) -> Iterator[Fault]:
    if establishment.by == "rule" and establishment.rule is None:
        yield Fault("", Phrase("establishment by rule without a rule"), Phrase("the rule"))
    if establishment.by == "request" and establishment.rule is not None:
        yield Fault(
            "rule",
            Phrase("a rule"),
            Phrase("none, because the request itself establishes"),
            Phrase("write by: rule, or delete the rule"),
        )


def _measure(measure: model.Measure) -> Iterator[Fault]:
    if measure.mode == "immediate" and measure.within is None:
        missing = Phrase("an immediate measure without `within`")
        yield Fault("", missing, Phrase("how long after the request it is owed"))


def _witnessing(witnessing: model.Witnessing) -> Iterator[Fault]:
    if witnessing.outside_at_least > witnessing.at_least:
        found = Phrase(
            "{outside} outside the operator, {count} in all", outside=witnessing.outside_at_least,
            count=witnessing.at_least,
        )  # fmt: skip
        yield Fault("outside_at_least", found, Phrase("no more of them than witnesses in all"))
    if witnessing.operator in ("addressed", "guarantors"):
        found = Phrase("{text!r}", text=witnessing.operator)
        remedy = Phrase("a server is run by somebody who does not change with a request or a roll")
        yield Fault("operator", found, Phrase("a party or a group of the text"), remedy)


def _succession(succession: model.Succession) -> Iterator[Fault]:
    for party in sorted({one for one in succession.order if succession.order.count(one) > 1}):
        found = Phrase("{text!r} twice", text=party)
        yield Fault("order", found, Phrase("each party once, in the order in which they may continue the record"))


def _snapback(snapback: model.Snapback) -> Iterator[Fault]:
    if snapback.when == "notice" and snapback.after is None:
        yield Fault(
            "", Phrase("a snapback on notice without `after`"), Phrase("how long after the notice it comes true")
        )
    if snapback.when == "renewed_aggression":
        for field in ("after", "sunset", "whole_days"):
            if getattr(snapback, field):
                found = Phrase("{text!r} for {step}", text=field, step="renewed_aggression")
                yield Fault(field, found, Phrase("it only where when is notice"))


def _regime(regime: model.Regime) -> Iterator[Fault]:
    if regime.rule is not None and not regime.renewed_on:
        yield Fault("rule", Phrase("a rule of renewal"), Phrase("none, where nothing is renewed"))
    for day in regime.renewed_on:
        if int(day[3:]) > monthrange(2027, int(day[:2]))[1]:  # a year without a 29 February
            yield Fault("renewed_on", Phrase("{text!r}", text=day), Phrase("a day that every year has"))


def _claims(claims: model.Claims) -> Iterator[Fault]:
    codes = [one.id for one in claims.categories]
    for code in codes:
        if not _CODE.fullmatch(code):
            yield Fault("categories", Phrase("{text!r}", text=code), Phrase("codes of the register as A3.1"))
    for code in sorted({one for one in codes if codes.count(one) > 1}):
        yield Fault("categories", Phrase("{text!r} twice", text=code), Phrase("each name once"))


def _step(step: model.DistributionStep) -> Iterator[Fault]:
    if step.fixed is not None and step.cap is not None:
        yield Fault("cap", Phrase("a fixed sum and a cap"), Phrase("one of them, or none"))
    for field, held in (("fixed", step.fixed), ("cap", step.cap)):
        if held is not None and not _CENTS.fullmatch(held):
            yield Fault(field, Phrase("{text!r}", text=held[:40]), Phrase("a sum as 5000.00"))
    for code in step.categories:
        if not _CODE.fullmatch(code):
            yield Fault("categories", Phrase("{text!r}", text=code), Phrase("codes of the register as A3.1"))
    if step.at_most is not None and not 0 < step.at_most <= 1:
        yield Fault("at_most", Phrase("{text}", text=str(step.at_most)), Phrase("a share above 0, and 1 at most"))


def _distribution(distribution: model.Distribution) -> Iterator[Fault]:
    if not _CURRENCY.fullmatch(distribution.currency):
        found = Phrase("{text!r}", text=distribution.currency[:40])
        yield Fault("currency", found, Phrase("an ISO 4217 code as EUR"))
    if distribution.reserve is not None and not 0 <= distribution.reserve < 1:
        found = Phrase("{text}", text=str(distribution.reserve))
        yield Fault("reserve", found, Phrase("a share below the whole"))
    if len(distribution.steps) > _MOST_STEPS:
        found = Phrase("{text}", text=str(len(distribution.steps)))
        yield Fault("steps", found, Phrase("at most {most}", most=_MOST_STEPS))


def _zone(party: model.Party) -> Iterator[Fault]:
    if party.zone not in _zones():
        found = Phrase("{text!r}", text=party.zone[:60])
        near = nearest(party.zone, _zones())
        yield Fault("zone", found, Phrase("an IANA time zone as Europe/Kyiv"), near)
    if party.id in party.part_of:
        itself = Phrase("{text!r}, which is this party itself", text=party.id)
        yield Fault("part_of", itself, Phrase("the unions it is a member of"))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _sum(amount: model.Sum) -> Iterator[Fault]:
    if amount.amount is not None and not _AMOUNT.fullmatch(amount.amount):
        found = Phrase("{text!r}", text=amount.amount[:40])
        yield Fault("amount", found, Phrase("a decimal number as 2500000000 or 0.25, without spaces"))
    if amount.currency is not None:
        if not _CURRENCY.fullmatch(amount.currency):
            found = Phrase("{text!r}", text=amount.currency[:40])
            yield Fault("currency", found, Phrase("an ISO 4217 code as EUR"))
        if amount.amount is None:
            yield Fault("", Phrase("a currency without an amount"), Phrase("both or neither"))
    if amount.period_from and amount.period_to and amount.period_from > amount.period_to:
        found = Phrase("{text}", text=amount.period_to)
        yield Fault("period_to", found, Phrase("a day not before {day}", day=amount.period_from))


def _agreement(agreement: model.Agreement) -> Iterator[Fault]:
    named = [status.party for status in agreement.parties]
    for party in sorted({party for party in named if named.count(party) > 1}):
        twice = Phrase("{text!r} twice", text=party)
        yield Fault("parties", twice, Phrase("each party once, with the status it has now"))


LAWS: Final[dict[type[Struct], tuple[Law, ...]]] = {
    model.Words: (_words,),
    model.Source: (_source,),
    model.Reference: (_reference,),
    model.Rule: (_rule,),
    model.Share: (_bound,),
    model.Weight: (_bound,),
    model.Clock: (_clock,),
    model.Roll: (_roll,),
    model.Decision: (_decision,),
    model.Establishment: (_establishment,),
    model.Measure: (_measure,),
    model.Witnessing: (_witnessing,),
    model.Succession: (_succession,),
    model.Snapback: (_snapback,),
    model.Regime: (_regime,),
    model.Claims: (_claims,),
    model.DistributionStep: (_step,),
    model.Distribution: (_distribution,),
    model.Party: (_zone,),
    model.Sum: (_sum,),
    model.Agreement: (_agreement,),
}
