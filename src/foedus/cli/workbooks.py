"""`commitments template`, `dry-run` and `enter`: a party's acts from a spreadsheet, looked at first, entered as one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import (
    DepositaryKey,
    Json,
    Keys,
    Lang,
    PassphraseFiles,
    Record,
    Seats,
    read_input,
    write_output,
)
from foedus.cli.opening import Opened, opened
from foedus.cli.session import _, session
from foedus.errors import Malformed, Refused

if TYPE_CHECKING:
    from foedus.workbook.effects import DryRun
    from foedus.workbook.together import Together

_TEMPLATE = "foedus commitments template demo --seat POL/defence --out commitments.xlsx"
_DRY_RUN = "foedus commitments dry-run demo commitments.xlsx"
_ENTER = "foedus commitments enter record commitments.xlsx --key pol-defence.key"
File = Annotated[str, typer.Argument(metavar="FILE", help=_("The workbook, as `commitments template` writes it."))]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Write to a new file."))]
Seat = Annotated[str, typer.Option("--seat", metavar="SEAT", help=_("For this seat; else the one it was made for."))]


def add(group: typer.Typer) -> None:
    """Add the commands to those about commitments."""
    group.command("template", help=_("Write a workbook to fill in: a seat’s acts, or a tracker’s rows."),
                  epilog=_TEMPLATE)(template_)  # fmt: skip
    group.command("dry-run", help=_("What each row of a workbook would do; nothing is entered."), epilog=_DRY_RUN)(
        dry_run_
    )
    group.command("enter", help=_("Sign every row of a workbook and enter them as one."), epilog=_ENTER)(enter_)


def template_(
    record: Annotated[
        str, typer.Argument(metavar="[DIR]", help=_("The record, for a seat’s acts; none for a tracker’s rows."))
    ] = "",
    *,
    seat: Annotated[str, typer.Option("--seat", metavar="SEAT", help=_("Whose acts."))] = "",
    out: Out,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Of a record, the sheets of the seat's acts with its lists; else the plain table of trackers."""
    if bool(record) != bool(seat):
        raise Malformed("a record and --seat belong together: what an act can say depends on who says it")
    if record:
        from foedus.workbook.template import template

        with opened(record) as found:
            data = template(session.words, found.depositary.clauses, found.depositary.state, seat)
        after = _("Filled in, `foedus commitments dry-run DIR FILE` shows what each row would do.")
    else:
        from foedus.commitments.sources.to_workbook import template as table

        data = table()
        after = _("Filled in, `foedus import csv FILE --dry-run` shows what each row means.")
    write_output(out, data)
    said = _("Written to %(file)s: %(bytes)s bytes.", file=str(out), bytes=session.words.number(len(data)))
    session.answer({"file": str(out), "bytes": len(data)}, [said, after])


def dry_run_(record: Record, file: File, *, seat: Seat = "", json: Json = False, lang: Lang = None) -> None:
    """Exit status 1 when a row is not taken."""
    from foedus.workbook.effects import dry_run

    with opened(record) as found:
        tried = dry_run(found.depositary, Path(file).name, read_input(file), seat)
        session.answer(*_tried(found, tried))
    if not tried.sound:
        raise typer.Exit(1)


