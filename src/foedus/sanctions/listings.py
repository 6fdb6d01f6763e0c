"""What issuers do with what they list: propose, adopt, amend, relieve, delist, except; and what courts do with it.

An issuer speaks of its own listings only. No rule reads a table: that a row is in it, whoever holds the table can see
(`schedules.strays`), and what is said of a row that is not there changes no listing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Duty, Easing, Regime
from foedus.errors import Refused
from foedus.parties.authority import belongs, permission
from foedus.sanctions import acts, conditions, renewals
from foedus.sanctions.state import RELIEF, Listing, Schedule, found
from foedus.sanctions.status import WHOLE, Standing, standing
from foedus.state import State

# What may still be relieved: what stands whole, and what was relieved by less than a lifting.
RELIEVABLE = (*WHOLE, "suspended", "eased")


def _regime(clauses: Clauses, state: State, issuer: str, id_: str, restriction: str) -> Regime:
    """The regime that lets the issuer list under this restriction, or Refused."""
    clause = clauses.regime(id_)
    if clause is None:
        raise Refused("record/reference", "{regime} is not a regime of this compact", regime=id_)
    provision, regime = clause
    if not belongs(clauses, state, issuer, regime.issuer) and issuer != regime.issuer:
        raise Refused(provision.id, "{issuer} does not list under {regime}", issuer=issuer, regime=id_)
    if restriction not in regime.restrictions:
        raise Refused(
            provision.id, "{regime} has no restriction of the kind {restriction}", regime=id_, restriction=restriction
        )
    return regime


def propose(clauses: Clauses, state: State, act: Act, body: acts.ProposeListing, at: datetime) -> tuple[Event, ...]:
    """A proposal to another issuer, or to oneself; it binds nobody."""
    permit, _ = permission(clauses, state, act, at)
    _regime(clauses, state, body.issuer, body.regime, body.restriction)
    id_ = f"{body.issuer}/{body.restriction}/{body.target}"
    known = state.sanctions.listings.get(id_)
    now = standing(state.sanctions, known, at, at) if known is not None else None
    if now is not None and (now.status in (*WHOLE, "proposed") or now.relieved):
        raise Refused(permit.id, "{listing} is listed or proposed already", listing=id_)
    return (acts.ListingProposed(id_, body.issuer, body.target, body.restriction, body.regime, act.party),)


def adopt(clauses: Clauses, state: State, act: Act, body: acts.AdoptListing, at: datetime) -> tuple[Event, ...]:
    """A listing by the issuer, also where an earlier one ended: annulled and listed again, expired and renewed; and
    where the issuer takes back relief that it gave.
    """
    permit, _ = permission(clauses, state, act, at)
    _regime(clauses, state, act.party, body.regime, body.restriction)
    _lasts(body.effective_at, body.expires_at, at)
    id_ = f"{act.party}/{body.restriction}/{body.target}"
    known = state.sanctions.listings.get(id_)
    now = standing(state.sanctions, known, at, at) if known is not None else None
    if now is not None and now.status in WHOLE:
        raise Refused(permit.id, "{listing} is listed already: it is {status}", listing=id_, status=now.status)
    if known is not None and known.regime != body.regime:
        raise Refused(
            permit.id, "{listing} was listed or proposed under {regime}, not {found}",
            listing=id_, regime=known.regime, found=body.regime,
        )  # fmt: skip
    effective_at = _begins(state, act.party, body.regime, body.effective_at, now)
    adopted = acts.ListingAdopted(
        id_, act.party, body.target, body.restriction, body.regime, body.instrument, effective_at, body.expires_at
    )
    return (*renewals.opening(clauses, state, act.party, body.regime, at), adopted)


def adopt_schedule(
    clauses: Clauses, state: State, act: Act, body: acts.AdoptSchedule, at: datetime
) -> tuple[Event, ...]:
    """Many listings at once, by the digest of their table."""
    permit, _ = permission(clauses, state, act, at)
    _regime(clauses, state, act.party, body.regime, body.restriction)
    _lasts(body.effective_at, body.expires_at, at)
    for other in state.sanctions.schedules.values():
        same = (other.issuer, other.table, other.restriction) == (act.party, body.table, body.restriction)
        if same and not _over(state, other, at):
            raise Refused(permit.id, "{schedule} lists this table already", schedule=other.id)
    id_ = f"S-{len(state.sanctions.schedules) + 1}"
    adopted = acts.ScheduleAdopted(
        id_, act.party, body.table, body.rows, body.restriction, body.regime, body.instrument,
        _begins(state, act.party, body.regime, body.effective_at, None), body.expires_at,
    )  # fmt: skip
    return (*renewals.opening(clauses, state, act.party, body.regime, at), adopted)


def _over(state: State, schedule: Schedule, at: datetime) -> bool:
    now = standing(state.sanctions, schedule, at, at)
    return now is not None and (now.status == "expired" or now.on_its_merits)


def _begins(state: State, issuer: str, id_: str, said: datetime, before: Standing | None) -> datetime:
    """From when a listing has effect: not before the end of what it replaces, or of its regime, or it would be none."""
    regime = state.sanctions.regimes.get(f"{issuer}/{id_}")
    ends = [lapse.at for lapse in regime.lapses[-1:]] if regime is not None else []
    if before is not None and before.status != "proposed":
        ends.append(before.since)
    return max([said, *ends])


def _lasts(effective_at: datetime, expires_at: datetime | None, at: datetime) -> None:
    if expires_at is not None and expires_at <= max(effective_at, at):
        raise Refused("record/time", "a listing expires after it has effect, and after it is received")


def _own(state: State, act: Act, id_: str, permit: str) -> Listing | Schedule:
    """What the issuer itself listed, or Refused."""
    known = found(state.sanctions, id_)
    if known is None:
        raise Refused("record/reference", "there is no listing {listing}", listing=id_)
    if known.issuer != act.party:
        raise Refused(
            permit, "{listing} is of {issuer}: only its issuer says this of it", listing=id_, issuer=known.issuer
        )
    return known


def _in(state: State, known: Listing | Schedule, words: tuple[str, ...], permit: str, at: datetime) -> Standing:
    """What the listing is now, when that is one of these words; or Refused."""
    now = standing(state.sanctions, known, at, at)
    assert now is not None, "what is there was proposed or adopted"
    if now.status not in words or now.on_its_merits:
        raise Refused(
            permit, "{listing} is {status}; it would have to be one of {expected}",
            listing=known.id, status=now.status, expected=", ".join(words),
        )  # fmt: skip
    return now


def _effective(state: State, known: Listing | Schedule, said: datetime, *, whole: bool = False) -> datetime:
    """From when something said of a listing has effect: not before the listing has, or it would change nothing.

    `whole`: it speaks of the listing as it stands, so not of what it was before the last snapback either.
    """
    sanctions = state.sanctions
    schedule = sanctions.schedules[known.schedule].facts if isinstance(known, Listing) and known.schedule else ()
    adopted = [fact.since for fact in (*schedule, *known.facts) if fact.what == "adopted"]
    returns = [one.returned.place.at for one in sanctions.snapbacks.values() if one.returned is not None and whole]
    return max(said, *adopted[-1:], *returns)


def amend(clauses: Clauses, state: State, act: Act, body: acts.AmendListing, at: datetime) -> tuple[Event, ...]:
    """Another instrument for what stands whole."""
    permit, _ = permission(clauses, state, act, at)
    known = _own(state, act, body.listing, permit.id)
    _in(state, known, WHOLE, permit.id, at)
    effective_at = _effective(state, known, body.effective_at, whole=True)
    return (acts.ListingAmended(body.listing, body.instrument, effective_at),)


def relieve(clauses: Clauses, state: State, act: Act, body: acts.GrantRelief, at: datetime) -> tuple[Event, ...]:
    """Relief under an agreed easing; or a deviation, which is recorded as one and permitted to nobody by being so.

    The first relief of an issuer, and the first after a snapback, keeps the digest of everything that it had in force.
    """
    permit, _ = permission(clauses, state, act, at)
    known = _own(state, act, body.listing, permit.id)
    _in(state, known, RELIEVABLE, permit.id, at)
    effective_at = _effective(state, known, body.effective_at, whole=True)
    if body.until is not None and body.until <= max(at, effective_at):
        raise Refused("record/time", "relief ends after it has effect, and after it is received")
    rest = (body.instrument, effective_at, body.until)
    clause = clauses.one(Easing)
    if body.easing is not None:
        conditions.covered(clauses, state, known, body, at)
        given: Event = acts.ReliefGranted(body.listing, body.kind, body.easing, *rest)
    elif clause is not None:
        kept = next((provision for provision, duty in clauses.every(Duty) if duty.kind == "sanctions_kept"), clause[0])
        given = acts.ReliefDeviated(body.listing, body.kind, kept.id, *rest)
    else:
        given = acts.ReliefGranted(body.listing, body.kind, permit.id, *rest)  # the compact asks nobody
    return (*_baseline(state, act.party, at), given)


def _baseline(state: State, issuer: str, at: datetime) -> tuple[Event, ...]:
    """The digest of what the issuer has in force, where none was kept since the last snapback.

    Over the sorted lines `id TAB table or target TAB instrument LF` of schedules and of listings, rows included of
    which something is said.
    """
    sanctions = state.sanctions
    kept = sanctions.baselines.get(issuer)
    returns = [one.returned.place.entry for one in sanctions.snapbacks.values() if one.returned is not None]
    if kept and kept[-1].place.entry > max(returns, default=-1):
        return ()
    lines, count = [], 0
    for schedule in [one for one in sanctions.schedules.values() if one.issuer == issuer]:
        now = standing(sanctions, schedule, at, at)
        if now is not None and now.status in WHOLE:
            lines.append(f"{schedule.id}\t{schedule.table}\t{now.instrument}\n")
            count += schedule.rows
    for listing in (sanctions.listings[id_] for id_ in sanctions.issued.of(issuer)):
        now = standing(sanctions, listing, at, at)
        if now is not None and now.status in WHOLE:
            lines.append(f"{listing.id}\t{listing.target}\t{now.instrument}\n")
            count += listing.schedule is None
        elif now is not None and listing.schedule is not None:
            lines.append(f"{listing.id}\t{listing.target}\t{now.status}\n")
            count -= 1
    digest = hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
    return (acts.BaselineKept(issuer, digest, max(0, count)),)


def delist(clauses: Clauses, state: State, act: Act, body: acts.Delist, at: datetime) -> tuple[Event, ...]:
    """A listing ends for its own reasons, also while it is under relief."""
    permit, _ = permission(clauses, state, act, at)
    known = _own(state, act, body.listing, permit.id)
    _in(state, known, (*WHOLE, *RELIEF), permit.id, at)
    effective_at = _effective(state, known, body.effective_at)
    return (acts.Delisted(body.listing, body.ground, body.instrument, effective_at),)


def record_case(clauses: Clauses, state: State, act: Act, body: acts.RecordCase, at: datetime) -> tuple[Event, ...]:
    """A listing is before a court; whatever happens to it meanwhile happens."""
    permit, _ = permission(clauses, state, act, at)
    now = _in(state, _own(state, act, body.listing, permit.id), (*WHOLE, *RELIEF), permit.id, at)
    if body.case in now.cases:
        raise Refused(permit.id, "{case} is recorded already", case=body.case)
    return (acts.CaseRecorded(body.listing, body.case),)


def record_judgment(
    clauses: Clauses, state: State, act: Act, body: acts.RecordJudgment, at: datetime
) -> tuple[Event, ...]:
    """How a recorded case ended; annulled from the beginning, where the court's moment is before it."""
    permit, _ = permission(clauses, state, act, at)
    known = _own(state, act, body.listing, permit.id)
    now = _in(state, known, (*WHOLE, *RELIEF), permit.id, at)
    if body.case not in now.cases:
        raise Refused("record/reference", "no case {case} about {listing}", case=body.case, listing=body.listing)
    if body.outcome == "dismissed":
        return (acts.CaseDismissed(body.listing, body.case),)
    return (acts.ListingAnnulled(body.listing, body.case, _effective(state, known, body.effective_at)),)


def exempt(clauses: Clauses, state: State, act: Act, body: acts.GrantExemption, at: datetime) -> tuple[Event, ...]:
    """Something carved out of a listing, until a moment or for as long as the listing lasts."""
    permit, _ = permission(clauses, state, act, at)
    _in(state, _own(state, act, body.listing, permit.id), (*WHOLE, *RELIEF), permit.id, at)
    if body.until is not None and body.until <= at:
        raise Refused("record/time", "an exemption ends after it is received")
    return (acts.ExemptionGranted(body.listing, body.exemption, body.kind, body.until),)
