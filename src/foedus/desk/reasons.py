"""An error as a desk keeps it on disk, so that it can be said later, in the language of whoever reads it then."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from foedus.errors import Conflict, FoedusError, Malformed, Refused, Tampered, Waits

MOST = 2**63 - 1  # larger numbers are kept as they are written
Number = Annotated[int, Meta(ge=-MOST, le=MOST)]
_KINDS: dict[str, type[FoedusError]] = {kind.code: kind for kind in (Refused, Malformed, Conflict, Waits, Tampered)}


class Reason(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Of one error: which of the four, its sentence, what was found, and of a refusal the clause.

    An error that led to this one stands in `found` as a reason of its own.
    """

    error: str
    sentence: str
    found: dict[str, str | Number | Reason] = {}
    clause: str = ""

    def as_error(self) -> FoedusError:
        """The error again. One that cannot be put together any more, as when its file was changed, is its sentence."""
        found = {name: value.as_error() if isinstance(value, Reason) else value for name, value in self.found.items()}
        kind = _KINDS.get(self.error, Malformed)
        error = kind(*((self.clause, self.sentence) if kind is Refused else (self.sentence,)), **found)
        try:
            str(error)
        except (LookupError, ValueError, AttributeError):
            return Malformed("{problem}", problem=self.sentence)
        return error


def reason_of(error: FoedusError) -> Reason:
    """The error as it is kept."""
    clause = error.clause if isinstance(error, Refused) else ""
    return Reason(error.code, error.sentence, {name: _kept(value) for name, value in error.found.items()}, clause)


def _kept(value: object) -> str | int | Reason:
    if isinstance(value, FoedusError):
        return reason_of(value)
    return value if isinstance(value, int) and abs(value) <= MOST else str(value)
