"""`screen`: a name, or a file of customers, against published lists."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.screening import Index, Record
    from foedus.screening.certificate import Certificate

_SHOWN_BAD_ROWS = 5


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("screen", help=_("Look a name, or a file of customers, up in sanctions lists."), epilog=_SCREEN)(screen)


_SCREEN = "foedus screen 'Usama bin Ladin' --against un.xml --against ofac"


def screen(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help=_("A name, in any script."))] = None,
    *,
    against: Annotated[
        list[Path] | None, typer.Option("--against", metavar="FILE", help=_("A published list; several may be given."))
    ] = None,
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
    serve: Annotated[
        bool,
        typer.Option("--serve", help=_("Serve the lists on this machine to clients of yente, OpenRefine, watchman.")),
    ] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help=_("Port to serve on."))] = 8000,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Screen the one or the many, or serve whoever asks."""
    from foedus.screened import country_code, read_lists
    from foedus.screening import THRESHOLD, Index, Record
    from foedus.screening.certificate import certify
    from foedus.screening.record import KINDS

    if serve and (name is not None or file is not None):
        raise Malformed("--serve answers whoever asks: leave NAME and --file out, or leave --serve out")
    if serve and against:
        _serve(against, port)
        return
    if not serve and ((name is None) == (file is None) or (file is None) != (out is None)):
        raise Malformed("a NAME is screened, or the customers of --file into --out: give one of the two")
    if kind not in KINDS:
        raise Malformed("--kind {found!r}: one of {expected} was expected", found=kind, expected=", ".join(KINDS[1:]))
    if not against:
        raise Malformed("no list was named: give each as --against FILE")
    with session.progress(_("Reading the lists")) as progress:
        records, lists = read_lists(against, progress)
    least = THRESHOLD if threshold is None else threshold
    index, certificate = Index(records), certify(records, lists, least, least)
    if file is not None and out is not None:
        _customers(index, certificate, file, out, limit)
        return
    codes = tuple(filter(None, map(country_code, country or ())))
    query = Record("query", (name or "",), kind, dates=tuple(born or ()), countries=codes)
    _one(index, certificate, query, limit)


def _serve(lists: list[Path], port: int) -> None:
    """Until stopped. Raises Malformed when the port is taken, or no list can be read."""
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


def _one(index: Index, certificate: Certificate, query: Record, limit: int) -> None:
    from foedus.screening.certificate import Answer
    from foedus.words.matches import say_reason

    matches = index.search(query, limit, certificate.threshold, certificate.cutoff)
    lines = []
    for rank, match in enumerate(matches, 1):
        lines.append(f"{rank}. {match.score:.4f}  {match.caption}  ({match.id})")
        lines += [f"   {reason.points:+.4f}  {say_reason(session.words, reason)}" for reason in match.reasons]
    if not matches:
        lines.append(_("Nothing reaches %(threshold)s.", threshold=str(certificate.threshold)))
    lines += [
        _("Searched: %(list)s of %(day)s, %(count)s entries, sha256 %(digest)s.", list=one.name, day=one.as_of or "–",
          count=session.words.number(one.records), digest=one.digest[:16])
        for one in certificate.lists
    ]  # fmt: skip
    session.answer(Answer(query, tuple(matches), certificate), lines)


def _customers(index: Index, certificate: Certificate, file: Path, out: Path, limit: int) -> None:
    from foedus.customers import screen_file

    with session.progress(_("Screening")) as progress:
        done = screen_file(index, certificate, file, out, limit, progress)
    number = session.words.number
    lines = [
        _("Customers screened: %(rows)s. With hits: %(hit)s. Hits written to %(out)s: %(hits)s.",
          rows=number(done.rows), hit=number(done.customers_hit), out=str(out), hits=number(done.hits)),
    ]  # fmt: skip
    if done.bad_rows:
        lines.append(_("Rows that could not be screened: %(count)s.", count=number(done.bad_rows)))
        lines += [f"  {problem}" for _number, problem in done.bad[:_SHOWN_BAD_ROWS]]
    answer = {
        "rows": done.rows, "customers_hit": done.customers_hit, "hits": done.hits, "out": str(out),
        "bad_rows": done.bad_rows, "bad": [{"row": row, "problem": problem} for row, problem in done.bad],
        "certificate": certificate,
    }  # fmt: skip
    session.answer(answer, lines)
