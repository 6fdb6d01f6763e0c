"""What a person answered: read field by field, with a problem beside each that cannot be used.

A value that cannot be read is never a failure of the page, and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args

from msgspec import Struct

from foedus.commitments.acts import Quantity
from foedus.parties.acts import Code, NationalStep
from foedus.reparations.acts import Value
from foedus.response import acts
from foedus.web.fields import Field
from foedus.web.moments import zone_info
from foedus.web.page import Page
from foedus.words.read_back import numbers_of

WORTH = "worth."  # so begin the fields that make the value of property
_CODE = re.compile(str(get_args(Code)[1].pattern))


class Problem(Struct, frozen=True):
    """An answer that cannot be used, said beside its field."""

    field: str
    words: str


class Answers(Struct, frozen=True):
    """What was read from a form: changes to the prefilled body, and what could not be read."""

    changes: dict[str, Any]
    problems: tuple[Problem, ...]


def read(page: Page, fields: Sequence[Field], form: Mapping[str, list[str]]) -> Answers:
    """Changes to the body from a filled-in form. Files are read elsewhere; what cannot be read is a problem with its
    field.
    """
    reader = _Reader(page, form)
    for field in fields:
        reader.take(field)
    reader.gather()
    return Answers(reader.changes, tuple(reader.problems))


class _Reader:
    """One reading of one form."""

    def __init__(self, page: Page, form: Mapping[str, list[str]]) -> None:
        self.page, self.form = page, form
        self.changes: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.figures: list[acts.Figure] = []
        self.contributions: dict[str, dict[str, str]] = {}
        self.national: dict[str, dict[str, Any]] = {}
        self.parts: dict[str, dict[str, str]] = {}

    def take(self, field: Field) -> None:
        """Read one field."""
        values = [value.strip() for value in self.form.get(field.name, []) if value.strip()]
        if field.name in ("words", "proposal") or field.name.startswith(("evidence", "source")):
            return  # attachments are read by the page itself
        if field.kind == "checkboxes":
            if not set(values) <= {code for code, _ in field.choices}:
                words = self.page.words.gettext("%(label)s: choose one of those offered", label=field.label)
                self.problem(field, words)
                return
            self.changes[field.name] = tuple(values)
            return
        value = values[-1] if values else ""
        if not value:
            if field.required:
                self.problem(field, self.page.words.gettext("%(label)s: an answer is needed", label=field.label))
            elif field.kind in ("moment", "day", "select") and "." not in field.name:
                self.changes[field.name] = None
            return
        self._read(field, value)

    def problem(self, field: Field, words: str) -> None:
        """Note that a field's answer cannot be used."""
        self.problems.append(Problem(field.name, words))

    def _read(self, field: Field, value: str) -> None:
        _ = self.page.words.gettext
        if field.choices and value not in {code for code, _ in field.choices}:
            self.problem(field, _("%(label)s: choose one of those offered", label=field.label))
        elif field.name.startswith("figure."):
            self._figure(field, value)
        elif field.name.startswith("contribution."):
            _prefix, row, part = field.name.split(".")
            self.contributions.setdefault(row, {})[part] = value
        elif field.name.startswith("national."):
            self._national(field, value)
        elif field.name == "heard":
            self._heard(field, value)
        elif field.kind == "moment":
            self._moment(field, value)
        elif field.kind == "day":
            self._day(field, value)
        elif field.kind == "sum":
            self._sum(field, value)
        elif field.kind == "currency":
            self._currency(field, value)
        elif field.kind == "code" and not _CODE.fullmatch(value):
            said = _("%(label)s: letters, digits, dots, slashes and hyphens are expected, no blanks", label=field.label)
            self.problem(field, said)
        elif field.name.startswith("part."):
            _prefix, name, part = field.name.split(".")
            self.parts.setdefault(name, {})[part] = value
        elif field.kind == "number":
            self._whole(field, value)
        elif field.name.startswith("quantity."):
            self._quantity(field, value)
        elif field.name in ("remote", "consents", "met"):
            self.changes[field.name] = value == "yes"
        else:
            self.changes[field.name] = value.lower() if field.kind == "key" else value

    def _figure(self, field: Field, value: str) -> None:
        if not value.isdecimal() or int(value) > 10_000_000:
            self.problem(field, self.page.words.gettext("%(label)s: a whole number is expected", label=field.label))
            return
        self.figures.append(acts.Figure(field.name.removeprefix("figure."), int(value)))

    def _national(self, field: Field, value: str) -> None:
        """A step of national law: how many hours it takes, and until when it is delegated."""
        _prefix, step, part = field.name.split(".")
        of_step = self.national.setdefault(step, {})
        if part == "hours":
            if not value.isdecimal() or not value.isascii() or not int(value):
                words = self.page.words.gettext("%(label)s: a whole number is expected", label=field.label)
                self.problem(field, words)
                return
            of_step[part] = int(value)
            return
        self._moment(field, value)
        of_step[part] = self.changes.pop(field.name, None)

    def _heard(self, field: Field, value: str) -> None:
        """The words that were read back, as their numbers."""
        numbers = numbers_of(value)
        if numbers is None:
            words = self.page.words.gettext("%(label)s: one of them is no word of the list", label=field.label)
            self.problem(field, words)
            return
        self.changes[field.name] = numbers

    def _whole(self, field: Field, value: str) -> None:
        if value.isdecimal() and value.isascii() and len(value) < 10:
            self.changes[field.name] = int(value)
        else:
            self.problem(field, self.page.words.gettext("%(label)s: a whole number is expected", label=field.label))

    def _sum(self, field: Field, value: str) -> None:
        """Money, to the cent."""
        amount = plain(value)
        if amount is None or len(amount.partition(".")[2]) > 2 or len(amount.partition(".")[0]) > 15:
            said = self.page.words.gettext(
                "%(label)s: a sum to the cent is expected, such as 1000 or 2.50 (not 1,000)", label=field.label
            )
            self.problem(field, said)
            return
        self.changes[field.name] = f"{Decimal(amount):f}"

    def _currency(self, field: Field, value: str) -> None:
        if re.fullmatch("[A-Z]{3}", value.upper()) is None:
            self.problem(field, self.page.words.gettext("Currency: three letters are expected, such as EUR"))
            return
        self.changes[field.name] = value.upper()

    def _quantity(self, field: Field, value: str) -> None:
        """A number of one unit, which the field's name has."""
        amount = plain(value)
        if amount is None:
            words = self.page.words.gettext(
                "%(label)s: a number is expected, such as 1000 or 2.5 (not 1,000)", label=field.label
            )
            self.problem(field, words)
            return
        self.changes["quantity"] = Quantity(field.name.removeprefix("quantity."), amount)

    def _moment(self, field: Field, value: str) -> None:
        try:
            self.changes[field.name] = moment(self.page, value)
        except ValueError:
            words = self.page.words.gettext(
                "%(label)s: a date and time are expected, such as 2026-10-11 07:06", label=field.label
            )
            self.problem(field, words)

    def _day(self, field: Field, value: str) -> None:
        try:
            self.changes[field.name] = date.fromisoformat(iso_day(value))
        except ValueError:
            words = self.page.words.gettext("%(label)s: a date is expected, such as 2026-10-11", label=field.label)
            self.problem(field, words)

    def gather(self) -> None:
        """Put figures and contributions together; a contribution without a kind is none, a day to confirm only ad
        referendum.
        """
        if self.changes.get("stance") not in (None, "joins_ad_referendum"):
            self.changes["confirm_by"] = None
        for name, parts in self.parts.items():
            self._put(name, parts)
        worth = {name: self.changes.pop(name) for name in tuple(self.changes) if name.startswith(WORTH)}
        if worth and not self.problems:
            self.changes["figure"] = Value(**{name.removeprefix(WORTH): said for name, said in worth.items()})
        if self.figures or any(name.startswith("figure.") for name in self.form):
            self.changes["figures"] = tuple(self.figures)
        if any(name.startswith("national.") for name in self.form):
            self._steps()
        if not any(name.startswith("contribution.") for name in self.form):
            return
        made = [
            self._contribution(row, parts) for row, parts in sorted(self.contributions.items()) if parts.get("kind")
        ]
        self.changes["contributions"] = tuple(made)

    def _steps(self) -> None:
        for step, parts in self.national.items():
            if "hours" not in parts and parts.get("until") is not None:
                words = self.page.words.gettext("Say too how many hours the step takes")
                self.problems.append(Problem(f"national.{step}.hours", words))
        steps = [
            NationalStep(step, parts["hours"], parts.get("until"))  # type: ignore[arg-type]  # the names of the fields
            for step, parts in self.national.items()
            if "hours" in parts
        ]
        self.changes["steps"] = tuple(steps)

    def _put(self, name: str, parts: dict[str, str]) -> None:
        """A quantity of which the unit was asked as well."""
        _ = self.page.words.gettext
        amount, unit = parts.get("amount"), parts.get("unit", "")
        if amount is not None and plain(amount) is None:
            self.problems.append(
                Problem(f"part.{name}.amount", _("How many: a number is expected, such as 1000 or 2.5 (not 1,000)"))
            )
        elif re.fullmatch(r"[A-Z]{3}|[a-z][a-z0-9-]{0,62}", unit) is None:
            said = _("Unit: three capitals such as EUR are expected, or small letters such as howitzer")
            self.problems.append(Problem(f"part.{name}.unit", said))
        else:
            self.changes[name] = Quantity(unit, None if amount is None else plain(amount))

    def _contribution(self, row: str, parts: dict[str, str]) -> acts.Contribution:
        _ = self.page.words.gettext
        said = parts.get("quantity", "").strip()
        amount = plain(said) if said else None
        currency = parts.get("currency", "").upper() or None
        if said and amount is None:
            self.problems.append(
                Problem(
                    f"contribution.{row}.quantity", _("How many: a number is expected, such as 1000 or 2.5 (not 1,000)")
                )
            )
            amount = None
        if currency and (len(currency) != 3 or not currency.isascii() or not currency.isalpha()):
            self.problems.append(
                Problem(f"contribution.{row}.currency", _("Currency: three letters are expected, such as EUR"))
            )
            currency = None
        kind = parts["kind"]
        if amount is None:
            return acts.Contribution(kind, disclosed=False)
        return (
            acts.Contribution(kind, amount=amount, currency=currency)
            if currency
            else acts.Contribution(kind, quantity=amount)
        )


_TWO_WAYS = re.compile(r"[1-9]\d{0,2},\d{3}")


def plain(value: str) -> str | None:
    """A number as it was written, `2 500,5`, as a decimal; None where it is none.

    `55,000` is none: it is fifty-five to one reader and a thousand times that to another.
    """
    amount = "".join(value.split())
    if _TWO_WAYS.fullmatch(amount):
        return None
    amount = amount.replace(",", ".").strip(".")
    return amount if amount.isascii() and amount.replace(".", "", 1).isdecimal() else None


def iso_day(text: str) -> str:
    """A day as written, `2026-10-11` or `11.10.2026`, in the first form."""
    parts = text.strip().split(".")
    return f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}" if len(parts) == 3 else text.strip()


def moment(page: Page, value: str) -> datetime:
    """A moment as written in the form, in the console's first zone unless it says UTC. Raises ValueError."""
    day, _, hour = value.strip().replace("T", " ", 1).partition(" ")
    found = datetime.fromisoformat(f"{iso_day(day)}T{hour.strip()}" if hour else iso_day(day))
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone_info(page.zones[0].name))
    try:
        return found.astimezone(UTC)
    except OverflowError:  # the first or the last hours of the calendar, in a zone beside UTC
        raise ValueError(value) from None
