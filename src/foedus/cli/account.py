"""`commitments …` over a record: stages, overdue, gap, coverage, one obligation, the calendar, proposals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec import Struct, to_builtins

from foedus.cli.arguments import At, Json, Known, Lang, Record, moment
from foedus.cli.opening import opened
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.commitments.account import Axis
    from foedus.commitments.acts import Quantity
    from foedus.commitments.coverage import Covered
    from foedus.commitments.state import Bounds, State, Tranche

DATABASE = "record.db"
By = Annotated[
    str,
    typer.Option("--by", metavar="AXES", help=_("stage, party, kind, unit, year; several with commas.")),
]
Parties = Annotated[
    list[str] | None, typer.Option("--party", metavar="PARTY", help=_("This party only; may be given again."))
]
Days = Annotated[int, typer.Option("--days", metavar="N", min=1, max=3660, help=_("So many days from that time on."))]
Ways = Annotated[
    list[str] | None, typer.Option("--way", metavar="WAY", help=_("A way of transport that is open; all if none."))
]


def add(group: typer.Typer) -> None:
    """Add the commands to those about commitments."""
    group.command("stages", help=_("Sums of a record by stage, and by what else is named."), epilog=_STAGES)(stages)
    group.command("overdue", help=_("Tranches of a record that are overdue, the oldest first."), epilog=_OVERDUE)(
        overdue_
    )
    group.command("gap", help=_("Requirements against what came, is due and is expected."), epilog=_GAP)(gap)
    group.command("coverage", help=_("What covers each lasting commitment, and what nobody promised."), epilog=_COVER)(
        coverage
    )
    group.command("calendar", help=_("What falls due, day by day."), epilog=_CALENDAR)(calendar)
    group.command("match", help=_("Which offers could meet which requirements: a proposal."), epilog=_MATCH)(match)


_STAGES = "foedus commitments stages demo --by party,kind"
_OVERDUE = "foedus commitments overdue demo --at 2026-10-10T12:00Z"
_GAP = "foedus commitments gap demo"
_COVER = "foedus commitments coverage demo --json"
_CALENDAR = "foedus commitments calendar demo --days 90 --party POL"
_MATCH = "foedus commitments match demo --way rail"


class Asked(Struct):
    """What a question is asked of: the account as it stood at a moment, as known at another."""

    account: Any
    clauses: Any
    speech: Any
    at: datetime


Answer = Callable[[Asked], tuple[object, list[str]]]


def is_record(path: Path) -> bool:
    """Whether a folder holds a record, and not the files of a tracker."""
    return (path / DATABASE).is_file()


def asked(record: str, at: str | None, known: str | None, answer: Answer) -> None:
    """Answer from the account: as it is, or added up anew where a time is named."""
    from foedus.commitments.account import seen
    from foedus.words.speech import Speech

    with opened(record) as found:
        now = found.depositary.now()
        when, as_known = moment(at, "--at"), moment(known, "--known")
        account: State = found.depositary.state.commitments
        if when is not None or as_known is not None:
            account = seen(account, when or now, as_known or max(now, when or now))
        clauses = found.depositary.clauses
        speech = Speech(session.words, clauses, found.depositary.state)
        data, lines = answer(Asked(account, clauses, speech, when or now))
    session.answer(data, lines)


def span(speech: Any, unit: str, amount: Bounds) -> str:
    """A sum in words: exact, between two, or with what has no upper end."""
    from foedus.commitments.acts import Quantity
    from foedus.words.said_commitments import amount as said
    from foedus.words.said_commitments import unit_name

    if amount.open and not amount.high:
        unit = unit_name(speech, unit)
        return _("%(unit)s: how much is not found (%(count)s)", unit=unit, count=session.words.number(amount.open))
    exact = amount.low == amount.high
    low, high = f"{amount.low.normalize():f}", f"{amount.high.normalize():f}"
    text: str = said(speech, Quantity(unit, low) if exact else Quantity(unit, low=low, high=high))
    if amount.open:
        text = _("%(amount)s, and %(count)s without an upper end", amount=text, count=session.words.number(amount.open))
    return text


def as_data(amount: Bounds) -> dict[str, object]:
    """A sum as data that names every field."""
    return {"low": f"{amount.low.normalize():f}", "high": f"{amount.high.normalize():f}", "open": amount.open}


def stages(
    record: Record, by: By = "", parties: Parties = None, at: At = None, known: Known = None, json: Json = False,
    lang: Lang = None,
) -> None:  # fmt: skip
    """Units are never added to one another."""
    asked(record, at, known, lambda found: sums_of(found, by, parties))


def axes(by: str) -> tuple[Axis, ...]:
    """The stage and the axes named. Raises Malformed."""
    from foedus.commitments.account import AXES

    wanted: list[Axis] = ["stage"]
    for name in filter(None, by.split(",")):
        axis = next((one for one in AXES if one == name), None)
        if axis is None:
            raise Malformed("--by {found!r}: expected one of {expected}", found=name, expected=", ".join(AXES))
        if axis not in wanted:
            wanted.append(axis)
    return tuple(wanted)


def sums_of(found: Asked, by: str, parties: list[str] | None) -> tuple[object, list[str]]:
    """Sums by stage and the axes named."""
    from foedus.commitments.account import totals
    from foedus.commitments.state import FUNDED, STAGES

    wanted = list(axes(by))
    if "unit" not in wanted:
        wanted.append("unit")
    order = {stage: number for number, stage in enumerate((*STAGES, FUNDED))}
    sums = totals(found.account, tuple(wanted), parties=parties)
    data, lines = [], []
    for key, amount in sorted(sums.items(), key=lambda one: (order[one[0][0]], one[0])):
        named: dict[str, str] = dict(zip(wanted, key, strict=True))
        words = [word for axis, code in named.items() if axis != "unit" and (word := on_axis(found, axis, code))]
        lines.append(f"{', '.join(words)}: {span(found.speech, named['unit'], amount)}")
        data.append({**named, **as_data(amount)})
    return {"by": wanted, "sums": data}, lines or [_("Nobody owes anything in this record.")]


def on_axis(found: Asked, axis: str, code: str) -> str:
    """A place on an axis in words."""
    from foedus.words.titles import title
    from foedus.words.titles_commitments import KINDS, STAGES

    words = session.words
    if axis == "party":
        name: str = found.speech.names.party(code)
        return name
    if axis == "year":
        return _("undated") if code == "undated" else code
    return title(words, STAGES if axis == "stage" else KINDS, code)


def overdue_(
    record: Record, parties: Parties = None, at: At = None, known: Known = None, json: Json = False, lang: Lang = None
) -> None:
    """What is only intended is never overdue."""
    asked(record, at, known, lambda found: _overdue(found, parties))


def _overdue(found: Asked, parties: list[str] | None) -> tuple[object, list[str]]:
    from foedus.commitments.account import overdue
    from foedus.commitments.state import has_come

    state, data, lines = found.account, [], []
    for tranche in (state.tranches[id_] for id_ in overdue(state, found.at)):
        obligation = state.obligations[tranche.obligation]
        if parties and obligation.party not in parties:
            continue
        came = has_come(state, tranche)
        quantity = tranche.figures[-1].value
        days = (found.at - tranche.due_at).days
        lines.append(
            _(
                "%(party)s: %(tranche)s, %(amount)s, due since %(day)s (%(days)s days); came: %(came)s.",
                party=found.speech.names.party(obligation.party), tranche=tranche.id, amount=_much(found, quantity),
                day=session.words.date((tranche.due_at - timedelta.resolution).date()),
                days=session.words.number(days), came=span(found.speech, quantity.unit, came),
            )
        )  # fmt: skip
        data.append(
            {"tranche": tranche.id, "party": obligation.party, "kind": obligation.kind, "due_at": tranche.due_at,
             "overdue_at": tranche.overdue_at, "quantity": to_builtins(quantity), "came": as_data(came), "days": days}
        )  # fmt: skip
    return {"overdue": data}, lines or [_("Nothing is overdue.")]


def _much(found: Asked, quantity: Quantity) -> str:
    from foedus.words.said_commitments import amount

    return amount(found.speech, quantity)


def gap(record: Record, at: At = None, known: Known = None, json: Json = False, lang: Lang = None) -> None:
    """The forecast rests on each party's own record of lateness."""
    asked(record, at, known, _gap)


