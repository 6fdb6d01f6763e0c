"""Property that is held: reported and valued by anyone who may, moved by the party in whose jurisdiction it lies.

The compact says whose property may be confiscated; each party takes it by its own law and records that. Figures are
kept as they are disclosed: no rule adds them, prefers one or derives one. A court's stay stops what cannot be undone.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from foedus.acts import Act, Event
from foedus.compact.clauses import Clauses
from foedus.compact.model import Compensation
from foedus.errors import Refused
from foedus.parties.authority import permission
from foedus.reparations import acts
from foedus.reparations.state import REPORTED, Asset
from foedus.sanctions.status import standing
from foedus.state import State

# What may become of an asset next.
NEXT: dict[str, tuple[str, ...]] = {
    REPORTED: ("immobilised", "restrained"),
    "immobilised": ("restrained", "ring_fenced", "forfeited", "released"),
    "restrained": ("immobilised", "ring_fenced", "forfeited", "released"),
    "ring_fenced": ("immobilised", "restrained", "forfeited", "released"),
    "forfeited": ("sold", "transferred"),
    "sold": ("transferred",),
    "transferred": ("paid_out",),
    "paid_out": (),
    "released": ("immobilised", "restrained"),
}
FOR_GOOD = ("forfeited", "sold", "transferred", "paid_out")


def report(clauses: Clauses, state: State, act: Act, body: acts.ReportAsset, at: datetime) -> tuple[Event, ...]:
    """Property of those whose property the compact speaks of, and of nobody else."""
    permit, _ = permission(clauses, state, act, at)
    _power(clauses, body.owner, permit.id)
    _ranged(permit.id, body.figure, at)
    id_ = f"AS-{len(state.reparations.assets) + 1}"
    return (acts.AssetReported(id_, act.party, body.holder, body.kind, body.owner, body.figure, body.target),)


def value(clauses: Clauses, state: State, act: Act, body: acts.ValueAsset, at: datetime) -> tuple[Event, ...]:
    """A figure that nobody has said yet in just this way."""
    permit, _ = permission(clauses, state, act, at)
    asset = _asset(state, body.asset)
    _ranged(permit.id, body.figure, at)
    if any(figure.value == body.figure and figure.party == act.party for figure in asset.figures):
        raise Refused(permit.id, "{party} has said this of {asset} already", party=act.party, asset=asset.id)
    return (acts.AssetValued(asset.id, act.party, body.figure),)


def _ranged(clause: str, said: acts.Value, at: datetime) -> None:
    if Decimal(said.low) > Decimal(said.high):
        raise Refused(clause, "a value from {low} to {high}: the lower end comes first", low=said.low, high=said.high)
    if said.as_of > at.date():
        raise Refused("record/time", "a value of {day} cannot be known yet", day=said.as_of.isoformat())


def move(clauses: Clauses, state: State, act: Act, body: acts.MoveAsset, at: datetime) -> tuple[Event, ...]:
    """One step along the way, by the party in whose jurisdiction the asset lies.

    Forfeiture needs a clause of compensation that names the owner; of persons under sanctions, that the person is named
    and a listing of that person is in force somewhere among the parties. While such a listing is in force nothing is
    released but by a licence, and nothing that secures a loan before that is served. Paid out is what brought something
    to the fund.
    """
    permit, _ = permission(clauses, state, act, at)
    asset = of_party(state, act, body.asset, permit.id)
    if body.to not in NEXT[asset.standing]:
        raise Refused(
            permit.id, "{asset} is {standing}: it cannot become {to} next", asset=asset.id, standing=asset.standing,
            to=body.to,
        )  # fmt: skip
    if body.to in FOR_GOOD and asset.stayed_by:
        raise Refused(
            permit.id, "{asset} is under a court's stay in {case}: it cannot become {to} before that ends",
            asset=asset.id, case=asset.stayed_by[0], to=body.to,
        )  # fmt: skip
    if body.effective_at > at:
        raise Refused("record/time", "what became of an asset is recorded once it is so in law")
    if body.to == "released":
        _free(state, asset, body.licence, at, permit.id)
    if body.to == "paid_out" and not _brought(state, asset):
        raise Refused(permit.id, "nothing that {asset} brought is in the fund yet", asset=asset.id)
    power = _taken(clauses, state, asset, at, permit.id) if body.to == "forfeited" else None
    return (acts.AssetMoved(asset.id, body.to, body.instrument, body.effective_at, power, body.licence),)


def _free(state: State, asset: Asset, licence: str | None, at: datetime, permit: str) -> None:
    """Refuses to release what secures a loan, or what is a listed person's without a licence."""
    loans = (one for one in state.reparations.pledges.values() if one.asset == asset.id and one.outstanding)
    owed = min(loans, key=lambda one: one.loan, default=None)
    if owed is not None:
        raise Refused(
            permit, "the {part} of {asset} is pledged to {loan} until that is served", part=owed.part, asset=asset.id,
            loan=owed.loan,
        )  # fmt: skip
    if asset.target and licence is None and _listed(state, asset.target, at):
        raise Refused(
            permit, "{target}, whose property {asset} is, is under sanctions in force: a licence is needed",
            target=asset.target, asset=asset.id,
        )  # fmt: skip


