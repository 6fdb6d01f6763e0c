"""`reparations assets`: property on the record, with every figure disclosed of it, what became of it, and its stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import At, Json, Known, Lang, Record, moment, write_output
from foedus.cli.opening import opened
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.reparations.state import Asset, Figure, Pledge
    from foedus.words.names import Names


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=_("Property of the aggressor, and what becomes of it."), no_args_is_help=True)
    group.command("assets", help=_("Every asset with its figures, steps and stays."), epilog=_ASSETS)(assets)
    group.command("ledger", help=_("Money that moved, in double entry."), epilog=_LEDGER)(ledger)
    app.add_typer(group, name="reparations")


_LEDGER = "foedus reparations ledger demo --beancount reparations.beancount"
_ASSETS = "foedus reparations assets demo --at 2026-10-10"


def assets(
    record: Record,
    asset: Annotated[str | None, typer.Option("--asset", metavar="ID", help=_("This asset only."))] = None,
    at: At = None,
    known: Known = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Figures stand side by side: nothing here adds them, or prefers one."""
    from foedus.history import as_of
    from foedus.reparations.ledger import secured
    from foedus.words.names import Names

    with opened(record) as found:
        now = found.depositary.now()
        when = moment(at, "--at") or now
        as_known = moment(known, "--known") or max(now, when)
        names = Names(session.words, found.depositary.clauses)
        state = found.depositary.state.reparations
        every = [as_of(one, when, as_known) for one in state.assets.values()]
        secures = secured(state, when, as_known)
    there = sorted((one for one in every if one is not None), key=lambda one: int(one.id.partition("-")[2]))
    if asset is not None:
        there = [one for one in there if one.id == asset]
        if not there:
            raise Malformed("there is no asset {asset} in this record, as of then", asset=asset)
    lines = [line for one in there for line in _said(one, names, when, secures.get(one.id, ()))]
    data = [_as_data(one, when, secures.get(one.id, ())) for one in there]
    session.answer({"assets": data}, lines or [_("No asset is on record.")])


def _said(one: Asset, names: Names, at: datetime, secures: Sequence[Pledge]) -> Iterator[str]:
    from foedus.reparations.state import shown
    from foedus.words.titles import ASSET_KINDS, ASSET_STEPS, PLEDGED, title

    words = session.words
    yield _("%(id)s: %(kind)s of %(owner)s, held by %(holder)s in %(party)s: %(step)s.", id=one.id,
            kind=title(words, ASSET_KINDS, one.kind), owner=names.party(one.owner), holder=one.holder,
            party=names.party(one.party), step=title(words, ASSET_STEPS, one.standing_at(at)))  # fmt: skip
    for figure in one.figures:
        yield _figure(figure)
    for step in one.steps:
        yield _("   %(step)s since %(day)s: %(instrument)s.", step=title(words, ASSET_STEPS, step.to),
                day=words.date(step.since.date()), instrument=step.instrument)  # fmt: skip
    for case in one.stayed_by:
        yield _("   Stayed by a court: %(case)s.", case=case)
    for pledge in secures:
        yield _("   Secures %(loan)s with %(part)s: %(amount)s %(currency)s outstanding.", loan=pledge.loan,
                part=title(words, PLEDGED, pledge.part), amount=shown(pledge.outstanding),
                currency=pledge.currency)  # fmt: skip


def _figure(figure: Figure) -> str:
    from foedus.words.titles import BASES, CONFIDENCES, SPLITS, title

    value, words = figure.value, session.words
    return _("   %(low)s to %(high)s %(currency)s as of %(day)s, %(split)s: %(discloser)s (%(basis)s, %(confidence)s).",
             low=value.low, high=value.high, currency=value.currency, day=words.date(value.as_of),
             split=title(words, SPLITS, value.split), discloser=value.discloser, basis=title(words, BASES, value.basis),
             confidence=title(words, CONFIDENCES, value.confidence))  # fmt: skip


def _as_data(one: Asset, at: datetime, secures: Sequence[Pledge]) -> dict[str, object]:
    from foedus.reparations.state import shown

    return {
        "id": one.id, "party": one.party, "holder": one.holder, "kind": one.kind, "owner": one.owner,
        "target": one.target or None, "standing": one.standing_at(at), "stayed_by": one.stayed_by,
        "figures": [
            {
                "low": f.value.low, "high": f.value.high, "currency": f.value.currency, "as_of": f.value.as_of,
                "basis": f.value.basis, "discloser": f.value.discloser, "confidence": f.value.confidence,
                "split": f.value.split, "party": f.party, "entry": f.place.entry,
            }
            for f in one.figures
        ],
        "steps": [
            {"to": s.to, "since": s.since, "instrument": s.instrument, "provision": s.provision or None,
             "licence": s.licence or None,
             "entry": s.place.entry}
            for s in one.steps
        ],
        "secures": [
            {"loan": p.loan, "part": p.part, "amount": shown(p.amount), "outstanding": shown(p.outstanding),
             "currency": p.currency, "instrument": p.instrument, "entry": p.place.entry} for p in secures
        ],
    }  # fmt: skip


def ledger(
    record: Record,
    beancount: Annotated[
        Path | None, typer.Option("--beancount", metavar="FILE", help=_("Write it as a Beancount file, to a new file."))
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """What each account holds; all of them add up to nothing in each currency."""
    from foedus.reparations import ledger as book
    from foedus.reparations.state import shown

    with opened(record) as found:
        state = found.depositary.state.reparations
    if beancount is not None:
        write_output(beancount, book.beancount(state).encode())
    held = [(account, currency, shown(amount)) for (account, currency), amount in book.balances(state).items()]
    data = {"balances": [{"account": a, "currency": c, "amount": amount} for a, c, amount in held]}
    lines = [f"{amount:>24} {currency}  {account}" for account, currency, amount in held]
    session.answer(data, lines or [_("No money has moved.")])
