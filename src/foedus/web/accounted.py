"""The record's own account as a page of charts asks for it: which sums of it, in which unit, and how they are said.

`stage`, `kind`, `year`, `party` and `unit` choose what is shown, `per` by what shares are measured. Money is shown
together, in euros at the reference rates of the day of the page. Every sum is a range: what is not disclosed has no
upper end, and is never nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Literal

from msgspec import Struct

from foedus.commitments.burden import Carried, carried
from foedus.commitments.sources.policies import of_one_day
from foedus.commitments.state import STAGES, UNDATED, Bounds
from foedus.commitments.valuing import Rate, in_euros
from foedus.history import Few
from foedus.vintages import MEASURES, Measure, newest_products
from foedus.web import asked, moments
from foedus.web.owed import Owed
from foedus.web.page import Page
from foedus.words.said_commitments import unit_name

MONEY = "money"
FILTERS = ("stage", "unit", "kind", "year", "party", "per")
MILLION, ONE = Decimal(1_000_000), Decimal(1)
TOTAL = "total"
PER = (TOTAL, *MEASURES)
Key = tuple[str, ...]
By = Literal["stage", "party", "kind", "year"]
AXES: tuple[By, ...] = ("stage", "party", "kind", "year")


class Denominator(Struct, frozen=True):
    """By what a sum is divided: a figure for each party, of one year, from which file.

    `times`: of a share, by how much it is said larger: a hundred for per cent.
    """

    figures: Mapping[str, Decimal]
    year: str
    file: str
    licence: str
    kept_on: date
    times: Decimal


class Accounted:
    """What a page of charts asks of the account, once each."""

    def __init__(self, page: Page) -> None:
        self.page, self.owed = page, Owed(page)
        self.state = self.owed.state
        self.policy = of_one_day(page.at.date())
        self._rates: dict[str, Rate | None] = {}
        named = [(name.split("|"), amounts) for name, amounts in sorted(self.state.sums.items())]
        every = [(key, amounts) for key, amounts in named if key[0] in STAGES]
        stages, parties, kinds, units = ({key[place] for key, _ in every} for place in range(4))
        years = set().union(*(amounts for _, amounts in every))
        self.parties = tuple(sorted(parties, key=lambda one: page.sort_key(page.name(one))))
        self.party = asked.choice(page, "party", self.parties)
        self.kinds = tuple(sorted(kinds, key=self.owed.kind))
        self.kind = asked.choice(page, "kind", self.kinds)
        self.years = tuple(sorted(years))
        self.year = asked.choice(page, "year", self.years)
        self.units = (*((MONEY,) if any(one.isupper() for one in units) else ()),
                      *sorted((one for one in units if not one.isupper()), key=self.owed.unit))  # fmt: skip
        here = {MONEY if key[3].isupper() else key[3] for key, _ in every if self.party in (None, key[1])}
        self.unit = asked.choice(page, "unit", self.units) or next((one for one in self.units if one in here), MONEY)
        self.money = self.unit == MONEY
        self._read(every)
        self.stages = tuple(one for one in STAGES if one in stages)
        found = {key[0] for key in self._lines if self.party in (None, key[1])}
        default = next((one for one in ("committed", *self.stages) if one in found), "committed")
        self.stage = asked.choice(page, "stage", self.stages) or default
        kept = (one for one in MEASURES if self.denominators[one])
        self.per = asked.choice(page, "per", PER) or next(kept, TOTAL)

    def _read(self, every: Iterable[tuple[list[str], Few[Bounds]]]) -> None:
        """Sums by stage, party, kind and year in the unit of the page; what cannot be said in it, by stage."""
        self._lines: dict[tuple[str, str, str, str], Bounds] = {}
        self._beside: set[tuple[str, str]] = set()
        for (stage, party, kind, unit), amounts in every:
            for year, amount in amounts.items():
                counted = self._in_unit(unit, amount)
                if counted is None:  # so is what is of the other years: all are of one unit
                    self._beside.add((stage, unit))
                    break
                key = (stage, party, kind, year)
                known = self._lines.get(key)
                self._lines[key] = counted if known is None else known.plus(counted)

    # --- sums -----------------------------------------------------------------------------------------------

    def _in_unit(self, unit: str, amount: Bounds) -> Bounds | None:
        """A sum in the unit of the page; None for what is of another, or has no rate."""
        if self.unit != MONEY:
            return amount if unit == self.unit else None
        if not unit.isupper():
            return None
        if unit not in self._rates:
            self._rates[unit] = self.policy.rate(unit, self.page.at.date())
        rate = self._rates[unit]
        return None if rate is None else in_euros(amount, rate)

    def sums(self, *by: By, stage: str | None = None) -> dict[Key, Bounds]:
        """Sums by the axes named, of what the page chose; at one stage where it is named."""
        places = [AXES.index(axis) for axis in by]
        found: dict[Key, Bounds] = {}
        for key, amount in self._lines.items():
            of_stage, party, kind, year = key
            if (
                (stage is None or of_stage == stage)
                and (self.party is None or party == self.party)
                and (self.kind is None or kind == self.kind)
                and (self.year is None or year == self.year)
            ):
                name = tuple([key[place] for place in places])
                known = found.get(name)
                found[name] = amount if known is None else known.plus(amount)
        return dict(sorted(found.items()))

    @cached_property
    def months(self) -> dict[Key, Bounds]:
        """Sums by stage, kind and month, of every party together; `undated` sorts last."""
        found: dict[Key, Bounds] = {}
        for name, amounts in sorted(self.state.months.items()):
            stage, kind, unit, year = name.split("|")
            if stage not in STAGES or self.kind not in (None, kind) or self.year not in (None, year):
                continue
            for month, amount in amounts.items():
                counted = self._in_unit(unit, amount)
                if counted is not None:
                    key = (stage, kind, month)
                    found[key] = found.get(key, Bounds()).plus(counted)
        return dict(sorted(found.items()))

    def carried(self) -> list[Carried]:
        """Who carries how much at the chosen stage; of what is set aside who pays, with shares in a union's."""
        if self.stage == "allocated":
            found = carried(self.state, self.unions, self._in_unit, kind=self.kind, year=self.year)
            return [one for one in found if self.party in (None, one.party)]
        return [Carried(key[0], amount, Bounds()) for key, amount in self.sums("party", stage=self.stage).items()]

    @cached_property
    def unions(self) -> frozenset[str]:
        """Parties of which others are members."""
        return frozenset(union for one in self.page.compact.parties for union in one.part_of)

    @cached_property
    def denominators(self) -> dict[str, Denominator | None]:
        """By what shares can be measured beside the sum itself; None where no table is kept."""
        return {measure: self._denominator(measure) for measure in MEASURES}

    def _denominator(self, measure: Measure) -> Denominator | None:
        store = self.page.depositary.store
        kept = newest_products(store, measure, self.page.known)
        if kept is None:
            return None
        table = self.page.console.vintages.products(store, kept.table)
        year = max(table)
        times = ONE if measure == "population" else Decimal(100)
        return Denominator(table[year], year, kept.name, kept.licence, kept.at.date(), times)

    def share(self, party: str, amount: Bounds, per: str) -> Bounds | None:
        """A sum as it is measured: itself in millions, or over the party's figure; None where none is found."""
        if per == TOTAL:
            return self.scaled(amount)
        known = self.denominators[per]
        figure = known.figures.get(party) if known else None
        if known is None or not figure:
            return None
        return Bounds(amount.low / figure * known.times, amount.high / figure * known.times, amount.open)

    # --- words ----------------------------------------------------------------------------------------------

    def scaled(self, amount: Bounds) -> Bounds:
        """A sum as it is drawn and written: money in millions, things as they are."""
        return Bounds(amount.low / MILLION, amount.high / MILLION, amount.open) if self.money else amount

    def much(self, amount: Bounds | None) -> str:
        """A sum without its unit; a dash where nothing is said of it."""
        return "—" if amount is None else self.span(self.scaled(amount))

    def said(self, amount: Bounds) -> str:
        """A sum with its unit; that nothing of it is disclosed."""
        _ = self.page.words.gettext
        if amount.open and not any(ends(amount)):
            return self.much(amount)
        certain = self.much(Bounds(amount.low, amount.high))
        said = _("%(much)s %(unit)s", much=certain, unit=self.unit_words)
        return _("%(amount)s or more", amount=said) if amount.open else said

    def span(self, amount: Bounds, places: int | None = None) -> str:
        """A number or a range, what has no upper end, what is not disclosed at all."""
        _ = self.page.words.gettext
        low, high = ends(amount)
        if amount.open and not low and not high:
            return _("not disclosed")
        said = self.fixed(low, places)
        if low != high:
            said = f"{said}–{self.fixed(high, places)}"
        return _("%(amount)s or more", amount=said) if amount.open else said

    def fixed(self, value: Decimal, places: int | None = None) -> str:
        """A number, small ones with a decimal; what is not nothing is never said as nothing."""
        digits = places if places is not None else 0 if abs(value) >= 100 or value == value.to_integral_value() else 1
        if value and abs(value) < Decimal(1).scaleb(-digits):
            digits = max(digits, 1 - value.adjusted())
        return self.page.words.number(f"{value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}")

    def tick(self, value: float) -> str:
        """A tick of an axis."""
        return self.page.words.number(f"{value:.10g}") if value else "0"

    @cached_property
    def unit_words(self) -> str:
        """In what sums are said."""
        return self.page.words.gettext("million EUR") if self.money else unit_name(self.owed.speech, self.unit)

    def year_words(self, year: str) -> str:
        """A year, or that it has none."""
        return self.page.words.gettext("undated") if year == UNDATED else year

    def per_words(self, per: str) -> str:
        """By what a share is measured, with the year of its figures."""
        _ = self.page.words.gettext
        known = self.denominators.get(per)
        said = {
            TOTAL: _("total"), "gdp": _("per cent of GDP"), "population": _("EUR per head"),
            "defence": _("per cent of defence spending"),
        }[per]  # fmt: skip
        return f"{said}, {known.year}" if known else said

    @cached_property
    def left_out(self) -> str:
        """What the sums of this page do not hold: currencies without a rate, things beside money."""
        _, names = self.page.words.gettext, self.page.words.items
        if not self.money:
            return ""
        units = sorted(unit for stage, unit in self._beside if stage == self.stage)
        found = []
        if without := [one for one in units if one.isupper()]:
            found.append(_("Not in it, for want of a rate: %(amounts)s.", amounts=names(without)))
        if things := sum(not one.isupper() for one in units):
            found.append(self.page.words.ngettext(
                "Not in it: what is owed in %(num)s other unit.", "Not in it: what is owed in %(num)s other units.",
                things))  # fmt: skip
        return " ".join(found)

    @cached_property
    def source(self) -> str:
        """Of which record, as of which day, and at which rates."""
        said, _ = self.owed.source, self.page.words.gettext
        used = next((rate for rate in self._rates.values() if rate and rate.on), None)
        if self.money and used and used.on:
            said += _("; rates of %(source)s of %(day)s", source=used.source, day=self.page.day(used.on))
        return said

    @cached_property
    def query(self) -> dict[str, str]:
        """What was asked for, for the address of another view of the same."""
        return {name: self.page.query[name] for name in (*FILTERS, "at", "known") if self.page.query.get(name)}

    @cached_property
    def lasting(self) -> dict[str, str]:
        """The same as it stands now, for ever: with both times, and every choice by its name."""
        chosen = {"stage": self.stage, "unit": self.unit, "kind": self.kind, "year": self.year, "party": self.party,
                  "per": self.per}  # fmt: skip
        times = {"at": moments.iso(self.page.at), "known": moments.iso(self.page.known)}
        return {name: value for name, value in (chosen | times).items() if value}


def ends(amount: Bounds) -> tuple[Decimal, Decimal]:
    """The lower and the upper end: what was taken over from someone within a range turns them round."""
    return min(amount.low, amount.high), max(amount.low, amount.high)


def whole(several: Iterable[Bounds]) -> Bounds:
    """All of them together."""
    found = Bounds()
    for one in several:
        found = found.plus(one)
    return found
