"""What the text alone tells a drafter beside who can block: what is left open, soft, uncovered, and how long it takes.

It reads clauses and explores nothing; whatever depends on what parties do is not said here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

from msgspec import Struct

from foedus.compact import model
from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration

_SOME_DAY = datetime(2031, 1, 1, tzinfo=UTC)


def coverage(clauses: Clauses) -> dict[str, dict[str, str]]:
    """Of each provision that some instrument beside the compact corresponds to: which, and how far by our reading."""
    found: dict[str, dict[str, str]] = {}
    for agreement in clauses.compact.agreements:
        for one in agreement.corresponds:
            found.setdefault(one.provision, {})[agreement.id] = one.extent
    order = [provision.id for provision in clauses.provisions]
    return dict(sorted(found.items(), key=lambda pair: order.index(pair[0])))


def soft(clauses: Clauses) -> tuple[str, ...]:
    """Deadlines that bind nobody ("where possible"): provisions of clocks, and instruments beside the compact."""
    own = [provision.id for provision, clock in clauses.every(model.Clock) if not clock.hard]
    beside = [
        one.id
        for one in clauses.compact.agreements
        if one.consultation is not None and one.consultation.within is not None and not one.consultation.hard
    ]
    return (*own, *beside)


def opened_beside(clauses: Clauses) -> dict[str, dict[str, int]]:
    """Of each kind of incident how many clauses of other instruments it opens, by the time that they name ("" none)."""
    found: dict[str, dict[str, int]] = {}
    for one in clauses.compact.agreements:
        for kind in one.consultation.on if one.consultation is not None else ():
            within = str(one.consultation.within or "") if one.consultation is not None else ""
            times = found.setdefault(kind, {})
            times[within] = times.get(within, 0) + 1
    return found


class Left(Struct, frozen=True):
    """A term that leaves something to the judgement of somebody."""

    provision: str
    term: model.Words
    by: tuple[str, ...]


def judgements(clauses: Clauses) -> tuple[Left, ...]:
    """Terms left to judgement, and to whom, in the order of the document."""
    return tuple(Left(one.id, term.term, term.by) for one in clauses.provisions for term in one.judgement)


def unopened(clauses: Clauses) -> tuple[str, ...]:
    """Kinds of incident on which no provision of the text opens anything, nor turns to a body outside it; none of a text
    that speaks of no incident.
    """
    opened = {kind for _, trigger in clauses.every(model.Trigger) for kind in trigger.kinds}
    opened |= {kind for _, referral in clauses.every(model.Referral) for kind in referral.on}
    return tuple(kind for kind in get_args(model.IncidentKind) if opened and kind not in opened)


def quorum_open(clauses: Clauses) -> bool:
    """Whether the text has a meeting and says nowhere how many must come: all of them, or any at all."""
    meets = any(clauses.permits(act) for act in ("RecordPresence", "CallMeeting"))
    return meets and clauses.one(model.Quorum) is None


def worst_times(clauses: Clauses) -> dict[str, timedelta | None]:
    """Of each step with a clock, and of what comes back, the longest time; None where it may never end.

    Counted from the request, or for an easing and a snapback from the proposal and the notice. A clock from the attack
    is over sooner. What counts from a meeting never ends where the meeting may never be, and from a call likewise.
    """
    found: dict[str, timedelta | None] = {}
    steps = {clock.step: clock for _, clock in clauses.every(model.Clock)}
    for step, clock in steps.items():
        found[step] = _longest(clock, steps)
    extension = clauses.one(model.Extension)
    if extension is not None and (known := found.get("decide")) is not None:
        found["decide"] = known + extension[1].at_most * _span(extension[1].by)
    opens = bool(clauses.permits("Activate") or clauses.permits("OpenConsultation"))
    if opens and "decide" not in steps:
        found["decide"] = None
    easing, snapback = clauses.one(model.Easing), clauses.one(model.Snapback)
    if easing is not None:
        found["easing"] = _span(easing[1].closes_within)
    if snapback is not None:
        after = snapback[1].after
        found["snapback"] = _span(after) if after is not None else timedelta()
    return found


def _longest(clock: model.Clock, steps: dict[model.Step, model.Clock]) -> timedelta | None:
    if clock.starts_on in ("request", "attack"):
        return _span(clock.within)
    convene = steps.get("convene")
    if clock.starts_on == "convened" and convene is not None and convene.on_lapse == "ends":
        before = _longest(convene, steps)
        return None if before is None else before + _span(clock.within)
    return None


def _span(duration: Duration) -> timedelta:
    return duration.after(_SOME_DAY) - _SOME_DAY
