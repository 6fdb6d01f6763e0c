"""`screen`: a name, or a file of customers, against published lists."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang
from foedus.cli.screened_lists import Open, lists_of
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.customers import Screens
    from foedus.screening import Record
    from foedus.screening.certificate import Certificate

_SHOWN_BAD_ROWS = 5


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("screen", help=_("Look a name, or a file of customers, up in sanctions lists."), epilog=_SCREEN)(screen)


_SCREEN = "foedus screen 'Usama bin Ladin' --against un.xml --against ofac"
Record_ = Annotated[str | None, typer.Option("--record", metavar="DIR", help=_("The lists deposited in this record."))]
Since = Annotated[
    list[str] | None,
    typer.Option(
        "--since", metavar="OLD",
        help=_("Known customers again: look only for what changed since this version, a file or its digest."),
    ),
]  # fmt: skip


def screen(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help=_("A name, in any script."))] = None,
    *,
    against: Annotated[
        list[Path] | None, typer.Option("--against", metavar="FILE", help=_("A published list; several may be given."))
    ] = None,
    record: Record_ = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help=_("Customers, as .csv or .parquet with a column name.")),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Hits, as a new file .csv or .parquet."))
    ] = None,
    kind: Annotated[str, typer.Option("--kind", help=_("person, organisation, vessel or aircraft."))] = "",
    born: Annotated[
        list[str] | None, typer.Option("--born", metavar="DATE", help=_("Date of birth, or its year."))
    ] = None,
    country: Annotated[list[str] | None, typer.Option("--country", help=_("A country, by its two letters."))] = None,
    threshold: Annotated[
        float | None, typer.Option("--threshold", min=0.5, max=1.0, help=_("Call it a match from this score on."))
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help=_("Show at most so many for each name."))] = 10,
    since: Since = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help=_("Screen --file by Ray: its address, or local.")),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help=_("Processes of the cluster that screen."))] = 2,
    serve: Annotated[
        bool,
        typer.Option("--serve", help=_("Serve the lists on this machine to clients of yente, OpenRefine, watchman.")),
    ] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help=_("Port to serve on."))] = 8000,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Screen the one or the many, or serve whoever asks."""
    from foedus.country_names import known_code
    from foedus.screened import known_date
    from foedus.screening import THRESHOLD, Record
    from foedus.screening.record import typed

    told = bool(kind or born or country)
    _agree(name, file, out, serve=serve, many=bool(since or cluster), both=bool(record and against), told=told)
    _kind(kind)
    dates, codes = tuple(map(known_date, born or ())), tuple(map(known_code, country or ()))
    if since and cluster:
        raise Malformed("--since asks too little of a cluster: leave --cluster out")
    if serve:
        _serve(against or [], port)
        return
    least = THRESHOLD if threshold is None else threshold
    with lists_of(record, against or [], since or []) as found:
        if file is not None and out is not None:
            with _screens(found, _certificate(found, least), limit, cluster, workers) as screens:
                _customers(found, screens, least, (file, out), limit)
            return
        query = Record("query", (name or "",), kind, dates=dates, countries=codes, identifiers=typed(name or ""))
        _one(found, least, query, limit)


def _agree(
    name: str | None, file: Path | None, out: Path | None, *, serve: bool, many: bool, both: bool, told: bool
) -> None:
    """Raises Malformed where options do not go together. `told`: something is told of the NAME."""
    if serve and (name is not None or file is not None):
        raise Malformed("--serve answers whoever asks: leave NAME and --file out, or leave --serve out")
    if not serve and ((name is None) == (file is None) or (file is None) != (out is None)):
        raise Malformed("a NAME is screened, or the customers of --file into --out: give one of the two")
    if many and file is None:
        raise Malformed("--since and --cluster are for customers in a file: give it as --file")
    if both:
        raise Malformed("--record and --against name lists: give one of the two")
    if told and name is None:
        raise Malformed("--kind, --born and --country are of a NAME: customers in a file have columns for them")


def _kind(kind: str) -> None:
    """Raises Malformed where it is none."""
    from foedus.screening.record import KINDS

    if kind not in KINDS:
        raise Malformed("--kind {found!r}: one of {expected} was expected", found=kind, expected=", ".join(KINDS[1:]))


