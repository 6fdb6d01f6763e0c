"""What trackers say of commitments: the overview of one vintage, and each of its figures at an address of its own.

A tracker is somebody else's account, shown with its publisher, its data date and its contradictions. What parties owe
under the compact is another thing, and is never added to it.
"""

from __future__ import annotations

from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from foedus.commitments.sources.doubts import findings
from foedus.commitments.sources.totals import totals
from foedus.web import asked
from foedus.web.charts import WIDE, Drawing
from foedus.web.charts.picture import png
from foedus.web.figures import DONOR, MAPS, OVERVIEW, Figure, Maker
from foedus.web.frame import language_cookie, render
from foedus.web.page import Page, with_query
from foedus.web.pages import (
    commitments_account,
    commitments_calendar,
    commitments_coverage,
    commitments_donor,
    commitments_needs,
    commitments_owed,
    commitments_rows,
    commitments_vintages,
    commitments_workbook,
)
from foedus.web.tracked import ZERO, Tracked
from foedus.web.unanswered import NotHere

FORMS = {"svg": "image/svg+xml", "png": "image/png"}


@get("/commitments", include_in_schema=False, sync_to_thread=True)
def overview(page: NamedDependency[Page]) -> Answer[Any]:
    """One vintage: `vintage`, `stage`, `kind`, `group`, `year` and `gdp` choose."""
    tracked = Tracked(page)
    if tracked.entry is None:
        return commitments_account.shown(page, no_vintage=True)
    make = Maker(tracked)
    found = [figure for one in OVERVIEW.values() if (figure := one(make)) is not None]
    doubts = findings(tracked.vintage)
    return render(
        page, "commitments/overview.html", title=title(tracked), active="commitments",
        data={
            "vintage": tracked.entry, "stage": tracked.stage, "stages": tracked.stages, "kind": tracked.kind,
            "group": tracked.group, "year": tracked.year, "gdp": tracked.denominator, "findings": len(doubts),
        },
        tables={one.name: one.table for one in found},
        tracked=tracked, figures=found, findings=doubts, options=options(tracked), undone=page.here(
            stage=None, kind=None, group=None, year=None, gdp=None, format=None),
        permanent=permanent(tracked, "/commitments"),
    )  # fmt: skip


def title(tracked: Tracked) -> str:
    """How much, by how many, and until when."""
    page = tracked.page
    lines = [line for line in totals(tracked.rows, ("donor",)).lines if line.stage == tracked.stage]
    donors = page.words.ngettext("%(num)s donor", "%(num)s donors", len(lines))
    return page.words.gettext(
        "%(stage)s: %(eur)s bn EUR by %(donors)s", stage=tracked.stage_words(tracked.stage, start=True),
        eur=tracked.billions(sum((line.eur for line in lines), ZERO)),
        donors=donors,
    )  # fmt: skip


def permanent(tracked: Tracked, path: str, **more: str) -> str:
    """The address that will always show this: with the vintage by name, and without the reader's language."""
    return with_query(path, {**tracked.query, **more})


def options(tracked: Tracked) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """The filters: name, label, what is chosen, and what can be."""
    _ = tracked.page.words.gettext
    assert tracked.entry is not None, "without a vintage there is nothing to choose from"
    whole = tracked.vintage
    kinds = sorted({row.kind for row in whole.rows if row.standing == "counted"}, key=tracked.kind_words)
    found: list[tuple[str, str, str, list[tuple[str, str]]]] = [
        ("vintage", _("Vintage"), tracked.entry.table[:12], [
            (one.table[:12], tracked.source(one)) for one in tracked.entries]),
        ("stage", _("Stage"), tracked.stage, [(one, tracked.stage_words(one)) for one in tracked.stages]),
        ("kind", _("Kind"), tracked.kind or "", [("", _("every kind")), *(
            (one, tracked.kind_words(one)) for one in kinds)]),
        ("year", _("Year"), tracked.year or "", [("", _("all years")), *(
            (one, tracked.year_words(one)) for one in tracked.years)]),
    ]  # fmt: skip
    if whole.members:
        groups = ("eu-members", "eu-institutions", "others")
        found.append(("group", _("Donors"), tracked.group or "", [
            ("", _("all donors")), *((one, tracked.group_words(one)) for one in groups)]))  # fmt: skip
    if len(tracked.denominators) > 1:
        found.append(("gdp", _("Shares of"), tracked.denominator, [
            (code, words) for code, (words, _table) in tracked.denominators.items()]))  # fmt: skip
    return found


@get("/commitments/charts/{name:str}", include_in_schema=False, sync_to_thread=True)
def chart(page: NamedDependency[Page], name: FromPath[str]) -> Answer[Any]:
    """A figure as a file: `donors.svg`, `shares.png`; of a donor page `donor-stages.svg` with `donor`."""
    stem, _, form = name.rpartition(".")
    drawing = _drawing(page, stem) if form in FORMS else None
    if drawing is None:
        raise NotHere("no chart here is called {name!r}", name=name[:40])
    drawn = drawing.alone()
    response = Answer(png(drawn) if form == "png" else drawn, media_type=FORMS[form], cookies=language_cookie(page))
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{form}"'
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _drawing(page: Page, name: str) -> Drawing | None:
    """Of the record's own account, where the name is of one of its charts; else of a tracker."""
    if name == "tranches":
        return commitments_owed.drawing(page, page.query.get("obligation", ""))
    if name.startswith("gap-"):
        return commitments_needs.drawing(page, name)
    figure = commitments_account.figure(page, name) if name.startswith("own-") else _figure(page, name)
    return figure.drawing(WIDE) if figure else None


def _figure(page: Page, name: str) -> Figure | None:
    tracked = Tracked(page)
    if tracked.entry is None:
        return None
    every = OVERVIEW | MAPS
    if name in every:
        return every[name](Maker(tracked))
    code = asked.code(page, "donor")
    of = name.removeprefix("donor-")
    if code is None or of == name or of not in DONOR:
        return None
    return DONOR[of](commitments_donor.maker(tracked, code))


routes: list[ControllerRouterHandler] = [
    overview, chart, *commitments_rows.routes, *commitments_donor.routes, *commitments_vintages.routes,
    *commitments_calendar.routes, *commitments_owed.routes, *commitments_account.routes, *commitments_needs.routes,
    *commitments_coverage.routes,
    *commitments_workbook.routes,
]  # fmt: skip
