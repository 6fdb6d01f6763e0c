"""How a vintage grew: month by month, and since its first month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from foedus.commitments.sources.totals import Line
from foedus.web.charts import Curve, columns, curves
from foedus.web.figures.making import Figure, Maker, in_billions
from foedus.web.frame import Table
from foedus.web.tracked import ZERO, day_of


def by_month(make: Maker) -> Figure | None:
    """Each month by kind, up to the day until which the source has data."""
    _, tracked = make._, make.tracked
    sums = make.totals("month", "kind")
    at = [line for line in sums.lines if line.stage == make.stage]
    dated, left = _dated(make, at)
    if not dated:
        return None
    kinds, words = make.kinds(sums, 1)
    months = list(run(min(dated), max(dated)))
    parts = {month: make.parts([line for line in at if line.key[0] == month], kinds, 1) for month in months}
    eur = {month: sum(parts[month], ZERO) for month in months}
    best = max(months, key=lambda one: eur[one])
    table = Table(
        ("month", "stage", *(kind or "others" for kind in kinds), "total"),
        [(one, make.stage, *parts[one], eur[one]) for one in months],
    )
    cells = [(one, *map(tracked.billions, parts[one]), tracked.billions(eur[one])) for one in months]
    drawn = [(day_of(month), in_billions(parts[month])) for month in months]
    title = _(
        "%(month)s: the most in one month, %(eur)s bn EUR",
        month=make.page.words.month(day_of(best)),
        eur=tracked.billions(eur[best]),
    )
    return make(
        "months",
        title,
        (make.measure(), left),
        (table, (_("Month"), *words, _("Total")), cells),
        lambda frame, width: columns(frame, words, drawn, width, make.say, make.page.words.month),
    )


def _dated(make: Maker, lines: Sequence[Line]) -> tuple[list[str], str]:
    """The months up to the day until which there is data, and what is not in them, in words."""
    until = make.tracked.vintage.data_until
    last = f"{until:%Y-%m}" if until else "9999-12"
    months = sorted({line.key[0] for line in lines if line.key[0] <= last})  # `undated` sorts after every month
    out = sum((line.eur for line in lines if line.key[0] > last), ZERO)
    if not out:
        return months, ""
    said = make._(
        "Not in it: %(eur)s bn EUR undated, or dated after the data’s own day.", eur=make.tracked.billions(out)
    )
    return months, said


def run(first: str, last: str) -> Iterable[str]:
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
    months = list(run(min(dated), max(dated)))
    stages = [one for one in tracked.stages if any(line.stage == one for line in sums.lines)]
    grown: dict[str, list[Decimal]] = {}
    for stage in stages:
        so_far, grown[stage] = ZERO, []
        at = {line.key[0]: line.eur for line in sums.lines if line.stage == stage}
        for month in months:
            so_far += at.get(month, ZERO)
            grown[stage].append(so_far)
    drawn = [
        Curve(
            tracked.stage_words(one),
            tuple(zip(map(day_of, months), in_billions(grown[one]), strict=True)),
            said=tracked.billions(grown[one][-1]),
        )
        for one in stages
    ]
    shown = make.stage if make.stage in grown else stages[-1]
    title = _(
        "%(stage)s by %(month)s: %(eur)s bn EUR",
        stage=tracked.stage_words(shown, start=True),
        month=make.page.words.month(day_of(months[-1])),
        eur=tracked.billions(grown[shown][-1]),
    )
    table = Table(("month", *stages), [(one, *(grown[s][at] for s in stages)) for at, one in enumerate(months)])
    cells = [(one, *(tracked.billions(grown[s][at]) for s in stages)) for at, one in enumerate(months)]
    heads = (_("Month"), *(tracked.stage_words(one, start=True) for one in stages))
    return make(
        "cumulative",
        title,
        (_("Billions of euros since the first month, each stage by itself."), left),
        (table, heads, cells),
        lambda frame, width: curves(frame, drawn, width, make.say, month_words=make.page.words.month),
    )
