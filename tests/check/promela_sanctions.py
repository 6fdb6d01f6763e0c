"""Snapback on notice as a model for Spin: written from the clauses of a compact, for any compact that has it.

A second reading, which knows nothing of `foedus.sanctions`: who may give notice and who votes, when all comes back, the
rule that stops it and whether what is said settles it, and the day on which the clause itself ends. One `d_step` is one
step of the explorer. Minutes are the unit of time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from foedus.check.situation import Situation
from foedus.compact import model
from tests.check.promela import permitted, rule_over

ACTS = ("NotifySnapback", "VoteToContinueRelief")
# What a member of the Council may say, or not have said yet.
YES, NO, ABSTAIN = 1, 2, 3
OPEN, BACK, STOPPED, LAPSED = 0, 1, 2, 3


def promela(begun: Situation, *, never_stopped: bool = False) -> str:
    """The model of what may follow, among the parties of the situation. `never_stopped`: Spin is to find a run in which
    relief goes on.
    """
    clauses, parties = begun.clauses, begun.parties
    (provision_clause,) = [one for _, one in clauses.every(model.Snapback) if one.when == "notice"]
    assert provision_clause.after is not None
    due = _at_the_end_of_the_day(provision_clause, provision_clause.after.after(begun.at))
    sunset = provision_clause.sunset
    ends = due if sunset is None else min(due, datetime(sunset.year, sunset.month, sunset.day, tzinfo=UTC))
    stops = provision_clause.stopped_by
    roll = list(parties)
    said = {party: f"said_{place}" for place, party in enumerate(parties)}
    yes = {party: f"({said[party]} == {YES})" for party in roll}
    holds = settled = "0"
    if stops is not None:
        holds = rule_over(clauses, stops, roll, yes, {party: f"({said[party]} == {NO})" for party in roll})
        silent_are_against = {party: f"({said[party]} == {NO} || {said[party]} == 0)" for party in roll}
        settled = rule_over(clauses, stops, roll, yes, silent_are_against)
    stopped = f"ended = {STOPPED};" + (" assert(0);" if never_stopped else "")
    over = (
        f"ended = {LAPSED};" if ends < due
        else f"if :: {holds} -> {stopped} :: else -> ended = {BACK} fi;"
    )  # fmt: skip
    # What was stopped keeps the moment at which it was due: the explorer tells two by it, though nothing asks for it.
    running = f"notified > 0 && ended == {OPEN}"
    lines = [
        "byte notified; byte ended; int left;",
        *(f"byte {one};" for one in said.values()),
        "",
        "init {",
        "  do",
    ]
    for place, party in enumerate(parties):
        if permitted(clauses, "NotifySnapback", party):
            lines.append(
                f"  :: d_step {{ notified == 0 -> notified = {place + 1}; left = {_minutes(ends - begun.at)} }}"
            )
    for party in parties:
        for choice in (YES, NO, ABSTAIN):
            if stops is not None and permitted(clauses, "VoteToContinueRelief", party):
                lines.append(
                    f"  :: d_step {{ {running} && left > 0 -> {said[party]} = {choice}; "
                    f"if :: {holds} && {settled} -> {stopped} :: else fi }}"
                )
    lines += [
        f"  :: d_step {{ {running} && left > 1 -> left = 1 }}",
        f"  :: d_step {{ {running} && left > 0 -> left = 0; {over} }}",
        "  od",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _at_the_end_of_the_day(clause: model.Snapback, due: datetime) -> datetime:
    if not clause.whole_days:
        return due
    return datetime(due.year, due.month, due.day, tzinfo=UTC) + timedelta(days=1)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60
