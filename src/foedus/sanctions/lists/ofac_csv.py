"""OFAC's lists as a set of CSV files: SDN (`sdn`, `add`, `alt`, `sdn_comments`) and non-SDN (`cons_prim`, `cons_add`,
…).

After OFAC's data specification (dat_spec.txt, cons_dat_spec.txt): no header, `-0-` for nothing, a last byte 0x1A,
remarks cut at 1000 characters and continued in the comments file, weak aliases in the remarks. The files name no day. A
set without its main file is refused, unless what is left is asked for by name (`ofac-csv-parts`): then targets have
their aliases and addresses and nothing else.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from foedus.compact.findings import Phrase
from foedus.errors import Malformed
from foedus.sanctions.lists import ofac_remarks
from foedus.sanctions.lists.canonical import target
from foedus.sanctions.lists.model import Address, Identifier, Kind, Link, Name, Target
from foedus.sanctions.lists.reading import Content, Files, Notes, text_of

NOTHING = "-0-"
END_MARK = "\x1a"
REMARKS = 1000  # characters, after which the comments file goes on

KINDS: dict[str, Kind] = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft", "": "organisation"}
_COLUMNS = {"main": 12, "add": 6, "alt": 5, "comments": 2}
_STEMS = {
    "sdn": ("ofac-sdn", "main"),
    "add": ("ofac-sdn", "add"),
    "alt": ("ofac-sdn", "alt"),
    "sdn_comments": ("ofac-sdn", "comments"),
    "cons_prim": ("ofac-consolidated", "main"),
    **{f"cons_{part}": ("ofac-consolidated", part) for part in ("add", "alt", "comments")},
}


class Row(NamedTuple):
    """The cells of a row, nothing where OFAC writes `-0-`, and where it stands."""

    file: str
    line: int
    cells: list[str]


Rows = dict[str, list[Row]]  # by the entry's number


def is_part(name: str) -> bool:
    """Whether a file of this name belongs to a set."""
    return name.lower().removesuffix(".csv") in _STEMS and name.lower().endswith(".csv")


def set_of(name: str) -> list[str]:
    """The names of the whole set to which a file of this name belongs."""
    which, _ = _STEMS[name.lower().removesuffix(".csv")]
    return [f"{stem}.csv" for stem, (list_, _) in _STEMS.items() if list_ == which]


def read(files: Files, notes: Notes) -> Content:
    """The whole list. Raises Malformed with file, line and what was expected; rows of no entry are skipped."""
    which, parts = _parts(files)
    for missing in {"main", "add", "alt"} - parts.keys():
        raise Malformed(
            "{found}: the file {missing} of the set is missing: put it beside them, or read what is there by"
            " --form ofac-csv-parts",
            found=", ".join(sorted(name for name, _ in parts.values())) or "-",
            missing=_name(which, missing),
        )
    main = _rows(parts, "main", notes, files)
    for rows in main.values():
        if len(rows) > 1:
            raise Malformed(
                "{file}, line {line}: entry {id} stands there a second time; each was expected once",
                file=rows[1].file,
                line=rows[1].line,
                id=rows[1].cells[0],
            )
    others = {part: _of_entries(_rows(parts, part, notes, files), main, notes) for part in ("add", "alt", "comments")}
    found = [_target(rows[0], others, notes) for rows in main.values()]
    return Content("USA", which, None, found)


def read_parts(files: Files, notes: Notes) -> Content:
    """What the aliases and addresses say without the main file: no first name, no kind, no programme."""
    which, parts = _parts(files)
    add, alt = (_rows(parts, part, notes, files) for part in ("add", "alt"))
    file = next(iter(parts.values()))[0]
    notes.doubt(file, 0, Phrase("the main file was not read: no entry has its first name, its kind or its programmes"))
    found = []
    for number in add.keys() | alt.keys():
        line = (add.get(number) or alt[number])[0].line
        names = [name for row in alt.get(number, ()) for name in _alias(row)]
        addresses = [_address(row) for row in add.get(number, ())]
        found.append((line, target(number, "unknown", names, addresses=addresses)))
    return Content("USA", f"{which}-parts", None, found)


def _parts(files: Files) -> tuple[str, dict[str, tuple[str, bytes]]]:
    """Which list it is, and its files by what they hold. Files of neither set are left alone."""
    found: dict[str, dict[str, tuple[str, bytes]]] = defaultdict(dict)
    for name, data in files.data.items():
        if is_part(name):
            which, part = _STEMS[name.lower().removesuffix(".csv")]
            found[which][part] = (name, data)
    if len(found) != 1:
        raise Malformed(
            "{names}: the files of one OFAC set were expected, such as sdn.csv, add.csv, alt.csv and sdn_comments.csv",
            names=", ".join(sorted(files.data)[:8]) or "-",
        )
    return next(iter(found.items()))


def _name(which: str, part: str) -> str:
    return next(f"{stem}.csv" for stem, known in _STEMS.items() if known == (which, part))


def _rows(parts: Mapping[str, tuple[str, bytes]], part: str, notes: Notes, files: Files) -> Rows:
    """The rows of a file by their entry's number. Raises Malformed where a row is none of this file."""
    found: Rows = defaultdict(list)
    if part not in parts:
        return found
    file, data = parts[part]
    text = text_of(file, data, notes)
    if not text.endswith(END_MARK):
        notes.doubt(file, 0, Phrase("it has no end mark (byte 0x1A): it may have been cut short, or edited"))
    reader = csv.reader(io.StringIO(text.rstrip(END_MARK), newline=""), strict=True)
    columns, line = _COLUMNS[part], 0
    try:
        for cells in reader:
            line, at = reader.line_num, line + 1
            if not cells:
                continue
            if len(cells) != columns or not cells[0].strip().isdigit():
                raise _no_row(file, at, cells, columns)
            found[cells[0].strip()].append(Row(file, at, _cells(cells)))
    except csv.Error as problem:
        raise Malformed(
            "{file}, line {line}: {problem}: the file is cut short or damaged, fetch it again",
            file=file,
            line=reader.line_num,
            problem=problem,
        ) from None
    if files.progress:
        files.progress(len(data), len(data))
    return found


