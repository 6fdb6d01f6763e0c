"""A passphrase or PIN from a file: the way of a server, or of whoever has no terminal.

The file holds it on one line and nobody but its owner may read it. The end of the line is no part of it.
"""

from __future__ import annotations

from pathlib import Path

from foedus.errors import Malformed
from foedus.record.key_file import MAX_PASSPHRASE_BYTES, check_passphrase, read_private


def read_passphrase(path: Path) -> str:
    """The passphrase in a file. Raises Refused when others may read it, Malformed when it is not one line of text."""
    data = read_private(path, MAX_PASSPHRASE_BYTES + 2)
    try:
        line = data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise Malformed("passphrase file {path}: UTF-8 was expected", path=path) from None
    if "\n" in line or not line:
        raise Malformed("passphrase file {path}: the passphrase on one line, and nothing else, was expected", path=path)
    check_passphrase(line)
    return line
