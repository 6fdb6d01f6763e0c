"""Which parties could decide in the compact's time if the request came now, by what each has stated of its own law.

Read from the record, with nothing guessed: what was not stated is shown as not stated. The time is the clause's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.history import current
from foedus.parties import mandates
from foedus.parties.acts import NationalStep
from foedus.parties.authority import members
from foedus.parties.state import Mandate
from foedus.state import State

Code = Literal["late", "ending", "unstated", "able"]
ORDER: tuple[Code, ...] = ("late", "ending", "unstated", "able")
# A delegation that ends within so long is shown as ending: a parliament needs weeks to renew one.
SOON_DAYS = 30
See = Callable[[Mandate | None], Mandate | None]


class Standing(Struct, frozen=True):
    """One party and one kind of measure. `hours`: what the steps still ahead take together; None: nothing was stated.

    `authorise`: steps to take beforehand so that the rest fits; `until`: the last moment of a request at which it could
    still decide in time, where that rests on a delegation; `entry`: where the party said so.
    """

    party: str
    kind: str
    code: Code
    steps: tuple[NationalStep, ...] = ()
    hours: int | None = None
    authorise: tuple[str, ...] = ()
    until: datetime | None = None
    entry: int | None = None


def standings(clauses: Clauses, state: State, at: datetime, see: See = lambda one: one) -> list[Standing]:
    """Every guarantor and every kind of measure, those who could not decide first. `see`: as it stood at a past moment.

    Empty where the compact has no time to decide.
    """
    limit = mandates.within(clauses)
    if limit is None:
        return []
    found = []
    for party in sorted(members(clauses, state, "guarantors")):
        for kind in mandates.kinds(clauses):
            known = see(state.parties.mandates.get(f"{party} {kind}"))
            found.append(_standing(party, kind, known, at, limit) if known else Standing(party, kind, "unstated"))
    return sorted(found, key=lambda one: ORDER.index(one.code))


def _standing(party: str, kind: str, known: Mandate, at: datetime, limit: Duration) -> Standing:
    steps = current(known.stated) or ()
    ahead = mandates.ahead(steps, at, limit)
    hours = sum(one.takes_hours for one in ahead)
    authorise = tuple(one.step for one in mandates.to_authorise(steps, at, limit))
    until = mandates.lasts_until(steps, at, limit)
    ending = until is not None and (until - at).days < SOON_DAYS
    code: Code = "late" if authorise else "ending" if ending else "able"
    return Standing(party, kind, code, steps, hours, authorise, until, known.stated[-1].place.entry)


def late_parties(found: list[Standing]) -> tuple[str, ...]:
    """Parties that could not decide in time on some kind of measure."""
    return tuple(dict.fromkeys(one.party for one in found if one.code == "late"))
