"""Figures of a tracker's vintage: for each its finding as title, what it shows and leaves out, its table, its drawing.

Stages are never added together; what a figure leaves out it says, with how much that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from foedus.commitments.sources.model import KINDS, Row
from foedus.commitments.sources.totals import Line, Totals, totals, units
from foedus.web.charts import Bar, Curve, Drawing, Frame, bars, columns, curves
from foedus.web.charts.drawing import FILLS
from foedus.web.frame import Table
from foedus.web.tracked import BILLION, ZERO, Tracked, day_of

MOST = 15  # donors that have a bar of their own
MOST_STAGES, MOST_ITEMS = 6, 12
UNDATED = "undated"


class Figure(Struct, frozen=True):
    """A figure: its name in addresses, its finding, what it shows, what is not in it, its table, and how it is drawn."""

    name: str
    title: str
    shows: str
    left_out: str
    table: Table
    heads: tuple[str, ...]
    cells: Sequence[Sequence[str]]
    draw: Callable[[Frame, int], Drawing]
    source: str

    def drawing(self, width: int) -> Drawing:
        """The figure at a width."""
        frame = Frame(self.name, self.title, f"{self.shows} {self.left_out}".strip(), self.source)
        return self.draw(frame, width)


class Maker:
    """Makes the figures of one page."""

    def __init__(self, tracked: Tracked, rows: Iterable[Row] | None = None, prefix: str = "") -> None:
        self.tracked, self.page, self.prefix = tracked, tracked.page, prefix
        self.rows = tuple(tracked.rows if rows is None else rows)
        self._ = tracked.page.words.gettext
        self.stage = tracked.stage

    def __call__(
        self, name: str, title: str, said: tuple[str, str], table: tuple[Table, Sequence[str], Sequence[Sequence[str]]],
        draw: Callable[[Frame, int], Drawing],
    ) -> Figure:  # fmt: skip
        """A figure with the source of this page's vintage."""
        assert self.tracked.entry is not None, "a figure is of a vintage"
        return Figure(
            self.prefix + name, title, *said, table[0], tuple(table[1]), table[2], draw,
            self.tracked.source(self.tracked.entry),
        )  # fmt: skip

    # --- what several figures ask ---------------------------------------------------------------------------

    def totals(self, *by: str) -> Totals:
        """Sums of the rows of this page."""
        return totals(self.rows, by, members=self.tracked.vintage.members)

    def kinds(self, sums: Totals, place: int) -> tuple[list[str], list[str]]:
        """The kinds that stand there at this stage, and their words: as many as there are fills; then `others`."""
        has = {line.key[place] for line in sums.lines if line.stage == self.stage}
        found = [kind for kind in KINDS if kind in has]
        if len(found) > len(FILLS):
            found = [*found[: len(FILLS) - 1], ""]
        return found, [self.tracked.kind_words(one) if one else self._("other kinds") for one in found]

    def parts(self, lines: Iterable[Line], kinds: Sequence[str], place: int) -> list[Decimal]:
        """The sums of these lines by kind; what has no fill of its own is in the last."""
        found = dict.fromkeys(kinds, ZERO)
        for line in lines:
            kind = line.key[place]
            found[kind if kind in found else ""] += line.eur
        return list(found.values())

    def say(self, value: float) -> str:
        """A tick of an axis."""
        return self.page.words.number(f"{value:.10g}") if value else "0"

    def measure(self) -> str:
        """What is measured, as the line under a title begins."""
        return self._("%(stage)s, billions of euros.", stage=self.tracked.stage_words(self.stage, start=True))

    def share(self, part: Decimal, whole: Decimal, places: int = 1) -> str:
        """A part of a whole in per cent."""
        return self.tracked.per_cent(part / whole * 100 if whole else None, places)


