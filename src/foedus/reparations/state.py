"""Assets as the entries add up to. Values and evolve; no rule, no compact."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.history import Few, Map, Place
from foedus.reparations import acts
from foedus.reparations.acts import ReparationsEvent, Value

REPORTED = "reported"
FUND = "fund"


class Figure(Struct, frozen=True, gc=False, array_like=True):
    """What a party said of an asset's value."""

    value: Value
    party: str
    place: Place


class Moved(Struct, frozen=True, gc=False, array_like=True):
    """One step of an asset, in law since `since`, which may be before or after `place`."""

    to: str
    since: datetime
    instrument: str
    place: Place
    provision: str = ""


class Stay(Struct, frozen=True, gc=False, array_like=True):
    """A court's stay, by its case."""

    case: str
    place: Place
    ended: Place | None = None


class Asset(Struct, frozen=True, gc=False, array_like=True):
    """An asset with its whole history: figures as they were disclosed, steps, stays by case."""

    id: str
    party: str
    holder: str
    kind: str
    owner: str
    target: str
    place: Place
    figures: tuple[Figure, ...] = ()
    steps: tuple[Moved, ...] = ()
    stays: Few[tuple[Stay, ...]] = Few()

    @property
    def standing(self) -> str:
        """What it is: its last step."""
        return self.steps[-1].to if self.steps else REPORTED

    def standing_at(self, at: datetime) -> str:
        """What it was in law at a moment, by the steps known."""
        so = [step for step in self.steps if step.since <= at]
        return so[-1].to if so else REPORTED

    @property
    def stayed_by(self) -> tuple[str, ...]:
        """Cases whose stay has not ended, in the order of names."""
        return tuple(case for case, stays in self.stays.items() if stays[-1].ended is None)


class Pledge(Struct, frozen=True, gc=False, array_like=True):
    """A loan that an asset secures, in cents; `served`: what income has paid of it."""

    loan: str
    asset: str
    part: str
    amount: int
    currency: str
    place: Place
    served: int = 0
    instrument: str = ""

    @property
    def outstanding(self) -> int:
        """What is still to be served."""
        return self.amount - self.served


class Moving(Struct, frozen=True, gc=False, array_like=True):
    """Money that moved from one account to another, in cents: `asset/AS-1`, `income/AS-1`, `loan/L`, `fund`."""

    source: str
    to: str
    amount: int
    currency: str
    instrument: str
    place: Place


class State(Struct, frozen=True, gc=False, array_like=True):
    """All assets by id, pledges by their loan, and every movement of money by its number, from 1."""

    assets: Map[str, Asset] = HashTrieMap()
    pledges: Map[str, Pledge] = HashTrieMap()
    moved: Map[int, Moving] = HashTrieMap()


def evolve(state: State, event: ReparationsEvent, place: Place) -> State:
    """The state after one event of this package. Never refuses: what was recorded is so."""
    if isinstance(event, acts.AssetReported):
        figure = Figure(event.figure, event.party, place)
        asset = Asset(
            event.asset, event.party, event.holder, event.kind, event.owner, event.target or "", place, (figure,)
        )
        return _kept(state, asset)
    if isinstance(event, acts.AssetPledged):
        pledge = Pledge(event.loan, event.asset, event.part, cents(event.amount), event.currency, place, 0,
                        event.instrument)  # fmt: skip
        return replace(state, pledges=state.pledges.insert(event.loan, pledge))
    if isinstance(event, acts.LoanServed):
        pledge = state.pledges[event.loan]
        pledge = replace(pledge, served=pledge.served + cents(event.amount))
        state = replace(state, pledges=state.pledges.insert(event.loan, pledge))
        return _money(state, f"income/{event.asset}", f"loan/{event.loan}", event, place)
    if isinstance(event, acts.IncomeSetApart):
        return _money(state, f"income/{event.asset}", FUND, event, place)
    if isinstance(event, acts.ProceedsPaid):
        return _money(state, f"asset/{event.asset}", FUND, event, place)
    asset = state.assets[event.asset]
    if isinstance(event, acts.AssetValued):
        figure = Figure(event.figure, event.party, place)
        return _kept(state, replace(asset, figures=(*asset.figures, figure)))
    if isinstance(event, acts.AssetMoved):
        moved = Moved(event.to, event.effective_at, event.instrument, place, event.provision or "")
        return _kept(state, replace(asset, steps=(*asset.steps, moved)))
    stays = asset.stays.get(event.case, ())
    if isinstance(event, acts.StayRecorded):
        stays = (*stays, Stay(event.case, place))
    else:
        stays = (*stays[:-1], replace(stays[-1], ended=place))
    return _kept(state, replace(asset, stays=asset.stays.insert(event.case, stays)))


def _money(
    state: State, source: str, to: str, event: acts.LoanServed | acts.IncomeSetApart | acts.ProceedsPaid, place: Place
) -> State:
    moving = Moving(source, to, cents(event.amount), event.currency, event.instrument, place)
    return replace(state, moved=state.moved.insert(len(state.moved) + 1, moving))


def cents(amount: str) -> int:
    """A sum as a whole number of cents."""
    return int(Decimal(amount).scaleb(2))


def shown(amount: int) -> str:
    """Cents as a sum; below nothing with its sign."""
    sign, whole = ("-" if amount < 0 else ""), abs(amount)
    return f"{sign}{whole // 100}.{whole % 100:02}"


def _kept(state: State, asset: Asset) -> State:
    return replace(state, assets=state.assets.insert(asset.id, asset))
