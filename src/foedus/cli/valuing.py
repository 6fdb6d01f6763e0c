"""`commitments totals`: sums of a tracker's file, of a vintage that a record keeps, or of a record's own account.

    totals FILE                      a tracker's file, added up while it is read
    totals DIR --vintage DIGEST      a vintage that the record keeps
    totals DIR                       what the parties of the record said themselves

`--rates` names the policy by which money becomes euros; without it a tracker's own euros stand, and a record's sums
stay in their currencies.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli import account, tracker_words
from foedus.cli.arguments import Json, Lang, day
from foedus.cli.opening import opened
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.commitments.sources.model import Vintage
    from foedus.commitments.sources.totals import Totals
    from foedus.commitments.valuing import Policy, Worth

Tracked = Annotated[Path, typer.Argument(metavar="FILE", help=_("A tracker’s file, their folder, or a record."))]
By = Annotated[
    str,
    typer.Option(
        "--by", metavar="AXES",
        help=_("donor, kind, year, month, item, group, currency; of a record party, kind, unit, year; with commas."),
    ),
]  # fmt: skip
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DAY", help=_("Only what happened by the end of this day."))
]
Kept = Annotated[
    str | None, typer.Option("--vintage", metavar="DIGEST", help=_("A vintage that the record keeps, by its digest."))
]
Rates = Annotated[
    str,
    typer.Option(
        "--rates", metavar="POLICY",
        help=_("release_rate, event_date, budget_rate or constant_prices:YEAR; ecb: event_date where it has no euros."),
    ),
]  # fmt: skip
TableFile = Annotated[
    Path | None, typer.Option("--table", metavar="FILE", help=_("Rates of budgets and indices of prices, as CSV."))
]
SOURCE, MISSING, RELEASE = ("", "source"), "ecb", "release_rate"


def totals_(
    file: Tracked, by: By = "", kept: Kept = None, as_of: AsOf = None, rates: Rates = "", table: TableFile = None,
    json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Rows are added while they are read and not kept: a file may be larger than memory. Of a record, its stages."""
    until = day(as_of)
    asked = None if rates in (*SOURCE, MISSING) else partial(_policy, rates, table)
    if not account.is_record(file):
        if kept is not None:
            raise Malformed("{file} is no record: it keeps no vintages", file=file)
        _of_file(file, by, until, rates, asked)
    elif kept is not None:
        with opened(str(file)) as found:
            from foedus.vintages import chosen, entries, vintage

            store = found.depositary.store
            held = vintage(store, chosen(entries(store), kept).table)
        _of_vintage(held, by, until, rates, asked)
    else:
        by = by.replace("donor", "party")
        at = None if until is None else f"{until}T23:59:59Z"
        if asked is None:
            account.asked(str(file), at, None, lambda found: account.sums_of(found, by, None))
        else:
            account.asked(str(file), at, None, lambda found: _valued(found, by, asked(found.at.date())))


Asked = Callable[[date], "Policy"] | None


def _policy(name: str, table: Path | None, on: date) -> Policy:
    """The policy named; one rate for everything is that of the day `on`."""
    from foedus.commitments.sources import policies

    found = None if table is None else policies.table(table)
    return policies.named(name, found, on)


def _of_file(file: Path, by: str, until: date | None, rates: str, asked: Asked) -> None:
    from foedus.commitments.sources import open_source
    from foedus.commitments.sources.totals import axes, totals

    on = axes(by)
    with session.progress(_("Reading the source")) as told:
        source = open_source(file, progress=told)
        found = totals(_rows(source.rows, rates, asked), on, until, source.said.members)
    _answer(source.said, found, until, rates, len(source.notes.skipped))


def _of_vintage(held: Vintage, by: str, until: date | None, rates: str, asked: Asked) -> None:
    from foedus.commitments.sources.totals import axes, totals

    found = totals(_rows(held.rows, rates, asked), axes(by), until, held.members)
    _answer(held, found, until, rates, len(held.skipped))


def _rows(rows: Any, rates: str, asked: Asked) -> Any:
    """Rows by the policy. One rate for everything is what a release has itself."""
    from foedus.commitments.sources.policies import converted
    from foedus.commitments.sources.rates import at_event_date

    if rates == MISSING:
        return at_event_date(rows)
    if asked is None or rates == RELEASE:
        return rows
    return converted(rows, asked(date.max))  # the day is of the release's rate alone


def _answer(said: Any, found: Totals, until: date | None, rates: str, skipped: int) -> None:
    lines = [tracker_words.line(found.by, one) for one in found.lines]
    if found.left_out:
        lines.append(_("Not by that day, or undated: %(rows)s rows.", rows=session.words.number(found.left_out)))
    if skipped:
        lines.append(_("Not taken: %(number)s; `import` says why.", number=session.words.number(skipped)))
    lines.append(_("Rates: %(policy)s.", policy=policy_words(rates)))
    answer = {
        "publisher": said.publisher, "release": said.release, "data_until": said.data_until,
        "as_of": until, "rates": rates or SOURCE[1], "by": found.by, "lines": found.lines, "left_out": found.left_out,
        "skipped": skipped,
    }  # fmt: skip
    session.answer(answer, lines)


def policy_words(name: str) -> str:
    """A policy of rates in words."""
    from foedus.words.trackers import POLICIES

    return session.words.gettext(POLICIES[name.partition(":")[0] or SOURCE[1]])


def _valued(found: account.Asked, by: str, policy: Policy) -> tuple[object, list[str]]:
    from foedus.commitments.state import FUNDED, STAGES
    from foedus.commitments.valuing import valued

    wanted = account.axes(by)
    order = {stage: number for number, stage in enumerate((*STAGES, FUNDED))}
    sums = sorted(valued(found.account, policy, wanted), key=lambda one: (order[one.key[0]], one.key))
    lines = [_worth(found, dict(zip(wanted, one.key, strict=True)), one) for one in sums]
    lines.append(_("Rates: %(policy)s.", policy=policy_words(policy.name)))
    data = [
        {
            **dict(zip(wanted, one.key, strict=True)), **account.as_data(one.euros), "currency": "EUR",
            "rates": one.rates,
            "not_converted": {code: account.as_data(left) for code, left in one.not_converted.items()},
        }
        for one in sums
    ]  # fmt: skip
    return {"by": wanted, "policy": policy.name, "sums": data}, lines


def _worth(found: account.Asked, named: dict[Any, str], one: Worth) -> str:
    words = [word for axis, code in named.items() if (word := account.on_axis(found, axis, code))]
    said = f"{', '.join(words)}: {account.span(found.speech, 'EUR', one.euros)}"
    for code, left in one.not_converted.items():
        said += _("; and %(amount)s without a rate", amount=account.span(found.speech, code, left))
    return said
