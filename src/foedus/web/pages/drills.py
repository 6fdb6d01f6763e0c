"""Drills: plans in words, beginning one, its course while it runs, NO PLAY, its report, and many drawn by lot.

A drill runs in a process and a record of its own; this console only looks into its folder. EXERCISE stands first and
last on each of these pages, on a live record's console too.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from litestar import Request, get, post
from litestar import Response as Answer
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler
from markupsafe import Markup
from msgspec import Struct

from foedus.compact.clauses import Clauses
from foedus.compact.duration import Duration
from foedus.drills.course import Course
from foedus.drills.plan import MOST_SPEED, Answering, Plan, body_of
from foedus.drills.runs import MOST_DRAWN, Planned, Run
from foedus.drills.said import comparison, sheet
from foedus.drills.simulating import Simulated, plot, shares
from foedus.errors import Malformed
from foedus.web.drilled import begins, drills_of, may_begin, may_stop, stops
from foedus.web.frame import Table, render
from foedus.web.page import Page
from foedus.web.unanswered import NotHere
from foedus.words import LANGUAGES, NAMES
from foedus.words.failures import say_error
from foedus.words.names import Names
from foedus.words.sentences import say_act
from foedus.words.titles import STEPS, title

FILES = {f"report.{lang}.{kind}": lang for lang in LANGUAGES for kind in ("html", "pdf")} | {"report.json": ""}
TYPES = {"html": "text/html", "pdf": "application/pdf", "json": "application/json"}
# A report that is opened by itself may hold what our own pages never do: its style stands in it.
OWN_STYLE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
_PLANS = ("plan", "title_en", "title_uk", "problem")
_RUNS = ("id", "title_en", "title_uk", "phase", "done", "of", "plays", "stopped")
_INJECTS = ("after", "seats", "says")
_BINS = ("from_hours", "until_hours", "drills")
_HINGES = ("seat", "fewer_without", "minutes_later_without", "makes_quorum")


class Told(Struct, frozen=True):
    """A run as a page shows it."""

    run: Run
    title: str
    state: str
    colour: str
    shape: str

    @property
    def begun(self) -> datetime:
        """When it was begun."""
        return datetime.fromisoformat(f"{self.run.begun}+00:00")


@get("/drills", include_in_schema=False, sync_to_thread=True)
def every(page: NamedDependency[Page]) -> Answer[Any]:
    """Plans, and what was played."""
    drills = drills_of(page)
    plans, runs = drills.plans(), [told(page, one) for one in drills.runs()]
    playing = next((one for one in runs if one.run.plays), None)
    _ = page.words.gettext
    heading = _("Drills") if playing is None else _("A drill is being played")
    return render(
        page, "drills/list.html", title=framed(page, heading), active="drills", heading=heading,
        data={"playing": playing.run.id if playing else None},
        tables={"runs": Table(_RUNS, [_row(one.run) for one in runs]),
                "plans": Table(_PLANS, [_plan_row(one) for one in plans])},
        plans=[(one, _name(page, one), say_error(page.words, one.problem) if one.problem else "") for one in plans],
        runs=runs, playing=playing, compared=_compared(page),
    )  # fmt: skip


def framed(page: Page, words: str) -> str:
    """The title of the window, with EXERCISE first and last; on an exercise's console the frame says the first."""
    word = page.words.gettext("EXERCISE")
    return f"{words} {word}" if page.exercise else f"{word}: {words} {word}"


def _row(one: Run) -> tuple[object, ...]:
    course = one.course
    if course is None:
        return (one.id, "", "", "founding" if one.plays else "failed", 0, 0, one.plays, "")
    return (
        one.id, course.title_en, course.title_uk, course.phase, course.done, course.of, one.plays, course.stopped,
    )  # fmt: skip


def _plan_row(one: Planned) -> tuple[object, ...]:
    plan = one.plan
    return one.name, plan.title.en if plan else "", plan.title.uk if plan else "", str(one.problem or "")


def _name(page: Page, planned: Planned) -> str:
    return page.say(planned.plan.title) if planned.plan else planned.name


def told(page: Page, one: Run) -> Told:
    """How a run stands, in words."""
    _, course = page.words.gettext, one.course
    name = one.id if course is None else course.title_uk if page.lang == "uk" else course.title_en
    if one.drawn:
        name = _("%(title)s, by lot", title=name)
    if one.plays and (course is None or course.phase == "founding"):
        return Told(one, name, _("is being founded"), "blue", "clock")
    if one.plays:
        return Told(one, name, _("is running"), "blue", "clock")
    if course is None or course.phase != "ended":
        return Told(one, name, _("came to nothing"), "red", "cross")
    if course.stopped:
        return Told(one, name, _("stopped: NO PLAY"), "amber", "triangle")
    return Told(one, name, _("has ended"), "green", "tick")


