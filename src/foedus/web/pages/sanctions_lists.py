"""Published lists as deposited, and what changed between two versions of one, field by field.

A deposit is a fact about a publication and lists nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from litestar import Response as Answer
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from foedus.sanctions.lists.canonical import digest_of
from foedus.sanctions.lists.delta import Change, Delta, between
from foedus.sanctions.lists.model import Target
from foedus.sanctions.state import Deposited
from foedus.web import asked
from foedus.web.frame import Table, render, wanted
from foedus.web.listed import Sanctions
from foedus.web.page import Page
from foedus.web.unanswered import NotHere
from foedus.words.list_values import parts
from foedus.words.titles import LIST_FIELDS, title

VERSIONS = ("list", "publisher", "as_of", "targets", "skipped", "party", "legal_basis", "table", "held", "entry")
CHANGES = ("change", "id", "name", "field", "value")
MOST = 200  # of each kind of change on one page; the CSV has all
NOTHING = digest_of(())


class Version(Struct, frozen=True):
    """A version as deposited; `held`: its entries are in this archive."""

    number: int
    list: str
    deposited: Deposited
    held: bool


class Shown(Struct, frozen=True):
    """One changed target: what went from its fields, and what came."""

    id: str
    name: str
    changes: tuple[tuple[str, str, str], ...]


@get("/sanctions/lists", include_in_schema=False, sync_to_thread=True)
def lists(page: NamedDependency[Page]) -> Answer[Any]:
    """Every version of every list that was deposited, newest first."""
    sanctions = Sanctions(page)
    every = [one for name in sanctions.lists for one in versions(sanctions, name)]
    every.sort(key=lambda one: -one.deposited.place.entry)
    return render(
        page, "sanctions/lists.html", title=_title(page, len(sanctions.lists), len(every)), active="sanctions", data={},
        tables={"versions": Table(VERSIONS, [_row(one) for one in every])}, every=every,
    )  # fmt: skip


def _title(page: Page, names: int, count: int) -> str:
    if not count:
        return page.words.gettext("No published list is deposited")
    said = page.words.ngettext("%(num)s published list", "%(num)s published lists", names)
    return page.words.ngettext("%(lists)s in %(num)s version", "%(lists)s in %(num)s versions", count, lists=said)


def versions(sanctions: Sanctions, name: str) -> list[Version]:
    """The versions of a list, oldest first."""
    return [
        Version(number, name, one, sanctions.version(one.table) is not None)
        for number, one in enumerate(sanctions.lists[name], 1)
    ]


def _row(one: Version) -> tuple[object, ...]:
    said = one.deposited
    return (
        one.list, said.publisher, said.as_of, said.targets, said.skipped, said.party, said.legal_basis, said.table,
        one.held, said.place.entry,
    )  # fmt: skip


@get("/sanctions/lists/{name:str}", include_in_schema=False, sync_to_thread=True)
def list_page(page: NamedDependency[Page], name: FromPath[str]) -> Answer[Any]:
    """What changed from version `old` to version `new`, the newest and the one before by default; 0 is nothing yet."""
    sanctions = Sanctions(page)
    if name not in sanctions.lists:
        raise NotHere("no version of the list {list} is deposited", list=name[:64])
    every = versions(sanctions, name)
    new = asked.number(page, "new", len(every), 1, len(every))
    old = asked.number(page, "old", new - 1, 0, len(every))
    before, after = _targets(sanctions, every, old), _targets(sanctions, every, new)
    delta = None
    if before is not None and after is not None:
        digests = (every[old - 1].deposited.table if old else NOTHING, every[new - 1].deposited.table)
        delta = between(name, before.values(), after.values(), digests)
    known = {**(before or {}), **(after or {})}
    data = wanted(page) != "html"
    return render(
        page, "sanctions/list.html", title=_changed(page, name, delta), active="sanctions",
        data={"list": name, "old": old, "new": new, "held": delta is not None},
        tables={"changes": Table(CHANGES, list(rows(delta, known)) if delta and data else [])},
        name=name, every=every, old=old, new=new, delta=delta, most=MOST,
        added=[(one.id, one.names[0].text if one.names else one.id) for one in delta.added[:MOST]] if delta else [],
        removed=[(id_, _name(known, id_)) for id_ in delta.removed[:MOST]] if delta else [],
        amended=[shown(page, known, one.id, one.changes) for one in delta.amended[:MOST]] if delta else [],
    )  # fmt: skip


def _targets(sanctions: Sanctions, every: list[Version], number: int) -> Mapping[str, Target] | None:
    if number == 0:
        return {}
    return sanctions.version(every[number - 1].deposited.table)


def _changed(page: Page, name: str, delta: Delta | None) -> str:
    _ = page.words.gettext
    if delta is None:
        return _("%(list)s: a version is not held here", list=name)
    return _(
        "%(list)s: %(added)s added, %(removed)s removed, %(amended)s amended", list=name,
        added=page.number(len(delta.added)), removed=page.number(len(delta.removed)),
        amended=page.number(len(delta.amended)),
    )  # fmt: skip


def _name(known: Mapping[str, Target], id_: str) -> str:
    found = known.get(id_)
    return found.names[0].text if found is not None and found.names else id_


def shown(page: Page, known: Mapping[str, Target], id_: str, changes: tuple[Change, ...]) -> Shown:
    """A changed target with its fields in words."""
    said = tuple(
        (
            title(page.words, LIST_FIELDS, one.field),
            "; ".join(", ".join(parts(page.words, one.field, each)) for each in one.removed),
            "; ".join(", ".join(parts(page.words, one.field, each)) for each in one.added),
        )
        for one in changes
    )
    return Shown(id_, _name(known, id_), said)


def _value(value: object) -> str:
    parts = value.values() if isinstance(value, dict) else (value,)
    return ", ".join(" ".join(str(part).split()) for part in parts)


def rows(delta: Delta, known: Mapping[str, Target]) -> Iterator[tuple[object, ...]]:
    """Every change as plain values."""
    yield from (("added", one.id, _name(known, one.id), "", "") for one in delta.added)
    yield from (("removed", id_, _name(known, id_), "", "") for id_ in delta.removed)
    for one in delta.amended:
        for change in one.changes:
            said = (one.id, _name(known, one.id), change.field)
            yield from (("went", *said, _value(value)) for value in change.removed)
            yield from (("came", *said, _value(value)) for value in change.added)


routes: list[ControllerRouterHandler] = [lists, list_page]
