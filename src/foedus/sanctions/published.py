"""Published lists in the record: which version was deposited when, and what people say of entries that may mean the
same.

The rows lie in the archive; no rule reads them. A deposit is a fact about a publication and lists nobody: an issuer
lists by an act of its own law (`listings`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.errors import Refused
from foedus.parties.authority import permission
from foedus.sanctions import acts
from foedus.sanctions.state import Deposited, Judged, pair
from foedus.sanctions.state import State as Kept
from foedus.state import State

Together = Literal["same", "different", "contested", "unsaid"]
# A publisher's day may have begun where the clock of a record has not come to it.
TIME_ZONES = timedelta(hours=14)


def already(versions: Sequence[Deposited], table: str, as_of: date | None) -> Deposited | None:
    """The version that a deposit would only repeat: the newest, or one of the same rows and day."""
    newest = versions[-1:]
    same = [one for one in versions if one.table == table and (one in newest or (one.as_of and one.as_of == as_of))]
    return same[-1] if same else None


def deposit(clauses: Clauses, state: State, act: Act, body: acts.DepositList, at: datetime) -> tuple[Event, ...]:
    """A version that is not there already, and not older than the newest: no party takes everybody's list back.

    A list that states no day may become again what it was.
    """
    permit, _ = permission(clauses, state, act, at)
    versions = state.sanctions.lists.get(body.list, ())
    same = already(versions, body.table, body.as_of)
    if same is not None:
        raise Refused(
            permit.id,
            "this version of {list} is deposited already, in entry {entry}: nothing is to be added",
            list=body.list,
            entry=same.place.entry,
        )
    if body.as_of is not None and body.as_of > (at + TIME_ZONES).date():
        raise Refused("record/time", "a list of {day} cannot be published yet", day=body.as_of.isoformat())
    newest = max((one.as_of for one in versions if one.as_of is not None), default=None)
    if newest is not None and body.as_of is not None and body.as_of < newest:
        raise Refused(
            permit.id,
            "{list} of {day} is older than the newest version here, of {newest}: versions are deposited in the order of"
            " their days",
            list=body.list, day=body.as_of.isoformat(), newest=newest.isoformat(),
        )  # fmt: skip
    return (
        acts.ListVersionDeposited(
            body.publisher, body.list, body.table, body.file, body.targets, body.skipped, act.party, body.as_of,
            body.legal_basis,
        ),
    )  # fmt: skip


def judge(clauses: Clauses, state: State, act: Act, body: acts.JudgeTargets, at: datetime) -> tuple[Event, ...]:
    """The same, different, or no longer either: a party's own word, which takes nobody else's back."""
    permit, _ = permission(clauses, state, act, at)
    if body.one == body.other:
        raise Refused(permit.id, "{target} is one entry: two were expected", target=body.one)
    for each in (body.one, body.other):
        if each.partition(":")[0] not in state.sanctions.lists:
            raise Refused(permit.id, "no version of the list of {target} is deposited", target=each)
    said = state.sanctions.judged.get(pair(body.one, body.other), ())
    own = next((one.judgment for one in reversed(said) if one.party == act.party), "withdrawn")
    if own == body.judgment:
        raise Refused(
            permit.id, "of {one} and {other} {party} has said that already: {judgment}", one=body.one, other=body.other,
            party=act.party, judgment=body.judgment,
        )  # fmt: skip
    return (acts.TargetsJudged(body.one, body.other, body.judgment, act.party),)


def said_of_pairs(state: Kept, at: datetime, known: datetime) -> dict[tuple[str, str], tuple[Judged, ...]]:
    """Of every two entries what parties said by then and did not take back."""
    found = {}
    for both, said in state.judged.items():
        words = heard([one for one in said if one.place.seen(at, known)])
        if words:
            one, other = both.split("\n")
            found[one, other] = words
    return found


def heard(said: Sequence[Judged]) -> tuple[Judged, ...]:
    """Of what was said of two entries the last word of each party, where it was not taken back, in order."""
    last = {one.party: one for one in said}
    return tuple(one for one in said if last[one.party] is one and one.judgment != "withdrawn")


def together(words: Collection[Judged]) -> Together:
    """What these words come to. No party's goes above another's: where they contradict, proof decides."""
    said = {one.judgment for one in words}
    if len(said) > 1:
        return "contested"
    return "same" if "same" in said else "different" if said else "unsaid"
