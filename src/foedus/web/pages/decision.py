"""The record of decision of one response: as a page, as data, and on paper. What was recorded, nothing added.

Before the decision it is a draft and says so. The PDF is asked for at the moment its page shows, so that both say
the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from foedus.compact.model import Named
from foedus.documents import DecisionRecord, compact_of, draw_up, render_pdf, said
from foedus.documents.values import Brought, PositionSaid
from foedus.errors import Malformed
from foedus.history import Place
from foedus.web.frame import Table, render
from foedus.web.moments import iso
from foedus.web.page import Page
from foedus.web.unanswered import NotHere
from foedus.words import LANGUAGES, NAMES

# Which table of the view stands behind which section.
FILES = {"attendance": "attendance", "measures": "positions", "owed": "owed", "others": "clauses_opened"}


@get("/response/{id_:str}/decision", include_in_schema=False, sync_to_thread=True)
def decision(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """The whole record of decision, in the reader's language."""
    record = recorded(page, id_)
    sheet = said.sheet(record, page.words)
    path = f"/response/{record.response}/decision.pdf"
    papers = [
        (lang, NAMES[lang], page.link(path, at=iso(record.at), known=iso(record.known), lang=lang))
        for lang in LANGUAGES
    ]
    return render(
        page, "decision.html", title=page.words.gettext("Record of decision, %(response)s", response=record.response),
        active="response", data=record, tables=tables(record), record=record, sheet=sheet, papers=papers, files=FILES,
    )  # fmt: skip


@get("/response/{id_:str}/decision.pdf", include_in_schema=False, sync_to_thread=True)
def decision_pdf(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[bytes]:
    """The same on paper, in the language of `?lang=`, with its data inside."""
    record = recorded(page, id_)
    exercise, draft = "EXERCISE" * record.exercise, "draft" * (record.status == "draft")
    name = "-".join(filter(None, (exercise, record.response, "decision", draft, page.lang)))
    headers = {"content-disposition": f'attachment; filename="{name}.pdf"'}
    return Answer(render_pdf(record, page.words), media_type="application/pdf", headers=headers)


def recorded(page: Page, id_: str) -> DecisionRecord:
    """The record of decision at the page's moment. Raises NotHere where there was no such response yet."""
    digest = compact_of(page.state, id_, page.at, page.known)
    if digest is None:
        raise NotHere("there is no response {response}", response=id_[:40])
    try:
        checkpoint = page.depositary.checkpoint()
    except Malformed:  # nobody has signed one yet, and this copy holds no key to do so
        checkpoint = None
    record = draw_up(
        page.state, page.depositary.compact_by_digest(digest), id_, page.at, page.known, checkpoint=checkpoint,
        note=page.exercise_note,
    )  # fmt: skip
    assert record is not None, "its compact was found, so it was there"
    return record


def tables(record: DecisionRecord) -> dict[str, Table]:
    """The tables of the view, in codes."""
    return {
        "attendance": Table(
            ("party", "group", "heads", "standing", "present_at", "acknowledged_at", "entry"),
            [(one.party.id, one.group.id if one.group else None, one.heads, one.standing, _at(one.present),
              _at(one.acknowledged), _entry(one.present)) for one in record.roll],
        ),
        "positions": Table(
            ("measure", "party", "office", "stand", "stance", "text", "contributions", "from", "caveats", "conditions",
             "confirm_by", "entry", "replaced_by"),
            [(measure.id, *_position(one)) for measure in record.measures
             for one in (*measure.positions, *measure.replaced)],
        ),
        "owed": Table(
            ("measure", "clause", "due", "party", "state", "entry"),
            [(item.measure.id, item.clause, item.due_at, one.party.id, one.state, _entry(one.place))
             for item in record.owed for one in item.parties],
        ),
        "clauses_opened": Table(
            ("agreement", "parties", "due", "hard", "binding", "met_at", "lapsed_at"),
            [(one.instrument.id, _ids(one.parties), one.due_at, one.hard, one.binding, _at(one.met), _at(one.lapsed))
             for one in record.others],
        ),
    }  # fmt: skip


def _position(one: PositionSaid) -> tuple[object, ...]:
    brought = "; ".join(_brought(item) for item in one.contributions)
    return (
        one.party.id, one.office.id, one.stand, one.stance, one.text, brought, one.starts_on, _ids(one.caveats),
        _ids(one.conditions), one.confirm_by, one.place.entry, one.replaced_by,
    )  # fmt: skip


def _brought(item: Brought) -> str:
    """`air-defence-battery 2`, `funds 40000000 EUR`, `expert undisclosed`."""
    disclosed = "" if item.disclosed else "undisclosed"
    return " ".join(filter(None, (item.kind.id, item.quantity, item.amount, item.currency, disclosed)))


def _ids(items: Sequence[Named]) -> str:
    return "; ".join(item.id for item in items)


def _at(place: Place | None) -> datetime | None:
    return place.at if place else None


def _entry(place: Place | None) -> int | None:
    return place.entry if place else None


routes: list[ControllerRouterHandler] = [decision, decision_pdf]
