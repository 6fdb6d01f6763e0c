"""The command `foedus`. Each group of commands is a module; what is heavy is imported inside the command that
needs it.

Exit status: 0 done, 1 refused or findings, 2 malformed input, 3 tampered record, 130 interrupted. An error is
one line on standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from foedus.cli.session import session
from foedus.errors import FoedusError, Malformed

INTERRUPTED = 130


def main() -> None:
    """The entry point of the installed command."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # it was closed: what would be said there is said to nobody
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # open as long as the process
        else:  # a terminal that lacks a letter shows its number
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit status. Never raises what a user can cause."""
    session.begin(arguments)
    import typer

    from foedus.cli.acting import spelled_out
    from foedus.cli.commands import app

    wrong_usage: type[Exception] = typer.BadParameter.__mro__[1]  # of any kind; Typer gives it no name
    try:
        status = app()(spelled_out(arguments), prog_name="foedus", standalone_mode=False)
    except FoedusError as error:
        return session.fail(error)
    except wrong_usage as problem:
        return session.fail(_usage(problem))
    except typer.Exit as done:
        status = done.exit_code
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except MemoryError:
        return session.fail(Malformed("there is too little memory for what was to be read"))
    except OSError as problem:
        return session.fail(
            Malformed("{path}: {problem}", path=problem.filename or "-", problem=problem.strerror or problem)
        )
    if status == INTERRUPTED:  # which Typer makes of Ctrl-C
        sys.stderr.write(f"foedus: {session.words.gettext('stopped')}\n")
    return status if isinstance(status, int) else 0


def _usage(problem: Any) -> Malformed:
    """A wrong argument as one line, with the way to help."""
    path = problem.ctx.command_path if problem.ctx else "foedus"
    said = " ".join(problem.format_message().split())
    return Malformed("{problem} `{command} --help` shows what is expected", problem=said, command=path)
