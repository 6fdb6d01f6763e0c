"""Where the aggressor's property is, what became of each piece, and how its money flowed: from the record alone.

What others have published stands beside it and is never mixed with it; figures that contradict each other stand side
by side, and no two figures of value are added.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import MediaType, get
from litestar import Response as Answer
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.compact.model import Permit
from foedus.history import Place
from foedus.published import Published
from foedus.reparations import ledger
from foedus.reparations.acts import MoveAsset
from foedus.reparations.state import Asset, State, shown
from foedus.web import asked, duties
from foedus.web.charts import WIDE
from foedus.web.charts.picture import png
from foedus.web.claimed import Claimed
from foedus.web.figures import Figure
from foedus.web.figures.claims import by_category
from foedus.web.figures.held import flows, movements, where
from foedus.web.frame import Table, language_cookie, render, wanted
from foedus.web.held import NOT_SAID, Held, by_split
from foedus.web.page import Page
from foedus.web.unanswered import NotHere

FORMS = {"svg": "image/svg+xml", "png": "image/png"}
ACTIVE, SIZE, MOST_ACCOUNTS = "reparations", 50, 200
ASSETS = ("asset", "party", "holder", "kind", "owner", "target", "standing", "stayed_by", "secures", "entry")
FIGURES = ("asset", "low", "high", "currency", "as_of", "split", "basis", "discloser", "confidence", "party", "source",
           "entry")  # fmt: skip
PUBLISHED = ("id", "about", "measure", "party", "split", "low", "high", "unit", "as_of", "basis", "discloser",
             "confidence", "url", "note")  # fmt: skip
HISTORY = ("entry", "at", "what", "code", "instrument", "amount", "currency", "since", "licence",
           "reference")  # fmt: skip
BALANCES = ("account", "amount", "currency")


class Happened(Struct, frozen=True):
    """One line of an asset's history: what, by which act of law, how much, and since when it is so in law."""

    place: Place
    what: str
    code: str
    words: str
    instrument: str = ""
    amount: str = ""
    currency: str = ""
    since: object = None
    provision: str = ""
    said: str = ""
    licence: str = ""
    reference: str = ""


class About(Struct, frozen=True):
    """A subject of published figures, with all of them: of the two splits apart."""

    name: str
    measure: str
    held: tuple[Published, ...]
    currency: tuple[Published, ...]

    @property
    def conflict(self) -> bool:
        """Whether two figures of one split contradict each other: different ranges, or different currencies."""
        several = {(one.low, one.high, one.unit) for one in self.held if one.disclosed}
        return len(several) > 1 and self.measure == "asset"


