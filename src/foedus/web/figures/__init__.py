"""Figures of a tracker's vintage: for each its finding as title, what it shows and leaves out, its table, its drawing.

Stages are never added together; what a figure leaves out it says, with how much that is.
"""

from __future__ import annotations

from collections.abc import Callable

from foedus.web.figures.burden import burden
from foedus.web.figures.growth import by_month, cumulative
from foedus.web.figures.items import items
from foedus.web.figures.making import Figure, Maker
from foedus.web.figures.mapped import mapped
from foedus.web.figures.sums import by_donor, by_stage, by_year

__all__ = ["DONOR", "MAPS", "OVERVIEW", "Figure", "Maker"]

OVERVIEW: dict[str, Callable[[Maker], Figure | None]] = {
    "stages": by_stage, "donors": by_donor, "shares": burden, "cumulative": cumulative, "months": by_month,
    "years": by_year, "items": items,
}  # fmt: skip
DONOR = {name: OVERVIEW[name] for name in ("stages", "cumulative", "years", "items")}
MAPS: dict[str, Callable[[Maker], Figure | None]] = {"map": mapped}  # on a page of their own
