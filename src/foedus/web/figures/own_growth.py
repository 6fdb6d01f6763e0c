"""How the record's own account grew: month by month, and since its first month. Of every party together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from foedus.commitments.state import Bounds
from foedus.web.accounted import Accounted, Key, ends, whole
from foedus.web.charts import Curve, columns, curves
from foedus.web.figures.growth import run
from foedus.web.figures.making import UNDATED, Figure
from foedus.web.figures.own import ENDS, cells_of, figure, kinds_of, measured, parted
from foedus.web.frame import Table
from foedus.web.tracked import day_of

AROUND = 30  # years before and after the page's own day of which months are shown


def _months(of: Accounted, keys: Iterable[Key]) -> list[str]:
    """Every month from the first to the last of these, none further away than AROUND."""
    year = of.page.at.year
    near = sorted({key[2] for key in keys if f"{year - AROUND:04}" <= key[2] <= f"{year + AROUND:04}"})
    return list(run(near[0], near[-1])) if near else []


def by_month(of: Accounted) -> Figure | None:
    """Each month by kind; None where a party is chosen: months are kept of all together."""
    _, page = of.page.words.gettext, of.page
    sums = {key: amount for key, amount in of.months.items() if key[0] == of.stage}
    months = _months(of, sums)
    if not months or of.party:
        return None
    kinds, words = kinds_of(of, sums, 1)
    of_month: dict[str, dict[Key, Bounds]] = {one: {} for one in months}
    for key, amount in sums.items():
        if key[2] in of_month:
            of_month[key[2]][key] = amount
    parts = {one: parted(of_month[one], kinds, 1) for one in months}
    totals = {one: whole(parts[one]) for one in months}
    best = max(months, key=lambda one: totals[one].low)
    drawn = [(day_of(one), [of.scaled(part).low for part in parts[one]]) for one in months]
    most = [None if totals[one].open else ends(of.scaled(totals[one]))[1] for one in months]
    table = Table(("month", "stage", *(kind or "others" for kind in kinds), *ENDS), [
        (one, of.stage, *(part.low for part in parts[one]), *cells_of(totals[one])) for one in months])  # fmt: skip
    cells = [(one, *map(of.much, parts[one]), of.much(totals[one])) for one in months]
    title = _("%(month)s: the most in one month, %(much)s", month=page.words.month(day_of(best)),
              much=of.said(totals[best]))  # fmt: skip
    return figure(
        of, "months", title, (measured(of), _left(of, sums, months)), (table, (_("Month"), *words, _("Total")), cells),
        lambda frame, width: columns(frame, words, drawn, width, of.tick, page.words.month, most),
    )  # fmt: skip


def _left(of: Accounted, sums: dict[Key, Bounds], months: Sequence[str]) -> str:
    """What has none of these months, and what is in no sum of the page."""
    without = whole(amount for key, amount in sums.items() if not months[0] <= key[2] <= months[-1])
    if without == Bounds():
        return of.left_out
    said = of.page.words.gettext("Not in it: %(much)s undated or too far away.", much=of.said(without))
    return f"{said} {of.left_out}".strip()


def cumulative(of: Accounted) -> Figure | None:
    """Each stage as it grew, month by month: what is certain of it."""
    _, page = of.page.words.gettext, of.page
    months = _months(of, of.months)
    if not months or of.party:
        return None
    stages = [one for one in of.stages if any(key[0] == one and key[2] != UNDATED for key in of.months)]
    added: dict[tuple[str, str], Bounds] = {}
    for key, amount in of.months.items():
        at = (key[0], key[2])
        added[at] = added.get(at, Bounds()).plus(amount)
    grown: dict[str, list[Bounds]] = {}
    for stage in stages:
        so_far, grown[stage] = Bounds(), []
        for month in months:
            so_far = so_far.plus(added.get((stage, month), Bounds()))
            grown[stage].append(so_far)
    drawn = [
        Curve(of.owed.stage(one), tuple(
            (day_of(month), max(Decimal(0), of.scaled(amount).low))
            for month, amount in zip(months, grown[one], strict=True)), said=of.much(grown[one][-1]))
        for one in stages
    ]  # fmt: skip
    shown = of.stage if of.stage in grown else stages[-1]
    dated = (month for stage, month in added if stage == shown and months[0] <= month <= months[-1])
    last = max(dated, default=months[-1])
    title = _("%(stage)s by %(month)s: %(much)s", stage=of.owed.stage(shown),
              month=page.words.month(day_of(last)), much=of.said(grown[shown][-1]))  # fmt: skip
    shows = _(
        "%(unit)s since the first month, each stage by itself; drawn is what is certain, the table has both ends.",
        unit=of.unit_words[:1].upper() + of.unit_words[1:],
    )
    table = Table(("month", *(f"{stage}_{end}" for stage in stages for end in ENDS)), [
        (month, *(cell for stage in stages for cell in cells_of(grown[stage][at]))) for at, month in enumerate(months)
    ])  # fmt: skip
    cells = [(month, *(of.much(grown[stage][at]) for stage in stages)) for at, month in enumerate(months)]
    heads = (_("Month"), *(of.owed.stage(one) for one in stages))
    at_stage = {key: amount for key, amount in of.months.items() if key[0] == shown}
    return figure(of, "cumulative", title, (shows, _left(of, at_stage, months)), (table, heads, cells),
                  lambda frame, width: curves(frame, drawn, width, of.tick, month_words=page.words.month))  # fmt: skip
