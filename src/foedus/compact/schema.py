"""JSON Schema 2020-12 of the files, for editors that mark faults in writing. The loader remains the judge."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import msgspec

from foedus.compact.duration import Duration
from foedus.compact.model import Agreement, Compact

_DURATION = r"^P(?=[0-9T])([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$"
_FRACTION = r"^[0-9]{1,9}(/[1-9][0-9]{0,8})?$"


def _hook(kind: type) -> dict[str, Any]:
    """How the two exact types are written."""
    if kind is Duration:
        text = "An ISO 8601 duration, as PT24H, P6M or P10Y"
        return {"type": "string", "pattern": _DURATION, "description": text}
    assert kind is Fraction, f"the model has a type that no file can hold: {kind}"
    return {"type": "string", "pattern": _FRACTION, "description": "An exact fraction, as 2/3"}


def schema(of: Literal["compact", "agreement"] = "compact") -> dict[str, Any]:
    """The schema of `compact.yaml`, or of one file of `agreements/`."""
    top = Compact if of == "compact" else Agreement
    (start,), defined = msgspec.json.schema_components([top], schema_hook=_hook, ref_template="#/$defs/{name}")
    title = "A compact of Foedus" if of == "compact" else "An instrument beside a compact of Foedus"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **start,
        "$defs": {name: _without_null(one) for name, one in defined.items()},
    }


def _without_null(part: Any) -> Any:
    """`X or null` becomes `X`: in a file, nothing is said by leaving the key out."""
    if isinstance(part, list):
        return [_without_null(one) for one in part if one != {"type": "null"}]
    if not isinstance(part, dict):
        return part
    kept = {key: _without_null(one) for key, one in part.items() if key != "default" or one is not None}
    kinds = kept.get("anyOf")
    if kinds is not None and len(kinds) == 1:
        del kept["anyOf"]
        kept |= kinds[0]
    return kept