def by_donor(make: Maker) -> Figure | None:
    """Who gave most, by kind."""
    _, tracked = make._, make.tracked
    sums = make.totals("donor", "kind")
    at = [line for line in sums.lines if line.stage == make.stage]
    whole = sums.eur(make.stage)
    ranked = sorted({line.key[0] for line in at}, key=lambda one: (-sums.eur(make.stage, one), one))
    if not ranked or not whole:
        return None
    kinds, words = make.kinds(sums, 1)
    lines = {one: [line for line in at if line.key[0] == one] for one in ranked}
    parts = {one: make.parts(lines[one], kinds, 1) for one in ranked}
    drawn = [Bar(tracked.donor(one), _in_billions(parts[one]), tracked.billions(sum(parts[one], ZERO)))
             for one in ranked[:MOST]]  # fmt: skip
    rest = ranked[MOST:]
    if rest:
        others = [sum(column, ZERO) for column in zip(*(parts[one] for one in rest), strict=True)]
        label = make.page.words.ngettext("%(num)s other donor", "%(num)s other donors", len(rest))
        drawn.append(Bar(label, _in_billions(others), tracked.billions(sum(others, ZERO))))
    first = ranked[0]
    title = _("%(donor)s: the most, %(eur)s bn EUR, %(share)s of all", donor=tracked.donor(first),
              eur=tracked.billions(sum(parts[first], ZERO)), share=make.share(sum(parts[first], ZERO), whole))  # fmt: skip
    table = Table(("donor", "name", "stage", *(kind or "others" for kind in kinds), "total"), [
        (one, tracked.donor(one), make.stage, *parts[one], sum(parts[one], ZERO)) for one in ranked])  # fmt: skip
    cells = [(tracked.donor(one), *map(tracked.billions, parts[one]), tracked.billions(sum(parts[one], ZERO)))
             for one in ranked]  # fmt: skip
    return make(
        "donors", title, (make.measure(), _not_found(make, at)),
        (table, (_("Donor"), *words, _("Total")), cells),
        lambda frame, width: bars(frame, drawn, words, width, make.say),
    )  # fmt: skip


def _in_billions(values: Iterable[Decimal]) -> tuple[Decimal, ...]:
    return tuple(value / BILLION for value in values)


def _not_found(make: Maker, lines: Iterable[Line]) -> str:
    """How many rows state no amount, and which currencies have no rate."""
    lines = list(lines)
    without = sum(line.not_found for line in lines)
    said = []
    if without:
        said.append(make.page.words.ngettext(
            "Not in it: %(num)s row that states no amount.", "Not in it: %(num)s rows that state no amount.", without))  # fmt: skip
    unconverted: dict[str, Decimal] = {}
    for line in lines:
        for code, amount in line.unconverted.items():
            unconverted[code] = unconverted.get(code, ZERO) + amount
    if unconverted:
        amounts = make.page.words.items(make.page.words.money(str(one), code) for code, one in unconverted.items())
        said.append(make._("Not in it, for want of a rate: %(amounts)s.", amounts=amounts))
    return " ".join(said)


def by_stage(make: Maker) -> Figure | None:
    """What was committed, allocated and delivered: of all, and of the donors that committed most."""
    _, tracked = make._, make.tracked
    sums = make.totals("donor")
    stages = [one for one in tracked.stages if sums.eur(one)]
    if not stages:
        return None
    ranked = sorted({line.key[0] for line in sums.lines}, key=lambda one: (-max(sums.eur(s, one) for s in stages), one))

    def group(label: str, *key: str) -> list[Bar]:
        return [Bar(label, heading=True), *(
            Bar(tracked.stage_words(one), (sums.eur(one, *key) / BILLION,), tracked.billions(sums.eur(one, *key)),
                fill=place) for place, one in enumerate(stages))]  # fmt: skip

    many = len(ranked) > 1
    drawn = group(_("All donors") if many else tracked.donor(ranked[0]))
    heads = (_("Donor"), *(tracked.stage_words(one, start=True) for one in stages))
    listed = [("", _("All donors")), *((one, tracked.donor(one)) for one in ranked)] if many else [
        (ranked[0], tracked.donor(ranked[0]))]  # fmt: skip
    keys = {code: (code,) if code else () for code, _name in listed}
    table = Table(("donor", "name", *stages), [
        (code, name, *(sums.eur(one, *keys[code]) for one in stages)) for code, name in listed])  # fmt: skip
    cells = [(name, *(tracked.billions(sums.eur(one, *keys[code])) for one in stages)) for code, name in listed]
    if many:
        for one in ranked[:MOST_STAGES]:
            drawn += group(tracked.donor(one), one)
    return make(
        "stages", _stages_title(make, sums, stages),
        (_("Billions of euros at each stage. Stages are never added together: what is delivered was committed before."),
         _not_found(make, sums.lines)),
        (table, heads, cells), lambda frame, width: bars(frame, drawn, (), width, make.say),
    )  # fmt: skip


