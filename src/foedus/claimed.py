"""Claims of a record as tables: kept in its archive, shared out by its compact, and computed again from what it holds.

    digest = keep(store, file)            a canonical table, durable before an act names it
    body = dry_run(store, clauses, …)     who would get what, kept; and the act that decides it
    found = verify(store, clauses, …)     every batch, decision, distribution and payment, row for row

Nothing here decides or pays. What is personal is in no file that comes here: tables with other columns are not taken.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import msgspec

from foedus import archive
from foedus.claims.against import shared
from foedus.claims.distribution import RUN, Run, distribute
from foedus.claims.intake import Total, totals
from foedus.claims.rule import NO_RATES, Category, Distribution, Eligibility, Rates, Rules, Step, checked, read_rates
from foedus.claims.table import CLAIMS, database, described, have, shape_of
from foedus.compact.clauses import Clauses
from foedus.compact.model import Claims
from foedus.compact.model import Distribution as Clause
from foedus.errors import Malformed
from foedus.reparations import acts
from foedus.reparations.claims import awards
from foedus.reparations.distributions import earlier, in_order, rule_digest
from foedus.reparations.state import Decision, State, shown

PIECE = 1 << 20


def eligible(clauses: Clauses) -> Eligibility:
    """Which claims count, as the compact says. Raises Malformed where it does not."""
    claims = clauses.one(Claims)
    if claims is None:
        raise Malformed("this compact does not say which claims count")
    categories = tuple(Category(one.id, one.confirmed) for one in claims[1].categories)
    return Eligibility(claims[0].id, claims[1].since, claims[1].places, categories)


def ruled(clauses: Clauses) -> Rules:
    """Which claims count and how a fund is shared out, as the compact says. Raises Malformed where it does not."""
    sharing = clauses.one(Clause)
    if clauses.one(Claims) is None or sharing is None:
        raise Malformed("this compact does not say which claims count and how a fund is shared out")
    steps = tuple(
        Step(one.categories, one.fixed, one.cap, None if one.at_most is None else _share(one.at_most))
        for one in sharing[1].steps
    )
    reserve = _share(sharing[1].reserve or Fraction(0))
    return checked(Rules(eligible(clauses), Distribution(sharing[0].id, sharing[1].currency, steps, reserve)))


def _share(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}" if share.denominator > 1 else str(share.numerator)


# --- into the archive and out ---------------------------------------------------------------------------------


def keep(store: archive.Keeps, file: Path, columns: Sequence[str] = CLAIMS) -> str:
    """Put a canonical table into the archive; its digest. Raises Malformed where it has other columns or another form.

    The archive holds the CSV whose digest is the table's, whatever form the file has.
    """
    with tempfile.TemporaryDirectory(prefix="claims") as folder, database() as connection:
        have(described(connection, file), columns, file)
        text = shape_of(connection, file, columns, Path(folder) / "rows.csv")
        return put(store, text)


def unknown(store: archive.Keeps, state: State, file: Path) -> None:
    """Raises Malformed where a claim of the table is in a batch already, as far as batches are held here: under one id
    no fund could be shared out among both.
    """
    batches = [one for one in state.batches.values() if archive.holds(store, one.table)]
    with opened(store, [one.table for one in batches]) as files:
        for batch in batches:
            several, first = shared(file, [files[batch.table]])
            if several:
                raise Malformed("{several} claims are in {batch} already, the first is {id}", several=several,
                                batch=batch.id, id=first)  # fmt: skip


def put(store: archive.Keeps, file: Path) -> str:
    """Put a file into the archive as it is; its digest."""
    with file.open("rb") as data:
        return archive.put(store, iter(lambda: data.read(PIECE), b""))


def fetch(store: archive.Keeps, digest: str, folder: Path, form: str = "csv") -> Path:
    """A file of the archive in this folder, under its digest. Raises Malformed when it is not held, Tampered."""
    file = folder / f"{digest}.{form}"
    if file.exists():
        return file
    parts = archive.stream(store, digest)
    if parts is None:
        raise Malformed("{digest} is not in this archive: import the file that has this digest", digest=digest)
    with file.open("wb") as data:
        data.writelines(parts)
    return file


@contextmanager
def opened(store: archive.Keeps, digests: Sequence[str]) -> Iterator[dict[str, Path]]:
    """Tables of the archive as files, while they are looked at."""
    with tempfile.TemporaryDirectory(prefix="claims") as folder:
        yield {digest: fetch(store, digest, Path(folder)) for digest in digests}


def stated(several: Sequence[Total]) -> tuple[acts.Total, ...]:
    """Sums as an act states them."""
    return tuple(acts.Total(one.category, one.currency, one.claims, shown(one.amount_cents)) for one in several)


def stated_of(file: Path) -> tuple[tuple[acts.Total, ...], int]:
    """Sums and number of claims of a canonical table, as an act states them."""
    found = totals([file])
    return stated(found), sum(one.claims for one in found)


# --- a distribution ---------------------------------------------------------------------------------------------


def inputs(state: State, up_to: str, before: Sequence[str]) -> tuple[list[str], list[str]]:
    """Digests of what a distribution is made from: the awards that stood, and results of distributions run before."""
    return [one.table for one in awards(state, up_to)], [state.distributions[id_].result for id_ in before]


def dry_run(
    store: archive.Keeps, clauses: Clauses, state: State, fund_cents: int, rates: Path | None = None,
    instrument: str = "decision",
) -> tuple[acts.DecideDistribution, Run]:  # fmt: skip
    """What the fund would pay on every award that stands; run and result are kept, and the act names them.

    Raises Malformed where a table is not held or a currency has no rate.
    """
    clause = clauses.one(Clause)
    rule = ruled(clauses).distribution
    assert clause is not None, "a compact with rules for a fund has the clause"
    up_to = f"CD-{state.decided}"
    before = [one.id for one in in_order(state) if one.run is not None]
    with tempfile.TemporaryDirectory(prefix="claims") as name:
        folder = Path(name)
        if rates is not None:
            put(store, rates)
        given = NO_RATES if rates is None else read_rates(rates)
        run, out = _made(store, folder, rule, fund_cents, given, inputs(state, up_to, before))
        result, kept = put(store, out), put(store, out.with_name(out.name + RUN))
    assert result == run.result, "the archive holds the bytes whose digest the run names"
    return acts.DecideDistribution(
        clause[1].decided_by.id, rule_digest(clause[1]), up_to, kept, run.result, run.rows, shown(run.fund_cents),
        rule.currency, shown(run.paid_cents), shown(run.reserve_cents), shown(run.left_cents), instrument,
    ), run  # fmt: skip


def _made(
    store: archive.Keeps, folder: Path, rule: Distribution, fund_cents: int, rates: Rates,
    given: tuple[list[str], list[str]],
) -> tuple[Run, Path]:  # fmt: skip
    claims, before = ([fetch(store, digest, folder) for digest in digests] for digests in given)
    if not claims:
        raise Malformed("no award stands: there is nobody to share the fund out to")
    out = folder / "result.csv"
    return distribute(claims, rule, fund_cents, rates, out, before), out


def run_of(store: archive.Keeps, digest: str) -> Run:
    """A run of the archive. Raises Malformed."""
    try:
        return msgspec.json.decode(archive.required(store, digest), type=Run)
    except msgspec.MsgspecError as problem:
        raise Malformed("{path} is no run of a distribution: {problem}", path=digest, problem=problem) from None


def again(store: archive.Keeps, clauses: Clauses, state: State, id_: str) -> Run:
    """The same distribution made again from its tables. Raises Malformed where one is not held, Tampered."""
    one = state.distributions[id_]
    found = run_of(store, one.dry_run)
    before = [other.id for other in earlier(state, one)]
    with tempfile.TemporaryDirectory(prefix="claims") as name:
        folder = Path(name)
        given = NO_RATES if found.rates == NO_RATES.digest else read_rates(fetch(store, found.rates, folder))
        rule = ruled(clauses).distribution
        return _made(store, folder, rule, one.fund, given, inputs(state, one.up_to, before))[0]


def decisions(state: State) -> Mapping[str, Decision]:
    """Every decision over claims by its id."""
    return {one.id: one for batch in state.batches.values() for one in batch.decisions}
