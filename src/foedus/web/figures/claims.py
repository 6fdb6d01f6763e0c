"""Claims by category as a figure: how far they have come, by number, for those of one measure."""

from __future__ import annotations

from foedus.reparations.claims import STAGES
from foedus.reparations.state import shown
from foedus.web.charts import Bar, bars
from foedus.web.claimed import Claimed
from foedus.web.figures.making import Figure
from foedus.web.frame import Table

COLUMNS = ("measure", "category", "currency", *STAGES, *(f"{stage}_amount" for stage in STAGES))


def table(claimed: Claimed, measure: str | None = None) -> Table:
    """Every line, of one measure where it is named."""
    lines = [one for one in claimed.lines if measure in (None, one.measure)]
    return Table(
        COLUMNS,
        [
            (
                one.measure, one.category, one.currency, *(one.claims[stage] for stage in STAGES),
                *(shown(one.amounts[stage]) for stage in STAGES),
            )
            for one in lines
        ],
    )  # fmt: skip


def by_category(claimed: Claimed, measure: str) -> Figure:
    """How many claims of each category have come how far."""
    page, _ = claimed.page, claimed.words.gettext
    lines = [one for one in claimed.lines if one.measure == measure]
    sums: dict[str, dict[str, int]] = {}
    for line in lines:
        here = sums.setdefault(line.category, dict.fromkeys(STAGES, 0))
        for stage in STAGES:
            here[stage] += line.claims[stage]
    rows, cells = [], []
    for code, here in sums.items():
        ends = [here["awarded"], here["assessed"], here["recorded"], here["claimed"]]
        parts = tuple(max(0, ends[place] - (ends[place - 1] if place else 0)) for place in range(len(ends)))
        rows.append(Bar(f"{code} {claimed.category(code)}", parts, page.number(here["claimed"])))
        cells.append((f"{code} {claimed.category(code)}", *(page.number(here[stage]) for stage in STAGES)))
    series = (_("awarded"), _("assessed, not awarded"), _("recorded, not assessed"), _("claimed, not recorded"))
    count = sum(here["claimed"] for here in sums.values())
    done = sum(here["awarded"] for here in sums.values())
    return Figure(
        f"claims-{measure}",
        page.words.ngettext("%(done)s of %(num)s claim for %(measure)s is awarded",
                            "%(done)s of %(num)s claims for %(measure)s are awarded", count, done=page.number(done),
                            measure=claimed.measure(measure)),
        _("Claims by category and by how far they have come; the number at the end is of those claimed."),
        _("Refused and withdrawn ones stay in the part they had reached."),
        table(claimed, measure), (_("Category"), *(claimed.stage(stage) for stage in STAGES)), cells,
        lambda frame, width: bars(frame, rows, series, width),
        _("From the record: sums of batches and of decisions over them."),
    )  # fmt: skip
