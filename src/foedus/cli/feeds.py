"""`foedus sanctions feed | catch-up | table`: the package for others, a subscriber's copy, and tables to list by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import At, Json, Lang, Record, moment
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.feed import Delta

To = Annotated[
    Path | None, typer.Option("--to", metavar="FOLDER", help=_("Publish into this folder, after what is there."))
]
As = Annotated[str, typer.Option("--as", metavar="FORM", help=_("Without --to: ftm (JSON lines) or csv."))]
KeyFile = Annotated[
    Path,
    typer.Option(
        "--key", metavar="FILE", help=_("The record's keys, such as keys.txt of its console, from elsewhere.")
    ),
]
_FEED = "foedus sanctions feed demo --to public"
_CATCH_UP = "foedus sanctions catch-up public mine --key keys.txt --json"
_TABLE = "foedus sanctions table demo annex.tsv --json"


def add(group: typer.Typer) -> None:
    """Add the three."""
    group.command(
        "feed", epilog=_FEED,
        help=_("Every listing with whether it is law: FollowTheMoney JSON lines, CSV, or signed, chained deltas."),
    )(feed_)  # fmt: skip
    group.command(
        "catch-up", epilog=_CATCH_UP, help=_("Bring a copy of a feed up to date, and prove that it missed nothing.")
    )(catch_up)
    group.command(
        "table", epilog=_TABLE, help=_("Put a table of targets into the archive, for AdoptSchedule to name.")
    )(table)


def feed_(
    record: Record, *, to: To = None, form: As = "ftm", at: At = None, json: Json = False, lang: Lang = None
) -> None:
    """Write it out, or publish it."""
    from foedus import feed, feed_forms, logs
    from foedus.cli.opening import opened
    from foedus.feed_folder import publish

    if form not in ("ftm", "csv"):
        raise Malformed(
            "{option} {text!r}: one of {expected} was expected", option="--as", text=form, expected="ftm, csv"
        )
    if to is not None and at is not None:
        raise Malformed("--at is for reading: what is published is as it is now")
    with opened(record) as found:
        depositary = found.depositary
        when = moment(at, "--at") or depositary.now()
        if to is not None:
            keys = [logs.key_of_epoch(one) for one in depositary.state.parties.record.epochs]  # type: ignore[union-attr]  # an opened record
            made = publish(depositary, to, when, keys)
            session.answer(made, _published(made))
            return
        version = feed.version(depositary.store, depositary.state.sanctions, when)
        if session.json:
            rows = feed.read(version.rows)
            session.answer(
                {"at": version.at, "digest": version.digest, "tables_not_held": version.missing, "rows": rows}, ()
            )
        elif form == "csv":
            session.answer(None, feed_forms.csv_of(feed.read(version.rows)).splitlines())
        else:
            lines = (
                *feed_forms.targets(depositary.store, depositary.state.sanctions, feed.read(version.rows)),
                *version.rows.values(),
            )
            session.answer(None, (line.decode().rstrip("\n") for line in lines))


def _published(made: object) -> Iterator[str]:
    from foedus.feed_folder import Published

    assert isinstance(made, Published)
    number = session.words.number
    if not made.changes:
        yield _("Nothing is new since %(at)s: nothing is added.", at=session.words.moment(made.at))
    else:
        yield _("Version %(number)s: %(rows)s rows, %(changes)s changes.", number=number(made.number),
                rows=number(made.rows), changes=number(made.changes))  # fmt: skip
    yield f"sha256 {made.digest}"
    if made.missing:
        yield _("The tables of these schedules are not held here: %(schedules)s.", schedules=", ".join(made.missing))


# --- a subscriber -------------------------------------------------------------------------------------------------


def catch_up(
    source: Annotated[str, typer.Argument(metavar="FOLDER|URL", help=_("Where it is published, or a console."))],
    copy: Annotated[Path, typer.Argument(metavar="COPY", help=_("The copy's folder; made where there is none."))],
    *, key: KeyFile, json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Bring it up to date."""
    from foedus.feed import digest_of
    from foedus.feed_folder import catch_up as go_on
    from foedus.feed_folder import deltas_after, open_copy
    from foedus.record.note import parse_vkey

    keys = [parse_vkey(line) for line in _lines(key)]
    if not keys:
        raise Malformed("{file}: no key was found: one a line was expected, as a console gives them", file=key)
    mine = open_copy(copy, keys)
    if re.match(r"https?://", source):
        deltas = [_fetched(source, mine.head)]
    else:
        deltas = deltas_after(Path(source), digest_of(mine.rows), keys)
    after = go_on(copy, deltas, keys)
    assert after.head is not None, "a feed has a version"
    changes = sum(len(one.changes) for one in deltas)
    answer = {"at": after.head.at, "rows": len(after.rows), "digest": after.head.digest, "size": after.head.size,
              "deltas": len(deltas), "changes": changes, "tables_not_held": after.head.missing}  # fmt: skip
    number = session.words.number
    session.answer(answer, [
        _(
            "%(rows)s rows as of %(at)s, after %(changes)s changes in %(deltas)s deltas: nothing was missed.",
            rows=number(len(after.rows)), at=session.words.moment(after.head.at), changes=number(changes),
            deltas=number(len(deltas)),
        ),
        f"sha256 {after.head.digest}",
    ])  # fmt: skip


def _fetched(url: str, head: object) -> Delta:
    """What a console says came since the version here."""
    from urllib.parse import urlencode

    from foedus.feed import Head, parse_delta
    from foedus.sanctions.lists.fetching import fetched

    asked = {}
    if isinstance(head, Head):
        asked = {"since": head.at.isoformat(), "before": head.digest, "count": str(head.size)}
    address = f"{url.rstrip('/')}/sanctions/feed/delta" + (f"?{urlencode(asked)}" if asked else "")
    (data,) = fetched(address).values()
    return parse_delta(data, address)


# --- tables -------------------------------------------------------------------------------------------------------


def table(
    record: Record,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A target a line: id, tab, entry."))],
    *, json: Json = False, lang: Lang = None,
) -> None:  # fmt: skip
    """Put it there, in its canonical form."""
    from foedus import archive
    from foedus.record.store import open_store
    from foedus.sanctions.schedules import Row, encode

    lines = [line.split("\t", 1) for line in _lines(file)]
    if not lines:
        raise Malformed("{file}: no row was found: a table has at least one target", file=file)
    data = encode(Row(*line) for line in lines)
    store = open_store(record)
    try:
        digest = archive.put(store, data)
    finally:
        store.close()
    rows = session.words.number(len(lines))
    session.answer({"table": digest, "rows": len(lines)}, [_("%(rows)s rows.", rows=rows), f"sha256 {digest}"])


def _lines(file: Path) -> list[str]:
    """The lines of a file that say something. Raises Malformed with the line where it is not UTF-8."""
    from foedus.sanctions.lists.reading import Notes, text_of

    return [line for line in text_of(str(file), file.read_bytes(), Notes()).splitlines() if line.strip()]