@get("/reparations", include_in_schema=False, sync_to_thread=True)
def overview(page: NamedDependency[Page]) -> Answer[Any]:
    """Every asset with every figure of it, where it is, and what others have published."""
    held, data = Held(page), wanted(page) != "html"
    figure, about, count = where(held), subjects(held), len(held.assets)
    offset = asked.number(page, "offset", 0, 0, max(0, count - 1) // SIZE * SIZE)
    return render(
        page, "reparations/overview.html", title=title(held), active=ACTIVE,
        data={"assets": len(held.assets), "published": len(held.collection.figures)},
        tables={
            "assets": Table(ASSETS, [_asset(held, one) for one in held.assets] if data else []),
            "figures": Table(FIGURES, list(_figures(held, held.assets)) if data else []),
            "published": Table(PUBLISHED, [_published(page, one) for one in held.collection.figures]),
            "where": figure.table,
        },
        held=held, figure=figure, assets=held.assets[offset : offset + SIZE], count=count, offset=offset,
        size=SIZE, by_split=by_split,
        about=[one for one in about if one.measure == "asset"],
        others=[one for one in about if one.measure != "asset"],
        conflicts=sum(one.conflict for one in about), offers=duties.offers(page, ACTIVE),
    )  # fmt: skip


def title(held: Held) -> str:
    """How much is on record, by number: never by a sum of values."""
    page, count = held.page, len(held.assets)
    if not count:
        return page.words.gettext("No property is on record")
    places = page.words.ngettext(
        "%(num)s jurisdiction", "%(num)s jurisdictions", len({one.party for one in held.assets})
    )
    return page.words.ngettext(
        "%(num)s piece of property is on record, in %(places)s",
        "%(num)s pieces of property are on record, in %(places)s", count, places=places,
    )  # fmt: skip


def subjects(held: Held) -> list[About]:
    """What is published, by subject, in the order of its file."""
    found = []
    for subject in held.collection.subjects:
        every = [one for one in held.collection.figures if one.about == subject.id]
        if every:
            found.append(About(
                held.page.say(subject.name), every[0].measure,
                tuple(one for one in every if one.split != "currency"),
                tuple(one for one in every if one.split == "currency"),
            ))  # fmt: skip
    return found


def _asset(held: Held, one: Asset) -> tuple[object, ...]:
    burdens = held.burdens.get(one.id, [])
    return (
        one.id, one.party, one.holder, one.kind, one.owner, one.target or None, one.standing_at(held.page.at),
        " ".join(one.stayed_by), " ".join(each.pledge.loan for each in burdens if each.outstanding), one.place.entry,
    )  # fmt: skip


def _figures(held: Held, assets: list[Asset]) -> Iterator[tuple[object, ...]]:
    for one in assets:
        for figure in one.figures:
            value, source = figure.value, held.source(figure)
            yield (
                one.id, value.low, value.high, value.currency, value.as_of, value.split, value.basis, value.discloser,
                value.confidence, figure.party, source.url if source else None, figure.place.entry,
            )  # fmt: skip


def _published(page: Page, one: Published) -> tuple[object, ...]:
    return (
        one.id, one.about, one.measure, one.party or None, one.split, one.low, one.high, one.unit, one.as_of or None,
        one.basis, page.say(one.discloser), one.confidence, one.url, page.say(one.note) if one.note else None,
    )  # fmt: skip


# --- one asset --------------------------------------------------------------------------------------------------


@get("/reparations/assets/{id_:str}", include_in_schema=False, sync_to_thread=True)
def asset_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """One asset: what it is, what it is worth to whom, what binds it, and every step with its act of law."""
    held = Held(page)
    one = held.asset(id_)
    if one is None:
        raise NotHere("there is no asset {asset} in this record, as of then", asset=id_[:40])
    shown = {"id": one.id, "kind": held.kind(one.kind), "standing": held.standing(one).word}
    if one.holder == NOT_SAID:
        said = page.words.gettext("%(id)s, %(kind)s: %(standing)s", **shown)
    else:
        holder = held.holder(one)
        said = page.words.gettext("%(id)s, %(kind)s held by %(holder)s: %(standing)s", holder=holder, **shown)
    happened = history(held, one)
    return render(
        page, "reparations/asset.html", title=said, active=ACTIVE,
        data={"asset": one, "standing": one.standing_at(page.at), "stayed_by": one.stayed_by},
        tables={
            "history": Table(HISTORY, [
                (each.place.entry, each.place.at, each.what, each.code, each.instrument, each.amount or None,
                 each.currency or None, each.since, each.licence or None, each.reference or None)
                for each in happened]),
            "figures": Table(FIGURES, list(_figures(held, [one]))),
        },
        held=held, one=one, history=happened, by_split=by_split, burdens=held.burdens.get(one.id, []),
        provision=_provision(page),
        offers=duties.offers(page, one.id),
    )  # fmt: skip


def _provision(page: Page) -> str:
    """By which provision what becomes of an asset is recorded; empty where there is none."""
    return next((one.id for one, permit in page.clauses.every(Permit) if permit.act == MoveAsset.__name__), "")


def history(held: Held, one: Asset) -> list[Happened]:
    """Everything that is on record of an asset, oldest first."""
    _ = held.page.words.gettext
    found = [Happened(one.place, "reported", one.kind, _("Reported by %(party)s", party=held.page.name(one.party)))]
    found += [
        Happened(each.place, "step", each.to, held.step(each.to).word, each.instrument, since=each.since,
                 provision=each.provision, licence=each.licence) for each in one.steps
    ]  # fmt: skip
    for stays in one.stays.values():
        for stay in stays:
            found.append(Happened(stay.place, "stay", stay.case, _("Stayed by a court"), stay.case))
            if stay.ended is not None:
                found.append(Happened(stay.ended, "stay_ended", stay.case, _("The stay ended"), stay.case))
    found += [
        Happened(figure.place, "figure", figure.value.discloser, _(
            "%(party)s stated a value: %(value)s", party=held.page.name(figure.party), value=held.much(figure.value)))
        for figure in one.figures[1:]
    ]  # fmt: skip
    found += [
        Happened(each.pledge.place, "pledged", each.pledge.loan, _(
            "Secures the loan %(loan)s with %(part)s", loan=each.pledge.loan, part=held.part(each.pledge.part)),
            each.pledge.instrument,
            shown(each.pledge.amount), each.pledge.currency,
            said=held.sum(each.pledge.amount, each.pledge.currency)) for each in held.burdens.get(one.id, [])
    ]  # fmt: skip
    found += [
        Happened(each.place, "money", each.to, _(
            "%(source)s went to %(to)s", source=_upper(held.account(each.source)), to=held.account(each.to)),
            each.instrument, shown(each.amount), each.currency, said=held.sum(each.amount, each.currency),
            reference=each.reference)
        for each in held.income(one.id)
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.place.entry)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


# --- the flow ---------------------------------------------------------------------------------------------------


@get("/reparations/flow", include_in_schema=False, sync_to_thread=True)
def flow_page(page: NamedDependency[Page]) -> Answer[Any]:
    """How money flowed from assets through income, loans and the fund to claims, by currency, from the ledger."""
    held = Held(page)
    found = flows(held)
    balances = [
        (account, currency, amount) for (account, currency), amount in ledger.balances(_by_then(held)).items()
    ]  # fmt: skip
    said = found[0].title if len(found) == 1 else page.words.ngettext(
        "Money moved in %(num)s currency", "Money moved in %(num)s currencies", len(found)
    ) if found else page.words.gettext("No money has moved")  # fmt: skip
    return render(
        page, "reparations/flow.html", title=said, active=ACTIVE,
        data={"currencies": [one.name.partition("-")[2] for one in found], "movements": len(held.moved)},
        tables={
            "movements": movements(held), **{one.name: one.table for one in found},
            "balances": Table(BALANCES, [(account, shown(amount), currency) for account, currency, amount in balances]),
        },
        held=held, figures=found, balances=balances[:MOST_ACCOUNTS], accounts=len(balances), count=len(held.moved),
    )  # fmt: skip


def _by_then(held: Held) -> State:
    """The account of movements by then alone, numbered from 1 as the ledger reads them."""
    from rpds import HashTrieMap

    return State(moved=HashTrieMap({number: one for number, (_, one) in enumerate(held.moved, 1)}))


@get("/reparations/ledger.beancount", include_in_schema=False, sync_to_thread=True, media_type=MediaType.TEXT)
def beancount(page: NamedDependency[Page]) -> Answer[str]:
    """The ledger as Beancount reads it."""
    answer = Answer(ledger.beancount(_by_then(Held(page))), media_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="reparations.beancount"'
    return answer


@get("/reparations/charts/{name:str}", include_in_schema=False, sync_to_thread=True)
def chart(page: NamedDependency[Page], name: FromPath[str]) -> Answer[Any]:
    """A figure as a file: `where.svg`, `flow-EUR.png`."""
    stem, _, form = name.rpartition(".")
    figure = _figure(Held(page), stem) if form in FORMS else None
    if figure is None:
        raise NotHere("no chart here is called {name!r}", name=name[:40])
    drawn = figure.drawing(WIDE).alone()
    response = Answer(png(drawn) if form == "png" else drawn, media_type=FORMS[form], cookies=language_cookie(page))
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.{form}"'
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _figure(held: Held, name: str) -> Figure | None:
    if name == "where":
        return where(held)
    measure = name.removeprefix("claims-")
    if measure != name:
        claimed = Claimed(held.page)
        return by_category(claimed, measure) if any(one.measure == measure for one in claimed.lines) else None
    return next((one for one in flows(held) if one.name == name), None)


routes: list[ControllerRouterHandler] = [overview, asset_page, flow_page, beancount, chart]