def _stages_title(make: Maker, sums: Totals, stages: Sequence[str]) -> str:
    tracked = make.tracked
    first, last = stages[0], stages[-1]
    if first == last:
        return make._("%(stage)s: %(eur)s bn EUR; the source has no other stage",
                      stage=tracked.stage_words(first, start=True), eur=tracked.billions(sums.eur(first)))  # type: ignore[arg-type]  # fmt: skip
    return make._("%(last)s: %(share)s of what is %(first)s",
                  last=tracked.stage_words(last, start=True), first=tracked.stage_words(first),
                  share=make.share(sums.eur(last), sums.eur(first)))  # type: ignore[arg-type]  # fmt: skip


def by_year(make: Maker) -> Figure | None:
    """Each year by kind, and what has no date."""
    _, tracked = make._, make.tracked
    sums = make.totals("year", "kind")
    at = [line for line in sums.lines if line.stage == make.stage]
    years = sorted({line.key[0] for line in at})
    if not years:
        return None
    kinds, words = make.kinds(sums, 1)
    parts = {year: make.parts([line for line in at if line.key[0] == year], kinds, 1) for year in years}
    eur = {year: sum(parts[year], ZERO) for year in years}
    best = max((year for year in years if year != UNDATED), key=lambda one: eur[one], default=UNDATED)
    drawn = [Bar(tracked.year_words(one), _in_billions(parts[one]), tracked.billions(eur[one])) for one in years]
    table = Table(("year", "stage", *(kind or "others" for kind in kinds), "total"), [
        (one, make.stage, *parts[one], eur[one]) for one in years])  # fmt: skip
    cells = [(tracked.year_words(one), *map(tracked.billions, parts[one]), tracked.billions(eur[one])) for one in years]
    title = _("%(year)s: the most in one year, %(eur)s bn EUR", year=tracked.year_words(best),
              eur=tracked.billions(eur[best]))  # fmt: skip
    return make(
        "years", title, (make.measure(), _not_found(make, at)), (table, (_("Year"), *words, _("Total")), cells),
        lambda frame, width: bars(frame, drawn, words, width, make.say),
    )  # fmt: skip


def by_month(make: Maker) -> Figure | None:
    """Each month by kind, up to the day until which the source has data."""
    _, tracked = make._, make.tracked
    sums = make.totals("month", "kind")
    at = [line for line in sums.lines if line.stage == make.stage]
    dated, left = _dated(make, at)
    if not dated:
        return None
    kinds, words = make.kinds(sums, 1)
    months = list(_run(min(dated), max(dated)))
    parts = {month: make.parts([line for line in at if line.key[0] == month], kinds, 1) for month in months}
    eur = {month: sum(parts[month], ZERO) for month in months}
    best = max(months, key=lambda one: eur[one])
    table = Table(("month", "stage", *(kind or "others" for kind in kinds), "total"), [
        (one, make.stage, *parts[one], eur[one]) for one in months])  # fmt: skip
    cells = [(one, *map(tracked.billions, parts[one]), tracked.billions(eur[one])) for one in months]
    drawn = [(day_of(month), _in_billions(parts[month])) for month in months]
    title = _("%(month)s: the most in one month, %(eur)s bn EUR", month=make.page.words.month(day_of(best)),
              eur=tracked.billions(eur[best]))  # fmt: skip
    return make(
        "months", title, (make.measure(), left), (table, (_("Month"), *words, _("Total")), cells),
        lambda frame, width: columns(frame, words, drawn, width, make.say),
    )  # fmt: skip


