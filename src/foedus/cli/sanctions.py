"""`foedus sanctions`: the package, its conditions, the calendar of renewals, who lists whom, one target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec import Struct

from foedus.cli import entities, feeds, lists
from foedus.cli.arguments import At, Json, Known, Lang, Record, moment
from foedus.cli.opening import opened
from foedus.cli.session import _, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from foedus.sanctions.matrix import Cell, Listed
    from foedus.sanctions.state import Fact
    from foedus.sanctions.status import Standing
    from foedus.words.names import Names

Targets = Annotated[
    list[str] | None, typer.Option("--target", metavar="TARGET", help=_("This target only; may be given again."))
]
Gaps = Annotated[bool, typer.Option("--gaps", help=_("Only where somebody else lists the target."))]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(
        help=_("Sanctions: the package, what eases it, what renews it, and who lists whom."), no_args_is_help=True
    )
    group.command("status", help=_("The package: what stands, what is law, what would come back now."), epilog=_STATUS)(
        status
    )
    group.command("conditions", help=_("The conditions of easing, who attests them, and until when."), epilog=_MET)(
        conditions
    )
    group.command("calendar", help=_("When each regime ends, and who refuses to renew it."), epilog=_CALENDAR)(calendar)
    group.command("matrix", help=_("Who lists whom; gaps with --gaps."), epilog=_MATRIX)(matrix)
    group.command("target", help=_("Every listing of one target."), epilog=_TARGET)(target)
    lists.add_delta(group)
    feeds.add(group)
    entities.add(group)
    app.add_typer(group, name="sanctions")


_STATUS = "foedus sanctions status demo --at 2026-10-10T12:00Z"
_MET = "foedus sanctions conditions demo"
_CALENDAR = "foedus sanctions calendar demo --json"
_MATRIX = "foedus sanctions matrix demo --gaps"
_TARGET = "foedus sanctions target demo T-1 --at 2026-10-10"


class Asked(Struct):
    """What a question is asked of: a record, about a moment as known at another."""

    depositary: Any
    names: Any
    at: datetime
    known: datetime


def _asked(record: str, at: str | None, known: str | None, answer: Callable[[Asked], tuple[object, list[str]]]) -> None:
    from foedus.words.names import Names

    with opened(record) as found:
        now = found.depositary.now()
        when = moment(at, "--at") or now
        as_known = moment(known, "--known") or max(now, when)
        asked = Asked(found.depositary, Names(session.words, found.depositary.clauses), when, as_known)
        data, lines = answer(asked)
    session.answer(data, lines)


# --- the package --------------------------------------------------------------------------------------------


def status(record: Record, at: At = None, known: Known = None, json: Json = False, lang: Lang = None) -> None:
    """Show it."""
    _asked(record, at, known, _status)


def _status(asked: Asked) -> tuple[object, list[str]]:
    from foedus.sanctions.matrix import totals, would_return

    state, clauses, words = asked.depositary.state, asked.depositary.clauses, session.words
    issuers = totals(state.sanctions, asked.at, asked.known)
    returning = would_return(clauses, state.sanctions, max(asked.depositary.now(), asked.at))
    back = sorted(((one.id, now) for one, now in returning), key=lambda one: one[0])
    lines = [
        _(
            "%(issuer)s: %(law)s in law, %(owed)s owed, %(not)s not in law; %(deviating)s deviating.",
            issuer=asked.names.party(one.issuer),
            law=words.number(one.by_law.get("yes", 0)),
            owed=words.number(one.by_law.get("owed", 0)),
            deviating=words.number(one.deviating),
            **{"not": words.number(one.by_law.get("no", 0))},
        )
        for one in issuers
    ]
    lines.append(_("A snapback would bring back now: %(what)s.", what=", ".join(id_ for id_, _now in back) or "–"))
    data = {"issuers": issuers, "would_return": [{"listing": id_, "standing": _as_data(now)} for id_, now in back]}
    return data, lines


def conditions(record: Record, at: At = None, known: Known = None, json: Json = False, lang: Lang = None) -> None:
    """Show them."""
    _asked(record, at, known, _conditions)


def _conditions(asked: Asked) -> tuple[object, list[str]]:
    from foedus.sanctions.conditions import appraised

    data, lines = [], []
    for one in appraised(asked.depositary.clauses, asked.depositary.state, asked.at, asked.known):
        attested = {party: said.stale_at for party, said in one.counting.items() if said.met}
        contested = [party for party, said in one.counting.items() if not said.met]
        data.append(
            {"condition": one.clause.id, "provision": one.provision.id, "met": one.verdict.holds, "attested": attested,
             "contested": contested, "stale": one.stale}
        )  # fmt: skip
        met = _("met") if one.verdict.holds else _("not met")
        lines.append(
            _(
                "%(met)s: %(provision)s. Attested by: %(attested)s. Contested by: %(contested)s. Stale: %(stale)s.",
                met=met,
                provision=asked.names.provision(one.provision.id),
                attested=asked.names.parties(attested),
                contested=asked.names.parties(contested),
                stale=asked.names.parties(one.stale),
            )
        )
    return data, lines


def calendar(record: Record, at: At = None, known: Known = None, json: Json = False, lang: Lang = None) -> None:
    """Show it."""
    _asked(record, at, known, _calendar)


def _calendar(asked: Asked) -> tuple[object, list[str]]:
    from foedus.sanctions.renewals import calendar as terms_of

    words = session.words
    terms = terms_of(asked.depositary.clauses, asked.depositary.state, asked.at, asked.known)
    lines = []
    for term in terms:
        regime, number = asked.names.regime(term.issuer, term.regime), words.number(term.listings)
        if term.lapsed is not None:
            lines.append(_("Lapsed on %(at)s: %(regime)s.", at=words.moment(term.lapsed), regime=regime))
        elif term.ends_at is None:
            lines.append(_("No fixed end: %(regime)s; listings: %(number)s.", regime=regime, number=number))
        else:
            left = words.left(term.ends_at, asked.at)
            line = _(
                "%(left)s, until %(at)s: %(regime)s; listings that lapse unless it is renewed: %(number)s.",
                left=left, at=words.moment(term.ends_at), regime=regime, number=number,
            )  # fmt: skip
            if term.refusing:
                line += " " + words.gettext("Refused by: %(parties)s.", parties=asked.names.parties(term.refusing))
            clause = asked.depositary.clauses.regime(term.regime)
            if term.refused and clause is not None and clause[1].plan is not None:
                line += " " + words.of(clause[1].plan)
            lines.append(line)
    return terms, lines


# --- who lists whom -----------------------------------------------------------------------------------------


def matrix(
    record: Record, targets: Targets = None, gaps: Gaps = False, at: At = None, known: Known = None, json: Json = False,
    lang: Lang = None,
) -> None:  # fmt: skip
    """Show it."""
    _asked(record, at, known, lambda asked: _matrix(asked, targets, gaps))


def _matrix(asked: Asked, targets: list[str] | None, gaps: bool) -> tuple[object, list[str]]:
    from foedus.feed import tables as tables_of
    from foedus.sanctions.matrix import applies_in, cells

    state, clauses = asked.depositary.state.sanctions, asked.depositary.clauses
    tables, missing = tables_of(asked.depositary.store, asked.depositary.state.sanctions)
    every = sorted({*state.targets, *(target for held in tables.values() for target in held)})
    issuers = sorted({key.partition("/")[0] for key in state.regimes})
    data, lines = [], []
    for row in cells(clauses, state, targets or every, issuers, asked.at, asked.known, tables):
        lacking = [cell.issuer for cell in row if cell.gap]
        if gaps and (not lacking or len(lacking) == len(row)):
            continue
        in_law = [cell.issuer for cell in row if any(one.standing.in_law == "yes" for one in cell.own)]
        states = sorted(applies_in(clauses, in_law))
        said = "; ".join(part for cell in row if (part := _cell(cell, asked.names)))
        lines.append(
            _(
                "%(target)s: %(said)s. States in which it is law: %(states)s. Not listed by: %(lacking)s.",
                target=row[0].target if row else "", said=said or "–", states=len(states),
                lacking=asked.names.parties(lacking),
            )
        )  # fmt: skip
        listed = [
            {"issuer": cell.issuer, "through": union, "listing": _viewed(one)}
            for cell in row
            for union, one in (*((None, one) for one in cell.own), *cell.through)
        ]
        data.append({"target": row[0].target if row else "", "cells": listed, "states": states, "gaps": lacking})
    if missing:
        lines.append(_not_held(missing))
    return {"rows": data, "tables_not_held": missing}, lines


def _viewed(one: Listed) -> dict[str, object]:
    """A listing as data that names every field."""
    listing = one.listing
    return {
        "listing": listing.id, "issuer": listing.issuer, "target": listing.target, "restriction": listing.restriction,
        "regime": listing.regime, "schedule": listing.schedule, "standing": _as_data(one.standing),
    }  # fmt: skip


def _as_data(now: Standing) -> dict[str, object]:
    exemptions = [{"exemption": one.about, "kind": one.kind, "until": one.until} for one in now.exemptions]
    return {
        "status": now.status, "in_law": now.in_law, "since": now.since, "known_since": now.place.known,
        "entry": now.place.entry, "instrument": now.instrument, "because": now.because, "until": now.until,
        "owed_by": now.owed_by, "winds_down_until": now.winds_down_until, "cases": now.cases,
        "exemptions": exemptions,
    }  # fmt: skip


def _not_held(missing: Sequence[str]) -> str:
    return _("The tables of these schedules are not held here: %(schedules)s.", schedules=", ".join(missing))


def _cell(cell: Cell, names: Names) -> str:
    parts = [f"{names.party(cell.issuer)}: {_standing(one)}" for one in cell.own]
    parts += [
        _("%(party)s through %(union)s: %(standing)s", party=names.party(cell.issuer), union=names.party(union),
          standing=_standing(one))
        for union, one in cell.through
    ]  # fmt: skip
    return ", ".join(parts)


def _standing(one: Listed) -> str:
    from foedus.words.titles import IN_LAW, RESTRICTIONS, STANDINGS, title

    words, now = session.words, one.standing
    what = title(words, RESTRICTIONS, one.listing.restriction)
    return f"{what}, {title(words, STANDINGS, now.status)}, {title(words, IN_LAW, now.in_law)}"


def target(
    record: Record, which: Annotated[str, typer.Argument(metavar="TARGET", help=_("The target's id."))], at: At = None,
    known: Known = None, json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Show it."""
    _asked(record, at, known, lambda asked: _target(asked, which))


