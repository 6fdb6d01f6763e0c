"""One vintage of a tracker as a page asks for it: which, which rows of it, and how it is said.

`?vintage=` chooses one by its digest, else the newest that was kept by then; `stage`, `kind`, `group`, `year` and `gdp`
choose what is shown. Nothing is counted here that `foedus.commitments.sources` does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

from msgspec.structs import replace

from foedus.commitments.sources.donors import INSTITUTIONS, donor_name, group_of
from foedus.commitments.sources.model import KINDS, STAGES, Note, Place, Row, Stage, Vintage
from foedus.commitments.sources.shares import Share, default_stage, shares
from foedus.commitments.sources.totals import happened_by
from foedus.errors import Malformed
from foedus.vintages import Entry, chosen, entries, newest_products
from foedus.web import asked
from foedus.web.page import Page
from foedus.words import trackers as said
from foedus.words.failures import say_because

BILLION = 1_000_000_000
FILTERS = ("vintage", "stage", "kind", "group", "year", "gdp")
ZERO = Decimal(0)


class Tracked:
    """What a page of commitments asks of the archive, once each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        store = page.depositary.store
        self.entries: list[Entry] = [one for one in entries(store) if one.at <= page.known]
        named = asked.code(page, "vintage")
        self.entry: Entry | None = chosen(self.entries, named) if named else self.entries[0] if self.entries else None
        self.kind = asked.choice(page, "kind", KINDS)
        self.group = asked.choice(page, "group", tuple(said.GROUPS))
        self.year = asked.code(page, "year")

    @cached_property
    def vintage(self) -> Vintage:
        """The vintage, whole."""
        assert self.entry is not None, "a page without a vintage asks for none"
        return self.of(self.entry)

    def of(self, entry: Entry) -> Vintage:
        """Another one."""
        return self.page.console.vintages.vintage(self.page.depositary.store, entry.table)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that it has money at, in order."""
        has = {row.stage for row in self.vintage.rows if row.standing == "counted"}
        return tuple(stage for stage in STAGES if stage in has)

    @cached_property
    def stage(self) -> Stage:
        """The stage asked for, by default the one that the source measures. Raises Malformed for one it has not."""
        wanted = asked.choice(self.page, "stage", self.stages)
        return next((one for one in self.stages if one == wanted), default_stage(self.vintage))

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The years in which it has something, then `undated`."""
        return tuple(sorted({row.year for row in self.vintage.rows if row.standing == "counted"}))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows that the filters leave, of every stage. Raises Malformed for a year or group that it has not."""
        if self.year is not None and self.year not in self.years:
            raise Malformed(
                "`year` is one of {expected}; found {text!r}", expected=", ".join(self.years), text=self.year[:40]
            )
        if self.group and not self.vintage.members:
            raise Malformed("this vintage does not say who is a member of the EU: leave `group` out")
        day = self.page.at.date() if "at" in self.page.query else None
        return tuple(
            row
            for row in self.vintage.rows
            if self.kind in (None, row.kind)
            and self.year in (None, row.year)
            and self.group in (None, group_of(row, self.vintage.members))
            and happened_by(row, day)
        )

    @cached_property
    def narrowed(self) -> Vintage:
        """The vintage with the chosen rows alone."""
        return replace(self.vintage, rows=self.rows)

    @cached_property
    def query(self) -> dict[str, str]:
        """What was asked for, for the address of another view of the same; the vintage is always named."""
        kept = {name: self.page.query[name] for name in FILTERS if self.page.query.get(name)}
        return kept | ({"vintage": self.entry.table[:12]} if self.entry else {})

    @property
    def lasting(self) -> dict[str, str]:
        """The same for ever: a vintage never changes."""
        return self.query

    # --- denominators ---------------------------------------------------------------------------------------

    @cached_property
    def denominators(self) -> Mapping[str, tuple[str, Mapping[str, Decimal] | None]]:
        """By what shares can be measured: its words, and GDP by donor, None for the source's own."""
        _ = self.page.words.gettext
        found: dict[str, tuple[str, Mapping[str, Decimal] | None]] = {}
        if any(one.name == "gdp" for one in self.vintage.figures):
            found["source"] = (_("GDP as the source has it"), None)
        kept = newest_products(self.page.depositary.store)
        starts = [year for year in self.years if year.isdecimal()]
        if kept is None or not starts:
            return found
        table = self.page.console.vintages.products(self.page.depositary.store, kept.table)
        before, newest = str(int(starts[0]) - 1), max(table)
        if before in table:
            found["before"] = (_("GDP of %(year)s", year=before), table[before])
        if newest > before:
            found["newest"] = (_("GDP of %(year)s", year=newest), table[newest])
            during = [year for year in table if year > before]
            found["mean"] = (_("mean GDP of %(first)s–%(last)s", first=during[0], last=newest), _mean(table, during))
        return found

    @cached_property
    def denominator(self) -> str:
        """The one asked for, or the first; empty where there is none."""
        wanted = asked.choice(self.page, "gdp", tuple(self.denominators)) if self.denominators else None
        return wanted or next(iter(self.denominators), "")

    def shares(self, denominator: str) -> tuple[Share, ...]:
        """Every donor's share of the chosen rows at the chosen stage."""
        _words, table = self.denominators.get(denominator, ("", {}))
        return shares(self.narrowed, self.stage, table)

    # --- words ----------------------------------------------------------------------------------------------

    def donor(self, code: str) -> str:
        """A donor's name: of the compact where it names the party, else as the language has it."""
        if code in INSTITUTIONS:
            return self.page.words.gettext(said.INSTITUTIONS[code])
        return self.page.name(code) if code in self.page.parties else donor_name(code, self.page.lang)

    def kind_words(self, code: str) -> str:
        """A kind of aid."""
        return self.page.words.gettext(said.KINDS[code])

    def stage_words(self, code: str, *, start: bool = False) -> str:
        """A stage; `start`: as a sentence begins."""
        words = self.page.words.gettext(said.STAGES[code])
        return words[:1].upper() + words[1:] if start else words

    def group_words(self, code: str) -> str:
        """A group of donors."""
        return self.page.words.gettext(said.GROUPS[code])

    def year_words(self, year: str) -> str:
        """A year, or that it has none."""
        return self.page.words.gettext("undated") if year == "undated" else year

    def billions(self, eur: Decimal, places: int = 3) -> str:
        """Billions of euros, without their unit."""
        return self.fixed(eur / BILLION, places)

    def fixed(self, value: Decimal, places: int) -> str:
        """A number with so many decimals. A page has thousands: only whole numbers go through the locale's patterns."""
        whole, point, rest = f"{value:.{places}f}".partition(".")
        said = self.page.words.number(int(whole))
        sign = "-" if whole.startswith("-") and not said.startswith(("-", "\u2212")) else ""
        return f"{sign}{said}{self._point if point else ''}{rest}"

    @cached_property
    def _point(self) -> str:
        return self.page.words.number("0.5")[1]

    def per_cent(self, value: Decimal | None, places: int = 3) -> str:
        """A percentage with its sign; a dash where there is none."""
        return "—" if value is None else f"{self.fixed(value, places)}\u00a0%"

    def money(self, row: Row) -> str:
        """An amount as the source states it; that it states none."""
        if row.money is None:
            return self.page.words.gettext("not found")
        return self.page.words.money(str(row.money.amount), row.money.currency)

    def when(self, row: Row) -> str:
        """When a row happened, as far as the source says."""
        _ = self.page.words.gettext
        first, last = (self.page.day(day) if day else None for day in (row.first, row.last))
        if first is None:
            return _("by %(day)s", day=last) if last else _("undated")
        if last is None:
            return _("from %(day)s", day=first)
        return first if row.first == row.last else f"{first} – {last}"

    def quantity(self, row: Row) -> str:
        """How many; empty where nothing is said."""
        count, words = row.quantity, self.page.words
        if count is None:
            return ""
        if count.exact is not None:
            return words.number(count.exact)
        if count.high is None:
            return words.gettext("at least %(low)s", low=words.number(count.low))
        return f"{words.number(count.low)}–{words.number(count.high)}"

    def place(self, place: Place) -> str:
        """Where in the source, as a reader finds it there."""
        _ = self.page.words.gettext
        if not place.row:
            return f"{place.sheet}, {place.column}" if place.column else place.sheet
        if not place.column:
            return _("%(sheet)s, row %(row)s", sheet=place.sheet, row=str(place.row))
        return _(
            "%(sheet)s, row %(row)s, column %(column)s", sheet=place.sheet, row=str(place.row), column=place.column
        )

    def note(self, note: Note) -> str:
        """What is to be said of a place."""
        return say_because(self.page.words, note.what)

    def release(self, entry: Entry) -> str:
        """What a vintage is called."""
        _ = self.page.words.gettext
        if not entry.release:
            return entry.publisher
        return _("%(publisher)s, release %(release)s", publisher=entry.publisher, release=entry.release)

    def source(self, entry: Entry) -> str:
        """Publisher, release and data date in one line."""
        _ = self.page.words.gettext
        if entry.data_until is None:
            return _("%(release)s; until when it has data is not stated", release=self.release(entry))
        return _("%(release)s, data until %(day)s", release=self.release(entry), day=self.page.day(entry.data_until))


def _mean(table: Mapping[str, Mapping[str, Decimal]], years: list[str]) -> dict[str, Decimal]:
    """The mean over these years of whoever has a figure in each of them."""
    codes = set.intersection(*(set(table[year]) for year in years))
    return {code: sum((table[year][code] for year in years), ZERO) / len(years) for code in codes}


def day_of(month: str) -> date:
    """The first day of `2024-02`."""
    return date.fromisoformat(f"{month}-01")
