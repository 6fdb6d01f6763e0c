"""`import` of a tracker into a record: its vintage is kept in the archive, for ever and without an act."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from foedus.cli.session import _, session
from foedus.errors import Malformed
from foedus.words import mark

if TYPE_CHECKING:
    from foedus.vintages import Entry


def take_in(file: Path, which: str, record: str, licence: str) -> None:
    """Read a tracker's file and keep it. The same again adds nothing."""
    from foedus.cli.importing import read_tracker, said, taken
    from foedus.cli.opening import opened
    from foedus.vintages import files_of, keep

    found = read_tracker(file, which)
    with opened(record) as here:
        entry, new = keep(here.depositary.store, here.depositary.now(), files_of(file), found, licence)
    answer = {**taken(found), "vintage": entry.table, "new": new, "at": entry.at, "licence": entry.licence}
    session.answer(answer, [*said(found), _kept(entry, new)])


def _kept(entry: Entry, new: bool) -> str:
    if new:
        return _("Kept as vintage %(vintage)s.", vintage=entry.table[:12])
    return _(
        "This vintage is kept already, since %(day)s: nothing is added.",
        day=session.words.date(entry.at.date()),
    )


def take_in_products(file: Path, record: str | None, licence: str, which: str) -> None:
    """Keep a table by which the console measures shares: of GDP, of population, or of defence spending."""
    from foedus.cli.opening import opened
    from foedus.vintages import MEASURES, files_of, keep_products

    measure = next(one for one in MEASURES if one == which)
    if record is None:
        raise Malformed("{measure} is kept for the pages of a record: name its folder after the file", measure=which)
    if file.is_dir():
        raise Malformed("{path} is a folder; expected a file", path=file)
    ((name, data),) = files_of(file).items()
    with opened(record) as here:
        kept, new = keep_products(here.depositary.store, here.depositary.now(), name, data, licence, measure)
    years = f"{kept.years[0]}–{kept.years[-1]}"
    kept_new, kept_already = KEPT[measure]
    said = session.words.gettext(kept_new if new else kept_already, years=years)
    session.answer({"table": kept.table, "new": new, "years": kept.years, "file": kept.file}, [said])


KEPT = {
    "gdp": (mark("GDP of %(years)s is kept."), mark("GDP of %(years)s is kept already.")),
    "population": (mark("Population of %(years)s is kept."), mark("Population of %(years)s is kept already.")),
    "defence": (
        mark("Defence spending of %(years)s is kept."), mark("Defence spending of %(years)s is kept already."),
    ),
}  # fmt: skip
