"""The compact: its provisions with source and force, and what each does; each also on a page of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.compact import model
from foedus.response.state import Response
from foedus.web import asked, board, entries, views
from foedus.web.frame import Table, render
from foedus.web.index import index_of
from foedus.web.page import Page
from foedus.web.pages import agreements, horizon
from foedus.web.pages.clause_words import operates
from foedus.web.unanswered import NotHere
from foedus.words.titles import ACTS, FORCES_MEANT, SOURCES, title

SOURCE_KINDS = ("text", "interpretation", "adopted")
FORCE_KINDS = ("legal", "political", "recommendation")
EFFECT_KINDS = ("operates", "text-only", "lapsed")
COLUMNS = ("provision", "part", "title", "text", "force", "source", "adopted_on", "verified", "operates")


class Shown(Struct, frozen=True):
    """A provision as the page shows it. `lapsed`: an accession ended it."""

    provision: model.Provision
    source: model.Source
    force: str
    says: tuple[str, ...]
    lapsed: bool


class Effect(Struct, frozen=True):
    """Where a provision had effect: a sentence, and the entry or page where it is seen."""

    said: str
    href: str


@get("/compact", include_in_schema=False, sync_to_thread=True)
def compact_page(page: NamedDependency[Page]) -> Answer[Any]:
    """Every provision by part: `source`, `force`, `effect` choose."""
    source = asked.choice(page, "source", SOURCE_KINDS)
    force = asked.choice(page, "force", FORCE_KINDS)
    effect = asked.choice(page, "effect", EFFECT_KINDS)
    every = [shown(page, provision) for provision in page.clauses.provisions]
    chosen = [one for one in every if _fits(one, source, force, effect)]
    ids = {one.provision.id for one in chosen}
    by_id = {one.provision.id: one for one in chosen}
    parts = [(part, [by_id[one.id] for one in part.provisions if one.id in ids]) for part in page.compact.parts]
    return render(
        page, "compact/compact.html", title=compact_title(page, every), active="compact",
        data={"compact": views.compact(page), "provisions": len(every), "shown": len(chosen)},
        tables={"provisions": Table(COLUMNS, list(_rows(page, chosen)))},
        parts=[pair for pair in parts if pair[1]], total=len(every), count=len(chosen),
        source=source, force=force, effect=effect, chips=_chips(page, every),
        sources=sources(page, (one.source for one in chosen)), instruments=len(page.compact.agreements),
    )  # fmt: skip


def compact_title(page: Page, every: Sequence[Shown]) -> str:
    """How much of it is the text's own, and how much is read into it."""
    counted: Counter[str] = Counter(one.source.kind for one in every)
    return page.words.gettext(
        "%(total)s provisions: %(text)s text, %(interpretation)s interpretation, %(adopted)s adopted",
        total=page.number(len(every)),
        **{kind: page.number(counted[kind]) for kind in SOURCE_KINDS},
    )


def shown(page: Page, provision: model.Provision) -> Shown:
    """A provision with its source as it stands, and what operates in words."""
    return Shown(
        provision,
        page.source(provision),
        title(page.words, FORCES_MEANT, provision.force),
        tuple(operates(page, clause) for clause in provision.operates),
        provision.id in page.clauses.lapsed,
    )


def _fits(one: Shown, source: str | None, force: str | None, effect: str | None) -> bool:
    kind = "lapsed" if one.lapsed else "operates" if one.says else "text-only"
    return source in (None, one.source.kind) and force in (None, one.provision.force) and effect in (None, kind)


def _rows(page: Page, chosen: Iterable[Shown]) -> Iterator[tuple[object, ...]]:
    parts = {one.id: part.id for part in page.compact.parts for one in part.provisions}
    for one in chosen:
        found = one.provision
        yield (
            found.id, parts[found.id], page.say(found.title), page.say(found.text), found.force,
            one.source.kind, one.source.on, one.source.verified, " ".join(one.says),
        )  # fmt: skip


def _chips(page: Page, every: Sequence[Shown]) -> dict[str, list[tuple[str | None, str, int | None]]]:
    _ = page.words.gettext
    kinds: Counter[str] = Counter(one.source.kind for one in every)
    forces: Counter[str] = Counter(one.provision.force for one in every)
    effects = Counter("lapsed" if one.lapsed else "operates" if one.says else "text-only" for one in every)
    names = {"operates": _("Operates"), "text-only": _("Text only"), "lapsed": _("Lapsed")}
    return {
        "source": [
            (None, _("Every source"), None),
            *((k, title(page.words, SOURCES, k), kinds[k]) for k in SOURCE_KINDS if kinds[k]),
        ],
        "force": [
            (None, _("Every force"), None),
            *((k, title(page.words, FORCES_MEANT, k), forces[k]) for k in FORCE_KINDS),
        ],
        "effect": [(None, _("All"), None), *((k, names[k], effects[k]) for k in EFFECT_KINDS if effects[k])],
    }


