"""What a seat may do now, as `rules.options` has it, and in a long record without looking at all of it.

Nothing is offered here that the rules would refuse, and nothing is decided here.
"""

from __future__ import annotations

from typing import get_args

from foedus import rules
from foedus.acts import Body
from foedus.commitments.acts import (
    CommitmentAct,
    ConfirmReceipt,
    DisputeReceipt,
    RequestPerformance,
)
from foedus.reparations.acts import DecideClaims, DecideDistribution, DepositClaims, RecordPayment, ReparationsAct
from foedus.response.acts import ResponseAct
from foedus.response.rules import REPORT
from foedus.rules import Option
from foedus.sanctions.acts import SanctionsAct
from foedus.web.page import Page

# What is said of claims rests on tables, which `foedus claims` makes: no form asks for it, and none is offered.
OF_TABLES = (DepositClaims, DecideClaims, DecideDistribution, RecordPayment)
OF_PROPERTY = tuple(kind for kind in get_args(ReparationsAct) if kind not in OF_TABLES)
PROCEDURE = (*get_args(ResponseAct), *get_args(SanctionsAct), *get_args(CommitmentAct), *OF_PROPERTY)
# Of commitments these are signed away from a desk and offered with everything else; all others at their own pages.
EVERYWHERE = (ConfirmReceipt, DisputeReceipt, RequestPerformance)
AT_THEIR_PAGE = (*(kind for kind in get_args(CommitmentAct) if kind not in EVERYWHERE), *OF_PROPERTY)
FEW = 200
MOST_RESPONSES = 5


def offered(page: Page, seat: str, about: str | None) -> list[Option]:
    """What the seat may do about one response or incident, or at all. `REPORT`: only whether it may report an
    incident.
    """
    subjects = page.state.response
    if about is None and len(subjects.incidents) + len(subjects.responses) > FEW:
        return _newest(page, seat)
    found = rules.options(page.clauses, page.state, seat, page.clock_now, about)
    without = OF_TABLES if about is not None else (*OF_TABLES, *AT_THEIR_PAGE)
    return [option for option in found if not isinstance(option.body, without)]


def of_procedure(page: Page, seat: str, about: str) -> list[Option]:
    """The same for one response or incident, or about sanctions, without acts about instruments and seats."""
    return [option for option in offered(page, seat, about) if isinstance(option.body, PROCEDURE)]


def _newest(page: Page, seat: str) -> list[Option]:
    """In a long record: what concerns the responses that run and the newest incidents, once each."""
    running = [*page.state.response.open][-MOST_RESPONSES:]
    incidents = [f"I-{number}" for number in range(len(page.state.response.incidents), 0, -1)][:3]
    found: dict[Body, Option] = {option.body: option for option in offered(page, seat, REPORT)}
    for about in (*running, *incidents):
        found |= {option.body: option for option in offered(page, seat, about)}
    return [*found.values()]
