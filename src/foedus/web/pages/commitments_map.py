"""What guarantors gave, by a tracker, on the map of Europe: a page of its own, with the filters of the overview."""

from __future__ import annotations

from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from foedus.web.figures import MAPS, Maker
from foedus.web.frame import render
from foedus.web.page import Page
from foedus.web.pages.commitments import options, permanent, without
from foedus.web.tracked import Tracked


@get("/commitments/map", include_in_schema=False, sync_to_thread=True)
def map_page(page: NamedDependency[Page]) -> Answer[Any]:
    """The map of one vintage: `vintage`, `stage`, `kind`, `group` and `year` choose."""
    tracked = Tracked(page)
    if tracked.entry is None:
        return without(page)
    figure = MAPS["map"](Maker(tracked))
    title = figure.title if figure else page.words.gettext("Nobody gave anything of this")
    return render(
        page, "commitments/map.html", title=title, active="commitments",
        data={"vintage": tracked.entry, "stage": tracked.stage, "kind": tracked.kind, "group": tracked.group,
              "year": tracked.year},
        tables={figure.name: figure.table} if figure else {}, tracked=tracked, figure=figure,
        options=[one for one in options(tracked) if one[0] != "gdp"],
        undone=page.here(stage=None, kind=None, group=None, year=None, gdp=None, format=None),
        permanent=permanent(tracked, "/commitments/map"),
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [map_page]
