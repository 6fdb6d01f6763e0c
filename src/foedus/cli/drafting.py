"""The body of an act to begin with: what a seat may do now, or an empty form of a kind."""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

import msgspec

from foedus.acts import ACT_NAMES, PLACEHOLDER, Body
from foedus.cli.session import session
from foedus.errors import Malformed, Refused
from foedus.parties.acts import Act
from foedus.response.acts import EnterTranscript
from foedus.rules import options

if TYPE_CHECKING:
    from foedus.depositary import Depositary

FILL_IN = "FILL-IN"
DIGEST = r"^[0-9a-f]{64}\Z"
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Body)}


def kind_of(name: str) -> type[Any]:
    """The act of this name. Raises Malformed listing those there are."""
    kind = _KINDS.get(name)
    if kind is None:
        near = [known for known in ACT_NAMES if name.lower() in known.lower()] or ACT_NAMES
        raise Malformed("{name!r} is no act; expected one of {expected}", name=name, expected=", ".join(near))
    return kind


# What is to be filled in, as each kind of code may be written.
_FITTING = (
    FILL_IN,
    FILL_IN.lower(),
    f"{FILL_IN.lower()}:{FILL_IN}",
    PLACEHOLDER,
    "0",
    "XXX",
    "AS-1",
    "CB-1",
    "CD-1",
    "DS-1",
    "A",
)


def blank(name: str) -> Body:
    """A body of this kind with everything it must have, to be filled in: FILL-IN for codes, zeros for
    digests.
    """
    kind = kind_of(name)
    body: Body = msgspec.convert({"act": name, **_fields(kind)}, kind)
    return body


def _fields(kind: type[Any]) -> dict[str, Any]:
    return {field.encode_name: _example(field.type) for field in msgspec.structs.fields(kind) if field.required}


def _example(kind: Any) -> Any:
    if get_origin(kind) is Annotated:
        inner, *rules = get_args(kind)
        if any(getattr(rule, "pattern", None) == DIGEST for rule in rules):
            return PLACEHOLDER
        pattern = next((rule.pattern for rule in rules if getattr(rule, "pattern", None)), None)
        if pattern is not None:
            return next(text for text in _FITTING if re.search(pattern, text))
        least = next((rule.ge for rule in rules if getattr(rule, "ge", None) is not None), None)
        if least is not None:
            return least
        needed = any(getattr(rule, "min_length", None) for rule in rules) and get_origin(inner) is tuple
        return [_example(get_args(inner)[0])] if needed else _example(inner)
    found = get_args(kind)
    if found and all(isinstance(item, str) for item in found):
        return found[0]
    if found and isinstance(found[0], type) and issubclass(found[0], Act):  # what another act carries
        return {"act": found[0].__name__, **_fields(found[0])}
    if get_origin(kind) is tuple:
        return []
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return {field.encode_name: _example(field.type) for field in msgspec.structs.fields(kind) if field.required}
    if kind is datetime:
        return datetime.now(UTC).replace(microsecond=0)
    if kind is date:
        return datetime.now(UTC).date()
    return {bool: False, int: 0}.get(kind, FILL_IN)


def drafted(depositary: Depositary, name: str, seat: str, about: str | None) -> Body:
    """What the seat may do now by an act of this kind, the first if there are several.

    `about` chooses: an incident, response, measure or vote that the body names. Raises Refused when there is
    none.
    """
    kind = kind_of(name)
    state = depositary.state
    if kind is EnterTranscript:
        raise Malformed("what was said by telephone or on paper is entered by `foedus act enter`")
    if seat not in state.parties.seats:
        raise Malformed("{found!r} is no seat of this record; `foedus seat list` shows them", found=seat)
    asset = about if about in state.reparations.assets else None  # of those only the newest are looked at unasked
    offered = [option.body for option in options(depositary.clauses, state, seat, depositary.now(), asset)]
    found = [body for body in offered if type(body) is kind and (about is None or about in _values(body))]
    if not found:
        others = sorted({type(body).__name__ for body in offered})
        raise Refused(
            "record/option",
            "{seat} cannot perform {act} now; it can: {others}",
            seat=seat,
            act=name,
            others=", ".join(others) or "—",
        )
    if len(found) > 1:
        many = session.words.ngettext(
            "%(num)s such act is possible; this is it",
            "%(num)s such acts are possible; this is the first, --about chooses another",
            len(found),
        )
        sys.stderr.write(f"foedus: {many}\n")
    return found[0]


def _values(body: Body) -> list[object]:
    return [getattr(body, name) for name in body.__struct_fields__]
