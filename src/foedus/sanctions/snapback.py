"""What comes back by itself: established or notified, stopped only as the compact says, and owed by each issuer's law.

Snapback is nobody's act. It follows from an attack that the compact holds to be established, or from the time since a
notice: no act of one party prevents it, and no outsider has an act.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Snapback
from foedus.errors import Refused
from foedus.parties.authority import is_present, judged, permission, present
from foedus.response.acts import AttackEstablished
from foedus.sanctions import acts, renewals
from foedus.sanctions.matrix import would_return
from foedus.sanctions.state import Listing, Schedule, found
from foedus.sanctions.state import Snapback as Known
from foedus.sanctions.status import WHOLE, Standing, standing
from foedus.state import State


def established(clauses: Clauses, state: State, event: AttackEstablished, at: datetime) -> tuple[Event, ...]:
    """An attack established is renewed aggression where sanctions were on the way to be eased, or are."""
    clause = clauses.one(Snapback)
    known = state.sanctions
    concerned = known.relieved or known.conditions or known.easings
    if clause is None or clause[1].when != "renewed_aggression" or not concerned:
        return ()
    return (acts.RenewedAggressionEstablished(event.incident, clause[0].id),)


def renewed(
    clauses: Clauses, state: State, event: acts.RenewedAggressionEstablished, at: datetime
) -> tuple[Event, ...]:
    """Everything under relief is back in the same entry."""
    if not state.sanctions.relieved:
        return ()
    id_ = f"SB-{len(state.sanctions.snapbacks) + 1}"
    return returning(clauses, state, id_, at, event.incident)


def returning(clauses: Clauses, state: State, id_: str, at: datetime, incident: str | None) -> tuple[Event, ...]:
    """The one event by which all comes back, with the digest of what stays; nothing once its clause is gone.

    The digest is over the sorted lines `id TAB reason LF`.
    """
    clause = clauses.one(Snapback)
    if clause is None:
        return ()
    provision, rule = clause
    apart = tuple(_exceptional(state, at))
    issuers, returned = set(), 0
    for known, count in _relieved(clauses, state, apart, at):
        returned += count
        issuers.add(known.issuer)
    kept = sorted(_excepted(apart))
    return (
        acts.SnappedBack(
            id_, provision.id, tuple(sorted(party for party in issuers if is_present(clauses, state, party))),
            returned, len(kept), hashlib.sha256("".join(f"{i}\t{why}\n" for i, why in kept).encode()).hexdigest(),
            rule.returning, incident, rule.enact_within.after(at) if rule.enact_within else None,
            rule.wind_down.after(at) if rule.wind_down else None,
        ),
    )  # fmt: skip


def _exceptional(state: State, at: datetime) -> Iterator[tuple[Listing | Schedule, Standing]]:
    """What is of another kind than relief: ended on its merits, or with something carved out; and what it is."""
    for id_ in state.sanctions.exceptional:
        known = found(state.sanctions, id_)
        now = standing(state.sanctions, known, at, at) if known is not None else None
        if known is not None and now is not None:
            yield known, now


def _relieved(
    clauses: Clauses, state: State, exceptional: Iterable[tuple[Listing | Schedule, Standing]], at: datetime
) -> Iterator[tuple[Listing | Schedule, int]]:
    """What comes back, with how many listings it is; a row is counted with its schedule, where that comes back too."""
    rows = Counter(known.schedule for known, now in exceptional if isinstance(known, Listing) and now.on_its_merits)
    for known, _ in would_return(clauses, state.sanctions, at):
        if isinstance(known, Schedule):
            yield known, max(0, known.rows - rows[known.id])
        elif known.schedule is None or known.schedule not in state.sanctions.relieved:
            yield known, 1


def exceptions(state: State, at: datetime) -> Iterator[tuple[str, str]]:
    """What no snapback touches, each with its reason: ended on its merits, annulled, or carved out."""
    return _excepted(_exceptional(state, at))


def _excepted(exceptional: Iterable[tuple[Listing | Schedule, Standing]]) -> Iterator[tuple[str, str]]:
    for known, now in exceptional:
        if now.on_its_merits:
            yield known.id, "annulled" if now.status == "annulled" else now.because
        elif now.status in WHOLE or now.relieved:
            yield from ((known.id, f"{one.kind} {one.about}") for one in now.exemptions)


def notify(clauses: Clauses, state: State, act: Act, body: acts.NotifySnapback, at: datetime) -> tuple[Event, ...]:
    """The notice that starts the time after which all comes back."""
    permit, _ = permission(clauses, state, act, at)
    clause = clauses.one(Snapback)
    after = clause[1].after if clause is not None else None
    if clause is None or after is None:
        raise Refused(permit.id, "no clause of the compact brings anything back on notice")
    provision, rule = clause
    sunset = datetime(rule.sunset.year, rule.sunset.month, rule.sunset.day, tzinfo=UTC) if rule.sunset else None
    if sunset is not None and at >= sunset:
        raise Refused(provision.id, "this clause ended on {day}", day=sunset.date().isoformat())
    running = next((one.id for one in state.sanctions.snapbacks.values() if one.pending), None)
    if running is not None:
        raise Refused(provision.id, "{snapback} is notified already and still runs", snapback=running)
    id_ = f"SB-{len(state.sanctions.snapbacks) + 1}"
    due_at = after.after(at)
    if rule.whole_days:
        due_at = datetime(due_at.year, due_at.month, due_at.day, tzinfo=UTC) + timedelta(days=1)
    return (acts.SnapbackNotified(id_, act.party, provision.id, due_at, sunset),)


def vote(clauses: Clauses, state: State, act: Act, body: acts.VoteToContinueRelief, at: datetime) -> tuple[Event, ...]:
    """One party's vote that relief goes on; by the compact's rule alone, and only with the last snapback."""
    permit, _ = permission(clauses, state, act, at)
    clause = clauses.one(Snapback)
    if clause is None or clause[1].stopped_by is None:
        raise Refused(permit.id, "no clause of the compact lets parties stop a snapback")
    known = state.sanctions.snapbacks.get(body.snapback)
    if known is None:
        raise Refused("record/reference", "there is no snapback {snapback}", snapback=body.snapback)
    over = known.stopped is not None or known.lapsed is not None or known.id != f"SB-{len(state.sanctions.snapbacks)}"
    if over or (known.due_at is not None and at >= known.due_at):
        raise Refused(clause[0].id, "{snapback} can no longer be stopped", snapback=known.id)
    voted = acts.ReliefVoted(known.id, act.party, body.choice)
    choices = {**_choices(known), act.party: body.choice}
    stopped = _stopped(clauses, state, known, choices, settled=True)
    return (voted, stopped) if stopped else (voted,)


def _choices(known: Known) -> dict[str, str]:
    return {party: said[-1].value for party, said in known.votes.items()}


def _stopped(
    clauses: Clauses, state: State, known: Known, choices: dict[str, str], *, settled: bool
) -> acts.SnapbackStopped | None:
    """Whether relief goes on by what was said. `settled`: whatever others may still say."""
    clause = clauses.one(Snapback)
    if clause is None or clause[1].stopped_by is None:
        return None
    yes, no, abstain = (
        frozenset(party for party, choice in choices.items() if choice == word) for word in ("yes", "no", "abstain")
    )
    verdict = judged(clauses, state, clause[1].stopped_by, present(clauses, state), yes, no, abstain)
    holds = verdict.settled if settled else verdict.holds
    return acts.SnapbackStopped(known.id, tuple(sorted(yes))) if holds else None


def comes_to(clauses: Clauses, state: State, known: Known) -> tuple[bool, bool]:
    """Whether it would be stopped if its time were over, and whether nothing still said could undo that."""
    choices = _choices(known)
    return (
        _stopped(clauses, state, known, choices, settled=False) is not None,
        _stopped(clauses, state, known, choices, settled=True) is not None,
    )


def came_due(clauses: Clauses, state: State, known: Known, at: datetime) -> tuple[Event, ...]:
    """The time of a notice is over: stopped by rule, lapsed with its clause, or everything is back."""
    assert known.due_at is not None, "only a notice is due"
    if known.sunset_at is not None and known.sunset_at < known.due_at:
        return (acts.SnapbackLapsed(known.id),)
    stopped = _stopped(clauses, state, known, _choices(known), settled=False)
    if stopped is not None:
        return (stopped,)
    return returning(clauses, state, known.id, at, None) or (acts.SnapbackLapsed(known.id),)


def enact(clauses: Clauses, state: State, act: Act, body: acts.EnactReinstatement, at: datetime) -> tuple[Event, ...]:
    """The issuer's own act of law, for all that came back or for one listing. A regime that lapsed meanwhile begins
    anew with it.
    """
    permit, _ = permission(clauses, state, act, at)
    known = state.sanctions.snapbacks.get(body.snapback)
    if known is None:
        raise Refused("record/reference", "there is no snapback {snapback}", snapback=body.snapback)
    if act.party not in known.missing:
        raise Refused(permit.id, "{party} owes no act under {snapback}", party=act.party, snapback=known.id)
    if body.listing is not None:
        one = found(state.sanctions, body.listing)
        now = standing(state.sanctions, one, at, at) if one is not None else None
        if one is None or now is None or one.issuer != act.party or now.in_law != "owed" or now.because != known.id:
            raise Refused(permit.id, "{listing} is not owed by {party}", listing=body.listing, party=act.party)
        regimes = {one.regime}
    else:
        regimes = set(_owed_under_lapsed(state, known, act.party, at))
    opened = (event for id_ in sorted(regimes) for event in renewals.opening(clauses, state, act.party, id_, at))
    assert known.returned is not None, "what is owed came back"
    effective_at = max(body.effective_at, known.returned.place.at)  # an order may be dated before what came back by it
    return (*opened, acts.ReinstatementEnacted(known.id, act.party, body.instrument, effective_at, body.listing))


def _owed_under_lapsed(state: State, known: Known, issuer: str, at: datetime) -> Iterator[str]:
    """The issuer's regimes that lapsed while what came back was under relief, or owed."""
    sanctions = state.sanctions
    lapsed = {one.regime for one in sanctions.regimes.values() if one.issuer == issuer and one.lapsed}
    if not lapsed:
        return
    every: list[Listing | Schedule] = [one for one in sanctions.schedules.values() if one.issuer == issuer]
    every += [sanctions.listings[id_] for id_ in sanctions.issued.of(issuer)]
    for one in every:
        if one.regime in lapsed:
            now = standing(sanctions, one, at, at)
            if now is not None and now.in_law == "owed" and now.because == known.id:
                yield one.regime
