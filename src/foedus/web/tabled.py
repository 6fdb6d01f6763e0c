"""Measures on the table as pages show them: how many stand where, and each party's word with what it brings.

Values for templates and for JSON alike. Counts positions and judges nothing: whether a measure goes ahead is in the
record.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from foedus.compact.model import Measure as Clause
from foedus.response.state import Measure, Position, Response
from foedus.web import marks
from foedus.web.board import names, over
from foedus.web.marks import Mark
from foedus.web.page import Page
from foedus.words.titles import MEASURE_KINDS, title


class PositionRow(Struct, frozen=True):
    """One party's word on one measure."""

    party: str
    name: str
    mark: Mark
    contribution: str
    starts_on: str
    caveats: str
    confirm_by: datetime | None
    entry: int
    binds: bool


class MeasureBoard(Struct, frozen=True):
    """One measure on the table: its text, how many stand where, and each party's word."""

    number: int
    id: str
    title: str
    kind: str
    provision: str | None
    asked_of: str
    text: str
    version: int
    by: str
    entry: int
    joined: int
    to_confirm: int
    declined: int
    abstained: int
    unsaid: int
    of: int
    positions: tuple[PositionRow, ...]

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """The parts of the bar, in order."""
        return (
            ("joined", self.joined),
            ("to-confirm", self.to_confirm),
            ("declined", self.declined),
            ("abstained", self.abstained),
            ("unsaid", self.unsaid),
        )


def measures(page: Page, response: Response) -> list[MeasureBoard]:
    """Measures on the table, in the order they were proposed."""
    found = []
    for number, item in enumerate(response.measures, 1):
        measure = page.see(page.state.response.measures[item.value])
        if measure is not None:
            found.append(_measure(page, response, measure, number))
    return found


def _measure(page: Page, response: Response, measure: Measure, number: int) -> MeasureBoard:
    done = response.decided is not None or over(page, response, "decide")
    rows = [_position(page, measure, party, position, done) for party in response.roll
            if (position := measure.position(party)) is not None]  # fmt: skip
    counts = dict.fromkeys(("tick", "half", "cross", "bar"), 0)
    for row in rows:
        counts[row.mark.shape] += 1
    order = {"cross": 0, "bar": 1, "half": 2, "tick": 3}  # worst first, after the reader's own
    mine = page.party.id if page.party else ""
    rows.sort(key=lambda row: (row.party != mine, order[row.mark.shape], page.sort_key(row.name)))
    prepared = page.clauses.measure(measure.menu) if measure.menu else None
    named = names(page)
    return MeasureBoard(
        number, measure.id, page.say(prepared[0].title) if prepared else _kind(page, measure.kind),
        _kind(page, measure.kind), prepared[0].id if prepared else None,
        _asked_of(page, prepared[1] if prepared else None), measure.text, len(measure.versions),
        named.party(measure.party), measure.place.entry, counts["tick"], counts["half"], counts["cross"], counts["bar"],
        len(response.roll) - len(rows), len(response.roll), tuple(rows),
    )  # fmt: skip


def _asked_of(page: Page, clause: Clause | None) -> str:
    """The groups that the provision names. Others on the roll may join as well."""
    if clause is None:
        return page.words.gettext("the whole roll")
    return page.words.items(names(page).group(group) for group in clause.bearers)


def _kind(page: Page, kind: str) -> str:
    text = title(page.words, MEASURE_KINDS, kind)
    return text[:1].upper() + text[1:]


def _position(page: Page, measure: Measure, party: str, position: Position, done: bool) -> PositionRow:
    named = names(page)
    return PositionRow(
        party, page.name(party), marks.stance(position, done, page.words.gettext),
        "; ".join(named.contribution(item) for item in position.contributions),
        page.day(position.starts_on, "day") if position.starts_on else "",
        "; ".join(named.caveat(code) for code in (*position.caveats, *position.conditions)),
        position.confirm_by if position.confirmed is None and position.lapsed is None else None,
        position.place.entry, position.text == measure.text,
    )  # fmt: skip