# --- a plan -------------------------------------------------------------------------------------------------


@get("/drills/plan/{name:str}", include_in_schema=False, sync_to_thread=True)
def plan_page(page: NamedDependency[Page], name: FromPath[str]) -> Answer[Any]:
    """What is played in, how parties answer, and the forms that begin it."""
    planned = _planned(page, name)
    plan, clauses = planned.plan, planned.clauses
    if plan is None or clauses is None:
        assert planned.problem is not None, "what is no plan has a reason"
        raise planned.problem
    names, heading = Names(page.words, clauses), page.say(plan.title)
    injects = [
        (span(page, one.at), [names.seat(seat) for seat in (one.seat, *one.also)],
         say_act(page.words, clauses, body_of(one), one.seat.partition("/")[0]))
        for one in sorted(plan.injects, key=lambda one: 0 if one.at == "PT0S" else Duration.parse(one.at).seconds)
    ]  # fmt: skip
    busy = next((told(page, one) for one in drills_of(page).runs() if one.plays), None)
    return render(
        page, "drills/plan.html", title=framed(page, heading), active="drills", heading=heading,
        data={"plan": planned.name, "hours": plan.hours, "speed": plan.speed, "seed": plan.seed},
        tables={"injects": Table(_INJECTS, [(at, "; ".join(seats), said) for at, seats, said in injects])},
        planned=planned, plan=plan, injects=injects, manners=_manners(page, plan, names),
        played=[names.party(one) for one in plan.played], may=may_begin(page), busy=busy, most=MOST_SPEED,
        lasts=page.words.duration(timedelta(hours=plan.hours / plan.speed)), alerting=drills_of(page).alerting(),
        drawn=10_000, most_drawn=MOST_DRAWN,
    )  # fmt: skip


def span(page: Page, text: str) -> str:
    """How long after the start."""
    return page.words.gettext("at the start") if text == "PT0S" else page.words.span(Duration.parse(text))


def _manners(page: Page, plan: Plan, names: Names) -> list[tuple[str, ...]]:
    _ = page.words.gettext
    rows = [(_("Everybody else") if plan.by_party else _("Everybody"), plan.all)]
    rows += [(names.party(party), manner) for party, manner in plan.by_party.items()]
    return [
        (who, *(_answers(page, one) for one in (how.acknowledge, how.attend, how.decide)), f"{100 * how.declines:g} %")
        for who, how in rows
    ]  # fmt: skip


def _answers(page: Page, how: Answering) -> str:
    return page.words.gettext(
        "%(share)s of 100, half of them within %(span)s", share=f"{100 * how.share:g}",
        span=page.words.span(Duration.parse(how.median)),
    )  # fmt: skip


def _planned(page: Page, name: str) -> Planned:
    found = drills_of(page).plan(name)
    if found is None:
        raise NotHere("there is no plan {name} in the folder of drills", name=name[:60])
    return found


@post("/drills/begin", include_in_schema=False)
async def begin(page: NamedDependency[Page], request: Request[Any, Any, Any]) -> Redirect:
    """Play a plan, or draw many of it by lot."""
    drills = begins(page)
    form: Mapping[str, Any] = await request.form()
    planned = _planned(page, str(form.get("plan", "")))
    if planned.problem is not None:
        raise planned.problem
    assert planned.plan is not None, "it has no problem"
    if "drawn" in form:
        id_ = await to_thread(drills.draw, planned, int(_figure(form, "drawn", 1, MOST_DRAWN)))
    else:
        speed = _figure(form, "speed", 1, MOST_SPEED)
        id_ = await to_thread(drills.begin, planned, speed, bool(form.get("console")))
    return Redirect(page.link(f"/drills/run/{id_}"), status_code=303)


def _figure(form: Mapping[str, Any], name: str, least: float, most: float) -> float:
    text = str(form.get(name, "")).strip().replace(" ", "")
    try:
        found = float(text)
    except ValueError:
        found = least - 1
    if not least <= found <= most:
        raise Malformed(
            "{name}: {found!r}; a number from {least} to {most} is expected",
            name=name, found=text[:20], least=f"{least:g}", most=f"{most:g}",
        )  # fmt: skip
    return found


# --- a run --------------------------------------------------------------------------------------------------


