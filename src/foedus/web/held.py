"""Property that is held and money that moved, as a page asks for it: now, or as it stood `at` and was `known`.

Nothing here adds figures of value. Money is counted from movements alone, in cents, in each currency by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from foedus.published import Collection, Published, published
from foedus.reparations.acts import Value
from foedus.reparations.ledger import secured
from foedus.reparations.state import Asset, Figure, Moving, Pledge
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words.names import Names
from foedus.words.titles import ASSET_KINDS, ASSET_STEPS, BASES, CONFIDENCES, PLEDGED, SPLITS, title

NOT_SAID = "not-said"  # the holder, where the party that reports names none
BILLION, MILLION = Decimal(10**9), Decimal(10**6)
MARKS = {
    "reported": ("empty", "ink"), "immobilised": ("square-bars", "ink"), "restrained": ("square-half", "blue"),
    "ring_fenced": ("square-plus", "blue"),
    "forfeited": ("square", "ink"), "sold": ("square-dot", "ink"), "transferred": ("tick", "green"),
    "paid_out": ("tick", "green"), "released": ("cross", "ink"),
}  # fmt: skip


class Burden(Struct, frozen=True):
    """A loan that an asset secures, as far as it was served then."""

    pledge: Pledge
    served: int

    @property
    def outstanding(self) -> int:
        """What is still to be served, in cents."""
        return self.pledge.amount - self.served


class Held:
    """What a page asks of the assets, once each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.state = page.state.reparations

    @cached_property
    def assets(self) -> list[Asset]:
        """Every asset that was known then, in the order in which they were reported."""
        seen = (self.page.see(one) for one in self.state.assets.values())
        return sorted((one for one in seen if one is not None), key=lambda one: int(one.id.partition("-")[2]))

    def holder(self, one: Asset) -> str:
        """Who holds it, as words: the record has a code."""
        return self.page.words.gettext("holder not named") if one.holder == NOT_SAID else one.holder.replace("-", " ")

    def asset(self, id_: str) -> Asset | None:
        """One asset as it stood then; None where it was not known."""
        return self.page.see(self.state.assets.get(id_))

    @cached_property
    def moved(self) -> list[tuple[int, Moving]]:
        """Every movement of money by then, with its number, in order."""
        every = ((number, self.state.moved[number]) for number in range(1, len(self.state.moved) + 1))
        return [(number, one) for number, one in every if one.place.seen(self.page.at, self.page.known)]

    @cached_property
    def burdens(self) -> dict[str, list[Burden]]:
        """What each asset secures, by the asset's id."""
        every = secured(self.state, self.page.at, self.page.known)
        return {asset: [Burden(one, one.served) for one in pledges] for asset, pledges in every.items()}

    def income(self, asset: str) -> list[Moving]:
        """What moved out of one asset: income and proceeds."""
        return [one for _, one in self.moved if one.source in (f"income/{asset}", f"asset/{asset}")]

    @cached_property
    def collection(self) -> Collection:
        """What is published beside the compact, left out what is of a later day than the page speaks of."""
        every = published(self.page.compact.id)
        day = self.page.at.date().isoformat()
        return replace(every, figures=tuple(one for one in every.figures if one.as_of <= day[: len(one.as_of)]))

    def source(self, figure: Figure) -> Published | None:
        """The published figure that a party repeats in its act; None where it says something of its own."""
        return next((one for one in self.collection.figures if one.code and _same(one, figure.value)), None)

    # --- words ----------------------------------------------------------------------------------------------

    def kind(self, code: str) -> str:
        """A kind of property."""
        return title(self.page.words, ASSET_KINDS, code)

    def step(self, code: str) -> Mark:
        """A state, with its symbol."""
        shape, colour = MARKS[code]
        return Mark(shape, colour, title(self.page.words, ASSET_STEPS, code))

    def standing(self, one: Asset) -> Mark:
        """What an asset is in law at the moment of the page."""
        return self.step(one.standing_at(self.page.at))

    def basis(self, code: str) -> str:
        """On what basis a figure stands."""
        return title(self.page.words, BASES, code)

    def confidence(self, code: str) -> str:
        """How sure it is."""
        return title(self.page.words, CONFIDENCES, code)

    def split(self, code: str) -> str:
        """By what it is split."""
        return title(self.page.words, SPLITS, code)

    def part(self, code: str) -> str:
        """What of an asset secures a loan."""
        return title(self.page.words, PLEDGED, code)

    def much(self, value: Value) -> str:
        """A range with its currency, as short as it can be said exactly: `180–193 bn EUR`."""
        return self.between(value.low, value.high, value.currency)

    def between(self, low: str | None, high: str | None, unit: str) -> str:
        """The same of two ends, one of which may be missing."""
        _ = self.page.words.gettext
        ends = [Decimal(one) for one in (low, high) if one is not None]
        if not ends:
            return _("not disclosed")
        size = min(ends, key=lambda one: (one == 0, one))
        scale, form = (
            (BILLION, _("%(range)s bn %(unit)s")) if size >= BILLION / 100 and max(ends) >= BILLION
            else (MILLION, _("%(range)s m %(unit)s")) if size >= MILLION
            else (Decimal(1), _("%(range)s %(unit)s"))
        )  # fmt: skip
        first, last = (self.page.words.number(f"{(end / scale).normalize():f}") for end in (ends[0], ends[-1]))
        if high is None:
            return _("at least %(amount)s", amount=form % {"range": first, "unit": unit})
        return form % {"range": first if first == last else f"{first}–{last}", "unit": unit}

    def cents(self, amount: int, currency: str) -> str:
        """A sum of the ledger, exact."""
        sign, whole = ("\u2212" if amount < 0 else ""), abs(amount)
        point = self.page.words.number("0.5")[1]
        return f"{sign}{self.page.words.number(whole // 100)}{point}{whole % 100:02}\u00a0{currency}"

    def sum(self, amount: int, currency: str) -> str:
        """The same, short where that says as much: a whole number of millions."""
        whole, rest = divmod(amount, 100)
        return self.cents(amount, currency) if rest or whole % 10**6 else self.between(str(whole), str(whole), currency)

    def owner(self, code: str) -> str:
        """Whose property it is, as the compact names them."""
        return Names(self.page.words, self.page.clauses).party(code)

    def as_of(self, one: Published) -> str:
        """The day of a published figure, as exactly as its source says it."""
        parts, day = one.as_of.split("-"), one.last_day
        if day is None:
            return self.page.words.gettext("undated")
        return parts[0] if len(parts) == 1 else self.page.words.month(day) if len(parts) == 2 else self.page.day(day)

    def account(self, name: str) -> str:
        """An account of the ledger in words."""
        _ = self.page.words.gettext
        kind, _slash, of = name.partition("/")
        return {
            "asset": _("proceeds of %(id)s", id=of), "income": _("income of %(id)s", id=of),
            "loan": _("loan %(id)s", id=of), "fund": _("the fund"), "award": _("awards by %(id)s", id=of),
            "payment": _("claimants paid by %(id)s", id=of),
        }.get(kind, name)  # fmt: skip


def _same(one: Published, value: Value) -> bool:
    return (one.low, one.high, one.unit, one.code, one.last_day) == (
        value.low, value.high, value.currency, value.discloser, value.as_of
    )  # fmt: skip


def largest(figures: tuple[Figure, ...]) -> Value | None:
    """The figure by who holds it that reaches highest: what a map shades by, and never a sum."""
    held = [one.value for one in figures if one.value.split == "custody"]
    return max(held, key=lambda one: Decimal(one.high), default=None)


def by_split(figures: tuple[Figure, ...], split: str) -> Iterator[Figure]:
    """The figures of one split, newest day first."""
    return iter(sorted((one for one in figures if one.value.split == split), key=lambda one: one.value.as_of,
                       reverse=True))  # fmt: skip
