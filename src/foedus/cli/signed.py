"""Making a body ready to be signed: the files it names are attached."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from foedus.cli.session import read_json
from foedus.errors import Malformed

if TYPE_CHECKING:
    from foedus.acts import Attachment, Body
    from foedus.signing import Kind


class Prepared(NamedTuple):
    """A body whose files were attached."""

    body: Body
    attachments: tuple[Attachment, ...]
    blobs: tuple[tuple[bytes, bytes], ...]


# Which kind of attachment stands in which member of a body.
KINDS: dict[str, Kind] = {"attachment": "evidence", "text": "proposal", "full_powers": "credentials"}


def prepare(data: bytes, name: str, extra: Sequence[Path] = ()) -> Prepared:
    """A body from JSON in which `"@FILE"` stands for the digest of a file, to be attached.

    `extra`: files attached without being named in the body, as statements of reasons. Raises Malformed.
    """
    from foedus.signing import attach, decode_body

    found: list[tuple[Attachment, bytes, bytes]] = []

    def filled(value: object, member: str) -> object:
        if isinstance(value, dict):
            return {key: filled(item, str(key)) for key, item in value.items()}
        if isinstance(value, list):
            return [filled(item, member) for item in value]
        if isinstance(value, str) and value.startswith("@"):
            attached = attach(_content(Path(value[1:])), KINDS.get(member, "evidence"))
            found.append(attached)
            return attached[0].digest
        return value

    value = read_json(data, name)
    body = decode_body(data if b'"@' not in data else msgspec.json.encode(filled(value, "")))
    found += [attach(_content(path), "reason") for path in extra]
    return Prepared(body, tuple(item[0] for item in found), tuple((item[1], item[2]) for item in found))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Malformed("attachment {path} cannot be read: {problem}", path=path, problem=problem.strerror) from None