@get("/drills/run/{id_:str}", include_in_schema=False, sync_to_thread=True)
def run_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """Its course while it runs; then its report, or what the lots gave."""
    one = _run(page, id_)
    it = told(page, one)
    clauses = page.clauses
    made = sheet(one.report, _before(page, one), page.words, clauses) if one.report else None
    drawn = one.simulated
    return render(
        page, "drills/run.html", title=framed(page, it.title), active="drills", heading=it.title,
        data={"run": one.id, "plays": one.plays, "course": one.course, "report": one.report, "simulated": drawn},
        tables=_tables(drawn) if drawn else {}, it=it, course=one.course, sheet=made, drawn=drawn,
        share=_share(one.course), may=one.plays and may_stop(page), said=_said(page, drawn, clauses) if drawn else {},
        steps=[(title(page.words, STEPS, step.step), step) for step in (one.course.steps if one.course else ())],
        files=[(lang, NAMES[lang], kind.upper(), f"/drills/run/{one.id}/report.{lang}.{kind}")
               for lang in LANGUAGES for kind in ("html", "pdf")],
        problem=_problem(one),
    )  # fmt: skip


def _share(course: Course | None) -> int:
    return min(1000, course.done * 1000 // course.of) if course is not None and course.of else 0


def _problem(one: Run) -> str:
    """The last line that the process said, where it came to nothing."""
    if one.plays or (one.course is not None and one.course.phase == "ended"):
        return ""
    lines = [line for line in one.log.splitlines() if line.strip()]
    return lines[-1][:500] if lines else one.course.problem if one.course is not None else ""


def _run(page: Page, id_: str) -> Run:
    found = drills_of(page).run(id_)
    if found is None:
        raise NotHere("there is no drill {id} in the folder of drills", id=id_[:60])
    return found


def _before(page: Page, one: Run) -> list[Any]:
    return [run.report for run in drills_of(page).before(one.id) if run.report is not None]


def _compared(page: Page) -> Any:
    reports = [run.report for run in drills_of(page).before() if run.report is not None]
    return comparison(reports, page.words) if len(reports) > 1 else None


def _tables(drawn: Simulated) -> dict[str, Table]:
    hinges = [(f"{one.party}/delegation", one.lost_without, one.later_minutes, one.makes_it) for one in drawn.hinges]
    return {
        "bins": Table(_BINS, shares(drawn)),
        "hinges": Table(_HINGES, hinges),
    }


def _said(page: Page, drawn: Simulated, clauses: Clauses) -> dict[str, Any]:
    """The finding, the picture and the rows of its tables."""
    _, names = page.words.gettext, Names(page.words, clauses)
    finding = _(
        "A quorum within %(hours)s h in %(share)s of 100 drills", hours=f"{drawn.needed_hours:g}",
        share=f"{100 * drawn.within:.1f}",
    )  # fmt: skip
    axes = {"later": _("later or never"), "hours": _("hours after the request"), "drills": _("drills")}
    return {
        "finding": finding,
        "picture": Markup(plot(drawn, f"{_('EXERCISE')}: {finding}. {_('EXERCISE')}", axes)),  # noqa: S704  # our own numbers
        "bins": shares(drawn),
        "hinges": [(names.seat(f"{one.party}/delegation"), one) for one in drawn.hinges],
    }


@post("/drills/stop", include_in_schema=False)
async def no_play(page: NamedDependency[Page], request: Request[Any, Any, Any]) -> Redirect:
    """NO PLAY."""
    drills = stops(page)
    form: Mapping[str, Any] = await request.form()
    one = _run(page, str(form.get("run", "")))
    because = " ".join(str(form.get("because", "")).split())[:150] or "NO PLAY"
    await to_thread(drills.stop, one, because)
    return Redirect(page.link(f"/drills/run/{one.id}"), status_code=303)


@get("/drills/run/{id_:str}/{name:str}", include_in_schema=False, sync_to_thread=True)
def file(page: NamedDependency[Page], id_: FromPath[str], name: FromPath[str]) -> Answer[bytes]:
    """A file of the report, as it was written when the drill ended."""
    one = _run(page, id_)
    if name not in FILES or not (one.folder / name).is_file():
        raise NotHere("this drill has no file {name}", name=name[:60])
    kind = name.rpartition(".")[2]
    headers = {"content-disposition": f'inline; filename="EXERCISE-{one.id}-{name}"'}
    if kind == "html":
        headers["content-security-policy"] = OWN_STYLE
    return Answer((one.folder / name).read_bytes(), media_type=TYPES[kind], headers=headers)


routes: list[ControllerRouterHandler] = [every, plan_page, begin, run_page, no_play, file]