def _gap(found: Asked) -> tuple[object, list[str]]:
    from foedus.commitments.needs import gaps
    from foedus.words.said_commitments import unit_name

    number = session.words.number
    data, lines = [], []
    for one in gaps(found.account, found.at):
        verdict = _("met by what is due") if one.sufficient else _("not met by what is due")
        if one.sufficient and not one.likely:
            verdict = _("met by what is due, not by what is expected")
        lines.append(
            _(
                "%(day)s, %(capability)s (%(unit)s): needed %(minimum)s to %(target)s; came %(came)s, due %(due)s,"
                " expected %(expected)s, intended %(intended)s: %(verdict)s.",
                day=session.words.date(date.fromisoformat(one.needed_by)),
                capability=unit_name(found.speech, one.capability), unit=unit_name(found.speech, one.unit),
                minimum=number(one.minimum), target=number(one.target), came=number(one.came), due=number(one.due),
                expected=number(one.expected), intended=number(one.intended), verdict=verdict,
            )
        )  # fmt: skip
        data.append({**to_builtins(one), "sufficient": one.sufficient, "likely": one.likely, "missing": one.missing})
    return {"gaps": data}, lines or [_("No requirement is stated for a day to come.")]


def coverage(record: Record, at: At = None, known: Known = None, json: Json = False, lang: Lang = None) -> None:
    """A text that corresponds promises no amount."""
    asked(record, at, known, _coverage)


