"""What a dry run found, in words: for the command line and for the console."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from foedus.commitments.sources.model import Place
from foedus.commitments.state import Bounds
from foedus.compact.clauses import Clauses
from foedus.words import Words
from foedus.words.failures import say_because, say_error
from foedus.words.said_commitments import unit_name
from foedus.words.sentences import say_act, say_event
from foedus.words.speech import Speech
from foedus.words.titles import title
from foedus.words.titles_commitments import STAGES
from foedus.workbook.columns import BY_NAME
from foedus.workbook.effects import DryRun, Effect


def where(words: Words, place: Place) -> str:
    """A place as a reader finds it in the workbook."""
    if not place.row:
        return place.sheet
    if not place.column:
        return words.gettext("%(sheet)s, row %(row)s", sheet=place.sheet, row=str(place.row))
    return words.gettext(
        "%(sheet)s, row %(row)s, column %(column)s", sheet=place.sheet, row=str(place.row), column=place.column
    )


def wrong(words: Words, clauses: Clauses, found: DryRun) -> list[tuple[Place, str]]:
    """Every row that is not taken, and why: what cannot be read, and what the rules refuse."""
    said = [(one.place, say_because(words, one.what)) for one in found.faults]
    said += [(one.line.at(one.header), say_error(words, one.why, clauses)) for one in found.refusals]
    order = {sheet: place for place, sheet in enumerate(BY_NAME)}
    return sorted(said, key=lambda one: (order[one[0].sheet.casefold()], one[0].row))


def act(words: Words, clauses: Clauses, found: DryRun, one: Effect) -> str:
    """What the row says."""
    return say_act(words, clauses, one.body, found.seat.partition("/")[0], found.state)


def brings(words: Words, clauses: Clauses, found: DryRun, one: Effect) -> str:
    """What it would bring about; of a row that was entered before, where it stands."""
    if one.entry is not None:
        return words.gettext("already there: entry %(entry)s", entry=str(one.entry))
    return " ".join(say_event(words, clauses, found.state, event) for event in one.events)


def changes(words: Words, clauses: Clauses, found: DryRun) -> Iterator[str]:
    """What would be another afterwards: sums by stage, what is overdue, what is missing."""
    speech = Speech(words, clauses, found.state)
    for moved in found.sums:
        yield words.gettext(
            "%(stage)s, %(unit)s: %(before)s → %(after)s", stage=title(words, STAGES, moved.stage),
            unit=unit_name(speech, moved.unit), before=_sum(words, moved.before), after=_sum(words, moved.after),
        )  # fmt: skip
    for tranche in found.late:
        yield words.gettext("overdue at once: %(tranche)s", tranche=tranche)
    for tranche in found.mended:
        yield words.gettext("overdue no more: %(tranche)s", tranche=tranche)
    for gap in found.gaps:
        yield words.gettext(
            "missing of %(capability)s (%(unit)s) by %(day)s: %(before)s → %(after)s",
            capability=unit_name(speech, gap.capability), unit=unit_name(speech, gap.unit),
            day=words.date(date.fromisoformat(gap.needed_by)), before=words.number(gap.before),
            after=words.number(gap.after),
        )  # fmt: skip


def _sum(words: Words, amount: Bounds) -> str:
    low, high = (words.number(f"{one.normalize():f}") for one in (amount.low, amount.high))
    said = low if low == high else f"{low}–{high}"
    return words.gettext("%(amount)s or more", amount=said) if amount.open else said
