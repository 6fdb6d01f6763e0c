"""`import`: what somebody published, read and reported: a list of sanctions, or a tracker of commitments.

A list is also deposited when a record is named; a tracker's vintage is kept in its archive, without an act. A wrong
file changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli import tracker_words, vintages
from foedus.cli.arguments import DepositaryKey, Json, Keys, Lang, PassphraseFiles, Seats
from foedus.cli.lists import LISTS, Form, Of, take_in
from foedus.cli.session import _, session
from foedus.errors import Malformed
from foedus.words import mark

if TYPE_CHECKING:
    from foedus.commitments.sources.model import Row, Vintage

# What a publisher's data may come as. The content decides which.
TRACKERS = {"kiel": ("kiel", "kiel-web"), "iati": ("iati",), "sipri": ("sipri",), "csv": ("csv",)}
MEASURES = ("gdp", "population", "defence")  # what shares are measured by


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", help=_("Read what was published, and say what was not taken."), epilog=_IMPORT)(import_)


_IMPORT = "foedus import un un_consolidated.xml"


def import_(
    which: Annotated[
        str, typer.Argument(metavar="SOURCE", help=_("Whose list: ofac, un, eu, uk, …; or tracker: kiel, iati, …"))
    ],
    source: Annotated[str, typer.Argument(metavar="FILE|URL", help=_("The file, the folder, or a list's address."))],
    record: Annotated[
        str | None, typer.Argument(metavar="DIR", help=_("The record to keep it in; otherwise it is only read."))
    ] = None,
    *,
    key: Keys = None,
    seats: Seats = None,
    passphrase_file: PassphraseFiles = None,
    depositary_key: DepositaryKey = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help=_("The day of the list, where it states none."))
    ] = None,
    legal_basis: Annotated[
        str | None, typer.Option("--legal-basis", metavar="CODE", help=_("The instrument under which it is published."))
    ] = None,
    publisher: Annotated[
        str | None, typer.Option("--publisher", metavar="CODE", help=_("Whose list it is, where it does not say."))
    ] = None,
    called: Annotated[
        str | None, typer.Option("--list", metavar="NAME", help=_("What the list is called, where it does not say."))
    ] = None,
    form: Form = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Of a tracker: what each row means, and what it would change."))
    ] = False,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help=_("With --dry-run: what is held already."))
    ] = None,
    licence: Annotated[
        str, typer.Option("--licence", metavar="TEXT", help=_("Of a tracker: under which licence it is published."))
    ] = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Read it whole, or refuse it."""
    if which in LISTS:
        from foedus.cli.acting import By

        if dry_run or against is not None:
            raise Malformed("--dry-run is for a tracker: a list is only read where no record is named")
        by = By(key or (), seats or (), passphrase_file, depositary_key)
        take_in(which, source, record, by, Of(as_of, legal_basis, publisher, called), form)
    elif which in TRACKERS:
        if record is not None and not dry_run:
            vintages.take_in(Path(source), which, record, licence)
        else:
            _tracked(Path(source), which, dry_run, against)
    elif which in MEASURES:
        vintages.take_in_products(Path(source), record, licence, which)
    else:
        raise Malformed(
            "{found!r} is no source known; expected one of {expected}",
            found=which,
            expected=", ".join((*LISTS, *TRACKERS, *MEASURES)),
        )


def _tracked(file: Path, which: str, dry_run: bool, against: Path | None) -> None:
    found = read_tracker(file, which)
    answer, lines = taken(found), list(said(found))
    if dry_run:
        effects = _effects(found, None if against is None else read_tracker(against))
        answer["effects"] = [{"effect": effect, "row": row} for effect, row in effects]
        lines += [
            f"{session.words.gettext(EFFECTS[effect])}: {' '.join(tracker_words.row(row))}" for effect, row in effects
        ]
    session.answer(answer, lines)


EFFECTS = {
    "new": mark("new"),
    "same": mark("already held"),
    "changed": mark("changed"),
    "gone": mark("no longer there"),
}


def _effects(found: Vintage, held: Vintage | None) -> list[tuple[str, Row]]:
    """What each row would do to what is held: the same file again does nothing."""
    from foedus.commitments.sources.difference import difference

    if held is None:
        return [("new", row) for row in found.rows]
    change = difference(held, found)
    new, changed = set(map(id, change.added)), {id(one.after) for one in change.changed}
    effects = [("new" if id(row) in new else "changed" if id(row) in changed else "same", row) for row in found.rows]
    return [*effects, *(("gone", row) for row in change.gone)]


def read_tracker(file: Path, which: str | None = None) -> Vintage:
    """A tracker's file, with a bar while it is read. Raises Malformed, also when it is another's than was named."""
    from foedus.commitments.sources import read, recognise

    form = recognise(file)
    if which is not None and form not in TRACKERS[which]:
        raise Malformed(
            "{file} is {found}; {expected} was expected", file=file, found=form, expected=", ".join(TRACKERS[which])
        )
    with session.progress(_("Reading the source")) as told:
        return read(file, form, told)


def taken(found: Vintage) -> dict[str, object]:
    """What was read, as data."""
    stages: dict[str, int] = {}
    for row in found.rows:
        stages[row.stage] = stages.get(row.stage, 0) + 1
    return {
        "publisher": found.publisher,
        "release": found.release,
        "form": found.form,
        "data_until": found.data_until,
        "digest": found.digest,
        "rows": len(found.rows),
        "stages": stages,
        "figures": len(found.figures),
        "skipped": [tracker_words.note(one) for one in found.skipped],
        "doubts": [tracker_words.note(one) for one in found.doubts],
    }


def said(found: Vintage) -> Iterator[str]:
    """The same in lines."""
    number = session.words.number
    yield tracker_words.vintage(found)
    yield _("Rows: %(rows)s.", rows=number(len(found.rows)))
    yield f"sha256 {found.digest}"
    yield _("Not taken: %(number)s.", number=number(len(found.skipped)))
    yield from tracker_words.notes(found.skipped)
    if found.doubts:
        yield _("Doubtful: %(number)s.", number=number(len(found.doubts)))
        yield from tracker_words.notes(found.doubts)
