"""What an entry of a published list says, as text: its codes in words, all else as the publisher has it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from foedus.words import Words, mark
from foedus.words.titles import title

NUMBER_KINDS = {
    "passport": mark("passport"), "national_id": mark("national identity number"), "tax": mark("tax number"),
    "inn": mark("INN"), "ogrn": mark("OGRN"), "registration": mark("registration number"), "imo": mark("IMO number"),
    "mmsi": mark("MMSI"), "call_sign": mark("call sign"), "lei": mark("LEI"), "swift": mark("SWIFT/BIC"),
    "duns": mark("D-U-N-S"), "isin": mark("ISIN"), "wallet": mark("digital currency address"),
    "tail_number": mark("tail number"), "serial_number": mark("serial number"), "phone": mark("telephone"),
    "email": mark("e-mail"), "website": mark("website"), "other": mark("other number"),
}  # fmt: skip
NAME_KINDS = {
    "primary": mark("primary name"), "alias": mark("alias"), "weak": mark("weak alias"), "former": mark("former name"),
    "original": mark("name in its own script"),
}  # fmt: skip
TARGET_KINDS = {
    "person": mark("Person"), "organisation": mark("Organisation"), "vessel": mark("Vessel"),
    "aircraft": mark("Aircraft"), "unknown": mark("Kind not said"),
}  # fmt: skip
LINK_KINDS = {
    "owner": mark("owned by"), "owned": mark("owns"), "operator": mark("operated by"), "family": mark("family of"),
    "linked": mark("linked to"),
}  # fmt: skip
_KINDS = {"names": NAME_KINDS, "identifiers": NUMBER_KINDS, "links": LINK_KINDS, "kind": TARGET_KINDS}


def parts(words: Words, field: str, value: object) -> list[str]:
    """A value of a field of an entry, part by part in their order, each on one line."""
    said = msgspec.to_builtins(value)
    if not isinstance(said, Mapping):
        return [title(words, TARGET_KINDS, str(said)) if field == "kind" else " ".join(str(said).split())]
    found = []
    for name, part in said.items():
        if name == "kind":
            found.append(title(words, _KINDS[field], part))
        elif name == "circa":
            found.append(words.gettext("about then"))
        else:
            found.append(" ".join(str(part).split()))
    return found
