"""Assets, claims and distributions as the entries add up to. Values and evolve; no rule, no compact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from rpds import HashTrieMap

from foedus.history import Few, Map, Place
from foedus.reparations import acts
from foedus.reparations.acts import ReparationsEvent, Total, Value

REPORTED = "reported"
FUND = "fund"
OF_CLAIMS = (
    acts.ClaimsDeposited, acts.ClaimsDecided, acts.DistributionDecided, acts.DistributionRevoked, acts.RunRecorded,
    acts.PaymentRecorded, acts.AccountTaken,
)  # fmt: skip


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
    licence: str = ""


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
    """Money that moved from one account to another, in cents: `asset/AS-1`, `income/AS-1`, `loan/L`, `fund`,
    `award/DS-1` (owed to claimants by a distribution), `payment/DS-1` (paid to them).
    `reference`: of the payment itself.
    """

    source: str
    to: str
    amount: int
    currency: str
    instrument: str
    place: Place
    reference: str = ""


class Decision(Struct, frozen=True, gc=False, array_like=True):
    """What was decided of claims of a batch. `corrected`: when another award took the place of this one."""

    id: str
    batch: str
    to: str
    table: str
    rows: int
    totals: tuple[Total, ...]
    instrument: str
    place: Place
    corrects: str = ""
    corrected: Place | None = None


class Batch(Struct, frozen=True, gc=False, array_like=True):
    """A batch of claims as it was deposited; `decisions`: every decision over claims of it, in order."""

    id: str
    party: str
    register: str
    measure: str
    table: str
    rows: int
    totals: tuple[Total, ...]
    place: Place
    decisions: tuple[Decision, ...] = ()


class Payment(Struct, frozen=True, gc=False, array_like=True):
    """Claimants who were paid, in cents."""

    table: str
    rows: int
    amount: int
    instrument: str
    place: Place


class Distribution(Struct, frozen=True, gc=False, array_like=True):
    """A distribution as it was decided, sums in cents; then run or revoked, and its payments."""

    id: str
    provision: str
    rule: str
    up_to: str
    dry_run: str
    result: str
    rows: int
    fund: int
    currency: str
    paid: int
    reserve: int
    left: int
    instrument: str
    place: Place
    run: Place | None = None
    revoked: Place | None = None
    payments: tuple[Payment, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it is still to be run."""
        return self.run is None and self.revoked is None

    @property
    def outstanding(self) -> int:
        """What claimants are still owed by it."""
        return self.paid - sum(one.amount for one in self.payments) if self.run is not None else 0


class Taken(Struct, frozen=True, gc=False, array_like=True):
    """The account of compensation when a party spoke of a condition."""

    party: str
    account: tuple[acts.Account, ...]
    place: Place


class State(Struct, frozen=True, gc=False, array_like=True):
    """All assets by id, pledges by their loan, and every movement of money by its number, from 1; batches of claims,
    distributions, and by condition what the record showed of compensation whenever somebody spoke of it. `decided`: how
    many decisions over claims there are.
    """

    assets: Map[str, Asset] = HashTrieMap()
    pledges: Map[str, Pledge] = HashTrieMap()
    moved: Map[int, Moving] = HashTrieMap()
    batches: Map[str, Batch] = HashTrieMap()
    distributions: Map[str, Distribution] = HashTrieMap()
    accounts: Map[str, tuple[Taken, ...]] = HashTrieMap()
    decided: int = 0


def evolve(state: State, event: ReparationsEvent, place: Place) -> State:
    """The state after one event of this package. Never refuses: what was recorded is so."""
    if isinstance(event, OF_CLAIMS):
        return _CLAIMS[type(event)](state, event, place)
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
        moved = Moved(
            event.to, event.effective_at, event.instrument, place, event.provision or "", event.licence or ""
        )  # fmt: skip
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
    moving = Moving(source, to, cents(event.amount), event.currency, event.instrument, place, event.reference or "")
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


# --- claims and distributions -------------------------------------------------------------------------------


def _deposited(state: State, event: acts.ClaimsDeposited, place: Place) -> State:
    batch = Batch(
        event.batch, event.party, event.register, event.measure, event.table, event.rows, event.totals, place
    )  # fmt: skip
    return replace(state, batches=state.batches.insert(batch.id, batch))


def _decided(state: State, event: acts.ClaimsDecided, place: Place) -> State:
    batch = state.batches[event.batch]
    earlier = tuple(
        replace(one, corrected=place) if one.id == event.corrects else one for one in batch.decisions
    )  # fmt: skip
    decision = Decision(
        event.decision, event.batch, event.to, event.table, event.rows, event.totals, event.instrument, place,
        event.corrects or "",
    )  # fmt: skip
    batch = replace(batch, decisions=(*earlier, decision))
    return replace(state, batches=state.batches.insert(batch.id, batch), decided=state.decided + 1)


def _shared_out(state: State, event: acts.DistributionDecided, place: Place) -> State:
    one = Distribution(
        event.distribution, event.provision, event.rule, event.up_to, event.dry_run, event.result,
        event.rows, cents(event.fund), event.currency, cents(event.paid), cents(event.reserve), cents(event.left),
        event.instrument, place,
    )  # fmt: skip
    return _with(state, one)


def _ran(state: State, event: acts.RunRecorded, place: Place) -> State:
    one = state.distributions[event.distribution]
    moving = Moving(FUND, f"award/{one.id}", one.paid, one.currency, one.instrument, place)
    return _with(replace(state, moved=state.moved.insert(len(state.moved) + 1, moving)), replace(one, run=place))


def _revoked(state: State, event: acts.DistributionRevoked, place: Place) -> State:
    return _with(state, replace(state.distributions[event.distribution], revoked=place))


def _paid(state: State, event: acts.PaymentRecorded, place: Place) -> State:
    one = state.distributions[event.distribution]
    payment = Payment(event.table, event.rows, cents(event.amount), event.instrument, place)
    moving = Moving(f"award/{one.id}", f"payment/{one.id}", payment.amount, one.currency, event.instrument, place)
    state = replace(state, moved=state.moved.insert(len(state.moved) + 1, moving))
    return _with(state, replace(one, payments=(*one.payments, payment)))


def _taken(state: State, event: acts.AccountTaken, place: Place) -> State:
    earlier = state.accounts.get(event.condition) or ()
    taken = (*earlier, Taken(event.party, event.account, place))
    return replace(state, accounts=state.accounts.insert(event.condition, taken))


def _with(state: State, one: Distribution) -> State:
    return replace(state, distributions=state.distributions.insert(one.id, one))


_CLAIMS: dict[type, Callable[[State, Any, Place], State]] = {
    acts.ClaimsDeposited: _deposited,
    acts.ClaimsDecided: _decided,
    acts.DistributionDecided: _shared_out,
    acts.DistributionRevoked: _revoked,
    acts.RunRecorded: _ran,
    acts.PaymentRecorded: _paid,
    acts.AccountTaken: _taken,
}
