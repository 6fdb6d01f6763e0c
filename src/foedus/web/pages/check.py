"""What a text will do, before anybody signs it: verdicts with their stories, who can block, and two texts side by side.

It shows what a check in a process of its own has answered so far, never more; a page waits for no check to end.
"""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, get, post
from litestar import Response as Answer
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from foedus.check.answers import everywhere
from foedus.compact.loader import bundled, bundled_titles
from foedus.compact.model import canonical
from foedus.web.access import asked_on_loopback
from foedus.web.check_rows import Told, changed, otherwise, tables
from foedus.web.check_runs import Run
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.texts import Text
from foedus.web.unanswered import NotHere, Unanswered

OWN = "own"  # the text that this record is kept under
_WAIT_SECONDS = 0.3


def may_draft(page: Page) -> bool:
    """Whether the reader may edit drafts and play stories here: who sits at this machine, or the officer of a desk.

    Deny by default: each draft costs a process that reckons for minutes, and a story opens a port.
    """
    acting = page.console.acting
    return (acting is not None and acting.secret is not None) or asked_on_loopback(page.request)


def only_here(page: Page) -> None:
    """Raises 403 for whoever may not."""
    if not may_draft(page):
        raise Unanswered("drafts are edited and stories played on the machine itself, or at a desk", status=403)


def run_of(page: Page, name: str) -> Run:
    """The check of a text by its name here. Raises 404 for one that does not come with Foedus."""
    checks = page.console.checks
    if name == OWN:
        found = page.console.depositary.clauses
        return checks.of_record(canonical(found.compact), found.digest, found.compact.id)
    if name not in bundled():
        raise NotHere("no text of this name comes with Foedus: {names}", names=", ".join(sorted(bundled())))
    return checks.bundled(name)


def names(page: Page) -> list[tuple[str, str]]:
    """Every text that can be checked here: the record's own, then those that come with Foedus."""
    own = page.words.gettext("this record's text: %(name)s", name=page.say(page.compact.short_title))
    return [(OWN, own), *texts_that_come_along(page)]


def texts_that_come_along(page: Page) -> list[tuple[str, str]]:
    """Id and title of each text that comes with Foedus, by title; the id is what the command line calls it."""
    every = [(id_, f"{page.say(title)} ({id_})") for id_, title in bundled_titles().items()]
    return sorted(every, key=lambda one: one[1])


@get("/check", include_in_schema=False, sync_to_thread=True)
def check_page(page: NamedDependency[Page]) -> Answer[Any]:
    """One text: the record's own, or `text`."""
    _ = page.words.gettext
    name = page.query.get("text") or OWN
    run = run_of(page, name)
    run.wait(_WAIT_SECONDS)
    told = Told(page, run)
    return render(
        page, "check/check.html", title=_title(page, told), active="compact", data=data(told),
        tables=tables(told), told=told, name=name, names=names(page), own=name == OWN,
        plays=may_draft(page), everywhere=everywhere(page.words), drafts=may_draft(page),
    )  # fmt: skip


def _title(page: Page, told: Told) -> str:
    """How many guarantees hold: the state, not the topic."""
    words, rows = page.words, told.rows
    if not rows:
        return words.gettext("What the text will do")
    broken, held = (sum(row.holds is answer for row in rows) for answer in (False, True))
    counted = {
        "all": page.number(len(rows)), "held": page.number(held), "broken": page.number(broken),
        "rest": page.number(len(rows) - held - broken),
    }  # fmt: skip
    if told.run.ended:
        return words.gettext("%(all)s guarantees: %(held)s hold, %(broken)s broken, %(rest)s not shown", **counted)
    return words.gettext("%(all)s guarantees: %(held)s hold, %(broken)s broken, %(rest)s not yet answered", **counted)


def data(told: Told) -> dict[str, object]:
    """A check as plain values."""
    run = told.run
    return {
        "text": told.text, "ended": run.ended, "progress": told.progress, "findings": told.faults,
        "guarantees": [row.answer for row in told.rows], "structure": told.structure,
    }  # fmt: skip


@post("/check/everybody", include_in_schema=False)
async def everybody(page: NamedDependency[Page], request: Request[Any, Any, Any]) -> Redirect:
    """Ask among all on the roll what holds among few, or stop that.

    Any reader of a text may ask: it is done once for each text, and for one at a time. To stop what others asked for is
    for whoever sits at the machine.
    """
    form = await request.form()
    name, draft, todo = (str(form.get(field, "")) for field in ("text", "draft", "do"))
    if draft or todo == "stop":
        only_here(page)
    await asyncio.to_thread(_everybody, page, name, draft, todo)
    path, place = (f"/check/drafts/{draft}", "seen") if draft else ("/check", "verdicts")
    return Redirect(f"{page.link(path, text=name if name != OWN else None)}#{place}", status_code=303)