def enter_(
    record: Record,
    file: File,
    *,
    key: Keys = None,
    seats: Seats = None,
    passphrase_file: PassphraseFiles = None,
    depositary_key: DepositaryKey = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Sign only, for another seat to sign and enter."))
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """All of its rows in one transaction, or none. FILE may also be what `--out` wrote: then a key adds a signature."""
    from foedus.cli.acting import By
    from foedus.signing import seat_of
    from foedus.workbook import together
    from foedus.workbook.effects import dry_run

    by, data = By(key or (), seats or (), passphrase_file, depositary_key), read_input(file)
    with by.opened(record) as found:
        depositary = found.depositary
        whole = data.lstrip()[:1] == b"{"
        keys = [] if whole and not (key or seats) else by.keys_in(found, record)
        if whole:
            made = together.read_together(data, file).countersigned(keys)
        else:
            tried = dry_run(depositary, Path(file).name, data, seat_of(depositary.state, keys[0]))
            _sound(found, tried)
            if not tried.new:
                session.answer({"entries": [], "already": len(tried.effects)},
                               [_("Every row is on the record already: nothing was entered.")])  # fmt: skip
                return
            if len(keys) < tried.signatures and out is None:
                raise Refused(
                    next(one.provision for one in tried.new if one.signatures > len(keys)),
                    "{needed} seats must sign; sign with both, or write it with --out for the other to enter",
                    needed=tried.signatures,
                )
            made = together.signed(tried, keys, depositary.now())
        if out is not None:
            write_output(out, made.to_json())
            session.answer({"file": str(out), "acts": len(made.acts)},
                           [_("Signed, not entered: %(file)s.", file=str(out))])  # fmt: skip
            return
        _entered(found, made)


def _sound(found: Opened, tried: DryRun) -> None:
    """Raises Malformed with the first row that is not taken, and how many there are."""
    from foedus.workbook.said import where, wrong

    if not tried.sound:
        faults = wrong(session.words, found.depositary.clauses, tried)
        place, why = faults[0]
        raise Malformed(
            "{place}: {why} (rows not taken: {number}; `foedus commitments dry-run` shows all); nothing was entered",
            place=where(session.words, place), why=why, number=len(faults),
        )  # fmt: skip


def _entered(found: Opened, made: Together) -> None:
    from foedus.words.sentences import say_event
    from foedus.workbook.together import enter

    receipts = enter(found.depositary, made)
    words, clauses, state = session.words, found.depositary.clauses, found.depositary.state
    first, last = str(receipts[0].entry), str(receipts[-1].entry)
    lines = [
        words.ngettext(
            "%(num)s row was entered, as entry %(first)s.",
            "%(num)s rows were entered as one, as entries %(first)s to %(last)s.",
            len(receipts), first=first, last=last,
        )
    ]  # fmt: skip
    lines += [f"  {receipt.entry}: {say_event(words, clauses, state, event)}"
              for receipt in receipts for event in receipt.events]  # fmt: skip
    session.answer({"entries": receipts}, lines)


def _tried(found: Opened, tried: DryRun) -> tuple[object, list[str]]:
    """What a dry run found, as data and in lines."""
    from foedus.workbook import said

    words, clauses, number = session.words, found.depositary.clauses, session.words.number
    lines = [_("Rows that can be entered: %(new)s; already there: %(there)s; not taken: %(wrong)s.",
               new=number(len(tried.new)), there=number(len(tried.effects) - len(tried.new)),
               wrong=number(len(tried.faults) + len(tried.refusals)))]  # fmt: skip
    rows = []
    for one in tried.effects:
        act, brings = said.act(words, clauses, tried, one), said.brings(words, clauses, tried, one)
        lines.append(f"  {said.where(words, one.line.place)}: {brings if one.entry is None else f'{act} {brings}'}")
        rows.append({"sheet": one.line.place.sheet, "row": one.line.place.row, "act": one.body, "said": act,
                     "opens": one.opens or None, "entry": one.entry, "events": one.events if one.entry is None else (),
                     "signatures": one.signatures})  # fmt: skip
    wrong = said.wrong(words, clauses, tried)
    if wrong:
        lines += [_("Not taken:"), *(f"  {said.where(words, place)}: {why}" for place, why in wrong)]
    changes = list(said.changes(words, clauses, tried))
    if changes and tried.sound:
        lines += [_("What would be different:"), *(f"  {one}" for one in changes)]
    if tried.book.left:
        lines.append(_("Sheets that were not read: %(sheets)s.", sheets=", ".join(tried.book.left)))
    data = {
        "seat": tried.seat, "sound": tried.sound, "signatures": tried.signatures, "rows": rows,
        "not_taken": [{"sheet": place.sheet, "row": place.row, "column": place.column, "what": why}
                      for place, why in wrong],
        "sums": [{"stage": one.stage, "unit": one.unit, "before": one.before, "after": one.after}
                 for one in tried.sums],
        "gaps": tried.gaps, "overdue_then": tried.late, "overdue_no_more": tried.mended, "left": tried.book.left,
    }  # fmt: skip
    return data, lines
