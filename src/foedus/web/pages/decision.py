"""The record of decision of one response as a page of its own, to print or to keep: what was recorded, nothing added."""

from __future__ import annotations

from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.exceptions import NotFoundException

from foedus.web import board, tabled
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.pages.response import found, owed


@get("/response/{id_:str}/decision", include_in_schema=False, sync_to_thread=False)
def decision(page: Page, id_: str) -> Answer[Any]:
    """Who joined which measure with what, who declined, who was silent, who never came. Raises NotFoundException before."""
    it = found(page, id_)
    if it.decided is None:
        raise NotFoundException(detail=f"response {it.id} is not decided yet")
    incident = board.incident_of(page, it)
    measures = tabled.measures(page, it)
    table = Table(
        ("measure", "title", "text", "goes_ahead", "party", "position", "contribution", "from", "caveats", "entry"),
        [(m.id, m.title, m.text, _carried(it, m.id), p.name, p.mark.word, p.contribution, p.starts_on, p.caveats, p.entry)
         for m in measures for p in m.positions],
    )  # fmt: skip
    return render(
        page, "decision.html", title=page.words.gettext("Record of decision, %(response)s", response=it.id), active="response",
        data={"response": it.id, "outcomes": it.decided.outcomes, "silent": it.decided.silent, "absent": it.decided.absent},
        tables={"positions": table}, it=it, incident=incident, board=board, measures=measures, owed=owed(page, it),
        carried={outcome.measure: outcome for outcome in it.decided.outcomes}, cards=board.cards(page, it),
    )  # fmt: skip


def _carried(it: Any, measure: str) -> bool:
    return any(outcome.measure == measure and outcome.carried for outcome in it.decided.outcomes)


routes = [decision]
