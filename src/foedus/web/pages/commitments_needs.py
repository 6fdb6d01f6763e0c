"""What is needed by a day against what comes by then, with the gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from foedus.commitments.acts import AnswerReexport, OfferSupply, RequestReexport, StateRequirement
from foedus.commitments.needs import Gap
from foedus.commitments.options import COMMITMENTS
from foedus.web import asked
from foedus.web.charts import WIDE, Curve, Drawing, Frame, curves
from foedus.web.frame import Table, render
from foedus.web.owed import Owed
from foedus.web.page import Page
from foedus.web.pages.commitments_owed import acts_here

GAPS = ("requirement", "capability", "unit", "needed_by", "priority", "minimum", "target", "came", "due", "expected",
        "intended", "missing", "sufficient", "likely")  # fmt: skip
ACTS = tuple(act.__name__ for act in (StateRequirement, OfferSupply, RequestReexport, AnswerReexport))


@get("/commitments/requirements", include_in_schema=False, sync_to_thread=True)
def requirements(page: NamedDependency[Page]) -> Answer[Any]:
    """Every requirement whose day is to come: `name` chooses a capability."""
    owed = Owed(page)
    every = page.console.forecasts.gaps(owed.state, page.at)
    name = asked.code(page, "name")
    found = [one for one in every if name in (None, one.capability)]
    return render(
        page, "commitments/requirements.html", title=title(page, found), active="commitments",
        data={"requirements": len(found), "not_met": sum(not one.sufficient for one in found)},
        tables={"gaps": Table(GAPS, [tuple(getattr(one, field) for field in GAPS) for one in found])},
        owed=owed, gaps=found, name=name, capabilities=sorted({one.capability for one in every}, key=owed.unit),
        charts=charts(owed, found),
        day=date.fromisoformat, acts=acts_here(page, COMMITMENTS, ACTS),
    )  # fmt: skip


def charts(owed: Owed, found: Sequence[Gap]) -> list[tuple[Frame, Any]]:
    """A curve for each capability and unit."""
    groups: dict[tuple[str, str], list[Gap]] = {}
    for one in found:
        groups.setdefault((one.capability, one.unit), []).append(one)
    return [curve(owed, place, key, several) for place, (key, several) in enumerate(groups.items())]


def drawing(page: Page, name: str) -> Drawing | None:
    """One of these curves as a picture; None where there is none of that name."""
    owed, capability = Owed(page), asked.code(page, "name")
    every = page.console.forecasts.gaps(owed.state, page.at)
    drawn = charts(owed, [one for one in every if capability in (None, one.capability)])
    return next((draw(WIDE) for frame, draw in drawn if frame.name == name), None)


def title(page: Page, found: Sequence[Gap]) -> str:
    """How many are not met by what is due."""
    if not found:
        return page.words.gettext("No requirement is stated for a day to come")
    short = sum(not one.sufficient for one in found)
    return page.words.ngettext(
        "%(short)s of %(num)s requirement is not met by what is due",
        "%(short)s of %(num)s requirements are not met by what is due", len(found), short=page.number(short),
    )  # fmt: skip


def curve(owed: Owed, place: int, key: tuple[str, str], several: Sequence[Gap]) -> tuple[Frame, Any]:
    """The gap of one capability over time: what is needed next, what came and is due, what of it is expected."""
    page, (capability, unit) = owed.page, key
    _, number = page.words.gettext, owed.number
    today, first, last = page.at.date(), several[0], several[-1]
    days = [date.fromisoformat(one.needed_by) for one in several]

    def points(values: Sequence[Decimal], now: Decimal) -> tuple[tuple[date, Decimal], ...]:
        dated = {today: now} | dict(zip(days, values, strict=True))
        return tuple(sorted(dated.items()))

    need = [one.minimum for one in several]
    drawn = [
        Curve(_("needed at least"), points([*need[1:], need[-1]], need[0]), steps=True, said=number(last.minimum)),
        Curve(_("came and is due"), points([one.came + one.due for one in several], first.came), gap=True,
              said=number(last.came + last.due)),
        Curve(_("came and is expected"), points([one.came + one.expected for one in several], first.came),
              said=number(last.came + last.expected)),
        Curve(_("target"), points([one.target for one in several], first.target), steps=True,
              said=number(last.target)),
    ]  # fmt: skip
    missing = max(several, key=lambda one: one.missing)
    named = f"{owed.unit(capability)} ({owed.unit(unit)})" if capability != unit else owed.unit(unit)
    if missing.missing:
        finding = _("%(what)s: %(missing)s missing by %(day)s", what=named, missing=number(missing.missing),
                    day=page.day(date.fromisoformat(missing.needed_by)))  # fmt: skip
    else:
        finding = _("%(what)s: what is due suffices", what=named)
    shows = _(
        "The hatched part is missing though everything came in time. Expected: by each party’s own record of lateness."
        " What is only intended closes no gap and is not drawn."
    )
    frame = Frame(f"gap-{place}", finding, shows, owed.source)

    def draw(width: int) -> Drawing:
        return curves(frame, drawn, width, lambda value: page.words.number(f"{value:.10g}") if value else "0", today,
                      page.words.month)  # fmt: skip

    return frame, draw


routes: list[ControllerRouterHandler] = [requirements]