def _dated(make: Maker, lines: Sequence[Line]) -> tuple[list[str], str]:
    """The months up to the day until which there is data, and what is not in them, in words."""
    until = make.tracked.vintage.data_until
    last = f"{until:%Y-%m}" if until else "9999-12"
    months = sorted({line.key[0] for line in lines if line.key[0] <= last})  # `undated` sorts after every month
    out = sum((line.eur for line in lines if line.key[0] > last), ZERO)
    if not out:
        return months, ""
    said = make._("Not in it: %(eur)s bn EUR undated, or dated after the data’s own day.", eur=make.tracked.billions(out))
    return months, said


def _run(first: str, last: str) -> Iterable[str]:
    """Every month from one to another."""
    day = day_of(first)
    while (month := f"{day:%Y-%m}") <= last:
        yield month
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def cumulative(make: Maker) -> Figure | None:
    """Each stage as it grew, month by month."""
    _, tracked = make._, make.tracked
    sums = make.totals("month")
    dated, left = _dated(make, sums.lines)
    if not dated:
        return None
    months = list(_run(min(dated), max(dated)))
    stages = [one for one in tracked.stages if any(line.stage == one for line in sums.lines)]
    grown: dict[str, list[Decimal]] = {}
    for stage in stages:
        so_far, grown[stage] = ZERO, []
        at = {line.key[0]: line.eur for line in sums.lines if line.stage == stage}
        for month in months:
            so_far += at.get(month, ZERO)
            grown[stage].append(so_far)
    drawn = [Curve(tracked.stage_words(one), tuple(zip(map(day_of, months), _in_billions(grown[one]), strict=True)),
                   said=tracked.billions(grown[one][-1])) for one in stages]  # fmt: skip
    shown = make.stage if make.stage in grown else stages[-1]
    title = _("%(stage)s by %(month)s: %(eur)s bn EUR", stage=tracked.stage_words(shown, start=True),
              month=make.page.words.month(day_of(months[-1])), eur=tracked.billions(grown[shown][-1]))  # fmt: skip
    table = Table(("month", *stages), [(one, *(grown[s][at] for s in stages)) for at, one in enumerate(months)])
    cells = [(one, *(tracked.billions(grown[s][at]) for s in stages)) for at, one in enumerate(months)]
    heads = (_("Month"), *(tracked.stage_words(one, start=True) for one in stages))
    return make("cumulative", title, (_("Billions of euros since the first month, each stage by itself."), left),
                (table, heads, cells), lambda frame, width: curves(frame, drawn, width, make.say))  # fmt: skip


def burden(make: Maker) -> Figure | None:
    """Who carries which share of its GDP, with and without what it carries through the European Union."""
    _, tracked = make._, make.tracked
    if not tracked.denominator:
        return None
    every = {code: {one.donor: one for one in tracked.shares(code)} for code in tracked.denominators}
    found = [one for one in every[tracked.denominator].values() if one.pct is not None]
    if not found:
        return None
    union = any(one.eu_share is not None for one in found)
    first = found[0]
    words = tracked.denominators[tracked.denominator][0]
    drawn = [Bar(tracked.donor(one.donor),
                 (one.pct, (one.pct_with_eu or one.pct) - one.pct) if one.pct is not None else (),
                 tracked.per_cent(one.pct_with_eu or one.pct)) for one in found[: MOST + 5]]  # fmt: skip
    title = _("%(donor)s: the largest share of its GDP, %(pct)s", donor=tracked.donor(first.donor),
              pct=tracked.per_cent(first.pct_with_eu or first.pct))  # fmt: skip
    series = [_("by itself"), _("through the European Union")] if union else []
    shows = _("%(stage)s, per cent of: %(gdp)s.", stage=tracked.stage_words(make.stage, start=True), gdp=words)
    left = _("Organs of the Union have no GDP; their aid is in the members’ shares, and is no new aid.") if union else ""
    return make("shares", title, (shows, left), _burden_table(make, every),
                lambda frame, width: bars(frame, drawn, series, width, lambda value: f"{make.say(value)}\u00a0%"))  # fmt: skip


