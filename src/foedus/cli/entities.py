"""`foedus sanctions joins | ownership`: which entries of lists are one target and why, and who the listed own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import At, Json, Known, Lang, moment
from foedus.cli.lists import read_list
from foedus.cli.session import _, session
from foedus.errors import Malformed
from foedus.words import mark
from foedus.words.titles import JUDGED, title

if TYPE_CHECKING:
    from foedus.across import Across, OwnedEntity, Proposal
    from foedus.sanctions.lists import Target

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="LIST…", help=_("Lists in files, folders or at addresses."), show_default=False),
]
OfRecord = Annotated[
    str | None, typer.Option("--record", metavar="DIR", help=_("A record: the lists that were deposited in it."))
]
Which = Annotated[
    str | None,
    typer.Option(
        "--stands", metavar="HOW", help=_("Only those that are: proved, proposed, confirmed, rejected, contested.")
    ),
]
STANDS = {
    "proved": mark("proved"), "proposed": mark("proposed"), "confirmed": mark("confirmed"),
    "rejected": mark("rejected"), "contested": mark("contested"),
}  # fmt: skip
_JOINS = "foedus sanctions joins --record demo --stands proposed"
_OWNED = "foedus sanctions ownership entities.ftm.json --json"


def add(group: typer.Typer) -> None:
    """Add both."""
    group.command(
        "joins", epilog=_JOINS,
        help=_("Entries of lists that are one target or may be, why, and what people said (act JudgeTargets)."),
    )(joins)  # fmt: skip
    group.command(
        "ownership", epilog=_OWNED, help=_("Who is owned 50 per cent or more by the listed, and by what chain.")
    )(ownership)


def _lists(files: list[str] | None, record: str | None, at: str | None, known: str | None) -> tuple[Across, list[str]]:
    """The lists asked for, and which of their entries are listed: in a record those that somebody has in law."""
    from foedus.across import Across, listed_in, of_record

    if bool(files) == (record is not None):
        raise Malformed("name lists, or a record with --record: one of the two")
    if record is None:
        found = Across(tuple(read_list(one) for one in files or ()), {})
        return found, list(listed_in(found.versions))
    from foedus.cli.opening import opened
    from foedus.feed import read, version

    with opened(record) as here:
        depositary = here.depositary
        now = depositary.now()
        when = moment(at, "--at") or now
        state = depositary.state.sanctions
        found = of_record(depositary.store, state, when, moment(known, "--known") or max(now, when))
        rows = read(version(depositary.store, state, when).rows)
        listed = {row.properties.entity[0].replace(".", ":", 1) for row in rows if row.in_law == "yes"}
    return found, sorted(listed)


def joins(
    files: Files = None, *, record: OfRecord = None, stands: Which = None, at: At = None, known: Known = None,
    json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Show them."""
    from foedus.across import proposals

    if stands is not None and stands not in STANDS:
        raise Malformed(
            "{option} {text!r}: one of {expected} was expected", option="--stands", text=stands,
            expected=", ".join(STANDS),
        )  # fmt: skip
    lists, _listed = _lists(files, record, at, known)
    found = [one for one in proposals(lists) if stands in (None, one.stands)]
    session.answer({"joins": found, "lists_not_held": lists.not_held}, _joins(found, lists))


def _joins(found: list[Proposal], lists: Across) -> Iterator[str]:
    words = session.words
    for one in found:
        line = f"{words.gettext(STANDS[one.stands])}: {one.one} ({one.names[0]}) = {one.other} ({one.names[1]})"
        yield "; ".join((line, *one.reasons))
        for said in one.said:
            judgment = title(words, JUDGED, said.judgment)
            yield "    " + _(
                "%(party)s: %(judgment)s (entry %(entry)s)", party=said.party, judgment=judgment, entry=said.entry
            )
    counts = (words.number(sum(one.stands == each for one in found)) for each in STANDS)
    yield _(
        "%(proved)s proved, %(proposed)s proposed, %(confirmed)s confirmed, %(rejected)s rejected, "
        "%(contested)s contested.",
        **dict(zip(STANDS, counts, strict=True)),
    )
    yield from _missing(lists)


def _missing(lists: Across) -> Iterator[str]:
    if lists.not_held:
        yield _("No version of these lists is held here: %(lists)s.", lists=", ".join(lists.not_held))


def ownership(
    files: Files = None, *, record: OfRecord = None, at: At = None, known: Known = None, json: Json = False,
    lang: Lang = None,
) -> None:  # fmt: skip
    """Show them."""
    from foedus.across import named, owned

    lists, listed = _lists(files, record, at, known)
    found = owned(lists, listed)
    entries = named(lists.versions)
    session.answer(
        {"listed": len(listed), "owned": found, "lists_not_held": lists.not_held},
        [*(line for one in found for line in _owned(one, entries)), *_owned_in_all(found), *_missing(lists)],
    )


def _owned(one: OwnedEntity, entries: dict[str, Target]) -> Iterator[str]:
    from foedus.across import name_of

    said = _("treated as listed") if one.treated_as_listed else _("below 50 per cent: not listed by it")
    yield f"{one.id}  {one.name}: {one.share} %, {said}"
    for owner, of, share in one.chain:
        names = (f"{key} ({name_of(entries, key)})" for key in (owner, of))
        yield "    " + " → ".join(names) + f": {share} %"
    if one.controlled_by:
        yield "    " + _("controlled, which adds no per cent, by: %(who)s", who=", ".join(one.controlled_by))


def _owned_in_all(found: list[OwnedEntity]) -> Iterator[str]:
    number = session.words.number
    yield _(
        "%(treated)s of %(all)s are owned 50 per cent or more by the listed, directly or through others.",
        treated=number(sum(one.treated_as_listed for one in found)), all=number(len(found)),
    )  # fmt: skip
