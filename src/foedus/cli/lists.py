"""Published lists of sanctions: `import` of one, and `sanctions delta`, what changed between two of its versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from msgspec import Struct
from msgspec.structs import replace

from foedus.cli.arguments import Json, Lang
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.cli.acting import By
    from foedus.sanctions.lists import ListVersion, Note, Stated
    from foedus.sanctions.lists.delta import Amended, Delta

ROWS = "rows"  # the form of a version in the archive
Form = Annotated[
    str | None,
    typer.Option("--form", metavar="FORM", help=_("What the files are, where it is not seen: ofac-csv-parts, …")),
]
_LIST = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
SHOWN = 20  # rows skipped and doubts that are said one by one; --json has all

# What a publisher's list may come as. The content decides which.
LISTS = {
    "ofac": ("ofac-csv", "ofac-xml", "ofac-advanced", "ofac-csv-parts"),
    "un": ("un",),
    "eu": ("eu-fsf",),
    "uk": ("uk-csv", "uk-xml"),
    "canada": ("canada",),
    "switzerland": ("seco",),
    "ukraine": ("nsdc",),
    "ftm": ("ftm",),
}


def add_delta(sanctions: typer.Typer) -> None:
    """Add `delta` to the commands about sanctions."""
    sanctions.command("delta", help=_("What changed between two versions of a list."), epilog=_DELTA)(delta_)


_DELTA = "foedus sanctions delta un_2025-10.xml un_2025-11.xml --json"


class Taken(Struct, frozen=True):
    """What was read, or would be taken: of which list, of what day, how much; `entry`: where in a record."""

    publisher: str
    list: str
    format: str
    as_of: str | None
    digest: str
    counts: Stated
    skipped: tuple[Said, ...]
    doubts: tuple[Said, ...]
    entry: int | None = None


class Said(Struct, frozen=True):
    """A note in the words of the language."""

    file: str
    line: int
    what: str


class Of(NamedTuple):
    """What is said of a list that is deposited, beside what stands in it."""

    day: str | None = None
    legal_basis: str | None = None
    publisher: str | None = None
    called: str | None = None


def take_in(which: str, source: str, record: str | None, by: By, of: Of, form: str | None) -> None:
    """Read a list and say what is in it, or deposit it: the file into the archive, its digest into the record."""
    if record is None and any(one is not None for one in of):
        raise Malformed("--as-of, --legal-basis, --publisher and --list are said of a list that is deposited: name the"
                        " record too")  # fmt: skip
    files, version = _read(source, which, form)
    if record is None:
        session.answer(_taken(version), _said(version))
    else:
        version = _named(version, of)
        _deposit(record, by, files, version, (_day(of.day, version.as_of), of.legal_basis))


def _named(version: ListVersion, of: Of) -> ListVersion:
    """The list with its name and publisher, where it says neither. Raises Malformed where that is missing, or said of
    a list that says both.
    """
    unsaid = version.publisher == "-"
    if not unsaid and (of.publisher, of.called) != (None, None):
        raise Malformed(
            "this is the list {list} of {publisher} by what stands in it: leave --publisher and --list out",
            list=version.list, publisher=version.publisher,
        )  # fmt: skip
    if unsaid and (of.publisher is None or of.called is None or not _LIST.fullmatch(of.called)):
        raise Malformed(
            "the file does not say whose list it is: name --publisher CODE, and with --list a name for it in small"
            " letters, figures and hyphens"
        )
    return replace(version, publisher=of.publisher, list=of.called) if unsaid else version


def _day(text: str | None, stated: date | None) -> date | None:
    """The day of a list: what it states itself, or what is said of it. Raises Malformed where these are two."""
    if text is None:
        return stated
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Malformed(
            "{option} {text!r}: a day such as 2026-08-03 was expected", option="--as-of", text=text
        ) from None
    if stated not in (None, day):
        raise Malformed(
            "--as-of {day}: the list states {stated} itself; leave the day out", day=day.isoformat(),
            stated=stated.isoformat(),
        )  # fmt: skip
    return day


def _deposit(
    record: str, by: By, files: Mapping[str, bytes], version: ListVersion, more: tuple[date | None, str | None]
) -> None:
    """Archive first, act afterwards: an act never names what is not held. The same version again adds nothing."""
    from foedus.cli.acting import enter
    from foedus.cli.opening import opened
    from foedus.deposited import act_of, keep
    from foedus.sanctions.published import already

    with opened(record) as found:
        versions = found.depositary.state.sanctions.lists.get(version.list, ())
        same = already(versions, version.digest, more[0])
        if same is not None:
            entry = same.place.entry
            said = _("This version is deposited already, in entry %(entry)s: nothing is added.", entry=str(entry))
            session.answer(_taken(version, entry), [*_said(version), said])
            return
        file = keep(found.depositary.store, files, version)
    as_of, legal_basis = more
    enter(record, lambda _state: act_of(version, file, as_of, legal_basis), by)


def _read(
    source: str, which: str | None = None, form: str | None = None
) -> tuple[Mapping[str, bytes], ListVersion]:  # fmt: skip
    """The list, with a bar while it is read. Raises Malformed, also when it is another list than was named."""
    from foedus.sanctions.lists import files_in, read
    from foedus.sanctions.lists.fetching import fetched

    with session.progress(_("Reading the list")) as told:
        files = fetched(source, told) if re.match(r"https?://", source) else files_in(Path(source))
        version = read(files, form, told)
    if which is not None and version.format not in LISTS[which]:
        raise Malformed(
            "{file} is the list {found}; one of {expected} was expected",
            file=source,
            found=version.format,
            expected=", ".join(LISTS[which]),
        )
    return files, version


def read_list(source: str, form: str | None = None) -> ListVersion:
    """The list in a file or folder, or at an address, with a bar while it is read. Raises Malformed."""
    return _read(source, form=form)[1]


def _taken(version: ListVersion, entry: int | None = None) -> Taken:
    day = version.as_of.isoformat() if version.as_of else None
    skipped, doubts = (tuple(map(_note, notes)) for notes in (version.skipped, version.doubts))
    return Taken(
        version.publisher, version.list, version.format, day, version.digest, version.counts, skipped, doubts, entry
    )


def _note(note: Note) -> Said:
    from foedus.words.failures import say_because

    return Said(note.file, note.line, say_because(session.words, note.what))


def _said(version: ListVersion) -> Iterator[str]:
    words, counts = session.words, version.counts
    day = words.date(version.as_of) if version.as_of else _("a day that it does not state")
    yield _("%(list)s of %(publisher)s, of %(day)s.", list=version.list, publisher=version.publisher, day=day)
    yield _(
        "%(targets)s targets, %(aliases)s aliases, %(weak)s weak ones, %(original)s names in their own script.",
        targets=words.number(counts.targets),
        aliases=words.number(counts.aliases),
        weak=words.number(counts.weak),
        original=words.number(counts.original),
    )
    yield _(
        "%(addresses)s addresses, %(identifiers)s numbers.",
        addresses=words.number(counts.addresses),
        identifiers=words.number(counts.identifiers),
    )
    yield f"sha256 {version.digest}"
    yield _("Rows skipped: %(number)s.", number=words.number(counts.skipped))
    yield from _notes(version.skipped)
    if version.doubts:
        yield _("To be looked at: %(number)s.", number=words.number(len(version.doubts)))
        yield from _notes(version.doubts)


def _notes(notes: tuple[Note, ...]) -> Iterator[str]:
    for note in notes[:SHOWN]:
        said = _note(note)
        yield f"  {said.file}:{said.line}: {said.what}" if said.line else f"  {said.file}: {said.what}"
    if len(notes) > SHOWN:
        yield "  " + _("… and %(number)s more: --json has them all.", number=session.words.number(len(notes) - SHOWN))


def delta_(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_("The earlier version: a file, or a digest."))],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_("The later version: a file, or a digest."))],
    *,
    record: Annotated[
        str | None,
        typer.Option("--record", metavar="DIR", help=_("The record in whose archive digests are looked up.")),
    ] = None,
    form: Form = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Show it."""
    from foedus.sanctions.lists.delta import between, delta

    before, after = _version(old, record, form), _version(new, record, form)
    if ROWS in (before.format, after.format):  # rows do not say of which list they are
        change = between(after.list, before.targets, after.targets, (before.digest, after.digest))
    else:
        change = delta(before, after)
    session.answer(change, _changes(change))


