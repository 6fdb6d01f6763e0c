"""The drafter's page: a copy of a text is edited, and what the change does is seen at once.

A draft is nothing of the record. Whoever saves it sees findings with file, line and column, a quick look at every
guarantee, and then the verdicts as they are answered; it works as a form, without a script.
"""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, get, post
from litestar import Response as Answer
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from foedus.check.answers import everywhere
from foedus.compact.loader import bundled
from foedus.web import texts
from foedus.web.check_rows import Told, changed, otherwise, tables
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.pages.check import data, may_draft, only_here, texts_that_come_along
from foedus.web.texts import MAIN, Text
from foedus.web.unanswered import NotHere

MOST_SENT_BYTES = 4_000_000
_WAIT_SECONDS = 1.4  # a quick look is there by then, so that it is seen without a script too
_LINES_SHOWN = 12


@get("/check/drafts", include_in_schema=False, sync_to_thread=True)
def drafts(page: NamedDependency[Page]) -> Answer[Any]:
    """Drafts that are kept here, and how a new one is begun."""
    may = may_draft(page)
    every = page.console.texts.every() if may else []
    _ = page.words.gettext
    if may:
        page.console.checks.make_ready()
    return render(
        page, "check/drafts.html", title=_("Drafts of an agreement"), active="compact",
        data={"may": may, "drafts": [(one.id, one.name, one.base, one.saved) for one in every]},
        tables={"drafts": Table(("id", "name", "base", "saved"), [(o.id, o.name, o.base, o.saved) for o in every])},
        every=every, names=texts_that_come_along(page), own=page.compact.id, may=may, most=texts.MOST, drafts=may,
    )  # fmt: skip


@post("/check/drafts/new", include_in_schema=False, request_max_body_size=MOST_SENT_BYTES)
async def begin(page: NamedDependency[Page], request: Request[Any, Any, Any]) -> Redirect:
    """A new draft: a copy of a text, or files that were sent."""
    only_here(page)
    form = await request.form()
    sent = [
        (one.filename, await one.read())
        for one in form.getall("files", [])
        if isinstance(one, UploadFile) and one.filename
    ]
    if sent:
        made = texts.sent(sent)
    else:
        name = str(form.get("base", ""))
        if name not in bundled():
            raise NotHere("no text of this name comes with Foedus: {names}", names=", ".join(sorted(bundled())))
        made = texts.copied(name)
    kept = page.console.texts.keep(made)
    return Redirect(page.link(f"/check/drafts/{kept.id}"), status_code=303)


def _draft(page: Page, id_: str) -> Text:
    only_here(page)
    found = page.console.texts.get(id_)
    if found is None:
        raise NotHere("there is no such draft here: drafts are kept while the console runs, the newest of them")
    return found


@get("/check/drafts/{id_:str}", include_in_schema=False, sync_to_thread=True)
def draft(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """One draft: a file of it to edit, and what the draft as saved does."""
    text = _draft(page, id_)
    name = page.query.get("file") or MAIN
    words = text.file(name)
    if words is None:
        raise NotHere("the draft has no file {name!r}", name=name[:80])
    run = page.console.checks.draft(text.id, text.data)
    run.wait(_WAIT_SECONDS)
    page.console.checks.make_ready()
    told = Told(page, run)
    before = Told(page, page.console.checks.bundled(text.base)) if text.base else None
    found = otherwise(page, before, told) if before is not None else None
    return render(
        page, "check/draft.html", title=_title(page, told), active="compact",
        data={"id": text.id, "base": text.base, "saved": text.saved, "differences": found, **data(told)},
        tables={"differences": Table(("kind", "about", "was", "is"), found or []), **tables(told)},
        text=text, file=name, words=words, told=told, before=before, differing=found,
        changed=changed(before, told) if before is not None else [], everywhere=everywhere(page.words),
        excerpts=_excerpts(text, told), drafts=True,
    )  # fmt: skip


def _title(page: Page, told: Told) -> str:
    words = page.words
    if told.faults:
        return words.ngettext(
            "%(num)s fault: this is no compact yet", "%(num)s faults: this is no compact yet", len(told.faults)
        )
    rows = told.rows
    broken = sum(row.holds is False for row in rows)
    if broken:
        return words.ngettext("%(num)s guarantee is broken", "%(num)s guarantees are broken", broken)
    if rows and all(row.holds for row in rows):
        return words.gettext("Every guarantee holds")
    seen = any(row.followed for row in rows)
    return words.gettext("No guarantee is seen to be broken") if seen else words.gettext("A draft")


def _excerpts(text: Text, told: Told) -> dict[str, str]:
    """The line of the draft at which each finding points."""
    lines = {f"draft/{name}": words.split("\n") for name, words in text.files}
    found = {}
    for one in (*told.faults, *told.looks):
        known = lines.get(one["file"], [])
        if 0 < one["line"] <= len(known):
            found[f"{one['file']}:{one['line']}"] = known[one["line"] - 1].strip()[:200]
    return found


@post("/check/drafts/{id_:str}/save", include_in_schema=False, request_max_body_size=MOST_SENT_BYTES)
async def save(page: NamedDependency[Page], request: Request[Any, Any, Any], id_: FromPath[str]) -> Redirect:
    """Save one file of the draft, or stop what runs for it, or give the draft up."""
    text = _draft(page, id_)
    form = await request.form()
    todo, name = str(form.get("do", "save")), str(form.get("file", MAIN))
    if todo == "drop":
        page.console.checks.give_up(text.id)
        page.console.texts.drop(text.id)
        return Redirect(page.link("/check/drafts"), status_code=303)
    if todo == "stop":
        page.console.checks.draft(text.id, text.data).stop()
    elif todo == "again":
        page.console.checks.draft(text.id, text.data, again=True)
    else:
        if text.file(name) is None:
            raise NotHere("the draft has no file {name!r}", name=name[:80])
        words = texts.decoded(name, str(form.get("words", "")).encode())
        files = tuple((one, words if one == name else was) for one, was in text.files)
        kept = page.console.texts.keep(replace(text, files=files))
        page.console.checks.draft(kept.id, kept.data, again=True)
    return Redirect(page.link(f"/check/drafts/{id_}", file=name if name != MAIN else None), status_code=303)


@get("/check/drafts/{id_:str}/files", include_in_schema=False, sync_to_thread=True)
def files(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """The draft to be taken home."""
    text = _draft(page, id_)
    headers = {"content-disposition": f'attachment; filename="draft-{text.id}.zip"'}
    return Answer(texts.zipped(text), media_type=MediaType.TEXT, headers={**headers, "content-type": "application/zip"})


routes: list[ControllerRouterHandler] = [drafts, begin, draft, save, files]
