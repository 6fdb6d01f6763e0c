"""`act enter`: what a seat said by telephone or on paper, entered by another seat for it to countersign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from foedus.cli.arguments import (
    DepositaryKey,
    Json,
    Keys,
    Lang,
    Level,
    PassphraseFiles,
    Record,
    ReleaseTo,
    Seats,
    moment,
    read_input,
)
from foedus.cli.session import _, read_json
from foedus.cli.signed import Files
from foedus.errors import Malformed

EPILOG = (
    "foedus act enter record position.json --seat POL/delegation --means voice --said-at 2026-10-13T04:00Z"
    " --source call.ogg --key pol-embassy.key"
)


def enter(
    record: Record,
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help=_("What was said: the body of a position or a vote, in JSON."))
    ],
    *,
    seat: Annotated[str, typer.Option("--seat", metavar="PARTY/ROLE", help=_("The seat that said it."))],
    means: Annotated[str, typer.Option("--means", metavar="voice|paper", help=_("How it came."))],
    said_at: Annotated[str, typer.Option("--said-at", metavar="TIME", help=_("When it was said (UTC, ISO 8601)."))],
    source: Annotated[Path, typer.Option("--source", metavar="FILE", help=_("The recording or the scan, attached."))],
    key: Keys = None,
    seats: Seats = None,
    passphrase_file: PassphraseFiles = None,
    release_to: ReleaseTo = None,
    level: Level = "unclassified",
    depositary_key: DepositaryKey = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Enter it. Nothing follows from it before that seat countersigns."""
    from foedus.cli.acting import By, entered

    if means not in ("voice", "paper"):
        raise Malformed("--means {found!r}: voice or paper was expected", found=means)
    said = read_json(read_input(file), file)
    if said.get("act") not in ("TakePosition", "CastVote"):
        raise Malformed(
            "{file} says {found!r}: a position (TakePosition) or a vote (CastVote) was expected; other acts wait until"
            " their seat can sign",
            file=file,
            found=str(said.get("act")),
        )
    body = {
        "act": "EnterTranscript", "seat": seat, "said": said, "means": means,
        "said_at": moment(said_at, "--said-at"), "source": f"@{source}",
    }  # fmt: skip
    by = By(key or (), seats or (), passphrase_file, depositary_key)
    entered(record, msgspec.json.encode(body), file, by, Files((), release_to or (), level))