def _everybody(page: Page, name: str, draft: str, todo: str) -> None:
    checks, run = page.console.checks, _asked(page, name, draft)[1]
    if todo != "stop":
        checks.ask_everybody(run)
    elif (found := checks.among_all(run)) is not None and not found.ended:
        found.stop()


def _asked(page: Page, name: str, draft: str) -> tuple[Text | None, Run]:
    """The draft that a form is about, if it is about one, and the check. Raises 404 for what is not here."""
    if not draft:
        return None, run_of(page, name or OWN)
    text = page.console.texts.get(draft)
    if text is None:
        raise NotHere("there is no such draft here")
    return text, page.console.checks.draft(draft, text.data)


# --- two texts ------------------------------------------------------------------------------------------------------


@get("/check/compare", include_in_schema=False, sync_to_thread=True)
def compare_page(page: NamedDependency[Page]) -> Answer[Any]:
    """Two texts side by side: `a` and `b`. Not their words, but what they do."""
    _ = page.words.gettext
    chosen = {"a": page.query.get("a") or "budapest-1994", "b": page.query.get("b") or OWN}
    runs = [run_of(page, name) for name in chosen.values()]
    for run in runs:
        run.wait(_WAIT_SECONDS)
    first, second = (Told(page, run) for run in runs)
    found = otherwise(page, first, second)
    rows = [(kind, what, was, now) for kind, what, was, now in found or ()]
    called = {OWN: page.compact.short_title, **bundled_titles()}
    titles = [page.say(called[name]) for name in chosen.values()]
    return render(
        page, "check/compare.html", title=_("%(a)s beside %(b)s", a=titles[0], b=titles[1]), active="compact",
        data={"a": data(first), "b": data(second), "differences": found, "provisions": changed(first, second)},
        tables={"differences": Table(("kind", "about", "a", "b"), rows), **_both(first, second)},
        sides=list(zip("ab", (first, second), titles, strict=True)), chosen=chosen, names=names(page),
        running=not (first.run.ended and second.run.ended), times=_times(page, first, second),
        differing=found, same=first.text is not None and second.text is not None
        and first.text["id"] == second.text["id"], changed=changed(first, second), drafts=may_draft(page),
    )  # fmt: skip


def _both(first: Told, second: Told) -> dict[str, Table]:
    """The tables of both texts in one, each row with the side it is of."""
    found = {}
    for (name, one), other in zip(tables(first).items(), tables(second).values(), strict=True):
        rows = [(side, *row) for side, table in (("a", one), ("b", other)) for row in table.rows]
        found[name] = Table(("side", *one.columns), rows)
    return found


def _times(page: Page, first: Told, second: Told) -> list[tuple[str, str, str]]:
    """Each step that one of the texts has a clock for, with the longest time in both; a dash where it has none."""
    steps = [{step: (span_, never) for step, span_, never in told.times} for told in (first, second)]
    none = ("—", False)
    return [
        (step, steps[0].get(step, none)[0], steps[1].get(step, none)[0])
        for step in dict.fromkeys((*steps[0], *steps[1]))
    ]


# --- a story as an exercise -----------------------------------------------------------------------------------------


@post("/check/play", include_in_schema=False)
async def play(page: NamedDependency[Page], request: Request[Any, Any, Any]) -> Redirect:
    """Play the story of a guarantee in a record of its own, here."""
    only_here(page)
    form = await request.form()
    name, guarantee, draft = (str(form.get(field, "")) for field in ("text", "guarantee", "draft"))
    text, run = _asked(page, name, draft)
    told = Told(page, run)
    row = next((row for row in told.rows if row.id == guarantee and row.story), None)
    if row is None:
        raise NotHere("there is no story of that guarantee: it holds, or it has not been followed yet")
    files, source = (run.files, run.source) if text is None else (text.data, "draft")
    found = page.console.plays.begin(row.title, source, files, row.id, row.guarantors)
    return Redirect(page.link(f"/check/plays/{found.id}"), status_code=303)


@get("/check/plays/{id_:str}", include_in_schema=False, sync_to_thread=True)
def play_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """Where the story's exercise is looked at, once it answers."""
    only_here(page)
    found = page.console.plays.get(id_)
    if found is None:
        raise NotHere("this exercise is over: play its story again")
    _ = page.words.gettext
    title = _("The story is ready") if found.url else _("The story is being played")
    if found.failed:
        title = _("The story cannot be played")
    return render(
        page, "check/play.html", title=title, active="compact",
        data={"title": found.title, "url": found.url, "failed": found.failed}, play=found,
        problem=found.problem[page.lang], drafts=True,
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [check_page, everybody, compare_page, play, play_page]