def _brought(state: State, asset: Asset) -> bool:
    return any(one.source == f"asset/{asset.id}" for one in state.reparations.moved.values())


def _power(clauses: Clauses, owner: str, permit: str) -> tuple[str, Compensation]:
    """The provision by which property of this owner may be confiscated, and what it says."""
    found = next(((one.id, clause) for one, clause in clauses.every(Compensation) if owner in clause.property_of), None)
    if found is None:
        raise Refused(permit, "no clause lets property of {owner} be confiscated", owner=owner)
    return found


def _taken(clauses: Clauses, state: State, asset: Asset, at: datetime, permit: str) -> str:
    """The provision by which the asset is forfeited."""
    found, clause = _power(clauses, asset.owner, permit)
    if not asset.target and asset.owner in clause.listed:
        raise Refused(
            found, "{asset} names nobody under sanctions whose it is: report it with the target", asset=asset.id
        )
    if asset.target and not _listed(state, asset.target, at):
        raise Refused(
            found, "{target}, whose property {asset} is, is under no sanctions in force", target=asset.target,
            asset=asset.id,
        )  # fmt: skip
    return found


def _listed(state: State, target: str, at: datetime) -> bool:
    known = state.sanctions
    for id_ in known.targets.get(target, ()):
        found = standing(known, known.listings[id_], at, at)
        if found is not None and found.in_law == "yes":
            return True
    return False


def stay(clauses: Clauses, state: State, act: Act, body: acts.RecordStay, at: datetime) -> tuple[Event, ...]:
    """A stay begins once for each case, and ends once."""
    permit, _ = permission(clauses, state, act, at)
    asset = of_party(state, act, body.asset, permit.id)
    running = body.case in asset.stayed_by
    if running and not body.ended:
        raise Refused(permit.id, "the stay in {case} is recorded already", case=body.case)
    if body.ended and not running:
        raise Refused(permit.id, "there is no stay in {case} that could end", case=body.case)
    return (acts.StayEnded(asset.id, body.case) if body.ended else acts.StayRecorded(asset.id, body.case),)


def _asset(state: State, id_: str) -> Asset:
    asset = state.reparations.assets.get(id_)
    if asset is None:
        raise Refused("record/reference", "there is no asset {asset}", asset=id_)
    return asset


def of_party(state: State, act: Act, id_: str, permit: str) -> Asset:
    asset = _asset(state, id_)
    if asset.party != act.party:
        raise Refused(
            permit, "{asset} lies in the jurisdiction of {party}, which alone records what becomes of it",
            asset=asset.id, party=asset.party,
        )  # fmt: skip
    return asset
