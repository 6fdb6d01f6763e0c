"""`claims deposit`, `decide`, `dry-run` and `verify`: claims of a record, from its tables and back.

The first three put tables into the record's archive and write the act that names them; `foedus act` signs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang, Record, write_output
from foedus.cli.opening import opened
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.acts import Body
    from foedus.recomputed import Finding, Verified
    from foedus.reparations.acts import Measure

_DEPOSIT = "foedus claims deposit record batch.csv --measure damage --out act.json"
_DECIDE = "foedus claims decide record awards.csv --batch CB-1 --to awarded --instrument decision-7 --out act.json"
_DRY_RUN = "foedus claims dry-run record --fund 1000000.00 --out act.json"
_VERIFY = "foedus claims verify record"

Out = Annotated[
    Path, typer.Option("--out", metavar="FILE", help=_("Write the act to a new file; `foedus act` signs it."))
]
RatesFile = Annotated[
    Path | None,
    typer.Option("--rates", metavar="FILE", help=_("Rates into the fund’s currency, as CSV currency,rate.")),
]
Instrument = Annotated[
    str, typer.Option("--instrument", metavar="CODE", help=_("The act of the body by which it was decided."))
]


def add(group: typer.Typer) -> None:
    """Add the commands to those about claims."""
    group.command("deposit", help=_("Check a batch and put it into a record’s archive."), epilog=_DEPOSIT)(deposit)
    group.command("decide", help=_("Put decided claims into a record’s archive."), epilog=_DECIDE)(decide)
    group.command("dry-run", help=_("Who would get what of a record’s fund."), epilog=_DRY_RUN)(dry_run)
    group.command("verify", help=_("Make everything about claims again from its tables."), epilog=_VERIFY)(verify)


def deposit(
    record: Record,
    batch: Annotated[Path, typer.Argument(metavar="BATCH", help=_("Claims as .csv or .parquet."))],
    *,
    measure: Annotated[str, typer.Option("--measure", metavar="MEASURE", help=_("What they claim: damage or loss."))],
    out: Out,
    rates: RatesFile = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Exit status 1 when a row is wrong; then nothing is kept and no act is written."""
    import tempfile
    from datetime import date

    from foedus.claimed import keep, ruled, stated, unknown
    from foedus.claims.intake import check, first_cause
    from foedus.cli.claims import checked_lines, rates_of
    from foedus.compact.model import Claims
    from foedus.reparations.acts import DepositClaims

    with opened(record) as found, tempfile.TemporaryDirectory(prefix="claims") as folder:
        clauses = found.depositary.clauses
        rules, table = ruled(clauses), Path(folder) / "claims.csv"
        known = rates_of(rates).known(rules.distribution.currency)
        today = found.depositary.now().date()
        checked = check(batch, rules.eligibility, known, None, table, by=today)
        if checked.bad:
            session.answer(checked, checked_lines(checked))
            raise typer.Exit(1)
        clause = clauses.one(Claims)
        assert clause is not None, "a compact with rules for claims has the clause"
        unknown(found.depositary.store, found.depositary.state.reparations, table)
        digest = keep(found.depositary.store, table)
        body = DepositClaims(
            clause[1].register.id, _measure(measure), digest, checked.rows, date.fromisoformat(first_cause(table)),
            stated(checked.totals),
        )  # fmt: skip
    _written(body, out, checked.rows, digest)


def _measure(text: str) -> Measure:
    if text == "damage":
        return "damage"
    if text == "loss":
        return "loss"
    raise Malformed("--measure {text!r}: damage or loss was expected", text=text)


