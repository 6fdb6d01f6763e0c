"""The report of a drill as a document, the same for page and paper; EXERCISE on each of its pages, first and last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from foedus.compact.clauses import Clauses
from foedus.documents.sheet import (
    Block,
    Column,
    Exact,
    Facts,
    Grid,
    Para,
    Runs,
    Section,
    Sheet,
    code,
    small,
    symbol,
    text,
)
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
    names = Names(words, clauses)
    sections = (
        Section("times", 1, _("How long it took"), (_medians(report, words), _stopped(report, words))),
        Section("deadlines", 2, _("Deadlines"), (_deadlines(report, words),)),
        Section("outcomes", 3, _("What was decided"), _outcomes(report, words, names)),
        Section("before", 4, _("Compared with earlier drills"), _before(before, report, words)),
        Section("parties", 5, _("Party by party"), _parties(report, words, names)),
        Section("record", 6, _("The record"), _record(report, words)),
    )
    return Sheet(
        language=words.language, name=_("After-action report"), author="Foedus", dated=report.ended, exercise=word,
        draft="", running=(word, word), foot=f"{report.origin} · {word}", pages=_("Page {page} of {of}"), over=word,
        title=f"{_('After-action report')}: {name}",
        under=f"{words.moment(report.starts)} – {words.moment(report.ended)}",
        standing=text(_("Nothing in it is what any state did or would do.")), brief=_brief(report, words), notes=(),
        sections=sections,
        signing_title="", signing_note="", signing=(), file="report.json",
    )  # fmt: skip


def _span(words: Words, seconds: float | None) -> Runs:
    return text(words.duration(timedelta(seconds=seconds)) if seconds is not None else words.gettext("never"))


def _told(report: Report) -> bool:
    """Whether alerts went out at all: else nobody was reached, and nobody was to be."""
    return bool(report.seats) or any(one.reached is not None or one.unreached for one in report.parties)


def _stages(report: Report) -> tuple[str, ...]:
    return STAGES if _told(report) else STAGES[1:]


def _brief(report: Report, words: Words) -> tuple[Runs, ...]:
    """The whole in a few sentences: what was met and missed, and how it ended."""
    _ = words.gettext
    if report.begins is None:
        return (text(_("No request was made: the guarantees were not activated.")),)
    missed = sum(one.missed for one in report.clocks)
    come, asked = sum(one.present is not None for one in report.parties), len(report.parties)
    said = [
        _("Deadlines: %(met)s met, %(missed)s missed.", met=len(report.clocks) - missed, missed=missed),
        _("%(come)s of %(asked)s parties came.", come=come, asked=asked),
    ]
    if not _told(report):
        said.append(_("No alerts were sent in this drill."))
    return (text(" ".join(said)),)


def _medians(report: Report, words: Words) -> Block:
    rows = []
    for stage in _stages(report):
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
        Column(_("Parties"), 1),
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
            _span(words, one.met) if one.met is not None
            else symbol("half", _("decided when its time was over, from what had been said")) if one.at_end
            else symbol("cross", _("missed")),
        )
        for one in report.clocks
    )  # fmt: skip
    return Grid(_("Counted from the request."), (Column(_("Step"), 2), Column(_("Due"), 1), Column(_("Met"), 2)), rows)


def _outcomes(report: Report, words: Words, names: Names) -> tuple[Block, ...]:
    _ = words.gettext
    if not report.outcomes:
        return (Para(text(_("Nothing was decided.")), "note"),)
    rows = tuple((text(names.measure(measure)), text(words.number(count))) for measure, count in report.outcomes)
    return (
        Grid(
            _("Measures decided, and how many joined each."), (Column(_("Measure"), 2), Column(_("Joined by"), 1)), rows
        ),
    )


def _parties(report: Report, words: Words, names: Names) -> tuple[Block, ...]:
    """Who did least first; under each time the office that did it."""
    _, stages = words.gettext, _stages(report)
    columns = (Column(_("Party"), 2), *(Column(_(_STAGES_SAID[stage]), 1) for stage in stages))
    ordered = sorted(report.parties, key=lambda one: sum(getattr(one, stage) is not None for stage in stages))
    rows = tuple(
        (text(names.party(one.party)), *(_by(words, names, one, stage) for stage in stages)) for one in ordered
    )
    return (
        Grid(_("Counted from the request; who did least stands first."), columns, rows),
        *_unreached(report, words, names),
    )


def _by(words: Words, names: Names, one: PartyTook, stage: str) -> Runs:
    seat = getattr(one, f"{stage}_by", "")
    return (*_span(words, getattr(one, stage)), *(small(names.role(seat.partition("/")[2])) if seat else ()))


def _unreached(report: Report, words: Words, names: Names) -> tuple[Block, ...]:
    """Seats that were told and those that were not, and why."""
    _ = words.gettext
    found: list[Block] = []
    if report.seats and report.begins is not None:
        begins = report.begins.timestamp()
        columns = (
            Column(_("Seat"), 2),
            Column(_("People"), 1),
            Column(_("Reached"), 1),
            Column(_("Confirmed by PIN"), 1),
        )
        rows = tuple(
            (
                text(names.seat(one.seat)), text(str(one.people)),
                _span(words, one.reached - begins) if one.reached is not None else text(_why(one.unreached, words)),
                _span(words, one.confirmed - begins if one.confirmed is not None else None),
            )
            for one in report.seats
        )  # fmt: skip
        found.append(Grid(_("Seats with people to be told, counted from the request."), columns, rows))
    why: dict[str, list[str]] = {}  # most of forty parties share a reason
    for one in report.parties:
        if one.unreached:
            why.setdefault(_why(one.unreached, words), []).append(names.party(one.party))
        elif one.reached is None and _told(report):
            nobody = _("nobody of it is among the contacts of the exercise")
            why.setdefault(nobody, []).append(names.party(one.party))
    if why:
        facts = Facts(tuple((reason, text(", ".join(parties))) for reason, parties in why.items()))
        found += [Para(text(_("Never reached, and why:"))), facts]
    return tuple(found)


def _why(word: str, words: Words) -> str:
    from foedus.alerts.channels import PROBLEMS

    return words.gettext(PROBLEMS[word]) if word in PROBLEMS else word or words.gettext("nothing was to be sent")


def _before(before: Sequence[Report], report: Report, words: Words) -> tuple[Block, ...]:
    if not before:
        return (Para(text(words.gettext("It is the first: there is nothing to compare it with.")), "note"),)
    return (comparison([*before, report], words),)


def comparison(all_: Sequence[Report], words: Words) -> Block:
    """Drills side by side, in the order given."""
    _ = words.gettext
    stages = STAGES if any(_told(one) for one in all_) else STAGES[1:]
    columns = (
        Column(_("Drill"), 2), *(Column(_(_STAGES_SAID[stage]), 1) for stage in stages),
        Column(_("Parties that came"), 1), Column(_("Missed"), 1),
    )  # fmt: skip
    rows = tuple(
        (
            (*text(one.title_uk if words.language == "uk" else one.title_en), *small(words.moment(one.starts))),
            *(_half(words, one, stage) for stage in stages),
            text(f"{sum(party.present is not None for party in one.parties)}/{len(one.parties)}"),
            text(str(sum(clock.missed for clock in one.clocks))),
        )
        for one in all_
    )
    return Grid(_("Half of the parties within, how many came, and deadlines missed; oldest first."), columns, rows)


def _half(words: Words, report: Report, stage: str) -> Runs:
    if stage == "reached" and not _told(report):
        return text("—")
    return _span(words, median([getattr(party, stage) for party in report.parties]))


def _record(report: Report, words: Words) -> tuple[Block, ...]:
    _ = words.gettext
    facts = (
        (_("Record"), text(report.origin)),
        (_("Entries"), text(words.number(report.entries))),
        (_("Root"), code(report.root)),
        (_("Seed of the lots"), text(str(report.seed))),
        (_("Speed"), text(f"{report.speed:g} ×")),
    )
    found: list[Block] = [Facts(facts)]
    if report.checkpoint:
        found.append(Exact(_("Its checkpoint, as signed by the exercise’s depositary:"), report.checkpoint.rstrip()))
    if report.refused:
        found.append(Exact(_("Planned, and not allowed:"), "\n".join(report.refused[:50])))
    return tuple(found)
