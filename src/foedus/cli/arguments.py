"""Arguments and options that several commands share, and how their text becomes a value."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from foedus.cli.session import _
from foedus.errors import Malformed
from foedus.words import translator

MAX_INPUT_BYTES = 64 * 2**20


def _checked_language(value: str | None) -> str | None:
    if value is not None:
        translator(value)
    return value


Json = Annotated[bool, typer.Option("--json", help=_("Answer in JSON."))]
Lang = Annotated[
    str | None,
    typer.Option("--lang", help=_("Language: en or uk."), callback=_checked_language, show_default=False),
]
Record = Annotated[str, typer.Argument(metavar="DIR", help=_("The record: its folder, or postgresql://…"))]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help=_("As it was at this time (UTC, ISO 8601)."))]
Known = Annotated[
    str | None,
    typer.Option("--known", metavar="TIME", help=_("As it was known at this time (UTC, ISO 8601).")),
]
Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key", metavar="KEY", help=_("Sign with this key file, agent:NAME or pkcs11:URI; twice for two seats.")
    ),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help=_("Take the passphrase from this file.")),
]
PassphraseFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help=_("Take a passphrase or PIN from this file; once for each locked key, the depositary's first."),
    ),
]
Seats = Annotated[
    list[str] | None,
    typer.Option("--as", metavar="SEAT", help=_("In an exercise: sign as this seat, by its demo key.")),
]
ReleaseTo = Annotated[
    list[str] | None,
    typer.Option(
        "--release-to",
        metavar="CODE",
        help=_("Show what is attached to readers of this party beside your own's, and to no others; may be repeated."),
    ),
]
Level = Annotated[str, typer.Option("--level", help=_("The level at which what is attached is marked."))]
OrElse = Annotated[
    list[str] | None,
    typer.Option("--or", metavar="URL", help=_("Where else the record may be served; may be repeated.")),
]
DepositaryKey = Annotated[
    Path | None,
    typer.Option(
        "--depositary-key",
        metavar="KEYFILE",
        help=_("The depositary's key; DIR/depositary.key if not given."),
    ),
]


def moment(text: str | None, option: str) -> datetime | None:
    """A time in ISO 8601 with its zone, as UTC; a day alone means its end. Raises Malformed."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        utc = at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        raise Malformed(
            "{option} {text!r}: a time such as 2026-10-10T05:00Z was expected", option=option, text=text
        ) from None
    if len(text) == len("2026-10-10"):
        return at.replace(hour=23, minute=59, second=59, microsecond=999_999, tzinfo=UTC)
    if utc is None:
        raise Malformed(
            "{option} {text!r}: the zone is missing; write 2026-10-10T05:00Z for UTC", option=option, text=text
        )
    return utc


def in_folder(path: Path) -> None:
    """Raises Malformed for the address of a database, where a folder is to be filled."""
    kind, colon, _rest = str(path).partition(":/")
    if colon:
        raise Malformed("{store}: a folder was expected; exercises live in a folder", store=f"{kind}://…")


def read_input(name: str) -> bytes:
    """A file's bytes, or those of the standard input for `-`. Raises Malformed."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MAX_INPUT_BYTES + 1)
    except OSError as problem:
        raise Malformed("{path} cannot be read: {problem}", path=name, problem=problem.strerror) from None
    if len(data) > MAX_INPUT_BYTES:
        raise Malformed(
            "{path}: more than {most} bytes found; an act is at most 48 KiB", path=name, most=MAX_INPUT_BYTES
        )
    return data


def party_and_role(seat: str) -> tuple[str, str]:
    """The two parts of a seat's name. Raises Malformed."""
    party, slash, role = seat.partition("/")
    if not (slash and party and role):
        raise Malformed("{found!r}: PARTY/ROLE was expected, such as POL/duty", found=seat)
    return party, role


def write_output(path: Path, data: bytes) -> None:
    """A new file. Raises Malformed when it exists or cannot be written."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise Malformed("{path} exists: name another file, nothing is overwritten", path=path) from None
    except OSError as problem:
        raise Malformed("{path} cannot be written: {problem}", path=path, problem=problem.strerror) from None


def day(text: str | None, option: str = "--as-of") -> date | None:
    """A day in ISO 8601. Raises Malformed."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Malformed("{option} {text!r}: a day such as 2022-06-30 was expected", option=option, text=text) from None
