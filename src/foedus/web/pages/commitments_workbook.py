"""A party's acts from a spreadsheet: the template, the file looked at row by row, and one signature for all of it.

A file is never entered as it is sent: first its reader sees what every row would do. Between looking and signing the
record may go on; then what is signed is shown again, and not what was shown before.
"""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar import Response as Answer
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from foedus.errors import Malformed
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.pages.act import require_seat
from foedus.web.unanswered import NotHere
from foedus.web.workbooks_kept import Sent
from foedus.workbook import said
from foedus.workbook.effects import DryRun, dry_run
from foedus.workbook.template import template
from foedus.workbook.together import Together, enter, signed

MOST_BYTES = 4_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = ("sheet", "row", "act", "said", "brings", "opens", "entry")
WRONG = ("sheet", "row", "column", "what")


def _seat(page: Page) -> str:
    """The reader's seat, where a console signs for it. Raises NotHere, Refused."""
    seat = require_seat(page)
    acting = page.console.acting
    if acting is None or not acting.chooses:
        raise NotHere(
            "at a desk a workbook is signed by `foedus commitments enter --out`; who keeps the record enters the file"
        )
    return seat


@get("/commitments/workbook", include_in_schema=False, sync_to_thread=True)
def begin(page: NamedDependency[Page]) -> Answer[Any]:
    """The template, where a file is sent, and those that were sent."""
    seat = _seat(page)
    every = page.console.workbooks.every(seat.partition("/")[0])
    return render(
        page, "commitments/workbook.html", title=page.words.gettext("Enter commitments from a spreadsheet"),
        active="commitments", data={"sent": [(one.id, one.name, one.signers) for one in every]}, every=every,
        waiting={one.id for one in page.console.workbooks.waiting_for(page.seat)},
    )  # fmt: skip


@get("/commitments/workbook.xlsx", include_in_schema=False, sync_to_thread=True)
def blank(page: NamedDependency[Page]) -> Answer[bytes]:
    """The template for the reader's seat."""
    seat = _seat(page)
    data = template(page.words, page.clauses, page.state, seat)
    headers = {"content-disposition": 'attachment; filename="commitments.xlsx"'}
    return Answer(data, media_type=XLSX, headers=headers)


@post("/commitments/workbook/send", include_in_schema=False, request_max_body_size=MOST_BYTES)
async def send(page: NamedDependency[Page], request: Request[Any, Any, Any]) -> Redirect:
    """Take a file, to be looked at."""
    seat = _seat(page)
    file = (await request.form()).get("file")
    name = getattr(file, "filename", "") or ""
    if not name.lower().endswith(".xlsx"):
        raise Malformed("{path}: a file .xlsx was expected", path=name[:80] or "-")
    sent = page.console.workbooks.keep(name[:80], await file.read(), seat)  # type: ignore[union-attr]  # it has a file's name
    return Redirect(page.link(f"/commitments/workbook/{sent.id}"), status_code=303)


def _sent(page: Page, id_: str) -> Sent:
    """A workbook of the reader's party. Raises NotHere."""
    found = page.console.workbooks.of(_seat(page).partition("/")[0], id_)
    if found is None:
        raise NotHere("this workbook is gone, or is not of your party; send it again")
    return found


