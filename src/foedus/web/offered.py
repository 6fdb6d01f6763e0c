"""What a seat may do now, by the rules themselves: the bodies that `rules.options` offers, and those that need words
or files.

An act that must carry an attachment cannot be prefilled; it is offered when `decide` would accept it with one.
Nothing is offered here that the rules would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from foedus import rules
from foedus.acts import EFFECTS, Act, Attachment, Body, Statement
from foedus.compact.model import OpenProposal, Trigger
from foedus.errors import Refused
from foedus.response import acts
from foedus.response.acts import Evidence, ResponseAct
from foedus.rules import Option
from foedus.web.page import Page

PROCEDURE = get_args(ResponseAct)
REPORT = "report"
FEW = 200
MOST_RESPONSES = 5
_NAUGHT = "0" * 64
_ATTACHED = Attachment(_NAUGHT, 1, "evidence")


def offered(page: Page, seat: str, about: str | None) -> list[Option]:
    """What the seat may do about one response or incident, or at all. `REPORT`: only whether it may report an
    incident.
    """
    if about == REPORT:
        return [*_with_input(page, seat, _reports(page))]
    subjects = page.state.response
    if about is None and len(subjects.incidents) + len(subjects.responses) > FEW:
        return _newest(page, seat)
    found = [*rules.options(page.clauses, page.state, seat, page.clock_now, about)]
    return [*found, *_with_input(page, seat, _inputs(page, seat, about))]


def of_procedure(page: Page, seat: str, about: str) -> list[Option]:
    """The same for one response or incident, without acts about instruments and seats."""
    return [option for option in offered(page, seat, about) if isinstance(option.body, PROCEDURE)]


def _newest(page: Page, seat: str) -> list[Option]:
    """In a long record: what concerns the responses that run and the newest incidents, once each."""
    running = [*page.state.response.open][-MOST_RESPONSES:]
    incidents = [f"I-{number}" for number in range(len(page.state.response.incidents), 0, -1)][:3]
    found: dict[Body, Option] = {option.body: option for option in offered(page, seat, REPORT)}
    for about in (*running, *incidents):
        found |= {option.body: option for option in offered(page, seat, about)}
    return [*found.values()]


def _reports(page: Page) -> Iterator[Body]:
    place = next((place.id for place in page.compact.places), page.compact.protected)
    for kind in dict.fromkeys(kind for _, trigger in page.clauses.every(Trigger) for kind in trigger.kinds):
        yield acts.ReportIncident(kind, place, page.clock_now)


def _inputs(page: Page, seat: str, about: str | None) -> Iterator[Body]:
    """Bodies that need an attachment, with one that stands for it."""
    state = page.state.response
    response = state.responses.get(about or "")
    incident = response.incident if response else about or ""
    evidence = (Evidence(_NAUGHT, seat, page.clock_now, "other"),)
    for id_ in [incident] if about else [*state.incidents]:
        if id_ in state.incidents:
            yield acts.AddEvidence(id_, evidence)
    clause = page.clauses.one(OpenProposal)
    for found in [response] if response else [] if about else [state.responses[id_] for id_ in state.open]:
        if clause:
            yield acts.ProposeMeasure(found.id, kind=clause[1].kinds[0], text=_NAUGHT)
        for item in found.measures:
            yield acts.ReviseMeasure(item.value, _NAUGHT)


def _with_input(page: Page, seat: str, bodies: Iterator[Body]) -> Iterator[Option]:
    holder = page.state.parties.seats[seat]
    record = page.state.parties.record
    assert record is not None, "a seat stands in an open record"
    for body in bodies:
        name = type(body).__name__
        if holder.scope and name not in holder.scope:
            continue
        statement = Statement(
            record.origin,
            "0" * 32,
            seat,
            page.clock_now,
            page.state.parties.compact,
            EFFECTS[name],
            body,
            attachments=(_ATTACHED,),
        )
        act = Act("0" * 32, seat, holder.party, holder.role, (seat,), body, statement)
        try:
            rules.decide(page.clauses, page.state, act, page.clock_now)
        except Refused:
            continue
        permits = page.clauses.permits(name)
        named = [p.id for p, permit in permits if any(not by.roles or holder.role in by.roles for by in permit.by)]
        yield Option(body, (named or [permits[0][0].id])[0], 1)
