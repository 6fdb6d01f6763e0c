"""`verify`: checks a record that somebody else keeps, or evidence against who keeps it; says what that proved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.arguments import Json, Lang
from foedus.cli.session import _, session
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.verify import Report


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", help=_("Verify a record, an export, a server's record or a proof."), epilog=_VERIFY)(verify)


_VERIFY = "foedus verify demo --rules"
EVIDENCE_SUFFIX = ".json"


def verify(
    source: Annotated[str, typer.Argument(metavar="DIR|URL|FILE", help=_("What to verify."))],
    *,
    rules: Annotated[bool, typer.Option("--rules", help=_("Recompute every event."))] = False,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", metavar="FILE", help=_("Keys known from elsewhere, one on a line.")),
    ] = None,
    entry: Annotated[
        Path | None, typer.Option("--entry", metavar="FILE", help=_("With a proof: the entry's bytes."))
    ] = None,
    light: Annotated[bool, typer.Option("--light", help=_("Add no events up: constant memory."))] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help=_("Processes that check signatures."))] = 1,
    token: Annotated[
        str | None, typer.Option("--token", envvar="FOEDUS_TOKEN", help=_("Read token for a live server."))
    ] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Verify it."""
    from foedus.verify import PROOF_SUFFIX, read_keys, verify_proof_file, verify_record

    if source.endswith(EVIDENCE_SUFFIX) and Path(source).is_file():
        _evidence(Path(source))
        return
    known = read_keys(keys) if keys else []
    proof = source.endswith(PROOF_SUFFIX)
    if proof and rules:
        raise Malformed(
            "{source} proves one entry: --rules recomputes a whole record, and nothing of it", source=source
        )
    if entry and not proof:
        raise Malformed("{source} is no proof, a file named ….tlog-proof: --entry goes with one", source=source)
    if proof:
        report = verify_proof_file(Path(source), entry, known)
    else:
        with session.progress(_("Verifying")) as progress:
            report = verify_record(
                source,
                rules=rules,
                keys=known,
                progress=progress,
                state=not light,
                workers=workers,
                token=token,
            )
    session.answer(report, says(report))


def says(report: Report) -> list[str]:
    """What verifying proved and what it did not, line by line."""
    words = session.words
    lines = [_("EXERCISE: its acts are signed with demo keys and count nowhere else.")] if report.exercise else []
    lines += [_("PROVED"), *(f"  + {said.say(words)}" for said in report.proved)]
    lines += [_("NOT PROVED"), *(f"  - {said.say(words)}" for said in report.not_proved)]
    return lines


def _evidence(path: Path) -> None:
    """Check evidence of a lie, as a desk or a witness keeps it. Raises Malformed or Tampered when it shows none."""
    from foedus.desk import evidence

    found = evidence.read(path)
    evidence.check(found)
    lines = [_("PROVED")]
    if found.kind == "fork":
        lines.append(
            "  + " + _("The key %(log)s signed two checkpoints that cannot both be of one record.", log=found.log)
        )
    else:
        lines.append("  + " + _("The key %(log)s signed for an entry that was found not to hold.", log=found.log))
        lines += [_("NOT PROVED"), "  - " + _("That it does not hold: recompute the entries before it, and this one.")]
    session.answer({"kind": found.kind, "log": found.log, "because": found.because, "found_at": found.found_at}, lines)
