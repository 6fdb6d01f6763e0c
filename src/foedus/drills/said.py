"""The report of a drill as a document, the same for page and paper; EXERCISE on each of its pages, first and last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from foedus.compact.clauses import Clauses
from foedus.documents.sheet import Block, Column, Exact, Facts, Grid, Para, Runs, Section, Sheet, code, text
from foedus.drills.report import PartyTook, Report, median
from foedus.words import Words, mark
from foedus.words.names import Names
from foedus.words.titles import STEPS, title

STAGES = ("reached", "acknowledged", "present", "decided")
_STAGES_SAID = {
    "reached": mark("Reached"),
    "acknowledged": mark("Acknowledged"),
    "present": mark("Present"),
    "decided": mark("Position taken"),
}


def sheet(report: Report, before: Sequence[Report], words: Words, clauses: Clauses) -> Sheet:
    """The report. `before`: of earlier drills, oldest first, to be compared with."""
    _ = words.gettext
    word = _("EXERCISE")
    name = report.title_uk if words.language == "uk" else report.title_en
    sections = (
        Section("times", 1, _("How long it took"), (_medians(report, words), _stopped(report, words))),
        Section("deadlines", 2, _("Deadlines"), (_deadlines(report, words),)),
        Section("parties", 3, _("Party by party"), _parties(report, words, Names(words, clauses))),
        Section("before", 4, _("Compared with earlier drills"), (_compared([*before, report], words),)),
        Section("record", 5, _("The record"), _record(report, words)),
    )
    return Sheet(
        language=words.language, name=_("After-action report"), author="Foedus", dated=report.ended, exercise=word,
        draft="", running=(word, word), foot=f"{report.origin} · {word}", pages=_("Page {page} of {of}"), over=word,
        title=f"{_('After-action report')}: {name}",
        under=f"{words.moment(report.starts)} – {words.moment(report.ended)}",
        standing=text(_("Nothing in it is what any state did or would do.")), brief=(), notes=(), sections=sections,
        signing_title="", signing_note="", signing=(), file="report.json",
    )  # fmt: skip


def _span(words: Words, seconds: float | None) -> Runs:
    return text(words.duration(timedelta(seconds=seconds)) if seconds is not None else words.gettext("never"))


def _medians(report: Report, words: Words) -> Block:
    rows = []
    for stage in STAGES:
        times = [getattr(one, stage) for one in report.parties]
        done = [one for one in times if one is not None]
        rows.append(
            (
                text(words.gettext(_STAGES_SAID[stage])), text(f"{len(done)}/{len(times)}"),
                _span(words, median(times)), _span(words, max(done, default=None)),
            )
        )  # fmt: skip
    _ = words.gettext
    columns = (
        Column(_("Step"), 2),
        Column(_("Parties")),
        Column(_("Half of them within"), 1),
        Column(_("The last"), 1),
    )
    return Grid(_("Counted from the request."), columns, tuple(rows))


def _stopped(report: Report, words: Words) -> Block:
    if report.stopped_at is None:
        return Para(text(words.gettext("It was played to its end.")), "note")
    said = words.gettext(
        "NO PLAY: stopped on %(at)s: %(because)s.", at=words.moment(report.stopped_at), because=report.stopped
    )
    return Para(text(said), "lead")


def _deadlines(report: Report, words: Words) -> Block:
    _ = words.gettext
    rows = tuple(
        (
            text(title(words, STEPS, one.step)), _span(words, one.due),
            _span(words, one.met) if one.met is not None else text(_("missed")),
        )
        for one in report.clocks
    )  # fmt: skip
    return Grid(_("Counted from the request."), (Column(_("Step"), 2), Column(_("Due"), 1), Column(_("Met"), 1)), rows)


def _parties(report: Report, words: Words, names: Names) -> tuple[Block, ...]:
    _ = words.gettext
    columns = (Column(_("Party"), 2), *(Column(_(_STAGES_SAID[stage]), 1) for stage in STAGES))
    rows = tuple(
        (text(names.party(one.party)), *(_span(words, getattr(one, stage)) for stage in STAGES))
        for one in report.parties
    )
    table = Grid(_("Counted from the request."), columns, rows)
    unreached = [one for one in report.parties if one.unreached]
    if not unreached:
        return (table,)
    facts = tuple((names.party(one.party), text(_why(one, words))) for one in unreached)
    return (table, Para(text(_("Never reached, and why:"))), Facts(facts))


def _why(one: PartyTook, words: Words) -> str:
    from foedus.alerts.channels import PROBLEMS

    return words.gettext(PROBLEMS[one.unreached]) if one.unreached in PROBLEMS else one.unreached


def _compared(all_: Sequence[Report], words: Words) -> Block:
    _ = words.gettext
    columns = (Column(_("Drill"), 2), *(Column(_(_STAGES_SAID[stage]), 1) for stage in STAGES), Column(_("Missed")))
    rows = tuple(
        (
            text(words.moment(one.starts)),
            *(_span(words, median([getattr(party, stage) for party in one.parties])) for stage in STAGES),
            text(str(sum(clock.met is None for clock in one.clocks))),
        )
        for one in all_
    )
    return Grid(_("Half of the parties within, and deadlines missed."), columns, rows)


def _record(report: Report, words: Words) -> tuple[Block, ...]:
    _ = words.gettext
    facts = (
        (_("Record"), text(report.origin)),
        (_("Entries"), text(words.number(report.entries))),
        (_("Root"), code(report.root)),
        (_("Seed of the lots"), text(str(report.seed))),
        (_("Speed"), text(f"{report.speed:g} ×")),
    )
    if not report.refused:
        return (Facts(facts),)
    return (Facts(facts), Exact(_("Planned, and not allowed:"), "\n".join(report.refused[:50])))