def _cells(cells: list[str]) -> list[str]:
    return ["" if cell.strip() == NOTHING else cell.strip() for cell in cells]


def _no_row(file: str, line: int, cells: list[str], columns: int) -> Malformed:
    return Malformed(
        "{file}, line {line}: {found} cells beginning with {first!r}; {expected} beginning with an entry's number were"
        " expected: the file is cut short, or its columns were changed",
        file=file,
        line=line,
        found=len(cells),
        first=cells[0][:40],
        expected=columns,
    )


def _of_entries(rows: Rows, main: Rows, notes: Notes) -> Rows:
    """Those of entries that the main file has; the others are skipped, and so is what was cut within a cell."""
    kept: Rows = defaultdict(list)
    for number, each in rows.items():
        for row in each:
            if number not in main:
                notes.skip(
                    row.file, row.line, Phrase("it belongs to entry {id}, which the main file does not have", id=number)
                )
            elif row.cells[-1] in ("-0", "-"):
                notes.skip(row.file, row.line, Phrase("its last cell is cut short: {found!r}", found=row.cells[-1]))
            elif row.cells[2:] in (one.cells[2:] for one in kept[number]) and any(row.cells[2:]):
                notes.skip(row.file, row.line, Phrase("it says of entry {id} what an earlier row says", id=number))
            else:
                kept[number].append(row)
    return kept


def _target(row: Row, others: Mapping[str, Rows], notes: Notes) -> tuple[int, Target]:
    number, name, kind, programmes, title, call_sign, type_, tonnage, gross, flag, owner, remarks = row.cells
    if kind not in KINDS:
        raise Malformed(
            "{file}, line {line}: the type {found!r}; individual, vessel, aircraft or -0- was expected",
            file=row.file,
            line=row.line,
            found=kind,
        )
    if not name:
        raise Malformed("{file}, line {line}: entry {id} has no name", file=row.file, line=row.line, id=number)
    said = ofac_remarks.parse(_remarks(row, remarks, others["comments"].get(number, []), notes))
    vessel = {"Vessel type": type_, "Tonnage": tonnage, "Gross registered tonnage": gross}
    made = target(
        number,
        KINDS[kind],
        (Name(name), *(one for alias in others["alt"].get(number, ()) for one in _alias(alias)), *said.names),
        births=said.births,
        countries=(flag, *said.countries),
        identifiers=(
            *said.identifiers,
            *([Identifier("call_sign", call_sign, label="Call Sign")] if call_sign else ()),
        ),
        addresses=map(_address, others["add"].get(number, ())),
        programmes=programmes.split("] ["),
        positions=(title,),
        links=(*said.links, *([Link("owner", owner)] if owner else ())),
        gender=said.gender,
        remarks=(*said.remarks, *(f"{label} {value}" for label, value in vessel.items() if value)),
    )
    return row.line, made


def _remarks(row: Row, remarks: str, comments: list[Row], notes: Notes) -> str:
    """The whole of them: what was cut at 1000 characters goes on in the comments file."""
    if len(remarks) >= REMARKS and not comments:
        notes.doubt(
            row.file,
            row.line,
            Phrase(
                "the remarks on entry {id} end at {most} characters, and no comment goes on",
                id=row.cells[0],
                most=REMARKS,
            ),
        )
    return remarks + "".join(comment.cells[1] for comment in comments)


def _alias(row: Row) -> Iterator[Name]:
    _, _, kind, name, remarks = row.cells
    if kind not in ("aka", "fka", "nka"):
        raise Malformed(
            "{file}, line {line}: the alias type {found!r}; aka, fka or nka was expected",
            file=row.file,
            line=row.line,
            found=kind,
        )
    yield Name(name, "former" if kind == "fka" else "alias", remarks)


def _address(row: Row) -> Address:
    _, _, text, city, country, note = row.cells
    return Address(text, city, country=country, note=note)
