"""`drill` and `no-play`: an exercise from a plan, its report, many of them by lot; and stopping one at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang, in_folder
from foedus.cli.session import _, session
from foedus.drills import LIVE

if TYPE_CHECKING:
    from foedus.compact.clauses import Clauses
    from foedus.drills.plan import Plan
    from foedus.drills.playing import Came, Wish
    from foedus.drills.simulating import Simulated


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("drill", help=_("Play an exercise from a plan on a compressed clock, and report."), epilog=_DRILL)(
        drill
    )
    app.command("no-play", help=_("Something real has happened: stop a drill at once."), epilog=_NO_PLAY)(no_play)


_DRILL = "foedus drill night-attack drill --speed 1000"
_NO_PLAY = 'foedus no-play drill --because "a real attack"'


def drill(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help=_("The plan (YAML), or the name of a bundled one."))],
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help=_("An empty folder for the drill."))] = Path("drill"),
    *,
    speed: Annotated[
        float | None, typer.Option("--speed", min=1, max=1000, help=_("How many hours pass in one."))
    ] = None,
    live: Annotated[
        str | None,
        typer.Option(
            "--live", metavar="DIR", envvar=LIVE, show_envvar=False,
            help=_("A live record: whatever happens there stops the drill."),
        ),
    ] = None,
    alerts: Annotated[
        Path | None,
        typer.Option("--alerts", metavar="FILE", help=_("Send real alerts, by these settings of an exercise.")),
    ] = None,
    contacts: Annotated[
        Path | None, typer.Option("--contacts", metavar="FILE", help=_("Who gets them: people of the exercise alone."))
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help=_("Serve a console for those who play, while it runs.")),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option("--against", metavar="REPORT", help=_("Compare with the report.json of another.")),
    ] = None,
    simulate: Annotated[
        int | None, typer.Option("--simulate", min=1, max=1_000_000, help=_("Play none: draw so many by lot."))
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:  # fmt: skip
    """Play it, or draw many."""
    from foedus.drills.plan import plan_path, read_plan
    from foedus.drills.playing import Wish

    in_folder(folder)
    read, clauses = read_plan(plan_path(plan))
    if simulate is not None:
        _simulated(read, clauses, simulate, folder)
    else:
        _played(read, clauses, folder, Wish(speed, live, alerts, contacts, port, against or ()))


def _played(plan: Plan, clauses: Clauses, folder: Path, wish: Wish) -> None:
    from foedus.drills.playing import play

    with session.progress(_("Playing the drill")) as progress:
        came = play(plan, clauses, folder, wish, progress)
    session.answer(came.report, _told(came))


def _told(came: Came) -> list[str]:
    words, report = session.words, came.report
    lines = [_("EXERCISE %(origin)s: %(entries)s entries.", origin=report.origin, entries=words.number(report.entries))]
    if report.stopped_at is not None:
        lines.append(
            _(
                "NO PLAY: stopped on %(at)s: %(because)s.",
                at=words.moment(report.stopped_at), because=report.stopped,
            )
        )  # fmt: skip
        if came.called_off:
            lines.append(_("NO PLAY was sent over %(num)s channels.", num=words.number(came.called_off)))
    missed = [one.step for one in report.clocks if one.missed]
    lines.append(
        _(
            "Deadlines: %(met)s met, %(missed)s missed.",
            met=words.number(len(report.clocks) - len(missed)),
            missed=words.number(len(missed)),
        )
    )
    lines.append(_("Report: %(files)s.", files=", ".join(str(path) for path in came.files)))
    return lines


def _simulated(plan: Plan, clauses: Clauses, times: int, folder: Path) -> None:
    from foedus.drills.playing import draw
    from foedus.drills.simulating import plot
    from foedus.words.names import Names

    with session.progress(_("Drawing drills")) as progress:
        found = draw(plan, clauses, folder, times, progress)
    picture = folder / "quorum.svg"
    said = _("EXERCISE. Time to quorum in %(drills)s drills. EXERCISE", drills=session.words.number(times))
    axes = {"later": _("later or never"), "hours": _("hours after the request"), "drills": _("drills")}
    picture.write_text(plot(found, said, axes), "utf-8")
    session.answer(found, _drawn(found, Names(session.words, clauses).party, _kind, picture))


def _kind(code: str) -> str:
    from foedus.words.titles import MEASURE_KINDS, title

    return title(session.words, MEASURE_KINDS, code).capitalize()


def _drawn(found: Simulated, name: Callable[[str], str], kind: Callable[[str], str], picture: Path) -> list[str]:
    number = session.words.number
    lines = [
        _("%(drills)s drills drawn: a quorum within %(hours)s h in %(share)s of 100.",
          drills=number(found.drills), hours=f"{found.needed_hours:g}", share=f"{100 * found.within:.1f}")
    ]  # fmt: skip
    if found.hours:
        lines.append(
            _("Half have it after %(half)s h, 95 of 100 after %(most)s h.", half=found.hours[2], most=found.hours[-1])
        )
    lines += [
        _(
            "It hinges on %(party)s: without it %(lost)s of 100 fewer, and later by %(minutes)s min.",
            party=name(one.party),
            lost=f"{100 * one.lost_without:.1f}",
            minutes=f"{one.later_minutes:.0f}",
        )
        for one in found.hinges[:5]
    ]
    lines += [
        _(
            "%(kind)s: %(in_time)s of %(parties)s decide in time, %(free)s were no step of national law ahead.",
            kind=kind(one.kind), in_time=f"{one.in_time:g}", parties=number(one.parties), free=f"{one.without_steps:g}",
        )
        for one in found.deciding
    ]  # fmt: skip
    return [*lines, _("Plot: %(file)s.", file=str(picture))]


def no_play(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("The folder of the drill."))], *,
    because: Annotated[str, typer.Option("--because", help=_("What has happened."))] = "NO PLAY",
    json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Stop it."""
    from foedus.drills.running import stop

    stop(folder, because)
    session.answer({"stopped": str(folder)}, [_("NO PLAY: the drill in %(folder)s stops.", folder=str(folder))])