def _target(asked: Asked, which: str) -> tuple[object, list[str]]:
    from foedus.feed import tables as tables_of
    from foedus.sanctions.matrix import who_listed

    tables, missing = tables_of(asked.depositary.store, asked.depositary.state.sanctions)
    listed = who_listed(asked.depositary.state.sanctions, which, asked.at, asked.known, tables)
    lines = list(_lines(listed, asked.names)) or [_("Nobody lists %(target)s.", target=which)]
    if missing:
        lines.append(_not_held(missing))
    return {"target": which, "listings": [_viewed(one) for one in listed], "tables_not_held": missing}, lines


def _lines(listed: tuple[Listed, ...], names: Names) -> Iterator[str]:
    words = session.words
    for one in listed:
        now = one.standing
        line = _(
            "%(issuer)s: %(standing)s since %(since)s, by %(instrument)s (entry %(entry)s).",
            issuer=names.party(one.listing.issuer), standing=_standing(one), since=words.moment(now.since),
            instrument=now.instrument or "–", entry=now.place.entry,
        )  # fmt: skip
        if now.owed_by is not None:
            line += " " + _("The act of law is owed by %(at)s.", at=words.moment(now.owed_by))
        if now.cases:
            line += " " + _("Before a court: %(cases)s.", cases=", ".join(now.cases))
        if now.exemptions:
            line += " " + _("Exempted: %(what)s.", what=", ".join(map(_exempted, now.exemptions)))
        if now.winds_down_until is not None:
            until = words.moment(now.winds_down_until)
            line += " " + _("What was begun under relief may be wound down until %(moment)s.", moment=until)
        yield line


def _exempted(fact: Fact) -> str:
    from foedus.words.titles import EXEMPTIONS, title

    said = f"{fact.about} ({title(session.words, EXEMPTIONS, fact.kind)})"
    if fact.until is not None:
        said += " " + _("until %(at)s", at=session.words.moment(fact.until))
    return said