def decide(
    record: Record,
    table: Annotated[Path, typer.Argument(metavar="CLAIMS", help=_("Claims in canonical form, amounts as decided."))],
    *,
    batch: Annotated[str, typer.Option("--batch", metavar="ID", help=_("The batch they are of."))],
    to: Annotated[
        str,
        typer.Option("--to", metavar="STAGE", help=_("recorded, assessed, awarded, refused, withdrawn or appealed.")),
    ],
    instrument: Instrument,
    out: Out,
    body: Annotated[
        str, typer.Option("--body", metavar="ID", help=_("Whose decision; by default the body’s whose it is."))
    ] = "",
    corrects: Annotated[
        str | None, typer.Option("--corrects", metavar="ID", help=_("The award whose place this one takes."))
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Exit status 1 when a row is wrong. Whether it may be so decided, the record says when the act is entered."""
    from foedus.claimed import eligible, keep, stated
    from foedus.claims.intake import recheck
    from foedus.cli.claims import checked_lines
    from foedus.compact.model import Claims
    from foedus.reparations.claims import COMMISSION

    with opened(record) as found:
        clauses = found.depositary.clauses
        checked = recheck(table, eligible(clauses), by=found.depositary.now().date())
        if checked.bad:
            session.answer(checked, checked_lines(checked))
            raise typer.Exit(1)
        digest = keep(found.depositary.store, table)
    clause, rows, totals = clauses.one(Claims), checked.rows, stated(checked.totals)
    assert clause is not None, "a compact that says which claims count has the clause"
    whose = body or (clause[1].commission.id if to in COMMISSION else clause[1].register.id)
    said = {
        "act": "DecideClaims", "batch": batch, "to": to, "body": whose, "table": digest, "rows": rows, "totals": totals,
        "instrument": instrument, **({"corrects": corrects} if corrects else {}),
    }  # fmt: skip
    _written(_body(said), out, rows, digest)


def dry_run(
    record: Record,
    *,
    fund: Annotated[str, typer.Option("--fund", metavar="AMOUNT", help=_("The money, in the fund’s currency."))],
    out: Out,
    instrument: Instrument = "decision",
    rates: RatesFile = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Over every award that stands; the act that decides it is written, and nothing is decided."""
    from foedus.claimed import dry_run as tried
    from foedus.cli.claims import money, run_lines

    with opened(record) as found, session.progress(_("Sharing out")):
        depositary = found.depositary
        body, run = tried(
            depositary.store, depositary.clauses, depositary.state.reparations, money(fund, "--fund"), rates, instrument
        )
    write_output(out, _json(body))
    session.answer({"run": run, "act": str(out)}, [*run_lines(run, out), str(out)])


def verify(record: Record, json: Json = False, lang: Lang = None) -> None:
    """Exit status 1 when something does not fit; a table that is not held is said and is no fault."""
    from foedus.recomputed import verify as recomputed

    with opened(record) as found, session.progress(_("Computing again")):
        depositary = found.depositary
        every = recomputed(depositary.store, depositary.clauses, depositary.state.reparations)
    session.answer(every, _verified(every))
    if every.findings:
        raise typer.Exit(1)


def _verified(every: Verified) -> Iterator[str]:
    number = session.words.number
    for one in every.findings:
        yield _finding(one)
    for digest in every.missing:
        yield _("Not held here: %(digest)s", digest=digest)
    yield _("Tables: %(tables)s, with %(rows)s rows. Findings: %(bad)s. Not held: %(missing)s.",
            tables=number(every.tables), rows=number(every.rows), bad=number(len(every.findings)),
            missing=number(len(every.missing)))  # fmt: skip


def _finding(one: Finding) -> str:
    from foedus.recomputed import WRONG
    from foedus.words.failures import say_because

    what = say_because(session.words, WRONG[one.code])
    return f"{one.subject}: {what}: {one.found}" + (f" [{one.expected}]" if one.expected else "")


def _written(body: Body, out: Path, rows: int, digest: str) -> None:
    write_output(out, _json(body))
    said = _("Claims kept: %(rows)s. Act: %(act)s", rows=session.words.number(rows), act=str(out))
    session.answer({"rows": rows, "table": digest, "act": str(out)}, [said, f"sha256 {digest}"])


def _body(said: dict[str, object]) -> Body:
    """An act from words of the command line. Raises Malformed with what is wrong."""
    import msgspec

    from foedus.reparations.acts import DecideClaims

    try:
        return msgspec.convert(said, DecideClaims)
    except msgspec.ValidationError as problem:
        raise Malformed("no such decision over claims: {problem}", problem=problem) from None


def _json(body: Body) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(body)) + b"\n"