def _coverage(found: Asked) -> tuple[object, list[str]]:
    from foedus.commitments.coverage import agreements, by_least, matrix, nobody

    rows = by_least(matrix(found.clauses, found.account))
    names, columns = found.speech.names, agreements(found.clauses, rows)
    lines = _grid(found, rows, columns) if rows else [_("The text asks for nothing lasting")]
    unpromised = nobody(rows)
    if unpromised:
        provisions = "; ".join(names.provision(one) for one in unpromised)
        lines.append(_("Nobody has promised: %(provisions)s.", provisions=provisions))
    grid = {row.provision: {one: row.under(one).level for one in columns} for row in rows}
    return {"rows": rows, "agreements": columns, "grid": grid, "nobody": unpromised}, lines


def _grid(found: Asked, rows: list[Covered], columns: list[str]) -> list[str]:
    """A line for each agreement, a column for each provision, as wide as the terminal must be; totals below."""
    words = {
        "binding": _("by law"), "promised": _("promised"), "intention": _("intended"), "text": _("in words"),
        "nothing": "–",
    }  # fmt: skip
    first = max(map(len, columns))
    wide = [max(len(row.provision), *map(len, words.values())) for row in rows]

    def line(head: str, cells: list[str]) -> str:
        said = [cell.ljust(width) for cell, width in zip(cells, wide, strict=True)]
        return "  ".join([head.ljust(first), *said]).rstrip()

    lines = [line("", [row.provision for row in rows])]
    lines += [line(one, [words[row.under(one).level] for row in rows]) for one in columns]
    for level in ("binding", "promised", "intention", "text"):
        totals = [sum(cell.level == level for cell in row.cells) for row in rows]
        lines.append(line(f"= {words[level]}", [session.words.number(one) for one in totals]))
    return [*lines, ""]


def calendar(
    record: Record, days: Days = 365, parties: Parties = None, at: At = None, known: Known = None, json: Json = False,
    lang: Lang = None,
) -> None:  # fmt: skip
    """Tranches, answers of maker states, requirements."""
    asked(record, at, known, lambda found: _falls(found, days, parties))


def _falls(found: Asked, days: int, parties: list[str] | None) -> tuple[object, list[str]]:
    from foedus.commitments.calendar import falls

    first = found.at.date()
    dated = falls(found.account, first, first + timedelta(days=days - 1), parties)
    lines = []
    for one in dated:
        what = {"tranche": _("tranche"), "reexport": _("answer on a re-export"), "requirement": _("requirement")}
        whose = found.speech.names.party(one.party) if one.party else "–"
        much = _much(found, one.quantity) if one.quantity else "–"
        done = _("done") if one.settled else _("open")
        lines.append(f"{session.words.date(one.day)} · {what[one.what]} {one.id} · {whose} · {much} · {done}")
    return {"from": first, "days": days, "falls": dated}, lines or [_("Nothing falls due in these days.")]


def match(
    record: Record, ways: Ways = None, at: At = None, known: Known = None, json: Json = False, lang: Lang = None
) -> None:
    """People decide; who offers then undertakes."""
    asked(record, at, known, lambda found: _match(found, ways))


