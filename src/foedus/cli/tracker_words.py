"""How rows and sums of a tracker are said: donors, kinds and stages in the reader's language, places and ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from foedus.cli.session import _, session
from foedus.words.trackers import GROUPS, INSTITUTIONS, KINDS, STAGES

if TYPE_CHECKING:
    from foedus.commitments.sources.model import Note, Quantity, Row, Vintage
    from foedus.commitments.sources.totals import Line, Units

SHOWN = 20  # notes that are said one by one; --json has all


def stage(code: str) -> str:
    """A stage in words."""
    return session.words.gettext(STAGES[code])


def kind(code: str) -> str:
    """A kind of aid in words."""
    return session.words.gettext(KINDS[code])


def whom(code: str) -> str:
    """A donor by name."""
    from foedus.commitments.sources.donors import donor_name

    return session.words.gettext(INSTITUTIONS[code]) if code in INSTITUTIONS else donor_name(code, session.language)


def on_axis(axis: str, value: str) -> str:
    """A place on an axis in words."""
    if value in ("undated", ""):
        return _("undated") if value else _("not stated")
    match axis:
        case "donor":
            return whom(value)
        case "kind":
            return kind(value)
        case "group":
            return session.words.gettext(GROUPS[value])
        case _:
            return value


def euros(amount: Decimal) -> str:
    """Euros and cents."""
    return session.words.money(f"{amount:.2f}", "EUR")


def line(by: tuple[str, ...], one: Line) -> str:
    """One sum, with what it does not hold."""
    key = " · ".join(on_axis(axis, value) for axis, value in zip(by, one.key, strict=True)) or _("All")
    said = f"{key}: {stage(one.stage)} {euros(one.eur)}"
    for code, amount in one.unconverted.items():
        said += _("; and %(amount)s without a rate", amount=session.words.money(str(amount), code))
    if one.not_found:
        said += _("; rows without an amount: %(rows)s", rows=session.words.number(one.not_found))
    return said


def units(one: Units) -> str:
    """How many of an item, and whether there may be more."""
    number = session.words.number
    said = f"{one.item}: {stage(one.stage)} {number(one.stated)}"
    if one.donor:
        said = f"{whom(one.donor)} · {said}"
    if not one.undisclosed:
        return said
    if one.at_most is None:
        return said + _("; with what is not disclosed at least %(low)s", low=number(one.at_least))
    return said + _(
        "; with what is not disclosed %(low)s to %(high)s", low=number(one.at_least), high=number(one.at_most)
    )


def vintage(found: Vintage) -> str:
    """What a source is."""
    if found.data_until is None:
        return _("%(publisher)s %(release)s.", publisher=found.publisher, release=found.release).replace(" .", ".")
    return _(
        "%(publisher)s, release %(release)s, data until %(day)s.",
        publisher=found.publisher,
        release=found.release,
        day=session.words.date(found.data_until),
    )


def row(one: Row) -> Iterator[str]:
    """Everything that a row says."""
    when = _when(one)
    yield f"{one.id}: {whom(one.donor)}, {kind(one.kind)}, {stage(one.stage)}, {when} ({one.place})"
    if one.money:
        said = session.words.money(str(one.money.amount), one.money.currency)
        if one.eur is not None and one.money.currency != "EUR":
            said += f" = {euros(one.eur)}"
        yield f"  {said} [{one.money.basis}]"
    if one.quantity:
        yield f"  {_quantity(one.quantity)} × {one.category or one.item}"


def _when(one: Row) -> str:
    words = session.words
    if one.first is None:
        return _("undated") if one.last is None else _("by %(day)s", day=words.date(one.last))
    if one.last is None:
        return _("from %(day)s", day=words.date(one.first))
    return words.date(one.first) if one.first == one.last else f"{words.date(one.first)} – {words.date(one.last)}"


def _quantity(one: Quantity) -> str:
    number = session.words.number
    if one.exact is not None:
        return number(one.exact)
    if one.high is None:
        return _("at least %(low)s", low=number(one.low))
    return f"{number(one.low)}–{number(one.high)}"


def note(one: Note) -> dict[str, object]:
    """A note as data, in the words of the language."""
    from foedus.words.failures import say_because

    return {
        "sheet": one.place.sheet, "row": one.place.row, "column": one.place.column,
        "what": say_because(session.words, one.what),
    }  # fmt: skip


def notes(several: Iterable[Note], every: bool = False) -> Iterator[str]:
    """Notes with their places, the first of many."""
    from foedus.words.failures import say_because

    found = list(several)
    for one in found if every else found[:SHOWN]:
        yield f"  {place(one)}: {say_because(session.words, one.what)}"
    if len(found) > SHOWN and not every:
        yield "  " + _(
            "… and %(number)s more, all of them with --json.", number=session.words.number(len(found) - SHOWN)
        )


def place(one: Note) -> str:
    """Where, as a reader finds it in the sheet."""
    where = one.place
    if not where.row:
        return f"{where.sheet}, {where.column}" if where.column else where.sheet
    if not where.column:
        return _("%(sheet)s, row %(row)s", sheet=where.sheet, row=str(where.row))
    return _("%(sheet)s, row %(row)s, column %(column)s", sheet=where.sheet, row=str(where.row), column=where.column)
