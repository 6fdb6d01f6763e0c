"""Whether what a compact says makes sense: laws of single clauses, and of all clauses together.

It refuses what could only be a slip: a rule with two operators, a share above the whole, two clocks for one
step, a measure that is owed at once but by no moment. It does not judge the agreement: who could block whom,
and what no clause covers, is shown by the checker and is no fault of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from foedus.compact import model
from foedus.compact.clauses import UNIQUE
from foedus.compact.findings import Path, Phrase
from foedus.compact.laws import LAWS, Fault
from foedus.compact.references import ROOT, check
from foedus.compact.shape import Shape, described

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
    "EnterTranscript": (model.Transcript, Phrase("a transcript clause")),
    "CountersignTranscript": (model.Transcript, Phrase("a transcript clause")),
    "ReportPerformance": (model.Measure, Phrase("a measure with mode: immediate")),
    "AttestCondition": (model.Condition, Phrase("a condition clause")),
    "ContestCondition": (model.Condition, Phrase("a condition clause")),
    "ProposeEasing": (model.Easing, Phrase("an easing clause")),
    "ConsentToEasing": (model.Easing, Phrase("an easing clause")),
    "NotifySnapback": (model.Snapback, Phrase("a snapback clause")),
    "EnactReinstatement": (model.Snapback, Phrase("a snapback clause")),
    "VoteToContinueRelief": (model.Snapback, Phrase("a snapback clause")),
    **dict.fromkeys(
        ("ProposeListing", "AdoptListing", "AdoptSchedule", "RenewRegime", "RefuseRenewal"),
        (model.Regime, Phrase("a regime clause")),
    ),
    "ContinueRecord": (model.Succession, Phrase("a succession clause")),
    **dict.fromkeys(("DepositClaims", "DecideClaims"), (model.Claims, Phrase("a claims clause"))),
    **dict.fromkeys(
        ("DecideDistribution", "RevokeDistribution", "RecordRun", "RecordPayment"),
        (model.Distribution, Phrase("a distribution clause")),
    ),
}
_BY_WHICH: Final = {
    model.Clock: ("starts_on", "call"), model.Establishment: ("by", "rule"), model.Measure: ("mode", "immediate"),
}  # fmt: skip

# A list that may say "none"; every other list that the model asks for says who or what, and must.
_MAY_BE_EMPTY: Final = {(model.Party, "groups"), (model.Interim, "lapse"), (model.Part, "provisions")}


def judge_all(shape: Shape) -> None:
    """Add a finding for every law that something in the files breaks."""
    check(shape)
    for seen in shape.seen:
        laws = LAWS.get(seen.cls, ())
        faults = [fault for law in laws if seen.whole is not None for fault in law(seen.whole)]
        for fault in [*_empty(seen.cls, seen.values), *faults]:
            path = (*seen.path, fault.field) if fault.field else seen.path
            shape.complain(path, fault.found, fault.expected, fault.remedy)
    _once_each(shape)
    _together(shape)
    _in_vain(shape)
    _enough_witnesses(shape)
    _root_alone(shape)


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


def _root_alone(shape: Shape) -> None:
    """A root key is no office, recovers seats, names the key after it, and nobody else recovers them."""
    for seen in shape.seen:
        if seen.path[:1] == ("roles",) and seen.values.get("id") == ROOT:
            found = Phrase("{text!r}, which means the key that a party keeps offline", text=ROOT)
            shape.complain((*seen.path, "id"), found, Phrase("another id for a role"))
        permit = seen.whole
        if not isinstance(permit, model.Permit):
            continue
        for number, by in enumerate(permit.by):
            path = (*seen.path, "by", number)
            if ROOT in by.roles and permit.act not in ("RecoverSeat", "DepositRootKey"):
                found = Phrase("{act!r} permitted to a root key", act=permit.act)
                shape.complain(path, found, Phrase("RecoverSeat or DepositRootKey, which is all that it signs"))
            if permit.act == "RecoverSeat" and by.roles != (ROOT,):
                found = Phrase("seats that may recover seats")
                shape.complain(path, found, Phrase("roles: [root]"), Phrase("a seat that may enrol others does so"))


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
