"""`commitments ledger`: a record's account as double entry, and as a ledger that others add up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foedus.cli import account
from foedus.cli.arguments import At, Json, Known, Lang, Record, write_output
from foedus.cli.session import _, session

Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help=_("Write it for Beancount to a new file."))
]  # fmt: skip
_LEDGER = "foedus commitments ledger demo"


def add(group: typer.Typer) -> None:
    """Add the command to those about commitments."""
    group.command("ledger", help=_("A record’s account as double entry: what stands where."), epilog=_LEDGER)(ledger)


def ledger(
    record: Record, out: Out = None, at: At = None, known: Known = None, json: Json = False, lang: Lang = None
) -> None:
    """What is put on one account is taken from another: each commodity adds up to nothing."""
    account.asked(record, at, known, lambda found: _balances(found, out))


def _balances(found: account.Asked, out: Path | None) -> tuple[object, list[str]]:
    from foedus.commitments.ledger import balances, lines
    from foedus.commitments.sources.to_beancount import from_account
    from foedus.words.titles import title
    from foedus.words.titles_commitments import ACCOUNTS

    stands = balances(lines(found.account))
    said = []
    for (name, party, unit), amount in stands.items():
        where = title(session.words, ACCOUNTS, name)
        said.append(f"{where} · {found.speech.names.party(party)}: {account.span(found.speech, unit, amount)}")
    data = [
        {"account": name, "party": party, "unit": unit, **account.as_data(amount)}
        for (name, party, unit), amount in stands.items()
    ]
    if out is not None:
        written = from_account(found.account)
        write_output(out, written)
        said = [_("Written to %(file)s: %(bytes)s bytes.", file=str(out), bytes=session.words.number(len(written)))]
    return {"accounts": data, "file": str(out) if out else None}, said or [_("Nobody owes anything in this record.")]