def sources(page: Page, found: Iterable[model.Source]) -> list[tuple[str, model.Reference]]:
    """The published sources that these facts name, in the order of the file."""
    named = {ref for source in found for ref in source.ref}
    return [(id_, reference) for id_, reference in page.compact.sources.items() if id_ in named]


# --- one provision ------------------------------------------------------------------------------------------


@get("/compact/provisions/{id_:str}", include_in_schema=False, sync_to_thread=True)
def provision_page(page: NamedDependency[Page], id_: FromPath[str]) -> Answer[Any]:
    """One provision: what it says, where it comes from, what it does, and where it had effect."""
    provision = page.provision(id_)
    if provision is None:
        raise NotHere("the compact has no provision {code!r}", code=id_[:40])
    found = shown(page, provision)
    part = next(part for part in page.compact.parts if provision in part.provisions)
    effects = list(effects_of(page, provision))
    beside = [(one, link) for one in page.compact.agreements for link in one.corresponds if link.provision == id_]
    order = [one.id for one in page.clauses.provisions]
    place = order.index(id_)
    digest = page.clauses.text_digest(id_)
    signed = page.see(page.state.parties.signatures.get(f"reading/{id_} {digest}"))
    adopted = signed.adopted if signed else None
    return render(
        page, "compact/provision.html", title=f"{id_}: {page.say(provision.title)}", active="compact",
        data={"provision": provision, "digest": digest, "source": found.source, "says": found.says},
        tables={
            "effects": Table(("said", "where"), [(one.said, one.href) for one in effects]),
            "agreements": Table(("agreement", "extent"), [(one.id, link.extent) for one, link in beside]),
        },
        one=found, part=part, effects=effects, beside=beside, digest=digest,
        signed=sorted(signed.signed, key=page.name) if signed else [], adopted=adopted,
        previous=order[place - 1] if place else None,
        following=order[place + 1] if place + 1 < len(order) else None,
        sources=sources(page, [found.source, *(link.source for _, link in beside)]),
        extents={code: title(page.words, agreements.EXTENTS, code) for code in agreements.EXTENTS},
    )  # fmt: skip


def effects_of(page: Page, provision: model.Provision) -> Iterator[Effect]:
    """Everything in the state, and in the list of acts, that this provision brought about."""
    for response in views.seen(page, dict(page.state.response.responses)):
        yield from _in_response(page, provision, response)
    _ = page.words.gettext
    for incident in views.seen(page, dict(page.state.response.incidents)):
        if incident.established and incident.established.value == provision.id:
            said = _("The attack of incident %(incident)s counts as established.", incident=incident.id)
            yield Effect(said, f"/record/{incident.established.place.entry}")
    yield from _as_permit(page, provision)


def _in_response(page: Page, provision: model.Provision, response: Response) -> Iterator[Effect]:
    _ = page.words.gettext
    entry = f"/record/{response.place.entry}"
    if response.provision == provision.id:
        yield Effect(_("Response %(response)s was opened under it.", response=response.id), entry)
    said = board.names(page)
    for clock in response.clocks:
        if clock.provision == provision.id:
            what = said.deadline(f"{response.id}/step/{clock.step}")
            until = page.all_zones(clock.due)
            yield Effect(_("It set %(what)s: until %(until)s.", what=what, until=until), f"/record/{clock.place.entry}")
    for owed in response.owed:
        if owed.provision == provision.id:
            count = page.words.ngettext("%(num)s party", "%(num)s parties", len(owed.parties))
            yield Effect(
                _("In %(response)s it is owed by %(count)s.", response=response.id, count=count),
                f"/record/{owed.place.entry}",
            )
    if response.convened and response.convened.value == provision.id:
        yield Effect(
            _("Under it the meeting of %(response)s counts as convened.", response=response.id),
            f"/record/{response.convened.place.entry}",
        )
    menus = {clause.id for clause in provision.operates if isinstance(clause, model.Measure)}
    for tabled in response.measures:
        measure = page.state.response.measures.get(tabled.value)
        if measure and measure.menu in menus:
            yield Effect(
                _(
                    "In %(response)s it was proposed as measure %(measure)s.",
                    response=response.id,
                    measure=measure.id,
                ),
                f"/record/{measure.place.entry}",
            )


def _as_permit(page: Page, provision: model.Provision) -> Iterator[Effect]:
    acts = [clause.act for clause in provision.operates if isinstance(clause, model.Permit)]
    if not acts:
        return
    counted, _parties = index_of(page.depositary).counts(entries.known_size(page))
    for act in dict.fromkeys(acts):
        if counted.get(act):
            said = page.words.ngettext(
                "%(num)s act of this kind was performed: %(act)s.",
                "%(num)s acts of this kind were performed: %(act)s.",
                counted[act],
                act=title(page.words, ACTS, act),
            )
            yield Effect(said, f"/record?act={act}")


routes: list[ControllerRouterHandler] = [
    compact_page, provision_page, *agreements.routes, *horizon.routes,
]  # fmt: skip
