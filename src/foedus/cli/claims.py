"""`claims …` on files: a batch checked, claims added up, searched for duplicates, and paid by a rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli import claims_personal, claims_record
from foedus.cli.arguments import Json, Lang
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.claims.distribution import Run
    from foedus.claims.intake import Checked, Finding, Total
    from foedus.claims.rule import Rates

SHOWN = 20  # findings that are said one by one; --json has up to 10,000

Rules = Annotated[Path, typer.Option("--rules", metavar="FILE", help=_("Rules for claims, as YAML: docs/claims.md."))]
RatesFile = Annotated[
    Path | None,
    typer.Option("--rates", metavar="FILE", help=_("Rates into the fund’s currency, as CSV currency,rate.")),
]
Result = Annotated[Path, typer.Argument(metavar="RESULT", help=_("What `claims distribute` wrote."))]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(
        help=_("Claims for damage: checked, added up, and paid by a rule, exact to the cent."), no_args_is_help=True
    )
    group.command("check", help=_("Check a batch row by row."), epilog=_CHECK)(check)
    group.command("totals", help=_("Add up claims by category and currency."), epilog=_TOTALS)(totals_)
    group.command("distribute", help=_("Share a fund out among claims by a rule."), epilog=_DISTRIBUTE)(distribute_)
    group.command("why", help=_("How one claim’s figure came about."), epilog=_WHY)(why_)
    group.command("diff", help=_("What differs between two results."), epilog=_DIFF)(diff)
    claims_personal.add(group)
    claims_record.add(group)
    app.add_typer(group, name="claims")


_CHECK = "foedus claims check batch.csv --rules rules.yaml --rows 1000 --sum EUR=250000.00 --out claims.parquet"
_TOTALS = "foedus claims totals claims.parquet"
_DISTRIBUTE = "foedus claims distribute claims.parquet --rules rules.yaml --fund 1000000.00 --out result.csv"
_WHY = "foedus claims why result.csv C-000017"
_DIFF = "foedus claims diff result1.csv result2.csv"


def rates_of(path: Path | None) -> Rates:
    """The rates of a file; none without one."""
    from foedus.claims.rule import NO_RATES, read_rates

    return NO_RATES if path is None else read_rates(path)


def money(text: str, option: str) -> int:
    """A sum as cents. Raises Malformed."""
    if not re.fullmatch(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?", text):
        raise Malformed("{option} {text!r}: an amount such as 1000000.00 was expected", option=option, text=text)
    return int(Decimal(text).scaleb(2))


def _sums(given: Iterable[str]) -> dict[str, int]:
    found = {}
    for one in given:
        currency, _sign, amount = one.partition("=")
        found[currency] = money(amount, "--sum")
    return found


def check(
    batch: Annotated[Path, typer.Argument(metavar="BATCH", help=_("Claims as .csv or .parquet."))],
    *,
    rules: Rules,
    rates: RatesFile = None,
    rows: Annotated[int | None, typer.Option("--rows", min=0, help=_("So many claims the batch should have."))] = None,
    sums: Annotated[
        list[str] | None,
        typer.Option("--sum", metavar="EUR=1.00", help=_("What it should come to, once for each currency.")),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Write the claims in canonical form to a new file."))
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Exit status 1 when anything is wrong; then nothing is written."""
    from datetime import UTC, datetime

    from foedus.claims.intake import Stated
    from foedus.claims.intake import check as checked
    from foedus.claims.rule import read_rules

    given = read_rules(rules)
    currencies = rates_of(rates).known(given.distribution.currency)
    with session.progress(_("Checking the claims")):
        today = datetime.now(UTC).date()
        found = checked(batch, given.eligibility, currencies, Stated(rows, _sums(sums or ())), out, by=today)
    session.answer(found, checked_lines(found))
    if found.bad:
        raise typer.Exit(1)


def checked_lines(found: Checked) -> Iterator[str]:
    """What a check found, said."""
    for one in found.findings[:SHOWN]:
        yield _finding(one)
    if found.bad > SHOWN:
        yield _("%(count)s more; --json has them.", count=session.words.number(found.bad - SHOWN))
    number = session.words.number
    yield _("Claims: %(rows)s. Findings: %(bad)s.", rows=number(found.rows), bad=number(found.bad))
    yield from _totals(found.totals)
    if found.digest is not None:
        yield f"sha256 {found.digest}"


def _finding(one: Finding) -> str:
    from foedus.claims.intake import WRONG
    from foedus.words.failures import say_because

    what = say_because(session.words, WRONG[one.code])
    if not one.row:
        return _("The batch: %(what)s: %(found)s found, %(expected)s stated [%(clause)s].", what=what, found=one.found,
                 expected=one.expected, clause=one.clause)  # fmt: skip
    id_ = repr(one.id)[1:-1] or "–"  # whatever stands there: no line of its own, and no word to the terminal
    return _("Row %(row)s, %(id)s: %(what)s: %(found)s [%(clause)s].", row=str(one.row), id=id_, what=what,
             found=repr(one.found), clause=one.clause)  # fmt: skip


