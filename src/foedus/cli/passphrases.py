"""Passphrases and PINs on the command line: from the files given, else asked on the terminal, never from an argument.

An argument could be read in the list of processes and in the shell's history.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from foedus.cli.session import _
from foedus.errors import Malformed


class Passphrases:
    """Gives the passphrase of whatever one run has to open: the next file's, and when there is none left, a person's.

    So `--passphrase-file` stands once for each locked key: the depositary's first, then the others as they stand.
    """

    def __init__(self, files: Sequence[Path] | None = None) -> None:
        self._files = list(files or ())

    def __call__(self, what: str) -> str:
        """The passphrase that opens `what`. Raises Malformed when there is neither file nor terminal."""
        from foedus.keyring.passphrase import read_passphrase

        if self._files:
            return read_passphrase(self._files.pop(0))
        pin = what.startswith("pkcs11:")
        question = _("PIN of %(what)s: ", what=what) if pin else _("Passphrase of %(what)s: ", what=what)
        return asked(question, Malformed("{file} is locked", file=what), "--passphrase-file FILE")


def new_passphrase(what: str, file: Path | None, option: str) -> str:
    """A passphrase to lock `what` with: from a file, else asked for twice. `option`: what gives the file.

    Raises Malformed when there is neither file nor terminal, or when the two differ.
    """
    from foedus.keyring.passphrase import read_passphrase
    from foedus.record.key_file import check_passphrase

    if file is not None:
        return read_passphrase(file)
    missing = Malformed("{file} needs a passphrase", file=what)
    first = asked(_("New passphrase of %(what)s: ", what=what), missing, option)
    check_passphrase(first)
    if asked(_("The same once more: "), missing, option) != first:
        raise Malformed("the two passphrases differ; {file} is as it was", file=what)
    return first


def asked(question: str, missing: Malformed, option: str) -> str:
    """What a person types, unseen. The terminal is asked even where the standard input has an act.

    Raises Malformed where nobody can be asked. `missing`: what lacks then; `option`: what would give it.
    """
    from getpass import GetPassWarning, getpass

    if not (sys.stdin.isatty() or sys.stderr.isatty()):
        raise Malformed("{problem}, and there is no terminal to ask on: give {option}", problem=missing, option=option)
    try:
        with warnings.catch_warnings():
            # It would go on to read what is typed in plain sight, or the act on the standard input.
            warnings.simplefilter("error", GetPassWarning)
            return getpass(question)
    except (EOFError, GetPassWarning):
        raise Malformed(
            "{problem}, and the terminal gave none unseen: give {option}", problem=missing, option=option
        ) from None
