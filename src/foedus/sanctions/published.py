"""Published lists in the record: which version was deposited when, and what people say of entries that may mean the
same.

The rows lie in the archive; no rule reads them. A deposit is a fact about a publication and lists nobody: an issuer
lists by an act of its own law (`listings`).
"""

from __future__ import annotations

from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.parties.authority import permission
from foedus.sanctions import acts
from foedus.sanctions.state import pair
from foedus.state import State


def deposit(clauses: Clauses, state: State, act: Act, body: acts.DepositList, at: datetime) -> tuple[Event, ...]:
    """A version that is not the newest already: importing the same one twice adds nothing."""
    permit, _ = permission(clauses, state, act, at)
    versions = state.sanctions.lists.get(body.list, ())
    if versions and versions[-1].table == body.table:
        raise Refused(
            permit.id,
            "this version of {list} is deposited already, in entry {entry}: nothing is to be added",
            list=body.list,
            entry=versions[-1].place.entry,
        )
    return (
        acts.ListVersionDeposited(
            body.publisher, body.list, body.table, body.file, body.targets, body.skipped, act.party, body.as_of,
            body.legal_basis,
        ),
    )  # fmt: skip


def judge(clauses: Clauses, state: State, act: Act, body: acts.JudgeTargets, at: datetime) -> tuple[Event, ...]:
    """The same, different, or no longer either; each can be undone by the next."""
    permit, _ = permission(clauses, state, act, at)
    if body.one == body.other:
        raise Refused(permit.id, "{target} is one entry: two were expected", target=body.one)
    for each in (body.one, body.other):
        if each.partition(":")[0] not in state.sanctions.lists:
            raise Refused(permit.id, "no version of the list of {target} is deposited", target=each)
    said = state.sanctions.judged.get(pair(body.one, body.other), ())
    standing = said[-1].judgment if said else "withdrawn"
    if standing == body.judgment:
        raise Refused(
            permit.id, "of {one} and {other} that is said already: {judgment}", one=body.one, other=body.other,
            judgment=body.judgment,
        )  # fmt: skip
    return (acts.TargetsJudged(body.one, body.other, body.judgment, act.party),)