def _match(found: Asked, ways: list[str] | None) -> tuple[object, list[str]]:
    from foedus.commitments.matching import WAYS, proposed
    from foedus.words.said_commitments import unit_name

    if ways and not set(ways) <= set(WAYS):
        raise Malformed("--way {found!r}: expected one of {expected}", found=", ".join(ways), expected=", ".join(WAYS))
    proposals = proposed(found.account, found.at, ways or WAYS)
    lines = []
    for one in proposals:
        offer = found.account.offers[one.offer]
        consent = {"not_needed": _("no consent needed"), "given": _("consent given"), "awaited": _("consent awaited")}
        lines.append(
            _(
                "%(requirement)s: %(number)s of %(offer)s, offered by %(party)s (%(unit)s); %(consent)s.",
                requirement=one.requirement, number=session.words.number(one.amount), offer=one.offer,
                party=found.speech.names.party(offer.party), unit=unit_name(found.speech, offer.quantity.unit),
                consent=consent[one.consent],
            )
        )  # fmt: skip
    return {"proposals": proposals}, lines or [_("No offer fits a requirement that is open.")]


def show_record(record: Path, id_: str) -> None:
    """One obligation from its clause to its evidence."""
    asked(str(record), None, None, lambda found: _shown(found, id_))


def _shown(found: Asked, id_: str) -> tuple[object, list[str]]:
    from foedus.words.titles import title
    from foedus.words.titles_commitments import KINDS

    state = found.account
    one = state.obligations.get(id_)
    if one is None:
        raise Malformed("there is no obligation {id!r} in this record", id=id_)
    names = found.speech.names
    clause = names.clause(one.terms.agreement, one.terms.clause) if one.terms else names.measure(one.measure)
    lines = [f"{one.id} · {names.party(one.party)} · {title(session.words, KINDS, one.kind)} · {clause}"]
    tranches = [state.tranches[each.value] for each in one.tranches]
    packages = [*one.allocations, *(each for tranche in tranches for each in tranche.allocations)]
    deliveries = [each.value for package in packages for each in state.allocations[package.value].deliveries]
    lines += [_tranche(found, tranche) for tranche in tranches]
    lines += [
        f"  {package.value}: {_much(found, state.allocations[package.value].figures[-1].value)}" for package in packages
    ]
    for delivery in (state.deliveries[each] for each in deliveries):
        counted = _much(found, delivery.counted)
        level = _("level %(level)s", level=delivery.level)
        lines.append(f"  {delivery.id}: {counted}, {level}")
    data = {
        "obligation": one.id, "party": one.party, "kind": one.kind, "binding": one.binding, "counts": one.counts,
        "terms": _fields(one.terms), "quantity": to_builtins(one.figures[-1].value) if one.figures else None,
        "unmet": one.unmet, "tranches": [_fields(each, figures=True) for each in tranches],
        "allocations": [_fields(state.allocations[each.value], figures=True) for each in packages],
        "deliveries": [
            {**_fields(each, figures=True), "counted": to_builtins(each.counted), "level": each.level,
             "disputed": each.disputed}
            for each in (state.deliveries[id_] for id_ in deliveries)
        ],
    }  # fmt: skip
    return data, lines


def _tranche(found: Asked, tranche: Tranche) -> str:
    from foedus.commitments.account import standing

    words = {
        "planned": _("planned"), "fulfilled": _("came in time"), "overdue": _("overdue"),
        "came_late": _("came late"), "not_counted": _("counts no more"),
    }  # fmt: skip
    day = session.words.date((tranche.due_at - timedelta.resolution).date())
    return (
        f"  {tranche.id}: {_much(found, tranche.figures[-1].value)}, {day}, {words[standing(found.account, tranche)]}"
    )


def _fields(value: Any, *, figures: bool = False) -> Any:
    """The plain fields of a subject by their names; its newest figure and value in place of their history."""
    if value is None:
        return None
    plain = (str, int, bool, date, datetime)
    found = {name: getattr(value, name) for name in value.__struct_fields__ if isinstance(getattr(value, name), plain)}
    if figures:
        for name, histories in (("quantity", "figures"), ("value", "values")):
            history = getattr(value, histories, ())
            found[name] = to_builtins(history[-1].value) if history else None
    return found
