"""Who carries which share of its GDP, with and without what it carries through the European Union."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.commitments.sources.shares import Share
from foedus.web.charts import Bar, bars
from foedus.web.figures.making import Figure, Maker
from foedus.web.frame import Table

MOST = 20  # donors that have a bar


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
    drawn = [
        Bar(
            tracked.donor(one.donor),
            (one.pct, (one.pct_with_eu or one.pct) - one.pct) if one.pct is not None else (),
            tracked.per_cent(one.pct_with_eu or one.pct),
        )
        for one in found[:MOST]
    ]
    title = _(
        "%(donor)s: the largest share of its GDP, %(pct)s",
        donor=tracked.donor(first.donor),
        pct=tracked.per_cent(first.pct_with_eu or first.pct),
    )
    series = [_("by itself"), _("through the European Union")] if union else []
    shows = _("%(stage)s, per cent of: %(gdp)s.", stage=tracked.stage_words(make.stage, start=True), gdp=words)
    left = (
        _("Organs of the Union have no GDP; their aid is in the members’ shares, and is no new aid.") if union else ""
    )
    return make(
        "shares",
        title,
        (shows, left),
        _burden_table(make, every),
        lambda frame, width: bars(frame, drawn, series, width, lambda value: f"{make.say(value)}\u00a0%"),
    )


def _burden_table(make: Maker, every: dict[str, dict[str, Share]]) -> tuple[Table, Sequence[str], list[Sequence[str]]]:
    """Euros, the share in the Union's aid, and both percentages under each denominator."""
    _, tracked = make._, make.tracked
    order = list(every[tracked.denominator])

    rows: list[tuple[object, ...]] = []
    cells: list[Sequence[str]] = []
    for donor in order:
        one = every[tracked.denominator][donor]
        both = [(found[donor].pct, found[donor].pct_with_eu) for found in every.values()]
        rows.append(
            (donor, tracked.donor(donor), one.eur, one.eu_share, one.with_eu, *(x for pair in both for x in pair))
        )
        cells.append(
            (
                tracked.donor(donor),
                tracked.billions(one.eur),
                tracked.billions(one.eu_share) if one.eu_share is not None else "—",
                *(tracked.per_cent(x) for pair in both for x in pair),
            )
        )
    names = [name for code in every for name in (f"pct_{code}", f"pct_with_eu_{code}")]
    heads = [_("Donor"), _("bn EUR"), _("its share of the EU’s, bn EUR")]
    for words, _table in tracked.denominators.values():
        heads += [words, _("%(gdp)s, with the EU share", gdp=words)]
    return Table(("donor", "name", "eur", "eu_share", "with_eu", *names), rows), heads, cells
