"""Whether what a compact says makes sense: laws of single clauses, and of all clauses together.

It refuses what could only be a slip: a rule with two operators, a share above the whole, two clocks for one
step, a measure that is owed at once but by no moment. It does not judge the agreement: who could block whom,
and what no clause covers, is shown by the checker and is no fault of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from msgspec import Struct

from foedus.compact import model
from foedus.compact.clauses import UNIQUE
from foedus.compact.findings import Path, Phrase
from foedus.compact.references import check
from foedus.compact.scalars import nearest
from foedus.compact.shape import Shape, described

_OPERATORS: Final = ("all_of", "any_of", "share", "count", "weight", "consent", "no_objection")

# Acts of which nothing can come without another clause: a permit for one of them alone would promise in vain.
_IN_VAIN: Final[dict[str, tuple[type[Struct], Phrase]]] = {
    "CallMeeting": (model.Clock, Phrase("a clock that starts_on: call")),
    "AdjournMeeting": (model.Adjournment, Phrase("an adjournment clause")),
    "ResumeMeeting": (model.Adjournment, Phrase("an adjournment clause")),
    "ConfirmPosition": (model.AdReferendum, Phrase("an ad_referendum clause")),
    "ProposeExtension": (model.Extension, Phrase("an extension clause")),
    "DeclareBadFaith": (model.Objection, Phrase("an objection clause")),
    "ReplyToObjection": (model.Objection, Phrase("an objection clause")),
    "ProposeEstablishment": (model.Establishment, Phrase("an establishment clause with by: rule")),
    "AgreeInAdvance": (model.Measure, Phrase("a measure with mode: immediate")),
    "ReportPerformance": (model.Measure, Phrase("a measure with mode: immediate")),
    "ContinueRecord": (model.Succession, Phrase("a succession clause")),
}
_BY_WHICH: Final = {
    model.Clock: ("starts_on", "call"), model.Establishment: ("by", "rule"), model.Measure: ("mode", "immediate"),
}  # fmt: skip

# A list that may say "none"; every other list that the model asks for says who or what, and must.
_MAY_BE_EMPTY: Final = {(model.Party, "groups"), (model.Interim, "lapse"), (model.Part, "provisions")}

_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Fault(Struct, frozen=True):
    """A law that a value breaks: in which field (none: the whole), and the words of the finding."""

    field: str
    found: Phrase
    expected: Phrase
    remedy: Phrase | None = None


Law = Callable[..., Iterator[Fault]]


def judge_all(shape: Shape) -> None:
    """Add a finding for every law that something in the files breaks."""
    check(shape)
    for seen in shape.seen:
        laws = _LAWS.get(seen.cls, ())
        faults = [fault for law in laws if seen.whole is not None for fault in law(seen.whole)]
        for fault in [*_empty(seen.cls, seen.values), *faults]:
            path = (*seen.path, fault.field) if fault.field else seen.path
            shape.complain(path, fault.found, fault.expected, fault.remedy)
    _once_each(shape)
    _together(shape)
    _in_vain(shape)
    _enough_witnesses(shape)


def _empty(cls: type[Struct], values: dict[str, object]) -> Iterator[Fault]:
    """Lists that name nobody, and lists that name somebody twice."""
    for field, held in values.items():
        if not isinstance(held, tuple):
            continue
        if not held and cls is model.Rule:
            yield _nobody(field, Phrase("an empty rule would hold without anybody"))
        elif not held and _required(cls, field) and (cls, field) not in _MAY_BE_EMPTY:
            yield _nobody(field, Phrase("leave the clause out if it means nobody"))
        words = [word for word in held if isinstance(word, str)]
        for word in sorted({word for word in words if words.count(word) > 1}):
            yield Fault(field, Phrase("{text!r} twice", text=word), Phrase("each name once"))


def _nobody(field: str, remedy: Phrase) -> Fault:
    return Fault(field, Phrase("an empty list"), Phrase("at least one"), remedy)


def _required(cls: type[Struct], field: str) -> bool:
    return any(one.name == field and one.required for one in described(cls).fields)


# --- laws of one clause -------------------------------------------------------------------------------------


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


_LAWS: Final[dict[type[Struct], tuple[Law, ...]]] = {
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
    model.Party: (_zone,),
    model.Sum: (_sum,),
    model.Agreement: (_agreement,),
}


# --- laws of all clauses together ---------------------------------------------------------------------------


def _once_each(shape: Shape) -> None:
    """At most one clause for each question: the order of provisions never decides which one counts."""
    first: dict[tuple[str, object], Path] = {}
    for seen in shape.seen:
        for question in _questions(seen.cls, seen.whole):
            if question in first:
                place = shape.place(first[question])
                what = " ".join(str(part) for part in question if part)
                remedy = Phrase("the first stands in {place}", place=f"{place.file}:{place.line}")
                found = Phrase("a second clause for: {text}", text=what)
                shape.complain(seen.path, found, Phrase("at most {most}", most=1), remedy)
            first.setdefault(question, seen.path)


def _questions(cls: type[Struct], clause: Struct | None) -> Iterator[tuple[str, object]]:
    """What a clause answers that no other clause may answer too."""
    name = str(described(cls).tag or "")
    if cls in UNIQUE:
        yield name, ""
    elif isinstance(clause, model.Clock):
        yield name, clause.step
    elif isinstance(clause, model.Evidence):
        yield name, clause.act
    elif isinstance(clause, model.Interim):
        yield name, clause.organisation
    elif isinstance(clause, model.Adoption):
        for subject in dict.fromkeys(clause.of):
            yield name, subject


def _together(shape: Shape) -> None:
    """Clauses that need another one, and unions that count as states."""
    unions: set[str] = set()
    clocks: set[object] = set()
    witnessed = any(seen.cls is model.Witnessing for seen in shape.seen)
    read = {seen.path for seen in shape.seen}
    if any(path[-2:-1] == ("operates",) and path not in read for path in shape.places):
        # A clause that could not be read may be the one that is asked for.
        clocks.add("decide")
        witnessed = True
    for seen in shape.seen:
        if seen.cls is model.Clock:
            clocks.add(seen.values.get("step", "decide"))
        if isinstance(seen.whole, model.Party):
            unions.update(seen.whole.part_of)
    for seen in shape.seen:
        if seen.cls is model.Extension and "decide" not in clocks:
            found = Phrase("an extension without a clock for the step decide")
            shape.complain(seen.path, found, Phrase("the clock that it extends"))
        if seen.cls is model.Succession and not witnessed:
            found = Phrase("a succession without a clause that names witnesses")
            shape.complain(seen.path, found, Phrase("a witnessing clause: what is continued must be settled"))
        if isinstance(seen.whole, model.Party) and seen.whole.id in unions and seen.whole.heads:
            expected = Phrase("heads: 0, because its members count as themselves")
            found = Phrase("the union {text!r} with heads: 1", text=seen.whole.id)
            shape.complain((*seen.path, "heads"), found, expected)


def _in_vain(shape: Shape) -> None:
    """Permits for acts of which nothing can come under the rest of the text."""
    read = {seen.path for seen in shape.seen}
    if any(path[-2:-1] == ("operates",) and path not in read for path in shape.places):
        return  # a clause that could not be read may be the one that is asked for
    serving = {
        seen.cls
        for seen in shape.seen
        if seen.cls not in _BY_WHICH or seen.values.get(_BY_WHICH[seen.cls][0]) == _BY_WHICH[seen.cls][1]
    }
    for seen in shape.seen:
        act = str(seen.values.get("act")) if seen.cls is model.Permit else ""
        if act in _IN_VAIN and _IN_VAIN[act][0] not in serving:
            found = Phrase("{text!r}, of which nothing can come", text=act)
            shape.complain((*seen.path, "act"), found, _IN_VAIN[act][1])


def _enough_witnesses(shape: Shape) -> None:
    """A compact that asks for more witnesses than it names parties would never settle anything."""
    read = [seen.whole for seen in shape.seen if seen.cls is model.Party]
    parties = [party for party in read if isinstance(party, model.Party)]
    if not parties or len(parties) < len(read):
        return  # a party that could not be read may be the one that is asked for
    protected = next((seen.values.get("protected") for seen in shape.seen if seen.cls is model.Compact), None)
    for seen in shape.seen:
        clause = seen.whole
        if not isinstance(clause, model.Witnessing):
            continue
        whose = protected if clause.operator == "protected" else clause.operator
        every = whose in ("parties", "named")
        outside = [party for party in parties if not every and whose != party.id and whose not in party.groups]
        for field, asked, there in (
            ("at_least", clause.at_least, len(parties)),
            ("outside_at_least", clause.outside_at_least, len(outside)),
        ):
            if there < asked <= clause.at_least:  # more outside than in all is told already
                found = Phrase("{count} witnesses", count=asked)
                most = Phrase("at most {count}: the text names no more parties", count=there)
                if field != "at_least":
                    most = Phrase(
                        "at most {count}: the text names no more parties outside {operator!r}",
                        count=there, operator=clause.operator,
                    )  # fmt: skip
                shape.complain((*seen.path, field), found, most)
