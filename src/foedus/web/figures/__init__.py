"""Figures of a tracker's vintage and of the record's own account: for each its finding as title, what it shows and
leaves out, its table, its drawing.

Stages are never added together; what a figure leaves out it says, with how much that is.
"""

from __future__ import annotations

from collections.abc import Callable

from foedus.web.accounted import Accounted
from foedus.web.figures.burden import burden
from foedus.web.figures.growth import by_month, cumulative
from foedus.web.figures.items import items
from foedus.web.figures.making import Figure, Maker
from foedus.web.figures.mapped import mapped
from foedus.web.figures.own import by_party
from foedus.web.figures.own import by_stage as own_by_stage
from foedus.web.figures.own import by_year as own_by_year
from foedus.web.figures.own_burden import burden as own_burden
from foedus.web.figures.own_growth import by_month as own_by_month
from foedus.web.figures.own_growth import cumulative as own_cumulative
from foedus.web.figures.own_map import mapped as own_mapped
from foedus.web.figures.own_tranches import tranches
from foedus.web.figures.sums import by_donor, by_stage, by_year

__all__ = ["DONOR", "MAPS", "OVERVIEW", "OWN", "OWN_MAPS", "Figure", "Maker"]

OVERVIEW: dict[str, Callable[[Maker], Figure | None]] = {
    "stages": by_stage, "donors": by_donor, "shares": burden, "cumulative": cumulative, "months": by_month,
    "years": by_year, "items": items,
}  # fmt: skip
DONOR = {name: OVERVIEW[name] for name in ("stages", "cumulative", "years", "items")}
MAPS: dict[str, Callable[[Maker], Figure | None]] = {"map": mapped}  # on a page of their own
# Of the record's own account, by their names in addresses.
OWN: dict[str, Callable[[Accounted], Figure | None]] = {
    "own-stages": own_by_stage, "own-parties": by_party, "own-shares": own_burden, "own-cumulative": own_cumulative,
    "own-months": own_by_month, "own-years": own_by_year, "own-tranches": tranches,
}  # fmt: skip
OWN_MAPS: dict[str, Callable[[Accounted], Figure | None]] = {"own-map": own_mapped}  # on the page of the map