def _serve(lists: list[Path], port: int) -> None:
    """Until stopped. Raises Malformed when the port is taken, or no list can be read."""
    if not lists:
        raise Malformed("no list was named: give each as --against FILE")
    from foedus.cli.console import have
    from foedus.searched import OfFiles, Searched
    from foedus.web.server import serve
    from foedus.web.yente.routes import alone

    have("127.0.0.1", port)
    searched = Searched(OfFiles(lists))
    with session.progress(_("Reading the lists")):
        failed = [one.failed for one in searched.keep_up() if one.failed]
    if failed:
        raise failed[0]
    said = _("Serving on %(url)s. Stop with Ctrl-C.", url=f"http://localhost:{port}")
    sys.stderr.write(f"{said}\n")
    serve(alone(searched), port=port)


def _certificate(found: Open, threshold: float) -> Certificate:
    from msgspec.structs import replace

    from foedus.screening.certificate import certify_digest

    of = (found.lists.digest, len(found.lists.index))
    certificate = certify_digest(of, found.lists.used, threshold, threshold)
    return replace(certificate, law=found.law.rests_on if found.law else {}, since=found.since)


def _one(found: Open, threshold: float, query: Record, limit: int) -> None:
    from foedus.in_law import with_law
    from foedus.screening.certificate import Answer
    from foedus.words.matches import say_law, say_reason

    certificate = _certificate(found, threshold)
    matches = with_law(found.law, found.lists.index.search(query, limit, threshold, threshold))
    lines = []
    for rank, match in enumerate(matches, 1):
        lines.append(
            f"{rank}. {match.score:.4f}  {match.caption}  ({match.id})  {say_law(session.words, match.in_law)}"
        )
        lines += [f"   {reason.points:+.4f}  {say_reason(session.words, reason)}" for reason in match.reasons]
    if not matches:
        lines.append(_("Nothing reaches %(threshold)s.", threshold=str(certificate.threshold)))
    lines += [
        _("Searched: %(list)s of %(day)s, %(count)s entries, sha256 %(digest)s.", list=one.name, day=one.as_of or "–",
          count=session.words.number(one.records), digest=one.digest[:16])
        for one in certificate.lists
    ]  # fmt: skip
    session.answer(Answer(query, tuple(matches), certificate), lines)


@contextmanager
def _screens(found: Open, certificate: Certificate, limit: int, cluster: str | None, workers: int) -> Iterator[Screens]:
    """What screens a file: this process, or a cluster. Raises Malformed where Ray is not installed or not there."""
    from foedus.customers import by_index
    from foedus.in_law import WithLaw
    from foedus.rescreening import OnlyChanged

    if cluster is None:
        index = found.lists.index
        searches = index if found.changed is None else OnlyChanged(index, found.changed)
        yield by_index(WithLaw(searches, found.law), certificate, limit)
        return
    try:
        from foedus.cluster import Cluster, joined
    except ModuleNotFoundError as problem:
        raise Malformed("{name} is not installed: `pip install 'foedus[cluster]'`", name=problem.name) from None
    with joined(cluster, workers), Cluster(found.lists.index, certificate, limit, workers) as made:
        yield made.screens(found.law)


def _customers(found: Open, screens: Screens, threshold: float, paths: tuple[Path, Path], limit: int) -> None:
    from foedus.customers import screen_file
    from foedus.words.failures import say_because

    certificate, (file, out) = _certificate(found, threshold), paths
    with session.progress(_("Screening")) as progress:
        done = screen_file(screens, certificate, file, out, limit, progress)
    changed = None if found.changed is None else len(found.changed)
    number = session.words.number
    lines = []
    if changed is not None:
        lines.append(
            _("Entries that are new or amended: %(count)s. Nothing else was looked for.", count=number(changed))
        )
    lines += [
        _("Customers screened: %(rows)s. With hits: %(hit)s. Hits written to %(out)s: %(hits)s.",
          rows=number(done.rows), hit=number(done.customers_hit), out=str(out), hits=number(done.hits)),
    ]  # fmt: skip
    if done.bad_rows:
        lines.append(_("Rows that could not be screened: %(count)s.", count=number(done.bad_rows)))
        lines += [f"  {say_because(session.words, one)}" for one in done.bad[:_SHOWN_BAD_ROWS]]
    answer = {
        "rows": done.rows, "customers_hit": done.customers_hit, "hits": done.hits, "out": str(out),
        "bad_rows": done.bad_rows,
        "bad": [{"row": one.row, "problem": say_because(session.words, one)} for one in done.bad],
        "certificate": certificate, "changed": changed,
    }  # fmt: skip
    session.answer(answer, lines)
