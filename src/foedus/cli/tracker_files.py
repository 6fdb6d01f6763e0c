"""`commitments shares` and `export`: burden shares, and trackers' rows written in the forms of others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli import tracker_words
from foedus.cli.arguments import Json, Lang, day, write_output
from foedus.cli.importing import read_tracker
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.commitments.sources.model import Note, Vintage
    from foedus.commitments.sources.shares import Share

FORMS = ("csv", "parquet", "xlsx", "beancount", "iati")
File = Annotated[Path, typer.Argument(metavar="FILE", help=_("A tracker’s file, or the folder of its files."))]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Write to a new file."))]


def add(group: typer.Typer) -> None:
    """Add the commands to those about commitments."""
    group.command("shares", help=_("Who carries which share, in euros and per cent of GDP."), epilog=_SHARES)(shares_)
    group.command("export", help=_("Write a tracker’s rows in another form."), epilog=_EXPORT)(export)


_SHARES = "foedus commitments shares tracker.xlsx"
_EXPORT = "foedus commitments export tracker.xlsx --to parquet --out tracker.parquet"


def shares_(
    file: File,
    gdp: Annotated[
        Path | None, typer.Option("--gdp", metavar="FILE", help=_("GDP in US dollars by the World Bank’s table."))
    ] = None,
    year: Annotated[int, typer.Option("--year", metavar="YEAR", help=_("The year of that GDP."))] = 2021,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """The source's own GDP is used where no table is given."""
    from foedus.commitments.sources.shares import default_stage, gdp_table, shares

    vintage = read_tracker(file)
    found = shares(vintage, gdp=None if gdp is None else gdp_table(gdp, year))
    stage = default_stage(vintage)
    session.answer(
        {"stage": stage, "gdp": "source" if gdp is None else f"{gdp.name} {year}", "shares": found},
        [tracker_words.stage(stage).capitalize() + ":", *map(_share, found)],
    )


def _share(one: Share) -> str:
    said = f"{tracker_words.whom(one.donor)}: {tracker_words.euros(one.eur)}"
    if one.pct is not None:
        said += _("; %(pct)s of GDP", pct=_percent(one.pct))
    if one.with_eu is not None and one.pct_with_eu is not None:
        said += _(
            "; with its share of what the EU gave %(eur)s, %(pct)s",
            eur=tracker_words.euros(one.with_eu),
            pct=_percent(one.pct_with_eu),
        )
    return said


def _percent(value: Decimal) -> str:
    return f"{session.words.number(f'{value:.3f}')} %"


def export(
    file: File,
    to: Annotated[str, typer.Option("--to", metavar="FORM", help=_("csv, parquet, xlsx, beancount or iati."))],
    out: Out,
    reporter: Annotated[
        str, typer.Option("--reporter", metavar="ID", help=_("For IATI: the identifier of who publishes the file."))
    ] = "",
    recipient: Annotated[
        str, typer.Option("--recipient", metavar="CODE", help=_("For IATI: the state that receives, such as UA."))
    ] = "",
    made: Annotated[
        str | None,
        typer.Option("--made", metavar="DAY", help=_("For IATI: the day of the file; by default the data’s.")),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Nothing is overwritten. What IATI cannot carry is counted and named."""
    if to not in FORMS:
        raise Malformed("{found!r} is no form known; expected one of {expected}", found=to, expected=", ".join(FORMS))
    vintage = read_tracker(file)
    data, lost = _written(vintage, to, (reporter, recipient, made))
    write_output(out, data)
    lines = [_("Written to %(file)s: %(bytes)s bytes.", file=str(out), bytes=session.words.number(len(data)))]
    if lost:
        lines += [_("Not in it: %(number)s.", number=session.words.number(len(lost))), *tracker_words.notes(lost)]
    answer = {"file": str(out), "bytes": len(data), "lost": [tracker_words.note(one) for one in lost]}
    session.answer(answer, lines)


def _written(vintage: Vintage, to: str, iati: tuple[str, str, str | None]) -> tuple[bytes, tuple[Note, ...]]:
    from foedus.commitments.sources import to_beancount, to_iati, to_tables, to_workbook

    match to:
        case "csv":
            return to_tables.to_csv(vintage.rows), ()
        case "parquet":
            return to_tables.to_parquet(vintage.rows), ()
        case "xlsx":
            return to_workbook.to_summary(vintage), ()
        case "beancount":
            return to_beancount.to_beancount(vintage.rows), ()
    reporter, recipient, made = iati
    if not reporter:
        raise Malformed("IATI wants who publishes the file: give its identifier with --reporter")
    return to_iati.to_iati(vintage.rows, to_iati.Reporter(reporter, reporter, recipient), _made(vintage, made))


def _made(vintage: Vintage, made: str | None) -> date:
    found = day(made, "--made") or vintage.data_until
    if found is None:
        raise Malformed("the source does not say until when it has data: give the day of the file with --made")
    return found