@get("/commitments/workbook/{id_:str}", include_in_schema=False, sync_to_thread=True)
def look(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """What every row would do, what is not taken and why, what would be different; below it the one button."""
    sent = _sent(page, id_)
    return _shown(page, sent, dry_run(page.depositary, sent.name, sent.data, sent.seat))


def _shown(page: Page, sent: Sent, found: DryRun, *, moved: bool = False) -> Answer[Any]:
    words, clauses = page.words, page.clauses
    rows = [(one, said.act(words, clauses, found, one), said.brings(words, clauses, found, one))
            for one in found.effects]  # fmt: skip
    wrong = said.wrong(words, clauses, found)
    mine = page.seat is not None and page.seat.id in sent.signers
    return render(
        page, "commitments/workbook_rows.html", title=_title(page, found), active="commitments",
        status=409 if moved else 200,
        data={"workbook": sent.id, "name": sent.name, "seat": found.seat, "sound": found.sound, "new": len(found.new),
              "signatures": found.signatures, "signers": sent.signers},
        tables={
            "rows": Table(ROWS, [(one.line.place.sheet, one.line.place.row, type(one.body).__name__, act, brings,
                                  one.opens or None, one.entry) for one, act, brings in rows]),
            "not_taken": Table(WRONG, [(place.sheet, place.row or None, place.column or None, why)
                                       for place, why in wrong]),
        },
        sent=sent, found=found, rows=rows, wrong=[(said.where(words, place), why) for place, why in wrong],
        changes=list(said.changes(words, clauses, found)), shown=_digest(found), moved=moved, mine=mine,
        signers=", ".join(map(page.seat_name, sent.signers)), left=found.signatures - len(sent.signers),
    )  # fmt: skip


def _title(page: Page, found: DryRun) -> str:
    """What stands in the way, else how many rows can be signed, else that all are there."""
    words, wrong = page.words, len(found.faults) + len(found.refusals)
    if wrong:
        return words.ngettext("%(num)s row cannot be taken", "%(num)s rows cannot be taken", wrong)
    if found.new:
        return words.ngettext("%(num)s row can be entered", "%(num)s rows can be entered as one", len(found.new))
    return words.gettext("Every row is on the record")


def _digest(found: DryRun) -> str:
    """What is shown, so that nothing else is signed: each new row, and what it would open."""
    return sha256(msgspec.json.encode([(one.id, one.opens) for one in found.new])).hexdigest()


@post("/commitments/workbook/{id_:str}/sign", include_in_schema=False, status_code=303)
async def confirm(page: NamedDependency[Page], id_: FromPath[str], request: Request[Any, Any, Any]) -> Answer[Any]:
    """Signs every row with the seat's key; the last signature needed enters all of them, or none."""
    sent, seat, acting = _sent(page, id_), _seat(page), page.console.acting
    assert acting is not None, "somebody acts here, or there is no seat"
    found = dry_run(page.depositary, sent.name, sent.data, sent.seat)
    if not found.new or not found.sound:
        return _shown(page, sent, found)
    if str((await request.form()).get("shown", "")) != _digest(found) or _stale(sent, found):
        page.console.workbooks.put(replace(sent, signed=None, signers=()))
        return _shown(page, replace(sent, signed=None, signers=()), found, moved=True)
    key = acting.key_of(seat)
    if sent.signed is None:
        made = signed(dry_run(page.depositary, sent.name, sent.data, seat), [key], page.clock_now)
    else:
        made = sent.signed.countersigned([key])
    if len(sent.signers) + 1 < found.signatures:
        page.console.workbooks.put(replace(sent, signed=made, signers=(*sent.signers, seat)))
    else:
        await asyncio.to_thread(enter, page.depositary, made)
        page.console.workbooks.put(replace(sent, signed=None, signers=()))
    return Redirect(page.link(f"/commitments/workbook/{sent.id}"), status_code=303)


def _stale(sent: Sent, found: DryRun) -> bool:
    """Whether what the first seat signed would open something else by now."""
    held: Together | None = sent.signed
    return held is not None and held.opens != tuple(one.opens for one in found.new)


@post("/commitments/workbook/{id_:str}/drop", include_in_schema=False, status_code=303, sync_to_thread=False)
def drop(page: NamedDependency[Page], id_: FromPath[str]) -> Redirect:
    """Forgets the file. Nothing was recorded, and nothing is."""
    page.console.workbooks.drop(_sent(page, id_).id)
    return Redirect(page.link("/commitments/workbook"), status_code=303)


routes: list[ControllerRouterHandler] = [begin, blank, send, look, confirm, drop]
