"""`commitments …`: sums, contradictions and differences of trackers' files, without a record.

`account` beside it has what is asked of a record, `workbooks` what is entered there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foedus.cli import account, ledger, tracker_files, tracker_words, valuing, workbooks
from foedus.cli.arguments import Json, Lang, day
from foedus.cli.importing import read_tracker
from foedus.cli.session import _, session
from foedus.errors import Malformed

File = Annotated[Path, typer.Argument(metavar="FILE", help=_("A tracker’s file, or the folder of its files."))]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DAY", help=_("Only what happened by the end of this day."))
]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(
        help=_("What was promised, allocated and delivered, by the files of those who keep track."),
        no_args_is_help=True,
    )
    group.command("totals", help=_("Add up a tracker’s file."), epilog=_TOTALS)(valuing.totals_)
    group.command("units", help=_("Count the items in a tracker’s file."), epilog=_UNITS)(units_)
    group.command("show", help=_("Show every row of a package, with its place in the source."), epilog=_SHOW)(show)
    group.command("findings", help=_("Find what contradicts itself in a tracker’s file."), epilog=_FINDINGS)(findings_)
    group.command("diff", help=_("What changed between two vintages."), epilog=_DIFF)(diff)
    tracker_files.add(group)
    account.add(group)
    ledger.add(group)
    workbooks.add(group)
    app.add_typer(group, name="commitments")


_TOTALS = "foedus commitments totals tracker.xlsx --by donor,kind --as-of 2022-06-30"
_UNITS = "foedus commitments units tracker.xlsx --item howitzer"
_SHOW = "foedus commitments show tracker.xlsx AUM4"
_FINDINGS = "foedus commitments findings tracker.xlsx"
_DIFF = "foedus commitments diff release29/ release30/"


def units_(
    file: File,
    item: Annotated[str, typer.Option("--item", metavar="TEXT", help=_("Only items with this in their name."))] = "",
    donors: Annotated[bool, typer.Option("--donors", help=_("Each donor apart."))] = False,
    as_of: AsOf = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """What is not disclosed is at least one, and has no upper bound."""
    from foedus.commitments.sources.totals import units

    counted = units(read_tracker(file).rows, day(as_of), donors)
    found = [one for one in counted if item.casefold() in one.item.casefold()]
    session.answer({"units": found}, [tracker_words.units(one) for one in found])


def show(
    file: File,
    id_: Annotated[str, typer.Argument(metavar="ID", help=_("The id of the package in the source."))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Every row whose id is this one, or a line of it; of a record, the obligation of that id with all that came."""
    if account.is_record(file):
        account.show_record(file, id_)
        return
    found = [row for row in read_tracker(file).rows if row.id == id_ or row.id.startswith((f"{id_}#", f"{id_}/"))]
    if not found:
        raise Malformed("{file} has no row with the id {id!r}", file=file, id=id_)
    session.answer({"rows": found}, [said for row in found for said in tracker_words.row(row)])


def findings_(file: File, json: Json = False, lang: Lang = None) -> None:
    """Exit status 1 when there are any."""
    from foedus.commitments.sources.doubts import findings

    found = findings(read_tracker(file))
    session.answer(
        {"ok": not found, "findings": [tracker_words.note(one) for one in found]},
        [*tracker_words.notes(found, every=True), _("Findings: %(count)s.", count=len(found))],
    )
    if found:
        raise typer.Exit(1)


def diff(
    before: Annotated[Path, typer.Argument(metavar="V1", help=_("The earlier vintage: a file or folder."))],
    after: Annotated[Path, typer.Argument(metavar="V2", help=_("The later vintage."))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Rows by their id, and the totals that moved."""
    from foedus.commitments.sources.difference import difference

    found = difference(read_tracker(before), read_tracker(after))
    number = session.words.number
    lines = [
        _(
            "Rows added: %(added)s; gone: %(gone)s; changed: %(changed)s.",
            added=number(len(found.added)),
            gone=number(len(found.gone)),
            changed=number(len(found.changed)),
        )
    ]
    lines += [
        f"{tracker_words.whom(one.donor)} · {tracker_words.kind(one.kind)}: {tracker_words.stage(one.stage)}"
        f" {tracker_words.euros(one.before)} → {tracker_words.euros(one.after)}"
        for one in found.moved
    ]
    session.answer(found, lines)