def _version(name: str, record: str | None, form: str | None) -> ListVersion:
    """A version from a file, or from a record's archive by its digest."""
    if not re.fullmatch(r"[0-9a-f]{64}", name):
        return read_list(name, form)
    if record is None:
        raise Malformed("{digest} is a digest: name the record that has it with --record", digest=name)
    from foedus.deposited import version_of
    from foedus.record.store import open_store

    store = open_store(record)
    try:
        return version_of(store, ROWS, name)
    finally:
        store.close()


def _changes(change: Delta) -> Iterator[str]:
    words = session.words
    yield _(
        "%(added)s added, %(removed)s removed, %(amended)s amended.",
        added=words.number(len(change.added)),
        removed=words.number(len(change.removed)),
        amended=words.number(len(change.amended)),
    )
    yield from (f"+ {one.id}  {one.names[0].text if one.names else ''}".rstrip() for one in change.added)
    yield from (f"- {id_}" for id_ in change.removed)
    for one in change.amended:
        yield from _fields(one)


def _fields(one: Amended) -> Iterator[str]:
    from foedus.words.titles import LIST_FIELDS, title

    yield f"~ {one.id}"
    for change in one.changes:
        named = title(session.words, LIST_FIELDS, change.field)
        yield from (f"    {named}: {sign} {_value(value)}" for sign, value in _signed(change.removed, change.added))


def _signed(removed: Iterable[object], added: Iterable[object]) -> Iterator[tuple[str, object]]:
    yield from (("-", value) for value in removed)
    yield from (("+", value) for value in added)


def _value(value: object) -> str:
    """A value on one line, its parts in their order."""
    parts = value.values() if isinstance(value, dict) else (value,)
    return " · ".join(" ".join(str(part).split()) for part in parts)
