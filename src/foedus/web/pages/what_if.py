"""What if: acts supposed in a fork of the record as it stands, or as it stood, and what would be different then.

A question that can be asked again by its address. Nothing is signed, recorded or kept, and nobody is said to do it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus import stories
from foedus.acts import ClockAct
from foedus.commitments.state import Obligation
from foedus.compact.clauses import Clauses
from foedus.errors import Malformed, Refused
from foedus.response.state import ClauseClock
from foedus.state import State
from foedus.supposing import DEPOSITARY, Difference, Step, Supposed, state_at, suppose
from foedus.web import asked
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.words.failures import say_because, say_refusal
from foedus.words.names import Names
from foedus.words.sentences import say_act, say_event

HOURS = ("80", "720", "8760")
MOST_ROWS = 200
_STEPS = ("at", "seat", "act", "says", "events", "refused")
_DUE = ("at", "deadline", "says")
_OWED = ("obligation", "party", "due")
_CLAUSES = ("agreement", "parties", "due", "hard")


class Asked(Struct, frozen=True):
    """What is supposed: an attack, who withdraws, who refuses which renewal, and how long time passes on."""

    attack: bool
    withdraws: str
    refuses: tuple[str, str] | None
    hours: int

    @property
    def anything(self) -> bool:
        """Whether there is a question."""
        return self.attack or bool(self.withdraws) or self.refuses is not None


class Line(Struct, frozen=True):
    """One step in words: what was supposed, or what ran out, and what followed."""

    at: datetime
    ran_out: bool
    says: str
    refused: str
    events: tuple[str, ...]


class Fork(Struct, frozen=True):
    """The state that is forked, its rules, and when."""

    state: State
    clauses: Clauses
    at: datetime


@get("/what-if", include_in_schema=False, sync_to_thread=True)
def what_if(page: NamedDependency[Page]) -> Answer[Any]:
    """The question, and under it what would be different."""
    _ = page.words.gettext
    state = state_at(page.depositary, page.at) if page.past else page.state
    fork = Fork(state, page.depositary.compacts.in_force(state), page.at)
    withdrawable = stories.withdrawable(fork.clauses, state, fork.at)
    refusable = stories.refusable(fork.clauses, state)
    question = _asked(page, withdrawable, refusable)
    supposed, problems = _supposed(page, fork, question)
    begun, found = _differences(fork, supposed, question.hours)
    names = Names(page.words, fork.clauses)
    heading = _("What if") if found is None else _("Supposed: %(what)s", what=_said(page, names, question))
    return render(
        page, "what_if.html", title=heading, active="drills", heading=heading,
        data={"supposition": True, "forked_at": fork.at, "hours": question.hours, "acts": supposed},
        tables=_tables(page, begun, found, names) if begun and found else {}, question=question, problems=problems,
        found=found, lines=_lines(page, fork, found, question.hours) if found else [],
        due=_due(begun, names) if begun else [],
        owed=_owed(begun, names) if begun else [], opened=_opened(page, begun) if begun else [],
        back=[names.listing(one) if "/" in one else one for one in found.returned] if found else [],
        still=_still(page, found, names, question) if found else [],
        withdrawable=sorted(((one, names.party(one)) for one in withdrawable), key=lambda row: page.sort_key(row[1])),
        refusable=[(f"{party} {regime}", names.party(party), names.regime(*regime.split("/", 1)))
                   for party, regime in refusable],
        grouped=_grouped, spans=[(one, page.words.duration(timedelta(hours=int(one)))) for one in HOURS],
        most=MOST_ROWS,
    )  # fmt: skip


def _asked(page: Page, withdrawable: Sequence[str], refusable: Sequence[tuple[str, str]]) -> Asked:
    """The question. Raises Malformed for what nobody could do."""
    withdraws, refuses = page.query.get("withdraws", ""), page.query.get("refuses", "")
    if withdraws and withdraws not in withdrawable:
        raise Malformed("`withdraws`: {found!r} cannot give notice now", found=withdraws[:20])
    pair = tuple(refuses.split(" ", 1))
    if refuses and pair not in refusable:
        raise Malformed("`refuses`: {found!r} cannot keep a renewal from passing", found=refuses[:60])
    hours = asked.choice(page, "hours", HOURS) or HOURS[0]
    return Asked(page.query.get("attack") == "yes", withdraws, (pair[0], pair[1]) if refuses else None, int(hours))


def _supposed(page: Page, fork: Fork, question: Asked) -> tuple[list[Supposed], list[str]]:
    """The acts, and what could not even be supposed."""
    found: list[Supposed] = []
    problems: list[str] = []
    told: list[Callable[[], tuple[Supposed, ...]]] = []
    if question.attack:
        told.append(lambda: stories.attack(fork.clauses, fork.state, fork.at))
    if question.withdraws:
        told.append(lambda: stories.withdrawal(fork.clauses, fork.state, fork.at, question.withdraws))
    if question.refuses is not None:
        party, regime = question.refuses
        told.append(lambda: stories.refusal(fork.clauses, fork.state, fork.at, party, regime))
    for one in told:
        try:
            found += one()
        except Refused as problem:
            problems.append(say_because(page.words, problem))
    return found, problems


def _differences(fork: Fork, supposed: Sequence[Supposed], hours: int) -> tuple[Difference | None, Difference | None]:
    """Just after what is supposed at once, and when time has passed on; both None where nothing is supposed."""
    if not supposed:
        return None, None
    at_once = [one for one in supposed if not one.at.endswith("D")]
    begun = suppose(fork.clauses, fork.state, fork.at, at_once, fork.at + timedelta(hours=1))
    return begun, suppose(fork.clauses, fork.state, fork.at, supposed, fork.at + timedelta(hours=hours))


def _said(page: Page, names: Names, question: Asked) -> str:
    _ = page.words.gettext
    parts = []
    if question.attack:
        parts.append(_("an attack on %(party)s", party=names.party(page.compact.protected)))
    if question.withdraws:
        parts.append(_("%(party)s gives notice", party=names.party(question.withdraws)))
    if question.refuses:
        party, regime = question.refuses
        what = names.regime(*regime.split("/", 1))
        parts.append(_("%(party)s refuses the renewal of %(what)s", party=names.party(party), what=what))
    return "; ".join(parts)


def _lines(page: Page, fork: Fork, found: Difference, hours: int) -> list[Line]:
    """What was supposed, and what runs out only because of it: not what would run out in any case."""
    anyway = suppose(fork.clauses, fork.state, fork.at, (), fork.at + timedelta(hours=hours))
    same = [(step.body, step.events) for step in anyway.steps]
    steps = [step for step in found.steps if not (_ran_out(step) and (step.body, step.events) in same)]
    return [_line(page, fork.clauses, found.then, step) for step in steps]


def _ran_out(step: Step) -> bool:
    return isinstance(step.body, ClockAct) or step.seat == DEPOSITARY


def _line(page: Page, clauses: Clauses, then: State, step: Step) -> Line:
    party = step.seat.partition("/")[0]
    return Line(
        step.at, _ran_out(step), say_act(page.words, clauses, step.body, party, then),
        say_refusal(page.words, clauses, step.refused) if step.refused is not None else "",
        tuple(dict.fromkeys(say_event(page.words, clauses, then, one) for one in step.events)),
    )  # fmt: skip


def _due(begun: Difference, names: Names) -> list[tuple[datetime, str]]:
    """Deadlines that run only then, but those that stand with their measure or their instrument below."""
    shown = [one for one in begun.due if not ({"clause", "owed"} & set(one.id.split("/")))]
    return [(one.due_at, names.deadline(one.id)) for one in shown]


def _owed(begun: Difference, names: Names) -> list[tuple[str, str, datetime | None]]:
    """What is owed only then: by whom, what, and by when; the earliest first."""
    rows = []
    for id_ in begun.owed:
        one = begun.then.commitments.obligations[id_]
        rows.append((names.party(one.party), names.measure(one.measure, begun.then), one.due_at))
    return sorted(rows, key=lambda row: (row[2] is None, str(row[2]), row[1], row[0]))


def _grouped(rows: Sequence[tuple[str, str, datetime | None]]) -> list[tuple[datetime | None, str, list[str]]]:
    """By what and when, who owes it."""
    found: dict[tuple[datetime | None, str], list[str]] = {}
    for party, what, due in rows:
        found.setdefault((due, what), []).append(party)
    return [(due, what, parties) for (due, what), parties in found.items()]


def _opened(page: Page, begun: Difference) -> list[tuple[str, str, datetime | None, bool]]:
    """Clauses of other instruments that open: whose, between whom, until when, and whether they must; those that must
    and the earliest first.
    """
    found = []
    for id_ in sorted(set(begun.then.response.responses) - set(begun.now.response.responses)):
        for clause in begun.then.response.responses[id_].clauses:
            found.append(_clause(page, clause))  # noqa: PERF401  # two loops deep a list in one line reads badly
    return sorted(found, key=lambda row: (row[2] is None, not row[3], str(row[2]), page.sort_key(row[0])))


def _clause(page: Page, clause: ClauseClock) -> tuple[str, str, datetime | None, bool]:
    agreement = page.clauses.agreements.get(clause.agreement)
    name = page.say(agreement.title) if agreement else clause.agreement
    return name, ", ".join(page.name(party) for party in clause.parties), clause.due_at, clause.hard


def _still(
    page: Page, found: Difference, names: Names, question: Asked
) -> list[tuple[str, int, list[str], datetime | None]]:
    """What was owed before and is owed still: by whom, how much, the first few of it, and when the first is due; the
    earliest first. Of the party that withdraws alone, where one does.
    """
    before = found.now.commitments.obligations
    held: dict[str, list[Obligation]] = {}
    for id_, one in found.then.commitments.obligations.items():
        owed = one.performed is None and one.released is None and id_ in before
        if owed and (not question.withdraws or one.party == question.withdraws):
            held.setdefault(one.party, []).append(one)
    rows = []
    for party, every in held.items():
        every.sort(key=lambda one: (one.due_at is None, str(one.due_at), one.id))
        said = [names.measure(one.measure, found.then) if one.measure else one.id for one in every]
        rows.append((names.party(party), len(every), list(dict.fromkeys(said)), every[0].due_at))
    return sorted(rows, key=lambda row: (row[3] is None, str(row[3]), page.sort_key(row[0])))


def _tables(page: Page, begun: Difference, found: Difference, names: Names) -> dict[str, Table]:
    steps = [
        (one.at, one.seat, type(one.body).__name__,
         say_act(page.words, names.clauses, one.body, one.seat.partition("/")[0], found.then),
         "; ".join(type(event).__name__ for event in one.events), one.refused.clause if one.refused else None)
        for one in found.steps
    ]  # fmt: skip
    obligations = begun.then.commitments.obligations
    return {
        "steps": Table(_STEPS, steps),
        "due": Table(_DUE, [(one.due_at, one.id, names.deadline(one.id)) for one in begun.due]),
        "owed": Table(_OWED, [(id_, obligations[id_].party, obligations[id_].due_at) for id_ in begun.owed]),
        "clauses": Table(_CLAUSES, _opened(page, begun)),
    }


routes: list[ControllerRouterHandler] = [what_if]
