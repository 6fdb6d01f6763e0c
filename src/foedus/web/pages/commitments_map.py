"""Where those lie who gave and owe, on the map of Europe: by a tracker, or by the record's own account."""

from __future__ import annotations

from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from foedus.web import asked
from foedus.web.accounted import Accounted
from foedus.web.figures import MAPS, OWN_MAPS, Figure, Maker
from foedus.web.frame import render
from foedus.web.page import Page, with_query
from foedus.web.pages import commitments_account
from foedus.web.pages.commitments import options, permanent
from foedus.web.tracked import Tracked

PATH = "/commitments/map"
TRACKER, RECORD = "tracker", "record"


@get(PATH, include_in_schema=False, sync_to_thread=True)
def map_page(page: NamedDependency[Page]) -> Answer[Any]:
    """The map: `of` chooses whose account, `tracker` where a vintage is kept, else `record`. Of a vintage `vintage`,
    `stage`, `kind`, `group` and `year` choose; of the record `stage`, `unit`, `kind` and `year`.
    """
    tracked = Tracked(page)
    of = asked.choice(page, "of", (TRACKER, RECORD) if tracked.entry else (RECORD,))
    if of == RECORD or tracked.entry is None:
        return _own(page, several=tracked.entry is not None)
    figure = MAPS["map"](Maker(tracked))
    return _shown(
        page, tracked, figure, of=TRACKER, several=True,
        data={"vintage": tracked.entry, "stage": tracked.stage, "kind": tracked.kind, "group": tracked.group,
              "year": tracked.year},
        options=[one for one in options(tracked) if one[0] != "gdp"], permanent=permanent(tracked, PATH, of=TRACKER),
    )  # fmt: skip


def _own(page: Page, *, several: bool) -> Answer[Any]:
    of = Accounted(page)
    chosen = [one for one in commitments_account.options(of, shares=False) if one[0] != "party"] if of.stages else []
    return _shown(
        page, of, OWN_MAPS["own-map"](of), of=RECORD, several=several,
        data={"vintage": None, "stage": of.stage, "unit": of.unit, "kind": of.kind, "year": of.year},
        options=chosen, permanent=with_query(PATH, {**of.lasting, "of": RECORD}),
    )  # fmt: skip


def _shown(
    page: Page, shown: Tracked | Accounted, figure: Figure | None, *, of: str, several: bool, **values: Any
) -> Answer[Any]:
    _ = page.words.gettext
    title = figure.title if figure else _("Nobody gave anything of this")
    accounts = [(TRACKER, _("A tracker’s account")), (RECORD, _("Account of the record"))] if several else []
    return render(
        page, "commitments/map.html", title=title, active="commitments", data={"of": of, **values.pop("data")},
        tables={figure.name: figure.table} if figure else {}, shown=shown, figure=figure, of=of, own=of == RECORD,
        accounts=accounts, undone=page.link(PATH, of=of), **values,
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [map_page]