def _burden_table(make: Maker, every: dict[str, dict[str, object]]) -> tuple[Table, Sequence[str], list[Sequence[str]]]:
    """Euros, the share in the Union's aid, and both percentages under each denominator."""
    from foedus.commitments.sources.shares import Share

    _, tracked = make._, make.tracked
    order = list(every[tracked.denominator])

    def of(code: str, donor: str) -> Share:
        found = every[code][donor]
        assert isinstance(found, Share), "they are the same donors"
        return found

    rows, cells = [], []
    for donor in order:
        one = of(tracked.denominator, donor)
        both = [(of(code, donor).pct, of(code, donor).pct_with_eu) for code in every]
        rows.append((donor, tracked.donor(donor), one.eur, one.eu_share, one.with_eu, *(x for pair in both for x in pair)))
        cells.append((tracked.donor(donor), tracked.billions(one.eur),
                      tracked.billions(one.eu_share) if one.eu_share is not None else "—",
                      *(tracked.per_cent(x) for pair in both for x in pair)))  # fmt: skip
    names = [name for code in every for name in (f"pct_{code}", f"pct_with_eu_{code}")]
    heads = [_("Donor"), _("bn EUR"), _("its share of the EU’s, bn EUR")]
    for words, _table in tracked.denominators.values():
        heads += [words, _("%(gdp)s, with the EU share", gdp=words)]
    return Table(("donor", "name", "eur", "eu_share", "with_eu", *names), rows), heads, cells


def items(make: Maker) -> Figure | None:
    """How many of what, with a whisker where numbers are not disclosed."""
    _, tracked, words = make._, make.tracked, make.page.words
    every = [one for one in units(make.rows) if one.item]
    if not every:
        return None
    hidden = [one for one in every if one.undisclosed]
    stages = list(dict.fromkeys(one.stage for one in every))
    drawn: list[Bar] = []
    for stage in stages:
        ranked = sorted((one for one in every if one.stage == stage), key=lambda one: (-one.at_least, one.item))
        drawn.append(Bar(tracked.stage_words(stage, start=True), heading=True))
        drawn += [Bar(one.item, (one.stated,), words.number(one.stated) if not one.undisclosed else
                      _("%(low)s or more", low=words.number(one.at_least)), low=one.at_least if one.undisclosed else None,
                      high=one.at_most, open=one.at_most is None, fill=stages.index(stage))
                  for one in ranked if one.at_least <= 5_000][:MOST_ITEMS]  # fmt: skip
    title = (
        words.ngettext("Of %(num)s item the number is not fully disclosed",
                       "Of %(num)s items the number is not fully disclosed", len(hidden))
        if hidden else words.ngettext("%(num)s kind of item is counted", "%(num)s kinds of items are counted", len(every))
    )  # fmt: skip
    table = Table(("item", "stage", "stated", "at_least", "at_most", "undisclosed_rows"), [
        (one.item, one.stage, one.stated, one.at_least, one.at_most, one.undisclosed) for one in every])  # fmt: skip
    cells = [(one.item, tracked.stage_words(one.stage), words.number(one.stated), words.number(one.at_least),
              "—" if one.at_most is None else words.number(one.at_most), words.number(one.undisclosed))
             for one in every]  # fmt: skip
    heads = (_("Item"), _("Stage"), _("Stated"), _("At least"), _("At most"), _("Rows not disclosed"))
    shows = _("Pieces; the line runs from what is certain to what may be, with an arrow where nobody says how many.")
    left = _("The %(most)s largest of each stage, without what comes in many thousands; the table has all.",
             most=words.number(MOST_ITEMS))  # fmt: skip
    return make("items", title, (shows, left), (table, heads, cells),
                lambda frame, width: bars(frame, drawn, (), width, make.say))  # fmt: skip


OVERVIEW: dict[str, Callable[[Maker], Figure | None]] = {
    "stages": by_stage, "donors": by_donor, "shares": burden, "cumulative": cumulative, "months": by_month,
    "years": by_year, "items": items,
}  # fmt: skip
DONOR = {name: OVERVIEW[name] for name in ("stages", "cumulative", "years", "items")}
