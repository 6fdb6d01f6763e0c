"""Making a body ready to be signed: the files it names are attached."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from foedus.cli.session import read_json
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.acts import Attachment, Body, Marking
    from foedus.signing import Kind


class Prepared(NamedTuple):
    """A body whose files were attached."""

    body: Body
    attachments: tuple[Attachment, ...]
    blobs: tuple[tuple[bytes, bytes], ...]


# Which kind of attachment stands in which member of a body.
KINDS: dict[str, Kind] = {"attachment": "evidence", "text": "proposal", "full_powers": "credentials"}


class Files(NamedTuple):
    """What goes with a body. `extra`: files that it does not name, as statements of reasons.

    `release_to`: parties to whose readers all that is attached may be shown; every reader when empty.
    """

    extra: Sequence[Path] = ()
    release_to: Sequence[str] = ()
    level: str = "unclassified"

    def marking(self) -> Marking:
        """How each file is marked. Raises Malformed."""
        from foedus.acts import LEVELS, Marking

        if self.level not in LEVELS:
            raise Malformed("--level {found!r}: expected one of {expected}", found=self.level,
                            expected=", ".join(LEVELS))  # fmt: skip
        return Marking(self.level, tuple(self.release_to))


def prepare(data: bytes, name: str, files: Files) -> Prepared:
    """A body from JSON in which `"@FILE"` stands for the digest of a file, to be attached. Raises Malformed."""
    from foedus.signing import attach, decode_body

    marking = files.marking()

    found: list[tuple[Attachment, bytes, bytes]] = []

    def filled(value: object, member: str) -> object:
        if isinstance(value, dict):
            return {key: filled(item, str(key)) for key, item in value.items()}
        if isinstance(value, list):
            return [filled(item, member) for item in value]
        if isinstance(value, str) and value.startswith("@"):
            attached = attach(_content(Path(value[1:])), KINDS.get(member, "evidence"), marking)
            found.append(attached)
            return attached[0].digest
        return value

    value = read_json(data, name)
    body = decode_body(data if b'"@' not in data else msgspec.json.encode(filled(value, "")))
    found += [attach(_content(path), "reason", marking) for path in files.extra]
    if not found and files.release_to:
        raise Malformed("--release-to marks what is attached, and nothing is: attach a file")
    return Prepared(body, tuple(item[0] for item in found), tuple((item[1], item[2]) for item in found))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Malformed("attachment {path} cannot be read: {problem}", path=path, problem=problem.strerror) from None