def _totals(found: Iterable[Total]) -> Iterator[str]:
    from foedus.claims.rule import shown

    for one in found:
        yield _("%(category)s: claims %(claims)s, %(amount)s %(currency)s", category=one.category,
                claims=session.words.number(one.claims), amount=shown(one.amount_cents),
                currency=one.currency)  # fmt: skip


def totals_(
    files: Annotated[list[Path], typer.Argument(metavar="CLAIMS...", help=_("Claims in canonical form."))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Sums of different currencies are never added."""
    from foedus.claims.intake import totals

    found = totals(files)
    session.answer({"totals": found}, _totals(found))


def distribute_(
    files: Annotated[list[Path], typer.Argument(metavar="CLAIMS...", help=_("Claims in canonical form."))],
    *,
    rules: Rules,
    fund: Annotated[str, typer.Option("--fund", metavar="AMOUNT", help=_("The money, in the fund’s currency."))],
    rates: RatesFile = None,
    earlier: Annotated[
        list[Path] | None, typer.Option("--earlier", metavar="RESULT", help=_("A result whose payments count; repeat."))
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=_("Write the result to a new file; without it: a dry run.")),
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """What is computed pays nobody."""
    from foedus.claims.distribution import distribute
    from foedus.claims.rule import read_rules

    rule, cents = read_rules(rules).distribution, money(fund, "--fund")
    with session.progress(_("Sharing out")):
        run = distribute(files, rule, cents, rates_of(rates), out, earlier or [])
    session.answer(run, run_lines(run, out))


def run_lines(run: Run, out: Path | None = None) -> Iterator[str]:
    """A run, said step by step."""
    from foedus.claims.rule import shown

    number, currency = session.words.number, run.rule.currency
    for at, (step, taken) in enumerate(zip(run.rule.steps, run.steps, strict=True), 1):
        yield _(
            "Step %(step)s, %(categories)s: claims %(claims)s, %(paid)s of %(entitled)s %(currency)s", step=str(at),
            categories=", ".join(step.categories), claims=number(taken.claims), paid=shown(taken.paid_cents),
            entitled=shown(taken.entitled_cents), currency=currency,
        )  # fmt: skip
    yield _(
        "Fund %(fund)s: paid %(paid)s, reserve %(reserve)s, left %(left)s %(currency)s", fund=shown(run.fund_cents),
        paid=shown(run.paid_cents), reserve=shown(run.reserve_cents), left=shown(run.left_cents), currency=currency,
    )  # fmt: skip
    yield f"sha256 {run.result}"
    if out is None:
        yield _("Dry run: nothing was written.")


def why_(
    result: Result,
    id_: Annotated[str, typer.Argument(metavar="ID", help=_("The id of the claim."))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Every step is computed again; what does not fit is an error."""
    from foedus.claims.rule import shown
    from foedus.claims.why import read_run, why

    currency = read_run(result).rule.currency
    found = why(result, id_)
    lines = [
        _("%(id)s, %(category)s: %(amount)s %(given)s, worth %(worth)s %(currency)s; paid earlier %(earlier)s.", id=id_,
          category=found.category, amount=shown(found.amount_cents), given=found.currency,
          worth=shown(found.worth_cents), currency=currency, earlier=shown(found.earlier_cents))
    ]  # fmt: skip
    for one in found.steps:
        lines.append(
            _("Step %(step)s: at most %(most)s, had %(had)s, so %(entitled)s; of that %(share)s: %(paid)s.",
              step=str(one.step), most=shown(one.most_cents), had=shown(one.had_cents),
              entitled=shown(one.entitled_cents), share=one.share, paid=shown(one.paid_cents))
        )  # fmt: skip
        lines += [_("   A cent of it by the largest remainder.")] if one.rounded_up else []
    lines.append(_("Paid: %(paid)s %(currency)s [%(clause)s].", paid=shown(found.paid_cents), currency=currency,
                   clause=found.clause))  # fmt: skip
    session.answer(found, lines)


def diff(
    before: Result,
    after: Annotated[Path, typer.Argument(metavar="RESULT", help=_("The result it is compared with."))],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """The first changes by id, and how many there are."""
    from foedus.claims.rule import shown
    from foedus.claims.why import difference

    found, number = difference(before, after), session.words.number
    lines = [
        _("%(id)s, %(category)s: %(before)s, then %(after)s", id=one.id, category=one.category,
          before="–" if one.before_cents is None else shown(one.before_cents),
          after="–" if one.after_cents is None else shown(one.after_cents))
        for one in found.changes
    ]  # fmt: skip
    lines.append(
        _("Same %(same)s, more %(more)s, less %(less)s, gone %(gone)s, new %(new)s.", same=number(found.same),
          more=number(found.more), less=number(found.less), gone=number(found.only_before),
          new=number(found.only_after))
    )  # fmt: skip
    session.answer(found, lines)
